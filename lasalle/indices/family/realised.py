"""Realised volatility of an index: root of the annualised mean of squared daily moves.

    volatility = sqrt(365 / D  x  sum of ln(P_i / P_(i-1))^2)

over the fixings of a window of D days, 30 unless said otherwise, its first day's move reaching back
to the fixing before it. The mean move is taken as zero, as is usual for a window this short. Only
plain fixings count: a carried fixing is the same number again and a shortage has a price of cover,
so both are left out and the next move spans the days between, which are divided by all the same.
Four moves are the least, and their number is told: with n of them one standard error is 71 % over
the root of n.
Source: the close-to-close estimator, J. Hull, "Options, Futures, and Other Derivatives", chapter on
estimating volatilities, with calendar days because the index is fixed on all of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from lasalle.indices.family.derived import (
    EXACT,
    Derived,
    DerivedError,
    Outcome,
    Truth,
    derive,
    fields,
    publish,
    whole,
)
from lasalle.indices.family.differentials import STATUSES

WINDOW_DAYS = 30
DAYS_A_YEAR = 365
LEAST_MOVES = 4
"""With fewer moves than this in the window there is no volatility to speak of."""


def _realised(lines: Sequence[str]) -> Outcome:
    window = whole(lines[0], "window", 2) if lines else 0
    fixings: list[tuple[int, int]] = []
    days = []
    for line in lines[1:]:
        day, price, status = fields(line, "day|price|status")
        if status not in STATUSES:
            raise DerivedError("status", f"one of {', '.join(STATUSES)}", status)
        days.append(_ordinal(whole(day, "day", 1)))
        if status == "fixed":
            fixings.append((days[-1], whole(price, "price", 1)))
    if not days or any(b - a != 1 for a, b in pairwise(days)):
        raise DerivedError("days", "one line a day, none missing", f"{len(days)} lines")
    first = days[-1] - window
    inside = [row for row in fixings if row[0] > first]
    before = [row for row in fixings if row[0] <= first]
    used = [*before[-1:], *inside]
    moves = len(used) - 1
    if moves < LEAST_MOVES:
        return Outcome(reason=f"fixed on {len(inside)} of {window} days")
    elapsed = used[-1][0] - used[0][0]
    total = Decimal(0)
    for (_, a), (_, b) in pairwise(used):
        move = _move(a, b)
        total = EXACT.add(total, EXACT.multiply(move, move))
    yearly = EXACT.divide(EXACT.multiply(total, DAYS_A_YEAR), Decimal(elapsed))
    value = EXACT.to_integral_value(EXACT.multiply(EXACT.sqrt(yearly), 10_000))
    return Outcome(int(value), detail=f"{moves} moves over {elapsed} days")


def _move(before: int, after: int) -> Decimal:
    return EXACT.ln(EXACT.divide(Decimal(after), Decimal(before)))


def _ordinal(day: int) -> int:
    try:
        return date(day // 10_000, day // 100 % 100, day % 100).toordinal()
    except (ValueError, OverflowError) as error:
        raise DerivedError("day", "YYYYMMDD", day) from error


REALISED = publish("realised-volatility", 1, "hundredths of a per cent a year")(_realised)


def realised_volatility(
    index: str,
    fixings: Iterable[tuple[int, int, str]],
    window: int = WINDOW_DAYS,
    made_up: Container[int] = (),
) -> Derived:
    """Volatility over the `window` days up to the last fixing given: rows of day (YYYYMMDD), price
    in micro-dollars (0 where there is none) and status, one a day. made_up: days whose fixing rests
    on made-up prices; one of them among the moves makes the volatility simulated.
    """
    rows = list(fixings)[-2 * window :]
    lines = [str(window), *(f"{day}|{price}|{status}" for day, price, status in rows)]
    fixed = [(n, day) for n, (day, _, status) in enumerate(rows) if status == "fixed"]
    inside = [day for n, day in fixed if n >= len(rows) - window]
    before = [day for n, day in fixed if n < len(rows) - window][-1:]
    truth = Truth(simulated=any(day in made_up for day in (*before, *inside)))
    return derive(REALISED, index, rows[-1][0] if rows else 0, lines, truth)
