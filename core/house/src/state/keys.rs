//! The series an account holds, in order of first use, found by series.

use super::SeriesAt;
use crate::foresight::hint;

/// Series up to which they are looked through one by one: a cache line of them.
const FEW: usize = 16;
/// An entry of the table: a series, and its place among the holdings.
type Entry = (SeriesAt, u32);
/// An entry that says nothing stands there.
const EMPTY: Entry = (SeriesAt::MAX, 0);
/// 2^32 divided by the golden ratio: spreads growing numbers evenly.
const GOLDEN: u32 = 0x9E37_79B9;

/// Series in order of first use; from `FEW` on, a table of them by open addressing, at most half
/// full.
pub(crate) struct Keys {
    keys: Vec<SeriesAt>,
    table: Vec<Entry>,
    /// The one found last.
    last: Entry,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            table: Vec::new(),
            last: EMPTY,
        }
    }
}

impl Keys {
    /// Place of a series, if it was ever used; it never changes.
    #[inline]
    pub(crate) fn find(&self, series: SeriesAt) -> Option<usize> {
        if self.last.0 == series && series != EMPTY.0 {
            return Some(self.last.1 as usize);
        }
        if self.table.is_empty() {
            return self.keys.iter().position(|key| *key == series);
        }
        let mask = self.table.len() - 1;
        let mut at = self.home(series);
        loop {
            let (key, place) = self.table[at & mask];
            if key == EMPTY.0 {
                return None;
            }
            if key == series {
                return Some(place as usize);
            }
            at += 1;
        }
    }

    /// The same, remembered for whoever asks next.
    #[inline]
    pub(crate) fn recall(&mut self, series: SeriesAt) -> Option<usize> {
        let found = self.find(series)?;
        self.last = (series, found as u32);
        Some(found)
    }

    /// Enters a series that was never used; gives its place.
    pub(crate) fn push(&mut self, series: SeriesAt) -> usize {
        let place = self.keys.len();
        self.keys.push(series);
        self.last = (series, place as u32);
        if place < FEW {
            return place;
        }
        if 2 * self.keys.len() > self.table.len() {
            self.table = vec![EMPTY; (4 * place).next_power_of_two()];
            for place in 0..self.keys.len() {
                self.enter(place);
            }
        } else {
            self.enter(place);
        }
        place
    }

    fn enter(&mut self, place: usize) {
        let (mask, series) = (self.table.len() - 1, self.keys[place]);
        let mut at = self.home(series);
        while self.table[at & mask].0 != EMPTY.0 {
            at += 1;
        }
        self.table[at & mask] = (series, place as u32);
    }

    #[inline]
    fn home(&self, series: SeriesAt) -> usize {
        let shift = 32 - self.table.len().trailing_zeros();
        (series.wrapping_mul(GOLDEN) >> shift) as usize
    }

    /// The series at a place in use.
    #[cfg(test)]
    fn at(&self, place: usize) -> SeriesAt {
        self.keys[place]
    }

    /// Asks for what `find` will read.
    #[inline]
    pub(crate) fn foresee(&self, series: SeriesAt) {
        if self.table.is_empty() {
            hint(self.keys.as_ptr());
        } else {
            let mask = self.table.len() - 1;
            hint(&raw const self.table[self.home(series) & mask]);
        }
    }

    /// Bytes held, spare capacity included.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.keys.capacity() * size_of::<SeriesAt>() + self.table.capacity() * size_of::<Entry>()
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Keys};

    #[test]
    fn every_series_is_found_where_it_was_entered() {
        let mut keys = Keys::default();
        let series = |n: u32| n * 7 % 4_099;
        for n in 0..4_000 {
            assert_eq!(keys.find(series(n)), None);
            assert_eq!(keys.push(series(n)), n as usize);
            if n as usize % 500 == FEW || n < 40 {
                for m in 0..=n {
                    assert_eq!(keys.find(series(m)), Some(m as usize));
                    assert_eq!(keys.recall(series(m)), Some(m as usize));
                    assert_eq!(keys.at(m as usize), series(m));
                }
            }
        }
        assert_eq!(keys.find(u32::MAX), None);
    }
}
