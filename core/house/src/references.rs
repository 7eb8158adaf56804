//! Client references of one account: found by their text, forgotten in order of use.
//!
//! A busy account keeps thousands, so they stand packed one after the other in a stream of bytes,
//! cut into leaves. A table says by part of a text's hash where in the stream it may stand; moving
//! an entry of the table reads no text.

use std::collections::VecDeque;

use crate::foresight::hint;
use crate::frame::Text;

mod packed;

use packed::{MOST_BYTES, UNIT};

/// A remembered client reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// An entry of the table: below, the unit of the stream where a reference begins, modulo 65,536;
/// above, sixteen bits of the text's hash, never zero. Its home is told by their first bits.
type Entry = u32;
/// An entry that says nothing stands there.
const EMPTY: Entry = 0;
/// Fewest entries of the table.
const FEWEST: usize = 8;
/// Bytes of a leaf of the stream.
const LEAF: usize = 1024;
type Leaf = [u8; LEAF];
/// Most references of which the table tells where they begin.
const MOST: usize = (UNIT << 16) / MOST_BYTES;

/// References in order of use, and a table of them by text.
#[derive(Default)]
pub struct References {
    /// Full leaves, the one used first in front.
    leaves: VecDeque<Box<Leaf>>,
    /// The leaf that `end` lies in.
    open: Option<Box<Leaf>>,
    /// A leaf whose references are forgotten.
    spare: Option<Box<Leaf>>,
    /// Byte of the stream where the one used first begins.
    oldest: u64,
    /// Byte of the stream behind the one used last.
    end: u64,
    kept: usize,
    /// Open addressing, at most three quarters full.
    table: Vec<Entry>,
    key: u64,
}

