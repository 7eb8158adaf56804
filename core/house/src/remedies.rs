//! Deciding remedies of what is missing, early ends, and what becomes of a delivery whose time is
//! over (DEL-026, DEL-030).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, check_evidence, other};
use crate::guarantees::GUARANTEES;
use crate::metering::whole;
use crate::settlement::ordinal;
use crate::state::{Delivery, Fixing, USD};
use crate::wire::{
    self, DeliveryEnd, DeliveryMade, DeliveryParty as Party, DeliveryRemedied, DeliveryState,
    LedgerClass, Refusal, RemedyPaid, RemedySource, bound,
};

/// What a remedy costs at which price, micro-dollars.
struct Remedy {
    units: i64,
    price: i64,
    cost: i64,
    in_cash: bool,
    evidence: [u8; 32],
}

/// Days from a day written YYYYMMDD to the one a time UTC lies in; negative ahead of it.
fn days_since(day: u32, time: i64) -> i64 {
    time.div_euclid(86_400_000_000_000) + 719_163 - ordinal(day)
}

fn failed(delivery: &Delivery) -> Party {
    match delivery.failed {
        Party::Nobody => Party::Seller,
        party => party,
    }
}

/// A replacement that costs more harms the buyer, one that brings less the seller.
fn sign(delivery: &Delivery) -> i128 {
    if failed(delivery) == Party::Seller {
        1
    } else {
        -1
    }
}

