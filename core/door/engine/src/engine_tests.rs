use super::*;
use crate::answers::Answers;
use crate::connections::SIGNED;
use crate::core::Core;
use crate::door::{ANSWER, ERROR, HELLO, LOGON, LOGON_BLOCK, WELCOME};
use crate::doubles::{CountingCore, MemoryDisk, PATIENCE};
use crate::frame::{HEADER, Header, each, push, u32_at, u64_at};
use crate::journal::{Sizes, sha256};
use crate::table::{Ask, Table, scope};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

const SIZES: Sizes = Sizes {
    segment: 1 << 20,
    headroom: 1 << 16,
};
/// AdvanceTime, a command without fields.
const ADVANCE: u16 = 2;

fn command(request: u64) -> Vec<u8> {
    let mut frame = Vec::new();
    let header = Header {
        kind: ADVANCE,
        version: 1,
        number: request,
        ..Header::default()
    };
    push(&mut frame, header, &[]);
    frame
}

fn started(disk: &MemoryDisk, core: &CountingCore) -> Engine {
    let journal = Journal::open(disk.clone(), SIZES, &mut |_| Ok(())).unwrap();
    let ask = Ask {
        scope: scope::TRADE,
        urgent: false,
        session_at: None,
    };
    let table = Table {
        asks: [(ADVANCE, ask.clone()), (47, Ask { scope: 0, ..ask })]
            .into_iter()
            .collect(),
        lose_session: 47,
        schema_version: 1,
        ..Table::default()
    };
    let answers = Answers {
        table: Arc::new(table),
        ..Answers::default()
    };
    let shared: Shared = Arc::new(Mutex::new(Box::new(core.clone())));
    let engine = Engine::start(journal, shared, sha256(&[]), answers).unwrap();
    engine.tap(true);
    engine
}

/// What the owner was told, in short words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Batch(u64, Vec<u64>),
    Failed(u64, ErrorCode),
    Stopped,
    Other,
}

/// Drains until as many were told; more than that fails.
fn told(engine: &Engine, count: usize) -> Vec<Told> {
    let (mut found, late) = (Vec::new(), Instant::now() + PATIENCE);
    while found.len() < count {
        assert!(Instant::now() < late, "{count} expected, told {found:?}");
        engine.wait(Duration::from_millis(20));
        found.extend(engine.drain().into_iter().map(|out| match out {
            Out::Batch { last, tickets, .. } => {
                Told::Batch(last, tickets.iter().map(|one| one.ticket).collect())
            }
            Out::Failed { ticket, code, .. } => Told::Failed(ticket, code),
            Out::Stopped(_) => Told::Stopped,
            _ => Told::Other,
        }));
    }
    assert_eq!(found.len(), count, "{found:?}");
    found
}

fn ask(engine: &Engine, tickets: std::ops::RangeInclusive<u64>) -> usize {
    let asked = tickets.map(|ticket| (ticket, 7, 0, command(0), false));
    engine.submit(asked.collect())
}

/// Waits until the core took this number.
fn taken(core: &CountingCore, number: u64) {
    let late = Instant::now() + PATIENCE;
    while *core.seen.lock().unwrap() != number {
        assert!(Instant::now() < late, "the core did not take {number}");
        std::thread::yield_now();
    }
}

/// First and last number of each batch in the journal, with the digest it seals.
fn sealed(disk: &MemoryDisk) -> Vec<(u64, u64, Hash)> {
    let mut found = Vec::new();
    Journal::open(disk.clone(), SIZES, &mut |batch| {
        found.push((batch.first, batch.last, batch.events));
        Ok(())
    })
    .unwrap();
    found
}

