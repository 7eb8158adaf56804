//! Replay of a folder of segments: one thread reads and checks what the core takes next, every frame
//! of it, so that the core sums nothing again; one digests the events it told and compares them with
//! what was sealed. Twin of lasalle/venue/replay.py.

use crate::core::Core;
use crate::frame::{Header, SMALLEST, u32_at};
use crate::journal::{Fault, Hash, chain_of, read_batch, sha256};
use crate::segments::{Checked, check_named, continues, is_zero, names, read_into};
use lasalle_house::frame::is_sound;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Events are handed to the thread that digests them in pieces of about so many bytes.
const PIECE: usize = 512 * 1024;

/// Where a replay begins and ends.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Last number the core has taken already.
    pub after: u64,
    /// Digest of the events of the batch that ended there.
    pub digest: Hash,
    /// Last number of the journal, as its opening found it.
    pub last: u64,
    /// Events up to this number are not heard again.
    pub heard: u64,
}

/// What is known of a journal before one pass over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Last number the core has taken already, as the snapshot tells it was made of.
    pub after: u64,
    /// Digest of the events of the batch that ended there.
    pub digest: Hash,
    /// Events up to this number are not heard again.
    pub heard: u64,
    /// Numbers from `after` on at which a batch must end, each with the chain behind it.
    pub marks: Vec<(u64, Hash)>,
}

/// Why a replay ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The journal is not what it was when it was opened.
    Fault(Fault),
    /// The core told other events than were sealed.
    Diverged(String),
    /// The core or the hearer failed.
    Failed(String),
}

/// Told the events of each batch, in order, once they were digested; at most the last of them is
/// still without a witness.
pub type Hear<'a> = dyn FnMut(&[u8]) -> Result<(), String> + Send + 'a;

/// A segment as it was read, and its batches.
struct Segment {
    content: Vec<u8>,
    batches: Vec<Sealed>,
}

/// A batch: where its frames stand, and what it seals.
struct Sealed {
    frames: Range<usize>,
    first: u64,
    last: u64,
    events: Hash,
    /// Whether the check sum of every frame holds.
    sound: bool,
}

/// Events of some batches, one behind another, and for each batch the byte at which they end.
#[derive(Default)]
struct Told {
    events: Vec<u8>,
    batches: Vec<(usize, Witness)>,
}

/// What a batch says of the events before it.
struct Witness {
    first: u64,
    last: u64,
    events: Hash,
}

/// Has the core take what a journal holds behind `span.after`; gives the digest of the last batch's
/// events. Every batch is compared, however old.
pub fn replay(
    folder: &Path,
    core: &mut dyn Core,
    span: Span,
    hear: Option<&mut Hear<'_>>,
) -> Result<Hash, Stop> {
    run(folder, core, span, None, hear).map(|(digest, _)| digest)
}

/// Has a core take what a journal holds behind what it took already, in one pass over all bytes of
/// the journal, the chain verified on the way: segments that lie before are checked on every
/// processor beside the core. Gives the digest of the last batch's events and where the journal ends.
/// Where it stops, nothing is known of what follows: the opening tells a torn tail from a bent middle.
pub fn replay_whole(
    folder: &Path,
    core: &mut dyn Core,
    known: &Known,
    hear: Option<&mut Hear<'_>>,
) -> Result<(Hash, Checked), Stop> {
    let span = Span {
        after: known.after,
        digest: known.digest,
        last: u64::MAX,
        heard: known.heard,
    };
    run(folder, core, span, Some(&known.marks), hear)
}

