//! Deciding tenders: inspection, acceptance, rejection, and who is right about one (DEL-023,
//! DEL-031).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, check_evidence, side_of};
use crate::settlement::Amounts;
use crate::state::{Delivery, DeliveryTerms, Needs};
use crate::wire::{
    self, DeliveryAccepted, DeliveryParty as Party, DeliveryState, Refusal, TenderDetermined, bound,
};

/// Quality at which the contract price is paid.
const PAR: u32 = 10_000;

/// A quality lies within the terms of its series.
pub(crate) fn check_quality(quality: u32, least: u32, most: u32) -> Decision {
    if (least..=most).contains(&quality) {
        return Ok(());
    }
    let bound = if quality < least { least } else { most };
    Err(Refused::new(Refusal::QualityOutOfBounds, bound, quality))
}

/// When the next tender is late: the grace anew, within the block; a seller has at least as long as
/// a buyer had to inspect.
fn late(delivery: &Delivery, terms: &DeliveryTerms, time: i64) -> i64 {
    let grace = delivery.begins().max(time) + terms.grace;
    grace.min(delivery.ends()).max(time + terms.inspection)
}

impl Agenda<'_> {
    /// Offers the capacity for inspection (DEL-023).
    pub(crate) fn tender_delivery(&mut self, c: &wire::TenderDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Scheduled])?;
        side_of(&delivery, c.account, Party::Seller)?;
        let terms = self.state.owed.terms_of(&delivery);
        check_quality(c.quality, terms.quality_floor, terms.quality_cap)?;
        let (now, begins) = (self.place.time, delivery.begins());
        if now >= delivery.ends() {
            return Err(Refused::new(Refusal::BlockOver, delivery.ends(), now));
        }
        let nearest = begins.min(now.max(c.starts));
        if c.starts != 0 && c.starts != nearest {
            return Err(Refused::new(Refusal::BeginOutOfPeriod, nearest, c.starts));
        }
        self.tell(&wire::DeliveryTendered {
            account: c.account,
            to_account: delivery.buyer,
            delivery: c.delivery,
            quality: c.quality,
            starts: c.starts,
            evidence: c.evidence,
            // Handed over early, silence says nothing before the block begins.
            due: now.max(begins) + terms.inspection,
        });
        Ok(())
    }

    /// Accepts what was tendered (DEL-023).
    pub(crate) fn accept_tender(&mut self, c: &wire::AcceptTender) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Tendered])?;
        side_of(&delivery, c.account, Party::Buyer)?;
        let (mut starts, begins) = (delivery.starts, delivery.begins());
        if delivery.early != 0 {
            starts -= begins - begins.min(delivery.early.max(self.place.time));
        }
        if delivery.quality > PAR {
            self.check_buys(&delivery)?;
        }
        self.accept_at(&delivery, delivery.quality, starts, false);
        Ok(())
    }

    /// Who takes what is better than the contract has can set aside its price.
    fn check_buys(&mut self, delivery: &Delivery) -> Decision {
        let (buyer, terms) = (delivery.buyer, self.state.owed.terms_of(delivery));
        let mut runs = *delivery;
        runs.state = DeliveryState::Running;
        let more = Needs::default().plus(buyer, delivery, &terms, -1);
        let more = more.plus(buyer, &runs, &terms, 1);
        self.check_affords(buyer, 0, more)
    }

    /// Delivery runs, at this quality, from this begin of its block.
    fn accept_at(&mut self, delivery: &Delivery, quality: u32, starts: i64, silent: bool) {
        self.tell(&DeliveryAccepted {
            account: delivery.buyer,
            to_account: delivery.account,
            delivery: delivery.delivery,
            silent,
            quality,
            starts,
        });
        self.secure(&[delivery.account, delivery.buyer]);
    }

    /// Silence, and the house, accept at no more than the contract price, from its begin.
    pub(crate) fn accept_as_is(&mut self, delivery: &Delivery, silent: bool) {
        let quality = delivery.quality.min(PAR);
        self.accept_at(delivery, quality, delivery.starts, silent);
    }

    /// Rejects what was tendered (DEL-023).
    pub(crate) fn reject_tender(&mut self, c: &wire::RejectTender) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Tendered])?;
        side_of(&delivery, c.account, Party::Buyer)?;
        check_evidence(&c.evidence)?;
        let terms = self.state.owed.terms_of(&delivery);
        self.tell(&wire::DeliveryRejected {
            account: c.account,
            to_account: delivery.account,
            delivery: c.delivery,
            evidence: c.evidence,
            due: late(&delivery, &terms, self.place.time),
        });
        Ok(())
    }

    /// Contests a rejection (DEL-031).
    pub(crate) fn contest_rejection(&mut self, c: &wire::ContestRejection) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Scheduled])?;
        side_of(&delivery, c.account, Party::Seller)?;
        if !delivery.rejected {
            return Err(Refused::new(Refusal::RejectionUnknown, 0, c.delivery));
        }
        check_evidence(&c.evidence)?;
        self.tell(&wire::RejectionContested {
            account: c.account,
            to_account: delivery.buyer,
            delivery: c.delivery,
            evidence: c.evidence,
            due: self.place.time + self.state.owed.terms_of(&delivery).determination,
        });
        Ok(())
    }

    /// Determines a contested rejection (DEL-031).
    pub(crate) fn determine_tender(&mut self, c: &wire::DetermineTender) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Contested])?;
        if !(0..=bound::MONEY).contains(&c.fee) {
            return Err(Refused::new(Refusal::AmountTooLarge, bound::MONEY, c.fee));
        }
        check_evidence(&c.evidence)?;
        let (loser, wins) = if c.accepted {
            (delivery.buyer, delivery.account)
        } else {
            (delivery.account, delivery.buyer)
        };
        let fee = i128::from(c.fee);
        self.check_payments(&Amounts::from([(loser, -fee)]))?;
        let terms = self.state.owed.terms_of(&delivery);
        let due = late(&delivery, &terms, self.place.time);
        self.tell(&TenderDetermined {
            account: delivery.account,
            buyer: delivery.buyer,
            loser,
            delivery: c.delivery,
            accepted: c.accepted,
            fee: c.fee,
            evidence: c.evidence,
            due: if c.accepted { 0 } else { due },
        });
        if fee != 0 {
            self.pay(&Amounts::from([(loser, -fee), (wins, fee)]));
        }
        if c.accepted {
            self.accept_as_is(&delivery, false);
        }
        Ok(())
    }

    /// Nobody determined a contested rejection in time (DEL-031).
    pub(crate) fn let_rejection_stand(&mut self, delivery: &Delivery) {
        let terms = self.state.owed.terms_of(delivery);
        self.tell(&TenderDetermined {
            account: delivery.account,
            buyer: delivery.buyer,
            loser: 0,
            delivery: delivery.delivery,
            accepted: false,
            fee: 0,
            evidence: [0; 32],
            due: late(delivery, &terms, self.place.time),
        });
    }
}
