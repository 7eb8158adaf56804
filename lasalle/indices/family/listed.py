"""The family as it is listed: every derived index of a date, from fixings and evidence."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as arrow

from lasalle.indices.chain import ChainFixing, Status
from lasalle.indices.family.availability import availability, lead_time
from lasalle.indices.family.compute_per_token import compute_per_token
from lasalle.indices.family.derived import OBSERVED, Derived, Truth
from lasalle.indices.family.differentials import Leg, difference, ratio
from lasalle.indices.family.implied import MonthQuotes, implied_volatility
from lasalle.indices.family.realised import WINDOW_DAYS, realised_volatility

Fixings = Mapping[str, Mapping[int, Leg]]
"""Fixings by index and day, YYYYMMDD."""


@cache
def family_table() -> dict[str, Any]:
    """The published table `table/family.toml`."""
    path = resources.files("lasalle.indices") / "table" / "family.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def indices_read() -> frozenset[str]:
    """Every fixed index some derived index is made of."""
    table = family_table()
    legs = {name for pair in table["differences"].values() for name in pair}
    kinds = ("realised", "implied", "grades")
    return frozenset(legs.union(*(table[kind].values() for kind in kinds)))


def kept_of(kept: Container[str], *, evidence: bool = True) -> frozenset[str]:
    """Derived indices of a house that keeps some fixed ones: a difference needs both of its legs, a
    volatility its own index, compute one grade at least. evidence: whether anything is looked at
    that says what was to be had.
    """
    table = family_table()
    found = {n for n, legs in table["differences"].items() if all(leg in kept for leg in legs)}
    found |= {f"{name}-RATIO" for name in found}
    found |= {n for kind in ("realised", "implied") for n, of in table[kind].items() if of in kept}
    if any(index in kept for index in table["grades"].values()):
        found |= set(table["compute"])
    if evidence:
        found |= {f"{name}{more}" for name in table["availability"] for more in ("", "-LEAD")}
    return frozenset(found)


def derived_names() -> frozenset[str]:
    """Every derived index that is published."""
    table = family_table()
    named = {name for kind in ("realised", "implied", "compute") for name in table[kind]}
    named |= {f"{name}{more}" for name in table["differences"] for more in ("", "-RATIO")}
    return frozenset(named | {f"{n}{m}" for n in table["availability"] for m in ("", "-LEAD")})


def leg_of(fixing: ChainFixing) -> Leg:
    """A fixing of a chain as a derived index reads it."""
    carried = fixing.status is Status.FIXED and "carried" in fixing.marks
    status = "carried" if carried else str(fixing.status)
    return Leg(fixing.index, fixing.price, status, fixing.simulated)


def _leg(fixings: Fixings, index: str, day: int) -> Leg:
    found = fixings.get(index, {}).get(day)
    return found if found is not None else Leg(index, 0, "no-fix")


def differentials_of(day: int, fixings: Fixings) -> Iterator[Derived]:
    """Differences and ratios of a date."""
    for index, (long, short) in family_table()["differences"].items():
        legs = _leg(fixings, long, day), _leg(fixings, short, day)
        yield difference(index, day, *legs)
        yield ratio(f"{index}-RATIO", day, *legs)


def compute_of(
    day: int, fixings: Fixings, kept: Container[str] | None = None
) -> Iterator[Derived]:
    """The cheapest compute of each token class on a date, over the grades that are kept."""
    table = family_table()
    legs = [
        (grade, _leg(fixings, index, day))
        for grade, index in table["grades"].items()
        if kept is None or index in kept
    ]
    for index, token_class in table["compute"].items():
        yield compute_per_token(index, day, token_class, legs)


def realised_of(last: date, fixings: Fixings) -> Iterator[Derived]:
    """Realised volatility of a date; a date the index has nothing on is a date without a fixing."""
    days = [int((last - timedelta(days=n)).strftime("%Y%m%d")) for n in range(2 * WINDOW_DAYS)][
        ::-1
    ]
    for index, of in family_table()["realised"].items():
        legs = [(day, _leg(fixings, of, day)) for day in days]
        made_up = {day for day, leg in legs if leg.simulated}
        rows = [(day, leg.price, leg.status) for day, leg in legs]
        yield realised_volatility(index, rows, made_up=made_up)


def availability_of(day: date, evidence: arrow.Table) -> Iterator[Derived]:
    """Availability and lead time of a date."""
    for index, (grade, place, tenor, accelerators) in family_table()["availability"].items():
        location = None if place == "*" else place
        asked = (grade, accelerators, location, tenor)
        yield availability(index, evidence, day, *asked)
        yield lead_time(f"{index}-LEAD", evidence, day, *asked)


def implied_of(
    last: date,
    options: Mapping[str, Sequence[MonthQuotes]],
    fixings: Fixings,
    quoted: Truth = OBSERVED,
) -> Iterator[Derived]:
    """Implied volatility of a date, from option quotes by contract family, and what these are.
    Made-up fixings of the date, or of its month so far, make it simulated all the same."""
    day = int(f"{last:%Y%m%d}")
    for index, family in family_table()["implied"].items():
        month = range(day // 100 * 100 + 1, day + 1)
        made_up = any(leg.simulated for n, leg in fixings.get(family, {}).items() if n in month)
        months = options.get(family, ())
        truth = Truth(quoted.simulated or made_up, quoted.modelled) if months else OBSERVED
        yield implied_volatility(index, day, months, truth)


def family_of(
    day: date,
    fixings: Fixings,
    evidence: arrow.Table,
    options: Mapping[str, Sequence[MonthQuotes]] | None = None,
    kept: Container[str] | None = None,
    *,
    asked: bool = True,
    quoted: Truth = OBSERVED,
) -> tuple[Derived, ...]:
    """Every derived index of a date. What has no value says why; none is left out.

    kept: fixed indices of a house, where it does not keep them all: what is made of others is not
    its, and is left out (IDX-020). asked: whether anything tells it what was to be had. quoted:
    what the quotes of options are: a model's, where a demonstration's maker makes them.
    """
    number = int(day.strftime("%Y%m%d"))
    names = derived_names() if kept is None else kept_of(kept, evidence=asked)
    legs = names & set(family_table()["compute"])
    found: Iterable[Derived] = (
        *differentials_of(number, fixings),
        *realised_of(day, fixings),
        *implied_of(day, options or {}, fixings, quoted),
        *(compute_of(number, fixings, kept) if legs else ()),
        *availability_of(day, evidence),
    )
    return tuple(one for one in found if one.index in names)
