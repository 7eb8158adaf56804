//! The ledger: what each event moves between two accounts of the chart (schema/ledger.toml).
//!
//! Cash and dues of a trading account in USD stand in the account itself; every other balance
//! stands here. A balance is credits less debits; per asset all balances sum to zero.

use std::collections::BTreeMap;

use crate::state::{AccountAt, State, USD};
use crate::wire::LedgerClass;

/// One above the greatest code of a class.
const CLASSES: usize = 64;

/// Balances of the house in USD, and of everybody in other assets.
pub struct Ledger {
    house: [i64; CLASSES],
    others: BTreeMap<(LedgerClass, u32, u16), i64>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            house: [0; CLASSES],
            others: BTreeMap::new(),
        }
    }
}

impl Ledger {
    /// A USD balance of the house's own.
    #[inline]
    #[must_use]
    pub fn house(&self, class: LedgerClass) -> i64 {
        self.house[class as usize]
    }
}

/// One side of a posting.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// A class of the house's own.
    House(LedgerClass),
    /// Cash of an account.
    Cash(AccountAt),
    /// Dues of an account.
    Due(AccountAt),
    /// What an account number has in the default fund.
    Fund(u32),
    /// Another class of an account number.
    Of(LedgerClass, u32),
}

impl State {
    /// Balance of a class, an account number (0 for the house's own) and an asset.
    #[must_use]
    pub fn balance(&self, class: LedgerClass, account: u32, asset: u16) -> i64 {
        if asset == USD {
            match (class, self.account_at(account)) {
                (LedgerClass::Cash, Some(at)) => return self.accounts[at as usize].cash,
                (LedgerClass::DueFromMember, Some(at)) => {
                    return self.accounts[at as usize].due_from_member;
                }
                _ if account == 0 => return self.ledger.house(class),
                _ => {}
            }
        }
        *self
            .ledger
            .others
            .get(&(class, account, asset))
            .unwrap_or(&0)
    }

    /// Writes a balance as a record tells it; the account exists.
    pub fn set_balance(&mut self, class: LedgerClass, account: u32, asset: u16, balance: i64) {
        if asset == USD {
            match (class, self.account_at(account)) {
                (LedgerClass::Cash, Some(at)) => self.accounts[at as usize].cash = balance,
                (LedgerClass::DueFromMember, Some(at)) => {
                    self.accounts[at as usize].due_from_member = balance;
                }
                _ if account == 0 => self.ledger.house[class as usize] = balance,
                _ => {
                    self.ledger.others.insert((class, account, asset), balance);
                }
            }
        } else {
            self.ledger.others.insert((class, account, asset), balance);
        }
    }

    /// Every balance that is not zero as (class, account number, asset, balance), ascending.
    #[must_use]
    pub fn balances(&self) -> Vec<(LedgerClass, u32, u16, i64)> {
        let mut found = Vec::new();
        for account in &self.accounts {
            found.push((LedgerClass::Cash, account.account, USD, account.cash));
            found.push((
                LedgerClass::DueFromMember,
                account.account,
                USD,
                account.due_from_member,
            ));
        }
        for code in 1..CLASSES {
            if let Ok(class) = LedgerClass::of(code as u8) {
                found.push((class, 0, USD, self.ledger.house[code]));
            }
        }
        for (key, balance) in &self.ledger.others {
            found.push((key.0, key.1, key.2, *balance));
        }
        found.retain(|row| row.3 != 0);
        found.sort_unstable();
        found
    }

    /// USD leaves `debit` and enters `credit`; nothing when the amount is zero.
    #[inline]
    pub(crate) fn post(&mut self, debit: Side, credit: Side, amount: i64) {
        if amount == 0 {
            return;
        }
        assert!(amount > 0, "a posting moves a positive amount");
        self.add(debit, -amount);
        self.add(credit, amount);
    }

    #[inline]
    fn add(&mut self, side: Side, amount: i64) {
        let (class, balance) = match side {
            Side::House(class) => (class, &mut self.ledger.house[class as usize]),
            Side::Cash(at) => (LedgerClass::Cash, &mut self.accounts[at as usize].cash),
            Side::Due(at) => (
                LedgerClass::DueFromMember,
                &mut self.accounts[at as usize].due_from_member,
            ),
            Side::Fund(account) => {
                let key = (LedgerClass::DefaultFund, account, USD);
                let fund = self.ledger.others.entry(key).or_default();
                (LedgerClass::DefaultFund, fund)
            }
            Side::Of(class, account) => {
                let key = (class, account, USD);
                (class, self.ledger.others.entry(key).or_default())
            }
        };
        *balance += amount;
        assert!(
            *balance >= 0 || !class.non_negative(),
            "{class:?} never goes below zero"
        );
    }

    /// An asset other than USD moves between the bank and an account's cash.
    pub(crate) fn post_asset(&mut self, asset: u16, account: u32, amount: i64) {
        for (class, account, change) in [
            (LedgerClass::Bank, 0, -amount),
            (LedgerClass::Cash, account, amount),
        ] {
            let balance = self
                .ledger
                .others
                .entry((class, account, asset))
                .or_default();
            *balance += change;
            assert!(
                *balance >= 0 || !class.non_negative(),
                "{class:?} never goes below zero"
            );
        }
    }
}
