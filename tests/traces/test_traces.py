"""What a whole day looks like: commands and events, one a line, as they were accepted.

`pytest tests/traces --accept` rewrites the trace; its difference is what a reviewer reads. The
trace does not say which core told it: each core that is built is held against the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.sim import trace
from tests.scenario import START, read_scenarios, tell

FOLDER = Path(__file__).parent
DAYS = sorted(FOLDER.glob("*.scn"))
# A day that reaches less than this is no day.
REACH = {"traded", "uncrossed", "elected", "refreshed", "replayed", "refused", "payment"}


FOUNDING = read_scenarios("scenario The founding\ngiven world=market", "here")[0]


def lines(frames: list[bytes], core: Callable[[], Any]) -> Iterator[str]:
    """Each command after the founding with its time of day, and beneath it what the house told."""
    house = core()
    founding = len(tell(FOUNDING, core).frames)
    house.take(b"".join(frames[:founding]))
    for frame in frames[founding:]:
        header, command = wire.read_frames(frame)[0]
        seconds, rest = divmod(header.time - START, 10**9)
        hour = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 10**6:03}"
        yield f"{hour} {header.number} {trace.line(header, command)}"
        for event_header, event in wire.read_frames(house.take(frame)):
            yield f"    {event_header.number} {trace.told(event)}"
    yield f"state {house.state_hash().hex()}"


@pytest.mark.parametrize("day", DAYS, ids=lambda path: path.stem)
def test_a_day_looks_as_it_was_accepted(day: Path, core: Any, pytestconfig: Any) -> None:
    story = tell(read_scenarios(day.read_text(), day.name)[0], core)
    told = {trace.VERB_OF[type(event)] for _, event in story.told}
    assert told >= REACH
    found = "\n".join(lines(story.frames, core)) + "\n"
    accepted = day.with_suffix(".trace")
    if pytestconfig.getoption("--accept"):
        accepted.write_text(found)
    assert accepted.exists(), f"{accepted.name}: write it with --accept and read it"
    assert found.splitlines() == accepted.read_text().splitlines()
