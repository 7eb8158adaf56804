//! The engine's thread: it hears sockets and submissions, seals what waits as one batch, and answers.

use crate::answers::{Answers, Item, Origin, Taken};
use crate::connection::Connection;
use crate::core::{Batch, CoreThread, Shared};
use crate::disk::Disk;
use crate::door::{Bounds, ErrorCode};
use crate::engine::{Common, In, MOST_UNREAD, Out, Place, locked};
use crate::frame::{Header, push};
use crate::journal::{FRAMES_AT, Fault, Journal};
use crate::poll::{Poll, Ready};
use crate::waiting::{Waiting, stamp, urgent_alone};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) const BELL: u64 = 0;
pub(crate) const LISTENER: u64 = 1;
const TICK: Duration = Duration::from_millis(50);
/// Longest wait for the company of a first command, and the share of a flush it may cost.
const MOST_GATHERED: Duration = Duration::from_micros(200);
const GATHER_SHARE: u32 = 3;
/// How long the thread looks again before it sleeps: waking costs more than it.
const SPIN: Duration = Duration::from_micros(40);
/// Latest venue time the core takes, nanoseconds UTC (in the year 2116).
const LATEST_TIME: i64 = 1 << 62;
/// Bytes of frames that may wait; past it sockets are not read.
pub(crate) const MOST_WAITING_BYTES: usize = 8 * 1024 * 1024;

pub(crate) struct Sequencer<D: Disk> {
    journal: Journal<D>,
    core_thread: CoreThread,
    core: Shared,
    pub(crate) common: Arc<Common>,
    pub(crate) answers: Option<Answers>,
    pub(crate) poll: Poll,
    pub(crate) connections: HashMap<u64, Connection>,
    pub(crate) next_connection: u64,
    pub(crate) listener: Option<(TcpListener, Bounds)>,
    waiting: Vec<Waiting>,
    content: Vec<u8>,
    /// Sessions whose loss is not sealed yet; true where it waits for the next batch.
    pub(crate) lost: BTreeMap<u32, bool>,
    /// Sessions whose loss was begun, so that none is lost twice.
    pub(crate) sessions_told: HashSet<u32>,
    place: Place,
    expected: usize,
    gather_until: Instant,
    flush_time: Duration,
    stopping: bool,
}

impl<D: Disk> Sequencer<D> {
    pub(crate) fn new(
        journal: Journal<D>,
        core: Shared,
        common: Arc<Common>,
        answers: Answers,
    ) -> io::Result<Sequencer<D>> {
        let poll = Poll::new()?;
        poll.add(common.bell.fd(), BELL)?;
        let place = locked(&common.place).clone();
        Ok(Sequencer {
            journal,
            core_thread: CoreThread::start(core.clone())?,
            core,
            common,
            answers: Some(answers),
            poll,
            connections: HashMap::new(),
            next_connection: LISTENER + 1,
            listener: None,
            waiting: Vec::new(),
            content: vec![0; FRAMES_AT],
            lost: BTreeMap::new(),
            sessions_told: HashSet::new(),
            place,
            expected: 0,
            gather_until: Instant::now(),
            flush_time: Duration::ZERO,
            stopping: false,
        })
    }

    pub(crate) fn run(mut self) {
        let (mut ready, mut tick, mut busy) = (Vec::new(), Instant::now(), Instant::now());
        while !self.stopping {
            let now = Instant::now();
            let waits = !self.waiting.is_empty() && !self.is_choked();
            let most = if waits || now - busy < SPIN {
                Duration::ZERO
            } else {
                TICK
            };
            self.poll.wait(most, &mut ready);
            if !ready.is_empty() {
                busy = Instant::now();
                self.hear_all(&ready);
            }
            if now - tick > TICK {
                tick = now;
                self.tick(now);
            }
            if !self.waiting.is_empty() && !self.is_choked() && self.is_gathered() {
                self.commit();
            }
        }
        if !self.waiting.is_empty() {
            self.commit();
        }
        let _ = self.journal.close();
    }

    /// The owner reads too slowly: nothing more is sealed until it has.
    fn is_choked(&self) -> bool {
        self.common.unread.load(Ordering::Relaxed) > MOST_UNREAD && !self.stopping
    }

    /// Whether as many wait as were answered last, or their time is over: those who were just
    /// answered are likely to ask again, and one flush carries them all.
    fn is_gathered(&self) -> bool {
        self.waiting.len() >= self.expected || Instant::now() >= self.gather_until
    }

    fn hear_all(&mut self, ready: &[Ready]) {
        for one in ready {
            match one.mark {
                BELL => self.read_inbox(),
                LISTENER => self.accept(),
                connection => self.hear(connection, one.read, one.write),
            }
        }
    }

