"""The index desk: evidence of sources becomes rows of records: provisional, final, corrected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as arrow

from lasalle.indices import (
    ChainMethod,
    EvidenceBook,
    MeanMethod,
    Observation,
    State,
    Status,
    fixing_history,
    method_of,
    parse_method,
    published_methods,
)
from lasalle.indices.adoption import Stages, stages_of
from lasalle.indices.bundle import chain_bundle, day_of, fixing_row, mean_bundle
from lasalle.indices.chain import Step, parse_state
from lasalle.indices.evidence import EVIDENCE_SCHEMA
from lasalle.indices.history import staged
from lasalle.indices.manipulation import exposure, exposure_row
from lasalle.indices.published import Method
from lasalle.indices.quotes import DAY, DateEvidence, evidence_table, parse_row
from lasalle.indices.record import Row, Stage, due, lateness
from lasalle.indices.sources import Source, Unreachable
from lasalle.indices.step import step
from lasalle.institution.index_store import (
    IndexStore,
    correction_name,
    last_final_day,
    name_of,
)

EVER = 2**62
"""Nanoseconds UTC beyond any date."""
AT_ONCE = 32
"""Dates laid down together: who is stopped makes no more of them again."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A date of a chained index with all that its bundle needs."""

    method: ChainMethod
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
    stages: Stages, book: EvidenceBook, state: State | None, last: int
) -> Iterable[Lived]:
    """Every date after a state to a last one, one after another, each under its version."""
    for method, before, evidence, made in staged(stages, book, last, state):
        yield Lived(method, before, evidence, made)


class IndexDesk:
    """Fixes chained indices from evidence and lays them down in a store."""

    def __init__(
        self,
        store: IndexStore,
        book: EvidenceBook,
        now: int,
        lots: int,
        silent: Iterable[str] = (),
    ) -> None:
        """silent: names of sources that were asked for this evidence and failed."""
        self._store, self._book, self._now, self._lots = store, book, now, lots
        self._silent = frozenset(silent)

    def fix(
        self,
        method: ChainMethod,
        last: date | None = None,
        *,
        through: bool = False,
        going: Callable[[], bool] = lambda: True,
    ) -> list[Row]:
        """Rows of every date that has come due since the last final one, some at a time.

        through: dates that ended after the newest evidence are fixed too, as the ladder has it for
        a date without. going: asked before each date; when it says no, what is made is laid down.
        """
        begun_alike(self._store, method)
        state = standing_state(self._store, method.index)
        found: list[Row] = []
        rows: list[Row] = []
        bundles: dict[str, bytes] = {}
        stages = stages_of(method, self._store.adoptions())
        for one in lived(stages, self._book, state, self._last(method, last, through)):
            stage = due(one.method, one.evidence.day, self._now)
            if stage is None or not going():
                break
            rows.append(self._row(one, stage))
            bundles[name_of(one.evidence.day)] = chain_bundle(
                one.method, one.before, one.evidence, one.made
            )
            if stage is Stage.FINAL:
                state = one.made.state
                if len(rows) >= AT_ONCE:
                    found += self._keep(method.index, rows, bundles, state)
                    rows, bundles = [], {}
        return found + self._keep(method.index, rows, bundles, state)

    def _keep(
        self, index: str, rows: list[Row], bundles: dict[str, bytes], state: State | None
    ) -> list[Row]:
        """Lays down the rows that are not told yet."""
        told = {r.fixing["day"]: r for r in self._store.record(index).current()}
        fresh = [r for r in rows if not _same(told.get(r.fixing["day"]), r)]
        if fresh:
            self._store.keep(index, fresh, bundles, state)
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
        stages = stages_of(method, self._store.adoptions())
        for one in lived(stages, self._book, before, day_of(date.fromisoformat(last))):
            state = one.made.state
            final = record.settles(name_of(one.evidence.day))
            price = one.made.fixing.price
            if final is not None and final.fixing["price"] != price:
                row = fixing_row(one.made.fixing, one.method)
                old = final.fixing["price"]
                rows.append(Row(Stage.CORRECTION, row, self._now, old_price=old, why=why))
                name = correction_name(one.evidence.day, len(record.rows) + len(rows))
                bundles[name] = chain_bundle(one.method, one.before, one.evidence, one.made)
        if rows:
            self._store.keep(method.index, rows, bundles, state, (from_day.isoformat(), last))
        return rows

    def _last(self, method: ChainMethod, last: date | None, through: bool) -> int:
        ended = (self._now - method.provisional) // DAY - 1
        if through:
            return min(ended, day_of(last)) if last else ended
        found = [evidence.day for evidence in self._book.dates(method)]
        newest = min(ended, max(found, default=0))
        return min(newest, day_of(last)) if last else newest

    def _row(self, one: Lived, stage: Stage) -> Row:
        method = one.method
        found = exposure(method, one.before, one.evidence, one.made, self._lots)
        return Row(
            stage,
            fixing_row(one.made.fixing, method),
            self._now,
            exposure=exposure_row(found, self._lots) if found else {},
            late=lateness(method, one.evidence.day, stage, self._now),
            silent=tuple(sorted(self._silent & method.sources)),
        )


