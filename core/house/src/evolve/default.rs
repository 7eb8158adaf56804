//! What events of a default write.

use std::collections::BTreeMap;

use super::{Evolve, LedgerClass, Post, State, account_of};
use crate::agenda::At;
use crate::default::RECOVERY;
use crate::evolve::money::repay;
use crate::state::{Bid, Slice, Stake, USD};
use crate::wire::{self, BidEnd, LossLayer, Tranche, bound};

impl Evolve for wire::TrancheFunded {
    fn evolve(&self, state: &mut State, _: At) {
        let tranche = match self.tranche {
            Tranche::FirstLoss => LedgerClass::FirstLoss,
            Tranche::SecondTranche => LedgerClass::SecondTranche,
        };
        let bank = Post::House(LedgerClass::Bank);
        state.post(bank, Post::House(tranche), self.amount);
    }
}

impl Evolve for wire::FundContributed {
    fn evolve(&self, state: &mut State, _: At) {
        let at = state.account_at(self.account);
        let cash = Post::Cash(at.expect("the guard found the account"));
        state.post(cash, Post::Fund(self.account), self.amount);
        // Who contributes stays (CLR-034).
        let member = state.member_of(self.account);
        state.notices.remove(&member);
    }
}

impl Evolve for wire::FundReturned {
    fn evolve(&self, state: &mut State, _: At) {
        let at = state.account_at(self.account);
        let cash = Post::Cash(at.expect("the guard found the account"));
        state.post(Post::Fund(self.account), cash, self.amount);
    }
}

impl Evolve for wire::DefaultDeclared {
    fn evolve(&self, state: &mut State, at: At) {
        state.defaults.insert(self.member, at.number);
        for (class, account, asset, balance) in state.balances() {
            if class != LedgerClass::DefaultFund || asset != USD {
                continue;
            }
            let (survivor, now) = (state.member_of(account), at.place.time);
            if !state.defaults.contains_key(&survivor) && !state.has_left(survivor, now) {
                cool(state, account, balance, now);
                let stake = Stake {
                    contribution: balance,
                    ..Stake::default()
                };
                state.stakes.insert((self.member, account), stake);
            }
        }
    }
}

/// Adds to the amount of an account, within the bound.
pub(super) fn keep(amounts: &mut BTreeMap<u32, i64>, account: u32, more: i128) {
    let most = i128::from(bound::MONEY);
    let kept = amounts.entry(account).or_default();
    *kept = (i128::from(*kept) + more).clamp(-most, most) as i64;
}

/// A cooling period begins with a declaration, or one that runs goes on (CLR-034).
fn cool(state: &mut State, account: u32, contribution: i64, now: i64) {
    if state.behaviour < RECOVERY {
        return;
    }
    let known = state.coolings.get(&account).copied();
    let running = known.filter(|cooling| state.cools(account, cooling, now));
    let mut cooling = running.unwrap_or_default();
    cooling.base = cooling.base.max(contribution);
    cooling.until = now + bound::COOLING_PERIOD;
    state.coolings.insert(account, cooling);
}

impl Evolve for wire::NoticeGiven {
    fn evolve(&self, state: &mut State, _: At) {
        state.notices.insert(self.member, self.effective);
    }
}

impl Evolve for wire::SliceOffered<'_> {
    fn evolve(&self, state: &mut State, _: At) {
        state.bids.retain(|key, _| key.0 != self.slice);
        let slice = Slice {
            from_account: self.from_account,
            reserve: self.reserve,
            seals: self.seals,
            opens: self.opens,
            positions: self.positions.iter().collect(),
        };
        state.slices.insert(self.slice, slice);
    }
}

impl Evolve for wire::BidOpened {
    fn evolve(&self, state: &mut State, _: At) {
        let bid = state.bids.get_mut(&(self.slice, self.account));
        let bid = bid.expect("the guard found the bid");
        (bid.opened, bid.amount) = (true, self.amount);
    }
}

impl Evolve for wire::BidEnded {
    fn evolve(&self, state: &mut State, _: At) {
        state.bids.remove(&(self.slice, self.account));
        if matches!(self.reason, BidEnd::Won | BidEnd::Counted) {
            has_bid(state, self.account, self.from_account);
        }
    }
}

impl Evolve for wire::SliceEnded {
    fn evolve(&self, state: &mut State, _: At) {
        state.slices.remove(&self.slice);
    }
}

/// The member of who bid has bid for the book of the one in default.
fn has_bid(state: &mut State, bidder: u32, giver: u32) {
    let (member, bidder) = (state.member_of(giver), state.member_of(bidder));
    let theirs = state.stakes.keys().filter(|key| key.0 == member);
    let theirs = theirs.filter(|key| state.member_of(key.1) == bidder);
    for key in theirs.copied().collect::<Vec<_>>() {
        state.stakes.entry(key).and_modify(|stake| stake.bid = true);
    }
}

