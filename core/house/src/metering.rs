//! Deciding metered hours, disputes, what becomes final and remedies (DEL-024 to DEL-026).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, side_of};
use crate::settlement::Amounts;
use crate::state::{Delivery, Metered, USD};
use crate::wire::{
    self, CallClosed, DeliveryEnd, DeliveryMarginMoved, DeliveryMetered, DeliveryPaid,
    DeliveryParty as Party, DeliveryRemedied, DeliveryState, LedgerClass, MeteredDetermined,
    MeteredDisputed, MeteredFinal, ReceivablePaid, Refusal, RemedyPaid, RemedySource, bound,
};

const HOUR: i64 = 3_600_000_000_000;

fn other(party: Party) -> Party {
    if party == Party::Seller {
        Party::Buyer
    } else {
        Party::Seller
    }
}

fn check_units(delivery: &Delivery, hours: u32, units: i64, excused: i64) -> Decision {
    let most = delivery.lots * i64::from(hours);
    let both = i128::from(units) + i128::from(excused);
    for value in [i128::from(units), i128::from(excused), both] {
        if !(0..=i128::from(most)).contains(&value) {
            return Err(Refused::new(Refusal::UnitsOutOfBounds, most, value));
        }
    }
    Ok(())
}

/// Price of what was delivered, with the differential of its quality, rounded down once.
fn price_of(delivery: &Delivery, units: i64) -> i128 {
    let full = i128::from(delivery.price) * i128::from(units);
    full * i128::from(delivery.quality) / 10_000
}

fn whole(amount: i128) -> i64 {
    i64::try_from(amount).expect("a settlement too large was refused")
}

