//! What events of deliveries write and post.

use super::money::repay;
use super::{Evolve, LedgerClass, Post, State, TimerKind};
use crate::agenda::At;
use crate::state::{
    Delivery, DeliveryCredit, DeliveryOffer, DeliveryTerms, Exchange, FinalHours, Metered,
};
use crate::wire::{self, DeliveryParty, DeliveryState, RemedySource};

const TRANSIT: Post = Post::House(LedgerClass::Settlement);
const BOTH: u32 = DeliveryParty::Seller as u32 | DeliveryParty::Buyer as u32;

fn cash(state: &State, account: u32) -> Post {
    let at = state.account_at(account);
    Post::Cash(at.expect("a delivery has its accounts"))
}

/// A negative amount goes the other way.
fn either(state: &mut State, debit: Post, credit: Post, amount: i64) {
    if amount < 0 {
        state.post(credit, debit, -amount);
    } else {
        state.post(debit, credit, amount);
    }
}

/// Changes a delivery; what its accounts lack is counted anew.
fn change(state: &mut State, number: u64, write: impl FnOnce(&mut Delivery)) {
    let mut delivery = state.owed.deliveries[&number];
    write(&mut delivery);
    state.put_delivery(number, Some(delivery));
}

fn stands(state: &mut State, number: u64, to: DeliveryState, due: i64) {
    let before = state.owed.deliveries[&number].due;
    change(state, number, |d| (d.state, d.due) = (to, due));
    state.stop_timer(before, TimerKind::Delivery, number);
    state.set_timer(due, TimerKind::Delivery, number);
}

fn remedy_window(state: &State, number: u64) -> i64 {
    let delivery = &state.owed.deliveries[&number];
    state.owed.terms_of(delivery).remedy_window
}

fn forget_offer(state: &mut State, number: u64) {
    if let Some(offer) = state.owed.offers.remove(&number) {
        state.stop_timer(offer.due, TimerKind::DeliveryOffer, number);
    }
}

/// No side of a delivery changes hands any more.
fn forget_offers(state: &mut State, delivery: u64) {
    let all = state.owed.offers.values();
    let theirs = all.filter(|o| o.delivery == delivery).map(|o| o.offer);
    for number in theirs.collect::<Vec<_>>() {
        forget_offer(state, number);
    }
}

impl Evolve for wire::DeliveryBegun {
    fn evolve(&self, state: &mut State, _: At) {
        let terms = DeliveryTerms {
            starts: self.starts,
            nomination_lead: self.nomination_lead,
            grace: self.grace,
            inspection: self.inspection,
            dispute: self.dispute,
            contingent: self.contingent,
            seller_margin: self.seller_margin,
            prefund_hours: self.prefund_hours,
            penalty: self.penalty,
            cash_factor: self.cash_factor,
            quality_floor: self.quality_floor,
            quality_cap: self.quality_cap,
            determination: self.determination,
            remedy_window: self.remedy_window,
            cover_band: self.cover_band,
            correction: self.correction,
            correction_share: self.correction_share,
        };
        state.owed.terms.insert(self.series, terms);
    }
}

impl Evolve for wire::DeliveryMade {
    fn evolve(&self, state: &mut State, _: At) {
        let delivery = Delivery {
            delivery: self.delivery,
            account: self.account,
            buyer: self.buyer,
            series: self.series,
            lots: self.lots,
            price: self.price,
            starts: self.starts,
            first_hour: self.first_hour,
            hours: self.hours,
            nominated: self.nominated,
            pledgee: self.pledgee,
            due: self.due,
            state: DeliveryState::Paired,
            quality: 10_000,
            early: 0,
            metered_hours: 0,
            final_hours: 0,
            missing: 0,
            failed: DeliveryParty::Nobody,
            held: 0,
            rejected: false,
        };
        state.put_delivery(self.delivery, Some(delivery));
        state.set_timer(self.due, TimerKind::Delivery, self.delivery);
    }
}

