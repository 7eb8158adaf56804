//! Arithmetic over the scenarios of one account, four at a time where the processor can.
//!
//! Both ways give the same sums, so a replay does not depend on the processor. One pass adds what
//! changed to every scenario and keeps the greatest of each column, from which the worst scenarios
//! are picked (`worst`). Where every loss of a table fits 32 bits its rows are kept that short;
//! otherwise a loss is packed as its lower 20 bits and, above 32, the rest of it with its sign, so
//! that each half times a count of lots fits a 32-bit multiplication.

use crate::foresight::hint_lines;

/// Scenarios that a processor takes at once; every part of the lanes is a multiple of it.
pub(crate) const LANES: usize = 4;
/// Lanes of one column: of this many fours the first lanes make the first column, and so on.
pub(crate) const FOLDS: usize = 8;
/// Lines of losses asked for ahead of a judgement; the processor itself goes on from there.
pub(crate) const MOST_FORESEEN: usize = 64;
/// Bits of a packed loss below its upper half.
const LOW: u32 = 20;

/// A change in one series: its row begins at `row` of the losses; `up` and `down` are the lots by
/// which q + b and o - q grow (q position, b open buys, o open sells).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Step {
    pub(crate) row: usize,
    pub(crate) up: i32,
    pub(crate) down: i32,
}

/// A loss of at most 2^40 either way as the kernels read it.
fn pack(loss: i64) -> i64 {
    let (upper, lower) = (loss >> LOW, loss & ((1 << LOW) - 1));
    (upper << 32) | lower
}

fn unpack(packed: i64) -> i64 {
    ((packed >> 32) << LOW) + (packed & 0xffff_ffff)
}

/// Losses of a table, row after row.
pub(crate) enum Losses {
    /// Each fits 32 bits.
    Short(Vec<i32>),
    /// Each is packed.
    Packed(Vec<i64>),
}

impl Default for Losses {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl Losses {
    /// Losses of at most 2^40 either way.
    pub(crate) fn new(losses: &[i64]) -> Self {
        let short: Result<Vec<i32>, _> = losses.iter().map(|a| i32::try_from(*a)).collect();
        short.map_or_else(
            |_| Self::Packed(losses.iter().map(|a| pack(*a)).collect()),
            Self::Short,
        )
    }

    fn len(&self) -> usize {
        match self {
            Self::Short(losses) => losses.len(),
            Self::Packed(losses) => losses.len(),
        }
    }

    fn at(&self, at: usize) -> i64 {
        match self {
            Self::Short(losses) => i64::from(losses[at]),
            Self::Packed(losses) => unpack(losses[at]),
        }
    }
}

impl Losses {
    /// Asks for the first losses of a row.
    #[inline]
    pub(crate) fn foresee(&self, row: usize, lanes: usize) {
        let (place, bytes): (*const u8, _) = match self {
            Self::Short(losses) => (losses.as_ptr().wrapping_add(row).cast(), 4 * lanes),
            Self::Packed(losses) => (losses.as_ptr().wrapping_add(row).cast(), 8 * lanes),
        };
        hint_lines(place, bytes.div_ceil(64).min(MOST_FORESEEN));
    }
}

/// Lanes of every row, in chunks: each folds into `LANES` columns.
#[derive(Default)]
pub(crate) struct Chunks {
    ends: Vec<usize>,
}

impl Chunks {
    /// Opens chunks over the lanes up to `end`, none of which belongs to the part before.
    pub(crate) fn cover(&mut self, end: usize) {
        let mut from = self.lanes();
        assert!(from <= end && end.is_multiple_of(LANES), "parts ascend");
        while from < end {
            from = (from + LANES * FOLDS).min(end);
            self.ends.push(from);
        }
    }

