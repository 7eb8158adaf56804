//! Frames: a header, a block of fixed fields, a variable part, a check sum. Layout:
//! schema/README.md.
//!
//! Reading never panics: bytes that are not a frame of this schema give a `FrameError`. What is
//! read is canonical again when written: padding is dropped, a shorter block of an older schema
//! reads as zeros, a longer one is cut.

use std::fmt;
use std::marker::PhantomData;

use crate::checksum::crc32c;

/// Bytes of a header.
pub const HEADER_BYTES: usize = 44;
/// Bytes of a check sum.
pub const CHECK_BYTES: usize = 4;
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

/// At most 32 ASCII characters, padded with zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text([u8; TEXT_BYTES]);

impl Default for Text {
    fn default() -> Self {
        Self([0; TEXT_BYTES])
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self.characters()), f)
    }
}

/// By the characters, as the records order texts.
impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.characters().cmp(other.characters())
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Text {
    /// The text on the wire; a length above 32 reads as 32.
    ///
    /// # Errors
    /// When a character is not ASCII.
    #[inline]
    pub fn read(wire: &[u8; TEXT_BYTES]) -> Result<Self, FrameError> {
        if wire[0] == 0 {
            return Ok(Self::default());
        }
        let length = usize::from(wire[0]).min(TEXT_BYTES - 1);
        let mut kept = [0; TEXT_BYTES];
        kept[0] = length as u8;
        let (mut beyond, mut left) = (0, length);
        for word in 0..4 {
            let place = 1 + 8 * word;
            let eight = u64::from_le_bytes(take(wire, place));
            let mask = match left {
                0 => 0,
                1..8 => (1 << (8 * left)) - 1,
                _ => u64::MAX,
            };
            beyond |= eight & mask;
            kept[place..place + 8].copy_from_slice(&(eight & mask).to_le_bytes());
            left = left.saturating_sub(8);
        }
        if beyond & 0x8080_8080_8080_8080 == 0 {
            Ok(Self(kept))
        } else {
            Err(FrameError("a text is ASCII".into()))
        }
    }

    /// A text of at most 32 ASCII characters.
    #[must_use]
    pub fn of(characters: &str) -> Option<Self> {
        if characters.len() > TEXT_BYTES - 1 || !characters.is_ascii() {
            return None;
        }
        let mut kept = [0; TEXT_BYTES];
        kept[0] = characters.len() as u8;
        kept[1..=characters.len()].copy_from_slice(characters.as_bytes());
        Some(Self(kept))
    }

    /// The characters.
    #[inline]
    #[must_use]
    pub fn characters(&self) -> &[u8] {
        &self.0[1..=usize::from(self.0[0])]
    }

    /// True without a character.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0[0] == 0
    }

    /// Length and characters, padded.
    #[inline]
    #[must_use]
    pub fn wire(&self) -> &[u8; TEXT_BYTES] {
        &self.0
    }
}

/// An element of a list.
pub trait Element: Copy {
    /// Bytes of one element.
    const SIZE: usize;
    /// Reads `SIZE` bytes.
    ///
    /// # Errors
    /// When a word of a closed list is none of its words.
    fn read(wire: &[u8]) -> Result<Self, FrameError>;
    /// Appends `SIZE` bytes.
    fn write(&self, out: &mut Vec<u8>);
}

/// A list of a message: elements in a frame, or elements of the house.
#[derive(Clone, Copy)]
pub enum List<'a, T: Element> {
    /// In a frame, each `stride` bytes long, each read once before.
    Wire {
        /// The elements.
        bytes: &'a [u8],
        /// Bytes from one to the next.
        stride: usize,
        /// What they are.
        element: PhantomData<T>,
    },
    /// Of the house.
    Own(&'a [T]),
}

impl<'a, T: Element> List<'a, T> {
    /// A list that starts at byte `at` of a body, and the byte after it; a missing one is empty.
    ///
    /// # Errors
    /// When the bytes are too few, or an element is not one.
    pub fn read(body: &'a [u8], at: usize) -> Result<(Self, usize), FrameError> {
        if at == body.len() {
            return Ok((Self::Own(&[]), at));
        }
        if at + 6 > body.len() {
            let found = body.len();
            return Err(FrameError(format!(
                "expected a list at byte {at} of {found}"
            )));
        }
        let count = u32::from_le_bytes(take(body, at)) as usize;
        let stride = usize::from(u16::from_le_bytes(take(body, at + 4)));
        let end = at + 6 + count * stride;
        if end > body.len() || stride == 0 {
            let found = body.len() - at - 6;
            return Err(FrameError(format!(
                "list of {count} x {stride} bytes does not fit {found}"
            )));
        }
        let bytes = &body[at + 6..end];
        for element in bytes.chunks_exact(stride) {
            read_element::<T>(element)?;
        }
        let list = Self::Wire {
            bytes,
            stride,
            element: PhantomData,
        };
        Ok((list, end))
    }

