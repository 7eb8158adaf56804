//! What waits for the next batch.

use crate::answers::Item;
use crate::door::ErrorCode;
use crate::frame::{HEADER, Header, reseal};
use crate::journal::FRAMES_AT;
use lasalle_house::wire::Command;
use std::ops::Range;

/// What waits for the next batch: where it came from, and its bytes.
pub(crate) struct Waiting {
    pub(crate) item: Item,
    pub(crate) cause: u64,
    pub(crate) urgent: bool,
    pub(crate) bytes: Range<usize>,
}

/// The urgent alone with their bytes; the others are refused in their place.
pub(crate) fn urgent_alone(
    waiting: Vec<Waiting>,
    content: &[u8],
    why: &str,
) -> (Vec<Waiting>, Vec<u8>) {
    let mut part = vec![0; FRAMES_AT];
    let mut kept = Vec::with_capacity(waiting.len());
    for mut one in waiting {
        let start = part.len();
        if one.urgent {
            part.extend_from_slice(&content[one.bytes.clone()]);
        } else {
            one.item.refused = Some((ErrorCode::JournalFull, why.to_string()));
            one.urgent = true;
        }
        one.bytes = start..part.len();
        kept.push(one);
    }
    (kept, part)
}

/// Gives every frame version, span, number, time, cause and actor, from the place behind the last
/// batch on; gives the last number.
pub(crate) fn stamp(
    waiting: &mut [Waiting],
    content: &mut [u8],
    version: u16,
    (first, time): (u64, i64),
) -> u64 {
    let mut number = first;
    for one in waiting {
        one.item.first = number;
        let mut at = one.bytes.start;
        while at < one.bytes.end {
            let old = Header::read(&content[at..]);
            let end = at + old.length as usize;
            let body = &content[at + HEADER..end - 4];
            let command = Command::unpack(old.kind, body, usize::from(old.block));
            let span = command.map_or(1, |command| command.span());
            let header = Header {
                version,
                span: span as u16,
                number,
                time,
                cause: one.cause,
                actor: one.item.actor,
                ..old
            };
            header.write(&mut content[at..end]);
            reseal(&mut content[at..end]);
            number += span;
            at = end;
        }
        one.item.last = number - 1;
    }
    number - 1
}
