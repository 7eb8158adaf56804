"""What a served house does once a day is closed, each thing once, wherever it was stopped.

A duty says which settled day it lacks from what it has laid down or what the log shows, never from
memory; it is carried out beside the event loop, and tried again later where it fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lasalle.gateway.measures import CoverMeasures
from lasalle.institution.cover_desk import CoverStore, Listing, content_of, make_run
from lasalle.institution.cycle import first_table
from lasalle.institution.views import LivingViews

PAUSE_SECONDS, FAILED_SECONDS = 1.0, 60.0
Say = Callable[[str], None]


class Duty(Protocol):
    """One thing to do of each closed day."""

    def due(self, day: int) -> bool:
        """Whether the closed day still lacks it."""

    async def carry_out(self, day: int) -> str:
        """Does it; gives a sentence for the log, or none."""


def closed_day(views: LivingViews) -> int:
    """The settled day (YYYYMMDD) whose margin table is in force and under which every account has
    been judged; 0 when there is none. The day's desk numbers its tables by the day; whoever loads
    them by hand is seen to put one in force after the settlement."""
    market, day = views.market, views.market.settled_day
    tabled = market.table >= first_table(day) or market.tabled_day == day
    return int(day) if day and tabled and not views.accounts.stale() else 0


@dataclass
class CoverDuty:
    """The run of Cover-1 and Cover-2. A breach is told in the log and by a gauge."""

    folder: Path
    listing: Listing
    store: CoverStore
    measures: CoverMeasures
    simulated: bool
    _known: set[int] = field(default_factory=set)

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
        """Makes and keeps the run."""
        run = await asyncio.to_thread(
            make_run, self.folder, self.listing, day, simulated=self.simulated
        )
        self.store.keep(day, content_of(run))
        return run.said()


async def keep_evenings(views: LivingViews, duties: Sequence[Duty], say: Say) -> None:
    """The evenings of a served house, until it is cancelled."""
    said = ""
    while True:
        pause = PAUSE_SECONDS
        day = closed_day(views)
        for duty in duties if day else ():
            try:
                if duty.due(day):
                    sentence = await duty.carry_out(day)
                    duty.due(day)
                    if sentence:
                        say(sentence)
            except Exception as error:
                # What fails of one evening must not end the others, nor those to come.
                sentence, pause = f"An evening's work failed: {error}.", FAILED_SECONDS
                if sentence != said:
                    say(sentence)
                said = sentence
        await asyncio.sleep(pause)
