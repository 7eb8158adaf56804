//! Deciding who is eligible for which products (INS-014).

use crate::agenda::{Agenda, Decision, Refused};
use crate::state::{AccountAt, State};
use crate::wire::{self, CancelReason, EligibilitySet, ProductClass, Refusal, Side};

/// Behaviour from which products are for who is eligible (INS-014), and lines are lent.
pub(crate) const JOINING: u32 = 4;
/// Bits of every product class.
pub(crate) const EVERY_PRODUCT: u32 = ProductClass::Future as u32
    | ProductClass::Option as u32
    | ProductClass::Swap as u32
    | ProductClass::Physical as u32;

/// Refuses a product to who is barred from it.
#[cold]
pub(crate) fn not_eligible(barred: u8, product: u8) -> Refused {
    let eligible = EVERY_PRODUCT & !u32::from(barred);
    Refused::new(Refusal::ProductNotEligible, eligible, product)
}

/// An account moves to a member only with positions in products that one is eligible for.
pub(crate) fn check_member_eligible(state: &State, at: AccountAt, member: u32) -> Decision {
    let barred = state.members.get(&member).map_or(0, |m| m.withheld);
    let holdings = &state.accounts[at as usize].holdings;
    let held = holdings.iter().filter(|h| h.lots != 0);
    let held = held.map(|h| &state.series[h.series as usize]);
    let found = held.filter(|series| series.product & barred != 0);
    if let Some(series) = found.min_by_key(|series| series.series) {
        return Err(not_eligible(barred, series.product));
    }
    let physical = ProductClass::Physical as u8;
    let account = state.accounts[at as usize].account;
    if barred & physical != 0 && state.owes_delivery(account) {
        return Err(not_eligible(barred, physical));
    }
    Ok(())
}

impl Agenda<'_> {
    /// Says for which products a member or an account is eligible (INS-014).
    pub(crate) fn set_eligibility(&mut self, c: &wire::SetEligibility) -> Decision {
        self.need_behaviour(JOINING)?;
        if !self.state.members.contains_key(&c.member) {
            return Err(Refused::new(Refusal::MemberUnknown, 0, c.member));
        }
        let named = self.state.account_at(c.account);
        if c.account != 0 && named.is_none() {
            return Err(Refused::new(Refusal::AccountUnknown, 0, c.account));
        }
        if let Some(at) = named
            && self.state.accounts[at as usize].member != c.member
        {
            return Err(Refused::new(Refusal::AccountNotYours, c.member, c.account));
        }
        if c.products & !EVERY_PRODUCT != 0 {
            let found = c.products;
            return Err(Refused::new(
                Refusal::ProductsOutOfBounds,
                EVERY_PRODUCT,
                found,
            ));
        }
        self.tell(&EligibilitySet {
            account: c.account,
            member: c.member,
            products: c.products,
            basis: c.basis,
        });
        let all: Vec<AccountAt> = self.state.accounts_in_order().collect();
        for at in all {
            let account = &self.state.accounts[at as usize];
            if account.member == c.member && [0, account.account].contains(&c.account) {
                self.end_raising(at);
            }
        }
        Ok(())
    }

    /// Ends orders in products the account is not eligible for that would not only reduce what it
    /// has (INS-014).
    pub(crate) fn end_raising(&mut self, at: AccountAt) {
        let state = &*self.state;
        let account = &state.accounts[at as usize];
        if account.barred == 0 {
            return;
        }
        let orders = state.orders.of_account(account);
        let barred = |series: u32| state.series[series as usize].product & account.barred != 0;
        let mut theirs: Vec<_> = orders.filter(|o| barred(o.series)).collect();
        theirs.sort_unstable_by_key(|o| o.order);
        let mut room: Vec<((u32, bool), i64)> = Vec::new();
        let mut ends = Vec::new();
        for order in theirs {
            let buys = order.side == Side::Buy;
            let key = (order.series, buys);
            let place = room.iter().position(|(found, _)| *found == key);
            let place = place.unwrap_or_else(|| {
                let held = account.lots(order.series);
                let left = if buys { -held } else { held };
                room.push((key, left.max(0)));
                room.len() - 1
            });
            if order.lots > room[place].1 {
                ends.push(order.order);
            } else {
                room[place].1 -= order.lots;
            }
        }
        self.cancel_all(&ends, CancelReason::NotEligible);
    }
}
