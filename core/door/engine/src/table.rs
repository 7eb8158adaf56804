//! What the door must know of messages: who may ask them, and which fields of an event are whose.
//! The table comes from the generated messages, so that nothing of the schema is said here again.

use crate::frame::{HEADER, each, u16_at, u32_at};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

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

/// One entry a kind of message, found without a search.
#[derive(Clone, Debug)]
pub struct ByKind<T>(Vec<Option<T>>);

impl<T> Default for ByKind<T> {
    fn default() -> ByKind<T> {
        ByKind(Vec::new())
    }
}

impl<T> FromIterator<(u16, T)> for ByKind<T> {
    fn from_iter<I: IntoIterator<Item = (u16, T)>>(entries: I) -> ByKind<T> {
        let mut found = ByKind::default();
        for (kind, entry) in entries {
            let place = usize::from(kind);
            if found.0.len() <= place {
                found.0.resize_with(place + 1, || None);
            }
            found.0[place] = Some(entry);
        }
        found
    }
}

impl<T> ByKind<T> {
    #[inline]
    pub fn get(&self, kind: u16) -> Option<&T> {
        self.0.get(usize::from(kind))?.as_ref()
    }
}

/// Everything the door knows of messages.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub asks: ByKind<Ask>,
    pub seen: ByKind<Seen>,
    pub teaches: ByKind<Teaches>,
    /// Kind of the command by which a session is lost.
    pub lose_session: u16,
    pub schema_version: u16,
}

/// Spreads the numbers the house itself gives out: nobody chooses them to collide.
#[derive(Clone, Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        // A multiplication by an odd number near the golden section carries into every high bit.
        let mixed = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// A member by number.
pub type Members = HashMap<u32, u32, BuildHasherDefault<Spread>>;

/// Who acts for whom, learned from events in their order.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Member of each actor; 0 is the house.
    pub actors: Members,
    /// Member of each account.
    pub accounts: Members,
}

impl People {
    /// The member an actor acts for, 0 for the house.
    pub fn member(&self, actor: u32) -> Option<u32> {
        self.actors.get(&actor).copied()
    }

    /// Whether who acts for a member may see an account: its own, or for the house any.
    pub fn may_see(&self, member: Option<u32>, account: u32) -> bool {
        match (member, self.accounts.get(&account)) {
            (Some(member), Some(owner)) => member == 0 || member == *owner,
            _ => false,
        }
    }

    /// Writes what an event teaches.
    pub fn learn(&mut self, table: &Table, events: &[u8]) {
        for event in each(events) {
            let Some(lesson) = table.teaches.get(u16_at(event, 4)) else {
                continue;
            };
            let block = &event[HEADER..event.len() - 4];
            match lesson {
                Teaches::Account(account, member) => {
                    self.accounts
                        .insert(u32_at(block, *account), u32_at(block, *member));
                }
                Teaches::Actor(actor, member) => {
                    self.actors
                        .insert(u32_at(block, *actor), u32_at(block, *member));
                }
                Teaches::Operators => {
                    let list = &block[usize::from(u16_at(event, 8))..];
                    if list.len() >= 6 {
                        let stride = usize::from(u16::from_le_bytes([list[4], list[5]]));
                        for one in list[6..].chunks_exact(stride.max(4)) {
                            self.actors.insert(u32_at(one, 0), 0);
                        }
                    }
                }
            }
        }
    }
}
