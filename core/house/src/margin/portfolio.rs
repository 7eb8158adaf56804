//! Requirements of many accounts from a table alone, without a house: the nightly margin.
//!
//! The arithmetic is that of order entry: the same rows, the same pass over the scenarios, the same
//! tails. An account is a run of lots by row of the table; nothing is kept between two accounts.

use super::grid::Grid;
use super::kernel::Step;
use super::rows::add_up;
use super::running::{Workings, tails};
use crate::state::Table;

/// Gross lots up to which the sums of losses fit 64 bits: twice the bound of the schema.
pub const MOST_GROSS: i64 = 1 << 22;

/// Signed lots of an account in one series.
#[derive(Clone, Copy, Debug)]
pub struct Lots {
    /// Place of the series among those the table was laid out for.
    pub series: u32,
    /// Position.
    pub lots: i32,
}

/// Why an account is not margined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// A series that has no row.
    NoRow,
    /// More lots than an account may have.
    TooManyLots,
    /// A requirement beyond 64 bits.
    TooLarge,
}

/// A table laid out for portfolios.
pub struct Portfolios {
    grid: Grid,
    /// Losses of an account that has nothing.
    nothing: Vec<i64>,
    /// Option value of one long lot by series, micro-dollars.
    values: Vec<i64>,
}

/// What one thread works with.
#[derive(Default)]
pub struct Desk(Workings);

impl Portfolios {
    /// Lays a table out for series by number, with the option value of one long lot of each.
    #[must_use]
    pub fn new(table: &Table, series: &[u32], values: Vec<i64>) -> Self {
        assert_eq!(series.len(), values.len(), "each series has a value");
        let grid = Grid::of(table, series.iter().copied());
        let mut nothing = Vec::new();
        grid.nothing(&mut nothing);
        Self {
            grid,
            nothing,
            values,
        }
    }

    /// The requirement of one account, micro-dollars, rounded up once (CLR-001).
    ///
    /// # Errors
    /// What of the account does not fit.
    pub fn requirement(&self, desk: &mut Desk, account: &[Lots]) -> Result<i64, Unfit> {
        let workings = &mut desk.0;
        let grid = &self.grid;
        workings.steps.clear();
        let (mut charges, mut gross) = (0_i128, 0_i64);
        for held in account {
            let row = grid.row(held.series).ok_or(Unfit::NoRow)?;
            // The least of 32 bits has no opposite; it is past the bound in any case.
            if held.lots == i32::MIN {
                return Err(Unfit::TooManyLots);
            }
            let worst = i64::from(held.lots).abs();
            gross += worst;
            if gross > MOST_GROSS {
                return Err(Unfit::TooManyLots);
            }
            let value = i128::from(self.values[held.series as usize]) * i128::from(held.lots);
            charges += i128::from(grid.charge(held.series, worst)) - value;
            let (up, down) = (held.lots, -held.lots);
            workings.steps.push(Step { row, up, down });
        }
        let Workings {
            steps,
            total,
            columns,
            ..
        } = workings;
        columns.resize(grid.chunks.columns(), 0);
        let into = (total, columns.as_mut_slice());
        add_up(
            &self.nothing,
            &grid.chunks,
            &grid.losses,
            steps,
            into,
            grid.wide,
        );
        let asked = (tails(grid, None, workings) + charges).max(0);
        i64::try_from(asked).map_err(|_| Unfit::TooLarge)
    }
}
