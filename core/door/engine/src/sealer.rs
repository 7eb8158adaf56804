//! How what was heard becomes a batch with numbers and a time, and is sealed, written and flushed
//! beside the core that takes it.
//!
//! One batch is out at a time. A batch behind one that is not durable yet must not reach the disk
//! before it: a power cut would leave a sound batch behind a torn one, which the journal refuses.

use crate::answers::{Answers, Spare, Ticketed, Told, refusals};
use crate::core::{Shared, guarded};
use crate::door::ErrorCode;
use crate::engine::{MOST_UNREAD, Out, locked};
use crate::flusher::{Flusher, Stamped};
use crate::hold::Hold;
use crate::journal::{FRAMES_AT, Fault, Hash, sha256};
use crate::pace::Pace;
use crate::sequencer::Sequencer;
use crate::waiting::{Item, Origin, Run};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Latest venue time the core takes, nanoseconds UTC (in the year 2116).
const LATEST_TIME: i64 = 1 << 62;

/// A batch as the core took it.
struct Taken {
    events: Vec<u8>,
    /// Digest of the events, where it is known already.
    digest: Option<Hash>,
    /// Last number, venue time, last event.
    place: (u64, i64, u64),
    tickets: Vec<Ticketed>,
    connections: Told,
}

/// A batch that was taken, and whose flush is not over yet.
struct Sent {
    items: Vec<Item>,
    content: Arc<Vec<u8>>,
    /// Why the core stopped, where it did.
    taken: Result<Taken, String>,
}

/// What makes batches of what was heard.
pub(crate) struct Sealer {
    pub(crate) flusher: Flusher,
    core: Shared,
    answers: Answers,
    pace: Pace,
    hold: Hold,
    sent: Option<Sent>,
    /// Memory for the next run, the next events and the next answers.
    spare_run: Run,
    spare_events: Vec<u8>,
    spare_answers: Spare,
}

impl Sealer {
    pub(crate) fn new(flusher: Flusher, core: Shared, answers: Answers) -> Sealer {
        Sealer {
            flusher,
            core,
            answers,
            pace: Pace::default(),
            hold: Hold::new(Instant::now()),
            sent: None,
            spare_run: Run::default(),
            spare_events: Vec::new(),
            spare_answers: Spare::default(),
        }
    }

    /// Whether a batch is out.
    pub(crate) fn is_out(&self) -> bool {
        self.sent.is_some()
    }

    /// Whether the flush of the batch that is out is over.
    pub(crate) fn is_flushed(&self) -> bool {
        self.sent.is_some() && self.flusher.is_done()
    }

    /// Memory of answers that were said.
    pub(crate) fn give_back(&mut self, answers: Vec<u8>) {
        self.spare_answers.give_back(answers);
    }

    /// The state as records.
    pub(crate) fn snapshot(&self) -> Result<Vec<u8>, String> {
        let core = self.core.lock();
        core.map_err(|_| "the core stopped".to_string())?.snapshot()
    }

    /// Has the core take a batch that is stamped, and writes its answers.
    fn take(&mut self, items: &[Item], content: &[u8]) -> Result<Taken, String> {
        let frames = &content[FRAMES_AT..];
        let mut events = std::mem::take(&mut self.spare_events);
        let began = Instant::now();
        let taken = guarded(|| {
            let core = self.core.lock();
            let mut core = core.map_err(|_| "it stopped before".to_string())?;
            core.take_stamped(frames, &mut events)?;
            Ok(core.place())
        });
        self.pace.learn(items.len(), began.elapsed());
        let told = taken.and_then(|place| {
            let share = || {
                Ok(self
                    .answers
                    .share_out(items, &events, &mut self.spare_answers))
            };
            guarded(share).map(|(tickets, connections)| (place, tickets, connections))
        });
        let (place, tickets, connections) = told.map_err(|why| {
            let first = items.first().map_or(0, |item| item.first);
            let last = items.last().map_or(0, |item| item.last);
            format!(
                "the core stopped at number {first}, in the sealed batch {first} to {last}: {why}"
            )
        })?;
        // Where the disk is quicker than the core, answers leave first.
        let waits = self.flusher.is_done() && !connections.is_empty();
        let digest = (!waits).then(|| sha256(&events));
        Ok(Taken {
            events,
            digest,
            place,
            tickets,
            connections,
        })
    }
}

impl Sequencer {
    /// Whether a batch can be made of what was heard.
    pub(crate) fn may_commit(&self) -> bool {
        let choked = self.common.unread.load(Ordering::Relaxed) > MOST_UNREAD;
        !self.sealer.is_out() && !self.heard.is_empty() && (self.stopping || !choked)
    }

    /// Whether those who were just answered are waited for.
    pub(crate) fn holds(&mut self) -> bool {
        let waiting = self.heard.items.len();
        !self.stopping && self.sealer.hold.holds(waiting, Instant::now())
    }

    /// Who was answered over a connection may ask again at once.
    fn await_again(&mut self, items: &[Item], flush: Duration) {
        let asked = |item: &&Item| matches!(item.origin, Origin::Connection(..));
        let answered = items.iter().filter(asked).count();
        let (waiting, hold) = (self.heard.items.len(), &mut self.sealer.hold);
        hold.learn(flush);
        hold.begin(answered, waiting, Instant::now());
    }

