//! Deciding collateral, margin calls and what is published beside the log (CLR-040 to CLR-048).

use crate::agenda::{Agenda, Decision, Refused};
use crate::margin::{Judgement, judge};
use crate::state::{AccountAt, USD};
use crate::wire::{
    self, DigestPublished, MarginCallLate, MarginCallMet, MarginCalled, PricesFound, Refusal,
    SeriesPrice, StepFound, bound,
};

/// Behaviour from which collateral counts, calls are issued and settlement prices say whence.
const COLLATERAL: u32 = 3;

/// An amount told in 64 bits; a greater one is told as the greatest.
fn told(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// Cover an account lacks under the test that it fails by more; 0 when it is covered.
fn lacks(judgement: &Judgement) -> i64 {
    let margin = judgement.required - judgement.cover;
    told(margin.max(judgement.needed - judgement.free).max(0))
}

impl Agenda<'_> {
    /// Admits an asset as collateral (CLR-040).
    pub(crate) fn admit_collateral(&mut self, c: &wire::AdmitCollateral) -> Decision {
        self.need_behaviour(COLLATERAL)?;
        if !self.state.assets.contains_key(&c.asset) {
            return Err(Refused::new(Refusal::AssetUnknown, 0, c.asset));
        }
        if c.asset == USD {
            return Err(Refused::new(Refusal::AssetIsCash, 0, c.asset));
        }
        for (term, most) in [
            (i64::from(c.haircut), 10_000),
            (c.account_cap, bound::MONEY),
        ] {
            if !(0..=most).contains(&term) {
                return Err(Refused::new(Refusal::CollateralTerms, most, term));
            }
        }
        self.check_secures_none(c.asset, c.haircut)?;
        self.tell(&wire::CollateralAdmitted {
            asset: c.asset,
            haircut: c.haircut,
            account_cap: c.account_cap,
            letter: c.letter,
        });
        Ok(())
    }

    /// Prices collateral (CLR-041).
    pub(crate) fn value_collateral(&mut self, c: &wire::ValueCollateral<'_>) -> Decision {
        self.need_behaviour(COLLATERAL)?;
        let mut last = 0;
        for item in c.prices.iter() {
            let Some(terms) = self.state.collateral.get(&item.asset) else {
                return Err(Refused::new(Refusal::CollateralUnknown, 0, item.asset));
            };
            if c.day < terms.day {
                return Err(Refused::new(Refusal::DayNotAhead, terms.day, c.day));
            }
            let most = bound::COLLATERAL_PRICE;
            if !(0..=most).contains(&item.price) {
                return Err(Refused::new(Refusal::RowOutOfBounds, most, item.price));
            }
            if item.asset <= last {
                return Err(Refused::new(Refusal::PricesUnordered, last, item.asset));
            }
            last = item.asset;
        }
        self.tell(&wire::CollateralValued {
            day: c.day,
            inputs: c.inputs,
            prices: c.prices,
        });
        Ok(())
    }

    /// Collateral leaves only while what stays covers the account (CLR-044).
    pub(crate) fn check_leaving(&mut self, at: AccountAt, asset: u16, units: i64) -> Decision {
        if !self.state.collateral.contains_key(&asset) {
            return Ok(());
        }
        let now = self.state.counted(at, (0, 0));
        let after = self.state.counted(at, (asset, units));
        let judgement = judge(self.state, at, &[]);
        let needed = judgement.required;
        let cover = judgement.cover - now.cover(needed) + after.cover(needed);
        if cover < needed.min(judgement.cover) {
            return Err(Refused::new(Refusal::MarginShort, needed, cover));
        }
        Ok(())
    }

    /// Calls for what an account lacks (CLR-045).
    pub(crate) fn issue_call(&mut self, c: &wire::IssueCall) -> Decision {
        self.need_behaviour(COLLATERAL)?;
        let Some(at) = self.find_account(c.account) else {
            return Err(Refused::new(Refusal::AccountUnknown, 0, c.account));
        };
        if !(1..=bound::MONEY).contains(&c.timeout) {
            return Err(Refused::new(Refusal::TimeoutNegative, 1, c.timeout));
        }
        if let Some(standing) = self.state.calls.get(&c.account) {
            return Err(Refused::new(Refusal::CallStanding, 0, standing.call));
        }
        let judgement = judge(self.state, at, &[]);
        if judgement.covered() {
            let (required, cover) = (judgement.required, judgement.cover);
            return Err(Refused::new(Refusal::CallCovered, required, cover));
        }
        self.tell(&MarginCalled {
            call: self.place.number,
            account: c.account,
            amount: lacks(&judgement),
            required: told(judgement.required),
            due: self.place.due_after(c.timeout),
        });
        Ok(())
    }

    /// Ends the call that stands on an account found covered (CLR-046).
    pub(crate) fn meet_call(&mut self, account: u32) {
        if let Some(call) = self.state.calls.get(&account).copied() {
            let call = call.call;
            self.tell(&MarginCallMet { call, account });
        }
    }

    /// Ends an account's call when it is covered again (CLR-046).
    pub(crate) fn see_call(&mut self, account: u32) {
        if self.state.calls.contains_key(&account) {
            let at = self.account_at(account);
            if judge(self.state, at, &[]).covered() {
                self.meet_call(account);
            }
        }
    }

    /// The time of an account's call is over: it is met, or late (CLR-046).
    pub(crate) fn call_due(&mut self, account: u32) {
        let judgement = judge(self.state, self.account_at(account), &[]);
        if judgement.covered() {
            return self.meet_call(account);
        }
        let call = self.state.calls[&account].call;
        let amount = lacks(&judgement);
        self.tell(&MarginCallLate {
            call,
            account,
            amount,
        });
    }

    /// Settlement prices with the step that gave each (CLR-047).
    pub(crate) fn settle_prices(&mut self, c: &wire::SettlePrices<'_>) -> Decision {
        self.need_behaviour(COLLATERAL)?;
        let prices = c.prices.iter();
        let priced = prices.map(|p| SeriesPrice {
            series: p.series,
            price: p.price,
        });
        let priced: Vec<SeriesPrice> = priced.collect();
        let prices = wire_list(&priced);
        let steps = c.prices.iter().map(|p| StepFound {
            step: p.step,
            series: p.series,
        });
        let steps: Vec<StepFound> = steps.collect();
        let found = PricesFound {
            day: c.day,
            steps: wire_list(&steps),
        };
        self.settle(c.day, prices, Some(&found))
    }

    /// Puts the digest of a publication on the log (CLR-048).
    pub(crate) fn publish_digest(&mut self, c: &wire::PublishDigest) -> Decision {
        self.need_behaviour(COLLATERAL)?;
        if let Some(last) = self.state.digests.get(&c.publication)
            && c.day <= last.0
        {
            return Err(Refused::new(Refusal::DayNotAhead, last.0, c.day));
        }
        self.tell(&DigestPublished {
            publication: c.publication,
            day: c.day,
            digest: c.digest,
        });
        Ok(())
    }
}

fn wire_list<T: crate::frame::Element>(elements: &[T]) -> crate::frame::List<'_, T> {
    crate::frame::List::Own(elements)
}
