//! Deciding exchanges of futures for physical (DEL-033).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, period_ends};
use crate::guards::{check_covered, find_series};
use crate::margin::{Moved, judge_whole};
use crate::state::{Delivery, DeliveryTerms, Exchange, HOUR, Needs, Offer};
use crate::wire::{
    self, DeliveryMade, DeliveryParty, DeliveryState, ExchangeEnded, ExchangeMade, ExchangeOffered,
    OfferEnd, PositionTransferred, Refusal, bound,
};

/// The end of an offer that nobody took.
pub(crate) fn exchange_over(offer: &Exchange, reason: OfferEnd) -> ExchangeEnded {
    ExchangeEnded {
        offer: offer.offer,
        account: offer.account,
        to_account: offer.to_account,
        reason,
    }
}

/// The position of an exchange, as a transfer moves it.
fn position(offer: &Exchange) -> Offer {
    Offer {
        offer: offer.offer,
        account: offer.account,
        to_account: offer.to_account,
        series: offer.series,
        lots: offer.lots,
        price: offer.price,
        due: offer.due,
    }
}

impl Agenda<'_> {
    /// Offers futures for physical (DEL-033).
    pub(crate) fn offer_exchange(&mut self, c: &wire::OfferExchange) -> Decision {
        self.need_behaviour(DELIVERY)?;
        self.check_other_account(c.account, c.to_account)?;
        let at = find_series(self.state, c.series)?;
        let series = &self.state.series[at as usize];
        if series.delivers || series.is_option() {
            return Err(Refused::new(Refusal::ExchangeNotFuture, 0, c.series));
        }
        let Some(terms) = self.state.owed.terms.get(&c.physical).copied() else {
            return Err(Refused::new(Refusal::SeriesNotPhysical, 0, c.physical));
        };
        let (due, now) = (terms.starts - terms.nomination_lead, self.place.time);
        if due <= now {
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, due));
        }
        let offer = Exchange {
            offer: self.place.number,
            account: c.account,
            to_account: c.to_account,
            series: c.series,
            lots: c.lots,
            price: c.price,
            physical: c.physical,
            accelerators: c.accelerators,
            first_hour: c.first_hour,
            hours: c.hours,
            delivery_price: c.delivery_price,
            due: due.min(now + bound::CONSENT_WINDOW),
        };
        self.check_block(&terms, &offer)?;
        self.check_gives(&position(&offer))?;
        self.tell(&ExchangeOffered {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
            series: offer.series,
            lots: offer.lots,
            price: offer.price,
            physical: offer.physical,
            accelerators: offer.accelerators,
            first_hour: offer.first_hour,
            hours: offer.hours,
            delivery_price: offer.delivery_price,
            due: offer.due,
        });
        Ok(())
    }

    /// As many accelerator-hours as the position has, within the period of the series.
    fn check_block(&self, terms: &DeliveryTerms, offer: &Exchange) -> Decision {
        if !(1..=bound::ORDER_LOTS).contains(&offer.accelerators) {
            let (most, found) = (bound::ORDER_LOTS, offer.accelerators);
            return Err(Refused::new(Refusal::QuantityTooLarge, most, found));
        }
        let at = self.state.series_at(offer.physical);
        let physical = &self.state.series[at.expect("terms have their series") as usize];
        let block = period_ends(physical) - i128::from(terms.starts);
        let block = block.div_euclid(i128::from(HOUR));
        let most = (block - i128::from(offer.first_hour)).max(0);
        if !(1..=most).contains(&i128::from(offer.hours)) {
            return Err(Refused::new(Refusal::HoursOutOfBounds, most, offer.hours));
        }
        if !(1..=bound::PRICE).contains(&offer.delivery_price) {
            let (most, found) = (bound::PRICE, offer.delivery_price);
            return Err(Refused::new(Refusal::RowOutOfBounds, most, found));
        }
        self.check_equal(offer)
    }

    fn check_equal(&self, offer: &Exchange) -> Decision {
        let at = find_series(self.state, offer.series)?;
        let hours = i128::from(self.state.series[at as usize].hours);
        let gives = i128::from(offer.lots).abs() * hours;
        let found = i128::from(offer.accelerators) * i128::from(offer.hours);
        if found != gives {
            return Err(Refused::new(Refusal::ExchangeUnequal, gives, found));
        }
        Ok(())
    }

    /// Ends an offer of an exchange (DEL-033).
    pub(crate) fn withdraw_exchange(&mut self, c: &wire::WithdrawExchange) -> Decision {
        let found = self.state.owed.exchanges.get(&c.offer).copied();
        let side = |offer: &Exchange| [offer.account, offer.to_account].contains(&c.account);
        let Some(offer) = found.filter(side) else {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        };
        let reason = if c.account == offer.account {
            OfferEnd::Withdrawn
        } else {
            OfferEnd::Declined
        };
        self.tell(&exchange_over(&offer, reason));
        Ok(())
    }

    /// Takes an exchange that was offered (DEL-033).
    pub(crate) fn accept_exchange(&mut self, c: &wire::AcceptExchange) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let found = self.state.owed.exchanges.get(&c.offer).copied();
        let Some(offer) = found.filter(|offer| offer.to_account == c.account) else {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        };
        for number in [offer.account, offer.to_account] {
            self.check_sound(self.holder(number).member)?;
            self.check_takes_delivery(number)?;
        }
        self.check_equal(&offer)?;
        self.check_moves(&position(&offer))?;
        let delivery = self.exchanged(&offer);
        self.check_exchange_covered(&offer, &delivery)?;
        self.tell(&ExchangeMade {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
        });
        self.tell(&PositionTransferred {
            offer: 0,
            account: offer.account,
            to_account: offer.to_account,
            series: offer.series,
            lots: offer.lots,
            price: offer.price,
        });
        self.tell(&DeliveryMade {
            delivery: self.state.last_event + 1,
            account: delivery.account,
            buyer: delivery.buyer,
            series: delivery.series,
            lots: delivery.lots,
            price: delivery.price,
            starts: delivery.starts,
            first_hour: delivery.first_hour,
            hours: delivery.hours,
            nominated: 0,
            pledgee: 0,
            due: delivery.due,
        });
        self.secure(&[offer.account, offer.to_account]);
        Ok(())
    }

    /// Both stay covered by what they then hold and owe.
    fn check_exchange_covered(&mut self, offer: &Exchange, delivery: &Delivery) -> Decision {
        let series = find_series(self.state, offer.series)?;
        let terms = self.state.owed.terms_of(delivery);
        for (number, sign) in [(offer.account, -1), (offer.to_account, 1)] {
            let moved = Moved {
                series,
                lots: sign * offer.lots,
                cost: sign * offer.lots * offer.price,
            };
            let at = self.account_at(number);
            let mut judgement = judge_whole(self.state, at, &[], &[moved]);
            let more = Needs::default().plus(number, delivery, &terms, 1);
            let lacks = self.state.lacking(number, more);
            let lacks = lacks - self.state.lacking(number, Needs::default());
            judgement.required += lacks.max(0);
            check_covered(&judgement)?;
        }
        Ok(())
    }

    /// Who gives a long position takes delivery, who gives a short one delivers.
    fn exchanged(&self, offer: &Exchange) -> Delivery {
        let terms = self.state.owed.terms[&offer.physical];
        let (seller, buyer) = if offer.lots < 0 {
            (offer.account, offer.to_account)
        } else {
            (offer.to_account, offer.account)
        };
        Delivery {
            delivery: 0,
            account: seller,
            buyer,
            series: offer.physical,
            lots: offer.accelerators,
            price: offer.delivery_price,
            starts: terms.starts,
            first_hour: offer.first_hour,
            hours: offer.hours,
            nominated: 0,
            pledgee: 0,
            due: terms.starts - terms.nomination_lead,
            state: DeliveryState::Paired,
            quality: 10_000,
            early: 0,
            metered_hours: 0,
            final_hours: 0,
            missing: 0,
            failed: DeliveryParty::Nobody,
            held: 0,
            rejected: false,
        }
    }
}
