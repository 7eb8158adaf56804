//! A reference in the stream: its numbers first, then its text, filled up to whole units.

use super::{LEAF, Leaf, Reference, References};
use crate::frame::Text;

/// Bytes a reference begins at a multiple of.
pub(super) const UNIT: usize = 4;
/// Most bytes of one.
pub(super) const MOST_BYTES: usize = 64;
/// Bytes before the order, if it is told, and the text.
const NUMBERS: usize = 1 + 8 + 8 + 4;

/// Above the length of the text: the order is told, it is the command itself, or there is none.
const TOLD: u8 = 0;
const ITSELF: u8 = 1 << 6;
const NONE: u8 = 2 << 6;
const HOW: u8 = 3 << 6;

fn part<const N: usize>(bytes: &[u8; MOST_BYTES], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("as many bytes")
}

/// Bytes of a reference whose first byte this is, units filled.
fn size_of_one(first: u8) -> usize {
    let told = if first & HOW == TOLD { 8 } else { 0 };
    (NUMBERS + told + usize::from(first & !HOW)).next_multiple_of(UNIT)
}

impl References {
    /// A leaf of the stream, counted from the oldest one.
    #[inline]
    fn leaf(&self, at: usize) -> Option<&Leaf> {
        self.leaves
            .get(at)
            .or(self.open.as_ref())
            .map(|leaf| &**leaf)
    }

    /// Bytes of the stream from a place on, as many as one may have.
    #[inline]
    fn bytes(&self, place: u64) -> [u8; MOST_BYTES] {
        let leaf = (place / LEAF as u64 - self.oldest / LEAF as u64) as usize;
        let mut found = [0; MOST_BYTES];
        let here = self.leaf(leaf).expect("the stream goes so far");
        let here = &here[place as usize % LEAF..];
        if here.len() >= MOST_BYTES {
            found.copy_from_slice(&here[..MOST_BYTES]);
        } else {
            found[..here.len()].copy_from_slice(here);
            if let Some(next) = self.leaf(leaf + 1) {
                found[here.len()..].copy_from_slice(&next[..MOST_BYTES - here.len()]);
            }
        }
        found
    }

    /// The reference that begins at a byte of the stream, and where the next one begins.
    pub(super) fn read(&self, place: u64) -> (Reference, u64) {
        let bytes = self.bytes(place);
        let first = bytes[0];
        let original = u64::from_le_bytes(part(&bytes, 1));
        let (order, text) = match first & HOW {
            TOLD => (u64::from_le_bytes(part(&bytes, NUMBERS)), NUMBERS + 8),
            ITSELF => (original, NUMBERS),
            _ => (0, NUMBERS),
        };
        let characters = &bytes[text..text + usize::from(first & !HOW)];
        let found = Reference {
            reference: Text::kept(characters),
            original,
            reference_time: i64::from_le_bytes(part(&bytes, 9)),
            order,
            body: u32::from_le_bytes(part(&bytes, 17)),
        };
        (found, place + size_of_one(first) as u64)
    }

    /// True when the reference that begins there has this text.
    #[inline]
    pub(super) fn stands(&self, place: u64, text: &Text) -> bool {
        self.read(place).0.reference == *text
    }

    /// Appends a reference to the stream.
    pub(super) fn write(&mut self, reference: &Reference) {
        let characters = reference.reference.characters();
        let how = match reference.order {
            0 => NONE,
            order if order == reference.original => ITSELF,
            _ => TOLD,
        };
        let mut bytes = [0; MOST_BYTES];
        bytes[0] = how | characters.len() as u8;
        bytes[1..9].copy_from_slice(&reference.original.to_le_bytes());
        bytes[9..17].copy_from_slice(&reference.reference_time.to_le_bytes());
        bytes[17..NUMBERS].copy_from_slice(&reference.body.to_le_bytes());
        let mut text = NUMBERS;
        if how == TOLD {
            bytes[NUMBERS..NUMBERS + 8].copy_from_slice(&reference.order.to_le_bytes());
            text += 8;
        }
        bytes[text..text + characters.len()].copy_from_slice(characters);
        let size = size_of_one(bytes[0]);
        let here = size.min(LEAF - self.end as usize % LEAF);
        self.append(&bytes[..here]);
        if here < size {
            self.append(&bytes[here..size]);
        }
    }

    /// Appends bytes that fit the open leaf; a full one joins the others.
    #[inline]
    fn append(&mut self, bytes: &[u8]) {
        let at = self.end as usize % LEAF;
        let spare = &mut self.spare;
        let new = || spare.take().unwrap_or_else(|| Box::new([0; LEAF]));
        self.open.get_or_insert_with(new)[at..at + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len() as u64;
        if at + bytes.len() == LEAF {
            self.leaves.extend(self.open.take());
        }
    }
}
