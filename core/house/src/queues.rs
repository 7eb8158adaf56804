//! What comes due: timers, elected stops, call auctions, and accounts judged anew.

use crate::agenda::Agenda;
use crate::evolve::orders::{self as write, side_of};
use crate::exchanging::exchange_over;
use crate::margin::judge;
use crate::rights::offer_over;
use crate::state::{AccountAt, Order, SeriesAt, TimerKind};
use crate::wire::{
    AccountRefreshed, Aggressor, AuctionUncrossed, CancelReason, DeadManFired, OfferEnd,
    OrderElected, PauseReason, ProposalLapsed, ReferenceMoved, SeriesState, SeriesStateChanged,
    Side, TransferVoided, bound,
};

impl Agenda<'_> {
    /// Everything due by now, in order of (due, kind, number) (EXC-010).
    #[inline]
    pub(crate) fn fire_timers(&mut self) {
        let now = self.place.time;
        if self.state.timers.first().is_some_and(|t| t.0 <= now) {
            self.fire_due(now);
        }
    }

    #[cold]
    fn fire_due(&mut self, now: i64) {
        let timers = self.state.timers.iter();
        let due: Vec<_> = timers.take_while(|t| t.0 <= now).copied().collect();
        for timer in due {
            if !self.state.timers.contains(&timer) {
                continue;
            }
            let (_, kind, number) = timer;
            match kind {
                TimerKind::Order => self.cancel(number, CancelReason::GtdExpired),
                TimerKind::Series => self.end_pause(number as u32),
                TimerKind::Account => {
                    let account = number as u32;
                    self.tell(&DeadManFired { account });
                    let orders = self.state.orders_of(self.account_at(account), true);
                    self.cancel_all(&orders, CancelReason::DeadMan);
                }
                TimerKind::Proposal => self.tell(&ProposalLapsed { proposal: number }),
                TimerKind::Call => self.call_due(number as u32),
                TimerKind::Delivery => self.delivery_due(number),
                TimerKind::Metered => self.make_final(number),
                TimerKind::Final => self.close_final(number),
                TimerKind::Credit => self.end_credit(number as u32),
                TimerKind::Exchange => {
                    let offer = self.state.owed.exchanges[&number];
                    self.tell(&exchange_over(&offer, OfferEnd::Lapsed));
                }
                TimerKind::Guarantee => {
                    let guarantee = self.state.owed.guarantees[&number];
                    self.end_guarantee(&guarantee);
                }
                TimerKind::DeliveryOffer => {
                    let offer = self.state.owed.offers[&number];
                    self.tell(&offer_over(&offer, OfferEnd::Lapsed));
                }
                TimerKind::Offer => {
                    let offer = self.state.offers[&number];
                    self.end_offer(&offer, OfferEnd::Lapsed);
                }
                TimerKind::Transfer => {
                    let pending = self.state.pendings[&number];
                    self.tell(&TransferVoided {
                        transfer: pending.transfer,
                        account: pending.account,
                        asset: pending.asset,
                        amount: pending.amount,
                    });
                }
            }
        }
    }

    /// A volatility pause ends in its auction; it waits while the market is halted (EXC-019), and
    /// closes the series whose trading has ended (EXC-026).
    fn end_pause(&mut self, series: u32) {
        let at = self.state.series_at(series);
        let at = at.expect("a pause names a series");
        if self.place.time >= self.state.series[at as usize].last_trading_time {
            return self.close_series(at, PauseReason::TradingEnded);
        }
        if self.state.halted {
            return;
        }
        self.uncross(at);
        self.tell(&SeriesStateChanged {
            series,
            state: SeriesState::Open,
            reason: PauseReason::Volatility,
            until: 0,
        });
    }

    /// Elects every waiting stop the last trade has reached, in order of order id (EXC-011).
    #[inline]
    pub(crate) fn elect(&mut self, series: SeriesAt) {
        let found = &self.state.series[series as usize];
        if found.waiting_buys.is_empty() && found.waiting_sells.is_empty() {
            return;
        }
        self.elect_reached(series);
    }

    fn elect_reached(&mut self, series: SeriesAt) {
        let found = &self.state.series[series as usize];
        let last = found.last_price;
        if last == 0 {
            return;
        }
        let buys = found.waiting_buys.range(..=(last, u64::MAX));
        let sells = found.waiting_sells.range((last, 0)..);
        let mut reached: Vec<u64> = buys.chain(sells).map(|key| key.1).collect();
        reached.sort_unstable();
        let number = found.series;
        for order in reached {
            let at = self.state.orders.find(order);
            let at = at.expect("a waiting stop is live");
            let account = self.state.orders.at(at).account;
            let event = OrderElected {
                order,
                account: self.state.accounts[account as usize].account,
                series: number,
            };
            self.tell_by(&event, |state, number| write::elected(state, number, at));
        }
    }

    /// Works elected stops in order of election, at most a bound each time (EXC-011).
    #[inline]
    pub(crate) fn run_elected(&mut self) {
        if !self.state.elected.is_empty() {
            self.work_elected();
        }
    }

    fn work_elected(&mut self) {
        for _ in 0..bound::ELECTIONS_PER_COMMAND {
            let state = &*self.state;
            let ready = state.elected.values().copied().find(|at| {
                let series = &state.series[state.orders.at(*at).series as usize];
                series.state == SeriesState::Open && self.place.time < series.last_trading_time
            });
            let Some(at) = ready.filter(|_| !state.halted) else {
                return;
            };
            let order = *state.orders.at(at);
            if state.stale(order.account) {
                self.refresh(order.account);
            }
            if self.state.lives(at, order.order) {
                self.work(at);
            }
        }
    }

    /// Judges an account under the marks in force; a deficit ends its risk-raising orders
    /// (CLR-006).
    pub(crate) fn refresh(&mut self, account: AccountAt) {
        let judgement = judge(self.state, account, &[]);
        let number = self.state.accounts[account as usize].account;
        self.tell(&AccountRefreshed {
            account: number,
            requirement: i64::try_from(judgement.requirement)
                .expect("the bounds of the schema keep a requirement within 64 bits"),
            covered: judgement.covered(),
        });
        if !judgement.covered() {
            self.end_deficit(account);
        } else if !self.state.calls.is_empty() {
            self.meet_call(number);
        }
    }

    #[cold]
    fn end_deficit(&mut self, account: AccountAt) {
        let mut rooms: Vec<(SeriesAt, Side, i64)> = Vec::new();
        for id in self.state.orders_of(account, false) {
            let at = self.state.orders.find(id).expect("the order is live");
            let order = *self.state.orders.at(at);
            let known = rooms
                .iter()
                .position(|room| (room.0, room.1) == (order.series, order.side));
            let room = known.unwrap_or_else(|| {
                let lots = self.state.accounts[account as usize].lots(order.series);
                let sign = if order.side == Side::Buy { -1 } else { 1 };
                rooms.push((order.series, order.side, (sign * lots).max(0)));
                rooms.len() - 1
            });
            if order.close_out || order.lots <= rooms[room].2 {
                rooms[room].2 -= order.lots;
            } else {
                self.cancel_at(at, CancelReason::Deficit);
            }
        }
        let holder = &self.state.accounts[account as usize];
        if holder.free_of_holds() < holder.premiums {
            let state = &*self.state;
            let buys = state
                .orders
                .of_account(holder)
                .filter(|o| o.side == Side::Buy && state.series[o.series as usize].is_option());
            let mut paying: Vec<u64> = buys.map(|o| o.order).collect();
            paying.sort_unstable();
            self.cancel_all(&paying, CancelReason::Deficit);
        }
    }

    /// Holds the call auction of a series (EXC-020).
    pub(crate) fn uncross(&mut self, series: SeriesAt) {
        let book = &self.state.series[series as usize].book;
        let mut makers: Vec<(u32, AccountAt)> = Vec::new();
        for side in [Side::Buy, Side::Sell] {
            for slot in book.iter(side_of(side)) {
                let account = self.state.orders.at(book.order(slot).handle()).account;
                makers.push((self.state.accounts[account as usize].account, account));
            }
        }
        self.refresh_stale(makers);
        // Self-trade prevention can leave the book crossed; the auction is then held again.
        loop {
            let found = &self.state.series[series as usize];
            let (number, tick) = (found.series, found.tick);
            let result = found.book.auction(found.reference_price, tick);
            let price = result.map_or(0, |r| r.price * tick);
            self.tell(&AuctionUncrossed {
                series: number,
                price,
                lots: result.map_or(0, |r| r.lots),
                imbalance: result.map_or(0, |r| r.surplus),
            });
            if price == 0 {
                return;
            }
            self.match_at(series, price);
            let bid = self.state.best(series, Side::Buy);
            let ask = self.state.best(series, Side::Sell);
            match (bid, ask) {
                (Some((bid, _)), Some((ask, _))) if bid >= ask => {}
                _ => return,
            }
        }
    }

    /// Trades everything that crosses the auction price, in price-time order.
    fn match_at(&mut self, series: SeriesAt, price: i64) {
        let mut any = false;
        loop {
            let state = &*self.state;
            let best = (
                state.best(series, Side::Buy),
                state.best(series, Side::Sell),
            );
            let (Some((bid, buy)), Some((ask, sell))) = best else {
                break;
            };
            if bid < price || ask > price {
                break;
            }
            let (buyer, seller) = (*state.orders.at(buy), *state.orders.at(sell));
            if state.one_owner(buyer.account, seller.account) {
                // The later one leaves, and of a close-out and another order the other.
                let leaves = |order: &Order| (!order.close_out, order.priority);
                let buyer_leaves = leaves(&buyer) > leaves(&seller);
                let leaving = if buyer_leaves { buy } else { sell };
                self.cancel_at(leaving, CancelReason::SelfTrade);
                continue;
            }
            any = true;
            let both = [state.named(buy), state.named(sell)];
            let lots = buyer.visible.min(seller.visible);
            self.trade(buy, sell, price, lots, Aggressor::None);
            self.after_trade(series, both);
        }
        if any {
            let series = self.state.series[series as usize].series;
            self.tell(&ReferenceMoved { series, price });
        }
    }
}
