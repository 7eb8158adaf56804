"""The journal: the same tests for the journal in Python and for the compiled one."""

from __future__ import annotations

import resource
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import google_crc32c
import pytest

from lasalle import wire
from lasalle.venue.compiled import CHOICE, built
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import MAGIC, Journal, JournalBent, JournalFull
from tests.properties.stories import market

SEGMENT, SPARE = 500, 4096
HEAD = struct.Struct("<4sIQQ32s")
CHAIN_AT, FRAMES_AT = 56, 88


class Plain:
    """The journal in Python on a real folder."""

    def __init__(self, folder: Path, spare: int, segment: int = SEGMENT) -> None:
        self.disk = FolderDisk(folder, spare_bytes=spare)
        self.journal = Journal(self.disk, segment_bytes=segment, headroom_bytes=0)
        self.append = self.journal.append

    @property
    def last(self) -> int:
        return self.journal.last

    @property
    def chain(self) -> bytes:
        return self.journal.chain

    @property
    def notices(self) -> list[str]:
        return self.journal.notices

    def close(self) -> None:
        self.disk.close()


def compiled(folder: Path, spare: int, segment: int = SEGMENT) -> Any:
    return built("Journal")(folder, segment, 0, spare)


@pytest.fixture(params=["plain", "checked", "compiled"])
def make(request, monkeypatch) -> Callable[..., Any]:
    """Opens a journal of one kind in a folder: folder, spare bytes, segment bytes. *checked* is the
    journal in Python behind the compiled check of whole journals."""
    if request.param == "plain":
        monkeypatch.setenv(CHOICE, "plain")
        return Plain
    if built("Journal") is None:
        pytest.skip("no compiled engine was built")
    return Plain if request.param == "checked" else compiled


def told(number: int) -> bytes:
    """What stands for the digest of the events before a batch."""
    return sha256(b"%d" % number).digest()


def batches() -> Iterator[tuple[bytes, int, int]]:
    """The market world in batches of one to four commands: frames, first number, last number."""
    frames = market().frames
    at, number = 0, 1
    while at < len(frames):
        part = frames[at : at + 1 + at % 4]
        at += len(part)
        last = number + sum(wire.read_header(frame).span for frame in part) - 1
        yield b"".join(part), number, last
        number = last + 1


def sealed(journal: Any, count: int = 1000) -> Any:
    for _, (frames, first, last) in zip(range(count), batches(), strict=False):
        journal.append(frames, first, last, told(first))
    return journal


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.seg"))}


