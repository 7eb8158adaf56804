//! The order book of one series: price-time priority, constant-time cancel, icebergs, call
//! auctions.
//!
//! The book keeps queues and nothing else. Who may trade, margin, self-trade rules, pauses and
//! events belong to its caller, who drives it in steps or judges each maker of a `cross` through a
//! `Sink`. Prices are whole ticks from 1 to `MAX_PRICE`, quantities whole lots. What breaks these
//! bounds was refused before it came here, so the book asserts.

mod auction;
mod cross;
mod index;
mod ladder;
mod queue;
#[cfg(test)]
mod tests;

pub use auction::{Uncross, auction_price};
pub use cross::{End, Fill, Maker, Sink, Verdict};
pub use index::OrderIndex;
pub use queue::{Details, Resting};

use crate::foresight::hint;

use ladder::Ladder;
use queue::{Blocks, Cell};

/// Highest price, in ticks.
pub const MAX_PRICE: i64 = (1 << 31) - 1;
/// Most lots of one order.
pub const MAX_LOTS: i64 = 1_000_000;

/// Position of a resting order in its book; valid until the order leaves. Zero is no order.
pub type Slot = u32;

/// Side of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Buys.
    Buy = 0,
    /// Sells.
    Sell = 1,
}

impl Side {
    /// The side it trades with.
    #[inline]
    #[must_use]
    pub fn other(self) -> Self {
        [Side::Sell, Side::Buy][self as usize]
    }
}

/// An order about to rest.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Number of the command that placed it; never reused.
    pub id: u64,
    /// The caller's own number: an account, or where it keeps the rest of the order.
    pub handle: u32,
    /// Side.
    pub side: Side,
    /// Limit, in ticks.
    pub price: i64,
    /// Remaining lots, hidden ones included.
    pub lots: i64,
    /// Lots of a full slice; zero shows everything.
    pub display: u32,
}

/// Sums of one price level. Quantities in lots, price in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelTotals {
    /// Price.
    pub price: i64,
    /// Lots that show.
    pub visible: i64,
    /// Lots that do not show.
    pub hidden: i64,
}

impl LevelTotals {
    /// Visible and hidden lots.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.visible + self.hidden
    }
}

