//! A live order.

use super::{AccountAt, OrderAt, SeriesAt};
use crate::book::Slot;
use crate::frame::Text;
use crate::wire::{OrderState, OrderType, SelfTrade, Side, TimeInForce};

/// A live order, wherever it is.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Order id.
    pub order: u64,
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
    /// Side.
    pub side: Side,
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
    /// Where it is.
    pub state: OrderState,
    /// Worst price, micro-dollars per unit.
    pub price: i64,
    /// Lots left.
    pub lots: i64,
    /// Lots of a slice; 0 shows all.
    pub display_lots: i64,
    /// Minimum at once; 0 is none.
    pub minimum_lots: i64,
    /// Trigger; 0 is none.
    pub stop_price: i64,
    /// End of a GTD order; 0 is none.
    pub expiry: i64,
    /// Gateway session; 0 is none.
    pub session: u32,
    /// The client's label.
    pub label: u64,
    /// Lots shown.
    pub visible: i64,
    /// Event number of its place in the queue.
    pub priority: u64,
    /// Client reference.
    pub reference: Text,
}

impl Order {
    /// Lots the next slice shows.
    #[must_use]
    pub fn slice_lots(&self) -> i64 {
        if self.display_lots == 0 {
            self.lots
        } else {
            self.lots.min(self.display_lots)
        }
    }
}
