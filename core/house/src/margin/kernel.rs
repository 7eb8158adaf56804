//! Arithmetic over the scenarios of one account, four at a time where the processor can.
//!
//! Both ways give the same sums, so a replay does not depend on the processor. A loss is packed as
//! its lower 20 bits and, above 32, the rest of it with its sign: each half times a count of lots
//! fits a 32-bit multiplication.

/// Bits of a loss below its upper half.
const LOW: u32 = 20;

/// A change in one series: its row begins at `row` of the packed losses; `up` and `down` are the
/// lots by which q + b and o - q grow (q position, b open buys, o open sells).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) row: usize,
    pub(crate) up: i32,
    pub(crate) down: i32,
}

/// A loss of at most 2^40 either way as the kernels read it.
pub(crate) fn pack(loss: i64) -> i64 {
    let (upper, lower) = (loss >> LOW, loss & ((1 << LOW) - 1));
    (upper << 32) | lower
}

fn unpack(packed: i64) -> i64 {
    ((packed >> 32) << LOW) + (packed & 0xffff_ffff)
}

/// Adds each step to the running losses: a loss counts `up` lots where it is one, `-down` where it
/// is a gain.
pub(crate) fn add(total: &mut [i64], packed: &[i64], steps: &[Step], wide: bool) {
    let lanes = total.len();
    for step in steps {
        assert!(
            step.row + lanes <= packed.len() && lanes.is_multiple_of(4),
            "a row has every scenario"
        );
    }
    #[cfg(target_arch = "x86_64")]
    if wide {
        // SAFETY: `wide` is `can_go_wide()`, and every row was found within the packed losses.
        unsafe { add_wide(total, packed, steps) };
        return;
    }
    let _ = wide;
    add_plainly(total, packed, steps);
}

fn add_plainly(total: &mut [i64], packed: &[i64], steps: &[Step]) {
    for step in steps {
        let row = &packed[step.row..step.row + total.len()];
        let (up, down) = (i64::from(step.up), -i64::from(step.down));
        for (sum, a) in total.iter_mut().zip(row) {
            let lots = if *a < 0 { down } else { up };
            *sum = sum.wrapping_add(unpack(*a).wrapping_mul(lots));
        }
    }
}

/// True when the processor adds four scenarios at a time.
pub(crate) fn can_go_wide() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// # Safety
/// The processor has AVX2; every step's row has as many losses as `total`, a multiple of four.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn add_wide(total: &mut [i64], packed: &[i64], steps: &[Step]) {
    use std::arch::x86_64::{
        _mm256_add_epi64, _mm256_blendv_pd, _mm256_castpd_si256, _mm256_castsi256_pd,
        _mm256_loadu_si256, _mm256_mul_epi32, _mm256_set1_epi64x, _mm256_slli_epi64,
        _mm256_srli_epi64, _mm256_storeu_si256,
    };
    let (lanes, sums) = (total.len(), total.as_mut_ptr());
    for step in steps {
        let up = _mm256_castsi256_pd(_mm256_set1_epi64x(i64::from(step.up)));
        let down = _mm256_castsi256_pd(_mm256_set1_epi64x(-i64::from(step.down)));
        // SAFETY: the row lies within the packed losses.
        let row = unsafe { packed.as_ptr().add(step.row) };
        let mut at = 0;
        while at < lanes {
            // SAFETY: four lanes from `at` lie within `total` and within the step's row.
            unsafe {
                let a = _mm256_loadu_si256(row.add(at).cast());
                let lots = _mm256_castpd_si256(_mm256_blendv_pd(up, down, _mm256_castsi256_pd(a)));
                let lower = _mm256_mul_epi32(a, lots);
                let upper = _mm256_mul_epi32(_mm256_srli_epi64::<32>(a), lots);
                let product = _mm256_add_epi64(lower, _mm256_slli_epi64::<20>(upper));
                let sum = sums.add(at).cast();
                _mm256_storeu_si256(sum, _mm256_add_epi64(_mm256_loadu_si256(sum), product));
            }
            at = at.wrapping_add(4);
        }
    }
}

