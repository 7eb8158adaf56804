"""What a supplier asks: how much more it can sell for a month, what cash a spike would ask of it,
what it could assign to a lender, and what an hour leaves over its power (CRD-017)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as with_fields

from lasalle.credit.collateral import secured
from lasalle.credit.delivery_margin import margin_of_month, margins, required
from lasalle.credit.limits import headroom, month_limit, peak_floor, unsecured_line
from lasalle.credit.market import Market
from lasalle.credit.model import CreditError, Sold, SupplierFile, micro, sold_hours
from lasalle.credit.residual import ResidualCurve
from lasalle.credit.scoring import Score, capacity
from lasalle.credit.terms import CreditTerms

BASIS = 10_000
MOST = 10_000_000
"""Accelerators beyond which nobody asks."""


@dataclass(frozen=True)
class Spiked:
    """At a move of the price (a share), micro-dollars: delivery margin, variation on what was sold,
    and cash to bring for both."""

    move: float
    margin: int
    variation: int
    cash: int


@dataclass(frozen=True)
class Receivable:
    """Of hours sold here that verified machines deliver, micro-dollars: what buyers will pay, what
    remedies could take of it first, and what is left to assign."""

    gross: int
    kept: int
    assignable: int


@dataclass(frozen=True)
class HourMargin:
    """Of an accelerator-hour of a grade and place, micro-dollars: its price, its power, the
    rest."""

    grade: str
    place: str
    price: int
    power: int
    over: int


@dataclass(frozen=True)
class WhatIf:
    """Accelerators more of a month, grade and place at a price: by the limit, by security, and
    both; what binds; margin of one, micro-dollars; then the figures of the whole supplier."""

    month: str
    grade: str
    place: str
    price: int
    by_limit: int
    by_security: int
    more: int
    binds: str
    margin_of_one: int
    spikes: tuple[Spiked, ...]
    receivable: Receivable
    over_energy: tuple[HourMargin, ...]


def moved(market: Market, move: float) -> Market:
    """The market with every price moved by a share."""
    prices = {grade: round(price * (1 + move)) for grade, price in market.prices.items()}
    return replace(market, prices=prices)


def spiked(
    file: SupplierFile, score: Score, move: float, market: Market, curve: ResidualCurve,
    terms: CreditTerms, line: int = 0,
) -> Spiked:  # fmt: skip
    """Cash needed when prices have moved. Cash and the line alone pay variation (CLR-042), whatever
    machines are there; what is left of them and the rest of the collateral secure the margin."""
    after = moved(market, move)
    stood, variation = _varied(file, market, after)
    asked = required(margins(stood, after, terms))
    most = max(asked, peak_floor(file.record.weekly_invoices_usd, terms))
    held = secured(stood, file.as_of, most, curve, terms)
    free = unsecured_line(file, score.grade, line, terms)
    of_cash = max(0, most - (held.delivery - held.cash))
    return Spiked(move, asked, variation, max(0, variation + of_cash - held.cash - free))


def _varied(file: SupplierFile, market: Market, after: Market) -> tuple[SupplierFile, int]:
    """A file once variation is paid, and that variation, micro-dollars. What was sold for a later
    month then stands higher by as much; the month under delivery pays none: its margin rises."""
    now, rows, variation = f"{file.as_of:%Y-%m}", [], 0
    for s in file.sold:
        rise = after.price(s.grade) - market.price(s.grade)
        if s.elsewhere or s.month <= now:
            rise = 0
        variation += sold_hours(s) * rise
        rows.append(with_fields(s, price=_text(micro(s.price) + rise)) if rise else s)
    return with_fields(file, sold=tuple(rows)), variation


def receivable(file: SupplierFile, terms: CreditTerms) -> Receivable:
    """What can be assigned: hours of verified machines alone, less what credits and penalty
    take."""
    now, gross = f"{file.as_of:%Y-%m}", 0
    left: dict[tuple[str, str, str], int] = {}
    for s in sorted(file.sold, key=lambda s: (not s.elsewhere, s.month, -micro(s.price))):
        key = (s.month, s.grade, s.place)
        there = left.setdefault(key, file.verified_at(s.grade, s.place, file.as_of))
        many = min(there, s.accelerators)
        left[key] = there - many
        if not s.elsewhere and s.month >= now:
            gross += many * sold_hours(s) // s.accelerators * micro(s.price)
    share = round((terms.margin.service_share + terms.margin.penalty_share) * BASIS)
    kept = -(-gross * share // BASIS)
    return Receivable(gross, kept, gross - kept)


def over_energy(file: SupplierFile, market: Market) -> tuple[HourMargin, ...]:
    """What an hour of each kind of machine leaves at today's price over its power."""
    found = {}
    for m in file.fleet:
        # Watts times dollars a megawatt-hour are micro-dollars an hour.
        power = -(-m.watts * micro(m.power_usd_per_mwh) // 1_000_000)
        price = market.price(m.grade)
        found[m.grade, m.place] = HourMargin(m.grade, m.place, price, power, price - power)
    return tuple(found[key] for key in sorted(found))


def what_if(
    file: SupplierFile, score: Score, key: tuple[str, str, str], price: int, market: Market,
    curve: ResidualCurve, terms: CreditTerms, *, others: Sequence[SupplierFile] = (), line: int = 0,
    stopped: str = "",
) -> WhatIf:  # fmt: skip
    """How much more may be sold of a month, grade and place at a price, and what it would take.
    `stopped`: why nothing more is sold at all, empty where it is."""
    month, grade, place = key
    if not file.machines_at(grade, place):
        fleet = ", ".join(sorted({f"{m.grade} in {m.place}" for m in file.fleet}))
        raise CreditError(f"grade: expected one of the fleet, {fleet}, found {grade} in {place}")
    limit = month_limit(file, score.grade, key, terms, others)
    floor = peak_floor(file.record.weekly_invoices_usd, terms)
    free = unsecured_line(file, score.grade, line, terms)

    def short(more: int) -> bool:
        bigger = _with(file, key, more, price)
        asked = required(margins(bigger, market, terms))
        held = secured(bigger, file.as_of, max(asked, floor), curve, terms).delivery
        return headroom(asked, floor, held, free).short > 0

    by_security = _most(short, min(MOST, max(limit.left, int(capacity(file, grade, place, terms)))))
    one = margin_of_month(_with(file, key, 1, price), key, market, terms).asked
    before = margin_of_month(file, key, market, terms).asked
    more = 0 if stopped else min(limit.left, by_security)
    binds = stopped or (limit.binds if limit.left <= by_security else "security")
    return WhatIf(
        month, grade, place, price, limit.left, by_security, more, binds, one - before,
        tuple(spiked(file, score, m, market, curve, terms, line) for m in terms.wrong_way.spikes),
        receivable(file, terms), over_energy(file, market),
    )  # fmt: skip


def _with(file: SupplierFile, key: tuple[str, str, str], more: int, price: int) -> SupplierFile:
    if not more:
        return file
    month, grade, place = key
    return with_fields(file, sold=(*file.sold, Sold(month, grade, place, more, _text(price))))


def _text(price: int) -> str:
    return f"{price // 1_000_000}.{price % 1_000_000:06d}"


def _most(short: Callable[[int], bool], bound: int) -> int:
    """The most for which nothing is short: margin rises with what is sold."""
    if short(0):
        return 0
    low, high = 0, bound + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if short(middle) else (middle, high)
    return low
