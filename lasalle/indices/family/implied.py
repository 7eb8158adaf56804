"""A 30-day implied volatility index from options on month averages, by the method of the VIX.

Source: Cboe, "White Paper: Cboe Volatility Index", 2019. There the variance of the price to an
expiry is read from all out-of-the-money options of that expiry,

    W = 2 sum of dK / K^2 x Q(K)  -  (F / K0 - 1)^2

with F from put-call parity at the strike where call and put are closest, K0 the strike at or below
F, Q the mid price of the put below K0, of the call above it and their mean at it, dK half the
distance of the neighbours; going outwards, two strikes in a row without a bid end the strip. Two
expiries are interpolated to thirty days. Interest is taken as nil.

Adapted, because these options settle on the average of a month's daily fixings:

1. What is fixed of the month is known. An option with strike K on the whole average is `share`
   options with strike (K - known) / share on the average of the dates to come. The strip is taken
   in those; the share falls out of dK / K^2 x Q, and only `known` is left in K and F.
2. W is the variance of the logarithm of that average, not of the price on a date. Under one flat
   volatility s of the index it is s^2 T with

       T = mean over all pairs i, j of the dates to come of min(t_i, t_j),

   about a third of the way through the month instead of its end. T takes the place of the time to
   expiry.
3. The index interpolates W linearly in T to thirty days, between the last month whose T is at most
   that and the first beyond. Where one of them is missing it is scaled from the other by W / T, and
   says so.

It is the flat volatility that gives the prices. Where moves revert, T overstates how far
uncertainty runs and the index is lower than the volatility of a day. The strip ends at the last
strike with a bid, so thin listings understate the variance, as they do in the VIX.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from lasalle.indices.family.derived import (
    EXACT,
    OBSERVED,
    Derived,
    DerivedError,
    Outcome,
    Truth,
    derive,
    fields,
    publish,
    whole,
)

TARGET_DAYS = 30
DAYS_A_YEAR = 365
LONGEST_MONTH = 31
LEAST_OPTIONS = 4
"""Least out-of-the-money options of a month with a bid, at least one on either side."""


@dataclass(frozen=True, slots=True)
class OptionQuote:
    """Best bid and offer of a call and a put of one strike; micro-dollars, 0 for none."""

    strike: int
    call_bid: int
    call_ask: int
    put_bid: int
    put_ask: int


@dataclass(frozen=True, slots=True)
class MonthQuotes:
    """Options of one month as they stand on a date. `known` is the sum of the month's fixings so
    far, micro-dollars; dates to come are counted in days from the date of the index.
    """

    month: int
    """YYYYMM."""
    days: int
    first_to_come: int
    last_to_come: int
    known: int
    quotes: tuple[OptionQuote, ...]

    def lines(self) -> list[str]:
        """Its lines among the inputs."""
        head = (
            f"{self.month}|{self.days}|{self.first_to_come}|{self.last_to_come}|{self.known}"
            f"|{len(self.quotes)}"
        )
        rows = [
            f"{q.strike}|{q.call_bid}|{q.call_ask}|{q.put_bid}|{q.put_ask}" for q in self.quotes
        ]
        return [head, *rows]


def read_months(lines: Sequence[str]) -> list[MonthQuotes]:
    """Months from their lines."""
    months, at = [], 0
    while at < len(lines):
        names = "month|days|first|last|known|strikes"
        head = [whole(part, names, 0) for part in fields(lines[at], names)]
        month, days, first, last, known, count = head
        if days > LONGEST_MONTH:
            raise DerivedError("days", f"at most {LONGEST_MONTH}", days)
        told = lines[at + 1 : at + 1 + count]
        if len(told) != count:
            raise DerivedError("strikes", f"{count} lines of {month}", len(told))
        quotes = []
        for line in told:
            names = "strike|call bid|call ask|put bid|put ask"
            quotes.append(OptionQuote(*(whole(part, names, 0) for part in fields(line, names))))
        if any(b.strike <= a.strike for a, b in pairwise(quotes)):
            raise DerivedError("strikes", "ascending, each once", month)
        if not 1 <= first <= last or last - first >= days:
            raise DerivedError("dates to come", f"from 1, at most {days}", (first, last))
        months.append(MonthQuotes(month, days, first, last, known, tuple(quotes)))
        at += 1 + count
    return months


def average_time(first: int, last: int) -> Decimal:
    """Mean of min(t_i, t_j) over all pairs of the dates to come, in days: see the module."""
    n = last - first + 1
    # Sorted ascending, t_k is the smaller of 2 (n - k) - 1 pairs, k from 0.
    total = sum((first + k) * (2 * (n - k) - 1) for k in range(n))
    return EXACT.divide(Decimal(total), Decimal(n * n))


def average_variance(month: MonthQuotes) -> tuple[Decimal, str]:
    """Variance of the logarithm of the average of the dates to come, and why there is none."""
    known = EXACT.divide(Decimal(month.known), Decimal(month.days))
    rows = [q for q in month.quotes if q.strike > known]
    both = [q for q in rows if q.call_bid and q.put_bid and q.call_ask and q.put_ask]
    if not both:
        return Decimal(0), f"{month.month}: no strike with both options quoted"
    parity = min(both, key=lambda q: (abs(_mid2(q, True) - _mid2(q, False)), q.strike))
    difference = Decimal(_mid2(parity, True) - _mid2(parity, False))
    forward = EXACT.subtract(
        EXACT.add(Decimal(parity.strike), EXACT.divide(difference, Decimal(2))), known
    )
    below = [q for q in rows if EXACT.subtract(q.strike, known) <= forward]
    if not below or forward <= 0:
        return Decimal(0), f"{month.month}: no strike at or below the forward"
    centre = below[-1]
    strip = _strip(rows, centre)
    sides = {q.strike > centre.strike for q, _ in strip if q.strike != centre.strike}
    if len(strip) < LEAST_OPTIONS or len(sides) < 2:
        return Decimal(0), f"{month.month}: {len(strip)} options with a bid"
    strikes = [EXACT.subtract(Decimal(q.strike), known) for q, _ in strip]
    total = Decimal(0)
    for at, (strike, (_, doubled)) in enumerate(zip(strikes, strip, strict=True)):
        left, right = strikes[max(at - 1, 0)], strikes[min(at + 1, len(strikes) - 1)]
        apart = 2 if 0 < at < len(strikes) - 1 else 1
        width = EXACT.divide(EXACT.subtract(right, left), Decimal(apart))
        weight = EXACT.divide(width, EXACT.multiply(strike, strike))
        total = EXACT.add(total, EXACT.multiply(weight, doubled))
    middle = EXACT.subtract(EXACT.divide(forward, EXACT.subtract(Decimal(centre.strike), known)), 1)
    return EXACT.subtract(total, EXACT.multiply(middle, middle)), ""


def _mid2(quote: OptionQuote, call: bool) -> int:
    """Twice the mid price."""
    if call:
        return quote.call_bid + quote.call_ask
    return quote.put_bid + quote.put_ask


def _strip(rows: Sequence[OptionQuote], centre: OptionQuote) -> list[tuple[OptionQuote, Decimal]]:
    """Out-of-the-money options outwards from the centre with twice their mids, ascending."""
    at = rows.index(centre)
    # The mean of call and put at the centre; both are needed for it.
    middle = EXACT.divide(Decimal(_mid2(centre, True) + _mid2(centre, False)), Decimal(2))
    found = [(centre, middle)] if centre.call_bid and centre.put_bid else []
    for call, outwards in ((False, rows[:at][::-1]), (True, rows[at + 1 :])):
        without = 0
        for quote in outwards:
            bid = quote.call_bid if call else quote.put_bid
            ask = quote.call_ask if call else quote.put_ask
            without = 0 if bid else without + 1
            if without == 2:
                break
            if bid and ask:
                found.append((quote, Decimal(_mid2(quote, call))))
    return sorted(found, key=lambda row: row[0].strike)


def _implied(lines: Sequence[str]) -> Outcome:
    points: list[tuple[Decimal, Decimal, int]] = []
    reasons = []
    for month in read_months(lines):
        variance, reason = average_variance(month)
        if reason or variance <= 0:
            reasons.append(reason or f"{month.month}: no variance")
            continue
        points.append(
            (average_time(month.first_to_come, month.last_to_come), variance, month.month)
        )
    points.sort()
    detail = "; ".join(reasons)
    if not points:
        return Outcome(reason="no month with enough options", detail=detail)
    target = Decimal(TARGET_DAYS)
    near = [p for p in points if p[0] <= target][-1:]
    far = [p for p in points if p[0] > target][:1]
    if near and far:
        (t1, w1, m1), (t2, w2, m2) = near[0], far[0]
        slope = EXACT.divide(EXACT.subtract(w2, w1), EXACT.subtract(t2, t1))
        variance = EXACT.add(w1, EXACT.multiply(slope, EXACT.subtract(target, t1)))
        used = f"{m1} and {m2}"
    else:
        t1, w1, m1 = (near or far)[0]
        variance = EXACT.divide(EXACT.multiply(w1, target), t1)
        used = f"{m1} alone"
    if variance <= 0:
        return Outcome(reason=f"{used}: the variance falls to nothing", detail=detail)
    yearly = EXACT.divide(EXACT.multiply(variance, DAYS_A_YEAR), target)
    value = EXACT.to_integral_value(EXACT.multiply(EXACT.sqrt(yearly), 10_000))
    return Outcome(int(value), detail=f"{used}{'; ' + detail if detail else ''}")


IMPLIED = publish("implied-volatility-30", 1, "hundredths of a per cent a year")(_implied)


def implied_volatility(
    index: str, day: int, months: Iterable[MonthQuotes], truth: Truth = OBSERVED
) -> Derived:
    """The 30-day implied volatility on a date (YYYYMMDD) from the options of several months;
    truth: whether their quotes are a model's, and what they are quoted on is made up."""
    lines = [line for month in sorted(months, key=lambda m: m.month) for line in month.lines()]
    return derive(IMPLIED, index, day, lines, truth)
