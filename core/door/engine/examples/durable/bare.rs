//! What the machine gives without a venue: an echo over TCP, and a flush of the same bytes.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;
use std::time::Instant;

use lasalle_engine::frame::u32_at;
use lasalle_engine::journal::FRAMES_AT;

use crate::client::{Run, connect, through};

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

/// A write and a flush of the same bytes, so many commands a batch: as words of a JSON object.
pub(crate) fn disk(folder: &Path, frames: &[u8], ends: &[usize], width: usize) -> String {
    let growing = flushes(&folder.join("bare-growing"), frames, ends, width, false);
    let aside = flushes(&folder.join("bare-aside"), frames, ends, width, true);
    let best = if growing.0 > aside.0 { growing } else { aside };
    format!(
        "\"disk_per_s\": {:.1}, \"disk_p50_us\": {:.1}, \"disk_p99_us\": {:.1}, \
         \"disk_growing_per_s\": {:.1}, \"disk_aside_per_s\": {:.1}",
        best.0, best.1, best.2, growing.0, aside.0
    )
}

fn flushes(
    path: &Path,
    frames: &[u8],
    ends: &[usize],
    width: usize,
    aside: bool,
) -> (f64, f64, f64) {
    let mut options = OpenOptions::new();
    let file = options
        .create(true)
        .truncate(true)
        .write(true)
        .open(path)
        .expect("a file");
    // A batch of the journal is its frames, a head and a check sum.
    let extra = [0x5a; FRAMES_AT + 4];
    if aside {
        let bytes = frames.len() + ends.len().div_ceil(width) * extra.len();
        file.write_all_at(&vec![0; bytes], 0).expect("zeros");
        file.sync_all().expect("zeros are flushed");
    }
    let (mut at, mut from) = (0, 0);
    let mut times = Vec::new();
    let began = Instant::now();
    for batch in ends.chunks(width) {
        let to = *batch.last().expect("a batch holds a command");
        let before = Instant::now();
        let content = [&extra[..], &frames[from..to]].concat();
        file.write_all_at(&content, at).expect("a batch");
        file.sync_data().expect("a flush");
        at += content.len() as u64;
        from = to;
        times.push(before.elapsed().as_secs_f64() * 1e6);
    }
    let seconds = began.elapsed().as_secs_f64();
    let _ = fs::remove_file(path);
    times.sort_unstable_by(f64::total_cmp);
    let share = |hundredths: usize| times[(times.len() * hundredths / 100).min(times.len() - 1)];
    (ends.len() as f64 / seconds, share(50), share(99))
}
