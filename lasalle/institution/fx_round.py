"""The daily run of exchange rates: evidence taken, the table of each date made and kept, its prices
put in force for the currencies that are collateral (CLR-090 to CLR-094).

What is due is read from the tables that are kept and from the log, never from memory: a date gets
its table once, wherever the house was stopped.
"""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing.fx import (
    CARRIED,
    FIXED,
    NONE,
    FxError,
    FxTerms,
    Observation,
    digest_of,
    lasts_of,
    load_fx_terms,
    make_table,
)
from lasalle.clearing.fx_files import ECB, read_file
from lasalle.contracts import numbered_day
from lasalle.gateway.held import HeldFaults
from lasalle.indices.sources import SourceError, Unreachable
from lasalle.institution.fx_store import FxStore
from lasalle.institution.settings import SettingsWrong
from lasalle.institution.sources import Fetcher, web_client
from lasalle.institution.sources.rates import EcbRates
from lasalle.institution.views import LivingViews
from lasalle.venue.waiting import Waiting

FILE = "fx.toml"
MOST_DAYS = 31
"""Dates without a table that a house makes up; what lies further back stays without."""
PAUSE_SECONDS, FAILED_SECONDS = 5.0, 60.0
LATE = "evidence came after the table was made"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FxSettings:
    """What a house reads rates from. `files`: by hand; `live`: the ECB is asked over HTTP."""

    files: tuple[tuple[str, Path], ...] = ()
    live: bool = False


def read_fx_settings(folder: Path) -> FxSettings:
    """`fx.toml` in the folder of a house: `live`, and under `[files]` a list of paths by hand;
    nothing without it. Raises SettingsWrong."""
    path = folder / FILE
    if not path.exists():
        return FxSettings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong(f"{path}: expected TOML, {error}") from error
    if not set(table) <= {"files", "live"} or type(table.get("live", False)) is not bool:
        raise SettingsWrong(f"{path}: expected live = true or false and [files], found {table}")
    found = []
    for hand, names in table.get("files", {}).items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise SettingsWrong(f"{path}: {hand}: expected a list of paths, found {names!r}")
        found += [(hand, folder / name) for name in names]
    return FxSettings(tuple(found), table.get("live", False))


def make_day(
    store: FxStore, terms: FxTerms, day: int, why: str = "", *, late: bool = False
) -> dict[str, Any] | None:
    """Makes and keeps the table of a date, or another one with a reason; None where nothing would
    be said otherwise. `late`: only what is not fixed may change. Raises FxError."""
    with store.alone():
        said, newest = store.observations(), store.read(day)
        before = lasts_of(store.before(day))
        if newest is None:
            table = make_table(terms, day, said, before)
            store.keep(table)
            return table
        if not why:
            raise FxError(f"--why: expected why {day} gets another table, found none")
        if late:
            said = _unfixed_alone(newest, said)
        place = newest["row"], digest_of(newest).hex(), why
        table = make_table(terms, day, said, before, place)
        if _rows(table) == _rows(newest):
            return None
        store.keep(table)
        return table


def _unfixed_alone(table: Mapping[str, Any], said: list[Observation]) -> list[Observation]:
    """What hands said, for currencies that a table has fixed no more than it was made from."""
    fixed = {row["currency"]: row for row in table["rows"] if row["status"] == FIXED}
    kept = [Observation(**o) for row in fixed.values() for o in row["observations"]]
    return kept + [o for o in said if o.currency not in fixed]


