//! The connections of the sequencer: who comes, what they say, what they are told, how they leave.

use crate::answers::Told;
use crate::connection::{Connection, Heard, Stage};
use crate::door::{Bounds, ErrorCode, LOGOUT, empty_frame, welcome_frame};
use crate::engine::{MOST_WAITING, Out};
use crate::sequencer::{LISTENER, Sequencer};
use crate::waiting::Origin;
use std::io::Read;
use std::net::TcpListener;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::time::Instant;

/// Bytes of answers a connection may leave unread; past them it is not heard.
const MOST_UNSAID: usize = 1024 * 1024;

/// What a client signs before the nonce at logon.
pub const SIGNED: &[u8] = b"LaSalle frame door 1\n";

/// Bytes of frames that may wait; past it sockets are not read.
const MOST_WAITING_BYTES: usize = 8 * 1024 * 1024;

impl Sequencer {
    pub(crate) fn listen(&mut self, listener: TcpListener, bounds: Bounds) {
        if listener.set_nonblocking(true).is_ok()
            && self.poll.add(listener.as_raw_fd(), LISTENER).is_ok()
        {
            self.listener = Some((listener, bounds));
        }
    }

    fn bounds(&self) -> Bounds {
        self.listener
            .as_ref()
            .map_or_else(Bounds::default, |(_, bounds)| *bounds)
    }

    pub(crate) fn accept(&mut self) {
        while let Some((listener, bounds)) = &self.listener {
            let Ok((socket, address)) = listener.accept() else {
                return;
            };
            let bounds = *bounds;
            if self.connections.len() >= bounds.most_connections {
                continue;
            }
            let Ok(nonce) = nonce() else { continue };
            let Ok(mut connection) = Connection::new(socket, address, nonce, &bounds) else {
                continue;
            };
            let mark = self.next_connection;
            self.next_connection += 1;
            if self.poll.add(connection.socket.as_raw_fd(), mark).is_ok() && connection.flush(true)
            {
                self.connections.insert(mark, connection);
            }
        }
    }

    pub(crate) fn hear(&mut self, mark: u64, read: bool, write: bool) {
        let Some(connection) = self.connections.get_mut(&mark) else {
            return;
        };
        if connection.ended && read {
            // It hears nothing any more either.
            return self.leave(mark);
        }
        if read && connection.reads && !connection.fill() {
            return self.end(mark);
        }
        self.read_frames(mark);
        // What was sent at once is to be one batch, so it is heard at once.
        while let Some(connection) = self.connections.get_mut(&mark)
            && connection.more
            && connection.reads
        {
            if !connection.fill() {
                return self.end(mark);
            }
            self.read_frames(mark);
        }
        if write
            || self
                .connections
                .get(&mark)
                .is_some_and(|connection| connection.unsaid() > 0 || connection.farewell.is_some())
        {
            self.flush(mark);
        }
        if self.connections.get(&mark).is_some_and(|one| !one.reads) {
            self.read_frames(mark);
        }
    }

    /// Takes the whole frames of a connection, as far as its bounds and those of all allow.
    fn read_frames(&mut self, mark: u64) {
        // The map gives the connection up meanwhile: what it says goes to other parts of this.
        let Some(mut connection) = self.connections.remove(&mark) else {
            return;
        };
        let bounds = self.bounds();
        let mut lives = false;
        loop {
            // What stands behind a logon waits for its answer.
            let reads = !connection.ended
                && connection.stage != Stage::Asking
                && connection.in_flight < bounds.most_in_flight
                && connection.unsaid() < MOST_UNSAID
                && self.has_room();
            if reads != connection.reads {
                connection.reads = reads;
                let _ = self.poll.want(
                    connection.socket.as_raw_fd(),
                    mark,
                    reads,
                    connection.wants_write,
                );
            }
            if !reads {
                break;
            }
            let Some((heard, range)) = connection.next(&self.table, &bounds) else {
                break;
            };
            lives = true;
            self.act(mark, &mut connection, heard, range);
        }
        if lives {
            connection.lives();
        }
        self.connections.insert(mark, connection);
    }

    fn has_room(&self) -> bool {
        self.heard.bytes() < MOST_WAITING_BYTES && self.heard.items.len() < MOST_WAITING
    }

