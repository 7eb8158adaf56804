"""A copy of a house to drill in: journal and snapshots in a folder of their own, a driven clock.

The house that was copied is only read; nothing that happens here reaches it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing.standing import Standing
from lasalle.plain.records import read_records
from lasalle.plain.state import State
from lasalle.venue import Journal, Sequencer
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import read_snapshots, replay
from lasalle.venue.sequencer import Told
from lasalle.wire import Refusal, Role, SeriesState

FIRST_DAY = date(2026, 1, 2)
OPERATORS = (1, 2)
NOON = 12 * 3600 * 10**9
DAY = 86_400 * 10**9
EPOCH = date(1970, 1, 1)


class DrillFault(RuntimeError):
    """A command of the drill was refused; it names the refusal."""


def copy_house(live: Path, folder: Path) -> None:
    """Copies journal and snapshots of a house, served or not, into an empty folder."""
    if not (live / "journal").is_dir():
        raise ValueError(f"{live}: expected the folder of a house, found no journal in it")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ValueError(f"{folder}: expected an empty folder to drill in")
    shutil.copytree(live / "journal", folder / "journal")
    for snapshot in live.glob("*.snap"):
        shutil.copy2(snapshot, folder / snapshot.name)


class DrillHouse:
    """The copy, opened: asks commands, folds what is told, keeps every event of the drill."""

    def __init__(self, folder: Path) -> None:
        self.disk = FolderDisk(folder / "journal")
        journal = Journal(self.disk, headroom_bytes=0)
        snapshots = [s for s in read_snapshots(folder) if s.number <= journal.last]
        core, events, self.notice = replay(journal, snapshots[0] if snapshots else None)
        self.now = core.last_time
        self.sequencer = Sequencer(core, journal, lambda: self.now)
        self.sequencer.continue_from(events)
        self.told: list[Told] = []
        self.commands = 0
        if not core.last_number:
            operators = tuple(map(wire.ActorNumber, OPERATORS))
            self.book = Standing()
            newest = wire.SCHEMA_VERSION
            self.ask(0, wire.Genesis(name="Drill", operators=operators, behaviour=newest))
        state = self.state()
        self.book = Standing.of(state)
        self.first, self.second = self._operators(state)
        self.day = self._first_day(state)
        self._renew(state)

    def state(self) -> State:
        """The state of the core, read from its records."""
        return read_records(self.sequencer.core.snapshot())

    def close(self) -> None:
        """Lets go of the journal's file."""
        self.sequencer.close()
        self.disk.close()

    def ask(self, actor: int, command: Any) -> list[Told]:
        """One command; gives its events, refused or not."""
        told = self.sequencer.submit(actor, command)
        self.commands += 1
        for header, event in told:
            self.book.on(header, event)
        self.told += told
        return told

    def ask_four_eyes(self, command: Any) -> list[Told]:
        """A command proposed by one operator and approved by another; refused or not."""
        payload = command.pack()
        proposed = self.ask(self.first, wire.Propose(command=command.KIND, payload=payload))
        (number,) = [e.proposal for _, e in proposed if isinstance(e, wire.Proposed)]
        return self.ask(self.second, wire.Approve(proposal=number))

    def must(self, actor: int, command: Any) -> list[Told]:
        """The same; raises DrillFault when it is refused."""
        told = self.ask_four_eyes(command) if command.FOUR_EYES else self.ask(actor, command)
        for _, event in told:
            if isinstance(event, wire.Refused):
                name = Refusal(event.refusal).name.lower()
                found = f"expected={event.expected} found={event.found}"
                raise DrillFault(f"{command.NAME}: {name} {found}")
        return told

    def next_day(self) -> int:
        """Moves the clock to noon of the next day; gives it as YYYYMMDD."""
        self.day += timedelta(days=1)
        self.now = (self.day - EPOCH).days * DAY + NOON
        return self.today

    @property
    def today(self) -> int:
        return self.day.year * 10_000 + self.day.month * 100 + self.day.day

    def _operators(self, state: State) -> tuple[int, int]:
        needed = Role.OPERATOR | Role.CLEARING
        able = [
            a.actor
            for a in sorted(state.actors.values(), key=lambda a: a.actor)
            if not a.member and a.roles & needed == needed and a.roles & Role.SETTLEMENT
        ]
        if len(able) < 2:
            said = "two actors of the house with the roles operator, clearing and settlement"
            raise ValueError(f"expected {said}, found {len(able)}")
        return able[0], able[1]

    def _first_day(self, state: State) -> date:
        """The day before the drill's first: after all that was settled and told."""
        if not state.settled_day and not state.last_time:
            return FIRST_DAY - timedelta(days=1)
        seen = datetime.fromtimestamp(state.last_time / 10**9, UTC).date()
        settled = state.settled_day or 19_700_101
        last = date(settled // 10_000, settled // 100 % 100, settled % 100)
        return max(seen, last, FIRST_DAY - timedelta(days=1))

    def _renew(self, state: State) -> None:
        """The law of defaults is in force, and trading goes on."""
        for behaviour in range(state.behaviour + 1, wire.SCHEMA_VERSION + 1):
            self.must(self.first, wire.SwitchBehaviour(behaviour=behaviour))
        if state.halted:
            self.must(self.first, wire.ResumeMarket())

    # -- what the drill adds to the house ----------------------------------------------------

    def list_series(self, state: State, symbol: str, hours: int, price: int, margin: int) -> int:
        """A series of the drill with a margin row of its own beside those in force."""
        number = max(state.series, default=9_000) + 1
        month = self.day + timedelta(days=400)
        last = month.year * 100 + month.month
        table = state.table
        group = table.rows[0].group if table else 1
        self.must(
            self.first,
            wire.ListSeries(
                series=number,
                symbol=symbol,
                series_kind=wire.SeriesKind.FUTURE,
                group=group,
                index=1,
                first_month=last,
                last_month=last,
                hours=hours,
                tick=10_000,
                reference_price=price,
                band=5_000,
                protection=100,
                last_trading_time=(month - EPOCH).days * DAY,
            ),
        )
        self._load_table(state, number, price, margin)
        self.must(self.first, wire.SetSeriesState(series=number, state=SeriesState.OPEN))
        return number

    def _load_table(self, state: State, number: int, price: int, margin: int) -> None:
        """The table in force with the drill's row: either side may lose `margin` a lot."""
        old = state.table
        replaces = old.table if old else 0
        version = max(replaces, state.loading.table if state.loading else 0) + 1
        kinds = wire.ScenarioKind
        labels: Sequence[wire.Scenario] = (
            old.scenarios if old else tuple(wire.Scenario(kinds.SCAN, 1) for _ in range(2))
        )
        rows = old.rows if old else (wire.ScanRow(1, 10_000),)
        begin = wire.BeginMarginTable(table=version, scenarios=tuple(labels), rows=rows)
        self.must(self.first, begin)
        for row in old.series.values() if old else ():
            if state.series[row.series].state == SeriesState.EXPIRED:
                continue
            self.must(
                self.first,
                wire.LoadMarginRow(
                    table=version,
                    series=row.series,
                    mark=state.series[row.series].mark,
                    liquidity=row.liquidity,
                    concentration_lots=row.concentration_lots,
                    concentration=row.concentration,
                    delta=row.delta,
                    vega=row.vega,
                    losses=tuple(wire.ScenarioLoss(x) for x in row.losses),
                ),
            )
        # The series stands in one scan row alone, whatever rows the house has.
        mine = [label.kind != kinds.SCAN or label.group == rows[0].group for label in labels]
        signs = [(-1) ** sum(mine[:i]) if own else 0 for i, own in enumerate(mine)]
        loaded = wire.LoadMarginRow(
            table=version,
            series=number,
            mark=price,
            delta=1_000_000,
            losses=tuple(wire.ScenarioLoss(sign * margin) for sign in signs),
        )
        self.must(self.first, loaded)
        self.must(self.first, wire.ActivateMarginTable(table=version, replaces=replaces))
