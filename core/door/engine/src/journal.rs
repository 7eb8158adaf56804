//! The journal in the byte format of lasalle/venue/journal.py: batches of command frames in segments,
//! check-summed, chained, flushed before any answer.
//!
//! A segment may end in zeros set aside beforehand; zeros where a batch would begin are its clean end.

use crate::disk::Disk;
use crate::frame::{u32_at, u64_at};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;

const MAGIC: &[u8; 4] = b"LSJ1";
const CHAIN_AT: usize = 56;
/// Bytes before the frames of a batch; a caller leaves them free in what it hands over to seal.
pub const FRAMES_AT: usize = CHAIN_AT + 32;
/// Longest batch; opening takes no longer one for sound.
pub const MOST_BATCH: usize = 64 * 1024 * 1024;

/// Thirty-two bytes of SHA-256.
pub type Hash = [u8; 32];

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Why the journal does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A sound record follows a bent one, or the chain is cut: nothing may be built on this journal.
    Bent(String),
    /// No room: nothing was sealed, and service returns with space.
    Full(String),
    /// The disk failed otherwise: the tail is unknown until the journal is opened again.
    Broken(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Fault::Bent(why) | Fault::Full(why) | Fault::Broken(why) => to.write_str(why),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Broken(error.to_string())
    }
}

/// One sealed batch as it stands in a segment.
#[derive(Debug)]
pub struct Batch<'a> {
    pub first: u64,
    pub last: u64,
    pub events: Hash,
    pub chain: Hash,
    pub frames: &'a [u8],
    pub(crate) length: usize,
}

/// How large segments grow and what is kept free on the disk.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub segment: u64,
    /// Below this much free disk only urgent batches are sealed.
    pub headroom: u64,
}

/// A batch that has its place and was written, and is not durable yet.
#[must_use = "a batch written and not flushed is not durable"]
#[derive(Debug)]
pub struct Written {
    last: u64,
    chain: Hash,
    length: u64,
}

/// The one truth. A batch is durable when `flush` returned.
pub struct Journal<D: Disk> {
    disk: D,
    sizes: Sizes,
    broken: String,
    segment: String,
    size: u64,
    /// Bytes of the segment that stood when it was begun, zeros set aside included; None: unknown.
    stood: Option<u64>,
    /// Last number sealed.
    pub last: u64,
    /// Chain after the last batch.
    pub chain: Hash,
    /// What the operator should know of the opening.
    pub notices: Vec<String>,
}

impl<D: Disk> Journal<D> {
    /// Reads everything, shows each batch in order, drops a torn tail, refuses a bent middle.
    /// What `visit` refuses ends the opening with its words.
    pub fn open(
        disk: D,
        sizes: Sizes,
        visit: &mut dyn FnMut(&Batch) -> Result<(), Fault>,
    ) -> Result<Journal<D>, Fault> {
        let mut journal = Journal {
            disk,
            sizes,
            broken: String::new(),
            segment: String::new(),
            size: 0,
            stood: None,
            last: 0,
            chain: [0; 32],
            notices: Vec::new(),
        };
        let names = journal.disk.names()?;
        for (i, name) in names.iter().enumerate() {
            let content = journal.disk.read(name)?;
            let end = journal.read_segment(name, &content, visit)?;
            if !content.is_empty() {
                (journal.segment, journal.size) = (name.clone(), end as u64);
            }
            if content[end..].iter().any(|byte| *byte != 0) {
                journal.drop_tail(&content, end, &names[i + 1..])?;
                break;
            }
        }
        Ok(journal)
    }

    /// Goes on behind a journal that was read to its end a moment ago: by the caller, under the
    /// house's lock.
    pub fn resume(
        disk: D,
        sizes: Sizes,
        segment: String,
        size: u64,
        last: u64,
        chain: Hash,
    ) -> Self {
        let (broken, notices) = (String::new(), Vec::new());
        Journal {
            disk,
            sizes,
            broken,
            segment,
            size,
            stood: None,
            last,
            chain,
            notices,
        }
    }

    fn read_segment(
        &mut self,
        name: &str,
        content: &[u8],
        visit: &mut dyn FnMut(&Batch) -> Result<(), Fault>,
    ) -> Result<usize, Fault> {
        let mut at = 0;
        while let Some(batch) = read_batch(content, at) {
            let chain = chain_of(&self.chain, &content[at..], batch.frames);
            if batch.chain != chain || batch.first != self.last + 1 {
                return Err(Fault::Bent(format!(
                    "{name} at byte {at}: batch {} does not continue the chain after number {}",
                    batch.first, self.last
                )));
            }
            visit(&batch)?;
            (self.last, self.chain) = (batch.last, batch.chain);
            at += batch.length;
        }
        Ok(at)
    }