    /// Elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Wire { bytes, stride, .. } => bytes.len() / stride,
            Self::Own(elements) => elements.len(),
        }
    }

    /// True without an element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> T {
        match self {
            Self::Wire { bytes, stride, .. } => {
                read_element(&bytes[index * stride..(index + 1) * stride])
                    .expect("an element was read before")
            }
            Self::Own(elements) => elements[index],
        }
    }

    /// Every element in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Appends count, stride and elements.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&(self.len() as u32).to_le_bytes());
        out.extend_from_slice(&(T::SIZE as u16).to_le_bytes());
        match self {
            Self::Wire { bytes, stride, .. } if *stride == T::SIZE => out.extend_from_slice(bytes),
            _ => self.iter().for_each(|element| element.write(out)),
        }
    }
}

fn read_element<T: Element>(wire: &[u8]) -> Result<T, FrameError> {
    if wire.len() >= T::SIZE {
        return T::read(&wire[..T::SIZE]);
    }
    let mut longer = wire.to_vec();
    longer.resize(T::SIZE, 0);
    T::read(&longer)
}

/// Bytes that start at byte `at` of a body, and the byte after them; missing ones are empty.
///
/// # Errors
/// When there are fewer than announced.
pub fn read_bytes(body: &[u8], at: usize) -> Result<(&[u8], usize), FrameError> {
    if at == body.len() {
        return Ok((&[], at));
    }
    if at + 4 > body.len() {
        let found = body.len();
        return Err(FrameError(format!(
            "expected bytes at byte {at} of {found}"
        )));
    }
    let size = u32::from_le_bytes(take(body, at)) as usize;
    let end = at + 4 + size;
    if end > body.len() {
        let found = body.len() - at - 4;
        return Err(FrameError(format!("{size} bytes do not fit {found}")));
    }
    Ok((&body[at + 4..end], end))
}

/// Appends length and bytes.
pub fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// The block, where it is as long as this schema has it.
#[inline]
#[must_use]
pub fn exact<const N: usize>(body: &[u8], block: usize) -> Option<&[u8; N]> {
    if block == N { body.first_chunk() } else { None }
}

/// The block as this schema has it: a shorter one is filled with zeros, a longer one is cut.
///
/// # Errors
/// When the body is shorter than the block.
#[cold]
pub fn fixed<const N: usize>(body: &[u8], block: usize) -> Result<[u8; N], FrameError> {
    if block > body.len() {
        let found = body.len();
        return Err(FrameError(format!(
            "block of {block} bytes does not fit a body of {found}"
        )));
    }
    let mut whole = [0; N];
    let kept = block.min(N);
    whole[..kept].copy_from_slice(&body[..kept]);
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
    /// Writes the fixed fields into exactly `BLOCK` bytes.
    fn block(&self, block: &mut [u8]);
    /// Appends lists and bytes.
    fn variable(&self, out: &mut Vec<u8>);
    /// Block and variable part.
    fn pack(&self, out: &mut Vec<u8>) {
        let at = out.len();
        out.resize(at + usize::from(Self::BLOCK), 0);
        self.block(&mut out[at..]);
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

/// Appends one frame around a message.
#[inline]
pub fn seal<M: Message>(message: &M, seal: Seal, out: &mut Vec<u8>) {
    let start = out.len();
    let block = usize::from(M::BLOCK);
    out.resize(start + HEADER_BYTES + block, 0);
    let frame = &mut out[start..];
    let head = &mut frame[..HEADER_BYTES];
    head[4..6].copy_from_slice(&M::KIND.to_le_bytes());
    head[6..8].copy_from_slice(&crate::wire::SCHEMA_VERSION.to_le_bytes());
    head[8..10].copy_from_slice(&M::BLOCK.to_le_bytes());
    head[10..12].copy_from_slice(&seal.span.to_le_bytes());
    head[12..20].copy_from_slice(&seal.number.to_le_bytes());
    head[20..28].copy_from_slice(&seal.time.to_le_bytes());
    head[28..36].copy_from_slice(&seal.cause.to_le_bytes());
    head[36..40].copy_from_slice(&seal.actor.to_le_bytes());
    message.block(&mut frame[HEADER_BYTES..]);
    message.variable(out);
    let length = (out.len() - start + CHECK_BYTES) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    let check = crc32c(&out[start..]);
    out.extend_from_slice(&check.to_le_bytes());
}
