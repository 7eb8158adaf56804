"""Availability: the share of requests for N accelerators that could be filled at the posted price.

A *request* is made at each instant a source was looked at, to each offer of the grade, place and
tenor that the source has shown in the seven days before: an offer that was there and is gone is one
that cannot be had. It is *filled* when the offer is executable at that instant and its size is at
least N. A price of a list says nothing of what is to be had and is no part of it; neither is the
price itself. Each source weighs the same, however many offers and instants it has.

The *lead time* asks the market and not one offer: on each date of a window, how many dates until
one on which any offer fills N, nil where that very date does. Requests still waiting when the
window ends are counted at the dates they have waited and marked, so that a famine does not look
short.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from lasalle.indices.evidence import PriceType
from lasalle.indices.family.derived import (
    Derived,
    DerivedError,
    Outcome,
    Truth,
    derive,
    fields,
    half_even,
    publish,
    whole,
)

DAY = 86_400 * 1_000_000_000
SEEN_DAYS = 7
LEAD_WINDOW_DAYS = 30
TEN_THOUSAND = 10_000


def _share(lines: Sequence[str]) -> Outcome:
    wanted = whole(lines[0], "accelerators", 1) if lines else 0
    asked: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines[1:]:
        source, time, offer, size = fields(line, "source|time|offer|size")
        whole(time, "time", 1)
        if not source or not offer:
            raise DerivedError("source, offer", "names", line)
        counts = asked[source]
        counts[0] += 1
        counts[1] += whole(size, "size", 0) >= wanted
    if not asked:
        return Outcome(reason="no source was looked at")
    # The mean of shares of equal weight over a common denominator: rounded once.
    top, bottom = 0, 1
    for requests, filled in asked.values():
        top, bottom = top * requests + filled * bottom, bottom * requests
    value = half_even(top * TEN_THOUSAND, bottom * len(asked))
    told = (f"{source} {filled} of {n}" for source, (n, filled) in sorted(asked.items()))
    return Outcome(value, detail="; ".join(told))


AVAILABILITY = publish("availability", 1, "hundredths of a per cent of requests")(_share)


def _lead(lines: Sequence[str]) -> Outcome:
    days: list[tuple[int, bool]] = []
    for line in lines:
        day, filled = fields(line, "day|filled")
        if filled not in ("0", "1"):
            raise DerivedError("filled", "0 or 1", filled)
        days.append((whole(day, "day", 1), filled == "1"))
    if any(b[0] <= a[0] for a, b in pairwise(days)):
        raise DerivedError("days", "ascending, each once", len(days))
    if not days:
        return Outcome(reason="no date was looked at")
    waits: list[int] = []
    still, opens = 0, None
    last = _ordinal(days[-1][0])
    for day_number, had in reversed(days):
        ordinal = _ordinal(day_number)
        opens = ordinal if had else opens
        still += opens is None
        waits.append((last - ordinal + 1) if opens is None else (opens - ordinal))
    value = half_even(sum(waits) * 100, len(waits))
    return Outcome(value, detail=f"{still} of {len(waits)} still waiting" if still else "")


LEAD_TIME = publish("lead-time", 1, "hundredths of a date, mean of the window")(_lead)


def _ordinal(day: int) -> int:
    try:
        return date(day // 10_000, day // 100 % 100, day % 100).toordinal()
    except (ValueError, OverflowError) as error:
        raise DerivedError("day", "YYYYMMDD", day) from error


def _market(table: arrow.Table, grade: str, location: str | None, tenor_days: int) -> arrow.Table:
    """Rows that say what was to be had of a grade: executable ones and shortages. None as the
    location takes every place.
    """
    kinds = arrow.array([PriceType.EXECUTABLE, PriceType.SHORTAGE], arrow.int8())
    keep = compute.and_(
        compute.equal(table["grade"], grade), compute.is_in(table["price_type"], kinds)
    )
    keep = compute.and_(keep, compute.equal(table["tenor_days"], tenor_days))
    if location is not None:
        keep = compute.and_(keep, compute.equal(table["location"], location))
    return table.filter(keep)


def _truth(rows: arrow.Table, first: int, end: int) -> Truth:
    """Whether a row from one instant to before another is made up."""
    times = rows["time"].to_numpy()
    made_up = np.asarray(rows["simulated"].to_numpy(), dtype=bool)
    return Truth(simulated=bool((made_up & (times >= first) & (times < end)).any()))


def requests_of(
    table: arrow.Table, day: date, grade: str, location: str | None, tenor_days: int
) -> list[tuple[str, int, str, int]]:
    """Requests of a date as source, time, offer and the size that was to be had, 0 for none."""
    start = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
    rows = _market(table, grade, location, tenor_days)
    times = rows["time"].to_numpy()
    rows = rows.filter(arrow.array((times >= start - SEEN_DAYS * DAY) & (times < start + DAY)))
    had: dict[tuple[str, int, str], int] = {}
    looked: dict[str, set[int]] = defaultdict(set)
    seen: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.to_pylist():
        source, time, offer = row["source"], row["time"], row["offer"]
        size = row["size"] if row["price_type"] == PriceType.EXECUTABLE else 0
        key = (source, time, offer)
        had[key] = max(size, had.get(key, 0))
        seen[source][offer].append(time)
        if time >= start:
            looked[source].add(time)
    found = []
    for source, instants in sorted(looked.items()):
        for offer, told in sorted(seen[source].items()):
            ordered = np.array(sorted(told))
            for time in sorted(instants):
                last = ordered[: np.searchsorted(ordered, time, side="right")]
                if len(last) and time - int(last[-1]) < SEEN_DAYS * DAY:
                    found.append((source, time, offer, had.get((source, time, offer), 0)))
    return found


def availability(
    index: str,
    table: arrow.Table,
    day: date,
    grade: str,
    accelerators: int,
    location: str | None = None,
    tenor_days: int = 0,
) -> Derived:
    """Share of the date's requests for so many accelerators that could be filled."""
    lines = [
        f"{source}|{time}|{offer}|{size}"
        for source, time, offer, size in requests_of(table, day, grade, location, tenor_days)
    ]
    number = int(day.strftime("%Y%m%d"))
    start = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
    market = _market(table, grade, location, tenor_days)
    truth = _truth(market, start - SEEN_DAYS * DAY, start + DAY)
    return derive(AVAILABILITY, index, number, [str(accelerators), *lines], truth)


