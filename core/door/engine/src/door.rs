//! The frame door's own frames and its bounds; docs/desks/frame-door.md says them for readers.

use crate::frame::{Header, push};

pub const HELLO: u16 = 3000;
pub const LOGON: u16 = 3001;
pub const WELCOME: u16 = 3002;
pub const ANSWER: u16 = 3003;
pub const ERROR: u16 = 3004;
pub const HEARTBEAT: u16 = 3005;
pub const LOGOUT: u16 = 3006;
/// Version of the door's own frames.
pub const VERSION: u16 = 1;

/// Bytes of a key, of a signature and of the flags in a logon.
pub const LOGON_BLOCK: usize = 33 + 64 + 1;

/// What the door refuses with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum ErrorCode {
    BadFrame = 1,
    FrameTooLong = 2,
    NotLoggedOn = 3,
    KeyRefused = 4,
    ScopeMissing = 5,
    VenueOnly = 6,
    SessionNotYours = 7,
    NumberNotAscending = 8,
    JournalFull = 9,
    VenueBusy = 10,
    VenueStopped = 11,
    Silent = 12,
    ClockWrong = 13,
}

/// Bounds of a door.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub heartbeat_ms: u32,
    pub most_frame: u32,
    /// Requests of one connection that wait for their answer; past it the door reads no more.
    pub most_in_flight: u32,
    pub most_connections: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            heartbeat_ms: 5_000,
            most_frame: 65_536,
            most_in_flight: 1_024,
            most_connections: 256,
        }
    }
}

/// Appends an error frame: code, whether the connection closes, text.
pub fn error_frame(out: &mut Vec<u8>, request: u64, code: ErrorCode, fatal: bool, text: &str) {
    let mut body = Vec::with_capacity(7 + text.len());
    body.extend_from_slice(&(code as u16).to_le_bytes());
    body.push(u8::from(fatal));
    body.extend_from_slice(&(text.len() as u32).to_le_bytes());
    body.extend_from_slice(text.as_bytes());
    push(out, own(ERROR, 3, request), &body);
}

/// Appends a hello with a nonce and the bounds.
pub fn hello_frame(out: &mut Vec<u8>, nonce: &[u8; 32], bounds: &Bounds) {
    let mut body = nonce.to_vec();
    body.extend_from_slice(&bounds.heartbeat_ms.to_le_bytes());
    body.extend_from_slice(&bounds.most_frame.to_le_bytes());
    body.extend_from_slice(&bounds.most_in_flight.to_le_bytes());
    push(out, own(HELLO, 44, 0), &body);
}

/// Appends a welcome.
pub fn welcome_frame(out: &mut Vec<u8>, session: u32, actor: u32, last: u64) {
    let mut body = Vec::with_capacity(16);
    body.extend_from_slice(&session.to_le_bytes());
    body.extend_from_slice(&actor.to_le_bytes());
    body.extend_from_slice(&last.to_le_bytes());
    push(out, own(WELCOME, 16, 0), &body);
}

/// Appends a frame without a body.
pub fn empty_frame(out: &mut Vec<u8>, kind: u16) {
    push(out, own(kind, 0, 0), &[]);
}

fn own(kind: u16, block: u16, number: u64) -> Header {
    Header {
        kind,
        version: VERSION,
        block,
        number,
        ..Header::default()
    }
}
