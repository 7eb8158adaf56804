//! Deciding lines of credit for the variation of covered sellers (CLR-050 to CLR-055).

use std::collections::BTreeMap;

use crate::agenda::{Agenda, Decision, Refused};
use crate::collateral::WHOLE_UNIT;
use crate::frame::List;
use crate::guards::find_series;
use crate::joining::JOINING;
use crate::money::check_amount;
use crate::settlement::days_between;
use crate::state::{AccountAt, State, USD};
use crate::waterfall::{Left, Part};
use crate::wire::{
    self, LedgerClass, LineAccrued, LineDrawn, LineRepaid, LineWrittenOff, Refusal, SeriesPrice,
    bound,
};

/// Losses that lines lend for, by account number.
pub(crate) type Covered = BTreeMap<u32, i128>;

fn check_term(term: i64, most: i64) -> Decision {
    if !(0..=most).contains(&term) {
        return Err(Refused::new(Refusal::LineTerms, most, term));
    }
    Ok(())
}

impl State {
    fn line_principal(&self, account: u32) -> i64 {
        -self.balance(LedgerClass::LinePrincipal, account, USD)
    }

    fn line_interest(&self, account: u32) -> i64 {
        -self.balance(LedgerClass::LineInterest, account, USD)
    }

    /// What an account owes under its line, micro-dollars, zero or positive.
    pub(crate) fn line_owed(&self, account: u32) -> i128 {
        i128::from(self.line_principal(account)) + i128::from(self.line_interest(account))
    }

    /// What secures an account's line, each asset rounded down; `leaving` is an asset and units of
    /// it about to go (CLR-053).
    fn secured(&self, at: AccountAt, leaving: (u16, i64)) -> i128 {
        let account = &self.accounts[at as usize];
        let mut value = 0;
        for (asset, security) in &self.credit.securities {
            let held = account.held_assets.get(asset).copied().unwrap_or(0);
            let mut units = self.balance(LedgerClass::Cash, account.account, *asset) - held;
            if *asset == leaving.0 {
                units -= leaving.1;
            }
            let price = self.collateral.get(asset).map_or(0, |terms| terms.price);
            let worth = i128::from(units) * i128::from(price) * i128::from(security.advance);
            let worth = worth.div_euclid(WHOLE_UNIT * 10_000);
            value += worth.min(i128::from(security.account_cap));
        }
        value.min(i128::from(bound::MONEY))
    }

    /// What a line lends of what cash does not pay (CLR-052).
    fn drawing(&self, at: AccountAt, wanted: i64, covered: i128) -> i64 {
        let account = &self.accounts[at as usize];
        let Some(line) = self.credit.lines.get(&account.account) else {
            return 0;
        };
        if self.defaults.contains_key(&account.member) {
            return 0;
        }
        let most = self.secured(at, (0, 0)).min(i128::from(line.limit));
        let room = most - self.line_owed(account.account);
        let fund = i128::from(self.ledger.house(LedgerClass::LineFund));
        let drawn = room.min(fund).min(covered).min(i128::from(wanted));
        drawn.max(0) as i64
    }
}

