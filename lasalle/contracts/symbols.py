"""The symbol grammar: a series' name says its terms and parses back without loss.

    symbol    = family [ "." form ] "-" period [ "-" tail ]
    family    = letter (letter | digit){1,7}        capital letters
    form      = "L" place                           location basis, against the family's own index
              | "G" family                          grade basis, against that family
              | "V" | "W" | "D"                     variance; bounded week; deliverable basket
              | ("F" | "U") [ place [ "P" ] ]       forward, firm or unit-contingent; P: peak hours
              | "K" place number                    call on so many accelerators on one fabric
              | "X" place number "D" number         flexible start: accelerators, days of the run
    place     = letter letter                       location of the standards
    period    = month | month "_" month | quarter | week | day | hour
    month     = year "-" two digits                 UTC calendar month, 2000-01 to 2999-12
    quarter   = year "Q" digit
    week      = year "W" two digits                 Monday to Sunday, ISO 8601
    day       = month "-" two digits
    hour      = day "T" two digits                  the hour that begins then
    tail      = ("C" | "P") "-" amount              strike of a call or a put
              | amount "_" amount                   floor and cap of a bounded week
    amount    = dollars "." three digits            USD per unit, no superfluous leading zero

Only letters, digits, "-", "_" and "." occur: the unreserved characters of RFC 3986, section 2.3,
so a symbol stands in a URL unescaped. A symbol has at most 32 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lasalle.contracts.model import Month
from lasalle.contracts.periods import TEXT, Period, PeriodError, Unit, month_period, parse_period
from lasalle.wire import SeriesKind

STRIKE_STEP_MICRO_DOLLARS = 1_000
LENGTH_LIMIT = 32
MOST_AMOUNT = 9_999_999 * STRIKE_STEP_MICRO_DOLLARS


class Form(StrEnum):
    """What a contract is; the letter by which its symbols say so, empty for the plain average."""

    AVERAGE = ""
    LOCATION_BASIS = "L"
    GRADE_BASIS = "G"
    VARIANCE = "V"
    BOUNDED = "W"
    BASKET = "D"
    FIRM = "F"
    CONTINGENT = "U"
    CAPACITY_CALL = "K"
    FLEXIBLE_START = "X"


ALL_BLOCKS = (Unit.HOUR, Unit.DAY, Unit.WEEK, Unit.MONTH)
PERIODS: dict[Form, tuple[Unit, ...]] = {
    Form.AVERAGE: (Unit.MONTH, Unit.QUARTER, Unit.MONTHS),
    Form.LOCATION_BASIS: (Unit.MONTH,),
    Form.GRADE_BASIS: (Unit.MONTH,),
    Form.VARIANCE: (Unit.MONTH,),
    Form.BOUNDED: (Unit.WEEK,),
    Form.BASKET: (Unit.MONTH,),
    Form.FIRM: ALL_BLOCKS,
    Form.CONTINGENT: ALL_BLOCKS,
    Form.CAPACITY_CALL: (Unit.MONTH,),
    Form.FLEXIBLE_START: (Unit.QUARTER,),
}
"""Blocks each form is listed for."""

_AMOUNT = r"(?:0|[1-9][0-9]{0,3})\.[0-9]{3}"
_NUMBER = r"[1-9][0-9]{0,6}"
_FORM_TEXT = (
    r"L(?P<basis>[A-Z]{2})|G(?P<against>[A-Z][A-Z0-9]{1,7})|(?P<plain>[VWD])"
    r"|(?P<firm>[FU])(?:(?P<point>[A-Z]{2})(?P<peak>P?))?"
    rf"|K(?P<called>[A-Z]{{2}})(?P<gang>{_NUMBER})"
    rf"|X(?P<start>[A-Z]{{2}})(?P<crew>{_NUMBER})D(?P<days>{_NUMBER})"
)
_FORM_SAID = (
    "L and a place, G and a family, V, W, D, F or U with a place or none, "
    "K with place and number, or X with place, number, D and days"
)
_GRAMMAR = re.compile(
    rf"(?P<family>[A-Z][A-Z0-9]{{1,7}})(?:\.(?:{_FORM_TEXT}))?-(?P<period>{TEXT})"
    rf"(?:-(?:(?P<right>[CP])-(?P<strike>{_AMOUNT})|(?P<floor>{_AMOUNT})_(?P<cap>{_AMOUNT})))?"
)
_FORM, _PERIOD = re.compile(_FORM_TEXT), re.compile(TEXT)
_FAMILY = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_PLACE = re.compile(r"[A-Z]{2}")
_PLACED = (Form.LOCATION_BASIS, Form.CAPACITY_CALL, Form.FLEXIBLE_START)


class SymbolError(ValueError):
    """A text is no symbol, or terms have no symbol; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Symbol:
    """A parsed symbol; `str()` writes it back. Amounts in micro-dollars per unit."""

    family: str
    kind: SeriesKind
    period: Period
    strike_micro_dollars: int = 0
    form: Form = Form.AVERAGE
    place: str = ""
    against: str = ""
    peak: bool = False
    accelerators: int = 0
    days: int = 0
    floor_micro_dollars: int = 0
    cap_micro_dollars: int = 0

    def __post_init__(self) -> None:
        if not _FAMILY.fullmatch(self.family):
            raise SymbolError("family", "2 to 8 capital letters and digits", self.family)
        self._check_form()
        self._check_kind()
        self._check_amounts()
        if len(str(self)) > LENGTH_LIMIT:
            raise SymbolError("symbol", f"at most {LENGTH_LIMIT} characters", str(self))

    def _check_form(self) -> None:
        form, unit = self.form, self.period.unit
        if unit not in PERIODS[form]:
            raise SymbolError("period", " or ".join(PERIODS[form]), str(unit))
        forward = form in (Form.FIRM, Form.CONTINGENT)
        if form in _PLACED or (forward and self.place):
            if not _PLACE.fullmatch(self.place):
                raise SymbolError("place", "two capital letters", self.place)
        elif self.place:
            raise SymbolError("place", "none", self.place)
        if form is Form.GRADE_BASIS:
            if not _FAMILY.fullmatch(self.against) or self.against == self.family:
                raise SymbolError("against", f"a family other than {self.family}", self.against)
        elif self.against:
            raise SymbolError("against", "none", self.against)
        if self.peak and (not forward or not self.place or unit is Unit.HOUR):
            raise SymbolError("peak", "a forward on capacity for a day or longer", True)
        gang = form in (Form.CAPACITY_CALL, Form.FLEXIBLE_START)
        if (self.accelerators > 0) != gang or not 0 <= self.accelerators < 10_000_000:
            raise SymbolError("accelerators", "above 0 for a right, else 0", self.accelerators)
        if (self.days > 0) != (form is Form.FLEXIBLE_START) or not 0 <= self.days < 10_000_000:
            raise SymbolError("days", "above 0 for a flexible start, else 0", self.days)

    def _check_kind(self) -> None:
        swap = self.period.unit is Unit.MONTHS
        if (self.kind is SeriesKind.SWAP) != swap:
            raise SymbolError("kind", "a swap exactly for a run of months", self.kind.name)
        right = self.form in (Form.CAPACITY_CALL, Form.FLEXIBLE_START)
        averaged = self.form is Form.AVERAGE and self.period.unit is Unit.MONTH
        if right and self.kind is not SeriesKind.CALL:
            raise SymbolError("kind", "a call", self.kind.name)
        if self.is_option and not right and not averaged:
            raise SymbolError("kind", "an option on a month's average", self.kind.name)

    def _check_amounts(self) -> None:
        strike, step = self.strike_micro_dollars, STRIKE_STEP_MICRO_DOLLARS
        if self.is_option:
            if not 0 < strike <= MOST_AMOUNT or strike % step:
                expected = f"a positive multiple of {_amount_text(step)} USD"
                raise SymbolError("strike", expected, _amount_text(strike))
        elif strike != 0:
            raise SymbolError("strike", "0 for a series that is no option", strike)
        floor, cap = self.floor_micro_dollars, self.cap_micro_dollars
        if self.form is Form.BOUNDED:
            found = f"{_amount_text(floor)}_{_amount_text(cap)}"
            if not (floor or cap):
                raise SymbolError("cap", "a floor and a cap, as 1.250_3.750", "none")
            if not 0 <= floor < cap <= MOST_AMOUNT or floor % step or cap % step:
                expected = f"above its floor, in steps of {_amount_text(step)} USD"
                raise SymbolError("cap", expected, found)
        elif floor or cap:
            found = f"{_amount_text(floor)}_{_amount_text(cap)}"
            raise SymbolError("cap", "none for a series that is not bounded", found)

    @property
    def is_option(self) -> bool:
        """Whether the series is a call or a put."""
        return self.kind in (SeriesKind.CALL, SeriesKind.PUT)

    @property
    def first_month(self) -> Month:
        """Month the block begins in."""
        return self.period.first_month

    @property
    def last_month(self) -> Month:
        """Month the block ends in."""
        return self.period.last_month

    @property
    def months(self) -> tuple[Month, ...]:
        """Months of the block, ascending."""
        return self.period.months

    def __str__(self) -> str:
        head = self.family
        if self.form is not Form.AVERAGE:
            gang = str(self.accelerators) if self.accelerators else ""
            days = f"D{self.days}" if self.days else ""
            peak = "P" if self.peak else ""
            head += f".{self.form}{self.place}{self.against}{peak}{gang}{days}"
        head += f"-{self.period}"
        if self.is_option:
            right = "C" if self.kind is SeriesKind.CALL else "P"
            return f"{head}-{right}-{_amount_text(self.strike_micro_dollars)}"
        if self.form is Form.BOUNDED:
            floor, cap = self.floor_micro_dollars, self.cap_micro_dollars
            return f"{head}-{_amount_text(floor)}_{_amount_text(cap)}"
        return head


