"""What a supplier may sell and owe: by grade, month and place, concentration, minimum
participation, the floor of its peak activity, and a line without security that is nothing unless
two officers switched it on (CRD-005 to CRD-009)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lasalle.credit.model import DOLLAR, SupplierFile, month_number, month_of
from lasalle.credit.scoring import capacity
from lasalle.credit.terms import CreditTerms, GradeTerms


@dataclass(frozen=True)
class MonthLimit:
    """Accelerators of a grade in a place for a month: those that count as there, sold here and
    elsewhere, the limit, what is left, and what binds."""

    month: str
    grade: str
    place: str
    there: float
    sold: int
    limit: int
    left: int
    binds: str


def grade_terms(grade: str, terms: CreditTerms) -> GradeTerms:
    """What a grade may do."""
    return next(one for one in terms.grade if one.name == grade)


def month_limit(
    file: SupplierFile,
    grade_of_supplier: str,
    key: tuple[str, str, str],
    terms: CreditTerms,
    others: Iterable[SupplierFile] = (),
) -> MonthLimit:
    """The limit of a month, grade and place: the least of what the supplier's own grade, the
    market's concentration and its own places allow."""
    month, grade, place = key
    own, under = grade_terms(grade_of_supplier, terms), terms.limits
    there = capacity(file, grade, place, terms)
    sold = file.sold_at(month, grade, place)
    ahead = month_number(month) - month_of(file.as_of)
    bounds = [(int(there * own.sell_share), f"grade {own.name}")]
    if ahead < 0:
        bounds = [(0, "the month is over")]
    elif ahead > own.months:
        bounds = [(0, f"grade {own.name} sells up to {own.months} months ahead")]
    market = sum(o.sold_at(month, grade, place) for o in others)
    # Of a market in which others sold M, a share s is reached at M s / (1 - s).
    most = int(market * under.one_supplier / (1 - under.one_supplier))
    bounds.append((max(under.alone, most), "share of one supplier"))
    sales = [x for o in (file, *others) for x in o.sold if x.month == month]
    away = sum(x.accelerators for x in sales if x.place != place)
    # What stands there already, of anybody and any grade, but what this limit is of.
    here = sum(x.accelerators for x in sales if x.place == place) - sold
    most = max(under.alone, int(away * under.one_place / (1 - under.one_place)))
    bounds.append((max(0, most - here), "share of one place"))
    limit, binds = min(bounds)
    return MonthLimit(month, grade, place, there, sold, limit, max(0, limit - sold), binds)


def month_limits(
    file: SupplierFile, grade: str, terms: CreditTerms, others: Sequence[SupplierFile] = ()
) -> tuple[MonthLimit, ...]:
    """Of every month it sold or may sell next, each grade and place of its fleet."""
    now = month_of(file.as_of)
    own = grade_terms(grade, terms)
    months = {
        f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(now + 1, now + 1 + min(own.months, 3))
    }
    months |= {s.month for s in file.sold if month_number(s.month) >= now}
    places = sorted(
        {(m.grade, m.place) for m in file.fleet} | {(s.grade, s.place) for s in file.sold}
    )
    return tuple(
        month_limit(file, grade, (month, g, place), terms, others)
        for month in sorted(months)
        for g, place in places
        if file.machines_at(g, place) or file.sold_at(month, g, place)
    )


def peak_floor(weekly_invoices_usd: Sequence[int], terms: CreditTerms) -> int:
    """The least a supplier has to secure, micro-dollars: the mean of the non-zero weeks of a
    year, or the largest total of one, two or three weeks that follow each other in the
    half-year."""
    under = terms.limits
    year = [week for week in weekly_invoices_usd[-under.year_weeks :] if week]
    if not year:
        return 0
    mean = -(-sum(year) * DOLLAR // len(year))
    half = list(weekly_invoices_usd[-under.half_year_weeks :])
    rolling = (
        sum(half[at : at + many])
        for many in range(1, under.rolling_weeks + 1)
        for at in range(len(half) - many + 1)
    )
    return max(mean, max(rolling, default=0) * DOLLAR)


def unsecured_line(file: SupplierFile, grade: str, switched_on: int, terms: CreditTerms) -> int:
    """What may be owed without security, micro-dollars: nothing unless a line was switched on, and
    then no more than the line, the share of net worth of the grade, and the cap."""
    worth = max(0, file.financials.tangible_net_worth_usd) * DOLLAR
    share = round(grade_terms(grade, terms).unsecured_share * 10_000)
    return max(
        0, min(switched_on, worth * share // 10_000, terms.limits.unsecured_cap_usd * DOLLAR)
    )


@dataclass(frozen=True)
class Headroom:
    """What is required of a supplier and what stands against it, micro-dollars; `short` is what
    it has to bring before it sells more."""

    margin: int
    floor: int
    required: int
    secured: int
    unsecured: int
    left: int
    short: int


def headroom(margin: int, floor: int, secured: int, unsecured: int) -> Headroom:
    """Required is the larger of delivery margin and the floor of peak activity."""
    required = max(margin, floor)
    left = secured + unsecured - required
    return Headroom(margin, floor, required, secured, unsecured, max(0, left), max(0, -left))