fn run(
    folder: &Path,
    core: &mut dyn Core,
    span: Span,
    marks: Option<&[(u64, Hash)]>,
    hear: Option<&mut Hear<'_>>,
) -> Result<(Hash, Checked), Stop> {
    let mut deaf = |_: &[u8]| Ok(());
    let heard = if hear.is_some() { span.heard } else { u64::MAX };
    let hear: &mut Hear<'_> = match hear {
        Some(hear) => hear,
        None => &mut deaf,
    };
    let (before, names) = parted(folder, span.after).map_err(Stop::Fault)?;
    let mut walk = Walk::new(span, marks, &before, &names);
    thread::scope(|scope| {
        let checker = scope.spawn(move || match marks {
            Some(_) => check_named(folder, before),
            None => Ok(None),
        });
        let (to_core, segments) = sync_channel(1);
        let (emptied, room) = channel();
        let reader = scope.spawn(move || {
            if let Err(fault) = walk.read(folder, names, &to_core, &room) {
                let _ = to_core.send(Err(fault));
            }
            walk
        });
        let (to_digest, told) = sync_channel(2);
        let (back, digested) = channel();
        let digester = scope.spawn(move || digest(span, told, back));
        let mut hearing = |told: &Told| hear_piece(told, heard, hear);
        let mut out = Out {
            to_digest,
            digested: &digested,
            emptied,
        };
        let taken = take(core, span, segments, &mut out, &mut hearing);
        drop(out);
        let found = digester.join().expect("digesting does not panic")?;
        taken?;
        for told in digested.try_iter() {
            hearing(&told)?;
        }
        let walk = reader.join().expect("reading does not panic");
        let before = checker.join().expect("checking does not panic");
        let ends = walk.joined(before.map_err(Fault::from).map_err(Stop::Fault)?)?;
        Ok((found, ends))
    })
}

/// Segments that hold bytes: those before the one in which `after` ends, and that one with the rest.
fn parted(folder: &Path, after: u64) -> Result<(Vec<String>, Vec<String>), Fault> {
    let mut before = names(folder)?;
    before.retain(|name| fs::metadata(folder.join(name)).is_ok_and(|found| found.len() > 0));
    // A segment is named by the number it begins with.
    let at = before.iter().rposition(|name| begins(name) <= after);
    let rest = before.split_off(at.unwrap_or(0));
    Ok((before, rest))
}

fn begins(name: &str) -> u64 {
    name.trim_end_matches(".seg").parse().unwrap_or(0)
}

/// Where the thread of the core leaves what it is done with.
struct Out<'a> {
    to_digest: SyncSender<Told>,
    digested: &'a Receiver<Told>,
    /// Rooms of segments that were taken, to be read into again.
    emptied: Sender<Vec<u8>>,
}

fn take(
    core: &mut dyn Core,
    span: Span,
    segments: Receiver<Result<Segment, Fault>>,
    out: &mut Out<'_>,
    hearing: &mut dyn FnMut(&Told) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut told = Told::default();
    // Where the other side has gone it found a difference, and says so itself.
    let mut hand_over = |told: &mut Told| -> Result<bool, Stop> {
        let mut next = Told::default();
        for free in out.digested.try_iter() {
            hearing(&free)?;
            next = free;
        }
        next.events.clear();
        next.batches.clear();
        Ok(out.to_digest.send(std::mem::replace(told, next)).is_ok())
    };
    let mut last = span.after;
    for segment in segments {
        let Segment { content, batches } = segment.map_err(Stop::Fault)?;
        for batch in batches {
            let frames = &content[batch.frames];
            let taken = if batch.sound {
                core.take_stamped(frames, &mut told.events)
            } else {
                core.take(frames, &mut told.events)
            };
            taken.map_err(Stop::Failed)?;
            let witness = Witness {
                first: batch.first,
                last: batch.last,
                events: batch.events,
            };
            told.batches.push((told.events.len(), witness));
            last = batch.last;
            if told.events.len() >= PIECE && !hand_over(&mut told)? {
                return Ok(());
            }
        }
        let _ = out.emptied.send(content);
    }
    if last != span.last && span.last != u64::MAX {
        let why = format!("number {} expected at the end, {last} found", span.last);
        return Err(Stop::Fault(Fault::Bent(why)));
    }
    hand_over(&mut told)?;
    Ok(())
}

fn hear_piece(told: &Told, heard: u64, hear: &mut Hear<'_>) -> Result<(), Stop> {
    let mut start = 0;
    for (end, _) in &told.batches {
        let events = &told.events[start..*end];
        start = *end;
        if !events.is_empty() && Header::read(events).number > heard {
            hear(events).map_err(Stop::Failed)?;
        }
    }
    Ok(())
}

fn digest(span: Span, told: Receiver<Told>, back: Sender<Told>) -> Result<Hash, Stop> {
    let mut digest = span.digest;
    let mut before = span.after.to_string();
    for piece in told {
        let mut start = 0;
        for (end, batch) in &piece.batches {
            if batch.events != digest {
                return Err(Stop::Diverged(format!(
                    "the events of {before}, before number {}, are not those the journal sealed",
                    batch.first
                )));
            }
            digest = sha256(&piece.events[start..*end]);
            before = format!("{} to {}", batch.first, batch.last);
            start = *end;
        }
        let _ = back.send(piece);
    }
    Ok(digest)
}

