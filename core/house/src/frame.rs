//! Frames: a header, a block of fixed fields, a variable part, a check sum. Layout:
//! schema/README.md.
//!
//! Reading never panics: bytes that are not a frame of this schema give a `FrameError`. What is
//! read is canonical again when written: padding is dropped, a shorter block of an older schema
//! reads as zeros, a longer one is refused.

use std::fmt;

use crate::checksum::crc32c;
use crate::wire::SCHEMA_VERSION;

mod list;
mod text;

pub use list::{Element, List, read_bytes, write_bytes};
pub use text::Text;

/// Bytes of a header.
pub const HEADER_BYTES: usize = 44;
/// Bytes of a check sum.
pub const CHECK_BYTES: usize = 4;
/// First kind of an event; commands lie below.
pub const FIRST_EVENT_KIND: u16 = 1000;
/// Bytes of a text on the wire: its length and 32 characters.
pub const TEXT_BYTES: usize = 33;

/// Bytes that are not a frame of this schema; says what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameError(pub String);

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FrameError {}

/// What every frame carries before its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Bytes of the whole frame.
    pub length: usize,
    /// Which message.
    pub kind: u16,
    /// Schema version it was written under.
    pub version: u16,
    /// Bytes of the fixed block.
    pub block: usize,
    /// Numbers a command occupies.
    pub span: u16,
    /// Command number, or event number.
    pub number: u64,
    /// Venue time, nanoseconds UTC.
    pub time: i64,
    /// On an event the command number, on a command the event it answers.
    pub cause: u64,
    /// Who asked.
    pub actor: u32,
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut found = [0; N];
    found.copy_from_slice(&bytes[at..at + N]);
    found
}

/// The header of the frame that starts `frames`.
///
/// # Errors
/// When there are too few bytes for a header, or for the frame it announces.
#[inline]
pub fn read_header(frames: &[u8]) -> Result<Header, FrameError> {
    if frames.len() < HEADER_BYTES + CHECK_BYTES {
        return Err(short(frames.len()));
    }
    let head: &[u8] = &frames[..HEADER_BYTES];
    let header = Header {
        length: u32::from_le_bytes(take(head, 0)) as usize,
        kind: u16::from_le_bytes(take(head, 4)),
        version: u16::from_le_bytes(take(head, 6)),
        block: usize::from(u16::from_le_bytes(take(head, 8))),
        span: u16::from_le_bytes(take(head, 10)),
        number: u64::from_le_bytes(take(head, 12)),
        time: i64::from_le_bytes(take(head, 20)),
        cause: u64::from_le_bytes(take(head, 28)),
        actor: u32::from_le_bytes(take(head, 36)),
    };
    if header.length < HEADER_BYTES + CHECK_BYTES + header.block || header.length > frames.len() {
        return Err(unfit(header.length, frames.len()));
    }
    Ok(header)
}

#[cold]
fn short(found: usize) -> FrameError {
    FrameError(format!(
        "expected a header of {HEADER_BYTES} bytes, found {found}"
    ))
}

#[cold]
fn unfit(length: usize, found: usize) -> FrameError {
    FrameError(format!("frame length {length} does not fit {found} bytes"))
}

/// Refuses a frame of a schema that this program does not know.
///
/// # Errors
/// When its version is a newer one.
#[inline]
pub fn check_version(header: &Header) -> Result<(), FrameError> {
    if header.version <= SCHEMA_VERSION {
        return Ok(());
    }
    Err(newer(header))
}

#[cold]
fn newer(header: &Header) -> FrameError {
    FrameError(format!(
        "frame {} was written under schema {}: expected at most {SCHEMA_VERSION}, the schema of \
         this program. Open it with the program that wrote it, or a newer one",
        header.number, header.version
    ))
}

/// Block and variable part of one whole frame, its check sum verified.
///
/// # Errors
/// When the check sum is another one.
#[inline]
pub fn read_body<'a>(header: &Header, frame: &'a [u8]) -> Result<&'a [u8], FrameError> {
    let end = header.length - CHECK_BYTES;
    let check = u32::from_le_bytes(take(frame, end));
    let found = crc32c(&frame[..end]);
    if check != found {
        return Err(FrameError(format!(
            "check sum {check:08x} expected, {found:08x} found in frame {}",
            header.number
        )));
    }
    Ok(body(header, frame))
}

/// Block and variable part of one whole frame whose check sum was verified before.
#[inline]
#[must_use]
pub fn body<'a>(header: &Header, frame: &'a [u8]) -> &'a [u8] {
    &frame[HEADER_BYTES..header.length - CHECK_BYTES]
}

/// True when the check sum of one whole frame holds.
#[inline]
#[must_use]
pub fn is_sound(frame: &[u8]) -> bool {
    let end = frame.len() - CHECK_BYTES;
    u32::from_le_bytes(take(frame, end)) == crc32c(&frame[..end])
}

