"""Deciding tenders: inspection, acceptance, rejection, and who is right about one (DEL-023,
DEL-031)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lasalle import wire
from lasalle.plain.delivery import P, S, check_evidence, find_delivery, side_of
from lasalle.plain.obligations import Delivery, Terms
from lasalle.plain.rights import check_affords
from lasalle.plain.securing import Needs, secure
from lasalle.plain.settlement import check_payments, pay
from lasalle.plain.state import DELIVERY, Place, Refused, State, need_behaviour
from lasalle.wire import Bound, Refusal

Events = Iterator[Any]
PAR = 10_000
"""Quality at which the contract price is paid."""


def tender_delivery(state: State, place: Place, command: wire.TenderDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.SCHEDULED)
    side_of(delivery, command.account, P.SELLER)
    terms = state.owed.terms_of(delivery)
    check_quality(command.quality, terms.quality_floor, terms.quality_cap)
    if place.time >= delivery.ends:
        raise Refused(Refusal.BLOCK_OVER, delivery.ends, place.time)
    nearest = min(delivery.begins, max(place.time, command.starts))
    if command.starts and command.starts != nearest:
        raise Refused(Refusal.BEGIN_OUT_OF_PERIOD, nearest, command.starts)
    yield wire.DeliveryTendered(
        account=command.account,
        to_account=delivery.buyer,
        delivery=command.delivery,
        quality=command.quality,
        starts=command.starts,
        evidence=command.evidence,
        # Handed over early, silence says nothing before the block begins.
        due=max(place.time, delivery.begins) + terms.inspection,
    )


def check_quality(quality: int, least: int, most: int) -> None:
    """A quality lies within the terms of its series."""
    if not least <= quality <= most:
        bound = least if quality < least else most
        raise Refused(Refusal.QUALITY_OUT_OF_BOUNDS, bound, quality)


def accept_tender(state: State, place: Place, command: wire.AcceptTender) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.TENDERED)
    side_of(delivery, command.account, P.BUYER)
    starts = delivery.starts
    if delivery.early:
        starts -= delivery.begins - min(delivery.begins, max(delivery.early, place.time))
    if delivery.quality > PAR:
        _check_buys(state, delivery)
    yield from accepted(state, delivery, delivery.quality, starts, silent=False)


def _check_buys(state: State, delivery: Delivery) -> None:
    """Who takes what is better than the contract has can set aside its price."""
    buyer = delivery.buyer
    runs = replace(delivery, state=S.RUNNING)
    more = Needs().plus(state, buyer, delivery, -1).plus(state, buyer, runs)
    check_affords(state, buyer, 0, more)


def accepted(
    state: State, delivery: Delivery, quality: int, starts: int, *, silent: bool
) -> Events:
    """Delivery runs, at this quality, from this begin of its block."""
    yield wire.DeliveryAccepted(
        account=delivery.buyer,
        to_account=delivery.account,
        delivery=delivery.delivery,
        silent=silent,
        quality=quality,
        starts=starts,
    )
    yield from secure(state, {delivery.account, delivery.buyer})


def accepted_as_is(state: State, delivery: Delivery, *, silent: bool) -> Events:
    """Silence, and the house, accept at no more than the contract price, from its begin."""
    quality = min(delivery.quality, PAR)
    yield from accepted(state, delivery, quality, delivery.starts, silent=silent)


# -- rejection -----------------------------------------------------------------------------------


def reject_tender(state: State, place: Place, command: wire.RejectTender) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.TENDERED)
    side_of(delivery, command.account, P.BUYER)
    check_evidence(command.evidence)
    yield wire.DeliveryRejected(
        account=command.account,
        to_account=delivery.account,
        delivery=command.delivery,
        evidence=command.evidence,
        due=_late(delivery, state.owed.terms_of(delivery), place.time),
    )


def _late(delivery: Delivery, terms: Terms, time: int) -> int:
    """When the next tender is late: the grace anew, within the block; a seller has at least as long
    as a buyer had to inspect."""
    grace = max(delivery.begins, time) + terms.grace
    return max(min(grace, delivery.ends), time + terms.inspection)


def contest_rejection(state: State, place: Place, command: wire.ContestRejection) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.SCHEDULED)
    side_of(delivery, command.account, P.SELLER)
    if not delivery.rejected:
        raise Refused(Refusal.REJECTION_UNKNOWN, 0, command.delivery)
    check_evidence(command.evidence)
    yield wire.RejectionContested(
        account=command.account,
        to_account=delivery.buyer,
        delivery=command.delivery,
        evidence=command.evidence,
        due=place.time + state.owed.terms_of(delivery).determination,
    )


def determine_tender(state: State, place: Place, command: wire.DetermineTender) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.CONTESTED)
    if not 0 <= command.fee <= Bound.MONEY:
        raise Refused(Refusal.AMOUNT_TOO_LARGE, Bound.MONEY, command.fee)
    check_evidence(command.evidence)
    loser = delivery.buyer if command.accepted else delivery.account
    wins = delivery.account if command.accepted else delivery.buyer
    check_payments(state, {loser: -command.fee})
    late = _late(delivery, state.owed.terms_of(delivery), place.time)
    yield wire.TenderDetermined(
        account=delivery.account,
        buyer=delivery.buyer,
        loser=loser,
        delivery=command.delivery,
        accepted=command.accepted,
        fee=command.fee,
        evidence=command.evidence,
        due=0 if command.accepted else late,
    )
    if command.fee:
        yield from pay(state, {loser: -command.fee, wins: command.fee})
    if command.accepted:
        yield from accepted_as_is(state, delivery, silent=False)


def rejection_stands(state: State, place: Place, delivery: Delivery) -> Events:
    """Nobody determined a contested rejection in time (DEL-031)."""
    yield wire.TenderDetermined(
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=delivery.delivery,
        accepted=False,
        due=_late(delivery, state.owed.terms_of(delivery), place.time),
    )
