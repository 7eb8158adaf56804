"""Published inputs of the fixings: the very rows whose digest each fixing bears."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from lasalle.contracts import numbered_day
from lasalle.indices import ChainMethod, Observation, canonical_inputs
from lasalle.indices.bundle import day_of
from lasalle.institution.evidence import chain_evidence, load_observations
from lasalle.institution.families import WIDE, Family, load_families

Inputs = Callable[[int, int], bytes | None]
MOST_INPUT_BYTES = 1 << 20
"""Longest file of inputs that is given out."""


def published_inputs(prices: Path | None, listed: Iterable[Family] = ()) -> Inputs:
    """Inputs of a demonstration's fixings by index and day (YYYYMMDD).

    Under version 1 a day without evidence carries those of the last; a chain's are the rows of the
    day itself, each on its line. The gateway gives them out only beside a fixing on the log that
    bears their digest. `listed` are the families of the house, where they are not those of today.
    """
    ahead = datetime.now(UTC).date() + timedelta(days=366)
    methods = {family.index: family for family in (*load_families(WIDE), *listed)}

    @cache
    def observed() -> tuple[dict[date, list[Observation]], list[date]]:
        by_day: dict[date, list[Observation]] = {}
        for observation in load_observations(prices, ahead)[0]:
            by_day.setdefault(observation.day, []).append(observation)
        return by_day, sorted(by_day)

    @cache
    def chained(index: int) -> dict[int, tuple[bytes, ...]]:
        family = methods[index]
        assert isinstance(family.method, ChainMethod), "asked for a chain"
        book = chain_evidence(prices, family.method, family.begins, ahead).book
        return {found.day: found.rows for found in book.dates(family.method)}

    def inputs(index: int, day: int) -> bytes | None:
        family = methods.get(index)
        try:
            wanted = numbered_day(day)
        except ValueError:
            return None
        if family is None:
            return None
        if isinstance(family.method, ChainMethod):
            return b"".join(row + b"\n" for row in chained(index).get(day_of(wanted), ()))
        by_day, days = observed()
        at = bisect_right(days, wanted)
        return canonical_inputs(by_day[days[at - 1]], family.method.identity) if at else None

    return inputs


def kept_inputs(folder: Path) -> Inputs:
    """Inputs an index desk laid down in a folder as `INDEX-YYYYMMDD.txt`; a day without a file
    carries those of the last day before it that has one.

    Files are read when asked for, so that a desk may lay one down while the house is served.
    """

    def inputs(index: int, day: int) -> bytes | None:
        days = [
            int(found.stem.partition("-")[2])
            for found in folder.glob(f"{index}-[0-9]*.txt")
            if found.stem.partition("-")[2].isdecimal()
        ]
        last = max((known for known in days if known <= day), default=None)
        if last is None:
            return None
        path = folder / f"{index}-{last:08d}.txt"
        try:
            return path.read_bytes() if path.stat().st_size <= MOST_INPUT_BYTES else None
        except OSError:
            return None

    return inputs