impl Agenda<'_> {
    /// Makes missing accelerator-hours good (DEL-026).
    pub(crate) fn remedy_delivery(&mut self, c: &wire::RemedyDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let states = [DeliveryState::Running, DeliveryState::Failed];
        let delivery = self.find_delivery(c.delivery, &states)?;
        if !(1..=delivery.missing).contains(&c.units) {
            let most = delivery.missing;
            return Err(Refused::new(Refusal::UnitsOutOfBounds, most, c.units));
        }
        check_evidence(&c.evidence)?;
        let price = if c.cover_price == 0 {
            self.in_cash(&delivery, self.fresh_price(&delivery)?)
        } else {
            self.check_cover_price(&delivery, c.cover_price)?;
            i128::from(c.cover_price)
        };
        let cost = self.cost(&delivery, c.units, price);
        if cost > i128::from(bound::MONEY) {
            let most = bound::MONEY;
            return Err(Refused::new(Refusal::SettlementTooLarge, most, cost));
        }
        let remedy = Remedy {
            units: c.units,
            price: whole(price),
            cost: whole(cost),
            in_cash: c.cover_price == 0,
            evidence: c.evidence,
        };
        self.make_good(&delivery, &remedy);
        Ok(())
    }

    /// The last fixing of the index of the series a delivery comes from.
    fn last_fixing(&self, delivery: &Delivery) -> Option<Fixing> {
        let found = self.state.fixings.get(&self.index_of(delivery)).copied();
        found.filter(|fixing| fixing.price != 0)
    }

    fn index_of(&self, delivery: &Delivery) -> u16 {
        let at = self.state.series_at(delivery.series);
        let at = at.expect("a delivery has its series");
        self.state.series[at as usize].index
    }

    /// Day the price of a fixing is of; 0 unknown.
    fn fixed_day(&self, fixing: &Fixing) -> u32 {
        let stands = self
            .state
            .no_fixes
            .contains_key(&(fixing.index, fixing.day));
        match fixing.fixed {
            0 if stands => 0,
            0 => fixing.day,
            day => day,
        }
    }

    fn is_fresh(&self, fixing: &Fixing) -> bool {
        let day = self.fixed_day(fixing);
        day != 0 && days_since(day, self.place.time) <= bound::FIXING_AGE
    }

    /// The last fixing, which is not old: a remedy in cash that the house asks for is priced at it.
    fn fresh_price(&self, delivery: &Delivery) -> Result<i64, Refused> {
        let Some(fixing) = self.last_fixing(delivery) else {
            let index = self.index_of(delivery);
            return Err(Refused::new(Refusal::FixingUnknown, 0, index));
        };
        if !self.is_fresh(&fixing) {
            let (most, found) = (bound::FIXING_AGE, self.fixed_day(&fixing));
            return Err(Refused::new(Refusal::FixingStale, most, found));
        }
        Ok(fixing.price)
    }

    /// A replacement lies no further from the index than published, or from the contract price where
    /// no fixing is fresh; only to the loss of who failed is it bound.
    fn check_cover_price(&self, delivery: &Delivery, price: i64) -> Decision {
        let most = 2 * bound::PRICE;
        if !(0..=most).contains(&price) {
            return Err(Refused::new(Refusal::RowOutOfBounds, most, price));
        }
        let fresh = self.last_fixing(delivery).filter(|f| self.is_fresh(f));
        let reference = fresh.map_or(delivery.price, |fixing| fixing.price);
        let (sign, terms) = (sign(delivery), self.state.owed.terms_of(delivery));
        let factor = (10_000 + sign * i128::from(terms.cover_band)).max(0);
        let furthest = i128::from(reference) * factor / 10_000;
        if sign * i128::from(price) > sign * furthest {
            return Err(Refused::new(Refusal::CoverOutOfBounds, furthest, price));
        }
        Ok(())
    }

    fn in_cash(&self, delivery: &Delivery, reference: i64) -> i128 {
        let factor = i128::from(self.state.owed.terms_of(delivery).cash_factor);
        i128::from(reference) * (10_000 + sign(delivery) * factor) / 10_000
    }

    /// What replacement cost more than the contract, or brought less, and the penalty (DEL-026).
    fn cost(&self, delivery: &Delivery, units: i64, price: i128) -> i128 {
        let (contract, units) = (i128::from(delivery.price), i128::from(units));
        let penalty = i128::from(self.state.owed.terms_of(delivery).penalty);
        let penalty = contract * units * penalty / 10_000;
        (sign(delivery) * (price - contract)).max(0) * units + penalty
    }

    fn make_good(&mut self, delivery: &Delivery, remedy: &Remedy) {
        let failed = failed(delivery);
        let (payer, receiver) = (delivery.of(failed), delivery.of(other(failed)));
        let parts = self.sources(delivery, failed, remedy.cost);
        let paid: i64 = parts.iter().map(|(_, amount)| amount).sum();
        self.tell(&DeliveryRemedied {
            account: payer,
            to_account: receiver,
            delivery: delivery.delivery,
            units: remedy.units,
            cover_price: remedy.price,
            in_cash: remedy.in_cash,
            cost: remedy.cost,
            unpaid: remedy.cost - paid,
            evidence: remedy.evidence,
        });
        for (source, amount) in parts {
            if source == RemedySource::Guarantee {
                self.draw_guarantees(payer, delivery.delivery, amount);
            }
            self.tell(&RemedyPaid {
                account: payer,
                delivery: delivery.delivery,
                source,
                amount,
            });
        }
        if paid != 0 {
            self.receive(receiver, paid);
        }
        self.settle_delivery(delivery.delivery, DeliveryEnd::Remedied);
    }

    /// What pays a remedy, in order, and how much of it (DEL-026).
    fn sources(
        &mut self,
        delivery: &Delivery,
        failed: Party,
        cost: i64,
    ) -> Vec<(RemedySource, i64)> {
        let account = delivery.of(failed);
        let cash = self.cash_sources(account);
        let of = |class| self.state.balance(class, account, USD);
        let held = if failed == Party::Seller {
            delivery.held
        } else {
            0
        };
        let fund = self.state.ledger.house(LedgerClass::DeliveryFund);
        let mut left = cost;
        let mut found = Vec::new();
        let before = [
            (RemedySource::Receivable, held),
            (RemedySource::Margin, of(LedgerClass::DeliveryMargin)),
            (RemedySource::Bond, of(LedgerClass::PerformanceBond)),
        ];
        let fund = [(RemedySource::Fund, fund)];
        for (source, pot) in before.into_iter().chain(cash).chain(fund) {
            let amount = pot.min(left);
            if amount != 0 {
                left -= amount;
                found.push((source, amount));
            }
        }
        found
    }

    /// The cash of an account as it pays a remedy: from behaviour 6 on what margin asks for waits
    /// behind the guarantees.
    fn cash_sources(&mut self, account: u32) -> [(RemedySource, i64); 3] {
        let cash = self.holder(account).free_of_holds().max(0);
        if self.state.behaviour < GUARANTEES {
            let nothing = [RemedySource::Guarantee, RemedySource::InitialMargin].map(|s| (s, 0));
            return [(RemedySource::Cash, cash), nothing[0], nothing[1]];
        }
        let beyond = self.beyond_margin(account);
        let given = self.state.owed.guarantees_for(account);
        [
            (RemedySource::Cash, beyond),
            (RemedySource::Guarantee, given.map(|g| g.amount).sum()),
            (RemedySource::InitialMargin, cash - beyond),
        ]
    }

    /// Ends a delivery before its time (DEL-030).
    pub(crate) fn terminate_delivery(&mut self, c: &wire::TerminateDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let states = [
            DeliveryState::Running,
            DeliveryState::Paired,
            DeliveryState::Scheduled,
            DeliveryState::Tendered,
            DeliveryState::Contested,
        ];
        let delivery = self.find_delivery(c.delivery, &states)?;
        check_evidence(&c.evidence)?;
        let done = delivery.metered_hours;
        if done == delivery.hours {
            return Err(Refused::plain(Refusal::HoursOutOfBounds));
        }
        self.tell(&wire::DeliveryTerminated {
            account: delivery.account,
            buyer: delivery.buyer,
            delivery: c.delivery,
            party: c.party,
            hours: done,
            evidence: c.evidence,
        });
        if done != 0 {
            if c.party != Party::Nobody {
                self.fail_rest(&delivery, c.party);
            }
            self.settle_delivery(c.delivery, DeliveryEnd::Delivered);
        } else if c.party == Party::Nobody {
            self.end_delivery(&delivery, DeliveryEnd::Terminated);
        } else {
            self.fail_delivery(&delivery, c.party);
        }
        Ok(())
    }

    /// Hours after those metered of a delivery are missing by the fault of a side.
    fn fail_rest(&mut self, whole: &Delivery, party: Party) {
        let number = self.state.last_event + 1;
        self.tell(&DeliveryMade {
            delivery: number,
            account: whole.account,
            buyer: whole.buyer,
            series: whole.series,
            lots: whole.lots,
            price: whole.price,
            starts: whole.starts,
            first_hour: whole.first_hour + whole.metered_hours,
            hours: whole.hours - whole.metered_hours,
            nominated: whole.nominated,
            pledgee: whole.pledgee,
            due: 0,
        });
        let rest = self.state.owed.deliveries[&number];
        self.fail_delivery(&rest, party);
    }

    /// The time for what a delivery waits for is over (DEL-022, DEL-023, DEL-026, DEL-031).
    pub(crate) fn delivery_due(&mut self, number: u64) {
        let delivery = self.state.owed.deliveries[&number];
        match delivery.state {
            DeliveryState::Tendered => self.accept_as_is(&delivery, true),
            DeliveryState::Contested => self.let_rejection_stand(&delivery),
            DeliveryState::Running | DeliveryState::Failed => self.make_good_by_itself(&delivery),
            DeliveryState::Paired if delivery.nominated == 0 => {
                self.end_delivery(&delivery, DeliveryEnd::Abandoned);
            }
            DeliveryState::Paired if delivery.nominated == Party::Seller as u32 => {
                self.fail_delivery(&delivery, Party::Buyer);
            }
            DeliveryState::Paired | DeliveryState::Scheduled => {
                self.fail_delivery(&delivery, Party::Seller);
            }
        }
    }

    /// What nobody replaced in time is made good in cash at the last fixing there is, or at the
    /// contract price where there never was one.
    fn make_good_by_itself(&mut self, delivery: &Delivery) {
        let fixing = self.last_fixing(delivery);
        let reference = fixing.map_or(delivery.price, |fixing| fixing.price);
        let price = self.in_cash(delivery, reference);
        let cost = self.cost(delivery, delivery.missing, price);
        let remedy = Remedy {
            units: delivery.missing,
            price: whole(price),
            cost: whole(cost.min(i128::from(bound::MONEY))),
            in_cash: true,
            evidence: [0; 32],
        };
        self.make_good(delivery, &remedy);
    }
}
