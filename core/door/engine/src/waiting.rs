//! What waits for the next batch.

use crate::answers::Item;
use crate::door::ErrorCode;
use crate::journal::FRAMES_AT;
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
