//! What the engine needs of a core, and the thread on which the core takes batches.

use crate::answers::{Answers, Item, Taken};
use crate::journal::FRAMES_AT;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};

/// A core, compiled or plain.
pub trait Core: Send {
    /// Carries out command frames and appends the event frames.
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String>;
    /// Last number taken, venue time, last event.
    fn place(&self) -> (u64, i64, u64);
    /// The state as record frames.
    fn snapshot(&self) -> Result<Vec<u8>, String>;
}

impl Core for lasalle_house::House {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        lasalle_house::House::take(self, frames, out).map_err(|error| error.to_string())
    }

    fn place(&self) -> (u64, i64, u64) {
        (self.last_number(), self.last_time(), self.last_event())
    }

    fn snapshot(&self) -> Result<Vec<u8>, String> {
        Ok(lasalle_house::House::snapshot(self))
    }
}

/// A core that the engine and its owner share; batches go in between whole.
pub type Shared = Arc<Mutex<Box<dyn Core>>>;

/// A sealed batch on its way to the core: bytes as written, and what each command came from.
pub(crate) struct Batch {
    pub(crate) content: Vec<u8>,
    pub(crate) items: Vec<Item>,
    pub(crate) answers: Answers,
}

/// The batch back from the core; `taken` says why the core stopped where it did.
pub(crate) struct Done {
    pub(crate) batch: Batch,
    pub(crate) taken: Result<Taken, String>,
}

/// The thread on which the core takes batches beside the flush.
pub(crate) struct CoreThread {
    to: Option<Sender<Batch>>,
    from: Receiver<Done>,
    thread: Option<JoinHandle<()>>,
}

impl CoreThread {
    pub(crate) fn start(core: Shared) -> std::io::Result<CoreThread> {
        let (to, batches) = channel::<Batch>();
        let (done, from) = channel::<Done>();
        let thread = Builder::new().name("core".into()).spawn(move || {
            for batch in batches {
                if done.send(take(&core, batch)).is_err() {
                    return;
                }
            }
        })?;
        Ok(CoreThread {
            to: Some(to),
            from,
            thread: Some(thread),
        })
    }

    pub(crate) fn give(&self, batch: Batch) {
        let to = self
            .to
            .as_ref()
            .expect("the thread takes batches until it is dropped");
        to.send(batch)
            .expect("the core's thread lives until it is dropped");
    }

    pub(crate) fn wait(&self) -> Done {
        self.from
            .recv()
            .expect("the core's thread answers every batch")
    }
}

impl Drop for CoreThread {
    fn drop(&mut self) {
        self.to = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn take(core: &Shared, mut batch: Batch) -> Done {
    let taken = catch_unwind(AssertUnwindSafe(|| {
        let mut core = core.lock().map_err(|_| "it stopped before".to_string())?;
        let mut events = Vec::with_capacity(batch.content.len() * 2);
        let end = batch.content.len() - 4;
        core.take(&batch.content[FRAMES_AT..end], &mut events)?;
        Ok(batch.answers.share_out(&batch.items, events, core.place()))
    }));
    let taken = taken.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()));
        Err(said.unwrap_or_else(|| "it panicked".to_string()))
    });
    Done { batch, taken }
}
