//! Drive one book through a workload file and print its trade tape and its speed as one JSON line.
//!
//! `matching FILE [RUNS]`: 24-byte little-endian records `op u8, side u8, 0 u16, lots u32, price
//! i64, id u64`. Each run decodes the records, keeps the order index and folds the tape; the best
//! processor time is told.

use std::{env, fs, process};

use lasalle_house::book::{
    Book, Details, Fill, Maker, Order, OrderIndex, Resting, Side, Sink, Verdict,
};

const RECORD: usize = 24;
/// Records ahead at which each stage looks: the index, the order.
const FAR: usize = 16;
const NEAR: usize = 8;
/// Live orders that the caches hold: with fewer, looking ahead costs more than it saves.
const SHALLOW: usize = 8_192;
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

/// Trades of one run, and the index that forgets makers that left.
struct Tape {
    index: OrderIndex,
    taker: u64,
    taker_account: u32,
    trades: u64,
    lots: i64,
    fnv: u64,
}

impl Sink for Tape {
    #[inline]
    fn before_fill(&mut self, maker: Maker) -> Verdict {
        if maker.order.handle() == self.taker_account {
            Verdict::CancelTaker
        } else {
            Verdict::Fill
        }
    }

    #[inline]
    fn filled(&mut self, fill: &Fill) {
        self.trades += 1;
        self.lots += fill.lots;
        for word in [fill.id, self.taker, fill.price as u64, fill.lots as u64] {
            self.fnv = (self.fnv ^ word).wrapping_mul(FNV_PRIME);
        }
        if fill.gone {
            self.index.remove(fill.id);
        } else if fill.refreshed {
            self.index.moved(fill.id, fill.slot);
        }
    }

    fn decremented(&mut self, fill: &Fill) {
        if fill.gone {
            self.index.remove(fill.id);
        }
    }

    fn cancelled(&mut self, maker: &Resting, _details: &Details) {
        self.index.remove(maker.id());
    }
}

struct Run {
    book: Book,
    tape: Tape,
    cancels: u64,
    cancels_refused: u64,
    seconds: f64,
}

fn word<const N: usize>(record: &[u8; RECORD], at: usize) -> [u8; N] {
    *record[at..].first_chunk().expect("a word of the record")
}

/// Asks for the memory that later cancels will read, as the house does while it takes a batch.
#[inline]
fn look_ahead(book: &Book, index: &OrderIndex, records: &[[u8; RECORD]]) {
    let cancelled = |ahead: usize| {
        let record = records.get(ahead)?;
        (record[0] == 1).then(|| u64::from_le_bytes(word(record, 16)))
    };
    if let Some(id) = cancelled(FAR) {
        index.foresee(id);
    }
    if let Some(slot) = cancelled(NEAR).and_then(|id| index.get(id)) {
        book.foresee(slot);
    }
}

fn run(records: &[[u8; RECORD]]) -> Run {
    let started = processor_seconds();
    let index = OrderIndex::default();
    let mut tape = Tape {
        index,
        taker: 0,
        taker_account: 0,
        trades: 0,
        lots: 0,
        fnv: FNV_START,
    };
    let mut book = Book::new();
    let (mut cancels, mut cancels_refused) = (0, 0);
    for (at, record) in records.iter().enumerate() {
        if tape.index.len() > SHALLOW {
            look_ahead(&book, &tape.index, &records[at..]);
        }
        let id = u64::from_le_bytes(word(record, 16));
        if record[0] == 1 {
            match tape.index.remove(id) {
                Some(slot) => {
                    book.remove(slot);
                    cancels += 1;
                }
                None => cancels_refused += 1,
            }
            continue;
        }
        let side = if record[1] == 0 {
            Side::Buy
        } else {
            Side::Sell
        };
        let lots = i64::from(u32::from_le_bytes(word(record, 4)));
        let price = i64::from_le_bytes(word(record, 8));
        let account = 1 + u32::from(record[1]);
        tape.taker = id;
        tape.taker_account = account;
        let (open, _) = book.cross(side, price, lots, &mut tape);
        if open > 0 {
            let slot = book.rest(&Order {
                id,
                handle: account,
                side,
                price,
                lots: open,
                display: 0,
            });
            tape.index.insert(id, slot);
        }
    }
    let seconds = processor_seconds() - started;
    Run {
        book,
        tape,
        cancels,
        cancels_refused,
        seconds,
    }
}

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

fn main() {
    let mut arguments = env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: matching FILE [RUNS]");
        process::exit(2);
    };
    let runs: usize = arguments
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(5);
    let bytes = fs::read(&path).expect("the workload file is readable");
    let (records, rest) = bytes.as_chunks::<RECORD>();
    assert!(
        rest.is_empty(),
        "a workload is whole records of {RECORD} bytes"
    );
    let done: Vec<Run> = (0..runs.max(1)).map(|_| run(records)).collect();
    let best = done
        .iter()
        .map(|run| run.seconds)
        .fold(f64::INFINITY, f64::min);
    let last = &done[done.len() - 1];
    let resting = last.book.orders();
    let resting_lots: i64 = [Side::Buy, Side::Sell]
        .into_iter()
        .flat_map(|side| last.book.levels(side))
        .map(|level| level.total())
        .sum();
    let memory = last.book.memory_bytes() + last.tape.index.memory_bytes();
    println!(
        "{{\"ops\": {}, \"seconds\": {best:.6}, \"ops_per_s\": {:.0}, \"trades\": {}, \
         \"traded_qty\": {}, \
         \"cancels_ok\": {}, \"cancels_rejected\": {}, \"resting_orders\": {resting}, \
         \"resting_qty\": {resting_lots}, \"fnv\": \"{:016x}\", \"memory_bytes\": {memory}, \
         \"bytes_per_resting_order\": {:.1}}}",
        records.len(),
        records.len() as f64 / best,
        last.tape.trades,
        last.tape.lots,
        last.cancels,
        last.cancels_refused,
        last.tape.fnv,
        memory as f64 / resting.max(1) as f64,
    );
}
