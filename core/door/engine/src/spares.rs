//! One segment of zeros kept ready for the next name, so that a flush writes no metadata.
//!
//! The first is filled at once. Each further one is filled in step with the use of the segment that
//! took the last: zeros written in one go would queue before the flushes of that very moment, and
//! hold each of them up for as long as the disk takes for all.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

/// Name of a spare; it is no segment's.
pub(crate) const SPARE: &str = "spare.blank";
/// Zeros written at once.
const PIECE: u64 = 512 * 1024;
/// So many bytes of zeros for each byte of use: a spare is ready when the segment is half full.
const AHEAD: u64 = 2;
/// Zeros are set aside only where so many times their bytes are free: they never fill a disk.
const SPARE_SHARE: u64 = 4;

/// The thread that fills spares, and how far the segment is used that took the last.
pub(crate) struct Spares {
    wish: Option<Sender<bool>>,
    ready: Receiver<bool>,
    waiting: bool,
    bytes: u64,
    told: u64,
    step: Arc<Step>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread that fills goes by.
#[derive(Default)]
struct Step {
    used: AtomicU64,
    ends: AtomicBool,
}

impl Step {
    /// Waits until the use of a segment allows zeros up to a byte; false where nobody wants them.
    fn allows(&self, to: u64) -> bool {
        loop {
            if self.ends.load(Ordering::Acquire) {
                return false;
            }
            if to <= PIECE + AHEAD * self.used.load(Ordering::Acquire) {
                return true;
            }
            thread::park();
        }
    }
}

impl Spares {
    pub(crate) fn start(folder: &Path, bytes: u64) -> io::Result<Spares> {
        let (wish, wishes) = channel::<bool>();
        let (told, ready) = channel::<bool>();
        let (path, step) = (folder.join(SPARE), Arc::new(Step::default()));
        let own = step.clone();
        let work = move || {
            for in_step in wishes {
                let filled = fill(&path, bytes, in_step.then_some(&*own));
                if filled.is_err() {
                    let _ = fs::remove_file(&path);
                }
                if told.send(filled.is_ok()).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("spare".into()).spawn(work)?;
        let mut spares = Spares {
            wish: Some(wish),
            ready,
            waiting: false,
            bytes,
            told: 0,
            step,
            thread: Some(thread),
        };
        spares.ask(false);
        Ok(spares)
    }

    /// Bytes of a spare.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn ask(&mut self, in_step: bool) {
        let wish = self.wish.as_ref();
        self.waiting = wish.is_some_and(|wish| wish.send(in_step).is_ok());
    }

    /// The segment in use holds so many bytes.
    pub(crate) fn used(&mut self, bytes: u64) {
        self.step.used.store(bytes, Ordering::Release);
        let told = AHEAD * bytes / PIECE;
        if self.waiting && told != self.told {
            self.told = told;
            self.unpark();
        }
    }

    fn unpark(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// Gives the spare a segment's name, and has the next one made; false where none is ready.
    pub(crate) fn take(&mut self, folder: &Path, path: &Path) -> bool {
        if !self.waiting {
            self.ask(true);
            return false;
        }
        let Ok(filled) = self.ready.try_recv() else {
            return false;
        };
        let moved = filled && fs::rename(folder.join(SPARE), path).is_ok();
        (self.told, self.waiting) = (0, false);
        self.step.used.store(0, Ordering::Release);
        self.ask(true);
        moved
    }

    /// Ends the thread; a spare half filled is of no use to anyone.
    pub(crate) fn end(&mut self, folder: &Path) {
        self.step.ends.store(true, Ordering::Release);
        drop(self.wish.take());
        self.unpark();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = fs::remove_file(folder.join(SPARE));
    }
}

/// Whether zeros may be set aside: they never fill the disk.
pub(crate) fn has_room(folder: &Path, bytes: u64) -> io::Result<bool> {
    Ok(free_bytes(folder)? >= bytes.saturating_mul(SPARE_SHARE))
}

/// Writes a spare segment in pieces: in step with a segment's use, or at once.
fn fill(path: &Path, bytes: u64, step: Option<&Step>) -> io::Result<()> {
    let folder = path.parent().expect("a spare lies in a folder");
    if !has_room(folder, bytes)? {
        return Err(io::Error::from_raw_os_error(libc::ENOSPC));
    }
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o640)
        .open(path)?;
    let Some(step) = step else {
        return write_zeros(&file, 0, bytes);
    };
    let mut at = 0;
    while at < bytes {
        let to = bytes.min(at + PIECE);
        if !step.allows(to) {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        write_piece(&file, at, to)?;
        write_out(&file, at, to);
        at = to;
    }
    file.sync_all()
}

/// Writes zeros and has them durable.
pub(crate) fn write_zeros(file: &File, mut at: u64, end: u64) -> io::Result<()> {
    while at < end {
        let to = end.min(at + PIECE);
        write_piece(file, at, to)?;
        at = to;
    }
    file.sync_all()
}

fn write_piece(file: &File, at: u64, to: u64) -> io::Result<()> {
    static ZEROS: [u8; PIECE as usize] = [0; PIECE as usize];
    file.write_all_at(&ZEROS[..(to - at) as usize], at)
}

/// Has the system write these bytes now, so that they do not gather. It makes nothing durable, and
/// where the system cannot, the end of the filling does it all.
fn write_out(file: &File, at: u64, to: u64) {
    let all = libc::SYNC_FILE_RANGE_WAIT_BEFORE
        | libc::SYNC_FILE_RANGE_WRITE
        | libc::SYNC_FILE_RANGE_WAIT_AFTER;
    let (fd, from, bytes) = (file.as_raw_fd(), at as i64, (to - at) as i64);
    let _ = unsafe { libc::sync_file_range(fd, from, bytes, all) };
}

/// Sets room aside behind the end of a file.
pub(crate) fn allocate(file: &File, bytes: u64) {
    // A file system that cannot set room aside gets a file that grows: slower, and as safe.
    let _ = unsafe { libc::posix_fallocate(file.as_raw_fd(), 0, bytes as libc::off_t) };
}

/// Bytes free on the disk of a folder.
pub(crate) fn free_bytes(folder: &Path) -> io::Result<u64> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(folder.as_os_str().as_bytes())?;
    let mut found: libc::statvfs = unsafe { std::mem::zeroed() };
    if unsafe { libc::statvfs(path.as_ptr(), &mut found) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(found.f_bavail * found.f_frsize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles::PATIENCE;
    use std::path::PathBuf;
    use std::time::Instant;

    const BYTES: u64 = 8 * PIECE;

    fn folder(name: &str) -> PathBuf {
        let own = format!("lasalle-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Takes a spare as soon as one is ready.
    fn taken(spares: &mut Spares, folder: &Path, name: &str) {
        let late = Instant::now() + PATIENCE;
        while !spares.take(folder, &folder.join(name)) {
            assert!(Instant::now() < late, "no spare is ready");
            thread::yield_now();
        }
        let content = fs::read(folder.join(name)).unwrap();
        assert_eq!(content.len() as u64, BYTES);
        assert!(content.iter().all(|byte| *byte == 0));
    }

    /// Waits until so many bytes of a spare stand; never is it one more.
    fn filled(folder: &Path, bytes: u64) {
        let late = Instant::now() + PATIENCE;
        loop {
            let found = fs::metadata(folder.join(SPARE)).map_or(0, |found| found.len());
            assert!(found <= bytes, "{found} bytes of zeros, not {bytes}");
            if found == bytes {
                return;
            }
            assert!(Instant::now() < late, "{found} bytes of zeros, not {bytes}");
            thread::yield_now();
        }
    }

    #[test]
    fn the_next_spare_is_filled_in_step_with_the_use_of_the_segment_before() {
        let folder = folder("spares-step");
        let mut spares = Spares::start(&folder, BYTES).unwrap();
        taken(&mut spares, &folder, "a");
        filled(&folder, PIECE);
        spares.used(PIECE - 1);
        filled(&folder, 2 * PIECE);
        spares.used(3 * PIECE);
        filled(&folder, 7 * PIECE);
        assert!(!spares.take(&folder, &folder.join("b")), "it is not whole");
        spares.used(4 * PIECE);
        taken(&mut spares, &folder, "b");
        filled(&folder, PIECE);
        spares.end(&folder);
        assert!(!folder.join(SPARE).exists(), "half a spare is of no use");
        let _ = fs::remove_dir_all(&folder);
    }
}
