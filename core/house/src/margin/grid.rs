//! The margin table in force, laid out for judging: scenarios by tail, rows by series.
//!
//! Sorting scenarios by tail changes no requirement, for each tail is a greatest or a sum of
//! greatest. A grid is a cache of the table.

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

/// Charges of one series, micro-dollars per lot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charges {
    row: usize,
    pub(crate) liquidity: i64,
    pub(crate) concentration_lots: i64,
    pub(crate) concentration: i64,
}

const NO_CHARGES: Charges = Charges {
    row: NO_ROW,
    liquidity: 0,
    concentration_lots: 0,
    concentration: 0,
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
}

impl Grid {
    /// Lays out a table for the series of the house.
    pub(crate) fn new(table: &Table, series: &[Series]) -> Self {
        let mut grid = Self {
            wide: can_go_wide(),
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
        self.charges[at] = Charges {
            row: self.packed.len(),
            liquidity: row.liquidity,
            concentration_lots: row.concentration_lots,
            concentration: row.concentration,
        };
        let losses = order.iter().map(|place| place.map_or(0, |s| row.losses[s]));
        self.packed.extend(losses.map(pack));
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