def laid(folder: Path, content: dict[str, bytes]) -> Path:
    """A folder with these segments and no other."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, each in content.items():
        (folder / name).write_bytes(each)
    return folder


@pytest.fixture
def whole(tmp_path) -> dict[str, bytes]:
    """Segments of the market world, sealed by the journal in Python."""
    sealed(Plain(tmp_path / "whole", 0)).close()
    return files(tmp_path / "whole")


def starts(content: bytes) -> list[int]:
    """Where the batches of a segment begin."""
    found, at = [], 0
    while content[at : at + 4] == MAGIC:
        found.append(at)
        at += struct.unpack_from("<I", content, at + 4)[0]
    return found


def numbers(content: bytes, at: int) -> tuple[int, int]:
    _, _, first, last, _ = HEAD.unpack_from(content, at)
    return first, last


@pytest.mark.parametrize("spare", [0, SPARE])
def test_the_same_batches_are_the_same_bytes(make, spare, tmp_path, whole):
    journal = sealed(make(tmp_path / "j", spare))
    assert len(whole) > 5, "several segments"
    for name, content in whole.items():
        assert (tmp_path / "j" / name).read_bytes().startswith(content), name
    journal.close()
    assert files(tmp_path / "j") == whole, "a close leaves batches alone"
    again = make(tmp_path / "j", spare)
    assert (again.last, again.chain, list(again.notices)) == (journal.last, journal.chain, [])
    again.close()


@pytest.mark.parametrize("spare", [0, SPARE])
def test_it_goes_on_where_another_stopped(make, spare, tmp_path, whole):
    """Opened again behind every batch, by turns with the journal in Python."""
    for i, (frames, first, last) in enumerate(batches()):
        journal = (make if i % 2 else Plain)(tmp_path / "j", spare)
        assert journal.last == first - 1
        journal.append(frames, first, last, told(first))
        if i % 3:
            journal.close()
        del journal  # without a close, as a killed process leaves it
    Plain(tmp_path / "j", 0).close()
    assert files(tmp_path / "j") == whole


@pytest.mark.parametrize("zeros", [0, SPARE])
def test_a_tail_torn_at_any_byte_is_dropped_and_nothing_else(make, zeros, tmp_path, whole):
    name, content = list(whole.items())[-1]
    at = starts(content)[-1]
    first, _ = numbers(content, at)
    for end in range(at + 1, len(content)):
        torn = {**whole, name: content[:end] + bytes(zeros)}
        journal = make(laid(tmp_path / "j", torn), 0)
        assert (journal.last, len(journal.notices)) == (first - 1, 1), end
        assert f"after number {first - 1} were dropped" in journal.notices[0]
        kept = files(tmp_path / "j").get(name, b"")
        assert kept == content[:at]
        journal.close()


def test_pieces_of_the_last_batch_that_never_reached_the_disk_are_a_torn_tail(
    make, tmp_path, whole
):
    """A disk writes the sectors of one flush in any order: zeros stand where one is missing."""
    name, content = list(whole.items())[-1]
    at, seen = starts(content)[-1], 0
    for piece in (16, 64):
        for start in range(at, len(content), piece):
            lost = bytearray(content)
            lost[start : start + piece] = bytes(len(lost[start : start + piece]))
            if bytes(lost) == content:
                continue
            torn = {**whole, name: bytes(lost) + bytes(SPARE)}
            journal = make(laid(tmp_path / "j", torn), 0)
            assert (journal.last, len(journal.notices)) == (numbers(content, at)[0] - 1, 1)
            journal.close()
            seen += 1
    assert seen > 10


def test_zeros_behind_the_last_batch_are_a_clean_end_that_is_written_over(make, tmp_path, whole):
    *_, (name, content) = whole.items()
    laid(tmp_path / "j", {**whole, name: content + bytes(3 * SPARE)})
    journal = make(tmp_path / "j", 0, 10**6)
    assert list(journal.notices) == []
    number = journal.last + 1
    journal.append(b"frame", number, number, told(number))
    journal.close()
    found = files(tmp_path / "j")
    assert list(found) == list(whole), "in the same segment"
    assert found[name][: len(content)] == content
    assert len(found[name]) == len(content) + FRAMES_AT + 5 + 4


def test_a_bit_flipped_in_the_middle_refuses_and_says_where(make, tmp_path, whole):
    last_name = list(whole)[-1]
    bent = 0
    for name, content in whole.items():
        places = starts(content)
        inner = places[:-1] if name == last_name else places
        for at in inner:
            end = at + struct.unpack_from("<I", content, at + 4)[0]
            for byte in [*range(at, at + FRAMES_AT), *range(at + FRAMES_AT, end, 17), end - 1]:
                changed = bytearray(content)
                changed[byte] ^= 1 << byte % 8
                folder = laid(tmp_path / "j", {**whole, name: bytes(changed)})
                with pytest.raises(JournalBent, match=f"{name} at byte {at}: the record after"):
                    make(folder, 0)
                assert files(folder)[name] == bytes(changed), "nothing was cut"
                bent += 1
    assert bent > 1000


def test_a_stretch_destroyed_in_the_middle_refuses(make, tmp_path, whole):
    """A sector of noise or zeros, over the head of a batch, inside it or across several."""
    names, bent = list(whole), 0
    for name in names[1:-1]:
        content = whole[name]
        for filled in (bytes(64), b"\xa5" * 64, bytes(512), b"LSJ1" * 128):
            for start in range(0, len(content) - 64, 61):
                changed = bytearray(content)
                changed[start : start + len(filled)] = filled[: len(content) - start]
                folder = laid(tmp_path / "j", {**whole, name: bytes(changed)})
                with pytest.raises(JournalBent, match=f"{name}|after number"):
                    make(folder, 0)
                bent += 1
    assert bent > 80


def test_a_bit_flipped_in_the_last_batch_looks_like_a_torn_tail(make, tmp_path, whole):
    name, content = list(whole.items())[-1]
    at = starts(content)[-1]
    for byte in range(at, len(content)):
        changed = bytearray(content)
        changed[byte] ^= 16
        journal = make(laid(tmp_path / "j", {**whole, name: bytes(changed)}), 0)
        assert journal.last == numbers(content, at)[0] - 1, byte
        assert len(journal.notices) == 1
        journal.close()


def forged(first: int, chain: bytes = bytes(32), frames: bytes = b"") -> bytes:
    """A batch whose check sum holds, as a member who knows the format can spell one."""
    length = FRAMES_AT + len(frames) + 4
    head = HEAD.pack(MAGIC, length, first, first, bytes(32)) + chain + frames
    return head + struct.pack("<I", google_crc32c.value(head))


def spelled(*forgeries: bytes) -> wire.MassQuote:
    """A mass quote whose integers are these bytes."""
    layout = wire.Quote.LAYOUT
    content = b"".join(forgeries)
    content += bytes(-len(content) % layout.size)
    rows = tuple(wire.Quote(*row) for row in layout.iter_unpack(content))
    return wire.MassQuote(account=1, self_trade=wire.SelfTrade.CANCEL_NEWEST, quotes=rows)


def seal_spelled(journal: Any, count: int) -> None:
    """Batches of one mass quote each, every one spelling sound batches with numbers to come."""
    for _ in range(count):
        number = journal.last + 1
        ahead = [forged(number + i) for i in range(1, 9)]
        linked = forged(number + 9, bytes(32), b"x" * 32)
        command = spelled(*ahead, linked, forged(2**60))
        span = wire.span_of(command)
        frame = wire.seal(command, number, 0, actor=11, span=span)
        assert frame.count(MAGIC) == 10
        assert wire.read_body(wire.read_header(frame), frame) == command, "the door would take it"
        journal.append(frame, number, number + span - 1, told(number))


@pytest.mark.parametrize("zeros", [0, SPARE])
def test_a_torn_batch_whose_integers_spell_a_batch_is_still_a_torn_tail(make, zeros, tmp_path):
    writer = Plain(tmp_path / "w", 0, 10**6)
    sealed(writer, 2)
    seal_spelled(writer, 2)
    writer.close()
    ((name, content),) = files(tmp_path / "w").items()
    at = starts(content)[-1]
    before = numbers(content, at)[0] - 1
    for end in [*range(at + 1, at + 100, 3), *range(at + 100, len(content), 13), len(content) - 1]:
        journal = make(laid(tmp_path / "j", {name: content[:end] + bytes(zeros)}), 0)
        assert (journal.last, len(journal.notices)) == (before, 1), end
        journal.close()
    for byte in range(at + CHAIN_AT, len(content), 13):
        changed = bytearray(content)
        changed[byte] ^= 4
        journal = make(laid(tmp_path / "j", {name: bytes(changed)}), 0)
        assert journal.last == before, byte
        journal.close()


def test_a_bent_batch_whose_integers_spell_a_batch_still_refuses(make, tmp_path):
    """Wherever one bit of it turns, its length and its head included, what follows is found."""
    writer = Plain(tmp_path / "w", 0, 10**6)
    sealed(writer, 2)
    seal_spelled(writer, 3)
    writer.close()
    ((name, content),) = files(tmp_path / "w").items()
    at, after, last = starts(content)[-3:]
    for byte in [*range(at, at + FRAMES_AT), *range(at + FRAMES_AT, after, 19)]:
        for bit in range(8) if byte < at + 24 else (byte % 8,):
            changed = bytearray(content)
            changed[byte] ^= 1 << bit
            for end in (len(content), last):
                folder = laid(tmp_path / "j", {name: bytes(changed[:end])})
                with pytest.raises(JournalBent, match=f"{name} at byte {at}: the record after"):
                    make(folder, 0)


def test_batches_that_were_exchanged_are_found(make, tmp_path):
    writer = Plain(tmp_path / "w", 0, 10**6)
    sealed(writer, 4)
    writer.close()
    ((name, content),) = files(tmp_path / "w").items()
    a, b, c, d = starts(content)
    exchanged = content[:b] + content[c:d] + content[b:c] + content[d:]
    with pytest.raises(JournalBent, match="does not continue the chain"):
        make(laid(tmp_path / "j", {name: exchanged}), 0)
    assert a == 0


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The kernel's own limit on a file stands for a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_batch_that_does_not_fit_leaves_nothing_and_service_returns(make, tmp_path):
    journal = sealed(make(tmp_path / "j", 0, 10**6), 3)
    ((name, content),) = files(tmp_path / "j").items()
    number = journal.last + 1
    with no_file_longer_than(len(content) + 100), pytest.raises(JournalFull, match="refused"):
        journal.append(bytes(500), number, number, told(number))
    assert files(tmp_path / "j") == {name: content}, "nothing half-written stays"
    journal.append(b"frame", number, number, told(number))
    journal.close()
    assert Plain(tmp_path / "j", 0).last == number


def test_zeros_are_not_set_aside_where_they_would_fill_the_disk(make, tmp_path):
    journal = sealed(make(tmp_path / "j", 2**61 // 4, 10**6), 3)
    size = sum(map(len, files(tmp_path / "j").values()))
    assert size < 10**6
    journal.close()
    assert Plain(tmp_path / "j", 0).last == journal.last
