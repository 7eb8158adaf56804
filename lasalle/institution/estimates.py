"""What the desks believe on a business day: the maker's curve, the series that should be listed,
their marks and the margin table. Data in, data out; the price file is read by `load_fixings`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from lasalle.clearing import MarginTable, load_margin_terms, margin_table
from lasalle.contracts import (
    Month,
    SeriesTerms,
    day_number,
    load_standards,
    month_strip,
    months_ahead,
    parse_symbol,
    series_listing,
)
from lasalle.contracts.listing import series_terms
from lasalle.contracts.standard import ContractError
from lasalle.contracts.symbols import SymbolError
from lasalle.indices import Fixing, Observation, fixing_history, simulated_history
from lasalle.indices.gcp_history import gcp_history
from lasalle.making import fair_marks
from lasalle.pricing import CurveModel, fit, month_curve

PRICES = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Where a price history lies beside the repository, if anywhere."""
MARKET_FILE = "gcp_gpu_prices_2022_2026.parquet"
SIMULATED_SEED, SIMULATED_FIRST = 20_260_101, date(2022, 1, 1)
Loader = Callable[[date], tuple[list[Fixing], bool]]


@dataclass(frozen=True)
class OptionsListed:
    """Options a demonstration lists: of so many months ahead, so many strikes of each."""

    months: int
    strikes: int

    def __post_init__(self) -> None:
        if self.months < 0 or self.strikes < 1:
            raise ValueError(f"options: expected months from 0 and strikes from 1, found {self}")


def load_options() -> OptionsListed:
    """The row of `table/demonstration.toml`."""
    path = resources.files("lasalle.institution") / "table" / "demonstration.toml"
    return OptionsListed(**tomllib.loads(path.read_text(encoding="utf-8"))["options"])


@dataclass(frozen=True)
class Estimate:
    """Beliefs after a business day, for the day that follows it; `marks` are micro-dollars per
    GPU-hour by symbol.
    """

    day: date
    model: CurveModel
    prices: Mapping[date, int]
    listing: tuple[SeriesTerms, ...]
    marks: Mapping[str, int]
    table: MarginTable

    @property
    def value_day(self) -> date:
        """The date for which the marks hold."""
        return self.day + timedelta(days=1)


def load_observations(prices: Path | None, last: date) -> tuple[list[Observation], bool]:
    """(evidence up to a date, whether it is real)."""
    path = prices / "gpu_prices" / MARKET_FILE if prices else None
    if path is not None and path.exists():
        return list(gcp_history(path)), True
    return list(simulated_history(SIMULATED_SEED, SIMULATED_FIRST, last)), False


def load_fixings(prices: Path | None, last: date) -> tuple[list[Fixing], bool]:
    """(fixings up to a date, whether their evidence is real)."""
    observed, real = load_observations(prices, last)
    return list(fixing_history(observed, last)), real


def by_day(fixings: Iterable[Fixing], before: date) -> dict[date, int]:
    return {f.day: f.price_micro_dollars for f in fixings if f.day < before}


def as_published(fixings: Iterable[Fixing], published: Mapping[int, int]) -> list[Fixing]:
    """Fixings with the prices that stand on the log: what was published is never revised."""
    return [
        replace(f, price_micro_dollars=published.get(day_number(f.day), f.price_micro_dollars))
        for f in fixings
    ]


def family_terms(symbols: Iterable[str]) -> list[SeriesTerms]:
    """Terms of those symbols that name a series of the family."""
    standards, found = load_standards(), []
    for symbol in symbols:
        try:
            found.append(series_terms(standards, parse_symbol(symbol)))
        except (ContractError, SymbolError):
            continue  # listed by an operator under other terms: the family's model has no price
    return found


def estimate(day: date, fixings: list[Fixing], listed: Iterable[str], now: int) -> Estimate:
    """Beliefs after a day from fixings up to it; `listed` are the symbols alive, by number. What
    no longer trades by `now`, nanoseconds UTC, is not listed any more.
    """
    value_day = day + timedelta(days=1)
    known = by_day(fixings, value_day)
    model = fit(sorted(known.items()))
    standards = load_standards()
    months = month_strip(value_day, months_ahead(standards))
    curve = month_curve(model, known, months)
    forward = {m: max(standards[0].tick_micro_dollars, round(curve[m].value * 1e6)) for m in months}
    kept = [t for t in family_terms(listed) if t.months[-1] >= Month.of(value_day)]
    symbols = {t.symbol for t in kept}
    wanted = shortened(series_listing(standards, value_day, forward), value_day)
    fresh = [t for t in wanted if t.symbol not in symbols and t.last_trading_time > now]
    listing = (*kept, *fresh)
    marks = fair_marks(model, known, value_day, listing)
    table = margin_table(
        model, sorted(known.items()), value_day, listing, marks, load_margin_terms()
    )
    return Estimate(day, model, known, listing, marks, table)


def shortened(listing: Iterable[SeriesTerms], today: date) -> list[SeriesTerms]:
    """The whole strip and its swaps; options of the near months and the middle strikes only."""
    chosen, listed = [], load_options()
    options: dict[tuple[Month, int], list[SeriesTerms]] = {}
    for terms in listing:
        if not terms.is_option:
            chosen.append(terms)
        elif terms.months[0].minus(Month.of(today)) < listed.months:
            options.setdefault((terms.months[0], terms.kind), []).append(terms)
    for ladder in options.values():
        ladder.sort(key=lambda t: t.strike_micro_dollars)
        start = max(0, (len(ladder) - listed.strikes) // 2)
        chosen += ladder[start : start + listed.strikes]
    return chosen
