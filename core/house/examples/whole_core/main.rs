//! One day through the whole core: what it takes a second, and what it holds.
//!
//! `whole_core SERIES ACCOUNTS SCENARIOS COMMANDS [RUNS]` makes up a day (45 % new orders, 45 %
//! cancels, 5 % replacements, 5 % immediate orders), records its command frames with one house, and
//! has a new house take them in chunks, timed: checksums, decoding, guards, margin, matching,
//! ledger and encoded events. The best processor time of the runs is told as one JSON line: of a house
//! that accepts at once what a bound covers, and of one that judges every order exactly.

mod day;
mod world;

use std::{env, fmt, fs, process};

use day::Day;
use lasalle_house::House;
use world::World;

/// As in the compiled door: memory in pages of two megabytes, where the system has them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Commands that one call of `take` carries, as a group commit would.
const CHUNK: usize = 256;

/// Processor time of this thread: other work on the machine is not counted.
fn processor_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux keeps schedstat");
    let nanoseconds: u64 = text
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .expect("a count");
    nanoseconds as f64 / 1e9
}

/// Where each chunk of a recording ends.
fn chunks(frames: &[u8]) -> Vec<usize> {
    let (mut ends, mut at, mut count) = (Vec::new(), 0, 0);
    while at < frames.len() {
        let header = lasalle_house::frame::read_header(&frames[at..]).expect("a recorded frame");
        at += header.length;
        count += 1;
        if count % CHUNK == 0 || at == frames.len() {
            ends.push(at);
        }
    }
    ends
}

/// A snapshot of a house, its hash and a house restored from it, in seconds of processor time.
struct Records {
    bytes: usize,
    snapshot: f64,
    hash: f64,
    restore: f64,
}

impl Records {
    fn of(house: &House) -> Self {
        let (mut bytes, mut best) = (0, [f64::INFINITY; 3]);
        for _ in 0..3 {
            let started = processor_seconds();
            let records = house.snapshot();
            let written = processor_seconds();
            let hash = house.state_hash();
            let hashed = processor_seconds();
            let again = House::restore(&records).expect("records of a house");
            let restored = processor_seconds();
            assert_eq!(again.state_hash(), hash, "a house comes back as it was");
            bytes = records.len();
            let took = [written - started, hashed - written, restored - hashed];
            for (best, took) in best.iter_mut().zip(took) {
                *best = best.min(took);
            }
        }
        let [snapshot, hash, restore] = best;
        Self {
            bytes,
            snapshot,
            hash,
            restore,
        }
    }
}

impl fmt::Display for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\"snapshot_bytes\": {}, \"snapshot_s\": {:.4}, \"state_hash_s\": {:.4}, \
             \"restore_s\": {:.4}",
            self.bytes, self.snapshot, self.hash, self.restore
        )
    }
}

fn main() {
    let words: Vec<usize> = env::args().skip(1).filter_map(|w| w.parse().ok()).collect();
    let [series, accounts, scenarios, commands, more @ ..] = words.as_slice() else {
        eprintln!("usage: whole_core SERIES ACCOUNTS SCENARIOS COMMANDS [RUNS]");
        process::exit(2);
    };
    let runs = more.first().copied().unwrap_or(3).max(1);
    let mut world = World::new(
        *series as u32,
        *accounts as u32,
        *accounts as u32,
        *scenarios,
    );
    let mut day = Day::new(&world, *commands);
    day.fill_books(&mut world);
    let opening = std::mem::take(&mut world.frames);
    // Books are fullest in the morning; later the same memory holds fewer orders.
    let morning = (
        world.house.memory_bytes().0,
        world.house.state().orders.len(),
    );
    let records = Records::of(&world.house);
    day.record(&mut world, *commands);
    let counts = day.counts();
    let recorded = std::mem::take(&mut world.frames);
    let (ends, hash) = (chunks(&recorded), world.house.state_hash());
    let (mut bests, mut told) = ([f64::INFINITY; 2], 0);
    for run in 0..2 * runs {
        let mut out = Vec::new();
        let mut house = lasalle_house::House::new();
        house.judge_always(run % 2 == 1);
        house
            .take(&opening, &mut out)
            .expect("the opening is taken");
        let (started, mut from) = (processor_seconds(), 0);
        told = 0;
        for end in &ends {
            out.clear();
            house
                .take(&recorded[from..*end], &mut out)
                .expect("a recorded chunk is taken");
            told += out.len();
            from = *end;
        }
        let best = &mut bests[run % 2];
        *best = best.min(processor_seconds() - started);
        assert_eq!(
            house.state_hash(),
            hash,
            "the same frames give the same house"
        );
    }
    let [best, exact] = bests;
    let accounts_bytes = world.house.memory_bytes().1;
    let resting = world.house.state().orders.len();
    println!(
        "{{\"series\": {series}, \"accounts\": {accounts}, \"scenarios\": {scenarios}, \
         \"commands\": {commands}, \"seconds\": {best:.6}, \"commands_per_s\": {:.0}, \
         \"commands_per_s_judging_always\": {:.0}, {counts}, \
         {records}, \"event_bytes\": {told}, \"resting_orders\": {resting}, \
         \"bytes_per_resting_order\": {:.1}, \"bytes_per_account\": {:.1}}}",
        *commands as f64 / best,
        *commands as f64 / exact,
        morning.0 as f64 / morning.1 as f64,
        accounts_bytes as f64 / *accounts as f64,
    );
}