impl Evolve for wire::RightExercised {
    fn evolve(&self, state: &mut State, _: At) {
        let key = (self.account, self.series);
        state.owed.exercises.remove(&key);
        if self.lots != 0 {
            let taken = (self.lots, self.starts);
            state.owed.exercises.insert(key, taken);
        }
    }
}

impl Evolve for wire::DeliveryNominated {
    fn evolve(&self, state: &mut State, _: At) {
        let bit = self.party as u32;
        change(state, self.delivery, |d| d.nominated |= bit);
        let delivery = state.owed.deliveries[&self.delivery];
        if delivery.nominated == BOTH {
            let late = delivery.begins() + state.owed.terms_of(&delivery).grace;
            let late = late.min(delivery.ends());
            stands(state, self.delivery, DeliveryState::Scheduled, late);
            forget_offers(state, self.delivery);
        }
    }
}

impl Evolve for wire::DeliveryTendered {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| {
            (d.quality, d.early, d.rejected) = (self.quality, self.starts, false);
        });
        stands(state, self.delivery, DeliveryState::Tendered, self.due);
    }
}

impl Evolve for wire::DeliveryAccepted {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| {
            (d.quality, d.starts, d.early) = (self.quality, self.starts, 0);
        });
        stands(state, self.delivery, DeliveryState::Running, 0);
    }
}

impl Evolve for wire::DeliveryRejected {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| d.rejected = true);
        stands(state, self.delivery, DeliveryState::Scheduled, self.due);
    }
}

impl Evolve for wire::RejectionContested {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| d.rejected = false);
        stands(state, self.delivery, DeliveryState::Contested, self.due);
    }
}

impl Evolve for wire::TenderDetermined {
    fn evolve(&self, state: &mut State, _: At) {
        if !self.accepted {
            stands(state, self.delivery, DeliveryState::Scheduled, self.due);
        }
    }
}

impl Evolve for wire::DeliveryTerminated {
    fn evolve(&self, state: &mut State, _: At) {
        if self.hours != 0 {
            change(state, self.delivery, |d| d.hours = self.hours);
        }
    }
}

impl Evolve for wire::DeliveryFailed {
    fn evolve(&self, state: &mut State, at: At) {
        change(state, self.delivery, |d| {
            (d.failed, d.missing) = (self.party, self.missing);
            (d.metered_hours, d.final_hours) = (d.hours, d.hours);
        });
        let due = at.place.time + remedy_window(state, self.delivery);
        stands(state, self.delivery, DeliveryState::Failed, due);
        forget_offers(state, self.delivery);
    }
}

impl Evolve for wire::DeliveryMetered {
    fn evolve(&self, state: &mut State, _: At) {
        let metered = Metered {
            delivery: self.delivery,
            first_hour: self.first_hour,
            hours: self.hours,
            units: self.units,
            excused: self.excused,
            quality: self.quality,
            amount: self.amount,
            evidence: self.evidence,
            due: self.due,
            disputed: 0,
        };
        state.owed.metered.insert(self.metered, metered);
        change(state, self.delivery, |d| d.metered_hours += self.hours);
        state.set_timer(self.due, TimerKind::Metered, self.metered);
    }
}

impl Evolve for wire::DeliveryPaid {
    fn evolve(&self, state: &mut State, _: At) {
        let kept = Post::Of(LedgerClass::DeliveryReceivable, self.account);
        either(state, TRANSIT, kept, self.amount);
    }
}

impl Evolve for wire::MeteredDisputed {
    fn evolve(&self, state: &mut State, _: At) {
        if let Some(metered) = state.owed.metered.get_mut(&self.metered) {
            metered.disputed = self.account;
            let due = std::mem::replace(&mut metered.due, self.due);
            state.stop_timer(due, TimerKind::Metered, self.metered);
            state.set_timer(self.due, TimerKind::Metered, self.metered);
        }
    }
}

impl Evolve for wire::MeteredDetermined {
    fn evolve(&self, state: &mut State, _: At) {
        if let Some(metered) = state.owed.metered.get_mut(&self.metered) {
            (metered.units, metered.excused) = (self.units, self.excused);
            metered.quality = self.quality;
            (metered.amount, metered.evidence) = (self.amount, self.evidence);
        }
    }
}

