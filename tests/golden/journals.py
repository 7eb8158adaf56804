"""Golden journals: stories as one behaviour sealed them, with what was told of them.

A file is written once, by tools/golden.py, and never edited: whoever changes what the house does
with what it holds gives the change a behaviour number of its own.
"""

from __future__ import annotations

import base64
import random
import tempfile
import textwrap
import tomllib
import zlib
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.plain import House
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import NO_EVENTS, Journal
from lasalle.venue.replay import read_snapshots, write_records
from tests.properties.stories import reach
from tests.properties.wide_deliveries import DeliveryTeller
from tests.properties.wide_stories import WideTeller
from tests.properties.wide_world import Asked

FOLDER = Path(__file__).parent
SEGMENT_BYTES = 48 * 1024
COMMANDS = 700
HEAD = (
    "# A journal sealed under behaviour {behaviour}, and what was told of it. "
    "Written once by tools/golden.py; never edited.\n"
)


class LateTeller(WideTeller):
    """The wide stories in a house that opens under the behaviour before the newest and switches."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.behaviour = wire.SCHEMA_VERSION - 1

    def opening(self) -> Asked:
        yield from super().opening()
        yield wire.ReturnGuarantee(account=1, guarantee=1), 101
        yield wire.SwitchBehaviour(behaviour=wire.SCHEMA_VERSION), 1


STORIES: dict[int, type[WideTeller]] = {
    **dict.fromkeys((1, 3, 12, 37, 63, 70, 116), DeliveryTeller),
    **dict.fromkeys((9, 10, 52, 115, 137, 220, 420, 540, 658), LateTeller),
}
"""Seeds of stories that end under the newest behaviour and reach every command and event together,
and nearly every refusal; a behaviour to come may need others."""


@dataclass(frozen=True)
class Golden:
    """A sealed journal as it lies on disk, a snapshot on its way, and what both led to."""

    behaviour: int
    seed: int
    number: int
    event: int
    chain: str
    state_hash: str
    events: str
    """SHA-256 of the event frames of the whole story."""
    files: dict[str, bytes]
    """Segments and the snapshot, by name."""

    @property
    def name(self) -> str:
        return f"behaviour-{self.behaviour}-story-{self.seed}.toml"

    def lay_out(self, folder: Path) -> None:
        """Writes journal and snapshot into a folder, as a house has them."""
        (folder / "journal").mkdir(parents=True)
        for name, content in self.files.items():
            home = folder / "journal" if name.endswith(".seg") else folder
            (home / name).write_bytes(content)

    def text(self) -> str:
        """The file of this journal."""
        lines = [HEAD.format(behaviour=self.behaviour)]
        for name in ("behaviour", "seed", "number", "event"):
            lines.append(f"{name} = {getattr(self, name)}\n")
        for name in ("chain", "state_hash", "events"):
            lines.append(f'{name} = "{getattr(self, name)}"\n')
        for name, content in self.files.items():
            packed = base64.b64encode(zlib.compress(content, 9)).decode()
            wrapped = "\n".join(textwrap.wrap(packed, 99))
            lines.append(f'\n[files."{name}"]\ndeflated = """\n{wrapped}\n"""\n')
        return "".join(lines)

    @classmethod
    def read(cls, path: Path) -> Golden:
        told = tomllib.loads(path.read_text())
        files = {
            name: zlib.decompress(base64.b64decode(file["deflated"]))
            for name, file in told.pop("files").items()
        }
        return cls(**told, files=files)


class Sealing:
    """A story as it is sealed: batches of a few commands, a snapshot in the middle."""

    def __init__(self, folder: Path, seed: int, teller: WideTeller) -> None:
        (folder / "journal").mkdir()
        self.folder = folder
        disk = FolderDisk(folder / "journal")
        self.journal = Journal(disk, segment_bytes=SEGMENT_BYTES, headroom_bytes=0)
        self.house, self.teller = House(), teller
        self.dice = random.Random(seed)
        self.batch: list[tuple[bytes, bytes]] = []
        self.first, self.last_digest = 1, NO_EVENTS
        self.commands, self.whole = 0, sha256()

    def ask(self, command: Any, actor: int) -> None:
        teller, number = self.teller, self.house.last_number + 1
        teller.clock += 1_000_000
        frame = wire.seal(command, number, teller.clock, actor=actor, span=wire.span_of(command))
        told = self.house.take(frame)
        self.batch.append((frame, told))
        self.whole.update(told)
        self.commands += 1
        teller.number = number
        for header, event in wire.read_frames(told):
            teller.see(header, event)
        if self.dice.random() < 0.2:
            self.seal()

    def seal(self) -> None:
        """Seals what waits as one batch."""
        if not self.batch:
            return
        frames, told = (b"".join(part) for part in zip(*self.batch, strict=True))
        last = self.house.last_number
        self.journal.append(frames, self.first, last, self.last_digest, urgent=True)
        self.first, self.last_digest = last + 1, sha256(told).digest()
        self.batch.clear()

    def keep_snapshot(self) -> None:
        self.seal()
        number, records = self.house.last_number, self.house.snapshot()
        write_records(self.folder, number, self.journal.chain, self.last_digest, records)


def tell(seed: int) -> Golden:
    """One story under the newest behaviour, sealed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story = Sealing(folder, seed, STORIES[seed](seed))
        for command, actor in story.teller.opening():
            for asked, who in story.teller.sealed(command, actor):
                story.ask(asked, who)
        while story.commands < COMMANDS:
            for command, actor in story.teller.next():
                story.ask(command, actor)
            if story.commands >= COMMANDS // 2 and not read_snapshots(folder):
                story.keep_snapshot()
        story.seal()
        kept = [*sorted((folder / "journal").iterdir()), *folder.glob("*.snap")]
        return Golden(
            behaviour=story.house.state.behaviour,
            seed=seed,
            number=story.house.last_number,
            event=story.house.last_event,
            chain=story.journal.chain.hex(),
            state_hash=story.house.state_hash().hex(),
            events=story.whole.hexdigest(),
            files={path.name: path.read_bytes() for path in kept},
        )


def goldens() -> list[Golden]:
    """Every golden journal there is."""
    return [Golden.read(path) for path in sorted(FOLDER.glob("behaviour-*.toml"))]


def asked_and_told(journal: Journal, told: bytes) -> Counter[str]:
    """How often a journal asks each command, proposed ones too, and what was told of it."""
    counts = reach(wire.read_frames(told))
    for batch in journal.batches():
        for _, command in wire.read_frames(batch.frames):
            inner = wire.MESSAGES.get(getattr(command, "command", 0), type(command))
            counts.update({"asked " + command.NAME, "asked " + inner.NAME})
    return counts
