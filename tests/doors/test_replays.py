"""Replay of a folder: the same tests for the one in Python and for the compiled one."""

from __future__ import annotations

import struct
from dataclasses import replace
from hashlib import sha256

import google_crc32c
import pytest

from lasalle import wire
from lasalle.institution.command_line import main
from lasalle.plain import House
from lasalle.venue.compiled import CHOICE, built
from lasalle.venue.core import make_core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import Journal, JournalBent
from lasalle.venue.replay import Diverged, Snapshot, replay, replay_at_once, replay_whole
from tests.doors.test_journals import batches

EMPTY = sha256(b"").digest()


@pytest.fixture(params=["plain", "compiled"], autouse=True)
def kind(request, monkeypatch) -> str:
    if request.param == "compiled" and built("replay_segments") is None:
        pytest.skip("no compiled engine was built")
    monkeypatch.setenv(CHOICE, "plain" if request.param == "plain" else "")
    return str(request.param)


def opened(folder) -> Journal:
    return Journal(FolderDisk(folder), segment_bytes=700, headroom_bytes=0)


class Told:
    """The market world sealed in a folder, with what a core told of it batch by batch."""

    def __init__(self, folder, *, wrong: int = -1, old: int = -1) -> None:
        """wrong: the batch that seals other events than were told; old: the batch sealed under the
        first schema."""
        journal, house, events = opened(folder), House(), EMPTY
        self.events: list[bytes] = []
        self.snapshots = [Snapshot(0, b"", bytes(32), EMPTY, b"")]
        self.numbers: list[tuple[int, int]] = []
        for i, (frames, first, last) in enumerate(batches()):
            if i == old:
                frames = under(frames, 1)
            told = house.take(frames)
            journal.append(frames, first, last, bytes(32) if i == wrong else events)
            self.events.append(told)
            self.numbers.append((first, last))
            events = sha256(told).digest()
            self.snapshots.append(Snapshot(last, b"", journal.chain, events, house.snapshot()))
        self.state, self.digest = house.state_hash(), events


def under(frames: bytes, version: int) -> bytes:
    """The same frames under another version of the schema."""
    found, at = b"", 0
    while at < len(frames):
        header = wire.read_header(frames, at)
        body = frames[at + wire.HEADER_BYTES : at + header.length - 4]
        head = wire._HEADER.pack(*header._replace(version=version))
        found += head + body + struct.pack("<I", google_crc32c.value(head + body))
        at += header.length
    return found


def test_the_whole_journal_is_taken_and_told_in_order(tmp_path):
    told = Told(tmp_path / "j")
    journal, heard = opened(tmp_path / "j"), []
    assert len(list((tmp_path / "j").iterdir())) > 3, "several segments"
    core, digest, _ = replay(journal, on_events=heard.append)
    assert (core.state_hash(), digest) == (told.state, told.digest)
    assert heard == [events for events in told.events if events]


def test_it_goes_on_from_any_snapshot_and_tells_what_was_not_heard(tmp_path):
    told = Told(tmp_path / "j")
    for at, snapshot in enumerate(told.snapshots):
        rest = [events for events in told.events[at:] if events]
        heard: list[bytes] = []
        if snapshot.number:
            made = replay(opened(tmp_path / "j"), snapshot, heard.append)
            assert (made[0].state_hash(), made[1]) == (told.state, told.digest)
            assert heard == rest
        heard.clear()
        mark = wire.read_header(rest[0]).number - 1 if rest else 2**62
        replay(opened(tmp_path / "j"), on_events=heard.append, heard=mark)
        assert heard == rest, "what lies before the mark is told to nobody"


def test_the_first_batch_that_sealed_other_events_is_named(tmp_path):
    for wrong in (1, 4, 9):
        told = Told(tmp_path / f"j{wrong}", wrong=wrong)
        (a, b), (first, _) = told.numbers[wrong - 1 : wrong + 1]
        said = f"the events of {a} to {b}, before number {first}, are not those the journal sealed"
        with pytest.raises(Diverged, match=said):
            replay(opened(tmp_path / f"j{wrong}"))
    snapshot = told.snapshots[9]
    with pytest.raises(Diverged, match=f"the events of {snapshot.number}, before number"):
        replay(opened(tmp_path / "j9"), snapshot)


