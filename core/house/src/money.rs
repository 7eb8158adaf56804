//! Deciding deposits, withdrawals and the house's liquidity.

use crate::agenda::{Agenda, Decision, Refused};
use crate::guards::{Referenced, check_reference, known, reference_time, replay};
use crate::margin::judge;
use crate::state::{AccountAt, Pending, USD};
use crate::wire::{
    self, AccountKind, CallClosed, LedgerClass, Refusal, TransferPended, TransferPosted,
    TransferReason, TransferVoided, bound,
};

pub(crate) fn check_amount(amount: i128) -> Decision {
    if amount <= 0 {
        return Err(Refused::new(Refusal::AmountNotPositive, 1, amount));
    }
    if amount > i128::from(bound::MONEY) {
        let most = bound::MONEY;
        return Err(Refused::new(Refusal::AmountTooLarge, most, amount));
    }
    Ok(())
}

impl Agenda<'_> {
    /// Books money that reached the bank; dues first (LED-002, LED-003).
    pub(crate) fn deposit(&mut self, c: &wire::Deposit) -> Decision {
        let Some(at) = self.state.account_at(c.account) else {
            return Err(Refused::new(Refusal::AccountUnknown, 0, c.account));
        };
        let body = c.terms_check();
        let known = known(&self.state.accounts[at as usize], c);
        let known = known.as_ref();
        if let Some(again) = replay(&self.state.accounts[at as usize], known, body) {
            self.tell(&again);
            return Ok(());
        }
        self.check_asset(c.asset)?;
        check_reference(&self.state.accounts[at as usize], self.place, c, known)?;
        if c.reference.is_empty() {
            return Err(Refused::plain(Refusal::ReferenceMissing));
        }
        let amount = i128::from(c.amount);
        check_amount(amount)?;
        let cash = self.state.balance(LedgerClass::Cash, c.account, c.asset);
        check_amount(i128::from(cash) + amount)?;
        let bank = self.state.balance(LedgerClass::Bank, 0, c.asset);
        check_amount(amount - i128::from(bank))?;
        let due = if c.asset == USD {
            self.state.accounts[at as usize].due()
        } else {
            0
        };
        let repaid = due.min(c.amount);
        self.tell(&TransferPosted {
            account: c.account,
            asset: c.asset,
            amount: c.amount,
            reason: TransferReason::Deposit,
            to_dues: repaid,
            pending: 0,
            reference: c.reference,
            reference_time: reference_time(c, self.place),
            body,
        });
        if due != 0 && repaid == due {
            self.tell(&CallClosed { account: c.account });
        }
        if c.asset == USD {
            self.repay_line(c.account, c.amount - repaid);
        }
        self.see_call(c.account);
        Ok(())
    }

    fn check_asset(&self, asset: u16) -> Decision {
        if self.state.assets.contains_key(&asset) {
            return Ok(());
        }
        Err(Refused::new(Refusal::AssetUnknown, 0, asset))
    }

    /// Cash that can leave without uncovering the account (LED-005), beyond what its line
    /// (CLR-054) and the delivery fund (DEL-029) are owed.
    pub(crate) fn withdrawable(&mut self, at: AccountAt, asset: u16) -> i128 {
        if asset != USD {
            let holder = &self.state.accounts[at as usize];
            let held = holder.held_assets.get(&asset).copied().unwrap_or(0);
            let cash = self.state.balance(LedgerClass::Cash, holder.account, asset);
            return i128::from((cash - held).max(0));
        }
        let owed = self
            .state
            .owes_fund(self.state.accounts[at as usize].account);
        (self.room_beyond_line(at) - i128::from(owed)).max(0)
    }

    /// Cash that can pay the delivery fund: all that covers nothing, beyond what a line owes.
    pub(crate) fn room_beyond_line(&mut self, at: AccountAt) -> i128 {
        let judgement = judge(self.state, at, &[]);
        let holder = &self.state.accounts[at as usize];
        let free = i128::from(holder.free_of_holds()) - i128::from(holder.premiums);
        let room = (judgement.cover - judgement.required).min(judgement.free - judgement.needed);
        let owed = self.state.line_owed(holder.account);
        free.min(room) - owed
    }

    /// True when the house takes collateral to pay what is owed: by the account, or, of a house
    /// account, by any account of its member (CLR-031); or what secures a line that owes (CLR-055).
    fn sells(&self, at: AccountAt, asset: u16) -> bool {
        let asks = self.state.actors.get(self.place.actor);
        if asks.is_none_or(|actor| actor.member != 0) {
            return false;
        }
        let account = &self.state.accounts[at as usize];
        let secures = self.state.credit.securities.contains_key(&asset);
        if secures && self.state.line_owed(account.account) != 0 {
            return true;
        }
        let owing = self.state.dues(account.member);
        let house = account.account_kind == AccountKind::House && !owing.is_empty();
        let owes = house || account.due() != 0;
        owes && self.state.collateral.contains_key(&asset)
    }

    /// Sets cash aside (LED-005).
    pub(crate) fn request_withdrawal(&mut self, c: &wire::RequestWithdrawal) -> Decision {
        let at = self.account_at(c.account);
        let body = c.terms_check();
        let known = known(&self.state.accounts[at as usize], c);
        let known = known.as_ref();
        if let Some(again) = replay(&self.state.accounts[at as usize], known, body) {
            self.tell(&again);
            return Ok(());
        }
        let member = self.state.accounts[at as usize].member;
        let defaulted = self.state.defaults.contains_key(&member);
        if defaulted && !self.sells(at, c.asset) {
            return Err(Refused::new(Refusal::MemberInDefault, 0, member));
        }
        self.check_asset(c.asset)?;
        check_reference(&self.state.accounts[at as usize], self.place, c, known)?;
        if c.reference.is_empty() {
            return Err(Refused::plain(Refusal::ReferenceMissing));
        }
        check_amount(i128::from(c.amount))?;
        if !(0..=bound::MONEY).contains(&c.timeout) {
            return Err(Refused::new(Refusal::TimeoutNegative, 0, c.timeout));
        }
        let most = self.withdrawable(at, c.asset);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::CashShort, most, c.amount));
        }
        if !defaulted {
            self.check_leaving(at, c.asset, c.amount)?;
            self.check_securing(at, c.asset, c.amount)?;
        }
        self.tell(&TransferPended {
            transfer: self.place.number,
            account: c.account,
            asset: c.asset,
            amount: c.amount,
            due: self.place.due_after(c.timeout),
            reference: c.reference,
            reference_time: reference_time(c, self.place),
            body,
        });
        Ok(())
    }

    fn find_pending(&self, transfer: u64) -> Result<Pending, Refused> {
        let found = self.state.pendings.get(&transfer).copied();
        found.ok_or_else(|| Refused::new(Refusal::TransferUnknown, 0, transfer))
    }

    /// The bank has paid (LED-004).
    pub(crate) fn post_withdrawal(&mut self, c: &wire::PostWithdrawal) -> Decision {
        let pending = self.find_pending(c.transfer)?;
        self.tell(&TransferPosted {
            account: pending.account,
            asset: pending.asset,
            amount: pending.amount,
            reason: TransferReason::Withdrawal,
            to_dues: 0,
            pending: pending.transfer,
            reference: Default::default(),
            reference_time: 0,
            body: 0,
        });
        Ok(())
    }

    /// The cash is free again (LED-004).
    pub(crate) fn void_withdrawal(&mut self, c: &wire::VoidWithdrawal) -> Decision {
        let pending = self.find_pending(c.transfer)?;
        self.tell(&TransferVoided {
            transfer: pending.transfer,
            account: pending.account,
            asset: pending.asset,
            amount: pending.amount,
        });
        Ok(())
    }

    /// Adds cash of the house; an open shortfall is filled first (LED-006).
    pub(crate) fn fund_liquidity(&mut self, c: &wire::FundLiquidity) -> Decision {
        let amount = i128::from(c.amount);
        check_amount(amount)?;
        let bank = self.state.ledger.house(LedgerClass::Bank);
        check_amount(amount - i128::from(bank))?;
        let shortfall = -self.state.ledger.house(LedgerClass::DefaultShortfall);
        self.tell(&TransferPosted {
            account: 0,
            asset: USD,
            amount: c.amount,
            reason: TransferReason::Liquidity,
            to_dues: shortfall.min(c.amount),
            pending: 0,
            reference: Default::default(),
            reference_time: 0,
            body: 0,
        });
        Ok(())
    }
}
