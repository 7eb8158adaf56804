//! Deciding money beside deliveries: bond, delivery fund, delivery credit (DEL-029, DEL-034).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, check_evidence};
use crate::house::LATEST_TIME;
use crate::money::check_amount;
use crate::state::{Needs, USD};
use crate::wire::{self, LedgerClass, Refusal, bound};

impl Agenda<'_> {
    /// Moves free cash into a performance bond (DEL-029).
    pub(crate) fn post_bond(&mut self, c: &wire::PostBond) -> Decision {
        self.need_behaviour(DELIVERY)?;
        check_amount(i128::from(c.amount))?;
        // What lacks is required of the account already: that much moves without uncovering it.
        let room = self.withdrawable(self.account_at(c.account), USD);
        let room = room + self.state.lacking(c.account, Needs::default());
        let free = i128::from(self.holder(c.account).free_of_holds());
        let most = room.min(free).max(0);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::CashShort, most, c.amount));
        }
        let (account, amount) = (c.account, c.amount);
        self.tell(&wire::BondMoved { account, amount });
        self.secure(&[account]);
        Ok(())
    }

    /// Takes back what a bond holds beyond what is needed (DEL-029).
    pub(crate) fn return_bond(&mut self, c: &wire::ReturnBond) -> Decision {
        self.need_behaviour(DELIVERY)?;
        check_amount(i128::from(c.amount))?;
        let class = LedgerClass::PerformanceBond;
        let bond = self.state.balance(class, c.account, USD);
        let spare =
            self.state.set_aside(c.account) - self.state.owed.needed(c.account, Needs::default());
        let most = spare.min(i128::from(bond)).max(0);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::BondShort, most, c.amount));
        }
        let (account, amount) = (c.account, -c.amount);
        self.tell(&wire::BondMoved { account, amount });
        Ok(())
    }

    /// Adds money of the house to the delivery fund (DEL-029).
    pub(crate) fn fund_delivery(&mut self, c: &wire::FundDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let amount = i128::from(c.amount);
        check_amount(amount)?;
        let bank = self.state.ledger.house(LedgerClass::Bank);
        check_amount(amount - i128::from(bank))?;
        self.tell(&wire::DeliveryFunded { amount: c.amount });
        Ok(())
    }

    /// Pays back what the delivery fund paid for an account (DEL-029).
    pub(crate) fn repay_delivery(&mut self, c: &wire::RepayDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        check_amount(i128::from(c.amount))?;
        let owed = self.state.owes_fund(c.account);
        if c.amount > owed {
            return Err(Refused::new(Refusal::OwedShort, owed, c.amount));
        }
        let most = self.room_beyond_line(self.account_at(c.account)).max(0);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::CashShort, most, c.amount));
        }
        let (account, amount) = (c.account, c.amount);
        self.tell(&wire::DeliveryRepaid { account, amount });
        Ok(())
    }

    /// At the end of a default, what cash is left pays what the delivery fund is owed (DEL-029).
    pub(crate) fn repay_fund(&mut self, accounts: &[u32]) {
        for &account in accounts {
            let cash = self.holder(account).free_of_holds().max(0);
            let amount = cash.min(self.state.owes_fund(account));
            if amount != 0 {
                self.tell(&wire::DeliveryRepaid { account, amount });
            }
        }
    }

    /// Says what counts toward the margin of what an account delivers (DEL-034).
    pub(crate) fn set_delivery_credit(&mut self, c: &wire::SetDeliveryCredit) -> Decision {
        self.need_behaviour(DELIVERY)?;
        self.named_account(c.account)?;
        let latest = if c.amount == 0 { 0 } else { LATEST_TIME };
        for (value, most) in [
            (c.amount, bound::MONEY),
            (i64::from(c.share), 10_000),
            (c.until, latest),
        ] {
            if !(0..=most).contains(&value) {
                return Err(Refused::new(Refusal::CreditTerms, most, value));
            }
        }
        let now = self.place.time;
        if c.amount != 0 && c.until <= now {
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, c.until));
        }
        if c.amount != 0 {
            check_evidence(&c.basis)?;
        }
        self.tell(&wire::DeliveryCreditSet {
            account: c.account,
            amount: c.amount,
            share: c.share,
            until: c.until,
            basis: c.basis,
        });
        self.secure(&[c.account]);
        Ok(())
    }

    /// The time of a delivery credit is over (DEL-034).
    pub(crate) fn end_credit(&mut self, account: u32) {
        self.tell(&wire::DeliveryCreditSet {
            account,
            amount: 0,
            share: 0,
            until: 0,
            basis: [0; 32],
        });
        self.secure(&[account]);
    }
}
