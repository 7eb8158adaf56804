//! What events of collateral, of margin calls and of publications write.

use super::{Evolve, State, TimerKind};
use crate::agenda::At;
use crate::state::MarginCall;
use crate::wire;

impl Evolve for wire::CollateralAdmitted {
    fn evolve(&self, state: &mut State, at: At) {
        let terms = state.collateral.entry(self.asset).or_default();
        terms.haircut = self.haircut;
        terms.account_cap = self.account_cap;
        terms.letter = self.letter;
        state.epoch = at.number;
        state.count_all_collateral();
    }
}

impl Evolve for wire::CollateralValued<'_> {
    fn evolve(&self, state: &mut State, at: At) {
        for item in self.prices.iter() {
            let terms = state.collateral.get_mut(&item.asset);
            let terms = terms.expect("the guard found the asset");
            terms.price = item.price;
            terms.day = self.day;
        }
        state.epoch = at.number;
        state.count_all_collateral();
    }
}

impl Evolve for wire::MarginCalled {
    fn evolve(&self, state: &mut State, _: At) {
        let call = MarginCall {
            call: self.call,
            amount: self.amount,
            due: self.due,
        };
        state.calls.insert(self.account, call);
        state.set_timer(self.due, TimerKind::Call, u64::from(self.account));
    }
}

impl Evolve for wire::MarginCallMet {
    fn evolve(&self, state: &mut State, _: At) {
        let call = state.calls.remove(&self.account);
        let due = call.expect("a call that is met stands").due;
        state.stop_timer(due, TimerKind::Call, u64::from(self.account));
    }
}

impl Evolve for wire::MarginCallLate {
    fn evolve(&self, state: &mut State, _: At) {
        let call = state.calls.get_mut(&self.account);
        let call = call.expect("a call that is late stands");
        let due = std::mem::take(&mut call.due);
        state.stop_timer(due, TimerKind::Call, u64::from(self.account));
    }
}

impl Evolve for wire::DigestPublished {
    fn evolve(&self, state: &mut State, _: At) {
        let last = (self.day, self.digest);
        state.digests.insert(self.publication, last);
    }
}
