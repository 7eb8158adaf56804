//! What counts as cover beside cash: collateral at its price less its haircut (CLR-040 to CLR-043).
//!
//! It counts in the coverage test alone. Premiums, variation and fees are paid in cash. Each
//! account keeps what its collateral counts; it is counted anew whenever units, terms or prices
//! change.

use crate::state::{AccountAt, State};
use crate::wire::{LedgerClass, bound};

/// Smallest units of an asset in a whole one.
pub(crate) const WHOLE_UNIT: i128 = 1_000_000;

/// Terms of an asset admitted as collateral.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collateral {
    /// Ten-thousandths taken off its price.
    pub haircut: u32,
    /// Most that one account may count of it, micro-dollars.
    pub account_cap: i64,
    /// A letter of credit.
    pub letter: bool,
    /// Micro-dollars of a whole unit.
    pub price: i64,
    /// Day of the price.
    pub day: u32,
}

impl Collateral {
    /// Value of these smallest units, rounded down once, up to the account's cap.
    fn value_of(&self, units: i64) -> i128 {
        let kept = i128::from(10_000 - self.haircut);
        let value = i128::from(units) * i128::from(self.price) * kept / (WHOLE_UNIT * 10_000);
        value.min(i128::from(self.account_cap))
    }
}

/// Micro-dollars an account's collateral counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Letters of credit.
    pub letters: i64,
    /// Everything else.
    pub other: i64,
}

impl Counted {
    /// What of it covers when this much is required; letters only their share (CLR-043).
    #[inline]
    #[must_use]
    pub fn cover(&self, required: i128) -> i128 {
        if self.letters == 0 {
            return i128::from(self.other);
        }
        let share = required * i128::from(bound::LETTER_SHARE) / 10_000;
        i128::from(self.other) + share.min(i128::from(self.letters))
    }
}

impl State {
    /// What an account's collateral counts that is not set aside; `leaving` is an asset and units
    /// of it about to go.
    pub(crate) fn counted(&self, at: AccountAt, leaving: (u16, i64)) -> Counted {
        let account = &self.accounts[at as usize];
        let (mut other, mut letters) = (0_i128, 0_i128);
        for (asset, terms) in &self.collateral {
            let held = account.held_assets.get(asset).copied().unwrap_or(0);
            let mut units = self.balance(LedgerClass::Cash, account.account, *asset) - held;
            if *asset == leaving.0 {
                units -= leaving.1;
            }
            let sum = if terms.letter {
                &mut letters
            } else {
                &mut other
            };
            *sum += terms.value_of(units);
        }
        let most = |sum: i128| sum.min(i128::from(bound::MONEY)) as i64;
        Counted {
            letters: most(letters),
            other: most(other),
        }
    }

    /// Counts an account's collateral anew, after its units changed.
    pub(crate) fn count_collateral(&mut self, at: AccountAt) {
        if !self.collateral.is_empty() {
            self.accounts[at as usize].counted = self.counted(at, (0, 0));
        }
    }

    /// Counts every account's collateral anew, after terms or prices changed.
    pub(crate) fn count_all_collateral(&mut self) {
        for at in 0..self.accounts.len() as AccountAt {
            self.count_collateral(at);
        }
    }
}
