//! A whole journal checked on every processor: check sums, numbers and the chain.
//!
//! A batch holds the chain before it, so that segments are checked side by side and their joints
//! afterwards. Whatever is not wholly sound is left to the journal's own opening, which tells a
//! torn tail from a bent middle.

use crate::journal::{Hash, chain_of, read_batch};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A journal in which every batch is sound and continues the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Segment and byte behind the last batch.
    pub segment: String,
    pub size: u64,
    pub last: u64,
    pub chain: Hash,
    pub batches: u64,
    /// Segments that end in zeros, and the byte at which their batches end.
    pub zeros: Vec<(String, u64)>,
}

/// What one segment holds.
struct Segment {
    /// Bytes of the first batch, for the joint with the segment before.
    opening: Vec<u8>,
    /// Last number and chain of the last batch.
    last: u64,
    chain: Hash,
    batches: u64,
    end: usize,
    length: usize,
}

/// Names of the segments of a folder, in order.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".seg") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Whether nothing but zeros stands here.
pub(crate) fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|word| u128::from_ne_bytes(*word) == 0) && rest.iter().all(|byte| *byte == 0)
}

/// Reads a whole file into room that is used again: the system clears every page of a fresh room,
/// which costs more than the check sum of what is read.
pub(crate) fn read_into(path: &Path, content: &mut Vec<u8>) -> io::Result<()> {
    let mut file = File::open(path)?;
    content.clear();
    // A byte more than the file, so that its end is found without growing.
    content.reserve(file.metadata()?.len() as usize + 1);
    file.read_to_end(content)?;
    Ok(())
}

/// None where anything is not sound.
pub fn check(folder: &Path) -> io::Result<Option<Checked>> {
    check_named(folder, names(folder)?)
}

/// The same of the first segments of a folder, which are named in order.
pub(crate) fn check_named(folder: &Path, names: Vec<String>) -> io::Result<Option<Checked>> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let read = || {
        let (mut read, mut content) = (Vec::new(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(at) else {
                return Ok(read);
            };
            read_into(&folder.join(name), &mut content)?;
            read.push((at, check_segment(&content)));
        }
    };
    let mut segments: Vec<(usize, Option<Segment>)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(names.len()))
            .map(|_| scope.spawn(read))
            .collect();
        let found: io::Result<Vec<_>> = workers
            .into_iter()
            .map(|worker| worker.join().expect("checking does not panic"))
            .collect();
        Ok::<_, io::Error>(found?.into_iter().flatten().collect())
    })?;
    segments.sort_by_key(|(at, _)| *at);
    let segments: Option<Vec<Segment>> = segments.into_iter().map(|(_, one)| one).collect();
    Ok(segments.and_then(|segments| join(names, segments)))
}

fn join(names: Vec<String>, segments: Vec<Segment>) -> Option<Checked> {
    let mut whole = Checked::default();
    for (name, segment) in names.into_iter().zip(segments) {
        if segment.batches > 0 {
            if !continues(&whole, &segment.opening) {
                return None;
            }
            (whole.last, whole.chain) = (segment.last, segment.chain);
        }
        whole.batches += segment.batches;
        if segment.length > segment.end {
            whole.zeros.push((name.clone(), segment.end as u64));
        }
        if segment.length > 0 {
            (whole.segment, whole.size) = (name, segment.end as u64);
        }
    }
    Some(whole)
}

/// Whether the batch with these bytes is the next behind what was checked.
pub(crate) fn continues(before: &Checked, bytes: &[u8]) -> bool {
    read_batch(bytes, 0).is_some_and(|batch| {
        batch.first == before.last.wrapping_add(1)
            && batch.chain == chain_of(&before.chain, bytes, batch.frames)
    })
}

fn check_segment(content: &[u8]) -> Option<Segment> {
    let mut found = Segment {
        opening: Vec::new(),
        last: 0,
        chain: [0; 32],
        batches: 0,
        end: 0,
        length: content.len(),
    };
    while let Some(batch) = read_batch(content, found.end) {
        let bytes = &content[found.end..found.end + batch.length];
        if found.batches == 0 {
            found.opening = bytes.to_vec();
        } else if batch.first != found.last.wrapping_add(1)
            || batch.chain != chain_of(&found.chain, bytes, batch.frames)
        {
            return None;
        }
        (found.last, found.chain) = (batch.last, batch.chain);
        found.batches += 1;
        found.end += batch.length;
    }
    is_zero(&content[found.end..]).then_some(found)
}
