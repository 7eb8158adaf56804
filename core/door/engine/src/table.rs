//! What the door must know of messages: who may ask them, and which fields of an event are whose.
//! The table comes from the generated messages, so that nothing of the schema is said here again.

use crate::frame::{HEADER, Header, each, u32_at};
use std::collections::HashMap;

/// Scopes of a key, as bits.
pub mod scope {
    pub const READ: u8 = 1;
    pub const TRADE: u8 = 2;
    pub const TRANSFER: u8 = 4;
    pub const ADMIN: u8 = 8;
}

/// How a kind of command may be asked.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Scope a key needs; 0: only the venue itself asks it.
    pub scope: u8,
    /// May use the journal's headroom.
    pub urgent: bool,
    /// Byte of the block at which the session stands.
    pub session_at: Option<usize>,
}

/// A field that is shown to the owner of an account alone.
#[derive(Clone, Debug)]
pub struct Side {
    pub account_at: usize,
    /// Bytes of the block, start and length, that are blanked for a stranger.
    pub blanked: Vec<(usize, usize)>,
}

/// Whom an event concerns.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Bytes of the block at which accounts stand.
    pub owners: Vec<usize>,
    pub sides: Vec<Side>,
}

/// What an event teaches about who acts for whom.
#[derive(Clone, Copy, Debug)]
pub enum Teaches {
    /// An account at one byte belongs to the member at another.
    Account(usize, usize),
    /// An actor at one byte acts for the member at another.
    Actor(usize, usize),
    /// A list of actors after the block acts for the house.
    Operators,
}

/// Everything the door knows of messages.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub asks: HashMap<u16, Ask>,
    pub seen: HashMap<u16, Seen>,
    pub teaches: HashMap<u16, Teaches>,
    /// Kind of the command by which a session is lost.
    pub lose_session: u16,
    pub schema_version: u16,
}

/// Who acts for whom, learned from events in their order.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Member of each actor; 0 is the house.
    pub actors: HashMap<u32, u32>,
    /// Member of each account.
    pub accounts: HashMap<u32, u32>,
}

impl People {
    /// Whether an actor may see an account: its member's, or for the house any.
    pub fn may_see(&self, actor: u32, account: u32) -> bool {
        match (self.actors.get(&actor), self.accounts.get(&account)) {
            (Some(member), Some(owner)) => *member == 0 || member == owner,
            _ => false,
        }
    }

    /// Writes what an event teaches.
    pub fn learn(&mut self, table: &Table, events: &[u8]) {
        for event in each(events) {
            let header = Header::read(event);
            let block = &event[HEADER..event.len() - 4];
            match table.teaches.get(&header.kind) {
                Some(Teaches::Account(account, member)) => {
                    self.accounts
                        .insert(u32_at(block, *account), u32_at(block, *member));
                }
                Some(Teaches::Actor(actor, member)) => {
                    self.actors
                        .insert(u32_at(block, *actor), u32_at(block, *member));
                }
                Some(Teaches::Operators) => {
                    let list = &block[usize::from(header.block)..];
                    if list.len() >= 6 {
                        let stride = usize::from(u16::from_le_bytes([list[4], list[5]]));
                        for one in list[6..].chunks_exact(stride.max(4)) {
                            self.actors.insert(u32_at(one, 0), 0);
                        }
                    }
                }
                None => {}
            }
        }
    }
}
