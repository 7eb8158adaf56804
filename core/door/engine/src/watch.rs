//! How long a thread looks for what comes next before it sleeps.
//!
//! A wake costs tens of microseconds where the processor fell asleep, as long as half a flush. A
//! thread therefore looks a while behind its last work, and gives the processor away between two
//! looks. Where somebody else takes it for long, a thread that looks comes late, because it gave
//! its turn away, and one that sleeps is woken in time: then it sleeps for a while.

use std::time::{Duration, Instant};

/// Behind the last work: it sees out a flush of a good disk, and the next request.
const LOOKS: Duration = Duration::from_micros(300);
/// Between two looks: somebody else wants the processor.
const CROWDED: Duration = Duration::from_micros(200);
/// How long a thread sleeps at once after it found that.
const SLEEPS: Duration = Duration::from_millis(5);

pub(crate) struct Watch {
    from: Instant,
    until: Instant,
    last: Instant,
}

impl Watch {
    pub(crate) fn new() -> Watch {
        let now = Instant::now();
        Watch {
            from: now,
            until: now,
            last: now,
        }
    }

    /// There was work: what follows may come soon.
    pub(crate) fn renew(&mut self) {
        self.last = Instant::now();
        self.until = self.last + LOOKS;
    }

    /// Gives the processor away once, and says whether to look again; false: sleep.
    pub(crate) fn again(&mut self) -> bool {
        if self.last >= self.until || self.last < self.from {
            return false;
        }
        std::thread::yield_now();
        let now = Instant::now();
        if now - self.last > CROWDED {
            self.from = now + SLEEPS;
        }
        self.last = now;
        now < self.until && now >= self.from
    }
}
