//! The thread that seals: what waits becomes a batch with numbers and a time, is written, flushed,
//! and taken by the core beside the flush.
//!
//! One batch is out at a time. A batch behind one that is not durable yet must not reach the disk
//! before it: a power cut would leave a sound batch behind a torn one, which the journal refuses.

use crate::core::{CoreThread, Shared, Step};
use crate::disk::Disk;
use crate::door::ErrorCode;
use crate::engine::{Common, MOST_UNREAD, Place, locked};
use crate::gate::{Next, tickets};
use crate::journal::{FRAMES_AT, Fault, Journal};
use crate::outcomes::State;
use crate::pace::Pace;
use crate::waiting::Run;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Latest venue time the core takes, nanoseconds UTC (in the year 2116).
const LATEST_TIME: i64 = 1 << 62;

pub(crate) struct Sealer<D: Disk> {
    journal: Journal<D>,
    core_thread: CoreThread,
    core: Shared,
    common: Arc<Common>,
    schema_version: u16,
    place: Place,
    pace: Pace,
    step: u64,
}

impl<D: Disk> Sealer<D> {
    pub(crate) fn new(
        journal: Journal<D>,
        core: Shared,
        core_thread: CoreThread,
        common: Arc<Common>,
        schema_version: u16,
    ) -> Sealer<D> {
        let place = locked(&common.place).clone();
        Sealer {
            journal,
            core_thread,
            core,
            common,
            schema_version,
            place,
            pace: Pace::default(),
            step: 0,
        }
    }

    /// Seals until the gate ends; then the folder holds batches alone.
    pub(crate) fn run(mut self) {
        loop {
            let common = self.common.clone();
            let is_choked = || common.unread.load(Ordering::Relaxed) > MOST_UNREAD;
            match common.gate.next(is_choked, &self.pace) {
                Next::Seal(run) => {
                    common.waiting.fetch_sub(tickets(&run), Ordering::Relaxed);
                    self.commit(run);
                }
                Next::Ask(reply) => {
                    let state = self.state();
                    let step = self.next_step();
                    self.core_thread.give(step, Step::State(reply, state));
                    self.over(step);
                }
                Next::End => break,
            }
        }
        let _ = self.journal.close();
    }

    fn next_step(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    /// Nothing of this step is to be flushed any more.
    fn over(&self, step: u64) {
        self.common.outcomes.is_durable(step);
        self.common.stir();
    }

    fn state(&self) -> State {
        if !self.place.stopped.is_empty() {
            return Err(self.place.stopped.clone());
        }
        let core = self
            .core
            .lock()
            .map_err(|_| "the core stopped".to_string())?;
        Ok((self.place.clone(), core.snapshot()?))
    }

    fn commit(&mut self, run: Run) {
        let now = self.now();
        if now > LATEST_TIME {
            let why = format!("the clock tells {now} ns: expected at most {LATEST_TIME}");
            return self.refuse(run, ErrorCode::ClockWrong, &why);
        }
        match self.seal(run) {
            Ok(()) => {}
            Err((mut run, fault @ Fault::Full(_))) => {
                // An order that waits beside a cancel must not cost the cancel its headroom.
                run.keep_urgent(&fault.to_string());
                if let Err((rest, fault)) = self.seal(run) {
                    self.refuse(rest, ErrorCode::JournalFull, &fault.to_string());
                }
            }
            Err((run, fault)) => {
                self.stop(&fault.to_string());
                self.refuse(run, ErrorCode::VenueStopped, &fault.to_string());
            }
        }
    }

    /// Writes a batch, has the core take it beside the flush, and waits for both. Gives the run
    /// back where nothing of it was sealed.
    fn seal(&mut self, mut run: Run) -> Result<(), (Run, Fault)> {
        if !self.place.stopped.is_empty() {
            return Err((run, Fault::Broken(self.place.stopped.clone())));
        }
        let bytes = run.bytes();
        if bytes == 0 {
            self.refuse(run, ErrorCode::BadFrame, "no command");
            return Ok(());
        }
        let urgent = run.items.iter().all(|item| item.urgent);
        if let Err(fault) = self.journal.check_room(bytes, urgent) {
            return Err((run, fault));
        }
        let (first, time) = (self.place.number + 1, self.now().max(self.place.time));
        let last = run.stamp(self.schema_version, first, time);
        let (digest, count, began) = (self.place.digest, run.items.len(), Instant::now());
        let written = match self.journal.write(&mut run.content, first, last, &digest) {
            Ok(written) => written,
            Err(fault) => {
                run.content.truncate(FRAMES_AT + bytes);
                return Err((run, fault));
            }
        };
        let (step, chain) = (self.next_step(), written.chain);
        self.core_thread.give(step, Step::Take { run, chain });
        let flushed = self.journal.flush(written);
        let disk_time = began.elapsed();
        match &flushed {
            Ok(()) => self.over(step),
            Err(fault) => {
                let why = format!("{fault}; what was not acknowledged may be lost");
                self.stop(&why);
                self.common.outcomes.has_failed(step, why);
                self.common.stir();
            }
        }
        match self.core_thread.stand() {
            Ok(stand) => {
                (self.place.number, self.place.time, self.place.event) = stand.place;
                (self.place.chain, self.place.digest) = (chain, stand.digest);
                self.pace.learn(count, stand.took, disk_time);
            }
            Err(why) => self.stop(&why),
        }
        Ok(())
    }

    fn refuse(&mut self, mut run: Run, code: ErrorCode, text: &str) {
        for item in &mut run.items {
            item.refuse(code, text);
        }
        let step = self.next_step();
        let stopped = Some(self.place.stopped.clone()).filter(|why| !why.is_empty());
        self.core_thread.give(step, Step::Refuse { run, stopped });
        self.over(step);
    }

    fn stop(&mut self, why: &str) {
        if self.place.stopped.is_empty() {
            self.place.stopped = why.to_string();
        }
    }

    fn now(&self) -> i64 {
        let stopped = self.common.clock.load(Ordering::Relaxed);
        if stopped != 0 {
            return stopped;
        }
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos() as i64)
    }
}
