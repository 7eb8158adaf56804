//! The thread that hears and answers: it reads sockets and submissions, hands what it heard to the
//! sealer, and tells what is durable and taken.

use crate::answers::{Taken, Told, refusals};
use crate::connection::Connection;
use crate::door::{Bounds, ErrorCode};
use crate::engine::{Common, In, Out, Place, locked};
use crate::frame::{Header, push};
use crate::outcomes::Outcome;
use crate::pace::FEW;
use crate::poll::{Poll, Ready};
use crate::table::Table;
use crate::waiting::{Item, Origin, Run, tell_spans};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(crate) const BELL: u64 = 0;
pub(crate) const LISTENER: u64 = 1;
const TICK: Duration = Duration::from_millis(50);
/// How long the thread looks again before it sleeps, while batches are small: it sees out a flush
/// and the next request, and a wake costs more. Beside large ones the processor has better to do.
const LOOKS: Duration = Duration::from_micros(500);

pub(crate) struct Sequencer {
    pub(crate) common: Arc<Common>,
    pub(crate) table: Arc<Table>,
    pub(crate) poll: Poll,
    pub(crate) connections: HashMap<u64, Connection>,
    pub(crate) next_connection: u64,
    pub(crate) listener: Option<(TcpListener, Bounds)>,
    /// What was heard and not handed over yet.
    pub(crate) heard: Run,
    /// Sessions whose loss is not sealed yet; true where it waits for the next batch.
    pub(crate) lost: BTreeMap<u32, bool>,
    /// Sessions whose loss was begun, so that none is lost twice.
    pub(crate) sessions_told: HashSet<u32>,
    place: Place,
    /// Submissions of the last batch answered.
    last_answered: usize,
    stopping: bool,
}

impl Sequencer {
    pub(crate) fn new(common: Arc<Common>, table: Arc<Table>) -> io::Result<Sequencer> {
        let poll = Poll::new()?;
        poll.add(common.bell.fd(), BELL)?;
        let place = locked(&common.place).clone();
        Ok(Sequencer {
            common,
            table,
            poll,
            connections: HashMap::new(),
            next_connection: LISTENER + 1,
            listener: None,
            heard: Run::default(),
            lost: BTreeMap::new(),
            sessions_told: HashSet::new(),
            place,
            last_answered: 0,
            stopping: false,
        })
    }

    /// Hears and answers until it is stopped; then the sealer ends, and what it sealed is answered.
    pub(crate) fn run(mut self, sealer: JoinHandle<()>) {
        let (mut ready, mut tick, mut busy) = (Vec::new(), Instant::now(), Instant::now());
        while !self.stopping {
            if self.last_answered <= FEW && Instant::now() - busy < LOOKS {
                self.poll.look(&mut ready);
            } else {
                self.sleep(&mut ready);
            }
            self.hear_all(&ready);
            let answered = self.publish_all();
            if answered || !ready.is_empty() {
                busy = Instant::now();
            } else {
                std::thread::yield_now();
            }
            let now = Instant::now();
            if now - tick > TICK {
                tick = now;
                self.tick(now);
                if sealer.is_finished() {
                    self.stop("the thread that seals ended");
                }
            }
            self.hand_over();
        }
        self.hand_over();
        self.common.gate.end();
        let _ = sealer.join();
        self.publish_all();
    }

    fn sleep(&mut self, ready: &mut Vec<Ready>) {
        // Whoever puts an outcome after this line rings the bell.
        self.common.sleeps.store(true, Ordering::SeqCst);
        if self.common.outcomes.is_ready() {
            self.poll.look(ready);
        } else {
            self.poll.wait(TICK, ready);
        }
        self.common.sleeps.store(false, Ordering::SeqCst);
    }