impl References {
    /// References kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept
    }

    /// True without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept == 0
    }

    /// Scatters texts over the table by another key.
    pub(crate) fn scatter(&mut self, key: u64) {
        if key != self.key {
            self.key = key;
            self.table.fill(EMPTY);
            let mut at = self.oldest;
            while at < self.end {
                let (found, next) = self.read(at);
                self.enter(entry_of(hash(&found.reference, key), at));
                at = next;
            }
        }
    }

    /// Bits of a hash that are no home in this table.
    #[inline]
    fn shift(&self) -> u32 {
        32 - self.table.len().trailing_zeros()
    }

    /// Where in the stream a text stands.
    #[inline]
    fn find(&self, text: &Text) -> Option<u64> {
        if self.table.is_empty() {
            return None;
        }
        let (mask, sought) = (self.table.len() - 1, hash(text, self.key));
        let mut at = (sought >> self.shift()) as usize;
        loop {
            let entry = self.table[at];
            if entry == EMPTY {
                return None;
            }
            if (entry ^ sought) >> 16 == 0 {
                let place = self.place_of(entry);
                if self.stands(place, text) {
                    return Some(place);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// Byte of the stream an entry tells.
    #[inline]
    fn place_of(&self, entry: Entry) -> u64 {
        let unit = UNIT as u64;
        let ahead = (entry as u16).wrapping_sub((self.oldest / unit) as u16);
        self.oldest + u64::from(ahead) * unit
    }

    /// Asks for the entry of a text, and for where the next reference goes.
    #[inline]
    pub(crate) fn foresee(&self, text: &Text) {
        if !self.table.is_empty() && !text.is_empty() {
            hint(&raw const self.table[(hash(text, self.key) >> self.shift()) as usize]);
            if let Some(leaf) = &self.open {
                let place = leaf.as_ptr().wrapping_add(self.end as usize % LEAF);
                hint(place);
                hint(place.wrapping_add(MOST_BYTES / 2));
            }
        }
    }

    /// The reference with this text.
    #[inline]
    #[must_use]
    pub fn get(&self, text: &Text) -> Option<Reference> {
        Some(self.read(self.find(text)?).0)
    }

    /// Every reference, first used first.
    pub fn iter(&self) -> impl Iterator<Item = Reference> + '_ {
        let mut at = self.oldest;
        std::iter::from_fn(move || {
            (at < self.end).then(|| {
                let (found, next) = self.read(at);
                at = next;
                found
            })
        })
    }

    /// Keeps a reference that is not kept; with `most` kept already, the first one is forgotten
    /// and given back.
    pub fn push(&mut self, reference: &Reference, most: usize) -> Option<Reference> {
        debug_assert!(most <= MOST && self.find(&reference.reference).is_none());
        let gone = (self.kept >= most).then(|| self.forget());
        if 4 * (self.kept + 1) > 3 * self.table.len() {
            self.grow();
        }
        self.enter(entry_of(hash(&reference.reference, self.key), self.end));
        self.write(reference);
        self.kept += 1;
        gone
    }

    /// Forgets the one used first; its leaf is used again at the other end.
    fn forget(&mut self) -> Reference {
        let (gone, next) = self.read(self.oldest);
        let entry = entry_of(hash(&gone.reference, self.key), self.oldest);
        let (mask, mut at) = (self.table.len() - 1, (entry >> self.shift()) as usize);
        while self.table[at] != entry {
            at = (at + 1) & mask;
        }
        self.strike(at);
        for _ in self.oldest / LEAF as u64..next / LEAF as u64 {
            self.spare = self.leaves.pop_front();
        }
        self.oldest = next;
        self.kept -= 1;
        gone
    }

    #[inline]
    fn enter(&mut self, entry: Entry) {
        let mask = self.table.len() - 1;
        let mut at = (entry >> self.shift()) as usize;
        while self.table[at] != EMPTY {
            at = (at + 1) & mask;
        }
        self.table[at] = entry;
    }

    /// Takes an entry out and moves those up that its place kept from home.
    fn strike(&mut self, mut hole: usize) {
        let mask = self.table.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.table[at];
            if entry == EMPTY {
                break;
            }
            let home = (entry >> self.shift()) as usize;
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
        for entry in std::mem::replace(&mut self.table, vec![EMPTY; size]) {
            if entry != EMPTY {
                self.enter(entry);
            }
        }
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let more = usize::from(self.open.is_some()) + usize::from(self.spare.is_some());
        (self.leaves.len() + more) * LEAF
            + self.leaves.capacity() * size_of::<Box<Leaf>>()
            + self.table.capacity() * size_of::<Entry>()
    }
}

/// Sixteen bits of a text's hash, above zeros; never nothing.
#[inline]
fn hash(text: &Text, key: u64) -> u32 {
    let mixed = text.mixed(key);
    ((mixed >> 32) as u32 & 0xffff_0000).max(1 << 16)
}

/// The entry of a hash and a byte of the stream.
#[inline]
fn entry_of(hash: u32, place: u64) -> Entry {
    hash | u32::from((place / UNIT as u64) as u16)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::{MOST, Reference, References};
    use crate::frame::Text;

    /// Numbers of a seed, by a linear congruence.
    fn next(seed: &mut u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *seed >> 33
    }

    fn reference(seed: &mut u64, number: u64) -> Reference {
        let name = number - number.min(next(seed) % 2 * (next(seed) % 500));
        let text = format!("{name}{}", "x".repeat(name as usize * 7 % 33));
        Reference {
            reference: Text::of(&text[..text.len().min(32)]).expect("a text"),
            original: number,
            reference_time: next(seed) as i64 - (1 << 30),
            order: [0, number, next(seed)][next(seed) as usize % 3],
            body: next(seed) as u32,
        }
    }

    #[test]
    fn references_agree_with_a_plain_queue() {
        let mut seed = 7;
        for most in [1, 5, 300, MOST] {
            let (mut kept, mut plain) = (References::default(), VecDeque::new());
            let (mut forgotten, mut again) = (0, 0);
            for number in 0..30_000 {
                let new = reference(&mut seed, number);
                let known = plain.iter().rev();
                let known = known
                    .copied()
                    .find(|r: &Reference| r.reference == new.reference);
                assert_eq!(kept.get(&new.reference), known);
                if known.is_some() {
                    again += 1;
                    continue;
                }
                let gone = kept.push(&new, most);
                plain.push_back(new);
                let first = (plain.len() > most).then(|| plain.pop_front()).flatten();
                assert_eq!(gone, first, "the one used first is forgotten");
                forgotten += u64::from(gone.is_some());
                if number % 5_000 == 0 {
                    kept.scatter(number);
                    assert!(kept.iter().eq(plain.iter().copied()), "in order of use");
                }
            }
            assert_eq!(kept.len(), plain.len());
            assert!(
                forgotten > 10_000 && (again > 100 || most < 300),
                "{forgotten}, {again}"
            );
        }
    }
}
