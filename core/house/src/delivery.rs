//! Deciding how positions turn into deliveries, and their nomination (DEL-020 to DEL-022).

use std::collections::BTreeMap;

use crate::agenda::{Agenda, Decision, Refused};
use crate::guards::find_series;
use crate::settlement::{Amounts, month_begins, month_ends};
use crate::state::{Delivery, HOUR, Series, SeriesAt};
use crate::waterfall::shares;
use crate::wire::{
    self, CancelReason, DeliveryEnd, DeliveryEnded, DeliveryFailed, DeliveryMade,
    DeliveryParty as Party, DeliveryState, FinalSettled, Refusal, SeriesKind, SeriesState, bound,
};

/// Behaviour from which positions turn into deliveries (DEL-020 to DEL-029).
pub(crate) const DELIVERY: u32 = 5;
/// Latest begin of a block: with the bounds on windows and hours every due time fits 64 bits.
const LATEST_BEGIN: i64 = 1 << 61;

/// What a seller owes a buyer of a series: lots from the begin of a block.
struct Pair {
    seller: u32,
    buyer: u32,
    lots: i64,
    starts: i64,
}

impl Agenda<'_> {
    /// Turns the positions of a physical series into deliveries (DEL-020).
    pub(crate) fn begin_delivery(&mut self, c: &wire::BeginDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let at = find_series(self.state, c.series)?;
        let series = &self.state.series[at as usize];
        if !series.turns_into_deliveries() {
            return Err(Refused::new(Refusal::SeriesNotPhysical, 0, c.series));
        }
        if !matches!(series.state, SeriesState::Listed | SeriesState::Closed) {
            let (closed, found) = (SeriesState::Closed as i64, series.state as i64);
            return Err(Refused::new(Refusal::SeriesStillTrading, closed, found));
        }
        let (ends, now) = (series.last_trading_time, self.place.time);
        if now < ends {
            return Err(Refused::new(Refusal::TradingNotEnded, ends, now));
        }
        self.check_delivery_terms(c)?;
        check_begin(series, c.starts)?;
        let (option, mark) = (series.is_option(), series.mark);
        let (month, hours, strike) = (series.first_month, series.hours, series.strike);
        let held = self.held_lots(at);
        if !held.is_empty() && !option && mark == 0 {
            return Err(Refused::new(Refusal::PriceMissing, 0, c.series));
        }
        let mut amounts = Amounts::new();
        if !option {
            let (mark, hours) = (i128::from(mark), i128::from(hours));
            self.add_amounts(at, &mut amounts, |lots, cost| {
                (i128::from(lots) * mark - i128::from(cost)) * hours
            });
        }
        self.check_payments(&amounts)?;
        let pairs = self.pairs(c, &held, option);
        let live = self.state.orders_that(|o| o.series == at);
        self.cancel_all(&live, CancelReason::SeriesExpired);
        self.tell(&wire::DeliveryBegun {
            series: c.series,
            starts: c.starts,
            nomination_lead: c.nomination_lead,
            grace: c.grace,
            inspection: c.inspection,
            dispute: c.dispute,
            contingent: c.contingent,
            seller_margin: c.seller_margin,
            prefund_hours: c.prefund_hours,
            penalty: c.penalty,
            cash_factor: c.cash_factor,
            quality_floor: c.quality_floor,
            quality_cap: c.quality_cap,
            determination: c.determination,
            remedy_window: c.remedy_window,
            cover_band: c.cover_band,
            correction: c.correction,
            correction_share: c.correction_share,
        });
        for pair in &pairs {
            self.tell(&DeliveryMade {
                delivery: self.state.last_event + 1,
                account: pair.seller,
                buyer: pair.buyer,
                series: c.series,
                lots: pair.lots,
                price: if option { strike } else { mark },
                starts: pair.starts,
                first_hour: 0,
                hours,
                nominated: 0,
                pledgee: 0,
                due: pair.starts - c.nomination_lead,
            });
        }
        self.tell(&FinalSettled {
            series: c.series,
            month,
            price: mark,
            hours,
            expired: true,
        });
        if !amounts.is_empty() {
            self.pay(&amounts);
        }
        let sides = pairs.iter().flat_map(|pair| [pair.seller, pair.buyer]);
        let sides: Vec<u32> = sides.collect();
        self.secure(&sides);
        Ok(())
    }

    fn check_delivery_terms(&self, c: &wire::BeginDelivery) -> Decision {
        let due = i128::from(c.starts) - i128::from(c.nomination_lead);
        if due <= i128::from(self.place.time) {
            return Err(Refused::new(Refusal::ExpiryNotAhead, self.place.time, due));
        }
        for (least, value, most) in [
            (0, c.nomination_lead, bound::DELIVERY_WINDOW),
            (0, c.grace, bound::DELIVERY_WINDOW),
            (1, c.inspection, bound::DELIVERY_WINDOW),
            (1, c.dispute, bound::DELIVERY_WINDOW),
            (0, c.starts, LATEST_BEGIN),
            (0, c.seller_margin, bound::PRICE),
            (0, i64::from(c.prefund_hours), bound::HOURS),
            (0, i64::from(c.penalty), 10_000),
            (0, i64::from(c.cash_factor), 10_000),
            (1, i64::from(c.quality_floor), 10_000),
            (10_000, i64::from(c.quality_cap), bound::QUALITY),
            (1, c.determination, bound::DELIVERY_WINDOW),
            (1, c.remedy_window, bound::DELIVERY_WINDOW),
            (0, i64::from(c.cover_band), bound::COVER_BAND),
            (0, c.correction, bound::DELIVERY_WINDOW),
            (0, i64::from(c.correction_share), 10_000),
        ] {
            if !(least..=most).contains(&value) {
                return Err(Refused::new(Refusal::DeliveryTerms, most, value));
            }
        }
        Ok(())
    }

    /// Signed lots of a series by account number; flat accounts are left out.
    fn held_lots(&self, at: SeriesAt) -> BTreeMap<u32, i64> {
        let accounts = self.state.accounts.iter();
        let held = accounts.map(|account| (account.account, account.lots(at)));
        held.filter(|(_, lots)| *lots != 0).collect()
    }

    /// Who delivers to whom: the largest first, ties to the lower account (DEL-020).
    fn pairs(&self, c: &wire::BeginDelivery, held: &BTreeMap<u32, i64>, option: bool) -> Vec<Pair> {
        if option {
            return self.assigned(c, held);
        }
        let side = |sign: i64| {
            let theirs = held.iter().filter(|(_, lots)| **lots * sign > 0);
            let mut theirs: Vec<(i64, u32)> = theirs.map(|(a, n)| (-n.abs(), *a)).collect();
            theirs.sort_unstable();
            theirs
        };
        let (sold, bought) = (side(-1), side(1));
        let (mut seller, mut buyer) = (0, 0);
        let left = |of: &[(i64, u32)], at: usize| of.get(at).map_or(0, |(lots, _)| -lots);
        let (mut has, mut wants) = (left(&sold, 0), left(&bought, 0));
        let mut found = Vec::new();
        while has > 0 && wants > 0 {
            let lots = has.min(wants);
            found.push(Pair {
                seller: sold[seller].1,
                buyer: bought[buyer].1,
                lots,
                starts: c.starts,
            });
            (has, wants) = (has - lots, wants - lots);
            if has == 0 {
                seller += 1;
                has = left(&sold, seller);
            }
            if wants == 0 {
                buyer += 1;
                wants = left(&bought, buyer);
            }
        }
        found
    }

    /// Lots of a right that are taken, spread over who sold it by what each still owes (DEL-021).
    fn assigned(&self, c: &wire::BeginDelivery, held: &BTreeMap<u32, i64>) -> Vec<Pair> {
        let sold = held.iter().filter(|(_, lots)| **lots < 0);
        let mut owes: Vec<(u32, i64)> = sold.map(|(a, lots)| (*a, -lots)).collect();
        let mut found = Vec::new();
        for (buyer, held) in held.iter().filter(|(_, lots)| **lots > 0) {
            let taken = self.state.owed.exercises.get(&(*buyer, c.series));
            let Some((lots, starts)) = taken else {
                continue;
            };
            let weights: Vec<i64> = owes.iter().map(|(_, lots)| *lots).collect();
            let parts = shares((*lots).min(*held), &weights);
            for ((seller, left), part) in owes.iter_mut().zip(parts) {
                if part != 0 {
                    *left -= part;
                    found.push(Pair {
                        seller: *seller,
                        buyer: *buyer,
                        lots: part,
                        starts: (*starts).max(c.starts),
                    });
                }
            }
        }
        found
    }

    /// Says how many lots of a right are taken (DEL-021).
    pub(crate) fn exercise_right(&mut self, c: &wire::ExerciseRight) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let at = find_series(self.state, c.series)?;
        let series = &self.state.series[at as usize];
        if !series.delivers || series.series_kind != SeriesKind::Call {
            return Err(Refused::new(Refusal::RightUnknown, 0, c.series));
        }
        if series.state == SeriesState::Expired {
            let (open, found) = (SeriesState::Open as i64, series.state as i64);
            return Err(Refused::new(Refusal::SeriesNotTrading, open, found));
        }
        let held = self.holder(c.account).lots(at).max(0);
        if !(0..=held).contains(&c.lots) {
            return Err(Refused::new(Refusal::PositionShort, held, c.lots));
        }
        let now = self.place.time;
        if c.starts != 0 && !(now < c.starts && c.starts <= LATEST_BEGIN) {
            return Err(Refused::new(Refusal::ExpiryNotAhead, now, c.starts));
        }
        if c.starts != 0 {
            check_begin(series, c.starts)?;
        }
        self.tell(&wire::RightExercised {
            account: c.account,
            series: c.series,
            lots: c.lots,
            starts: c.starts,
        });
        Ok(())
    }

    /// A delivery in one of these states.
    pub(crate) fn find_delivery(
        &self,
        number: u64,
        states: &[DeliveryState],
    ) -> Result<Delivery, Refused> {
        let Some(delivery) = self.state.owed.deliveries.get(&number) else {
            return Err(Refused::new(Refusal::DeliveryUnknown, 0, number));
        };
        if !states.contains(&delivery.state) {
            let (wanted, found) = (states[0] as i64, delivery.state as i64);
            return Err(Refused::new(Refusal::DeliveryNotNow, wanted, found));
        }
        Ok(*delivery)
    }

    /// Names what a side brings (DEL-022).
    pub(crate) fn nominate_delivery(&mut self, c: &wire::NominateDelivery) -> Decision {
        self.need_behaviour(DELIVERY)?;
        let delivery = self.find_delivery(c.delivery, &[DeliveryState::Paired])?;
        let party = side_of(&delivery, c.account, Party::Nobody)?;
        self.tell(&wire::DeliveryNominated {
            account: c.account,
            to_account: delivery.of(other(party)),
            delivery: c.delivery,
            party,
            nomination: c.nomination,
        });
        Ok(())
    }

    /// Nothing more is owed; what was set aside for it comes back.
    pub(crate) fn end_delivery(&mut self, delivery: &Delivery, reason: DeliveryEnd) {
        self.tell(&ended(delivery, reason));
        self.secure(&[delivery.account, delivery.buyer]);
    }

    /// Every accelerator-hour of a delivery is missing by the fault of a side.
    pub(crate) fn fail_delivery(&mut self, delivery: &Delivery, party: Party) {
        self.tell(&DeliveryFailed {
            account: delivery.of(party),
            to_account: delivery.of(other(party)),
            delivery: delivery.delivery,
            party,
            missing: delivery.lots * i64::from(delivery.hours),
        });
        self.secure(&[delivery.account, delivery.buyer]);
    }
}

