//! Journal, sequencer and frame door of a venue. They number, time, seal, carry and answer; what a
//! command means is decided by the core alone.
//!
//! Three threads, one batch after another. The sequencer reads sockets and submissions, checks them
//! and answers; what it heard waits at the gate. The sealer takes what waits when the disk is free:
//! numbers and a time, a seal, a write, a flush. The core's thread takes the same batch beside the
//! flush, tells the sealer the digest of its events, which the next batch seals, and writes the
//! answers. Nothing leaves before a batch is both durable and taken. A flush that fails after the
//! core took the batch stops the venue: nothing of the batch was told, and opening again replays
//! what is durable.

pub mod answers;
mod connection;
pub mod connections;
pub mod core;
pub mod disk;
pub mod door;
#[cfg(test)]
mod doubles;
pub mod engine;
pub mod frame;
mod gate;
pub mod journal;
mod outcomes;
mod pace;
mod poll;
pub mod replay;
mod sealer;
pub mod segments;
mod sequencer;
pub mod table;
mod waiting;
