"""The derived indices of a served house: each date once provisional and once final, from the
records of its fixings, the books of its options and the evidence of what was to be had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as arrow

from lasalle.contracts import day_number, numbered_day
from lasalle.indices import EVIDENCE_SCHEMA, method_of
from lasalle.indices.bundle import date_of, day_of
from lasalle.indices.family import Derived, Leg, MonthQuotes, implied_volatility
from lasalle.indices.family.day_file import DerivedDay, read_day, write_day
from lasalle.indices.family.derived import Truth
from lasalle.indices.family.listed import family_of, family_table, indices_read
from lasalle.indices.quotes import DAY
from lasalle.indices.record import MEAN_PUBLISHED, PUNCTUAL_SECONDS, Stage
from lasalle.indices.sources import Source
from lasalle.indices.truth import truth_of
from lasalle.institution.index_store import IndexStore, lay_down
from lasalle.institution.option_quotes import option_quotes
from lasalle.views import MarketView

FOLDER = "derived"
CHALLENGE = DAY
"""Nanoseconds from the provisional publication of a date to the final one."""
CAUGHT_UP = 40
"""Dates a house that was down goes back for: what is older is made from the records by hand."""
EVIDENCE_DAYS = 40
"""Dates of evidence that availability and lead time look back over."""
WAIT_SECONDS, STILL_SECONDS = 120.0, 5.0
"""How long the books of options are waited for, and how long they stand still before they are read:
a maker that begins its day quotes them one after another."""


class DerivedStore:
    """Days of derived indices in a folder, a file a day and stage, never written over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self._days: set[tuple[int, Stage]] | None = None
        self._read: dict[tuple[int, Stage], DerivedDay] = {}

    def days(self) -> list[tuple[int, Stage]]:
        """Day (YYYYMMDD) and stage of every file, by day, the provisional one first."""
        if self._days is None:
            found = (path.stem.split(".") for path in self.folder.glob("????????.*.json"))
            self._days = {(int(day), Stage(stage)) for day, stage in found}
        return sorted(self._days, key=lambda one: (one[0], one[1] is Stage.FINAL))

    def read(self, day: int, stage: Stage) -> DerivedDay | None:
        """A day as it was published at a stage; None where it was not."""
        if (day, stage) not in self.days():
            return None
        if (day, stage) not in self._read:
            made = read_day(self._path(day, stage).read_bytes())
            self._read = dict([*self._read.items(), ((day, stage), made)][-64:])
        return self._read[day, stage]

    def keep(self, made: DerivedDay) -> None:
        """Lays a day down whole or not at all. Raises FileExistsError for one that is there."""
        path = self._path(made.day, made.stage)
        if path.exists():
            raise FileExistsError(f"{path}: a published day is never replaced")
        self.folder.mkdir(parents=True, exist_ok=True)
        lay_down(path, write_day(made))
        self._days = {*self.days(), (made.day, made.stage)}

    def _path(self, day: int, stage: Stage) -> Path:
        return self.folder / f"{day:08d}.{stage.value}.json"


@dataclass(frozen=True)
class DerivedDue:
    """A date (days since 1970) that has come due, with the option books of its end."""

    day: int
    stage: Stage
    options: Mapping[str, list[MonthQuotes]]
    late: int


