//! Deciding transfers of positions, maker protection, dead man's hand and lost sessions.

use crate::agenda::{Agenda, Decision, Refused};
use crate::guards::{check_band, check_covered, check_position, check_price, find_series};
use crate::margin::{Moved, judge_whole};
use crate::state::{AccountAt, Offer, SeriesAt};
use crate::wire::{
    self, CancelReason, DeadManArmed, MakerProtectionSet, OfferEnd, OfferEnded,
    PositionTransferred, Refusal, SeriesState, Side, TransferOffered, bound,
};

/// Refuses to give lots away that are not held, or of the other sign.
fn check_holds(held: i64, lots: i64) -> Decision {
    if held.signum() * lots.signum() <= 0 || lots.unsigned_abs() > held.unsigned_abs() {
        return Err(Refused::new(Refusal::PositionShort, held, lots));
    }
    Ok(())
}

impl Agenda<'_> {
    /// A transfer is priced like an order that could stand on either side.
    fn check_transfer_price(&self, series: SeriesAt, price: i64) -> Decision {
        let series = &self.state.series[series as usize];
        check_price(series, price)?;
        check_band(series, Side::Buy, price)?;
        check_band(series, Side::Sell, price)
    }

    /// Offers a position (CLR-011).
    pub(crate) fn offer_transfer(&mut self, c: &wire::OfferTransfer) -> Decision {
        let giver = self.account_at(c.account);
        if c.to_account == c.account || self.state.account_at(c.to_account).is_none() {
            return Err(Refused::new(Refusal::AccountUnknown, 0, c.to_account));
        }
        let at = find_series(self.state, c.series)?;
        let found = self.state.series[at as usize].state;
        if found == SeriesState::Expired {
            let (open, found) = (SeriesState::Open as i64, found as i64);
            return Err(Refused::new(Refusal::SeriesNotTrading, open, found));
        }
        if c.lots == 0 {
            return Err(Refused::new(Refusal::QuantityNotPositive, 1, 0));
        }
        self.check_transfer_price(at, c.price)?;
        check_holds(self.state.accounts[giver as usize].lots(at), c.lots)?;
        self.tell(&TransferOffered {
            offer: self.place.number,
            account: c.account,
            to_account: c.to_account,
            series: c.series,
            lots: c.lots,
            price: c.price,
            due: self.place.time + bound::CONSENT_WINDOW,
        });
        Ok(())
    }

    /// Ends an offer by the word of either side (CLR-011).
    pub(crate) fn withdraw_offer(&mut self, c: &wire::WithdrawOffer) -> Decision {
        let found = self.state.offers.get(&c.offer).copied();
        let side = |offer: &Offer| c.account == offer.account || c.account == offer.to_account;
        let Some(offer) = found.filter(side) else {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        };
        let reason = if c.account == offer.account {
            OfferEnd::Withdrawn
        } else {
            OfferEnd::Declined
        };
        self.end_offer(&offer, reason);
        Ok(())
    }

    /// Tells the end of an offer that nobody took.
    pub(crate) fn end_offer(&mut self, offer: &Offer, reason: OfferEnd) {
        self.tell(&OfferEnded {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
            reason,
        });
    }

    /// Takes an offered position; both sides stay covered (CLR-011).
    pub(crate) fn accept_transfer(&mut self, c: &wire::AcceptTransfer) -> Decision {
        let found = self.state.offers.get(&c.offer).copied();
        let Some(offer) = found.filter(|offer| offer.to_account == c.account) else {
            return Err(Refused::new(Refusal::OfferUnknown, 0, c.offer));
        };
        let (giver, taker) = (
            self.account_at(offer.account),
            self.account_at(offer.to_account),
        );
        for at in [giver, taker] {
            let member = self.state.accounts[at as usize].member;
            let known = self.state.members.get(&member);
            if known.is_some_and(|m| m.suspended) {
                return Err(Refused::new(Refusal::MemberSuspended, 0, member));
            }
        }
        let series = find_series(self.state, offer.series)?;
        self.check_moves(&offer)?;
        let option = self.state.series[series as usize].is_option();
        let cost = if option { 0 } else { offer.lots * offer.price };
        for (at, sign) in [(giver, -1), (taker, 1)] {
            let moved = Moved {
                series,
                lots: sign * offer.lots,
                cost: sign * cost,
            };
            check_covered(&judge_whole(self.state, at, &[], &[moved]))?;
        }
        self.tell(&PositionTransferred {
            offer: offer.offer,
            account: offer.account,
            to_account: offer.to_account,
            series: offer.series,
            lots: offer.lots,
            price: offer.price,
        });
        Ok(())
    }

    /// The price a position would move at, and that who gives it has it.
    pub(crate) fn check_gives(&self, offer: &Offer) -> Decision {
        let series = find_series(self.state, offer.series)?;
        self.check_transfer_price(series, offer.price)?;
        check_holds(self.holder(offer.account).lots(series), offer.lots)
    }

    /// Price, limits and bounds of a position that moves from one account to another.
    pub(crate) fn check_moves(&self, offer: &Offer) -> Decision {
        let series = find_series(self.state, offer.series)?;
        let giver = self.account_at(offer.account);
        let taker = self.account_at(offer.to_account);
        self.check_transfer_price(series, offer.price)?;
        check_position(self.state, giver, series, -offer.lots)?;
        check_position(self.state, taker, series, offer.lots)?;
        self.check_room(offer, series, taker)?;
        let held = self.state.accounts[giver as usize].lots(series);
        check_holds(held, offer.lots)
    }

    /// Gross bound of who takes.
    fn check_room(&self, offer: &Offer, series: SeriesAt, taker: AccountAt) -> Decision {
        let taker = &self.state.accounts[taker as usize];
        let held = taker.lots(series);
        let after = (held + offer.lots).abs();
        let gross = taker.gross - held.abs() + after;
        if gross > bound::ACCOUNT_GROSS_LOTS {
            let most = bound::ACCOUNT_GROSS_LOTS;
            return Err(Refused::new(Refusal::GrossLotsBound, most, gross));
        }
        Ok(())
    }

    /// Limits a maker's quotes (EXC-018).
    pub(crate) fn set_maker_protection(&mut self, c: &wire::SetMakerProtection) -> Decision {
        for value in [c.interval, c.lots_limit, c.delta_limit, c.vega_limit] {
            if !(0..=bound::MONEY).contains(&value) {
                let most = bound::MONEY;
                return Err(Refused::new(Refusal::LimitOutOfBounds, most, value));
            }
        }
        self.tell(&MakerProtectionSet {
            account: c.account,
            group: c.group,
            interval: c.interval,
            lots_limit: c.lots_limit,
            delta_limit: c.delta_limit,
            vega_limit: c.vega_limit,
        });
        Ok(())
    }

    /// Arms or disarms the dead man's hand.
    pub(crate) fn arm_dead_man(&mut self, c: &wire::ArmDeadMan) -> Decision {
        if !(0..=bound::MONEY).contains(&c.timeout) {
            return Err(Refused::new(Refusal::TimeoutNegative, 0, c.timeout));
        }
        self.tell(&DeadManArmed {
            account: c.account,
            due: self.place.due_after(c.timeout),
        });
        Ok(())
    }

    /// Cancels the orders of a session.
    pub(crate) fn lose_session(&mut self, c: &wire::LoseSession) -> Decision {
        let session = c.session;
        let lost = |o: &crate::state::Order| session != 0 && o.session == session;
        let lost = self.state.orders_that(lost);
        self.cancel_all(&lost, CancelReason::SessionLost);
        Ok(())
    }
}
