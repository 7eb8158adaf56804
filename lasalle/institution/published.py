"""Published inputs of the fixings: the very bytes whose SHA-256 each fixing bears."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lasalle.contracts import numbered_day
from lasalle.indices import INDEX, Observation, canonical_inputs
from lasalle.institution.estimates import load_observations


def published_inputs(prices: Path | None) -> Callable[[int, int], bytes | None]:
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
