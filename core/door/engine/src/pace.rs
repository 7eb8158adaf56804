//! How many commands are worth one batch, from what the disk and the core lately took.
//!
//! A client that keeps many commands in flight has them answered together and asks again together:
//! taken as one batch, they have the disk idle while the core works, and both while the answers
//! travel. Where the core has longer with what waits than the disk, half of it is taken: one half
//! travels while the other is carried out. Where the disk is the slower, one flush carries all.

use std::time::Duration;

/// Share of the disk's time that the core may have with what is taken at once, in tenths.
const CORE_SHARE: u32 = 14;
/// Fewer are never parted.
const LEAST: usize = 32;
/// Up to so many a batch are few: then threads look for the next instead of being woken.
pub(crate) const FEW: usize = 16;

/// Means over about the last eight batches.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// Of the core for a command.
    command: Duration,
    /// Of the disk for a batch.
    disk: Duration,
    /// Commands of the last batch.
    last: usize,
}

impl Pace {
    /// Learns what a batch of so many commands took.
    pub(crate) fn learn(&mut self, commands: usize, core: Duration, disk: Duration) {
        self.last = commands;
        if commands >= LEAST {
            mean(&mut self.command, core / commands as u32);
            mean(&mut self.disk, disk);
        }
    }

    /// How many of those that wait make the next batch.
    pub(crate) fn share(&self, waiting: usize) -> usize {
        let core = self.command * u32::try_from(waiting).unwrap_or(u32::MAX);
        if waiting >= 2 * LEAST && core * 10 > self.disk * CORE_SHARE {
            return waiting.div_ceil(2);
        }
        waiting
    }

    /// Whether batches are small: then the next is waited for awake.
    pub(crate) fn is_quick(&self) -> bool {
        self.last <= FEW
    }
}

/// Moves a mean an eighth of the way; a stall of the disk counts no more than twice the mean.
fn mean(of: &mut Duration, found: Duration) {
    *of = if of.is_zero() {
        found
    } else {
        (*of * 7 + found.min(*of * 2)) / 8
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_the_core_longer_than_the_disk_is_parted_and_a_slow_disk_takes_all() {
        let us = Duration::from_micros;
        let mut pace = Pace::default();
        assert_eq!(pace.share(1_000), 1_000, "nothing is known yet");
        pace.learn(256, us(512), us(200));
        assert_eq!(pace.share(256), 128);
        assert_eq!(pace.share(128), 128, "the core needs 256 us, the disk 200");
        assert_eq!(pace.share(257), 129, "no batch is left empty");
        pace.learn(256, us(512), us(100_000));
        assert_eq!(pace.share(256), 128, "one stall is no slow disk");
        for _ in 0..40 {
            pace.learn(256, us(512), us(10_000));
        }
        assert_eq!(pace.share(256), 256);
        pace.learn(1, us(90), us(100));
        assert!(pace.is_quick());
        assert_eq!(
            pace.share(256),
            256,
            "a lone command teaches nothing of many"
        );
    }
}
