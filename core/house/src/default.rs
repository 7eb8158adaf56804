//! Deciding a default: the fund, declaration, porting, loss, tear-up, close.

use std::collections::BTreeSet;

use crate::agenda::{Agenda, Decision, Refused};
use crate::exchanging::exchange_over;
use crate::guards::{check_covered, find_series};
use crate::joining::check_member_eligible;
use crate::margin::judge;
use crate::money::check_amount;
use crate::rights::offer_over;
use crate::settlement::Amounts;
use crate::state::{AccountAt, SeriesAt, USD};
use crate::waterfall::{Part, check_cuts, check_shares, share_list, shares};
use crate::wire::{
    self, AccountKind, AccountLots, CallClosed, CallOpened, CancelReason, DeadManArmed,
    LedgerClass, LossAllocated, LossLayer, LossShare, NoticeGiven, OfferEnd, Refusal,
};

/// Behaviour from which a default is managed by law (CLR-020 to CLR-030).
pub(crate) const DEFAULTS: u32 = 3;
/// Behaviour from which bids are opened, assessments cool off, gains of clients and the house bear
/// what is left of a loss (CLR-032 to CLR-038).
pub(crate) const RECOVERY: u32 = 4;
/// Layers that take the cash of survivors, or leave them owing.
const IN_CASH: [LossLayer; 3] = [
    LossLayer::Assessment,
    LossLayer::Gains,
    LossLayer::ClientGains,
];