#[test]
fn what_comes_during_a_flush_is_one_batch_and_reaches_the_disk_after_it() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = started(&disk, &core);
    disk.hold();
    ask(&engine, 1..=1);
    disk.wait_for_flushes(1);
    taken(&core, 1);
    let written = disk.bytes();
    ask(&engine, 2..=5);
    ask(&engine, 6..=11);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(disk.bytes(), written, "one batch is out at a time");
    assert_eq!(*core.seen.lock().unwrap(), 1, "and one is taken");
    assert!(
        engine.drain().is_empty(),
        "nothing is told before it is durable"
    );
    assert_eq!(engine.place().number, 0);
    disk.release();
    let batches = [Told::Batch(1, vec![1]), Told::Batch(11, (2..=11).collect())];
    assert_eq!(told(&engine, 2), batches);
    assert_eq!(disk.flushes(), 2, "ten commands share a flush");
    engine.stop();
    let found = sealed(&disk);
    let numbers: Vec<_> = found
        .iter()
        .map(|(first, last, _)| (*first, *last))
        .collect();
    assert_eq!(numbers, [(1, 1), (2, 11)]);
    let mut events = Vec::new();
    let frames = Journal::open(disk, SIZES, &mut |batch| {
        if batch.first == 1 {
            CountingCore::default()
                .take(batch.frames, &mut events)
                .unwrap();
        }
        Ok(())
    });
    assert_eq!(frames.unwrap().last, 11);
    assert_eq!(
        found[1].2,
        sha256(&events),
        "a batch seals the events before it"
    );
}

#[test]
fn a_flush_that_fails_stops_and_nothing_of_it_or_behind_it_was_told() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = started(&disk, &core);
    ask(&engine, 1..=1);
    assert_eq!(told(&engine, 1), [Told::Batch(1, vec![1])]);
    disk.hold();
    ask(&engine, 2..=3);
    disk.wait_for_flushes(2);
    taken(&core, 3);
    ask(&engine, 4..=4);
    *disk.flush_fails.lock().unwrap() = true;
    disk.release();
    let stopped = |ticket| Told::Failed(ticket, ErrorCode::VenueStopped);
    let wanted = [Told::Stopped, stopped(2), stopped(3), stopped(4)];
    assert_eq!(told(&engine, 4), wanted);
    assert_eq!(engine.place().number, 1, "what is durable");
    assert!(engine.snapshot().unwrap_err().contains("may be lost"));
    *disk.flush_fails.lock().unwrap() = false;
    ask(&engine, 5..=5);
    assert_eq!(told(&engine, 1), [stopped(5)], "nothing more is sealed");
    engine.stop();
    assert_eq!(sealed(&disk).len(), 1, "the tail was cut");
}

#[test]
fn where_zeros_are_set_aside_the_core_takes_a_batch_that_is_not_even_written() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    disk.set_aside(4096);
    let engine = started(&disk, &core);
    ask(&engine, 1..=2);
    assert_eq!(told(&engine, 1), [Told::Batch(2, vec![1, 2])]);
    let gate = disk.gate.clone();
    let closed = gate.lock().unwrap();
    ask(&engine, 3..=5);
    taken(&core, 5);
    ask(&engine, 6..=6);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(*core.seen.lock().unwrap(), 5, "one batch is out at a time");
    assert!(
        engine.drain().is_empty(),
        "nothing is told before it is durable"
    );
    assert_eq!(engine.place().number, 2);
    assert_eq!(disk.flushes(), 1);
    drop(closed);
    let batches = [Told::Batch(5, vec![3, 4, 5]), Told::Batch(6, vec![6])];
    assert_eq!(told(&engine, 2), batches);
    let place = engine.place();
    engine.stop();
    let numbers: Vec<_> = sealed(&disk).iter().map(|one| (one.0, one.1)).collect();
    assert_eq!(numbers, [(1, 2), (3, 5), (6, 6)]);
    let journal = Journal::open(disk, SIZES, &mut |_| Ok(())).unwrap();
    assert_eq!((journal.last, journal.chain), (place.number, place.chain));
}

