"""The house's forward curve: what its views show becomes the curve of a day, kept in its folder."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from lasalle.contracts import Month, Standard, SymbolError, day_number, numbered_day, parse_symbol
from lasalle.contracts.catalogue import load_catalogue
from lasalle.contracts.symbols import Form
from lasalle.gateway.curves import increment
from lasalle.indices.curve import CurveInput, CurveTerms, Standing, basis_input, reserved_input
from lasalle.indices.curve_file import StoredCurve, read_curve, write_curve
from lasalle.indices.curve_fit import build_curve
from lasalle.institution.evidence import MARKET_FILE
from lasalle.views import MarketView
from lasalle.views.market import SeriesView
from lasalle.wire import SeriesKind, SeriesState, Side

FOLDER = "curves"
NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
BASES = (Form.LOCATION_BASIS, Form.GRADE_BASIS)
AROUND = 100
"""Divisor of a price that stands alone: it is known to one part in so many."""
WAIT_SECONDS, PAUSE_SECONDS = 120.0, 1.0
"""How long a curve waits for every future to be quoted on both sides, and between two looks."""
COMMITTED = "H100-US"
"""Index whose curve the commitments of its largest publisher stand beside."""
COMMITMENTS = {"commit_1y_usd_per_gpu_hour": 12, "commit_3y_usd_per_gpu_hour": 36}
Clock = Callable[[], int]
Commitments = Callable[[str, date], Sequence[CurveInput]]
Forward = Mapping[Month, int]
Others = Callable[[str], Forward | None]
"""The curve of another index on the day, None where none is published."""


@dataclass(frozen=True)
class Evidence:
    """What the venue shows of an index: inputs of its curve, futures of its average quoted on both
    sides, and all of them.
    """

    inputs: list[CurveInput]
    quoted: int
    futures: int


def averaged(view: SeriesView) -> Standard | None:
    """The standard of a live future or swap on an index average, or on a difference of two; None
    for another series.
    """
    if view.state == SeriesState.EXPIRED:
        return None
    try:
        symbol = parse_symbol(view.terms.symbol)
    except SymbolError:
        return None
    if symbol.kind not in (SeriesKind.FUTURE, SeriesKind.SWAP):
        return None
    if symbol.form is not Form.AVERAGE and symbol.form not in BASES:
        return None
    found = load_catalogue().named(symbol.family, symbol.form)
    fits = [
        one
        for one in found
        if one.form == _product(symbol.kind, symbol.form)
        and (symbol.form is not Form.LOCATION_BASIS or one.place == symbol.place)
        and (symbol.form is not Form.GRADE_BASIS or one.against == symbol.against)
    ]
    return fits[0] if fits else None


def _product(kind: SeriesKind, form: Form) -> str:
    if form is Form.AVERAGE:
        return "swap" if kind is SeriesKind.SWAP else "future"
    return "location_basis" if form is Form.LOCATION_BASIS else "grade_basis"


def curve_inputs(
    market: MarketView, index: str, day: date, now: int, others: Others = lambda _: None
) -> Evidence:
    """What the series of an index say of its curve.

    Months already settled carry no price any more; a series with a month that ended and is not yet
    settled waits, and so does a basis against an index without a curve.
    """
    value_month = Month.of(day + timedelta(days=1))
    made, quoted, futures = list[CurveInput](), 0, 0
    since = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9
    for view in list(market.series.values()):
        standard = averaged(view)
        if standard is None or standard.index != index:
            continue
        first = Month.from_number(max(view.first_month, view.terms.first_month))
        if first < value_month:
            continue
        if standard.symbol_form in BASES:
            other = others(standard.terms["contract"]["against_index"]) or {}
            scale = other.get(first, 0)
            found = _input(view, first, (since, now), scale) if scale else None
            found = found and _beside(found, standard.par_micro_dollars, other)
        else:
            found = _input(view, first, (since, now))
        if standard.symbol_form is Form.AVERAGE and view.terms.series_kind is SeriesKind.FUTURE:
            futures += 1
            quoted += bool(view.levels[Side.BUY] and view.levels[Side.SELL])
        made += [found] if found else []
    return Evidence(made, quoted, futures)


def indices_with_curves(market: MarketView) -> list[str]:
    """Names of the indices that averages are listed on, those of a basis after the rest."""
    bases, plain = set[str](), set[str]()
    for view in list(market.series.values()):
        standard = averaged(view)
        if standard is not None:
            (plain if standard.symbol_form is Form.AVERAGE else bases).add(standard.index)
    # An index that is quoted beside another waits for that one's curve.
    return [*sorted(plain - bases), *sorted(plain & bases), *sorted(bases - plain)]


def _beside(one: CurveInput, par: int, other: Forward) -> CurveInput | None:
    """A basis quoted at par as a price of the curve; None without the other curve's months."""
    if any(month not in other for month in one.months):
        return None
    prices = (one.bid - par, one.price - par, one.ask - par)
    if one.average(other) + prices[0] <= 0:
        return None  # no price is negative, and none is known that a difference leaves at zero
    return basis_input(one.name, one.standing, (one.first, one.last), prices, one.tick, other)


