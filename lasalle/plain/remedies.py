"""Deciding remedies of what is missing, early ends, and what becomes of a delivery whose time is
over (DEL-026, DEL-030)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lasalle import wire
from lasalle.plain.delivery import (
    P,
    S,
    check_evidence,
    end_delivery,
    fail_delivery,
    find_delivery,
    other,
)
from lasalle.plain.guarantees import guaranteed, pay_out
from lasalle.plain.margin import beyond_margin
from lasalle.plain.metering import settle_delivery
from lasalle.plain.months import days_since
from lasalle.plain.obligations import Delivery
from lasalle.plain.settlement import receive
from lasalle.plain.state import (
    DELIVERY,
    GUARANTEES,
    Fixing,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.plain.tendering import accepted_as_is, rejection_stands
from lasalle.wire import Bound, DeliveryEnd, DeliveryParty, LedgerClass, Refusal, RemedySource

Events = Iterator[Any]
STARTED = (S.RUNNING, S.PAIRED, S.SCHEDULED, S.TENDERED, S.CONTESTED)


# -- the price of a replacement ------------------------------------------------------------------


class Remedy(NamedTuple):
    """What a remedy costs at which price, micro-dollars."""

    price: int
    cost: int
    in_cash: bool = False
    evidence: bytes = bytes(32)


def remedy_delivery(state: State, place: Place, command: wire.RemedyDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, S.RUNNING, S.FAILED)
    if not 1 <= command.units <= delivery.missing:
        raise Refused(Refusal.UNITS_OUT_OF_BOUNDS, delivery.missing, command.units)
    check_evidence(command.evidence)
    price = command.cover_price
    if price:
        _check_cover_price(state, place, delivery, price)
    else:
        price = _in_cash(state, delivery, _fresh(state, place, delivery).price)
    cost = _cost(state, delivery, command.units, price)
    if cost > Bound.MONEY:
        raise Refused(Refusal.SETTLEMENT_TOO_LARGE, Bound.MONEY, cost)
    remedy = Remedy(price, cost, not command.cover_price, command.evidence)
    yield from _remedied(state, delivery, command.units, remedy)


def _failed(delivery: Delivery) -> DeliveryParty:
    return delivery.failed or P.SELLER


def _sign(delivery: Delivery) -> int:
    """A replacement that costs more harms the buyer, one that brings less the seller."""
    return 1 if _failed(delivery) == P.SELLER else -1


def _last_fixing(state: State, delivery: Delivery) -> Fixing | None:
    fixing = state.fixings.get(state.series[delivery.series].index)
    return fixing if fixing is not None and fixing.price else None


def _fixed_day(state: State, fixing: Fixing) -> int:
    """Day the price of a fixing is of; 0 unknown."""
    stands = (fixing.index, fixing.day) in state.no_fixes
    return fixing.fixed or (0 if stands else fixing.day)


def _is_fresh(state: State, place: Place, fixing: Fixing) -> bool:
    day = _fixed_day(state, fixing)
    return bool(day) and days_since(day, place.time) <= Bound.FIXING_AGE


def _fresh(state: State, place: Place, delivery: Delivery) -> Fixing:
    """The last fixing, which is not old: a remedy in cash that the house asks for is priced at
    it."""
    fixing = _last_fixing(state, delivery)
    if fixing is None:
        raise Refused(Refusal.FIXING_UNKNOWN, 0, state.series[delivery.series].index)
    if not _is_fresh(state, place, fixing):
        raise Refused(Refusal.FIXING_STALE, Bound.FIXING_AGE, _fixed_day(state, fixing))
    return fixing


def _check_cover_price(state: State, place: Place, delivery: Delivery, price: int) -> None:
    """A replacement lies no further from the index than published, or from the contract price where
    no fixing is fresh; only to the loss of who failed is it bound."""
    if not 0 <= price <= 2 * Bound.PRICE:
        raise Refused(Refusal.ROW_OUT_OF_BOUNDS, 2 * Bound.PRICE, price)
    fixing, sign = _last_fixing(state, delivery), _sign(delivery)
    fresh = fixing is not None and _is_fresh(state, place, fixing)
    reference = fixing.price if fixing is not None and fresh else delivery.price
    band = state.owed.terms_of(delivery).cover_band
    furthest = reference * max(0, 10_000 + sign * band) // 10_000
    if sign * price > sign * furthest:
        raise Refused(Refusal.COVER_OUT_OF_BOUNDS, furthest, price)


def _in_cash(state: State, delivery: Delivery, reference: int) -> int:
    factor = 10_000 + _sign(delivery) * state.owed.terms_of(delivery).cash_factor
    return reference * factor // 10_000


def _cost(state: State, delivery: Delivery, units: int, price: int) -> int:
    """What replacement cost more than the contract, or brought less, and the penalty (DEL-026)."""
    penalty = delivery.price * units * state.owed.terms_of(delivery).penalty // 10_000
    return max(0, _sign(delivery) * (price - delivery.price)) * units + penalty


# -- who pays it ---------------------------------------------------------------------------------


def _remedied(state: State, delivery: Delivery, units: int, remedy: Remedy) -> Events:
    failed = _failed(delivery)
    payer, receiver = delivery.of(failed), delivery.of(other(failed))
    parts = _sources(state, delivery, failed, remedy.cost)
    paid = sum(parts.values())
    yield wire.DeliveryRemedied(
        account=payer,
        to_account=receiver,
        delivery=delivery.delivery,
        units=units,
        cover_price=remedy.price,
        in_cash=remedy.in_cash,
        cost=remedy.cost,
        unpaid=remedy.cost - paid,
        evidence=remedy.evidence,
    )
    for source, amount in parts.items():
        if source == RemedySource.GUARANTEE:
            yield from pay_out(state, payer, delivery.delivery, amount)
        yield wire.RemedyPaid(
            account=payer, delivery=delivery.delivery, source=source, amount=amount
        )
    if paid:
        yield from receive(state, receiver, paid)
    yield from settle_delivery(state, delivery, DeliveryEnd.REMEDIED)


def _sources(
    state: State, delivery: Delivery, failed: DeliveryParty, cost: int
) -> dict[RemedySource, int]:
    """What pays a remedy, in order, and how much of it (DEL-026)."""
    account = delivery.of(failed)
    pots = {
        RemedySource.RECEIVABLE: delivery.held if failed == P.SELLER else 0,
        RemedySource.MARGIN: state.balance(LedgerClass.DELIVERY_MARGIN, account),
        RemedySource.BOND: state.balance(LedgerClass.PERFORMANCE_BOND, account),
        **_cash(state, account),
        RemedySource.FUND: state.balance(LedgerClass.DELIVERY_FUND),
    }
    found: dict[RemedySource, int] = {}
    for source, pot in pots.items():
        amount = min(pot, cost)
        if amount:
            found[source] = amount
            cost -= amount
    return found


def _cash(state: State, account: int) -> dict[RemedySource, int]:
    """The cash of an account as it pays a remedy: from behaviour 6 on what margin asks for waits
    behind the guarantees."""
    holder = state.accounts[account]
    cash = max(0, state.free_of_holds(holder))
    if state.behaviour < GUARANTEES:
        return {RemedySource.CASH: cash}
    beyond = beyond_margin(state, holder)
    return {
        RemedySource.CASH: beyond,
        RemedySource.GUARANTEE: guaranteed(state, account),
        RemedySource.INITIAL_MARGIN: cash - beyond,
    }


# -- early end, and time that is over ------------------------------------------------------------


def terminate_delivery(state: State, place: Place, command: wire.TerminateDelivery) -> Events:
    need_behaviour(state, DELIVERY)
    delivery = find_delivery(state, command.delivery, *STARTED)
    check_evidence(command.evidence)
    done = delivery.metered_hours
    if done == delivery.hours:
        raise Refused(Refusal.HOURS_OUT_OF_BOUNDS, 0, 0)
    party, rest = P(command.party), delivery.hours - done
    yield wire.DeliveryTerminated(
        account=delivery.account,
        buyer=delivery.buyer,
        delivery=command.delivery,
        party=party,
        hours=done,
        evidence=command.evidence,
    )
    if not done and party:
        yield from fail_delivery(state, delivery, party)
    elif not done:
        yield from end_delivery(state, delivery, DeliveryEnd.TERMINATED)
    else:
        if party:
            yield from _rest_fails(state, delivery, rest, party)
        yield from settle_delivery(state, delivery, DeliveryEnd.DELIVERED)


def _rest_fails(state: State, cut: Delivery, hours: int, party: DeliveryParty) -> Events:
    """Hours after those of a delivery that was cut are missing by the fault of a side."""
    number = state.last_event + 1
    yield wire.DeliveryMade(
        delivery=number,
        account=cut.account,
        buyer=cut.buyer,
        series=cut.series,
        lots=cut.lots,
        price=cut.price,
        starts=cut.starts,
        first_hour=cut.first_hour + cut.hours,
        hours=hours,
        nominated=cut.nominated,
        pledgee=cut.pledgee,
    )
    yield from fail_delivery(state, state.owed.deliveries[number], party)


def delivery_due(state: State, place: Place, number: int) -> Events:
    """The time for what a delivery waits for is over (DEL-022, DEL-023, DEL-026, DEL-031)."""
    delivery = state.owed.deliveries[number]
    if delivery.state == S.TENDERED:
        yield from accepted_as_is(state, delivery, silent=True)
    elif delivery.state == S.CONTESTED:
        yield from rejection_stands(state, place, delivery)
    elif delivery.state in (S.RUNNING, S.FAILED):
        yield from _by_itself(state, delivery)
    elif delivery.state == S.PAIRED and not delivery.nominated:
        yield from end_delivery(state, delivery, DeliveryEnd.ABANDONED)
    else:
        nominated = delivery.state == S.PAIRED and delivery.nominated == P.SELLER
        yield from fail_delivery(state, delivery, P.BUYER if nominated else P.SELLER)


def _by_itself(state: State, delivery: Delivery) -> Events:
    """What nobody replaced in time is made good in cash at the last fixing there is, or at the
    contract price where there never was one."""
    fixing = _last_fixing(state, delivery)
    price = _in_cash(state, delivery, fixing.price if fixing else delivery.price)
    cost = min(Bound.MONEY, _cost(state, delivery, delivery.missing, price))
    yield from _remedied(state, delivery, delivery.missing, Remedy(price, cost, in_cash=True))
