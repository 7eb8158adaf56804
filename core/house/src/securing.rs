//! Moving what an account has to have set aside for its deliveries (DEL-027, DEL-034).

use crate::agenda::Agenda;
use crate::state::{Needs, USD};
use crate::wire::{BondMoved, DeliveryMarginMoved, LedgerClass};

impl Agenda<'_> {
    /// Sets aside what lacks as far as free cash goes, or gives back what is set aside beyond what
    /// is needed: each account named, ascending; in a default the bond as well, and guarantees.
    pub(crate) fn secure(&mut self, accounts: &[u32]) {
        let mut numbers = accounts.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        for account in numbers {
            let state = &*self.state;
            let margin = state.balance(LedgerClass::DeliveryMargin, account, USD);
            let nothing = Needs::default();
            let beyond = state.set_aside(account) - state.owed.needed(account, nothing);
            let spare = beyond.min(i128::from(margin));
            let free = i128::from(self.holder(account).free_of_holds().max(0));
            let mut amount = state.lacking(account, nothing).min(free);
            if spare > 0 {
                amount = -spare;
            }
            if amount != 0 {
                let amount = i64::try_from(amount).expect("a balance fits 64 bits");
                self.tell(&DeliveryMarginMoved { account, amount });
            }
            if self.is_defaulter(account) {
                self.free_bond(account);
            }
            self.free_guarantees(account);
        }
    }

    /// True when the member of an account is in default.
    pub(crate) fn is_defaulter(&self, account: u32) -> bool {
        let member = self.holder(account).member;
        self.state.defaults.contains_key(&member)
    }

    /// What a bond holds beyond what is needed is cash again.
    pub(crate) fn free_bond(&mut self, account: u32) {
        let bond = self
            .state
            .balance(LedgerClass::PerformanceBond, account, USD);
        let needed = self.state.owed.needed(account, Needs::default());
        let spare = (self.state.set_aside(account) - needed).min(i128::from(bond));
        if spare > 0 {
            let amount = -i64::try_from(spare).expect("a balance fits 64 bits");
            self.tell(&BondMoved { account, amount });
        }
    }
}
