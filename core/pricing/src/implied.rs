//! The deviation under which Black's formula gives a price, to the last places of a float.
//!
//! Source: P. Jaeckel, "Let's be rational", Wilmott, January 2015: normalised prices out of the
//! money, an objective of its own on either side of the steepest point s = root(2 m) and towards the
//! bound, and Householder's method of fourth order. The guess below that point is the one of a
//! normal law, whose price over m is a function of m / s alone; above it the one of an option at the
//! money, moved so that it is right at the steepest point. Two steps are the rule. Each stays within
//! the bracket of what the steps before it have shown, so that none is lost.

use std::f64::consts::PI;

use crate::lane::{Lane, can_go_wide};
use crate::normalised::{parts, root_two_over_pi};
use crate::special::{erfcx, exp, ln, ln_ratio};
use crate::{BLOCK, LEAST};

/// What became of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// A deviation gives this price.
    Found = 0,
    /// The price is intrinsic: the deviation is 0.
    Intrinsic = 1,
    /// No deviation gives so little.
    BelowIntrinsic = 2,
    /// No deviation gives so much: a call is worth less than the forward, a put than the strike.
    AtBound = 3,
    /// Without a forward or strike above 0 the price does not depend on the deviation.
    NoChoice = 4,
}

/// 1 for a call and -1 for a put; undiscounted price, forward, strike.
pub type Given = [[f64; BLOCK]; 4];

/// A time value below this part of the root of forward times strike counts as none.
const NOTHING: f64 = 1e-280;
/// A step of at most this part is the last: the next would be of its fourth power.
const LAST: f64 = 3e-5;
const MOST_STEPS: usize = 60;
/// Upper end of a bracket that is not known yet.
const OPEN: f64 = 1e3;

/// m / s over root(4 - ln(price / m)), a fit of the normal law to 3 %, lowest power first.
const ABOVE: [f64; 4] = [
    -0.943_467_858_122_132_9,
    1.871_992_421_731_053_5,
    -1.246_660_773_941_846_7,
    0.285_804_154_194_025_8,
];
const BELOW: [f64; 3] = [1.0, -0.713_928_830_914_57, 0.197_365_237_863_305_1];

/// What a price implies.
#[must_use]
pub fn outcome(sign: f64, price: f64, forward: f64, strike: f64) -> Outcome {
    let intrinsic = (sign * (forward - strike)).max(0.0);
    let time = price - intrinsic;
    if time < 0.0 {
        Outcome::BelowIntrinsic
    } else if forward <= LEAST || strike <= LEAST {
        Outcome::NoChoice
    } else if time >= forward.min(strike) {
        Outcome::AtBound
    } else if time < NOTHING * forward.sqrt() * strike.sqrt() {
        Outcome::Intrinsic
    } else {
        Outcome::Found
    }
}

/// Deviations of the first `count` options, 0 where none is found, and what became of each.
pub fn deviations(
    given: &Given,
    count: usize,
    found: &mut [f64; BLOCK],
    outcomes: &mut [u8; BLOCK],
    wide: bool,
) {
    assert!(count <= BLOCK, "a block");
    let mut held = *given;
    for at in 0..BLOCK {
        let [sign, price, forward, strike] = given.map(|row| row[at]);
        let met = if at < count {
            outcome(sign, price, forward, strike)
        } else {
            Outcome::Intrinsic
        };
        outcomes[at] = met as u8;
        if met != Outcome::Found {
            [held[0][at], held[1][at], held[2][at], held[3][at]] = [1.0, 0.25, 1.0, 1.0];
        }
    }
    solve(&held, count, found, wide);
    for (x, met) in found.iter_mut().zip(outcomes.iter()) {
        if *met != Outcome::Found as u8 {
            *x = 0.0;
        }
    }
}