impl Evolve for wire::PortOffered {
    fn evolve(&self, state: &mut State, _: At) {
        state.ports.insert(self.account, self.member);
    }
}

impl Evolve for wire::AccountPorted {
    fn evolve(&self, state: &mut State, _: At) {
        let member = state.members.get(&self.member);
        let suspended = member.is_some_and(|member| member.suspended);
        let account = account_of(state, self.account);
        (account.member, account.suspended) = (self.member, suspended);
        state.bar_accounts(self.member);
        state.ports.remove(&self.account);
        state.bids.retain(|_, bid| bid.from_account != self.account);
    }
}

impl Evolve for wire::BidCommitted {
    fn evolve(&self, state: &mut State, _: At) {
        let bid = Bid {
            from_account: self.from_account,
            until: self.until,
            commitment: self.commitment,
            opened: false,
            amount: 0,
        };
        state.bids.insert((self.slice, self.account), bid);
        if state.behaviour < RECOVERY {
            has_bid(state, self.account, self.from_account);
        }
    }
}

impl Evolve for wire::SliceAwarded {
    fn evolve(&self, state: &mut State, _: At) {
        state.bids.retain(|key, _| key.0 != self.slice);
        state.slices.remove(&self.slice);
    }
}

impl Evolve for wire::LossAllocated {
    fn evolve(&self, state: &mut State, _: At) {
        let due = state.account_at(self.due_account);
        let due = due.expect("a due has its account");
        if self.layer == LossLayer::Liquidity {
            // What the house advanced is paid by nobody (CLR-035).
            let contra = Post::House(LedgerClass::AdvancesReceivable);
            state.post(contra, Post::Due(due), self.amount);
            return;
        }
        let bears = state.account_at(self.account);
        let bears = || bears.expect("the guard found the account");
        let source = match self.layer {
            LossLayer::Margin
            | LossLayer::Gains
            | LossLayer::ClientGains
            | LossLayer::Assessment => Post::Cash(bears()),
            LossLayer::OwnFund | LossLayer::AbsentFund | LossLayer::BiddingFund => {
                Post::Fund(self.account)
            }
            LossLayer::FirstLoss => Post::House(LedgerClass::FirstLoss),
            LossLayer::SecondTranche | LossLayer::Liquidity => {
                Post::House(LedgerClass::SecondTranche)
            }
        };
        repay(state, due, source, self.amount - self.owed);
        if self.owed != 0 {
            state.post(Post::Due(bears()), Post::Due(due), self.owed);
        }
        let key = (self.member, self.account);
        match self.layer {
            LossLayer::Gains | LossLayer::ClientGains => {
                if let Some(before) = state.earlier.get_mut(&self.account) {
                    *before -= (*before).min(self.amount).max(0);
                }
                state.earlier.retain(|_, gain| *gain != 0);
                if let Some(gain) = state.gains.get_mut(&self.account) {
                    *gain -= self.amount;
                }
                state.gains.retain(|_, gain| *gain != 0);
            }
            LossLayer::Assessment => {
                let stake = state.stakes.entry(key);
                stake.and_modify(|stake| stake.assessed += self.amount);
                let cooling = state.coolings.entry(self.account);
                cooling.and_modify(|cooling| cooling.assessed += self.amount);
            }
            LossLayer::OwnFund => {
                let stands = state.in_fund(self.account);
                spend(state, key, stands + self.amount, self.amount);
            }
            LossLayer::AbsentFund | LossLayer::BiddingFund => {
                if let Some(stake) = state.stakes.get_mut(&key) {
                    let left = stake.left();
                    stake.used += self.amount;
                    spend(state, key, left, self.amount);
                }
            }
            _ => {}
        }
    }
}

/// Takes money of the default fund that the default of `key` reached `left` of out of the account's
/// other stakes: what only later declarations found there goes first (CLR-026).
fn spend(state: &mut State, key: (u32, u32), left: i64, amount: i64) {
    for (other, stake) in &mut state.stakes {
        if other.1 == key.1 && other.0 != key.0 {
            let reach = stake.left();
            let after = if reach <= left {
                reach.min(left - amount)
            } else {
                reach - amount
            };
            stake.used = stake.contribution - after;
        }
    }
}

impl Evolve for wire::DefaultClosed {
    fn evolve(&self, state: &mut State, _: At) {
        let member = self.member;
        state.defaults.remove(&member);
        state.stakes.retain(|key, _| key.0 != member);
        let theirs: Vec<u32> = state
            .accounts_of(member)
            .iter()
            .map(|a| a.account)
            .collect();
        state.ports.retain(|account, _| !theirs.contains(account));
        state
            .bids
            .retain(|_, bid| !theirs.contains(&bid.from_account));
        if state.defaults.is_empty() {
            // Of a default to come only the last settlement is not past.
            for (account, gain) in std::mem::take(&mut state.earlier) {
                keep(&mut state.gains, account, -i128::from(gain));
            }
            state.gains.retain(|_, gain| *gain != 0);
        }
    }
}
