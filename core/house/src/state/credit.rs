//! What the state keeps of lines of credit, and of interest on variation.

use std::collections::BTreeMap;

use crate::frame::Text;

/// Short lots an account has shown it can deliver.
#[derive(Clone, Copy, Debug)]
pub struct Cover {
    /// Lots.
    pub lots: i64,
    /// It stands until then, nanoseconds UTC.
    pub until: i64,
    /// SHA-256 of what was verified.
    pub evidence: [u8; 32],
}

/// A line of credit; what is owed under it stands in the ledger.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    /// Most that may be owed, micro-dollars.
    pub limit: i64,
    /// Millionths a day.
    pub rate: u32,
}

/// Terms under which an asset secures lines.
#[derive(Clone, Copy, Debug)]
pub struct Security {
    /// Ten-thousandths of its price lent against it.
    pub advance: u32,
    /// Most that one account may count of it, micro-dollars.
    pub account_cap: i64,
}

/// An interest rate on the log.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Day.
    pub day: u32,
    /// Millionths a year of 360 days.
    pub rate: i64,
    /// Who publishes it.
    pub source: Text,
    /// SHA-256 of the publication.
    pub inputs: [u8; 32],
}

/// Covers, lines and securities; rates, and variation on swaps.
#[derive(Clone, Debug, Default)]
pub struct Credit {
    /// By account and series number.
    pub covers: BTreeMap<(u32, u32), Cover>,
    /// By account number.
    pub lines: BTreeMap<u32, Line>,
    /// By asset.
    pub securities: BTreeMap<u16, Security>,
    /// Rates by day: the last one for a day that is settled, and those for days after it.
    pub rates: BTreeMap<u32, Rate>,
    /// Variation on swaps received so far, by account and series number.
    pub variation: BTreeMap<(u32, u32), i64>,
}
