//! What events of joining write.

use super::{Evolve, State, account_of};
use crate::agenda::At;
use crate::joining::EVERY_PRODUCT;
use crate::wire;

impl Evolve for wire::EligibilitySet {
    fn evolve(&self, state: &mut State, _: At) {
        let withheld = (EVERY_PRODUCT & !self.products) as u8;
        if self.account != 0 {
            account_of(state, self.account).withheld = withheld;
        } else {
            let member = state.members.get_mut(&self.member);
            member.expect("the guard found the member").withheld = withheld;
        }
        state.bar_accounts(self.member);
    }
}
