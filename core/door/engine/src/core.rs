//! What the engine needs of a core, and the thread on which the core takes batches.

use crate::answers::{Answers, refusals};
use crate::engine::Common;
use crate::journal::{FRAMES_AT, Hash, sha256};
use crate::outcomes::{Outcome, State, StateReply};
use crate::waiting::Run;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// A core, compiled or plain.
pub trait Core: Send {
    /// Carries out command frames and appends the event frames.
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String>;
    /// The same for frames that this process stamped itself: they need not be summed again.
    fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        self.take(frames, out)
    }
    /// Last number taken, venue time, last event.
    fn place(&self) -> (u64, i64, u64);
    /// The state as record frames.
    fn snapshot(&self) -> Result<Vec<u8>, String>;
}

impl Core for lasalle_house::House {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        lasalle_house::House::take(self, frames, out).map_err(|error| error.to_string())
    }

    fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        lasalle_house::House::take_stamped(self, frames, out).map_err(|error| error.to_string())
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

/// One step of the sealer, for the core's thread.
pub(crate) enum Step {
    /// A sealed batch: its bytes as written, and the chain behind it.
    Take { run: Run, chain: Hash },
    /// Nothing of it was sealed, for reasons its items tell.
    Refuse { run: Run, stopped: Option<String> },
    /// What was asked between two batches.
    State(StateReply, State),
}

/// Where the core stands behind a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand {
    /// Last number, venue time, last event.
    pub(crate) place: (u64, i64, u64),
    /// Digest of the batch's events.
    pub(crate) digest: Hash,
    /// How long the core had the batch.
    pub(crate) took: Duration,
}

/// The thread on which the core takes batches beside their flush, and answers are written.
pub(crate) struct CoreThread {
    to: Option<Sender<(u64, Step)>>,
    from: Receiver<Result<Stand, String>>,
    thread: Option<JoinHandle<()>>,
}

impl CoreThread {
    pub(crate) fn start(
        core: Shared,
        answers: Answers,
        common: Arc<Common>,
    ) -> std::io::Result<CoreThread> {
        let (to, steps) = channel();
        let (stands, from) = channel();
        let mut desk = Desk {
            core,
            answers,
            common,
            stands,
        };
        let thread = Builder::new().name("core".into()).spawn(move || {
            for (number, step) in steps {
                desk.work(number, step);
            }
        })?;
        Ok(CoreThread {
            to: Some(to),
            from,
            thread: Some(thread),
        })
    }

    /// Hands over the step of this number; steps are worked in their order.
    pub(crate) fn give(&self, number: u64, step: Step) {
        let to = self
            .to
            .as_ref()
            .expect("the thread works until it is dropped");
        to.send((number, step))
            .expect("the core's thread lives until it is dropped");
    }

    /// Waits for the stand behind the batch given last.
    pub(crate) fn stand(&self) -> Result<Stand, String> {
        self.from
            .recv()
            .expect("the core's thread tells of every batch")
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

/// What the core's thread works with.
struct Desk {
    core: Shared,
    answers: Answers,
    common: Arc<Common>,
    stands: Sender<Result<Stand, String>>,
}

impl Desk {
    fn work(&mut self, number: u64, step: Step) {
        let outcome = match step {
            Step::Take { run, chain } => self.take(run, chain),
            Step::Refuse { mut run, stopped } => {
                let items = std::mem::take(&mut run.items);
                let connections = refusals(&items);
                self.common.gate.give_back(run);
                Outcome::Refused {
                    items,
                    connections,
                    stopped,
                }
            }
            Step::State(reply, state) => Outcome::State(reply, state),
        };
        self.common.outcomes.put(number, outcome);
        self.common.stir();
    }

    /// Tells the sealer the digest before answers are written: the next batch waits for it.
    fn take(&mut self, mut run: Run, chain: Hash) -> Outcome {
        let end = run.content.len() - 4;
        let frames = &run.content[FRAMES_AT..end];
        let mut events = Vec::with_capacity(frames.len() * 3);
        let began = Instant::now();
        let taken = guarded(|| {
            let mut core = self
                .core
                .lock()
                .map_err(|_| "it stopped before".to_string())?;
            core.take_stamped(frames, &mut events)?;
            Ok(Stand {
                place: core.place(),
                digest: sha256(&events),
                took: began.elapsed(),
            })
        });
        let items = std::mem::take(&mut run.items);
        let taken = taken.map_err(|why| {
            let first = items.first().map_or(0, |item| item.first);
            let last = items.last().map_or(0, |item| item.last);
            format!(
                "the core stopped at number {first}, in the sealed batch {first} to {last}: {why}"
            )
        });
        let _ = self.stands.send(taken.clone());
        let taken = taken.and_then(|stand| {
            guarded(|| {
                let Stand { digest, place, .. } = stand;
                Ok(self.answers.share_out(&items, events, digest, place))
            })
        });
        self.common.gate.give_back(run);
        Outcome::Batch {
            items,
            chain,
            taken,
        }
    }
}

/// What was asked, or the words of the panic it ended in.
fn guarded<T>(ask: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()));
        Err(said.unwrap_or_else(|| "it panicked".to_string()))
    })
}
