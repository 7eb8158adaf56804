//! Series and their terms: listed, moved through their day, closed.

use crate::agenda::{Agenda, Decision, Refused};
use crate::evolve::settlement::month_after;
use crate::guards::find_series;
use crate::joining::JOINING;
use crate::settlement::{month_begins, month_ends, month_hours};
use crate::state::{Series, SeriesAt};
use crate::wire::{
    self, CancelReason, PauseReason, Refusal, SeriesKind, SeriesState, TimeInForce, bound,
};

/// Behaviour from which a series is listed with its standard (EXC-027).
const STANDARDS: u32 = 2;
/// Behaviour from which a delivery period may end within a month (CLR-016).
const PERIODS: u32 = 3;
/// Highest fee per lot, micro-dollars.
const FEE: i64 = 1_000_000_000;
/// Longest volatility pause, nanoseconds.
const PAUSE: i64 = 86_400_000_000_000;
/// Latest end of trading, nanoseconds UTC.
const LATEST_END: i64 = 1 << 62;

/// Which state may follow which by command (EXC-002).
fn reachable(from: SeriesState, to: SeriesState) -> bool {
    use SeriesState::{Closed, Expired, Listed, Open, Paused, PreClose, PreOpen};
    match from {
        Listed => matches!(to, PreOpen | Open | Closed),
        PreOpen => matches!(to, Open | Closed),
        Open => matches!(to, Paused | PreClose | Closed),
        Paused => matches!(to, Open | PreClose | Closed),
        PreClose => matches!(to, Open | Closed),
        Closed => matches!(to, PreOpen | Open),
        Expired => false,
    }
}

fn check_term(found: impl Into<i128>, low: i64, high: i64) -> Decision {
    let found = found.into();
    if (i128::from(low)..=i128::from(high)).contains(&found) {
        return Ok(());
    }
    Err(Refused::new(Refusal::TermsOutOfBounds, high, found))
}

fn check_fees(maker: i64, taker: i64, clearing: i64) -> Decision {
    check_term(maker, 0, FEE)?;
    check_term(taker, 0, FEE)?;
    check_term(clearing, 0, FEE)
}

/// Calendar hours of every month before the last, counted until they pass the bound.
fn hours_before_last(c: &wire::ListSeries) -> i64 {
    let (mut month, mut hours) = (c.first_month, 0);
    while month < c.last_month && hours <= bound::HOURS {
        hours += i64::from(month_hours(month));
        month = month_after(month);
    }
    hours
}

fn check_terms(c: &wire::ListSeries, now: i64) -> Decision {
    let option = matches!(c.series_kind, SeriesKind::Call | SeriesKind::Put);
    check_term(c.hours, 1, bound::HOURS)?;
    check_term(c.tick, 1, bound::PRICE)?;
    let (low, high) = if option { (1, bound::PRICE) } else { (0, 0) };
    check_term(c.strike, low, high)?;
    check_term(c.reference_price, c.tick, bound::PRICE)?;
    check_term(bound::PRICE / c.tick, 1, bound::PRICE_TICKS)?;
    check_term(c.band, 1, 1_000_000)?;
    check_term(c.pause_range, 0, 1_000_000)?;
    check_term(c.pause_duration, i64::from(c.pause_range != 0), PAUSE)?;
    check_term(c.protection, 1, 10_000)?;
    check_fees(c.maker_fee, c.taker_fee, c.clearing_fee)?;
    check_term(c.first_month % 100, 1, 12)?;
    check_term(c.last_month % 100, 1, 12)?;
    check_term(c.last_month, i64::from(c.first_month), 999_912)?;
    // Each month but the last takes its calendar hours; the last one takes what is left.
    check_term(c.hours, 1 + hours_before_last(c), bound::HOURS)?;
    check_term(c.last_trading_time, now + 1, LATEST_END)?;
    if c.period_ends == 0 {
        return Ok(());
    }
    check_period(c, now)
}

/// A period of its own lies ahead, and ends within the one month it settles in (CLR-016).
fn check_period(c: &wire::ListSeries, now: i64) -> Decision {
    let month = i64::from(c.last_month);
    check_term(c.first_month, month, month)?;
    let latest = |time: i128| time.min(i128::from(LATEST_END)) as i64;
    let begins = latest(month_begins(c.last_month)).max(now);
    check_term(c.period_ends, begins + 1, latest(month_ends(c.last_month)))
}

