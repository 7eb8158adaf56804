"""Deciding who a side of a delivery goes to, and its pledge (DEL-028)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import find_delivery, side_of
from lasalle.plain.limits import EVERY_PRODUCT
from lasalle.plain.money import withdrawable
from lasalle.plain.obligations import Delivery, DeliveryOffer
from lasalle.plain.securing import Needs, lacking, needed, secure, secured
from lasalle.plain.settlement import check_payments, pay
from lasalle.plain.soundness import check_sound
from lasalle.plain.state import (
    DELIVERY,
    USD,
    Account,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.wire import (
    Bound,
    DeliveryEnd,
    DeliveryParty,
    DeliveryState,
    OfferEnd,
    ProductClass,
    Refusal,
)

Events = Iterator[Any]
PAIRED, P = DeliveryState.PAIRED, DeliveryParty


# -- offers --------------------------------------------------------------------------------------


def offer_delivery(state: State, place: Place, command: wire.OfferDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, PAIRED)
    side_of(delivery, command.account)
    if command.to_account not in state.accounts or command.to_account == command.account:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.to_account)
    _check_part(delivery, command.lots, command.first_hour, command.hours)
    if abs(command.amount) > Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, abs(command.amount))
    _check_free(delivery, command.account, command.to_account)
    yield wire.DeliveryOffered(
        offer=place.number,
        account=command.account,
        to_account=command.to_account,
        delivery=command.delivery,
        lots=command.lots,
        first_hour=command.first_hour,
        hours=command.hours,
        amount=command.amount,
        due=min(delivery.due, place.time + Bound.CONSENT_WINDOW),
    )


def _check_part(delivery: Delivery, lots: int, first_hour: int, hours: int) -> None:
    """A part lies within the delivery."""
    if not 1 <= lots <= delivery.lots:
        raise Refused(Refusal.POSITION_SHORT, delivery.lots, lots)
    last = delivery.first_hour + delivery.hours
    if not delivery.first_hour <= first_hour < last:
        raise Refused(Refusal.HOURS_OUT_OF_BOUNDS, last - 1, first_hour)
    if not 1 <= hours <= last - first_hour:
        raise Refused(Refusal.HOURS_OUT_OF_BOUNDS, last - first_hour, hours)


def _check_free(delivery: Delivery, giver: int, taker: int) -> None:
    """What is pledged goes to its pledgee alone, and does not end against the other side; the
    other side is free."""
    touched = delivery.buyer in (giver, taker)
    if delivery.pledgee and touched and taker != delivery.pledgee:
        raise Refused(Refusal.DELIVERY_PLEDGED, delivery.pledgee, taker)


def _find_offer(state: State, number: int) -> DeliveryOffer:
    offer = state.owed.offers.get(number)
    if offer is None:
        raise Refused(Refusal.OFFER_UNKNOWN, 0, number)
    return offer


def withdraw_delivery(state: State, place: Place, command: wire.WithdrawDelivery) -> Events:
    offer = _find_offer(state, command.offer)
    if command.account not in (offer.account, offer.to_account):
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    gives = command.account == offer.account
    yield offer_over(offer, OfferEnd.WITHDRAWN if gives else OfferEnd.DECLINED)


def offer_over(offer: DeliveryOffer, reason: OfferEnd) -> wire.DeliveryOfferEnded:
    """The end of an offer that nobody took."""
    return wire.DeliveryOfferEnded(
        offer=offer.offer, account=offer.account, to_account=offer.to_account, reason=reason
    )


def accept_delivery(state: State, place: Place, command: wire.AcceptDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    offer = _find_offer(state, command.offer)
    if offer.to_account != command.account:
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    delivery = find_delivery(state, offer.delivery, PAIRED)
    _check_free(delivery, offer.account, offer.to_account)
    giver, taker = state.accounts[offer.account], state.accounts[offer.to_account]
    # Out of a default a side is placed by the house (CLR-036).
    for account in (giver, taker) if giver.member not in state.defaults else (taker,):
        check_sound(state, account.member)
    check_takes_delivery(taker)
    side = side_of(delivery, offer.account)
    moved = _moved(delivery, offer, side)
    pays = {offer.to_account: offer.amount, offer.account: -offer.amount}
    for number, more in _needs(state, delivery, offer, moved).items():
        if state.accounts[number].member in state.defaults:
            _check_frees(state, number, pays.get(number, 0), more)
        else:
            check_affords(state, number, pays.get(number, 0), more)
    amounts = {offer.account: offer.amount, offer.to_account: -offer.amount}
    check_payments(state, amounts)
    yield from _changes_hands(state, delivery, offer, moved)
    if giver.member in state.defaults:
        yield from secure(state, {offer.account})
    if offer.amount:
        yield from pay(state, amounts)
    yield from secure(state, {delivery.account, delivery.buyer, offer.account, offer.to_account})


def check_takes_delivery(account: Account) -> None:
    """Who comes to a side of a delivery is eligible for physical products (INS-014)."""
    if account.barred & ProductClass.PHYSICAL:
        eligible = EVERY_PRODUCT & ~account.barred
        raise Refused(Refusal.PRODUCT_NOT_ELIGIBLE, eligible, ProductClass.PHYSICAL)


def _moved(delivery: Delivery, offer: DeliveryOffer, side: DeliveryParty) -> Delivery:
    """The part that changes hands, as it stands with who takes it; what was nominated by that side
    is its own to name again."""
    return Delivery(
        delivery=0,
        account=offer.to_account if side == P.SELLER else delivery.account,
        buyer=offer.to_account if side == P.BUYER else delivery.buyer,
        series=delivery.series,
        lots=offer.lots,
        price=delivery.price,
        starts=delivery.starts,
        first_hour=offer.first_hour,
        hours=offer.hours,
        nominated=delivery.nominated & ~side,
        pledgee=0 if side == P.BUYER else delivery.pledgee,
        due=delivery.due,
    )


def _needs(
    state: State, delivery: Delivery, offer: DeliveryOffer, moved: Delivery
) -> dict[int, Needs]:
    """What each account needs more, or less, when the part moves: who takes it, who gives it, and
    the other side."""
    found: dict[int, Needs] = {}
    parts = [replace(delivery, lots=n, hours=h) for n, _, h in _left(delivery, offer)]
    parts += [moved] if moved.account != moved.buyer else []
    for number in (offer.to_account, offer.account, delivery.account, delivery.buyer):
        found[number] = Needs().plus(state, number, delivery, -1)
        for part in parts:
            found[number] = found[number].plus(state, number, part)
    return found


def _left(delivery: Delivery, offer: DeliveryOffer) -> list[tuple[int, int, int]]:
    """Lots, first hour and hours of the parts that stay where they are."""
    end, last = offer.first_hour + offer.hours, delivery.first_hour + delivery.hours
    found = (
        (offer.lots, delivery.first_hour, offer.first_hour - delivery.first_hour),
        (offer.lots, end, last - end),
        (delivery.lots - offer.lots, delivery.first_hour, delivery.hours),
    )
    return [part for part in found if part[0] and part[2]]


def check_affords(state: State, account: int, amount: int, more: Needs) -> None:
    """The account stays covered when it pays the amount and its deliveries need more; what they
    need less pays for nothing."""
    lacks = max(0, lacking(state, account, more) - lacking(state, account))
    most = withdrawable(state, account, USD)
    if max(0, amount) + lacks > most and (amount > 0 or lacks):
        raise Refused(Refusal.CASH_SHORT, most, max(0, amount) + lacks)


def _check_frees(state: State, account: int, amount: int, more: Needs) -> None:
    """Out of a default the placing of a side is paid from cash and from what it frees."""
    free = max(0, state.free_of_holds(state.accounts[account]))
    most = free + max(0, secured(state, account) - needed(state, account, more))
    if amount > most:
        raise Refused(Refusal.CASH_SHORT, most, amount)


def _changes_hands(
    state: State, delivery: Delivery, offer: DeliveryOffer, moved: Delivery
) -> Events:
    """The delivery ends; the part that moved and what stays take its place."""
    yield wire.DeliveryTransferred(
        offer=offer.offer,
        account=offer.account,
        to_account=offer.to_account,
        delivery=delivery.delivery,
        amount=offer.amount,
    )
    netted = moved.account == moved.buyer
    for other in _other_offers(state, offer):
        yield offer_over(other, OfferEnd.LAPSED)
    yield wire.DeliveryEnded(
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=delivery.delivery,
        reason=DeliveryEnd.NETTED if netted else DeliveryEnd.SPLIT,
    )
    if not netted:
        yield _made(state, moved, moved.lots, moved.first_hour, moved.hours)
    for lots, first, hours in _left(delivery, offer):
        yield _made(state, delivery, lots, first, hours)


def _other_offers(state: State, taken: DeliveryOffer) -> list[DeliveryOffer]:
    """Other offers of the same delivery, ascending."""
    same_one = [o for o in state.owed.offers.values() if o.delivery == taken.delivery]
    return sorted((o for o in same_one if o.offer != taken.offer), key=lambda o: o.offer)


def _made(
    state: State, like: Delivery, lots: int, first_hour: int, hours: int
) -> wire.DeliveryMade:
    return wire.DeliveryMade(
        delivery=state.last_event + 1,
        account=like.account,
        buyer=like.buyer,
        series=like.series,
        lots=lots,
        price=like.price,
        starts=like.starts,
        first_hour=first_hour,
        hours=hours,
        nominated=like.nominated,
        pledgee=like.pledgee,
        due=like.due,
    )


def pledge_delivery(state: State, place: Place, command: wire.PledgeDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, PAIRED)
    if delivery.pledgee:
        if (command.account, command.to_account) != (delivery.pledgee, 0):
            raise Refused(Refusal.DELIVERY_PLEDGED, delivery.pledgee, command.to_account)
    else:
        side_of(delivery, command.account, P.BUYER)
        if command.to_account not in state.accounts or command.to_account == command.account:
            raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.to_account)
    yield wire.DeliveryPledged(
        account=delivery.buyer, delivery=command.delivery, to_account=command.to_account
    )
