"""What secures a supplier's deliveries, at what it counts: cash, bond, letters of credit, pledged
hardware. Hardware counts toward delivery credit and nothing else (CRD-010 to CRD-012)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from msgspec import UNSET

from lasalle.credit.model import (
    DOLLAR,
    Hardware,
    Letter,
    Machines,
    SupplierFile,
    month_number,
    month_of,
)
from lasalle.credit.residual import ResidualCurve
from lasalle.credit.terms import CreditTerms

BASIS = 10_000
WHOLE = "whole"


@dataclass(frozen=True)
class Counted:
    """A piece of collateral: what it is, its face and what it counts after every cut and share,
    micro-dollars, and why it counts no more."""

    what: str
    face: int
    counts: int
    why: str


@dataclass(frozen=True)
class Secured:
    """Collateral of a supplier, micro-dollars. `initial` is what may stand for initial margin
    beside the clearing desk's own rules: cash alone. `delivery` is delivery credit, all pieces
    within the shares of what is required that letters and hardware may cover: the sum of what they
    count. `by_issuer`: what letters count of each issuer."""

    pieces: tuple[Counted, ...]
    cash: int
    bond: int
    letters: int
    hardware: int
    initial: int
    delivery: int
    untouchable: int
    by_issuer: Mapping[str, int]


def letter_counts(letter: Letter, day: date, terms: CreditTerms) -> Counted:
    """A letter at the haircut of its issuer's rating; nothing near its expiry, nor for a rating
    that is not published."""
    under = terms.collateral
    left = letter.left_usd
    named = "" if letter.reference is UNSET else f"{letter.reference} "
    what = f"letter {named}of {letter.issuer}, {letter.rating}, to {letter.expires}"
    if (letter.expires - day).days < under.least_letter_days:
        return Counted(what, left * DOLLAR, 0, f"expires within {under.least_letter_days} days")
    if letter.rating not in under.letter_haircut:
        return Counted(what, left * DOLLAR, 0, f"no issuer rated {letter.rating} is taken")
    cut = round(under.letter_haircut[letter.rating] * 10_000)
    return Counted(what, left * DOLLAR, left * DOLLAR * (10_000 - cut) // 10_000, _cut(cut))


def hardware_value(
    pledged: Hardware,
    cost_usd: int,
    day: date,
    curve: ResidualCurve,
    terms: CreditTerms,
    share: float,
) -> float:
    """US dollars a forced sale brings at a quantile of the residual curve, `share` of it falling
    short: aged until it is sold, less the discount and the cost of the sale."""
    under = terms.collateral
    months = month_of(day) - month_number(pledged.vintage) + under.hardware_sale_months
    left = curve.quantile(months / 12, share)
    proceeds = (1 - under.hardware_discount) * (1 - under.hardware_sale_cost)
    return pledged.accelerators * cost_usd * left * proceeds


def hardware_counts(
    pledged: Hardware, cost_usd: int, day: date, curve: ResidualCurve, terms: CreditTerms
) -> Counted:
    """Pledged machines at what a forced sale brings in a poor case; nothing behind another lien."""
    what = f"{pledged.accelerators} {pledged.grade} of {pledged.vintage} in {pledged.place}"
    face = pledged.accelerators * cost_usd * DOLLAR
    if not pledged.first_lien:
        return Counted(what, face, 0, "another lien stands before the house's")
    value = hardware_value(pledged, cost_usd, day, curve, terms, terms.collateral.hardware_quantile)
    why = f"what a forced sale brings in {1 - terms.collateral.hardware_quantile:.0%} of cases"
    if not pledged.insured:
        value *= 1 - terms.collateral.uninsured_cut
        why += ", not insured"
    return Counted(what, face, int(value) * DOLLAR, why)


def secured(
    file: SupplierFile,
    day: date,
    required: int,
    curve: ResidualCurve,
    terms: CreditTerms,
    of_issuers: Mapping[str, int] | None = None,
) -> Secured:
    """What a supplier's collateral counts against what is required of it, micro-dollars.
    `of_issuers`: what others already count of an issuer."""
    under, held = terms.collateral, file.collateral
    cut = untouchable = 0
    if not participates(file, terms):
        untouchable = min(held.cash_usd, terms.limits.untouchable_usd) * DOLLAR
        cut = round(terms.limits.other_cut * BASIS)
    face = held.cash_usd * DOLLAR
    why = f"less a deposit of {untouchable // DOLLAR:,} USD" if untouchable else WHOLE
    cash = _less(Counted("cash", face, face - untouchable, why), cut)
    bond = _less(_whole("performance bond", held.bond_usd * DOLLAR), cut)
    letters = _within(
        [_less(one, cut) for one in _letters(file, day, terms, of_issuers or {})],
        _share(required, under.letter_share),
        f"letters cover {under.letter_share:.0%} of what is required",
    )
    hardware = _within(
        [_less(one, cut) for one in _pledges(file, day, curve, terms)],
        _share(required, under.hardware_share),
        f"hardware covers {under.hardware_share:.0%} of what is required",
    )
    by_issuer: dict[str, int] = {}
    for letter, one in zip(held.letters, letters, strict=True):
        by_issuer[letter.issuer] = by_issuer.get(letter.issuer, 0) + one.counts
    pieces = (cash, bond, *letters, *hardware)
    return Secured(
        pieces,
        cash.counts,
        bond.counts,
        sum(one.counts for one in letters),
        sum(one.counts for one in hardware),
        cash.counts,
        sum(one.counts for one in pieces),
        untouchable,
        by_issuer,
    )


def _letters(
    file: SupplierFile, day: date, terms: CreditTerms, of_issuers: Mapping[str, int]
) -> Iterator[Counted]:
    """Each letter within what is left of the limit of its issuer."""
    most, taken = terms.collateral.one_issuer_usd * DOLLAR, dict(of_issuers)
    for letter in file.collateral.letters:
        one = letter_counts(letter, day, terms)
        room = max(0, most - taken.get(letter.issuer, 0))
        if one.counts > room:
            one = replace(one, counts=room, why=f"limit of issuer {letter.issuer}")
        taken[letter.issuer] = taken.get(letter.issuer, 0) + one.counts
        yield one


def _pledges(
    file: SupplierFile, day: date, curve: ResidualCurve, terms: CreditTerms
) -> Iterator[Counted]:
    """Each pledge at the least cost of the machines it may be of; none where they are all another's
    or secure a debt: a file kept before such pledges were refused may hold one."""
    for pledged in file.collateral.hardware:
        costs = [m.cost_usd for m in file.fleet if is_of(pledged, m)]
        free = [m.cost_usd for m in file.fleet if is_of(pledged, m) and may_be_pledged(m)]
        one = hardware_counts(pledged, min(free or costs), day, curve, terms)
        if not free and one.counts:
            one = replace(one, counts=0, why="somebody else's, or debt is secured on them")
        yield one


def is_of(pledged: Hardware, machines: Machines) -> bool:
    """Whether a pledge may be of some machines of the fleet."""
    named = (pledged.grade, pledged.vintage, pledged.place)
    return named == (machines.grade, machines.vintage, machines.place)


def may_be_pledged(machines: Machines) -> bool:
    """Whether nobody takes them back and no debt is secured on them (CRD-011, CRD-022)."""
    return not (machines.reclaimable or machines.encumbered_usd)


def _whole(what: str, amount: int) -> Counted:
    return Counted(what, amount, amount, WHOLE)


def _less(one: Counted, cut: int) -> Counted:
    """A piece less what is taken of the collateral of who does not take part without a deposit."""
    if not cut or not one.counts:
        return one
    why = "" if one.why == WHOLE else f"{one.why}, "
    counts = one.counts * (BASIS - cut) // BASIS
    return replace(one, counts=counts, why=f"{why}less {cut / 100:g} % of a small supplier")


def _within(pieces: Iterable[Counted], most: int, why: str) -> list[Counted]:
    """Pieces in their order up to what all of them may cover together."""
    found = []
    for one in pieces:
        found.append(one if one.counts <= most else replace(one, counts=most, why=why))
        most -= found[-1].counts
    return found


def participates(file: SupplierFile, terms: CreditTerms) -> bool:
    """Whether a supplier has the net worth, or the assets, of who takes part without a deposit."""
    limits = terms.limits
    tangible = file.financials.cash_usd + sum(m.accelerators * m.cost_usd for m in file.fleet)
    worth = file.financials.tangible_net_worth_usd
    return worth >= limits.net_worth_usd or (
        worth > 0 and tangible >= limits.tangible_assets_usd and file.financials.audited
    )


def _share(amount: int, share: float) -> int:
    return amount * round(share * BASIS) // BASIS


def _cut(ten_thousandths: int) -> str:
    return f"haircut {ten_thousandths / 100:g} %" if ten_thousandths else WHOLE
