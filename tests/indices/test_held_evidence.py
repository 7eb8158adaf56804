"""Evidence out of line changes no final fixing beyond a quarter of a per cent, or there is no fix.

Two worlds: nine offers of three sources that re-price now and then, looked at once a date; and the
same looked at every half hour. Each fault is put on one source.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from lasalle.indices.chain import Status
from lasalle.indices.evidence import Evidence
from tests.indices.offers import DAY, FIRST, lived, seen

TOLERANCE = 0.0025
DATES = range(1, 41)
FAULTY = range(18, 21)
"""Days of the fault."""
SOURCES = ("gcp-history", "aws-panel", "azure-retail")
START = seen(1, "x", 1.0, hour=0).time


def world(hours: tuple[float, ...]) -> list[Evidence]:
    """Prices around 3 USD; each offer re-prices by up to 4 % on a tenth of the dates, never in the
    days of the fault, so that what the fault moves is seen alone.
    """
    rng = random.Random(11)
    rows = []
    for n in range(9):
        usd = 2.7 + 0.07 * n
        for day in DATES:
            if rng.random() < 0.1 and day not in FAULTY:
                usd *= 1 + rng.uniform(-0.04, 0.04)
            rows += [seen(day, f"o{n}", usd, source=SOURCES[n % 3], hour=h) for h in hours]
    return rows


DAILY = world((12.0,))
HALF_HOURLY = world(tuple(h / 2 for h in range(48)))


def day(row: Evidence) -> int:
    return (row.time - START) // DAY + 1


def of(row: Evidence) -> bool:
    return row.source == "aws-panel" and day(row) in FAULTY


def silent(rows: list[Evidence]) -> list[Evidence]:
    return [r for r in rows if not of(r)]


def in_cents(rows: list[Evidence]) -> list[Evidence]:
    return [replace(r, price=r.price * 100) if of(r) else r for r in rows]


def for_good_in_cents(rows: list[Evidence]) -> list[Evidence]:
    return [
        replace(r, price=r.price * 100) if r.source == "aws-panel" and day(r) >= 18 else r
        for r in rows
    ]


def duplicated(rows: list[Evidence]) -> list[Evidence]:
    twice = [replace(r, reference=f"{r.reference}-again") for r in rows if of(r)]
    clones = [replace(r, offer=f"{r.offer}-{n}") for n in range(20) for r in rows if of(r)]
    return rows + twice + clones


def an_hour_late(rows: list[Evidence]) -> list[Evidence]:
    return [replace(r, time=r.time + DAY // 24) if of(r) else r for r in rows]


def an_hour_early(rows: list[Evidence]) -> list[Evidence]:
    return [replace(r, time=r.time - DAY // 24) if of(r) else r for r in rows]


def flash(rows: list[Evidence]) -> list[Evidence]:
    """One quote of a hundred times the price, on one day."""
    first = next(r for r in rows if of(r))
    return [replace(r, price=r.price * 100) if r is first else r for r in rows]


def flash_of_all(rows: list[Evidence]) -> list[Evidence]:
    """Every quote of a source on one day, at 1.6 times: within the scale, out of line."""
    return [replace(r, price=r.price * 8 // 5) if of(r) and day(r) == 19 else r for r in rows]


FAULTS: list[Callable[[list[Evidence]], list[Evidence]]] = [
    silent, in_cents, for_good_in_cents, duplicated, an_hour_late, an_hour_early, flash,
    flash_of_all,
]  # fmt: skip


@pytest.mark.rule("IDX-009")
@pytest.mark.parametrize("rows", [DAILY, HALF_HOURLY], ids=["daily", "half-hourly"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_a_fault_changes_no_fixing_beyond_the_tolerance(
    fault: Callable[[list[Evidence]], list[Evidence]], rows: list[Evidence]
) -> None:
    bent = fault(rows)
    assert bent != rows, "the fault touched something"
    sound = lived(rows, last=len(DATES))
    faulty = lived(bent, last=len(DATES))
    assert len(sound) == len(faulty) == len(DATES)
    assert len({s.fixing.price for s in sound}) > 10, "the world moves"
    compared = 0
    until = 40 if fault is not for_good_in_cents else 20
    for a, b in list(zip(sound, faulty, strict=True))[:until]:
        if b.fixing.status is Status.NO_FIX:
            assert b.fixing.reason
            continue
        assert b.fixing.status is Status.FIXED
        assert abs(b.fixing.price / a.fixing.price - 1) <= TOLERANCE, (b.fixing, a.fixing)
        compared += 1
    assert compared >= 20


@pytest.mark.rule("IDX-009")
def test_a_plain_mean_is_moved_where_the_chain_is_not() -> None:
    """The same faults move the mean of the sheet by far more than the tolerance."""
    moved = {}
    for fault in (in_cents, flash, flash_of_all):
        sheets = {}
        for name, rows in (("sound", DAILY), ("bent", fault(DAILY))):
            prices = [r.price for r in rows if day(r) == 19 or (fault is flash and day(r) == 18)]
            sheets[name] = sum(prices) / len(prices)
        moved[fault.__name__] = sheets["bent"] / sheets["sound"] - 1
    assert min(moved.values()) > 0.15, moved


def test_the_world_begins_where_it_says() -> None:
    assert FIRST.isoformat() == "2026-01-01"
    assert day(DAILY[0]) == 1