    /// Where each chunk ends.
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Lanes of a row.
    pub(crate) fn lanes(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Columns of all chunks.
    pub(crate) fn columns(&self) -> usize {
        LANES * self.ends.len()
    }
}

/// Steps that one pass takes.
const MOST_STEPS: usize = 4;

/// Adds each step to the running losses: a loss counts `up` lots where it is one, `-down` where it
/// is a gain. Keeps the greatest of each column.
pub(crate) fn advance(
    total: &mut [i64],
    chunks: &Chunks,
    losses: &Losses,
    steps: &[Step],
    columns: &mut [i64],
    wide: bool,
) {
    let fits = total.len() == chunks.lanes() && columns.len() == chunks.columns();
    assert!(fits, "an account has every scenario");
    for step in steps {
        let has_all = step.row + total.len() <= losses.len();
        assert!(has_all, "a row has every scenario");
    }
    let (mut first, mut rest) = steps.split_at(steps.len().min(MOST_STEPS));
    loop {
        #[cfg(target_arch = "x86_64")]
        if wide {
            // SAFETY: `wide` is `can_go_wide()`; chunks, columns and rows were measured above.
            unsafe { wide::advance(total, chunks, losses, first, columns) };
        } else {
            advance_plainly(total, chunks, losses, first, columns);
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = wide;
            advance_plainly(total, chunks, losses, first, columns);
        }
        if rest.is_empty() {
            return;
        }
        (first, rest) = rest.split_at(rest.len().min(MOST_STEPS));
    }
}

fn advance_plainly(
    total: &mut [i64],
    chunks: &Chunks,
    losses: &Losses,
    steps: &[Step],
    columns: &mut [i64],
) {
    for step in steps {
        let (up, down) = (i64::from(step.up), -i64::from(step.down));
        for (at, sum) in total.iter_mut().enumerate() {
            let a = losses.at(step.row + at);
            let lots = if a < 0 { down } else { up };
            *sum = sum.wrapping_add(a.wrapping_mul(lots));
        }
    }
    let mut from = 0;
    for (end, columns) in chunks.ends.iter().zip(columns.chunks_exact_mut(LANES)) {
        columns.fill(i64::MIN);
        for four in total[from..*end].chunks_exact(LANES) {
            for (most, x) in columns.iter_mut().zip(four) {
                *most = (*most).max(*x);
            }
        }
        from = *end;
    }
}

/// True when the processor takes four scenarios at a time.
pub(crate) fn can_go_wide() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi64, _mm256_blendv_epi8, _mm256_blendv_pd,
        _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_cmpgt_epi64, _mm256_cvtepi32_epi64,
        _mm256_loadu_si256, _mm256_mul_epi32, _mm256_set1_epi64x, _mm256_slli_epi64,
        _mm256_srli_epi64, _mm256_storeu_si256,
    };

    use super::{Chunks, FOLDS, LANES, LOW, Losses, Step};

