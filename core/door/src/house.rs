//! The house as Python holds it: bytes in, bytes out.

use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lasalle_house::House as Core;
use lasalle_house::frame::FrameError;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

/// An institution. Only `take` changes it; one caller at a time has it.
#[pyclass(module = "lasalle._core", frozen)]
pub(crate) struct House {
    /// None when a broken invariant stopped the house.
    core: Mutex<Option<Core>>,
}

impl House {
    pub(crate) fn around(mut core: Core) -> Self {
        core.scatter(RandomState::new().hash_one(0));
        Self {
            core: Mutex::new(Some(core)),
        }
    }

    fn core(&self) -> MutexGuard<'_, Option<Core>> {
        // A panic leaves None behind, never a torn house, so a poisoned lock tells nothing more.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the house from a thread of the engine; a broken invariant stops it for good.
    pub(crate) fn hold<T>(&self, ask: impl FnOnce(&mut Core) -> T) -> Result<T, String> {
        let mut held = self.core();
        let mut core = held.take().ok_or("an invariant was broken before")?;
        match catch_unwind(AssertUnwindSafe(|| ask(&mut core))) {
            Ok(answer) => {
                *held = Some(core);
                Ok(answer)
            }
            Err(panic) => Err(said(panic.as_ref()).to_string()),
        }
    }

    /// Asks the house without the interpreter's lock; a broken invariant stops it for good.
    pub(crate) fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&mut Core) -> T + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            let mut held = self.core();
            let Some(mut core) = held.take() else {
                return Err(stopped("an invariant was broken before"));
            };
            let answer = catch_unwind(AssertUnwindSafe(|| ask(&mut core)));
            match answer {
                Ok(answer) => {
                    *held = Some(core);
                    Ok(answer)
                }
                Err(panic) => Err(stopped(said(panic.as_ref()))),
            }
        })
    }
}

fn stopped(why: &str) -> PyErr {
    PyRuntimeError::new_err(format!(
        "the house has stopped: {why}; restore it from a snapshot and the journal"
    ))
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("an invariant was broken")
}

/// The `FrameError` of `lasalle.wire`, which is a ValueError, where that module can be read.
fn frame_error(py: Python<'_>, error: &FrameError) -> PyErr {
    let module = py.import("lasalle.wire");
    let class = module.and_then(|module| module.getattr("FrameError"));
    match class.and_then(|class| class.call1((error.to_string(),))) {
        Ok(raised) => PyErr::from_value(raised),
        Err(_) => PyValueError::new_err(error.to_string()),
    }
}

#[pymethods]
impl House {
    #[new]
    fn new() -> Self {
        Self::around(Core::new())
    }

    /// Last command number taken, span included.
    #[getter]
    fn last_number(&self, py: Python<'_>) -> PyResult<u64> {
        self.ask(py, |core| core.last_number())
    }

    /// Venue time, nanoseconds UTC.
    #[getter]
    fn last_time(&self, py: Python<'_>) -> PyResult<i64> {
        self.ask(py, |core| core.last_time())
    }

    /// Number of the last event told.
    #[getter]
    fn last_event(&self, py: Python<'_>) -> PyResult<u64> {
        self.ask(py, |core| core.last_event())
    }

    /// Carries out a run of command frames and gives the event frames.
    ///
    /// Raises FrameError before anything is taken when the bytes are not command frames that
    /// continue the log.
    fn take<'py>(&self, py: Python<'py>, frames: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = Vec::new();
        let taken = self.ask(py, |core| core.take(frames, &mut out))?;
        taken.map_err(|error| frame_error(py, &error))?;
        Ok(PyBytes::new(py, &out))
    }

    /// The state as record frames in canonical order.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let records = self.ask(py, |core| core.snapshot())?;
        Ok(PyBytes::new(py, &records))
    }

    /// SHA-256 of the snapshot.
    fn state_hash<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let hash = self.ask(py, |core| core.state_hash())?;
        Ok(PyBytes::new(py, &hash))
    }

    /// A house in the state the record frames tell.
    #[classmethod]
    fn restore(_: &Bound<'_, PyType>, py: Python<'_>, records: &[u8]) -> PyResult<Self> {
        let read = || catch_unwind(|| Core::restore(records));
        match py.detach(read) {
            Ok(Ok(core)) => Ok(Self::around(core)),
            Ok(Err(error)) => Err(frame_error(py, &error)),
            Err(panic) => Err(frame_error(
                py,
                &FrameError(format!(
                    "not the records of a house: {}",
                    said(panic.as_ref())
                )),
            )),
        }
    }
}
