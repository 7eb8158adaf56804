//! The engine as its owner holds it: submissions go in, batches and answers come out in order.

use crate::answers::{Answers, Ticketed};
use crate::core::Shared;
use crate::disk::Disk;
use crate::door::{Bounds, ErrorCode};
use crate::flusher::Flusher;
use crate::journal::{Hash, Journal};
use crate::poll::Bell;
use crate::sealer::Sealer;
use crate::sequencer::Sequencer;
use std::io;
use std::net::TcpListener;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Submissions that may wait; past it `submit` says busy and sockets are not read.
pub const MOST_WAITING: usize = 16_384;
/// Bytes of events that may wait for the owner; past it nothing more is sealed until it reads.
pub const MOST_UNREAD: usize = 64 * 1024 * 1024;

/// Where the state as records and its place go, or why there is none.
pub(crate) type StateReply = Sender<Result<(Place, Vec<u8>), String>>;

/// What goes to the engine's thread.
pub(crate) enum In {
    /// Frames that lack number, time and actor; they stay in one batch.
    Submit {
        ticket: u64,
        actor: u32,
        cause: u64,
        frames: Vec<u8>,
        urgent: bool,
    },
    Listen(TcpListener, Bounds),
    /// A connection passed its logon.
    Admit {
        connection: u64,
        actor: u32,
        scopes: u8,
        session: u32,
    },
    Reject {
        connection: u64,
        code: ErrorCode,
        text: String,
    },
    LoseSession(u32),
    /// The state between two batches, with its place.
    Snapshot(StateReply),
    Shut,
    Stop,
}

/// What the owner hears.
#[derive(Debug)]
pub enum Out {
    /// A batch that is durable and taken, in order.
    Batch {
        last: u64,
        chain: Hash,
        digest: Hash,
        events: Arc<Vec<u8>>,
        tickets: Vec<Ticketed>,
    },
    /// A submission that was not sealed: nothing happened.
    Failed {
        ticket: u64,
        code: ErrorCode,
        text: String,
    },
    /// A connection wants to log on: key, signature over `signed`, address, whether it wants a
    /// session.
    Logon {
        connection: u64,
        key: String,
        signature: Vec<u8>,
        signed: Vec<u8>,
        address: String,
        session: bool,
    },
    /// A connection that asked to log on ended; the loss of its session is being sealed.
    Left { connection: u64 },
    /// Nothing more is sealed, for this reason.
    Stopped(String),
}

/// Where the engine stands, all of it durable.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub number: u64,
    pub time: i64,
    pub event: u64,
    pub chain: Hash,
    pub digest: Hash,
    pub stopped: String,
}

/// What the owner and the engine's threads touch.
pub(crate) struct Common {
    pub(crate) inbox: Mutex<Vec<In>>,
    /// Submissions of the owner that no batch has taken.
    pub(crate) waiting: AtomicUsize,
    /// Whether the thread that answers sleeps, so that the end of a flush must ring.
    pub(crate) sleeps: AtomicBool,
    pub(crate) bell: Bell,
    pub(crate) outbox: Mutex<Vec<Out>>,
    pub(crate) unread: AtomicUsize,
    pub(crate) heard: Condvar,
    pub(crate) owner: Bell,
    pub(crate) place: Mutex<Place>,
    /// Whether the owner listens to every batch.
    pub(crate) tapped: AtomicBool,
    /// Time of a stopped clock, nanoseconds UTC; 0 asks the system.
    pub(crate) clock: AtomicI64,
    /// Submissions that were heard and are not sealed, as a test sees them.
    #[cfg(test)]
    pub(crate) heard_items: AtomicUsize,
}

impl Common {
    fn new(place: Place) -> io::Result<Common> {
        Ok(Common {
            inbox: Mutex::default(),
            waiting: AtomicUsize::new(0),
            sleeps: AtomicBool::new(false),
            bell: Bell::new()?,
            outbox: Mutex::default(),
            unread: AtomicUsize::new(0),
            heard: Condvar::new(),
            owner: Bell::new()?,
            place: Mutex::new(place),
            tapped: AtomicBool::new(false),
            clock: AtomicI64::new(0),
            #[cfg(test)]
            heard_items: AtomicUsize::new(0),
        })
    }

    /// Wakes the thread that answers where it sleeps.
    pub(crate) fn stir(&self) {
        if self.sleeps.swap(false, Ordering::SeqCst) {
            self.bell.ring();
        }
    }