/// Writes where one whole frame stands, and its check sum anew; length, kind and block stay.
#[inline]
pub fn restamp(frame: &mut [u8], seal: Seal) {
    stamp(&mut frame[..HEADER_BYTES], SCHEMA_VERSION, seal);
    let end = frame.len() - CHECK_BYTES;
    let check = crc32c(&frame[..end]);
    frame[end..].copy_from_slice(&check.to_le_bytes());
}

/// Writes schema version and seal over a header.
#[inline]
fn stamp(head: &mut [u8], version: u16, seal: Seal) {
    head[6..8].copy_from_slice(&version.to_le_bytes());
    head[10..12].copy_from_slice(&seal.span.to_le_bytes());
    head[12..20].copy_from_slice(&seal.number.to_le_bytes());
    head[20..28].copy_from_slice(&seal.time.to_le_bytes());
    head[28..36].copy_from_slice(&seal.cause.to_le_bytes());
    head[36..40].copy_from_slice(&seal.actor.to_le_bytes());
    head[40..44].fill(0);
}

/// The block, where it is as long as this schema has it.
#[inline]
#[must_use]
pub fn exact<const N: usize>(body: &[u8], block: usize) -> Option<&[u8; N]> {
    if block == N { body.first_chunk() } else { None }
}

/// The block as this schema has it: a shorter one of an older schema is filled with zeros.
///
/// # Errors
/// When the body is shorter than the block, or the block longer than this schema has it.
#[cold]
pub fn fixed<const N: usize>(body: &[u8], block: usize) -> Result<[u8; N], FrameError> {
    if block > body.len() {
        let found = body.len();
        return Err(FrameError(format!(
            "block of {block} bytes does not fit a body of {found}"
        )));
    }
    if block > N {
        return Err(FrameError(format!(
            "block of {block} bytes: expected at most {N}"
        )));
    }
    let mut whole = [0; N];
    whole[..block].copy_from_slice(&body[..block]);
    Ok(whole)
}

/// Refuses bytes after the last part.
///
/// # Errors
/// When there are any.
#[inline]
pub fn whole(message: &str, body: &[u8], at: usize) -> Result<(), FrameError> {
    if at == body.len() {
        return Ok(());
    }
    let left = body.len().saturating_sub(at);
    Err(FrameError(format!("{message}: {left} bytes too many")))
}

/// A message: what a frame carries.
pub trait Message {
    /// Number of the kind.
    const KIND: u16;
    /// Bytes of the fixed block.
    const BLOCK: u16;
    /// Name in the schema.
    const NAME: &'static str;
    /// Schema version that declared it.
    const SINCE: u16 = 1;
    /// Oldest schema version that says all of it, and the bytes of its block there.
    #[inline]
    fn written(&self) -> (u16, u16) {
        (Self::SINCE, Self::BLOCK)
    }
    /// Writes the fixed fields into exactly `BLOCK` bytes.
    fn block(&self, block: &mut [u8]);
    /// Appends lists and bytes.
    fn variable(&self, out: &mut Vec<u8>);
    /// Block and variable part.
    fn pack(&self, out: &mut Vec<u8>) {
        let at = out.len();
        out.resize(at + usize::from(Self::BLOCK), 0);
        self.block(&mut out[at..]);
        out.truncate(at + usize::from(self.written().1));
        self.variable(out);
    }
}

/// Where a frame stands in the log.
#[derive(Clone, Copy, Debug)]
pub struct Seal {
    /// Command number, or event number.
    pub number: u64,
    /// Venue time, nanoseconds UTC.
    pub time: i64,
    /// Cause.
    pub cause: u64,
    /// Who asked.
    pub actor: u32,
    /// Numbers a command occupies; zero on events and records.
    pub span: u16,
}

/// Appends one frame around a message. A command says the schema it was asked under; an event or a
/// record the oldest schema that says all of it, so that what was told once is told in the same
/// bytes for good.
#[inline]
pub fn seal<M: Message>(message: &M, seal: Seal, out: &mut Vec<u8>) {
    let start = out.len();
    let (said, block) = message.written();
    let version = if M::KIND < FIRST_EVENT_KIND {
        SCHEMA_VERSION
    } else {
        said
    };
    out.resize(start + HEADER_BYTES + usize::from(M::BLOCK), 0);
    let frame = &mut out[start..];
    let head = &mut frame[..HEADER_BYTES];
    head[4..6].copy_from_slice(&M::KIND.to_le_bytes());
    head[8..10].copy_from_slice(&block.to_le_bytes());
    stamp(head, version, seal);
    message.block(&mut frame[HEADER_BYTES..]);
    out.truncate(start + HEADER_BYTES + usize::from(block));
    message.variable(out);
    let length = (out.len() - start + CHECK_BYTES) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    let check = crc32c(&out[start..]);
    out.extend_from_slice(&check.to_le_bytes());
}