@lru_cache(maxsize=4_096)
def month_future(family: str, month: Month) -> Symbol:
    """The future on a month's average."""
    return Symbol(family, SeriesKind.FUTURE, month_period(month))


@lru_cache(maxsize=65_536)
def parse_symbol(text: str) -> Symbol:
    """Terms a symbol names; refuses every text that is not exactly one symbol."""
    found = _GRAMMAR.fullmatch(text) if len(text) <= LENGTH_LIMIT else None
    if found is None:
        raise _at_fault(text)
    try:
        period = parse_period(found["period"])
    except PeriodError as error:
        raise SymbolError(error.field, error.expected, error.found) from error
    kind = SeriesKind.SWAP if period.unit is Unit.MONTHS else SeriesKind.FUTURE
    if found["right"]:
        kind = SeriesKind.CALL if found["right"] == "C" else SeriesKind.PUT
    return Symbol(
        family=found["family"],
        kind=kind,
        period=period,
        strike_micro_dollars=_amount(found["strike"]),
        form=_form(found),
        place=found["basis"] or found["point"] or found["called"] or found["start"] or "",
        against=found["against"] or "",
        peak=bool(found["peak"]),
        accelerators=int(found["gang"] or found["crew"] or 0),
        days=int(found["days"] or 0),
        floor_micro_dollars=_amount(found["floor"]),
        cap_micro_dollars=_amount(found["cap"]),
    )