#[test]
fn a_disk_that_refuses_what_the_core_took_already_stops_and_nothing_of_it_was_told() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    disk.set_aside(4096);
    let engine = started(&disk, &core);
    ask(&engine, 1..=1);
    assert_eq!(told(&engine, 1), [Told::Batch(1, vec![1])]);
    *disk.free.lock().unwrap() = Some(20);
    ask(&engine, 2..=3);
    let stopped = |ticket| Told::Failed(ticket, ErrorCode::VenueStopped);
    assert_eq!(told(&engine, 3), [Told::Stopped, stopped(2), stopped(3)]);
    assert_eq!(*core.seen.lock().unwrap(), 3, "the core is ahead");
    assert_eq!(engine.place().number, 1, "and what is durable is told");
    *disk.free.lock().unwrap() = None;
    ask(&engine, 4..=4);
    assert_eq!(told(&engine, 1), [stopped(4)], "nothing more is sealed");
    engine.stop();
    assert_eq!(sealed(&disk).len(), 1);
}

#[test]
fn a_core_that_breaks_stops_and_what_it_broke_on_stays_sealed() {
    let disk = MemoryDisk::default();
    let core = CountingCore {
        panics_at: 3,
        ..CountingCore::default()
    };
    let engine = started(&disk, &core);
    ask(&engine, 1..=2);
    assert_eq!(told(&engine, 1), [Told::Batch(2, vec![1, 2])]);
    disk.hold();
    ask(&engine, 3..=4);
    disk.wait_for_flushes(2);
    ask(&engine, 5..=5);
    disk.release();
    let stopped = |ticket| Told::Failed(ticket, ErrorCode::VenueStopped);
    let wanted = [Told::Stopped, stopped(3), stopped(4), stopped(5)];
    assert_eq!(told(&engine, 4), wanted);
    let why = engine.place().stopped;
    assert!(why.contains("batch 3 to 4: the core broke at 3"), "{why}");
    assert_eq!(engine.snapshot().unwrap_err(), why);
    engine.stop();
    assert_eq!(sealed(&disk).last().unwrap().1, 4);
}

#[test]
fn a_full_disk_refuses_orders_takes_the_urgent_and_service_returns() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = started(&disk, &core);
    *disk.room.lock().unwrap() = Some(SIZES.headroom);
    let three = [(1, false), (2, true), (3, false)];
    let asked = three.map(|(ticket, urgent)| (ticket, 7, 0, command(0), urgent));
    engine.submit(asked.to_vec());
    let full = |ticket| Told::Failed(ticket, ErrorCode::JournalFull);
    let wanted = [full(1), full(3), Told::Batch(1, vec![2])];
    assert_eq!(told(&engine, 3), wanted, "the urgent one uses the headroom");
    *disk.room.lock().unwrap() = Some(0);
    engine.submit(vec![(4, 7, 0, command(0), true)]);
    assert_eq!(told(&engine, 1), [full(4)]);
    // The disk may be full though it told of room: nothing happened either.
    *disk.room.lock().unwrap() = None;
    *disk.free.lock().unwrap() = Some(20);
    ask(&engine, 5..=5);
    assert_eq!(told(&engine, 1), [full(5)]);
    assert_eq!(
        *core.seen.lock().unwrap(),
        1,
        "the core took the urgent one alone"
    );
    *disk.free.lock().unwrap() = None;
    ask(&engine, 6..=6);
    assert_eq!(told(&engine, 1), [Told::Batch(2, vec![6])]);
    assert_eq!(engine.place().stopped, "");
    engine.stop();
    assert_eq!(sealed(&disk).len(), 2);
}

