//! The engine as Python holds it: submissions in, batches and answers out, in order.

use std::collections::HashMap;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lasalle_engine::answers::Answers;
use lasalle_engine::core::Core;
use lasalle_engine::disk::FolderDisk;
use lasalle_engine::door::{Bounds, ErrorCode};
use lasalle_engine::engine::{Engine as Inner, Out};
use lasalle_engine::journal::{Hash, Journal, Sizes};
use lasalle_engine::table::{Ask, People, Seen, Side, Table, Teaches};
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::house::House;

/// The compiled house, asked without the interpreter.
pub(crate) struct Compiled(pub(crate) Py<House>);

impl Core for Compiled {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        self.0
            .get()
            .hold(|core| core.take(frames, out))?
            .map_err(|error| error.to_string())
    }

    fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        self.0
            .get()
            .hold(|core| core.take_stamped(frames, out))?
            .map_err(|error| error.to_string())
    }

    fn place(&self) -> (u64, i64, u64) {
        let place = |core: &mut lasalle_house::House| {
            (core.last_number(), core.last_time(), core.last_event())
        };
        self.0.get().hold(place).unwrap_or_default()
    }

    fn snapshot(&self) -> Result<Vec<u8>, String> {
        self.0.get().hold(|core| core.snapshot())
    }
}

/// A core said in Python.
struct Plain(Py<PyAny>);

impl Core for Plain {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        Python::attach(|py| {
            let told = self
                .0
                .call_method1(py, "take", (PyBytes::new(py, frames),))?;
            out.extend_from_slice(told.extract::<&[u8]>(py)?);
            Ok(())
        })
        .map_err(|error: PyErr| error.to_string())
    }

    fn place(&self) -> (u64, i64, u64) {
        Python::attach(|py| {
            let read = |name| self.0.getattr(py, name);
            PyResult::Ok((
                read("last_number")?.extract(py)?,
                read("last_time")?.extract(py)?,
                read("last_event")?.extract(py)?,
            ))
        })
        .unwrap_or((0, 0, 0))
    }

    fn snapshot(&self) -> Result<Vec<u8>, String> {
        Python::attach(|py| self.0.call_method0(py, "snapshot")?.extract(py))
            .map_err(|error: PyErr| error.to_string())
    }
}

type Asks = Vec<(u16, u8, bool, Option<usize>)>;
type Blanked = Vec<(usize, Vec<(usize, usize)>)>;
type Seens = Vec<(u16, Vec<usize>, Blanked)>;
type Lessons = Vec<(u16, String, usize, usize)>;

/// What lasalle.venue.messages says of messages, in the engine's form.
#[derive(FromPyObject)]
struct TableIn {
    asks: Asks,
    seen: Seens,
    teaches: Lessons,
    lose_session: u16,
    schema_version: u16,
}

impl TableIn {
    fn table(self) -> Table {
        let asks = self
            .asks
            .into_iter()
            .map(|(kind, scope, urgent, session_at)| {
                (
                    kind,
                    Ask {
                        scope,
                        urgent,
                        session_at,
                    },
                )
            });
        let seen = self.seen.into_iter().map(|(kind, owners, sides)| {
            let side = |(account_at, blanked)| Side {
                account_at,
                blanked,
            };
            (
                kind,
                Seen {
                    owners,
                    sides: sides.into_iter().map(side).collect(),
                },
            )
        });
        let teaches = self.teaches.into_iter().map(|(kind, what, a, b)| {
            let lesson = match what.as_str() {
                "account" => Teaches::Account(a, b),
                "actor" => Teaches::Actor(a, b),
                _ => Teaches::Operators,
            };
            (kind, lesson)
        });
        Table {
            asks: asks.collect(),
            seen: seen.collect(),
            teaches: teaches.collect(),
            lose_session: self.lose_session,
            schema_version: self.schema_version,
        }
    }
}

/// Where the journal ends, as its reader found it, and how it goes on.
#[derive(FromPyObject)]
struct End {
    segment: String,
    size: u64,
    last: u64,
    chain: Hash,
    digest: Hash,
    segment_bytes: u64,
    headroom_bytes: u64,
    spare_bytes: u64,
}

/// Journal, sequencer and frame door of one house.
#[pyclass(module = "lasalle._core", frozen)]
pub(crate) struct Engine {
    inner: Inner,
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The core's thread may wait for the interpreter, so the interpreter is let go meanwhile.
        Python::attach(|py| py.detach(|| self.inner.stop()));
    }
}

fn code_of(code: u16) -> ErrorCode {
    match code {
        4 => ErrorCode::KeyRefused,
        5 => ErrorCode::ScopeMissing,
        10 => ErrorCode::VenueBusy,
        11 => ErrorCode::VenueStopped,
        _ => ErrorCode::BadFrame,
    }
}

/// Number, chain, digest of the last batch's events, records.
type State<'py> = (
    u64,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
);

