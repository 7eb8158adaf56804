"""What a plan is designated to for hedge accounting, and what of it stands outside, for own use.

A cash-flow hedge covers forecast hours that are highly probable: those needed in nine of ten
scenarios at least, over the window of the start. What the legs carry beyond them is not designated,
and its gains and losses go to profit or loss.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from lasalle.hedging.plan.instruments import CASH, DELIVERED, Instrument, Kind
from lasalle.hedging.plan.planning import Plan

PROBABLE = 0.90
"""Share of the scenarios in which hours are needed that count as highly probable."""
WHOLE = 10_000
"""A designation is told in ten-thousandths of a leg."""


class HedgingLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A listed leg: lots held with the plan done, hours of a lot by month, strike in USD an hour,
    ten-thousandths of it that are designated.
    """

    symbol: str
    kind: str
    lots: int
    months: tuple[str, ...]
    hours: tuple[float, ...]
    strike: float
    designated: int


class OwnUse(msgspec.Struct, frozen=True, kw_only=True):
    """Hours agreed for delivery: whether they pass for own use under IFRS 9 2.4, and for normal
    purchases under ASC 815-10-15-22, on the face of the plan, and why.
    """

    name: str
    kind: str
    accelerators: int
    months: tuple[str, ...]
    hours: float
    expected_hours: float
    own_use: bool
    normal_purchase: bool
    reason: str


class MonthOfNeed(msgspec.Struct, frozen=True, kw_only=True):
    """Hours expected in a month, in how many of the scenarios there are any, and the hours of the
    own bill that the legs carry there.
    """

    month: str
    expected: float
    share: float
    carried: float


class Designation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A hedge designated at its inception. Hours are accelerator-hours; offsets are shares, over
    the scenarios in which hours become dearer and cheaper.
    """

    need: str
    grade: str
    location: str
    day: str
    first_start: str
    last_start: str
    run_days: int
    ratio: float
    expected_hours: float
    probable_hours: float
    carried_hours: float
    designated_hours: float
    months: tuple[MonthOfNeed, ...]
    legs: tuple[HedgingLeg, ...]
    own_use: tuple[OwnUse, ...]
    slope: float | None
    slope_error: float | None
    r_squared: float | None
    observations: int
    highly_effective: bool | None
    sources: tuple[str, ...]
    causes: dict[str, float]
    unserved: float = 0.0
    offset_dearer: float | None = None
    offset_cheaper: float | None = None
    offset_within: float | None = None


def designated(plan: Plan) -> Designation:
    """The designation of a plan, with its position as it is when all orders are filled."""
    need, factors = plan.need, plan.drawn.factors
    needed = factors.needed(plan.drawn.terms)
    months = [str(month) for month in factors.months]
    total = needed.sum(axis=1)
    probable = float(np.quantile(total, 1 - PROBABLE))
    held = [(o, int(n)) for o, n in zip(plan.instruments, plan.hedge.lots, strict=True) if n]
    cash = [(one, lots) for one, lots in held if one.kind in CASH]
    taken = [(one, lots) for one, lots in held if one.kind in DELIVERED]
    ratio = need.bill.hedge_ratio
    carried = sum(lots * one.lot_hours for one, lots in cash if lots > 0) / ratio
    delivered = sum(lots * one.lot_hours for one, lots in taken)
    left = max(0.0, probable - delivered)
    share = min(1.0, left / carried) if carried > 0 else 0.0
    found = plan.effectiveness
    return Designation(
        need=need.name,
        grade=need.grade,
        location=need.location,
        day=plan.market.day.isoformat(),
        first_start=need.first_start.isoformat(),
        last_start=need.last_start.isoformat(),
        run_days=need.start.run_days,
        ratio=ratio,
        expected_hours=float(total.mean()),
        probable_hours=probable,
        carried_hours=carried,
        designated_hours=share * carried,
        months=tuple(
            MonthOfNeed(
                month=month,
                expected=float(needed[:, n].mean()),
                share=float((needed[:, n] > 0).mean()),
                carried=sum(n_lots * float(one.hours[n]) for one, n_lots in cash) / ratio,
            )
            for n, month in enumerate(months)
            if np.any(needed[:, n] > 0) or any(one.hours[n] for one, _ in cash)
        ),
        legs=tuple(_leg(one, lots, months, share) for one, lots in cash),
        own_use=tuple(_own_use(one, lots, months, needed.mean(axis=0)) for one, lots in taken),
        slope=found.slope if found else None,
        slope_error=found.slope_error if found else None,
        r_squared=found.r_squared if found else None,
        observations=found.observations if found else 0,
        highly_effective=found.highly_effective if found else None,
        sources=plan.market.said,
        causes={cause.value: amount for cause, amount in plan.causes_hedged.items()},
        unserved=plan.hedged.unserved,
        offset_dearer=plan.offset.dearer if plan.offset else None,
        offset_cheaper=plan.offset.cheaper if plan.offset else None,
        offset_within=plan.offset.within if plan.offset else None,
    )


def _leg(one: Instrument, lots: int, months: list[str], share: float) -> HedgingLeg:
    which = [n for n, hours in enumerate(one.hours) if hours]
    return HedgingLeg(
        symbol=one.symbol,
        kind=one.kind.value,
        lots=lots,
        months=tuple(months[n] for n in which),
        hours=tuple(float(one.hours[n]) for n in which),
        strike=one.strike,
        # A leg sold hedges no purchase.
        designated=int(share * WHOLE) if lots > 0 else 0,
    )


def _own_use(one: Instrument, lots: int, months: list[str], expected: Any) -> OwnUse:
    which = [n for n, hours in enumerate(one.hours) if hours]
    hours, used = lots * one.lot_hours, float(sum(expected[n] for n in which))
    right = one.kind is Kind.CAPACITY
    within = hours <= used
    said = (
        f"{hours:,.0f} hours are taken by delivery to this entity; in these months it expects to"
        f" use {used:,.0f}: "
    )
    said += (
        "they lie within the expected use, and no practice of settling net is known to the plan"
        if within
        else "MORE THAN IT EXPECTS TO USE, and what is not used would be resold, so that the hours"
        " beyond the expected use are not held for own use; document why the purchase is, or"
        " account for the contract at fair value (IFRS 9 2.6)"
    )
    if right:
        said += (
            ". It is a right bought, not a forward: under ASC 815-10-15-40 and following an option"
            " that delivers only when it is exercised is no normal purchase"
        )
    return OwnUse(
        name=one.symbol,
        kind=one.kind.value,
        accelerators=lots,
        months=tuple(months[n] for n in which),
        hours=hours,
        expected_hours=used,
        own_use=within,
        normal_purchase=within and not right,
        reason=said,
    )
