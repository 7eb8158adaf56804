"""A house in a folder: journal, core, views and keys opened together, and closed in order."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.gateway.keys import KeyStore
from lasalle.institution.views import (
    LivingViews,
    TooMuchUnfolded,
    Unfolded,
    mark_to_meet,
    open_history,
    prove,
    usable_snapshot,
)
from lasalle.venue import Journal, JournalFull, JournalLocked, Sequencer, VenueStopped
from lasalle.venue.core import Core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.engine import EngineSequencer, engine_class
from lasalle.venue.replay import (
    CLOSING,
    Snapshot,
    keep_newest,
    replay,
    replay_at_once,
    write_closing,
    write_records,
)
from lasalle.venue.sequencer import Told
from lasalle.views import AccountsView, History, MarketView, SqliteHistory

SNAPSHOTS_KEPT = 2


@dataclass
class OpenHouse:
    """Everything one process needs to serve a house."""

    folder: Path
    disk: Any
    journal: Journal
    sequencer: Sequencer | EngineSequencer
    views: LivingViews
    keys: KeyStore
    notices: list[str]
    lock: int
    gap: int = 0
    """Nanoseconds of venue time that passed while nobody served the house; 0 for an empty one."""
    lost_sessions: list[int] = field(default_factory=list)
    """Sessions whose loss is not sealed yet."""
    _writing: threading.RLock = field(default_factory=threading.RLock)
    """Held while a snapshot is written: the folder is let go after it."""

    @property
    def market(self) -> MarketView:
        return self.views.market

    @property
    def accounts(self) -> AccountsView:
        return self.views.accounts

    @property
    def history(self) -> History:
        return self.views.history

    def ask(self, actor: int, command: Any, cause: int = 0) -> list[Told]:
        """One command through the sequencer, folded into the views: for a house nobody serves."""
        told = self.sequencer.submit(actor, command, cause)
        for header, event in told:
            self.market.on(header, event)
            self.accounts.on(header, event)
        return told

    def lose_sessions(self) -> bool:
        """Seals the loss of sessions that ended with the process that held them; True when none
        is left. On a disk without room they are kept for the next try.
        """
        while self.lost_sessions:
            try:
                self.ask(0, wire.LoseSession(session=self.lost_sessions[0]))
            except JournalFull:
                return False
            self.lost_sessions.pop(0)
        return True

    def close(self) -> str:
        """Seals the state's hash beside the journal; gives it in hexadecimal."""
        state_hash = ""
        try:
            core = self.sequencer.core
            state_hash = core.state_hash().hex()
            write_closing(self.folder, core.last_number, state_hash)
            self.keep_snapshot()
        except (OSError, VenueStopped) as error:
            # The journal holds everything: without a snapshot the next start takes longer.
            self.notices.append(f"no snapshot was written: {error}")
        self.release()
        return state_hash

    def keep_snapshot(self) -> int:
        """Writes the state as it stands between two batches; gives its number. From any thread
        while the compiled engine serves; else only while nothing is being sealed.
        """
        with self._writing:
            number, chain, events, records = self.sequencer.state()
            write_records(self.folder, number, chain, events, records)
            if self.history.mark.event >= self.history.expected:
                keep_newest(self.folder, SNAPSHOTS_KEPT)
            # Until then the snapshot the history goes on from stays.
        return number

    def release(self) -> None:
        """Lets go of the folder as a crash would, with nothing sealed beside the journal."""
        with self._writing:
            self.sequencer.close()
        self.history.close()
        self.keys.close()
        self.disk.close()
        os.close(self.lock)


