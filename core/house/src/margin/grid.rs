//! The margin table in force, laid out for judging: scenarios by tail, rows by series.
//!
//! Sorting scenarios by tail changes no requirement, for each tail is a greatest or a sum of
//! greatest. A grid is a cache of the table.

use std::ops::Range;

use super::ceil;
use super::kernel::{Chunks, LANES, Losses, can_go_wide};
use crate::state::{Row, Series, SeriesAt, Table};
use crate::wire::{Scenario, ScenarioKind};

const NO_ROW: usize = usize::MAX;

/// Where the scenarios of a scan row or of a tail stand: their lanes, and their columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) lanes: Range<usize>,
    pub(crate) columns: Range<usize>,
}

/// A scan row: its scenarios, and its weight in ten-thousandths.
pub(crate) struct Scan {
    pub(crate) part: Part,
    pub(crate) weight: i64,
}

/// A tail: its scenarios, how many they are, and how many count whole.
#[derive(Default)]
pub(crate) struct Tail {
    pub(crate) part: Part,
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
    pub(crate) chunks: Chunks,
    pub(crate) scans: Vec<Scan>,
    pub(crate) historical: Tail,
    pub(crate) stress: Tail,
    /// Losses row after row.
    pub(crate) losses: Losses,
    charges: Vec<Charges>,
    /// The kernels go four at a time.
    pub(crate) wide: bool,
    /// No lot adds more than `MOST_GROWTH`.
    pub(crate) bounded: bool,
}

impl Grid {
    /// Lays out a table for the series of the house.
    pub(crate) fn new(table: &Table, series: &[Series]) -> Self {
        Self::of(table, series.iter().map(|series| series.series))
    }

    /// Lays out a table for series by number.
    pub(crate) fn of(table: &Table, series: impl ExactSizeIterator<Item = u32>) -> Self {
        let mut grid = Self {
            wide: can_go_wide(),
            bounded: true,
            ..Self::default()
        };
        let mut order: Vec<Option<usize>> = Vec::new();
        for row in &table.rows {
            let label = |s: &Scenario| s.kind == ScenarioKind::Scan && s.group == row.group;
            let part = grid.lay(places(table, label), &mut order);
            let weight = i64::from(row.weight);
            grid.scans.push(Scan { part, weight });
        }
        grid.historical = grid.tail_of(table, ScenarioKind::Historical, &mut order);
        grid.stress = grid.tail_of(table, ScenarioKind::Stress, &mut order);
        grid.charges = vec![NO_CHARGES; series.len()];
        let mut losses = Vec::new();
        for (at, number) in series.enumerate() {
            if let Some(row) = table.series.get(&number) {
                grid.enter(at, row, &order, losses.len());
                let row = order.iter().map(|place| place.map_or(0, |s| row.losses[s]));
                losses.extend(row);
            }
        }
        grid.losses = Losses::new(&losses);
        grid
    }

    /// Lays the scenarios of a part out after those before.
    fn lay(
        &mut self,
        scenarios: impl Iterator<Item = usize>,
        order: &mut Vec<Option<usize>>,
    ) -> Part {
        let (lane, column) = (order.len(), self.chunks.columns());
        order.extend(scenarios.map(Some));
        order.resize(order.len().next_multiple_of(LANES), None);
        self.chunks.cover(order.len());
        Part {
            lanes: lane..order.len(),
            columns: column..self.chunks.columns(),
        }
    }

    fn tail_of(
        &mut self,
        table: &Table,
        kind: ScenarioKind,
        order: &mut Vec<Option<usize>>,
    ) -> Tail {
        let scenarios = places(table, |s| s.kind == kind).count();
        Tail {
            part: self.lay(places(table, |s| s.kind == kind), order),
            scenarios,
            k: scenarios / 100,
        }
    }

    fn enter(&mut self, at: usize, row: &Row, order: &[Option<usize>], start: usize) {
        let most = self.most(row, order);
        self.bounded &= most.up.max(most.down) <= MOST_GROWTH;
        self.charges[at] = Charges {
            most,
            row: start,
            liquidity: row.liquidity,
            concentration_lots: row.concentration_lots,
            concentration: row.concentration,
        };
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
            let worst = |part: &Part| {
                let losses = order[part.lanes.clone()].iter().flatten();
                let losses = losses.map(|s| sign * row.losses[*s]);
                i128::from(losses.fold(0, i64::max))
            };
            let scans = self.scans.iter();
            let scan: i128 = scans
                .map(|scan| i128::from(scan.weight) * worst(&scan.part))
                .sum();
            let tails = 3 * worst(&self.historical.part) + worst(&self.stress.part);
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

    /// Asks for the losses of a series.
    #[inline]
    pub(crate) fn foresee(&self, series: SeriesAt) {
        if let Some(row) = self.row(series) {
            self.losses.foresee(row, self.chunks.lanes());
        }
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
        total.resize(self.chunks.lanes(), 0);
        for tail in [&self.historical, &self.stress] {
            let lanes = &tail.part.lanes;
            total[lanes.start + tail.scenarios..lanes.end].fill(i64::MIN);
        }
    }
}

fn places(table: &Table, label: impl Fn(&Scenario) -> bool) -> impl Iterator<Item = usize> {
    let labels = table.scenarios.iter().enumerate();
    labels
        .filter(move |(_, s)| label(s))
        .map(|(place, _)| place)
}
