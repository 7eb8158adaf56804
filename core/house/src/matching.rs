//! How a live order meets the book: sweep, rest, refuse its own owner, refresh, protect.

use crate::agenda::Agenda;
use crate::evolve::orders::{self as write, side_of};
use crate::state::{AccountAt, Order, OrderAt, Series, SeriesAt, State};
use crate::wire::{
    Aggressor, CancelReason, MakerProtectionTripped, OrderCancelled, OrderReduced, OrderRested,
    OrderState, OrderType, PauseReason, SelfTrade, SeriesState, SeriesStateChanged, Side,
    SliceRefreshed, TimeInForce, Traded, bound,
};

/// An order that a step may end: where it was, and what is still asked of it when it is gone.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    pub(crate) at: OrderAt,
    pub(crate) order: u64,
    account: AccountAt,
    quote: bool,
}

/// True when an order at `price` reaches a resting one at `other`.
#[inline]
pub(crate) fn crosses(side: Side, price: i64, other: i64) -> bool {
    if side == Side::Buy {
        other <= price
    } else {
        other >= price
    }
}

/// The side an order trades with.
#[inline]
pub(crate) fn opposite(side: Side) -> Side {
    if side == Side::Buy {
        Side::Sell
    } else {
        Side::Buy
    }
}

/// True for a life that never rests.
#[inline]
pub(crate) fn immediate(life: TimeInForce) -> bool {
    matches!(life, TimeInForce::Ioc | TimeInForce::Fok)
}

#[inline]
fn within_pause_range(series: &Series, anchor: i64, price: i64) -> bool {
    series.pause_range == 0
        || (price - anchor).abs() * 10_000 <= i64::from(series.pause_range) * anchor
}

/// Whether a resting order is cancelled for the incoming one of its owner, which goes on (EXC-015).
fn gives_way(order: &Order, maker: &Order) -> bool {
    if order.close_out != maker.close_out {
        return order.close_out;
    }
    order.self_trade == SelfTrade::CancelOldest
}

impl State {
    /// Best price of a side of a series, micro-dollars, and the order at its front.
    #[inline]
    pub(crate) fn best(&self, series: SeriesAt, side: Side) -> Option<(i64, OrderAt)> {
        let series = &self.series[series as usize];
        let (ticks, slot) = series.book.best(side_of(side))?;
        Some((ticks * series.tick, series.book.order(slot).handle()))
    }

    /// An order, as it may be gone after the next step.
    pub(crate) fn named(&self, at: OrderAt) -> Named {
        let order = self.orders.at(at);
        Named {
            at,
            order: order.order,
            account: order.account,
            quote: order.quote,
        }
    }

    /// Order ids of an account's live orders, ascending; close-outs only unless they are spared.
    pub(crate) fn orders_of(&self, account: AccountAt, spares: bool) -> Vec<u64> {
        let account = &self.accounts[account as usize];
        let live = self.orders.of_account(account);
        let live = live.filter(|o| !(spares && o.close_out));
        let mut found: Vec<u64> = live.map(|o| o.order).collect();
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

    /// Both accounts have one beneficial owner.
    #[inline]
    pub(crate) fn one_owner(&self, one: AccountAt, other: AccountAt) -> bool {
        self.accounts[one as usize].owner == self.accounts[other as usize].owner
    }

    /// Lots a sweep would fill at once, counted up to `needed` (EXC-013).
    fn fillable(&self, order: &Order, anchor: i64, needed: i64) -> i64 {
        let series = &self.series[order.series as usize];
        let (mut lots, mut fills) = (0, 0);
        for slot in series.book.iter(side_of(opposite(order.side))) {
            let (maker, details) = (series.book.order(slot), series.book.details(slot));
            let price = maker.price() * series.tick;
            if lots >= needed || !crosses(order.side, order.price, price) {
                break;
            }
            if !within_pause_range(series, anchor, price) {
                break;
            }
            let rests = self.orders.at(maker.handle());
            if self.one_owner(rests.account, order.account) {
                if gives_way(order, rests) {
                    continue;
                }
                break;
            }
            fills += 1;
            if details.display != 0 {
                let display = i64::from(details.display);
                fills += (details.hidden() + display - 1) / display;
            }
            if fills > bound::FILLS_PER_COMMAND {
                break;
            }
            lots += maker.visible() + details.hidden();
        }
        lots
    }

    /// Fees of one side of a trade; none when the cash at hand does not reach (CLR-012).
    #[inline]
    fn charged(&self, order: &Order, lots: i64, aggressor: Aggressor) -> (i64, i64) {
        let series = &self.series[order.series as usize];
        let account = &self.accounts[order.account as usize];
        let own = if order.side == Side::Buy {
            Aggressor::Buy
        } else {
            Aggressor::Sell
        };
        let per_lot = if aggressor == Aggressor::None || aggressor == own {
            series.taker_fee
        } else {
            series.maker_fee
        };
        let (fee, clearing) = (per_lot * lots, series.clearing_fee * lots);
        let room = (account.free_of_holds() - account.premiums).max(0);
        if fee + clearing <= room {
            (fee, clearing)
        } else {
            (0, 0)
        }
    }
}

impl Agenda<'_> {
    /// Ends a live order; nothing when it is gone.
    pub(crate) fn cancel(&mut self, order: u64, reason: CancelReason) {
        if let Some(at) = self.state.orders.find(order) {
            self.cancel_at(at, reason);
        }
    }

