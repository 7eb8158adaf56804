//! The losses of a portfolio in one pass: every row of it is added while a column's sums stand in
//! registers, so that sums are written once and never read back.

use super::kernel::{Chunks, Losses, Step, advance};

/// Losses of steps that count as many lots up as down, from `nothing`; keeps the greatest of each
/// column. Gives what `advance` gives.
pub(crate) fn add_up(
    nothing: &[i64],
    chunks: &Chunks,
    losses: &Losses,
    steps: &[Step],
    (total, columns): (&mut Vec<i64>, &mut [i64]),
    wide: bool,
) {
    total.clear();
    #[cfg(target_arch = "x86_64")]
    if let (true, Losses::Short(rows)) = (wide, losses) {
        let fits = nothing.len() == chunks.lanes() && columns.len() == chunks.columns();
        assert!(fits, "an account has every scenario");
        for step in steps {
            assert!(
                step.row + nothing.len() <= rows.len(),
                "a row has every scenario"
            );
            assert!(step.up == -step.down, "lots of a position count both ways");
        }
        total.resize(nothing.len(), 0);
        // SAFETY: `wide` is `can_go_wide()`; lanes, columns and rows were measured above.
        unsafe { wide::add_up(nothing, chunks, rows, steps, total, columns) };
        return;
    }
    total.extend_from_slice(nothing);
    advance(total, chunks, losses, steps, columns, wide);
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi64, _mm256_cvtepi32_epi64, _mm256_loadu_si256,
        _mm256_mul_epi32, _mm256_set1_epi64x, _mm256_storeu_si256,
    };

    use super::super::kernel::{FOLDS, LANES, greater};
    use super::{Chunks, Step};

    /// # Safety
    /// The processor has AVX2; `nothing` and `total` have the lanes of the chunks, `columns` their
    /// columns, and each step's row as many losses.
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn add_up(
        nothing: &[i64],
        chunks: &Chunks,
        rows: &[i32],
        steps: &[Step],
        total: &mut [i64],
        columns: &mut [i64],
    ) {
        let mut at = 0;
        let (from, to) = (nothing.as_ptr(), total.as_mut_ptr());
        for (end, column) in chunks.ends().iter().zip(columns.as_chunks_mut::<LANES>().0) {
            let fours = (end - at) / LANES;
            // SAFETY: as the caller's; so many fours from `at` lie within every row.
            let most = unsafe {
                match fours {
                    FOLDS => block::<FOLDS>(at, from, rows, steps, to),
                    _ => few(fours, at, from, rows, steps, to),
                }
            };
            // SAFETY: a column for each lane is written.
            unsafe { _mm256_storeu_si256(column.as_mut_ptr().cast(), most) };
            at = *end;
        }
    }

    /// # Safety
    /// As of `add_up`.
    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn few(
        fours: usize,
        at: usize,
        from: *const i64,
        rows: &[i32],
        steps: &[Step],
        to: *mut i64,
    ) -> __m256i {
        let mut most = _mm256_set1_epi64x(i64::MIN);
        for four in 0..fours {
            // SAFETY: as the caller's.
            let one = unsafe { block::<1>(at + LANES * four, from, rows, steps, to) };
            most = greater(most, one);
        }
        most
    }

    /// Sums of so many fours from a lane, and the greatest of each of their columns.
    ///
    /// # Safety
    /// As of `add_up`.
    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn block<const FOURS: usize>(
        at: usize,
        from: *const i64,
        rows: &[i32],
        steps: &[Step],
        to: *mut i64,
    ) -> __m256i {
        let mut sums = [_mm256_set1_epi64x(0); FOURS];
        for (four, sum) in sums.iter_mut().enumerate() {
            // SAFETY: four lanes from there lie within the lanes.
            *sum = unsafe { _mm256_loadu_si256(from.add(at + LANES * four).cast()) };
        }
        for step in steps {
            let lots = _mm256_set1_epi64x(i64::from(step.up));
            // SAFETY: the fours lie within the row.
            let row = unsafe { rows.as_ptr().add(step.row + at) };
            for (four, sum) in sums.iter_mut().enumerate() {
                // SAFETY: four losses stand there.
                let losses = unsafe { _mm_loadu_si128(row.add(LANES * four).cast()) };
                let losses = _mm256_cvtepi32_epi64(losses);
                *sum = _mm256_add_epi64(*sum, _mm256_mul_epi32(losses, lots));
            }
        }
        let mut most = _mm256_set1_epi64x(i64::MIN);
        for (four, sum) in sums.iter().enumerate() {
            // SAFETY: four lanes from there lie within the lanes.
            unsafe { _mm256_storeu_si256(to.add(at + LANES * four).cast(), *sum) };
            most = greater(most, *sum);
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::super::kernel::tests::Chance;
    use super::super::kernel::{Chunks, LANES, Losses, Step, advance, can_go_wide};
    use super::add_up;

    #[test]
    fn a_portfolio_adds_up_as_step_by_step() {
        let (mut chance, mut short, mut packed, mut broken) = (Chance(7), 0, 0, 0);
        for round in 0..600 {
            let mut chunks = Chunks::default();
            let mut lanes = 0;
            for _ in 0..1 + chance.next() % 4 {
                lanes += LANES * (1 + (chance.next() % 70) as usize);
                chunks.cover(lanes);
            }
            let rows = 1 + (chance.next() % 7) as usize;
            let reach = if round % 4 == 0 { 1 << 40 } else { 1 << 31 };
            let values: Vec<i64> = (0..rows * lanes)
                .map(|_| chance.within(reach - 1))
                .collect();
            let losses = Losses::new(&values);
            match losses {
                Losses::Short(_) => short += 1,
                Losses::Packed(_) => packed += 1,
            }
            broken += usize::from(!lanes.is_multiple_of(32));
            let nothing: Vec<i64> = (0..lanes).map(|_| chance.within(9)).collect();
            let steps: Vec<Step> = (0..chance.next() % 9)
                .map(|_| {
                    let row = (chance.next() as usize % rows) * lanes;
                    let up = chance.within(1 << 20) as i32;
                    Step { row, up, down: -up }
                })
                .collect();
            let (mut wanted, mut tops) = (nothing.clone(), vec![0; chunks.columns()]);
            advance(&mut wanted, &chunks, &losses, &steps, &mut tops, false);
            for wide in [false, can_go_wide()] {
                let (mut total, mut columns) = (Vec::new(), vec![0; chunks.columns()]);
                let into = (&mut total, columns.as_mut_slice());
                add_up(&nothing, &chunks, &losses, &steps, into, wide);
                assert_eq!(total, wanted);
                assert_eq!(columns, tops);
            }
        }
        assert!(
            short > 300 && packed > 100 && broken > 300,
            "{short} {packed} {broken}"
        );
    }
}
