//! One connection of the frame door: its bytes in and out, who it is, and what it may ask.

use crate::door::{
    Bounds, ErrorCode, HEARTBEAT, LOGON, LOGON_BLOCK, LOGOUT, empty_frame, error_frame, hello_frame,
};
use crate::frame::{FIRST_EVENT, HEADER, Header, SMALLEST, is_sound, set_span, u32_at};
use crate::table::Table;
use lasalle_house::wire::Command;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::{Duration, Instant};

/// Bytes read at once, and where a connection that sends more ends.
const FIRST_READ: usize = 16 * 1024;
const MOST_READ: usize = 512 * 1024;
const LOGON_SECONDS: u64 = 5;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Greeted,
    Asking,
    Admitted,
}

/// What a frame of a client comes to.
pub(crate) enum Heard {
    /// A command to seal; the frame lies in the range.
    Ask {
        request: u64,
        cause: u64,
        urgent: bool,
    },
    /// A request the door refuses; its place among the answers is kept.
    Refuse {
        request: u64,
        code: ErrorCode,
        text: String,
    },
    Logon {
        key: String,
        signature: Vec<u8>,
        session: bool,
    },
    Logout,
    Nothing,
    /// A wrong frame: an error frame, and the connection closes.
    Wrong(ErrorCode, String),
}

pub(crate) struct Connection {
    pub(crate) socket: TcpStream,
    pub(crate) address: SocketAddr,
    pub(crate) stage: Stage,
    pub(crate) nonce: [u8; 32],
    pub(crate) actor: u32,
    pub(crate) scopes: u8,
    pub(crate) session: u32,
    pub(crate) in_flight: u32,
    /// Said when nothing is in flight any more; then the connection closes.
    pub(crate) farewell: Option<Vec<u8>>,
    pub(crate) closing: bool,
    pub(crate) wants_write: bool,
    pub(crate) reads: bool,
    /// The other side asks nothing more: it is told what it is owed, and left.
    pub(crate) ended: bool,
    /// The last read filled the buffer: more may wait in the socket.
    pub(crate) more: bool,
    last_request: u64,
    /// Read are the bytes up to `filled`, heard those up to `read_to`.
    incoming: Vec<u8>,
    filled: usize,
    read_to: usize,
    outgoing: Vec<u8>,
    written_to: usize,
    since: Instant,
    heard: Instant,
    said: Instant,
}

impl Connection {
    pub(crate) fn new(
        socket: TcpStream,
        address: SocketAddr,
        nonce: [u8; 32],
        bounds: &Bounds,
    ) -> std::io::Result<Connection> {
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?;
        let now = Instant::now();
        let mut outgoing = Vec::new();
        hello_frame(&mut outgoing, &nonce, bounds);
        Ok(Connection {
            socket,
            address,
            stage: Stage::Greeted,
            nonce,
            actor: 0,
            scopes: 0,
            session: 0,
            in_flight: 0,
            farewell: None,
            closing: false,
            wants_write: false,
            reads: true,
            ended: false,
            more: false,
            last_request: 0,
            incoming: vec![0; FIRST_READ],
            filled: 0,
            read_to: 0,
            outgoing,
            written_to: 0,
            since: now,
            heard: now,
            said: now,
        })
    }

