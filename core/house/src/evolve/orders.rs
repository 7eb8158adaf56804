//! What orders and trades write. Each writer is told where its order is.

use super::{Post, Reference, State, remember};
use crate::agenda::At;
use crate::book::{self, Book};
use crate::state::{Order, OrderAt, Terms, TimerKind, Trade};
use crate::wire::{self, LedgerClass, OrderState, Side};

/// The side as the book has it.
#[inline]
pub(crate) fn side_of(side: Side) -> book::Side {
    if side == Side::Buy {
        book::Side::Buy
    } else {
        book::Side::Sell
    }
}

impl State {
    /// True while the order that was at an index is still live.
    #[inline]
    pub(crate) fn lives(&self, at: OrderAt, order: u64) -> bool {
        self.orders.at(at).order == order
    }

    /// The book an order belongs to.
    #[inline]
    pub(crate) fn book_mut(&mut self, at: OrderAt) -> &mut Book {
        &mut self.series[self.orders.at(at).series as usize].book
    }

    /// Enters a live order of an account: its lots count as open from here.
    pub(crate) fn enter_order(&mut self, mut order: Order, terms: Terms) -> OrderAt {
        let account = &mut self.accounts[order.account as usize];
        order.holding = account.make_holding(order.series) as u32;
        self.set_timer(terms.expiry, TimerKind::Order, order.order);
        self.open_lots(order.counts(), order.lots);
        let account = &mut self.accounts[order.account as usize];
        self.orders.insert(order, terms, account)
    }

    /// Enters an order as its record tells it; resting ones come in order of (priority, order).
    pub(crate) fn restore_order(&mut self, order: Order, terms: Terms) -> OrderAt {
        let at = self.enter_order(order, terms);
        match order.state {
            OrderState::Resting => self.stand(at),
            OrderState::Waiting => self.wait(at),
            OrderState::Elected => {
                self.elected.insert(order.priority, at);
            }
            OrderState::Taking => {}
        }
        at
    }

    /// Puts an order with its visible lots at the end of its level.
    pub(crate) fn stand(&mut self, at: OrderAt) {
        let display = self.orders.terms(at).display_lots as u32;
        let order = self.orders.at_mut(at);
        let series = &mut self.series[order.series as usize];
        let standing = book::Order {
            id: order.order,
            handle: at,
            side: side_of(order.side),
            price: order.price / series.tick,
            lots: order.lots,
            display,
        };
        order.slot = series.book.restore(&standing, order.visible);
    }

    fn wait(&mut self, at: OrderAt) {
        let order = self.orders.at(at);
        let key = (self.orders.terms_of(order).stop_price, order.order);
        let series = &mut self.series[order.series as usize];
        if order.side == Side::Buy {
            series.waiting_buys.insert(key);
        } else {
            series.waiting_sells.insert(key);
        }
    }

    fn stop_waiting(&mut self, at: OrderAt) {
        let order = self.orders.at(at);
        let key = (self.orders.terms_of(order).stop_price, order.order);
        let series = &mut self.series[order.series as usize];
        if order.side == Side::Buy {
            series.waiting_buys.remove(&key);
        } else {
            series.waiting_sells.remove(&key);
        }
    }

    /// Takes an order out of wherever it stands: book, waiting stops, elected stops.
    #[inline]
    fn unstand(&mut self, at: OrderAt) {
        let order = self.orders.at(at);
        match order.state {
            OrderState::Resting if order.slot != 0 => {
                self.series[order.series as usize].book.remove(order.slot);
                self.orders.at_mut(at).slot = 0;
            }
            OrderState::Waiting => self.stop_waiting(at),
            OrderState::Elected => {
                self.elected.remove(&order.priority);
            }
            _ => {}
        }
    }

    /// Forgets an order that stands nowhere any more.
    #[inline]
    fn forget(&mut self, at: OrderAt) {
        let order = self.orders.at(at);
        let (lots, counts) = (order.lots, order.counts());
        if order.special {
            let (number, expiry) = (order.order, self.orders.terms_of(order).expiry);
            self.stop_timer(expiry, TimerKind::Order, number);
        }
        if lots != 0 {
            self.open_lots(counts, -lots);
        }
        let account = &mut self.accounts[counts.account as usize];
        self.orders.remove(at, account);
    }

    /// Takes lots off an order; an empty slice leaves the queue, an empty order the house.
    #[inline]
    fn take_lots(&mut self, at: OrderAt, lots: i64) {
        let order = self.orders.at_mut(at);
        order.lots -= lots;
        assert!(order.lots >= 0, "an order never fills past its size");
        if order.state == OrderState::Resting {
            order.visible -= lots;
            let slot = order.slot;
            let book = &mut self.series[order.series as usize].book;
            if order.visible == 0 {
                order.slot = 0;
                book.remove(slot);
            } else {
                book.fill(slot, lots);
            }
        }
        let (left, counts) = (order.lots, order.counts());
        if left == 0 && order.state == OrderState::Elected {
            self.elected.remove(&order.priority);
        }
        self.open_lots(counts, -lots);
        if left == 0 {
            self.forget(at);
        }
    }
}

/// An order passed every guard.
pub(crate) fn accepted(
    state: &mut State,
    at: At,
    event: &wire::OrderAccepted,
    (order, terms): (Order, Terms),
) -> OrderAt {
    let reference = Reference {
        reference: event.reference,
        original: at.place.number,
        reference_time: event.reference_time,
        order: event.order,
        body: event.body,
    };
    remember(&mut state.accounts[order.account as usize], reference);
    state.enter_order(order, terms)
}

