//! Deciding margin tables and settlement.

use std::collections::{BTreeMap, BTreeSet};

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::DELIVERY;
use crate::evolve::settlement::month_after;
use crate::frame::List;
use crate::guards::find_series;
use crate::lines::Covered;
use crate::state::{Account, SeriesAt};
use crate::wire::{
    self, CallClosed, CallOpened, CancelReason, HaltReason, LedgerClass, PaymentPosted, Refusal,
    ScenarioKind, SeriesKind, SeriesPrice, SeriesState, bound,
};

/// What accounts receive (positive) or pay, by account number, micro-dollars.
pub(crate) type Amounts = BTreeMap<u32, i128>;

fn magnitude(value: i64) -> i128 {
    i128::from(value).abs()
}

/// Hours of a calendar month written as YYYYMM.
pub(crate) fn month_hours(month: u32) -> u32 {
    let (year, month) = (month / 100, month % 100);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    24 * days
}

/// Days up to a day written YYYYMMDD; what is no day of a calendar counts as near to one.
pub(crate) fn ordinal(day: u32) -> i64 {
    let (year, rest) = (day / 10_000, day % 10_000);
    let (month, years) = ((rest / 100).clamp(1, 12), i64::from(year) - 1);
    let leaps = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    let before: u32 = (1..month).map(|m| month_hours(100 * year + m)).sum();
    365 * years + leaps + i64::from(before) / 24 + i64::from(rest % 100)
}

/// Days from one day to another, YYYYMMDD; none backwards.
pub(crate) fn days_between(since: u32, day: u32) -> u32 {
    (ordinal(day) - ordinal(since)).max(0) as u32
}

/// First nanosecond UTC of a month written as YYYYMM.
pub(crate) fn month_begins(month: u32) -> i128 {
    month_ends(month) - i128::from(month_hours(month)) * 3_600_000_000_000
}

/// First nanosecond UTC after a month written as YYYYMM.
pub(crate) fn month_ends(month: u32) -> i128 {
    const EPOCH_DAY: i64 = 719_162;
    const DAY: i128 = 86_400_000_000_000;
    let next = month_after(month);
    let (year, number) = (next / 100, next % 100);
    let years = i64::from(year) - 1;
    let leaps = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    let before: u32 = (1..number).map(|m| month_hours(100 * year + m)).sum();
    let days = 365 * years + leaps + i64::from(before) / 24;
    i128::from(days - EPOCH_DAY) * DAY
}

