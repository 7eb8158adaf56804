//! Records of deliveries.

use super::{bent, find_account, find_series};
use crate::frame::{FrameError, Message};
use crate::state::{Delivery, DeliveryOffer, DeliveryTerms, Metered, State, TimerKind};
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
        _ => return Err(bent(format_args!("kind {kind} is not a record"))),
    }
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
        metered_hours: r.metered_hours,
        final_hours: r.final_hours,
        missing: r.missing,
        failed: r.failed,
        held: r.held,
    };
    state.put_delivery(r.delivery, Some(delivery));
    Ok(())
}
