//! Whether to wait a moment for those who were just answered, so that one flush carries them too.
//!
//! Who keeps many requests in flight asks again as soon as it is answered. A batch sealed from the
//! first of what comes leaves the rest to the next flush; two such groups then take turns for good,
//! each with a flush of its own. So what comes is held until about as much is there as was answered,
//! or until half the time of a flush brought nothing more. Where that is in vain, it is rarely tried;
//! and nobody sleeps over it: it ends where the thread looks no longer.

use std::time::{Duration, Instant};

/// Silence that ends a hold, as a part of a flush; a whole one is the longest hold. A flush saved is
/// worth more than both, and a client needs some tens of microseconds to hear and to ask.
const SILENCE: u32 = 2;
/// So often in a row may it hold in vain; then it holds before one batch of so many alone.
const IN_VAIN: u32 = 2;
const EVERY: u32 = 16;

pub(crate) struct Hold {
    /// Of the disk, a mean over about the last eight.
    flush: Duration,
    /// How many are awaited, with those that wait already; 0: nobody is.
    awaited: usize,
    /// How many waited at the last look, and since when.
    waiting: usize,
    since: Instant,
    began: Instant,
    in_vain: u32,
}

impl Hold {
    pub(crate) fn new(now: Instant) -> Hold {
        Hold {
            flush: Duration::ZERO,
            awaited: 0,
            waiting: 0,
            since: now,
            began: now,
            in_vain: 0,
        }
    }

    /// Learns how long a flush took.
    pub(crate) fn learn(&mut self, flush: Duration) {
        self.flush = if self.flush.is_zero() {
            flush
        } else {
            (self.flush * 7 + flush) / 8
        };
    }

    /// So many were answered, beside so many that wait.
    pub(crate) fn begin(&mut self, answered: usize, waiting: usize, now: Instant) {
        if self.in_vain >= IN_VAIN {
            self.in_vain += 1;
        }
        let tries = self.in_vain < IN_VAIN || self.in_vain.is_multiple_of(EVERY);
        self.awaited = if tries { answered + waiting } else { 0 };
        (self.waiting, self.since, self.began) = (waiting, now, now);
    }

    /// Whether more are to be waited for than those that wait.
    pub(crate) fn holds(&mut self, waiting: usize, now: Instant) -> bool {
        if self.awaited == 0 {
            return false;
        }
        if waiting >= self.awaited {
            (self.awaited, self.in_vain) = (0, 0);
            return false;
        }
        if waiting > self.waiting {
            (self.waiting, self.since) = (waiting, now);
        }
        let silent = now - self.since > self.flush / SILENCE;
        if silent || now - self.began > self.flush {
            self.awaited = 0;
            self.in_vain += 1;
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: Duration = Duration::from_micros(1);

    fn learned() -> (Hold, Instant) {
        let now = Instant::now();
        let mut hold = Hold::new(now);
        hold.learn(400 * US);
        (hold, now)
    }

    #[test]
    fn it_holds_until_as_many_are_there_as_were_answered() {
        let (mut hold, now) = learned();
        hold.begin(100, 20, now);
        assert!(hold.holds(20, now + 90 * US));
        assert!(hold.holds(70, now + 99 * US));
        assert!(hold.holds(119, now + 190 * US), "more came meanwhile");
        assert!(!hold.holds(120, now + 191 * US));
        assert!(!hold.holds(121, now + 192 * US), "it is over");
    }

    #[test]
    fn silence_ends_it_and_so_does_the_time_of_a_flush() {
        let (mut hold, now) = learned();
        hold.begin(100, 20, now);
        assert!(!hold.holds(20, now + 201 * US), "half a flush");
        hold.begin(100, 0, now);
        for came in 1..=4 {
            assert!(hold.holds(came as usize, now + 100 * came * US));
        }
        assert!(!hold.holds(5, now + 401 * US));
    }

    #[test]
    fn who_was_held_for_in_vain_is_seldom_held_for_again() {
        let (mut hold, mut now) = learned();
        let mut held = |hold: &mut Hold, comes: usize| {
            hold.begin(8, 0, now);
            let holds = hold.holds(1, now);
            now += 201 * US;
            hold.holds(comes, now);
            holds
        };
        let tried = |hold: &mut Hold, held: &mut dyn FnMut(&mut Hold, usize) -> bool| {
            (0..160).filter(|_| held(hold, 1)).count()
        };
        assert_eq!(tried(&mut hold, &mut held), 2 + 10, "one of sixteen");
        while !held(&mut hold, 8) {}
        assert!(held(&mut hold, 8), "they came");
    }
}
