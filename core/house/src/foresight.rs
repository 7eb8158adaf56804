//! Looking a few commands ahead, so that what they will read is near when their turn comes.
//!
//! A house with many orders and accounts is larger than any cache, and one command waits for a
//! dozen lines of memory one after another. Foresight asks for them early. It reads and never
//! writes: whether a processor heeds it changes no byte of what is told.

use crate::state::State;
use crate::wire::Command;

/// Commands ahead at which each stage looks; a later stage reads what an earlier one asked for.
pub(crate) const FAR: usize = 9;
/// Second stage.
pub(crate) const NEAR: usize = 6;
/// Third stage.
pub(crate) const NEXT: usize = 3;

/// Asks for the memory a place stands in.
#[inline(always)]
pub(crate) fn hint<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing and faults on no address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Asks for the first lines of a value or a slice.
#[inline(always)]
pub(crate) fn hint_lines<T>(place: *const T, lines: usize) {
    for line in 0..lines {
        hint(place.cast::<u8>().wrapping_add(64 * line));
    }
}

/// The live order a command names by number; zero when it names none.
#[inline]
fn named(command: &Command<'_>) -> u64 {
    match command {
        Command::CancelOrder(c) => c.order,
        Command::ReplaceOrder(c) => c.order,
        _ => 0,
    }
}

/// True when a command has its account judged.
#[inline]
fn judged(command: &Command<'_>) -> bool {
    matches!(
        command,
        Command::PlaceOrder(_) | Command::ReplaceOrder(_) | Command::MassQuote(_)
    )
}

impl State {
    /// Asks for the account of a command, and the index entry of its order.
    #[inline]
    pub(crate) fn foresee_far(&self, command: &Command<'_>) {
        if let Some(at) = self.account_at(command.account()) {
            hint_lines(&raw const self.accounts[at as usize], 5);
        }
        let order = named(command);
        if order != 0 {
            self.orders.foresee(order);
        }
    }

    /// Asks for the order, or for the running losses and references of the account.
    #[inline]
    pub(crate) fn foresee_near(&self, command: &Command<'_>) {
        if let Some(at) = self.orders.find(named(command)) {
            hint(&raw const *self.orders.at(at));
        }
        if let Some(at) = self.account_at(command.account()) {
            let account = &self.accounts[at as usize];
            account.foresee(judged(command));
            if let Command::PlaceOrder(c) = command {
                account.references.foresee(&c.reference);
            }
        }
    }

    /// Asks for what stands beside the order: its holding, its neighbours, its place in the book.
    #[inline]
    pub(crate) fn foresee_next(&self, command: &Command<'_>) {
        if let Some(at) = self.orders.find(named(command)) {
            let order = self.orders.at(at);
            self.orders.foresee_neighbours(order);
            let account = &self.accounts[order.account as usize];
            hint(&raw const account.holdings[order.holding as usize]);
            self.series[order.series as usize].book.foresee(order.slot);
        } else if let Command::PlaceOrder(c) = command {
            let account = self.account_at(c.account);
            if let (Some(at), Some(series)) = (account, self.series_at(c.series)) {
                let account = &self.accounts[at as usize];
                if let Some(holding) = account.holding_at(series) {
                    hint(&raw const account.holdings[holding]);
                }
                self.orders.foresee_newest(account.first_order);
            }
        }
    }
}
