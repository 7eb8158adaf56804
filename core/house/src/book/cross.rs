//! Matching of an arriving order against the other side, one maker at a time, under the caller's
//! eye.

use super::queue::{Details, Resting};
use super::{Book, MAX_LOTS, MAX_PRICE, Side, Slot};

/// What the caller decides about a maker before it trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Trade.
    Fill,
    /// Cancel the maker without a trade and go on (self-trade: cancel oldest; maker not covered).
    CancelMaker,
    /// End the arriving order without touching the maker (self-trade: cancel newest).
    CancelTaker,
    /// Cancel the maker and end the arriving order.
    CancelBoth,
    /// Take the smaller of both quantities off both, without a trade.
    Decrement,
    /// Touch nothing more (volatility pause, bound of a step); what is left is the caller's to
    /// judge.
    Stop,
}

/// A maker at the front of the best level.
#[derive(Clone, Copy)]
pub struct Maker {
    /// Its slot.
    pub slot: Slot,
    /// What matching reads.
    pub order: Resting,
}

/// What happened to one maker. Quantities in lots, price in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The maker's slot: another one when `refreshed`, free again when `gone`.
    pub slot: Slot,
    /// The maker's order id.
    pub id: u64,
    /// The maker's handle.
    pub handle: u32,
    /// The maker's price.
    pub price: i64,
    /// Lots taken off both sides.
    pub lots: i64,
    /// The maker's visible lots afterwards.
    pub visible: i64,
    /// True when a hidden slice came forward, at the back of the level.
    pub refreshed: bool,
    /// True when the maker left the book.
    pub gone: bool,
}

/// The caller's part in a cross: checks before each maker, consequences after.
///
/// Order ids that leave the book are the caller's to strike from its `OrderIndex`.
pub trait Sink {
    /// Judge the maker before anything happens to it.
    fn before_fill(&mut self, maker: Maker) -> Verdict;
    /// A trade happened; the book already shows it.
    fn filled(&mut self, fill: &Fill);
    /// Both quantities fell without a trade, after `Verdict::Decrement`.
    fn decremented(&mut self, fill: &Fill);
    /// The maker was cancelled; its slot is free.
    fn cancelled(&mut self, maker: &Resting, details: &Details);
}

/// Why a cross ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing of the arriving order is left.
    Filled,
    /// No maker is left within the limit.
    Exhausted,
    /// A verdict ended the arriving order.
    Cancelled,
    /// A verdict stopped the matching.
    Stopped,
}

impl Book {
    /// Match `lots` of an arriving `side` order with a limit in ticks; returns lots left and why it
    /// ended.
    ///
    /// Makers trade best price first, then in queue order, each at its own price.
    #[inline]
    pub fn cross<S: Sink>(
        &mut self,
        side: Side,
        limit: i64,
        lots: i64,
        sink: &mut S,
    ) -> (i64, End) {
        assert!(
            (1..=MAX_PRICE).contains(&limit),
            "a limit is 1..=2^31-1 ticks"
        );
        assert!(
            (1..=MAX_LOTS).contains(&lots),
            "an order is 1..=1,000,000 lots"
        );
        let makers = &self.ladders[side.other() as usize];
        let last = makers.key(limit as u32);
        if makers.best() > last {
            return (lots, End::Exhausted);
        }
        self.sweep(side.other(), last, lots as u32, sink)
    }

    #[inline]
    fn sweep<S: Sink>(
        &mut self,
        maker_side: Side,
        last: u32,
        mut open: u32,
        sink: &mut S,
    ) -> (i64, End) {
        loop {
            let key = self.ladders[maker_side as usize].best();
            if key > last {
                return (i64::from(open), End::Exhausted);
            }
            let slot = self
                .queues
                .front(self.ladders[maker_side as usize].level_mut(key));
            let order = self.queues.resting(slot);
            let maker = Maker { slot, order };
            match sink.before_fill(maker) {
                verdict @ (Verdict::Fill | Verdict::Decrement) => {
                    let taken = open.min(order.visible() as u32);
                    open -= taken;
                    let fill = self.fill_at(maker_side, key, slot, taken);
                    if verdict == Verdict::Fill {
                        sink.filled(&fill);
                    } else {
                        sink.decremented(&fill);
                    }
                    if open == 0 {
                        return (0, End::Filled);
                    }
                }
                Verdict::CancelMaker => self.cancel_maker(slot, sink),
                Verdict::CancelTaker => return (i64::from(open), End::Cancelled),
                Verdict::CancelBoth => {
                    self.cancel_maker(slot, sink);
                    return (i64::from(open), End::Cancelled);
                }
                Verdict::Stop => return (i64::from(open), End::Stopped),
            }
        }
    }

    #[cold]
    fn cancel_maker<S: Sink>(&mut self, slot: Slot, sink: &mut S) {
        let (order, details) = self.remove(slot);
        sink.cancelled(&order, &details);
    }
}
