//! Deciding what becomes of a request to trade: place, replace, cancel.

use crate::agenda::{Agenda, Decision, Refused};
use crate::evolve::orders as write;
use crate::frame::Text;
use crate::guards::{
    Referenced, Size, check_band, check_covered, check_lots, check_may_trade, check_price,
    check_reference, check_row, check_size, known, reference_time, replay,
};
use crate::margin::{Change, covered_by_bound, judge, reduces};
use crate::matching::{crosses, immediate, opposite};
use crate::references::Reference;
use crate::state::{AccountAt, Order, OrderAt, Place, Series, SeriesAt, Terms};
use crate::wire::{
    CancelOrder, CancelReason, MassCancel, OrderAccepted, OrderReplaced, OrderState, OrderType,
    OrderWaiting, PlaceOrder, Refusal, ReplaceOrder, SeriesState, Side, bound, role,
};

pub mod slab;
mod table;
mod terms;

use terms::{check_terms, worst_price};

pub(crate) fn stops(order_type: OrderType) -> bool {
    matches!(order_type, OrderType::Stop | OrderType::StopLimit)
}

/// An order as its acceptance tells it, and the terms few orders have.
pub(crate) fn entering(
    event: &OrderAccepted,
    account: AccountAt,
    series: SeriesAt,
) -> (Order, Terms) {
    let terms = Terms {
        display_lots: event.display_lots,
        minimum_lots: event.minimum_lots,
        stop_price: event.stop_price,
        expiry: event.expiry,
    };
    let order = Order {
        order: event.order,
        account,
        series,
        next: 0,
        prev: 0,
        slot: 0,
        holding: 0,
        side: event.side,
        order_type: event.order_type,
        time_in_force: event.time_in_force,
        self_trade: event.self_trade,
        quote: event.quote,
        close_out: event.close_out,
        special: false,
        state: OrderState::Taking,
        price: event.price,
        lots: event.lots,
        session: event.session,
        terms: 0,
        label: event.label,
        visible: 0,
        priority: 0,
        reference: event.reference,
    };
    (order, terms)
}

