"""A hedge from its fills on: which lots it is of, since when, the dollar offset since, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from lasalle.client.shapes import Fill
from lasalle.hedging.books.designation import Designation, HedgingLeg, MonthOfNeed
from lasalle.hedging.books.inception import (
    SinceInception,
    bought_of,
    issued,
    offset_words,
    since_inception,
)
from lasalle.hedging.plan.orders import OrderFile, PlannedOrder

FUTURE, SWAP, CALL = "H100-2027-11", "H100-2027-11_2027-12", "H100-2027-11-C-2.000"
FIRST, SECOND = date(2026, 11, 3), date(2026, 11, 4)


def leg(symbol: str, kind: str, lots: int, hours: Mapping[str, float], **more: Any) -> HedgingLeg:
    """A leg of these lots."""
    words = {"strike": 0.0, "designated": 10_000, **more}
    return HedgingLeg(
        symbol=symbol, kind=kind, lots=lots, months=tuple(hours), hours=tuple(hours.values()),
        **words,
    )  # fmt: skip


def designation(
    *legs: HedgingLeg, expected: Mapping[str, float], ratio: float = 1.0
) -> Designation:
    """A designation of legs, the need expected by month."""
    months = [MonthOfNeed(month=month, expected=hours, share=1.0, carried=0.0)
              for month, hours in expected.items()]  # fmt: skip
    bare: dict[str, Any] = {
        **dict.fromkeys(("need", "grade", "location", "day", "first_start", "last_start"), "x"),
        **dict.fromkeys(("expected_hours", "probable_hours"), sum(expected.values())),
        **dict.fromkeys(("carried_hours", "designated_hours"), 0.0),
        **dict.fromkeys(("slope", "slope_error", "r_squared", "highly_effective")),
        "ratio": ratio, "run_days": 30, "observations": 0, "own_use": (), "sources": (),
        "causes": {}, "months": months, "legs": legs,
    }  # fmt: skip
    return msgspec.convert(bare, Designation)


def at(day: date, hour: int = 12) -> int:
    """Nanoseconds of an hour."""
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()) * 10**9


def fill(day: date, lots: int, price: str, symbol: str = FUTURE, **more: Any) -> Fill:
    """A fill at noon."""
    words = {"side": "buy", "busted": False, **more}
    return Fill(
        trade=1, time=at(day), symbol=symbol, order=1, role="taker", price_ticks=1, price=price,
        lots=lots, fee="0", clearing_fee="0", **words,
    )  # fmt: skip


def orders(held: int = 0, lots: int = 100) -> OrderFile:
    """One order, written on the morning of the first day."""
    one = PlannedOrder(symbol=FUTURE, side="buy", lots=lots, limit_price=2_000_000, shown=lots)
    return OrderFile(
        need="x", day="2026-11-02", house="ab", account=2, reference_time=at(FIRST, 8),
        orders=(one,), held={FUTURE: held} if held else {},
    )  # fmt: skip


def test_lots_are_those_filled_by_day_and_never_more_than_planned() -> None:
    """A bust is none, a sale takes its share of every day, more than planned is cut; lots held
    before a plan from nothing are none of it, those a rebalance began with are.
    """
    of = designation(leg(FUTURE, "future", 100, {"2027-11": 720.0}), expected={"2027-11": 72_000.0})
    fills = [
        fill(FIRST, 30, "1.80"), fill(FIRST, 30, "2.00"), fill(FIRST, 9, "9.0", busted=True),
        fill(SECOND, 60, "2.10"), fill(SECOND, 40, "2.20", side="sell"),
        fill(SECOND, 5, "2.20", symbol="H100-2027-12"),
    ]  # fmt: skip
    found = bought_of(of, orders(), fills)
    assert list(found) == [FUTURE]
    told = [(one.day, one.lots, one.price, one.time) for one in found[FUTURE]]
    assert told == [
        (FIRST, pytest.approx(40), pytest.approx(1.90), at(FIRST)),
        (SECOND, pytest.approx(40), pytest.approx(2.10), at(SECOND)),
    ]
    over = bought_of(of, orders(), [*fills, fill(SECOND, 120, "2.10")])
    assert sum(one.lots for one in over[FUTURE]) == pytest.approx(100)
    before = fill(date(2026, 10, 1), 60, "1.00")
    beside = bought_of(of, orders(held=60), [before, *fills])
    assert sum(one.lots for one in beside[FUTURE]) == pytest.approx(80)
    again = bought_of(of, orders(held=60, lots=40), [before, fill(FIRST, 40, "2.0")])
    assert [(one.day, one.lots) for one in again[FUTURE]] == [(before_day(), 60), (FIRST, 40)]
    assert bought_of(of, orders(), []) == {}


def before_day() -> date:
    """The day of the lots a rebalance began with."""
    return date(2026, 10, 1)


def test_no_more_is_designated_of_a_leg_than_planned_and_nothing_that_is_not_held() -> None:
    """Half of 100 lots planned designated are all of 40 held and five sixths of 60; hours and
    months are those of what is held.
    """
    of = designation(
        leg(FUTURE, "future", 100, {"2027-11": 720.0}, designated=5_000),
        leg(CALL, "call", 50, {"2027-11": 720.0}, strike=2.0),
        expected={"2027-11": 72_000.0, "2027-12": 10.0},
        ratio=1.25,
    )
    few, more = (issued(of, {FUTURE: lots}) for lots in (40, 60))
    assert [(one.symbol, one.lots, one.designated) for one in few.legs] == [(FUTURE, 40, 10_000)]
    assert [(one.lots, one.designated) for one in more.legs] == [(60, 8_333)]
    assert few.carried_hours == few.designated_hours == pytest.approx(40 * 720 / 1.25)
    assert more.designated_hours == pytest.approx(50 * 720 / 1.25, rel=1e-3)
    assert [one.carried for one in few.months] == [pytest.approx(40 * 720 / 1.25), 0.0]
    assert issued(of, {}).legs == ()


def test_the_dollar_offset_since_inception_by_hand() -> None:
    """From what was paid to the last marks, on hours from the marks before each fill; where the
    need was expected in other months the offset is another; a call by its intrinsic value.
    """
    of = designation(
        leg(FUTURE, "future", 100, {"2027-11": 720.0}, designated=5_000),
        leg(SWAP, "swap", 10, {"2027-11": 720.0, "2027-12": 744.0}),
        leg(CALL, "call", 10, {"2027-11": 720.0}, strike=2.0),
        expected={"2027-11": 30_000.0, "2027-12": 30_000.0},
    )
    days = [date(2026, 11, 2), FIRST, SECOND]
    marks = {
        "H100-2027-11": dict(zip(days, (1.88, 1.95, 2.10), strict=True)),
        "H100-2027-12": dict(zip(days, (1.90, 1.90, 1.95), strict=True)),
    }
    fills = [
        fill(FIRST, 60, "1.90"), fill(SECOND, 40, "1.96"), fill(SECOND, 10, "1.93", symbol=SWAP),
        fill(FIRST, 10, "0.30", symbol=CALL),
    ]  # fmt: skip
    bought = bought_of(of, orders(), fills)
    found = since_inception(of, bought, lambda symbol: marks[symbol])
    assert found is not None
    assert (found.first, found.until) == ("2026-11-03", "2026-11-04")
    future = 0.5 * 720 * (60 * (2.10 - 1.90) + 40 * (2.10 - 1.96))
    swap = 10 * (720 * (2.10 - 1.93) + 744 * (1.95 - 1.93))
    assert found.hedge == pytest.approx(future + swap)
    hours = 0.5 * 720 * (60 * (2.10 - 1.88) + 40 * (2.10 - 1.95))
    hours += 10 * (720 * (2.10 - 1.95) + 744 * (1.95 - 1.90))
    assert found.item == pytest.approx(hours)
    assert found.offset == pytest.approx((future + swap) / hours)
    assert found.within_80_to_125
    assert found.intrinsic == pytest.approx(10 * 720 * 0.10)
    # Half of every hour in each month, beside the 7,200 that the call caps in November.
    first, rest = 0.5 * 720 * 60, 0.5 * 720 * 40 + 10 * (720 + 744)
    november = (first + rest + 7_200) / 2 - 7_200
    share = november / (first + rest)
    moved = [share * (2.10 - a) + (1 - share) * (1.95 - b) for a, b in ((1.88, 1.90), (1.95, 1.90))]
    assert found.item_as_expected == pytest.approx(first * moved[0] + rest * moved[1])
    text = "\n".join(offset_words(found))
    assert f"offset {found.offset:.1%}, within 80 to 125 %" in text
    assert f"{found.item_as_expected:,.0f} more: {found.offset_as_expected:.1%}" in text
    short = since_inception(of, bought, lambda symbol: marks[symbol] if "-11" in symbol else {})
    assert short is not None
    assert short.without_marks == (SWAP,)
    assert short.hedge == pytest.approx(future)
    assert f"left out, for want of marks: {SWAP}" in "\n".join(offset_words(short))


def since(marks: Mapping[date, float], **more: Any) -> SinceInception | None:
    """One lot bought on the first day at 1.90."""
    hours = {"2027-11": 720.0}
    of = designation(leg(FUTURE, "future", 1, hours, **more), expected=hours)
    return since_inception(of, bought_of(of, orders(), [fill(FIRST, 1, "1.90")]), lambda _: marks)


def test_there_is_no_offset_before_a_settlement_nor_a_ratio_of_nothing() -> None:
    """The marks of the evening before are none since; hours that hardly moved give no verdict; a
    house of one day measures from its first mark; what is not designated has no offset.
    """
    evening = {date(2026, 11, 2): 1.88}
    assert since(evening) is None
    assert since({}) is None
    assert since({**evening, FIRST: 2.5}, designated=0) is None
    assert "none yet" in offset_words(None)[0]
    calm = since({**evening, FIRST: 1.89})
    assert calm is not None
    assert not calm.says_something
    assert "a ratio of so little says nothing yet" in "\n".join(offset_words(calm))
    still = since({FIRST: 1.90})
    assert still is not None
    assert (still.offset, still.within_80_to_125, still.moved) == (None, None, 0.0)
    far = since({**evening, FIRST: 1.70})
    assert far is not None
    assert far.offset == pytest.approx(0.20 / 0.18)
    wide = since({date(2026, 11, 2): 1.80, FIRST: 2.00})
    assert wide is not None
    assert "offset 50.0%, NOT WITHIN" in "\n".join(offset_words(wide))
