//! Records of deliveries.

use super::{bent, find_account, find_series};
use crate::frame::{FrameError, Message};
use crate::state::{
    Delivery, DeliveryCredit, DeliveryOffer, DeliveryTerms, Exchange, FinalHours, Guarantee,
    Metered, State, TimerKind,
};
use crate::wire;

pub(super) fn read_obligations(
    state: &mut State,
    kind: u16,
    body: &[u8],
    block: usize,
) -> Result<(), FrameError> {
    match kind {
        wire::DeliveryTermsRecord::KIND => {
            let r = wire::DeliveryTermsRecord::unpack(body, block)?;
            find_series(state, r.series)?;
            let terms = DeliveryTerms {
                starts: r.starts,
                nomination_lead: r.nomination_lead,
                grace: r.grace,
                inspection: r.inspection,
                dispute: r.dispute,
                contingent: r.contingent,
                seller_margin: r.seller_margin,
                prefund_hours: r.prefund_hours,
                penalty: r.penalty,
                cash_factor: r.cash_factor,
                quality_floor: r.quality_floor,
                quality_cap: r.quality_cap,
                determination: r.determination,
                remedy_window: r.remedy_window,
                cover_band: r.cover_band,
                correction: r.correction,
                correction_share: r.correction_share,
            };
            state.owed.terms.insert(r.series, terms);
        }
        wire::DeliveryRecord::KIND => {
            read_delivery(state, &wire::DeliveryRecord::unpack(body, block)?)?;
        }
        wire::MeteredRecord::KIND => {
            let r = wire::MeteredRecord::unpack(body, block)?;
            check_delivery(state, r.delivery)?;
            let metered = Metered {
                delivery: r.delivery,
                first_hour: r.first_hour,
                hours: r.hours,
                units: r.units,
                excused: r.excused,
                quality: r.quality,
                amount: r.amount,
                evidence: r.evidence,
                due: r.due,
                disputed: r.disputed,
            };
            state.set_timer(r.due, TimerKind::Metered, r.metered);
            state.owed.metered.insert(r.metered, metered);
        }
        wire::DeliveryOfferRecord::KIND => {
            let r = wire::DeliveryOfferRecord::unpack(body, block)?;
            check_delivery(state, r.delivery)?;
            find_account(state, r.account)?;
            find_account(state, r.to_account)?;
            let offer = DeliveryOffer {
                offer: r.offer,
                account: r.account,
                to_account: r.to_account,
                delivery: r.delivery,
                lots: r.lots,
                first_hour: r.first_hour,
                hours: r.hours,
                amount: r.amount,
                due: r.due,
            };
            state.set_timer(r.due, TimerKind::DeliveryOffer, r.offer);
            state.owed.offers.insert(r.offer, offer);
        }
        wire::ExerciseRecord::KIND => {
            let r = wire::ExerciseRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_series(state, r.series)?;
            let taken = (r.lots, r.starts);
            state.owed.exercises.insert((r.account, r.series), taken);
        }
        _ => return read_beside(state, kind, body, block),
    }
    Ok(())
}

/// Credits, hours that can be corrected, exchanges and guarantees.
fn read_beside(state: &mut State, kind: u16, body: &[u8], block: usize) -> Result<(), FrameError> {
    match kind {
        wire::DeliveryCreditRecord::KIND => {
            let r = wire::DeliveryCreditRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            let credit = DeliveryCredit {
                amount: r.amount,
                share: r.share,
                until: r.until,
                basis: r.basis,
            };
            state.set_timer(r.until, TimerKind::Credit, u64::from(r.account));
            state.owed.credits.insert(r.account, credit);
            state.count_lacking(r.account);
        }
        wire::FinalHoursRecord::KIND => {
            let r = wire::FinalHoursRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_account(state, r.buyer)?;
            let kept = FinalHours {
                delivery: r.delivery,
                account: r.account,
                buyer: r.buyer,
                price: r.price,
                units: r.units,
                most: r.most,
                quality: r.quality,
                share: r.share,
                due: r.due,
            };
            state.set_timer(r.due, TimerKind::Final, r.metered);
            state.owed.finals.insert(r.metered, kept);
        }
        wire::ExchangeRecord::KIND => {
            let r = wire::ExchangeRecord::unpack(body, block)?;
            read_exchange(state, &r)?;
        }
        wire::GuaranteeRecord::KIND => {
            let r = wire::GuaranteeRecord::unpack(body, block)?;
            find_account(state, r.account)?;
            find_account(state, r.to_account)?;
            let guarantee = Guarantee {
                guarantee: r.guarantee,
                account: r.account,
                to_account: r.to_account,
                amount: r.amount,
                until: r.until,
                basis: r.basis,
            };
            state.set_timer(r.until, TimerKind::Guarantee, r.guarantee);
            state.owed.guarantees.insert(r.guarantee, guarantee);
        }
        _ => return Err(bent(format_args!("kind {kind} is not a record"))),
    }
    Ok(())
}

fn read_exchange(state: &mut State, r: &wire::ExchangeRecord) -> Result<(), FrameError> {
    find_account(state, r.account)?;
    find_account(state, r.to_account)?;
    find_series(state, r.series)?;
    if !state.owed.terms.contains_key(&r.physical) {
        return Err(bent(format_args!("exchange {}", r.offer)));
    }
    let offer = Exchange {
        offer: r.offer,
        account: r.account,
        to_account: r.to_account,
        series: r.series,
        lots: r.lots,
        price: r.price,
        physical: r.physical,
        accelerators: r.accelerators,
        first_hour: r.first_hour,
        hours: r.hours,
        delivery_price: r.delivery_price,
        due: r.due,
    };
    state.set_timer(r.due, TimerKind::Exchange, r.offer);
    state.owed.exchanges.insert(r.offer, offer);
    Ok(())
}

fn check_delivery(state: &State, number: u64) -> Result<(), FrameError> {
    if state.owed.deliveries.contains_key(&number) {
        return Ok(());
    }
    Err(bent(format_args!("delivery {number} is not among them")))
}

fn read_delivery(state: &mut State, r: &wire::DeliveryRecord) -> Result<(), FrameError> {
    find_account(state, r.account)?;
    find_account(state, r.buyer)?;
    let counted = r.final_hours <= r.metered_hours && r.metered_hours <= r.hours;
    if !state.owed.terms.contains_key(&r.series) || !counted {
        return Err(bent(format_args!("delivery {}", r.delivery)));
    }
    state.set_timer(r.due, TimerKind::Delivery, r.delivery);
    let delivery = Delivery {
        delivery: r.delivery,
        account: r.account,
        buyer: r.buyer,
        series: r.series,
        lots: r.lots,
        price: r.price,
        starts: r.starts,
        first_hour: r.first_hour,
        hours: r.hours,
        nominated: r.nominated,
        pledgee: r.pledgee,
        due: r.due,
        state: r.state,
        quality: r.quality,
        early: r.early,
        metered_hours: r.metered_hours,
        final_hours: r.final_hours,
        missing: r.missing,
        failed: r.failed,
        held: r.held,
        rejected: r.rejected,
    };
    state.put_delivery(r.delivery, Some(delivery));
    Ok(())
}
