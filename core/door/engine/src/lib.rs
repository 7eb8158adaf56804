//! Journal, sequencer and frame door of a venue. They number, time, seal, carry and answer; what a
//! command means is decided by the core alone.
//!
//! Two threads, one batch after another. The sequencer reads sockets and submissions, checks them,
//! and makes a batch of all that waits when the disk is free, with numbers and a time. It waits a
//! moment for those it has just answered, so that they do not need a flush of their own. The thread
//! of the disk seals the batch, writes it where zeros were set aside, and flushes it; elsewhere the
//! sequencer writes it first, for a disk without room must leave the core as it is. Beside all that
//! the sequencer has the core take the batch, writes the answers, digests the events, which the next
//! batch seals, and hears what comes. Nothing leaves before a batch is both durable and taken. A
//! write or a flush that fails after the core took the batch stops the venue: nothing of the batch
//! was told, and opening again replays what is durable.
//!
//! One thread does all that the disk does not, because handing over costs more than the work:
//! threads that wake each other share one processor while another sleeps.

pub mod answers;
mod connection;
pub mod connections;
pub mod core;
pub mod disk;
pub mod door;
#[cfg(test)]
mod doubles;
pub mod engine;
mod flusher;
pub mod frame;
mod hold;
pub mod journal;
mod pace;
mod poll;
pub mod replay;
mod sealer;
pub mod segments;
mod sequencer;
mod spares;
pub mod table;
mod waiting;
mod watch;
