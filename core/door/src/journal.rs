//! The journal as Python holds it, beside its twin in lasalle/venue/journal.py.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lasalle_engine::disk::FolderDisk;
use lasalle_engine::journal::{FRAMES_AT, Fault, Hash, Journal as Inner, Sizes};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A folder of segments. Raises what `lasalle.venue.Journal` raises, in the same cases.
#[pyclass(module = "lasalle._core", frozen)]
pub(crate) struct Journal {
    inner: Mutex<Inner<FolderDisk>>,
}

impl Journal {
    fn inner(&self) -> MutexGuard<'_, Inner<FolderDisk>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The exception of `lasalle.venue.journal` for a fault.
pub(crate) fn raised(py: Python<'_>, fault: &Fault) -> PyErr {
    let name = match fault {
        Fault::Bent(_) => "JournalBent",
        Fault::Full(_) => "JournalFull",
        Fault::Broken(_) => "JournalBroken",
    };
    let class = py
        .import("lasalle.venue.journal")
        .and_then(|module| module.getattr(name));
    match class.and_then(|class| class.call1((fault.to_string(),))) {
        Ok(found) => PyErr::from_value(found),
        Err(_) => PyRuntimeError::new_err(fault.to_string()),
    }
}

#[pymethods]
impl Journal {
    /// Reads everything; drops a torn tail, refuses a bent middle.
    #[new]
    fn new(
        py: Python<'_>,
        folder: PathBuf,
        segment_bytes: u64,
        headroom_bytes: u64,
        spare_bytes: u64,
    ) -> PyResult<Self> {
        let sizes = Sizes {
            segment: segment_bytes,
            headroom: headroom_bytes,
        };
        let opened = py.detach(|| {
            let disk = FolderDisk::new(&folder, spare_bytes)?;
            Inner::open(disk, sizes, &mut |_| Ok(()))
        });
        let inner = Mutex::new(opened.map_err(|fault| raised(py, &fault))?);
        Ok(Self { inner })
    }

    #[getter]
    fn last(&self) -> u64 {
        self.inner().last
    }

    #[getter]
    fn chain<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner().chain)
    }

    #[getter]
    fn notices(&self) -> Vec<String> {
        self.inner().notices.clone()
    }

    /// Seals frames numbered first..last and returns when they are durable; `events` is the digest
    /// of what the batch before gave.
    #[pyo3(signature = (frames, first, last, events, *, urgent = false))]
    fn append(
        &self,
        py: Python<'_>,
        frames: &[u8],
        first: u64,
        last: u64,
        events: Hash,
        urgent: bool,
    ) -> PyResult<()> {
        let sealed = py.detach(|| {
            let mut journal = self.inner();
            journal.check_room(frames.len(), urgent)?;
            let mut content = vec![0; FRAMES_AT];
            content.extend_from_slice(frames);
            journal.append(&mut content, first, last, &events)
        });
        sealed.map_err(|fault| raised(py, &fault))
    }

    /// Gives back the room set aside; nothing more is sealed.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.inner().close())
            .map_err(|fault| raised(py, &fault))
    }
}
