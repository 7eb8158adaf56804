//! Answers: which events a command gave, and what of them its asker may see.

use crate::door::{ANSWER, VERSION, error_frame};
use crate::frame::{FIRST_EVENT, HEADER, Header, open_frame, reseal, u16_at, u32_at, u64_at};
use crate::table::{People, Table};
use crate::waiting::{Item, Origin};
use std::sync::Arc;

/// Events of one ticket: numbers, and the slice of the batch's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticketed {
    pub ticket: u64,
    pub first: u64,
    pub last: u64,
    pub start: usize,
    pub end: usize,
}

/// Bytes for connections, and how many answers they hold.
pub(crate) type Told = Vec<(u64, Vec<u8>, u32)>;

/// Shares events out to those who asked.
#[derive(Clone, Default)]
pub struct Answers {
    pub table: Arc<Table>,
    pub people: People,
}

/// Memory of answers that were said.
#[derive(Default)]
pub(crate) struct Spare(Vec<Vec<u8>>);

/// Buffers of answers whose memory is kept, and the longest that is.
const MOST_SPARE: usize = 64;
const MOST_SPARE_BYTES: usize = 1 << 20;

impl Spare {
    pub(crate) fn give_back(&mut self, mut buffer: Vec<u8>) {
        if self.0.len() < MOST_SPARE && buffer.capacity() <= MOST_SPARE_BYTES {
            buffer.clear();
            self.0.push(buffer);
        }
    }
}

/// What is told each connection; commands of one connection mostly follow each other.
struct Post<'a> {
    told: Told,
    slot: usize,
    spare: &'a mut Spare,
}

impl Post<'_> {
    fn new(spare: &mut Spare) -> Post<'_> {
        Post {
            told: Told::new(),
            slot: 0,
            spare,
        }
    }

    /// Where an answer for a connection goes.
    fn of(&mut self, connection: u64) -> &mut Vec<u8> {
        if self
            .told
            .get(self.slot)
            .is_none_or(|(mark, _, _)| *mark != connection)
        {
            let found = self
                .told
                .iter()
                .position(|(mark, _, _)| *mark == connection);
            self.slot = found.unwrap_or(self.told.len());
        }
        if self.slot == self.told.len() {
            let buffer = self.spare.0.pop().unwrap_or_default();
            self.told.push((connection, buffer, 0));
        }
        let (_, out, count) = &mut self.told[self.slot];
        *count += 1;
        out
    }
}

/// The refusals of these, in their order; every one of them is refused.
pub(crate) fn refusals(items: &[Item]) -> Told {
    let mut spare = Spare::default();
    let mut post = Post::new(&mut spare);
    for item in items {
        if let (Origin::Connection(connection, request), Some(refused)) =
            (item.origin, &item.refused)
        {
            let (code, text) = &**refused;
            error_frame(post.of(connection), request, *code, false, text);
        }
    }
    post.told
}

impl Answers {
    /// Tickets and bytes of answers for a batch. Events stand in the order of their causes.
    pub(crate) fn share_out(
        &mut self,
        items: &[Item],
        events: &[u8],
        spare: &mut Spare,
    ) -> (Vec<Ticketed>, Told) {
        self.people.learn(&self.table, events);
        let mut tickets = Vec::new();
        let mut post = Post::new(spare);
        let mut at = 0;
        for item in items {
            match (item.origin, &item.refused) {
                (Origin::Connection(connection, request), Some(refused)) => {
                    let (code, text) = &**refused;
                    error_frame(post.of(connection), request, *code, false, text);
                }
                (_, Some(_)) => {}
                (Origin::Connection(connection, request), None) => {
                    at = self.answer(post.of(connection), item, request, events, at);
                }
                (Origin::Ticket(ticket), None) => {
                    let start = at;
                    at = end_of(events, at, item.last);
                    tickets.push(Ticketed {
                        ticket,
                        first: item.first,
                        last: item.last,
                        start,
                        end: at,
                    });
                }
                (Origin::Session(_), None) => at = end_of(events, at, item.last),
            }
        }
        (tickets, post.told)
    }

    /// Appends an answer with the events from `at` on that the item caused; gives the byte behind
    /// them.
    fn answer(
        &self,
        out: &mut Vec<u8>,
        item: &Item,
        request: u64,
        events: &[u8],
        mut at: usize,
    ) -> usize {
        let header = Header {
            kind: ANSWER,
            version: VERSION,
            block: 24,
            number: request,
            ..Header::default()
        };
        let head = open_frame(out, header, 24);
        let body = out.len();
        let member = self.people.member(item.actor);
        let mut count = 0u32;
        while let Some(event) = caused(events, at, item.last) {
            count += u32::from(self.show(out, member, event));
            at += event.len();
        }
        let bytes = (out.len() - body) as u32;
        let block = &mut out[head + HEADER..body - 4];
        block[0..8].copy_from_slice(&item.first.to_le_bytes());
        block[8..16].copy_from_slice(&item.last.to_le_bytes());
        block[16..20].copy_from_slice(&count.to_le_bytes());
        block[20..24].copy_from_slice(&bytes.to_le_bytes());
        reseal(&mut out[head..body]);
        at
    }

    /// Appends an event as who acts for a member may see it; false where it may not.
    fn show(&self, out: &mut Vec<u8>, member: Option<u32>, event: &[u8]) -> bool {
        let kind = u16_at(event, 4);
        debug_assert!(kind >= FIRST_EVENT, "a core tells events");
        let Some(seen) = self.table.seen.get(kind) else {
            out.extend_from_slice(event);
            return true;
        };
        let may = |at: &usize| self.people.may_see(member, u32_at(event, HEADER + at));
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

/// The event at a byte, where it has a cause that is not past `last`.
fn caused(events: &[u8], at: usize, last: u64) -> Option<&[u8]> {
    if at >= events.len() || u64_at(events, at + 28) > last {
        return None;
    }
    events.get(at..at + u32_at(events, at) as usize)
}

/// The byte behind the last event from `at` on whose cause is not past `last`.
fn end_of(events: &[u8], mut at: usize, last: u64) -> usize {
    while let Some(event) = caused(events, at, last) {
        at += event.len();
    }
    at
}
