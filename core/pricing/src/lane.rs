//! One option, or four side by side, under the same arithmetic.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Bits that turn a whole number below 2^52 into the lower bits of a float.
const WHOLE: f64 = 4_503_599_627_370_496.0;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const BIAS: f64 = 1023.0;

/// Numbers side by side; a comparison gives a mask, and a mask chooses.
pub trait Lane:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// True or false for each.
    type Mask: Copy;
    /// How many stand side by side.
    const COUNT: usize;
    /// The same number everywhere.
    fn all(x: f64) -> Self;
    /// The first numbers of a slice.
    fn load(from: &[f64]) -> Self;
    /// Over the first numbers of a slice.
    fn store(self, to: &mut [f64]);
    /// `self * by + plus`, rounded once.
    fn fused(self, by: Self, plus: Self) -> Self;
    /// Square root.
    fn root(self) -> Self;
    /// Distance from zero.
    fn size(self) -> Self;
    /// Where this is below the other; never for what is no number.
    fn below(self, other: Self) -> Self::Mask;
    /// Where both hold.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where one holds or the other.
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where the first holds and the second does not.
    fn only(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where it does not hold.
    fn not(a: Self::Mask) -> Self::Mask;
    /// `yes` where the mask holds.
    fn choose(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// Whether it holds anywhere.
    fn any(mask: Self::Mask) -> bool;
    /// Two to the power of whole numbers from -1022 to 1023.
    fn power_of_two(self) -> Self;
    /// (fraction from 1 to 2, exponent) of normal positive numbers.
    fn split(self) -> (Self, Self);

    /// The greater of two numbers.
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Self::choose(self.below(other), other, self)
    }

    /// The lesser of two numbers.
    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        Self::choose(other.below(self), other, self)
    }
}

impl Lane for f64 {
    type Mask = bool;
    const COUNT: usize = 1;

    #[inline(always)]
    fn all(x: f64) -> Self {
        x
    }

    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        from[0]
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[0] = self;
    }

    #[inline(always)]
    fn fused(self, by: Self, plus: Self) -> Self {
        self.mul_add(by, plus)
    }

    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }

    #[inline(always)]
    fn size(self) -> Self {
        self.abs()
    }

    #[inline(always)]
    fn below(self, other: Self) -> bool {
        self < other
    }

    #[inline(always)]
    fn both(a: bool, b: bool) -> bool {
        a && b
    }

    #[inline(always)]
    fn either(a: bool, b: bool) -> bool {
        a || b
    }

    #[inline(always)]
    fn only(a: bool, b: bool) -> bool {
        a && !b
    }

    #[inline(always)]
    fn not(a: bool) -> bool {
        !a
    }

    #[inline(always)]
    fn choose(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }

    #[inline(always)]
    fn any(mask: bool) -> bool {
        mask
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        f64::from_bits((self + (WHOLE + BIAS)).to_bits() << 52)
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let bits = self.to_bits();
        let exponent = f64::from_bits((bits >> 52) | WHOLE.to_bits()) - (WHOLE + BIAS);
        (f64::from_bits((bits & FRACTION) | ONE), exponent)
    }
}

/// Lanes taken together.
#[derive(Clone, Copy)]
pub struct Pair<L: Lane>(L, L);

macro_rules! together {
    ($name:ident, $method:ident) => {
        impl<L: Lane> $name for Pair<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    };
}
together!(Add, add);
together!(Sub, sub);
together!(Mul, mul);
together!(Div, div);

impl<L: Lane> Neg for Pair<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

impl<L: Lane> Lane for Pair<L> {
    type Mask = (L::Mask, L::Mask);
    const COUNT: usize = 2 * L::COUNT;

    #[inline(always)]
    fn all(x: f64) -> Self {
        Self(L::all(x), L::all(x))
    }

    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        Self(L::load(from), L::load(&from[L::COUNT..]))
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        self.0.store(to);
        self.1.store(&mut to[L::COUNT..]);
    }

    #[inline(always)]
    fn fused(self, by: Self, plus: Self) -> Self {
        Self(self.0.fused(by.0, plus.0), self.1.fused(by.1, plus.1))
    }

    #[inline(always)]
    fn root(self) -> Self {
        Self(self.0.root(), self.1.root())
    }

    #[inline(always)]
    fn size(self) -> Self {
        Self(self.0.size(), self.1.size())
    }

    #[inline(always)]
    fn below(self, other: Self) -> Self::Mask {
        (self.0.below(other.0), self.1.below(other.1))
    }

    #[inline(always)]
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (L::both(a.0, b.0), L::both(a.1, b.1))
    }

    #[inline(always)]
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (L::either(a.0, b.0), L::either(a.1, b.1))
    }

    #[inline(always)]
    fn only(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (L::only(a.0, b.0), L::only(a.1, b.1))
    }

    #[inline(always)]
    fn not(a: Self::Mask) -> Self::Mask {
        (L::not(a.0), L::not(a.1))
    }

    #[inline(always)]
    fn choose(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(
            L::choose(mask.0, yes.0, no.0),
            L::choose(mask.1, yes.1, no.1),
        )
    }

    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        L::any(mask.0) || L::any(mask.1)
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.power_of_two(), self.1.power_of_two())
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let (one, two) = (self.0.split(), self.1.split());
        (Self(one.0, two.0), Self(one.1, two.1))
    }
}

