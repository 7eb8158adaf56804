"""What the times of cosignatures say of a date: readings that were held back, checkpoints that a
bundle leaves out and that somebody kept, and how narrowly a verdict dates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pytest

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.faults import Fault
from lasalle.delivery.notes import Checkpoint, Note, cosign, sign_checkpoint
from lasalle.delivery.verifying import verify
from tests.delivery.world import (
    INTERVAL,
    LOG,
    PARTIES,
    SECOND,
    SHOWN,
    START,
    Delivery,
    begun,
    good,
    named,
)

BACK_DATED = [f"reading {n} of meter 2 (supplier)" for n in (1, 2)]


@lru_cache
def held_back() -> Delivery:
    """The supplier's readings reach the log when the delivery is over, dated as if in time."""
    delivery = begun(intervals=3)
    buyer, supplier = (delivery.readers[n] for n in SHOWN)
    for interval in range(3):
        delivery.log.admit(buyer.read().content)
        delivery.publish((START + (interval + 1) * INTERVAL) // SECOND + 5)
    for _ in range(3):
        delivery.log.admit(supplier.read().content)
    delivery.publish((START + 3 * INTERVAL) // SECOND + 6)
    return delivery


def bundle_of(sizes: Sequence[int]) -> bytes:
    """A bundle of it whose checkpoints are those of some sizes alone."""
    return b"".join(bundle(Published(held_back().log.log.read, sizes)))


def kept(size: int) -> Note:
    """A checkpoint of it as somebody kept it."""
    note = held_back().log.log.checkpoint_of(size)
    assert note is not None
    return note


def kept_checkpoints() -> list[tuple[str, Note, dict[Fault, list[str]]]]:
    """Checkpoints that were kept, and what each shows of the bundle that has the last alone."""
    whole = kept(5)
    text, (log, one, other) = whole.checkpoint, whole.lines
    bent = Note(text, (log, one, cosign(text, other.name, LOG, START // SECOND + 185)))
    strange = sign_checkpoint(Checkpoint(text.origin, 5, bytes([7]) * 32), LOG)
    unsigned = Note(text, (one, other))
    return [
        ("cosigned by both", whole, {Fault.BACK_DATED: BACK_DATED}),
        ("cosigned before", kept(4), {Fault.BACK_DATED: BACK_DATED[:1]}),
        ("cosigned by one", Note(text, (log, one)), {}),
        ("cosigned by the other", Note(text, (log, other)), {}),
        ("with a cosignature of nobody", bent, {}),
        ("by the log alone, of another tree", strange, {Fault.FORKED: ["checkpoint 5"]}),
        ("not by the log", unsigned, {Fault.CHECKPOINT: ["checkpoint 5 kept elsewhere"]}),
    ]


@pytest.mark.rule("DEL-004")
def test_a_checkpoint_that_was_kept_dates_what_a_bundle_without_it_hides() -> None:
    whole = verify(bundle_of([3, 4, 5, 8]))
    assert named(whole, Fault.BACK_DATED) == BACK_DATED
    alone = bundle_of([8])
    assert verify(alone).sound
    for name, note, expected in kept_checkpoints():
        verdict = verify(alone, known=[note])
        found = {b.fault: named(verdict, b.fault) for b in verdict.breaches}
        assert found == expected, name


@pytest.mark.rule("DEL-007")
def test_a_verdict_says_to_within_how_many_seconds_it_dates() -> None:
    for content, known, seconds in (
        (good(), [], 5),
        (bundle_of([3, 4, 5, 8]), [], 5),
        (bundle_of([5, 8]), [], 125),
        (bundle_of([8]), [], 126),
        (bundle_of([8]), [kept(3), kept(4), kept(5)], 5),
        # The kept one without a cosignature narrows nothing.
        (bundle_of([8]), [Note(kept(5).checkpoint, kept(5).lines[:2])], 126),
    ):
        assert verify(content, known=known).dated_to_s == seconds
    assert verify(good()).dated == "to within 5 s"
    told = "to within 126 s, wider than the grace of 60 s: a reading that came late is told from"
    assert verify(bundle_of([8])).dated.startswith(told)


@pytest.mark.rule("DEL-007")
def test_readings_under_no_cosigned_checkpoint_have_no_date() -> None:
    lines = good().split(b"\n")
    last = max(n for n, line in enumerate(lines) if line.startswith(b'"'))
    verdict = verify(b"\n".join(lines[:last] + lines[last + 1 :]))
    assert verdict.dated_to_s is None
    assert verdict.dated.startswith("not: readings stand under no checkpoint")
    assert verify(b"").dated_to_s is None


@pytest.mark.rule("DEL-007")
def test_of_two_times_of_one_size_each_says_what_it_can() -> None:
    """Parties that cosigned again later: the first time says that it was there, the last that
    nothing else was."""
    early, text = kept(8), kept(8).checkpoint
    for later in (1, 5_000):
        again = early
        for name, secret in PARTIES.items():
            again = again.with_line(cosign(text, name, secret, START // SECOND + 186 + later))
        content = bundle_of([5, 8])
        found = content.replace(quoted(early), quoted(again))
        assert found != content
        assert verify(found).dated_to_s == max(125, later + 1)
        assert verify(found, known=[early]).dated_to_s == 125
    again = kept(5)
    for name, secret in PARTIES.items():
        again = again.with_line(cosign(again.checkpoint, name, secret, START // SECOND + 300))
    third = "reading 3 of meter 2 (supplier)"
    for known in ([again], [again, kept(5)], [kept(5), again]):
        assert named(verify(bundle_of([5, 8]), known=known), Fault.BACK_DATED)[-1] == third


def quoted(note: Note) -> bytes:
    """A checkpoint as a bundle has it."""
    return note.content.decode().replace("\n", "\\n").encode()
