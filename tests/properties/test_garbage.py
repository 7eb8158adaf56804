"""Bytes bent by chance: both cores refuse the same ones and change nothing, and take the rest
alike."""

from __future__ import annotations

import random
import struct
from collections import Counter
from typing import Any

import google_crc32c
import pytest

from lasalle import wire
from lasalle.venue.core import compiled_house
from tests.cores import CORES, NOT_BUILT, Twin, difference
from tests.properties.bending import turned
from tests.properties.test_stories import tell_story
from tests.properties.wide_stories import WideTeller

pytestmark = pytest.mark.skipif(compiled_house() is None, reason=NOT_BUILT)

STORIES, COMMANDS, TRIES = 24, 250, 6


def outcome(house: Any, frames: bytes) -> Any:
    """Event bytes, or FrameError; what else is raised is a fault."""
    try:
        return house.take(frames)
    except wire.FrameError:
        return wire.FrameError


def sound_check(frame: bytes) -> bytes:
    """The frame with its length and check sum set right, so that what is inside is looked at."""
    if len(frame) < 48:
        return frame
    head = struct.pack("<I", len(frame)) + frame[4:-4]
    return head + struct.pack("<I", google_crc32c.value(head))


def told_garbage(seed: int) -> Counter[str]:
    """One story in which bent frames stand between the sound ones."""
    dice, twin, teller = random.Random(seed), Twin(), WideTeller(seed)
    counts: Counter[str] = Counter()

    def ask(command: Any, actor: int) -> None:
        teller.clock = max(teller.clock, twin.plain.last_time) + 1_000_000
        for again in range(1 + TRIES):
            number = twin.last_number + 1
            span = wire.span_of(command)
            frame = wire.seal(command, number, twin.plain.last_time, actor=actor, span=span)
            if again < TRIES:
                frame = turned(dice, frame)
                frame = sound_check(frame) if dice.random() < 0.8 else frame
            else:
                # A bent frame that was taken may have moved the time on.
                teller.clock = max(teller.clock, twin.plain.last_time)
                frame = wire.seal(command, number, teller.clock, actor=actor, span=span)
            before = twin.plain.last_number
            told, other = outcome(twin.plain, frame), outcome(twin.compiled, frame)
            if told is wire.FrameError or other is wire.FrameError:
                assert other == told, f"one core refuses {frame.hex()}"
                assert twin.plain.last_number == twin.compiled.last_number == before
                counts["refused"] += 1
                continue
            assert other == told, difference(frame, told, other)
            counts["taken" if again < TRIES and frame else "sound"] += 1
            teller.number = number
            for header, event in wire.read_frames(told):
                teller.see(header, event)
        twin.commands += 1
        if twin.commands % twin.EVERY == 0:
            twin.compare()

    for command, actor in teller.opening():
        for asked, who in teller.sealed(command, actor):
            ask(asked, who)
    while twin.commands < COMMANDS:
        for command, actor in teller.next():
            ask(command, actor)
    twin.compare()
    return counts


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    return Counter()


@pytest.mark.parametrize("seed", range(STORIES))
def test_bent_frames_are_refused_or_taken_alike(seed, counts):
    counts += told_garbage(seed)


def test_enough_was_refused_and_enough_was_taken(counts):
    assert counts["refused"] >= 500 * STORIES
    assert counts["taken"] >= 200 * STORIES
    assert counts["sound"] >= COMMANDS * STORIES


def record_frames(records: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(records):
        length = wire.read_header(records, at).length
        found.append(records[at : at + length])
        at += length
    return found


def test_a_bent_snapshot_is_a_house_or_a_frame_error():
    sound, counts = record_frames(tell_story(3)[0].snapshot()), Counter[str]()
    for seed in range(1500):
        dice = random.Random(seed)
        frames, at = list(sound), dice.randrange(len(sound))
        if dice.random() < 0.25:
            del frames[at]
        else:
            frames[at] = sound_check(turned(dice, frames[at]))
        for make in CORES.values():
            try:
                make.restore(b"".join(frames))
            except wire.FrameError:
                counts["refused"] += 1
            else:
                counts["taken"] += 1
    assert min(counts["refused"], counts["taken"]) >= 500, counts
