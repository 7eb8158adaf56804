"""All suppliers of a house at once: each with its score, limits, security and warnings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lasalle.credit.collateral import Secured, secured
from lasalle.credit.delivery_margin import Asked, margins, required
from lasalle.credit.limits import (
    Headroom,
    MonthLimit,
    headroom,
    month_limits,
    peak_floor,
    unsecured_line,
)
from lasalle.credit.market import Market
from lasalle.credit.model import SupplierFile
from lasalle.credit.residual import ResidualCurve
from lasalle.credit.scoring import Score, score_of
from lasalle.credit.terms import CreditTerms, Scorecard
from lasalle.credit.warning import Seen, Warned, warned
from lasalle.credit.wrong_way import WrongWay, wrong_way_of

BASIS = 10_000
STOPPED = ("hold", "secure", "replace")
"""Steps of the ladder at which nothing more is sold."""
FACTORS = {"secure": 125, "replace": 150}
"""Hundredths by which a step of the ladder multiplies delivery margin."""


@dataclass(frozen=True)
class Judged:
    """A supplier and all that is said of it."""

    file: SupplierFile
    score: Score
    margins: tuple[Asked, ...]
    secured: Secured
    room: Headroom
    limits: tuple[MonthLimit, ...]
    wrong_way: WrongWay
    warned: Warned
    line: int

    @property
    def stops(self) -> str:
        """Why it sells nothing more: its warnings, wrong-way risk, or want of security; empty where
        it may."""
        if self.wrong_way.passes:
            return f"wrong-way risk: {self.wrong_way.passes[0]}"
        if self.warned.step.name in STOPPED:
            return f"step {self.warned.step.name} of the ladder"
        return "short of security" if self.room.short else ""

    @property
    def stopped(self) -> bool:
        """Whether it sells nothing more."""
        return bool(self.stops)


@dataclass(frozen=True)
class Book:
    """What judging needs beside the files: market, curve, card, terms."""

    market: Market
    curve: ResidualCurve
    card: Scorecard
    terms: CreditTerms


def judged(
    file: SupplierFile,
    book: Book,
    others: Sequence[SupplierFile] = (),
    seen: Seen | None = None,
    line: int = 0,
    of_issuers: Mapping[str, int] | None = None,
) -> Judged:
    """A supplier as it stands. `line`: micro-dollars two officers switched on; `of_issuers`: what
    other suppliers count of an issuer of letters."""
    terms = book.terms
    score = score_of(file, book.market, book.curve, book.card, terms)
    asked = margins(file, book.market, terms)
    floor = peak_floor(file.record.weekly_invoices_usd, terms)
    free = unsecured_line(file, score.grade, line, terms)
    most = max(required(asked), floor)
    held = secured(file, file.as_of, most, book.curve, terms, of_issuers)
    room = headroom(required(asked), floor, held.delivery, free)
    limits = month_limits(file, score.grade, terms, others)
    signs = warned(file, score, room, seen or Seen(), terms, limits)
    factor = FACTORS.get(signs.step.name, 100)
    if factor > 100:
        raised = -(-required(asked) * factor // 100)
        room = headroom(raised, floor, held.delivery, free)
    risk = wrong_way_of(score, book.market, terms)
    return Judged(file, score, asked, held, room, limits, risk, signs, free)


def judge_all(
    files: Sequence[SupplierFile],
    book: Book,
    seen: Mapping[str, Seen] | None = None,
    lines: Mapping[str, int] | None = None,
    faults: dict[str, str] | None = None,
) -> tuple[Judged, ...]:
    """Every supplier, by name. The limit of an issuer is of all of them together: letters of who
    comes first among the files count first (CRD-010). faults: takes why one cannot be judged, by
    its name, so that it holds up no other; without it, raises CreditError."""
    of_issuers: dict[str, int] = {}
    found = []
    for file in files:
        name, others = file.supplier, [o for o in files if o is not file]
        own, line = (seen or {}).get(name), (lines or {}).get(name, 0)
        try:
            one = judged(file, book, others, own, line, of_issuers)
        except (ValueError, ArithmeticError) as error:
            if faults is None:
                raise
            faults[name] = str(error)
            continue
        for issuer, counts in one.secured.by_issuer.items():
            of_issuers[issuer] = of_issuers.get(issuer, 0) + counts
        found.append(one)
    return tuple(sorted(found, key=lambda one: one.file.supplier))


def delivery_credit(one: Judged, terms: CreditTerms) -> tuple[int, int]:
    """What hardware and verified spare machines count toward delivery margin: micro-dollars, and
    the share of that margin in ten-thousandths that they take at most, rounded down (CRD-011,
    CRD-014, DEL-034): what spare machines take off it, and of the rest what hardware may cover."""
    offset = sum(asked.offset for asked in one.margins)
    rest = sum(asked.asked for asked in one.margins)
    hardware = one.secured.hardware
    of_rest = round(terms.collateral.hardware_share * BASIS) if hardware else 0
    whole = offset + rest
    share = (offset * BASIS + rest * of_rest) // whole if whole else of_rest
    return (offset + hardware, share) if share else (0, 0)
