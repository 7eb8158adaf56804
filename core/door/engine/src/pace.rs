//! How many commands are worth one batch, from what the core lately took for one.
//!
//! One flush carries all that waits: a flush costs much the same for one command and for a
//! thousand, and with so many in flight fewer flushes are what answers most. Only a core that is
//! slow is given less at once, because nobody is heard meanwhile.

use std::time::Duration;

/// Longest that the core is to have a batch.
const MOST: Duration = Duration::from_millis(20);
/// Fewer are never parted, and teach nothing of many.
const LEAST: usize = 8;

/// Mean over about the last eight batches.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// Of the core for a command.
    command: Duration,
}

impl Pace {
    /// Learns how long the core had so many commands.
    pub(crate) fn learn(&mut self, commands: usize, core: Duration) {
        if commands < LEAST {
            return;
        }
        let found = core / u32::try_from(commands).unwrap_or(u32::MAX);
        self.command = if self.command.is_zero() {
            found
        } else {
            (self.command * 7 + found) / 8
        };
    }

    /// How many of those that wait make the next batch.
    pub(crate) fn share(&self, waiting: usize) -> usize {
        let each = self.command.as_nanos().max(1);
        let most = usize::try_from(MOST.as_nanos() / each).unwrap_or(usize::MAX);
        waiting.min(most.max(LEAST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_waits_is_one_batch_except_where_the_core_is_slow() {
        let (us, ms) = (Duration::from_micros, Duration::from_millis);
        let mut pace = Pace::default();
        assert_eq!(pace.share(10_000), 10_000, "nothing is known yet");
        pace.learn(256, us(256));
        assert_eq!(pace.share(10_000), 10_000, "ten milliseconds of work");
        for _ in 0..60 {
            pace.learn(100, ms(100));
        }
        assert_eq!(pace.share(10_000), 20, "a millisecond each");
        pace.learn(1, ms(100));
        assert_eq!(pace.share(10_000), 20, "a lone command teaches nothing");
        for _ in 0..60 {
            pace.learn(10, ms(1_000));
        }
        assert_eq!(pace.share(10_000), LEAST, "some progress is made");
        assert_eq!(pace.share(3), 3);
    }
}