fn solve(given: &Given, count: usize, found: &mut [f64; BLOCK], wide: bool) {
    #[cfg(target_arch = "x86_64")]
    if wide && can_go_wide() {
        // SAFETY: the processor has both.
        unsafe { wide_pass(given, count, found) };
        return;
    }
    let _ = wide && can_go_wide();
    pass::<f64>(given, count, found);
}

/// # Safety
/// The processor has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn wide_pass(given: &Given, count: usize, found: &mut [f64; BLOCK]) {
    pass::<crate::lane::wide::Eight>(given, count, found);
}

#[inline(always)]
fn pass<L: Lane>(given: &Given, count: usize, found: &mut [f64; BLOCK]) {
    for at in (0..count).step_by(L::COUNT) {
        let [sign, price, forward, strike] = [0, 1, 2, 3].map(|row| L::load(&given[row][at..]));
        let target = Target::new(sign, price, forward, strike);
        target.solved().store(&mut found[at..]);
    }
}

struct Target<L: Lane> {
    m: L,
    /// Normalised price, its bound, and what lacks to it.
    price: L,
    bound: L,
    lacking: L,
    /// -ln of the price.
    depth: L,
    lower: L::Mask,
    /// Nearer to the bound than to nothing.
    far: L::Mask,
    steepest: L,
    /// Price at the steepest point.
    middle: L,
}

impl<L: Lane> Target<L> {
    #[inline(always)]
    fn new(sign: L, price: L, forward: L, strike: L) -> Self {
        let (high, low) = (forward.greater(strike), forward.lesser(strike));
        let m = ln_ratio(high, low);
        let scale = high.root() * low.root();
        let time = price - (sign * (forward - strike)).greater(L::all(0.0));
        let (price, bound) = (time / scale, (low / high).root());
        let rest = L::all(1.0) - erfcx(m.root());
        let middle = L::all(0.5) * bound * rest;
        let lower = price.below(middle);
        Self {
            m,
            price,
            bound,
            lacking: (low - time) / scale,
            depth: -ln(price),
            lower,
            far: L::only((bound * L::all(0.5)).below(price), lower),
            steepest: (m + m).root(),
            middle,
        }
    }

    /// The first guess.
    #[inline(always)]
    fn guess(&self) -> L {
        let (zero, half) = (L::all(0.0), L::all(0.5));
        let depth = self.depth + ln(self.m.greater(L::all(1e-300)));
        let w = (depth.greater(L::all(-2.0)) + L::all(4.0)).root();
        let above = rising(&ABOVE, w);
        let under = self.m * rising(&BELOW, w) / above;
        let normal = L::all((2.0 * PI).sqrt()) * half.fused(self.m, self.price);
        let under = L::choose(L::all(-2.0).below(depth), under, normal);
        let cut = half * (L::all(1.0) - self.bound);
        let at_money = twice_quantile(half.fused(self.price, cut), self.lacking);
        let edge = twice_quantile(half.fused(self.middle, cut), self.bound - self.middle);
        let moved = self.steepest - edge;
        let slope = exp(edge * edge * L::all(-0.125)) / self.bound;
        let known = L::all(1e-12).below(moved.size());
        let bend = (L::all(1.0) - slope) / L::choose(known, moved, L::all(1.0));
        let bend = L::choose(known, bend.greater(zero), zero);
        let over = at_money + moved / bend.fused(at_money - edge, L::all(1.0));
        let least = self.steepest * L::all(1.000_001) + L::all(1e-300);
        let under = under.lesser(self.steepest * L::all(0.999_999));
        L::choose(self.lower, under, over.greater(least))
    }