impl Agenda<'_> {
    /// Books the next hours of a delivery, which the buyer pays (DEL-024).
    pub(crate) fn meter_delivery(&mut self, c: &wire::MeterDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Running])?;
        let terms = self.state.owed.terms_of(&delivery);
        let left = delivery.hours - delivery.metered_hours;
        if !(1..=left).contains(&c.hours) {
            return Err(Refused::new(Refusal::HoursOutOfBounds, left, c.hours));
        }
        let first_hour = delivery.first_hour + delivery.metered_hours;
        let over = delivery.starts + i64::from(first_hour + c.hours) * HOUR;
        if self.place.time < over {
            return Err(Refused::new(Refusal::HoursNotOver, over, self.place.time));
        }
        if c.excused != 0 && !terms.contingent {
            return Err(Refused::new(Refusal::NotContingent, 0, c.excused));
        }
        check_units(&delivery, c.hours, c.units, c.excused)?;
        let amount = price_of(&delivery, c.units);
        self.check_payments(&Amounts::from([(delivery.buyer, -amount)]))?;
        let amount = whole(amount);
        self.tell(&DeliveryMetered {
            metered: self.state.last_event + 1,
            account: delivery.account,
            buyer: delivery.buyer,
            delivery: c.delivery,
            first_hour,
            hours: c.hours,
            units: c.units,
            excused: c.excused,
            amount,
            evidence: c.evidence,
            due: self.place.time + terms.dispute,
        });
        self.bought(&delivery, amount);
        Ok(())
    }

    /// The buyer pays, from its margin of deliveries and then its bond where its cash falls short,
    /// and it is kept for the seller.
    fn bought(&mut self, delivery: &Delivery, amount: i64) {
        if amount == 0 {
            return;
        }
        let cash = self.holder(delivery.buyer).free_of_holds().max(0);
        let of = |class| self.state.balance(class, delivery.buyer, USD);
        let short = amount - cash.min(amount);
        let given = of(LedgerClass::DeliveryMargin).min(short);
        let bond = of(LedgerClass::PerformanceBond).min(short - given);
        if given != 0 {
            self.tell(&DeliveryMarginMoved {
                account: delivery.buyer,
                amount: -given,
            });
        }
        if bond != 0 {
            self.tell(&wire::BondMoved {
                account: delivery.buyer,
                amount: -bond,
            });
        }
        self.collect(delivery.buyer, amount);
        self.tell(&DeliveryPaid {
            account: delivery.account,
            delivery: delivery.delivery,
            amount,
        });
        self.stand_still();
    }

    fn find_metered(&self, number: u64) -> Result<(Metered, Delivery), Refused> {
        let Some(metered) = self.state.owed.metered.get(&number) else {
            return Err(Refused::new(Refusal::MeteredUnknown, 0, number));
        };
        Ok((*metered, self.state.owed.deliveries[&metered.delivery]))
    }

    /// Disputes metered hours (DEL-025).
    pub(crate) fn dispute_metered(&mut self, c: &wire::DisputeMetered) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let (metered, delivery) = self.find_metered(c.metered)?;
        side_of(&delivery, c.account, Party::Nobody)?;
        if metered.disputed != 0 {
            let found = metered.disputed;
            return Err(Refused::new(Refusal::MeteredDisputed, 0, found));
        }
        self.tell(&MeteredDisputed {
            account: c.account,
            metered: c.metered,
            delivery: metered.delivery,
            evidence: c.evidence,
        });
        Ok(())
    }

    /// Ends a dispute (DEL-025).
    pub(crate) fn determine_metered(&mut self, c: &wire::DetermineMetered) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let (metered, delivery) = self.find_metered(c.metered)?;
        if metered.disputed == 0 {
            return Err(Refused::new(Refusal::MeteredNotDisputed, 0, c.metered));
        }
        let loser = side_of(&delivery, c.loser, Party::Nobody)?;
        check_units(&delivery, metered.hours, c.units, c.excused)?;
        if !(0..=bound::MONEY).contains(&c.fee) {
            return Err(Refused::new(Refusal::AmountTooLarge, bound::MONEY, c.fee));
        }
        let amount = price_of(&delivery, c.units);
        let (more, fee) = (amount - i128::from(metered.amount), i128::from(c.fee));
        self.check_payments(&Amounts::from([(delivery.buyer, -more.max(0) - fee)]))?;
        let (amount, more) = (whole(amount), whole(more));
        self.tell(&MeteredDetermined {
            metered: c.metered,
            account: c.loser,
            delivery: metered.delivery,
            units: c.units,
            excused: c.excused,
            amount,
            fee: c.fee,
            evidence: c.evidence,
        });
        if more > 0 {
            self.bought(&delivery, more);
        } else if more < 0 {
            self.tell(&DeliveryPaid {
                account: delivery.account,
                delivery: metered.delivery,
                amount: more,
            });
            self.receive(delivery.buyer, -more);
        }
        if fee != 0 {
            let wins = delivery.of(other(loser));
            self.pay(&Amounts::from([(c.loser, -fee), (wins, fee)]));
        }
        self.make_final(c.metered);
        Ok(())
    }

    /// Metered hours that nobody disputes any more become final (DEL-025).
    pub(crate) fn make_final(&mut self, number: u64) {
        let metered = self.state.owed.metered[&number];
        let delivery = self.state.owed.deliveries[&metered.delivery];
        self.tell(&MeteredFinal {
            metered: number,
            account: delivery.account,
            delivery: metered.delivery,
            amount: metered.amount,
            missing: delivery.lots * i64::from(metered.hours) - metered.units - metered.excused,
        });
        self.settle_delivery(metered.delivery, DeliveryEnd::Delivered);
    }

    /// What is kept for the seller is paid once nothing is missing, and a delivery all of whose
    /// hours are final and made good ends.
    fn settle_delivery(&mut self, number: u64, reason: DeliveryEnd) {
        let delivery = self.state.owed.deliveries[&number];
        if delivery.held != 0 && delivery.missing == 0 {
            self.pay_out(&delivery);
        }
        if delivery.final_hours == delivery.hours && delivery.missing == 0 {
            self.end_delivery(&delivery, reason);
        } else {
            self.secure(&[delivery.account, delivery.buyer]);
        }
    }

    fn pay_out(&mut self, delivery: &Delivery) {
        let (account, amount) = (delivery.account, delivery.held);
        let due = self.holder(account).due();
        let to_dues = due.min(amount);
        self.tell(&ReceivablePaid {
            account,
            delivery: delivery.delivery,
            amount,
            to_dues,
        });
        if due != 0 && to_dues == due {
            self.tell(&CallClosed { account });
        }
        self.repay_line(account, amount - to_dues);
    }

    /// Makes missing accelerator-hours good (DEL-026).
    pub(crate) fn remedy_delivery(&mut self, c: &wire::RemedyDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let states = [DeliveryState::Running, DeliveryState::Failed];
        let delivery = self.find_delivery(c.delivery, &states)?;
        if !(1..=delivery.missing).contains(&c.units) {
            let most = delivery.missing;
            return Err(Refused::new(Refusal::UnitsOutOfBounds, most, c.units));
        }
        let failed = if delivery.failed == Party::Nobody {
            Party::Seller
        } else {
            delivery.failed
        };
        let (price, cost) = self.price_remedy(&delivery, failed, c)?;
        let (payer, receiver) = (delivery.of(failed), delivery.of(other(failed)));
        let parts = self.sources(&delivery, failed, cost);
        let paid: i64 = parts.iter().map(|(_, amount)| amount).sum();
        self.tell(&DeliveryRemedied {
            account: payer,
            delivery: c.delivery,
            units: c.units,
            cover_price: price,
            in_cash: c.cover_price == 0,
            cost,
            unpaid: cost - paid,
            evidence: c.evidence,
        });
        for (source, amount) in parts {
            self.tell(&RemedyPaid {
                account: payer,
                delivery: c.delivery,
                source,
                amount,
            });
        }
        if paid != 0 {
            self.receive(receiver, paid);
        }
        self.settle_delivery(c.delivery, DeliveryEnd::Remedied);
        Ok(())
    }

    /// Price of the replacement, and what it cost more than the contract, or brought less, with the
    /// penalty (DEL-026).
    fn price_remedy(
        &self,
        delivery: &Delivery,
        failed: Party,
        c: &wire::RemedyDelivery,
    ) -> Result<(i64, i64), Refused> {
        let terms = self.state.owed.terms_of(delivery);
        let at = find_index(self, delivery);
        let sign = if failed == Party::Seller { 1 } else { -1 };
        let mut price = i128::from(c.cover_price);
        if price == 0 {
            let fixing = self.state.fixings.get(&at).map_or(0, |fixing| fixing.price);
            if fixing == 0 {
                return Err(Refused::new(Refusal::FixingUnknown, 0, at));
            }
            let factor = 10_000 + sign * i128::from(terms.cash_factor);
            price = i128::from(fixing) * factor / 10_000;
        }
        let most = i128::from(2 * bound::PRICE);
        if !(0..=most).contains(&price) {
            return Err(Refused::new(Refusal::RowOutOfBounds, most, price));
        }
        let (contract, units) = (i128::from(delivery.price), i128::from(c.units));
        let penalty = contract * units * i128::from(terms.penalty) / 10_000;
        let cost = (sign * (price - contract)).max(0) * units + penalty;
        if cost > i128::from(bound::MONEY) {
            let most = bound::MONEY;
            return Err(Refused::new(Refusal::SettlementTooLarge, most, cost));
        }
        Ok((whole(price), whole(cost)))
    }

    /// What pays a remedy, in order, and how much of it (DEL-026).
    fn sources(&self, delivery: &Delivery, failed: Party, cost: i64) -> Vec<(RemedySource, i64)> {
        let account = delivery.of(failed);
        let of = |class| self.state.balance(class, account, USD);
        let held = if failed == Party::Seller {
            delivery.held
        } else {
            0
        };
        let fund = self.state.ledger.house(LedgerClass::DeliveryFund);
        let mut left = cost;
        let mut found = Vec::new();
        for (source, pot) in [
            (RemedySource::Receivable, held),
            (RemedySource::Margin, of(LedgerClass::DeliveryMargin)),
            (RemedySource::Bond, of(LedgerClass::PerformanceBond)),
            (
                RemedySource::Cash,
                self.holder(account).free_of_holds().max(0),
            ),
            (RemedySource::Fund, fund),
        ] {
            let amount = pot.min(left);
            if amount != 0 {
                left -= amount;
                found.push((source, amount));
            }
        }
        found
    }
}

/// The index of the series a delivery comes from.
fn find_index(agenda: &Agenda<'_>, delivery: &Delivery) -> u16 {
    let at = agenda.state.series_at(delivery.series);
    let at = at.expect("a delivery has its series");
    agenda.state.series[at as usize].index
}
