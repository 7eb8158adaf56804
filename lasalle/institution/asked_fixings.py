"""The fixings of a served house as a desk of its clients reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lasalle.client import Asking
from lasalle.client.shapes import Fixing
from lasalle.contracts import numbered_day


def asked_fixings(ask: Callable[[Asking[Any]], Any], index: int) -> dict[date, int]:
    """Micro-dollars by date of an index; a date without a fix is as the last one that has.

    Raises ValueError where the house tells none.
    """
    path = "/v1/fixings?limit=500"
    asking = Asking("GET", path, list[Fixing], within="fixings", repeatable=True, every_page=True)
    known = {
        numbered_day(one.day): round(Decimal(one.price) * 1_000_000)
        for one in ask(asking)
        if one.index == index and Decimal(one.price) > 0
    }
    if not known:
        raise ValueError(f"fixings: expected some of index {index}, found none")
    day, found = min(known), dict[date, int]()
    while day <= max(known):
        found[day] = known.get(day, found.get(day - timedelta(days=1), 0))
        day += timedelta(days=1)
    return found