impl Agenda<'_> {
    fn table_in_force(&self) -> u32 {
        self.state.table.as_ref().map_or(0, |t| t.table)
    }

    /// Opens a table for loading (CLR-005).
    pub(crate) fn begin_margin_table(&mut self, c: &wire::BeginMarginTable<'_>) -> Decision {
        let in_force = self.table_in_force();
        if c.table <= in_force {
            return Err(Refused::new(Refusal::TableNotAhead, in_force, c.table));
        }
        let groups: BTreeSet<u16> = c.rows.iter().map(|r| r.group).collect();
        let scan = |s: &wire::Scenario| s.kind == ScenarioKind::Scan;
        let labels: BTreeSet<u16> = c.scenarios.iter().filter(scan).map(|s| s.group).collect();
        let count = c.scenarios.len() as i64;
        let good = (1..=bound::SCENARIOS).contains(&count)
            && groups.len() == c.rows.len()
            && groups == labels
            && c.rows.iter().all(|r| r.weight <= 10_000)
            && c.scenarios.iter().all(|s| scan(&s) || s.group == 0);
        if !good {
            let most = bound::SCENARIOS;
            return Err(Refused::new(Refusal::ScenariosOutOfBounds, most, count));
        }
        self.tell(&wire::MarginTableBegun {
            table: c.table,
            scenarios: c.scenarios,
            rows: c.rows,
        });
        Ok(())
    }

    /// Loads the row of a series (CLR-005).
    pub(crate) fn load_margin_row(&mut self, c: &wire::LoadMarginRow<'_>) -> Decision {
        find_series(self.state, c.series)?;
        let loading = self.state.loading.as_ref();
        let Some(loading) = loading.filter(|t| t.table == c.table) else {
            return Err(Refused::new(Refusal::TableNotOpen, 0, c.table));
        };
        let wanted = loading.scenarios.len() as i64;
        if c.losses.len() as i64 != wanted {
            let found = c.losses.len() as i64;
            return Err(Refused::new(Refusal::LossesOutOfBounds, wanted, found));
        }
        for item in c.losses.iter() {
            if magnitude(item.loss) > i128::from(bound::LOSS_PER_LOT) {
                return Err(Refused::new(Refusal::LossesOutOfBounds, wanted, item.loss));
            }
        }
        for (value, most) in [
            (i128::from(c.mark), bound::PRICE),
            (i128::from(c.liquidity), bound::CHARGE_PER_LOT),
            (i128::from(c.concentration_lots), bound::ACCOUNT_GROSS_LOTS),
            (i128::from(c.concentration), bound::CHARGE_PER_LOT),
            (magnitude(c.delta), bound::LOSS_PER_LOT),
            (magnitude(c.vega), bound::LOSS_PER_LOT),
        ] {
            if !(0..=i128::from(most)).contains(&value) {
                return Err(Refused::new(Refusal::RowOutOfBounds, most, value));
            }
        }
        self.tell(&wire::MarginRowLoaded {
            table: c.table,
            series: c.series,
            mark: c.mark,
            liquidity: c.liquidity,
            concentration_lots: c.concentration_lots,
            concentration: c.concentration,
            delta: c.delta,
            vega: c.vega,
            losses: c.losses,
        });
        Ok(())
    }

    /// Puts the loaded table in force (CLR-005).
    pub(crate) fn activate_margin_table(&mut self, c: &wire::ActivateMarginTable) -> Decision {
        let loading = self.state.loading.as_ref();
        let Some(loading) = loading.filter(|t| t.table == c.table) else {
            return Err(Refused::new(Refusal::TableNotOpen, 0, c.table));
        };
        let in_force = self.table_in_force();
        if c.replaces != in_force {
            return Err(Refused::new(
                Refusal::TableNotReplaced,
                in_force,
                c.replaces,
            ));
        }
        let mut expired = false;
        for at in self.state.series_in_order() {
            let series = &self.state.series[at as usize];
            let row = loading.series.contains_key(&series.series);
            let needed = !matches!(series.state, SeriesState::Expired | SeriesState::Listed);
            if needed && !row {
                return Err(Refused::new(Refusal::RowMissing, 0, series.series));
            }
            expired |= row && series.state == SeriesState::Expired;
        }
        if expired {
            let (open, found) = (SeriesState::Open as i64, SeriesState::Expired as i64);
            return Err(Refused::new(Refusal::SeriesNotTrading, open, found));
        }
        self.tell(&wire::MarginTableActivated { table: c.table });
        Ok(())
    }

    /// Refreshes the next stale accounts, ascending by number.
    pub(crate) fn sweep_accounts(&mut self, c: &wire::SweepAccounts) -> Decision {
        let mut left = i64::from(c.limit).min(bound::SWEEP_ACCOUNTS);
        let all: Vec<_> = self.state.accounts_in_order().collect();
        for account in all {
            if left > 0 && self.state.stale(account) {
                left -= 1;
                self.refresh(account);
            }
        }
        Ok(())
    }

    /// What is collected, and all that is owed with it, stays within the bound (CLR-015).
    pub(crate) fn check_payments(&self, amounts: &Amounts) -> Decision {
        let losses = amounts.values().filter(|amount| **amount < 0);
        let collected: i128 = losses.map(|amount| -amount).sum();
        let owed = i128::from(self.state.ledger.house(LedgerClass::AdvancesReceivable)) + collected;
        if collected != 0 && owed > i128::from(bound::MONEY) {
            return Err(Refused::new(
                Refusal::SettlementTooLarge,
                bound::MONEY,
                owed,
            ));
        }
        Ok(())
    }

    /// Collects from payers, then pays receivers, through the settlement account (CLR-007,
    /// CLR-009).
    pub(crate) fn pay(&mut self, amounts: &Amounts) {
        self.pay_covered(amounts, &Covered::new());
    }

    /// The same, with losses that lines lend for (CLR-052).
    pub(crate) fn pay_covered(&mut self, amounts: &Amounts, covered: &Covered) {
        self.pay_all(amounts, covered, None);
    }

    /// Price alignment is paid as variation is, and no line lends for it (CLR-057).
    fn align(&mut self, amounts: &Amounts, so_far: &BTreeMap<u32, i128>) {
        self.pay_all(amounts, &Covered::new(), Some(so_far));
    }

    fn pay_all(
        &mut self,
        amounts: &Amounts,
        covered: &Covered,
        aligned: Option<&BTreeMap<u32, i128>>,
    ) {
        let sum: i128 = amounts.values().sum();
        assert!(sum == 0, "what is paid is received");
        let whole = |amount: i128| {
            i64::try_from(amount).expect("the bounds of the schema keep a payment within 64 bits")
        };
        for (number, amount) in amounts.iter().filter(|(_, amount)| **amount < 0) {
            let covered = covered.get(number).copied().unwrap_or(0);
            let payment = self.collected(*number, whole(-amount), covered);
            self.tell_payment(&payment, aligned);
            self.call_dues(*number);
        }
        for (number, amount) in amounts.iter().filter(|(_, amount)| **amount > 0) {
            self.received(*number, whole(*amount), aligned);
        }
        self.stand_still();
    }

    /// The market halts once the house could not advance all that was due.
    pub(crate) fn stand_still(&mut self) {
        let open = self.state.ledger.house(LedgerClass::DefaultShortfall);
        if open != 0 && !self.state.halted {
            self.tell(&wire::MarketHalted {
                reason: HaltReason::LiquidityExhausted,
            });
        }
    }

    /// What a payer owes is called.
    fn call_dues(&mut self, account: u32) {
        let amount = self.holder(account).due();
        if amount != 0 {
            self.tell(&CallOpened { account, amount });
        }
    }

    /// Money of one payer enters the settlement account; no line lends for it.
    pub(crate) fn collect(&mut self, account: u32, amount: i64) {
        let payment = self.collected(account, amount, 0);
        self.tell(&payment);
        self.call_dues(account);
    }

    /// Money in transit reaches an account, what it owes first.
    pub(crate) fn receive(&mut self, account: u32, amount: i64) {
        self.received(account, amount, None);
    }

    fn received(&mut self, account: u32, amount: i64, aligned: Option<&BTreeMap<u32, i128>>) {
        let due = self.holder(account).due();
        let to_dues = due.min(amount);
        let payment = PaymentPosted {
            account,
            amount,
            from_cash: 0,
            advanced: 0,
            shortfall: 0,
            to_dues,
        };
        self.tell_payment(&payment, aligned);
        if due != 0 && to_dues == due {
            self.tell(&CallClosed { account });
        }
        self.repay_line(account, amount - to_dues);
    }

    /// A payment, or alignment with the variation it is reckoned on.
    fn tell_payment(&mut self, payment: &PaymentPosted, aligned: Option<&BTreeMap<u32, i128>>) {
        let Some(so_far) = aligned else {
            return self.tell(payment);
        };
        self.tell(&wire::AlignmentPosted {
            account: payment.account,
            amount: payment.amount,
            from_cash: payment.from_cash,
            advanced: payment.advanced,
            shortfall: payment.shortfall,
            to_dues: payment.to_dues,
            variation: i64::try_from(so_far[&payment.account]).expect("the guard bounds it"),
        });
    }

    /// Takes a loss from cash and from what a line lends, then from the house's liquidity; the
    /// rest is a shortfall.
    fn collected(&mut self, account: u32, loss: i64, covered: i128) -> PaymentPosted {
        let cash = loss.min(self.holder(account).free_of_holds().max(0));
        let from_cash = cash + self.draw(account, loss - cash, covered);
        let liquidity = self.state.ledger.house(LedgerClass::HouseLiquidity);
        let advanced = (loss - from_cash).min(liquidity);
        PaymentPosted {
            account,
            amount: -loss,
            from_cash,
            advanced,
            shortfall: loss - from_cash - advanced,
            to_dues: 0,
        }
    }

    pub(crate) fn holder(&self, number: u32) -> &Account {
        &self.state.accounts[self.account_at(number) as usize]
    }

    /// Adds what each position in a series receives; `gain` is of (lots, cost).
    pub(crate) fn add_amounts(
        &self,
        at: SeriesAt,
        amounts: &mut Amounts,
        gain: impl Fn(i64, i64) -> i128,
    ) {
        for account in &self.state.accounts {
            if let Some(holding) = account.holding(at).filter(|h| h.stands()) {
                *amounts.entry(account.account).or_default() += gain(holding.lots, holding.cost);
            }
        }
    }

    /// What each account receives at these settlement prices, which are refused here (CLR-007).
    pub(crate) fn settled_amounts(
        &self,
        day: u32,
        prices: List<'_, SeriesPrice>,
    ) -> Result<Amounts, Refused> {
        let state = &*self.state;
        if day <= state.settled_day {
            return Err(Refused::new(Refusal::DayNotAhead, state.settled_day, day));
        }
        let mut last = 0;
        for item in prices.iter() {
            let series = &state.series[find_series(state, item.series)? as usize];
            let least = i64::from(!series.is_option());
            if !(least..=bound::PRICE).contains(&item.price) {
                let most = bound::PRICE;
                return Err(Refused::new(Refusal::RowOutOfBounds, most, item.price));
            }
            if series.state == SeriesState::Expired {
                let (open, found) = (SeriesState::Open as i64, series.state as i64);
                return Err(Refused::new(Refusal::SeriesNotTrading, open, found));
            }
            if item.series <= last {
                return Err(Refused::new(Refusal::PricesUnordered, last, item.series));
            }
            last = item.series;
        }
        let priced: BTreeSet<u32> = prices.iter().map(|item| item.series).collect();
        let holdings = state.accounts.iter().flat_map(|a| &a.holdings);
        let held = holdings.filter(|h| h.stands());
        let held = held.map(|h| state.series[h.series as usize].series);
        if let Some(missing) = held.filter(|number| !priced.contains(number)).min() {
            return Err(Refused::new(Refusal::PriceMissing, 0, missing));
        }
        let mut amounts = Amounts::new();
        for item in prices.iter() {
            let at = find_series(state, item.series)?;
            let series = &state.series[at as usize];
            if series.is_option() {
                continue;
            }
            let (price, hours) = (i128::from(item.price), i128::from(series.hours));
            self.add_amounts(at, &mut amounts, |lots, cost| {
                (i128::from(lots) * price - i128::from(cost)) * hours
            });
        }
        self.check_payments(&amounts)?;
        Ok(amounts)
    }

    /// Posts variation margin of every account (CLR-007, CLR-009).
    pub(crate) fn settle_variation(&mut self, c: &wire::SettleVariation<'_>) -> Decision {
        self.settle(c.day, c.prices, None)
    }

    /// Alignment of the variation before this day and interest of lines are reckoned first; then
    /// alignment is paid, and variation.
    pub(crate) fn settle(
        &mut self,
        day: u32,
        prices: List<'_, SeriesPrice>,
        found: Option<&wire::PricesFound<'_>>,
    ) -> Decision {
        let amounts = self.settled_amounts(day, prices)?;
        self.check_variation(prices)?;
        let so_far = self.state.variation_so_far();
        let aligned = self.state.alignment(&so_far, day);
        let mut owes = Amounts::new();
        for (account, amount) in amounts.iter().chain(&aligned) {
            *owes.entry(*account).or_default() += (*amount).min(0);
        }
        self.check_payments(&owes)?;
        let covered = self.covered_losses(prices);
        let since = self.state.settled_day;
        if let Some(found) = found {
            self.tell(found);
        }
        self.align(&aligned, &so_far);
        self.tell(&wire::VariationSettled { day, prices });
        self.accrue(since, day);
        self.pay_covered(&amounts, &covered);
        Ok(())
    }

    /// Pays a series, or one month of a swap, for good (CLR-008).
    pub(crate) fn settle_final(&mut self, c: &wire::SettleFinal) -> Decision {
        let at = find_series(self.state, c.series)?;
        let series = &self.state.series[at as usize];
        if self.state.behaviour >= DELIVERY && series.turns_into_deliveries() {
            return Err(Refused::new(Refusal::SeriesDelivers, 0, c.series));
        }
        if !(0..=bound::PRICE).contains(&c.price) {
            let most = bound::PRICE;
            return Err(Refused::new(Refusal::RowOutOfBounds, most, c.price));
        }
        if c.month != series.first_month {
            let month = series.first_month;
            return Err(Refused::new(Refusal::MonthWrong, month, c.month));
        }
        let expired = series.first_month == series.last_month;
        let hours = if expired {
            series.hours
        } else {
            month_hours(c.month)
        };
        if c.hours != hours {
            return Err(Refused::new(Refusal::HoursWrong, hours, c.hours));
        }
        if !matches!(series.state, SeriesState::Listed | SeriesState::Closed) {
            let (closed, found) = (SeriesState::Closed as i64, series.state as i64);
            return Err(Refused::new(Refusal::SeriesStillTrading, closed, found));
        }
        let (ends, now) = (series.last_trading_time, self.place.time);
        if expired && now < ends {
            return Err(Refused::new(Refusal::TradingNotEnded, ends, now));
        }
        if now < series.period_ends {
            return Err(Refused::new(
                Refusal::PeriodNotOver,
                series.period_ends,
                now,
            ));
        }
        if series.period_ends == 0 && i128::from(now) < month_ends(c.month) {
            return Err(Refused::new(
                Refusal::MonthNotOver,
                month_ends(c.month),
                now,
            ));
        }
        let (kind, strike, price) = (series.series_kind, series.strike, c.price);
        let hours = i128::from(hours);
        let mut amounts = Amounts::new();
        self.add_amounts(at, &mut amounts, |lots, cost| {
            let lots = i128::from(lots);
            hours
                * match kind {
                    SeriesKind::Call => lots * i128::from((price - strike).max(0)),
                    SeriesKind::Put => lots * i128::from((strike - price).max(0)),
                    _ => lots * i128::from(price) - i128::from(cost),
                }
        });
        self.check_payments(&amounts)?;
        if expired {
            let live = self.state.orders_that(|o| o.series == at);
            self.cancel_all(&live, CancelReason::SeriesExpired);
        }
        self.tell(&wire::FinalSettled {
            series: c.series,
            month: c.month,
            price: c.price,
            hours: c.hours,
            expired,
        });
        self.pay(&amounts);
        Ok(())
    }
}