    fn read_inbox(&mut self) {
        self.common.bell.quiet();
        let found = std::mem::take(&mut *locked(&self.common.inbox));
        for one in found {
            match one {
                In::Submit {
                    ticket,
                    actor,
                    cause,
                    frames,
                    urgent,
                } => {
                    self.common.waiting.fetch_sub(1, Ordering::Relaxed);
                    let origin = Origin::Ticket(ticket);
                    self.enter(origin, actor, cause, urgent, |to| {
                        to.extend_from_slice(&frames)
                    });
                }
                In::Listen(listener, bounds) => self.listen(listener, bounds),
                In::Admit {
                    connection,
                    actor,
                    scopes,
                    session,
                } => self.admit(connection, actor, scopes, session),
                In::Reject {
                    connection,
                    code,
                    text,
                } => self.dismiss(connection, code, &text),
                In::LoseSession(session) => {
                    self.lost.entry(session).or_insert(false);
                    self.enter_lost();
                }
                In::Snapshot(reply) => {
                    let state = self.state();
                    let _ = reply.send(state);
                }
                In::Shut => self.shut(),
                In::Stop => self.stopping = true,
            }
        }
    }

    fn state(&self) -> Result<(Place, Vec<u8>), String> {
        if !self.place.stopped.is_empty() {
            return Err(self.place.stopped.clone());
        }
        let core = self
            .core
            .lock()
            .map_err(|_| "the core stopped".to_string())?;
        Ok((self.place.clone(), core.snapshot()?))
    }

    /// Puts a submission behind what waits.
    pub(crate) fn enter(
        &mut self,
        origin: Origin,
        actor: u32,
        cause: u64,
        urgent: bool,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        let start = self.content.len();
        write(&mut self.content);
        let bytes = start..self.content.len();
        let item = Item {
            origin,
            actor,
            first: 0,
            last: 0,
            refused: None,
        };
        self.waiting.push(Waiting {
            item,
            cause,
            urgent,
            bytes,
        });
    }

    /// Puts a refusal of the door in its place among the answers.
    pub(crate) fn enter_refused(&mut self, origin: Origin, code: ErrorCode, text: String) {
        let bytes = self.content.len()..self.content.len();
        let item = Item {
            origin,
            actor: 0,
            first: 0,
            last: 0,
            refused: Some((code, text)),
        };
        self.waiting.push(Waiting {
            item,
            cause: 0,
            urgent: true,
            bytes,
        });
    }

    pub(crate) fn waiting_bytes(&self) -> usize {
        self.content.len()
    }

