//! Moving what an account has to have set aside for its deliveries (DEL-027).

use crate::agenda::Agenda;
use crate::state::USD;
use crate::wire::{DeliveryMarginMoved, LedgerClass};

impl Agenda<'_> {
    /// Sets aside what lacks as far as free cash goes, or gives back what is set aside beyond what
    /// is needed: each account named, ascending.
    pub(crate) fn secure(&mut self, accounts: &[u32]) {
        let mut numbers = accounts.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        for account in numbers {
            let state = &*self.state;
            let margin = state.balance(LedgerClass::DeliveryMargin, account, USD);
            let beyond = state.set_aside(account) - state.owed.needed(account);
            let spare = beyond.min(i128::from(margin));
            let free = i128::from(self.holder(account).free_of_holds().max(0));
            let mut amount = state.lacking(account, 0).min(free);
            if spare > 0 {
                amount = -spare;
            }
            if amount != 0 {
                let amount = i64::try_from(amount).expect("a balance fits 64 bits");
                self.tell(&DeliveryMarginMoved { account, amount });
            }
        }
    }
}
