//! Price alignment of swaps: interest on the variation paid so far, at a published rate (CLR-056 to
//! CLR-058).

use std::collections::BTreeMap;

use crate::agenda::{Agenda, Decision, Refused};
use crate::frame::List;
use crate::joining::JOINING;
use crate::settlement::{Amounts, days_between};
use crate::state::State;
use crate::waterfall::shares;
use crate::wire::{self, Refusal, SeriesKind, SeriesPrice, bound};

/// Days of a year of interest, by millionths.
const YEAR: i128 = 360 * 1_000_000;

/// A total spread over amounts of accounts; both stay within 64 bits by the bounds of the schema.
fn spread(total: i128, side: &[(u32, i128)]) -> Vec<i128> {
    let whole: i128 = side.iter().map(|(_, amount)| amount).sum();
    if total == 0 || whole == 0 {
        return vec![0; side.len()];
    }
    let weights: Vec<i64> = side
        .iter()
        .map(|(_, amount)| i64::try_from(*amount).expect("variation stays within the bound"))
        .collect();
    let total = i64::try_from(total).expect("a total stays within the bound");
    shares(total, &weights)
        .into_iter()
        .map(i128::from)
        .collect()
}

impl Agenda<'_> {
    /// Puts the rate of a day on the log (CLR-056).
    pub(crate) fn publish_rate(&mut self, c: &wire::PublishRate) -> Decision {
        self.need_behaviour(JOINING)?;
        let most = bound::YEARLY_RATE;
        if !(-most..=most).contains(&c.rate) {
            return Err(Refused::new(Refusal::RateOutOfBounds, most, c.rate));
        }
        let last = self.state.credit.rates.keys().next_back();
        let last = last.copied().unwrap_or(0);
        if c.day <= last {
            return Err(Refused::new(Refusal::DayNotAhead, last, c.day));
        }
        self.tell(&wire::RatePublished {
            day: c.day,
            rate: c.rate,
            source: c.source,
            inputs: c.inputs,
        });
        Ok(())
    }

    /// What alignment is reckoned on stays within the bound (CLR-015).
    pub(crate) fn check_variation(&self, prices: List<'_, SeriesPrice>) -> Decision {
        let state = &*self.state;
        if state.behaviour < JOINING {
            return Ok(());
        }
        let kept = state.credit.variation.iter();
        let mut after: BTreeMap<(u32, u32), i128> =
            kept.map(|(key, v)| (*key, i128::from(*v))).collect();
        for item in prices.iter() {
            let Some(of) = state.series_at(item.series) else {
                continue;
            };
            let terms = &state.series[of as usize];
            if terms.series_kind != SeriesKind::Swap {
                continue;
            }
            for account in &state.accounts {
                if let Some(holding) = account.holding(of).filter(|h| h.stands()) {
                    let worth = i128::from(holding.lots) * i128::from(item.price);
                    let gain = (worth - i128::from(holding.cost)) * i128::from(terms.hours);
                    *after.entry((account.account, item.series)).or_default() += gain;
                }
            }
        }
        let received: i128 = after.values().filter(|amount| **amount > 0).sum();
        if received > i128::from(bound::MONEY) {
            let most = bound::MONEY;
            return Err(Refused::new(Refusal::SettlementTooLarge, most, received));
        }
        Ok(())
    }
}

impl State {
    /// Variation on swaps that each account has received (negative: paid) and that no final
    /// settlement has taken up.
    pub(crate) fn variation_so_far(&self) -> BTreeMap<u32, i128> {
        let mut found = BTreeMap::new();
        for ((account, _), amount) in &self.credit.variation {
            *found.entry(*account).or_default() += i128::from(*amount);
        }
        found.retain(|_, amount| *amount != 0);
        found
    }

    /// What each account receives or pays for the days up to this one (CLR-057).
    pub(crate) fn alignment(&self, so_far: &BTreeMap<u32, i128>, day: u32) -> Amounts {
        let mut amounts = Amounts::new();
        let Some((_, rate)) = self.credit.rates.range(..=day).next_back() else {
            return amounts;
        };
        if self.settled_day == 0 {
            return amounts;
        }
        let of = |sign: i128| -> Vec<(u32, i128)> {
            let signed = so_far.iter().map(|(account, v)| (*account, sign * v));
            signed.filter(|(_, amount)| *amount > 0).collect()
        };
        let (received, paid) = (of(1), of(-1));
        let days = i128::from(days_between(self.settled_day, day));
        let whole: i128 = received.iter().map(|(_, amount)| amount).sum();
        let total =
            (whole * i128::from(rate.rate).abs() * days / YEAR).min(i128::from(bound::MONEY));
        let towards = i128::from(rate.rate.signum());
        for (side, sign) in [(received, -towards), (paid, towards)] {
            for ((account, _), part) in side.iter().zip(spread(total, &side)) {
                amounts.insert(*account, sign * part);
            }
        }
        amounts.retain(|_, amount| *amount != 0);
        amounts
    }

    /// A settled day needs no rate before the last one published for a day up to it (CLR-057).
    pub(crate) fn forget_rates(&mut self, day: u32) {
        let last = self.credit.rates.range(..=day).next_back();
        if let Some((last, _)) = last.map(|(day, rate)| (*day, rate)) {
            self.credit.rates.retain(|day, _| *day >= last);
        }
    }

    /// Adds a settlement to what was received on a swap so far (CLR-056).
    pub(crate) fn keep_variation(&mut self, account: u32, series: u32, gain: i128) {
        let kept = self.credit.variation.entry((account, series)).or_default();
        *kept = i64::try_from(i128::from(*kept) + gain).expect("the guard bounds it");
        if *kept == 0 {
            self.credit.variation.remove(&(account, series));
        }
    }

    /// A month of a swap is settled for good: its share of the variation, `hours` of `of`, bears
    /// nothing any more. What stays sums to zero as before (CLR-058).
    pub(crate) fn take_up(&mut self, series: u32, hours: u32, of: u32) {
        let held = self.credit.variation.iter();
        let held = held.filter(|((_, of_series), _)| *of_series == series);
        let held: Vec<(u32, i128)> = held.map(|((a, _), v)| (*a, i128::from(*v))).collect();
        for sign in [1, -1] {
            let signed = held.iter().map(|(account, v)| (*account, sign * v));
            let side: Vec<(u32, i128)> = signed.filter(|(_, amount)| *amount > 0).collect();
            let whole: i128 = side.iter().map(|(_, amount)| amount).sum();
            let stays = whole * i128::from(of - hours) / i128::from(of);
            for ((account, _), part) in side.iter().zip(spread(stays, &side)) {
                self.credit.variation.remove(&(*account, series));
                if part != 0 {
                    let part = (sign * part) as i64;
                    self.credit.variation.insert((*account, series), part);
                }
            }
        }
    }
}