def _at_fault(text: str) -> SymbolError:
    """Which part of a text that is no symbol is the first at fault."""
    if len(text) > LENGTH_LIMIT:
        return SymbolError("symbol", f"at most {LENGTH_LIMIT} characters", text)
    head, dash, rest = text.partition("-")
    family, dot, form = head.partition(".")
    period = _PERIOD.match(rest)
    if not _FAMILY.fullmatch(family):
        expected = "2 to 8 capital letters and digits, a letter first, as H100"
        return SymbolError("family", expected, family)
    if dot and not _FORM.fullmatch(form):
        return SymbolError("form", _FORM_SAID, form)
    if not dash or period is None:
        expected = "a month as 2026-03, a quarter as 2026Q1, a week as 2026W12, a day or an hour"
        return SymbolError("period", expected, rest)
    tail = rest[period.end() :]
    if tail[:3] in ("-C-", "-P-"):
        return SymbolError("strike", "USD with three digits, as 2.500", tail[3:])
    if "_" in tail:
        return SymbolError("cap", "floor and cap in USD, as 1.250_3.750", tail.lstrip("-"))
    if tail.startswith("-"):
        expected = "C or P and a strike as C-2.500, or a floor and a cap as 1.250_3.750"
        return SymbolError("tail", expected, tail[1:])
    return SymbolError("period", "nothing after it, or a hyphen and a tail", tail)


def _form(found: re.Match[str]) -> Form:
    named = (("basis", "L"), ("against", "G"), ("called", "K"), ("start", "X"))
    for group, letter in named:
        if found[group]:
            return Form(letter)
    return Form(found["plain"] or found["firm"] or "")


def _amount(text: str | None) -> int:
    return int(text.replace(".", "")) * STRIKE_STEP_MICRO_DOLLARS if text else 0


def _amount_text(micro_dollars: int) -> str:
    dollars, rest = divmod(micro_dollars, 1_000_000)
    return f"{dollars}.{rest // STRIKE_STEP_MICRO_DOLLARS:03d}"
