//! Records of deliveries, written.

use super::Page;
use crate::state::State;
use crate::wire;

pub(super) fn write_obligations(state: &State, page: &mut Page<'_>) {
    let owed = &state.owed;
    for (series, terms) in &owed.terms {
        page.write(&wire::DeliveryTermsRecord {
            series: *series,
            starts: terms.starts,
            nomination_lead: terms.nomination_lead,
            grace: terms.grace,
            inspection: terms.inspection,
            dispute: terms.dispute,
            contingent: terms.contingent,
            seller_margin: terms.seller_margin,
            prefund_hours: terms.prefund_hours,
            penalty: terms.penalty,
            cash_factor: terms.cash_factor,
            quality_floor: terms.quality_floor,
            quality_cap: terms.quality_cap,
            determination: terms.determination,
            remedy_window: terms.remedy_window,
            cover_band: terms.cover_band,
            correction: terms.correction,
            correction_share: terms.correction_share,
        });
    }
    for d in owed.deliveries.values() {
        page.write(&wire::DeliveryRecord {
            delivery: d.delivery,
            account: d.account,
            buyer: d.buyer,
            series: d.series,
            lots: d.lots,
            price: d.price,
            starts: d.starts,
            first_hour: d.first_hour,
            hours: d.hours,
            nominated: d.nominated,
            pledgee: d.pledgee,
            due: d.due,
            state: d.state,
            quality: d.quality,
            early: d.early,
            metered_hours: d.metered_hours,
            final_hours: d.final_hours,
            missing: d.missing,
            failed: d.failed,
            held: d.held,
            rejected: d.rejected,
        });
    }
    for (number, m) in &owed.metered {
        page.write(&wire::MeteredRecord {
            metered: *number,
            delivery: m.delivery,
            first_hour: m.first_hour,
            hours: m.hours,
            units: m.units,
            excused: m.excused,
            quality: m.quality,
            amount: m.amount,
            evidence: m.evidence,
            due: m.due,
            disputed: m.disputed,
        });
    }
    for o in owed.offers.values() {
        page.write(&wire::DeliveryOfferRecord {
            offer: o.offer,
            account: o.account,
            to_account: o.to_account,
            delivery: o.delivery,
            lots: o.lots,
            first_hour: o.first_hour,
            hours: o.hours,
            amount: o.amount,
            due: o.due,
        });
    }
    for ((account, series), (lots, starts)) in &owed.exercises {
        page.write(&wire::ExerciseRecord {
            account: *account,
            series: *series,
            lots: *lots,
            starts: *starts,
        });
    }
    for (account, c) in &owed.credits {
        page.write(&wire::DeliveryCreditRecord {
            account: *account,
            amount: c.amount,
            share: c.share,
            until: c.until,
            basis: c.basis,
        });
    }
    for (number, f) in &owed.finals {
        page.write(&wire::FinalHoursRecord {
            metered: *number,
            delivery: f.delivery,
            account: f.account,
            buyer: f.buyer,
            price: f.price,
            units: f.units,
            most: f.most,
            quality: f.quality,
            share: f.share,
            due: f.due,
        });
    }
    write_offered(state, page);
}

/// Offers of futures for physical, and guarantees.
fn write_offered(state: &State, page: &mut Page<'_>) {
    let owed = &state.owed;
    for o in owed.exchanges.values() {
        page.write(&wire::ExchangeRecord {
            offer: o.offer,
            account: o.account,
            to_account: o.to_account,
            series: o.series,
            lots: o.lots,
            price: o.price,
            physical: o.physical,
            accelerators: o.accelerators,
            first_hour: o.first_hour,
            hours: o.hours,
            delivery_price: o.delivery_price,
            due: o.due,
        });
    }
    for g in owed.guarantees.values() {
        page.write(&wire::GuaranteeRecord {
            guarantee: g.guarantee,
            account: g.account,
            to_account: g.to_account,
            amount: g.amount,
            until: g.until,
            basis: g.basis,
        });
    }
}
