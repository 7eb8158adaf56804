//! A listed series with its book.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::frame::Text;
use crate::wire::{ProductClass, SeriesKind, SeriesState};

/// A listed series with its book; what an order reads stands at the front.
#[repr(C, align(64))]
pub struct Series {
    /// Number.
    pub series: u32,
    /// Product group.
    pub group: u16,
    /// State.
    pub state: SeriesState,
    /// Product.
    pub series_kind: SeriesKind,
    /// Bit of its product class.
    pub(crate) product: u8,
    /// Hours left of one lot.
    pub hours: u32,
    /// Half-width of the band, ten-thousandths.
    pub band: u32,
    /// Pause range, ten-thousandths; 0 never.
    pub pause_range: u32,
    /// Protection distance, ten-thousandths.
    pub protection: u32,
    /// Tick.
    pub tick: i64,
    /// Centre of the band.
    pub reference_price: i64,
    /// Mark.
    pub mark: i64,
    /// Last trade since the series last opened; 0 none.
    pub last_price: i64,
    /// End of trading.
    pub last_trading_time: i64,
    /// Fee per lot of the resting side.
    pub maker_fee: i64,
    /// Fee per lot of the crossing side.
    pub taker_fee: i64,
    /// Clearing fee per lot and side.
    pub clearing_fee: i64,
    /// Waiting stops to buy, by (trigger, order id).
    pub(crate) waiting_buys: BTreeSet<(i64, u64)>,
    /// Waiting stops to sell, by (trigger, order id).
    pub(crate) waiting_sells: BTreeSet<(i64, u64)>,
    /// Resting orders.
    pub(crate) book: Book,
    /// Pause length, nanoseconds.
    pub pause_duration: i64,
    /// End of a volatility pause; 0 none.
    pub until: i64,
    /// Strike.
    pub strike: i64,
    /// Symbol.
    pub symbol: Text,
    /// Index it settles on.
    pub index: u16,
    /// First month left.
    pub first_month: u32,
    /// Last month.
    pub last_month: u32,
    /// Version of its standard; 0 none.
    pub standard_version: u32,
    /// SHA-256 of that standard's text.
    pub standard_hash: [u8; 32],
    /// End of its delivery period; 0 the end of its last month.
    pub period_ends: i64,
    /// Settled by delivery of capacity.
    pub delivers: bool,
}

impl Series {
    /// What delivers does, but for a right to sell (DEL-020).
    #[must_use]
    pub fn turns_into_deliveries(&self) -> bool {
        self.delivers && self.series_kind != SeriesKind::Put
    }
}

/// Bit of the product class of a kind; what delivers is physical (INS-014).
pub(crate) fn product_of(kind: SeriesKind, delivers: bool) -> u8 {
    let class = match kind {
        _ if delivers => ProductClass::Physical,
        SeriesKind::Future => ProductClass::Future,
        SeriesKind::Call | SeriesKind::Put => ProductClass::Option,
        SeriesKind::Swap => ProductClass::Swap,
    };
    class as u8
}

impl Series {
    /// True for calls and puts.
    #[inline]
    #[must_use]
    pub fn is_option(&self) -> bool {
        matches!(self.series_kind, SeriesKind::Call | SeriesKind::Put)
    }

    /// True in a call phase: orders rest, nothing trades.
    #[must_use]
    pub fn in_call(&self) -> bool {
        matches!(
            self.state,
            SeriesState::PreOpen | SeriesState::Paused | SeriesState::PreClose
        )
    }

    /// Lowest and highest price an order may reach; never narrower than ten ticks (EXC-007).
    #[must_use]
    pub fn band_edges(&self) -> (i64, i64) {
        let half = (self.reference_price * i64::from(self.band) / 10_000).max(10 * self.tick);
        (self.reference_price - half, self.reference_price + half)
    }
}
