"""Estimates of a method's coefficients from evidence: what a table may publish in its next version.

Never part of a fixing. For each value of a kind (grade, location, tenor, tier) the median price of
its offers is set against that of the base value, date by date, among offers that agree in source
and in the other kinds; the estimate is the median of those ratios.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from lasalle.indices.evidence import PriceType
from lasalle.indices.fixed_point import MILLION, amount_of, log_of
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import EvidenceBook

KINDS = ("grade", "location", "tenor", "tier")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient in parts per million of the base, beside the published one."""

    kind: str
    value: str
    ppm: int
    dates: int
    """Pairs of medians it is made of; 0 where the evidence has none, and no estimate."""
    published: int


def estimates(method: ChainMethod, book: EvidenceBook) -> list[Estimate]:
    """An estimate of every coefficient that is not of the base."""
    sheets: dict[tuple[Any, ...], list[int]] = {}
    for evidence in book.dates(method):
        for quote in (q for q in evidence.quotes if q.offer.main):
            kind, source, grade, location, tenor, _ = quote.offer.key.split("|", 5)
            place = (evidence.day, source, grade, location, int(tenor), PriceType(int(kind)))
            sheets.setdefault(place, []).append(quote.price)
    medians = {place: median(prices) for place, prices in sheets.items()}
    base = dict(zip(KINDS, (*method.base, next(iter(method.tiers))), strict=True))
    found = []
    for at, kind in enumerate(KINDS):
        for value, log in method.coefficients[kind].items():
            if value == base[kind]:
                continue
            ratios = list(_ratios(medians, at + 2, value, base[kind]))
            ppm = round(median(ratios) * MILLION) if ratios else 0
            word = value.name.lower() if isinstance(value, PriceType) else str(value)
            found.append(Estimate(kind, word, ppm, len(ratios), _ppm(log)))
    return found


def _ratios(
    medians: dict[tuple[Any, ...], float], at: int, value: Any, base: Any
) -> Iterable[float]:
    """Price over the base's, of every date and source that has both."""
    for place, price in medians.items():
        if place[at] != value:
            continue
        against = medians.get((*place[:at], base, *place[at + 1 :]))
        if against:
            yield price / against


def _ppm(log: int) -> int:
    return amount_of(log + log_of(MILLION))