    pub(crate) fn waiting_count(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn last_number(&self) -> u64 {
        self.place.number
    }

    pub(crate) fn is_stopped(&self) -> Option<&str> {
        (!self.place.stopped.is_empty()).then_some(self.place.stopped.as_str())
    }

    /// Has the loss of sessions wait for the next batch.
    pub(crate) fn enter_lost(&mut self) {
        let kind = self
            .answers
            .as_ref()
            .expect("answers are home between batches")
            .table
            .lose_session;
        let mut fresh = Vec::new();
        for (session, waits) in &mut self.lost {
            if !*waits {
                *waits = true;
                fresh.push(*session);
            }
        }
        for session in fresh {
            let header = Header {
                kind,
                block: 4,
                ..Header::default()
            };
            let write = |to: &mut Vec<u8>| push(to, header, &session.to_le_bytes());
            self.enter(Origin::Session(session), 0, 0, true, write);
        }
    }

    /// Seals what waits, has the core take it beside the flush, and answers.
    fn commit(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let content = std::mem::replace(&mut self.content, vec![0; FRAMES_AT]);
        let now = self.now();
        if now > LATEST_TIME {
            let why = format!("the clock tells {now} ns: expected at most {LATEST_TIME}");
            return self.refuse(waiting, ErrorCode::ClockWrong, &why);
        }
        match self.seal(waiting, content) {
            Ok(()) => {}
            Err((waiting, content, fault @ Fault::Full(_))) => {
                // An order that waits beside a cancel must not cost the cancel its headroom.
                let (kept, part) = urgent_alone(waiting, &content, &fault.to_string());
                if let Err((rest, _, fault)) = self.seal(kept, part) {
                    self.refuse(rest, ErrorCode::JournalFull, &fault.to_string());
                }
            }
            Err((waiting, _, fault)) => {
                self.stop(&fault.to_string());
                self.refuse(waiting, ErrorCode::VenueStopped, &fault.to_string());
            }
        }
    }

    #[allow(clippy::type_complexity)]
    fn seal(
        &mut self,
        mut waiting: Vec<Waiting>,
        mut content: Vec<u8>,
    ) -> Result<(), (Vec<Waiting>, Vec<u8>, Fault)> {
        if let Some(why) = self.is_stopped() {
            let why = Fault::Broken(why.to_string());
            return Err((waiting, content, why));
        }
        let frames = content.len() - FRAMES_AT;
        if frames == 0 {
            self.refuse(waiting, ErrorCode::BadFrame, "no command");
            return Ok(());
        }
        let urgent = waiting.iter().all(|one| one.urgent);
        if let Err(fault) = self.journal.check_room(frames, urgent) {
            return Err((waiting, content, fault));
        }
        let first = self.place.number + 1;
        let time = self.now().max(self.place.time);
        let version = self
            .answers
            .as_ref()
            .expect("answers are home between batches")
            .table
            .schema_version;
        let last = stamp(&mut waiting, &mut content, version, (first, time));
        let written = match self
            .journal
            .write(&mut content, first, last, &self.place.digest)
        {
            Ok(written) => written,
            Err(fault) => {
                content.truncate(FRAMES_AT + frames);
                return Err((waiting, content, fault));
            }
        };
        let items = waiting.into_iter().map(|one| one.item).collect();
        let answers = self
            .answers
            .take()
            .expect("answers are home between batches");
        self.core_thread.give(Batch {
            content,
            items,
            answers,
        });
        let began = Instant::now();
        let flushed = self.journal.flush(written);
        self.flush_time = began.elapsed();
        let done = self.core_thread.wait();
        let Batch {
            items,
            answers,
            mut content,
        } = done.batch;
        self.answers = Some(answers);
        content.truncate(FRAMES_AT);
        self.content = content;
        match (flushed, done.taken) {
            (Ok(()), Ok(taken)) => self.publish(items, taken),
            (Err(fault), _) => self.fail(items, &format!("{fault}; what was not acknowledged may be lost")),
            (Ok(()), Err(why)) => self.fail(
                items,
                &format!("the core stopped at number {first}, in the sealed batch {first} to {last}: {why}"),
            ),
        }
        Ok(())
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

    /// Answers a durable batch: connections first, then the owner.
    fn publish(&mut self, items: Vec<Item>, taken: Taken) {
        (self.place.number, self.place.time, self.place.event) = taken.place;
        (self.place.chain, self.place.digest) = (self.journal.chain, taken.digest);
        locked(&self.common.place).clone_from(&self.place);
        self.expected = items.len();
        for item in &items {
            if let Origin::Session(session) = item.origin {
                self.lost.remove(&session);
            }
        }
        self.answer_connections(taken.connections);
        self.gather_until = Instant::now() + (self.flush_time / GATHER_SHARE).min(MOST_GATHERED);
        self.tell_refused(&items);
        if self.common.tapped.load(Ordering::Relaxed) || !taken.tickets.is_empty() {
            let Place {
                number: last,
                chain,
                digest,
                ..
            } = self.place;
            self.common.tell(Out::Batch {
                last,
                chain,
                digest,
                events: taken.events,
                tickets: taken.tickets,
            });
        }
    }

    fn tell_refused(&self, items: &[Item]) {
        for item in items {
            if let (Origin::Ticket(ticket), Some((code, text))) = (item.origin, &item.refused) {
                self.common.tell(Out::Failed {
                    ticket,
                    code: *code,
                    text: text.clone(),
                });
            }
        }
    }

    /// Nothing of these was sealed: each hears so, in order.
    fn refuse(&mut self, waiting: Vec<Waiting>, code: ErrorCode, text: &str) {
        let mut items: Vec<Item> = waiting.into_iter().map(|one| one.item).collect();
        for item in &mut items {
            if let Origin::Session(session) = item.origin {
                self.lost.insert(session, false);
            }
            item.refused.get_or_insert_with(|| (code, text.to_string()));
        }
        let answers = self
            .answers
            .as_mut()
            .expect("answers are home between batches");
        let place = (self.place.number, self.place.time, self.place.event);
        let taken = answers.share_out(&items, Vec::new(), place);
        self.answer_connections(taken.connections);
        self.tell_refused(&items);
    }

    /// The batch is in an unknown state: nothing of it is acknowledged, and nothing more is sealed.
    fn fail(&mut self, items: Vec<Item>, why: &str) {
        self.stop(why);
        let wrap = |item| Waiting {
            item,
            cause: 0,
            urgent: false,
            bytes: 0..0,
        };
        self.refuse(
            items.into_iter().map(wrap).collect(),
            ErrorCode::VenueStopped,
            why,
        );
    }

    fn stop(&mut self, why: &str) {
        if self.place.stopped.is_empty() {
            self.place.stopped = why.to_string();
            locked(&self.common.place).stopped = why.to_string();
            self.dismiss_all(ErrorCode::VenueStopped, why);
            self.common.tell(Out::Stopped(why.to_string()));
        }
    }
}
