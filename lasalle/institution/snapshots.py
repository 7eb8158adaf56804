"""Snapshots of a house while it is served, so that a start after a kill replays little."""

from __future__ import annotations

from lasalle.institution.house import OpenHouse
from lasalle.venue import Sequencer
from lasalle.venue.sequencer import Told

SNAPSHOT_EVERY = 100_000
"""Commands from one snapshot to the next."""


def keep_snapshots(house: OpenHouse, every: int = SNAPSHOT_EVERY) -> None:
    """Writes a snapshot behind a batch whenever so many commands were taken since the last.

    It is written where batches are sealed, between two of them: the event loop does not wait.
    """
    sequencer: object = house.sequencer
    if not isinstance(sequencer, Sequencer):
        return  # only the plain sequencer tells a batch before it takes the next
    last = sequencer.core.last_number

    def told(_: list[Told]) -> None:
        nonlocal last
        number = sequencer.core.last_number
        if number - last < every:
            return
        last = number
        try:
            house.keep_snapshot()
        except OSError as error:
            # The journal holds everything: the next start only takes longer.
            house.notices.append(f"no snapshot was written after command {number}: {error}")

    sequencer.listen(told)
