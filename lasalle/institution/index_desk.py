"""The index desk: evidence of sources becomes rows of records: provisional, final, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as arrow

from lasalle.indices import (
    ChainMethod,
    EvidenceBook,
    MeanMethod,
    State,
    Status,
    fixing_history,
    published_methods,
)
from lasalle.indices.bundle import chain_bundle, day_of, fixing_row, mean_bundle
from lasalle.indices.chain import Step
from lasalle.indices.evidence import EVIDENCE_SCHEMA
from lasalle.indices.gcp_history import gcp_history
from lasalle.indices.manipulation import exposure, exposure_row
from lasalle.indices.quotes import DAY, DateEvidence
from lasalle.indices.record import Row, Stage, due
from lasalle.indices.sources import Source, Unreachable
from lasalle.indices.step import step
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.index_store import (
    IndexStore,
    correction_name,
    last_final_day,
    name_of,
)

EVER = 2**62
"""Nanoseconds UTC beyond any date."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A date of a chained index with all that its bundle needs."""

    before: State
    evidence: DateEvidence
    made: Step


def evidence_of(
    sources: Mapping[str, Source], methods: Iterable[ChainMethod], since: int, until: int
) -> tuple[EvidenceBook, list[str]]:
    """Evidence of every source that a method names and that can be asked; and who could not."""
    wanted = {name for method in methods for name in method.sources}
    tables, missing = [EVIDENCE_SCHEMA.empty_table()], []
    for name in sorted(wanted & sources.keys()):
        try:
            tables.append(sources[name].read(since, until))
        except Unreachable as error:
            missing.append(str(error))
    return EvidenceBook(arrow.concat_tables(tables)), missing


def lived(
    method: ChainMethod, book: EvidenceBook, state: State | None, last: int
) -> Iterable[Lived]:
    """Every date after a state to a last one, one after another."""
    found = {evidence.day: evidence for evidence in book.dates(method)}
    before = state or State()
    first = before.day + 1 if before.day else min(found, default=last + 1)
    for day in range(first, last + 1):
        evidence = found.get(day) or DateEvidence(day, (), (), frozenset(), False)
        made = step(method, before, evidence)
        yield Lived(before, evidence, made)
        before = made.state


class IndexDesk:
    """Fixes chained indices from evidence and lays them down in a store."""

    def __init__(self, store: IndexStore, book: EvidenceBook, now: int, lots: int) -> None:
        self._store, self._book, self._now, self._lots = store, book, now, lots

    def fix(self, method: ChainMethod, last: date | None = None) -> list[Row]:
        """Rows of every date that has come due since the last final one."""
        state = self._store.state(method.index)
        rows, bundles = [], {}
        kept = state
        for one in lived(method, self._book, state, self._last(method, last)):
            stage = due(method, one.evidence.day, self._now)
            if stage is None:
                break
            rows.append(self._row(method, one, stage))
            bundles[name_of(one.evidence.day)] = chain_bundle(
                method, one.before, one.evidence, one.made
            )
            if stage is Stage.FINAL:
                kept = one.made.state
        told = {r.fixing["day"]: r for r in self._store.record(method.index).current()}
        fresh = [r for r in rows if not _same(told.get(r.fixing["day"]), r)]
        if fresh:
            self._store.keep(method.index, fresh, bundles, kept)
        return fresh

    def correct(self, method: ChainMethod, from_day: date, why: str, before: State) -> list[Row]:
        """Correction rows of the final dates from one on, whose price the evidence of now does not
        give; the chain goes on from the state they leave (IDX-014).
        """
        record = self._store.record(method.index)
        last = last_final_day(record)
        if not last or from_day.isoformat() > last:
            raise ValueError(f"day: expected a final one, up to {last or 'none'}, found {from_day}")
        span = self._store.corrected(method.index)
        if span and span[0] < from_day.isoformat() <= span[1]:
            # The bundles between do not know of the correction: to begin from one undoes it.
            expected = f"expected {span[0]}, from which it was corrected before, or a date before"
            raise ValueError(f"day: {expected} it or after {span[1]}, found {from_day}")
        rows, bundles, state = [], {}, before
        for one in lived(method, self._book, before, day_of(date.fromisoformat(last))):
            state = one.made.state
            final = record.settles(name_of(one.evidence.day))
            price = one.made.fixing.price
            if final is not None and final.fixing["price"] != price:
                row = fixing_row(one.made.fixing, method)
                old = final.fixing["price"]
                rows.append(Row(Stage.CORRECTION, row, self._now, old_price=old, why=why))
                name = correction_name(one.evidence.day, len(record.rows) + len(rows))
                bundles[name] = chain_bundle(method, one.before, one.evidence, one.made)
        if rows:
            self._store.keep(method.index, rows, bundles, state, (from_day.isoformat(), last))
        return rows

    def _last(self, method: ChainMethod, last: date | None) -> int:
        ended = (self._now - method.provisional) // DAY - 1
        found = [evidence.day for evidence in self._book.dates(method)]
        newest = min(ended, max(found, default=0))
        return min(newest, day_of(last)) if last else newest

    def _row(self, method: ChainMethod, one: Lived, stage: Stage) -> Row:
        found = exposure(method, one.before, one.evidence, one.made, self._lots)
        return Row(
            stage,
            fixing_row(one.made.fixing, method),
            self._now,
            exposure=exposure_row(found, self._lots) if found else {},
        )


def fix_mean(
    store: IndexStore, method: MeanMethod, prices: Path, now: int, last: date | None
) -> list[Row]:
    """Rows of version 1, which is final when it is published."""
    observations = gcp_history(prices / "gpu_prices" / MARKET_FILE)
    after = last_final_day(store.record(method.index))
    fixings = [
        f
        for f in fixing_history(observations)
        if f.day.isoformat() > after and (last is None or f.day <= last)
    ]
    rows = [Row(Stage.FINAL, fixing_row(f, method), now) for f in fixings]
    bundles = {f.day.isoformat(): mean_bundle(method, f, observations) for f in fixings}
    if rows:
        store.keep(method.index, rows, bundles, None)
    return rows


def chosen(names: list[str]) -> list[ChainMethod | MeanMethod]:
    """The latest method of each named index, or of all. Raises ValueError for an unknown one."""
    latest: dict[str, ChainMethod | MeanMethod] = {}
    for (index, _), method in sorted(published_methods().items()):
        latest[index] = method
    unknown = [name for name in names if name not in latest]
    if unknown:
        raise ValueError(f"index: expected one of {', '.join(latest)}, found {unknown[0]}")
    return [latest[name] for name in names] or list(latest.values())


def _same(known: Row | None, row: Row) -> bool:
    """Whether a provisional row would only be told again."""
    return known is not None and (known.stage, known.fixing) == (row.stage, row.fixing)


def priced(row: Row) -> bool:
    """Whether a row has a price."""
    return bool(row.fixing["status"] != Status.NO_FIX.value)


def dates_told(rows: list[Row]) -> str:
    """What rows a desk added, in a sentence."""
    if not rows:
        return "nothing has come due"
    days = sorted(row.fixing["day"] for row in rows)
    fixed = sum(priced(row) for row in rows)
    words = f"{len(rows)} dates from {days[0]} to {days[-1]}: {fixed} with a price"
    return f"{words}, {len(rows) - fixed} without"