/// The greatest of these lanes, a multiple of four; `least` when there is none.
#[inline]
pub(crate) fn greatest(lanes: &[i64], least: i64, wide: bool) -> i64 {
    #[cfg(target_arch = "x86_64")]
    if wide {
        // SAFETY: `wide` is `can_go_wide()`.
        return unsafe { greatest_wide(lanes, least) };
    }
    let _ = wide;
    lanes.iter().copied().fold(least, i64::max)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn greatest_wide(lanes: &[i64], least: i64) -> i64 {
    use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_set1_epi64x, _mm256_storeu_si256};
    // SAFETY: four lanes are read.
    let load = |four: &[i64; 4]| unsafe { _mm256_loadu_si256(four.as_ptr().cast::<__m256i>()) };
    let (pairs, rest) = lanes.as_chunks::<8>();
    let (mut one, mut two) = (_mm256_set1_epi64x(least), _mm256_set1_epi64x(least));
    for pair in pairs {
        let [a, b, c, d, e, f, g, h] = *pair;
        one = greater_wide(one, load(&[a, b, c, d]));
        two = greater_wide(two, load(&[e, f, g, h]));
    }
    let mut most = [least; 4];
    // SAFETY: four lanes are written.
    unsafe { _mm256_storeu_si256(most.as_mut_ptr().cast(), greater_wide(one, two)) };
    let [a, b, c, d] = most;
    rest.iter().copied().fold(a.max(b).max(c.max(d)), i64::max)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn greater_wide(
    x: std::arch::x86_64::__m256i,
    y: std::arch::x86_64::__m256i,
) -> std::arch::x86_64::__m256i {
    use std::arch::x86_64::{_mm256_blendv_epi8, _mm256_cmpgt_epi64};
    _mm256_blendv_epi8(x, y, _mm256_cmpgt_epi64(y, x))
}

/// Columns over which the lanes of a tail are folded before the worst are picked.
pub(crate) const FOLDS: usize = 8;

/// The greatest of each column: lane i of `columns` and every lane a whole number of columns
/// further.
fn fold(lanes: &[i64], columns: &mut [i64], wide: bool) {
    #[cfg(target_arch = "x86_64")]
    if wide {
        // SAFETY: `wide` is `can_go_wide()`.
        unsafe { fold_wide(lanes, columns) };
        return;
    }
    let _ = wide;
    fold_of(lanes, columns);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fold_wide(lanes: &[i64], columns: &mut [i64]) {
    use std::arch::x86_64::{_mm256_loadu_si256, _mm256_storeu_si256};
    let width = columns.len();
    assert!(
        lanes.len() == FOLDS * width && width.is_multiple_of(4),
        "a tail is whole columns"
    );
    for (at, column) in columns.chunks_exact_mut(4).enumerate() {
        // SAFETY: four lanes from each row of columns lie within the lanes.
        unsafe {
            let start = lanes.as_ptr().add(4 * at);
            let mut most = _mm256_loadu_si256(start.cast());
            for row in 1..FOLDS {
                most = greater_wide(most, _mm256_loadu_si256(start.add(row * width).cast()));
            }
            _mm256_storeu_si256(column.as_mut_ptr().cast(), most);
        }
    }
}

fn fold_of(lanes: &[i64], columns: &mut [i64]) {
    let width = columns.len();
    columns.copy_from_slice(&lanes[..width]);
    for row in lanes.chunks_exact(width).skip(1) {
        for (found, x) in columns.iter_mut().zip(row) {
            *found = (*found).max(*x);
        }
    }
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
/// A lane among them stands in a column whose greatest is among the k + 1 greatest of all columns,
/// or equals the last of those; only such columns are looked through. There are more than `k`
/// lanes that are no padding; padding is `i64::MIN`. `room` is kept between calls.
pub(crate) fn tail(lanes: &[i64], k: usize, room: &mut Vec<i64>, wide: bool) -> (i128, i64) {
    if k == 0 {
        return (0, greatest(lanes, i64::MIN, wide));
    }
    let width = lanes.len() / FOLDS;
    if room.len() < width + 2 * (k + 1) {
        room.resize(width + 2 * (k + 1), 0);
    }
    let (columns, rest) = room.split_at_mut(width);
    fold(lanes, columns, wide);
    let (tops, found) = rest[..2 * (k + 1)].split_at_mut(k + 1);
    tops.fill(i64::MIN);
    found.fill(i64::MIN);
    let mut worst = Worst(tops);
    for x in columns.iter() {
        worst.see(*x);
    }
    let least = tops[k];
    let mut worst = Worst(found);
    for (column, top) in columns.iter().enumerate() {
        if *top >= least {
            for row in 0..FOLDS {
                worst.see(lanes[column + row * width]);
            }
        }
    }
    let sum = found[..k].iter().map(|x| i128::from(*x)).sum();
    (sum, found[k])
}

#[cfg(test)]
mod tests {
    use super::{FOLDS, Step, add, can_go_wide, greatest, pack, tail, unpack};

    /// Numbers of a seed, by splitmix64.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        /// Within `most` either way, small ones as likely as great ones.
        fn within(&mut self, most: i64) -> i64 {
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

    #[test]
    fn every_way_of_adding_gives_the_sums_of_whole_multiplication() {
        let (mut chance, mut edges) = (Chance(1), 0);
        for round in 0..2_000 {
            let lanes = 4 * (1 + (chance.next() % 12) as usize);
            let rows = 1 + (chance.next() % 4) as usize;
            let mut losses: Vec<i64> = (0..lanes * rows).map(|_| chance.within(1 << 40)).collect();
            if round % 10 == 0 {
                losses.fill(if round % 20 == 0 { 1 << 40 } else { -(1 << 40) });
                edges += 1;
            }
            let packed: Vec<i64> = losses.iter().map(|a| pack(*a)).collect();
            assert!(packed.iter().zip(&losses).all(|(p, a)| unpack(*p) == *a));
            let steps: Vec<Step> = (0..rows)
                .map(|row| Step {
                    row: row * lanes,
                    up: chance.within(1 << 20) as i32,
                    down: chance.within(1 << 20) as i32,
                })
                .collect();
            let start: Vec<i64> = (0..lanes).map(|_| chance.within(1 << 50)).collect();
            let mut expected: Vec<i128> = start.iter().map(|x| i128::from(*x)).collect();
            for step in &steps {
                for (sum, a) in expected.iter_mut().zip(&losses[step.row..]) {
                    let (up, down) = (i128::from(step.up), i128::from(step.down));
                    let a = i128::from(*a);
                    let grown = if a > 0 { a * up } else { -a * down };
                    *sum += grown;
                }
            }
            for wide in [false, can_go_wide()] {
                let mut found = start.clone();
                add(&mut found, &packed, &steps, wide);
                assert!(
                    found
                        .iter()
                        .zip(&expected)
                        .all(|(x, y)| i128::from(*x) == *y)
                );
            }
        }
        assert!(edges >= 200, "the bounds of a loss were tried");
    }

    #[test]
    fn tails_agree_with_sorting() {
        let (mut chance, mut room, mut equal) = (Chance(2), Vec::new(), 0);
        for _ in 0..3_000 {
            let n = 1 + (chance.next() % 900) as usize;
            let k = n / (1 + (chance.next() % 100) as usize).min(n);
            let k = k.min(n - 1);
            let reach = if chance.next().is_multiple_of(4) {
                3
            } else {
                1 << 60
            };
            let values: Vec<i64> = (0..n).map(|_| chance.within(reach)).collect();
            let mut lanes = values.clone();
            lanes.resize(n.next_multiple_of(4 * FOLDS), i64::MIN);
            let mut sorted = values.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let sum: i128 = sorted[..k].iter().map(|x| i128::from(*x)).sum();
            equal += u64::from(k > 0 && sorted[k - 1] == sorted[k]);
            for wide in [false, can_go_wide()] {
                assert_eq!(tail(&lanes, k, &mut room, wide), (sum, sorted[k]));
                assert_eq!(greatest(&lanes, i64::MIN, wide), sorted[0]);
            }
        }
        assert!(equal > 300, "equal losses were tried: {equal}");
    }
}
