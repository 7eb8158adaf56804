//! Where a live order is: order id to its index among the orders.

use crate::foresight::hint;
use crate::state::OrderAt;

/// Above, the low 32 bits of an order id; below, the index of the order, one added.
type Entry = u64;
/// An entry that says nothing stands there.
const EMPTY: Entry = 0;
/// Entries that share one cache line; neighbouring ids fall into the same line, so that
/// consecutive orders write memory already at hand.
const LINE: u64 = 8;
/// Fewest entries: 64 KiB for the house.
const FEWEST: usize = 1 << 13;
/// 2^64 divided by the golden ratio: spreads growing numbers evenly.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Open addressing with linear probing and no tombstones, at most three quarters full.
///
/// An entry holds part of the id; the order itself, which whoever asks is about to read, says the
/// rest.
pub(super) struct Table {
    entries: Vec<Entry>,
    shift: u32,
    live: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            entries: vec![EMPTY; FEWEST],
            shift: shift_of(FEWEST),
            live: 0,
        }
    }
}

fn shift_of(entries: usize) -> u32 {
    64 - (entries as u64 / LINE).trailing_zeros()
}

#[inline]
fn index(entry: Entry) -> OrderAt {
    (entry as u32).wrapping_sub(1)
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.live
    }

    pub(super) fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Home of an id by its low 32 bits, which is all an entry tells.
    #[inline]
    fn home(&self, low: u32) -> usize {
        let low = u64::from(low);
        let line = (low / LINE).wrapping_mul(GOLDEN) >> self.shift;
        (line * LINE + low % LINE) as usize
    }

    /// Index of an order, if it is live; `id_at` tells the id of the order at an index.
    #[inline]
    pub(super) fn find(&self, id: u64, id_at: impl Fn(OrderAt) -> u64) -> Option<OrderAt> {
        let (mask, low) = (self.entries.len() - 1, id as u32);
        let mut at = self.home(low);
        loop {
            let entry = self.entries[at];
            if entry == EMPTY {
                return None;
            }
            if (entry >> 32) as u32 == low && id_at(index(entry)) == id {
                return Some(index(entry));
            }
            at = (at + 1) & mask;
        }
    }

    /// Index of an order that may be live and the one of this id.
    #[inline]
    pub(super) fn guess(&self, id: u64) -> Option<OrderAt> {
        let (mask, low) = (self.entries.len() - 1, id as u32);
        let mut at = self.home(low);
        loop {
            let entry = self.entries[at];
            if entry == EMPTY {
                return None;
            }
            if (entry >> 32) as u32 == low {
                return Some(index(entry));
            }
            at = (at + 1) & mask;
        }
    }

    /// Asks for the entry of an id.
    #[inline]
    pub(super) fn foresee(&self, id: u64) {
        hint(&raw const self.entries[self.home(id as u32)]);
    }

    /// Enters an order that is not live.
    #[inline]
    pub(super) fn insert(&mut self, id: u64, order: OrderAt) {
        if self.live >= self.entries.len() / 4 * 3 {
            self.grow();
        }
        self.enter(u64::from(id as u32) << 32 | (u64::from(order) + 1));
        self.live += 1;
    }

    #[inline]
    fn enter(&mut self, entry: Entry) {
        let mask = self.entries.len() - 1;
        let mut at = self.home((entry >> 32) as u32);
        while self.entries[at] != EMPTY {
            at = (at + 1) & mask;
        }
        self.entries[at] = entry;
    }

    /// Strikes out an order that is live at an index.
    #[inline]
    pub(super) fn remove(&mut self, id: u64, order: OrderAt) {
        let gone = u64::from(id as u32) << 32 | (u64::from(order) + 1);
        let mask = self.entries.len() - 1;
        let mut hole = self.home(id as u32);
        while self.entries[hole] != gone {
            assert!(self.entries[hole] != EMPTY, "a live order has an entry");
            hole = (hole + 1) & mask;
        }
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry == EMPTY {
                break;
            }
            // An entry moves into the hole only when the hole lies between its home and itself.
            let from_home = at.wrapping_sub(self.home((entry >> 32) as u32)) & mask;
            if from_home >= at.wrapping_sub(hole) & mask {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = EMPTY;
        self.live -= 1;
    }

    #[cold]
    fn grow(&mut self) {
        let entries = self.entries.len() * 2;
        self.shift = shift_of(entries);
        for entry in std::mem::replace(&mut self.entries, vec![EMPTY; entries]) {
            if entry != EMPTY {
                self.enter(entry);
            }
        }
    }

    /// Bytes of the table.
    pub(super) fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::btree_map::Entry;

    use super::Table;

    #[test]
    fn the_table_agrees_with_a_sorted_map() {
        let (mut table, mut plain) = (Table::default(), BTreeMap::new());
        let mut ids: Vec<u64> = Vec::new();
        let (mut seed, mut id, mut most) = (11_u64, 1, 0);
        let find = |table: &Table, ids: &[u64], id| table.find(id, |at| ids[at as usize]);
        for step in 0..200_000_u64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let chance = seed >> 33;
            if chance % 16 < if step < 100_000 { 10 } else { 6 } {
                id += 1 + chance % 3;
                // Some ids share their low bits with ids before.
                let new = if chance % 5 == 0 {
                    id + ((chance % 7) << 32)
                } else {
                    id
                };
                if let Entry::Vacant(free) = plain.entry(new) {
                    table.insert(new, ids.len() as u32);
                    free.insert(ids.len() as u32);
                    ids.push(new);
                }
            } else if let Some((&gone, &at)) = plain.range(chance % id..).next() {
                plain.remove(&gone);
                table.remove(gone, at);
                assert_eq!(find(&table, &ids, gone), None);
            }
            most = most.max(plain.len());
            let asked = chance % (id + 2);
            assert_eq!(find(&table, &ids, asked), plain.get(&asked).copied());
        }
        assert_eq!(table.len(), plain.len());
        for (id, at) in &plain {
            assert_eq!(find(&table, &ids, *id), Some(*at));
        }
        assert!(most > 20_000, "the table grew twice: {most}");
    }
}
