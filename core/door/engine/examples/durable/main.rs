//! Order to durable acknowledgement through the frame door, beside a bare echo and a bare flush.
//!
//! `durable FOLDER ROUNDS [WIDTH [MICROSECONDS]]` records a mixed day of one member (32 series, 1,000 accounts, 250
//! scenarios) and, for 1, 64 and 256 commands in flight, measures in turn and ROUNDS times:
//!
//! - *door*: the day over one TCP connection of the loopback to a running engine: number, time,
//!   seal, write, flush, core, answers;
//! - *disk*: a write and an `fdatasync` of the same bytes in batches of that many commands, to a
//!   file that grows and to one of zeros set aside; the faster of the two is told;
//! - *alike*: the same in batches as long as those of the door were in the mean, which its journal
//!   tells;
//! - *echo*: the same frames over TCP to a thread that sends them back.
//!
//! With MICROSECONDS every flush, the engine's and the bare one's, lasts so much longer: a modelled
//! disk, as one without a cache that a power cut cannot hurt.
//!
//! One JSON line a round and width. Wall time: who waits for a disk is not measured by a processor.

#[path = "../../../../house/examples/whole_core/day.rs"]
#[allow(dead_code, reason = "shared with the bench of the whole core")]
mod day;
#[path = "../../../../house/examples/whole_core/world.rs"]
#[allow(dead_code, reason = "shared with the bench of the whole core")]
mod world;

mod bare;
mod client;
mod slow;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, fs, process, thread};

use lasalle_engine::answers::Answers;
use lasalle_engine::core::Core;
use lasalle_engine::disk::FolderDisk;
use lasalle_engine::door::Bounds;
use lasalle_engine::engine::{Engine, Out};
use lasalle_engine::frame::u32_at;
use lasalle_engine::journal::{Journal, Sizes};
use lasalle_engine::table::{Ask, People, Table, scope};
use lasalle_house::House;
use lasalle_house::frame::read_header;
use lasalle_house::wire::SCHEMA_VERSION;
use slow::SlowDisk;

const WIDTHS: [(usize, usize); 3] = [(1, 2_000), (64, 40_000), (256, 100_000)];
const SEGMENT: u64 = 64 * 1024 * 1024;
const SIZES: Sizes = Sizes {
    segment: SEGMENT,
    headroom: 0,
};
/// The one trader of the day, and its session.
const TRADER: u32 = 101;
const SESSION: u32 = 1;
/// 2026-01-01 12:00 UTC, nanoseconds.
const NOON: i64 = 1_767_268_800_000_000_000;

/// A day ready to be sent: the house before it, and each command's frame as a client asks it.
struct Script {
    records: Vec<u8>,
    number: u64,
    frames: Vec<u8>,
    ends: Vec<usize>,
    /// Number of the day's last event.
    event: u64,
}

fn script(commands: usize) -> Script {
    let mut world = world::World::new(32, 1_000, 1, 250);
    let mut day = day::Day::new(&world, commands);
    day.fill_books(&mut world);
    let (records, number) = (world.house.snapshot(), world.house.last_number());
    world.frames.clear();
    day.record(&mut world, commands);
    let mut frames = std::mem::take(&mut world.frames);
    let (mut ends, mut at) = (Vec::new(), 0);
    while at < frames.len() {
        let length = read_header(&frames[at..]).expect("a frame").length;
        client::as_asked(&mut frames[at..at + length], ends.len() as u64 + 1);
        at += length;
        ends.push(at);
    }
    let event = world.house.last_event();
    Script {
        records,
        number,
        frames,
        ends,
        event,
    }
}

/// Every command of the schema may be asked by the scope of trading; the core judges the rest.
fn table() -> Table {
    let asks = (1..1000).map(|kind| {
        let ask = Ask {
            scope: scope::TRADE,
            urgent: false,
            session_at: None,
        };
        (kind, ask)
    });
    Table {
        asks: asks.collect(),
        lose_session: 47,
        schema_version: SCHEMA_VERSION,
        ..Table::default()
    }
}

struct Served {
    engine: Arc<Engine>,
    port: u16,
    stop: Arc<AtomicBool>,
    owner: thread::JoinHandle<()>,
    folder: PathBuf,
}

