//! Deciding who a side of a delivery goes to, and its pledge (DEL-028).

use crate::agenda::{Agenda, Decision, Refused};
use crate::delivery::{DELIVERY, ended, side_of};
use crate::joining::not_eligible;
use crate::settlement::Amounts;
use crate::state::{Delivery, DeliveryOffer, Needs, USD};
use crate::wire::{
    self, DeliveryEnd, DeliveryMade, DeliveryOfferEnded, DeliveryParty as Party, DeliveryState,
    OfferEnd, ProductClass, Refusal, bound,
};

const PAIRED: [DeliveryState; 1] = [DeliveryState::Paired];

/// A part lies within the delivery.
fn check_part(delivery: &Delivery, lots: i64, first_hour: u32, hours: u32) -> Decision {
    if !(1..=delivery.lots).contains(&lots) {
        return Err(Refused::new(Refusal::PositionShort, delivery.lots, lots));
    }
    let last = delivery.first_hour + delivery.hours;
    if !(delivery.first_hour..last).contains(&first_hour) {
        return Err(Refused::new(
            Refusal::HoursOutOfBounds,
            last - 1,
            first_hour,
        ));
    }
    if !(1..=last - first_hour).contains(&hours) {
        let most = last - first_hour;
        return Err(Refused::new(Refusal::HoursOutOfBounds, most, hours));
    }
    Ok(())
}

/// What is pledged goes to its pledgee alone, and does not end against the other side; the other
/// side is free.
fn check_free(delivery: &Delivery, giver: u32, taker: u32) -> Decision {
    let touched = [giver, taker].contains(&delivery.buyer);
    if delivery.pledgee != 0 && touched && taker != delivery.pledgee {
        let pledgee = delivery.pledgee;
        return Err(Refused::new(Refusal::DeliveryPledged, pledgee, taker));
    }
    Ok(())
}

/// The end of an offer that nobody took.
pub(crate) fn offer_over(offer: &DeliveryOffer, reason: OfferEnd) -> DeliveryOfferEnded {
    DeliveryOfferEnded {
        offer: offer.offer,
        account: offer.account,
        to_account: offer.to_account,
        reason,
    }
}

/// Lots, first hour and hours of the parts that stay where they are.
fn left_of(delivery: &Delivery, offer: &DeliveryOffer) -> Vec<(i64, u32, u32)> {
    let end = offer.first_hour + offer.hours;
    let last = delivery.first_hour + delivery.hours;
    let before = offer.first_hour - delivery.first_hour;
    let beside = delivery.lots - offer.lots;
    let parts = [
        (offer.lots, delivery.first_hour, before),
        (offer.lots, end, last - end),
        (beside, delivery.first_hour, delivery.hours),
    ];
    let left = parts.into_iter();
    left.filter(|(lots, _, hours)| *lots != 0 && *hours != 0)
        .collect()
}

