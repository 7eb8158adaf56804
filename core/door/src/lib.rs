//! The door between Python and the house: it carries bytes and decides nothing.

use pyo3::prelude::*;

mod engine;
mod house;
mod journal;
mod keys;
mod portfolio;
mod pricing;
mod replay;

/// A house is larger than what a processor keeps of page tables, unless its memory stands in pages of
/// two megabytes; this allocator asks for them where the system has them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled core, imported from Python as `lasalle._core`.
#[pymodule]
mod _core {
    use super::pyfunction;

    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::house::House;
    #[pymodule_export]
    use super::journal::Journal;
    #[pymodule_export]
    use super::keys::PublicKey;
    #[pymodule_export]
    use super::portfolio::PortfolioTable;
    #[pymodule_export]
    use super::pricing::{black_measures, implied_deviations};
    #[pymodule_export]
    use super::replay::{check_segments, replay_segments, replay_whole};

    /// Version of the compiled core, equal to the version of the Python package it was built with.
    #[pyfunction]
    fn version() -> &'static str {
        lasalle_house::VERSION
    }
}
