//! Doubles for tests: a disk in memory that fills, tears, fails and waits, and a core that counts.

use crate::core::Core;
use crate::disk::Disk;
use crate::frame::{Header, each, push};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Longest that a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A disk in memory; its clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct MemoryDisk {
    pub(crate) files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// Bytes that the next writes may take; None: any number.
    pub(crate) free: Arc<Mutex<Option<usize>>>,
    /// What the disk says is free; None: a lot.
    pub(crate) room: Arc<Mutex<Option<u64>>>,
    pub(crate) flush_fails: Arc<Mutex<bool>>,
    /// Who holds it keeps every write waiting.
    pub(crate) gate: Arc<Mutex<()>>,
    flushing: Arc<(Mutex<Flushing>, Condvar)>,
}

#[derive(Default)]
struct Flushing {
    held: bool,
    begun: usize,
    done: usize,
}

impl MemoryDisk {
    /// From now on a flush lasts until `release`.
    pub(crate) fn hold(&self) {
        self.flushing.0.lock().unwrap().held = true;
    }

    pub(crate) fn release(&self) {
        self.flushing.0.lock().unwrap().held = false;
        self.flushing.1.notify_all();
    }

    /// Waits until so many flushes have begun.
    pub(crate) fn wait_for_flushes(&self, count: usize) {
        let (flushing, changed) = &*self.flushing;
        let held = flushing.lock().unwrap();
        let (held, late) = changed
            .wait_timeout_while(held, PATIENCE, |flushing| flushing.begun < count)
            .unwrap();
        assert!(!late.timed_out(), "{} flushes, not {count}", held.begun);
    }

    /// Flushes that ended.
    pub(crate) fn flushes(&self) -> usize {
        self.flushing.0.lock().unwrap().done
    }

    /// Sets zeros aside for the first segment.
    pub(crate) fn set_aside(&self, bytes: usize) {
        let mut files = self.files.lock().unwrap();
        files.insert(format!("{:020}.seg", 1), vec![0; bytes]);
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> usize {
        self.files.lock().unwrap().values().map(Vec::len).sum()
    }
}

impl Disk for MemoryDisk {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.files.lock().unwrap().keys().cloned().collect())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        Ok(self.files.lock().unwrap()[name].clone())
    }

    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()> {
        let _passes = self.gate.lock().unwrap();
        let mut files = self.files.lock().unwrap();
        let file = files.entry(name.into()).or_default();
        let free = self.free.lock().unwrap().unwrap_or(usize::MAX);
        let taken = content.len().min(free);
        file.resize(file.len().max(at as usize + taken), 0);
        file[at as usize..at as usize + taken].copy_from_slice(&content[..taken]);
        if taken < content.len() {
            return Err(io::Error::from_raw_os_error(libc::ENOSPC));
        }
        Ok(())
    }

    fn flush(&mut self, _: &str) -> io::Result<()> {
        let (flushing, changed) = &*self.flushing;
        let mut held = flushing.lock().unwrap();
        held.begun += 1;
        changed.notify_all();
        let mut held = changed.wait_while(held, |flushing| flushing.held).unwrap();
        held.done += 1;
        drop(held);
        if *self.flush_fails.lock().unwrap() {
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        Ok(())
    }

    fn cut(&mut self, name: &str, size: u64) -> io::Result<()> {
        let mut files = self.files.lock().unwrap();
        files.get_mut(name).unwrap().truncate(size as usize);
        Ok(())
    }

    fn room(&self) -> io::Result<u64> {
        Ok(self.room.lock().unwrap().unwrap_or(1 << 40))
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        let files = self.files.lock().unwrap();
        Ok(files.get(name).map_or(0, |file| file.len() as u64))
    }
}

/// A core that tells one event for each command, and stops where it is told to.
#[derive(Clone, Default)]
pub(crate) struct CountingCore {
    pub(crate) number: u64,
    pub(crate) time: i64,
    /// Bytes of each event beyond its frame.
    pub(crate) event_bytes: Arc<AtomicUsize>,
    /// The command at which it panics.
    pub(crate) panics_at: u64,
    /// Last number taken, as the test sees it.
    pub(crate) seen: Arc<Mutex<u64>>,
}

/// Kind of the events of a counting core.
pub(crate) const COUNTED: u16 = 1000;

impl Core for CountingCore {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        for frame in each(frames) {
            let Header { number, time, .. } = Header::read(frame);
            assert!(number != self.panics_at, "the core broke at {number}");
            if number != self.number + 1 {
                return Err(format!(
                    "number {} expected, {number} found",
                    self.number + 1
                ));
            }
            (self.number, self.time) = (number, time);
            let header = Header {
                kind: COUNTED,
                version: 1,
                number,
                time,
                cause: number,
                ..Header::default()
            };
            push(
                out,
                header,
                &vec![0; self.event_bytes.load(Ordering::Relaxed)],
            );
        }
        *self.seen.lock().unwrap() = self.number;
        Ok(())
    }

    fn place(&self) -> (u64, i64, u64) {
        (self.number, self.time, self.number)
    }

    fn snapshot(&self) -> Result<Vec<u8>, String> {
        Ok(self.number.to_le_bytes().to_vec())
    }
}