    #[inline(always)]
    fn solved(&self) -> L {
        let mut s = self.guess();
        let mut least = L::choose(self.lower, L::all(0.0), self.steepest);
        let mut most = L::choose(self.lower, self.steepest, L::all(OPEN));
        let mut live = L::all(0.0).below(L::all(1.0));
        for _ in 0..MOST_STEPS {
            let (short, newton, step) = self.step(s);
            least = L::choose(short, s, least);
            most = L::choose(short, most, s);
            let inside = |x: L| L::both(least.below(x), x.below(most));
            let last = step.size().below(s * L::all(LAST));
            let open = L::all(0.5 * OPEN).below(most);
            let half = L::choose(open, s + s, L::all(0.5) * (least + most));
            let next = L::choose(inside(s + newton), s + newton, half);
            let bold = s + step;
            let taken = L::choose(L::either(inside(bold), last), bold, next);
            s = L::choose(live, taken, s);
            live = L::only(live, last);
            if !L::any(live) {
                break;
            }
        }
        s
    }

    /// (where the price at s is too small, Newton's step, Householder's step).
    #[inline(always)]
    fn step(&self, s: L) -> (L::Mask, L, L) {
        let root = L::all(root_two_over_pi());
        let at = parts(self.m, s, false);
        let squares = at.a.fused(at.a, at.t * at.t) * L::all(0.5);
        let e = L::all(0.5) * exp(-squares);
        let slope = e * root;
        let both = at.first + at.second;
        let apart = at.apart.greater(L::all(1e-300));
        let price = L::choose(at.upper, self.bound - e * both, e * apart);
        // Second and third derivative of the price over its first, the latter less the square.
        let bend = at.a * at.a / s - L::all(0.25) * s;
        let per = at.a / s;
        let twist = (per * per).fused(L::all(-3.0), L::all(-0.25));

        // Below the steepest point: the root of 1 / -ln(price), nearly a line.
        let carried = price.greater(L::all(1e-300));
        let (more, less) = (self.price.greater(carried), self.price.lesser(carried));
        let gap = ln_ratio(more, less);
        let gap = L::choose(carried.below(self.price), gap, -gap);
        let (depth, rate) = (self.depth + gap, slope / carried);
        let share = gap / self.depth;
        let over = L::all(1.0) + (L::all(1.0) + share).root();
        let low_newton = (depth + depth) * share / (over * rate);
        let low_rate = rate * (bend - rate);
        let part = rate / depth;
        let low_second = L::all(1.5).fused(part, bend - rate);
        let low_third = low_second * low_second
            + L::all(1.5) * (low_rate / depth + part * part)
            + (twist - low_rate);

        // Towards the bound: the logarithm of what lacks.
        let lack = L::choose(at.upper, e * both, self.bound - price);
        let rate = L::choose(at.upper, root / both, slope / lack);
        let far_newton = ln((lack / self.lacking).greater(L::all(1e-300))) / rate;
        let far_second = bend + rate;
        let far_third = far_second * far_second + twist + rate * far_second;

        let newton = (self.price - price) / slope;
        let pick = |low, far, middle| L::choose(self.lower, low, L::choose(self.far, far, middle));
        let newton = pick(low_newton, far_newton, newton);
        let second = pick(low_second, far_second, bend);
        let third = pick(low_third, far_third, bend.fused(bend, twist));
        let (half, sixth, one) = (L::all(0.5), L::all(1.0 / 6.0), L::all(1.0));
        let over = (half * second).fused(newton, one);
        let under = (third * sixth).fused(newton, second).fused(newton, one);
        let lacks = L::both(self.far, self.lacking.below(lack));
        let short = L::either(lacks, L::only(price.below(self.price), self.far));
        (short, newton, newton * over / under)
    }
}

/// A polynomial, lowest power first.
#[inline(always)]
fn rising<L: Lane>(terms: &[f64], x: L) -> L {
    let mut sum = L::all(terms[terms.len() - 1]);
    for term in terms[..terms.len() - 1].iter().rev() {
        sum = sum.fused(x, L::all(*term));
    }
    sum
}

