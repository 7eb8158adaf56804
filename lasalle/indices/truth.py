"""What of a record is simulated, in words: a figure says so in the line where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from lasalle.indices.record import Row

MOST_STRETCHES = 3
"""More of them are counted rather than named."""


def stretches(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """First and last fixing of each run of fixings that rest on simulated evidence; a date without
    a fixing rests on nothing and parts no run."""
    found: list[tuple[Row, Row]] = []
    going = False
    for row in rows:
        if not row.fixing["price"]:
            continue
        made_up = bool(row.fixing["simulated"])
        if made_up and going:
            found[-1] = (found[-1][0], row)
        elif made_up:
            found.append((row, row))
        going = made_up
    return found


def said(rows: Sequence[Row]) -> str:
    """Which fixings of a record are simulated; empty where none is."""
    fixed = [row for row in rows if row.fixing["price"]]
    made_up = sum(bool(row.fixing["simulated"]) for row in fixed)
    if not made_up:
        return ""
    if made_up == len(fixed):
        return "SIMULATED: every fixing rests on made-up prices, none of them is of a market"
    runs = stretches(rows)
    days = ", ".join(f"{a.fixing['day']} to {b.fixing['day']}" for a, b in runs)
    named = days if len(runs) <= MOST_STRETCHES else f"{len(runs)} stretches"
    return f"SIMULATED in part: {named}, {made_up} of {len(fixed)} fixings rest on made-up prices"


def truth_of(simulated: bool | None, modelled: bool | None = False) -> str:
    """A figure's labels in words: simulated, modelled, both, real, or not said of an older one."""
    if simulated is None or modelled is None:
        return "not said"
    words = [word for word, so in (("simulated", simulated), ("modelled", modelled)) if so]
    return ", ".join(words) or "real"
