"""Cover-1 and Cover-2 of a house, day by day: made from the close in its journal, kept in its
folder, a file a day that is never written over."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lasalle.clearing import StressLosses, load_stress_cases, stress_losses
from lasalle.clearing.cover import (
    CoverError,
    CoverRun,
    as_data,
    cover_run,
    load_cover_terms,
    under_cases,
    under_columns,
)
from lasalle.contracts import Month, midnight_after, numbered_day
from lasalle.indices import Dated
from lasalle.institution.collateral_desk import read_issuers
from lasalle.institution.day_close import DayClose, read_close
from lasalle.institution.estimates import as_published, believed, listed_of
from lasalle.institution.evidence import loader_of
from lasalle.institution.families import Family, Loader, load_families, under
from lasalle.institution.index_store import FOLDER as INDICES
from lasalle.institution.index_store import IndexStore, lay_down
from lasalle.institution.settings import Settings
from lasalle.plain.state import Series, State

FOLDER, GROUPS = "cover", "groups.csv"
Listing = Sequence[tuple[Family, Loader]]
NEVER = 2**62
"""No series is fresh before this time: only what is held is revalued."""


class GroupsWrong(CoverError):
    """The file of members that belong together is not as it has to be."""


class CoverStore:
    """Runs in a folder, a file of JSON a settled day."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def days(self) -> list[int]:
        """Days with a run, YYYYMMDD, ascending."""
        return sorted(int(path.stem) for path in self._folder.glob("[0-9]*.json"))

    def read(self, day: int) -> dict[str, Any] | None:
        """The run of a day; None where there is none."""
        path = self._folder / f"{day:08d}.json"
        found: dict[str, Any] | None = json.loads(path.read_bytes()) if path.exists() else None
        return found

    def keep(self, day: int, content: bytes) -> Path:
        """Lays down a run whole or not at all. Raises FileExistsError for a day that has one."""
        path = self._folder / f"{day:08d}.json"
        if path.exists():
            raise FileExistsError(f"{path}: a run is kept as it was made")
        self._folder.mkdir(parents=True, exist_ok=True)
        lay_down(path, content)
        return path


def content_of(run: CoverRun) -> bytes:
    """The file of a run."""
    return (json.dumps(as_data(run), indent=1) + "\n").encode("ascii")


def listing_of(folder: Path, settings: Settings, versions: Mapping[int, int]) -> Listing:
    """The families of a house in a folder, each with the source of its fixings, under the versions
    of their methods that are on its log by number of the index.
    """
    store = IndexStore(folder / INDICES)
    families = under(load_families(settings.listed), versions)
    return [(family, loader_of(family, store=store)) for family in families]


def read_groups(folder: Path) -> dict[int, int]:
    """Members that belong together, each with the lowest of its group, from `groups.csv` in the
    folder of a house: `member,group`. None where there is no file. Raises GroupsWrong."""
    path = folder / GROUPS
    if not path.exists():
        return {}
    by_group: dict[str, list[int]] = {}
    with path.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        if list(rows.fieldnames or []) != ["member", "group"]:
            raise GroupsWrong(f"{path}: expected heads member,group, found {rows.fieldnames}")
        for row in rows:
            if not (row["member"] or "").isdecimal() or not row["group"]:
                raise GroupsWrong(f"{path}: expected a number and a name, found {row}")
            by_group.setdefault(row["group"], []).append(int(row["member"]))
    members = [m for group in by_group.values() for m in group]
    if len(set(members)) != len(members):
        raise GroupsWrong(f"{path}: expected each member once")
    return {m: min(group) for group in by_group.values() for m in group}


def make_run(folder: Path, listing: Listing, day: int, *, simulated: bool) -> CoverRun:
    """The run of a settled day (0: the last) of a house in a folder; slow, for a thread or a
    command. Raises ValueError where the day is not settled, CoverError where nothing can be
    stressed."""
    groups, close = read_groups(folder), read_close(folder, day)
    state = close.state
    if listing:
        version = f"{len(load_stress_cases())} cases revalued"
        stressed = under_cases(state, losses_at(close, listing), version)
    else:
        stressed = under_columns(state)
    return cover_run(
        state, stressed, load_cover_terms(), (close.day, close.number, close.settled),
        groups, simulated=simulated, issuers=read_issuers(folder),
    )  # fmt: skip


def losses_at(close: DayClose, listing: Listing) -> StressLosses:
    """What every series that is held loses in each case, on the curves of the close."""
    state, day = close.state, numbered_day(close.day)
    tomorrow = day + timedelta(days=1)
    held = {n for account in state.accounts.values() for n, p in account.positions.items()
            if p.lots}  # fmt: skip
    alive = [state.series[n].symbol for n in sorted(held) if not _ended(state.series[n], tomorrow)]
    families = believed(day, _fixings(state, listing, day), alive, NEVER)
    rows = listed_of(families)
    listed = {series.symbol for row in rows for series in row.series}
    marks = {s.symbol: s.mark for s in state.series.values() if s.symbol in listed}
    return stress_losses(rows, tomorrow, marks, load_stress_cases())


def _fixings(
    state: State, listing: Listing, day: date
) -> list[tuple[Family, Sequence[Dated]]]:
    """Of each family every date up to the day, as it stands on the log."""
    on_log: dict[int, dict[int, int | None]] = {}
    for index, number in state.no_fixes:
        on_log.setdefault(index, {})[number] = None
    for fixing in state.fixings.values():
        on_log.setdefault(fixing.index, {})[fixing.day] = fixing.price
    found: list[tuple[Family, Sequence[Dated]]] = []
    for family, loader in listing:
        dated, _ = loader(day)
        known, version = on_log.get(family.index, {}), family.method.version
        found.append((family, as_published(dated, known, day, version)))
    return found


def _ended(series: Series, now: date) -> bool:
    """Whether all that a series settles has ended when a date begins: no curve marks it."""
    if series.period_ends:
        over = series.period_ends < midnight_after(now)
    else:
        over = series.first_month < Month.of(now).number
    return over and series.first_month == series.last_month