/// Segments as they are read, and how far they were sound.
struct Walk {
    span: Span,
    /// Whether the chain is verified.
    chained: bool,
    /// Whether segments lie before, so that the chain before the first batch read is not known yet.
    joins: bool,
    /// Bytes of the first batch that was read, where it joins segments before.
    opening: Vec<u8>,
    /// Numbers and chains that were not met yet.
    marks: Vec<(u64, Hash)>,
    found: Checked,
}

impl Walk {
    /// marks: None where the chain is not verified.
    fn new(span: Span, marks: Option<&[(u64, Hash)]>, before: &[String], names: &[String]) -> Walk {
        let last = names.first().map_or(0, |name| begins(name));
        Walk {
            span,
            chained: marks.is_some(),
            joins: !before.is_empty(),
            opening: Vec::new(),
            marks: marks.unwrap_or_default().to_vec(),
            found: Checked {
                last: if last <= span.after {
                    last.saturating_sub(1)
                } else {
                    0
                },
                ..Checked::default()
            },
        }
    }

    /// Reads segment after segment, and checks them.
    fn read(
        &mut self,
        folder: &Path,
        names: Vec<String>,
        to_core: &SyncSender<Result<Segment, Fault>>,
        room: &Receiver<Vec<u8>>,
    ) -> Result<(), Fault> {
        for name in names {
            let mut content = room.try_recv().unwrap_or_default();
            read_into(&folder.join(&name), &mut content)?;
            let batches = self.batches(&name, &content)?;
            let segment = Segment { content, batches };
            if to_core.send(Ok(segment)).is_err() || self.found.last >= self.span.last {
                break;
            }
        }
        Ok(())
    }

    /// Where the journal ends, once the segments before those that were read are checked too.
    fn joined(self, before: Option<Checked>) -> Result<Checked, Stop> {
        let mut found = self.found;
        if !self.chained {
            return Ok(found);
        }
        let bent = |why: &str| Err(Stop::Fault(Fault::Bent(why.to_string())));
        let Some(before) = before else {
            return bent("a segment before those that were taken is not sound");
        };
        if self.joins && !continues(&before, &self.opening) {
            return bent("the segments that were taken do not continue those before");
        }
        if !self.marks.is_empty() {
            return bent("no batch ends where one should, with the chain it should have");
        }
        found.batches += before.batches;
        found.zeros.splice(0..0, before.zeros);
        Ok(found)
    }

    fn batches(&mut self, name: &str, content: &[u8]) -> Result<Vec<Sealed>, Fault> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < content.len() && self.found.last < self.span.last {
            let last = self.found.last;
            let opens = self.joins && self.opening.is_empty();
            let batch = read_batch(content, at).filter(|batch| {
                batch.first == last.wrapping_add(1)
                    && (!self.chained
                        || opens
                        || batch.chain == chain_of(&self.found.chain, &content[at..], batch.frames))
            });
            let Some(batch) = batch else {
                if is_zero(&content[at..]) {
                    self.found.zeros.push((name.to_string(), at as u64));
                    break;
                }
                return Err(Fault::Bent(format!(
                    "{name} at byte {at}: the record after number {last} changed"
                )));
            };
            if opens {
                self.opening = content[at..at + batch.length].to_vec();
            }
            (self.found.last, self.found.chain) = (batch.last, batch.chain);
            self.marks.retain(|mark| *mark != (batch.last, batch.chain));
            self.found.batches += 1;
            if batch.last > self.span.after {
                let frames = batch.frames.as_ptr() as usize - content.as_ptr() as usize;
                found.push(Sealed {
                    frames: frames..frames + batch.frames.len(),
                    first: batch.first,
                    last: batch.last,
                    events: batch.events,
                    sound: are_sound(batch.frames),
                });
            }
            at += batch.length;
        }
        (self.found.segment, self.found.size) = (name.to_string(), at as u64);
        Ok(found)
    }
}

/// Whether these are whole frames whose check sums hold; what they are not, the core tells.
fn are_sound(frames: &[u8]) -> bool {
    let mut at = 0;
    while at < frames.len() {
        let rest = &frames[at..];
        if rest.len() < SMALLEST {
            return false;
        }
        let length = u32_at(rest, 0) as usize;
        if length < SMALLEST || length > rest.len() || !is_sound(&rest[..length]) {
            return false;
        }
        at += length;
    }
    true
}