/// The book of one series.
pub struct Book {
    ladders: [Ladder; 2],
    queues: Blocks,
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        let flip = MAX_PRICE as u32;
        Self {
            ladders: [Ladder::new(flip), Ladder::new(0)],
            queues: Blocks::new(),
        }
    }

    /// Orders that rest, counted.
    #[must_use]
    pub fn orders(&self) -> usize {
        self.queues.orders()
    }

    /// Put an order at the back of its level; an iceberg shows a full slice.
    #[inline]
    pub fn rest(&mut self, order: &Order) -> Slot {
        let visible = match order.display {
            0 => order.lots,
            display => order.lots.min(i64::from(display)),
        };
        self.restore(order, visible)
    }

    /// Put an order of a snapshot back, `visible` lots of it showing. Orders come in the sequence
    /// of `iter`.
    #[inline]
    pub fn restore(&mut self, order: &Order, visible: i64) -> Slot {
        assert!(order.id != 0, "an order id is a command number, at least 1");
        assert!(
            (1..=MAX_PRICE).contains(&order.price),
            "a price is 1..=2^31-1 ticks"
        );
        assert!(
            (1..=MAX_LOTS).contains(&order.lots),
            "an order is 1..=1,000,000 lots"
        );
        assert!(
            (1..=order.lots).contains(&visible),
            "a slice is part of its order"
        );
        let hidden = (order.lots - visible) as u32;
        let price = order.price as u32;
        let ladder = &mut self.ladders[order.side as usize];
        let level = ladder.open(ladder.key(price));
        level.visible += visible as u64;
        let cell = Cell::new(order, visible as u32, hidden);
        let slot = self.queues.append(level, (order.side, price), cell);
        if order.display > 0 {
            let display = order.display;
            self.queues.keep_details(slot, Details { display, hidden });
            ladder.hide(ladder.key(price), i64::from(hidden));
        }
        slot
    }

    /// What matching reads of a resting order.
    #[inline]
    #[must_use]
    pub fn order(&self, slot: Slot) -> Resting {
        self.queues.resting(slot)
    }

    /// Ask for where a side tells its levels near a price, in ticks.
    #[inline]
    pub(crate) fn foresee_side(&self, side: Side, price: i64) {
        let ladder = &self.ladders[side as usize];
        ladder.foresee(ladder.key(price as u32));
    }

    /// Ask for the level at a price, in ticks.
    #[inline]
    pub(crate) fn foresee_level(&self, side: Side, price: i64) {
        let ladder = &self.ladders[side as usize];
        if let Some(level) = ladder.near_level(ladder.key(price as u32)) {
            hint(level);
        }
    }

    /// Ask for the last block of the level at a price, in ticks, and for the block at the front of
    /// the other side.
    #[inline]
    pub(crate) fn foresee_back(&self, side: Side, price: i64) {
        let ladder = &self.ladders[side as usize];
        if let Some(level) = ladder.near_level(ladder.key(price as u32)) {
            self.queues.foresee_block(level.tail);
        }
        let other = &self.ladders[1 - side as usize];
        if let Some(level) = other.near_level(other.best()) {
            self.queues.foresee_block(level.head);
        }
    }

    /// Ask for the memory of a resting order.
    #[inline]
    pub fn foresee(&self, slot: Slot) {
        self.queues.foresee(slot);
    }

    /// The rest of a resting order.
    #[must_use]
    pub fn details(&self, slot: Slot) -> Details {
        self.queues.details(slot)
    }

    /// Best price of a side and the order at its front.
    #[inline]
    #[must_use]
    pub fn best(&self, side: Side) -> Option<(i64, Slot)> {
        let ladder = &self.ladders[side as usize];
        let key = ladder.best();
        let slot = self.queues.front(ladder.level(key)?);
        Some((i64::from(ladder.key(key)), slot))
    }

    /// The order that trades next on a side.
    #[must_use]
    pub fn front(&self, side: Side) -> Option<Slot> {
        self.best(side).map(|(_, slot)| slot)
    }

    /// Trade `lots` of a resting order's visible slice.
    #[inline]
    pub fn fill(&mut self, slot: Slot, lots: i64) -> Fill {
        let order = self.order(slot);
        assert!(
            (1..=order.visible()).contains(&lots),
            "a fill is within the visible slice"
        );
        let key = self.ladders[order.side() as usize].key(order.price() as u32);
        self.fill_at(order.side(), key, slot, lots as u32)
    }

    #[inline]
    fn fill_at(&mut self, side: Side, key: u32, slot: Slot, lots: u32) -> Fill {
        let ladder = &mut self.ladders[side as usize];
        let price = ladder.key(key);
        let level = ladder.level_mut(key);
        let order = self.queues.cell_mut(slot);
        let mut fill = Fill {
            slot,
            id: order.id,
            handle: order.handle,
            price: i64::from(price),
            lots: i64::from(lots),
            visible: 0,
            refreshed: false,
            gone: false,
        };
        level.visible -= u64::from(lots);
        order.lower(lots);
        if order.lots() > 0 {
            fill.visible = i64::from(order.lots());
        } else if order.has_hidden() {
            (fill.slot, fill.visible) = self.refresh(slot);
            fill.refreshed = true;
        } else {
            fill.gone = true;
            if order.is_sliced() {
                self.queues.drop_details(slot);
            }
            if self.queues.unlink(level, slot) {
                ladder.close(key);
            }
        }
        fill
    }

    /// Bring the next slice of an iceberg forward, to the back of its level; returns where it is
    /// and its lots.
    #[cold]
    fn refresh(&mut self, slot: Slot) -> (Slot, i64) {
        let order = self.queues.resting(slot);
        let (side, price) = (order.side(), order.price() as u32);
        let mut details = self.queues.drop_details(slot);
        let slice = details.hidden.min(details.display);
        details.hidden -= slice;
        let ladder = &mut self.ladders[side as usize];
        ladder.hide(ladder.key(price), -i64::from(slice));
        let level = ladder.level_mut(ladder.key(price));
        level.visible += u64::from(slice);
        let mut cell = *self.queues.cell_mut(slot);
        cell.show(slice, &details);
        // It joins before it leaves, so that the level is never empty in between.
        let back = self.queues.append(level, (side, price), cell);
        self.queues.unlink(level, slot);
        self.queues.keep_details(back, details);
        (back, i64::from(slice))
    }

    /// Take a resting order out of the book; returns what it was.
    #[inline]
    pub fn remove(&mut self, slot: Slot) -> (Resting, Details) {
        let order = self.order(slot);
        let ladder = &mut self.ladders[order.side() as usize];
        let key = ladder.key(order.price() as u32);
        let mut details = Details::default();
        if order.is_sliced() {
            details = self.queues.drop_details(slot);
            ladder.hide(key, -details.hidden());
        }
        let level = ladder.level_mut(key);
        level.visible -= order.visible() as u64;
        if self.queues.unlink(level, slot) {
            ladder.close(key);
        }
        (order, details)
    }

    /// Lower a resting order by fewer lots than it has, hidden ones first; it keeps its place.
    ///
    /// Returns visible and hidden lots that are left.
    pub fn reduce(&mut self, slot: Slot, lots: i64) -> (i64, i64) {
        let order = self.order(slot);
        let ladder = &mut self.ladders[order.side() as usize];
        let key = ladder.key(order.price() as u32);
        let mut details = self.queues.details(slot);
        assert!(
            (1..order.visible() + details.hidden()).contains(&lots),
            "a reduction leaves at least one lot"
        );
        let from_hidden = details.hidden.min(lots as u32);
        let from_visible = lots as u32 - from_hidden;
        let visible = order.visible() as u32 - from_visible;
        details.hidden -= from_hidden;
        ladder.level_mut(key).visible -= u64::from(from_visible);
        self.queues.cell_mut(slot).show(visible, &details);
        if details.display > 0 {
            ladder.hide(key, -i64::from(from_hidden));
            self.queues.keep_details(slot, details);
        }
        (i64::from(visible), details.hidden())
    }

    /// Levels of a side, best first. A public depth shows `visible` only; `.take(n)` bounds it.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = LevelTotals> + '_ {
        self.ladders[side as usize].totals()
    }

    /// Lots on `side` at `price` or better, hidden ones included, counted until they reach
    /// `enough`.
    #[must_use]
    pub fn volume_within(&self, side: Side, price: i64, enough: i64) -> i64 {
        let mut volume = 0;
        for level in self.levels(side) {
            let within = if side == Side::Sell {
                level.price <= price
            } else {
                level.price >= price
            };
            if !within || volume >= enough {
                break;
            }
            volume += level.total();
        }
        volume
    }

    /// Slots of a side in price-time order: the sequence of a snapshot and of an auction's
    /// allocation.
    pub fn iter(&self, side: Side) -> impl Iterator<Item = Slot> + '_ {
        let ladder = &self.ladders[side as usize];
        ladder.keys().flat_map(move |key| {
            let first = ladder.level(key).map(|level| self.queues.front(level));
            std::iter::successors(first, |slot| self.queues.after(*slot))
        })
    }

    /// Price and volume of a call auction over this book, hidden lots included. `reference` is in
    /// the unit `tick` is in.
    #[must_use]
    pub fn auction(&self, reference: i64, tick: i64) -> Option<Uncross> {
        let (bid, _) = self.best(Side::Buy)?;
        let (ask, _) = self.best(Side::Sell)?;
        let bids: Vec<_> = self
            .levels(Side::Buy)
            .take_while(|level| level.price >= ask)
            .collect();
        let asks: Vec<_> = self
            .levels(Side::Sell)
            .take_while(|level| level.price <= bid)
            .collect();
        auction_price(&bids, &asks, reference, tick)
    }

    /// Bytes held for orders and levels, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.queues.memory_bytes() + self.ladders.iter().map(Ladder::memory_bytes).sum::<usize>()
    }
}