impl Evolve for wire::MeteredFinal {
    fn evolve(&self, state: &mut State, at: At) {
        let metered = state.owed.metered.remove(&self.metered);
        let metered = metered.expect("the guard found the metered hours");
        state.stop_timer(metered.due, TimerKind::Metered, self.metered);
        change(state, self.delivery, |d| {
            d.final_hours += metered.hours;
            d.missing += self.missing;
            d.held += self.amount;
        });
        let delivery = state.owed.deliveries[&self.delivery];
        if self.missing != 0 && delivery.due == 0 {
            let due = at.place.time + remedy_window(state, self.delivery);
            stands(state, self.delivery, delivery.state, due);
        }
        if self.due != 0 {
            self.keep(state, &delivery, &metered);
        }
    }
}

impl wire::MeteredFinal {
    fn keep(&self, state: &mut State, delivery: &Delivery, metered: &Metered) {
        let kept = FinalHours {
            delivery: self.delivery,
            account: delivery.account,
            buyer: delivery.buyer,
            price: delivery.price,
            units: metered.units,
            most: delivery.lots * i64::from(metered.hours) - metered.excused,
            quality: metered.quality,
            share: state.owed.terms_of(delivery).correction_share,
            due: self.due,
        };
        state.owed.finals.insert(self.metered, kept);
        state.set_timer(self.due, TimerKind::Final, self.metered);
    }
}

fn forget_final(state: &mut State, number: u64) {
    if let Some(kept) = state.owed.finals.remove(&number) {
        state.stop_timer(kept.due, TimerKind::Final, number);
    }
}

impl Evolve for wire::MeteredCorrected {
    fn evolve(&self, state: &mut State, _: At) {
        forget_final(state, self.metered);
    }
}

impl Evolve for wire::MeteredClosed {
    fn evolve(&self, state: &mut State, _: At) {
        forget_final(state, self.metered);
    }
}

impl Evolve for wire::ReceivablePaid {
    fn evolve(&self, state: &mut State, _: At) {
        let at = state.account_at(self.account);
        let at = at.expect("a delivery has its accounts");
        let kept = Post::Of(LedgerClass::DeliveryReceivable, self.account);
        repay(state, at, kept, self.to_dues);
        state.post(kept, Post::Cash(at), self.amount - self.to_dues);
        change(state, self.delivery, |d| d.held -= self.amount);
    }
}

impl Evolve for wire::DeliveryRemedied {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| d.missing -= self.units);
        let delivery = state.owed.deliveries[&self.delivery];
        if delivery.missing == 0 {
            stands(state, self.delivery, delivery.state, 0);
        }
    }
}

impl Evolve for wire::RemedyPaid {
    fn evolve(&self, state: &mut State, _: At) {
        let source = match self.source {
            RemedySource::Receivable => {
                change(state, self.delivery, |d| d.held -= self.amount);
                Post::Of(LedgerClass::DeliveryReceivable, self.account)
            }
            RemedySource::Margin => Post::Of(LedgerClass::DeliveryMargin, self.account),
            RemedySource::Bond => Post::Of(LedgerClass::PerformanceBond, self.account),
            // A guarantee has given who failed its cash before.
            RemedySource::Cash | RemedySource::Guarantee | RemedySource::InitialMargin => {
                cash(state, self.account)
            }
            RemedySource::Fund => {
                let owed = Post::Of(LedgerClass::DeliveryOwed, self.account);
                let claims = Post::House(LedgerClass::DeliveryClaims);
                state.post(owed, claims, self.amount);
                Post::House(LedgerClass::DeliveryFund)
            }
        };
        state.post(source, TRANSIT, self.amount);
        state.count_lacking(self.account);
    }
}

impl Evolve for wire::DeliveryMarginMoved {
    fn evolve(&self, state: &mut State, _: At) {
        let margin = Post::Of(LedgerClass::DeliveryMargin, self.account);
        let cash = cash(state, self.account);
        either(state, cash, margin, self.amount);
        state.count_lacking(self.account);
    }
}

