//! The disk as the journal sees it, and a real folder. A double in the tests tears, fills and fails.

use crate::segments;
use crate::spares::{SPARE, Spares, allocate, free_bytes, has_room, write_zeros};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What a journal asks of a disk.
pub trait Disk: Send {
    /// Names of the segments in order.
    fn names(&self) -> io::Result<Vec<String>>;
    /// All bytes of a segment.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Writes at a byte of a segment; makes the segment where it does not exist.
    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()>;
    /// Returns when everything written to the segment is durable.
    fn flush(&mut self, name: &str) -> io::Result<()>;
    /// Cuts a segment to a size, durably.
    fn cut(&mut self, name: &str, size: u64) -> io::Result<()>;
    /// Bytes free on the disk; room set aside already is not among them.
    fn room(&self) -> io::Result<u64>;
    /// Bytes of a segment that stand on the disk, zeros set aside included.
    fn size(&self, name: &str) -> io::Result<u64>;
}

impl Disk for Box<dyn Disk> {
    fn names(&self) -> io::Result<Vec<String>> {
        (**self).names()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        (**self).read(name)
    }

    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()> {
        (**self).write(name, at, content)
    }

    fn flush(&mut self, name: &str) -> io::Result<()> {
        (**self).flush(name)
    }

    fn cut(&mut self, name: &str, size: u64) -> io::Result<()> {
        (**self).cut(name, size)
    }

    fn room(&self) -> io::Result<u64> {
        (**self).room()
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        (**self).size(name)
    }
}

/// A real folder. With `spare`, a thread keeps one segment of zeros ready for the next name.
pub struct FolderDisk {
    folder: PathBuf,
    open: Option<(String, File)>,
    spares: Option<Spares>,
}

impl FolderDisk {
    /// spare: bytes of zeros kept ready for the next segment; 0 keeps none.
    pub fn new(folder: &Path, spare: u64) -> io::Result<FolderDisk> {
        fs::create_dir_all(folder)?;
        // A process that was killed may have left a segment whose name is not durable yet.
        sync_folder(folder)?;
        // What an earlier process left may be half filled: it is made anew.
        let _ = fs::remove_file(folder.join(SPARE));
        let spares = if spare > 0 {
            Some(Spares::start(folder, spare)?)
        } else {
            None
        };
        Ok(FolderDisk {
            folder: folder.to_path_buf(),
            open: None,
            spares,
        })
    }

    /// Sets zeros aside behind the end of a segment that exists, so that going on in it writes no
    /// metadata either; where there is no room for them it grows.
    pub fn set_aside(&mut self, name: &str) -> io::Result<()> {
        let Some(wanted) = self.spares.as_ref().map(Spares::bytes) else {
            return Ok(());
        };
        let path = self.folder.join(name);
        if !path.is_file() || !has_room(&self.folder, wanted)? {
            return Ok(());
        }
        let file = self.handle(name)?;
        let end = file.metadata()?.len();
        if write_zeros(file, end, wanted).is_err() {
            file.set_len(end)?;
        }
        Ok(())
    }

    fn handle(&mut self, name: &str) -> io::Result<&File> {
        if self.open.as_ref().is_none_or(|(open, _)| open != name) {
            self.open = None;
            let path = self.folder.join(name);
            if !path.try_exists()? {
                self.make(&path)?;
            }
            let file = OpenOptions::new().read(true).write(true).open(&path)?;
            self.open = Some((name.to_string(), file));
        }
        Ok(&self.open.as_ref().expect("opened above").1)
    }

    /// A new segment: the spare under its name where one is ready. The name is durable on return;
    /// where it cannot be, no segment stands, for one that stands is written without another word.
    fn make(&mut self, path: &Path) -> io::Result<()> {
        let took = self
            .spares
            .as_mut()
            .is_some_and(|spares| spares.take(&self.folder, path));
        if !took {
            let mut options = OpenOptions::new();
            let file = options
                .write(true)
                .create_new(true)
                .mode(0o640)
                .open(path)?;
            if let Some(spares) = &self.spares
                && has_room(&self.folder, spares.bytes()).unwrap_or(false)
            {
                // Where no spare is ready, room set aside still saves the growth of the file.
                allocate(&file, spares.bytes());
            }
        }
        keep_if(path, sync_folder(&self.folder))
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Takes away a segment just made whose name could not be made durable.
fn keep_if(path: &Path, named: io::Result<()>) -> io::Result<()> {
    if named.is_err() {
        let _ = fs::remove_file(path);
    }
    named
}

impl Disk for FolderDisk {
    fn names(&self) -> io::Result<Vec<String>> {
        segments::names(&self.folder)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(name))
    }

    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()> {
        self.handle(name)?.write_all_at(content, at)?;
        if let Some(spares) = &mut self.spares {
            spares.used(at + content.len() as u64);
        }
        Ok(())
    }

    fn flush(&mut self, name: &str) -> io::Result<()> {
        self.handle(name)?.sync_data()
    }

    fn cut(&mut self, name: &str, size: u64) -> io::Result<()> {
        let file = self.handle(name)?;
        file.set_len(size)?;
        file.sync_data()
    }

    fn room(&self) -> io::Result<u64> {
        free_bytes(&self.folder)
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        match fs::metadata(self.folder.join(name)) {
            Ok(found) => Ok(found.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }
}

impl Drop for FolderDisk {
    fn drop(&mut self) {
        if let Some(mut spares) = self.spares.take() {
            spares.end(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_whose_name_is_not_durable_does_not_stand() {
        let own = format!("lasalle-named-{}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        let _ = fs::remove_dir_all(&folder);
        let mut disk = FolderDisk::new(&folder, 0).unwrap();
        let path = folder.join("a.seg");
        disk.write("a.seg", 0, b"first").unwrap();
        assert!(disk.make(&path).is_err(), "it stands already");
        assert_eq!(fs::read(&path).unwrap(), b"first", "and stays");
        let failed = Err(io::Error::from_raw_os_error(libc::EIO));
        assert!(keep_if(&path, failed).is_err());
        assert!(!path.exists());
        let _ = fs::remove_dir_all(&folder);
    }
}
