"""The invoice of a delivery: what was delivered and made good, and its tax as lines of data.

The house moves net amounts and no tax: what the lines say is settled between the parties and their
authorities (DEL-060). Every amount is whole micro-dollars; tax is rounded once a code and rate,
halves away from zero. Codes are those of UN/CEFACT 5305.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

CODES: Mapping[str, str] = {
    "S": "standard rate",
    "AA": "lower rate",
    "Z": "zero rated",
    "E": "exempt",
    "AE": "reverse charge: owed by who is invoiced",
    "G": "export, not taxed",
    "O": "outside the scope of tax",
}
TAXED = ("S", "AA")
"""Codes with a rate above zero."""
MOST_RATE = 10_000


class TaxWrong(ValueError):
    """A row of taxes is wrong; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class Tax:
    """A code and its rate, ten-thousandths of the net."""

    code: str = "O"
    rate: int = 0

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise TaxWrong(f"code: expected one of {', '.join(CODES)}, found {self.code!r}")
        least, most = (1, MOST_RATE) if self.code in TAXED else (0, 0)
        if type(self.rate) is not int or not least <= self.rate <= most:
            raise TaxWrong(f"rate of {self.code}: expected {least} to {most}, found {self.rate!r}")

    def of(self, net: int) -> int:
        """Tax of a net amount, rounded once, halves away from zero."""
        size = (abs(net) * self.rate + 5_000) // 10_000
        return size if net >= 0 else -size


DAMAGES = Tax("O", 0)
"""A remedy and the fee of a dispute make good a loss and are paid for no supply."""


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Which tax a supply bears; 0 stands for every account."""

    tax: Tax
    seller: int = 0
    buyer: int = 0


def read_taxes(text: str) -> tuple[TaxRow, ...]:
    """Rows `[[tax]]` of a file: seller, buyer, code, rate. Raises TaxWrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TaxWrong(f"taxes: expected TOML, found {error}") from None
    rows = table.get("tax", [])
    if set(table) - {"tax"} or not isinstance(rows, list):
        raise TaxWrong(f"taxes: expected rows [[tax]], found {sorted(table)}")
    return tuple(_tax_row(row) for row in rows)


def _tax_row(row: Any) -> TaxRow:
    known: dict[str, type] = {"seller": int, "buyer": int, "code": str, "rate": int}
    if not isinstance(row, dict) or not set(row) <= set(known) or "code" not in row:
        raise TaxWrong(f"tax: expected code and of {', '.join(known)}, found {row!r}")
    for name, value in row.items():
        negative = isinstance(value, int) and value < 0
        if type(value) is not known[name] or negative:
            raise TaxWrong(f"{name}: expected {known[name].__name__}, found {value!r}")
    tax = Tax(row["code"], row.get("rate", 0))
    return TaxRow(tax, row.get("seller", 0), row.get("buyer", 0))


def tax_between(rows: Iterable[TaxRow], seller: int, buyer: int) -> Tax:
    """The tax of a supply: of the first row that is for both; outside its scope where none is."""
    for row in rows:
        if row.seller in (0, seller) and row.buyer in (0, buyer):
            return row.tax
    return Tax()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an invoice: units and price where it has them, net micro-dollars and its tax."""

    what: str
    units: int
    price: int
    net: int
    tax: Tax


@dataclass(frozen=True, slots=True)
class TaxLine:
    """Tax of all lines of a code and a rate, micro-dollars."""

    net: int
    code: str
    rate: int
    amount: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a buyer owes a seller of a delivery, micro-dollars: negative is owed to the buyer.

    provisional: some hours of it are not final, or something is still missing."""

    number: str
    symbol: str
    seller: int
    buyer: int
    provisional: bool
    lines: tuple[Line, ...]

    @property
    def taxes(self) -> tuple[TaxLine, ...]:
        """Tax by code and rate."""
        nets: dict[Tax, int] = {}
        for line in self.lines:
            nets[line.tax] = nets.get(line.tax, 0) + line.net
        found = sorted(nets.items(), key=lambda one: (one[0].code, one[0].rate))
        return tuple(TaxLine(net, tax.code, tax.rate, tax.of(net)) for tax, net in found)

    @property
    def net(self) -> int:
        """All lines before tax: what the house moved, or moves."""
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        """All tax."""
        return sum(line.amount for line in self.taxes)

    def told(self) -> dict[str, Any]:
        """As data: amounts are whole micro-dollars."""
        lines = [
            {"what": x.what, "units": x.units, "price": x.price, "net": x.net, "code": x.tax.code,
             "rate": x.tax.rate}
            for x in self.lines
        ]  # fmt: skip
        return {
            "invoice": self.number, "symbol": self.symbol, "seller": self.seller,
            "buyer": self.buyer, "provisional": self.provisional, "lines": lines,
            "taxes": [asdict(x) for x in self.taxes], "net": self.net, "tax": self.tax,
            "gross": self.net + self.tax,
        }  # fmt: skip

    def text(self) -> str:
        """For a person."""
        head = f"Invoice {self.number}, {self.symbol}: account {self.seller} to {self.buyer}"
        rows = [head + (" (provisional)" if self.provisional else "")]
        for x in self.lines:
            many = f"{x.units:,} x {usd(x.price)}" if x.units else ""
            rows.append(f"  {x.what:<44} {many:>26} {usd(x.net):>20}  {x.tax.code}")
        rows.append(f"  {'net':<71} {usd(self.net):>20}")
        for t in self.taxes:
            said = f"tax {t.code}, {CODES[t.code]}, {t.rate / 100:.2f} % of {usd(t.net)}"
            rows.append(f"  {said:<71} {usd(t.amount):>20}")
        rows.append(f"  {'gross, USD':<71} {usd(self.net + self.tax):>20}")
        return "\n".join(rows) + "\n"


