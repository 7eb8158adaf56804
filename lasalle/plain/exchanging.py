"""Deciding exchanges of futures for physical (DEL-033)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import period_ends
from lasalle.plain.institution import check_gives, check_moves
from lasalle.plain.margin import judge
from lasalle.plain.obligations import HOUR, Delivery, Exchange, Terms
from lasalle.plain.orders import check_covered, find_series
from lasalle.plain.rights import check_takes_delivery
from lasalle.plain.securing import Needs, lacking, secure
from lasalle.plain.soundness import check_sound
from lasalle.plain.state import DELIVERY, Place, Refused, State, need_behaviour
from lasalle.wire import Bound, OfferEnd, Refusal

Events = Iterator[Any]


def offer_exchange(state: State, place: Place, command: wire.OfferExchange) -> Events:
    need_behaviour(state, DELIVERY)
    if command.to_account not in state.accounts or command.to_account == command.account:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.to_account)
    series = find_series(state, command.series)
    if series.delivers or series.is_option:
        raise Refused(Refusal.EXCHANGE_NOT_FUTURE, 0, command.series)
    terms = state.owed.terms.get(command.physical)
    if terms is None:
        raise Refused(Refusal.SERIES_NOT_PHYSICAL, 0, command.physical)
    due = terms.starts - terms.nomination_lead
    if due <= place.time:
        raise Refused(Refusal.EXPIRY_NOT_AHEAD, place.time, due)
    _check_block(state, terms, command)
    check_gives(state, command)
    told = {name: getattr(command, name) for name in command.__struct_fields__}
    due = min(due, place.time + Bound.CONSENT_WINDOW)
    yield wire.ExchangeOffered(offer=place.number, due=due, **told)


def _check_block(state: State, terms: Terms, command: wire.OfferExchange) -> None:
    """As many accelerator-hours as the position has, within the period of the series."""
    if not 1 <= command.accelerators <= Bound.ORDER_LOTS:
        raise Refused(Refusal.QUANTITY_TOO_LARGE, Bound.ORDER_LOTS, command.accelerators)
    block = (period_ends(state.series[command.physical]) - terms.starts) // HOUR
    most = max(0, block - command.first_hour)
    if not 1 <= command.hours <= most:
        raise Refused(Refusal.HOURS_OUT_OF_BOUNDS, most, command.hours)
    if not 1 <= command.delivery_price <= Bound.PRICE:
        raise Refused(Refusal.ROW_OUT_OF_BOUNDS, Bound.PRICE, command.delivery_price)
    gives = abs(command.lots) * state.series[command.series].hours
    if command.accelerators * command.hours != gives:
        raise Refused(Refusal.EXCHANGE_UNEQUAL, gives, command.accelerators * command.hours)


def withdraw_exchange(state: State, place: Place, command: wire.WithdrawExchange) -> Events:
    offer = state.owed.exchanges.get(command.offer)
    if offer is None or command.account not in (offer.account, offer.to_account):
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    gives = command.account == offer.account
    yield exchange_over(offer, OfferEnd.WITHDRAWN if gives else OfferEnd.DECLINED)


def exchange_over(offer: Exchange, reason: OfferEnd) -> wire.ExchangeEnded:
    """The end of an offer that nobody took."""
    return wire.ExchangeEnded(
        offer=offer.offer, account=offer.account, to_account=offer.to_account, reason=reason
    )


def accept_exchange(state: State, place: Place, command: wire.AcceptExchange) -> Events:
    need_behaviour(state, DELIVERY)
    offer = state.owed.exchanges.get(command.offer)
    if offer is None or offer.to_account != command.account:
        raise Refused(Refusal.OFFER_UNKNOWN, 0, command.offer)
    for number in (offer.account, offer.to_account):
        check_sound(state, state.accounts[number].member)
        check_takes_delivery(state.accounts[number])
    gives = abs(offer.lots) * state.series[offer.series].hours
    if offer.accelerators * offer.hours != gives:
        raise Refused(Refusal.EXCHANGE_UNEQUAL, gives, offer.accelerators * offer.hours)
    check_moves(state, offer)
    delivery = _delivery(state, offer)
    cost = offer.lots * offer.price
    for number, sign in ((offer.account, -1), (offer.to_account, 1)):
        judgement = judge(
            state,
            state.accounts[number],
            moved={offer.series: (sign * offer.lots, sign * cost)},
        )
        more = Needs().plus(state, number, delivery)
        lacks = lacking(state, number, more) - lacking(state, number)
        check_covered(judgement._replace(required=judgement.required + max(0, lacks)))
    yield wire.ExchangeMade(
        offer=offer.offer, account=offer.account, to_account=offer.to_account
    )
    yield wire.PositionTransferred(
        account=offer.account,
        to_account=offer.to_account,
        series=offer.series,
        lots=offer.lots,
        price=offer.price,
    )
    yield wire.DeliveryMade(
        delivery=state.last_event + 1,
        account=delivery.account,
        buyer=delivery.buyer,
        series=delivery.series,
        lots=delivery.lots,
        price=delivery.price,
        starts=delivery.starts,
        first_hour=delivery.first_hour,
        hours=delivery.hours,
        due=delivery.due,
    )
    yield from secure(state, {offer.account, offer.to_account})


def _delivery(state: State, offer: Exchange) -> Delivery:
    """Who gives a long position takes delivery, who gives a short one delivers."""
    terms = state.owed.terms[offer.physical]
    seller, buyer = offer.to_account, offer.account
    if offer.lots < 0:
        seller, buyer = buyer, seller
    return Delivery(
        delivery=0,
        account=seller,
        buyer=buyer,
        series=offer.physical,
        lots=offer.accelerators,
        price=offer.delivery_price,
        starts=terms.starts,
        first_hour=offer.first_hour,
        hours=offer.hours,
        due=terms.starts - terms.nomination_lead,
    )
