//! What the engine needs of a core.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// A core, compiled or plain.
pub trait Core: Send {
    /// Carries out command frames and appends the event frames.
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String>;
    /// The same for frames that this process stamped itself: they need not be summed again.
    fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        self.take(frames, out)
    }
    /// Last number taken, venue time, last event.
    fn place(&self) -> (u64, i64, u64);
    /// The state as record frames.
    fn snapshot(&self) -> Result<Vec<u8>, String>;
}

impl Core for lasalle_house::House {
    fn take(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        lasalle_house::House::take(self, frames, out).map_err(|error| error.to_string())
    }

    fn take_stamped(&mut self, frames: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        lasalle_house::House::take_stamped(self, frames, out).map_err(|error| error.to_string())
    }

    fn place(&self) -> (u64, i64, u64) {
        (self.last_number(), self.last_time(), self.last_event())
    }

    fn snapshot(&self) -> Result<Vec<u8>, String> {
        Ok(lasalle_house::House::snapshot(self))
    }
}

/// A core that the engine and its owner share; batches go in between whole.
pub type Shared = Arc<Mutex<Box<dyn Core>>>;

/// What was asked, or the words of the panic it ended in.
pub(crate) fn guarded<T>(ask: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string()));
        Err(said.unwrap_or_else(|| "it panicked".to_string()))
    })
}
