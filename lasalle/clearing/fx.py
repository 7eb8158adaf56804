"""Rates of currencies against the dollar: what hands say, the fixing of a date, its table.

A hand is a publisher or an officer of the house. A table holds all it was made from, so that
anybody makes its rows again (`check_table`). Nothing is converted: a rate says what foreign cash
counts as cover, and no more (CLR-090 to CLR-094).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from hashlib import sha256
from importlib import resources
from typing import Any

from lasalle.wire import Bound

MICRO, WHOLE = 1_000_000, 10_000
FORMAT = "lasalle fx table 1"
OFFICER = "officer "
"""What the name of a hand begins with that is a person of the house."""
FIXED, CARRIED, NONE = "fixed", "carried", "none"


class FxError(ValueError):
    """A rate, a term or a table is not as it has to be; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class FxTerms:
    """The published method. `minute`: of the day UTC; `agree`, `outlier` and `carry_cut`:
    ten-thousandths; `stale_days` and `carry_days`: calendar days."""

    version: int
    minute: int
    hands: int
    agree: int
    stale_days: int
    outlier: int
    carry_days: int
    carry_cut: int
    publishers: tuple[str, ...]
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Observation:
    """What a hand says of a date (YYYYMMDD): micro-dollars for one unit of a currency; `source` is
    the SHA-256 of the file it stands in, empty for what an officer entered."""

    currency: str
    day: int
    hand: str
    rate: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Last:
    """The newest fixing before a date: of which table's date, and its rate; 0 where none is."""

    day: int = 0
    rate: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A currency on a date. `rate`: micro-dollars as fixed, or the last fixing; `of`: the date the
    rate is of; `price`: micro-dollars it counts before the haircut of its class; `why`: what kept
    it from being fixed; `hands`: who agreed."""

    currency: str
    status: str
    rate: int
    of: int
    price: int
    why: str
    hands: tuple[str, ...]
    last: Last
    observations: tuple[Observation, ...]


def load_fx_terms() -> FxTerms:
    """The method in force."""
    path = resources.files("lasalle.clearing") / "table" / "fx.toml"
    return read_fx_terms(tomllib.loads(path.read_text(encoding="utf-8")))


def read_fx_terms(table: Mapping[str, Any]) -> FxTerms:
    """A method from its table. Raises FxError."""
    names = {one.name for one in fields(FxTerms)}
    if set(table) != names:
        raise FxError(f"method: expected {sorted(names)}, found {sorted(table)}")
    lists = {n: tuple(table[n]) for n in ("publishers", "currencies")}
    made = FxTerms(**{**table, **lists})
    bounds = (
        ("version", 1, 10**6), ("minute", 0, 1439), ("hands", 1, 9), ("agree", 0, WHOLE),
        ("stale_days", 0, 31), ("outlier", 1, WHOLE), ("carry_days", 0, 31),
        ("carry_cut", 0, WHOLE),
    )  # fmt: skip
    for name, least, most in bounds:
        found = getattr(made, name)
        if type(found) is not int or not least <= found <= most:
            raise FxError(f"{name}: expected {least} to {most}, found {found!r}")
    for currency in made.currencies:
        a_currency(currency)
    for hand in made.publishers:
        a_hand(hand)
    return made


def a_currency(text: str) -> str:
    """A code of three capitals that is not the dollar's. Raises FxError."""
    if not (len(text) == 3 and text.isascii() and text.isupper() and text.isalpha()):
        raise FxError(f"currency: expected three capitals (ISO 4217), found {text!r}")
    if text == "USD":
        raise FxError("currency: expected another than USD, in which the house reckons")
    return text


def a_hand(text: str) -> str:
    """A name of a publisher. Raises FxError."""
    if not (2 <= len(text) <= 32 and text.isascii() and text.replace("-", "").isalnum()
            and text == text.lower()):  # fmt: skip
        expected = "2 to 32 small letters, digits and hyphens"
        raise FxError(f"publisher: expected {expected}, found {text!r}")
    return text


def a_rate(micro: int) -> int:
    """Micro-dollars a unit within what a price may be. Raises FxError."""
    if not 1 <= micro <= Bound.COLLATERAL_PRICE:
        raise FxError(f"rate: expected 0.000001 to 1,000,000 dollars, found {micro / MICRO}")
    return micro


def within(one: int, other: int, limit: int) -> bool:
    """Whether two rates differ by at most so many ten-thousandths of the smaller one."""
    return abs(one - other) * WHOLE <= limit * min(one, other)


