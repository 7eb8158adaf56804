"""What of a plan is held, by the fills of its account: which lots its designation is of, since
when, and what they have brought since beside what they hedge.

The hedge begins where lots are filled. Futures and swaps are measured from what was paid for them
to the last marks of the house; their hours by a hypothetical derivative of the same months from the
marks before the fill. Calls are designated by their intrinsic value, which their hours have as
well. The own bill is taken to move with the index by the ratio of the designation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import msgspec

from lasalle.hedging.books.designation import WHOLE, Designation, HedgingLeg
from lasalle.hedging.effectiveness import within_offset
from lasalle.hedging.plan.orders import OrderFile
from lasalle.hedging.plan.paid import Filled

Marks = Callable[[str], Mapping[date, float]]
"""Settlement prices of a month's future by day, dollars an hour."""
LEAST_MOVE = 0.02
"""Share of their price that hours have to move by before an offset says anything."""


class Timed(Filled, Protocol):
    """A fill that says when, nanoseconds UTC."""

    @property
    def time(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Bought:
    """Lots of a leg filled on a day (UTC) and still of the plan, at a mean price, dollars a unit;
    `time` of the last fill among them, nanoseconds UTC.
    """

    day: date
    lots: float
    price: float
    time: int


def bought_of(
    of: Designation, file: OrderFile, fills: Iterable[Timed]
) -> dict[str, tuple[Bought, ...]]:
    """Lots bought of each leg, by day, never more than planned; fills the oldest first. A sale
    takes its share of every day. What the account held when a plan from nothing was made is none of
    it.
    """
    found: dict[str, dict[date, Bought]] = {}
    since = {leg.symbol: _begins(leg, file) for leg in of.legs if leg.lots > 0}
    for one in fills:
        if one.busted or one.time < since.get(one.symbol, one.time + 1):
            continue
        days = found.setdefault(one.symbol, {})
        if one.side == "buy":
            day = datetime.fromtimestamp(one.time / 1e9, UTC).date()
            old = days.get(day, Bought(day, 0.0, 0.0, 0))
            lots = old.lots + one.lots
            price = (old.lots * old.price + one.lots * float(one.price)) / lots
            days[day] = Bought(day, lots, price, one.time)
        else:
            had = sum(b.lots for b in days.values())
            found[one.symbol] = _scaled(days, max(had - one.lots, 0.0) / had if had else 0.0)
    planned = {leg.symbol: leg.lots for leg in of.legs}
    kept = {}
    for symbol, days in found.items():
        had = sum(b.lots for b in days.values())
        kept[symbol] = tuple(_scaled(days, min(1.0, planned[symbol] / had)).values() if had else ())
    return {symbol: lots for symbol, lots in kept.items() if lots}


def _begins(leg: HedgingLeg, file: OrderFile) -> int:
    """From when on fills are of a leg: that of its orders where the account held lots before that
    the plan did not begin with; always, where it did.
    """
    ordered = {one.symbol: one.lots if one.side == "buy" else -one.lots for one in file.orders}
    began = file.held.get(leg.symbol, 0)
    counted = leg.symbol not in ordered or began + ordered[leg.symbol] == leg.lots
    return 0 if counted else file.reference_time


def _scaled(days: Mapping[date, Bought], share: float) -> dict[date, Bought]:
    return {day: Bought(day, b.lots * share, b.price, b.time) for day, b in days.items() if share}


def issued(of: Designation, lots: Mapping[str, int]) -> Designation:
    """A designation of the lots held of each leg: of a leg no more is designated than the plan
    said, and what is not held is not.
    """
    legs = []
    for leg in of.legs:
        held = min(lots.get(leg.symbol, 0), leg.lots) if leg.lots > 0 else 0
        if held:
            share = min(WHOLE, leg.lots * leg.designated // held)
            legs.append(msgspec.structs.replace(leg, lots=held, designated=share))
    by_month: dict[str, float] = {}
    for leg in legs:
        for month, hours in zip(leg.months, leg.hours, strict=True):
            by_month[month] = by_month.get(month, 0.0) + leg.lots * hours / of.ratio
    months = [msgspec.structs.replace(one, carried=by_month.get(one.month, 0.0))
              for one in of.months]  # fmt: skip
    return msgspec.structs.replace(
        of,
        legs=tuple(legs),
        months=tuple(months),
        carried_hours=sum(by_month.values()),
        designated_hours=sum(_hours(leg) for leg in legs) / of.ratio,
    )


def _hours(leg: HedgingLeg) -> float:
    """Designated hours of the index."""
    return leg.lots * leg.designated / WHOLE * sum(leg.hours)


class SinceInception(msgspec.Struct, frozen=True, kw_only=True):
    """Cumulative changes of the designated part, dollars, from `first`, the day of the first fill,
    to the marks of `until`.

    `hedge` is what futures and swaps brought, `item` what their hours cost more in the months they
    are designated to, `item_as_expected` in the months in which the plan expected the need;
    `offset` and `offset_as_expected` the hedge over each, none where the hours did not move;
    `moved` what the hours cost more as a share of their price at inception; `intrinsic` what calls
    gained of intrinsic value; `without_marks` are legs of which the house marks no future of some
    month, which are left out.
    """

    first: str
    until: str
    hedge: float
    item: float
    offset: float | None
    within_80_to_125: bool | None
    item_as_expected: float
    offset_as_expected: float | None
    moved: float
    intrinsic: float
    without_marks: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether the hours have moved enough for a ratio of changes to mean anything."""
        return abs(self.moved) >= LEAST_MOVE


@dataclass(frozen=True, slots=True)
class _Tranche:
    """A designated part of a leg bought on a day: hours of the index by month, price paid."""

    leg: HedgingLeg
    share: float
    bought: Bought

    def hours(self) -> dict[str, float]:
        lots = self.bought.lots * self.share
        return {m: lots * h for m, h in zip(self.leg.months, self.leg.hours, strict=True)}


def since_inception(
    of: Designation, bought: Mapping[str, tuple[Bought, ...]], marks: Marks
) -> SinceInception | None:
    """Dollar offset of what is held of a designation; none before the first settlement after a
    fill, or where nothing of it is designated.
    """
    parts = [part for leg in of.legs for part in _tranches(leg, bought.get(leg.symbol, ()))]
    if not parts:
        return None
    family = parts[0].leg.symbol.partition("-")[0]
    wanted = {month for part in parts for month in part.leg.months}
    wanted |= {one.month for one in of.months if one.expected > 0}
    told = {month: dict(sorted(marks(f"{family}-{month}").items())) for month in sorted(wanted)}
    told = {month: prices for month, prices in told.items() if prices}
    first = min(part.bought.day for part in parts)
    until = max((max(prices) for prices in told.values()), default=date.min)
    if until < first:
        return None
    now = {month: prices[max(prices)] for month, prices in told.items()}
    known = [part for part in parts if all(month in now for month in part.leg.months)]
    fixed = [part for part in known if part.leg.kind != "call"]
    calls = [part for part in known if part.leg.kind == "call"]
    then = [(p, {m: _before(told[m], p.bought.day) for m in told}) for p in fixed]
    hedge = sum(h * (now[m] - p.bought.price) for p in fixed for m, h in p.hours().items())
    item = sum(h * (now[m] - at[m]) for p, at in then for m, h in p.hours().items())
    worth = sum(h * at[m] for p, at in then for m, h in p.hours().items())
    expected = _as_expected(of, then, calls, now)
    offset = hedge / item if item else None
    return SinceInception(
        first=first.isoformat(),
        until=until.isoformat(),
        hedge=hedge,
        item=item,
        offset=offset,
        within_80_to_125=None if offset is None else within_offset(offset),
        item_as_expected=expected,
        offset_as_expected=hedge / expected if expected else None,
        moved=item / worth if worth else 0.0,
        intrinsic=sum(_intrinsic(part, told, now) for part in calls),
        without_marks=tuple(sorted({part.leg.symbol for part in parts if part not in known})),
    )


def _tranches(leg: HedgingLeg, bought: tuple[Bought, ...]) -> list[_Tranche]:
    lots = sum(one.lots for one in bought)
    if not lots or not leg.designated:
        return []
    share = min(1.0, leg.lots * leg.designated / WHOLE / lots)
    return [_Tranche(leg, share, one) for one in bought]


def _before(prices: Mapping[date, float], day: date) -> float:
    """The last mark before a day, which stood when it was traded on; the first where none did."""
    seen = [price for at, price in prices.items() if at < day]
    return seen[-1] if seen else next(iter(prices.values()))


def _intrinsic(
    part: _Tranche, told: Mapping[str, Mapping[date, float]], now: Mapping[str, float]
) -> float:
    """What a call gained of intrinsic value."""
    strike, day = part.leg.strike, part.bought.day
    return sum(
        hours * (max(now[m] - strike, 0.0) - max(_before(told[m], day) - strike, 0.0))
        for m, hours in part.hours().items()
    )


def _as_expected(
    of: Designation,
    then: Sequence[tuple[_Tranche, Mapping[str, float]]],
    calls: Iterable[_Tranche],
    now: Mapping[str, float],
) -> float:
    """What the hours of futures and swaps cost more, put where the plan expected the need beside
    what calls cap there; each tranche from its own marks.
    """
    capped: dict[str, float] = {}
    for part in calls:
        for month, hours in part.hours().items():
            capped[month] = capped.get(month, 0.0) + hours
    need = {one.month: one.expected for one in of.months if one.month in now}
    sizes = [sum(part.hours().values()) for part, _ in then]
    total, whole = sum(sizes) + sum(capped.values()), sum(need.values())
    left = {m: max(total * e / whole - capped.get(m, 0.0), 0.0) for m, e in need.items() if whole}
    scale = sum(left.values())
    return sum(
        size * hours / scale * (now[m] - at[m])
        for size, (_, at) in zip(sizes, then, strict=True)
        for m, hours in left.items()
        if scale
    )


def offset_words(found: SinceInception | None) -> list[str]:
    """The dollar offset as lines."""
    if found is None:
        return ["dollar offset since inception: none yet; it wants a settlement after a fill"]
    lines = [
        f"dollar offset since {found.first}, to the marks of {found.until}, of the designated part,"
        " USD",
        f"  futures and swaps brought        {found.hedge:16,.0f}",
        f"  their hours cost more            {found.item:16,.0f}  by the index, in the months they"
        " are designated to",
    ]
    if found.offset is not None and found.says_something:
        inside = "within" if found.within_80_to_125 else "NOT WITHIN"
        lines.append(f"  offset {found.offset:.1%}, {inside} 80 to 125 %")
    elif found.item or found.hedge:
        lines.append(
            f"  the hours moved by {found.moved:.2%} of their price: a ratio of so little says"
            " nothing yet"
        )
    if found.offset_as_expected is not None and found.says_something:
        lines.append(
            f"  hours where the plan expected them would have cost {found.item_as_expected:,.0f}"
            f" more: {found.offset_as_expected:.1%}"
        )
    lines.append(
        f"  calls gained                     {found.intrinsic:16,.0f}  of intrinsic value; their"
        " hours are capped at the same strikes"
    )
    lines += [f"  left out, for want of marks: {symbol}" for symbol in found.without_marks]
    return lines
