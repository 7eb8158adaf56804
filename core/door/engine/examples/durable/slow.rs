//! A disk whose flush takes longer by a stated time, as one without a cache that power cannot hurt.

use std::io;
use std::thread;
use std::time::Duration;

use lasalle_engine::disk::{Disk, FolderDisk};

/// A folder whose every flush lasts so much longer.
pub(crate) struct SlowDisk {
    pub(crate) folder: FolderDisk,
    pub(crate) added: Duration,
}

/// Waits as long as a slower disk would.
pub(crate) fn wait(added: Duration) {
    if !added.is_zero() {
        thread::sleep(added);
    }
}

impl Disk for SlowDisk {
    fn names(&self) -> io::Result<Vec<String>> {
        self.folder.names()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.folder.read(name)
    }

    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()> {
        self.folder.write(name, at, content)
    }

    fn flush(&mut self, name: &str) -> io::Result<()> {
        self.folder.flush(name)?;
        wait(self.added);
        Ok(())
    }

    fn cut(&mut self, name: &str, size: u64) -> io::Result<()> {
        self.folder.cut(name, size)
    }

    fn room(&self) -> io::Result<u64> {
        self.folder.room()
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        self.folder.size(name)
    }
}
