//! The thread of the disk: it seals, writes and flushes a batch while the core takes it.

use crate::disk::Disk;
use crate::engine::{Common, locked};
use crate::journal::{Fault, Hash, Journal, Written};
use crate::watch::Watch;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

pub(crate) type AnyJournal = Journal<Box<dyn Disk>>;

/// Longest memory for a batch that is kept for the next.
const MOST_SPARE_BYTES: usize = 1 << 20;

/// A batch that is to be sealed, written and flushed.
pub(crate) struct Stamped {
    /// The bytes a journal leaves free for its head, then the frames; the core reads them too.
    pub(crate) content: Arc<Vec<u8>>,
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Digest of the events of the batch before.
    pub(crate) events: Hash,
}

enum Job {
    Seal(Stamped),
    Flush(Written),
    End,
}

/// The chain behind a durable batch, or why it is not, and how long the disk took.
type Done = (Result<Hash, Fault>, Duration);

/// One place for what is to be done, one for what came of it.
struct Line {
    journal: Mutex<AnyJournal>,
    job: Mutex<Option<Job>>,
    has_job: AtomicBool,
    sleeps: AtomicBool,
    wake: Condvar,
    done: Mutex<Option<Done>>,
    is_done: AtomicBool,
}

/// The journal, and the thread of its disk. One batch is out at a time, and nobody touches the journal
/// beside it.
pub(crate) struct Flusher {
    line: Arc<Line>,
    thread: Option<JoinHandle<()>>,
}

impl Flusher {
    pub(crate) fn start(journal: AnyJournal, common: Arc<Common>) -> io::Result<Flusher> {
        let line = Arc::new(Line {
            journal: Mutex::new(journal),
            job: Mutex::default(),
            has_job: AtomicBool::new(false),
            sleeps: AtomicBool::new(false),
            wake: Condvar::new(),
            done: Mutex::default(),
            is_done: AtomicBool::new(false),
        });
        let own = line.clone();
        let work = move || own.work(&common);
        let thread = Builder::new().name("flusher".into()).spawn(work)?;
        Ok(Flusher {
            line,
            thread: Some(thread),
        })
    }

    /// The journal; no flush is out.
    pub(crate) fn journal(&self) -> MutexGuard<'_, AnyJournal> {
        locked(&self.line.journal)
    }

    /// Has a batch sealed, written and made durable; `done` tells of it.
    pub(crate) fn seal(&self, stamped: Stamped) {
        self.line.put(Job::Seal(stamped));
    }

    /// Has what was written made durable; `done` tells of it.
    pub(crate) fn flush(&self, written: Written) {
        self.line.put(Job::Flush(written));
    }

    /// Whether the flush is over.
    pub(crate) fn is_done(&self) -> bool {
        self.line.is_done.load(Ordering::SeqCst)
    }

    /// What came of the batch, once its flush is over.
    pub(crate) fn done(&self) -> Option<Done> {
        if !self.is_done() {
            return None;
        }
        self.line.is_done.store(false, Ordering::SeqCst);
        locked(&self.line.done).take()
    }

    /// Whether the thread ended though nobody asked it to.
    pub(crate) fn is_gone(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Ends the thread; then the folder holds batches alone.
    pub(crate) fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.line.put(Job::End);
            let _ = thread.join();
            let _ = self.journal().close();
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.end();
    }
}

impl Line {
    fn put(&self, job: Job) {
        let mut place = locked(&self.job);
        *place = Some(job);
        self.has_job.store(true, Ordering::SeqCst);
        if self.sleeps.load(Ordering::SeqCst) {
            self.wake.notify_one();
        }
    }

    fn next(&self, watch: &mut Watch) -> Job {
        watch.begin();
        while !self.has_job.load(Ordering::SeqCst) && watch.again() {
            std::hint::spin_loop();
        }
        if self.has_job.load(Ordering::SeqCst) {
            watch.end();
        }
        let mut place = locked(&self.job);
        loop {
            if let Some(job) = place.take() {
                self.has_job.store(false, Ordering::SeqCst);
                return job;
            }
            self.sleeps.store(true, Ordering::SeqCst);
            let woken = self.wake.wait(place);
            place = woken.unwrap_or_else(std::sync::PoisonError::into_inner);
            self.sleeps.store(false, Ordering::SeqCst);
        }
    }

    fn work(&self, common: &Common) {
        let mut watch = Watch::new();
        let mut room = Vec::new();
        loop {
            let job = self.next(&mut watch);
            let began = Instant::now();
            let flushed = match job {
                Job::Seal(stamped) => seal(&mut locked(&self.journal), stamped, &mut room),
                Job::Flush(written) => locked(&self.journal).flush(written),
                Job::End => return,
            };
            *locked(&self.done) = Some((flushed, began.elapsed()));
            self.is_done.store(true, Ordering::SeqCst);
            common.stir();
        }
    }
}

/// `room` is memory for the sealed batch: the frames stay as they are for who else reads them.
fn seal(journal: &mut AnyJournal, stamped: Stamped, room: &mut Vec<u8>) -> Result<Hash, Fault> {
    let Stamped {
        content,
        first,
        last,
        events,
    } = stamped;
    room.clear();
    room.extend_from_slice(&content);
    drop(content);
    let written = journal.write(room, first, last, &events);
    let sealed = written.and_then(|written| journal.flush(written));
    room.clear();
    room.shrink_to(MOST_SPARE_BYTES);
    sealed
}