def fix(
    terms: FxTerms, currency: str, day: int, said: Iterable[Observation], last: Last
) -> Row:
    """The row of a currency on a date, from what hands said and the fixing before (CLR-090 to
    CLR-092). Of one hand the observation told last counts for a date."""
    earliest = _before(day, terms.stale_days)
    told = (o for o in said if o.currency == currency and o.day <= day)
    kept = {(o.day, o.hand): o for o in told}
    seen = sorted((o for o in kept.values() if o.day >= earliest), key=_place(terms))
    if not seen:
        # What is too old is shown once, so that the table itself says why nothing is fixed.
        newest = sorted(kept.values(), key=_place(terms))[:1]
        why = "stale" if newest else "no_observation"
        return _unfixed(terms, currency, day, why, last, tuple(newest))
    why = ""
    for of in sorted({o.day for o in seen}, reverse=True):
        of_day = [o for o in seen if o.day == of]
        agreed = _agreed(terms, of_day)
        if agreed and _believed(terms, agreed, last):
            hands = tuple(o.hand for o in agreed)
            rate = agreed[0].rate
            return Row(currency, FIXED, rate, of, rate, "", hands, last, tuple(seen))
        far = bool(last.rate) and any(
            not within(o.rate, last.rate, terms.outlier) for o in (agreed or of_day)
        )
        if agreed or far:
            why = "outlier"
        elif len(of_day) >= terms.hands:
            why = "disagree"
        else:
            # One hand that says nothing strange waits for another; an older date may have both.
            why = "one_hand"
            continue
        break
    return _unfixed(terms, currency, day, why, last, tuple(seen))


def _place(terms: FxTerms) -> Callable[[Observation], tuple[int, int, str]]:
    """The newest first; of a date publishers as the method names them, others by name, officers
    last."""
    known = {hand: n for n, hand in enumerate(terms.publishers)}

    def place(one: Observation) -> tuple[int, int, str]:
        officer = one.hand.startswith(OFFICER)
        return -one.day, known.get(one.hand, len(known) + officer), one.hand

    return place


def _agreed(terms: FxTerms, said: Sequence[Observation]) -> list[Observation]:
    """The first observation that enough hands agree with, and those that do; none where they do
    not."""
    for one in said:
        with_it = [o for o in said if within(o.rate, one.rate, terms.agree)]
        if len(with_it) >= terms.hands:
            return [one, *(o for o in with_it if o is not one)]
    return []


def _believed(terms: FxTerms, agreed: Sequence[Observation], last: Last) -> bool:
    """Whether a rate is near the last fixing, or two officers say it (CLR-091)."""
    officers = sum(o.hand.startswith(OFFICER) for o in agreed)
    near = not last.rate or within(agreed[0].rate, last.rate, terms.outlier)
    return near or officers >= 2


def _unfixed(
    terms: FxTerms, currency: str, day: int, why: str, last: Last, seen: tuple[Observation, ...]
) -> Row:
    if last.rate and last.day >= _before(day, terms.carry_days):
        price = last.rate * (WHOLE - terms.carry_cut) // WHOLE
        return Row(currency, CARRIED, last.rate, last.day, price, why, (), last, seen)
    return Row(currency, NONE, 0, 0, 0, why, (), last, seen)


def _before(day: int, days: int) -> int:
    found = date(day // 10_000, day // 100 % 100, day % 100) - timedelta(days=days)
    return int(f"{found:%Y%m%d}")


# -- the table of a date -------------------------------------------------------------------------


def make_table(
    terms: FxTerms,
    day: int,
    said: Iterable[Observation],
    lasts: Mapping[str, Last],
    corrects: tuple[int, str, str] = (0, "", ""),
) -> dict[str, Any]:
    """The table of a date as plain data: the method and a row a currency. `corrects`: how many
    tables the date has, the digest of the newest, and why there is another (CLR-093)."""
    known = list(said)
    rows = [fix(terms, c, day, known, lasts.get(c, Last())) for c in terms.currencies]
    number, before, why = corrects
    return {
        "format": FORMAT,
        "day": day,
        "row": number + 1,
        "corrects": before,
        "why": why,
        "method": asdict(terms),
        "rows": [asdict(row) for row in rows],
    }


def canonical(table: Mapping[str, Any]) -> bytes:
    """The bytes of a table: ASCII JSON without spaces, keys in their order."""
    said = json.dumps(table, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return said.encode("ascii")


def digest_of(table: Mapping[str, Any]) -> bytes:
    """SHA-256 of a table's bytes: what the log has beside the prices (CLR-090)."""
    return sha256(canonical(table)).digest()


def check_table(table: Mapping[str, Any]) -> bytes:
    """The digest of a table whose rows follow from its observations by its method. Raises FxError
    where one does not."""
    try:
        if table["format"] != FORMAT:
            raise FxError(f"format: expected {FORMAT}, found {table['format']}")
        terms = read_fx_terms(table["method"])
        said = [Observation(**o) for row in table["rows"] for o in row["observations"]]
        lasts = {row["currency"]: Last(**row["last"]) for row in table["rows"]}
        before = table["row"] - 1, table["corrects"], table["why"]
        made = make_table(terms, table["day"], said, lasts, before)
        found, expected = (json.loads(canonical(t))["rows"] for t in (table, made))
        wrong = [y["currency"] for x, y in zip(found, expected, strict=True) if x != y]
        if wrong:
            told = "expected what its observations give by its method, found another row"
            raise FxError(f"{', '.join(wrong)}: {told}")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, FxError):
            raise
        raise FxError(f"expected a table of rates, found {error!r}") from error
    return digest_of(table)


def lasts_of(table: Mapping[str, Any] | None) -> dict[str, Last]:
    """The newest fixing of each currency up to a table with it; none without a table."""
    return {
        row["currency"]: (
            Last(table["day"], row["rate"]) if row["status"] == FIXED else Last(**row["last"])
        )
        for row in (table["rows"] if table else ())
        if table
    }
