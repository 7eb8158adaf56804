//! Queues of resting orders, in blocks: a few orders of one price stand side by side, in sequence.
//!
//! An order is 16 bytes; price and side are said once a block. Taking an order out clears its bit
//! and touches no neighbour, and a sweep reads along the block. A block is given back when its last
//! order has left, so gaps inside a block cost memory until then.

use std::hint::select_unpredictable;

use rustc_hash::FxHashMap;

use super::ladder::Level;
use super::{Order, Side, Slot};
use crate::foresight::hint;

/// Units of 16 bytes in a block: its head, and orders.
pub(super) const UNITS: u32 = 8;
/// No block. Block zero is nobody's, and full, so that joining an empty queue asks for a block.
pub(super) const NIL: u32 = 0;
const FULL: u32 = 1 << (UNITS - 1);
/// Lots are hidden behind the slice that shows.
const HIDES: u32 = 1 << 31;
/// The order shows slices: its details are kept apart.
const SLICED: u32 = 1 << 30;
const LOTS: u32 = SLICED - 1;

/// What matching reads of a resting order.
#[derive(Clone, Copy)]
pub struct Resting {
    cell: Cell,
    price: u32,
    side: Side,
}

impl Resting {
    /// Order id: the number of the command that placed it.
    #[inline]
    #[must_use]
    pub fn id(&self) -> u64 {
        self.cell.id
    }

    /// The caller's own number.
    #[inline]
    #[must_use]
    pub fn handle(&self) -> u32 {
        self.cell.handle
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
        i64::from(self.cell.lots())
    }

    /// Side of the order.
    #[inline]
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// True while lots are hidden behind the slice that shows.
    #[inline]
    #[must_use]
    pub fn has_hidden(&self) -> bool {
        self.cell.has_hidden()
    }

    #[inline]
    pub(super) fn is_sliced(&self) -> bool {
        self.cell.is_sliced()
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

/// An order in its block; id zero is nobody's.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(super) struct Cell {
    pub(super) id: u64,
    pub(super) handle: u32,
    /// Lots that show, and two marks above them.
    word: u32,
}

impl Cell {
    #[inline]
    pub(super) fn new(order: &Order, visible: u32, hidden: u32) -> Self {
        Self {
            id: order.id,
            handle: order.handle,
            word: visible | marks(order.display, hidden),
        }
    }

    #[inline]
    pub(super) fn lots(&self) -> u32 {
        self.word & LOTS
    }

    /// Take lots that show off the order, at most as many as it has.
    #[inline]
    pub(super) fn lower(&mut self, lots: u32) {
        self.word -= lots;
    }

    /// Let `visible` lots show.
    pub(super) fn show(&mut self, visible: u32, details: &Details) {
        self.word = visible | marks(details.display, details.hidden);
    }

    #[inline]
    pub(super) fn has_hidden(&self) -> bool {
        self.word & HIDES != 0
    }

    #[inline]
    pub(super) fn is_sliced(&self) -> bool {
        self.word & SLICED != 0
    }
}

/// Whole cache lines of a queue: what its orders have in common, and the orders.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Block {
    price: u32,
    next: u32,
    prev: u32,
    /// A bit for each unit that is an order; the first unit is this head.
    live: u16,
    side: Side,
    cells: [Cell; UNITS as usize - 1],
}

const EMPTY: Block = Block {
    price: 0,
    next: NIL,
    prev: NIL,
    live: 0,
    side: Side::Buy,
    cells: [Cell {
        id: 0,
        handle: 0,
        word: 0,
    }; UNITS as usize - 1],
};

/// The blocks of a book. A freed block is the first one taken again.
pub(super) struct Blocks {
    blocks: Vec<Block>,
    free: u32,
    details: FxHashMap<Slot, Details>,
}

impl Blocks {
    pub(super) fn new() -> Self {
        Self {
            blocks: vec![Block {
                live: FULL as u16,
                ..EMPTY
            }],
            free: NIL,
            details: FxHashMap::default(),
        }
    }

    #[inline]
    fn block(&self, slot: Slot) -> &Block {
        &self.blocks[(slot / UNITS) as usize]
    }

    #[inline]
    pub(super) fn cell(&self, slot: Slot) -> &Cell {
        &self.block(slot).cells[place(slot)]
    }

    #[inline]
    pub(super) fn cell_mut(&mut self, slot: Slot) -> &mut Cell {
        &mut self.blocks[(slot / UNITS) as usize].cells[place(slot)]
    }

    /// The order at a slot in use.
    #[inline]
    pub(super) fn resting(&self, slot: Slot) -> Resting {
        let block = self.block(slot);
        let cell = block.cells[place(slot)];
        assert!(cell.id != 0, "a slot in use holds a resting order");
        Resting {
            cell,
            price: block.price,
            side: block.side,
        }
    }

    /// The first order of a queue that has one.
    #[inline]
    pub(super) fn front(&self, level: &Level) -> Slot {
        self.first(level.head)
    }

