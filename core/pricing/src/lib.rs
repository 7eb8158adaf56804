//! Black's formula and its inverse over arrays, four options at a time where the processor can.
//!
//! Every operation is one that IEEE 754 defines, the fused multiplication among them, so that all
//! processors give the same bits. `lasalle/pricing/normalised.py` says the same plainly.

pub mod black;
pub mod implied;
pub mod lane;
pub mod normalised;
pub mod special;

/// Options that one pass takes from an array.
pub const BLOCK: usize = 256;
/// Greatest price, strike or deviation that is taken for one.
pub const MOST: f64 = 1e100;
/// Forwards and strikes below this count as none.
pub const LEAST: f64 = 1e-100;
/// Deviations up to this count as none.
pub const STILL: f64 = 1e-12;
