//! What the machine gives without a venue: an echo over TCP, and a flush of the same bytes.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use lasalle_engine::frame::u32_at;
use lasalle_engine::journal::FRAMES_AT;

use crate::client::{Run, connect, through};
use crate::slow;

/// The frames over TCP to a thread that sends back what it read.
pub(crate) fn echo(frames: &[u8], ends: &[usize], width: usize) -> Run {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a connection");
        socket.set_nodelay(true).expect("no delay");
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match socket.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(bytes) => socket.write_all(&buffer[..bytes]).expect("an echo"),
            }
        }
    });
    let mut socket = connect(port);
    let run = through(&mut socket, frames, ends, width, |bytes| {
        Some((u32_at(bytes, 0) as usize, 1))
    });
    drop(socket);
    server.join().expect("the echo ends");
    run
}

/// What a bare disk came to, one write and one flush a batch.
pub(crate) struct Flushes {
    pub(crate) per_s: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

/// A write and a flush of the same bytes, so many commands a batch and each flush so much longer: to
/// a file that grows, and to one of zeros set aside.
pub(crate) fn disk(
    folder: &Path,
    frames: &[u8],
    ends: &[usize],
    batch: usize,
    added: Duration,
) -> (Flushes, Flushes) {
    // A batch of the journal is its frames, a head and a check sum.
    let extra = [0x5a; FRAMES_AT + 4];
    let (mut from, mut content, mut bounds) = (0, Vec::new(), Vec::new());
    for own in ends.chunks(batch) {
        let to = *own.last().expect("a batch holds a command");
        content.extend_from_slice(&extra);
        content.extend_from_slice(&frames[from..to]);
        from = to;
        bounds.push(content.len());
    }
    let run = |name: &str, aside| {
        let told = (ends.len(), added);
        flushes(&folder.join(name), &content, &bounds, told, aside)
    };
    (run("bare-growing", false), run("bare-aside", true))
}

fn flushes(
    path: &Path,
    content: &[u8],
    bounds: &[usize],
    (commands, added): (usize, Duration),
    aside: bool,
) -> Flushes {
    let mut options = OpenOptions::new();
    let file = options
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)
        .expect("a file");
    if aside {
        file.write_all_at(&vec![0; content.len()], 0)
            .expect("zeros");
        file.sync_all().expect("zeros are flushed");
    }
    let (mut at, mut times) = (0, Vec::with_capacity(bounds.len()));
    let began = Instant::now();
    for to in bounds {
        let before = Instant::now();
        file.write_all_at(&content[at..*to], at as u64)
            .expect("a batch");
        file.sync_data().expect("a flush");
        slow::wait(added);
        at = *to;
        times.push(before.elapsed().as_secs_f64() * 1e6);
    }
    let seconds = began.elapsed().as_secs_f64();
    let _ = fs::remove_file(path);
    times.sort_unstable_by(f64::total_cmp);
    let share = |hundredths: usize| times[(times.len() * hundredths / 100).min(times.len() - 1)];
    Flushes {
        per_s: commands as f64 / seconds,
        p50_us: share(50),
        p99_us: share(99),
    }
}
