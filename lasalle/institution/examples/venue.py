"""A venue of an example: histories, days lived through, what the account's cash came to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from lasalle.contracts import Month
from lasalle.hedging import Fill, LedgerDay, Order
from lasalle.indices import ChainMethod, Fixing, method_of, replay
from lasalle.indices.bundle import day_of
from lasalle.institution.evidence import chain_evidence, chain_fixings
from lasalle.institution.study_day import Policy, StudyVenue
from lasalle.institution.study_model import Model
from lasalle.institution.training_run import MEMORY_DISK, load_index
from lasalle.making import MakerTerms, Quote, load_maker_terms
from lasalle.pricing import CurveAssumptions

TOKENS = "T-STANDARD"
TOKENS_FROM = date(2024, 1, 1)
MILLION = 1e6
"""Micro-dollars of a dollar."""


@dataclass(frozen=True)
class Index:
    """Fixings of an index from its first date on, and what is said of them."""

    fixings: list[Fixing]
    said: str
    simulated: bool

    def average(self, month: Month) -> float:
        """Mean of a month's fixings, dollars, exact to a micro-dollar."""
        seen = [f.price_micro_dollars for f in self.fixings if Month.of(f.day) == month]
        assert len(seen) == month.days, "a month is averaged when it is over"
        return round(sum(seen) / len(seen)) / MILLION


def compute(prices: Path | None) -> Index:
    """H100 by the hour: the one price list the training run settles on; else a simulated path."""
    fixings, simulated, source = load_index(prices)
    return Index(fixings, source, simulated)


def tokens(prices: Path | None, last: date) -> Index:
    """Standard tokens by the million: the house's index replayed on published price lists."""
    method = method_of(TOKENS)
    assert isinstance(method, ChainMethod), "tokens are fixed by a chain of offers"
    found = chain_evidence(prices, method, TOKENS_FROM, last)
    rows = list(chain_fixings(replay(method, found.book, day_of(last))))
    fixings = [row for row in rows if isinstance(row, Fixing)]
    assert len(fixings) == len(rows), "the chain of tokens has a fixing every date"
    seen = sum(not row.carried for row in fixings)
    if found.real_until is None:
        return Index(fixings, "a simulated path", simulated=True)
    told = f"{TOKENS} by the house's method {method.version} on published token price lists"
    return Index(fixings, f"{told}, {seen} of {len(fixings)} dates with evidence", simulated=False)


def larger_maker(times: int) -> MakerTerms:
    """The demonstration's maker, so many times as deep and with as much more room."""
    terms = load_maker_terms()
    return replace(
        terms,
        capacity_lots=times * terms.capacity_lots,
        future_lots=times * terms.future_lots,
        option_lots=times * terms.option_lots,
        swap_lots=times * terms.swap_lots,
    )


def model_of(index: Index, maker: MakerTerms | None = None) -> Model:
    """The estimates of a day on an index."""
    return Model(index.fixings, CurveAssumptions(), maker or load_maker_terms())


@contextmanager
def folder(keep: Path | None, name: str) -> Iterator[Path]:
    """Where venues stand: kept, or on a disk in memory where there is one and thrown away."""
    if keep is not None:
        if (keep / name).exists() and any((keep / name).iterdir()):
            raise ValueError(f"--keep: expected an empty folder, found {keep / name}")
        (keep / name).mkdir(parents=True, exist_ok=True)
        yield keep / name
        return
    disk = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=disk) as scratch:
        yield Path(scratch)


def toward(
    targets: Mapping[str, int], position: Mapping[str, int], quotes: Sequence[Quote], why: str
) -> list[Order]:
    """Orders that bring a position toward its targets, each within the quote it takes."""
    book = {quote.symbol: quote for quote in quotes}
    found = []
    for symbol in sorted(targets):
        gap, quote = targets[symbol] - position.get(symbol, 0), book.get(symbol)
        if not gap or quote is None:
            continue
        shown, price = (
            (quote.ask_lots, quote.ask_price) if gap > 0 else (quote.bid_lots, quote.bid_price)
        )
        if lots := min(abs(gap), shown):
            found.append(Order(symbol, gap > 0, lots, price, why, abs(gap)))
    return found


def live_through(
    venue: StudyVenue,
    orders: Policy,
    first: date,
    last: date,
    plan_day: date,
    months: Sequence[Month] = (),
) -> None:
    """Takes a venue from a first day to a last; firsts of months add what `months` lists then."""
    day = first
    while day <= last:
        venue.live(day, orders, plan_day, months if day.day == 1 else ())
        day += timedelta(days=1)


def run_out(venue: StudyVenue, orders: Policy, first: date, plan_day: date) -> None:
    """On until nothing is held and the account is empty; nothing paid in is lost."""
    day = first
    while any(venue.position.values()) or venue.ledger.cash or venue.ledger.due:
        venue.live(day, orders, plan_day)
        day += timedelta(days=1)
    cash = Cash.of(venue.statement, venue.fills)
    assert cash.paid_in == -cash.brought_micro, "what was paid in came back but for what was lost"
    venue.close()


def quiet(_: object) -> list[Order]:
    """Sends nothing: what is held settles."""
    return []


@dataclass(frozen=True, slots=True)
class Cash:
    """What an account's hedge came to: micro-dollars brought in, paid in net; dollars beside."""

    brought_micro: int
    paid_in: int
    brought: float
    premium: float
    fees: float
    peak: float
    calls: int
    wanted: int
    filled: int

    @classmethod
    def of(cls, statement: Sequence[LedgerDay], fills: Sequence[Fill]) -> Cash:
        """From the days of its ledger and its fills."""
        paid = peak = 0
        for day in statement:
            peak = max(peak, paid + day.deposits)
            paid += day.deposits - day.withdrawals
        brought = sum(day.cash for day in statement)
        return cls(
            brought_micro=brought,
            paid_in=paid,
            brought=brought / MILLION,
            premium=sum(day.premium for day in statement) / MILLION,
            fees=sum(day.fees for day in statement) / MILLION,
            peak=peak / MILLION,
            calls=sum(day.called > 0 for day in statement),
            wanted=sum(fill.lots_wanted for fill in fills),
            filled=sum(fill.lots_filled for fill in fills),
        )


def traded(fills: Sequence[Fill]) -> dict[str, tuple[int, float]]:
    """Net lots by symbol, and their mean price in dollars."""
    lots: dict[str, int] = {}
    paid: dict[str, int] = {}
    for fill in fills:
        sign = 1 if fill.buy else -1
        lots[fill.symbol] = lots.get(fill.symbol, 0) + sign * fill.lots_filled
        paid[fill.symbol] = paid.get(fill.symbol, 0) + sign * fill.paid
    return {s: (n, paid[s] / n / MILLION if n else 0.0) for s, n in sorted(lots.items())}
