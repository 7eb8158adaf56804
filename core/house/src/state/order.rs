//! A live order.

use super::{AccountAt, OrderAt, SeriesAt};
use crate::book::Slot;
use crate::frame::Text;
use crate::wire::{OrderState, OrderType, SelfTrade, Side, TimeInForce};

/// A live order, wherever it is.
///
/// What cancelling and matching read fills the first cache line, what the records tell besides
/// the second; terms that few orders have stand apart.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Order {
    /// Order id.
    pub order: u64,
    /// Worst price, micro-dollars per unit.
    pub price: i64,
    /// Lots left.
    pub lots: i64,
    /// Lots shown.
    pub visible: i64,
    /// Account.
    pub account: AccountAt,
    /// Series.
    pub series: SeriesAt,
    /// Next order of the account; `NO_ORDER` at the end.
    pub(crate) next: OrderAt,
    /// Previous order of the account; `NO_ORDER` at the front.
    pub(crate) prev: OrderAt,
    /// Place in the book; zero when it is not there.
    pub(crate) slot: Slot,
    /// Index of the account's holding of the series.
    pub(crate) holding: u32,
    /// Side.
    pub side: Side,
    /// Where it is.
    pub state: OrderState,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Self-trade prevention.
    pub self_trade: SelfTrade,
    /// Leg of a mass quote.
    pub quote: bool,
    /// Skips coverage.
    pub close_out: bool,
    /// It has terms that few orders have.
    pub(crate) special: bool,
    /// Event number of its place in the queue.
    pub priority: u64,
    /// The client's label.
    pub label: u64,
    /// Gateway session; 0 is none.
    pub session: u32,
    /// Where its special terms stand.
    pub(crate) terms: TermsAt,
    /// Client reference.
    pub reference: Text,
}

/// Index of special terms.
pub(crate) type TermsAt = u32;

/// Terms that few orders have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Lots of a slice; 0 shows all.
    pub display_lots: i64,
    /// Minimum at once; 0 is none.
    pub minimum_lots: i64,
    /// Trigger; 0 is none.
    pub stop_price: i64,
    /// End of a GTD order; 0 is none.
    pub expiry: i64,
}

/// What an account's sums need to know of an order.
#[derive(Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) price: i64,
    pub(crate) account: AccountAt,
    pub(crate) series: SeriesAt,
    pub(crate) holding: u32,
    pub(crate) side: Side,
}

impl Order {
    /// What an account's sums need to know of it.
    #[inline]
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            price: self.price,
            account: self.account,
            series: self.series,
            holding: self.holding,
            side: self.side,
        }
    }
}
