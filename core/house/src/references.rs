//! Client references of one account: found by their text, forgotten in order of use.

use crate::foresight::hint;
use crate::frame::Text;

/// A remembered client reference.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The text.
    pub reference: Text,
    /// Command it named.
    pub original: u64,
    /// Time it was used, nanoseconds UTC.
    pub reference_time: i64,
    /// Order it names; 0 none.
    pub order: u64,
    /// CRC32C of the command's terms.
    pub body: u32,
}

/// An entry of the table: a place in the ring below, bits of the text's hash above, so that other
/// texts are seldom read.
type Entry = u32;
/// An entry that says nothing stands there.
const EMPTY: Entry = Entry::MAX;
/// Fewest positions of the table.
const FEWEST: usize = 8;

/// References in order of use, and a table of them by text.
///
/// At most `capacity` are kept; the ring holds them from `oldest` on, the table holds places in the
/// ring by open addressing, at most half full.
#[derive(Default)]
pub struct References {
    ring: Vec<Reference>,
    oldest: usize,
    table: Vec<Entry>,
}

fn place_of(entry: Entry) -> usize {
    entry as usize & 0xffff
}

fn hash(text: &Text) -> u64 {
    let mut mixed = 0_u64;
    for word in text.wire().chunks(8) {
        let mut eight = [0; 8];
        eight[..word.len()].copy_from_slice(word);
        mixed =
            (mixed.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    mixed ^ (mixed >> 32)
}

impl References {
    /// References kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// True without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    fn find(&self, text: &Text) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let (mask, hash) = (self.table.len() - 1, hash(text));
        let mut at = hash as usize & mask;
        loop {
            let entry = self.table[at];
            if entry == EMPTY {
                return None;
            }
            let alike = entry >> 16 == (hash >> 48) as u32;
            if alike && self.ring[place_of(entry)].reference == *text {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    /// Asks for the entry of a text, and for where the next reference goes.
    #[inline]
    pub(crate) fn foresee(&self, text: &Text) {
        if !self.table.is_empty() && !text.is_empty() {
            let mask = self.table.len() - 1;
            hint(&raw const self.table[hash(text) as usize & mask]);
            hint(self.ring.as_ptr().wrapping_add(self.ring.len()));
        }
    }

    /// The reference with this text.
    #[must_use]
    pub fn get(&self, text: &Text) -> Option<&Reference> {
        let at = self.find(text)?;
        Some(&self.ring[place_of(self.table[at])])
    }

    /// Every reference, first used first.
    pub fn iter(&self) -> impl Iterator<Item = &Reference> {
        self.ring[self.oldest..]
            .iter()
            .chain(&self.ring[..self.oldest])
    }

    /// Keeps a reference that is not kept; with `most` kept already, the first one is forgotten
    /// and given back.
    pub fn push(&mut self, reference: Reference, most: usize) -> Option<Reference> {
        debug_assert!(self.find(&reference.reference).is_none());
        if self.ring.len() < most {
            self.ring.push(reference);
            if self.ring.len() * 2 > self.table.len() {
                self.grow();
            } else {
                self.enter(self.ring.len() - 1);
            }
            return None;
        }
        let place = self.oldest;
        let gone = self.ring[place];
        self.strike(&gone.reference);
        self.ring[place] = reference;
        self.oldest = (place + 1) % most;
        self.enter(place);
        Some(gone)
    }

    fn enter(&mut self, place: usize) {
        let (mask, hash) = (self.table.len() - 1, hash(&self.ring[place].reference));
        let mut at = hash as usize & mask;
        while self.table[at] != EMPTY {
            at = (at + 1) & mask;
        }
        self.table[at] = ((hash >> 48) as u32) << 16 | place as u32;
    }

    fn strike(&mut self, text: &Text) {
        let Some(mut hole) = self.find(text) else {
            return;
        };
        let mask = self.table.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.table[at];
            if entry == EMPTY {
                break;
            }
            let home = hash(&self.ring[place_of(entry)].reference) as usize & mask;
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.table[hole] = entry;
                hole = at;
            }
        }
        self.table[hole] = EMPTY;
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(FEWEST);
        self.table = vec![EMPTY; size];
        for place in 0..self.ring.len() {
            self.enter(place);
        }
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.ring.capacity() * size_of::<Reference>() + self.table.capacity() * size_of::<Entry>()
    }
}