impl Agenda<'_> {
    /// Offers a side of a delivery (DEL-028).
    pub(crate) fn offer_delivery(&mut self, c: &wire::OfferDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &PAIRED)?;
        side_of(&delivery, c.account, Party::Nobody)?;
        self.check_other_account(c.account, c.to_account)?;
        check_part(&delivery, c.lots, c.first_hour, c.hours)?;
        let amount = i128::from(c.amount).abs();
        if amount > i128::from(bound::MONEY) {
            return Err(Refused::new(Refusal::AmountTooLarge, bound::MONEY, amount));
        }
        check_free(&delivery, c.account, c.to_account)?;
        self.tell(&wire::DeliveryOffered {
            offer: self.place.number,
            account: c.account,
            to_account: c.to_account,
            delivery: c.delivery,
            lots: c.lots,
            first_hour: c.first_hour,
            hours: c.hours,
            amount: c.amount,
            due: delivery.due.min(self.place.time + bound::CONSENT_WINDOW),
        });
        Ok(())
    }

    pub(crate) fn check_other_account(&self, account: u32, to_account: u32) -> Decision {
        if to_account == account || self.state.account_at(to_account).is_none() {
            return Err(Refused::new(Refusal::AccountUnknown, 0, to_account));
        }
        Ok(())
    }

    fn find_delivery_offer(&self, number: u64) -> Result<DeliveryOffer, Refused> {
        let offer = self.state.owed.offers.get(&number).copied();
        offer.ok_or_else(|| Refused::new(Refusal::OfferUnknown, 0, number))
    }

    /// Ends an offer of a side of a delivery (DEL-028).
    pub(crate) fn withdraw_delivery(&mut self, c: &wire::WithdrawDelivery) -> Decision {
        let offer = self.find_delivery_offer(c.offer)?;
        let reason = if c.account == offer.account {
            OfferEnd::Withdrawn
        } else if c.account == offer.to_account {
            OfferEnd::Declined
        } else {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        };
        self.tell(&offer_over(&offer, reason));
        Ok(())
    }

    /// Takes a side of a delivery that was offered (DEL-028).
    pub(crate) fn accept_delivery(&mut self, c: &wire::AcceptDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let offer = self.find_delivery_offer(c.offer)?;
        if offer.to_account != c.account {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        }
        let delivery = self.find_delivery(offer.delivery, &PAIRED)?;
        check_free(&delivery, offer.account, offer.to_account)?;
        // Out of a default a side is placed by the house (CLR-036).
        let defaulted = self.is_defaulter(offer.account);
        if !defaulted {
            self.check_sound(self.holder(offer.account).member)?;
        }
        self.check_sound(self.holder(offer.to_account).member)?;
        self.check_takes_delivery(offer.to_account)?;
        let side = side_of(&delivery, offer.account, Party::Nobody)?;
        let moved = moved(&delivery, &offer, side);
        let amount = i128::from(offer.amount);
        for (number, more) in self.needs_more(&delivery, &offer, &moved) {
            let pays = match number {
                _ if number == offer.to_account => amount,
                _ if number == offer.account => -amount,
                _ => 0,
            };
            if self.is_defaulter(number) {
                self.check_frees(number, pays, more)?;
            } else {
                self.check_affords(number, pays, more)?;
            }
        }
        let amounts = Amounts::from([(offer.account, amount), (offer.to_account, -amount)]);
        self.check_payments(&amounts)?;
        self.change_hands(&delivery, &offer, &moved);
        if defaulted {
            self.secure(&[offer.account]);
        }
        if amount != 0 {
            self.pay(&amounts);
        }
        let sides = [delivery.account, delivery.buyer];
        self.secure(&[sides[0], sides[1], offer.account, offer.to_account]);
        Ok(())
    }

    /// Who comes to a side of a delivery is eligible for physical products (INS-014).
    pub(crate) fn check_takes_delivery(&self, account: u32) -> Decision {
        let barred = self.holder(account).barred;
        let physical = ProductClass::Physical as u8;
        if barred & physical != 0 {
            return Err(not_eligible(barred, physical));
        }
        Ok(())
    }

    /// What each account needs more, or less, when the part moves: who takes it, who gives it, and
    /// the other side.
    fn needs_more(
        &self,
        delivery: &Delivery,
        offer: &DeliveryOffer,
        moved: &Delivery,
    ) -> Vec<(u32, Needs)> {
        let terms = self.state.owed.terms_of(delivery);
        let mut parts = vec![(-1, *delivery)];
        for (lots, _, hours) in left_of(delivery, offer) {
            let mut part = *delivery;
            (part.lots, part.hours) = (lots, hours);
            parts.push((1, part));
        }
        if moved.account != moved.buyer {
            parts.push((1, *moved));
        }
        let other = if offer.account == delivery.account {
            delivery.buyer
        } else {
            delivery.account
        };
        let mut numbers = vec![offer.to_account, offer.account];
        if other != offer.to_account {
            numbers.push(other);
        }
        let mut found = Vec::new();
        for number in numbers {
            let mut more = Needs::default();
            for (sign, part) in &parts {
                more = more.plus(number, part, &terms, *sign);
            }
            found.push((number, more));
        }
        found
    }

    /// The account stays covered when it pays the amount and its deliveries need more; what they
    /// need less pays for nothing.
    pub(crate) fn check_affords(&mut self, account: u32, amount: i128, more: Needs) -> Decision {
        let lacks = self.state.lacking(account, more);
        let lacks = (lacks - self.state.lacking(account, Needs::default())).max(0);
        let most = self.withdrawable(self.account_at(account), USD);
        let wanted = amount.max(0) + lacks;
        if wanted > most && (amount > 0 || lacks != 0) {
            return Err(Refused::new(Refusal::CashShort, most, wanted));
        }
        Ok(())
    }

    /// Out of a default the placing of a side is paid from cash and from what it frees.
    fn check_frees(&self, account: u32, amount: i128, more: Needs) -> Decision {
        let free = i128::from(self.holder(account).free_of_holds().max(0));
        let needed = self.state.owed.needed(account, more);
        let most = free + (self.state.set_aside(account) - needed).max(0);
        if amount > most {
            return Err(Refused::new(Refusal::CashShort, most, amount));
        }
        Ok(())
    }

    /// The delivery ends; the part that moved and what stays take its place.
    fn change_hands(&mut self, delivery: &Delivery, offer: &DeliveryOffer, moved: &Delivery) {
        self.tell(&wire::DeliveryTransferred {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
            delivery: delivery.delivery,
            amount: offer.amount,
        });
        let all = self.state.owed.offers.values();
        let others = all.filter(|o| o.delivery == delivery.delivery);
        for other in others.copied().collect::<Vec<_>>() {
            self.tell(&offer_over(&other, OfferEnd::Lapsed));
        }
        let netted = moved.account == moved.buyer;
        let reason = if netted {
            DeliveryEnd::Netted
        } else {
            DeliveryEnd::Split
        };
        self.tell(&ended(delivery, reason));
        if !netted {
            self.make_like(moved, moved.lots, moved.first_hour, moved.hours);
        }
        for (lots, first, hours) in left_of(delivery, offer) {
            self.make_like(delivery, lots, first, hours);
        }
    }

    fn make_like(&mut self, like: &Delivery, lots: i64, first_hour: u32, hours: u32) {
        self.tell(&DeliveryMade {
            delivery: self.state.last_event + 1,
            account: like.account,
            buyer: like.buyer,
            series: like.series,
            lots,
            price: like.price,
            starts: like.starts,
            first_hour,
            hours,
            nominated: like.nominated,
            pledgee: like.pledgee,
            due: like.due,
        });
    }

    /// Pledges the buyer's side of a delivery, or lets go (DEL-028).
    pub(crate) fn pledge_delivery(&mut self, c: &wire::PledgeDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &PAIRED)?;
        if delivery.pledgee != 0 {
            if (c.account, c.to_account) != (delivery.pledgee, 0) {
                let (pledgee, found) = (delivery.pledgee, c.to_account);
                return Err(Refused::new(Refusal::DeliveryPledged, pledgee, found));
            }
        } else {
            side_of(&delivery, c.account, Party::Buyer)?;
            self.check_other_account(c.account, c.to_account)?;
        }
        self.tell(&wire::DeliveryPledged {
            account: delivery.buyer,
            delivery: c.delivery,
            to_account: c.to_account,
        });
        Ok(())
    }
}

/// The part that changes hands, as it stands with who takes it; what was nominated by that side is
/// its own to name again.
fn moved(delivery: &Delivery, offer: &DeliveryOffer, side: Party) -> Delivery {
    let mut moved = *delivery;
    if side == Party::Seller {
        moved.account = offer.to_account;
    } else {
        moved.buyer = offer.to_account;
        moved.pledgee = 0;
    }
    moved.lots = offer.lots;
    moved.first_hour = offer.first_hour;
    moved.hours = offer.hours;
    moved.nominated &= !(side as u32);
    moved
}