    /// # Safety
    /// The processor has AVX2; `total` has the lanes of the chunks, `columns` their columns, and
    /// each step's row as many losses.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn advance(
        total: &mut [i64],
        chunks: &Chunks,
        losses: &Losses,
        steps: &[Step],
        columns: &mut [i64],
    ) {
        macro_rules! by_steps {
            ($rows:expr) => {
                // SAFETY: as the caller's.
                match *steps {
                    [] => unsafe { pass::<_, 0>(total, chunks, $rows, [], columns) },
                    [a] => unsafe { pass::<_, 1>(total, chunks, $rows, [a], columns) },
                    [a, b] => unsafe { pass::<_, 2>(total, chunks, $rows, [a, b], columns) },
                    [a, b, c] => unsafe { pass::<_, 3>(total, chunks, $rows, [a, b, c], columns) },
                    [a, b, c, d] => unsafe {
                        pass::<_, 4>(total, chunks, $rows, [a, b, c, d], columns)
                    },
                    _ => unreachable!("a pass takes four steps at most"),
                }
            };
        }
        match losses {
            Losses::Short(rows) => by_steps!(rows.as_ptr()),
            Losses::Packed(rows) => by_steps!(rows.as_ptr()),
        }
    }

    /// What four losses times their lots come to.
    trait Row: Copy {
        /// # Safety
        /// The processor has AVX2, and four losses stand there.
        unsafe fn times(four: *const Self, up: __m256i, down: __m256i) -> __m256i;
    }

    /// `up` where a loss is one, else `down`.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn lots(a: __m256i, up: __m256i, down: __m256i) -> __m256i {
        let real = |lanes| _mm256_castsi256_pd(lanes);
        _mm256_castpd_si256(_mm256_blendv_pd(real(up), real(down), real(a)))
    }

    impl Row for i32 {
        #[target_feature(enable = "avx2")]
        #[inline]
        unsafe fn times(four: *const Self, up: __m256i, down: __m256i) -> __m256i {
            // SAFETY: four losses stand there.
            let a = _mm256_cvtepi32_epi64(unsafe { _mm_loadu_si128(four.cast()) });
            _mm256_mul_epi32(a, lots(a, up, down))
        }
    }

    impl Row for i64 {
        #[target_feature(enable = "avx2")]
        #[inline]
        unsafe fn times(four: *const Self, up: __m256i, down: __m256i) -> __m256i {
            // SAFETY: four losses stand there.
            let a = unsafe { _mm256_loadu_si256(four.cast()) };
            let lots = lots(a, up, down);
            let upper = _mm256_mul_epi32(_mm256_srli_epi64::<32>(a), lots);
            let lower = _mm256_mul_epi32(a, lots);
            _mm256_add_epi64(lower, _mm256_slli_epi64::<{ LOW as i32 }>(upper))
        }
    }

    /// # Safety
    /// As of `advance`.
    #[target_feature(enable = "avx2")]
    unsafe fn pass<R: Row, const STEPS: usize>(
        total: &mut [i64],
        chunks: &Chunks,
        rows: *const R,
        steps: [Step; STEPS],
        columns: &mut [i64],
    ) {
        let all = |lots: i64| _mm256_set1_epi64x(lots);
        let ups = steps.map(|step| all(i64::from(step.up)));
        let downs = steps.map(|step| all(-i64::from(step.down)));
        // SAFETY: every row lies within the losses.
        let rows = steps.map(|step| unsafe { rows.add(step.row) });
        let total = total.as_mut_ptr();
        let four = |at: usize, most: __m256i| {
            // SAFETY: four lanes from `at` lie within `total` and within each row.
            unsafe {
                let sums = total.add(at).cast::<__m256i>();
                let mut sum = _mm256_loadu_si256(sums);
                for step in 0..STEPS {
                    let grown = R::times(rows[step].add(at), ups[step], downs[step]);
                    sum = _mm256_add_epi64(sum, grown);
                }
                if STEPS != 0 {
                    _mm256_storeu_si256(sums, sum);
                }
                greater(most, sum)
            }
        };
        let (mut at, none) = (0_usize, all(i64::MIN));
        for (end, column) in chunks.ends.iter().zip(columns.as_chunks_mut::<LANES>().0) {
            let (mut one, mut two) = (none, none);
            if end.wrapping_sub(at) == LANES * FOLDS {
                for _ in 0..FOLDS / 2 {
                    one = four(at, one);
                    two = four(at.wrapping_add(LANES), two);
                    at = at.wrapping_add(2 * LANES);
                }
            } else {
                while at < *end {
                    one = four(at, one);
                    at = at.wrapping_add(LANES);
                }
            }
            // SAFETY: a column for each lane is written.
            unsafe { _mm256_storeu_si256(column.as_mut_ptr().cast(), greater(one, two)) };
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    pub(in crate::margin) fn greater(x: __m256i, y: __m256i) -> __m256i {
        _mm256_blendv_epi8(x, y, _mm256_cmpgt_epi64(y, x))
    }
}
#[cfg(target_arch = "x86_64")]
pub(in crate::margin) use wide::greater;

#[cfg(test)]
pub(in crate::margin) mod tests {
    use super::{Chunks, FOLDS, LANES, Losses, Step, advance, can_go_wide, pack, unpack};

    /// Numbers of a seed, by splitmix64.
    pub(in crate::margin) struct Chance(pub(in crate::margin) u64);

    impl Chance {
        pub(in crate::margin) fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        /// Within `most` either way, small ones as likely as great ones.
        pub(in crate::margin) fn within(&mut self, most: i64) -> i64 {
            let shrink = self.next() % 40;
            let reach = ((most >> shrink) as u64).max(1);
            let size = (self.next() % (reach + 1)) as i64;
            if self.next().is_multiple_of(2) {
                size
            } else {
                -size
            }
        }
    }

    /// Columns of lanes, by their definition.
    pub(in crate::margin) fn columns_of(lanes: &[i64]) -> Vec<i64> {
        let chunks = lanes.chunks(LANES * FOLDS);
        let lane = |chunk: &[i64], lane| chunk.iter().skip(lane).step_by(LANES).copied().max();
        chunks
            .flat_map(|chunk| (0..LANES).filter_map(move |at| lane(chunk, at)))
            .collect()
    }

    #[test]
    fn every_way_of_adding_gives_the_sums_of_whole_multiplication() {
        let (mut chance, mut edges, mut short) = (Chance(1), 0, 0);
        for round in 0..2_000 {
            let parts = [0; 3].map(|_| LANES * (chance.next() % 20) as usize);
            let mut chunks = Chunks::default();
            parts.iter().fold(0, |from, part| {
                chunks.cover(from + part);
                from + part
            });
            let (lanes, rows) = (parts.iter().sum(), 1 + (chance.next() % 9) as usize);
            assert_eq!(chunks.lanes(), lanes);
            let most = if round % 3 == 0 { 1 << 31 } else { 1 << 40 };
            let mut losses: Vec<i64> = (0..lanes * rows).map(|_| chance.within(most)).collect();
            if round % 10 == 0 {
                losses.fill(if round % 20 == 0 { 1 << 40 } else { -(1 << 40) });
                edges += 1;
            }
            assert!(losses.iter().all(|a| unpack(pack(*a)) == *a));
            let steps: Vec<Step> = (0..chance.next() as usize % (rows + 1))
                .map(|row| Step {
                    row: row * lanes,
                    up: chance.within(1 << 20) as i32,
                    down: chance.within(1 << 20) as i32,
                })
                .collect();
            let start: Vec<i64> = (0..lanes).map(|_| chance.within(1 << 50)).collect();
            let mut expected = start.clone();
            for step in &steps {
                for (sum, a) in expected.iter_mut().zip(&losses[step.row..]) {
                    let (up, down) = (i64::from(step.up), i64::from(step.down));
                    *sum += if *a > 0 { a * up } else { -a * down };
                }
            }
            let mut from = 0;
            let columns = parts.map(|part| {
                from += part;
                columns_of(&expected[from - part..from])
            });
            let columns = columns.concat();
            let kept = Losses::new(&losses);
            short += u32::from(matches!(kept, Losses::Short(_)));
            for wide in [false, can_go_wide()] {
                let (mut found, mut tops) = (start.clone(), vec![0; chunks.columns()]);
                advance(&mut found, &chunks, &kept, &steps, &mut tops, wide);
                assert_eq!(found, expected);
                assert_eq!(tops, columns);
            }
        }
        assert!(edges >= 200, "the bounds of a loss were tried");
        assert!((300..1_700).contains(&short), "both lengths were tried");
    }
}
