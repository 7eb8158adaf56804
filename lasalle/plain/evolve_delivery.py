"""What events of deliveries write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lasalle.plain.obligations import (
    Delivery,
    DeliveryCredit,
    DeliveryOffer,
    Exchange,
    Exercise,
    FinalHours,
    Guarantee,
    Metered,
    Terms,
)
from lasalle.plain.state import Place, State
from lasalle.plain.timers import (
    CREDIT_TIMER,
    DELIVERY_OFFER_TIMER,
    DELIVERY_TIMER,
    EXCHANGE_TIMER,
    FINAL_TIMER,
    GUARANTEE_TIMER,
    METERED_TIMER,
    set_timer,
)
from lasalle.wire import DeliveryParty, DeliveryState, RemedySource

BOTH = DeliveryParty.SELLER | DeliveryParty.BUYER


def _build(kind: type[Any], event: Any) -> Any:
    names = kind.__dataclass_fields__
    return kind(**{f: getattr(event, f) for f in event.__struct_fields__ if f in names})


def _stands(state: State, delivery: Delivery, to: DeliveryState, due: int) -> None:
    delivery.state, delivery.due = to, due
    set_timer(state, (DELIVERY_TIMER, delivery.delivery), due)


def delivery_begun(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.terms[event.series] = _build(Terms, event)


def delivery_made(state: State, number: int, place: Place, event: Any) -> None:
    delivery = _build(Delivery, event)
    state.owed.deliveries[event.delivery] = delivery
    _stands(state, delivery, DeliveryState.PAIRED, event.due)


def right_exercised(state: State, number: int, place: Place, event: Any) -> None:
    key = (event.account, event.series)
    state.owed.exercises.pop(key, None)
    if event.lots:
        state.owed.exercises[key] = _build(Exercise, event)


def forget_exercises(state: State, series: int) -> None:
    """A series that expired has no rights left to take."""
    for key in [k for k in state.owed.exercises if k[1] == series]:
        del state.owed.exercises[key]


def delivery_nominated(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.nominated |= event.party
    if delivery.nominated == BOTH:
        late = delivery.begins + state.owed.terms_of(delivery).grace
        _stands(state, delivery, DeliveryState.SCHEDULED, min(late, delivery.ends))
        _forget_offers(state, event.delivery)


def _forget_offers(state: State, delivery: int) -> None:
    """No side of a delivery changes hands any more."""
    for number in [n for n, o in state.owed.offers.items() if o.delivery == delivery]:
        _forget_offer(state, number)


def _forget_offer(state: State, number: int) -> None:
    del state.owed.offers[number]
    set_timer(state, (DELIVERY_OFFER_TIMER, number), 0)


def delivery_tendered(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.quality, delivery.early, delivery.rejected = event.quality, event.starts, False
    _stands(state, delivery, DeliveryState.TENDERED, event.due)


def delivery_accepted(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.quality, delivery.starts, delivery.early = event.quality, event.starts, 0
    _stands(state, delivery, DeliveryState.RUNNING, 0)


def delivery_rejected(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.rejected = True
    _stands(state, delivery, DeliveryState.SCHEDULED, event.due)


def rejection_contested(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.rejected = False
    _stands(state, delivery, DeliveryState.CONTESTED, event.due)


def tender_determined(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    if not event.accepted:
        _stands(state, delivery, DeliveryState.SCHEDULED, event.due)


def delivery_terminated(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.hours = event.hours or delivery.hours


def delivery_failed(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.failed, delivery.missing = event.party, event.missing
    delivery.metered_hours = delivery.final_hours = delivery.hours
    due = place.time + state.owed.terms_of(delivery).remedy_window
    _stands(state, delivery, DeliveryState.FAILED, due)
    _forget_offers(state, event.delivery)


def delivery_metered(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.metered[event.metered] = _build(Metered, event)
    state.owed.deliveries[event.delivery].metered_hours += event.hours
    set_timer(state, (METERED_TIMER, event.metered), event.due)


def metered_disputed(state: State, number: int, place: Place, event: Any) -> None:
    metered = state.owed.metered[event.metered]
    metered.disputed, metered.due = event.account, event.due
    set_timer(state, (METERED_TIMER, event.metered), event.due)


def metered_determined(state: State, number: int, place: Place, event: Any) -> None:
    metered = state.owed.metered[event.metered]
    metered.units, metered.excused = event.units, event.excused
    metered.quality = event.quality
    metered.amount, metered.evidence = event.amount, event.evidence


def metered_final(state: State, number: int, place: Place, event: Any) -> None:
    metered = state.owed.metered.pop(event.metered)
    set_timer(state, (METERED_TIMER, event.metered), 0)
    delivery = state.owed.deliveries[event.delivery]
    delivery.final_hours += metered.hours
    delivery.missing += event.missing
    delivery.held += event.amount
    if event.missing and not delivery.due:
        window = state.owed.terms_of(delivery).remedy_window
        _stands(state, delivery, delivery.state, place.time + window)
    if event.due:
        _keep_final(state, delivery, metered, event.due)


def _keep_final(state: State, delivery: Delivery, metered: Metered, due: int) -> None:
    state.owed.finals[metered.metered] = FinalHours(
        metered=metered.metered,
        delivery=delivery.delivery,
        account=delivery.account,
        buyer=delivery.buyer,
        price=delivery.price,
        units=metered.units,
        most=delivery.lots * metered.hours - metered.excused,
        quality=metered.quality,
        share=state.owed.terms_of(delivery).correction_share,
        due=due,
    )
    set_timer(state, (FINAL_TIMER, metered.metered), due)


def metered_corrected(state: State, number: int, place: Place, event: Any) -> None:
    del state.owed.finals[event.metered]
    set_timer(state, (FINAL_TIMER, event.metered), 0)


def receivable_paid(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.deliveries[event.delivery].held -= event.amount


def delivery_remedied(state: State, number: int, place: Place, event: Any) -> None:
    delivery = state.owed.deliveries[event.delivery]
    delivery.missing -= event.units
    if not delivery.missing:
        _stands(state, delivery, delivery.state, 0)


def remedy_paid(state: State, number: int, place: Place, event: Any) -> None:
    if event.source == RemedySource.RECEIVABLE:
        state.owed.deliveries[event.delivery].held -= event.amount


def delivery_ended(state: State, number: int, place: Place, event: Any) -> None:
    del state.owed.deliveries[event.delivery]
    set_timer(state, (DELIVERY_TIMER, event.delivery), 0)
    _forget_offers(state, event.delivery)


def delivery_offered(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.offers[event.offer] = _build(DeliveryOffer, event)
    set_timer(state, (DELIVERY_OFFER_TIMER, event.offer), event.due)


def delivery_offer_ended(state: State, number: int, place: Place, event: Any) -> None:
    _forget_offer(state, event.offer)


def delivery_transferred(state: State, number: int, place: Place, event: Any) -> None:
    _forget_offer(state, event.offer)


def delivery_pledged(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.deliveries[event.delivery].pledgee = event.to_account


# -- guarantee, credit, exchange -----------------------------------------------------------------


def guarantee_given(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.guarantees[event.guarantee] = _build(Guarantee, event)
    set_timer(state, (GUARANTEE_TIMER, event.guarantee), event.until)


def guarantee_paid(state: State, number: int, place: Place, event: Any) -> None:
    guarantee = state.owed.guarantees[event.guarantee]
    guarantee.amount -= event.amount
    if not guarantee.amount:
        guarantee_ended(state, number, place, event)


def guarantee_ended(state: State, number: int, place: Place, event: Any) -> None:
    del state.owed.guarantees[event.guarantee]
    set_timer(state, (GUARANTEE_TIMER, event.guarantee), 0)


def delivery_credit_set(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.credits.pop(event.account, None)
    if event.amount:
        state.owed.credits[event.account] = _build(DeliveryCredit, event)
    set_timer(state, (CREDIT_TIMER, event.account), event.until)


def exchange_offered(state: State, number: int, place: Place, event: Any) -> None:
    state.owed.exchanges[event.offer] = _build(Exchange, event)
    set_timer(state, (EXCHANGE_TIMER, event.offer), event.due)


def exchange_ended(state: State, number: int, place: Place, event: Any) -> None:
    del state.owed.exchanges[event.offer]
    set_timer(state, (EXCHANGE_TIMER, event.offer), 0)


def exchange_made(state: State, number: int, place: Place, event: Any) -> None:
    exchange_ended(state, number, place, event)


DELIVERY_WRITES: dict[str, Callable[[State, int, Place, Any], None]] = {
    write.__name__: write
    for write in (
        *(delivery_begun, delivery_made, right_exercised, delivery_nominated, delivery_tendered),
        *(delivery_accepted, delivery_rejected, delivery_failed, delivery_metered),
        *(metered_disputed, metered_determined, metered_final, receivable_paid),
        *(delivery_remedied, remedy_paid, delivery_ended, delivery_offered),
        *(delivery_offer_ended, delivery_transferred, delivery_pledged, delivery_terminated),
        *(rejection_contested, tender_determined, metered_corrected, delivery_credit_set),
        *(exchange_offered, exchange_ended, exchange_made),
        *(guarantee_given, guarantee_paid, guarantee_ended),
    )
} | {"metered_closed": metered_corrected}
"""What each event of a delivery writes beside its postings, by its name."""
