//! Black's value of options on a forward, and its slopes.
//!
//! Source: F. Black, "The pricing of commodity contracts", J. Financial Economics 3, 1976, in the
//! normalised form. Without forward, strike or deviation the value is intrinsic.

use std::f64::consts::PI;

use crate::lane::{Lane, can_go_wide};
use crate::normalised::{Parts, parts};
use crate::special::{exp, ln_ratio};
use crate::{BLOCK, LEAST, STILL};

/// Value; slopes by forward, twice by forward, by deviation, by both, twice by deviation, by strike.
pub const MEASURES: usize = 7;
/// 1 for a call and -1 for a put; forward, strike, deviation; beyond an option's last what may be
/// any finite number.
pub type Given = [[f64; BLOCK]; 4];
/// What is found of each.
pub type Found<const ROWS: usize> = [[f64; BLOCK]; ROWS];

/// Values of the first `count` options, with `ROWS` = 1, or all measures with `ROWS` = 7.
pub fn price<const ROWS: usize>(given: &Given, count: usize, found: &mut Found<ROWS>, wide: bool) {
    assert!(count <= BLOCK && (ROWS == 1 || ROWS == MEASURES), "a block");
    #[cfg(target_arch = "x86_64")]
    if wide && can_go_wide() {
        // SAFETY: the processor has both.
        unsafe { wide_pass(given, count, found) };
        return;
    }
    let _ = wide && can_go_wide();
    pass::<f64, ROWS>(given, count, found);
}

/// # Safety
/// The processor has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn wide_pass<const ROWS: usize>(given: &Given, count: usize, found: &mut Found<ROWS>) {
    pass::<crate::lane::wide::Eight, ROWS>(given, count, found);
}

#[inline(always)]
fn pass<L: Lane, const ROWS: usize>(given: &Given, count: usize, found: &mut Found<ROWS>) {
    for at in (0..count).step_by(L::COUNT) {
        let [sign, forward, strike, deviation] = [0, 1, 2, 3].map(|row| L::load(&given[row][at..]));
        let option = Option::new(sign, forward, strike, deviation, ROWS == MEASURES);
        option.value().store(&mut found[0][at..]);
        if ROWS == MEASURES {
            let slopes = option.slopes();
            for (row, slope) in (1..).zip(slopes) {
                slope.store(&mut found[row][at..]);
            }
        }
    }
}

struct Option<L: Lane> {
    live: L::Mask,
    sign: L,
    forward: L,
    strike: L,
    low: L,
    deviation: L,
    high: L,
    parts: Parts<L>,
    /// E times the root of forward times strike.
    scale: L,
    /// What a call holds where there is no more to come: 1, 0, or a half at the strike.
    still: L,
    intrinsic: L,
}

impl<L: Lane> Option<L> {
    #[inline(always)]
    fn new(sign: L, forward: L, strike: L, deviation: L, whole: bool) -> Self {
        let (one, half, least) = (L::all(1.0), L::all(0.5), L::all(LEAST));
        let live = L::both(least.below(forward), least.below(strike));
        let live = L::both(live, L::all(STILL).below(deviation));
        let still = L::choose(forward.below(strike), L::all(0.0), half);
        let still = L::choose(strike.below(forward), one, still);
        let intrinsic = (sign * (forward - strike)).greater(L::all(0.0));
        let [forward, strike, deviation] =
            [forward, strike, deviation].map(|x| L::choose(live, x, one));
        let (high, low) = (forward.greater(strike), forward.lesser(strike));
        let m = ln_ratio(high, low);
        let parts = parts(m, deviation, whole);
        let power = parts.a.fused(parts.a, parts.t * parts.t) * L::all(-0.5);
        let scale = half * exp(power) * (high.root() * low.root());
        Self {
            live,
            sign,
            forward,
            strike,
            low,
            deviation,
            high,
            parts,
            scale,
            still,
            intrinsic,
        }
    }

    #[inline(always)]
    fn value(&self) -> L {
        let parts = &self.parts;
        let lacking = self.scale * (parts.first + parts.second);
        let time = L::choose(
            parts.upper,
            self.low - lacking,
            self.scale * parts.apart.greater(L::all(0.0)),
        );
        let value = self.intrinsic + time.greater(L::all(0.0));
        L::choose(self.live, value, self.intrinsic)
    }

    /// By forward, twice by forward, by deviation, by both, twice by deviation, by strike.
    #[inline(always)]
    fn slopes(&self) -> [L; 6] {
        let (zero, one) = (L::all(0.0), L::all(1.0));
        let Parts {
            a,
            t,
            first,
            second,
            ..
        } = self.parts;
        let (rising, call) = (self.strike.below(self.forward), zero.below(self.sign));
        // Tails of the normal law at -|a - t| and -(a + t).
        let per_low = self.scale / self.low;
        let near_tail = per_low * first;
        let far_tail = self.scale / self.high * second;
        let (near_rest, far_rest) = (one - near_tail, one - far_tail);
        let passed = a.below(t);
        // N(d1), N(-d1), N(d2), N(-d2).
        let low_up = L::choose(passed, near_rest, near_tail);
        let low_down = L::choose(passed, near_tail, near_rest);
        let one_up = L::choose(rising, far_rest, low_up);
        let one_down = L::choose(rising, far_tail, low_down);
        let two_up = L::choose(rising, low_down, far_tail);
        let two_down = L::choose(rising, low_up, far_rest);
        let delta = L::choose(call, one_up, -one_down);
        let by_strike = L::choose(call, -two_up, two_down);
        let side = L::choose(rising, a, -a);
        let (d1, d2) = (side + t, side - t);
        let vega = self.scale * L::all((2.0 / PI).sqrt());
        let gamma = vega / (self.forward * self.forward * self.deviation);
        let vanna = -(vega * d2) / (self.forward * self.deviation);
        let volga = vega * d1 * d2 / self.deviation;
        let lost = self.still - one;
        let calm = [
            L::choose(call, self.still, lost),
            zero,
            zero,
            zero,
            zero,
            L::choose(call, -self.still, -lost),
        ];
        let mut slopes = [delta, gamma, vega, vanna, volga, by_strike];
        for (slope, calm) in slopes.iter_mut().zip(calm) {
            *slope = L::choose(self.live, *slope, calm);
        }
        slopes
    }
}
