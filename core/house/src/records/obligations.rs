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
            metered_hours: d.metered_hours,
            final_hours: d.final_hours,
            missing: d.missing,
            failed: d.failed,
            held: d.held,
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
}
