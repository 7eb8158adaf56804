//! What margin tables and settlements write.

use std::collections::BTreeMap;

use super::default::keep;
use super::positions::forget_offer;
use super::{Evolve, Row, SeriesState, State, Table, account_of, series_of};
use crate::agenda::At;
use crate::default::{DEFAULTS, RECOVERY};
use crate::joining::JOINING;
use crate::wire::{self, SeriesKind};

impl Evolve for wire::MarginTableBegun<'_> {
    fn evolve(&self, state: &mut State, _: At) {
        state.loading = Some(Table {
            table: self.table,
            scenarios: self.scenarios.iter().collect(),
            rows: self.rows.iter().collect(),
            series: Default::default(),
        });
    }
}

impl Evolve for wire::MarginRowLoaded<'_> {
    fn evolve(&self, state: &mut State, _: At) {
        let loading = state.loading.as_mut();
        let loading = loading.expect("a row is loaded into an open table");
        let row = Row {
            series: self.series,
            mark: self.mark,
            liquidity: self.liquidity,
            concentration_lots: self.concentration_lots,
            concentration: self.concentration,
            delta: self.delta,
            vega: self.vega,
            losses: self.losses.iter().map(|x| x.loss).collect(),
        };
        loading.series.insert(self.series, row);
    }
}

impl Evolve for wire::MarginTableActivated {
    fn evolve(&self, state: &mut State, at: At) {
        state.table = state.loading.take();
        state.epoch = at.number;
        let table = state.table.as_ref().expect("an activated table was loaded");
        let marks: Vec<(u32, i64)> = table.series.values().map(|r| (r.series, r.mark)).collect();
        for (series, mark) in marks {
            set_mark(state, series, mark);
        }
        state.lay_out();
    }
}

fn set_mark(state: &mut State, number: u32, mark: i64) {
    let series = series_of(state, number);
    series.mark = mark;
    series.reference_price = mark;
}

impl Evolve for wire::AccountRefreshed {
    fn evolve(&self, state: &mut State, at: At) {
        account_of(state, self.account).seen = at.number;
    }
}

impl Evolve for wire::VariationSettled<'_> {
    fn evolve(&self, state: &mut State, at: At) {
        state.settled_day = self.day;
        state.epoch = at.number;
        state.age += 1;
        let mut gains: BTreeMap<u32, i128> = BTreeMap::new();
        for item in self.prices.iter() {
            set_mark(state, item.series, item.price);
            let series = state
                .series_at(item.series)
                .expect("a price has its series");
            if state.series[series as usize].is_option() {
                continue;
            }
            let hours = i128::from(state.series[series as usize].hours);
            let swap = state.series[series as usize].series_kind == SeriesKind::Swap;
            let mut received = Vec::new();
            for account in &mut state.accounts {
                if let Some(holding) = account.holdings.iter_mut().find(|h| h.series == series) {
                    let gain = i128::from(holding.lots * item.price - holding.cost) * hours;
                    *gains.entry(account.account).or_default() += gain;
                    holding.cost = holding.lots * item.price;
                    received.push((account.account, gain));
                }
            }
            if swap && state.behaviour >= JOINING {
                for (account, gain) in received {
                    state.keep_variation(account, item.series, gain);
                }
            }
        }
        keep_gains(state, &gains);
        state.forget_rates(self.day);
        state.trades.clear();
    }
}

/// What accounts gained in the last variation settlement (CLR-027), from behaviour 4 on less what
/// they lost, and while a default is open in all since the last one before it (CLR-035).
fn keep_gains(state: &mut State, gains: &BTreeMap<u32, i128>) {
    if state.behaviour < DEFAULTS {
        return;
    }
    if state.behaviour >= RECOVERY && !state.defaults.is_empty() {
        state.earlier = state.gains.clone();
        for (account, gain) in gains {
            keep(&mut state.gains, *account, *gain);
        }
        state.gains.retain(|_, gain| *gain != 0);
        return;
    }
    state.gains.clear();
    let least = if state.behaviour >= RECOVERY {
        i128::MIN
    } else {
        1
    };
    let kept = gains.iter();
    for (account, gain) in kept.filter(|(_, gain)| **gain != 0 && **gain >= least) {
        let gain = i64::try_from(*gain).expect("a settlement too large was refused");
        state.gains.insert(*account, gain);
    }
}

impl Evolve for wire::FinalSettled {
    fn evolve(&self, state: &mut State, at: At) {
        state.epoch = at.number;
        state.age += 1;
        let hours = series_of(state, self.series).hours;
        state.take_up(self.series, self.hours, hours);
        let series = series_of(state, self.series);
        series.hours -= self.hours;
        series.first_month = month_after(self.month);
        state.trades.remove_series(self.series);
        if !self.expired {
            return;
        }
        let series = series_of(state, self.series);
        series.state = SeriesState::Expired;
        series.until = 0;
        let offers = state.offers.values().filter(|o| o.series == self.series);
        let offers: Vec<u64> = offers.map(|offer| offer.offer).collect();
        for offer in offers {
            forget_offer(state, offer);
        }
        let exercised = |key: &(u32, u32)| key.1 == self.series;
        state.owed.exercises.retain(|key, _| !exercised(key));
        let at = state.series_at(self.series).expect("it was found before");
        for account in &mut state.accounts {
            if let Some(holding) = account.holdings.iter_mut().find(|h| h.series == at) {
                account.gross -= holding.lots.abs();
                holding.lots = 0;
                holding.cost = 0;
            }
        }
    }
}

/// The month after one written as YYYYMM.
pub(crate) fn month_after(month: u32) -> u32 {
    if month % 100 < 12 {
        month + 1
    } else {
        month + 89
    }
}
