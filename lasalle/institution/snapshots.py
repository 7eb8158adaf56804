"""Snapshots of a house while it is served, so that a start after a kill replays little."""

from __future__ import annotations

import threading

from lasalle.institution.house import OpenHouse
from lasalle.venue import Sequencer, VenueStopped
from lasalle.venue.sequencer import Told

SNAPSHOT_EVERY = 100_000
"""Commands from one snapshot to the next."""


def keep_snapshots(house: OpenHouse, every: int = SNAPSHOT_EVERY) -> None:
    """Writes a snapshot behind a batch whenever so many commands were taken since the last.

    The plain sequencer waits for it where it seals; beside the compiled engine a thread writes it.
    The event loop never waits.
    """
    beside = not isinstance(house.sequencer, Sequencer)
    last = house.sequencer.core.last_number

    def write(number: int) -> None:
        try:
            house.keep_snapshot()
        except (OSError, VenueStopped) as error:
            # The journal holds everything: the next start only takes longer.
            house.notices.append(f"no snapshot was written after command {number}: {error}")

    def told(_: list[Told]) -> None:
        nonlocal last
        number = house.sequencer.core.last_number
        if number - last < every:
            return
        last = number
        if beside:
            threading.Thread(target=write, args=(number,), daemon=True).start()
        else:
            write(number)

    house.sequencer.listen(told)
