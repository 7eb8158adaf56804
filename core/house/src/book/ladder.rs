//! Price levels of one side: a dense window that follows the best price, and a sorted map beyond
//! it.
//!
//! A level is addressed by a *key*: the price itself on the sell side, its bitwise complement
//! within 31 bits on the buy side. The best level is then the lowest key on either side, and there
//! is one implementation of both. The window is a ring, so moving it touches only levels that leave
//! or enter.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::LevelTotals;
use crate::foresight::hint;

/// Levels in the dense window.
const WINDOW: u32 = 4096;
/// Levels in one page; a page has one word of occupancy and is allocated when first used.
const PAGE: u32 = 64;
const PAGES: u32 = WINDOW / PAGE;
/// Moves of levels that one visit beyond the window pays for.
const CREDIT: u32 = 8;
/// No level: greater than every key, so that no limit reaches it.
pub(super) const NO_KEY: u32 = u32::MAX;

/// The queue at one price: first and last block, and the lots that show.
#[derive(Clone, Copy, Default)]
pub(super) struct Level {
    pub(super) head: u32,
    pub(super) tail: u32,
    pub(super) visible: u64,
}

type Page = [Level; PAGE as usize];

/// A page of levels and a bit for each that has an order.
#[derive(Default)]
struct Bay {
    word: u64,
    page: Option<Box<Page>>,
}

/// One side of a book.
pub(super) struct Ladder {
    flip: u32,
    best: u32,
    base: u32,
    near: u32,
    summary: u64,
    far_best: u32,
    credit: u32,
    bays: [Bay; PAGES as usize],
    far: BTreeMap<u32, Level>,
    /// Lots that do not show, at levels that have some.
    hidden: FxHashMap<u32, u64>,
}

impl Ladder {
    /// `flip` turns a price into a key and back: zero for sells, `MAX_PRICE` for buys.
    pub(super) fn new(flip: u32) -> Self {
        Self {
            flip,
            best: NO_KEY,
            base: 0,
            near: 0,
            summary: 0,
            far_best: NO_KEY,
            credit: 0,
            bays: [const {
                Bay {
                    word: 0,
                    page: None,
                }
            }; PAGES as usize],
            far: BTreeMap::new(),
            hidden: FxHashMap::default(),
        }
    }

    #[inline]
    pub(super) fn key(&self, price: u32) -> u32 {
        price ^ self.flip
    }

    #[inline]
    pub(super) fn best(&self) -> u32 {
        self.best
    }

    #[inline]
    fn holds(&self, key: u32) -> bool {
        key.wrapping_sub(self.base) < WINDOW
    }

    #[inline]
    fn bay(key: u32) -> usize {
        ((key / PAGE) % PAGES) as usize
    }

    /// The level at `key`, which has at least one order.
    #[inline]
    pub(super) fn level_mut(&mut self, key: u32) -> &mut Level {
        if !self.holds(key) {
            return self.far_level_mut(key);
        }
        self.near_level_mut(key)
    }

    #[inline]
    fn near_level_mut(&mut self, key: u32) -> &mut Level {
        let page = self.bays[Self::bay(key)]
            .page
            .as_mut()
            .expect("an occupied level has its page");
        &mut page[(key % PAGE) as usize]
    }

    #[cold]
    #[inline(never)]
    fn far_level_mut(&mut self, key: u32) -> &mut Level {
        self.credit = self.credit.saturating_add(CREDIT);
        self.far
            .get_mut(&key)
            .expect("a level with an order is in the window or beyond it")
    }

    /// The level at `key`, if it has an order.
    #[inline]
    pub(super) fn level(&self, key: u32) -> Option<&Level> {
        if self.holds(key) {
            let bay = &self.bays[Self::bay(key)];
            let level = &bay.page.as_ref()?[(key % PAGE) as usize];
            return (bay.word >> (key % PAGE) & 1 != 0).then_some(level);
        }
        self.far.get(&key)
    }

    /// The place of a level in the window, whether an order stands there or not.
    #[inline]
    pub(super) fn near_level(&self, key: u32) -> Option<&Level> {
        if !self.holds(key) {
            return None;
        }
        let page = self.bays[Self::bay(key)].page.as_ref()?;
        Some(&page[(key % PAGE) as usize])
    }

    /// Ask for where a level of the window is told.
    #[inline]
    pub(super) fn foresee(&self, key: u32) {
        hint(&raw const self.best);
        hint(&raw const self.bays[Self::bay(key)]);
    }

    /// The level at `key`, made occupied; the caller puts an order into it.
    #[inline]
    pub(super) fn open(&mut self, key: u32) -> &mut Level {
        if !self.holds(key) {
            return self.open_far(key);
        }
        if self.bays[Self::bay(key)].word >> (key % PAGE) & 1 == 0 {
            self.occupy(key);
        }
        self.near_level_mut(key)
    }

