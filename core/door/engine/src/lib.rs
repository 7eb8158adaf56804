//! Journal, sequencer and frame door of a venue. They number, time, seal, carry and answer; what a
//! command means is decided by the core alone.
//!
//! One thread (`sequencer`) reads sockets and submissions, stamps what waits as one batch, writes and
//! flushes it; a second thread has the core take the same batch beside the flush. Nothing leaves
//! before both are done. A flush that fails after the core took the batch stops the venue: nothing
//! of the batch was told, and opening again replays what is durable.

pub mod answers;
mod connection;
pub mod connections;
pub mod core;
pub mod disk;
pub mod door;
pub mod engine;
pub mod frame;
pub mod journal;
mod poll;
pub mod replay;
mod sequencer;
pub mod table;
mod waiting;