impl Agenda<'_> {
    /// Adds to what the house stands to lose (CLR-020).
    pub(crate) fn fund_tranche(&mut self, c: &wire::FundTranche) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let amount = i128::from(c.amount);
        check_amount(amount)?;
        let bank = self.state.ledger.house(LedgerClass::Bank);
        check_amount(amount - i128::from(bank))?;
        self.tell(&wire::TrancheFunded {
            tranche: c.tranche,
            amount: c.amount,
        });
        Ok(())
    }

    /// Moves free cash into the default fund (CLR-020).
    pub(crate) fn contribute_fund(&mut self, c: &wire::ContributeFund) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let at = self.account_at(c.account);
        let account = &self.state.accounts[at as usize];
        if account.account_kind != AccountKind::House {
            return Err(Refused::new(Refusal::AccountNotHouse, 0, c.account));
        }
        self.check_sound(account.member)?;
        check_amount(i128::from(c.amount))?;
        let most = self.withdrawable(at, USD);
        if i128::from(c.amount) > most {
            return Err(Refused::new(Refusal::CashShort, most, c.amount));
        }
        self.tell(&wire::FundContributed {
            account: c.account,
            amount: c.amount,
        });
        Ok(())
    }

    /// Gives back from the default fund (CLR-020).
    pub(crate) fn return_fund(&mut self, c: &wire::ReturnFund) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        self.named_account(c.account)?;
        check_amount(i128::from(c.amount))?;
        if let Some(member) = self.state.defaults.keys().next()
            && !self.is_free(c.account)
        {
            return Err(Refused::new(Refusal::DefaultOpen, 0, *member));
        }
        let most = self.state.in_fund(c.account);
        if c.amount > most {
            return Err(Refused::new(Refusal::FundShort, most, c.amount));
        }
        self.tell(&wire::FundReturned {
            account: c.account,
            amount: c.amount,
        });
        Ok(())
    }

    /// True when no open default reaches the account, as its member has left (CLR-034).
    fn is_free(&self, account: u32) -> bool {
        let member = self.state.member_of(account);
        let sound = !self.is_in_default(member) && !self.state.is_reached(account);
        sound && self.state.has_left(member, self.place.time)
    }

    /// A member that leaves says so while its cooling period runs (CLR-034).
    pub(crate) fn give_notice(&mut self) -> Decision {
        self.need_behaviour(RECOVERY)?;
        let asks = self.state.actors.get(self.place.actor);
        let member = asks.map_or(0, |actor| actor.member);
        if !self.state.members.contains_key(&member) {
            return Err(Refused::new(Refusal::MemberUnknown, 0, member));
        }
        if self.state.notices.contains_key(&member) {
            return Err(Refused::new(Refusal::NoticeStanding, 0, member));
        }
        let now = self.place.time;
        let all = self.state.coolings.iter();
        let theirs = all.filter(|(account, _)| self.state.member_of(**account) == member);
        let running = theirs.filter(|(account, c)| self.state.cools(**account, c, now));
        let Some(effective) = running.map(|(_, cooling)| cooling.until).max() else {
            return Err(Refused::new(Refusal::NoticeNotNow, 0, member));
        };
        self.tell(&NoticeGiven { member, effective });
        Ok(())
    }

    pub(crate) fn named_account(&self, number: u32) -> Result<AccountAt, Refused> {
        let found = self.state.account_at(number);
        found.ok_or_else(|| Refused::new(Refusal::AccountUnknown, 0, number))
    }

    fn is_in_default(&self, member: u32) -> bool {
        self.state.defaults.contains_key(&member)
    }

    /// Refuses a member in default.
    pub(crate) fn check_not_in_default(&self, member: u32) -> Decision {
        if self.is_in_default(member) {
            return Err(Refused::new(Refusal::MemberInDefault, 0, member));
        }
        Ok(())
    }

    /// Refuses a member that is suspended or in default.
    pub(crate) fn check_sound(&self, member: u32) -> Decision {
        self.check_not_in_default(member)?;
        let known = self.state.members.get(&member);
        if known.is_some_and(|m| m.suspended) {
            return Err(Refused::new(Refusal::MemberSuspended, 0, member));
        }
        Ok(())
    }

    pub(crate) fn check_in_default(&self, member: u32) -> Decision {
        if self.is_in_default(member) {
            return Ok(());
        }
        Err(Refused::new(Refusal::MemberNotInDefault, 0, member))
    }

    /// Declares a default: suspension, orders and withdrawals end (CLR-021).
    pub(crate) fn declare_default(&mut self, c: &wire::DeclareDefault) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let member = c.member;
        let Some(known) = self.state.members.get(&member) else {
            return Err(Refused::new(Refusal::MemberUnknown, 0, member));
        };
        let suspended = known.suspended;
        self.check_not_in_default(member)?;
        if !suspended {
            self.tell(&wire::MemberSuspended { member });
        }
        self.tell(&wire::DefaultDeclared { member });
        let state = &*self.state;
        let theirs = state
            .orders_that(|o| !o.close_out && state.accounts[o.account as usize].member == member);
        self.cancel_all(&theirs, CancelReason::MemberSuspended);
        let all: Vec<_> = self.state.pendings.values().copied().collect();
        for pending in all {
            if self.state.member_of(pending.account) == member {
                self.tell(&wire::TransferVoided {
                    transfer: pending.transfer,
                    account: pending.account,
                    asset: pending.asset,
                    amount: pending.amount,
                });
            }
        }
        let accounts = self.state.accounts_of(member);
        let accounts: Vec<u32> = accounts.iter().map(|a| a.account).collect();
        self.let_sides_lapse(&accounts);
        for account in accounts {
            self.free_bond(account);
            self.free_guarantees(account);
        }
        Ok(())
    }

    /// No side of a delivery is given or taken on the word of before a default (DEL-030).
    fn let_sides_lapse(&mut self, accounts: &[u32]) {
        let theirs = |a: u32, b: u32| accounts.contains(&a) || accounts.contains(&b);
        let all = self.state.owed.offers.values().copied();
        let offers: Vec<_> = all.filter(|o| theirs(o.account, o.to_account)).collect();
        for offer in offers {
            self.tell(&offer_over(&offer, OfferEnd::Lapsed));
        }
        let all = self.state.owed.exchanges.values().copied();
        let exchanges: Vec<_> = all.filter(|o| theirs(o.account, o.to_account)).collect();
        for offer in exchanges {
            self.tell(&exchange_over(&offer, OfferEnd::Lapsed));
        }
    }

    /// Ends a default when nothing is held and nothing owed (CLR-029).
    pub(crate) fn close_default(&mut self, c: &wire::CloseDefault) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        self.check_in_default(c.member)?;
        for account in self.state.accounts_of(c.member) {
            let holds = account.holdings.iter().any(|h| h.stands());
            let number = account.account;
            let guarantees = self.state.owed.guarantees.values();
            let gives = guarantees.into_iter().any(|g| g.account == number);
            if holds || gives || account.due() != 0 || self.state.owes_delivery(number) {
                return Err(Refused::new(Refusal::DefaultUnfinished, 0, number));
            }
        }
        let (parts, left) = self.left_for_lines(c.member)?;
        let (state, member) = (&*self.state, c.member);
        let theirs = state.orders_that(|o| state.accounts[o.account as usize].member == member);
        self.cancel_all(&theirs, CancelReason::MemberSuspended);
        let accounts = self.state.accounts_of(member);
        let accounts: Vec<u32> = accounts.iter().map(|a| a.account).collect();
        self.take_back(&accounts);
        self.close_lines(&parts, &left);
        self.repay_fund(&accounts);
        self.tell(&wire::DefaultClosed { member });
        Ok(())
    }

    /// Offers a client's account to another member (CLR-022).
    pub(crate) fn offer_port(&mut self, c: &wire::OfferPort) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let at = self.named_account(c.account)?;
        let account = &self.state.accounts[at as usize];
        self.check_in_default(account.member)?;
        if account.account_kind != AccountKind::Client {
            return Err(Refused::new(Refusal::AccountNotClient, 0, c.account));
        }
        if !self.state.members.contains_key(&c.member) {
            return Err(Refused::new(Refusal::MemberUnknown, 0, c.member));
        }
        self.check_sound(c.member)?;
        self.tell(&wire::PortOffered {
            account: c.account,
            member: c.member,
        });
        Ok(())
    }

    /// Takes a client's account over, whole (CLR-022).
    pub(crate) fn accept_port(&mut self, c: &wire::AcceptPort) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let asks = self
            .state
            .actors
            .get(self.place.actor)
            .map_or(0, |a| a.member);
        let port = self.state.ports.get(&c.account).copied();
        let Some(member) = port.filter(|member| *member == asks) else {
            return Err(Refused::new(Refusal::PortUnknown, 0, c.account));
        };
        self.check_sound(member)?;
        let at = self.named_account(c.account)?;
        let due = i128::from(self.state.accounts[at as usize].due());
        let due = due + self.state.line_owed(c.account);
        if due != 0 {
            return Err(Refused::new(Refusal::AccountOwes, 0, due));
        }
        check_member_eligible(self.state, at, member)?;
        check_covered(&judge(self.state, at, &[]))?;
        let theirs = self.state.orders_of(at, false);
        self.cancel_all(&theirs, CancelReason::PositionTransferred);
        let offers: Vec<_> = self.state.offers.values().copied().collect();
        for offer in offers.iter().filter(|offer| offer.account == c.account) {
            self.end_offer(offer, OfferEnd::Lapsed);
        }
        self.take_back(&[c.account]);
        let armed = self.state.accounts[at as usize].dead_man != 0;
        if armed && self.state.behaviour >= RECOVERY {
            let (account, due) = (c.account, 0);
            self.tell(&DeadManArmed { account, due });
        }
        self.tell(&wire::AccountPorted {
            account: c.account,
            from_member: self.state.accounts[at as usize].member,
            member,
        });
        Ok(())
    }

    /// Spreads what the accounts of a member in default owe over the waterfall (CLR-024).
    pub(crate) fn allocate_loss(&mut self, c: &wire::AllocateLoss<'_>) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        self.check_in_default(c.member)?;
        let dues = self.state.dues(c.member);
        let loss: i128 = dues.iter().map(|(_, due)| i128::from(*due)).sum();
        check_amount(i128::from(c.loss))?;
        if i128::from(c.loss) != loss {
            return Err(Refused::new(Refusal::LossWrong, loss, c.loss));
        }
        if self.state.behaviour >= RECOVERY {
            self.check_sold(c.member, &dues)?;
        }
        let parts = self.state.allocation(c.member);
        let named: Vec<LossShare> = c.shares.iter().collect();
        check_shares(&share_list(&parts), &named)?;
        let borne: i64 = parts.iter().map(|part| part.amount).sum();
        self.tell(&wire::LossFound {
            member: c.member,
            loss: c.loss,
            left: c.loss - borne,
        });
        for part in &parts {
            self.allocated(c.member, *part);
        }
        if self.state.behaviour >= RECOVERY {
            let in_cash = parts.iter().filter(|part| IN_CASH.contains(&part.layer));
            let bearers: BTreeSet<u32> = in_cash.map(|part| part.account).collect();
            for account in bearers {
                let at = self.account_at(account);
                self.refresh(at);
            }
        }
        Ok(())
    }

    /// No slice is out to bids, and collateral that bears the loss is sold (CLR-033, CLR-037).
    fn check_sold(&self, member: u32, dues: &[(u32, i64)]) -> Decision {
        self.check_no_slices(member)?;
        for account in self.state.accounts_of(member) {
            let number = account.account;
            let owes = dues.iter().any(|(owing, _)| *owing == number);
            if account.account_kind != AccountKind::House && !owes {
                continue;
            }
            for asset in self.state.collateral.keys() {
                if self.state.balance(LedgerClass::Cash, number, *asset) != 0 {
                    return Err(Refused::new(Refusal::CollateralStands, *asset, number));
                }
            }
        }
        Ok(())
    }

    /// A part is paid from what its layer has, or becomes a due of who bears it.
    fn allocated(&mut self, member: u32, part: Part) {
        let owed = match part.layer {
            LossLayer::Assessment => part.amount,
            LossLayer::Gains => {
                let cash = self.holder(part.account).free_of_holds().max(0);
                part.amount - cash.min(part.amount)
            }
            _ => 0,
        };
        self.tell(&LossAllocated {
            account: part.account,
            member,
            due_account: part.due_account,
            layer: part.layer,
            amount: part.amount,
            owed,
        });
        if owed != 0 {
            let amount = self.holder(part.account).due();
            self.tell(&CallOpened {
                account: part.account,
                amount,
            });
        }
        if self.holder(part.due_account).due() == 0 {
            self.tell(&CallClosed {
                account: part.due_account,
            });
        }
    }

    /// Ends a position of a member in default against the other side, at the mark (CLR-028).
    pub(crate) fn tear_up(&mut self, c: &wire::TearUp<'_>) -> Decision {
        self.need_behaviour(DEFAULTS)?;
        let at = self.named_account(c.account)?;
        let member = self.state.accounts[at as usize].member;
        self.check_in_default(member)?;
        let series = find_series(self.state, c.series)?;
        let held = self.state.accounts[at as usize].lots(series);
        if held == 0 {
            return Err(Refused::new(Refusal::PositionShort, 0, 0));
        }
        if self.state.behaviour >= RECOVERY {
            self.check_no_slices(member)?;
        }
        let left = self.state.unspent(member);
        if left != 0 {
            return Err(Refused::new(Refusal::LayerNotExhausted, 0, left));
        }
        let cuts = self.cuts(series, held);
        let named: Vec<AccountLots> = c.cuts.iter().collect();
        check_cuts(&cuts, &named)?;
        let terms = &self.state.series[series as usize];
        let (sign, price, option) = (held.signum(), terms.mark, terms.is_option());
        let value = i128::from(sign) * i128::from(price) * i128::from(terms.hours);
        let mut amounts = Amounts::new();
        if option && value != 0 {
            for cut in &cuts {
                amounts.insert(cut.account, -value * i128::from(cut.lots));
            }
            amounts.insert(c.account, value * i128::from(held.abs()));
        }
        self.check_payments(&amounts)?;
        self.tell(&wire::TornUp {
            account: c.account,
            series: c.series,
            lots: held,
            price,
        });
        for cut in &cuts {
            self.leave(series, c.account, cut.account, sign * cut.lots);
        }
        let closing = self
            .state
            .orders_that(|o| o.account == at && o.series == series);
        self.cancel_all(&closing, CancelReason::PositionTransferred);
        self.pay(&amounts);
        for cut in &cuts {
            let at = self.account_at(cut.account);
            self.end_raising(at);
            self.refresh(at);
        }
        Ok(())
    }

    /// Lots each account on the other side loses, ascending by account.
    fn cuts(&self, series: SeriesAt, held: i64) -> Vec<AccountLots> {
        let all = self.state.accounts_in_order();
        let lots = all.map(|at| {
            let account = &self.state.accounts[at as usize];
            (account.account, account.lots(series))
        });
        let against: Vec<(u32, i64)> = lots
            .filter(|(_, lots)| lots.signum() * held.signum() < 0)
            .collect();
        let weights: Vec<i64> = against.iter().map(|(_, lots)| lots.abs()).collect();
        let given = shares(held.abs(), &weights);
        let cuts = against.iter().zip(given);
        cuts.filter(|(_, lots)| *lots != 0)
            .map(|((account, _), lots)| AccountLots {
                account: *account,
                lots,
            })
            .collect()
    }
}