    #[cold]
    #[inline(never)]
    fn open_far(&mut self, key: u32) -> &mut Level {
        self.far.entry(key).or_default();
        self.credit = self.credit.saturating_add(CREDIT);
        self.far_best = self.far_best.min(key);
        if key < self.best {
            self.best = key;
            self.follow();
        }
        self.level_mut(key)
    }

    /// Forget the level at `key`, whose last order has left.
    #[inline(never)]
    pub(super) fn close(&mut self, key: u32) {
        if self.holds(key) {
            self.vacate(key);
        } else {
            self.close_far(key);
        }
        if key == self.best {
            self.best = self.first_near().min(self.far_best);
            if !self.holds(self.best) && self.best != NO_KEY {
                self.follow();
            }
        }
    }

    #[cold]
    fn close_far(&mut self, key: u32) {
        self.far.remove(&key);
        self.credit = self.credit.saturating_add(CREDIT);
        self.far_best = self.far.keys().next().copied().unwrap_or(NO_KEY);
    }

    /// More lots of a level, or fewer, do not show.
    #[cold]
    pub(super) fn hide(&mut self, key: u32, more: i64) {
        let hidden = self.hidden.entry(key).or_default();
        *hidden = hidden
            .checked_add_signed(more)
            .expect("a level hides no fewer lots than none");
        if *hidden == 0 {
            self.hidden.remove(&key);
        }
    }

    #[inline(never)]
    fn occupy(&mut self, key: u32) {
        let at = Self::bay(key);
        let bay = &mut self.bays[at];
        bay.word |= 1 << (key % PAGE);
        bay.page
            .get_or_insert_with(|| Box::new([Level::default(); PAGE as usize]));
        self.near += 1;
        self.summary |= 1 << at;
        self.best = self.best.min(key);
    }

    #[inline]
    fn vacate(&mut self, key: u32) {
        let at = Self::bay(key);
        self.bays[at].word &= !(1 << (key % PAGE));
        self.near -= 1;
        if self.bays[at].word == 0 {
            self.summary &= !(1 << at);
        }
    }

    #[inline]
    fn first_near(&self) -> u32 {
        if self.summary == 0 {
            return NO_KEY;
        }
        let first = self.base / PAGE;
        let page = first + self.summary.rotate_right(first % PAGES).trailing_zeros();
        page * PAGE + self.bays[(page % PAGES) as usize].word.trailing_zeros()
    }

    /// Move the window to the best price when earlier visits beyond it have paid for the move.
    ///
    /// Without the account, one order placed and cancelled far away would move every level each
    /// time.
    #[cold]
    fn follow(&mut self) {
        let beyond = u32::try_from(self.far.len())
            .unwrap_or(u32::MAX)
            .min(WINDOW);
        if self.credit < self.near + beyond {
            return;
        }
        self.credit = 0;
        let base = self.best.saturating_sub(WINDOW / 4) / PAGE * PAGE;
        let keys: Vec<u32> = self.near_keys().collect();
        for key in keys {
            if key.wrapping_sub(base) >= WINDOW {
                let level = std::mem::take(self.level_mut(key));
                self.vacate(key);
                self.far.insert(key, level);
            }
        }
        self.base = base;
        let entering: Vec<u32> = self
            .far
            .range(base..base + WINDOW)
            .map(|(key, _)| *key)
            .collect();
        for key in entering {
            let level = self
                .far
                .remove(&key)
                .expect("the key was read from this map");
            self.occupy(key);
            *self.near_level_mut(key) = level;
        }
        self.far_best = self.far.keys().next().copied().unwrap_or(NO_KEY);
    }

    fn near_keys(&self) -> impl Iterator<Item = u32> + '_ {
        let first = self.base / PAGE;
        (first..first + PAGES).flat_map(move |page| {
            let mut word = self.bays[(page % PAGES) as usize].word;
            std::iter::from_fn(move || {
                if word == 0 {
                    return None;
                }
                let bit = word.trailing_zeros();
                word &= word - 1;
                Some(page * PAGE + bit)
            })
        })
    }

    /// Keys of occupied levels, best first.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        let before = self.far.range(..self.base).map(|(key, _)| *key);
        let after = self
            .far
            .range(self.base.saturating_add(WINDOW)..)
            .map(|(key, _)| *key);
        before.chain(self.near_keys()).chain(after)
    }

    /// Sums of occupied levels, best first.
    pub(super) fn totals(&self) -> impl Iterator<Item = LevelTotals> + '_ {
        self.keys().filter_map(|key| {
            let level = self.level(key)?;
            Some(LevelTotals {
                price: i64::from(key ^ self.flip),
                visible: level.visible.cast_signed(),
                hidden: self.hidden.get(&key).map_or(0, |lots| lots.cast_signed()),
            })
        })
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let pages = self.bays.iter().filter(|bay| bay.page.is_some()).count();
        size_of::<Self>()
            + pages * size_of::<Page>()
            + self.far.len() * (size_of::<Level>() + size_of::<u32>())
            + self.hidden.capacity() * size_of::<(u32, u64)>()
    }
}