/// First nanosecond after the period in which a series delivers.
pub(crate) fn period_ends(series: &Series) -> i128 {
    match series.period_ends {
        0 => month_ends(series.last_month),
        ends => i128::from(ends),
    }
}

/// The block lies within the months of its series (DEL-021).
fn check_begin(series: &Series, starts: i64) -> Decision {
    let last = period_ends(series) - i128::from(series.hours) * i128::from(HOUR);
    let nearest = month_begins(series.first_month).max(last.min(i128::from(starts)));
    if i128::from(starts) != nearest {
        return Err(Refused::new(Refusal::BeginOutOfPeriod, nearest, starts));
    }
    Ok(())
}

/// The other side.
pub(crate) fn other(party: Party) -> Party {
    if party == Party::Seller {
        Party::Buyer
    } else {
        Party::Seller
    }
}

/// What one side, or the house, says against another names what it rests on.
pub(crate) fn check_evidence(evidence: &[u8; 32]) -> Decision {
    if *evidence == [0; 32] {
        return Err(Refused::plain(Refusal::EvidenceMissing));
    }
    Ok(())
}

/// The end of a delivery.
pub(crate) fn ended(delivery: &Delivery, reason: DeliveryEnd) -> DeliveryEnded {
    DeliveryEnded {
        account: delivery.account,
        buyer: delivery.buyer,
        delivery: delivery.delivery,
        reason,
    }
}

/// The side an account is on; refuses an account on neither, or not on the one named.
pub(crate) fn side_of(delivery: &Delivery, account: u32, party: Party) -> Result<Party, Refused> {
    let found = delivery.party(account);
    if found == Party::Nobody || (party != Party::Nobody && found != party) {
        let named = if party == Party::Nobody {
            Party::Seller
        } else {
            party
        };
        let wanted = delivery.of(named);
        return Err(Refused::new(Refusal::DeliveryNotYours, wanted, account));
    }
    Ok(found)
}
