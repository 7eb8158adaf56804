"""A house in a folder: journal, core, views and keys opened together, and closed in order."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from lasalle import wire
from lasalle.gateway.keys import KeyStore
from lasalle.venue import Journal, JournalLocked, Sequencer
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import CLOSING, replay, write_closing, write_snapshot
from lasalle.views import AccountsView, MarketView


@dataclass
class OpenHouse:
    """Everything one process needs to serve a house."""

    folder: Path
    disk: FolderDisk
    journal: Journal
    sequencer: Sequencer
    market: MarketView
    accounts: AccountsView
    keys: KeyStore
    notices: list[str]
    lock: int

    def close(self) -> str:
        """Seals the state's hash beside the journal; gives it in hexadecimal."""
        state_hash = self.sequencer.core.state_hash().hex()
        write_closing(self.folder, self.sequencer.core.last_number, state_hash)
        write_snapshot(self.folder, self.sequencer.core, self.journal, self.sequencer.events)
        for old in sorted(self.folder.glob("*.snap"))[:-2]:
            old.unlink()
        self.keys.close()
        self.disk.close()
        os.close(self.lock)
        return state_hash


def open_house(folder: Path) -> OpenHouse:
    """Opens a folder, replays its journal into core and views, and compares with the last close.

    Raises JournalLocked when another venue holds it, JournalBent and Diverged when it is not whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise JournalLocked(f"{folder}: another venue holds this house") from None
    disk = FolderDisk(folder / "journal")
    journal = Journal(disk)
    market, accounts = MarketView(), AccountsView()

    def fold(told: bytes) -> None:
        for header, event in wire.read_frames(told):
            market.on(header, event)
            accounts.on(header, event)

    core, events, notice = replay(journal, on_events=fold)
    sequencer = Sequencer(core, journal, time.time_ns)
    sequencer.continue_from(events)
    house = OpenHouse(
        folder,
        disk,
        journal,
        sequencer,
        market,
        accounts,
        KeyStore(folder / "keys.sqlite"),
        [*journal.notices, notice],
        lock,
    )
    _compare_with_close(house)
    _lose_sessions(house)
    return house


def _compare_with_close(house: OpenHouse) -> None:
    """The hash at the last journal number is compared before anything new is sealed."""
    path = house.folder / CLOSING
    if not path.exists():
        return
    number, state_hash = path.read_text().split()
    core = house.sequencer.core
    if int(number) > core.last_number:
        raise ValueError(
            f"the house closed after number {number}, its journal ends at {core.last_number}: "
            "commands that were acknowledged are missing"
        )
    if int(number) == core.last_number:
        if state_hash != core.state_hash().hex():
            raise ValueError(
                f"state hash {core.state_hash().hex()} after number {number}: "
                f"expected {state_hash}, as it closed"
            )
        house.notices.append(f"Same state hash as at the last close: {state_hash[:16]}…")
    path.unlink()


def _lose_sessions(house: OpenHouse) -> None:
    """Sessions ended with the process that held them: their orders are cancelled first."""
    sessions = {
        o.accepted.session
        for a in house.accounts.accounts.values()
        for o in a.orders.values()
        if o.status == "live" and o.accepted.session
    }
    for session in sorted(sessions):
        for header, event in house.sequencer.submit(0, wire.LoseSession(session=session)):
            house.market.on(header, event)
            house.accounts.on(header, event)
