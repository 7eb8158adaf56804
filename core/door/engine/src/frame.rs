//! The frame of the journal, as schema/README.md lays it down: header of 44 bytes, body, check sum.

use lasalle_house::checksum::crc32c;

/// Bytes of a header.
pub const HEADER: usize = 44;
/// Bytes of the smallest frame: a header, an empty body and the check sum.
pub const SMALLEST: usize = HEADER + 4;
/// First kind of an event; commands lie below.
pub const FIRST_EVENT: u16 = 1000;

/// What every frame carries before its block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub length: u32,
    pub kind: u16,
    pub version: u16,
    pub block: u16,
    pub span: u16,
    pub number: u64,
    pub time: i64,
    pub cause: u64,
    pub actor: u32,
}

/// The u16 at byte `at`.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The u32 at byte `at`.
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// The u64 at byte `at`.
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

impl Header {
    /// The header that starts the slice; the slice holds at least a header.
    #[inline]
    pub fn read(frame: &[u8]) -> Header {
        Header {
            length: u32_at(frame, 0),
            kind: u16_at(frame, 4),
            version: u16_at(frame, 6),
            block: u16_at(frame, 8),
            span: u16_at(frame, 10),
            number: u64_at(frame, 12),
            time: u64_at(frame, 20) as i64,
            cause: u64_at(frame, 28),
            actor: u32_at(frame, 36),
        }
    }

    /// Writes the header over the first 44 bytes of a frame.
    #[inline]
    pub fn write(&self, frame: &mut [u8]) {
        frame[0..4].copy_from_slice(&self.length.to_le_bytes());
        frame[4..6].copy_from_slice(&self.kind.to_le_bytes());
        frame[6..8].copy_from_slice(&self.version.to_le_bytes());
        frame[8..10].copy_from_slice(&self.block.to_le_bytes());
        frame[10..12].copy_from_slice(&self.span.to_le_bytes());
        frame[12..20].copy_from_slice(&self.number.to_le_bytes());
        frame[20..28].copy_from_slice(&self.time.to_le_bytes());
        frame[28..36].copy_from_slice(&self.cause.to_le_bytes());
        frame[36..40].copy_from_slice(&self.actor.to_le_bytes());
        frame[40..44].fill(0);
    }
}

/// Appends one whole frame around a body.
pub fn push(out: &mut Vec<u8>, header: Header, body: &[u8]) {
    let start = out.len();
    out.resize(start + HEADER, 0);
    out.extend_from_slice(body);
    let length = (HEADER + body.len() + 4) as u32;
    Header { length, ..header }.write(&mut out[start..]);
    let check = crc32c(&out[start..]);
    out.extend_from_slice(&check.to_le_bytes());
}

/// Appends a frame around a body of zeros; the check sum is left to who fills the body. Gives the
/// byte at which it starts.
pub(crate) fn open_frame(out: &mut Vec<u8>, header: Header, body: usize) -> usize {
    let start = out.len();
    out.resize(start + HEADER + body + 4, 0);
    let length = (HEADER + body + 4) as u32;
    Header { length, ..header }.write(&mut out[start..]);
    start
}

/// Writes the check sum of a whole frame anew after its bytes changed.
pub fn reseal(frame: &mut [u8]) {
    let end = frame.len() - 4;
    let check = crc32c(&frame[..end]);
    frame[end..].copy_from_slice(&check.to_le_bytes());
}

/// Writes into a whole frame what the venue gives it, and the check sum.
pub(crate) fn stamp(
    frame: &mut [u8],
    version: u16,
    number: u64,
    time: i64,
    cause: u64,
    actor: u32,
) {
    frame[6..8].copy_from_slice(&version.to_le_bytes());
    frame[12..20].copy_from_slice(&number.to_le_bytes());
    frame[20..28].copy_from_slice(&time.to_le_bytes());
    frame[28..36].copy_from_slice(&cause.to_le_bytes());
    frame[36..40].copy_from_slice(&actor.to_le_bytes());
    frame[40..44].fill(0);
    reseal(frame);
}

/// Writes into a frame how many numbers it occupies; its check sum no longer holds.
pub(crate) fn set_span(frame: &mut [u8], span: u64) {
    frame[10..12].copy_from_slice(&(span as u16).to_le_bytes());
}

/// Whether the check sum of a whole frame holds.
pub fn is_sound(frame: &[u8]) -> bool {
    let end = frame.len() - 4;
    u32_at(frame, end) == crc32c(&frame[..end])
}

/// The frames of a run that is known to be whole, one slice each.
pub fn each(run: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at + SMALLEST > run.len() {
            return None;
        }
        let end = at + u32_at(run, at) as usize;
        let frame = run.get(at..end)?;
        at = end;
        Some(frame)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_written_is_read_back_and_a_changed_byte_is_seen() {
        let header = Header {
            kind: 40,
            version: 1,
            block: 3,
            span: 2,
            number: 7,
            time: -5,
            cause: 9,
            actor: 11,
            ..Header::default()
        };
        let mut run = Vec::new();
        push(&mut run, header, b"abc");
        push(&mut run, header, b"");
        let frames: Vec<&[u8]> = each(&run).collect();
        assert_eq!(frames.len(), 2, "two frames of one run");
        let read = Header::read(frames[0]);
        assert_eq!(
            read,
            Header {
                length: 51,
                ..header
            }
        );
        assert!(is_sound(frames[0]) && is_sound(frames[1]));
        run[45] ^= 1;
        assert!(!is_sound(&run[..51]), "a flipped bit breaks the check sum");
        reseal(&mut run[..51]);
        assert!(is_sound(&run[..51]));
    }
}