impl Agenda<'_> {
    /// Tells an acceptance and enters its order.
    #[inline]
    pub(crate) fn accept(
        &mut self,
        event: &OrderAccepted,
        account: AccountAt,
        series: SeriesAt,
    ) -> OrderAt {
        let (order, terms) = entering(event, account, series);
        let mut entered = 0;
        self.tell_by(event, |state, at| {
            entered = write::accepted(state, at, event, (order, terms));
        });
        entered
    }

    pub(crate) fn place_order(&mut self, c: &PlaceOrder) -> Decision {
        let account = self.account_at(c.account);
        let body = c.terms_check();
        let known = known(&self.state.accounts[account as usize], c);
        let known = known.as_ref();
        if let Some(again) = replay(&self.state.accounts[account as usize], known, body) {
            self.tell(&again);
            return Ok(());
        }
        if self.state.stale(account) && self.state.series_at(c.series).is_some() {
            self.refresh(account);
        }
        let (series, price) = self.checked_price(account, c, known)?;
        self.check_cover(account, series, c, price)?;
        let event = OrderAccepted {
            order: self.place.number,
            account: c.account,
            series: c.series,
            side: c.side,
            order_type: c.order_type,
            time_in_force: c.time_in_force,
            self_trade: c.self_trade,
            quote: false,
            close_out: c.close_out,
            price,
            lots: c.lots,
            display_lots: c.display_lots,
            minimum_lots: c.minimum_lots,
            stop_price: c.stop_price,
            expiry: c.expiry,
            session: c.session,
            label: c.label,
            reference: c.reference,
            reference_time: reference_time(c, self.place),
            body,
        };
        let at = self.accept(&event, account, series);
        if !stops(c.order_type) {
            self.work(at);
            return Ok(());
        }
        let event = OrderWaiting {
            order: self.place.number,
            account: c.account,
            series: c.series,
        };
        self.tell_by(&event, |state, _| write::waiting(state, at));
        self.elect(series);
        Ok(())
    }

    /// Every guard before coverage, in order of precedence; gives the worst price (EXC-008).
    #[inline]
    fn checked_price(
        &self,
        account: AccountAt,
        c: &PlaceOrder,
        known: Option<&Reference>,
    ) -> Result<(SeriesAt, i64), Refused> {
        let state = &*self.state;
        check_may_trade(state, account, c.close_out)?;
        let holder = &state.accounts[account as usize];
        check_reference(holder, self.place, c, known)?;
        let at = self.find_series(c.series)?;
        let series = &state.series[at as usize];
        check_state(series, self.place, c)?;
        check_lots(c.lots)?;
        let price = worst_price(state, at, c)?;
        check_terms(series, self.place, c)?;
        if c.post_only
            && series.state == SeriesState::Open
            && let Some((best, _)) = state.best(at, opposite(c.side))
            && crosses(c.side, price, best)
        {
            return Err(Refused::new(Refusal::PostOnlyCrosses, best, price));
        }
        let live = i64::from(holder.live_orders);
        if live >= bound::OPEN_ORDERS_PER_ACCOUNT {
            let most = bound::OPEN_ORDERS_PER_ACCOUNT;
            return Err(Refused::new(Refusal::OrdersTooMany, most, live));
        }
        let holding = holder.holding(at);
        let size = Size {
            series: at,
            side: c.side,
            price,
            lots: c.lots,
            open: holding.map_or(0, |h| h.open_lots(c.side)),
            position: holding.map_or(0, |h| h.lots),
            gross: holder.gross,
        };
        check_size(state, account, &size)?;
        check_row(state, at)?;
        Ok((at, price))
    }

    /// Covered, or only reducing a position in deficit with its premium at hand (CLR-003,
    /// CLR-006); a close-out needs its premium alone (CLR-013).
    #[inline]
    fn check_cover(
        &mut self,
        account: AccountAt,
        series: SeriesAt,
        c: &PlaceOrder,
        price: i64,
    ) -> Decision {
        if c.close_out {
            let (free, needed, own) = self.premium_at_hand(account, series, c, price);
            if own != 0 && free < needed {
                return Err(Refused::new(Refusal::PremiumShort, needed, free));
            }
            return Ok(());
        }
        let plus = Change {
            series,
            side: c.side,
            price,
            lots: c.lots,
        };
        if covered_by_bound(self.state, account, &[plus]) {
            return Ok(());
        }
        let judgement = judge(self.state, account, &[plus]);
        if judgement.covered() {
            return Ok(());
        }
        let in_deficit = !judge(self.state, account, &[]).covered();
        let holder = &self.state.accounts[account as usize];
        if in_deficit && reduces(holder, series, c.side, c.lots) {
            let (free, needed, _) = self.premium_at_hand(account, series, c, price);
            if free >= needed {
                return Ok(());
            }
        }
        check_covered(&judgement)
    }

    /// Cash free of holds, premiums of all open option buys with this one, and this one's.
    fn premium_at_hand(
        &self,
        account: AccountAt,
        series: SeriesAt,
        c: &PlaceOrder,
        price: i64,
    ) -> (i64, i64, i64) {
        let holder = &self.state.accounts[account as usize];
        let terms = &self.state.series[series as usize];
        let own = if terms.is_option() && c.side == Side::Buy {
            price * c.lots * i64::from(terms.hours)
        } else {
            0
        };
        (holder.free_of_holds(), holder.premiums + own, own)
    }

    pub(crate) fn replace_order(&mut self, c: &ReplaceOrder) -> Decision {
        let account = self.account_at(c.account);
        let body = c.terms_check();
        let known = known(&self.state.accounts[account as usize], c);
        let known = known.as_ref();
        if let Some(again) = replay(&self.state.accounts[account as usize], known, body) {
            self.tell(&again);
            return Ok(());
        }
        if self.state.stale(account) {
            self.refresh(account);
        }
        let at = self.checked_replacement(account, c, known)?;
        let order = *self.state.orders.at(at);
        let smaller = c.price == order.price && c.lots <= order.lots;
        if !smaller {
            self.check_greater(account, &order, c)?;
        }
        let event = OrderReplaced {
            order: order.order,
            account: c.account,
            series: self.state.series[order.series as usize].series,
            side: order.side,
            old_price: order.price,
            old_visible: order.visible,
            price: c.price,
            lots: c.lots,
            visible: if smaller {
                order.visible.min(c.lots)
            } else {
                0
            },
            kept: smaller,
            reference: c.reference,
            reference_time: reference_time(c, self.place),
            body,
        };
        self.tell_by(&event, |state, number| {
            write::replaced(state, number, &event, at);
        });
        if !smaller {
            self.work(at);
        }
        Ok(())
    }

    /// Guards of a replacement that hold whatever its size.
    fn checked_replacement(
        &self,
        account: AccountAt,
        c: &ReplaceOrder,
        known: Option<&Reference>,
    ) -> Result<OrderAt, Refused> {
        let state = &*self.state;
        check_may_trade(state, account, false)?;
        check_reference(&state.accounts[account as usize], self.place, c, known)?;
        let at = self.find_order(account, c.order, &c.target)?;
        self.check_theirs(at)?;
        let order = state.orders.at(at);
        let series = &state.series[order.series as usize];
        if series.state != SeriesState::Open && !series.in_call() {
            return Err(not_trading(series));
        }
        if self.place.time >= series.last_trading_time {
            return Err(ended(series, self.place));
        }
        if order.state != OrderState::Resting {
            return Err(Refused::new(Refusal::OrderNotResting, 0, order.order));
        }
        check_lots(c.lots)?;
        check_price(series, c.price)?;
        check_band(series, order.side, c.price)?;
        Ok(at)
    }

    /// Guards of a replacement that may raise risk.
    fn check_greater(&mut self, account: AccountAt, order: &Order, c: &ReplaceOrder) -> Decision {
        let holder = &self.state.accounts[account as usize];
        let holding = &holder.holdings[order.holding as usize];
        let size = Size {
            series: order.series,
            side: order.side,
            price: c.price,
            lots: c.lots,
            open: holding.open_lots(order.side) - order.lots,
            position: holding.lots,
            gross: holder.gross - order.lots,
        };
        check_size(self.state, account, &size)?;
        check_row(self.state, order.series)?;
        let change = |price, lots| Change {
            series: order.series,
            side: order.side,
            price,
            lots,
        };
        let changes = [change(order.price, -order.lots), change(c.price, c.lots)];
        if covered_by_bound(self.state, account, &changes) {
            return Ok(());
        }
        check_covered(&judge(self.state, account, &changes))
    }

    /// A live order of the account, by order id or by client reference.
    fn find_order(
        &self,
        account: AccountAt,
        order: u64,
        target: &Text,
    ) -> Result<OrderAt, Refused> {
        let mut order = order;
        if order == 0 && !target.is_empty() {
            let references = &self.state.accounts[account as usize].references;
            order = references.get(target).map_or(0, |known| known.order);
        }
        let orders = &self.state.orders;
        let guessed = orders.get(self.guess.order).filter(|o| o.order == order);
        let at = match guessed {
            Some(_) if order != 0 => Some(self.guess.order),
            _ => orders.find(order),
        };
        at.filter(|at| self.state.orders.at(*at).account == account)
            .ok_or_else(|| Refused::new(Refusal::OrderUnknown, 0, order))
    }

    /// Refuses a member the close-outs of the clearing desk (CLR-013).
    fn check_theirs(&self, at: OrderAt) -> Decision {
        if self.state.orders.at(at).close_out && self.spares_close_outs() {
            let roles = self
                .state
                .actors
                .get(self.place.actor)
                .map_or(0, |actor| actor.roles);
            return Err(Refused::new(Refusal::RoleMissing, role::CLEARING, roles));
        }
        Ok(())
    }

    /// A member asks, and the close-outs of its accounts are not its own.
    pub(crate) fn spares_close_outs(&self) -> bool {
        let asks = self.state.actors.get(self.place.actor);
        asks.is_some_and(|actor| actor.member != 0)
    }

    pub(crate) fn cancel_order(&mut self, c: &CancelOrder) -> Decision {
        let account = self.account_at(c.account);
        let at = self.find_order(account, c.order, &c.target)?;
        self.check_theirs(at)?;
        self.cancel_at(at, CancelReason::Requested);
        Ok(())
    }

    pub(crate) fn mass_cancel(&mut self, c: &MassCancel) -> Decision {
        let spares = self.spares_close_outs();
        let state = &*self.state;
        let account = &state.accounts[self.account_at(c.account) as usize];
        let fits = |o: &&Order| {
            !(spares && o.close_out)
                && (c.series == 0 || state.series[o.series as usize].series == c.series)
                && (c.session == 0 || o.session == c.session)
                && (c.label == 0 || o.label == c.label)
        };
        let wanted = state.orders.of_account(account).filter(fits);
        let mut wanted: Vec<u64> = wanted.map(|o| o.order).collect();
        wanted.sort_unstable();
        self.cancel_all(&wanted, CancelReason::MassRequested);
        Ok(())
    }
}

#[cold]
pub(crate) fn not_trading(series: &Series) -> Refused {
    let (open, found) = (SeriesState::Open as i64, series.state as i64);
    Refused::new(Refusal::SeriesNotTrading, open, found)
}

#[cold]
pub(crate) fn ended(series: &Series, place: Place) -> Refused {
    Refused::new(Refusal::TradingEnded, series.last_trading_time, place.time)
}

#[inline]
fn check_state(series: &Series, place: Place, c: &PlaceOrder) -> Decision {
    let resting = !immediate(c.time_in_force) && c.minimum_lots == 0;
    if series.state != SeriesState::Open && !(series.in_call() && resting) {
        return Err(not_trading(series));
    }
    if place.time >= series.last_trading_time {
        return Err(ended(series, place));
    }
    Ok(())
}
