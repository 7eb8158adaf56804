//! Opening a journal and replaying it, as Python asks for it.

use std::path::PathBuf;

use lasalle_engine::journal::Hash;
use lasalle_engine::replay::{self, Hear, Known, Span, Stop};
use lasalle_engine::segments::{Checked, check};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::engine::Compiled;
use crate::house::House;
use crate::journal::raised;

/// Segment, byte behind its last batch, last number, chain, batches, and segments that end in zeros
/// with the byte at which their batches end.
type Found<'py> = (
    String,
    u64,
    u64,
    Bound<'py, PyBytes>,
    u64,
    Vec<(String, u64)>,
);

/// Where a journal ends, when every batch of it is sound and continues the one before; else None.
#[pyfunction]
pub(crate) fn check_segments(py: Python<'_>, folder: PathBuf) -> PyResult<Option<Found<'_>>> {
    let found = py.detach(|| {
        if folder.is_dir() {
            check(&folder)
        } else {
            Ok(None)
        }
    })?;
    Ok(found.map(|found| told(py, found)))
}

fn told(py: Python<'_>, found: Checked) -> Found<'_> {
    let chain = PyBytes::new(py, &found.chain);
    let (size, last) = (found.size, found.last);
    (found.segment, size, last, chain, found.batches, found.zeros)
}

/// Has a house take what a journal holds behind it, in one pass over all its bytes, the chain verified
/// on the way: where the journal ends, and the digest of the last batch's events. None where anything
/// is not as it should be; the house then holds a part and is thrown away.
///
/// known: last number taken already, digest of the events before it, last event heard already, numbers
/// at which a batch must end, each with the chain behind it. hear: told the events of each batch; where None comes of it, it may have been told some.
#[pyfunction]
pub(crate) fn replay_whole<'py>(
    py: Python<'py>,
    folder: PathBuf,
    house: Py<House>,
    known: (u64, Hash, u64, Vec<(u64, Hash)>),
    hear: Option<Py<PyAny>>,
) -> PyResult<Option<(Found<'py>, Bound<'py, PyBytes>)>> {
    let (after, digest, heard_to, marks) = known;
    let known = Known {
        after,
        digest,
        heard: heard_to,
        marks,
    };
    let mut core = Compiled(house);
    let told = heard(py, hear, |hear| {
        replay::replay_whole(&folder, &mut core, &known, hear)
    })?;
    Ok(told
        .ok()
        .map(|(digest, found)| (self::told(py, found), PyBytes::new(py, &digest))))
}

/// Has the house take what a journal holds; gives the digest of the last batch's events.
///
/// span: last number taken already, digest of the events before it, last number of the journal,
/// last event heard already. hear: told the events of each batch.
#[pyfunction]
pub(crate) fn replay_segments<'py>(
    py: Python<'py>,
    folder: PathBuf,
    house: Py<House>,
    span: (u64, Hash, u64, u64),
    hear: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let (after, digest, last, heard_to) = span;
    let span = Span {
        after,
        digest,
        last,
        heard: heard_to,
    };
    let mut core = Compiled(house);
    let told = heard(py, hear, |hear| {
        replay::replay(&folder, &mut core, span, hear)
    })?;
    match told {
        Ok(digest) => Ok(PyBytes::new(py, &digest)),
        Err(Stop::Fault(fault)) => Err(raised(py, &fault)),
        Err(Stop::Diverged(why)) => Err(diverged(py, &why)),
        Err(Stop::Failed(why)) => Err(PyRuntimeError::new_err(why)),
    }
}

/// What a replay gives that tells a hearer in Python; raises what the hearer raised.
fn heard<T: Send>(
    py: Python<'_>,
    hear: Option<Py<PyAny>>,
    replay: impl FnOnce(Option<&mut Hear<'_>>) -> Result<T, Stop> + Send,
) -> PyResult<Result<T, Stop>> {
    let mut failed = None;
    let mut tell = |events: &[u8]| {
        let hear = hear.as_ref().expect("it is told only where somebody hears");
        Python::attach(|py| hear.call1(py, (PyBytes::new(py, events),)).map(drop)).map_err(
            |error| {
                let said = error.to_string();
                failed = Some(error);
                said
            },
        )
    };
    let wanted = hear.is_some().then_some(&mut tell as &mut Hear<'_>);
    let told = py.detach(|| replay(wanted));
    failed.map_or(Ok(told), Err)
}

/// The `Diverged` of `lasalle.venue.replay`.
fn diverged(py: Python<'_>, why: &str) -> PyErr {
    let module = py.import("lasalle.venue.replay");
    let class = module.and_then(|module| module.getattr("Diverged"));
    match class.and_then(|class| class.call1((why,))) {
        Ok(found) => PyErr::from_value(found),
        Err(_) => PyRuntimeError::new_err(why.to_string()),
    }
}
