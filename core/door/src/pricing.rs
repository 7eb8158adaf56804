//! Options by the array, as Python asks for them: buffers of 64-bit floats in, buffers filled.

use lasalle_pricing::black::{self, MEASURES};
use lasalle_pricing::lane::can_go_wide;
use lasalle_pricing::{BLOCK, MOST, implied};
use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// What is given of each option: 1 for a call and -1 for a put, and three numbers.
struct Options {
    rows: [Vec<f64>; 4],
    count: usize,
}

impl Options {
    fn new(py: Python<'_>, given: &[PyBuffer<f64>; 4]) -> PyResult<Self> {
        let [a, b, c, d] = given;
        let rows = [a.to_vec(py)?, b.to_vec(py)?, c.to_vec(py)?, d.to_vec(py)?];
        let count = rows[0].len();
        if rows.iter().any(|row| row.len() != count) {
            return Err(PyValueError::new_err(
                "options: expected rows of one length",
            ));
        }
        Ok(Self { rows, count })
    }

    fn block(&self, from: usize) -> ([[f64; BLOCK]; 4], usize) {
        let count = BLOCK.min(self.count - from);
        let mut block = [[1.0; BLOCK]; 4];
        for (to, row) in block.iter_mut().zip(&self.rows) {
            to[..count].copy_from_slice(&row[from..from + count]);
        }
        (block, count)
    }
}

fn fill<T: Element>(py: Python<'_>, buffer: &PyBuffer<T>, found: &[T]) -> PyResult<()> {
    if buffer.item_count() == found.len() {
        return buffer.copy_from_slice(py, found);
    }
    let wanted = found.len();
    Err(PyValueError::new_err(format!(
        "found: expected room for {wanted}"
    )))
}

/// True where all of a row are within bounds: none is NaN.
fn within(row: &[f64], least: f64) -> bool {
    row.iter()
        .fold(true, |fine, x| fine & (*x >= least) & (*x <= MOST))
}

/// Values, or with `whole` all measures one row after another, of options: sign, forward, strike and
/// deviation. False where a number is out of bounds.
#[pyfunction]
pub(crate) fn black_measures(
    py: Python<'_>,
    given: [PyBuffer<f64>; 4],
    found: PyBuffer<f64>,
    whole: bool,
) -> PyResult<bool> {
    let options = Options::new(py, &given)?;
    let priced = py.detach(|| {
        if whole {
            priced::<MEASURES>(&options)
        } else {
            priced::<1>(&options)
        }
    });
    let Some(values) = priced else {
        return Ok(false);
    };
    fill(py, &found, &values)?;
    Ok(true)
}

fn priced<const ROWS: usize>(options: &Options) -> Option<Vec<f64>> {
    let (mut measures, wide) = ([[0.0; BLOCK]; ROWS], can_go_wide());
    let mut found = vec![0.0; ROWS * options.count];
    for from in (0..options.count).step_by(BLOCK) {
        let (block, count) = options.block(from);
        if !(within(&block[1], 0.0) && within(&block[2], -MOST) && within(&block[3], 0.0)) {
            return None;
        }
        black::price(&block, count, &mut measures, wide);
        for (row, values) in measures.iter().enumerate() {
            let start = row * options.count + from;
            found[start..start + count].copy_from_slice(&values[..count]);
        }
    }
    Some(found)
}

/// Deviations that options imply, from sign, undiscounted price, forward and strike, and what became
/// of each price. False where a number is out of bounds.
#[pyfunction]
pub(crate) fn implied_deviations(
    py: Python<'_>,
    given: [PyBuffer<f64>; 4],
    found: PyBuffer<f64>,
    outcomes: PyBuffer<u8>,
) -> PyResult<bool> {
    let options = Options::new(py, &given)?;
    let Some((deviations, met)) = py.detach(|| implied_by(&options)) else {
        return Ok(false);
    };
    fill(py, &found, &deviations)?;
    fill(py, &outcomes, &met)?;
    Ok(true)
}

fn implied_by(options: &Options) -> Option<(Vec<f64>, Vec<u8>)> {
    let (mut deviations, mut codes, wide) = ([0.0; BLOCK], [0; BLOCK], can_go_wide());
    let mut found = Vec::with_capacity(options.count);
    let mut met = Vec::with_capacity(options.count);
    for from in (0..options.count).step_by(BLOCK) {
        let (block, count) = options.block(from);
        if !(within(&block[1], -MOST) && within(&block[2], 0.0) && within(&block[3], -MOST)) {
            return None;
        }
        implied::deviations(&block, count, &mut deviations, &mut codes, wide);
        found.extend_from_slice(&deviations[..count]);
        met.extend_from_slice(&codes[..count]);
    }
    Some((found, met))
}