def _rows(table: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    names = ("currency", "status", "rate", "of", "price")
    return [tuple(row[name] for name in names) for row in table["rows"]]


def due_days(store: FxStore, terms: FxTerms, now: int) -> list[int]:
    """Dates that lack their table at a time, nanoseconds UTC, the oldest first."""
    moment = datetime.fromtimestamp(now // 10**9, UTC)
    last = moment.date() - timedelta(days=moment.hour * 60 + moment.minute < terms.minute)
    known = store.days()
    if not known:
        return [int(f"{last:%Y%m%d}")]
    first = max(numbered_day(known[-1]) + timedelta(days=1), last - timedelta(days=MOST_DAYS))
    count = (last - first).days + 1
    return [int(f"{first + timedelta(days=n):%Y%m%d}") for n in range(count)]


def prices_of(table: Mapping[str, Any], assets: Mapping[str, int]) -> wire.ValueCollateral:
    """The command that puts a table's prices in force for currencies that are collateral, by the
    number of their asset."""
    known = {row["currency"]: row["price"] for row in table["rows"]}
    rows = sorted((asset, known[name]) for name, asset in assets.items() if name in known)
    return wire.ValueCollateral(
        day=table["day"],
        inputs=digest_of(table),
        prices=tuple(wire.AssetPrice(asset, price) for asset, price in rows),
    )


def said_of(table: Mapping[str, Any]) -> str:
    """A table in a sentence."""
    names: dict[str, list[str]] = {FIXED: [], CARRIED: [], NONE: []}
    for row in table["rows"]:
        why = f" ({row['why'].replace('_', ' ')})" if row["why"] else ""
        if row["why"] != "no_observation" or row["status"] == CARRIED:
            names[row["status"]].append(row["currency"] + why)
    told = [f"{', '.join(found)} {status}" for status, found in names.items() if found]
    again = f", table {table['row']}" if table["row"] > 1 else ""
    return f"Exchange rates of {table['day']}{again}: {'; '.join(told) or 'nobody said one'}"


@dataclass
class FxRounds:
    """What a served house does of its rates, each date once."""

    store: FxStore
    settings: FxSettings
    views: LivingViews
    waiting: Waiting
    actor: int
    terms: FxTerms = field(default_factory=load_fx_terms)
    fetcher: Fetcher | None = None
    _seen: dict[Path, tuple[tuple[int, int] | None, str]] = field(default_factory=dict)
    """Of each file when it changed last and how long it is, and what was wrong with it."""

    def sources(self) -> list[str]:
        """Names of what rates are read from."""
        names = [path.name for _, path in self.settings.files]
        return [*names, ECB] if self.settings.live else names

    def take(self) -> dict[str, str]:
        """Takes what is new in the files and, where the house asks it, at the ECB; slow. Gives what
        cannot be read, by name: a file is looked at again when it changes."""
        for hand, path in self.settings.files:
            try:
                status = os.stat(path)
                mark = (status.st_mtime_ns, status.st_size)
                if self._seen.get(path, (None,))[0] == mark:
                    continue
                self._seen[path] = (mark, "")
                self.store.add(read_file(path.read_bytes(), hand))
            except FxError as error:
                self._seen[path] = (mark, str(error))
            except OSError as error:
                self._seen[path] = (None, str(error))
        faults = {path.name: told for path, (_, told) in self._seen.items() if told}
        if self.settings.live:
            web = self.fetcher or Fetcher(web_client(), self.store.folder / "cache")
            self.fetcher = web
            try:
                self.store.add(EcbRates(web).read())
            except (Unreachable, SourceError, FxError, OSError) as error:
                faults[ECB] = str(error)
        return faults

    def make(self, now: int) -> list[dict[str, Any]]:
        """Makes the tables that are due, and what came late of the newest; slow."""
        if not self.store.observations():
            return []
        due = due_days(self.store, self.terms, now)
        made = [make_day(self.store, self.terms, day) for day in due]
        days = self.store.days()
        if not due and days:
            made.append(make_day(self.store, self.terms, days[-1], LATE, late=True))
        return [table for table in made if table is not None]

    def assets(self) -> dict[str, int]:
        """Currencies that are collateral and that a hand ever spoke of, by name, with the number of
        their asset; others are priced by hand."""
        kept = self.views.accounts.margins.collateral()
        names = self.views.accounts.margins.assets()
        spoken = {one.currency for one in self.store.observations()}
        wanted = spoken & set(self.terms.currencies)
        return {names[a]: a for a in kept if names.get(a) in wanted and not kept[a].letter}

    def lacking(self) -> wire.ValueCollateral | None:
        """The command that puts the newest table in force; None where it is, or nobody may."""
        roles = self.views.accounts.actors.get(self.actor, (0, 0))[1]
        days, assets = self.store.days(), self.assets()
        if not days or not assets or not roles & wire.Role.CLEARING:
            return None
        table = self.store.read(days[-1])
        assert table is not None, "a day that is listed has a table"
        command = prices_of(table, assets)
        kept = self.views.accounts.margins.collateral()
        if any(kept[one.asset].day > command.day for one in command.prices):
            return None
        same = all(
            (kept[one.asset].day, kept[one.asset].price) == (command.day, one.price)
            for one in command.prices
        )
        return None if same else command

    async def publish(self) -> str:
        """Puts the newest table in force where it is not; a sentence, or none. Raises FxError where
        the core refuses it."""
        command = self.lacking()
        if command is None:
            return ""
        for _, event in await self.waiting.ask(self.actor, command):
            if isinstance(event, wire.Refused):
                name = wire.Refusal(event.refusal).name.lower()
                raise FxError(f"value_collateral was refused: {name}")
        return f"Prices of {len(command.prices)} currencies of {command.day} are in force."


async def keep_fx(
    rounds: FxRounds, clock: Callable[[], int], say: Say, held: HeldFaults | None = None
) -> None:
    """The rates of a served house, until it is cancelled; a fault is told once while it lasts."""
    held = held or HeldFaults()
    while True:
        pause = PAUSE_SECONDS
        try:
            faults = await asyncio.to_thread(rounds.take)
            for name, fault in faults.items():
                held.hold(f"exchange rates, {name}", f"Exchange rates: {name}: {fault}")
            for name in set(rounds.sources()) - faults.keys():
                held.clear(f"exchange rates, {name}")
            for table in await asyncio.to_thread(rounds.make, clock()):
                say(f"{said_of(table)}.")
            sentence = await rounds.publish()
            if sentence:
                say(sentence)
            held.clear("exchange rates")
        except Exception as error:
            # What fails of one run must not end the next.
            held.hold("exchange rates", f"Exchange rates: {str(error) or repr(error)}")
            pause = FAILED_SECONDS
        await asyncio.sleep(pause)
