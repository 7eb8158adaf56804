//! Records of resting orders: 32 bytes that matching reads, and the rest apart from them.

use super::{Order, Side, Slot};

pub(super) const NIL: Slot = 0;
const SELL: u8 = 1;
/// Lots are hidden behind the slice that shows.
const HIDES: u8 = 2;
/// The order shows slices: its details are kept apart.
const SLICED: u8 = 4;

/// What matching reads of a resting order: one aligned half of a cache line.
#[derive(Clone, Copy, Default)]
#[repr(C, align(32))]
pub struct Resting {
    pub(super) id: u64,
    pub(super) handle: u32,
    pub(super) price: u32,
    pub(super) lots: u32,
    pub(super) next: Slot,
    pub(super) prev: Slot,
    shape: u8,
}

impl Resting {
    /// Order id: the number of the command that placed it.
    #[inline]
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The caller's own number.
    #[inline]
    #[must_use]
    pub fn handle(&self) -> u32 {
        self.handle
    }

    /// Limit, in ticks.
    #[inline]
    #[must_use]
    pub fn price(&self) -> i64 {
        i64::from(self.price)
    }

    /// Lots that show and can trade before the slice is refreshed.
    #[inline]
    #[must_use]
    pub fn visible(&self) -> i64 {
        i64::from(self.lots)
    }

    /// Side of the order.
    #[inline]
    #[must_use]
    pub fn side(&self) -> Side {
        if self.shape & SELL == 0 {
            Side::Buy
        } else {
            Side::Sell
        }
    }

    /// True while lots are hidden behind the slice that shows.
    #[inline]
    #[must_use]
    pub fn has_hidden(&self) -> bool {
        self.shape & HIDES != 0
    }

    #[inline]
    pub(super) fn mark_hidden(&mut self, hidden: u32) {
        self.shape = self.shape & !HIDES | if hidden > 0 { HIDES } else { 0 };
    }

    #[inline]
    pub(super) fn is_sliced(&self) -> bool {
        self.shape & SLICED != 0
    }
}

/// What matching seldom reads of a resting order; all zero when the whole order shows.
#[derive(Clone, Copy, Default)]
pub struct Details {
    /// Lots of a full slice; zero when the whole order shows.
    pub display: u32,
    pub(super) hidden: u32,
}

impl Details {
    /// Lots that do not show.
    #[must_use]
    pub fn hidden(&self) -> i64 {
        i64::from(self.hidden)
    }
}

/// Records by slot; slot zero is nobody's. A freed slot is the first one taken again.
///
/// Details are written and read for sliced orders alone: of the others there is nothing to say, and
/// a deep book would wait for their memory.
pub(super) struct Slab {
    pub(super) hot: Vec<Resting>,
    pub(super) cold: Vec<Details>,
    free: Slot,
    pub(super) live: usize,
}

impl Slab {
    pub(super) fn new() -> Self {
        Self {
            hot: vec![Resting::default()],
            cold: Vec::new(),
            free: NIL,
            live: 0,
        }
    }

    #[inline]
    pub(super) fn take(&mut self, order: &Order, price: u32, visible: u32, hidden: u32) -> Slot {
        let mut record = Resting {
            id: order.id,
            handle: order.handle,
            price,
            lots: visible,
            next: NIL,
            prev: NIL,
            shape: order.side as u8 | if order.display > 0 { SLICED } else { 0 },
        };
        record.mark_hidden(hidden);
        self.live += 1;
        let slot = self.free;
        if slot == NIL {
            self.hot.push(record);
            let slot = Slot::try_from(self.hot.len() - 1).expect("fewer than 2^32 orders rest");
            self.detail(slot, order.display, hidden);
            return slot;
        }
        self.free = self.hot[slot as usize].next;
        self.hot[slot as usize] = record;
        self.detail(slot, order.display, hidden);
        slot
    }

    #[inline]
    fn detail(&mut self, slot: Slot, display: u32, hidden: u32) {
        if display > 0 {
            self.keep_details(slot, Details { display, hidden });
        }
    }

    #[cold]
    fn keep_details(&mut self, slot: Slot, details: Details) {
        if self.cold.len() <= slot as usize {
            self.cold.resize(slot as usize + 1, Details::default());
        }
        self.cold[slot as usize] = details;
    }

    #[inline]
    pub(super) fn details(&self, slot: Slot) -> Details {
        if self.hot[slot as usize].is_sliced() {
            self.cold[slot as usize]
        } else {
            Details::default()
        }
    }

    #[inline]
    pub(super) fn give_back(&mut self, slot: Slot) {
        let record = &mut self.hot[slot as usize];
        record.id = 0;
        record.next = self.free;
        self.free = slot;
        self.live -= 1;
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.hot.capacity() * size_of::<Resting>() + self.cold.capacity() * size_of::<Details>()
    }
}
