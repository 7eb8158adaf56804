//! What waits or is kept beside accounts, series and orders.

use std::collections::BTreeMap;

use crate::wire::{ScanRow, Scenario, SliceLots};

/// A withdrawal the bank has not paid yet.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// Command number of the request.
    pub transfer: u64,
    /// Account number.
    pub account: u32,
    /// Asset.
    pub asset: u16,
    /// Amount.
    pub amount: i64,
    /// Voids then; 0 never.
    pub due: i64,
}

/// A margin call that stands.
#[derive(Clone, Copy, Debug)]
pub struct MarginCall {
    /// Command number of the call.
    pub call: u64,
    /// Cover the account lacked, micro-dollars.
    pub amount: i64,
    /// Late then; 0 once it is.
    pub due: i64,
}

/// A four-eyes command that waits for a second operator.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Command number of the proposal.
    pub proposal: u64,
    /// Who proposed.
    pub actor: u32,
    /// Kind proposed.
    pub command: u16,
    /// Lapses then.
    pub due: i64,
    /// Block and variable part.
    pub payload: Vec<u8>,
}

/// A position offered to another account.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Command number of the offer.
    pub offer: u64,
    /// Account number that gives.
    pub account: u32,
    /// Account number that may take.
    pub to_account: u32,
    /// Series number.
    pub series: u32,
    /// Signed lots.
    pub lots: i64,
    /// Price.
    pub price: i64,
    /// Lapses then.
    pub due: i64,
}

/// A trade that may still be busted.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Event number of the trade.
    pub trade: u64,
    /// Price.
    pub price: i64,
    /// Exchange fee of the buyer.
    pub buy_fee: i64,
    /// Exchange fee of the seller.
    pub sell_fee: i64,
    /// Clearing fee of the buyer.
    pub buy_clearing_fee: i64,
    /// Clearing fee of the seller.
    pub sell_clearing_fee: i64,
    /// Series number.
    pub series: u32,
    /// Lots.
    pub lots: u32,
    /// Account number that bought.
    pub buy_account: u32,
    /// Account number that sold.
    pub sell_account: u32,
}

/// Trades since the last variation settlement, ascending; a busted one leaves a hole.
#[derive(Default)]
pub struct Trades {
    kept: Vec<Trade>,
    holes: usize,
}

impl Trades {
    /// Keeps a trade with a higher number than every one before.
    #[inline]
    pub fn push(&mut self, trade: Trade) {
        self.kept.push(trade);
    }

    fn find(&self, number: u64) -> Option<usize> {
        let at = self.kept.binary_search_by_key(&number, |t| t.trade).ok()?;
        (self.kept[at].lots != 0).then_some(at)
    }

    /// The trade, if it can still be touched.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<Trade> {
        Some(self.kept[self.find(number)?])
    }

    /// The trade, to write its price.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut Trade> {
        let at = self.find(number)?;
        Some(&mut self.kept[at])
    }

    /// Forgets a trade.
    pub fn remove(&mut self, number: u64) {
        if let Some(at) = self.find(number) {
            self.kept[at].lots = 0;
            self.holes += 1;
        }
    }

    /// Forgets every trade of a series.
    pub fn remove_series(&mut self, series: u32) {
        self.kept.retain(|t| t.series != series && t.lots != 0);
        self.holes = 0;
    }

    /// Forgets every trade.
    pub fn clear(&mut self) {
        self.kept = Vec::new();
        self.holes = 0;
    }

    /// Trades that can still be touched, ascending.
    pub fn iter(&self) -> impl Iterator<Item = &Trade> {
        self.kept.iter().filter(|t| t.lots != 0)
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() - self.holes
    }

    /// True without one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a survivor stands to lose in a default, micro-dollars.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stake {
    /// What it had in the default fund at the declaration.
    pub contribution: i64,
    /// Part of that already lost, in this default or another.
    pub used: i64,
    /// Assessed beyond that.
    pub assessed: i64,
    /// Its member has bid.
    pub bid: bool,
}

impl Stake {
    /// What the default still reaches of the fund.
    pub(crate) fn left(&self) -> i64 {
        self.contribution - self.used
    }
}

/// A sealed bid for a slice.
#[derive(Clone, Copy, Debug)]
pub struct Bid {
    /// Account number whose positions the slice holds.
    pub from_account: u32,
    /// The bid stands until then.
    pub until: i64,
    /// SHA-256 of its terms.
    pub commitment: [u8; 32],
    /// It was opened.
    pub opened: bool,
    /// What it asks for the slice, once opened.
    pub amount: i64,
}

/// A slice that is out to sealed bids.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Account number of the member in default.
    pub from_account: u32,
    /// The most the house pays, micro-dollars.
    pub reserve: i64,
    /// Bids are sealed until then.
    pub seals: i64,
    /// And opened from there until then.
    pub opens: i64,
    /// Positions, ascending by series.
    pub positions: Vec<SliceLots>,
}

/// The cooling period of an account (CLR-034).
#[derive(Clone, Copy, Debug, Default)]
pub struct Cooling {
    /// The most it had in the fund at a declaration of the period, micro-dollars.
    pub base: i64,
    /// Assessed within the period, micro-dollars.
    pub assessed: i64,
    /// The period ends then.
    pub until: i64,
}

/// Row of a series in a margin table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Series number.
    pub series: u32,
    /// Mark.
    pub mark: i64,
    /// Charge per lot of the worst net position.
    pub liquidity: i64,
    /// Lots free of the concentration charge.
    pub concentration_lots: i64,
    /// Charge per lot beyond those.
    pub concentration: i64,
    /// Delta per lot.
    pub delta: i64,
    /// Vega per lot.
    pub vega: i64,
    /// Loss of one long lot in each scenario, in the order of the labels.
    pub losses: Vec<i64>,
}

/// A margin table in force or being loaded.
#[derive(Clone, Debug)]
pub struct Table {
    /// Version.
    pub table: u32,
    /// Labels.
    pub scenarios: Vec<Scenario>,
    /// Scan rows.
    pub rows: Vec<ScanRow>,
    /// Row by series number.
    pub series: BTreeMap<u32, Row>,
}

/// The last day of an index on the log, fixed or not, and its last fixing of the day itself.
#[derive(Clone, Copy, Debug)]
pub struct Fixing {
    /// Index.
    pub index: u16,
    /// Day.
    pub day: u32,
    /// Fixing.
    pub price: i64,
    /// Day of that fixing where the last day had none; 0 the same.
    pub fixed: u32,
}
