//! The margin table in force, laid out for judging: scenarios by tail, rows by series.
//!
//! Sorting scenarios by tail changes no requirement, for each tail is a greatest or a sum of
//! greatest. A grid is a cache of the table.

use super::ceil;
use super::kernel::{FOLDS, can_go_wide, pack};
use crate::state::{Row, Series, SeriesAt, Table};
use crate::wire::{Scenario, ScenarioKind};

/// Lanes that the kernels take at once; every part is a multiple of it.
const LANES: usize = 4;
const NO_ROW: usize = usize::MAX;

/// A scan row: the lanes of its scenarios, and its weight in ten-thousandths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) weight: i64,
}

/// A tail: its lanes, how many of them are scenarios, and how many count whole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tail {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) scenarios: usize,
    pub(crate) k: usize,
}

/// The most by which the requirement grows with a lot, micro-dollars: `up` where position and open
/// buys grow by one, `down` where open sells less position do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Most {
    pub(crate) up: i64,
    pub(crate) down: i64,
}

/// Greatest growth with a lot that bounds are kept for: with every lot an account may have it fits
/// 62 bits.
const MOST_GROWTH: i64 = 1 << 38;

/// Charges of one series, micro-dollars per lot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charges {
    row: usize,
    pub(crate) liquidity: i64,
    pub(crate) concentration_lots: i64,
    pub(crate) concentration: i64,
    pub(crate) most: Most,
}

const NO_CHARGES: Charges = Charges {
    row: NO_ROW,
    liquidity: 0,
    concentration_lots: 0,
    concentration: 0,
    most: Most { up: 0, down: 0 },
};

/// A table laid out.
#[derive(Default)]
pub(crate) struct Grid {
    /// Lanes of every row, padding included.
    pub(crate) lanes: usize,
    pub(crate) scans: Vec<Scan>,
    pub(crate) historical: Tail,
    pub(crate) stress: Tail,
    /// Losses row after row, packed.
    pub(crate) packed: Vec<i64>,
    charges: Vec<Charges>,
    /// The kernels go four at a time.
    pub(crate) wide: bool,
    /// No lot adds more than `MOST_GROWTH`.
    pub(crate) bounded: bool,
}

impl Grid {
    /// Lays out a table for the series of the house.
    pub(crate) fn new(table: &Table, series: &[Series]) -> Self {
        let mut grid = Self {
            wide: can_go_wide(),
            bounded: true,
            ..Self::default()
        };
        let mut order: Vec<Option<usize>> = Vec::new();
        for row in &table.rows {
            let start = order.len();
            let label = |s: &Scenario| s.kind == ScenarioKind::Scan && s.group == row.group;
            order.extend(places(table, label).map(Some));
            order.resize(order.len().next_multiple_of(LANES), None);
            grid.scans.push(Scan {
                start,
                end: order.len(),
                weight: i64::from(row.weight),
            });
        }
        grid.historical = tail_of(table, ScenarioKind::Historical, &mut order);
        grid.stress = tail_of(table, ScenarioKind::Stress, &mut order);
        grid.lanes = order.len();
        grid.charges = vec![NO_CHARGES; series.len()];
        for (at, series) in series.iter().enumerate() {
            if let Some(row) = table.series.get(&series.series) {
                grid.enter(at, row, &order);
            }
        }
        grid
    }

    fn enter(&mut self, at: usize, row: &Row, order: &[Option<usize>]) {
        let most = self.most(row, order);
        self.bounded &= most.up.max(most.down) <= MOST_GROWTH;
        self.charges[at] = Charges {
            most,
            row: self.packed.len(),
            liquidity: row.liquidity,
            concentration_lots: row.concentration_lots,
            concentration: row.concentration,
        };
        let losses = order.iter().map(|place| place.map_or(0, |s| row.losses[s]));
        self.packed.extend(losses.map(pack));
    }

    /// Growth of the requirement with a lot of a row.
    ///
    /// No scenario loses more by it than its own loss (CLR-001). A scan row grows by at most its
    /// worst one; an expected shortfall by at most the worst one of its tail, for the weights of a
    /// tail sum to one; the greater of two sums by at most the greater growth. Charges grow by at
    /// most both of a lot. Each is rounded up to a whole, so rounding a requirement changes
    /// nothing.
    fn most(&self, row: &Row, order: &[Option<usize>]) -> Most {
        let side = |sign: i64| {
            let worst = |start: usize, end: usize| {
                let losses = order[start..end].iter().flatten();
                losses.map(|s| sign * row.losses[*s]).fold(0, i64::max)
            };
            let scans = self.scans.iter();
            let scan: i128 = scans
                .map(|scan| i128::from(scan.weight) * i128::from(worst(scan.start, scan.end)))
                .sum();
            let (h, t) = (self.historical, self.stress);
            let tails = 3 * i128::from(worst(h.start, h.end)) + i128::from(worst(t.start, t.end));
            let margin = ceil(scan, 10_000).max(ceil(tails, 4));
            let charges = i128::from(row.liquidity.max(0)) + i128::from(row.concentration.max(0));
            i64::try_from(margin + charges).unwrap_or(i64::MAX)
        };
        Most {
            up: side(1),
            down: side(-1),
        }
    }

    /// The most by which a lot of the series raises the requirement.
    #[inline]
    pub(crate) fn most_of(&self, series: SeriesAt) -> Most {
        let charges = self.charges.get(series as usize);
        charges.map_or(NO_CHARGES.most, |charges| charges.most)
    }

    /// True when the table has a row for the series.
    #[inline]
    pub(crate) fn has_row(&self, series: SeriesAt) -> bool {
        self.row(series).is_some()
    }

    /// Where the row of a series begins among the packed losses.
    #[inline]
    pub(crate) fn row(&self, series: SeriesAt) -> Option<usize> {
        let charges = self.charges.get(series as usize)?;
        (charges.row != NO_ROW).then_some(charges.row)
    }

    /// Liquidity and concentration charge of a worst net position in lots (CLR-001).
    #[inline]
    pub(crate) fn charge(&self, series: SeriesAt, worst_net: i64) -> i64 {
        let Some(charges) = self.charges.get(series as usize) else {
            return 0;
        };
        let beyond = (worst_net - charges.concentration_lots).max(0);
        charges.liquidity * worst_net + charges.concentration * beyond
    }

    /// Losses of an account that has nothing: zero, and padding that no tail picks.
    pub(crate) fn nothing(&self, total: &mut Vec<i64>) {
        total.clear();
        total.resize(self.lanes, 0);
        for tail in [self.historical, self.stress] {
            total[tail.start + tail.scenarios..tail.end].fill(i64::MIN);
        }
    }
}

fn places(table: &Table, label: impl Fn(&Scenario) -> bool) -> impl Iterator<Item = usize> {
    let labels = table.scenarios.iter().enumerate();
    labels
        .filter(move |(_, s)| label(s))
        .map(|(place, _)| place)
}

fn tail_of(table: &Table, kind: ScenarioKind, order: &mut Vec<Option<usize>>) -> Tail {
    let start = order.len();
    order.extend(places(table, |s| s.kind == kind).map(Some));
    let scenarios = order.len() - start;
    let k = scenarios / 100;
    let multiple = if k == 0 { LANES } else { LANES * FOLDS };
    order.resize(start + scenarios.next_multiple_of(multiple), None);
    Tail {
        start,
        end: order.len(),
        scenarios,
        k,
    }
}
