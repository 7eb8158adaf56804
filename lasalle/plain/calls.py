"""Deciding collateral, margin calls and what is published beside the log (CLR-040 to CLR-048)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.margin import Judgement, judge
from lasalle.plain.orders import same
from lasalle.plain.state import (
    COLLATERAL,
    USD,
    Account,
    Call,
    Place,
    Refused,
    State,
    need_behaviour,
)
from lasalle.wire import Bound, Refusal

Events = Iterator[Any]
GREATEST = 2**63 - 1


def admit_collateral(state: State, place: Place, command: wire.AdmitCollateral) -> Events:
    need_behaviour(state, COLLATERAL)
    if command.asset not in state.assets:
        raise Refused(Refusal.ASSET_UNKNOWN, 0, command.asset)
    if command.asset == USD:
        raise Refused(Refusal.ASSET_IS_CASH, 0, command.asset)
    for term, bound in ((command.haircut, 10_000), (command.account_cap, Bound.MONEY)):
        if not 0 <= term <= bound:
            raise Refused(Refusal.COLLATERAL_TERMS, bound, term)
    secures = state.credit.securities.get(command.asset)
    if secures is not None and secures.advance and command.haircut < 10_000:
        raise Refused(Refusal.ASSET_COVERS_MARGIN, 0, command.asset)
    yield same(wire.CollateralAdmitted, command)


def value_collateral(state: State, place: Place, command: wire.ValueCollateral) -> Events:
    need_behaviour(state, COLLATERAL)
    last = 0
    for item in command.prices:
        terms = state.collateral.get(item.asset)
        if terms is None:
            raise Refused(Refusal.COLLATERAL_UNKNOWN, 0, item.asset)
        if command.day < terms.day:
            raise Refused(Refusal.DAY_NOT_AHEAD, terms.day, command.day)
        if not 0 <= item.price <= Bound.COLLATERAL_PRICE:
            raise Refused(Refusal.ROW_OUT_OF_BOUNDS, Bound.COLLATERAL_PRICE, item.price)
        if item.asset <= last:
            raise Refused(Refusal.PRICES_UNORDERED, last, item.asset)
        last = item.asset
    yield same(wire.CollateralValued, command)


# -- margin calls --------------------------------------------------------------------------------


def lacks(judgement: Judgement) -> int:
    """Cover an account lacks under the test that it fails by more; 0 when it is covered."""
    short = max(judgement.required - judgement.cover, judgement.needed - judgement.free, 0)
    return min(short, GREATEST)


def issue_call(state: State, place: Place, command: wire.IssueCall) -> Events:
    need_behaviour(state, COLLATERAL)
    account = state.accounts.get(command.account)
    if account is None:
        raise Refused(Refusal.ACCOUNT_UNKNOWN, 0, command.account)
    if not 1 <= command.timeout <= Bound.MONEY:
        raise Refused(Refusal.TIMEOUT_NEGATIVE, 1, command.timeout)
    standing = state.calls.get(command.account)
    if standing is not None:
        raise Refused(Refusal.CALL_STANDING, 0, standing.call)
    judgement = judge(state, account)
    if judgement.covered:
        raise Refused(Refusal.CALL_COVERED, judgement.required, judgement.cover)
    yield wire.MarginCalled(
        call=place.number,
        account=command.account,
        amount=lacks(judgement),
        required=min(judgement.required, GREATEST),
        due=place.time + command.timeout,
    )


def met(call: Call) -> wire.MarginCallMet:
    """The end of a call."""
    return wire.MarginCallMet(call=call.call, account=call.account)


def see_call(state: State, account: Account) -> Events:
    """Ends the account's call when it is covered again (CLR-046)."""
    call = state.calls.get(account.account)
    if call is not None and judge(state, account).covered:
        yield met(call)


def call_due(state: State, number: int) -> Events:
    """The time of an account's call is over: it is met, or late (CLR-046)."""
    call, judgement = state.calls[number], judge(state, state.accounts[number])
    if judgement.covered:
        yield met(call)
    else:
        yield wire.MarginCallLate(call=call.call, account=number, amount=lacks(judgement))


def publish_digest(state: State, place: Place, command: wire.PublishDigest) -> Events:
    need_behaviour(state, COLLATERAL)
    last = state.digests.get(command.publication)
    if last is not None and command.day <= last.day:
        raise Refused(Refusal.DAY_NOT_AHEAD, last.day, command.day)
    yield same(wire.DigestPublished, command)
