//! What events of guarantees write and post.

use super::{Evolve, LedgerClass, Post, State, TimerKind};
use crate::agenda::At;
use crate::state::Guarantee;
use crate::wire;

fn cash(state: &State, account: u32) -> Post {
    let at = state.account_at(account);
    Post::Cash(at.expect("the guard found the account"))
}

fn forget(state: &mut State, number: u64) {
    if let Some(gone) = state.owed.guarantees.remove(&number) {
        state.stop_timer(gone.until, TimerKind::Guarantee, number);
    }
}

impl Evolve for wire::GuaranteeGiven {
    fn evolve(&self, state: &mut State, _: At) {
        let guarantee = Guarantee {
            guarantee: self.guarantee,
            account: self.account,
            to_account: self.to_account,
            amount: self.amount,
            until: self.until,
            basis: self.basis,
        };
        let set_aside = Post::Of(LedgerClass::Guarantee, self.account);
        state.post(cash(state, self.account), set_aside, self.amount);
        state.owed.guarantees.insert(self.guarantee, guarantee);
        state.set_timer(self.until, TimerKind::Guarantee, self.guarantee);
    }
}

impl Evolve for wire::GuaranteePaid {
    fn evolve(&self, state: &mut State, _: At) {
        let set_aside = Post::Of(LedgerClass::Guarantee, self.account);
        state.post(set_aside, cash(state, self.to_account), self.amount);
        let found = state.owed.guarantees.get_mut(&self.guarantee);
        let guarantee = found.expect("what pays is there");
        guarantee.amount -= self.amount;
        if guarantee.amount == 0 {
            forget(state, self.guarantee);
        }
    }
}

impl Evolve for wire::GuaranteeEnded {
    fn evolve(&self, state: &mut State, _: At) {
        let set_aside = Post::Of(LedgerClass::Guarantee, self.account);
        state.post(set_aside, cash(state, self.account), self.amount);
        forget(state, self.guarantee);
    }
}
