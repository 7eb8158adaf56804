//! Submissions that wait for the next batch: where each came from, and its bytes.

use crate::door::ErrorCode;
use crate::frame::{HEADER, Header, set_span, u16_at, u32_at};
use crate::journal::FRAMES_AT;
use lasalle_house::wire::Command;
use std::ops::Range;

/// Where a command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A program in this process; it gets every event.
    Ticket(u64),
    /// Request `1` of connection `0`; it gets what its actor may see.
    Connection(u64, u64),
    /// The engine itself, because a session ended.
    Session(u32),
}

/// One submission: the numbers its commands occupy once they are stamped, or a refusal by the door
/// that only keeps its place in the order of answers.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) origin: Origin,
    pub(crate) actor: u32,
    pub(crate) cause: u64,
    /// May use the journal's headroom.
    pub(crate) urgent: bool,
    /// Its frames in the content of the batch.
    pub(crate) bytes: Range<usize>,
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) refused: Option<Box<(ErrorCode, String)>>,
}

impl Item {
    pub(crate) fn refuse(&mut self, code: ErrorCode, text: &str) {
        self.refused
            .get_or_insert_with(|| Box::new((code, text.to_string())));
    }
}

/// Submissions in their order; `content` starts with the bytes a journal leaves free for its head.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) items: Vec<Item>,
    pub(crate) content: Vec<u8>,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            items: Vec::new(),
            content: vec![0; FRAMES_AT],
        }
    }
}

impl Run {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Bytes of frames.
    pub(crate) fn bytes(&self) -> usize {
        self.content.len() - FRAMES_AT
    }

    /// Makes it empty; the memory stays.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.content.resize(FRAMES_AT, 0);
    }

    /// Puts a submission behind the others; its frames tell their span.
    pub(crate) fn enter(
        &mut self,
        origin: Origin,
        actor: u32,
        cause: u64,
        urgent: bool,
        frames: &[u8],
    ) {
        let start = self.content.len();
        self.content.extend_from_slice(frames);
        self.items.push(Item {
            origin,
            actor,
            cause,
            urgent,
            bytes: start..self.content.len(),
            first: 0,
            last: 0,
            refused: None,
        });
    }

    /// Puts a refusal of the door in its place among the answers.
    pub(crate) fn enter_refused(&mut self, origin: Origin, code: ErrorCode, text: String) {
        self.enter(origin, 0, 0, true, &[]);
        let item = self.items.last_mut().expect("entered just now");
        item.refused = Some(Box::new((code, text)));
    }

    /// Moves its first submissions into an empty run.
    pub(crate) fn part(&mut self, count: usize, to: &mut Run) {
        let cut = self.items[count].bytes.start;
        to.content.extend_from_slice(&self.content[FRAMES_AT..cut]);
        to.items.extend(self.items.drain(..count));
        self.content.drain(FRAMES_AT..cut);
        for item in &mut self.items {
            item.bytes = item.bytes.start - (cut - FRAMES_AT)..item.bytes.end - (cut - FRAMES_AT);
        }
    }

    /// Keeps the frames of the urgent alone; the others are refused in their place.
    pub(crate) fn keep_urgent(&mut self, why: &str) {
        let whole = std::mem::replace(&mut self.content, vec![0; FRAMES_AT]);
        for item in &mut self.items {
            let start = self.content.len();
            if item.urgent {
                self.content.extend_from_slice(&whole[item.bytes.clone()]);
            } else {
                item.refuse(ErrorCode::JournalFull, why);
                item.urgent = true;
            }
            item.bytes = start..self.content.len();
        }
    }

    /// Gives every frame version, number, time, cause and actor, from `first` on; gives the last
    /// number. The span was written when the frame was entered.
    pub(crate) fn stamp(&mut self, version: u16, first: u64, time: i64) -> u64 {
        let mut number = first;
        for item in &mut self.items {
            item.first = number;
            let mut at = item.bytes.start;
            while at < item.bytes.end {
                let end = at + u32_at(&self.content, at) as usize;
                let frame = &mut self.content[at..end];
                crate::frame::stamp(frame, version, number, time, item.cause, item.actor);
                number += u64::from(u16_at(frame, 10));
                at = end;
            }
            item.last = number - 1;
        }
        number - 1
    }
}

/// Writes into whole frames of commands how many numbers each occupies.
pub(crate) fn tell_spans(frames: &mut [u8]) {
    let mut at = 0;
    while at < frames.len() {
        let header = Header::read(&frames[at..]);
        let end = at + header.length as usize;
        let body = &frames[at + HEADER..end - 4];
        let command = Command::unpack(header.kind, body, usize::from(header.block));
        let span = command.map_or(1, |command| command.span());
        set_span(&mut frames[at..end], span);
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_parted_with_the_frames_of_each_submission() {
        let frames = |run: &Run| -> Vec<Vec<u8>> {
            let bytes = |item: &Item| run.content[item.bytes.clone()].to_vec();
            run.items.iter().map(bytes).collect()
        };
        let whole: Vec<Vec<u8>> = (0..7u8).map(|n| vec![n; usize::from(n) * 3]).collect();
        let (mut first, mut second) = (Run::default(), Run::default());
        for (n, frame) in whole.iter().enumerate() {
            first.enter(Origin::Ticket(n as u64), 1, 0, false, frame);
        }
        assert_eq!(frames(&first), whole);
        first.part(4, &mut second);
        assert_eq!(frames(&second), whole[..4]);
        assert_eq!(frames(&first), whole[4..]);
        assert_eq!((first.bytes(), second.bytes()), (45, 18));
    }
}