    /// Ends the live order at an index.
    pub(crate) fn cancel_at(&mut self, at: OrderAt, reason: CancelReason) {
        let found = self.state.orders.at(at);
        let resting = found.state == OrderState::Resting;
        let event = OrderCancelled {
            order: found.order,
            account: self.state.accounts[found.account as usize].account,
            series: self.state.series[found.series as usize].series,
            side: found.side,
            price: found.price,
            visible: if resting { found.visible } else { 0 },
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

    /// Takes what crosses, then rests or ends what is left.
    pub(crate) fn work(&mut self, at: OrderAt) {
        let order = *self.state.orders.at(at);
        let series = &self.state.series[order.series as usize];
        let ends = immediate(order.time_in_force) || order.order_type == OrderType::Stop;
        if series.state == SeriesState::Open && !self.state.halted {
            let anchor = if series.last_price == 0 {
                series.reference_price
            } else {
                series.last_price
            };
            let fok = order.time_in_force == TimeInForce::Fok;
            let needed = if fok {
                order.lots
            } else {
                self.state.orders.terms(at).minimum_lots
            };
            if needed != 0 {
                self.refresh_makers(&order);
                if !self.state.lives(at, order.order) {
                    return;
                }
                if self.state.fillable(&order, anchor, needed) < needed {
                    let reason = if fok {
                        CancelReason::FokUnfilled
                    } else {
                        CancelReason::MinimumUnmet
                    };
                    return self.cancel_at(at, reason);
                }
            }
            self.sweep(at, &order, anchor);
            if !self.state.lives(at, order.order) {
                return;
            }
        }
        if ends {
            let state = self.state.series[order.series as usize].state;
            let reason = if state == SeriesState::Paused {
                CancelReason::VolatilityPause
            } else {
                CancelReason::IocRemainder
            };
            return self.cancel_at(at, reason);
        }
        let left = self.state.orders.at(at);
        let event = OrderRested {
            series: self.state.series[left.series as usize].series,
            side: left.side,
            price: left.price,
            visible: self.state.orders.slice_lots(at),
            order: left.order,
            account: self.state.accounts[left.account as usize].account,
        };
        self.tell_by(&event, |state, number| {
            write::rested(state, number, &event, at);
        });
    }

    /// Judges stale accounts with orders an order would reach, ascending by account number.
    #[cold]
    fn refresh_makers(&mut self, order: &Order) {
        let series = &self.state.series[order.series as usize];
        let mut makers: Vec<(u32, AccountAt)> = Vec::new();
        for slot in series.book.iter(side_of(opposite(order.side))) {
            let maker = series.book.order(slot);
            if !crosses(order.side, order.price, maker.price() * series.tick) {
                break;
            }
            let account = self.state.orders.at(maker.handle()).account;
            makers.push((self.state.accounts[account as usize].account, account));
        }
        self.refresh_stale(makers);
    }

    /// Judges those of these accounts that are stale, ascending by account number.
    pub(crate) fn refresh_stale(&mut self, mut accounts: Vec<(u32, AccountAt)>) {
        accounts.sort_unstable();
        accounts.dedup();
        for (_, account) in accounts {
            if self.state.stale(account) {
                self.refresh(account);
            }
        }
    }

    #[inline]
    fn sweep(&mut self, at: OrderAt, order: &Order, anchor: i64) {
        let mut fills = 0;
        while self.state.lives(at, order.order) {
            let Some((price, maker)) = self.state.best(order.series, opposite(order.side)) else {
                return;
            };
            if !crosses(order.side, order.price, price) {
                return;
            }
            let series = &self.state.series[order.series as usize];
            if !within_pause_range(series, anchor, price) {
                let event = SeriesStateChanged {
                    series: series.series,
                    state: SeriesState::Paused,
                    reason: PauseReason::Volatility,
                    until: self.place.time + series.pause_duration,
                };
                return self.tell(&event);
            }
            let account = self.state.orders.at(maker).account;
            if self.state.stale(account) {
                self.refresh(account);
                continue;
            }
            if self.state.one_owner(account, order.account) {
                self.self_trade(at, maker);
                continue;
            }
            if fills == bound::FILLS_PER_COMMAND {
                return self.cancel_at(at, CancelReason::SweepBound);
            }
            fills += 1;
            let lots = self.state.orders.at(at).lots;
            let lots = lots.min(self.state.orders.at(maker).visible);
            let (buy, sell, aggressor) = if order.side == Side::Buy {
                (at, maker, Aggressor::Buy)
            } else {
                (maker, at, Aggressor::Sell)
            };
            let both = [self.state.named(maker), self.state.named(at)];
            self.trade(buy, sell, price, lots, aggressor);
            self.after_trade(order.series, both);
        }
    }

    /// The trade of two orders with its fees and premium.
    #[inline]
    pub(crate) fn trade(
        &mut self,
        buy_at: OrderAt,
        sell_at: OrderAt,
        price: i64,
        lots: i64,
        aggressor: Aggressor,
    ) {
        let state = &*self.state;
        let (buy, sell) = (state.orders.at(buy_at), state.orders.at(sell_at));
        let series = &state.series[buy.series as usize];
        let (buy_fee, buy_clearing_fee) = state.charged(buy, lots, aggressor);
        let (sell_fee, sell_clearing_fee) = state.charged(sell, lots, aggressor);
        let level = |order: &Order| {
            if order.state == OrderState::Resting {
                order.price
            } else {
                0
            }
        };
        let event = Traded {
            series: series.series,
            price,
            lots,
            aggressor,
            buy_price: level(buy),
            sell_price: level(sell),
            buy_order: buy.order,
            sell_order: sell.order,
            buy_account: state.accounts[buy.account as usize].account,
            sell_account: state.accounts[sell.account as usize].account,
            buy_fee,
            sell_fee,
            buy_clearing_fee,
            sell_clearing_fee,
            premium: if series.is_option() {
                price * lots * i64::from(series.hours)
            } else {
                0
            },
        };
        self.tell_by(&event, |state, at| {
            write::traded(state, at, &event, buy_at, sell_at);
        });
    }

    /// Next slices, elections and maker protection that a trade brings, in that order.
    #[inline]
    pub(crate) fn after_trade(&mut self, series: SeriesAt, orders: [Named; 2]) {
        for order in orders {
            self.show_next_slice(order);
        }
        self.elect(series);
        for order in orders {
            if order.quote {
                self.protect(series, order.account);
            }
        }
    }

    /// Shows the next slice of an iceberg whose slice is gone.
    #[inline]
    fn show_next_slice(&mut self, order: Named) {
        if !self.state.lives(order.at, order.order) {
            return;
        }
        let found = self.state.orders.at(order.at);
        if found.state != OrderState::Resting || found.visible != 0 {
            return;
        }
        let event = SliceRefreshed {
            series: self.state.series[found.series as usize].series,
            side: found.side,
            price: found.price,
            visible: self.state.orders.slice_lots(order.at),
            order: found.order,
            account: self.state.accounts[found.account as usize].account,
        };
        self.tell_by(&event, |state, at| {
            write::refreshed(state, at, event.visible, order.at);
        });
    }

    /// Withdraws a maker's quotes in a group when a limit of its protection is reached.
    fn protect(&mut self, series: SeriesAt, account: AccountAt) {
        let group = self.state.series[series as usize].group;
        let holder = &self.state.accounts[account as usize];
        let Some(p) = holder.protection(group).filter(|p| !p.tripped) else {
            return;
        };
        let over = (p.lots_limit != 0 && p.lots >= p.lots_limit)
            || (p.delta_limit != 0 && p.delta.saturating_abs() >= p.delta_limit)
            || (p.vega_limit != 0 && p.vega.saturating_abs() >= p.vega_limit);
        if !over {
            return;
        }
        let account = holder.account;
        let state = &*self.state;
        let quotes = state.orders.of_account(holder);
        let theirs = quotes.filter(|o| o.quote && state.series[o.series as usize].group == group);
        let mut quotes: Vec<u64> = theirs.map(|o| o.order).collect();
        quotes.sort_unstable();
        self.tell(&MakerProtectionTripped { account, group });
        self.cancel_all(&quotes, CancelReason::MakerProtection);
    }

    /// Self-trade prevention, by the incoming order's mode; of a close-out and another order the
    /// close-out stays (EXC-015).
    fn self_trade(&mut self, at: OrderAt, maker_at: OrderAt) {
        let (order, maker) = (*self.state.orders.at(at), *self.state.orders.at(maker_at));
        if order.close_out != maker.close_out {
            let leaves = if order.close_out { maker_at } else { at };
            return self.cancel_at(leaves, CancelReason::SelfTrade);
        }
        let mode = order.self_trade;
        if mode == SelfTrade::Decrement {
            let lots = order.lots.min(maker.visible);
            let named = self.state.named(maker_at);
            self.reduce(maker_at, &maker, lots, lots);
            self.show_next_slice(named);
            self.reduce(at, &order, lots, 0);
            return;
        }
        if matches!(mode, SelfTrade::CancelOldest | SelfTrade::CancelBoth) {
            self.cancel_at(maker_at, CancelReason::SelfTrade);
        }
        if matches!(mode, SelfTrade::CancelNewest | SelfTrade::CancelBoth) {
            self.cancel_at(at, CancelReason::SelfTrade);
        }
    }

    fn reduce(&mut self, at: OrderAt, order: &Order, lots: i64, visible: i64) {
        let event = OrderReduced {
            order: order.order,
            account: self.state.accounts[order.account as usize].account,
            series: self.state.series[order.series as usize].series,
            side: order.side,
            price: order.price,
            lots,
            visible,
        };
        self.tell_by(&event, |state, _| write::reduced(state, lots, at));
    }
}
