//! The normalised option of P. Jaeckel, "Let's be rational", Wilmott, January 2015: price over the
//! root of forward times strike, out of the money, as a function of m = |ln(F / K)| and deviation s.
//!
//! With a = m / s, t = s / 2 and E = e^(-(a a + t t) / 2) / 2 the value is
//!
//! `b = E (erfcx((a - t) / r2) - erfcx((a + t) / r2))`, r2 the root of 2,
//!
//! at most e^(-m / 2). Where t passes a it is told as that bound less what lacks to it; where both
//! terms are near each other, by the odd Taylor terms of Mills' ratio about a.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::lane::Lane;
use crate::special::erfcx;

/// Greatest t, and greatest a t, of the Taylor terms.
pub(crate) const NEAR: (f64, f64) = (0.5, 1.0);
/// 1 / n! of odd n from 3 to 21.
const ODD: [f64; 10] = [
    1.0 / 6.0,
    1.0 / 120.0,
    1.0 / 5_040.0,
    1.0 / 362_880.0,
    1.0 / 39_916_800.0,
    1.0 / 6_227_020_800.0,
    1.0 / 1_307_674_368_000.0,
    1.0 / 355_687_428_096_000.0,
    1.0 / 121_645_100_408_832_000.0,
    1.0 / 51_090_942_171_709_440_000.0,
];

/// Root of 2 / pi.
#[inline(always)]
pub(crate) fn root_two_over_pi() -> f64 {
    (2.0 / PI).sqrt()
}

/// What a value and its slopes are made of.
#[derive(Clone, Copy)]
pub(crate) struct Parts<L: Lane> {
    pub(crate) a: L,
    pub(crate) t: L,
    /// erfcx(|a - t| / r2) and erfcx((a + t) / r2); any number where only `apart` is asked for.
    pub(crate) first: L,
    pub(crate) second: L,
    /// Value over E, where `upper` does not hold.
    pub(crate) apart: L,
    /// Where the value is told from its bound.
    pub(crate) upper: L::Mask,
}

/// The parts of each; `whole` where more than its value is asked for.
#[inline(always)]
pub(crate) fn parts<L: Lane>(m: L, s: L, whole: bool) -> Parts<L> {
    let (a, t) = (m / s, s * L::all(0.5));
    let scale = L::all(FRAC_1_SQRT_2);
    let near = L::both(
        t.below(L::all(NEAR.0)),
        (m * L::all(0.5)).below(L::all(NEAR.1)),
    );
    let (mut first, mut second) = (L::all(1.0), L::all(1.0));
    let mut apart = L::all(0.0);
    if whole || L::any(L::not(near)) {
        first = erfcx((a - t).size() * scale);
        second = erfcx((a + t) * scale);
        apart = first - second;
    }
    if L::any(near) {
        apart = L::choose(near, taylor(a, t, erfcx(a * scale)), apart);
    }
    let upper = L::only(a.below(t), near);
    Parts {
        a,
        t,
        first,
        second,
        apart,
        upper,
    }
}

/// Root of 2 / pi times Y(t - a) - Y(-t - a), Y = Phi / phi with derivatives by
/// Y' = 1 + z Y and Y^(n+1) = z Y^(n) + n Y^(n-1) at z = -a.
#[inline(always)]
fn taylor<L: Lane>(a: L, t: L, scaled: L) -> L {
    let square = t * t;
    let zeroth = scaled * L::all((PI / 2.0).sqrt());
    let first = (-a).fused(zeroth, L::all(1.0));
    let (mut before, mut last) = (zeroth, first);
    let mut power = square;
    let (mut sum, mut n) = (first, 1.0);
    for weight in ODD {
        let even = last_of(a, last, before, n);
        let odd = last_of(a, even, last, n + 1.0);
        (before, last) = (even, odd);
        n += 2.0;
        sum = (odd * power).fused(L::all(weight), sum);
        power = power * square;
    }
    sum * t * L::all(2.0 * root_two_over_pi())
}

#[inline(always)]
fn last_of<L: Lane>(a: L, last: L, before: L, n: f64) -> L {
    (-a).fused(last, before * L::all(n))
}
