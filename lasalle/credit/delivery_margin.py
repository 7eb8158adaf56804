"""Delivery margin: what a supplier and a buyer set aside for hours not yet delivered, and how
much of it verified spare machines take away (CRD-013, CRD-014)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lasalle.credit.collateral import is_of, may_be_pledged
from lasalle.credit.market import Market, spike_shortfall
from lasalle.credit.model import Machines, SupplierFile, micro, month_number, month_of, sold_hours
from lasalle.credit.terms import CreditTerms

BASIS = 10_000


@dataclass(frozen=True)
class Asked:
    """Delivery margin of what was sold for a month, micro-dollars: hours, the price part (to buy
    them today and for the tail of some days), what verified spare machines take off it, the
    reserve for credits and penalty, and the whole."""

    month: str
    grade: str
    place: str
    accelerators: int
    hours: int
    price_part: int
    offset: int
    reserve: int
    asked: int


def margin_of_month(
    file: SupplierFile, key: tuple[str, str, str], market: Market, terms: CreditTerms
) -> Asked:
    """What is asked for a month, grade and place. Rounded up once, against the supplier."""
    month, grade, place = key
    under = terms.margin
    rows = [s for s in file.sold if (s.month, s.grade, s.place) == key and not s.elsewhere]
    price = market.price(grade)
    tail = math.ceil(price * spike_shortfall(market.moves, under.days, under.tail))
    each = [(sold_hours(s), micro(s.price)) for s in rows]
    ahead = month_number(month) - month_of(file.as_of)
    factor = under.months_factor[max(0, 2 - ahead) if ahead >= 0 else 2]
    part = math.ceil(sum(q * (max(0, price - sold) + tail) for q, sold in each) * factor)
    count = sum(s.accelerators for s in rows)
    spare = spare_at(file, key)
    covered = min(count, spare)
    offset = int(part * covered * round(under.coverage_share * BASIS) // (max(count, 1) * BASIS))
    share = round((under.service_share + under.penalty_share) * BASIS)
    reserve = -(-sum(q * sold for q, sold in each) * share // BASIS)
    total = sum(q for q, _ in each)
    return Asked(month, grade, place, count, total, part, offset, reserve, part - offset + reserve)


def spare_at(file: SupplierFile, key: tuple[str, str, str]) -> int:
    """Verified machines that are not pledged and that no promise elsewhere takes: what is sold
    elsewhere comes first."""
    month, grade, place = key
    elsewhere = sum(
        s.accelerators
        for s in file.sold
        if s.elsewhere and (s.month, s.grade, s.place) == (month, grade, place)
    )
    return max(0, cover_at(file, grade, place) - elsewhere)


def cover_at(file: SupplierFile, grade: str, place: str) -> int:
    """Verified machines that can cover: of each vintage no more than a first lien leaves."""
    rows = [m for m in file.fleet if (m.grade, m.place) == (grade, place) and not m.reclaimable]
    found = 0
    for vintage in {m.vintage for m in rows}:
        mine = [m for m in rows if m.vintage == vintage]
        free = [m for m in mine if may_be_pledged(m)]
        pledged = sum(
            h.accelerators for h in file.collateral.hardware if h.first_lien and is_of(h, mine[0])
        )
        left = max(0, sum(m.accelerators for m in free) - pledged)
        verified = sum(_verified(m, file.as_of) for m in free)
        owing = sum(_verified(m, file.as_of) for m in mine if not may_be_pledged(m))
        found += owing + min(verified, left)
    return found


def _verified(machines: Machines, day: date) -> int:
    stands = machines.verified_until is not None and machines.verified_until > day
    return min(machines.verified, machines.accelerators) if stands else 0


def margins(file: SupplierFile, market: Market, terms: CreditTerms) -> tuple[Asked, ...]:
    """Of every month sold through the house, from the month of the file on."""
    now = f"{file.as_of:%Y-%m}"
    keys = {(s.month, s.grade, s.place) for s in file.sold if not s.elsewhere and s.month >= now}
    return tuple(margin_of_month(file, key, market, terms) for key in sorted(keys))


def required(asked: Iterable[Asked]) -> int:
    """The whole of several months, micro-dollars."""
    return sum(one.asked for one in asked)


def buyer_margin(unpaid: int, hours_a_day: int, price: int, terms: CreditTerms) -> int:
    """What a buyer sets aside: hours delivered and unpaid, and those of a billing week and the days
    of grace, micro-dollars."""
    days = terms.margin.billing_days + terms.margin.grace_days
    return unpaid + days * hours_a_day * price
