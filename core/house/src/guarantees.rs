//! Deciding guarantees for what others owe out of failed deliveries (DEL-035, DEL-036).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::check_evidence;
use crate::house::LATEST_TIME;
use crate::margin::judge;
use crate::money::check_amount;
use crate::state::{Guarantee, USD};
use crate::wire::{self, AccountKind, GuaranteeEnded, GuaranteePaid, Refusal, bound};

/// Behaviour from which guarantees are given and remedies are paid in an order that knows them
/// (DEL-035), metering names its evidence (DEL-024) and the fee of a dispute is bound (DEL-025).
pub(crate) const GUARANTEES: u32 = 6;

impl Agenda<'_> {
    /// Sets cash aside for what another account owes (DEL-035).
    pub(crate) fn give_guarantee(&mut self, c: &wire::GiveGuarantee) -> Decision {
        self.need_behaviour(GUARANTEES)?;
        self.named_account(c.to_account)?;
        if c.to_account == c.account {
            return Err(Refused::new(Refusal::GuaranteeOwn, 0, c.to_account));
        }
        let account = self.holder(c.account);
        if account.account_kind != AccountKind::House {
            return Err(Refused::new(Refusal::AccountNotHouse, 0, c.account));
        }
        self.check_sound(account.member)?;
        check_amount(i128::from(c.amount))?;
        let now = self.place.time;
        if c.until <= now || c.until > LATEST_TIME {
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, c.until));
        }
        check_evidence(&c.basis)?;
        let all = self.state.owed.guarantees_for(c.to_account);
        let count = 1 + all.filter(|g| g.account == c.account).count() as i64;
        if count > bound::GUARANTEES {
            let most = bound::GUARANTEES;
            return Err(Refused::new(Refusal::GuaranteesTooMany, most, count));
        }
        let most = self.withdrawable(self.account_at(c.account), USD);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::CashShort, most, c.amount));
        }
        self.tell(&wire::GuaranteeGiven {
            guarantee: self.place.number,
            account: c.account,
            to_account: c.to_account,
            amount: c.amount,
            until: c.until,
            basis: c.basis,
        });
        Ok(())
    }

    /// Takes a guarantee back that nothing is owed under (DEL-036).
    pub(crate) fn return_guarantee(&mut self, c: &wire::ReturnGuarantee) -> Decision {
        self.need_behaviour(GUARANTEES)?;
        let found = self.state.owed.guarantees.get(&c.guarantee).copied();
        let Some(guarantee) = found.filter(|g| g.account == c.account) else {
            return Err(Refused::new(Refusal::GuaranteeUnknown, 0, c.guarantee));
        };
        if self.state.owes_delivery(guarantee.to_account) {
            let (until, to_account) = (guarantee.until, guarantee.to_account);
            return Err(Refused::new(Refusal::GuaranteeNeeded, until, to_account));
        }
        self.end_guarantee(&guarantee);
        Ok(())
    }

    /// What a guarantee still holds is its guarantor's cash (DEL-036).
    pub(crate) fn end_guarantee(&mut self, guarantee: &Guarantee) {
        self.tell(&GuaranteeEnded {
            guarantee: guarantee.guarantee,
            account: guarantee.account,
            to_account: guarantee.to_account,
            amount: guarantee.amount,
        });
    }

    /// Guarantees that an account gave, or that were given for it, are cash again where their
    /// guarantor is in default and nothing that who they are for let fail is missing (DEL-036).
    pub(crate) fn free_guarantees(&mut self, account: u32) {
        if self.state.defaults.is_empty() {
            return;
        }
        let all = self.state.owed.guarantees.values().copied();
        let concerned = all.filter(|g| g.account == account || g.to_account == account);
        for guarantee in concerned.collect::<Vec<_>>() {
            let defaulted = self.is_defaulter(guarantee.account);
            if defaulted && !self.state.lets_fail(guarantee.to_account) {
                self.end_guarantee(&guarantee);
            }
        }
    }

    /// Guarantees for an account give it an amount they hold, the oldest first.
    pub(crate) fn draw_guarantees(&mut self, account: u32, delivery: u64, amount: i64) {
        let mut left = amount;
        let given: Vec<Guarantee> = self.state.owed.guarantees_for(account).copied().collect();
        for guarantee in given {
            let part = guarantee.amount.min(left);
            if part == 0 {
                return;
            }
            left -= part;
            self.tell(&GuaranteePaid {
                guarantee: guarantee.guarantee,
                account: guarantee.account,
                to_account: account,
                delivery,
                amount: part,
            });
        }
    }

    /// Free cash beyond what positions and open orders ask; what deliveries lack is no part of that
    /// (DEL-026).
    pub(crate) fn beyond_margin(&mut self, account: u32) -> i64 {
        let at = self.account_at(account);
        let found = judge(self.state, at, &[]);
        let holder = &self.state.accounts[at as usize];
        let asked = found.required - holder.lacking;
        let cover = found.free + holder.counted.cover(asked);
        let cash = holder.free_of_holds().max(0);
        let room = (cover - asked).min(found.free - found.needed);
        let beyond = room.min(i128::from(cash)).max(0);
        i64::try_from(beyond).expect("a balance fits 64 bits")
    }
}