def standing_state(store: IndexStore, index: str) -> State | None:
    """What the last final date left. Who was stopped between laying down a record and its state
    has it again from that date's bundle, whatever its sources say by now.
    """
    state, record = store.state(index), store.record(index)
    last = last_final_day(record)
    if not last or (state is not None and state.day >= day_of(date.fromisoformat(last))):
        return state
    final = record.settles(last)
    bundle = store.bundle(index, last)
    if final is None or bundle is None:
        raise ValueError(f"{index}: expected the bundle of {last}, its last final date, found none")
    content = json.loads(bundle)
    method = parse_method(content["method"].encode("utf-8"))
    if not isinstance(method, ChainMethod):
        return state  # a mean keeps no state
    day = day_of(date.fromisoformat(last))
    rows = [parse_row(row.encode("ascii")) for row in content["rows"]]
    before = parse_state([row.encode("ascii") for row in content["state"]])
    dates = EvidenceBook(evidence_table(rows)).dates(method)
    evidence = next(iter(dates), DateEvidence(day, (), (), frozenset(), False))
    after = step(method, before, evidence).state
    if after.root != final.fixing["state_after"]:
        expected = f"the state {final.fixing['state_after']} after {last}"
        raise ValueError(f"{index}: expected {expected}, its bundle gives {after.root}")
    return after


def fix_mean(
    store: IndexStore,
    method: MeanMethod,
    observations: Sequence[Observation],
    now: int,
    last: date | None,
    *,
    through: bool = False,
) -> list[Row]:
    """Rows of version 1, which is final when it is published.

    through: dates up to `last` that have no evidence carry the fixing before them.
    """
    begun_alike(store, method)
    after = last_final_day(store.record(method.index))
    fixings = [
        f
        for f in fixing_history(observations, last if through else None, method.identity)
        if f.day.isoformat() > after and (last is None or f.day <= last)
    ]
    rows = []
    for f in fixings:
        late = lateness(method, day_of(f.day), Stage.FINAL, now)
        rows.append(Row(Stage.FINAL, fixing_row(f, method), now, late=late))
    bundles = {f.day.isoformat(): mean_bundle(method, f, observations) for f in fixings}
    if rows:
        store.keep(method.index, rows, bundles, None)
    return rows


def begun_alike(store: IndexStore, method: Method) -> None:
    """Refuses to continue a record of a mean by a chain, or the other way about: its next row would
    be another index. Raises ValueError.
    """
    rows = store.record(method.index).rows
    mean = bool(rows) and rows[-1].fixing["method_version"] == 1
    if rows and mean is not isinstance(method, MeanMethod):
        found = rows[-1].fixing["method_version"]
        expected = f"expected a record under method {method.version} or none"
        raise ValueError(f"{method.index}: {expected}, found one under {found}; --dir, another one")


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


def standing(store: IndexStore, latest: Method) -> Method:
    """The method an index goes on under in a folder: that of its newest row, else the latest. A
    later one is adopted and never slips in (IDX-025)."""
    try:
        rows = store.record(latest.index).rows
    except (OSError, ValueError):
        return latest  # what is wrong with it is said when it is to be fixed
    return method_of(latest.index, rows[-1].fixing["method_version"]) if rows else latest


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
