//! Answers: which events a command gave, and what of them its asker may see.

use crate::door::{ANSWER, ErrorCode, VERSION, error_frame};
use crate::frame::{FIRST_EVENT, HEADER, Header, each, push, reseal, u32_at};
use crate::journal::{Hash, sha256};
use crate::table::{People, Table};
use std::collections::HashMap;
use std::sync::Arc;

/// Where a command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A program in this process; it gets every event.
    Ticket(u64),
    /// Request `1` of connection `0`; it gets what its actor may see.
    Connection(u64, u64),
    /// The engine itself, because a session ended.
    Session(u32),
}

/// One submission in a batch: the numbers its commands occupy, or a refusal by the door that only
/// keeps its place in the order of answers.
#[derive(Clone, Debug)]
pub struct Item {
    pub origin: Origin,
    pub actor: u32,
    pub first: u64,
    pub last: u64,
    pub refused: Option<(ErrorCode, String)>,
}

/// Events of one ticket: numbers, and the slice of the batch's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticketed {
    pub ticket: u64,
    pub first: u64,
    pub last: u64,
    pub start: usize,
    pub end: usize,
}

/// A batch as the core took it.
#[derive(Debug)]
pub struct Taken {
    pub events: Arc<Vec<u8>>,
    pub digest: Hash,
    /// Last number, venue time, last event.
    pub place: (u64, i64, u64),
    pub tickets: Vec<Ticketed>,
    /// Bytes for each connection and how many answers they hold.
    pub connections: Vec<(u64, Vec<u8>, u32)>,
}

/// Shares events out to those who asked.
#[derive(Clone, Default)]
pub struct Answers {
    pub table: Arc<Table>,
    pub people: People,
}

impl Answers {
    /// Digest, tickets and bytes of answers for a batch. Events stand in the order of their causes.
    pub fn share_out(&mut self, items: &[Item], events: Vec<u8>, place: (u64, i64, u64)) -> Taken {
        let digest = sha256(&events);
        self.people.learn(&self.table, &events);
        let mut tickets = Vec::new();
        let mut connections: Vec<(u64, Vec<u8>, u32)> = Vec::new();
        let mut slots: HashMap<u64, usize> = HashMap::new();
        let mut at = 0;
        for item in items {
            let start = at;
            if item.refused.is_none() {
                at = end_of(&events, at, item.last);
            }
            let own = &events[start..at];
            match item.origin {
                Origin::Ticket(ticket) => {
                    let (first, last) = (item.first, item.last);
                    if item.refused.is_none() {
                        tickets.push(Ticketed {
                            ticket,
                            first,
                            last,
                            start,
                            end: at,
                        });
                    }
                }
                Origin::Connection(connection, request) => {
                    let slot = *slots.entry(connection).or_insert_with(|| {
                        connections.push((connection, Vec::new(), 0));
                        connections.len() - 1
                    });
                    let (_, out, count) = &mut connections[slot];
                    *count += 1;
                    self.answer(out, item, request, own);
                }
                Origin::Session(_) => {}
            }
        }
        Taken {
            events: Arc::new(events),
            digest,
            place,
            tickets,
            connections,
        }
    }

    fn answer(&self, out: &mut Vec<u8>, item: &Item, request: u64, events: &[u8]) {
        if let Some((code, text)) = &item.refused {
            error_frame(out, request, *code, false, text);
            return;
        }
        let head = out.len();
        let header = Header {
            kind: ANSWER,
            version: VERSION,
            block: 24,
            number: request,
            ..Header::default()
        };
        push(out, header, &[0; 24]);
        let body = out.len();
        let mut count = 0u32;
        for event in each(events) {
            count += u32::from(self.show(out, item.actor, event));
        }
        let bytes = (out.len() - body) as u32;
        let block = &mut out[head + HEADER..body - 4];
        block[0..8].copy_from_slice(&item.first.to_le_bytes());
        block[8..16].copy_from_slice(&item.last.to_le_bytes());
        block[16..20].copy_from_slice(&count.to_le_bytes());
        block[20..24].copy_from_slice(&bytes.to_le_bytes());
        reseal(&mut out[head..body]);
    }

    /// Appends an event as an actor may see it; false where it may not.
    fn show(&self, out: &mut Vec<u8>, actor: u32, event: &[u8]) -> bool {
        let kind = Header::read(event).kind;
        debug_assert!(kind >= FIRST_EVENT, "a core tells events");
        let Some(seen) = self.table.seen.get(&kind) else {
            out.extend_from_slice(event);
            return true;
        };
        let may = |at: &usize| self.people.may_see(actor, u32_at(event, HEADER + at));
        let named = |at: &&usize| u32_at(event, HEADER + **at) != 0;
        let mut owners = seen.owners.iter().filter(named).peekable();
        if owners.peek().is_some() && !owners.any(&may) {
            return false;
        }
        let start = out.len();
        out.extend_from_slice(event);
        let mut changed = false;
        for side in &seen.sides {
            if u32_at(event, HEADER + side.account_at) != 0 && !may(&side.account_at) {
                for (from, length) in &side.blanked {
                    let from = start + HEADER + from;
                    out[from..from + length].fill(0);
                }
                changed = true;
            }
        }
        if changed {
            reseal(&mut out[start..]);
        }
        true
    }
}

/// The byte behind the last event from `at` on whose cause is not past `last`.
fn end_of(events: &[u8], mut at: usize, last: u64) -> usize {
    for event in each(&events[at..]) {
        if Header::read(event).cause > last {
            break;
        }
        at += event.len();
    }
    at
}