impl Agenda<'_> {
    /// Records what an account has shown it can deliver (CLR-050).
    pub(crate) fn record_cover(&mut self, c: &wire::RecordCover) -> Decision {
        self.need_behaviour(JOINING)?;
        self.find_or_refuse(c.account)?;
        find_series(self.state, c.series)?;
        check_term(c.lots, bound::ACCOUNT_GROSS_LOTS)?;
        if c.lots != 0 && c.until <= self.place.time {
            let now = self.place.time;
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, c.until));
        }
        if c.lots != 0 && c.evidence == [0; 32] {
            return Err(Refused::new(Refusal::CoverUnproven, 0, c.lots));
        }
        self.tell(&wire::CoverRecorded {
            account: c.account,
            series: c.series,
            lots: c.lots,
            until: c.until,
            evidence: c.evidence,
        });
        Ok(())
    }

    fn find_or_refuse(&self, number: u32) -> Result<AccountAt, Refused> {
        let found = self.state.account_at(number);
        found.ok_or_else(|| Refused::new(Refusal::AccountUnknown, 0, number))
    }

    /// Opens a line, or changes its terms (CLR-051).
    pub(crate) fn set_line(&mut self, c: &wire::SetLine) -> Decision {
        self.need_behaviour(JOINING)?;
        let at = self.find_or_refuse(c.account)?;
        check_term(c.limit, bound::MONEY)?;
        check_term(i64::from(c.rate), bound::LINE_RATE)?;
        if c.limit != 0 {
            self.check_line(at, c.limit)?;
        }
        self.tell(&wire::LineSet {
            account: c.account,
            limit: c.limit,
            rate: c.rate,
        });
        Ok(())
    }

    /// A line is for a covered seller, and is funded.
    fn check_line(&self, at: AccountAt, limit: i64) -> Decision {
        let state = &*self.state;
        let (number, member) = {
            let account = &state.accounts[at as usize];
            (account.account, account.member)
        };
        if state.defaults.contains_key(&member) {
            return Err(Refused::new(Refusal::MemberInDefault, 0, member));
        }
        let theirs = state.credit.covers.range((number, 0)..=(number, u32::MAX));
        if !theirs.into_iter().any(|(_, c)| c.until > self.place.time) {
            return Err(Refused::new(Refusal::CoverMissing, 0, number));
        }
        let undrawn = |account: u32, limit: i64| {
            i128::from(limit.saturating_sub(state.line_principal(account)).max(0))
        };
        let others = state.credit.lines.iter().filter(|(a, _)| **a != number);
        let others: i128 = others.map(|(a, line)| undrawn(*a, line.limit)).sum();
        let (fund, all) = (
            state.ledger.house(LedgerClass::LineFund),
            others + undrawn(number, limit),
        );
        if all > i128::from(fund) {
            return Err(Refused::new(Refusal::LineFundShort, fund, all));
        }
        Ok(())
    }

    /// Adds cash of the house to what it lends (CLR-051).
    pub(crate) fn fund_lines(&mut self, c: &wire::FundLines) -> Decision {
        self.need_behaviour(JOINING)?;
        let amount = i128::from(c.amount);
        check_amount(amount)?;
        let bank = self.state.ledger.house(LedgerClass::Bank);
        check_amount(amount - i128::from(bank))?;
        self.tell(&wire::LinesFunded { amount: c.amount });
        Ok(())
    }

    /// Takes an asset as security (CLR-053).
    pub(crate) fn secure_lines(&mut self, c: &wire::SecureLines) -> Decision {
        self.need_behaviour(JOINING)?;
        let Some(terms) = self.state.collateral.get(&c.asset) else {
            return Err(Refused::new(Refusal::CollateralUnknown, 0, c.asset));
        };
        for (term, most) in [
            (i64::from(c.advance), 10_000),
            (c.account_cap, bound::MONEY),
        ] {
            if !(0..=most).contains(&term) {
                return Err(Refused::new(Refusal::CollateralTerms, most, term));
            }
        }
        if c.advance != 0 && terms.haircut < 10_000 {
            return Err(Refused::new(Refusal::AssetCoversMargin, 0, c.asset));
        }
        self.tell(&wire::LinesSecured {
            asset: c.asset,
            advance: c.advance,
            account_cap: c.account_cap,
        });
        Ok(())
    }

    /// What secures lines never counts toward margin (CLR-053).
    pub(crate) fn check_secures_none(&self, asset: u16, haircut: u32) -> Decision {
        let found = self.state.credit.securities.get(&asset);
        if haircut < 10_000 && found.is_some_and(|security| security.advance != 0) {
            return Err(Refused::new(Refusal::AssetCoversMargin, 0, asset));
        }
        Ok(())
    }

    /// What secures a line leaves only while what stays secures what is owed (CLR-053).
    pub(crate) fn check_securing(&self, at: AccountAt, asset: u16, units: i64) -> Decision {
        let due = self
            .state
            .line_owed(self.state.accounts[at as usize].account);
        if due == 0 || !self.state.credit.securities.contains_key(&asset) {
            return Ok(());
        }
        let stays = self.state.secured(at, (asset, units));
        if stays < due {
            return Err(Refused::new(Refusal::LineUnpaid, due, stays));
        }
        Ok(())
    }

    /// What each account with a line loses at these prices on short lots it has shown it can
    /// deliver, rounded down series by series (CLR-052).
    pub(crate) fn covered_losses(&self, prices: List<'_, SeriesPrice>) -> Covered {
        let state = &*self.state;
        let mut found = Covered::new();
        if state.credit.lines.is_empty() {
            return found;
        }
        let priced: BTreeMap<u32, i64> = prices.iter().map(|p| (p.series, p.price)).collect();
        for (&(number, series), cover) in &state.credit.covers {
            let lends = state.credit.lines.contains_key(&number) && cover.until > self.place.time;
            let (Some(at), Some(of)) = (state.account_at(number), state.series_at(series)) else {
                continue;
            };
            let terms = &state.series[of as usize];
            let holding = state.accounts[at as usize].holding(of);
            let Some(holding) = holding.filter(|h| h.lots < 0 && lends && !terms.is_option())
            else {
                continue;
            };
            let Some(price) = priced.get(&series) else {
                continue;
            };
            let short = -i128::from(holding.lots);
            let loss = i128::from(holding.cost) + short * i128::from(*price);
            let loss = (loss * i128::from(terms.hours)).max(0);
            let part = loss * i128::from(cover.lots).min(short) / short;
            *found.entry(number).or_default() += part;
        }
        found
    }

    /// Interest of every line for the days since the last settlement, rounded up (CLR-054).
    pub(crate) fn accrue(&mut self, since: u32, day: u32) {
        let days = if since == 0 {
            0
        } else {
            days_between(since, day)
        };
        let lines: Vec<(u32, u32)> = self
            .state
            .credit
            .lines
            .iter()
            .map(|(account, line)| (*account, line.rate))
            .collect();
        for (account, rate) in lines {
            let principal = i128::from(self.state.line_principal(account));
            let scaled = principal * i128::from(rate) * i128::from(days);
            let interest = (scaled + 999_999) / 1_000_000;
            let owed = self.state.ledger.house(LedgerClass::LinesReceivable);
            let amount = interest.min(i128::from(bound::MONEY - owed)) as i64;
            if amount > 0 {
                self.tell(&LineAccrued {
                    account,
                    days,
                    amount,
                });
            }
        }
    }

    /// Lends what cash does not pay of a loss; gives what was drawn (CLR-052).
    pub(crate) fn draw(&mut self, account: u32, wanted: i64, covered: i128) -> i64 {
        if wanted == 0 || covered == 0 {
            return 0;
        }
        let amount = self
            .state
            .drawing(self.account_at(account), wanted, covered);
        if amount != 0 {
            self.tell(&LineDrawn { account, amount });
        }
        amount
    }

    /// Money that came in repays interest, then principal (CLR-054); in a default all waits for
    /// its close.
    pub(crate) fn repay_line(&mut self, account: u32, incoming: i64) {
        if self.state.credit.lines.contains_key(&account) {
            let member = self.holder(account).member;
            if !self.state.defaults.contains_key(&member) {
                self.repay_owed(account, account, incoming);
            }
        }
    }

    fn repay_owed(&mut self, account: u32, payer: u32, incoming: i64) {
        let interest = incoming.min(self.state.line_interest(account));
        let principal = (incoming - interest).min(self.state.line_principal(account));
        if interest != 0 || principal != 0 {
            self.tell(&LineRepaid {
                account,
                interest,
                principal,
                payer,
            });
        }
    }

    /// At the end of a default, what cash pays of what lines of a member are owed: an account's
    /// own, then that of house accounts; and what is left owed, for which no security stands any
    /// more (CLR-055).
    pub(crate) fn left_for_lines(&self, member: u32) -> Result<(Vec<Part>, Left), Refused> {
        let accounts = self.state.accounts_of(member).into_iter();
        let owing = accounts.map(|a| (a.account, self.state.line_owed(a.account)));
        let mut left: Left = owing
            .filter(|(_, due)| *due != 0)
            .map(|(n, due)| {
                (
                    n,
                    i64::try_from(due).expect("what lines are owed is bounded"),
                )
            })
            .collect();
        let parts = self.state.own_money(member, &mut left);
        for (number, _) in left.iter().filter(|(_, rest)| *rest != 0) {
            for asset in self.state.credit.securities.keys() {
                if self.state.balance(LedgerClass::Cash, *number, *asset) != 0 {
                    return Err(Refused::new(Refusal::CollateralStands, *asset, *number));
                }
            }
        }
        Ok((parts, left))
    }

    /// Lines are repaid as far as cash goes; the rest is the house's loss (CLR-055).
    pub(crate) fn close_lines(&mut self, parts: &[Part], left: &Left) {
        for part in parts {
            self.repay_owed(part.due_account, part.account, part.amount);
        }
        for (account, _) in left.iter().filter(|(_, rest)| *rest != 0) {
            self.tell(&LineWrittenOff {
                account: *account,
                interest: self.state.line_interest(*account),
                principal: self.state.line_principal(*account),
            });
        }
    }
}
