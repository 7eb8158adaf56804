//! Deciding metered hours, disputes, what becomes final, and corrections (DEL-024, DEL-025, DEL-032).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, check_evidence, other, side_of};
use crate::guarantees::GUARANTEES;
use crate::settlement::Amounts;
use crate::state::{Delivery, HOUR, Metered, USD};
use crate::tendering::check_quality;
use crate::wire::{
    self, CallClosed, DeliveryEnd, DeliveryMarginMoved, DeliveryMetered, DeliveryPaid,
    DeliveryParty as Party, DeliveryState, LedgerClass, MeteredDetermined, MeteredDisputed,
    MeteredFinal, ReceivablePaid, Refusal, bound,
};

fn check_units(most: i64, units: i64, excused: i64) -> Decision {
    let both = i128::from(units) + i128::from(excused);
    for value in [i128::from(units), i128::from(excused), both] {
        if !(0..=i128::from(most)).contains(&value) {
            return Err(Refused::new(Refusal::UnitsOutOfBounds, most, value));
        }
    }
    Ok(())
}

/// Price of what was delivered, with the differential of its quality, rounded down once.
fn price_of(price: i64, units: i64, quality: u32) -> i128 {
    i128::from(price) * i128::from(units) * i128::from(quality) / 10_000
}

/// An amount that a guard has bound.
pub(crate) fn whole(amount: i128) -> i64 {
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
        check_units(delivery.lots * i64::from(c.hours), c.units, c.excused)?;
        let quality = if c.quality == 0 {
            delivery.quality
        } else {
            c.quality
        };
        check_quality(quality, terms.quality_floor, delivery.quality)?;
        if self.state.behaviour >= GUARANTEES {
            check_evidence(&c.evidence)?;
        }
        let amount = price_of(delivery.price, c.units, quality);
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
            quality,
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
        let party = side_of(&delivery, c.account, Party::Nobody)?;
        if metered.disputed != 0 {
            let found = metered.disputed;
            return Err(Refused::new(Refusal::MeteredDisputed, 0, found));
        }
        check_evidence(&c.evidence)?;
        self.tell(&MeteredDisputed {
            account: c.account,
            to_account: delivery.of(other(party)),
            metered: c.metered,
            delivery: metered.delivery,
            evidence: c.evidence,
            due: self.place.time + self.state.owed.terms_of(&delivery).determination,
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
        let most = delivery.lots * i64::from(metered.hours);
        check_units(most, c.units, c.excused)?;
        let quality = if c.quality == 0 {
            metered.quality
        } else {
            c.quality
        };
        let floor = self.state.owed.terms_of(&delivery).quality_floor;
        check_quality(quality, floor, delivery.quality)?;
        self.check_fee(i128::from(most) * i128::from(delivery.price), c.fee)?;
        check_evidence(&c.evidence)?;
        let wins = delivery.of(other(loser));
        let amount = price_of(delivery.price, c.units, quality);
        let (more, fee) = (amount - i128::from(metered.amount), i128::from(c.fee));
        self.check_payments(&Amounts::from([(delivery.buyer, -more.max(0) - fee)]))?;
        let (amount, more) = (whole(amount), whole(more));
        self.tell(&MeteredDetermined {
            metered: c.metered,
            account: c.loser,
            to_account: wins,
            delivery: metered.delivery,
            units: c.units,
            excused: c.excused,
            quality,
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
            self.pay(&Amounts::from([(c.loser, -fee), (wins, fee)]));
        }
        self.make_final(c.metered);
        Ok(())
    }

    /// From behaviour 6 on a fee is at most the price of all units the hours can have (DEL-025).
    fn check_fee(&self, most: i128, fee: i64) -> Decision {
        let found = i128::from(fee);
        if self.state.behaviour >= GUARANTEES {
            if !(0..=most).contains(&found) {
                return Err(Refused::new(Refusal::FeeOutOfBounds, most, fee));
            }
        } else if !(0..=bound::MONEY).contains(&fee) {
            return Err(Refused::new(Refusal::AmountTooLarge, bound::MONEY, fee));
        }
        Ok(())
    }

    /// Metered hours that nobody disputes any more, or that nobody determined in time, become
    /// final (DEL-025).
    pub(crate) fn make_final(&mut self, number: u64) {
        let metered = self.state.owed.metered[&number];
        let delivery = self.state.owed.deliveries[&metered.delivery];
        let correction = self.state.owed.terms_of(&delivery).correction;
        self.tell(&MeteredFinal {
            metered: number,
            account: delivery.account,
            to_account: delivery.buyer,
            delivery: metered.delivery,
            amount: metered.amount,
            missing: delivery.lots * i64::from(metered.hours) - metered.units - metered.excused,
            due: self.place.due_after(correction),
        });
        self.settle_delivery(metered.delivery, DeliveryEnd::Delivered);
    }

    /// What is kept for the seller beyond what is missing is paid, and a delivery all of whose hours
    /// are final and made good ends.
    pub(crate) fn settle_delivery(&mut self, number: u64, reason: DeliveryEnd) {
        let delivery = self.state.owed.deliveries[&number];
        let kept = delivery.kept(&self.state.owed.terms_of(&delivery));
        let amount = i128::from(delivery.held) - kept;
        if amount > 0 {
            self.pay_out(&delivery, whole(amount));
        }
        if delivery.final_hours == delivery.hours && delivery.missing == 0 {
            self.end_delivery(&delivery, reason);
        } else {
            self.secure(&[delivery.account, delivery.buyer]);
        }
    }

    fn pay_out(&mut self, delivery: &Delivery, amount: i64) {
        let account = delivery.account;
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

    /// Corrects hours that are final (DEL-032).
    pub(crate) fn correct_metered(&mut self, c: &wire::CorrectMetered) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let Some(found) = self.state.owed.finals.get(&c.metered) else {
            return Err(Refused::new(Refusal::MeteredUnknown, 0, c.metered));
        };
        let found = *found;
        check_units(found.most, c.units, 0)?;
        check_evidence(&c.evidence)?;
        let moved = i128::from(c.units - found.units).abs();
        let most = i128::from(found.most) * i128::from(found.share) / 10_000;
        if !(1..=most).contains(&moved) {
            return Err(Refused::new(Refusal::CorrectionOutOfBounds, most, moved));
        }
        let amount = price_of(found.price, c.units, found.quality)
            - price_of(found.price, found.units, found.quality);
        let amounts = Amounts::from([(found.buyer, -amount), (found.account, amount)]);
        self.check_payments(&amounts)?;
        self.tell(&wire::MeteredCorrected {
            metered: c.metered,
            account: found.account,
            buyer: found.buyer,
            delivery: found.delivery,
            units: c.units,
            amount: whole(amount),
            evidence: c.evidence,
        });
        if amount != 0 {
            self.pay(&amounts);
        }
        Ok(())
    }

    /// Hours that are final can be corrected no more (DEL-032).
    pub(crate) fn close_final(&mut self, number: u64) {
        let found = self.state.owed.finals[&number];
        self.tell(&wire::MeteredClosed {
            metered: number,
            account: found.account,
            buyer: found.buyer,
            delivery: found.delivery,
        });
    }
}
