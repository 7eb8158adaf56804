"""Published inputs of the fixings: the very bytes whose SHA-256 each fixing bears."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lasalle.contracts import numbered_day
from lasalle.indices import INDEX, Observation, canonical_inputs
from lasalle.institution.estimates import load_observations

Inputs = Callable[[int, int], bytes | None]
MOST_INPUT_BYTES = 1 << 20
"""Longest file of inputs that is given out."""


def published_inputs(prices: Path | None) -> Inputs:
    """Inputs by index and day (YYYYMMDD); a day without evidence carries those of the last.

    The gateway gives them out only beside a fixing on the log that bears their hash.
    """
    ahead = datetime.now(UTC).date() + timedelta(days=366)
    by_day: dict[date, list[Observation]] = {}
    for observation in load_observations(prices, ahead)[0]:
        by_day.setdefault(observation.day, []).append(observation)
    days = sorted(by_day)

    def inputs(index: int, day: int) -> bytes | None:
        try:
            wanted = numbered_day(day)
        except ValueError:
            return None
        at = bisect_right(days, wanted)
        return canonical_inputs(by_day[days[at - 1]]) if index == INDEX and at else None

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
