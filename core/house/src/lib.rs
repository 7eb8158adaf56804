//! The house: one deterministic core that takes frames and gives event frames.
//!
//! Integers only; no clock, no disk, no socket, no threads, no chance. The same frames give the same
//! event bytes and the same state hash on every machine.

mod agenda;
mod alignment;
mod auction;
mod bonds;
pub mod book;
mod calls;
pub mod checksum;
pub mod collateral;
mod corrections;
mod default;
mod delivery;
mod evolve;
mod exchanging;
mod fixings;
mod foresight;
pub mod frame;
mod guarantees;
mod guards;
mod house;
mod institution;
mod joining;
pub mod ledger;
mod lines;
mod listing;
pub mod margin;
mod matching;
mod metering;
mod money;
pub mod orders;
mod positions;
mod queues;
mod quoting;
mod records;
pub mod references;
mod remedies;
mod rights;
mod securing;
mod settlement;
pub mod state;
mod tendering;
mod waterfall;
#[rustfmt::skip]
pub mod wire;

pub use house::{House, LATEST_TIME};

/// Version of the core, equal to the version of the Python package it is installed with.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests {
    use super::VERSION;

    #[test]
    fn version_has_three_numbers() {
        let parts: Vec<u32> = VERSION
            .split('.')
            .filter_map(|part| part.parse().ok())
            .collect();
        assert_eq!(parts.len(), 3, "a version reads major.minor.patch");
    }
}
