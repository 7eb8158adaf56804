//! Where a live order rests: order id to series and slot, over every series of the house.

use super::Slot;
use crate::foresight::hint;

/// Series and slot of a resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Series number.
    pub series: u32,
    /// Slot in that series' book.
    pub slot: Slot,
}

#[derive(Clone, Copy)]
struct Entry {
    id: u64,
    place: Place,
}

const EMPTY: Entry = Entry {
    id: 0,
    place: Place { series: 0, slot: 0 },
};
/// Entries that share one cache line; neighbouring ids fall into the same line, so that
/// consecutive placements write memory already at hand.
const LINE: u64 = 4;
/// Fewest entries, 128 KiB for the house: a few thousand live orders then probe almost never, which
/// a thin book feels (a quarter more operations a second than at 64 entries).
const FEWEST: usize = 1 << 13;
/// 2^64 divided by the golden ratio: spreads growing numbers evenly.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Open addressing with linear probing and no tombstones; the same operations give the same table.
///
/// Ids are positive, each is inserted once. At most three quarters of the entries are in use.
pub struct OrderIndex {
    entries: Vec<Entry>,
    shift: u32,
    live: usize,
}

impl Default for OrderIndex {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl OrderIndex {
    /// An index that takes `orders` live orders before it grows; growth rehashes every entry.
    #[must_use]
    pub fn with_capacity(orders: usize) -> Self {
        let entries = (orders / 3 * 4 + 8).next_power_of_two().max(FEWEST);
        Self {
            entries: vec![EMPTY; entries],
            shift: shift_of(entries),
            live: 0,
        }
    }

    /// Live orders.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// True when no order is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    #[inline]
    fn home(&self, id: u64) -> usize {
        let line = (id / LINE).wrapping_mul(GOLDEN) >> self.shift;
        (line * LINE + id % LINE) as usize
    }

    #[inline]
    fn find(&self, id: u64) -> Option<usize> {
        let mask = self.entries.len() - 1;
        let mut at = self.home(id);
        loop {
            let found = self.entries[at & mask].id;
            if found == id {
                return Some(at & mask);
            }
            if found == 0 {
                return None;
            }
            at += 1;
        }
    }

    /// Where the order rests, if it is live. Id zero is nobody's and is never live.
    #[inline]
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Place> {
        let at = self.find(id)?;
        (id != 0).then(|| self.entries[at].place)
    }

    /// Ask for the memory that `get` will read.
    #[inline]
    pub fn foresee(&self, id: u64) {
        let mask = self.entries.len() - 1;
        hint(&raw const self.entries[self.home(id) & mask]);
    }

    /// Enter an order that has come to rest.
    #[inline]
    pub fn insert(&mut self, id: u64, place: Place) {
        assert!(id != 0, "an order id is a command number, at least 1");
        if self.live >= self.entries.len() / 4 * 3 {
            self.grow();
        }
        let mask = self.entries.len() - 1;
        let mut at = self.home(id);
        while self.entries[at & mask].id != 0 {
            debug_assert!(
                self.entries[at & mask].id != id,
                "an order id is never reused"
            );
            at += 1;
        }
        self.entries[at & mask] = Entry { id, place };
        self.live += 1;
    }

    /// Strike out an order that rests no more; `None` when it was not live.
    #[inline]
    pub fn remove(&mut self, id: u64) -> Option<Place> {
        let mut hole = self.find(id)?;
        if id == 0 {
            return None;
        }
        let place = self.entries[hole].place;
        let mask = self.entries.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry.id == 0 {
                break;
            }
            // An entry moves into the hole only when the hole lies between its home and itself.
            let from_home = at.wrapping_sub(self.home(entry.id)) & mask;
            if from_home >= at.wrapping_sub(hole) & mask {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = EMPTY;
        self.live -= 1;
        Some(place)
    }

    #[cold]
    fn grow(&mut self) {
        let entries = self.entries.len() * 2;
        let old = std::mem::replace(&mut self.entries, vec![EMPTY; entries]);
        self.shift = shift_of(entries);
        self.live = 0;
        for entry in old.into_iter().filter(|entry| entry.id != 0) {
            self.insert(entry.id, entry.place);
        }
    }

    /// Bytes of the table.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }
}

fn shift_of(entries: usize) -> u32 {
    64 - (entries as u64 / LINE).trailing_zeros()
}
