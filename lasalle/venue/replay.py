"""Opening a house again: newest sound snapshot, then the journal after it, each step compared."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lasalle import wire
from lasalle.venue.compiled import built, wanted
from lasalle.venue.core import Core, make_core
from lasalle.venue.disk import Disk, FolderDisk
from lasalle.venue.journal import NO_EVENTS, Journal

_HEAD = struct.Struct("<4sQ32s32s32s")
MAGIC = b"LSS1"
CLOSING = "closing"


class Diverged(Exception):
    """Replay did not give what the journal or a snapshot sealed; says at which number first."""


class NotTaken(ValueError):
    """The compiled core took no further frame; says why, as the plain core's FrameError does."""


@dataclass(frozen=True)
class Snapshot:
    """Records of the house after command `number`, their hash, the journal's chain, last event
    digest."""

    number: int
    state_hash: bytes
    chain: bytes
    events: bytes
    records: bytes


def write_snapshot(folder: Path, core: Core, journal: Journal, events: bytes) -> Path:
    """Writes a snapshot whole or not at all."""
    return write_records(folder, core.last_number, journal.chain, events, core.snapshot())


def write_records(folder: Path, number: int, chain: bytes, events: bytes, records: bytes) -> Path:
    """Writes the records of a state after `number` as a snapshot."""
    head = _HEAD.pack(MAGIC, number, sha256(records).digest(), chain, events)
    path = folder / f"{number:020d}.snap"
    _write_whole(path, head + records)
    return path


def keep_newest(folder: Path, kept: int) -> None:
    """Removes snapshots but the newest."""
    for old in sorted(folder.glob("*.snap"))[:-kept]:
        old.unlink()


def write_closing(folder: Path, number: int, state_hash: str) -> None:
    """Leaves the hash after the last number, to be compared when the house opens again."""
    _write_whole(folder / CLOSING, f"{number} {state_hash}\n".encode())


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    handle = os.open(path.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def read_snapshots(folder: Path) -> list[Snapshot]:
    """Sound snapshots, newest first."""
    found = []
    for path in sorted(folder.glob("*.snap"), reverse=True):
        content = path.read_bytes()
        if len(content) < _HEAD.size:
            continue
        magic, number, state_hash, chain, events = _HEAD.unpack_from(content)
        records = content[_HEAD.size :]
        if magic == MAGIC and sha256(records).digest() == state_hash:
            found.append(Snapshot(number, state_hash, chain, events, records))
    return found


def replay(
    journal: Journal,
    snapshot: Snapshot | None = None,
    on_events: Callable[[bytes], None] | None = None,
    make: Callable[[bytes], tuple[Core, str]] = make_core,
    *,
    heard: int = 0,
) -> tuple[Core, bytes, str]:
    """(core, digest of the last batch's events, notice) after the whole journal.

    on_events: told the events of each batch that gave any past the event number `heard`.
    make: gives a core in the state records tell, and a notice; simulation watches the one it makes.

    Every batch is compared, however old: what was told once is told in the same bytes for good.

    Raises Diverged when the snapshot is not of this journal, and at the first batch whose events
    are not those that were sealed after it.
    """
    if snapshot is not None:
        _meets(journal, snapshot)
    core, notice = make(snapshot.records if snapshot else b"")
    events = snapshot.events if snapshot else NO_EVENTS
    before = snapshot.number if snapshot else 0
    compiled = wanted("replay_segments")
    if compiled is not None and journal.folder is not None and isinstance(core, built("House")):
        span = (before, events, journal.last, heard)
        try:
            events = compiled(journal.folder, core, span, on_events)
        except RuntimeError as error:
            raise NotTaken(str(error)) from error
    else:
        events = _replay_plainly(journal, core, before, events, on_events, heard)
    return core, events, notice


Replayed = tuple[Journal, Core, bytes, str]
"""A journal that was opened, and what `replay` gives of it."""


def replay_at_once(
    disk: Disk,
    snapshot: Snapshot | None = None,
    on_events: Callable[[bytes], None] | None = None,
    *,
    heard: int = 0,
    marks: Sequence[tuple[int, bytes]] = (),
    read_only: bool = False,
) -> Replayed | None:
    """What opening a journal and replaying it from a snapshot give, in one pass over its bytes.

    None where both are to be done in turn: the compiled parts do not serve here, or something is
    not as it should be, which the opening and the replay tell in their words. `on_events` may have
    been told some events by then.

    marks: numbers behind the snapshot at which a batch must end, each with the chain it has.
    """
    compiled = wanted("replay_whole")
    folder = disk.folder if type(disk) is FolderDisk else None
    if compiled is None or folder is None or not folder.is_dir():
        return None
    core, notice = make_core(snapshot.records if snapshot else b"")
    if not isinstance(core, built("House")):
        return None
    known = (0, NO_EVENTS, heard, list(marks))
    if snapshot is not None:
        met = (snapshot.number, snapshot.chain)
        known = (snapshot.number, snapshot.events, heard, [met, *marks])
    found = compiled(folder, core, known, on_events)
    if found is None:
        return None
    ends, events = found
    return Journal(disk, read_only=read_only, found=ends), core, events, notice


def replay_whole(
    disk: Disk, on_events: Callable[[bytes], None] | None = None, *, read_only: bool = False
) -> Replayed:
    """Opens a journal and replays all of it, in one pass over its bytes where the compiled parts
    serve; gives the journal and what `replay` gives.

    Raises what opening and replaying raise: whatever is not sound is told by doing both in turn,
    and what was heard until then is not heard again.
    """
    heard = 0

    def hear(frames: bytes) -> None:
        nonlocal heard
        if on_events is not None:
            on_events(frames)
        heard = wire.read_header(frames).number

    hearer = hear if on_events is not None else None
    whole = replay_at_once(disk, on_events=hearer, read_only=read_only)
    if whole is not None:
        return whole
    journal = Journal(disk, read_only=read_only)
    return (journal, *replay(journal, on_events=on_events, heard=heard))


def _replay_plainly(
    journal: Journal,
    core: Core,
    before: int,
    events: bytes,
    on_events: Callable[[bytes], None] | None,
    heard: int,
) -> bytes:
    """What the compiled replay does, on any disk and with any core."""
    taken = f"{before}"
    for batch in journal.batches(after=before):
        if batch.events != events:
            raise Diverged(
                f"the events of {taken}, before number {batch.first}, are not those the journal "
                "sealed"
            )
        told = core.take(batch.frames)
        if on_events is not None and told and wire.read_header(told).number > heard:
            on_events(told)
        events = sha256(told).digest()
        taken = f"{batch.first} to {batch.last}"
    return events


def _meets(journal: Journal, snapshot: Snapshot) -> None:
    """The journal has a batch that ends where the snapshot was taken, with the same chain."""
    if snapshot.number > journal.last:
        raise Diverged(
            f"a snapshot was taken after number {snapshot.number}, the journal ends at "
            f"{journal.last}: commands that were acknowledged are missing"
        )
    chain = bytes(32)
    if snapshot.number:
        batch = next(journal.batches(after=snapshot.number - 1))
        if batch.last != snapshot.number:
            raise Diverged(f"no batch of the journal ends at number {snapshot.number}")
        chain = batch.chain
    if chain != snapshot.chain:
        raise Diverged(
            f"the snapshot after number {snapshot.number} is of another journal: expected the "
            f"chain {chain.hex()} that was sealed there, found {snapshot.chain.hex()}"
        )
