"""Both cores under one name, and the two side by side: what a test needs of a house."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.records import read_records
from lasalle.plain.state import State
from lasalle.venue.core import compiled_house

NOT_BUILT = "no compiled core was built here; `make core` tells why"


class Compiled:
    """The compiled house, with its state read back from its records."""

    def __init__(self, core: Any = None) -> None:
        made = compiled_house()
        assert made is not None, NOT_BUILT
        self.core: Any = made() if core is None else core

    @classmethod
    def restore(cls, records: bytes) -> Compiled:
        made: Any = compiled_house()
        return cls(made.restore(records))

    @property
    def state(self) -> State:
        """What the records tell; a copy."""
        return read_records(self.core.snapshot())

    @property
    def last_number(self) -> int:
        return int(self.core.last_number)

    @property
    def last_time(self) -> int:
        return int(self.core.last_time)

    @property
    def last_event(self) -> int:
        return int(self.core.last_event)

    def take(self, frames: bytes) -> bytes:
        return bytes(self.core.take(frames))

    def snapshot(self) -> bytes:
        return bytes(self.core.snapshot())

    def state_hash(self) -> bytes:
        return bytes(self.core.state_hash())


CORES: dict[str, Any] = {"plain": House, "compiled": Compiled}


def built() -> list[Any]:
    """The cores there are here."""
    return [make for name, make in CORES.items() if name == "plain" or compiled_house()]


class Twin:
    """Both cores fed the same frames; they differ in nothing, or the command is shown."""

    EVERY = 25
    """Commands from one comparison of states to the next."""

    def __init__(self) -> None:
        self.plain, self.compiled = House(), Compiled()
        self.commands = 0

    @property
    def state(self) -> State:
        return self.plain.state

    @property
    def last_number(self) -> int:
        return self.plain.last_number

    def take(self, frames: bytes) -> bytes:
        told = self.plain.take(frames)
        again = self.compiled.take(frames)
        assert again == told, difference(frames, told, again)
        self.commands += 1
        if self.commands % self.EVERY == 0:
            self.compare(frames)
        return told

    def compare(self, frames: bytes = b"") -> None:
        """Numbers, snapshots and hashes are equal."""
        mine, theirs = self.plain, self.compiled
        counted = (mine.last_number, mine.last_time, mine.last_event)
        assert (theirs.last_number, theirs.last_time, theirs.last_event) == counted
        assert theirs.snapshot() == mine.snapshot(), difference(
            frames, mine.snapshot(), theirs.snapshot()
        )
        assert theirs.state_hash() == mine.state_hash()

    def snapshot(self) -> bytes:
        self.compare()
        return self.plain.snapshot()

    def state_hash(self) -> bytes:
        self.compare()
        return self.plain.state_hash()

    def change_over(self) -> None:
        """Each core goes on from the other's snapshot."""
        told, again = self.plain.snapshot(), self.compiled.snapshot()
        self.plain, self.compiled = House.restore(again), Compiled.restore(told)
        self.compare()


def difference(frames: bytes, plain: bytes, compiled: bytes) -> str:
    """The first frame in which two runs differ, under the commands that were asked."""
    asked = "\n".join(str(message) for _, message in wire.read_frames(frames)[-3:])
    one, other = wire.read_frames(plain), wire.read_frames(compiled)
    pairs = zip([*one, None], [*other, None], strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), ("bytes", "bytes"))
    return f"the cores differ after\n{asked}\nplain:    {first[0]}\ncompiled: {first[1]}"
