"""Requirements of many accounts at once from one published table: the nightly run (CLR-001).

Positions are rows of lots, a few of many series. The compiled core adds the rows of an account and
takes its tails as order entry does; where it was not built numpy multiplies positions by losses in
blocks. Both give the figure of `requirement` to the micro-dollar: a product of 64-bit floats is
exact while every partial sum stays below 2^53, and an account that may pass that is asked alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.clearing.portfolio import Held, requirement
from lasalle.clearing.published_table import Published, PublishedError
from lasalle.wire import Bound, ScenarioKind

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
EXACT = 2.0**53
BLOCK = 2_048
"""Accounts of one product: a block of losses stays near the processor."""


@dataclass(frozen=True)
class Accounts:
    """Positions of accounts one after another: `counts` says in how many series each has lots,
    `series` the place of each in the table's rows, each once an account, `lots` how many, signed.
    """

    counts: Whole
    series: Whole
    lots: Whole

    def __post_init__(self) -> None:
        held = int(self.counts.sum())
        if len(self.series) != held or len(self.lots) != held:
            found = f"{len(self.series)} and {len(self.lots)}"
            raise PublishedError(f"series, lots: expected {held} of each, found {found}")
        if held and int(np.abs(self.lots).max()) > Bound.ACCOUNT_GROSS_LOTS:
            raise PublishedError(f"lots: expected at most {Bound.ACCOUNT_GROSS_LOTS} a series")

    def one(self, number: int) -> tuple[Whole, Whole]:
        """(series, lots) of an account."""
        start = int(self.counts[:number].sum())
        part = slice(start, start + int(self.counts[number]))
        return self.series[part], self.lots[part]


def accounts_of(portfolios: Iterable[Mapping[str, int]], table: Published) -> Accounts:
    """Positions by symbol as rows of lots. Raises PublishedError for a series without a row."""
    counts, series, lots = [], [], []
    for portfolio in portfolios:
        counts.append(len(portfolio))
        for symbol, held in portfolio.items():
            place = table.by_symbol.get(symbol)
            if place is None:
                raise PublishedError(f"{symbol}: expected a series with a row, found none")
            series.append(place)
            lots.append(held)
    return Accounts(*(np.array(x, np.int64) for x in (counts, series, lots)))


class Nightly:
    """A table laid out for a run; `plain` keeps to numpy."""

    def __init__(self, table: Published, plain: bool = False) -> None:
        self.table = table
        shape = (len(table.series), len(table.scenarios))
        self.losses: Whole = np.array([r.losses for r in table.series], np.int64).reshape(shape)
        self._compiled = None if plain else _laid_out(table, self.losses)

    @property
    def is_compiled(self) -> bool:
        """The compiled core does the sums."""
        return self._compiled is not None

    def requirements(self, accounts: Accounts) -> Whole:
        """Micro-dollars of every account, rounded up once. Raises ValueError with the account."""
        if self._compiled is not None:
            words = (x.astype("<i4").tobytes() for x in (accounts.counts, accounts.series))
            told = self._compiled.requirements(*words, accounts.lots.astype("<i4").tobytes())
            return np.frombuffer(told, "<i8").astype(np.int64)
        return self._by_product(accounts)

    def _by_product(self, accounts: Accounts) -> Whole:
        count, rows = len(accounts.counts), len(self.table.series)
        owner = np.repeat(np.arange(count), accounts.counts)
        most = np.abs(self.losses).max(axis=1, initial=0).astype(float)
        charged = np.array([r.liquidity + r.concentration + r.value for r in self.table.series])
        # The largest sum of any column, of the charges, and of the numerators they come to.
        reach = np.bincount(owner, np.abs(accounts.lots) * most[accounts.series], count)
        reach += np.bincount(owner, np.abs(accounts.lots) * charged[accounts.series], count)
        exact = reach * self._denominator() < 2.0**62
        exact &= reach < EXACT
        found = np.zeros(count, np.int64)
        matrix = self.losses.astype(float)
        ends = np.concatenate([[0], np.cumsum(accounts.counts)])
        for start in range(0, count, BLOCK):
            stop = min(count, start + BLOCK)
            part = slice(int(ends[start]), int(ends[stop]))
            flat = (owner[part] - start) * rows + accounts.series[part]
            lots = np.bincount(flat, accounts.lots[part], (stop - start) * rows)
            held = lots.reshape(stop - start, rows)
            found[start:stop] = self._asked(held @ matrix, held.astype(np.int64))
        for number in np.flatnonzero(~exact):
            series, lots = accounts.one(int(number))
            held_by = {
                self.table.series[s].symbol: Held(n)
                for s, n in zip(series.tolist(), lots.tolist(), strict=True)
            }
            found[number] = requirement(held_by, self.table).requirement
        return found

    def _denominator(self) -> int:
        counts = [
            len(self.table.columns(k)) for k in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
        ]
        return max(10_000 * len(self.table.scan_rows), 4 * max(1, counts[0]) * max(1, counts[1]))

    def _asked(self, losses: Floats, held: Whole) -> Whole:
        """Requirements from the losses of a block, exact where the caller found them so."""
        table = self.table
        scan = np.zeros(len(losses), np.int64)
        for group, weight in table.scan_rows:
            columns = table.columns(ScenarioKind.SCAN, group)
            worst = losses[:, columns].max(axis=1, initial=0.0)
            scan += weight * worst.astype(np.int64)
        (h, nh), (t, nt) = (
            _tail(losses[:, table.columns(kind)])
            for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
        )
        tails = -(-(3 * h * nt + t * nh) // (4 * nh * nt))
        margin = np.maximum(-(-scan // 10_000), tails)
        lots = np.abs(held)
        charges = lots @ np.array([row.liquidity for row in table.series])
        free = np.array([row.concentration_lots for row in table.series])
        beyond = np.maximum(0, lots - free)
        charges += beyond @ np.array([row.concentration for row in table.series])
        value = held @ np.array([row.value for row in table.series])
        return np.asarray(np.maximum(0, margin + charges - value), np.int64)


def _tail(losses: Floats) -> tuple[Whole, int]:
    """Numerators and denominator of the expected shortfall at 99 % of each row."""
    count = losses.shape[1]
    if not count:
        return np.zeros(len(losses), np.int64), 1
    whole = count // 100
    worst = np.partition(losses, count - 1 - whole, axis=1)[:, count - 1 - whole :].astype(np.int64)
    return 100 * worst[:, 1:].sum(axis=1) + (count - 100 * whole) * worst[:, 0], count


def _laid_out(table: Published, losses: Whole) -> Any:
    """The compiled core's own layout of a table; None where it was not built."""
    try:
        made = import_module("lasalle._core").PortfolioTable
    except (ImportError, AttributeError):
        return None
    return made(
        [(int(kind), group) for kind, group in table.scenarios],
        list(table.scan_rows),
        [(r.liquidity, r.concentration_lots, r.concentration, r.value) for r in table.series],
        losses.astype("<i8").tobytes(),
    )
