"""The timetable of the indices in a served house: evidence is looked at while a date lasts, and
each date is fixed when its method says, provisional and later final, once, however often the house
is stopped between; what was missed is caught up and says how late it is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as arrow

from lasalle.gateway.derived import increments
from lasalle.gateway.measures import IndexMeasures
from lasalle.indices import EVIDENCE_SCHEMA, ChainMethod, EvidenceBook, MeanMethod, Observation
from lasalle.indices.adoption import stages_of
from lasalle.indices.bundle import date_of, day_of
from lasalle.indices.gcp_history import gcp_history
from lasalle.indices.published import Method
from lasalle.indices.quotes import DAY
from lasalle.indices.record import Row, Stage, moment
from lasalle.indices.sources import Source
from lasalle.institution.derived_desk import DerivedDesk, said_of
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.index_desk import (
    IndexDesk,
    chosen,
    dates_told,
    fix_mean,
    standing,
    standing_state,
)
from lasalle.institution.index_sources import OBSERVED, IndexSettings, KeptEvidence
from lasalle.institution.index_store import IndexStore, last_final_day

PAUSE_SECONDS = 1.0
AGAIN_SECONDS = 60
"""How long an index that could not be fixed waits before it is tried again."""
Clock = Callable[[], int]
Own = Callable[[date], EvidenceBook | Sequence[Observation]]
"""All the evidence of an index up to a date, where it does not come from sources."""


@dataclass
class Round:
    """What one round did: rows laid down by index, and who failed, with a sentence each."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    """Sources that could not be read."""
    failed: dict[str, str] = field(default_factory=dict)
    """Indices that could not be fixed, and are tried again."""


class Rounds:
    """Fixes the indices of a house as their dates come due. One thread at a time."""

    def __init__(
        self,
        store: IndexStore,
        asked: IndexSettings,
        read: Mapping[str, Source],
        looked: Mapping[str, Source],
        *,
        own: Mapping[str, Own] | None = None,
        methods: Mapping[str, Method] | None = None,
        lots: Callable[[int], int] = lambda _: 0,
    ) -> None:
        """read: sources a fixing reads. looked: those that are looked at while a date lasts. own:
        indices with evidence of their own. methods: under which some are fixed, others under the
        latest. lots: open interest by number of an index.
        """
        self._store, self._asked, self._lots = store, asked, lots
        self._read, self._looked, self._own = dict(read), dict(looked), dict(own or {})
        named = {method.index: method for method in chosen(list(asked.indices))}
        self._methods = [(methods or {}).get(i) or standing(store, named[i]) for i in named]
        self._kept = {n: KeptEvidence(store.folder / OBSERVED, n) for n in self._looked}
        self._done: dict[str, int] = {}
        self._not_before: dict[str, int] = {}
        self._seen = 0
        self._blind: dict[str, str] = {}
        """Sources whose last look failed."""
        self.stopping = threading.Event()
        """Set when the house closes: what is made by then is laid down."""

    @property
    def methods(self) -> tuple[Method, ...]:
        """Under which each index is fixed."""
        return tuple(self._methods)

    def due(self, now: int) -> list[Method]:
        """Methods that have reached a stage of a date since they were last fixed."""
        return [
            method
            for method in self._methods
            if self._not_before.get(method.index, 0) <= now
            and any(self._passed(method, stage, now) for stage in (Stage.PROVISIONAL, Stage.FINAL))
        ]

    def _passed(self, method: Method, stage: Stage, now: int) -> bool:
        first = moment(method, -1, stage)
        done = self._done.get(method.index)
        return done is None or (now - first) // DAY > (done - first) // DAY

    def _stands(self, method: Method, now: int) -> bool:
        """Whether the record has every date there is to have, as after a start on the same day."""
        if method.index in self._done:
            return False
        stages = (Stage.PROVISIONAL, Stage.FINAL) if isinstance(method, ChainMethod) else (
            Stage.FINAL, Stage.FINAL)  # fmt: skip
        newest, final = (date_of((now - moment(method, -1, s)) // DAY - 1) for s in stages)
        try:
            record = self._store.record(method.index)
        except (OSError, ValueError):
            return False  # what is wrong with it is said when it is to be fixed
        days = {row.fixing["day"] for row in record.rows}
        if newest.isoformat() not in days or last_final_day(record) < final.isoformat():
            return False
        self._done[method.index] = now
        return True

    def look_due(self, now: int) -> bool:
        """Whether publishers and the venue's own offers are to be looked at."""
        return bool(self._looked) and now - self._seen >= self._asked.observe_minutes * 60 * 10**9

    def look(self, now: int) -> Round:
        """Looks at what stands now, and keeps it."""
        told = Round()
        since = max(self._seen, now - DAY)
        for name, source in self._looked.items():
            try:
                rows = source.read(since, now + 1)
                if len(rows):
                    self._kept[name].keep(rows, now)
                self._blind.pop(name, None)
            except Exception as error:  # whatever a publisher does, the others are looked at
                self._blind[name] = told.silent[name] = f"{name}: {error}"
        self._seen = now
        return told

    def run(self, now: int) -> Round:
        """Fixes what is due; an index or a source that fails stops none of the others."""
        told = Round()
        methods = [method for method in self.due(now) if not self._stands(method, now)]
        if not methods:
            return told
        with self._store.alone():
            chains = [m for m in methods if isinstance(m, ChainMethod) and m.index not in self._own]
            book = self._collected(chains, now, told)
            for method in methods:
                if self.stopping.is_set():
                    break
                try:
                    rows = self._fixed(method, book, now, told.silent)
                    if not self.stopping.is_set():
                        self._done[method.index] = now
                    if rows:
                        told.rows[method.index] = rows
                except Exception as error:  # the other indices are fixed at their time
                    told.failed[method.index] = f"{method.index}: {error}"
                    self._not_before[method.index] = now + AGAIN_SECONDS * 10**9
        return told

    def _collected(self, methods: Sequence[ChainMethod], now: int, told: Round) -> EvidenceBook:
        """Evidence of the dates that chains have not ended, from every source one of them names."""
        since = now
        for method in methods:
            try:
                state = standing_state(self._store, method.index)
            except (OSError, ValueError):
                continue  # an index that cannot be fixed says so at its own turn
            first = date_of(state.day + 1) if state else self._asked.begins
            since = min(since, day_of(max(first, self._asked.begins)) * DAY)
        known = self._store.adoptions()
        stages = [stage for method in methods for _, stage in stages_of(method, known)]
        wanted = {name for method in stages for name in method.sources}
        tables = [EVIDENCE_SCHEMA.empty_table()]
        for name in sorted(wanted & (self._read.keys() | self._looked.keys())):
            for source in (self._read.get(name), self._kept.get(name)):
                if source is None:
                    continue
                try:
                    tables.append(source.read(since, now))
                except Exception as error:  # its name goes into the record
                    told.silent[name] = f"{name}: {error}"
            if name in self._blind:
                told.silent.setdefault(name, self._blind[name])
        return EvidenceBook(arrow.concat_tables(tables))

    def _fixed(
        self, method: Method, book: EvidenceBook, now: int, silent: Mapping[str, str]
    ) -> list[Row]:
        stage = Stage.PROVISIONAL if isinstance(method, ChainMethod) else Stage.FINAL
        last = date_of((now - moment(method, -1, stage)) // DAY - 1)
        own = self._own[method.index](last) if method.index in self._own else None
        if isinstance(method, MeanMethod):
            seen = self._observations() if own is None else own
            assert not isinstance(seen, EvidenceBook), "version 1 is made of observations"
            return fix_mean(self._store, method, seen, now, last, through=True) if seen else []
        assert own is None or isinstance(own, EvidenceBook), "a chain is made of evidence"
        lots = self._lots(method.number)
        desk = IndexDesk(self._store, own or book, now, lots, silent if own is None else ())
        return desk.fix(method, last, through=True, going=lambda: not self.stopping.is_set())

    def _observations(self) -> Sequence[Observation]:
        path = self._asked.prices / "gpu_prices" / MARKET_FILE
        return gcp_history(path) if path.is_file() else ()


async def keep_indices(
    rounds: Rounds,
    clock: Clock,
    say: Callable[[str], None],
    measures: IndexMeasures,
    derived: DerivedDesk | None = None,
    tell: Callable[[list[dict[str, Any]]], None] = lambda _: None,
) -> None:
    """The indices of a served house, until it is cancelled; the work is done beside the loop.

    derived: made of the fixings after each round; `tell` hands them to the stream.
    """
    said: set[str] = set()
    try:
        while True:
            for wanted, carry_out in ((rounds.look_due, rounds.look), (rounds.due, rounds.run)):
                if not wanted(clock()):
                    continue
                try:
                    told = await asyncio.to_thread(carry_out, clock())
                except Exception as error:  # a disk that is full is tried again
                    told = Round(failed={"indices": f"indices: {error!r}"})
                    await asyncio.sleep(AGAIN_SECONDS)
                said = _tell(told, said, say, measures)
            if derived is not None:
                said = await _derive(derived, clock, (said, say, measures), tell)
            await asyncio.sleep(PAUSE_SECONDS)
    finally:
        rounds.stopping.set()


async def _derive(
    desk: DerivedDesk,
    clock: Clock,
    telling: tuple[set[str], Callable[[str], None], IndexMeasures],
    tell: Callable[[list[dict[str, Any]]], None],
) -> set[str]:
    """Publishes the derived indices that are due; one that fails is tried again."""
    said, say, measures = telling
    try:
        for due in desk.due(clock()):
            made = await asyncio.to_thread(desk.publish, due, clock())
            say(said_of(made))
            tell(increments(made))
    except Exception as error:  # the fixings of the next date come all the same
        told = Round(failed={"derived": f"derived indices: {error!r}"})
        said = _tell(told, said, say, measures)
        await asyncio.sleep(AGAIN_SECONDS)
    return said


def _tell(
    told: Round, said: set[str], say: Callable[[str], None], measures: IndexMeasures
) -> set[str]:
    """Says and counts what a round did; a failure is said once while it lasts."""
    for index, rows in told.rows.items():
        late = sum(row.late > 0 for row in rows)
        say(f"{index}: {dates_told(rows)}{f'; {late} of them late' if late else ''}.")
        for row in rows:
            measures.rows.labels(index, row.stage.value, row.fixing["status"]).inc()
    for name in told.silent:
        measures.silent.labels(name).inc()
    for index in told.failed:
        measures.failures.labels(index).inc()
    failures = {*told.silent.values(), *told.failed.values()}
    for sentence in sorted(failures - said):
        say(f"Evidence or an index failed: {sentence[:300]}.")
    return failures if told.rows or failures else said
