"""The symbol grammar: a series' name says its terms and parses back without loss.

    symbol  = future | option | swap
    future  = family "-" month
    option  = family "-" month "-" ("C" | "P") "-" strike
    swap    = family "-" month "_" month            first and last month, both included
    family  = letter (letter | digit){1,7}          capital letters
    month   = year "-" two digits                   UTC calendar month, 2000-01 to 2999-12
    strike  = dollars "." three digits              USD per GPU-hour, no superfluous leading zero

Only letters, digits, "-", "_" and "." occur: the unreserved characters of RFC 3986, section 2.3,
so a symbol stands in a URL unescaped. A symbol has at most 32 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lasalle.contracts.model import Month
from lasalle.wire import SeriesKind

STRIKE_STEP_MICRO_DOLLARS = 1_000
LENGTH_LIMIT = 32
_GRAMMAR = re.compile(
    r"(?P<family>[A-Z][A-Z0-9]{1,7})-(?P<first>[0-9]{4}-[0-9]{2})"
    r"(?:_(?P<last>[0-9]{4}-[0-9]{2})"
    r"|-(?P<right>[CP])-(?P<dollars>0|[1-9][0-9]{0,3})\.(?P<mils>[0-9]{3}))?"
)
_FAMILY = re.compile(r"[A-Z][A-Z0-9]{1,7}")


class SymbolError(ValueError):
    """A text is no symbol, or terms have no symbol; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Symbol:
    """A parsed symbol; `str()` writes it back."""

    family: str
    kind: SeriesKind
    first_month: Month
    last_month: Month
    strike_micro_dollars: int = 0

    def __post_init__(self) -> None:
        if not _FAMILY.fullmatch(self.family):
            raise SymbolError("family", "2 to 8 capital letters and digits", self.family)
        swap = self.kind is SeriesKind.SWAP
        if swap and self.last_month <= self.first_month:
            raise SymbolError("last_month", f"after {self.first_month}", str(self.last_month))
        if not swap and self.last_month != self.first_month:
            raise SymbolError("last_month", str(self.first_month), str(self.last_month))
        strike, step = self.strike_micro_dollars, STRIKE_STEP_MICRO_DOLLARS
        if self.kind in (SeriesKind.CALL, SeriesKind.PUT):
            if strike <= 0 or strike % step or strike > 9_999_999 * step:
                raise SymbolError("strike", f"a positive multiple of {step} micro-dollars", strike)
        elif strike != 0:
            raise SymbolError("strike", "0 for a series that is no option", strike)

    @property
    def months(self) -> tuple[Month, ...]:
        """Delivery months, ascending."""
        count = self.last_month.minus(self.first_month) + 1
        return tuple(self.first_month.plus(n) for n in range(count))

    def __str__(self) -> str:
        head = f"{self.family}-{self.first_month}"
        if self.kind is SeriesKind.SWAP:
            return f"{head}_{self.last_month}"
        if self.kind is SeriesKind.FUTURE:
            return head
        dollars, rest = divmod(self.strike_micro_dollars, 1_000_000)
        right = "C" if self.kind is SeriesKind.CALL else "P"
        return f"{head}-{right}-{dollars}.{rest // STRIKE_STEP_MICRO_DOLLARS:03d}"


@lru_cache(maxsize=65_536)
def parse_symbol(text: str) -> Symbol:
    """Terms a symbol names; refuses every text that is not exactly one symbol."""
    found = _GRAMMAR.fullmatch(text) if len(text) <= LENGTH_LIMIT else None
    if found is None:
        raise SymbolError("symbol", "FAMILY-YYYY-MM, -C-0.000, -P-0.000 or _YYYY-MM", text)
    first = _month("first_month", found["first"])
    if found["last"] is not None:
        last = _month("last_month", found["last"])
        return Symbol(found["family"], SeriesKind.SWAP, first, last)
    if found["right"] is None:
        return Symbol(found["family"], SeriesKind.FUTURE, first, first)
    kind = SeriesKind.CALL if found["right"] == "C" else SeriesKind.PUT
    strike = int(found["dollars"]) * 1_000_000 + int(found["mils"]) * STRIKE_STEP_MICRO_DOLLARS
    return Symbol(found["family"], kind, first, first, strike)


def _month(field: str, text: str) -> Month:
    try:
        return Month(int(text[:4]), int(text[5:]))
    except ValueError as error:
        raise SymbolError(field, "a month from 2000-01 to 2999-12", text) from error