impl Evolve for wire::BondMoved {
    fn evolve(&self, state: &mut State, _: At) {
        let bond = Post::Of(LedgerClass::PerformanceBond, self.account);
        let cash = cash(state, self.account);
        either(state, cash, bond, self.amount);
        state.count_lacking(self.account);
    }
}

impl Evolve for wire::DeliveryEnded {
    fn evolve(&self, state: &mut State, _: At) {
        let due = state.owed.deliveries[&self.delivery].due;
        state.put_delivery(self.delivery, None);
        state.stop_timer(due, TimerKind::Delivery, self.delivery);
        forget_offers(state, self.delivery);
    }
}

impl Evolve for wire::DeliveryOffered {
    fn evolve(&self, state: &mut State, _: At) {
        let offer = DeliveryOffer {
            offer: self.offer,
            account: self.account,
            to_account: self.to_account,
            delivery: self.delivery,
            lots: self.lots,
            first_hour: self.first_hour,
            hours: self.hours,
            amount: self.amount,
            due: self.due,
        };
        state.owed.offers.insert(self.offer, offer);
        state.set_timer(self.due, TimerKind::DeliveryOffer, self.offer);
    }
}

impl Evolve for wire::DeliveryOfferEnded {
    fn evolve(&self, state: &mut State, _: At) {
        forget_offer(state, self.offer);
    }
}

impl Evolve for wire::DeliveryTransferred {
    fn evolve(&self, state: &mut State, _: At) {
        forget_offer(state, self.offer);
    }
}

impl Evolve for wire::DeliveryPledged {
    fn evolve(&self, state: &mut State, _: At) {
        change(state, self.delivery, |d| d.pledgee = self.to_account);
    }
}

impl Evolve for wire::DeliveryFunded {
    fn evolve(&self, state: &mut State, _: At) {
        let fund = Post::House(LedgerClass::DeliveryFund);
        state.post(Post::House(LedgerClass::Bank), fund, self.amount);
    }
}

impl Evolve for wire::DeliveryRepaid {
    fn evolve(&self, state: &mut State, _: At) {
        let cash = cash(state, self.account);
        state.post(cash, Post::House(LedgerClass::DeliveryFund), self.amount);
        let owed = Post::Of(LedgerClass::DeliveryOwed, self.account);
        let claims = Post::House(LedgerClass::DeliveryClaims);
        state.post(claims, owed, self.amount);
    }
}

impl Evolve for wire::DeliveryCreditSet {
    fn evolve(&self, state: &mut State, _: At) {
        if let Some(before) = state.owed.credits.remove(&self.account) {
            state.stop_timer(before.until, TimerKind::Credit, u64::from(self.account));
        }
        if self.amount != 0 {
            let credit = DeliveryCredit {
                amount: self.amount,
                share: self.share,
                until: self.until,
                basis: self.basis,
            };
            state.owed.credits.insert(self.account, credit);
            state.set_timer(self.until, TimerKind::Credit, u64::from(self.account));
        }
        state.count_lacking(self.account);
    }
}

impl Evolve for wire::ExchangeOffered {
    fn evolve(&self, state: &mut State, _: At) {
        let offer = Exchange {
            offer: self.offer,
            account: self.account,
            to_account: self.to_account,
            series: self.series,
            lots: self.lots,
            price: self.price,
            physical: self.physical,
            accelerators: self.accelerators,
            first_hour: self.first_hour,
            hours: self.hours,
            delivery_price: self.delivery_price,
            due: self.due,
        };
        state.owed.exchanges.insert(self.offer, offer);
        state.set_timer(self.due, TimerKind::Exchange, self.offer);
    }
}

fn forget_exchange(state: &mut State, number: u64) {
    if let Some(offer) = state.owed.exchanges.remove(&number) {
        state.stop_timer(offer.due, TimerKind::Exchange, number);
    }
}

impl Evolve for wire::ExchangeEnded {
    fn evolve(&self, state: &mut State, _: At) {
        forget_exchange(state, self.offer);
    }
}

impl Evolve for wire::ExchangeMade {
    fn evolve(&self, state: &mut State, _: At) {
        forget_exchange(state, self.offer);
    }
}