/// A running engine whose owner admits whoever logs on.
fn serve(folder: &Path, script: &Script, added: Duration) -> Served {
    let folder = folder.join("journal");
    let _ = fs::remove_dir_all(&folder);
    let house = House::restore(&script.records).expect("records of a house");
    let core: Arc<Mutex<Box<dyn Core>>> = Arc::new(Mutex::new(Box::new(house)));
    let disk = SlowDisk {
        folder: FolderDisk::new(&folder, SEGMENT).expect("a folder"),
        added,
    };
    // The spare segment is ready before the day begins, as in a house that has been up a while.
    thread::sleep(Duration::from_millis(1_500));
    let journal = Journal::resume(disk, SIZES, String::new(), 0, script.number, [0; 32]);
    let people = People {
        actors: [(TRADER, 1)].into_iter().collect(),
        accounts: (1..=1_000).map(|account| (account, 1)).collect(),
    };
    let answers = Answers {
        table: Arc::new(table()),
        people,
    };
    let engine = Engine::start(journal, core, [0; 32], answers).expect("an engine");
    // The recorded day lies in January 2026, and so does the venue's clock.
    engine.set_clock(NOON);
    let engine = Arc::new(engine);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    engine.listen(listener, Bounds::default());
    let stop = Arc::new(AtomicBool::new(false));
    let (hears, ends) = (engine.clone(), stop.clone());
    let owner = thread::spawn(move || {
        while !ends.load(Ordering::Relaxed) {
            hears.wait(Duration::from_millis(100));
            for out in hears.drain() {
                match out {
                    Out::Logon { connection, .. } => {
                        hears.admit(connection, TRADER, scope::TRADE, SESSION)
                    }
                    Out::Stopped(why) => panic!("the engine stopped: {why}"),
                    _ => {}
                }
            }
        }
    });
    Served {
        engine,
        port,
        stop,
        owner,
        folder,
    }
}

impl Served {
    /// Ends it; gives how many batches its journal holds.
    fn end(self) -> usize {
        self.engine.stop();
        self.stop.store(true, Ordering::Relaxed);
        self.owner.join().expect("the owner ends");
        let batches = batches(&self.folder);
        let _ = fs::remove_dir_all(&self.folder);
        batches
    }
}

/// Batches in the segments of a folder. Its first number is not 1, so that no journal opens on it;
/// each batch starts with a word and its length.
fn batches(folder: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let content = fs::read(entry.expect("a segment").path()).expect("its bytes");
        let mut at = 0;
        while at < content.len() {
            assert_eq!(&content[at..at + 4], b"LSJ1", "a batch at byte {at}");
            at += u32_at(&content, at + 4) as usize;
            count += 1;
        }
    }
    count
}

/// One round at one width and on a disk so much slower, as a line of JSON.
fn round(folder: &Path, script: &Script, width: usize, round: usize, added: Duration) -> String {
    let (frames, ends) = (&script.frames, &script.ends);
    let echo = bare::echo(frames, ends, width);
    let (growing, aside) = bare::disk(folder, frames, ends, width, added);
    let served = serve(folder, script, added);
    let (door, socket) = client::day(served.port, frames, ends, width);
    let commands = ends.len();
    assert_eq!(door.answered, commands, "every command is answered");
    assert_eq!(
        served.engine.place().event,
        script.event,
        "the recorded day's events"
    );
    drop(socket);
    let batch = commands as f64 / served.end() as f64;
    let (grown, alike) = bare::disk(folder, frames, ends, batch.round() as usize, added);
    let faster = |one: bare::Flushes, other: bare::Flushes| {
        if one.per_s > other.per_s { one } else { other }
    };
    let (disk, alike) = (faster(growing, aside), faster(grown, alike));
    format!(
        "{{\"in_flight\": {width}, \"added_us\": {}, \"round\": {round}, \"commands\": {commands}, \
         \"door_per_s\": {:.1}, \"door_p50_us\": {:.1}, \"door_p99_us\": {:.1}, \
         \"mean_batch\": {batch:.1}, \
         \"echo_per_s\": {:.1}, \"echo_p50_us\": {:.1}, \"echo_p99_us\": {:.1}, \
         \"disk_per_s\": {:.1}, \"disk_p50_us\": {:.1}, \"disk_p99_us\": {:.1}, \
         \"alike_per_s\": {:.1}, \"alike_p50_us\": {:.1}, \"alike_p99_us\": {:.1}}}",
        added.as_micros(),
        door.per_s,
        door.p50_us,
        door.p99_us,
        echo.per_s,
        echo.p50_us,
        echo.p99_us,
        disk.per_s,
        disk.p50_us,
        disk.p99_us,
        alike.per_s,
        alike.p50_us,
        alike.p99_us,
    )
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let number = |word: &String| word.parse::<u64>().ok();
    let (folder, rounds, only, added) = match words.as_slice() {
        [folder, rounds] => (folder, rounds, None, Some(0)),
        [folder, rounds, width] => (folder, rounds, number(width), Some(0)),
        [folder, rounds, width, added] => (folder, rounds, number(width), number(added)),
        _ => {
            eprintln!("usage: durable FOLDER ROUNDS [WIDTH [MICROSECONDS]]");
            process::exit(2);
        }
    };
    let added = Duration::from_micros(added.expect("a number of microseconds"));
    let rounds: usize = rounds.parse().expect("a number of rounds");
    let folder = Path::new(folder);
    fs::create_dir_all(folder).expect("a folder");
    for (width, commands) in WIDTHS {
        if only.is_some_and(|only| only != width as u64) {
            continue;
        }
        let script = script(commands);
        for number in 0..rounds {
            println!("{}", round(folder, &script, width, number, added));
        }
    }
}