def open_house(
    folder: Path,
    clock: Callable[[], int] = time.time_ns,
    disk: Any = None,
    *,
    spare_bytes: int = 0,
    history_beside: bool = False,
) -> OpenHouse:
    """Opens a folder: core from the newest snapshot and the journal after it, views from where
    they stopped; compares with the last close. `disk` stands for the journal's folder;
    spare_bytes: zeros set aside in it for a house that is written often. history_beside: does not
    wait for a history that is behind; its questions raise HistoryBehind until it has caught up.

    Raises JournalLocked when another venue holds it, JournalBent and Diverged when it is not whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise JournalLocked(f"{folder}: another venue holds this house") from None
    try:
        journal_disk = disk or FolderDisk(folder / "journal", spare_bytes=spare_bytes)
        house = _open(folder, clock, journal_disk, lock)
    except BaseException:
        os.close(lock)
        raise
    if not history_beside:
        house.history.flush()
    return house


def _open(folder: Path, clock: Callable[[], int], disk: Any, lock: int) -> OpenHouse:
    history = open_history(folder)
    try:
        replayed = _replay(folder, disk, history)
        house, records = _catch_up(folder, clock, disk, replayed, history, lock)
        _compare_with_close(house, sha256(records).hexdigest())
    except BaseException:
        history.close()
        raise
    house.lose_sessions()
    return house


@dataclass(frozen=True)
class _Replayed:
    """A journal that was opened and replayed, from a snapshot where there is one."""

    journal: Journal
    core: Core
    events: bytes
    """Digest of the events the last batch gave."""
    snapshot: Snapshot | None
    unfolded: Unfolded
    notices: list[str]
    """What to say of the history."""
    notice: str
    """What to say of the core."""


def _replay(folder: Path, disk: Any, history: SqliteHistory) -> _Replayed:
    """In one pass over the journal where everything is as it should be; else it is opened and then
    replayed, which tells what is not."""
    mark = history.mark
    snapshot, unfolded = usable_snapshot(folder, mark), Unfolded(history)
    met = mark_to_meet(mark)
    try:
        whole = replay_at_once(disk, snapshot, unfolded.hold, heard=mark.event, marks=met)
    except TooMuchUnfolded:
        whole = None
    if whole is not None:
        journal, core, events, notice = whole
        return _Replayed(journal, core, events, snapshot, unfolded, [], notice)
    journal = Journal(disk)
    notices = prove(history, journal)
    mark = history.mark
    snapshot, unfolded = usable_snapshot(folder, mark), Unfolded(history, journal)
    core, events, notice = replay(journal, snapshot, unfolded.hold, heard=mark.event)
    return _Replayed(journal, core, events, snapshot, unfolded, notices, notice)


def _catch_up(
    folder: Path,
    clock: Callable[[], int],
    disk: Any,
    replayed: _Replayed,
    history: History,
    lock: int,
) -> tuple[OpenHouse, bytes]:
    """The house, and the records of its state."""
    journal, core, events = replayed.journal, replayed.core, replayed.events
    snapshot, records = replayed.snapshot, core.snapshot()
    views = LivingViews(history)
    views.restore(records, replayed.unfolded.frames)
    replayed.unfolded.hand_over(journal, core.last_event)
    sequencer = _sequencer(folder, core, journal, events, clock, disk, views)
    sequencer.hear(lambda frames: history.tell(frames, journal.last, journal.chain))
    notices = [*replayed.notices, *newer_behaviour(records)]
    if snapshot is not None and snapshot.number:
        after = core.last_number - snapshot.number
        notices.append(f"From the snapshot after command {snapshot.number} and {after} more.")
    house = OpenHouse(
        folder,
        disk,
        journal,
        sequencer,
        views,
        KeyStore(folder / "keys.sqlite"),
        [*journal.notices, *notices, replayed.notice],
        lock,
        gap=max(0, clock() - core.last_time) if core.last_number else 0,
        lost_sessions=views.sessions(),
    )
    return house, records


def newer_behaviour(records: bytes) -> list[str]:
    """What to tell the operators of a house whose behaviour is not the newest."""
    if not records:
        return []
    header = wire.read_header(records)
    found, newest = wire.read_body(header, records[: header.length]), wire.SCHEMA_VERSION
    if not found.behaviour or found.behaviour == newest:
        return []
    return [
        f"Behaviour {found.behaviour} is in force, this program knows {newest}: two operators put "
        "the next one in force with switch_behaviour (docs/operating.md)."
    ]


def _sequencer(
    folder: Path,
    core: Any,
    journal: Journal,
    events: bytes,
    clock: Callable[[], int],
    disk: Any,
    views: LivingViews,
) -> Sequencer | EngineSequencer:
    """The compiled engine on a real folder with the system's clock, where it was built; else the
    plain sequencer, which says the same slowly."""
    real = type(disk) is FolderDisk and clock is time.time_ns
    if real and engine_class() is not None:
        actors = {actor: member for actor, (member, _) in views.accounts.actors.items()}
        accounts = {number: a.member for number, a in views.accounts.accounts.items()}
        disk.close()
        return EngineSequencer(
            folder / "journal",
            core,
            journal,
            events,
            (actors, accounts),
            spare_bytes=disk.spare_bytes,
        )
    sequencer = Sequencer(core, journal, clock)
    sequencer.continue_from(events)
    return sequencer


def _compare_with_close(house: OpenHouse, found: str) -> None:
    """The hash at the last journal number is compared before anything new is sealed."""
    path, core = house.folder / CLOSING, house.sequencer.core
    if not path.exists():
        if core.last_number:
            said = f"State hash after command {core.last_number}, the last of the journal: {found}"
            house.notices.insert(0, f"{said} (nothing was sealed at the end: it was not closed).")
        return
    number, state_hash, *_ = path.read_text().split()
    if int(number) > core.last_number:
        raise ValueError(
            f"the house closed after number {number}, its journal ends at {core.last_number}: "
            "commands that were acknowledged are missing. To go on from an older journal on "
            f"purpose, remove {path} and the snapshots beside it"
        )
    if int(number) == core.last_number:
        if state_hash != found:
            raise ValueError(
                f"state hash {found} after number {number}: expected {state_hash}, as it closed"
            )
        if core.last_number:
            house.notices.insert(
                0, f"Same state hash as at the last close: {found}, after command {number}."
            )
    path.unlink()
