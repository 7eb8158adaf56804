//! The worst scenarios of a tail: the sum of the k greatest losses, and the next one.
//!
//! Picked from the greatest of each column (`kernel`): a lane among the k + 1 greatest stands in a
//! column whose greatest is among the k + 1 greatest of all columns, or equals the last of those.
//! Only such columns are looked through.

use super::kernel::{FOLDS, LANES};

/// The greatest of these columns, whole fours of them.
#[inline]
pub(crate) fn greatest(columns: &[i64]) -> i64 {
    let mut most = [i64::MIN; LANES];
    for four in columns.as_chunks::<LANES>().0 {
        for (most, x) in most.iter_mut().zip(four) {
            *most = (*most).max(*x);
        }
    }
    let [a, b, c, d] = most;
    a.max(b).max(c.max(d))
}

/// The greatest values seen, descending; room for as many as it was made with.
struct Worst<'a>(&'a mut [i64]);

impl Worst<'_> {
    #[inline]
    fn see(&mut self, x: i64) {
        let last = self.0.len() - 1;
        if x <= self.0[last] {
            return;
        }
        let mut at = last;
        while at > 0 && self.0[at - 1] < x {
            self.0[at] = self.0[at - 1];
            at -= 1;
        }
        self.0[at] = x;
    }
}

/// Sum of the `k` greatest lanes, and the next one after them.
///
/// `columns` are those of the lanes, and are used up. The lanes are as they were afterwards. There are more than `k` lanes that are no padding; padding is
/// `i64::MIN`. `room` is kept between calls.
pub(crate) fn tail(
    lanes: &mut [i64],
    columns: &mut [i64],
    k: usize,
    room: &mut Vec<i64>,
    wide: bool,
) -> (i128, i64) {
    if k == 0 {
        return (0, greatest(columns));
    }
    #[cfg(target_arch = "x86_64")]
    if wide && k <= wide::FEW {
        // SAFETY: `wide` is `can_go_wide()`.
        return unsafe { wide::tail(lanes, columns, k) };
    }
    let _ = wide;
    if room.len() < 2 * (k + 1) {
        room.resize(2 * (k + 1), 0);
    }
    let (tops, found) = room[..2 * (k + 1)].split_at_mut(k + 1);
    tops.fill(i64::MIN);
    found.fill(i64::MIN);
    let mut worst = Worst(tops);
    for x in columns.iter() {
        worst.see(*x);
    }
    let least = tops[k];
    let mut worst = Worst(found);
    for (at, top) in columns.iter().enumerate() {
        if *top >= least {
            let (chunk, lane) = (at / LANES, at % LANES);
            let fours = lanes[chunk * LANES * FOLDS..].chunks_exact(LANES);
            for four in fours.take(FOLDS) {
                worst.see(four[lane]);
            }
        }
    }
    let sum = found[..k].iter().map(|x| i128::from(*x)).sum();
    (sum, found[k])
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm256_castsi256_pd, _mm256_cmpeq_epi64, _mm256_loadu_si256, _mm256_movemask_pd,
        _mm256_set1_epi64x, _mm256_storeu_si256,
    };

    use super::super::kernel::{FOLDS, LANES, greater};

    /// Worst scenarios that are picked one after another; more are seen in one go.
    pub(super) const FEW: usize = 16;

    /// Picks the greatest column, puts the next lane of that column in its place, and so on. Lanes
    /// picked before the last one are struck out meanwhile.
    ///
    /// # Safety
    /// The processor has AVX2.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn tail(lanes: &mut [i64], columns: &mut [i64], k: usize) -> (i128, i64) {
        let (mut sum, mut picked) = (0_i128, [(0, 0); FEW]);
        for pick in &mut picked[..k] {
            let (column, found) = top(columns);
            let (at, next) = strike(lanes, column, found);
            columns[column] = next;
            *pick = (at, found);
            sum += i128::from(found);
        }
        for (at, found) in &picked[..k] {
            lanes[*at] = *found;
        }
        (sum, top(columns).1)
    }

    /// The greatest column, and what it is.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn top(columns: &[i64]) -> (usize, i64) {
        let fours = columns.as_chunks::<LANES>().0;
        let mut most = _mm256_set1_epi64x(i64::MIN);
        for four in fours {
            most = greater(most, load(four));
        }
        let mut rest = [0; LANES];
        // SAFETY: four lanes are written.
        unsafe { _mm256_storeu_si256(rest.as_mut_ptr().cast(), most) };
        let [a, b, c, d] = rest;
        let found = a.max(b).max(c.max(d));
        let wanted = _mm256_set1_epi64x(found);
        for (at, four) in fours.iter().enumerate() {
            let alike = _mm256_castsi256_pd(_mm256_cmpeq_epi64(wanted, load(four)));
            let hits = _mm256_movemask_pd(alike);
            if hits != 0 {
                return (LANES * at + hits.trailing_zeros() as usize, found);
            }
        }
        (0, found)
    }

    /// Strikes a lane of a column out; gives where it stood, and the greatest lane left.
    #[inline]
    fn strike(lanes: &mut [i64], column: usize, found: i64) -> (usize, i64) {
        let (start, lane) = (column / LANES * LANES * FOLDS, column % LANES);
        let end = lanes.len().min(start + LANES * FOLDS);
        let (mut at, mut next, mut struck) = (0, i64::MIN, false);
        let fours = lanes[start..end].as_chunks_mut::<LANES>().0;
        for (row, four) in fours.iter_mut().enumerate() {
            if !struck && four[lane] == found {
                (at, struck) = (row, true);
                four[lane] = i64::MIN;
            }
            next = next.max(four[lane]);
        }
        (start + at * LANES + lane, next)
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn load(four: &[i64; LANES]) -> __m256i {
        // SAFETY: four lanes are read.
        unsafe { _mm256_loadu_si256(four.as_ptr().cast()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernel::can_go_wide;
    use super::super::kernel::tests::{Chance, columns_of};
    use super::{LANES, tail};

    #[test]
    fn tails_agree_with_sorting() {
        let (mut chance, mut room, mut equal, mut many) = (Chance(2), Vec::new(), 0, 0);
        for round in 0..4_000 {
            let n = 1 + (chance.next() % if round % 4 == 0 { 3_000 } else { 900 }) as usize;
            let k = n / 100;
            let reach = if chance.next().is_multiple_of(4) {
                3
            } else {
                1 << 60
            };
            let values: Vec<i64> = (0..n).map(|_| chance.within(reach)).collect();
            let mut lanes = values.clone();
            lanes.resize(n.next_multiple_of(LANES), i64::MIN);
            let mut sorted = values;
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let sum: i128 = sorted[..k].iter().map(|x| i128::from(*x)).sum();
            equal += u64::from(k > 0 && sorted[k - 1] == sorted[k]);
            many += u64::from(k > 16);
            for wide in [false, can_go_wide()] {
                let (mut kept, mut columns) = (lanes.clone(), columns_of(&lanes));
                let found = tail(&mut kept, &mut columns, k, &mut room, wide);
                assert_eq!(found, (sum, sorted[k]));
                assert_eq!(kept, lanes, "the lanes are as they were");
            }
        }
        assert!(equal > 300, "equal losses were tried: {equal}");
        assert!(many > 300, "long tails were tried: {many}");
    }
}
