//! Deciding mass quotes: all legs or none.

use crate::agenda::{Agenda, Decision, Refused};
use crate::guards::{
    Size, check_band, check_covered, check_lots, check_may_trade, check_price, check_row,
    check_size, find_series,
};
use crate::margin::{Change, covered_by_bound, judge};
use crate::orders::{ended, not_trading};
use crate::state::{AccountAt, OrderAt};
use crate::wire::{
    CancelReason, MassQuote, OrderAccepted, OrderType, Refusal, SeriesState, Side, TimeInForce,
    bound,
};

/// One side of one quote, with the order id it enters under.
#[derive(Clone, Copy)]
struct Leg {
    order: u64,
    change: Change,
}

impl Agenda<'_> {
    pub(crate) fn mass_quote(&mut self, c: &MassQuote<'_>) -> Decision {
        let account = self.account_at(c.account);
        if self.state.stale(account) {
            self.refresh(account);
        }
        check_may_trade(self.state, account, false)?;
        let legs = self.quote_legs(account, c)?;
        let (ends, begins) = self.differences(account, &legs);
        self.check_begins(account, &ends, &begins)?;
        let mut ended: Vec<u64> = ends.iter().map(|end| end.order).collect();
        ended.sort_unstable();
        self.cancel_all(&ended, CancelReason::QuoteReplaced);
        let entered: Vec<(u64, OrderAt)> = begins
            .iter()
            .map(|leg| (leg.order, self.enter_leg(account, c, leg)))
            .collect();
        for (order, at) in entered {
            if self.state.lives(at, order) {
                self.work(at);
            }
        }
        Ok(())
    }

    fn enter_leg(&mut self, account: AccountAt, c: &MassQuote<'_>, leg: &Leg) -> OrderAt {
        let event = OrderAccepted {
            order: leg.order,
            account: c.account,
            series: self.state.series[leg.change.series as usize].series,
            side: leg.change.side,
            order_type: OrderType::Limit,
            time_in_force: TimeInForce::Day,
            self_trade: c.self_trade,
            quote: true,
            close_out: false,
            price: leg.change.price,
            lots: leg.change.lots,
            display_lots: 0,
            minimum_lots: 0,
            stop_price: 0,
            expiry: 0,
            session: c.session,
            label: c.label,
            reference: Default::default(),
            reference_time: 0,
            body: 0,
        };
        self.accept(&event, account, leg.change.series)
    }

    /// Both sides of every quote, guarded leg by leg (EXC-017).
    fn quote_legs(&self, account: AccountAt, c: &MassQuote<'_>) -> Result<Vec<Leg>, Refused> {
        let (state, most) = (&*self.state, bound::QUOTES);
        let count = c.quotes.len();
        let mut numbers: Vec<u32> = c.quotes.iter().map(|q| q.series).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if count == 0 || count as i64 > most || numbers.len() != count {
            return Err(Refused::new(Refusal::QuotesOutOfBounds, most, count as i64));
        }
        let mut legs = Vec::with_capacity(2 * count);
        for (j, quote) in c.quotes.iter().enumerate() {
            let at = find_series(state, quote.series)?;
            let series = &state.series[at as usize];
            if series.state != SeriesState::Open && !series.in_call() {
                return Err(not_trading(series));
            }
            if self.place.time >= series.last_trading_time {
                return Err(ended(series, self.place));
            }
            let protection = state.accounts[account as usize].protection(series.group);
            if protection.is_some_and(|p| p.tripped) {
                return Err(Refused::new(Refusal::ProtectionTripped, 0, series.group));
            }
            check_row(state, at)?;
            let sides = [
                (Side::Buy, quote.bid_price, quote.bid_lots),
                (Side::Sell, quote.ask_price, quote.ask_lots),
            ];
            for (offset, (side, price, lots)) in sides.into_iter().enumerate() {
                if lots != 0 {
                    check_lots(lots)?;
                    check_price(series, price)?;
                    check_band(series, side, price)?;
                }
                legs.push(Leg {
                    order: self.place.number + (2 * j + offset) as u64,
                    change: Change {
                        series: at,
                        side,
                        price,
                        lots,
                    },
                });
            }
        }
        Ok(legs)
    }

    /// Quotes that end and legs that begin; a leg that stands as it is does neither.
    fn differences(&self, account: AccountAt, legs: &[Leg]) -> (Vec<Leg>, Vec<Leg>) {
        let orders = &self.state.orders;
        let live = orders.of_account(&self.state.accounts[account as usize]);
        let standing: Vec<Leg> = live
            .filter(|order| order.quote)
            .map(|order| Leg {
                order: order.order,
                change: Change {
                    series: order.series,
                    side: order.side,
                    price: order.price,
                    lots: order.lots,
                },
            })
            .collect();
        let (mut ends, mut begins) = (Vec::new(), Vec::new());
        for leg in legs {
            let new = leg.change;
            let stands = standing
                .iter()
                .find(|old| (old.change.series, old.change.side) == (new.series, new.side));
            if let Some(old) = stands {
                if (old.change.price, old.change.lots) == (new.price, new.lots) {
                    continue;
                }
                ends.push(*old);
            }
            if new.lots != 0 {
                begins.push(*leg);
            }
        }
        (ends, begins)
    }

    /// Caps leg by leg, then coverage of all of them together.
    fn check_begins(&mut self, account: AccountAt, ends: &[Leg], begins: &[Leg]) -> Decision {
        let mut changes: Vec<Change> = ends
            .iter()
            .map(|end| Change {
                lots: -end.change.lots,
                ..end.change
            })
            .collect();
        for leg in begins {
            let new = leg.change;
            let holder = &self.state.accounts[account as usize];
            let holding = holder.holding(new.series);
            let mut open = holding.map_or(0, |h| h.open_lots(new.side));
            let mut gross = holder.gross;
            for change in &changes {
                gross += change.lots;
                if (change.series, change.side) == (new.series, new.side) {
                    open += change.lots;
                }
            }
            let size = Size {
                series: new.series,
                side: new.side,
                price: new.price,
                lots: new.lots,
                open,
                position: holding.map_or(0, |h| h.lots),
                gross,
            };
            check_size(self.state, account, &size)?;
            changes.push(new);
        }
        if covered_by_bound(self.state, account, &changes) {
            return Ok(());
        }
        check_covered(&judge(self.state, account, &changes))
    }
}