#[pymethods]
impl Engine {
    /// An engine on a folder of segments and the core that stands where they end.
    #[new]
    fn new(
        py: Python<'_>,
        folder: PathBuf,
        core: Bound<'_, PyAny>,
        end: End,
        table: TableIn,
        people: (HashMap<u32, u32>, HashMap<u32, u32>),
    ) -> PyResult<Engine> {
        let core: Box<dyn Core> = match core.cast::<House>() {
            Ok(house) => Box::new(Compiled(house.clone().unbind())),
            Err(_) => Box::new(Plain(core.unbind())),
        };
        let people = People {
            actors: people.0.into_iter().collect(),
            accounts: people.1.into_iter().collect(),
        };
        let answers = Answers {
            table: Arc::new(table.table()),
            people,
        };
        py.detach(|| {
            let mut disk = FolderDisk::new(&folder, end.spare_bytes)?;
            disk.set_aside(&end.segment)?;
            let sizes = Sizes {
                segment: end.segment_bytes,
                headroom: end.headroom_bytes,
            };
            let journal = Journal::resume(disk, sizes, end.segment, end.size, end.last, end.chain);
            let inner = Inner::start(journal, Arc::new(Mutex::new(core)), end.digest, answers)?;
            Ok(Engine { inner })
        })
    }

    /// Hands frames over, each (ticket, actor, cause, frames, urgent), for one batch; gives how
    /// many were taken before too many waited.
    fn submit(&self, asked: Vec<(u64, u32, u64, Vec<u8>, bool)>) -> usize {
        self.inner.submit(asked)
    }

    /// What happened since the last call, as tuples that start with a word.
    fn drain(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        self.inner
            .drain()
            .into_iter()
            .map(|out| told(py, out))
            .collect()
    }

    /// Waits until something can be drained, at most so many seconds.
    fn wait(&self, py: Python<'_>, seconds: f64) {
        py.detach(|| self.inner.wait(Duration::from_secs_f64(seconds)));
    }

    /// A descriptor that is readable when something can be drained.
    fn fileno(&self) -> i32 {
        self.inner.fileno()
    }

    /// (number, time, event, chain, digest, why it stopped), all of it durable.
    fn place<'py>(
        &self,
        py: Python<'py>,
    ) -> (
        u64,
        i64,
        u64,
        Bound<'py, PyBytes>,
        Bound<'py, PyBytes>,
        String,
    ) {
        let place = self.inner.place();
        let (chain, digest) = (
            PyBytes::new(py, &place.chain),
            PyBytes::new(py, &place.digest),
        );
        (
            place.number,
            place.time,
            place.event,
            chain,
            digest,
            place.stopped,
        )
    }

    /// (number, chain, digest, records) between two batches. Raises RuntimeError once it stopped.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<State<'py>> {
        let (place, records) = py
            .detach(|| self.inner.snapshot())
            .map_err(PyRuntimeError::new_err)?;
        let bytes = |bytes: &[u8]| PyBytes::new(py, bytes);
        Ok((
            place.number,
            bytes(&place.chain),
            bytes(&place.digest),
            bytes(&records),
        ))
    }

    /// Whether every batch is told, or those alone that hold a ticket.
    fn tap(&self, every_batch: bool) {
        self.inner.tap(every_batch);
    }

    /// Stops the clock at a time in nanoseconds UTC; 0 lets it go.
    fn set_clock(&self, nanoseconds: i64) {
        self.inner.set_clock(nanoseconds);
    }

    /// Opens the frame door; gives its port.
    fn listen(
        &self,
        host: &str,
        port: u16,
        heartbeat_ms: u32,
        most_frame: u32,
        most_in_flight: u32,
        most_connections: usize,
    ) -> PyResult<u16> {
        let listener =
            TcpListener::bind((host, port)).map_err(|e| PyOSError::new_err(e.to_string()))?;
        let port = listener.local_addr()?.port();
        let bounds = Bounds {
            heartbeat_ms,
            most_frame,
            most_in_flight,
            most_connections,
        };
        self.inner.listen(listener, bounds);
        Ok(port)
    }

    fn admit(&self, connection: u64, actor: u32, scopes: u8, session: u32) {
        self.inner.admit(connection, actor, scopes, session);
    }

    fn reject(&self, connection: u64, code: u16, text: String) {
        self.inner.reject(connection, code_of(code), text);
    }

    /// Seals that a session is lost, again and again until it is sealed.
    fn lose_session(&self, session: u32) {
        self.inner.lose_session(session);
    }

    /// Closes the frame door: connections end, their sessions are lost.
    fn shut(&self) {
        self.inner.shut();
    }

    /// Seals what waits and ends.
    fn stop(&self, py: Python<'_>) {
        py.detach(|| self.inner.stop());
    }
}

fn told(py: Python<'_>, out: Out) -> PyResult<Py<PyAny>> {
    let bytes = |bytes: &[u8]| PyBytes::new(py, bytes);
    let made = match out {
        Out::Batch {
            last,
            chain,
            digest,
            events,
            tickets,
        } => {
            let tickets: Vec<_> = tickets
                .iter()
                .map(|t| (t.ticket, t.first, t.last, t.start, t.end))
                .collect();
            (
                "batch",
                last,
                bytes(&chain),
                bytes(&digest),
                bytes(&events),
                tickets,
            )
                .into_pyobject(py)?
        }
        Out::Failed { ticket, code, text } => {
            return Ok(("failed", ticket, code as u16, text)
                .into_pyobject(py)?
                .into_any()
                .unbind());
        }
        Out::Logon {
            connection,
            key,
            signature,
            signed,
            address,
            session,
        } => {
            return Ok((
                "logon",
                connection,
                key,
                bytes(&signature),
                bytes(&signed),
                address,
                session,
            )
                .into_pyobject(py)?
                .into_any()
                .unbind());
        }
        Out::Left { connection } => {
            return Ok(("left", connection).into_pyobject(py)?.into_any().unbind());
        }
        Out::Stopped(why) => return Ok(("stopped", why).into_pyobject(py)?.into_any().unbind()),
    };
    Ok(made.into_any().unbind())
}