def test_a_house_of_another_law_is_refused_with_what_to_do(tmp_path, capsys):
    told = Told(tmp_path / "journal", wrong=4)
    (a, b), (first, _) = told.numbers[3:5]
    assert main(["verify", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"the events of {a} to {b}, before number {first}" in said
    assert "expected a journal sealed under this program's law" in said


def test_a_batch_under_an_older_schema_is_compared_as_any_other(tmp_path):
    for old in (3, 8):
        told = Told(tmp_path / f"sound{old}", old=old)
        assert replay(opened(tmp_path / f"sound{old}"))[0].state_hash() == told.state
        Told(tmp_path / f"bent{old}", wrong=old + 1, old=old)
        with pytest.raises(Diverged, match="are not those the journal sealed"):
            replay(opened(tmp_path / f"bent{old}"))


@pytest.mark.rule("INS-011")
def test_an_older_program_refuses_a_newer_journal_and_says_what_to_do(tmp_path, capsys):
    """What a newer program sealed is never carried out by guess, whatever it asks."""
    told = Told(tmp_path / "journal")
    journal, newer = opened(tmp_path / "journal"), wire.SCHEMA_VERSION + 1
    number, after = journal.last + 1, told.snapshots[-1]
    frame = wire.seal(wire.AdvanceTime(), number, House.restore(after.records).last_time, span=1)
    journal.append(under(frame, newer), number, number, told.digest)
    said = (
        f"frame {number} was written under schema {newer}: expected at most "
        f"{wire.SCHEMA_VERSION}, the schema of this program. Open it with the program that wrote "
        "it, or a newer one"
    )
    for snapshot in (None, after):
        with pytest.raises(ValueError, match=said):
            replay(opened(tmp_path / "journal"), snapshot)
    assert main(["verify", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.rule("INS-011")
def test_an_older_program_refuses_a_newer_snapshot_and_says_what_to_do(tmp_path):
    told = Told(tmp_path / "j")
    core = House.restore(told.snapshots[5].records)
    core.state.behaviour = wire.SCHEMA_VERSION + 1
    snapshot = replace(told.snapshots[5], records=core.snapshot())
    said = (
        f"behaviour {wire.SCHEMA_VERSION + 1} is in force: expected at most "
        f"{wire.SCHEMA_VERSION}, the newest that this program knows. Open the house with the "
        "program that wrote it, or a newer one"
    )
    with pytest.raises(ValueError, match=said):
        replay(opened(tmp_path / "j"), snapshot)


def test_a_batch_that_changed_after_the_opening_is_named(tmp_path):
    Told(tmp_path / "j")
    for at in (0, 3):
        journal = opened(tmp_path / "j")
        path = sorted((tmp_path / "j").iterdir())[at]
        content = path.read_bytes()
        for changed in (bytes([content[0] ^ 1]) + content[1:], content[:40] + bytes(9)):
            path.write_bytes(changed)
            with pytest.raises(JournalBent, match=rf"{path.name} at byte 0: the record after"):
                replay(journal)
        path.write_bytes(content)
    last = sorted((tmp_path / "j").iterdir())[-1]
    journal = opened(tmp_path / "j")
    last.unlink()
    with pytest.raises(JournalBent, match=f"number {journal.last} expected at the end"):
        replay(journal)


def test_who_cannot_hear_ends_the_replay(tmp_path):
    Told(tmp_path / "j")

    def deaf(_: bytes) -> None:
        raise KeyError("a view")

    with pytest.raises(KeyError, match="a view"):
        replay(opened(tmp_path / "j"), on_events=deaf)


def test_what_is_sealed_behind_a_reader_is_left_to_the_next(tmp_path):
    told = Told(tmp_path / "j")
    reader = Journal(FolderDisk(tmp_path / "j"), read_only=True)
    writer = opened(tmp_path / "j")
    writer.append(b"no frame at all", writer.last + 1, writer.last + 1, bytes(32))
    core, digest, _ = replay(reader)
    assert (core.state_hash(), digest) == (told.state, told.digest)


def test_a_core_that_refuses_a_frame_stops_the_replay(tmp_path):
    told = Told(tmp_path / "j")
    journal = opened(tmp_path / "j")
    journal.append(b"no frame at all" * 9, journal.last + 1, journal.last + 1, told.digest)
    with pytest.raises(Exception, match=r"frame|header"):
        replay(opened(tmp_path / "j"))


def test_the_compiled_core_is_the_one_that_serves_here(kind):
    assert isinstance(make_core()[0], built("House")) or kind == "plain"


def test_a_bent_frame_in_a_sound_batch_is_refused(tmp_path):
    """The check sum of a batch that was sealed around it says nothing of a frame."""
    told = Told(tmp_path / "j")
    journal, number = opened(tmp_path / "j"), told.numbers[-1][1] + 1
    time = House.restore(told.snapshots[-1].records).last_time
    frame = wire.seal(wire.CancelOrder(account=1, order=1), number, time, actor=11, span=1)
    bent = bytearray(frame)
    bent[wire.HEADER_BYTES] ^= 1
    journal.append(bytes(bent), number, number, told.digest)
    with pytest.raises(Exception, match=f"check sum .* in frame {number}"):
        replay(opened(tmp_path / "j"))


def whole(folder):
    """What one pass over a journal gives, or what it raises; heard or not, it is the same."""
    found = [_whole(folder, hear) for hear in (None, [].append)]
    assert found[0] == found[1]
    return found[0]


def _whole(folder, hear):
    try:
        journal, core, digest, _ = replay_whole(FolderDisk(folder), hear, read_only=True)
    except (JournalBent, Diverged, ValueError) as error:
        return type(error), str(error)
    ends = (journal.last, journal.chain, journal.end, journal.batch_count, journal.notices)
    return core.state_hash(), digest, ends


def in_turn(folder):
    """The same of an opening and a replay after it."""
    try:
        journal = Journal(FolderDisk(folder), read_only=True)
        core, digest, _ = replay(journal)
    except (JournalBent, Diverged, ValueError) as error:
        return type(error), str(error)
    ends = (journal.last, journal.chain, journal.end, journal.batch_count, journal.notices)
    return core.state_hash(), digest, ends


def test_one_pass_tells_what_opening_and_replaying_tell(tmp_path):
    """Of a sound journal, one that ends in zeros, torn tails, bent middles, a cut chain, a journal
    under another law."""
    folder = tmp_path / "j"
    told = Told(folder)
    assert whole(folder)[:2] == (told.state, told.digest)
    assert whole(folder) == in_turn(folder)
    paths = sorted(folder.iterdir())
    seen = []
    for path in (paths[0], paths[2], paths[-1]):
        content = path.read_bytes()
        for bent in (
            content + bytes(300),
            content[:-1],
            content[:-40] + bytes(40),
            content[:100] + bytes([content[100] ^ 1]) + content[101:],
            content[:60] + bytes([content[60] ^ 1]) + content[61:],
        ):
            path.write_bytes(bent)
            seen.append(whole(folder))
            assert seen[-1] == in_turn(folder)
        path.write_bytes(content)
    assert sum(found[0] is JournalBent for found in seen) >= 6
    assert sum(len(found) == 3 and bool(found[2][4]) for found in seen) >= 3, "torn tails"
    assert sum(len(found) == 3 and not found[2][4] for found in seen) >= 3, "zeros"
    paths[1].rename(tmp_path / "away")
    assert whole(folder) == in_turn(folder)
    assert whole(folder)[0] is JournalBent
    Told(tmp_path / "law", wrong=4)
    assert whole(tmp_path / "law") == in_turn(tmp_path / "law")
    assert whole(tmp_path / "law")[0] is Diverged
    (tmp_path / "empty").mkdir()
    assert whole(tmp_path / "empty") == in_turn(tmp_path / "empty")


def test_one_pass_tells_every_event_once_where_it_has_to_begin_again(tmp_path, monkeypatch):
    """Of a sound journal, and of one with a torn tail, which one pass does not tell from a bent
    middle; it raises what the hearer raises."""
    folder = tmp_path / "j"
    told = Told(folder)
    heard, again = [], []
    replay_whole(FolderDisk(folder), heard.append, read_only=True)
    assert b"".join(heard) == b"".join(told.events)
    path = sorted(folder.iterdir())[-1]
    path.write_bytes(path.read_bytes()[:-1])
    journal, *_ = replay_whole(FolderDisk(folder), again.append, read_only=True)
    assert journal.notices, "a torn tail"
    assert b"".join(heard).startswith(b"".join(again))
    assert 3 < len(again) < len(heard)

    def fails(_: bytes) -> None:
        raise OSError("it hears no more")

    with pytest.raises(OSError, match="hears no more"):
        replay_whole(FolderDisk(folder), fails, read_only=True)


def test_a_batch_that_does_not_continue_the_chain_is_refused_in_one_pass(tmp_path):
    """A batch that is sound by itself, with the next numbers, sealed behind another journal."""
    Told(tmp_path / "one")
    Told(tmp_path / "two", wrong=1)
    one, two = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [p.name for p in one] == [p.name for p in two]
    one[-1].write_bytes(two[-1].read_bytes())
    found = whole(tmp_path / "one")
    assert found == in_turn(tmp_path / "one")
    assert found[0] is JournalBent
    assert "does not continue the chain" in found[1]


def at_once(folder, snapshot, heard=0, marks=()):
    """What one pass from a snapshot gives, with the events it told; None where it gives nothing."""
    told: list[bytes] = []
    disk = FolderDisk(folder)
    found = replay_at_once(disk, snapshot, told.append, heard=heard, marks=marks, read_only=True)
    if found is None:
        return None
    journal, core, digest, _ = found
    ends = (journal.last, journal.chain, journal.end, journal.batch_count, journal.notices)
    return (core.state_hash(), digest, ends), told


def test_one_pass_goes_on_from_any_snapshot_and_checks_what_lies_before_it(tmp_path, kind):
    folder = tmp_path / "j"
    told = Told(folder)
    sealed = [(s.number, s.chain) for s in told.snapshots[1:]]
    for at, snapshot in enumerate(told.snapshots[1:], 1):
        rest = [events for events in told.events[at:] if events]
        found = at_once(folder, snapshot, marks=sealed[at - 1 :])
        if kind == "plain":
            assert found is None, "it is done in turn"
            continue
        assert found == (in_turn(folder), rest)
        mark = wire.read_header(rest[0]).number if rest else 0
        found = at_once(folder, snapshot, heard=mark)
        assert found is not None
        assert found[1] == rest[1:]
        number, chain = sealed[at - 1]
        last = sealed[-1][0]
        for strange in ((number, bytes(32)), (last + 1, chain), (last, bytes(32))):
            assert at_once(folder, snapshot, marks=[strange]) is None
        assert at_once(folder, replace(snapshot, chain=bytes(32))) is None
        assert at_once(folder, replace(snapshot, events=bytes(32))) is None or not rest


def test_one_pass_leaves_what_is_bent_before_a_snapshot_to_the_opening(tmp_path, kind):
    """Bytes that the core does not take are proven all the same."""
    if kind == "plain":
        pytest.skip("the plain twin opens and then replays")
    folder = tmp_path / "j"
    told = Told(folder)
    paths, last = sorted(folder.iterdir()), told.snapshots[-1]
    assert len(paths) > 4, "segments lie before the one of the snapshot"
    assert at_once(folder, last) is not None
    for path in paths[:-1]:
        content = path.read_bytes()
        for bent in (content[:100] + bytes([content[100] ^ 1]) + content[101:], content[:-1], b""):
            path.write_bytes(bent)
            assert at_once(folder, last) is None
        path.unlink()
        assert at_once(folder, last) is None
        path.write_bytes(content + bytes(64))
        assert at_once(folder, last) == (in_turn(folder), []), "zeros are a clean end"
        path.write_bytes(content)
    other = Told(tmp_path / "other", wrong=1)
    assert [s.number for s in other.snapshots] == [s.number for s in told.snapshots]
    for path in paths[-2:]:
        content = path.read_bytes()
        path.write_bytes((tmp_path / "other" / path.name).read_bytes())
        assert at_once(folder, last) is None, "a segment of another journal"
        assert at_once(folder, other.snapshots[-1]) is None
        path.write_bytes(content)
