"""What secures a supplier's deliveries, at what it counts: cash, bond, letters of credit, pledged
hardware. Hardware counts toward delivery credit and nothing else (CRD-010 to CRD-012)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lasalle.credit.model import DOLLAR, Hardware, Letter, SupplierFile, month_number, month_of
from lasalle.credit.residual import ResidualCurve
from lasalle.credit.terms import CreditTerms


@dataclass(frozen=True)
class Counted:
    """A piece of collateral: what it is, its face and what it counts before shares and caps of the
    whole, micro-dollars, and why it counts less."""

    what: str
    face: int
    counts: int
    why: str


@dataclass(frozen=True)
class Secured:
    """Collateral of a supplier, micro-dollars. `initial` is what may stand for initial margin
    beside the clearing desk's own rules: cash alone. `delivery` is delivery credit, all pieces
    within the shares of what is required that letters and hardware may cover."""

    pieces: tuple[Counted, ...]
    cash: int
    bond: int
    letters: int
    hardware: int
    initial: int
    delivery: int
    untouchable: int


def letter_counts(letter: Letter, day: date, terms: CreditTerms) -> Counted:
    """A letter at the haircut of its issuer's rating; nothing near its expiry, nor for a rating
    that is not published."""
    under = terms.collateral
    left = letter.amount_usd - letter.drawn_usd
    what = f"letter of {letter.issuer}, {letter.rating}, to {letter.expires}"
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
    costs = {(m.grade, m.vintage, m.place): m.cost_usd for m in file.fleet}
    paid = (("cash", held.cash_usd * DOLLAR), ("performance bond", held.bond_usd * DOLLAR))
    pieces = [Counted(what, amount, amount, "whole") for what, amount in paid]
    letters, taken = 0, dict(of_issuers or {})
    for letter in held.letters:
        one = letter_counts(letter, day, terms)
        room = max(0, under.one_issuer_usd * DOLLAR - taken.get(letter.issuer, 0))
        if one.counts > room:
            one = Counted(one.what, one.face, room, f"limit of issuer {letter.issuer}")
        taken[letter.issuer] = taken.get(letter.issuer, 0) + one.counts
        letters += one.counts
        pieces.append(one)
    hardware = 0
    for pledged in held.hardware:
        cost = costs[pledged.grade, pledged.vintage, pledged.place]
        one = hardware_counts(pledged, cost, day, curve, terms)
        hardware += one.counts
        pieces.append(one)
    cash, bond = held.cash_usd * DOLLAR, held.bond_usd * DOLLAR
    untouchable = 0
    if not participates(file, terms):
        untouchable = min(cash, terms.limits.untouchable_usd * DOLLAR)
        kept = 10_000 - round(terms.limits.other_cut * 10_000)
        cash, bond, letters, hardware = (
            x * kept // 10_000 for x in (cash - untouchable, bond, letters, hardware)
        )
    letters = min(letters, _share(required, under.letter_share))
    hardware = min(hardware, _share(required, under.hardware_share))
    total = cash + bond + letters + hardware
    return Secured(tuple(pieces), cash, bond, letters, hardware, cash, total, untouchable)


def participates(file: SupplierFile, terms: CreditTerms) -> bool:
    """Whether a supplier has the net worth, or the assets, of who takes part without a deposit."""
    limits = terms.limits
    tangible = file.financials.cash_usd + sum(m.accelerators * m.cost_usd for m in file.fleet)
    worth = file.financials.tangible_net_worth_usd
    return worth >= limits.net_worth_usd or (
        worth > 0 and tangible >= limits.tangible_assets_usd and file.financials.audited
    )


def _share(amount: int, share: float) -> int:
    return amount * round(share * 10_000) // 10_000


def _cut(ten_thousandths: int) -> str:
    return f"haircut {ten_thousandths / 100:g} %" if ten_thousandths else "whole"