#[test]
fn too_many_that_wait_are_told_busy_and_an_owner_who_does_not_read_stops_the_sealing() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    core.event_bytes.store(1 << 20, Ordering::Relaxed);
    let engine = started(&disk, &core);
    let mut sealed = 0;
    while engine.common.unread.load(Ordering::Relaxed) <= MOST_UNREAD {
        assert_eq!(ask(&engine, sealed + 1..=sealed + 8), 8);
        sealed += 8;
        taken(&core, sealed);
        let late = Instant::now() + PATIENCE;
        while engine.place().number < sealed {
            assert!(Instant::now() < late, "{sealed} are sealed");
            std::thread::yield_now();
        }
    }
    let more = MOST_WAITING as u64 + 5;
    let accepted = ask(&engine, sealed + 1..=sealed + more);
    assert_eq!(accepted, MOST_WAITING, "the rest is told busy");
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(engine.place().number, sealed, "nothing is sealed unread");
    assert_eq!(ask(&engine, 1..=1), 0, "what waits still counts");
    core.event_bytes.store(0, Ordering::Relaxed);
    let (mut tickets, last) = (0, sealed + MOST_WAITING as u64);
    let late = Instant::now() + PATIENCE;
    while tickets < last {
        assert!(Instant::now() < late, "{tickets} of {last} are told");
        engine.wait(Duration::from_millis(20));
        for out in engine.drain() {
            let Out::Batch { tickets: own, .. } = out else {
                panic!("{out:?}");
            };
            tickets += own.len() as u64;
        }
    }
    assert_eq!(engine.place().number, last, "service returns once it reads");
    engine.stop();
}

#[test]
fn a_stop_with_a_batch_out_seals_what_waits_and_tells_it() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = Arc::new(started(&disk, &core));
    disk.hold();
    ask(&engine, 1..=2);
    disk.wait_for_flushes(1);
    ask(&engine, 3..=5);
    let stopping = engine.clone();
    let stop = std::thread::spawn(move || stopping.stop());
    std::thread::sleep(Duration::from_millis(30));
    assert!(!stop.is_finished(), "it waits for the flush");
    disk.release();
    stop.join().unwrap();
    let batches = [Told::Batch(2, vec![1, 2]), Told::Batch(5, vec![3, 4, 5])];
    assert_eq!(told(&engine, 2), batches);
    assert_eq!(sealed(&disk).len(), 2);
    assert_eq!(engine.snapshot().unwrap().0.number, 5);
}

#[test]
fn a_snapshot_beside_a_flush_waits_until_its_state_is_durable() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = Arc::new(started(&disk, &core));
    disk.hold();
    ask(&engine, 1..=3);
    disk.wait_for_flushes(1);
    taken(&core, 3);
    let asking = engine.clone();
    let snapshot = std::thread::spawn(move || asking.snapshot().unwrap());
    std::thread::sleep(Duration::from_millis(30));
    assert!(!snapshot.is_finished(), "the core is ahead of the disk");
    disk.release();
    let (place, records) = snapshot.join().unwrap();
    assert_eq!((place.number, records), (3, 3u64.to_le_bytes().to_vec()));
    assert_eq!(told(&engine, 1), [Told::Batch(3, vec![1, 2, 3])]);
    let (chain, digest) = (place.chain, place.digest);
    assert_eq!(
        (engine.place().chain, engine.place().digest),
        (chain, digest)
    );
}

/// A connection that logged on; its frames are read whole.
struct Client(TcpStream);

impl Client {
    fn admitted(engine: &Engine) -> Client {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        engine.listen(listener, Bounds::default());
        let mut client = Client(TcpStream::connect(("127.0.0.1", port)).unwrap());
        client.0.set_read_timeout(Some(PATIENCE)).unwrap();
        let hello = client.frame();
        assert_eq!(Header::read(&hello).kind, HELLO);
        let mut block = vec![0; LOGON_BLOCK];
        (block[0], block[1]) = (1, b'k');
        let header = Header {
            kind: LOGON,
            version: 1,
            block: LOGON_BLOCK as u16,
            ..Header::default()
        };
        let mut logon = Vec::new();
        push(&mut logon, header, &block);
        client.0.write_all(&logon).unwrap();
        engine.wait(PATIENCE);
        let out = engine.drain().pop().expect("a logon");
        let Out::Logon {
            connection, signed, ..
        } = out
        else {
            panic!("{out:?}");
        };
        assert_eq!(signed, [SIGNED, &hello[HEADER..HEADER + 32]].concat());
        engine.admit(connection, 7, scope::TRADE, 0);
        assert_eq!(Header::read(&client.frame()).kind, WELCOME);
        client
    }

