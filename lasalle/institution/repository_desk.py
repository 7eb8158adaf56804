"""The trade-repository file of a house in a folder: who the parties are, what a series is, and the
reports of a day from the whole journal. It is written for operators; it was never filed anywhere.
"""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from datetime import UTC, datetime
from pathlib import Path

from lasalle import wire
from lasalle.clearing.membership import check_lei
from lasalle.clearing.repository import Contract, Parties, Repository
from lasalle.gateway.instruments import said_of
from lasalle.institution.day_close import read_close
from lasalle.institution.member_desk import FILE
from lasalle.institution.settings import read_settings
from lasalle.plain.state import State
from lasalle.venue import Journal
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import replay

MADE_UP = "LASALLEDEMONSTRATE"
"""First characters of an identifier that no issuer gave: of a demonstration's house alone."""


def made_up_lei(first: str = MADE_UP) -> str:
    """An identifier with check digits that hold (ISO 17442), which nobody has."""
    digits = int("".join(str(int(c, 36)) for c in first + "00"))
    return check_lei(f"{first}{98 - digits % 97:02d}")


def house_lei(folder: Path, given: str) -> str:
    """The identifier of a house. Raises ValueError where a production house has none."""
    if given:
        return check_lei(given)
    if not read_settings(folder).demonstration:
        raise ValueError("--lei: expected the identifier (ISO 17442) of the house, found none")
    return made_up_lei()


def parties_of(folder: Path, state: State, house: str) -> Parties:
    """The house, and those of its members that applied under the name they were admitted by."""
    path, known = folder / FILE, dict[str, str]()
    if path.exists():
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
            known = dict(file.execute("SELECT short, lei FROM applications").fetchall())
        file.close()
    named = {number: known.get(one.name) for number, one in state.members.items()}
    return Parties(house, {number: lei for number, lei in named.items() if lei})


def contract_of(terms: wire.SeriesListed) -> Contract:
    """What a listed series is, and the days its price is of."""
    said = said_of(terms.index, terms.symbol, terms.series_kind)
    if terms.period_ends:
        # A period ends at the first instant after its last day.
        last = datetime.fromtimestamp(terms.period_ends // 10**9 - 1, UTC)
        expires = int(f"{last:%Y%m%d}")
    else:
        year, month = divmod(terms.last_month, 100)
        known = 1 <= month <= 12 and year > 0
        expires = terms.last_month * 100 + monthrange(year, month)[1] if known else 0
    return Contract(said.index_name, said.unit, terms.first_month * 100 + 1, expires)


def reports_of(folder: Path, day: int, lei: str) -> Repository:
    """The reports of a settled day (0: the last). Raises ValueError."""
    close = read_close(folder, day)
    house = house_lei(folder, lei)
    found = Repository(close.day, parties_of(folder, close.state, house), contract_of)

    def take(frames: bytes) -> None:
        if not found.settled:
            for header, event in wire.read_frames(frames):
                found.on(header, event)

    disk = FolderDisk(folder / "journal", read_only=True)
    try:
        replay(Journal(disk, read_only=True), on_events=take)
    finally:
        disk.close()
    return found