/// Twice the normal quantile of a half and `over`, which is also one less half of `lacking`; to 1e-9.
/// Source: P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution
/// function", 2003.
#[inline(always)]
fn twice_quantile<L: Lane>(over: L, lacking: L) -> L {
    let square = over * over;
    let central = over * rising(&CENTRAL.0, square) / rising(&CENTRAL.1, square);
    let tail = (lacking * L::all(0.5))
        .greater(L::all(1e-300))
        .lesser(L::all(0.5));
    let q = (ln(tail) * L::all(-2.0)).root();
    let outer = -(rising(&OUTER.0, q) / rising(&OUTER.1, q));
    let within = over.below(L::all(0.475_75));
    let found = L::choose(within, central, outer);
    found + found
}

const CENTRAL: ([f64; 6], [f64; 6]) = (
    [
        2.506_628_277_459_239,
        -30.664_798_066_147_16,
        138.357_751_867_269,
        -275.928_510_446_968_7,
        220.946_098_424_520_5,
        -39.696_830_286_653_76,
    ],
    [
        1.0,
        -13.280_681_552_885_72,
        66.801_311_887_719_72,
        -155.698_979_859_886_6,
        161.585_836_858_040_9,
        -54.476_098_798_224_06,
    ],
);
const OUTER: ([f64; 6], [f64; 5]) = (
    [
        2.938_163_982_698_783,
        4.374_664_141_464_968,
        -2.549_732_539_343_734,
        -2.400_758_277_161_838,
        -0.322_396_458_041_136_5,
        -0.007_784_894_002_430_293,
    ],
    [
        1.0,
        3.754_408_661_907_416,
        2.445_134_137_142_996,
        0.322_467_129_070_039_8,
        0.007_784_695_709_041_462,
    ],
);

#[cfg(test)]
mod tests {
    use super::{BLOCK, Outcome, deviations, outcome};
    use crate::black::{MEASURES, price};

    /// Calls out of the money, from near the strike to where a price is 1e-200.
    fn options() -> [[f64; BLOCK]; 4] {
        let place = |at: usize| (at as u32 % 16, at as u32 / 16);
        let strike = |at| 2.5 * (f64::from(place(at).0) * 0.09).exp();
        let deviation = |at| 0.05 + f64::from(place(at).1) * 0.08;
        let strikes = std::array::from_fn(strike);
        let deviations = std::array::from_fn(deviation);
        [[1.0; BLOCK], [2.5; BLOCK], strikes, deviations]
    }

    #[test]
    fn both_widths_give_the_same_bits_and_deviations_come_back() {
        let given = options();
        let (mut one, mut two) = ([[0.0; BLOCK]; MEASURES], [[0.0; BLOCK]; MEASURES]);
        price(&given, BLOCK, &mut one, false);
        price(&given, BLOCK, &mut two, true);
        assert_eq!(one, two);
        let asked = [given[0], one[0], given[1], given[2]];
        let (mut narrow, mut wide) = ([0.0; BLOCK], [0.0; BLOCK]);
        let (mut met, mut met_wide) = ([9; BLOCK], [9; BLOCK]);
        deviations(&asked, BLOCK, &mut narrow, &mut met, false);
        deviations(&asked, BLOCK, &mut wide, &mut met_wide, true);
        assert_eq!((narrow, met), (wide, met_wide));
        assert_eq!(met, [Outcome::Found as u8; BLOCK]);
        for (found, deviation) in narrow.iter().zip(&given[3]) {
            assert!((found / deviation - 1.0).abs() < 2e-15, "{deviation}");
        }
    }

    #[test]
    fn a_price_that_no_deviation_gives_says_so() {
        assert_eq!(outcome(1.0, 0.5, 3.0, 2.5), Outcome::Intrinsic);
        assert_eq!(outcome(1.0, 0.4, 3.0, 2.5), Outcome::BelowIntrinsic);
        assert_eq!(outcome(-1.0, 2.5, 3.0, 2.5), Outcome::AtBound);
        assert_eq!(outcome(1.0, 3.1, 3.0, -0.1), Outcome::NoChoice);
        assert_eq!(outcome(1.0, 0.7, 3.0, 2.5), Outcome::Found);
    }
}
