//! Where a live order is: order id to slot, for a caller that keeps nothing else of its orders.

use crate::foresight::hint;

/// Ids of one page: neighbours, whose places fill four cache lines.
const PAGE: u64 = 64;
/// Fewest entries of the directory, 16 KiB: room for some hundred pages.
const FEWEST: usize = 1 << 10;
/// 2^64 divided by the golden ratio: spreads growing numbers evenly.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Places of neighbouring ids, each as its complement: zero is no order.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Page([u32; PAGE as usize]);

/// Where a page is that has a live order; page zero is nobody's and stays empty.
#[derive(Clone, Copy, Default)]
struct Entry {
    number: u64,
    page: u32,
    live: u32,
}

/// Order id to place: a directory of pages of neighbouring ids.
///
/// Ids grow with the commands, so the orders of one moment share a page and write memory already at
/// hand. A page whose last order has left is the first one taken again: memory is bounded by the
/// live orders, however far apart their ids are. The directory is open addressing with linear
/// probing and no tombstones, at most half in use; the same operations give the same table.
///
/// Ids are positive and each is inserted once; a place is below `u32::MAX`.
pub struct OrderIndex {
    entries: Vec<Entry>,
    shift: u32,
    used: usize,
    pages: Vec<Page>,
    free: Vec<u32>,
    live: usize,
}

impl Default for OrderIndex {
    fn default() -> Self {
        Self {
            entries: vec![Entry::default(); FEWEST],
            shift: shift_of(FEWEST),
            used: 0,
            pages: vec![Page([0; PAGE as usize])],
            free: Vec::new(),
            live: 0,
        }
    }
}

impl OrderIndex {
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
    fn home(&self, number: u64) -> usize {
        (number.wrapping_mul(GOLDEN).wrapping_shr(self.shift)) as usize
    }

    /// The entry of a page, or the empty one where it would be.
    #[inline]
    fn find(&self, number: u64) -> usize {
        let at = self.home(number);
        let entry = &self.entries[at];
        // Both are asked at once: whether a page exists cannot be guessed, a collision is rare.
        if (entry.number != number) & (entry.page != 0) {
            return self.probe(number, at);
        }
        at
    }

    #[inline(never)]
    fn probe(&self, number: u64, mut at: usize) -> usize {
        let mask = self.entries.len() - 1;
        while self.entries[at].number != number && self.entries[at].page != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Where the order is, if it is live. Id zero is nobody's and is never live.
    #[inline]
    #[must_use]
    pub fn get(&self, id: u64) -> Option<u32> {
        let entry = &self.entries[self.find(id / PAGE)];
        let kept = self.pages[entry.page as usize].0[(id % PAGE) as usize];
        (kept != 0).then_some(!kept)
    }

    /// Ask for the memory that `get` will read.
    #[inline]
    pub fn foresee(&self, id: u64) {
        let entry = &self.entries[self.find(id / PAGE)];
        hint(&raw const self.pages[entry.page as usize]);
    }

    /// Enter a live order.
    #[inline]
    pub fn insert(&mut self, id: u64, place: u32) {
        assert!(id != 0, "an order id is a command number, at least 1");
        assert!(place != u32::MAX, "a place is below 2^32-1");
        let mut at = self.find(id / PAGE);
        if self.entries[at].page == 0 {
            at = self.open(id / PAGE);
        }
        let entry = &mut self.entries[at];
        let kept = &mut self.pages[entry.page as usize].0[(id % PAGE) as usize];
        debug_assert!(*kept == 0, "an order id is never reused");
        *kept = !place;
        entry.live += 1;
        self.live += 1;
    }

    /// A live order is elsewhere.
    pub fn moved(&mut self, id: u64, place: u32) {
        assert!(place != u32::MAX, "a place is below 2^32-1");
        let entry = &self.entries[self.find(id / PAGE)];
        let kept = &mut self.pages[entry.page as usize].0[(id % PAGE) as usize];
        assert!(*kept != 0, "an order that moves is live");
        *kept = !place;
    }

    /// Strike out an order; `None` when it was not live.
    #[inline]
    pub fn remove(&mut self, id: u64) -> Option<u32> {
        let at = self.find(id / PAGE);
        let entry = &mut self.entries[at];
        let place = &mut self.pages[entry.page as usize].0[(id % PAGE) as usize];
        let kept = std::mem::take(place);
        if kept == 0 {
            return None;
        }
        entry.live -= 1;
        self.live -= 1;
        if entry.live == 0 {
            self.close(at);
        }
        Some(!kept)
    }

    /// A page for a number that has none; returns its entry.
    #[inline(never)]
    fn open(&mut self, number: u64) -> usize {
        if self.used >= self.entries.len() / 2 {
            self.grow();
        }
        let page = self.free.pop().unwrap_or_else(|| {
            self.pages.push(Page([0; PAGE as usize]));
            u32::try_from(self.pages.len() - 1).expect("fewer than 2^32 pages are in use")
        });
        let at = self.find(number);
        self.entries[at] = Entry {
            number,
            page,
            live: 0,
        };
        self.used += 1;
        at
    }

    /// Give a page back whose last order has left.
    #[inline(never)]
    fn close(&mut self, at: usize) {
        self.free.push(self.entries[at].page);
        self.used -= 1;
        let mask = self.entries.len() - 1;
        let (mut hole, mut at) = (at, at);
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry.page == 0 {
                break;
            }
            // An entry moves into the hole only when the hole lies between its home and itself.
            let from_home = at.wrapping_sub(self.home(entry.number)) & mask;
            if from_home >= at.wrapping_sub(hole) & mask {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = Entry::default();
    }

    #[cold]
    fn grow(&mut self) {
        let entries = self.entries.len() * 2;
        let old = std::mem::replace(&mut self.entries, vec![Entry::default(); entries]);
        self.shift = shift_of(entries);
        for entry in old.into_iter().filter(|entry| entry.page != 0) {
            let at = self.find(entry.number);
            self.entries[at] = entry;
        }
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.pages.capacity() * size_of::<Page>()
            + self.free.capacity() * size_of::<u32>()
    }
}

fn shift_of(entries: usize) -> u32 {
    64 - entries.trailing_zeros()
}
