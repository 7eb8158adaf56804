"""What a served house does once a day is closed, each thing once, wherever it was stopped.

A duty says which settled days it lacks from what it has laid down or what the log shows, never from
memory; it is carried out beside the event loop. What fails is told once, held among the faults of
the house, and tried again; every day since the house began to keep evenings is made up, the oldest
first, while the house serves and after it was stopped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lasalle.gateway.held import HeldFaults
from lasalle.gateway.measures import CoverMeasures
from lasalle.institution.collateral_desk import read_issuers
from lasalle.institution.cover_desk import (
    CoverStore,
    GroupsWrong,
    Listing,
    content_of,
    make_run,
    read_groups,
)
from lasalle.institution.cycle import first_table
from lasalle.institution.index_store import lay_down
from lasalle.institution.views import LivingViews

BEGUN = "evenings-begun"
"""File with the first settled day whose evening the house keeps, YYYYMMDD."""
PAUSE_SECONDS, FAILED_SECONDS, LONGEST_SECONDS = 1.0, 60.0, 3_600.0
"""Between two looks; before a day that failed is tried again, and twice as long each time up to the
last."""
Say = Callable[[str], None]


class Duty(Protocol):
    """One thing to do of each closed day."""

    @property
    def name(self) -> str:
        """As its faults are held under."""

    def first(self) -> int:
        """The first day that has it, YYYYMMDD; 0 where none does."""

    def due(self, day: int) -> bool:
        """Whether a closed day still lacks it; asked beside the event loop."""

    async def carry_out(self, day: int) -> str:
        """Does it; gives a sentence for the log, or none."""


def closed_day(views: LivingViews) -> int:
    """The settled day (YYYYMMDD) whose margin table is in force and under which every account has
    been judged; 0 when there is none. The day's desk numbers its tables by the day; whoever loads
    them by hand is seen to put one in force after the settlement."""
    market, day = views.market, views.market.settled_day
    tabled = market.table >= first_table(day) or market.tabled_day == day
    return int(day) if day and tabled and not views.accounts.stale() else 0


def closed_days(views: LivingViews) -> list[int]:
    """Every closed day of the house, ascending: all settled days but one that is under way."""
    closed, settled = closed_day(views), views.market.settled_day
    days = [day for day in views.history.settled_days() if day < settled]
    return [*days, closed] if closed else days


@dataclass
class CoverDuty:
    """The run of Cover-1 and Cover-2. A breach is told in the log and by a gauge."""

    folder: Path
    listing: Listing
    store: CoverStore
    measures: CoverMeasures
    simulated: bool
    name: str = "cover"
    _known: set[int] = field(default_factory=set)

    def first(self) -> int:
        """The first day with a run."""
        return min(self.store.days(), default=0)

    def due(self, day: int) -> bool:
        """Whether no run of the day is kept."""
        if day not in self._known:
            self._known = set(self.store.days())
            last = max(self._known, default=0)
            kept = self.store.read(last) if last else None
            if kept:
                self.measures.show(kept)
        return day not in self._known

    async def carry_out(self, day: int) -> str:
        """Makes and keeps the run, beside the event loop."""
        return await asyncio.to_thread(self._run, day)

    def _run(self, day: int) -> str:
        # Looked at before the journal is: a file that is wrong costs no replay.
        read_groups(self.folder)
        read_issuers(self.folder)
        run = make_run(self.folder, self.listing, day, simulated=self.simulated)
        self.store.keep(day, content_of(run))
        return run.said()


class Evenings:
    """The duties of a served house over every closed day since it began to keep them."""

    def __init__(
        self,
        folder: Path,
        views: LivingViews,
        duties: Sequence[Duty],
        faults: HeldFaults,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._views, self._duties = folder / BEGUN, views, duties
        self._faults, self._clock = faults, clock
        self._done: set[tuple[str, int]] = set()
        self._again: dict[tuple[str, int], tuple[float, float]] = {}
        """When what failed is tried again, and how long it waited."""

    def begun(self, days: Sequence[int]) -> int:
        """The first day to keep: the oldest that any duty has, else the newest closed one. It is
        written down before anything is made, so that one that never comes off is not forgotten."""
        if self._path.exists():
            return int(self._path.read_text())
        first = min((d for d in (duty.first() for duty in self._duties) if d), default=days[-1])
        lay_down(self._path, f"{first}\n".encode())
        return first

    def lacking(self) -> list[tuple[Duty, int]]:
        """What is to be done now, the oldest day first; slow."""
        days = closed_days(self._views)
        if not days:
            return []
        begun, now, found = self.begun(days), self._clock(), list[tuple[Duty, int]]()
        for day in (day for day in days if day >= begun):
            for duty in self._duties:
                key = duty.name, day
                if key in self._done or now < self._again.get(key, (0.0, 0.0))[0]:
                    continue
                if duty.due(day):
                    found.append((duty, day))
                elif day < days[-1]:
                    self._done.add(key)
        return found

    async def keep(self, say: Say) -> None:
        """Does what lacks, once."""
        for duty, day in await asyncio.to_thread(self.lacking):
            key, name = (duty.name, day), f"{duty.name} of {day}"
            try:
                sentence = await duty.carry_out(day)
            except Exception as error:
                # What fails of one evening must not end the others, nor those to come.
                waited = self._again.get(key, (0.0, FAILED_SECONDS / 2))[1]
                pause = min(LONGEST_SECONDS, 2 * waited)
                if isinstance(error, GroupsWrong):
                    pause = FAILED_SECONDS
                self._again[key] = (self._clock() + pause, pause)
                told = str(error) or repr(error)
                self._faults.hold(name, f"An evening's work failed, {name}: {told}")
                continue
            self._again.pop(key, None)
            self._faults.clear(name)
            await asyncio.to_thread(duty.due, day)
            if sentence:
                say(sentence)


async def keep_evenings(evenings: Evenings, say: Say) -> None:
    """The evenings of a served house, until it is cancelled."""
    while True:
        try:
            await evenings.keep(say)
        except Exception as error:
            # A disk that does not even say what is kept is asked again.
            say(f"An evening's work failed: {str(error) or repr(error)}.")
            await asyncio.sleep(FAILED_SECONDS)
        await asyncio.sleep(PAUSE_SECONDS)