    fn hand_over(&mut self) {
        if !self.heard.is_empty() {
            self.common.gate.offer(&mut self.heard);
        }
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
        // The owner may have read what kept the sealer from sealing.
        self.common.gate.look();
        let found = std::mem::take(&mut *locked(&self.common.inbox));
        for one in found {
            match one {
                In::Submit {
                    ticket,
                    actor,
                    cause,
                    mut frames,
                    urgent,
                } => {
                    tell_spans(&mut frames);
                    let origin = Origin::Ticket(ticket);
                    self.heard.enter(origin, actor, cause, urgent, &frames);
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
                    self.hand_over();
                    self.common.gate.ask(reply);
                }
                In::Shut => self.shut(),
                In::Stop => self.stopping = true,
            }
        }
    }

    /// Bytes of frames that wait, here and at the gate.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.heard.bytes() + self.common.gate.bytes()
    }

    pub(crate) fn waiting_count(&self) -> usize {
        self.heard.items.len() + self.common.gate.items()
    }

    pub(crate) fn last_number(&self) -> u64 {
        self.place.number
    }

    pub(crate) fn is_stopped(&self) -> Option<&str> {
        (!self.place.stopped.is_empty()).then_some(self.place.stopped.as_str())
    }

    /// Has the loss of sessions wait for the next batch.
    pub(crate) fn enter_lost(&mut self) {
        for (session, waits) in &mut self.lost {
            if !*waits {
                *waits = true;
                let header = Header {
                    kind: self.table.lose_session,
                    block: 4,
                    span: 1,
                    ..Header::default()
                };
                let mut frame = Vec::new();
                push(&mut frame, header, &session.to_le_bytes());
                let origin = Origin::Session(*session);
                self.heard.enter(origin, 0, 0, true, &frame);
            }
        }
    }

    /// Answers every batch that is both durable and taken; false where there was none.
    fn publish_all(&mut self) -> bool {
        let mut any = false;
        while let Some((outcome, flush_failed)) = self.common.outcomes.next() {
            any = true;
            match outcome {
                Outcome::Batch {
                    items,
                    chain,
                    taken,
                } => match (flush_failed, taken) {
                    (None, Ok(taken)) => self.publish(&items, taken, chain),
                    (Some(why), _) | (None, Err(why)) => self.fail(items, &why),
                },
                Outcome::Refused {
                    items,
                    connections,
                    stopped,
                } => {
                    if let Some(why) = stopped {
                        self.stop(&why);
                    }
                    self.tell_refused(&items, connections);
                }
                Outcome::State(reply, state) => {
                    let _ = reply.send(state);
                }
            }
        }
        any
    }

    /// Answers a durable batch: connections first, then the owner.
    fn publish(&mut self, items: &[Item], taken: Taken, chain: crate::journal::Hash) {
        (self.place.number, self.place.time, self.place.event) = taken.place;
        (self.place.chain, self.place.digest) = (chain, taken.digest);
        locked(&self.common.place).clone_from(&self.place);
        self.last_answered = items.len();
        for item in items {
            if let Origin::Session(session) = item.origin {
                self.lost.remove(&session);
            }
        }
        self.answer_connections(taken.connections);
        self.tell_tickets_refused(items);
        if self.common.tapped.load(Ordering::Relaxed) || !taken.tickets.is_empty() {
            self.common.tell(Out::Batch {
                last: self.place.number,
                chain,
                digest: taken.digest,
                events: taken.events,
                tickets: taken.tickets,
            });
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
    fn tell_refused(&mut self, items: &[Item], connections: Told) {
        for item in items {
            if let Origin::Session(session) = item.origin {
                self.lost.insert(session, false);
            }
        }
        self.answer_connections(connections);
        self.tell_tickets_refused(items);
    }

    /// The batch is in an unknown state: nothing of it is acknowledged, and nothing more is sealed.
    fn fail(&mut self, mut items: Vec<Item>, why: &str) {
        self.stop(why);
        for item in &mut items {
            item.refuse(ErrorCode::VenueStopped, why);
        }
        let connections = refusals(&items);
        self.tell_refused(&items, connections);
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
