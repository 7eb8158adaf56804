"""Rows of a bill in FOCUS columns, batch by batch, as accelerator-hours and their cost.

FOCUS is the cost and usage specification of the FinOps Foundation, 1.0 to 1.2 and what follows.
Amounts are decimals of the billing currency and are added exactly; a day's sum is rounded once.
A charge that lasts longer than a day is spread over its days by the second, and nothing of it is
lost. `EffectiveCost` spreads prepaid commitments over the hours they cover; `BilledCost` is what
the invoice says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lasalle.hedging.bills.model import (
    Bill,
    BillError,
    LeftOut,
    Other,
    Used,
    round_half_even,
)
from lasalle.hedging.bills.words import Named, Naming

COSTS = ("EffectiveCost", "BilledCost")
PROVIDERS = ("ServiceProviderName", "ProviderName", "InvoiceIssuerName")
TEXTS = (
    "SkuPriceDetails", "SkuMeter", "x_SkuMeterName", "x_UsageType", "x_SkuDetails",
    "x_SkuDescription", "ChargeDescription",
)  # fmt: skip
NEEDED = (
    "BillingCurrency", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "RegionId",
)  # fmt: skip
QUANTITIES = (("ConsumedQuantity", "ConsumedUnit"), ("PricingQuantity", "PricingUnit"))
MORE = ("ChargeClass", "CommitmentDiscountStatus")
WANTED = (*PROVIDERS, *TEXTS, *NEEDED, *COSTS, *sum(QUANTITIES, ()), *MORE)
"""Columns that are read; every other one is passed over."""
CURRENCY = "USD"
MOST_DAYS, MOST_WORDS, MOST_KNOWN, WORDS_SHOWN = 366, 200, 10_000, 80
PICO = 10**12
"""Dollars and hours are added in millionths of millionths."""
OTHERS = "all others"
ASIDE = {"Purchase": "prepaid purchase", "Tax": "tax", "Credit": "credit",
         "Adjustment": "adjustment"}  # fmt: skip


def version_of(columns: Iterable[str]) -> str:
    """The newest version of FOCUS whose columns are there."""
    have = set(columns)
    if "ServiceProviderName" in have:
        return "1.3"
    if have & {"PricingCurrency", "InvoiceId", "BillingAccountType"}:
        return "1.2"
    return "1.1" if have & {"SkuMeter", "SkuPriceDetails"} else "1.0"


class _Sum:
    """Rows and cost of one reason, and where the first of them stands."""

    __slots__ = ("cost", "first", "rows")

    def __init__(self, first: str = "") -> None:
        self.rows = self.cost = 0
        self.first = first


class BillReader:
    """Takes batches of text columns; `bill` is what they come to. Memory grows with days, grades
    and places alone.
    """

    def __init__(self, naming: Naming, cost: str = COSTS[0]) -> None:
        if cost not in COSTS:
            raise ValueError(f"cost: expected one of {', '.join(COSTS)}, found {cost}")
        self._naming, self._cost = naming, cost
        self._used: dict[tuple[date, str, str], list[int]] = {}
        self._left: dict[tuple[str, str, bool], _Sum] = {}
        self._others = _Sum()
        self._services: dict[str, _Sum] = {}
        self._at = ""
        self._rows = self._rows_used = 0
        self._versions: set[str] = set()
        self._known: dict[tuple[str, str], Named | None] = {}

    def check(self, file: str, columns: Iterable[str]) -> tuple[str, ...]:
        """Columns of a file that will be read. Raises BillError where one is lacking."""
        have = list(columns)
        for name in (*NEEDED, self._cost):
            if name not in have:
                raise BillError(f"{file}: expected the FOCUS column {name}, found none")
        for some in (PROVIDERS, TEXTS):
            if not set(some) & set(have):
                raise BillError(f"{file}: expected one of {', '.join(some)}, found none")
        if not any(set(pair) <= set(have) for pair in QUANTITIES):
            raise BillError(
                f"{file}: expected ConsumedQuantity and ConsumedUnit, or PricingQuantity and"
                " PricingUnit, found neither"
            )
        twice = [name for name in WANTED if have.count(name) > 1]
        if twice:
            raise BillError(f"{file}: expected each column once, found {twice[0]} twice")
        self._versions.add(version_of(have))
        return tuple(name for name in WANTED if name in have)

    def take(self, file: str, batch: pa.RecordBatch, first_row: int) -> None:
        """Rows of a batch, the first of which is `first_row` of its file. Raises BillError."""
        columns = {n: batch.column(n) for n in batch.schema.names}
        _check_currency(file, columns["BillingCurrency"], first_row)
        with localcontext() as exact:
            exact.prec = 60
            found = self._worth(columns, batch.num_rows)
            costs = columns[self._cost].to_pylist()
            named = columns[next(n for n in reversed(TEXTS) if n in columns)].to_pylist()
            for cost, words, worth in zip(costs, named, found, strict=True):
                if not worth:
                    self._other(words or "no words", _pico(cost) or 0)
            rows = [n for n, worth in enumerate(found) if worth]
            if rows:
                picked = pa.RecordBatch.from_pydict(columns).take(pa.array(rows))
                for n, row in zip(rows, picked.to_pylist(), strict=True):
                    self._at = f"{file}, row {first_row + n}"
                    self._row(row)
        self._rows += batch.num_rows

    def lost(self, columns: int, where: str) -> None:
        """A row that has another number of columns than its head, and where it stands."""
        self._rows += 1
        self._at = where
        self._leave("not as many columns as the head has", f"{columns} columns", 0, False)

    def bill(self) -> Bill:
        """What was taken so far."""
        used = tuple(
            Used(day, grade, place, _micro(hours), _micro(cost))
            for (day, grade, place), (hours, cost) in sorted(self._used.items())
        )
        left = [
            LeftOut(why, words, one.rows, _micro(one.cost), understood, one.first)
            for (why, words, understood), one in self._left.items()
        ]
        services = [Other(words, one.rows, _micro(one.cost))
                    for words, one in self._services.items()]  # fmt: skip
        return Bill(
            version=", ".join(sorted(self._versions)),
            cost_column=self._cost,
            rows=self._rows,
            rows_used=self._rows_used,
            others=self._others.rows,
            others_cost=_micro(self._others.cost),
            used=used,
            left_out=tuple(sorted(left, key=lambda one: (one.understood, -abs(one.cost)))),
            services=tuple(sorted(services, key=lambda one: -abs(one.cost))),
        )

    def _worth(self, columns: dict[str, Any], count: int) -> list[bool]:
        """Which rows may be accelerators."""
        found = pa.array([False] * count)
        for name in TEXTS:
            if name in columns:
                here = pc.match_substring_regex(columns[name], self._naming.hint, ignore_case=True)
                found = pc.or_kleene(found, pc.fill_null(here, False))
        strange = self._by_time_of_strangers(columns)
        if strange is not None:
            found = pc.or_kleene(found, strange)
        return list(found.to_pylist())

    def _by_time_of_strangers(self, columns: dict[str, Any]) -> Any:
        """Rows billed by time by a provider that is in no table: nobody here knows what."""
        named = next(columns[name] for name in PROVIDERS if name in columns)
        units = [columns[unit] for _, unit in QUANTITIES if unit in columns]
        strange = pc.invert(pc.match_substring_regex(
            named, self._naming.known_providers, ignore_case=True
        ))  # fmt: skip
        strange = pc.fill_null(strange, False)
        if not pc.any(strange).as_py():
            return None
        wanted = pa.array(sorted(self._naming.units))
        timed = [pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(u)), wanted) for u in units]
        return pc.and_(strange, timed[0] if len(timed) == 1 else pc.or_(*timed))

    @staticmethod
    def _count(to: _Sum, cost: int) -> None:
        to.rows += 1
        to.cost += cost

    def _leave(self, why: str, words: str, cost: int, understood: bool) -> None:
        key = why, words[:WORDS_SHOWN], understood
        if key not in self._left and len(self._left) >= MOST_WORDS:
            key = why, OTHERS, understood
        if key not in self._left:
            self._left[key] = _Sum(self._at)
        self._count(self._left[key], cost)

    def _other(self, words: str, cost: int) -> None:
        """A row of another service, counted by its words."""
        self._count(self._others, cost)
        key = words[:WORDS_SHOWN]
        if key not in self._services and len(self._services) >= MOST_KNOWN:
            key = OTHERS
        self._count(self._services.setdefault(key, _Sum()), cost)

    def _row(self, row: dict[str, Any]) -> None:
        """One charge that may be of accelerators."""
        naming, told = self._naming, _pico(row[self._cost])
        text = "\n".join(row[name] for name in TEXTS if row.get(name))
        shown = next(row[n] for n in reversed(TEXTS) if row.get(n))
        if told is None:
            self._leave("cost is no number", f"{self._cost} {row[self._cost]!r}", 0, False)
            return
        provider = next((row[n] for n in PROVIDERS if row.get(n)), "")
        cloud = naming.cloud(provider)
        if not cloud:
            self._leave("provider is in no table", provider, told, False)
            return
        named = self._named(cloud, text)
        if named is None:
            self._leave("may be an accelerator, and no name in the tables", shown, told, False)
            return
        if named.why:
            self._leave("bears no grade", f"{named.name}: {named.why}", told, True)
            return
        category = row["ChargeCategory"]
        if category in ASIDE:
            self._leave(f"{ASIDE[category]}, no hours of its own", named.grade, told, True)
            return
        if category != "Usage":
            self._leave("charge category unknown", str(category), told, False)
            return
        if row.get("CommitmentDiscountStatus") == "Unused":
            self._leave("commitment paid and not used", named.grade, told, True)
            return
        location = naming.location(cloud, row["RegionId"] or "")
        if location is None:
            self._leave("region has no delivery point", f"{cloud} {row['RegionId']}", told, False)
            return
        hours = self._hours(row) if named.count else 0
        if hours is None:
            self._leave(*_quantity_words(row), told, False)
            return
        parts = _spread(row["ChargePeriodStart"], row["ChargePeriodEnd"])
        if parts is None:
            period = f"{row['ChargePeriodStart']} to {row['ChargePeriodEnd']}"
            self._leave("charge period is none", period, told, False)
            return
        self._rows_used += 1
        whole = parts[-1][1]
        before = [0, 0]
        for day, until in parts:
            cell = self._used.setdefault((day, named.grade, location), [0, 0])
            for n, amount in enumerate((hours * named.count, told)):
                upto = amount * until // whole
                cell[n] += upto - before[n]
                before[n] = upto

    def _named(self, cloud: str, text: str) -> Named | None:
        """What the words are of; the same words come back row after row."""
        key = cloud, text
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._naming.named(cloud, text)
        return self._known[key]

    def _hours(self, row: dict[str, Any]) -> int | None:
        """Hours of the machine, in millionths of millionths; what was used before what was
        priced. A correction may come without any.
        """
        for quantity, unit in QUANTITIES:
            amount, seconds = _pico(row.get(quantity)), self._naming.seconds(row.get(unit) or "")
            if amount is not None and seconds:
                return round_half_even(amount * seconds, 3600)
        nothing = not any(row.get(quantity) for quantity, _ in QUANTITIES)
        return 0 if nothing and row.get("ChargeClass") == "Correction" else None


def _check_currency(file: str, told: pa.Array, first_row: int) -> None:
    """Raises BillError for the first row of another currency: nothing is converted silently."""
    same = pc.fill_null(pc.equal(told, CURRENCY), False).to_pylist()
    if not all(same):
        n = same.index(False)
        raise BillError(
            f"{file}: row {first_row + n}: BillingCurrency: expected {CURRENCY}, found"
            f" {told[n].as_py() or 'none'}; no currency is converted here: convert the bill first,"
            " at a rate that can be shown"
        )


def _quantity_words(row: dict[str, Any]) -> tuple[str, str]:
    """Why a row has no hours, and the words that say so."""
    for quantity, unit in QUANTITIES:
        if row.get(quantity) and _pico(row[quantity]) is None:
            return "quantity is no number", f"{quantity} {row[quantity]!r}"
        if row.get(quantity):
            return "quantity is no time", f"{unit} {row.get(unit) or 'none'}"
    return "quantity is no time", "no quantity"


def _pico(text: str | None) -> int | None:
    """A decimal in millionths of millionths, rounded half to even; None for no number."""
    if text is None:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= PICO:
        return None
    return int((found * PICO).to_integral_value())


def _micro(pico: int) -> int:
    return round_half_even(pico, PICO // 1_000_000)


@lru_cache(maxsize=65_536)
def _instant(text: str | None) -> datetime | None:
    """A time of FOCUS; one without a zone is UTC, as the specification has it."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


@lru_cache(maxsize=65_536)
def _spread(first: str | None, last: str | None) -> tuple[tuple[date, int], ...] | None:
    """Days of a period that ends before `last`, each with the seconds up to its end."""
    start, end = _instant(first), _instant(last)
    if start is None or end is None or not timedelta() < end - start <= timedelta(days=MOST_DAYS):
        return None
    return tuple(_days(start, end))


def _days(start: datetime, end: datetime) -> Iterator[tuple[date, int]]:
    day = start.date()
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        until = min(midnight, end)
        yield day, max(1, round((until - start).total_seconds()))
        if midnight >= end:
            return
        day += timedelta(days=1)