    fn drop_tail(&mut self, content: &[u8], at: usize, later: &[String]) -> Result<(), Fault> {
        let mut follows = follower(content, at, self.last)
            .map(|(place, first)| (self.segment.clone(), place, first));
        for name in later {
            if follows.is_none() {
                let other = self.disk.read(name)?;
                follows = sound_from(&other, 0)
                    .next()
                    .map(|(place, batch)| (name.clone(), place, batch.first));
            }
        }
        if let Some((segment, place, first)) = follows {
            return Err(Fault::Bent(format!(
                "{} at byte {at}: the record after number {} is bent, and a sound one follows in \
                 {segment} at byte {place} (number {first})",
                self.segment, self.last
            )));
        }
        for name in later {
            self.disk.cut(name, 0)?;
        }
        let torn = content
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1 - at);
        self.disk.cut(&self.segment, at as u64)?;
        self.notices.push(format!(
            "{}: {torn} bytes of a torn tail after number {} were dropped; they were never acknowledged",
            self.segment, self.last
        ));
        Ok(())
    }

    /// The same journal on a disk of no particular kind.
    pub(crate) fn on_any(self) -> Journal<Box<dyn Disk>>
    where
        D: 'static,
    {
        Journal {
            disk: Box::new(self.disk),
            sizes: self.sizes,
            broken: self.broken,
            segment: self.segment,
            size: self.size,
            stood: None,
            last: self.last,
            chain: self.chain,
            notices: self.notices,
        }
    }

    /// Whether so many bytes of frames can be sealed now; urgent ones may use the headroom.
    pub fn check_room(&self, frames: usize, urgent: bool) -> Result<(), Fault> {
        self.check_sound()?;
        let length = (FRAMES_AT + frames + 4) as u64;
        let kept = if urgent { 0 } else { self.sizes.headroom };
        let free = self.disk.room()?;
        let room = free.saturating_sub(kept);
        if length > room {
            return Err(Fault::Full(format!(
                "{length} bytes to seal, {room} bytes of disk free for them"
            )));
        }
        Ok(())
    }

    /// Whether so many bytes of frames go where zeros were set aside: such a batch needs no room of
    /// the disk, so that one need not wait and see whether it is refused.
    pub(crate) fn is_set_aside(&self, frames: usize) -> bool {
        let length = (FRAMES_AT + frames + 4) as u64;
        let stood = self.stood.unwrap_or(0);
        self.broken.is_empty()
            && (1..self.sizes.segment).contains(&self.size)
            && self.size + length <= stood
    }

    fn check_sound(&self) -> Result<(), Fault> {
        if self.broken.is_empty() {
            return Ok(());
        }
        Err(Fault::Broken(format!(
            "nothing more is sealed: {}",
            self.broken
        )))
    }

    /// Writes a batch; `content` starts with FRAMES_AT free bytes, then the frames numbered
    /// first..last. A disk without room leaves nothing behind, and nothing happened.
    pub fn write(
        &mut self,
        content: &mut Vec<u8>,
        first: u64,
        last: u64,
        events: &Hash,
    ) -> Result<Written, Fault> {
        self.check_sound()?;
        assert!(first == self.last + 1, "numbers continue without a gap");
        assert!(last >= first, "a batch holds a command");
        let length = content.len() + 4;
        assert!(
            length <= MOST_BATCH,
            "a batch is at most {MOST_BATCH} bytes"
        );
        content[0..4].copy_from_slice(MAGIC);
        content[4..8].copy_from_slice(&(length as u32).to_le_bytes());
        content[8..16].copy_from_slice(&first.to_le_bytes());
        content[16..24].copy_from_slice(&last.to_le_bytes());
        content[24..56].copy_from_slice(events);
        let mut hash = Sha256::new();
        hash.update(self.chain);
        hash.update(&content[..CHAIN_AT]);
        hash.update(&content[FRAMES_AT..]);
        let chain: Hash = hash.finalize().into();
        content[CHAIN_AT..FRAMES_AT].copy_from_slice(&chain);
        let check = crc32c::crc32c(content);
        content.extend_from_slice(&check.to_le_bytes());
        if self.size >= self.sizes.segment {
            self.give_back()?;
            (self.size, self.stood) = (0, None);
        }
        if self.size == 0 {
            // A segment is named by the number it begins with; an empty one may bear another.
            self.segment = format!("{first:020}.seg");
        }
        if let Err(error) = self.disk.write(&self.segment, self.size, content) {
            return Err(self.take_back(error));
        }
        if self.stood.is_none() {
            self.stood = self.disk.size(&self.segment).ok();
        }
        Ok(Written {
            last,
            chain,
            length: length as u64,
        })
    }

    /// Returns when the batch is durable, with the chain behind it. A flush that fails leaves the tail
    /// unknown, except where the disk only ran out of room.
    pub fn flush(&mut self, written: Written) -> Result<Hash, Fault> {
        if let Err(error) = self.disk.flush(&self.segment) {
            return Err(self.take_back(error));
        }
        self.size += written.length;
        (self.last, self.chain) = (written.last, written.chain);
        Ok(self.chain)
    }

    /// Both at once, for a batch that nothing is done beside.
    pub fn append(
        &mut self,
        content: &mut Vec<u8>,
        first: u64,
        last: u64,
        events: &Hash,
    ) -> Result<(), Fault> {
        let written = self.write(content, first, last, events)?;
        self.flush(written).map(|_| ())
    }

    /// Cuts what a failed write left. Where that fails, or the disk did not merely run out of room,
    /// the tail is unknown and a batch behind it would bend the middle.
    fn take_back(&mut self, cause: io::Error) -> Fault {
        self.stood = None;
        let full = matches!(
            cause.raw_os_error(),
            Some(libc::ENOSPC | libc::EDQUOT | libc::EFBIG)
        );
        if !full {
            self.broken = format!("{}: {cause}", self.segment);
        }
        let size = self.size;
        let cut = self.disk.size(&self.segment).and_then(|found| {
            if found > size {
                self.disk.cut(&self.segment, size)
            } else {
                Ok(())
            }
        });
        if let Err(error) = cut {
            self.broken = format!("{} could not be cut at byte {size}: {error}", self.segment);
        }
        if self.broken.is_empty() {
            return Fault::Full(format!("the disk refused the batch: {cause}"));
        }
        Fault::Broken(self.broken.clone())
    }

    /// Cuts the zeros set aside behind the last batch, so that the folder holds batches alone.
    pub fn close(&mut self) -> Result<(), Fault> {
        if self.broken.is_empty() {
            self.give_back()?;
        }
        self.broken = "it was closed".into();
        Ok(())
    }

    /// Cuts the zeros set aside behind the last batch of the segment.
    fn give_back(&mut self) -> io::Result<()> {
        let (name, size) = (&self.segment, self.size);
        if !name.is_empty() && self.disk.size(name)? > size {
            self.disk.cut(name, size)?;
        }
        Ok(())
    }
}