    /// Reads what is there, as far as the buffer reaches; false when the other side is gone.
    pub(crate) fn fill(&mut self) -> bool {
        self.more = false;
        self.incoming.copy_within(self.read_to..self.filled, 0);
        (self.filled, self.read_to) = (self.filled - self.read_to, 0);
        if self.filled * 2 > self.incoming.len() {
            self.grow();
        }
        let found = self.socket.read(&mut self.incoming[self.filled..]);
        let more = match found {
            Ok(0) => return false,
            Ok(bytes) => bytes,
            Err(error) => {
                return matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted);
            }
        };
        self.filled += more;
        self.more = self.filled == self.incoming.len();
        if self.more {
            self.grow();
        }
        true
    }

    /// Makes room for more bytes at once: a frame must fit, and few reads bring many frames.
    fn grow(&mut self) {
        let wanted = (2 * self.incoming.len()).min(MOST_READ);
        self.incoming.resize(wanted.max(self.incoming.len()), 0);
    }

    /// The next whole frame and what it comes to; None when no whole frame waits.
    pub(crate) fn next(&mut self, table: &Table, bounds: &Bounds) -> Option<(Heard, Range<usize>)> {
        let rest = &self.incoming[self.read_to..self.filled];
        if self.farewell.is_some() || rest.len() < 4 {
            return None;
        }
        let length = u32_at(rest, 0) as usize;
        if length < SMALLEST || length > bounds.most_frame as usize {
            let text = format!(
                "length {length}: expected {SMALLEST} to {} bytes",
                bounds.most_frame
            );
            return Some((Heard::Wrong(ErrorCode::FrameTooLong, text), 0..0));
        }
        if rest.len() < length {
            return None;
        }
        let range = self.read_to..self.read_to + length;
        self.read_to += length;
        let heard = self.hear(range.clone(), table);
        Some((heard, range))
    }

    /// A byte now and then is no sign of life: whole frames are.
    pub(crate) fn lives(&mut self) {
        self.heard = Instant::now();
    }

    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.incoming[range]
    }

    fn hear(&mut self, range: Range<usize>, table: &Table) -> Heard {
        let frame = &self.incoming[range.clone()];
        let header = Header::read(frame);
        if !is_sound(frame) {
            return wrong("the check sum does not fit the frame");
        }
        match (header.kind, self.stage) {
            (HEARTBEAT, _) => Heard::Nothing,
            (LOGOUT, _) => Heard::Logout,
            (LOGON, Stage::Greeted) => logon(frame),
            (LOGON, _) => wrong("logged on already"),
            (kind, Stage::Admitted) if kind < FIRST_EVENT => self.ask(header, range, table),
            (kind, Stage::Admitted) => wrong(&format!("kind {kind} is not a command")),
            (kind, _) => {
                let text = format!("kind {kind}: expected a logon first");
                Heard::Wrong(ErrorCode::NotLoggedOn, text)
            }
        }
    }

    fn ask(&mut self, header: Header, range: Range<usize>, table: &Table) -> Heard {
        let frame = &mut self.incoming[range];
        let request = header.number;
        if request <= self.last_request {
            let text = format!("request {request}: expected above {}", self.last_request);
            return Heard::Wrong(ErrorCode::NumberNotAscending, text);
        }
        self.last_request = request;
        if header.actor != 0 || header.time != 0 {
            return wrong("actor and time: expected 0, the door sets them");
        }
        let (version, known) = (header.version, table.schema_version);
        if version == 0 || version > known {
            // A field that a schema to come appended would be cut without a word.
            let text = format!("schema version {version}: expected 1 to {known}");
            return wrong(&text);
        }
        let Some(ask) = table.asks.get(header.kind) else {
            return wrong(&format!("kind {} is not in this schema", header.kind));
        };
        let body = &frame[HEADER..frame.len() - 4];
        let span = match Command::unpack(header.kind, body, usize::from(header.block)) {
            Ok(command) => command.span(),
            Err(error) => return wrong(&error.to_string()),
        };
        let refuse = |code, text: &str| Heard::Refuse {
            request,
            code,
            text: text.into(),
        };
        if ask.scope == 0 {
            return refuse(ErrorCode::VenueOnly, "only the venue itself asks this");
        }
        if self.scopes & ask.scope == 0 {
            return refuse(ErrorCode::ScopeMissing, "the key lacks the scope for this");
        }
        if let Some(at) = ask.session_at {
            let session = if at + 4 <= body.len() {
                u32_at(body, at)
            } else {
                0
            };
            if session != 0 && session != self.session {
                return refuse(ErrorCode::SessionNotYours, "the session is not yours");
            }
        }
        set_span(frame, span);
        Heard::Ask {
            request,
            cause: header.cause,
            urgent: ask.urgent,
        }
    }

    /// Says bytes: as much as the socket takes at once where nothing is left unsaid.
    pub(crate) fn say(&mut self, bytes: &[u8]) {
        let now = if self.outgoing.is_empty() {
            self.socket.write(bytes).unwrap_or(0)
        } else {
            0
        };
        if now > 0 {
            self.said = Instant::now();
        }
        self.outgoing.extend_from_slice(&bytes[now..]);
    }

    /// Says an error behind the answers still in flight, then closes.
    pub(crate) fn dismiss(&mut self, code: ErrorCode, text: &str) {
        let mut last = Vec::new();
        error_frame(&mut last, 0, code, true, text);
        self.farewell = Some(last);
    }

    /// Says farewell once nothing is in flight, and writes what the socket takes; false when the
    /// connection is over.
    pub(crate) fn flush(&mut self, session_sealed: bool) -> bool {
        if self.in_flight == 0
            && session_sealed
            && !self.closing
            && let Some(last) = &self.farewell
        {
            self.outgoing.extend_from_slice(last);
            self.closing = true;
        }
        while self.written_to < self.outgoing.len() {
            match self.socket.write(&self.outgoing[self.written_to..]) {
                Ok(0) => return false,
                Ok(bytes) => {
                    self.written_to += bytes;
                    self.said = Instant::now();
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        self.outgoing.clear();
        self.written_to = 0;
        !self.closing
    }

    pub(crate) fn unsaid(&self) -> usize {
        self.outgoing.len() - self.written_to
    }

    /// Beats where nothing was said for a while; dismisses who was silent for two beats, and who
    /// did not log on in time.
    pub(crate) fn beat(&mut self, now: Instant, bounds: &Bounds) {
        let beat = Duration::from_millis(u64::from(bounds.heartbeat_ms));
        if self.farewell.is_some() {
            // Who does not read its farewell is not waited for.
            self.closing |= now - self.heard > 4 * beat;
        } else if now - self.heard > 2 * beat {
            self.dismiss(ErrorCode::Silent, "nothing was heard for two heartbeats");
        } else if self.stage != Stage::Admitted
            && now - self.since > Duration::from_secs(LOGON_SECONDS)
        {
            self.dismiss(
                ErrorCode::NotLoggedOn,
                "expected a logon within five seconds",
            );
        } else if now - self.said > beat {
            empty_frame(&mut self.outgoing, HEARTBEAT);
            self.said = now;
        }
    }
}

fn wrong(text: &str) -> Heard {
    Heard::Wrong(ErrorCode::BadFrame, text.into())
}

fn logon(frame: &[u8]) -> Heard {
    let block = &frame[HEADER..frame.len() - 4];
    if block.len() != LOGON_BLOCK {
        return wrong(&format!(
            "logon of {} bytes: expected {LOGON_BLOCK}",
            block.len()
        ));
    }
    let length = usize::from(block[0]).min(32);
    let key = String::from_utf8_lossy(&block[1..1 + length]).into_owned();
    Heard::Logon {
        key,
        signature: block[33..97].to_vec(),
        session: block[97] & 1 != 0,
    }
}