    fn act(&mut self, mark: u64, connection: &mut Connection, heard: Heard, range: Range<usize>) {
        match heard {
            Heard::Nothing => {}
            Heard::Ask {
                request,
                cause,
                urgent,
            } => {
                connection.in_flight += 1;
                let origin = Origin::Connection(mark, request);
                let frame = connection.bytes(range);
                self.heard
                    .enter(origin, connection.actor, cause, urgent, frame);
            }
            Heard::Refuse {
                request,
                code,
                text,
            } => {
                connection.in_flight += 1;
                let origin = Origin::Connection(mark, request);
                self.heard.enter_refused(origin, code, text);
            }
            Heard::Logon {
                key,
                signature,
                session,
            } => {
                connection.stage = Stage::Asking;
                let signed = [SIGNED, &connection.nonce].concat();
                let address = connection.address.ip().to_string();
                self.common.tell(Out::Logon {
                    connection: mark,
                    key,
                    signature,
                    signed,
                    address,
                    session,
                });
            }
            Heard::Logout => {
                let mut last = Vec::new();
                empty_frame(&mut last, LOGOUT);
                connection.farewell = Some(last);
                self.lose(connection.session);
            }
            Heard::Wrong(code, text) => connection.dismiss(code, &text),
        }
    }

    pub(crate) fn admit(&mut self, mark: u64, actor: u32, scopes: u8, session: u32) {
        if let Some(why) = self.is_stopped() {
            let why = why.to_string();
            return self.dismiss(mark, ErrorCode::VenueStopped, &why);
        }
        let last = self.last_number();
        let Some(connection) = self.connections.get_mut(&mark) else {
            // It left before it was admitted; its session never had an order.
            return;
        };
        (
            connection.stage,
            connection.actor,
            connection.scopes,
            connection.session,
        ) = (Stage::Admitted, actor, scopes, session);
        let mut said = Vec::new();
        welcome_frame(&mut said, session, actor, last);
        connection.say(&said);
        self.flush(mark);
        self.read_frames(mark);
    }

    pub(crate) fn dismiss(&mut self, mark: u64, code: ErrorCode, text: &str) {
        if let Some(connection) = self.connections.get_mut(&mark) {
            connection.dismiss(code, text);
            self.flush(mark);
        }
    }

    pub(crate) fn dismiss_all(&mut self, code: ErrorCode, text: &str) {
        for connection in self.connections.values_mut() {
            connection.dismiss(code, text);
        }
    }

    pub(crate) fn answer_connections(&mut self, answers: Told) {
        for (mark, bytes, count) in &answers {
            if let Some(connection) = self.connections.get_mut(mark) {
                connection.in_flight -= count;
                connection.say(bytes);
                self.flush(*mark);
            }
        }
        for (mark, bytes, _) in answers {
            self.sealer.give_back(bytes);
            if self
                .connections
                .get(&mark)
                .is_some_and(|connection| !connection.reads)
            {
                self.read_frames(mark);
            }
        }
    }

    fn flush(&mut self, mark: u64) {
        let Some(connection) = self.connections.get_mut(&mark) else {
            return;
        };
        let sealed = !self.lost.contains_key(&connection.session);
        if !connection.flush(sealed) {
            return self.leave(mark);
        }
        let wants = connection.unsaid() > 0;
        if wants != connection.wants_write {
            connection.wants_write = wants;
            let _ = self
                .poll
                .want(connection.socket.as_raw_fd(), mark, connection.reads, wants);
        }
    }

    /// Who asks nothing more still hears what it is owed; its session's orders end now.
    fn end(&mut self, mark: u64) {
        let Some(connection) = self.connections.get_mut(&mark) else {
            return;
        };
        if connection.in_flight == 0 && connection.unsaid() == 0 {
            return self.leave(mark);
        }
        (connection.ended, connection.reads) = (true, false);
        connection.farewell.get_or_insert_default();
        let fd = connection.socket.as_raw_fd();
        let (session, wants) = (connection.session, connection.wants_write);
        let _ = self.poll.want(fd, mark, false, wants);
        self.lose(session);
        self.flush(mark);
    }

    /// The connection is over; its session's orders end with it.
    fn leave(&mut self, mark: u64) {
        if let Some(connection) = self.connections.remove(&mark) {
            self.lose(connection.session);
            if connection.stage != Stage::Greeted {
                self.common.tell(Out::Left { connection: mark });
            }
        }
    }

    fn lose(&mut self, session: u32) {
        if session != 0 && self.sessions_told.insert(session) {
            self.lost.entry(session).or_insert(false);
            self.enter_lost();
        }
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        let bounds = self.bounds();
        let marks: Vec<u64> = self.connections.keys().copied().collect();
        for mark in marks {
            if let Some(connection) = self.connections.get_mut(&mark) {
                connection.beat(now, &bounds);
                if connection.closing {
                    self.leave(mark);
                } else {
                    self.flush(mark);
                    self.read_frames(mark);
                }
            }
        }
        self.enter_lost();
    }

    pub(crate) fn shut(&mut self) {
        self.listener = None;
        let marks: Vec<u64> = self.connections.keys().copied().collect();
        for mark in marks {
            self.flush(mark);
            self.leave(mark);
        }
    }
}

fn nonce() -> std::io::Result<[u8; 32]> {
    let mut nonce = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut nonce)?;
    Ok(nonce)
}