/// What is left joins the end of its level.
pub(crate) fn rested(state: &mut State, at: At, event: &wire::OrderRested, order: OrderAt) {
    let found = state.orders.at(order);
    if found.state == OrderState::Elected {
        state.elected.remove(&found.priority);
    }
    let found = state.orders.at_mut(order);
    found.state = OrderState::Resting;
    found.visible = event.visible;
    found.priority = at.number;
    state.stand(order);
}

/// A stop waits for its trigger.
pub(crate) fn waiting(state: &mut State, order: OrderAt) {
    state.orders.at_mut(order).state = OrderState::Waiting;
    state.wait(order);
}

/// A stop met its trigger.
pub(crate) fn elected(state: &mut State, at: At, order: OrderAt) {
    state.stop_waiting(order);
    let found = state.orders.at_mut(order);
    found.state = OrderState::Elected;
    found.priority = at.number;
    state.elected.insert(at.number, order);
}

/// A resting order has other terms; it leaves the book unless its priority is kept.
pub(crate) fn replaced(state: &mut State, at: At, event: &wire::OrderReplaced, order: OrderAt) {
    let before = *state.orders.at(order);
    state.open_lots(before.counts(), -before.lots);
    if event.kept {
        let fewer = before.lots - event.lots;
        if fewer > 0 {
            state.book_mut(order).reduce(before.slot, fewer);
        }
        let found = state.orders.at_mut(order);
        found.lots = event.lots;
        found.visible = event.visible;
    } else {
        state.unstand(order);
        let found = state.orders.at_mut(order);
        found.state = OrderState::Taking;
        found.visible = 0;
        found.price = event.price;
        found.lots = event.lots;
    }
    let after = *state.orders.at(order);
    state.open_lots(after.counts(), after.lots);
    let reference = Reference {
        reference: event.reference,
        original: at.place.number,
        reference_time: event.reference_time,
        order: event.order,
        body: event.body,
    };
    remember(&mut state.accounts[after.account as usize], reference);
}

/// Self-trade prevention took lots off an order.
pub(crate) fn reduced(state: &mut State, lots: i64, order: OrderAt) {
    state.take_lots(order, lots);
}

/// An iceberg shows its next slice.
pub(crate) fn refreshed(state: &mut State, at: At, visible: i64, order: OrderAt) {
    let found = state.orders.at_mut(order);
    found.visible = visible;
    found.priority = at.number;
    state.stand(order);
}

/// What was left of an order ended.
pub(crate) fn cancelled(state: &mut State, order: OrderAt) {
    state.unstand(order);
    state.forget(order);
}

/// Two orders traded.
pub(crate) fn traded(state: &mut State, at: At, event: &wire::Traded, buy: OrderAt, sell: OrderAt) {
    let side = |order: &Order| (order.account, order.holding as usize);
    let (buyer, bought) = side(state.orders.at(buy));
    let (seller, sold) = side(state.orders.at(sell));
    let series = state.orders.at(buy).series;
    for (account, fee, clearing_fee) in [
        (buyer, event.buy_fee, event.buy_clearing_fee),
        (seller, event.sell_fee, event.sell_clearing_fee),
    ] {
        let cash = Post::Cash(account);
        state.post(cash, Post::House(LedgerClass::ExchangeFees), fee);
        let clearing = Post::House(LedgerClass::ClearingFees);
        state.post(cash, clearing, clearing_fee);
    }
    state.post(Post::Cash(buyer), Post::Cash(seller), event.premium);
    state.series[series as usize].last_price = event.price;
    for (order, sign) in [(buy, 1), (sell, -1)] {
        if state.orders.at(order).quote {
            count_fill(state, at, order, sign * event.lots);
        }
        state.take_lots(order, event.lots);
    }
    state.move_holding(buyer, bought, event.lots, event.price);
    state.move_holding(seller, sold, -event.lots, event.price);
    state.trades.push(Trade {
        trade: at.number,
        price: event.price,
        buy_fee: event.buy_fee,
        sell_fee: event.sell_fee,
        buy_clearing_fee: event.buy_clearing_fee,
        sell_clearing_fee: event.sell_clearing_fee,
        series: event.series,
        lots: event.lots as u32,
        buy_account: event.buy_account,
        sell_account: event.sell_account,
    });
}

/// Counts a fill of a quote towards its maker's protection (EXC-018).
fn count_fill(state: &mut State, at: At, order: OrderAt, lots: i64) {
    let order = *state.orders.at(order);
    let series = &state.series[order.series as usize];
    let Some(table) = &state.table else {
        return;
    };
    let protections = &mut state.accounts[order.account as usize].protections;
    let Some(protection) = protections.iter_mut().find(|p| p.group == series.group) else {
        return;
    };
    if at.place.time - protection.started >= protection.interval {
        protection.started = at.place.time;
        (protection.lots, protection.delta, protection.vega) = (0, 0, 0);
    }
    let row = &table.series[&series.series];
    protection.lots = protection.lots.saturating_add(lots.abs());
    protection.delta = protection.delta.saturating_add(lots * row.delta);
    protection.vega = protection.vega.saturating_add(lots * row.vega);
}