def usd(micro_dollars: int) -> str:
    """Micro-dollars as exact text."""
    sign, whole = "-" if micro_dollars < 0 else "", abs(micro_dollars)
    return f"{sign}{whole // 1_000_000:,}.{whole % 1_000_000:06d}"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Hours as they came out, and what the buyer paid for them, micro-dollars."""

    first_hour: int
    hours: int
    units: int
    amount: int
    final: bool


@dataclass(frozen=True, slots=True)
class MadeGood:
    """A remedy: who paid it, units, price of their replacement, what was paid of its cost."""

    payer: int
    units: int
    cover_price: int
    paid: int


@dataclass(frozen=True, slots=True)
class Supply:
    """A delivery as an invoice sees it; fees: who lost a dispute, and what it paid."""

    delivery: int
    symbol: str
    seller: int
    buyer: int
    price: int
    quality: int
    hours: Sequence[Delivered]
    remedies: Sequence[MadeGood]
    fees: Sequence[tuple[int, int]]
    open: bool


def _together(hours: Sequence[Delivered]) -> list[Delivered]:
    """Hours that follow each other and came out alike, as one."""
    found: list[Delivered] = []
    for one in hours:
        last = found[-1] if found else None
        if (
            last is not None
            and last.first_hour + last.hours == one.first_hour
            and last.final == one.final
            and last.units * one.hours == one.units * last.hours
            and last.amount * one.hours == one.amount * last.hours
        ):
            found[-1] = Delivered(
                last.first_hour, last.hours + one.hours, last.units + one.units,
                last.amount + one.amount, one.final,
            )  # fmt: skip
        else:
            found.append(one)
    return found


def invoice_of(supply: Supply, tax: Tax) -> Invoice:
    """The invoice of a delivery so far: hours at the contract price, the differential of their
    quality, fees and remedies."""
    lines = []
    for one in _together(supply.hours):
        last = one.first_hour + one.hours - 1
        span = f"hours {one.first_hour} to {last}" + ("" if one.final else ", not yet final")
        plain = supply.price * one.units
        lines.append(Line(span, one.units, supply.price, plain, tax))
        if one.amount != plain:
            graded = f"  quality {supply.quality:,} of 10,000"
            lines.append(Line(graded, 0, 0, one.amount - plain, tax))
    for loser, fee in supply.fees:
        paid = fee if loser == supply.buyer else -fee
        lines.append(Line(f"dispute lost by account {loser}", 0, 0, paid, DAMAGES))
    for made in supply.remedies:
        paid = made.paid if made.payer == supply.buyer else -made.paid
        what = f"{made.units:,} units made good at {usd(made.cover_price)}"
        lines.append(Line(what, 0, 0, paid, DAMAGES))
    return Invoice(
        f"D{supply.delivery}", supply.symbol, supply.seller, supply.buyer,
        supply.open or not all(h.final for h in supply.hours), tuple(lines),
    )  # fmt: skip
