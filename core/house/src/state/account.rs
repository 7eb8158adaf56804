//! A trading account: money, positions, orders, references, protections.

use std::collections::BTreeMap;

use super::keys::Keys;
use super::{OrderAt, SeriesAt, USD};
use crate::collateral;
use crate::margin::running::{Counted, Running};
use crate::orders::slab::NO_ORDER;
use crate::references::References;
use crate::wire::{AccountKind, Side};

/// One series of an account: position, and open lots on each side.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub struct Holding {
    /// Signed position.
    pub lots: i64,
    /// Sum of signed lots x price since the last mark to market; 0 for options.
    pub cost: i64,
    /// Lots of live buy orders, waiting stops included.
    pub buys: i64,
    /// Lots of live sell orders, waiting stops included.
    pub sells: i64,
    /// Lots at which the running sums count it.
    pub(crate) counted: Counted,
    /// Series.
    pub series: SeriesAt,
    /// Its lots changed since the last judgement.
    pub(crate) marked: bool,
}

impl Holding {
    /// True when the records name it as a position.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.lots != 0 || self.cost != 0
    }

    /// Open lots of a side.
    #[must_use]
    pub fn open_lots(&self, side: Side) -> i64 {
        if side == Side::Buy {
            self.buys
        } else {
            self.sells
        }
    }
}

/// A maker's protection in a group, and its counters.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// Product group.
    pub group: u16,
    /// Interval, nanoseconds.
    pub interval: i64,
    /// Limit of lots; 0 is none.
    pub lots_limit: i64,
    /// Limit of net delta; 0 is none.
    pub delta_limit: i64,
    /// Limit of net vega; 0 is none.
    pub vega_limit: i64,
    /// Start of the interval.
    pub started: i64,
    /// Lots filled.
    pub lots: i64,
    /// Net delta filled.
    pub delta: i64,
    /// Net vega filled.
    pub vega: i64,
    /// Quotes are refused until it is set again.
    pub tripped: bool,
}

/// A trading account.
#[repr(C, align(64))]
pub struct Account {
    /// Number.
    pub account: u32,
    /// Clearing member.
    pub member: u32,
    /// Beneficial owner.
    pub owner: u32,
    /// Front of its live orders.
    pub(crate) first_order: OrderAt,
    /// Live orders.
    pub live_orders: u32,
    /// Kill switch engaged.
    pub killed: bool,
    /// Its member is suspended.
    pub(crate) suspended: bool,
    /// Product classes that it or its member is not eligible for.
    pub(crate) barred: u8,
    /// Product classes that it is not eligible for by itself.
    pub withheld: u8,
    /// House or client business.
    pub account_kind: AccountKind,
    /// Event number at which it was last judged.
    pub seen: u64,
    /// USD the house owes the owner, micro-dollars.
    pub cash: i64,
    /// USD set aside for withdrawals.
    pub held: i64,
    /// Sum of |position| and open lots over all series.
    pub gross: i64,
    /// Series of `holdings`, in the same order.
    pub(crate) keys: Keys,
    /// Positions and open lots by series, in order of first use.
    pub holdings: Vec<Holding>,
    /// Running sums of margin.
    pub(crate) running: Running,
    /// USD dues as the ledger has them: zero or negative.
    pub due_from_member: i64,
    /// What its collateral counts.
    pub counted: collateral::Counted,
    /// What it has not set aside for its deliveries, micro-dollars.
    pub(crate) lacking: i128,
    /// Premiums of its open option buys at their worst price.
    pub premiums: i64,
    /// Largest |position| with open orders in one series.
    pub position_limit: i64,
    /// Largest order.
    pub order_lots_limit: i64,
    /// Largest order value, micro-dollars.
    pub order_value_limit: i64,
    /// References at or before this time are forgotten.
    pub reference_floor: i64,
    /// Client references.
    pub references: References,
    /// Maker protections, each group once.
    pub protections: Vec<Protection>,
    /// Dead-man due; 0 disarmed.
    pub dead_man: i64,
    /// Other assets set aside for withdrawals.
    pub held_assets: BTreeMap<u16, i64>,
}

impl Account {
    /// An account of a number, everything else at nothing.
    #[must_use]
    pub fn new(account: u32) -> Self {
        Self {
            account,
            member: 0,
            account_kind: AccountKind::House,
            owner: 0,
            position_limit: 0,
            order_lots_limit: 0,
            order_value_limit: 0,
            killed: false,
            suspended: false,
            barred: 0,
            withheld: 0,
            seen: 0,
            dead_man: 0,
            reference_floor: 0,
            cash: 0,
            due_from_member: 0,
            counted: collateral::Counted::default(),
            lacking: 0,
            held: 0,
            held_assets: BTreeMap::new(),
            keys: Keys::default(),
            holdings: Vec::new(),
            first_order: NO_ORDER,
            live_orders: 0,
            gross: 0,
            premiums: 0,
            references: References::default(),
            protections: Vec::new(),
            running: Running::default(),
        }
    }

    /// Sets an amount of an asset aside, or (negative) frees it.
    pub fn hold(&mut self, asset: u16, amount: i64) {
        if asset == USD {
            self.held += amount;
        } else {
            *self.held_assets.entry(asset).or_default() += amount;
        }
    }

    /// Index of the holding of a series, if it was ever used; it never changes.
    #[inline]
    #[must_use]
    pub fn holding_at(&self, series: SeriesAt) -> Option<usize> {
        self.keys.find(series)
    }

    /// The holding of a series, if it was ever used.
    #[inline]
    #[must_use]
    pub fn holding(&self, series: SeriesAt) -> Option<&Holding> {
        Some(&self.holdings[self.holding_at(series)?])
    }

    /// Index of the holding of a series, made when it was never used.
    #[inline]
    pub(crate) fn make_holding(&mut self, series: SeriesAt) -> usize {
        self.keys.recall(series).unwrap_or_else(|| {
            self.holdings.push(Holding {
                series,
                ..Holding::default()
            });
            self.keys.push(series)
        })
    }

    /// Signed position.
    #[must_use]
    pub fn lots(&self, series: SeriesAt) -> i64 {
        self.holding(series).map_or(0, |h| h.lots)
    }

    /// USD not set aside for a withdrawal.
    #[inline]
    #[must_use]
    pub fn free_of_holds(&self) -> i64 {
        self.cash - self.held
    }

    /// What the account owes the house, zero or positive.
    #[inline]
    #[must_use]
    pub fn due(&self) -> i64 {
        -self.due_from_member
    }

    /// Bytes held, spare capacity included.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + self.holdings.capacity() * size_of::<Holding>()
            + self.keys.memory_bytes()
            + self.running.memory_bytes()
            + self.references.memory_bytes()
    }

    /// Maker protection of a group.
    #[must_use]
    pub fn protection(&self, group: u16) -> Option<&Protection> {
        self.protections.iter().find(|p| p.group == group)
    }
}
