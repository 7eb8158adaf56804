"""How fast the plain core takes commands: decode, guards, margin, match, ledger, events."""

from __future__ import annotations

import time

from benches.table import Row, row
from lasalle.plain import House
from tests.properties.stories import Teller, market

COMMANDS = 3_000


def rows() -> list[Row]:
    """One row: commands a second of a seeded story (four accounts, two series, six scenarios)."""
    from lasalle import wire

    story = market()
    house, teller = story.house, Teller(1)
    start = house.last_number
    while house.last_number < start + COMMANDS:
        for command, actor in teller.next():
            story.clock += 10**6
            frame = wire.seal(
                command, house.last_number + 1, story.clock, actor=actor, span=wire.span_of(command)
            )
            story.frames.append(frame)
            for header, event in wire.read_frames(house.take(frame)):
                teller.see(header, event)
    frames = b"".join(story.frames)
    again = House()
    began = time.process_time()
    again.take(frames)
    seconds = time.process_time() - began
    assert again.state_hash() == house.state_hash(), "what is measured is what was told"
    return [
        row(
            "plain core, commands of a seeded story",
            round(len(story.frames) / seconds),
            "commands/s",
            command="python -m benches plain_core",
            taken="one run, processor time",
        )
    ]
