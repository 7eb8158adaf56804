//! Exponential, logarithm and the scaled complementary error function, to about one unit in the last
//! place, without a branch.

use crate::lane::Lane;

/// ln 2 in two parts: the first times a whole number below 2^20 is exact (as in fdlibm).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added and taken away again, it leaves the nearest whole number.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// 1 / n! from n = 13 down to 0.
const EXPONENTIAL: [f64; 14] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

/// Twice 1 / (2 k + 1) from k = 10 down to 1: the series of 2 artanh after its first term.
const ARTANH: [f64; 10] = [
    2.0 / 21.0,
    2.0 / 19.0,
    2.0 / 17.0,
    2.0 / 15.0,
    2.0 / 13.0,
    2.0 / 11.0,
    2.0 / 9.0,
    2.0 / 7.0,
    2.0 / 5.0,
    2.0 / 3.0,
];

/// (1 + 2 z) erfcx(z) as a polynomial in (z - 3) / (z + 3), highest power first; truncated where
/// its Chebyshev series is below 2e-17. The form is that of M. Shepherd and J. Laframboise,
/// "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity", Mathematics of
/// Computation 36, 1981; the coefficients were made with sixty digits.
const ERFCX: [f64; 26] = [
    -3.451_497_487_664_328e-11,
    8.393_734_858_690_877e-10,
    1.201_971_944_013_579_3e-9,
    -8.217_595_058_711_455e-9,
    -1.390_614_579_173_099_4e-8,
    4.106_401_366_794_035_5e-8,
    1.027_799_748_827_105_8e-7,
    -1.404_765_431_542_846_2e-7,
    -6.175_617_678_992_323e-7,
    3.557_608_668_408_06e-7,
    3.473_024_167_841_533e-6,
    -7.308_281_468_783_614e-7,
    -2.010_084_309_484_472_5e-5,
    4.949_196_649_968_345e-6,
    1.250_994_355_712_812e-4,
    -1.051_597_195_844_806_5e-4,
    -7.798_322_884_823_084e-4,
    1.888_690_344_999_171_8e-3,
    2.529_391_818_047_466_8e-3,
    -2.377_051_491_717_134e-2,
    6.830_802_734_384_515e-2,
    -1.192_736_634_153_863_8e-1,
    1.296_451_587_027_647_5e-1,
    -4.756_229_435_344_92e-2,
    -1.356_211_061_245_812e-1,
    1.253_008_058_269_729_6,
];

/// A polynomial, highest power first.
#[inline(always)]
fn horner<L: Lane>(terms: &[f64], x: L) -> L {
    let mut sum = L::all(terms[0]);
    for term in &terms[1..] {
        sum = sum.fused(x, L::all(*term));
    }
    sum
}

/// e^x for x up to 709; 0 below -708.
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    let held = x.greater(L::all(-708.0));
    let whole = held.fused(L::all(std::f64::consts::LOG2_E), L::all(ROUNDING)) - L::all(ROUNDING);
    let rest = (-whole).fused(L::all(LN2_HIGH), held);
    let rest = (-whole).fused(L::all(LN2_LOW), rest);
    let value = horner(&EXPONENTIAL, rest) * whole.power_of_two();
    L::choose(x.below(L::all(-708.0)), L::all(0.0), value)
}

/// ln x of normal positive numbers.
#[inline(always)]
pub fn ln<L: Lane>(x: L) -> L {
    let (share, exponent) = centred(x);
    with_exponent(share, exponent)
}

/// ln(high / low) for high >= low > 0, exact to the last places where they are near each other.
#[inline(always)]
pub fn ln_ratio<L: Lane>(high: L, low: L) -> L {
    let (share, exponent) = centred(high / low);
    let near = exponent.below(L::all(0.5));
    let share = L::choose(near, (high - low) / (high + low), share);
    with_exponent(share, exponent)
}

/// (m - 1) / (m + 1) and e, where x = m 2^e and m lies between the root of a half and that of two.
#[inline(always)]
fn centred<L: Lane>(x: L) -> (L, L) {
    let (fraction, exponent) = x.split();
    let upper = L::all(std::f64::consts::SQRT_2).below(fraction);
    let fraction = L::choose(upper, fraction * L::all(0.5), fraction);
    let exponent = L::choose(upper, exponent + L::all(1.0), exponent);
    let one = L::all(1.0);
    ((fraction - one) / (fraction + one), exponent)
}

#[inline(always)]
fn with_exponent<L: Lane>(share: L, exponent: L) -> L {
    let square = share * share;
    let series = (horner(&ARTANH, square) * square).fused(share, exponent * L::all(LN2_LOW));
    let near = share.fused(L::all(2.0), series);
    exponent.fused(L::all(LN2_HIGH), near)
}

/// e^(z z) erfc(z) for z >= 0.
#[inline(always)]
pub fn erfcx<L: Lane>(z: L) -> L {
    let three = L::all(3.0);
    let place = (z - three) / (z + three);
    horner(&ERFCX, place) / z.fused(L::all(2.0), L::all(1.0))
}

#[cfg(test)]
mod tests {
    use super::{erfcx, exp, ln};

    #[test]
    fn elementary_functions_agree_with_those_of_the_platform() {
        for n in 0..20_000 {
            let x = f64::from(n) * 0.07 - 700.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-15, "exp {x}");
            let y = x.exp();
            if y < 1e300 {
                assert!((ln(y) - y.ln()).abs() <= 3e-16 * y.ln().abs(), "ln {y}");
            }
        }
        for (z, known) in [
            (0.0, 1.0),
            (0.5, 0.615_690_344_192_925_9),
            (1.0, 0.427_583_576_155_807),
            (3.0, 0.179_001_151_181_389_98),
            (10.0, 0.056_140_992_743_822_59),
        ] {
            assert!(
                (erfcx(z) / known - 1.0f64).abs() < 1e-15,
                "erfcx {z}: {}",
                erfcx(z)
            );
        }
    }
}
