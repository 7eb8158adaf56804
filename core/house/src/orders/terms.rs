//! Terms of an order: its worst price, and which words go together.

use super::stops;
use crate::agenda::{Decision, Refused};
use crate::guards::{check_band, check_price};
use crate::matching::{immediate, opposite};
use crate::state::{Place, Series, SeriesAt, State};
use crate::wire::{OrderType, PlaceOrder, Refusal, Side, TimeInForce, bound};

/// The limit, or the protection price of market and stop orders fixed at entry (EXC-008).
#[inline]
pub(super) fn worst_price(state: &State, at: SeriesAt, c: &PlaceOrder) -> Result<i64, Refused> {
    let series = &state.series[at as usize];
    if matches!(c.order_type, OrderType::Limit | OrderType::StopLimit) {
        check_price(series, c.price)?;
        check_band(series, c.side, c.price)?;
        return Ok(c.price);
    }
    if c.price != 0 {
        return Err(Refused::new(Refusal::PriceNotWanted, 0, c.price));
    }
    if c.order_type == OrderType::Stop {
        return Ok(protected(series, c.side, c.stop_price.max(0)));
    }
    let Some((best, _)) = state.best(at, opposite(c.side)) else {
        return Err(Refused::plain(Refusal::NoProtectionPrice));
    };
    let (low, high) = series.band_edges();
    let worst = protected(series, c.side, best);
    let tick = series.tick;
    Ok(if c.side == Side::Buy {
        worst.min(high.div_euclid(tick) * tick)
    } else {
        worst.max(-(-low).div_euclid(tick) * tick)
    })
}

/// A price the protection distance beyond, on tick, towards `price`, at least one tick.
fn protected(series: &Series, side: Side, price: i64) -> i64 {
    let (tick, price) = (i128::from(series.tick), i128::from(price));
    let away = price * i128::from(series.protection) / 10_000;
    let worst = if side == Side::Buy {
        ((price + away) / tick * tick).min(i128::from(bound::PRICE))
    } else {
        (-(away - price).div_euclid(tick) * tick).max(tick)
    };
    // A trigger beyond every price is refused by the next guard.
    i64::try_from(worst).unwrap_or(i64::MAX)
}

/// Refuses words that do not go together (EXC-009 to EXC-013).
#[inline]
pub(super) fn check_terms(series: &Series, place: Place, c: &PlaceOrder) -> Decision {
    let (kind, life) = (c.order_type, c.time_in_force);
    let ends = immediate(life);
    let plain = !c.post_only && c.display_lots == 0;
    let minimum = c.minimum_lots != 0;
    let allowed = match kind {
        OrderType::Market => ends && plain,
        OrderType::Stop => !ends && plain && !minimum,
        OrderType::StopLimit => !ends && !c.post_only && !minimum,
        OrderType::Limit if ends => plain && !(life == TimeInForce::Fok && minimum),
        OrderType::Limit => !(c.post_only && minimum),
    };
    if !allowed {
        return Err(Refused::plain(Refusal::CombinationNotAllowed));
    }
    let dated = life == TimeInForce::Gtd;
    if dated != (c.expiry > place.time) {
        return Err(Refused::new(Refusal::ExpiryNotAhead, place.time, c.expiry));
    }
    if !dated && c.expiry != 0 {
        return Err(Refused::new(Refusal::ExpiryNotAhead, 0, c.expiry));
    }
    let stop = c.stop_price;
    let good = (series.tick..=bound::PRICE).contains(&stop) && stop % series.tick == 0;
    if (stops(kind) && !good) || (!stops(kind) && stop != 0) {
        return Err(Refused::new(Refusal::StopPriceWrong, series.tick, stop));
    }
    if !(0..=c.lots).contains(&c.display_lots) {
        return Err(Refused::new(
            Refusal::DisplayOutOfBounds,
            c.lots,
            c.display_lots,
        ));
    }
    if !(0..=c.lots).contains(&c.minimum_lots) {
        return Err(Refused::new(
            Refusal::MinimumOutOfBounds,
            c.lots,
            c.minimum_lots,
        ));
    }
    Ok(())
}
