"""Collateral as the desk sees it: classes with their terms, valuations from published prices, and
what accounts lean on. What counts is decided by the core (CLR-040 to CLR-044).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from importlib import resources
from typing import NamedTuple

from lasalle import wire
from lasalle.wire import Bound

DOLLAR = 1_000_000
HEADS = ["asset", "price_usd"]


class CollateralError(ValueError):
    """A class, a term or a price is not as it has to be; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class CollateralClass:
    """Terms of a class of assets. `haircut`: ten-thousandths of the price; `account_cap`:
    micro-dollars; `maturity`: years at most, 0 where there is none."""

    name: str
    haircut: int
    account_cap: int
    letter: bool
    needs: str
    maturity: int = 0


class Line(NamedTuple):
    """What an account holds of an asset: units not set aside, in millionths; micro-dollars it
    counts; the share of all the account counts."""

    account: int
    asset: int
    units: int
    value: int
    share: float


def load_classes() -> dict[str, CollateralClass]:
    """The classes in force."""
    path = resources.files("lasalle.clearing") / "table" / "collateral.toml"
    return read_classes(path.read_text(encoding="utf-8"))


def read_classes(text: str) -> dict[str, CollateralClass]:
    """Classes of a table; each term within the bounds of the law."""
    found = {}
    for name, row in tomllib.loads(text).items():
        expected = {"haircut", "account_cap", "letter", "needs"}
        if not expected <= set(row) <= expected | {"maturity"}:
            raise CollateralError(f"{name}: expected {sorted(expected)}, found {sorted(row)}")
        made = CollateralClass(
            name, row["haircut"], row["account_cap"] * DOLLAR, row["letter"], row["needs"],
            row.get("maturity", 0),
        )  # fmt: skip
        if not 0 <= made.haircut <= 10_000:
            raise CollateralError(f"{name}: haircut: expected 0 to 10000, found {made.haircut}")
        if not 0 <= made.account_cap <= Bound.MONEY:
            raise CollateralError(f"{name}: account_cap: {made.account_cap} is out of bounds")
        found[name] = made
    return found


def admission(
    asset: int, terms: CollateralClass, years: Decimal = Decimal(0)
) -> wire.AdmitCollateral:
    """The command that admits an asset under a class, for two operators. A security names the
    years to its maturity, which its class has to allow."""
    if terms.maturity and not 0 < years <= terms.maturity:
        raise CollateralError(
            f"{terms.name}: expected up to {terms.maturity} years to maturity, found {years}"
        )
    return wire.AdmitCollateral(
        asset=asset, haircut=terms.haircut, account_cap=terms.account_cap, letter=terms.letter
    )


def read_prices(text: str) -> dict[int, int]:
    """Micro-dollars of a whole unit by asset, from CSV with the heads asset and price_usd."""
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0] != HEADS:
        raise CollateralError(f"line 1: expected {','.join(HEADS)}, found {rows[:1]}")
    found: dict[int, int] = {}
    for number, row in enumerate(rows[1:], 2):
        try:
            asset, price = int(row[0]), Decimal(row[1])
        except (IndexError, ValueError, InvalidOperation):
            raise CollateralError(f"line {number}: expected asset,price, found {row}") from None
        micro = price * DOLLAR
        if not price.is_finite() or micro != micro.to_integral_value():
            raise CollateralError(f"line {number}: price: at most six decimals, found {row[1]}")
        if not 0 <= micro <= Bound.COLLATERAL_PRICE:
            raise CollateralError(f"line {number}: price: expected 0 to 1,000,000, found {row[1]}")
        if asset in found:
            raise CollateralError(f"line {number}: asset {asset} stands twice")
        found[asset] = int(micro)
    return found


def valuation(day: int, text: str) -> wire.ValueCollateral:
    """The command that puts published prices of a day in force; the digest is of their text."""
    prices = sorted(read_prices(text).items())
    return wire.ValueCollateral(
        day=day,
        inputs=sha256(text.encode()).digest(),
        prices=tuple(wire.AssetPrice(asset, price) for asset, price in prices),
    )


def held(
    terms: Mapping[int, wire.CollateralRecord], units: Mapping[tuple[int, int], int]
) -> list[Line]:
    """What accounts count of each asset, from the terms on the log and the units not set aside by
    (account, asset); letters before their share of the requirement."""
    values = {
        (account, asset): _value(terms[asset], amount)
        for (account, asset), amount in sorted(units.items())
        if asset in terms and amount
    }
    totals: dict[int, int] = {}
    for (account, _), value in values.items():
        totals[account] = totals.get(account, 0) + value
    return [
        Line(account, asset, units[account, asset], value, value / totals[account])
        if totals[account]
        else Line(account, asset, units[account, asset], value, 0.0)
        for (account, asset), value in values.items()
    ]


def _value(terms: wire.CollateralRecord, units: int) -> int:
    value = units * terms.price * (10_000 - terms.haircut) // (DOLLAR * 10_000)
    return min(terms.account_cap, value)


def concentrated(lines: Iterable[Line], most: float) -> list[Line]:
    """Holdings that are more than a share of all collateral their asset's holders count: the
    house could not sell them in a day."""
    found = list(lines)
    totals: dict[int, int] = {}
    for line in found:
        totals[line.asset] = totals.get(line.asset, 0) + line.value
    return [x for x in found if totals[x.asset] and x.value > most * totals[x.asset]]
