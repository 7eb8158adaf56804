//! What money events write and post.

use super::{Evolve, LedgerClass, Pending, Post, Reference, State, TimerKind, TransferReason, USD};
use super::{account_of, remember};
use crate::agenda::At;
use crate::state::AccountAt;
use crate::wire;

/// Default shortfall that is open, micro-dollars.
fn shortfall(state: &State) -> i64 {
    -state.ledger.house(LedgerClass::DefaultShortfall)
}

/// Dues repaid from `source`: an open shortfall is filled before the house's liquidity (LED-006).
pub(super) fn repay(state: &mut State, account: AccountAt, source: Post, amount: i64) {
    let filled = amount.min(shortfall(state));
    state.post(source, Post::House(LedgerClass::DefaultShortfall), filled);
    let rest = amount - filled;
    state.post(source, Post::House(LedgerClass::HouseLiquidity), rest);
    let contra = Post::House(LedgerClass::AdvancesReceivable);
    state.post(contra, Post::Due(account), amount);
}

impl Evolve for wire::TransferPosted {
    fn evolve(&self, state: &mut State, at: At) {
        let bank = Post::House(LedgerClass::Bank);
        match self.reason {
            TransferReason::Deposit => {
                let account = state.account_at(self.account);
                let account = account.expect("the guard found the account");
                if self.asset == USD {
                    repay(state, account, bank, self.to_dues);
                    state.post(bank, Post::Cash(account), self.amount - self.to_dues);
                } else {
                    state.post_asset(self.asset, self.account, self.amount);
                    state.count_collateral(account);
                }
                let reference = Reference {
                    reference: self.reference,
                    original: at.place.number,
                    reference_time: self.reference_time,
                    order: 0,
                    body: self.body,
                };
                remember(&mut state.accounts[account as usize], reference);
            }
            TransferReason::Withdrawal => {
                if self.asset == USD {
                    let account = state.account_at(self.account);
                    let account = account.expect("a pending transfer has its account");
                    state.post(Post::Cash(account), bank, self.amount);
                } else {
                    state.post_asset(self.asset, self.account, -self.amount);
                }
                release_hold(state, self.pending);
            }
            TransferReason::Liquidity => {
                let gap = Post::House(LedgerClass::DefaultShortfall);
                state.post(bank, gap, self.to_dues);
                let liquidity = Post::House(LedgerClass::HouseLiquidity);
                state.post(bank, liquidity, self.amount - self.to_dues);
            }
        }
    }
}

impl Evolve for wire::TransferPended {
    fn evolve(&self, state: &mut State, at: At) {
        state.pendings.insert(
            self.transfer,
            Pending {
                transfer: self.transfer,
                account: self.account,
                asset: self.asset,
                amount: self.amount,
                due: self.due,
            },
        );
        hold(state, self.account, self.asset, self.amount);
        let account = account_of(state, self.account);
        remember(
            account,
            Reference {
                reference: self.reference,
                original: at.place.number,
                reference_time: self.reference_time,
                order: 0,
                body: self.body,
            },
        );
        state.set_timer(self.due, TimerKind::Transfer, self.transfer);
    }
}

impl Evolve for wire::TransferVoided {
    fn evolve(&self, state: &mut State, _: At) {
        release_hold(state, self.transfer);
    }
}

/// Sets an amount of an asset aside, or (negative) frees it; what is set aside is no cover.
fn hold(state: &mut State, number: u32, asset: u16, amount: i64) {
    account_of(state, number).hold(asset, amount);
    if asset != USD {
        let account = state.account_at(number).expect("it was found before");
        state.count_collateral(account);
    }
}

fn release_hold(state: &mut State, transfer: u64) {
    let pending = state.pendings.remove(&transfer);
    let pending = pending.expect("the guard found the transfer");
    hold(state, pending.account, pending.asset, -pending.amount);
    state.stop_timer(pending.due, TimerKind::Transfer, transfer);
}

impl Evolve for wire::PaymentPosted {
    fn evolve(&self, state: &mut State, _: At) {
        let account = state.account_at(self.account);
        let account = account.expect("a payment names an account");
        let transit = Post::House(LedgerClass::Settlement);
        if self.amount >= 0 {
            repay(state, account, transit, self.to_dues);
            state.post(transit, Post::Cash(account), self.amount - self.to_dues);
            return;
        }
        state.post(Post::Cash(account), transit, self.from_cash);
        let liquidity = Post::House(LedgerClass::HouseLiquidity);
        state.post(liquidity, transit, self.advanced);
        let gap = Post::House(LedgerClass::DefaultShortfall);
        state.post(gap, transit, self.shortfall);
        let contra = Post::House(LedgerClass::AdvancesReceivable);
        state.post(Post::Due(account), contra, self.advanced + self.shortfall);
    }
}