    /// Tells the owner; the bytes of a batch count as unread before it.
    pub(crate) fn tell(&self, out: Out) {
        let mut outbox = locked(&self.outbox);
        let first = outbox.is_empty();
        outbox.push(out);
        drop(outbox);
        if first {
            self.heard.notify_all();
            self.owner.ring();
        }
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A venue's engine. Dropping it stops it.
pub struct Engine {
    common: Arc<Common>,
    core: Shared,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Engine {
    /// Starts an engine on a journal and the core that stands where the journal ends; `digest` is
    /// of the events the last batch gave.
    pub fn start<D: Disk + 'static>(
        journal: Journal<D>,
        core: Shared,
        digest: Hash,
        answers: Answers,
    ) -> io::Result<Engine> {
        let (number, time, event) = locked(&core).place();
        if number != journal.last {
            let text = format!("core at number {number}, journal at {}", journal.last);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let chain = journal.chain;
        let place = Place {
            number,
            time,
            event,
            chain,
            digest,
            stopped: String::new(),
        };
        let common = Arc::new(Common::new(place)?);
        let table = answers.table.clone();
        let flusher = Flusher::start(journal.on_any(), common.clone())?;
        let sealer = Sealer::new(flusher, core.clone(), answers);
        let sequencer = Sequencer::new(common.clone(), table, sealer)?;
        let named = Builder::new().name("sequencer".into());
        let thread = named.spawn(move || sequencer.run())?;
        Ok(Engine {
            common,
            core,
            thread: Mutex::new(Some(thread)),
        })
    }

    fn put(&self, what: In) {
        locked(&self.common.inbox).push(what);
        self.common.bell.ring();
    }

    /// Hands frames over, each with ticket, actor, cause, and whether it is urgent: they reach one
    /// batch. Gives how many were taken before too many waited.
    pub fn submit(&self, asked: Vec<(u64, u32, u64, Vec<u8>, bool)>) -> usize {
        let room = MOST_WAITING.saturating_sub(self.common.waiting.load(Ordering::Relaxed));
        let taken = room.min(asked.len());
        self.common.waiting.fetch_add(taken, Ordering::Relaxed);
        let mut inbox = locked(&self.common.inbox);
        for (ticket, actor, cause, frames, urgent) in asked.into_iter().take(taken) {
            inbox.push(In::Submit {
                ticket,
                actor,
                cause,
                frames,
                urgent,
            });
        }
        drop(inbox);
        self.common.bell.ring();
        taken
    }

    /// What happened since the last call, in order.
    pub fn drain(&self) -> Vec<Out> {
        self.common.owner.quiet();
        let found = std::mem::take(&mut *locked(&self.common.outbox));
        let bytes = found.iter().map(|out| {
            if let Out::Batch { events, .. } = out {
                events.len()
            } else {
                0
            }
        });
        let before = self
            .common
            .unread
            .fetch_sub(bytes.clone().sum(), Ordering::Relaxed);
        if before > MOST_UNREAD {
            self.common.bell.ring();
        }
        found
    }

    /// Waits until something can be drained.
    pub fn wait(&self, most: Duration) {
        let outbox = locked(&self.common.outbox);
        let _ = self
            .common
            .heard
            .wait_timeout_while(outbox, most, |found| found.is_empty());
    }

    /// Readable when something can be drained.
    pub fn fileno(&self) -> RawFd {
        self.common.owner.fd()
    }

    pub fn place(&self) -> Place {
        locked(&self.common.place).clone()
    }

    /// The state as record frames and its place, between two batches: all of it is durable.
    pub fn snapshot(&self) -> Result<(Place, Vec<u8>), String> {
        let (reply, state) = channel();
        if locked(&self.thread).is_some() {
            self.put(In::Snapshot(reply));
            if let Ok(found) = state.recv() {
                return found;
            }
        }
        let place = self.place();
        if !place.stopped.is_empty() {
            return Err(place.stopped);
        }
        let core = self
            .core
            .lock()
            .map_err(|_| "the core stopped".to_string())?;
        Ok((place, core.snapshot()?))
    }

    pub fn tap(&self, every_batch: bool) {
        self.common.tapped.store(every_batch, Ordering::Relaxed);
    }

    /// Stops the clock at a time; 0 lets it go.
    pub fn set_clock(&self, nanoseconds: i64) {
        self.common.clock.store(nanoseconds, Ordering::Relaxed);
    }

    pub fn listen(&self, listener: TcpListener, bounds: Bounds) {
        self.put(In::Listen(listener, bounds));
    }

    pub fn admit(&self, connection: u64, actor: u32, scopes: u8, session: u32) {
        self.put(In::Admit {
            connection,
            actor,
            scopes,
            session,
        });
    }

    pub fn reject(&self, connection: u64, code: ErrorCode, text: String) {
        self.put(In::Reject {
            connection,
            code,
            text,
        });
    }

    /// Seals that a session is lost, again and again until it is sealed.
    pub fn lose_session(&self, session: u32) {
        self.put(In::LoseSession(session));
    }

    /// Closes the door: connections end, their sessions are lost.
    pub fn shut(&self) {
        self.put(In::Shut);
    }

    /// Seals what waits, ends the threads, leaves batches alone in the folder.
    pub fn stop(&self) {
        if let Some(thread) = locked(&self.thread).take() {
            self.put(In::Stop);
            let _ = thread.join();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
