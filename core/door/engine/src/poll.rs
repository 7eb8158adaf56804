//! Readiness of sockets and a bell that other threads ring.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

/// A set of file descriptors that wake one thread.
pub(crate) struct Poll {
    epoll: OwnedFd,
    found: Vec<libc::epoll_event>,
}

/// What woke the thread: its mark, whether it can be read, whether it can be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub(crate) mark: u64,
    pub(crate) read: bool,
    pub(crate) write: bool,
}

fn checked(result: i32) -> io::Result<i32> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

impl Poll {
    pub(crate) fn new() -> io::Result<Poll> {
        let fd = checked(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })?;
        let nothing = libc::epoll_event { events: 0, u64: 0 };
        Ok(Poll {
            epoll: unsafe { OwnedFd::from_raw_fd(fd) },
            found: vec![nothing; 256],
        })
    }

    pub(crate) fn add(&self, fd: RawFd, mark: u64) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_ADD, fd, mark, true, false)
    }

    /// What a socket should wake for from now on.
    pub(crate) fn want(&self, fd: RawFd, mark: u64, read: bool, write: bool) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_MOD, fd, mark, read, write)
    }

    fn control(&self, op: i32, fd: RawFd, mark: u64, read: bool, write: bool) -> io::Result<()> {
        let mut events = 0;
        if read {
            events |= libc::EPOLLIN | libc::EPOLLRDHUP;
        }
        if write {
            events |= libc::EPOLLOUT;
        }
        let mut event = libc::epoll_event {
            events: events as u32,
            u64: mark,
        };
        checked(unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), op, fd, &mut event) }).map(|_| ())
    }

    /// What is ready now.
    pub(crate) fn look(&mut self, ready: &mut Vec<Ready>) {
        self.wait(Duration::ZERO, ready);
    }

    /// Waits at most so long.
    pub(crate) fn wait(&mut self, most: Duration, ready: &mut Vec<Ready>) {
        ready.clear();
        let (room, millis) = (
            self.found.len() as i32,
            most.as_micros().div_ceil(1000) as i32,
        );
        let fd = self.epoll.as_raw_fd();
        let count = unsafe { libc::epoll_wait(fd, self.found.as_mut_ptr(), room, millis) };
        for event in &self.found[..count.max(0) as usize] {
            let (events, mark) = (event.events as i32, event.u64);
            let gone = events & (libc::EPOLLHUP | libc::EPOLLERR | libc::EPOLLRDHUP) != 0;
            let read = gone || events & libc::EPOLLIN != 0;
            ready.push(Ready {
                mark,
                read,
                write: events & libc::EPOLLOUT != 0,
            });
        }
    }
}

/// A bell: rung by any thread, heard through its descriptor.
#[derive(Debug)]
pub(crate) struct Bell(OwnedFd);

impl Bell {
    pub(crate) fn new() -> io::Result<Bell> {
        let fd = checked(unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) })?;
        Ok(Bell(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    pub(crate) fn ring(&self) {
        let one = 1u64.to_ne_bytes();
        unsafe { libc::write(self.fd(), one.as_ptr().cast(), 8) };
    }

    pub(crate) fn quiet(&self) {
        let mut count = [0u8; 8];
        unsafe { libc::read(self.fd(), count.as_mut_ptr().cast(), 8) };
    }
}
