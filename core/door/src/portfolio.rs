//! Requirements of many accounts from a margin table, as Python asks for them.

use std::collections::BTreeMap;

use lasalle_house::margin::portfolio::{Desk, Lots, Portfolios, Unfit};
use lasalle_house::state::{Row, Table};
use lasalle_house::wire::{ScanRow, Scenario, ScenarioKind, bound};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Liquidity charge, lots free of the concentration charge, that charge, option value of a long lot.
type Charges = (i64, i64, i64, i64);

/// A margin table laid out for portfolios.
#[pyclass(module = "lasalle._core", frozen)]
pub(crate) struct PortfolioTable {
    table: Portfolios,
    series: usize,
}

#[pymethods]
impl PortfolioTable {
    /// Labels as (kind, scan row), scan rows as (row, weight), a row of charges and the losses of one
    /// long lot in each scenario by series: 64 bits, little-endian, row after row.
    #[new]
    fn new(
        scenarios: Vec<(u8, u16)>,
        rows: Vec<(u16, u32)>,
        charges: Vec<Charges>,
        losses: &[u8],
    ) -> PyResult<Self> {
        let wanted = scenarios.len() * charges.len();
        let losses = numbers(losses, "losses", wanted)?;
        if let Some(loss) = losses
            .iter()
            .find(|loss| loss.unsigned_abs() > bound::LOSS_PER_LOT.unsigned_abs())
        {
            return Err(PyValueError::new_err(format!(
                "losses: expected at most {} either way, found {loss}",
                bound::LOSS_PER_LOT
            )));
        }
        let labels: Result<Vec<_>, _> = scenarios
            .iter()
            .map(|(kind, group)| ScenarioKind::of(*kind).map(|kind| (kind, *group)))
            .collect();
        let labels = labels.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let mut series = BTreeMap::new();
        for (number, (row, charge)) in
            (0_u32..).zip(losses.chunks(labels.len().max(1)).zip(&charges))
        {
            let (liquidity, concentration_lots, concentration, _) = *charge;
            let row = Row {
                series: number,
                mark: 0,
                liquidity,
                concentration_lots,
                concentration,
                delta: 0,
                vega: 0,
                losses: row.to_vec(),
            };
            series.insert(number, row);
        }
        let label = |(kind, group)| Scenario { kind, group };
        let table = Table {
            table: 0,
            scenarios: labels.into_iter().map(label).collect(),
            rows: rows
                .into_iter()
                .map(|(group, weight)| ScanRow { group, weight })
                .collect(),
            series,
        };
        let places: Vec<u32> = (0_u32..).take(charges.len()).collect();
        let values = charges.iter().map(|charge| charge.3).collect();
        let (table, series) = (Portfolios::new(&table, &places, values), charges.len());
        Ok(Self { table, series })
    }

    /// Requirements, 64 bits little-endian, of accounts one after another: `counts` says in how many
    /// series each has lots, `series` and `lots` are theirs; all three 32 bits little-endian.
    fn requirements<'py>(
        &self,
        py: Python<'py>,
        counts: &[u8],
        series: &[u8],
        lots: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let (counts, series) = (words(counts), words(series));
        let held: usize = counts.iter().map(|count| *count as usize).sum();
        if series.len() != held || lots.len() != 4 * held {
            let found = format!("{} and {}", series.len(), lots.len() / 4);
            return Err(PyValueError::new_err(format!(
                "series, lots: expected {held} of each, found {found}"
            )));
        }
        if let Some(place) = series.iter().find(|place| **place as usize >= self.series) {
            return Err(PyValueError::new_err(format!(
                "series: expected a place below {}, found {place}",
                self.series
            )));
        }
        let lots = words(lots);
        let pairs = series.iter().zip(&lots);
        let account: Vec<Lots> = pairs
            .map(|(series, lots)| Lots {
                series: *series,
                lots: *lots as i32,
            })
            .collect();
        let asked = py.detach(|| self.asked(&counts, &account));
        asked.map(|found| PyBytes::new(py, &found))
    }
}

impl PortfolioTable {
    fn asked(&self, counts: &[u32], mut held: &[Lots]) -> PyResult<Vec<u8>> {
        let mut desk = Desk::default();
        let mut found = Vec::with_capacity(8 * counts.len());
        for (place, count) in counts.iter().enumerate() {
            let (account, rest) = held.split_at(*count as usize);
            held = rest;
            let asked = self
                .table
                .requirement(&mut desk, account)
                .map_err(|unfit| {
                    let why = match unfit {
                        Unfit::NoRow => "a series without a row",
                        Unfit::TooManyLots => "more lots than an account may have",
                        Unfit::TooLarge => "a requirement beyond 64 bits",
                    };
                    PyValueError::new_err(format!("account {place}: {why}"))
                })?;
            found.extend_from_slice(&asked.to_le_bytes());
        }
        Ok(found)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    let fours = bytes.as_chunks::<4>().0.iter();
    fours.map(|four| u32::from_le_bytes(*four)).collect()
}

fn numbers(bytes: &[u8], name: &str, wanted: usize) -> PyResult<Vec<i64>> {
    let (eights, rest) = bytes.as_chunks::<8>();
    if eights.len() != wanted || !rest.is_empty() {
        return Err(PyValueError::new_err(format!(
            "{name}: expected {wanted} numbers, found {} bytes",
            bytes.len()
        )));
    }
    Ok(eights
        .iter()
        .map(|eight| i64::from_le_bytes(*eight))
        .collect())
}
