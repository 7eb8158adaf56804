"""Early warning: signs that a supplier weakens, each amber or red by a published limit, and the
step of the ladder that so many signs lead to (CRD-016)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lasalle.credit.limits import Headroom, MonthLimit
from lasalle.credit.model import SupplierFile, sold_hours
from lasalle.credit.scoring import Score, short_by_month
from lasalle.credit.terms import CreditTerms, Step

AMBER, RED = "amber", "red"


@dataclass(frozen=True)
class Seen:
    """What was seen of a supplier and its market: share of heartbeats missed in the last day, its
    grade a quarter ago (empty: none), and the rise of the price in ten days by grade, a share."""

    heartbeats_missed: float = 0.0
    grade_before: str = ""
    rises: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sign:
    """A sign: what, amber or red, the figure found and its limit."""

    name: str
    level: str
    found: float
    limit: float


@dataclass(frozen=True)
class Warned:
    """Every sign, and the step of the ladder."""

    signs: tuple[Sign, ...]
    step: Step


def _judged(name: str, found: float, amber: float, red: float) -> Iterator[Sign]:
    if found >= red:
        yield Sign(name, RED, found, red)
    elif found >= amber:
        yield Sign(name, AMBER, found, amber)


def short_share(file: SupplierFile, terms: CreditTerms) -> float:
    """Share of the hours sold from now on that no machine that counts can deliver."""
    now = f"{file.as_of:%Y-%m}"
    sold = sum(sold_hours(s) for s in file.sold if s.month >= now)
    short = sum(
        file.hours_at(*key) * many / file.sold_at(*key)
        for key, many in short_by_month(file, terms).items()
    )
    return short / sold if sold else 0.0


def covenants(file: SupplierFile, score: Score, terms: CreditTerms) -> Iterator[Sign]:
    """Covenants that are broken: red where the figure is further from its limit than published."""
    seen = {name: figure for name, (figure, _) in score.lines.items()}
    figures = {
        "most_leverage": seen["leverage"],
        "least_coverage": seen["coverage"],
        "least_liquidity_months": seen["liquidity"],
        "most_encumbered": seen["encumbered"],
        "most_short_cover": short_share(file, terms),
    }
    for name, limit in sorted(file.covenants.items()):
        found = figures[name]
        beyond = (found - limit) if name.startswith("most") else (limit - found)
        if beyond > 0:
            red = beyond > terms.warning.covenant_red * max(limit, 1e-9)
            yield Sign(f"covenant {name}", RED if red else AMBER, found, limit)


def signs(
    file: SupplierFile,
    score: Score,
    room: Headroom,
    seen: Seen,
    terms: CreditTerms,
    limits: Sequence[MonthLimit] = (),
) -> Iterator[Sign]:
    """Every sign there is."""
    under = terms.warning
    yield from _judged(
        "missed heartbeats", seen.heartbeats_missed, under.heartbeats_amber, under.heartbeats_red
    )
    names = [grade.name for grade in terms.grade]
    if seen.grade_before in names:
        fallen = names.index(score.grade) - names.index(seen.grade_before)
        yield from _judged("fallen grade", fallen, under.notches, under.notches + 1)
    short = short_share(file, terms)
    if short >= under.short_cover:
        grades = {key[1] for key in short_by_month(file, terms)}
        rise = max((seen.rises.get(grade, 0.0) for grade in grades), default=0.0)
        yield from _judged("price spike against short cover", rise, under.spike, under.spike_red)
    yield from covenants(file, score, terms)
    if room.short:
        share = room.short / room.required if room.required else 1.0
        yield from _judged("collateral short", share, 0.0, under.short_red)
    beyond = max((x.sold / max(x.limit, 1) - 1 for x in limits if x.sold > x.limit), default=0.0)
    if beyond:
        yield Sign("sold beyond the limit", AMBER, beyond, 0.0)
    days = terms.collateral.least_letter_days
    for letter in file.collateral.letters:
        left = (letter.expires - file.as_of).days
        if left < 2 * days:
            yield Sign(f"letter of {letter.issuer} expires", AMBER, left, 2 * days)
    for m in file.fleet:
        if m.verified and m.verified_until is not None and m.verified_until <= file.as_of:
            over = (file.as_of - m.verified_until).days
            yield Sign(f"verification of {m.grade} in {m.place} lapsed", AMBER, over, 0)


def warned(
    file: SupplierFile,
    score: Score,
    room: Headroom,
    seen: Seen,
    terms: CreditTerms,
    limits: Sequence[MonthLimit] = (),
) -> Warned:
    """Signs, and the first step of the ladder that they reach."""
    found = tuple(signs(file, score, room, seen, terms, limits))
    red = sum(sign.level == RED for sign in found)
    amber = len(found) - red
    step = next(
        step
        for step in terms.warning.step
        if (red >= step.red > 0) or (not step.red and red + amber >= step.amber)
    )
    return Warned(found, step)
