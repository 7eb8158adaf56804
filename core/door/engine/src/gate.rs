//! What waits between the thread that hears and the thread that seals. The sealer takes all of it
//! the moment the disk is free, so that nothing waits beside an idle disk.

use crate::engine::locked;
use crate::outcomes::StateReply;
use crate::pace::Pace;
use crate::waiting::{Origin, Run};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long the sealer looks again before it sleeps: waking costs more than it.
const LOOKS: Duration = Duration::from_micros(150);
/// Runs whose memory is kept for the next batches.
const MOST_SPARE: usize = 4;

/// What the sealer is to do next.
pub(crate) enum Next {
    Seal(Run),
    /// Someone wants the state between two batches.
    Ask(StateReply),
    End,
}

#[derive(Default)]
struct Held {
    run: Run,
    asks: Vec<StateReply>,
    ended: bool,
    sleeps: bool,
    spare: Vec<Run>,
}

#[derive(Default)]
pub(crate) struct Gate {
    held: Mutex<Held>,
    wake: Condvar,
    items: AtomicUsize,
    bytes: AtomicUsize,
    asked: AtomicBool,
}

impl Gate {
    /// Submissions that wait.
    pub(crate) fn items(&self) -> usize {
        self.items.load(Ordering::Relaxed)
    }

    /// Bytes of frames that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Puts a run behind what waits, and leaves it empty.
    pub(crate) fn offer(&self, run: &mut Run) {
        let mut held = locked(&self.held);
        if held.run.is_empty() {
            std::mem::swap(&mut held.run, run);
        } else {
            held.run.append(run);
        }
        self.count(&held.run);
        self.stir(&mut held);
    }

    fn count(&self, run: &Run) {
        self.items.store(run.items.len(), Ordering::Relaxed);
        self.bytes.store(run.bytes(), Ordering::Relaxed);
    }

    /// Asks for the state between two batches.
    pub(crate) fn ask(&self, reply: StateReply) {
        let mut held = locked(&self.held);
        held.asks.push(reply);
        self.asked.store(true, Ordering::Relaxed);
        self.stir(&mut held);
    }

    /// Nothing more is offered.
    pub(crate) fn end(&self) {
        let mut held = locked(&self.held);
        held.ended = true;
        self.asked.store(true, Ordering::Relaxed);
        self.stir(&mut held);
    }

    /// Has the sealer look again.
    pub(crate) fn look(&self) {
        self.stir(&mut locked(&self.held));
    }

    fn stir(&self, held: &mut Held) {
        if held.sleeps {
            held.sleeps = false;
            self.wake.notify_one();
        }
    }

    /// Memory of a run that is done with.
    pub(crate) fn give_back(&self, mut run: Run) {
        run.clear();
        let mut held = locked(&self.held);
        if held.spare.len() < MOST_SPARE {
            held.spare.push(run);
        }
    }

    /// Waits for something to do, and gives as much of what waits as the pace makes a batch.
    /// Nothing is taken while `is_choked`, except at the end.
    pub(crate) fn next(&self, is_choked: impl Fn() -> bool, pace: &Pace) -> Next {
        if pace.is_quick() {
            self.watch();
        }
        let mut held = locked(&self.held);
        loop {
            if let Some(reply) = held.asks.pop() {
                return Next::Ask(reply);
            }
            if !held.run.is_empty() && (held.ended || !is_choked()) {
                let mut other = held.spare.pop().unwrap_or_default();
                let share = pace.share(held.run.items.len());
                if share == held.run.items.len() {
                    std::mem::swap(&mut held.run, &mut other);
                } else {
                    held.run.part(share, &mut other);
                }
                self.count(&held.run);
                return Next::Seal(other);
            }
            if held.ended {
                return Next::End;
            }
            self.asked.store(false, Ordering::Relaxed);
            held.sleeps = true;
            held = self
                .wake
                .wait(held)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// Looks for a while, so that who comes soon need not wake anyone.
    fn watch(&self) {
        let until = Instant::now() + LOOKS;
        while self.items() == 0 && !self.asked.load(Ordering::Relaxed) && Instant::now() < until {
            std::thread::yield_now();
        }
    }
}

/// How many of a run came from programs in this process.
pub(crate) fn tickets(run: &Run) -> usize {
    let is_ticket = |origin: &Origin| matches!(origin, Origin::Ticket(_));
    run.items
        .iter()
        .filter(|item| is_ticket(&item.origin))
        .count()
}