/// The chain of a batch: SHA-256 of the chain before it, its head, which begins `bytes`, and its
/// frames.
pub(crate) fn chain_of(before: &Hash, bytes: &[u8], frames: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(&bytes[..CHAIN_AT]);
    hash.update(frames);
    hash.finalize().into()
}

/// The batch at byte `at`, or None when it is not sound.
pub(crate) fn read_batch(content: &[u8], at: usize) -> Option<Batch<'_>> {
    let rest = &content[at..];
    if rest.len() < FRAMES_AT + 4 || &rest[..4] != MAGIC {
        return None;
    }
    let length = u32_at(rest, 4) as usize;
    if !(FRAMES_AT + 4..=rest.len().min(MOST_BATCH)).contains(&length) {
        return None;
    }
    let whole = &rest[..length];
    if u32_at(whole, length - 4) != crc32c::crc32c(&whole[..length - 4]) {
        return None;
    }
    Some(Batch {
        first: u64_at(whole, 8),
        last: u64_at(whole, 16),
        events: whole[24..CHAIN_AT].try_into().expect("32 bytes"),
        chain: whole[CHAIN_AT..FRAMES_AT].try_into().expect("32 bytes"),
        frames: &whole[FRAMES_AT..length - 4],
        length,
    })
}

/// Byte and first number of a sound batch that shows the record at byte `at` to be bent and not torn.
///
/// A member's integers may spell a sound batch, so one that begins inside the bytes which the
/// record claims by its own head counts only where it continues the chain the record holds.
fn follower(content: &[u8], at: usize, last: u64) -> Option<(usize, u64)> {
    let claim = Claim::read(&content[at..], last);
    sound_from(content, at + 1)
        .find(|(place, batch)| {
            claim.as_ref().is_none_or(|claim| {
                *place >= at + claim.length || claim.continues(batch, &content[*place..])
            })
        })
        .map(|(place, batch)| (place, batch.first))
}

/// What the head of a record that is not sound says of itself, where it can be believed.
struct Claim {
    length: usize,
    last: u64,
    chain: Hash,
}

impl Claim {
    /// None unless the head is whole, its numbers go on and its length can be a batch's.
    fn read(rest: &[u8], before: u64) -> Option<Claim> {
        let head = rest.get(..FRAMES_AT)?;
        let (length, first, last) = (u32_at(head, 4) as usize, u64_at(head, 8), u64_at(head, 16));
        let believed = &head[..4] == MAGIC
            && (FRAMES_AT + 4..=MOST_BATCH).contains(&length)
            && first == before + 1
            && last >= first;
        believed.then(|| Claim {
            length,
            last,
            chain: head[CHAIN_AT..].try_into().expect("32 bytes"),
        })
    }

    fn continues(&self, batch: &Batch, bytes: &[u8]) -> bool {
        batch.first.checked_sub(1) == Some(self.last)
            && batch.chain == chain_of(&self.chain, bytes, batch.frames)
    }
}

/// Every sound batch that begins at or after byte `at`, wherever it stands.
fn sound_from(content: &[u8], mut at: usize) -> impl Iterator<Item = (usize, Batch<'_>)> {
    std::iter::from_fn(move || {
        while let Some(found) = content.get(at..)?.windows(4).position(|four| four == MAGIC) {
            let place = at + found;
            at = place + 1;
            if let Some(batch) = read_batch(content, place) {
                return Some((place, batch));
            }
        }
        None
    })
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