def lead_time(
    index: str,
    table: arrow.Table,
    last: date,
    grade: str,
    accelerators: int,
    location: str | None = None,
    tenor_days: int = 0,
    window: int = LEAD_WINDOW_DAYS,
) -> Derived:
    """Mean dates until any offer fills so many accelerators, over the dates of a window on which
    a source was looked at at all.
    """
    rows = _market(table, grade, location, tenor_days)
    epoch = date(1970, 1, 1).toordinal()
    ordinals = rows["time"].to_numpy() // DAY + epoch
    filled = (rows["price_type"].to_numpy() == PriceType.EXECUTABLE) & (
        rows["size"].to_numpy() >= accelerators
    )
    inside = (ordinals > last.toordinal() - window) & (ordinals <= last.toordinal())
    best: dict[int, bool] = {}
    for ordinal, had in zip(ordinals[inside].tolist(), filled[inside].tolist(), strict=True):
        best[ordinal] = best.get(ordinal, False) or had
    lines = [
        f"{date.fromordinal(ordinal).strftime('%Y%m%d')}|{int(had)}"
        for ordinal, had in sorted(best.items())
    ]
    end = (last.toordinal() + 1 - epoch) * DAY
    truth = _truth(rows, end - window * DAY, end)
    return derive(LEAD_TIME, index, int(last.strftime("%Y%m%d")), lines, truth)
