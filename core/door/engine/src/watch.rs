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
/// How long a thread sleeps at once after it found that: the first time, and at most where it finds
/// it again and again. A look costs a whole turn of the other then.
const LEAST_SLEEP: Duration = Duration::from_millis(5);
const MOST_SLEEP: Duration = Duration::from_millis(640);
/// So often in a row may it look in vain; then it looks behind one work of so many alone.
const IN_VAIN: u32 = 2;
const EVERY: u32 = 16;

pub(crate) struct Watch {
    /// Before it, it sleeps at once, and so long it did.
    from: Instant,
    sleep: Duration,
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
            sleep: Duration::ZERO,
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
            self.make_room(now);
        } else if now >= self.until {
            self.in_vain += 1;
            self.looks = false;
        }
        self.last = now;
        self.looks
    }
}

impl Watch {
    /// Somebody else wants the processor: it sleeps at once for a while, and for twice as long
    /// where it did so just before.
    fn make_room(&mut self, now: Instant) {
        let again = now < self.from + 4 * self.sleep;
        self.sleep = if again {
            (2 * self.sleep).min(MOST_SLEEP)
        } else {
            LEAST_SLEEP
        };
        self.from = now + self.sleep;
        self.looks = false;
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
    #[test]
    fn who_is_in_the_way_again_and_again_sleeps_longer_and_longer() {
        let (mut watch, mut now) = (Watch::new(), Instant::now());
        let mut sleeps = Vec::new();
        for _ in 0..9 {
            watch.make_room(now);
            sleeps.push(watch.sleep.as_millis());
            watch.begin();
            assert!(!watch.looks, "it sleeps at once");
            now = watch.from;
        }
        assert_eq!(sleeps, [5, 10, 20, 40, 80, 160, 320, 640, 640]);
        watch.make_room(now + 4 * MOST_SLEEP);
        assert_eq!(watch.sleep, LEAST_SLEEP, "that was long ago");
    }
}