def _input(
    view: SeriesView, first: Month, day: tuple[int, int], scale: int = 0
) -> CurveInput | None:
    """What a series says: its book, a trade between two times, its mark; None without any price.

    scale: of what a lone price is known to one part in so many; the price itself where it is 0.
    """
    terms, mark = view.terms, view.mark
    bid = max(view.levels[Side.BUY], default=0)
    ask = min(view.levels[Side.SELL], default=0)
    dealt = [
        event.price for h, event in view.trades if day[0] <= h.time <= day[1] and event.price > 0
    ]
    trade = dealt[-1] if dealt else 0
    if bid and ask:
        bid, ask = min(bid, ask), max(bid, ask)  # a call may hold a crossed book
        inside = bid <= trade <= ask
        price = trade if inside else (bid + ask) // 2
        standing = Standing.EXECUTED if inside else Standing.EXECUTABLE
    else:
        price = trade or mark
        if price <= 0:
            return None
        standing = Standing.EXECUTED if trade else Standing.MARK
        reach = max(terms.tick, (scale or price) // AROUND)
        # One side of a book alone still says that nobody sold below it, or bought above.
        price = max(price, bid)
        price = min(price, ask) if ask else price
        bid, ask = bid or max(0, price - reach), ask or price + reach
    last = Month.from_number(terms.last_month)
    return CurveInput(terms.symbol, standing, first, last, bid, price, ask, terms.tick)


def gcp_commitments(prices: Path) -> Commitments:
    """Published one- and three-year commitments of the index's own machine, the last before a day;
    none where the history is absent.
    """
    path = prices / "gpu_prices" / MARKET_FILE
    if not path.exists():
        return lambda _index, _day: ()
    own = [
        ("cloud", "=", "gcp"),
        ("region", "=", "us-central1"),
        ("machine_type", "=", "a3-highgpu-8g"),
    ]
    table = parquet.read_table(path, columns=["date", "flags", *COMMITMENTS], filters=own)
    rows = sorted((r["date"].date(), r) for r in table.to_pylist() if not r["flags"])

    def known(index: str, day: date) -> list[CurveInput]:
        if index != COMMITTED:
            return []
        before = [(on, row) for on, row in rows if on <= day]
        if not before:
            return []
        on, row = before[-1]
        first = Month.of(day + timedelta(days=1))
        return [
            reserved_input(
                f"GCP us-central1 a3-highgpu-8g {months // 12}-year commitment {on}",
                first,
                months,
                round(row[column] * 1e6),
            )
            for column, months in COMMITMENTS.items()
            if row[column]
        ]

    return known


class CurveStore:
    """Curves in a folder, a Parquet file an index and day; what was published is never replaced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self._kept: dict[tuple[str, int], StoredCurve] = {}

    def indices(self) -> list[str]:
        """Names of the indices that have a curve."""
        return sorted({path.parent.name for path in self.folder.glob("*/[0-9]*.parquet")})

    def days(self, index: str) -> list[int]:
        """Days with a curve, YYYYMMDD, ascending."""
        if not NAME.fullmatch(index):
            return []
        found = (path.stem for path in (self.folder / index).glob("[0-9]*.parquet"))
        return sorted(int(stem) for stem in found if len(stem) == 8 and stem.isdecimal())

    def read(self, index: str, day: int = 0) -> StoredCurve | None:
        """The curve of a day, of the last one without; None where there is none."""
        days = self.days(index)
        if not days or (day and day not in days):
            return None
        named = (index, day or days[-1])
        if named not in self._kept:
            stored = read_curve(self._path(*named).read_bytes())
            self._kept = dict([*self._kept.items(), (named, stored)][-32:])
        return self._kept[named]

    def keep(self, stored: StoredCurve) -> Path:
        """Lays down a curve whole or not at all. Raises FileExistsError for a day that has one."""
        path = self._path(stored.curve.index, day_number(stored.curve.day))
        if path.exists():
            raise FileExistsError(f"{path}: a published curve is never replaced")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_bytes(write_curve(stored.curve, stored.published))
        draft.rename(path)
        return path

    def _path(self, index: str, day: int) -> Path:
        return self.folder / index / f"{day:08d}.parquet"


class CurveDesk:
    """Publishes the curve of each settled day from what the views show, once it can be."""

    def __init__(
        self,
        market: MarketView,
        store: CurveStore,
        commitments: Commitments = lambda _index, _day: (),
    ) -> None:
        self._market, self.store, self._commitments = market, store, commitments
        self._waited: dict[tuple[str, int], int] = {}
        """Since when a curve waits for its quotes, nanoseconds UTC."""
        self._seen = (0, 0, list[str]())
        """Day settled, series known, and the indices they are listed on."""

    def due(self, now: int) -> list[tuple[str, date, list[CurveInput]]]:
        """(index, day, inputs) of each curve that can be published now."""
        settled = self._market.settled_day
        if not settled:
            return []
        day, found = numbered_day(settled), []
        if self._seen[:2] != (settled, len(self._market.series)):
            names = indices_with_curves(self._market)
            self._seen = (settled, len(self._market.series), names)
        for index in self._seen[2]:
            if settled in self.store.days(index):
                continue
            shown = curve_inputs(self._market, index, day, now, partial(self._other, settled))
            if not shown.inputs:
                continue
            since = self._waited.setdefault((index, settled), now)
            if shown.quoted == shown.futures or now - since >= WAIT_SECONDS * 10**9:
                found.append((index, day, shown.inputs))
        return found

    def _other(self, day: int, index: str) -> Forward | None:
        stored = self.store.read(index, day)
        return None if stored is None else stored.curve.forward

    def publish(self, index: str, day: date, inputs: list[CurveInput], now: int) -> str:
        """Builds and keeps a curve; gives what was published in a sentence."""
        first = min(one.first for one in inputs)
        quoted = max(one.last for one in inputs).minus(first) + 1
        bounds = [one for one in self._commitments(index, day) if one.first == first]
        months = max([quoted, *(one.last.minus(first) + 1 for one in bounds)])
        curve = build_curve(index, day, CurveTerms(first, months), [*inputs, *bounds])
        self.store.keep(StoredCurve(curve, now))
        wrong = "; ".join(one.said() for one in curve.inconsistent)
        return (
            f"The {index} curve of {day} is published: {len(curve.months)} months from "
            f"{len(curve.repricings)} prices; {wrong or 'none contradicts another'}."
        )


async def keep_curves(
    desk: CurveDesk,
    clock: Clock,
    say: Callable[[str], None],
    tell: Callable[[list[dict[str, Any]]], None] = lambda _: None,
) -> None:
    """The curve of a served house, day by day, until it is cancelled; `tell` hands each to its
    stream.
    """
    said = ""
    while True:
        try:
            for index, day, inputs in desk.due(clock()):
                say(await asyncio.to_thread(desk.publish, index, day, inputs, clock()))
                stored = desk.store.read(index, day_number(day))
                tell([increment(stored)] if stored else [])
        except (OSError, ValueError) as error:
            # A curve that cannot be made must not end those of the days to come.
            sentence = f"No curve is published: {error}."
            if sentence != said:
                say(sentence)
            said = sentence
        await asyncio.sleep(PAUSE_SECONDS)