class DerivedDesk:
    """Publishes the derived indices of each date."""

    def __init__(
        self,
        store: IndexStore,
        derived: DerivedStore,
        market: MarketView,
        read: Mapping[str, Source],
        *,
        modelled: bool = False,
    ) -> None:
        """read: sources of evidence of what was to be had, by name. modelled: whether the options
        of this house are quoted by its own maker, from a model."""
        self._modelled = modelled
        self._store, self.derived, self._market, self._read = store, derived, market, dict(read)
        self._since = 0
        self._still: tuple[int, int] = (0, 0)
        """Since when the books of options stand still, and how many sides they have."""

    def due(self, now: int) -> list[DerivedDue]:
        """Dates that can be published now. It reads the views, so it runs where they change."""
        ended = (now - MEAN_PUBLISHED) // DAY - 1
        final = (now - MEAN_PUBLISHED - CHALLENGE) // DAY - 1
        known = set(self.derived.days())
        last = max((day_of(numbered_day(day)) for day, _ in known), default=ended)
        found = []
        for day in range(max(min(last, ended), ended - CAUGHT_UP), ended + 1):
            number = day_number(date_of(day))
            stage = Stage.FINAL if day <= final else Stage.PROVISIONAL
            if (number, stage) in known or (number, Stage.FINAL) in known:
                continue
            options: Mapping[str, list[MonthQuotes]] = {}
            if stage is Stage.PROVISIONAL and day == ended:
                options = self._options(day)
                if not self._ready(options, number, now):
                    continue
            moment = (day + 1) * DAY + MEAN_PUBLISHED + (CHALLENGE if stage is Stage.FINAL else 0)
            seconds = (now - moment) // 10**9
            late = seconds if seconds > PUNCTUAL_SECONDS else 0
            found.append(DerivedDue(day, stage, options, late))
        return found

    def _options(self, day: int) -> dict[str, list[MonthQuotes]]:
        found = {}
        for index in family_table()["implied"].values():
            told = legs_of(self._store, index)
            prices = {numbered_day(on): leg.price for on, leg in told.items() if leg.price}
            number = method_of(index).number
            found[index] = option_quotes(self._market, number, date_of(day), prices)
        return found

    def _ready(self, options: Mapping[str, list[MonthQuotes]], day: int, now: int) -> bool:
        """Whether the books of options are to be read: they stand still, the date is settled and
        what they give has a value; or they were waited for long enough.
        """
        if not any(options.values()):
            return True
        self._since = self._since or now
        quotes = [q for months in options.values() for month in months for q in month.quotes]
        sides = sum(
            bool(side)
            for q in quotes
            for side in (q.call_bid, q.call_ask, q.put_bid, q.put_ask)
        )  # fmt: skip
        if sides != self._still[1]:
            self._still = (now, sides)
        waited = now - self._since >= WAIT_SECONDS * 10**9
        if not waited and (
            self._market.settled_day < day or now - self._still[0] < STILL_SECONDS * 10**9
        ):
            return False
        valued = all(implied_volatility(i, day, m).value for i, m in options.items())
        if waited or valued:
            self._since, self._still = 0, (0, 0)
        return waited or valued

    def publish(self, due: DerivedDue, now: int) -> DerivedDay:
        """Makes a date and lays it down."""
        day, number = date_of(due.day), day_number(date_of(due.day))
        fixings = {index: legs_of(self._store, index) for index in sorted(indices_read())}
        evidence, silent = self._evidence(due.day)
        kept = {index for index in self._read_or_listed() if self._store.keeps(index)}
        asked = bool(self._read)
        made_of = family_of(day, fixings, evidence, due.options, kept, asked=asked,
                            quoted=Truth(modelled=self._modelled))  # fmt: skip
        found = {one.index: one for one in made_of}
        before = self.derived.read(number, Stage.PROVISIONAL)
        if due.stage is Stage.FINAL and before is not None:
            # The books of that evening are gone: what they gave was final when it was read.
            found |= {i: d for i, d in before.indices.items() if i in family_table()["implied"]}
        made = DerivedDay(number, due.stage, now, due.late, silent, found)
        self.derived.keep(made)
        return made

    def _read_or_listed(self) -> frozenset[str]:
        return indices_read() | frozenset(family_table()["implied"].values())

    def _evidence(self, day: int) -> tuple[arrow.Table, tuple[str, ...]]:
        tables, silent = [EVIDENCE_SCHEMA.empty_table()], []
        for name, source in sorted(self._read.items()):
            try:
                tables.append(source.read((day + 1 - EVIDENCE_DAYS) * DAY, (day + 1) * DAY))
            except Exception:  # its name is published; the other sources are evidence all the same
                silent.append(name)
        return arrow.concat_tables(tables), tuple(silent)


def legs_of(store: IndexStore, index: str) -> dict[int, Leg]:
    """Fixings of an index as its record has them now, corrections left aside, by day (YYYYMMDD)."""
    legs = {}
    for row in store.record(index).current():
        told = row.fixing
        carried = told["status"] == "fixed" and "carried" in told["marks"]
        day = int(str(told["day"]).replace("-", ""))
        status = "carried" if carried else str(told["status"])
        legs[day] = Leg(index, told["price"], status, bool(told["simulated"]))
    return legs


def said_of(made: DerivedDay) -> str:
    """What was published, in a sentence."""
    values: list[Derived] = [one for one in made.indices.values() if one.value is not None]
    words = f"{len(values)} of {len(made.indices)} derived indices of {made.day} have a value"
    implied = [made.indices[i] for i in family_table()["implied"] if i in made.indices]
    told = "; ".join(
        f"{i.index}: {i.reason}"
        if i.value is None
        else f"{i.index} {i.value / 100:.2f} % ({truth_of(i.simulated, i.modelled)})"
        for i in implied
    )
    return f"{words} ({made.stage.value}); {told}."