    /// Makes a batch of what was heard, as much of it as the pace allows.
    pub(crate) fn commit(&mut self) {
        let mut run = std::mem::take(&mut self.sealer.spare_run);
        let share = self.sealer.pace.share(self.heard.items.len());
        if share == self.heard.items.len() {
            std::mem::swap(&mut self.heard, &mut run);
        } else {
            self.heard.part(share, &mut run);
        }
        let is_ticket = |item: &&Item| matches!(item.origin, Origin::Ticket(_));
        let tickets = run.items.iter().filter(is_ticket).count();
        self.common.waiting.fetch_sub(tickets, Ordering::Relaxed);
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

    /// Has the core take a batch while it is sealed and flushed. Gives the run back where nothing of
    /// it was sealed.
    fn seal(&mut self, mut run: Run) -> Result<(), (Run, Fault)> {
        if let Some(why) = self.is_stopped() {
            return Err((run, Fault::Broken(why.to_string())));
        }
        let bytes = run.bytes();
        if bytes == 0 {
            self.refuse(run, ErrorCode::BadFrame, "no command");
            return Ok(());
        }
        let (first, time) = (self.last_number() + 1, self.now().max(self.place.time));
        let events = self.place.digest;
        let urgent = run.items.iter().all(|item| item.urgent);
        let mut journal = self.sealer.flusher.journal();
        if let Err(fault) = journal.check_room(bytes, urgent) {
            return Err((run, fault));
        }
        let last = run.stamp(self.table.schema_version, first, time);
        // Only a disk that may have no room is waited for: what it refuses the core never saw.
        let written = if journal.is_set_aside(bytes) {
            None
        } else {
            let written = journal.write(&mut run.content, first, last, &events);
            run.content.truncate(FRAMES_AT + bytes);
            match written {
                Ok(written) => Some(written),
                Err(fault) => return Err((run, fault)),
            }
        };
        drop(journal);
        let Run { items, content } = run;
        let content = Arc::new(content);
        match written {
            Some(written) => self.sealer.flusher.flush(written),
            None => self.sealer.flusher.seal(Stamped {
                content: content.clone(),
                first,
                last,
                events,
            }),
        }
        let taken = self.sealer.take(&items, &content);
        self.sealer.sent = Some(Sent {
            items,
            content,
            taken,
        });
        Ok(())
    }

    /// Tells what came of the batch that is out, once its flush is over.
    pub(crate) fn finish(&mut self) {
        let Some((flushed, took)) = self.sealer.flusher.done() else {
            return;
        };
        let Some(mut sent) = self.sealer.sent.take() else {
            return;
        };
        let failed = |fault: Fault| format!("{fault}; what was not acknowledged may be lost");
        let sealed = flushed.map_err(failed);
        match sealed.and_then(|chain| Ok((chain, sent.taken?))) {
            Ok((chain, taken)) => {
                self.publish(&sent.items, taken, chain);
                self.await_again(&sent.items, took);
            }
            Err(why) => self.fail(&mut sent.items, &why),
        }
        let mut run = Run {
            items: sent.items,
            // The thread of the disk gave its share up before it told that it is done.
            content: Arc::try_unwrap(sent.content).unwrap_or_default(),
        };
        run.clear();
        self.sealer.spare_run = run;
    }

    /// The thread that flushes is gone: whether the batch that is out is durable is unknown.
    pub(crate) fn fail_sent(&mut self, why: &str) {
        match self.sealer.sent.take() {
            Some(mut sent) => self.fail(&mut sent.items, why),
            None => self.stop(why),
        }
    }

    /// Answers a durable batch: connections first, then the owner.
    fn publish(&mut self, items: &[Item], taken: Taken, chain: Hash) {
        let common = self.common.clone();
        let tells = common.tapped.load(Ordering::Relaxed) || !taken.tickets.is_empty();
        let events = Arc::new(taken.events);
        if tells {
            common.unread.fetch_add(events.len(), Ordering::Relaxed);
        }
        for item in items {
            if let Origin::Session(session) = item.origin {
                self.lost.remove(&session);
            }
        }
        // Who has an answer finds no place older than it. Where the digest is not known yet the
        // answers do not wait for it, but who asks for the place does.
        let mut shown = locked(&common.place);
        (self.place.number, self.place.time, self.place.event) = taken.place;
        self.place.chain = chain;
        match taken.digest {
            Some(digest) => {
                self.place.digest = digest;
                shown.clone_from(&self.place);
                drop(shown);
                self.answer_connections(taken.connections);
            }
            None => {
                self.answer_connections(taken.connections);
                self.place.digest = sha256(&events);
                shown.clone_from(&self.place);
                drop(shown);
            }
        }
        self.tell_tickets_refused(items);
        if tells {
            common.tell(Out::Batch {
                last: self.place.number,
                chain,
                digest: self.place.digest,
                events,
                tickets: taken.tickets,
            });
        } else if let Ok(mut events) = Arc::try_unwrap(events) {
            events.clear();
            self.sealer.spare_events = events;
        }
    }

    fn tell_tickets_refused(&self, items: &[Item]) {
        for item in items {
            if let (Origin::Ticket(ticket), Some(refused)) = (item.origin, &item.refused) {
                let (code, text) = (**refused).clone();
                self.common.tell(Out::Failed { ticket, code, text });
            }
        }
    }

    /// Nothing of these was sealed: each hears so, in order.
    fn refuse(&mut self, mut run: Run, code: ErrorCode, text: &str) {
        for item in &mut run.items {
            item.refuse(code, text);
        }
        self.tell_refused(&run.items);
        run.clear();
        self.sealer.spare_run = run;
    }

    fn tell_refused(&mut self, items: &[Item]) {
        for item in items {
            if let Origin::Session(session) = item.origin {
                self.lost.insert(session, false);
            }
        }
        self.answer_connections(refusals(items));
        self.tell_tickets_refused(items);
    }

    /// The batch is in an unknown state: nothing of it is acknowledged, and nothing more is sealed.
    fn fail(&mut self, items: &mut [Item], why: &str) {
        self.stop(why);
        for item in &mut *items {
            item.refuse(ErrorCode::VenueStopped, why);
        }
        self.tell_refused(items);
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
