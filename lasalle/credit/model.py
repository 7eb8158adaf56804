"""Nouns of the credit desk: a supplier's file and what is said of it. Money in whole US dollars
where a supplier writes it, micro-dollars where it is owed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

DOLLAR = 1_000_000
"""Micro-dollars of a dollar."""
PPM = 1_000_000
"""Millionths of a whole: shares and probabilities at the edges."""
HOURS_A_YEAR = 8_760
PRICE = re.compile(r"(0|[1-9]\d{0,5})(?:\.(\d{1,6}))?")

Line = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[ -~]+$")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
Family = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
Place = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
MonthText = Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Usd = Annotated[int, Meta(ge=0, le=10**12)]
SignedUsd = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Some = Annotated[int, Meta(ge=1, le=10_000_000)]
Number = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Share = Annotated[float, Meta(ge=0, le=1)]
PriceText = Annotated[str, Meta(pattern=r"^(0|[1-9]\d{0,5})(\.\d{1,6})?$")]


class CreditError(ValueError):
    """A file, a letter or an order of the desk is not as it has to be; says field, expected, found
    and rule."""


def micro(text: str) -> int:
    """Micro-dollars of a decimal number of dollars. Raises CreditError."""
    found = PRICE.fullmatch(text)
    if found is None:
        raise CreditError(f"price: expected dollars as 2.45, found {text!r} (CRD-001)")
    return int(found[1]) * DOLLAR + int((found[2] or "").ljust(6, "0"))


def month_number(text: str) -> int:
    """Months since year 0 of YYYY-MM."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def number_month(number: int) -> str:
    """YYYY-MM of months since year 0."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_of(day: date) -> int:
    """Months since year 0 of the month a day lies in."""
    return day.year * 12 + day.month - 1


class Machines(Struct, frozen=True, forbid_unknown_fields=True):
    """Accelerators of one grade, vintage and place. `cost_usd`: of one, installed, when it was
    bought; `encumbered_usd`: debt secured on all of them; `verified`: how many were shown to
    run and be free of other promises, until a date; `reclaimable`:
    somebody else may take them back; power in watts of one with its share of the
    hall, and its price a megawatt-hour."""

    grade: Family
    vintage: MonthText
    place: Place
    accelerators: Some
    cost_usd: Annotated[int, Meta(ge=1, le=10_000_000)]
    watts: Annotated[int, Meta(ge=1, le=100_000)]
    power_usd_per_mwh: PriceText
    encumbered_usd: Usd = 0
    verified: Count = 0
    verified_until: date | None = None
    reclaimable: bool = False


class Financials(Struct, frozen=True, forbid_unknown_fields=True):
    """Of the last twelve months, whole US dollars. Earnings before interest, tax and depreciation;
    `fixed_costs_usd` are paid whether anything is sold or not. Equity in the market, and its
    volatility a year, where it is traded."""

    as_of: date
    audited: bool
    cash_usd: Usd
    debt_due_usd: Usd
    debt_later_usd: Usd
    tangible_net_worth_usd: SignedUsd
    revenue_usd: Usd
    earnings_usd: SignedUsd
    interest_usd: Usd
    fixed_costs_usd: Usd
    market_equity_usd: Usd = 0
    equity_volatility: Annotated[float, Meta(ge=0, le=5)] = 0.0


class DeliveryRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """Accelerator-hours of the last twelve months: promised, delivered, delivered below grade;
    disputes lost; invoices of the last weeks, the newest last, whole US dollars."""

    promised_hours: Annotated[int, Meta(ge=0, le=10**12)]
    delivered_hours: Annotated[int, Meta(ge=0, le=10**12)]
    below_grade_hours: Annotated[int, Meta(ge=0, le=10**12)] = 0
    disputes_lost: Count = 0
    weekly_invoices_usd: Annotated[tuple[Usd, ...], Meta(max_length=104)] = ()


class Sold(Struct, frozen=True, forbid_unknown_fields=True):
    """Accelerators sold for a month at a price an hour, for every hour of it or for so many
    accelerator-hours: through this house, or elsewhere. Where the supplier has an account, what it
    sold here is read from the journal."""

    month: MonthText
    grade: Family
    place: Place
    accelerators: Some
    price: PriceText
    elsewhere: bool = False
    hours: Annotated[int, Meta(ge=0, le=10_000_000_000)] = 0
    """Accelerator-hours; 0 for every hour of the month."""


class Letter(Struct, frozen=True, forbid_unknown_fields=True):
    """A letter of credit: who issued it, its rating, how much may be drawn and until when.
    `reference`: what it is called for as long as it stands, prolonged or not; a file without one
    has the form, and the digest, that it always had."""

    issuer: Line
    rating: Annotated[str, Meta(pattern=r"^(AAA|AA[+-]?|A[+-]?|BBB[+-]?|BB[+-]?|B[+-]?|CCC)$")]
    amount_usd: Usd
    expires: date
    drawn_usd: Usd = 0
    reference: Line | UnsetType = UNSET

    @property
    def left_usd(self) -> int:
        """What may still be drawn."""
        return max(0, self.amount_usd - self.drawn_usd)


class Hardware(Struct, frozen=True, forbid_unknown_fields=True):
    """Machines pledged to the house: a first lien or a later one, insured or not."""

    grade: Family
    vintage: MonthText
    place: Place
    accelerators: Some
    first_lien: bool
    insured: bool


class Collateral(Struct, frozen=True, forbid_unknown_fields=True):
    """What secures the supplier's deliveries: cash, its performance bond, letters, hardware."""

    cash_usd: Usd = 0
    bond_usd: Usd = 0
    letters: Annotated[tuple[Letter, ...], Meta(max_length=50)] = ()
    hardware: Annotated[tuple[Hardware, ...], Meta(max_length=200)] = ()

    def references(self) -> tuple[str, ...]:
        """What each letter is called, in their order: as the file says, else by its issuer and its
        place among the letters of that issuer without a name, the one that ends first being 1."""
        bare = sorted(
            (letter.issuer, letter.expires, n)
            for n, letter in enumerate(self.letters)
            if letter.reference is UNSET
        )
        issuers = [issuer for issuer, _, _ in bare]
        named = {
            n: f"{issuer} {at - issuers.index(issuer) + 1}"
            for at, (issuer, _, n) in enumerate(bare)
        }
        return tuple(
            named[n] if letter.reference is UNSET else letter.reference
            for n, letter in enumerate(self.letters)
        )


class SupplierFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the desk knows of a supplier at a date. `member` and `account` are its numbers in
    the house, 0 where it has none; `simulated`: it is made up."""

    supplier: Name
    title: Line
    as_of: date
    since: MonthText
    simulated: bool
    fleet: Annotated[tuple[Machines, ...], Meta(min_length=1, max_length=200)]
    financials: Financials
    record: DeliveryRecord
    sold: Annotated[tuple[Sold, ...], Meta(max_length=5_000)] = ()
    collateral: Collateral = Collateral()
    covenants: dict[str, float] = {}
    member: Number = 0
    account: Number = 0

    def machines_at(self, grade: str, place: str) -> int:
        """Accelerators of a grade in a place; of those that may be taken back, none."""
        return sum(
            m.accelerators
            for m in self.fleet
            if (m.grade, m.place) == (grade, place) and not m.reclaimable
        )

    def verified_at(self, grade: str, place: str, day: date) -> int:
        """Of them, those whose verification stands on a day."""
        return sum(
            min(m.verified, m.accelerators)
            for m in self.fleet
            if (m.grade, m.place) == (grade, place) and m.verified_until and m.verified_until > day
        )

    def hours_at(self, month: str, grade: str, place: str) -> int:
        """Accelerator-hours sold for a month, here and elsewhere."""
        key = (month, grade, place)
        return sum(sold_hours(s) for s in self.sold if (s.month, s.grade, s.place) == key)

    def sold_at(self, month: str, grade: str, place: str) -> int:
        """Accelerators sold for a month, here and elsewhere."""
        return sum(
            s.accelerators
            for s in self.sold
            if (s.month, s.grade, s.place) == (month, grade, place)
        )


def hours_of(month: str) -> int:
    """Hours of a month."""
    number = month_number(month)
    return 24 * (_first_day(number + 1) - _first_day(number))


def sold_hours(sold: Sold) -> int:
    """Accelerator-hours of what was sold for a month."""
    return sold.hours or sold.accelerators * hours_of(sold.month)


def _first_day(number: int) -> int:
    return date(number // 12, number % 12 + 1, 1).toordinal()
