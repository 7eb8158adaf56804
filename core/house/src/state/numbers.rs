//! What is found by a number that members or operators chose.

use rustc_hash::FxHashMap;

use crate::foresight::hint;

/// Numbers below this have a place of their own, so that finding one reads one line of memory.
const NEAR: u32 = 1 << 18;

/// Values by number: small numbers in a row, the others in a table.
pub struct ByNumber<T> {
    near: Vec<Option<T>>,
    far: FxHashMap<u32, T>,
}

impl<T> Default for ByNumber<T> {
    fn default() -> Self {
        Self {
            near: Vec::new(),
            far: FxHashMap::default(),
        }
    }
}

impl<T> ByNumber<T> {
    /// The value of a number.
    #[inline]
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&T> {
        if let Some(found) = self.near.get(number as usize) {
            return found.as_ref();
        }
        self.get_far(number)
    }

    #[inline(never)]
    fn get_far(&self, number: u32) -> Option<&T> {
        self.far.get(&number)
    }

    /// Sets the value of a number; gives the one before.
    pub fn insert(&mut self, number: u32, value: T) -> Option<T> {
        if number >= NEAR {
            return self.far.insert(number, value);
        }
        let place = number as usize;
        if place >= self.near.len() {
            self.near.resize_with(place + 1, || None);
        }
        self.near[place].replace(value)
    }

    /// Every value, in no order that may matter.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.near.iter().flatten().chain(self.far.values())
    }

    /// Asks for what `get` will read of a small number.
    #[inline]
    pub(crate) fn foresee(&self, number: u32) {
        hint(self.near.as_ptr().wrapping_add(number as usize));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ByNumber, NEAR};

    #[test]
    fn numbers_of_every_size_are_found() {
        let (mut kept, mut plain) = (ByNumber::default(), BTreeMap::new());
        let numbers = [
            0,
            1,
            7,
            NEAR - 1,
            NEAR,
            NEAR + 5,
            u32::MAX - 1,
            u32::MAX,
            7,
            NEAR,
        ];
        for (value, number) in numbers.into_iter().enumerate() {
            assert_eq!(kept.get(number), plain.get(&number));
            assert_eq!(kept.insert(number, value), plain.insert(number, value));
            for other in numbers.into_iter().chain([3, NEAR - 2, NEAR + 1]) {
                assert_eq!(kept.get(other), plain.get(&other));
            }
        }
        let mut values: Vec<usize> = kept.values().copied().collect();
        values.sort_unstable();
        let mut expected: Vec<usize> = plain.into_values().collect();
        expected.sort_unstable();
        assert_eq!(values, expected);
    }
}
