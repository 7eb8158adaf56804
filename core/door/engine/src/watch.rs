//! How long a thread looks for what comes next before it sleeps.
//!
//! A wake costs tens of microseconds where the processor fell asleep, as long as half a flush. A
//! thread therefore looks a while behind its last work, and gives the processor away between two
//! looks. It does not look where that is in vain, nor where somebody else takes the processor for
//! long: who looks there comes late, because it gave its turn away, and who sleeps is woken in time.

use std::time::{Duration, Instant};

/// Behind the last work: it sees out a flush of a good disk, and the next request.
const LOOKS: Duration = Duration::from_micros(300);
/// Between two looks: somebody else wants the processor.
const CROWDED: Duration = Duration::from_micros(200);
/// How long a thread sleeps at once after it found that.
const SLEEPS: Duration = Duration::from_millis(5);
/// So often in a row may it look in vain; then it looks behind one work of so many alone.
const IN_VAIN: u32 = 2;
const EVERY: u32 = 16;

pub(crate) struct Watch {
    from: Instant,
    until: Instant,
    last: Instant,
    looks: bool,
    in_vain: u32,
}

impl Watch {
    pub(crate) fn new() -> Watch {
        let now = Instant::now();
        Watch {
            from: now,
            until: now,
            last: now,
            looks: false,
            in_vain: 0,
        }
    }

    /// From now on something is waited for.
    pub(crate) fn begin(&mut self) {
        let now = Instant::now();
        if self.in_vain >= IN_VAIN {
            self.in_vain += 1;
        }
        let tries = self.in_vain < IN_VAIN || self.in_vain.is_multiple_of(EVERY);
        self.looks = tries && now >= self.from;
        (self.last, self.until) = (now, now + LOOKS);
    }

    /// It came.
    pub(crate) fn end(&mut self) {
        if self.looks {
            self.in_vain = 0;
        }
        self.looks = false;
    }

    /// Gives the processor away once, and says whether to look again; false: sleep.
    pub(crate) fn again(&mut self) -> bool {
        if !self.looks {
            return false;
        }
        std::thread::yield_now();
        let now = Instant::now();
        if now - self.last > CROWDED {
            self.from = now + SLEEPS;
            self.looks = false;
        } else if now >= self.until {
            self.in_vain += 1;
            self.looks = false;
        }
        self.last = now;
        self.looks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_in_vain_sleeps_at_once_and_tries_again_now_and_then() {
        let mut watch = Watch::new();
        assert!(!watch.again(), "nothing is waited for yet");
        // A busy machine takes the processor away, and then a thread sleeps too.
        while watch.in_vain < IN_VAIN {
            watch.from = watch.last;
            watch.begin();
            while watch.again() {}
        }
        let tries = |watch: &mut Watch| {
            watch.from = watch.last;
            watch.begin();
            watch.looks
        };
        let tried = (0..3 * EVERY).filter(|_| tries(&mut watch)).count();
        assert_eq!(tried, 3, "one of {EVERY}");
        while !tries(&mut watch) {}
        watch.end();
        assert!(tries(&mut watch), "it came while it was looked for");
    }
}
