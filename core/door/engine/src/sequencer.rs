//! The thread that hears, seals and answers: it reads sockets and submissions, makes batches of what
//! it heard, and tells what is durable and taken.

use crate::connection::Connection;
use crate::door::{Bounds, ErrorCode};
use crate::engine::{Common, In, Out, Place, StateReply, locked};
use crate::frame::{Header, push};
use crate::poll::{Poll, Ready};
use crate::sealer::Sealer;
use crate::table::Table;
use crate::waiting::{Origin, Run, tell_spans};
use crate::watch::Watch;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

pub(crate) const BELL: u64 = 0;
pub(crate) const LISTENER: u64 = 1;
const TICK: Duration = Duration::from_millis(50);

pub(crate) struct Sequencer {
    pub(crate) common: Arc<Common>,
    pub(crate) table: Arc<Table>,
    pub(crate) poll: Poll,
    pub(crate) connections: HashMap<u64, Connection>,
    pub(crate) next_connection: u64,
    pub(crate) listener: Option<(TcpListener, Bounds)>,
    /// What was heard and is not sealed yet.
    pub(crate) heard: Run,
    pub(crate) sealer: Sealer,
    /// Who wants the state between two batches.
    asks: Vec<StateReply>,
    /// Sessions whose loss is not sealed yet; true where it waits for the next batch.
    pub(crate) lost: BTreeMap<u32, bool>,
    /// Sessions whose loss was begun, so that none is lost twice.
    pub(crate) sessions_told: HashSet<u32>,
    /// Where the last batch that was answered ends.
    pub(crate) place: Place,
    pub(crate) stopping: bool,
}

impl Sequencer {
    pub(crate) fn new(
        common: Arc<Common>,
        table: Arc<Table>,
        sealer: Sealer,
    ) -> io::Result<Sequencer> {
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
            sealer,
            asks: Vec::new(),
            lost: BTreeMap::new(),
            sessions_told: HashSet::new(),
            place,
            stopping: false,
        })
    }

    /// Hears, seals and answers until it is stopped; then what was heard is sealed and answered.
    pub(crate) fn run(mut self) {
        let (mut ready, mut tick) = (Vec::new(), Instant::now());
        // The end of a flush comes when it must, the next request when somebody asks.
        let (mut flush, mut request) = (Watch::new(), Watch::new());
        while !self.stopping {
            let flushes = self.sealer.is_out();
            let watch = if flushes { &mut flush } else { &mut request };
            let looks = watch.again();
            if looks {
                self.poll.look(&mut ready);
            } else {
                self.sleep(&mut ready);
            }
            self.hear_all(&ready);
            let came = self.go_on(looks) || !flushes && !ready.is_empty();
            if came {
                watch.end();
                let next = if self.sealer.is_out() {
                    &mut flush
                } else {
                    &mut request
                };
                next.begin();
            }
            let now = Instant::now();
            if now - tick > TICK {
                tick = now;
                self.tick(now);
                self.check_flusher();
            }
        }
        while self.sealer.is_out() || !self.heard.is_empty() || !self.asks.is_empty() {
            self.sleep(&mut ready);
            self.common.bell.quiet();
            self.go_on(false);
            self.check_flusher();
        }
        self.sealer.flusher.end();
    }

    /// Sleeps until something comes or, where nothing does, a tick. Nothing may be due.
    fn sleep(&mut self, ready: &mut Vec<Ready>) {
        // A flush that ends after this line rings the bell.
        self.common.sleeps.store(true, Ordering::SeqCst);
        if self.sealer.is_flushed() || self.may_commit() {
            self.poll.look(ready);
        } else {
            self.poll.wait(TICK, ready);
        }
        self.common.sleeps.store(false, Ordering::SeqCst);
    }

    /// Answers the batch whose flush is over and seals the next; false where there was neither. Who
    /// looks on may wait a moment for more to seal.
    fn go_on(&mut self, looks: bool) -> bool {
        let flushed = self.sealer.is_flushed();
        if flushed {
            self.finish();
        }
        if !self.sealer.is_out() {
            for reply in std::mem::take(&mut self.asks) {
                let _ = reply.send(self.state());
            }
        }
        let commits = self.may_commit() && !(looks && self.holds());
        if commits {
            self.commit();
        }
        #[cfg(test)]
        let _ = (self.common.heard_items).swap(self.heard.items.len(), Ordering::Relaxed);
        flushed || commits
    }

    fn state(&self) -> Result<(Place, Vec<u8>), String> {
        if let Some(why) = self.is_stopped() {
            return Err(why.to_string());
        }
        Ok((self.place.clone(), self.sealer.snapshot()?))
    }

    fn check_flusher(&mut self) {
        if self.sealer.flusher.is_gone() {
            self.fail_sent("the thread that flushes ended");
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
                In::Snapshot(reply) => self.asks.push(reply),
                In::Shut => self.shut(),
                In::Stop => self.stopping = true,
            }
        }
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

    pub(crate) fn stop(&mut self, why: &str) {
        if self.place.stopped.is_empty() {
            self.place.stopped = why.to_string();
            locked(&self.common.place).stopped = why.to_string();
            self.dismiss_all(ErrorCode::VenueStopped, why);
            self.common.tell(Out::Stopped(why.to_string()));
        }
    }
}