    fn frame(&mut self) -> Vec<u8> {
        let mut frame = vec![0; 4];
        self.0.read_exact(&mut frame).unwrap();
        frame.resize(u32_at(&frame, 0) as usize, 0);
        self.0.read_exact(&mut frame[4..]).unwrap();
        frame
    }

    /// Request, first and last number of the next answer, its events read past.
    fn answer(&mut self) -> (u64, u64, u64) {
        let frame = self.frame();
        let header = Header::read(&frame);
        assert_eq!(header.kind, ANSWER, "an answer, not {frame:?}");
        let mut events = vec![0; u32_at(&frame, HEADER + 20) as usize];
        self.0.read_exact(&mut events).unwrap();
        let causes: Vec<u64> = each(&events)
            .map(|event| Header::read(event).cause)
            .collect();
        let (first, last) = (u64_at(&frame, HEADER), u64_at(&frame, HEADER + 8));
        assert_eq!(causes, (first..=last).collect::<Vec<_>>());
        (header.number, first, last)
    }
}

#[test]
fn a_connection_is_answered_in_the_order_of_its_requests_and_after_their_flush() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = started(&disk, &core);
    let mut client = Client::admitted(&engine);
    disk.hold();
    client.0.write_all(&command(1)).unwrap();
    disk.wait_for_flushes(1);
    taken(&core, 1);
    let mut more = [command(2), command(3)].concat();
    // Losing a session is what only the venue asks: the refusal keeps its place.
    let header = Header {
        kind: 47,
        version: 1,
        block: 4,
        number: 4,
        ..Header::default()
    };
    push(&mut more, header, &[0; 4]);
    more.extend(command(5));
    client.0.write_all(&more).unwrap();
    let short = Some(Duration::from_millis(50));
    client.0.set_read_timeout(short).unwrap();
    assert!(
        client.0.peek(&mut [0]).is_err(),
        "no answer before the flush"
    );
    client.0.set_read_timeout(Some(PATIENCE)).unwrap();
    disk.release();
    let answers: Vec<_> = (0..3).map(|_| client.answer()).collect();
    assert_eq!(answers, [(1, 1, 1), (2, 2, 2), (3, 3, 3)]);
    let refused = client.frame();
    let header = Header::read(&refused);
    assert_eq!((header.kind, header.number), (ERROR, 4));
    assert_eq!(client.answer(), (5, 4, 4));
    engine.stop();
}

#[test]
fn a_connection_hears_that_the_flush_failed_and_no_answer() {
    let (disk, core) = (MemoryDisk::default(), CountingCore::default());
    let engine = started(&disk, &core);
    let mut client = Client::admitted(&engine);
    disk.hold();
    client.0.write_all(&command(1)).unwrap();
    disk.wait_for_flushes(1);
    client.0.write_all(&command(2)).unwrap();
    let late = Instant::now() + PATIENCE;
    while engine.common.heard_items.load(Ordering::Relaxed) == 0 {
        assert!(Instant::now() < late, "the second request waits");
        std::thread::yield_now();
    }
    *disk.flush_fails.lock().unwrap() = true;
    disk.release();
    for request in [1, 2, 0] {
        let frame = client.frame();
        let header = Header::read(&frame);
        assert_eq!((header.kind, header.number), (ERROR, request));
        let code = u16::from_le_bytes([frame[HEADER], frame[HEADER + 1]]);
        assert_eq!(code, ErrorCode::VenueStopped as u16);
    }
    assert_eq!(client.0.read(&mut [0]).unwrap(), 0, "and the door closes");
}