/// True when the processor takes four numbers at a time and fuses multiplication with addition.
#[must_use]
pub fn can_go_wide() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod wide {
    use std::arch::x86_64::{
        __m256d, _CMP_LT_OQ, _mm256_add_pd, _mm256_and_pd, _mm256_andnot_pd, _mm256_blendv_pd,
        _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_cmp_pd, _mm256_div_pd, _mm256_fmadd_pd,
        _mm256_loadu_pd, _mm256_movemask_pd, _mm256_mul_pd, _mm256_or_pd, _mm256_set1_epi64x,
        _mm256_set1_pd, _mm256_slli_epi64, _mm256_sqrt_pd, _mm256_srli_epi64, _mm256_storeu_pd,
        _mm256_sub_pd, _mm256_xor_pd,
    };
    use std::ops::{Add, Div, Mul, Neg, Sub};

    use super::{BIAS, FRACTION, Lane, ONE, Pair, WHOLE};

    /// Two fours at once: while one waits for its result the processor works at the other.
    pub(crate) type Eight = Pair<Four>;

    /// Four numbers. Made only where `can_go_wide()`: every operation below leans on it.
    #[derive(Clone, Copy)]
    pub(crate) struct Four(__m256d);

    macro_rules! operation {
        ($name:ident, $method:ident, $intrinsic:ident) => {
            impl $name for Four {
                type Output = Self;
                #[inline(always)]
                fn $method(self, other: Self) -> Self {
                    // SAFETY: a `Four` stands only where the processor has AVX2.
                    Self(unsafe { $intrinsic(self.0, other.0) })
                }
            }
        };
    }
    operation!(Add, add, _mm256_add_pd);
    operation!(Sub, sub, _mm256_sub_pd);
    operation!(Mul, mul, _mm256_mul_pd);
    operation!(Div, div, _mm256_div_pd);

    impl Neg for Four {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            // SAFETY: a `Four` stands only where the processor has AVX2.
            Self(unsafe { _mm256_xor_pd(self.0, _mm256_set1_pd(-0.0)) })
        }
    }

    // SAFETY of every block: a `Four` stands only where the processor has AVX2 and FMA; slices are
    // measured by their index before they are read or written.
    impl Lane for Four {
        type Mask = __m256d;
        const COUNT: usize = 4;

        #[inline(always)]
        fn all(x: f64) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm256_set1_pd(x) })
        }

        #[inline(always)]
        fn load(from: &[f64]) -> Self {
            let four = &from[..4];
            // SAFETY: as above.
            Self(unsafe { _mm256_loadu_pd(four.as_ptr()) })
        }

        #[inline(always)]
        fn store(self, to: &mut [f64]) {
            let four = &mut to[..4];
            // SAFETY: as above.
            unsafe { _mm256_storeu_pd(four.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn fused(self, by: Self, plus: Self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm256_fmadd_pd(self.0, by.0, plus.0) })
        }

        #[inline(always)]
        fn root(self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm256_sqrt_pd(self.0) })
        }

        #[inline(always)]
        fn size(self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
        }

        #[inline(always)]
        fn below(self, other: Self) -> __m256d {
            // SAFETY: as above.
            unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0) }
        }

        #[inline(always)]
        fn both(a: __m256d, b: __m256d) -> __m256d {
            // SAFETY: as above.
            unsafe { _mm256_and_pd(a, b) }
        }

        #[inline(always)]
        fn either(a: __m256d, b: __m256d) -> __m256d {
            // SAFETY: as above.
            unsafe { _mm256_or_pd(a, b) }
        }

        #[inline(always)]
        fn only(a: __m256d, b: __m256d) -> __m256d {
            // SAFETY: as above.
            unsafe { _mm256_andnot_pd(b, a) }
        }

        #[inline(always)]
        fn not(a: __m256d) -> __m256d {
            // SAFETY: as above.
            unsafe { _mm256_xor_pd(a, _mm256_castsi256_pd(_mm256_set1_epi64x(-1))) }
        }

        #[inline(always)]
        fn choose(mask: __m256d, yes: Self, no: Self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm256_blendv_pd(no.0, yes.0, mask) })
        }

        #[inline(always)]
        fn any(mask: __m256d) -> bool {
            // SAFETY: as above.
            unsafe { _mm256_movemask_pd(mask) != 0 }
        }

        #[inline(always)]
        fn power_of_two(self) -> Self {
            let placed = self + Self::all(WHOLE + BIAS);
            // SAFETY: as above.
            let bits = unsafe { _mm256_slli_epi64::<52>(_mm256_castpd_si256(placed.0)) };
            // SAFETY: as above.
            Self(unsafe { _mm256_castsi256_pd(bits) })
        }

        #[inline(always)]
        fn split(self) -> (Self, Self) {
            // SAFETY: as above.
            unsafe {
                let word = |bits: u64| _mm256_castsi256_pd(_mm256_set1_epi64x(bits as i64));
                let shifted = _mm256_srli_epi64::<52>(_mm256_castpd_si256(self.0));
                let whole = _mm256_or_pd(_mm256_castsi256_pd(shifted), _mm256_set1_pd(WHOLE));
                let fraction = _mm256_or_pd(_mm256_and_pd(self.0, word(FRACTION)), word(ONE));
                (Self(fraction), Self(whole) - Self::all(WHOLE + BIAS))
            }
        }
    }
}
