//! A journal on disk, as a house that traded for a while left it.
//!
//! `recovery FOLDER BEFORE AFTER` makes up a mixed day (32 series, 1,000 accounts, 250 scenarios),
//! seals its commands in batches of 256 under FOLDER/journal, with the digest of the events each
//! gave, and leaves the records of the state after BEFORE commands of the day in FOLDER/records.
//! One JSON line says where they were taken, and what the orders resting there hold in memory.

#[path = "../../../../house/examples/whole_core/day.rs"]
#[allow(dead_code, reason = "shared with the bench of the whole core")]
mod day;
#[path = "../../../../house/examples/whole_core/world.rs"]
#[allow(dead_code, reason = "shared with the bench of the whole core")]
mod world;

use std::path::Path;
use std::{env, fs, io, process};

use lasalle_engine::disk::{Disk, FolderDisk};
use lasalle_engine::journal::{FRAMES_AT, Hash, Journal, Sizes, sha256};
use lasalle_house::House;
use lasalle_house::frame::read_header;

const SERIES: u32 = 32;
const ACCOUNTS: u32 = 1_000;
const SCENARIOS: usize = 250;
/// Commands of a batch, as many clients at once would fill it.
const BATCH: usize = 256;
const SEGMENT: u64 = 16 * 1024 * 1024;
/// Commands made up at a time: the whole day would not fit into memory beside the house.
const PIECE: usize = 100_000;

/// A folder that is flushed once, when the journal is written.
struct Lazy(FolderDisk);

impl Disk for Lazy {
    fn names(&self) -> io::Result<Vec<String>> {
        self.0.names()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.0.read(name)
    }

    fn write(&mut self, name: &str, at: u64, content: &[u8]) -> io::Result<()> {
        self.0.write(name, at, content)
    }

    fn flush(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn cut(&mut self, name: &str, size: u64) -> io::Result<()> {
        self.0.cut(name, size)
    }

    fn room(&self) -> io::Result<u64> {
        self.0.room()
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        self.0.size(name)
    }
}

/// The house that trades, and its journal.
struct Sealed {
    house: House,
    journal: Journal<Lazy>,
    digest: Hash,
    events: Vec<u8>,
}

impl Sealed {
    /// Seals and takes frames, batch by batch.
    fn take(&mut self, frames: &[u8]) {
        let (mut start, mut at, mut count) = (0, 0, 0);
        while at < frames.len() {
            at += read_header(&frames[at..]).expect("a recorded frame").length;
            count += 1;
            if count == BATCH || at == frames.len() {
                self.seal(&frames[start..at]);
                (start, count) = (at, 0);
            }
        }
    }

    fn seal(&mut self, frames: &[u8]) {
        let first = self.house.last_number() + 1;
        self.events.clear();
        self.house
            .take(frames, &mut self.events)
            .expect("a recorded batch is taken");
        let mut content = vec![0; FRAMES_AT];
        content.extend_from_slice(frames);
        let last = self.house.last_number();
        self.journal
            .append(&mut content, first, last, &self.digest)
            .expect("the disk takes it");
        self.digest = sha256(&self.events);
    }
}

/// Has so many commands of the day asked and sealed.
fn record(day: &mut day::Day, world: &mut world::World, sealed: &mut Sealed, commands: usize) {
    let mut left = commands;
    while left > 0 {
        let piece = left.min(PIECE);
        day.record_more(world, piece);
        sealed.take(&std::mem::take(&mut world.frames));
        left -= piece;
    }
}

fn told(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [folder, before, after] = words.as_slice() else {
        eprintln!("usage: recovery FOLDER BEFORE AFTER");
        process::exit(2);
    };
    let folder = Path::new(folder);
    let count = |word: &String| word.parse::<usize>().expect("a number of commands");
    let (before, after) = (count(before), count(after));
    let disk = Lazy(FolderDisk::new(&folder.join("journal"), 0).expect("a folder"));
    let sizes = Sizes {
        segment: SEGMENT,
        headroom: 0,
    };
    let mut sealed = Sealed {
        house: House::new(),
        journal: Journal::open(disk, sizes, &mut |_| Ok(())).expect("an empty journal"),
        digest: sha256(&[]),
        events: Vec::new(),
    };
    let mut world = world::World::new(SERIES, ACCOUNTS, ACCOUNTS, SCENARIOS);
    let mut day = day::Day::new(&world, before + after);
    // Orders of a session are cancelled when a house opens that its clients lost.
    day.session = 0;
    day.fill_books(&mut world);
    sealed.take(&std::mem::take(&mut world.frames));
    record(&mut day, &mut world, &mut sealed, before);
    let (orders, accounts) = sealed.house.memory_bytes();
    let resting = sealed.house.state().orders.len();
    fs::write(folder.join("records"), sealed.house.snapshot()).expect("room");
    let snapshot = format!(
        "\"number\": {}, \"chain\": \"{}\", \"events\": \"{}\", \"resting_orders\": {resting}, \
         \"bytes_per_resting_order\": {:.1}, \"bytes_per_account\": {:.1}",
        sealed.house.last_number(),
        told(&sealed.journal.chain),
        told(&sealed.digest),
        orders as f64 / resting as f64,
        accounts as f64 / f64::from(ACCOUNTS),
    );
    record(&mut day, &mut world, &mut sealed, after);
    day.check((before + after) as u64);
    sealed.journal.close().expect("a journal");
    println!(
        "{{{snapshot}, \"last\": {}, \"state\": \"{}\", {}}}",
        sealed.house.last_number(),
        told(&sealed.house.state_hash()),
        day.counts()
    );
}