impl Agenda<'_> {
    /// Lists a series (EXC-001).
    pub(crate) fn list_series(&mut self, c: &wire::ListSeries) -> Decision {
        let named = (c.standard_version != 0, c.standard_hash != [0; 32]);
        if named != (false, false) {
            self.need_behaviour(STANDARDS)?;
        }
        if c.period_ends != 0 {
            self.need_behaviour(PERIODS)?;
        }
        if c.delivers {
            self.need_behaviour(JOINING)?;
        }
        if c.series == 0 {
            return Err(Refused::new(Refusal::NumberZero, 1, 0));
        }
        if self.state.series_at(c.series).is_some() {
            return Err(Refused::new(Refusal::SeriesKnown, 0, c.series));
        }
        if let Some(known) = self.state.symbols.get(&c.symbol) {
            return Err(Refused::new(Refusal::SymbolKnown, 0, *known));
        }
        if named.0 != named.1 {
            let found = c.standard_version;
            return Err(Refused::new(Refusal::StandardIncomplete, 0, found));
        }
        check_terms(c, self.place.time)?;
        self.tell(&wire::SeriesListed {
            series: c.series,
            symbol: c.symbol,
            series_kind: c.series_kind,
            group: c.group,
            index: c.index,
            first_month: c.first_month,
            last_month: c.last_month,
            hours: c.hours,
            tick: c.tick,
            strike: c.strike,
            reference_price: c.reference_price,
            band: c.band,
            pause_range: c.pause_range,
            pause_duration: c.pause_duration,
            protection: c.protection,
            maker_fee: c.maker_fee,
            taker_fee: c.taker_fee,
            clearing_fee: c.clearing_fee,
            last_trading_time: c.last_trading_time,
            standard_version: c.standard_version,
            standard_hash: c.standard_hash,
            period_ends: c.period_ends,
            delivers: c.delivers,
        });
        Ok(())
    }

    /// Moves a series through its day; a call ends in its auction (EXC-002).
    pub(crate) fn set_series_state(&mut self, c: &wire::SetSeriesState) -> Decision {
        let at = find_series(self.state, c.series)?;
        let series: &Series = &self.state.series[at as usize];
        let from = series.state;
        if !reachable(from, c.state) {
            let (from, to) = (from as i64, c.state as i64);
            return Err(Refused::new(Refusal::StateNotReachable, from, to));
        }
        let ends = series.last_trading_time;
        if c.state != SeriesState::Closed && self.place.time >= ends {
            return Err(Refused::new(Refusal::TradingEnded, ends, self.place.time));
        }
        let opens = c.state == SeriesState::Open || from == SeriesState::PreClose;
        let call = series.in_call() && opens;
        if call && self.state.halted {
            return Err(Refused::plain(Refusal::MarketHalted));
        }
        if call {
            self.uncross(at);
        }
        if c.state == SeriesState::Closed {
            self.close_series(at, PauseReason::Schedule);
            return Ok(());
        }
        self.tell(&wire::SeriesStateChanged {
            series: c.series,
            state: c.state,
            reason: PauseReason::Schedule,
            until: 0,
        });
        Ok(())
    }

    /// Ends the day of a series and of its day orders (EXC-010).
    pub(crate) fn close_series(&mut self, at: SeriesAt, reason: PauseReason) {
        self.tell(&wire::SeriesStateChanged {
            series: self.state.series[at as usize].series,
            state: SeriesState::Closed,
            reason,
            until: 0,
        });
        let wanted =
            |o: &crate::state::Order| o.series == at && o.time_in_force == TimeInForce::Day;
        let ended = self.state.orders_that(wanted);
        self.cancel_all(&ended, CancelReason::DayExpired);
    }

    /// Changes fees.
    pub(crate) fn set_fees(&mut self, c: &wire::SetFees) -> Decision {
        find_series(self.state, c.series)?;
        check_fees(c.maker_fee, c.taker_fee, c.clearing_fee)?;
        self.tell(&wire::FeesSet {
            series: c.series,
            maker_fee: c.maker_fee,
            taker_fee: c.taker_fee,
            clearing_fee: c.clearing_fee,
        });
        Ok(())
    }
}
