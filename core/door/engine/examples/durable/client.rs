//! A client that keeps so many requests in flight, as fast as their answers come.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use lasalle_engine::door::{ANSWER, ERROR, HELLO, LOGON, LOGON_BLOCK, WELCOME};
use lasalle_engine::frame::{Header, push, reseal, u16_at, u32_at};

/// What a run over TCP came to; times are from the send of a request to its answer.
pub(crate) struct Run {
    pub(crate) answered: usize,
    pub(crate) per_s: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

/// A recorded frame as a client asks it: its own request number, no time, no actor.
pub(crate) fn as_asked(frame: &mut [u8], request: u64) {
    let header = Header::read(frame);
    let asked = Header {
        number: request,
        time: 0,
        cause: 0,
        actor: 0,
        ..header
    };
    asked.write(frame);
    reseal(frame);
}

/// Sends a day over one connection and hears every answer; the connection stays open.
pub(crate) fn day(port: u16, frames: &[u8], ends: &[usize], width: usize) -> (Run, TcpStream) {
    let mut socket = connect(port);
    log_on(&mut socket);
    let run = through(&mut socket, frames, ends, width, |bytes| {
        match u16_at(bytes, 4) {
            // The events of an answer stand behind it.
            ANSWER => Some((
                u32_at(bytes, 0) as usize + u32_at(bytes, 44 + 20) as usize,
                1,
            )),
            ERROR => panic!("the door refused: {}", String::from_utf8_lossy(bytes)),
            _ => Some((u32_at(bytes, 0) as usize, 0)),
        }
    });
    (run, socket)
}

pub(crate) fn connect(port: u16) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    socket.set_nodelay(true).expect("no delay");
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a time-out");
    socket
}

fn log_on(socket: &mut TcpStream) {
    assert_eq!(read_frame(socket), HELLO, "the door greets first");
    let mut block = vec![0; LOGON_BLOCK];
    (block[0], block[1], block[97]) = (1, b'k', 1);
    let mut logon = Vec::new();
    let header = Header {
        kind: LOGON,
        version: 1,
        block: LOGON_BLOCK as u16,
        ..Header::default()
    };
    push(&mut logon, header, &block);
    socket.write_all(&logon).expect("a logon");
    assert_eq!(read_frame(socket), WELCOME, "the logon is admitted");
}

fn read_frame(socket: &mut TcpStream) -> u16 {
    let mut head = [0; 6];
    socket.read_exact(&mut head).expect("a frame");
    let mut rest = vec![0; u32_at(&head, 0) as usize - 6];
    socket.read_exact(&mut rest).expect("a whole frame");
    u16_at(&head, 4)
}

/// Keeps `width` frames in flight; `answer` gives the bytes of what comes first in a buffer, and
/// how many requests it answers.
pub(crate) fn through(
    socket: &mut TcpStream,
    frames: &[u8],
    ends: &[usize],
    width: usize,
    answer: impl Fn(&[u8]) -> Option<(usize, usize)>,
) -> Run {
    let (mut sent, mut answered) = (0, 0);
    let mut since: VecDeque<Instant> = VecDeque::with_capacity(width);
    let mut waits: Vec<f64> = Vec::with_capacity(ends.len());
    let (mut buffer, mut filled) = (vec![0; 4 << 20], 0);
    let start = |request: usize| if request == 0 { 0 } else { ends[request - 1] };
    let began = Instant::now();
    while answered < ends.len() {
        let until = (answered + width).min(ends.len());
        if until > sent {
            let now = Instant::now();
            socket
                .write_all(&frames[start(sent)..start(until)])
                .expect("requests");
            since.extend(std::iter::repeat_n(now, until - sent));
            sent = until;
        }
        filled += socket.read(&mut buffer[filled..]).expect("answers");
        let (mut at, mut fresh) = (0, 0);
        while filled - at >= 4 {
            let Some((bytes, count)) = whole(&buffer[at..filled], &answer) else {
                break;
            };
            at += bytes;
            fresh += count;
        }
        buffer.copy_within(at..filled, 0);
        filled -= at;
        if fresh > 0 {
            let now = Instant::now();
            answered += fresh;
            waits.extend(
                since
                    .drain(..fresh)
                    .map(|sent| (now - sent).as_secs_f64() * 1e6),
            );
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    waits.sort_unstable_by(f64::total_cmp);
    let share = |hundredths: usize| waits[(waits.len() * hundredths / 100).min(waits.len() - 1)];
    Run {
        answered,
        per_s: answered as f64 / seconds,
        p50_us: share(50),
        p99_us: share(99),
    }
}

fn whole(
    bytes: &[u8],
    answer: &impl Fn(&[u8]) -> Option<(usize, usize)>,
) -> Option<(usize, usize)> {
    let length = u32_at(bytes, 0) as usize;
    if bytes.len() < length {
        return None;
    }
    let (bytes_of, count) = answer(bytes)?;
    (bytes.len() >= bytes_of).then_some((bytes_of, count))
}
