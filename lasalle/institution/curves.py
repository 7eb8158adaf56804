"""The house's forward curve: what its views show becomes the curve of a day, kept in its folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as parquet

from lasalle.contracts import Month, day_number, numbered_day
from lasalle.indices import INDEX, METHOD
from lasalle.indices.curve import CurveInput, CurveTerms, Standing, reserved_input
from lasalle.indices.curve_file import StoredCurve, read_curve, write_curve
from lasalle.indices.curve_fit import build_curve
from lasalle.institution.estimates import MARKET_FILE
from lasalle.views import MarketView
from lasalle.views.market import SeriesView
from lasalle.wire import SeriesKind, SeriesState, Side

FOLDER = "curves"
INDEX_NAMES = {INDEX: METHOD.index}
"""Name of each index with a curve, by its number on the log."""
AROUND = 100
"""Divisor of a price that stands alone: it is known to one part in so many."""
WAIT_SECONDS, PAUSE_SECONDS = 120.0, 1.0
"""How long a curve waits for every future to be quoted on both sides, and between two looks."""
COMMITMENTS = {"commit_1y_usd_per_gpu_hour": 12, "commit_3y_usd_per_gpu_hour": 36}
Clock = Callable[[], int]
Commitments = Callable[[date], Sequence[CurveInput]]


def curve_inputs(
    market: MarketView, index: int, day: date, now: int
) -> tuple[list[CurveInput], int, int]:
    """(input of each future and swap of an index, futures quoted on both sides, futures).

    Months already settled carry no price any more; a series with a month that ended and is not yet
    settled waits.
    """
    value_month = Month.of(day + timedelta(days=1))
    made, quoted, futures = [], 0, 0
    since = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9
    for view in market.series.values():
        terms = view.terms
        if terms.index != index or view.state == SeriesState.EXPIRED:
            continue
        if terms.series_kind not in (SeriesKind.FUTURE, SeriesKind.SWAP):
            continue
        first = Month.from_number(max(view.first_month, terms.first_month))
        if first < value_month:
            continue
        found = _input(view, first, since, now)
        if found is not None:
            made.append(found)
        if terms.series_kind is SeriesKind.FUTURE:
            futures += 1
            quoted += bool(view.levels[Side.BUY] and view.levels[Side.SELL])
    return made, quoted, futures


def _input(view: SeriesView, first: Month, since: int, now: int) -> CurveInput | None:
    """What a series says: its book, a trade of the day, its mark; None without any price."""
    terms, mark = view.terms, view.mark
    bid = max(view.levels[Side.BUY], default=0)
    ask = min(view.levels[Side.SELL], default=0)
    dealt = [event.price for h, event in view.trades if since <= h.time <= now and event.price > 0]
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
        reach = max(terms.tick, price // AROUND)
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
        return lambda _: ()
    own = [
        ("cloud", "=", "gcp"),
        ("region", "=", "us-central1"),
        ("machine_type", "=", "a3-highgpu-8g"),
    ]
    table = parquet.read_table(path, columns=["date", "flags", *COMMITMENTS], filters=own)
    rows = sorted((r["date"].date(), r) for r in table.to_pylist() if not r["flags"])

    def known(day: date) -> list[CurveInput]:
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

    def days(self, index: str) -> list[int]:
        """Days with a curve, YYYYMMDD, ascending."""
        if index not in INDEX_NAMES.values():
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
        self, market: MarketView, store: CurveStore, commitments: Commitments = lambda _: ()
    ) -> None:
        self._market, self.store, self._commitments = market, store, commitments
        self._waited: dict[int, int] = {}
        """Since when a day waits for its quotes, nanoseconds UTC."""

    def due(self, now: int) -> list[tuple[str, date, list[CurveInput]]]:
        """(index, day, inputs) of each curve that can be published now."""
        settled = self._market.settled_day
        if not settled:
            return []
        day, found = numbered_day(settled), []
        for number, index in INDEX_NAMES.items():
            if settled in self.store.days(index):
                continue
            inputs, quoted, futures = curve_inputs(self._market, number, day, now)
            if not inputs:
                continue
            since = self._waited.setdefault(settled, now)
            if quoted == futures or now - since >= WAIT_SECONDS * 10**9:
                found.append((index, day, inputs))
        return found

    def publish(self, index: str, day: date, inputs: list[CurveInput], now: int) -> str:
        """Builds and keeps a curve; gives what was published in a sentence."""
        first = min(one.first for one in inputs)
        quoted = max(one.last for one in inputs).minus(first) + 1
        bounds = [one for one in self._commitments(day) if one.first == first]
        months = max([quoted, *(one.last.minus(first) + 1 for one in bounds)])
        curve = build_curve(index, day, CurveTerms(first, months), [*inputs, *bounds])
        self.store.keep(StoredCurve(curve, now))
        wrong = "; ".join(one.said() for one in curve.inconsistent)
        return (
            f"The {index} curve of {day} is published: {len(curve.months)} months from "
            f"{len(curve.repricings)} prices; {wrong or 'none contradicts another'}."
        )


async def keep_curves(desk: CurveDesk, clock: Clock, say: Callable[[str], None]) -> None:
    """The curve of a served house, day by day, until it is cancelled."""
    said = ""
    while True:
        try:
            for index, day, inputs in desk.due(clock()):
                say(await asyncio.to_thread(desk.publish, index, day, inputs, clock()))
        except (OSError, ValueError) as error:
            # A curve that cannot be made must not end those of the days to come.
            sentence = f"No curve is published: {error}."
            if sentence != said:
                say(sentence)
            said = sentence
        await asyncio.sleep(PAUSE_SECONDS)