    #[inline]
    fn first(&self, at: u32) -> Slot {
        (at * UNITS) | u32::from(self.blocks[at as usize].live).trailing_zeros()
    }

    /// The order behind one in its queue.
    #[inline]
    pub(super) fn after(&self, slot: Slot) -> Option<Slot> {
        let block = self.block(slot);
        let behind = u32::from(block.live) & (u32::MAX << (slot % UNITS) << 1);
        if behind != 0 {
            return Some(slot / UNITS * UNITS + behind.trailing_zeros());
        }
        (block.next != NIL).then(|| self.first(block.next))
    }

    /// Ask for the memory of an order and of its block's head; slot zero may be asked for too.
    #[inline]
    pub(super) fn foresee(&self, slot: Slot) {
        let block = self.block(slot);
        hint(&raw const *block);
        if let Some(cell) = block.cells.get(place(slot)) {
            hint(&raw const *cell);
        }
    }

    /// Ask for the memory of a block, whether it is in use or not.
    #[inline]
    pub(super) fn foresee_block(&self, at: u32) {
        hint(self.blocks.as_ptr().wrapping_add(at as usize));
    }

    /// Put an order at the back of a queue.
    #[inline]
    pub(super) fn append(
        &mut self,
        level: &mut Level,
        (side, price): (Side, u32),
        cell: Cell,
    ) -> Slot {
        let mut at = level.tail;
        if u32::from(self.blocks[at as usize].live) & FULL != 0 {
            at = self.extend(level, side, price);
        }
        let block = &mut self.blocks[at as usize];
        // Behind the last order; behind the head where there is none.
        let unit = u32::BITS - u32::from(block.live | 1).leading_zeros();
        block.live |= 1 << unit;
        block.cells[place(unit)] = cell;
        (at * UNITS) | unit
    }

    /// A block at the back of a queue.
    #[inline(never)]
    fn extend(&mut self, level: &mut Level, side: Side, price: u32) -> u32 {
        let mut at = self.free;
        if at == NIL {
            at = u32::try_from(self.blocks.len()).expect("fewer than 2^32 blocks are in use");
            assert!(at < u32::MAX / UNITS, "a slot fits 32 bits");
            self.blocks.push(EMPTY);
        } else {
            self.free = self.blocks[at as usize].next;
        }
        let block = &mut self.blocks[at as usize];
        (block.price, block.side) = (price, side);
        (block.prev, block.next) = (level.tail, NIL);
        self.blocks[level.tail as usize].next = at;
        level.head = select_unpredictable(level.tail == NIL, at, level.head);
        level.tail = at;
        at
    }

    /// Orders that rest.
    pub(super) fn orders(&self) -> usize {
        let live = self.blocks[1..].iter().map(|block| block.live.count_ones());
        live.sum::<u32>() as usize
    }

    /// Take an order out of its queue; true when it was the last.
    #[inline]
    pub(super) fn unlink(&mut self, level: &mut Level, slot: Slot) -> bool {
        let block = &mut self.blocks[(slot / UNITS) as usize];
        block.cells[place(slot)].id = 0;
        block.live &= !(1 << (slot % UNITS));
        block.live == 0 && self.give_back(level, slot / UNITS)
    }

    #[inline(never)]
    fn give_back(&mut self, level: &mut Level, at: u32) -> bool {
        let Block { prev, next, .. } = self.blocks[at as usize];
        // At an end of the list block zero is written to, which nobody reads: no branch to guess.
        self.blocks[prev as usize].next = next;
        self.blocks[next as usize].prev = prev;
        level.head = select_unpredictable(prev == NIL, next, level.head);
        level.tail = select_unpredictable(next == NIL, prev, level.tail);
        self.blocks[at as usize].next = self.free;
        self.free = at;
        level.head == NIL
    }

    /// The rest of a resting order.
    #[inline]
    pub(super) fn details(&self, slot: Slot) -> Details {
        if self.cell(slot).is_sliced() {
            self.details[&slot]
        } else {
            Details::default()
        }
    }

    #[cold]
    pub(super) fn keep_details(&mut self, slot: Slot, details: Details) {
        self.details.insert(slot, details);
    }

    #[cold]
    pub(super) fn drop_details(&mut self, slot: Slot) -> Details {
        self.details
            .remove(&slot)
            .expect("a sliced order has its details")
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let details = self.details.capacity() * size_of::<(Slot, Details)>();
        self.blocks.capacity() * size_of::<Block>() + details
    }
}

/// What a word says above its lots.
#[inline]
fn marks(display: u32, hidden: u32) -> u32 {
    (if display > 0 { SLICED } else { 0 }) | (if hidden > 0 { HIDES } else { 0 })
}

/// Index of a slot among the orders of its block.
#[inline]
fn place(slot: Slot) -> usize {
    (slot % UNITS).wrapping_sub(1) as usize
}
