//! What became of the sealer's steps, on its way back to the thread that answers. A step is answered
//! in its place, once it is both durable and taken.

use crate::answers::Taken;
use crate::engine::{Place, locked};
use crate::journal::Hash;
use crate::waiting::Item;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;

/// The state as records and its place, or why there is none.
pub(crate) type State = Result<(Place, Vec<u8>), String>;
pub(crate) type StateReply = Sender<State>;

/// What the core's thread made of one step.
pub(crate) enum Outcome {
    /// A batch that was sealed, and the chain behind it; `taken` says why the core stopped.
    Batch {
        items: Vec<Item>,
        chain: Hash,
        taken: Result<Taken, String>,
    },
    /// Nothing of these was sealed: what each connection is told, and how many answers that is.
    Refused {
        items: Vec<Item>,
        connections: Vec<(u64, Vec<u8>, u32)>,
        /// Why nothing more is sealed, where that is so.
        stopped: Option<String>,
    },
    State(StateReply, State),
}

/// Outcomes in the order of their steps, and how far the disk is.
#[derive(Default)]
pub(crate) struct Outcomes {
    waiting: Mutex<VecDeque<(u64, Outcome)>>,
    count: AtomicUsize,
    /// Steps up to this one are durable, or had nothing to flush.
    durable: AtomicU64,
    /// The step whose flush failed, and why; no step after it becomes durable.
    failed: Mutex<Option<(u64, String)>>,
}

impl Outcomes {
    /// Puts the outcome of a step behind the others.
    pub(crate) fn put(&self, step: u64, outcome: Outcome) {
        locked(&self.waiting).push_back((step, outcome));
        self.count.fetch_add(1, Ordering::SeqCst);
    }

    /// The disk has everything up to this step.
    pub(crate) fn is_durable(&self, step: u64) {
        self.durable.store(step, Ordering::SeqCst);
    }

    /// The flush of this step failed.
    pub(crate) fn has_failed(&self, step: u64, why: String) {
        *locked(&self.failed) = Some((step, why));
        self.durable.store(step, Ordering::SeqCst);
    }

    /// Whether `next` would give one.
    pub(crate) fn is_ready(&self) -> bool {
        let waiting = locked(&self.waiting);
        let durable = self.durable.load(Ordering::SeqCst);
        waiting.front().is_some_and(|(step, _)| *step <= durable)
    }

    /// The next outcome whose flush is over, and why the flush failed where it did.
    pub(crate) fn next(&self) -> Option<(Outcome, Option<String>)> {
        if self.count.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let mut waiting = locked(&self.waiting);
        let step = waiting.front()?.0;
        if step > self.durable.load(Ordering::SeqCst) {
            return None;
        }
        let (_, outcome) = waiting.pop_front()?;
        self.count.fetch_sub(1, Ordering::SeqCst);
        let failed = locked(&self.failed);
        let why = failed.as_ref().filter(|(from, _)| *from == step);
        Some((outcome, why.map(|(_, why)| why.clone())))
    }
}
