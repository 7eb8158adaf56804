"""A bundle verified from its bytes alone. Whatever is altered, dropped, moved or dated otherwise in
it, and any log that was forked, is found and named: which reading, which rule."""

from __future__ import annotations

import json

import pytest

from lasalle.delivery.bundle import bundle
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault
from lasalle.delivery.notes import read_note, sign_checkpoint
from lasalle.delivery.readings import Quality, Reading, read_entry
from lasalle.delivery.terms import Product
from lasalle.delivery.tree import leaf_hash
from lasalle.delivery.verifying import Verdict, verify
from lasalle.indices.merkle import root_of
from tests.delivery.world import (
    INTERVAL,
    PARTIES,
    SECOND,
    SHOWN,
    START,
    SUPPLIER,
    begun,
    bundled,
    delivered,
    good,
    named,
    published,
)  # fmt: skip


def faults(verdict: Verdict) -> set[Fault]:
    return {breach.fault for breach in verdict.breaches}


@pytest.mark.rule("DEL-010")
@pytest.mark.parametrize("product", Product)
def test_a_sound_bundle_shows_the_totals_of_every_meter(product: Product) -> None:
    verdict = verify(good(product))
    assert verdict.breaches == ()
    assert verdict.sound
    assert verdict.whole
    work = product is Product.WORK
    assert (verdict.entries, verdict.readings, verdict.rows) == (13 + work, 12, 24)
    assert verdict.checkpoints == 4
    buyer, supplier, referee = verdict.totals
    assert buyer.rows == supplier.rows == referee.rows == 12
    lines = good(product).split(b"\n")
    rows = [json.loads(line) for line in lines if line.startswith(b"[1,41,")]
    mine = [row for row in rows if row[2] == "buyer"]
    if work:
        assert buyer.sums["sum_completion"] == sum(row[10] for row in mine)
        assert buyer.sums["available_s"] == 240
    else:
        assert buyer.sums["healthy_seconds"] == sum(row[9] * row[7] for row in mine)
        assert buyer.sums["healthy_seconds"] < buyer.sums["due_seconds"] == 12 * 4 * 60
        assert buyer.errors == sum(row[9] < 4 for row in mine) > 0


@pytest.mark.rule("DEL-010")
def test_a_correction_counts_and_what_it_replaces_is_kept() -> None:
    delivery = begun(intervals=2)
    readers = [delivery.readers[n] for n in SHOWN]
    for _ in range(2):
        for reader in readers:
            delivery.log.admit(reader.read().content)
        delivery.publish(START // SECOND + 180)
    edit = readers[0].read(revises=1, sum_completion=1)
    delivery.log.admit(edit.content)
    delivery.publish(START // SECOND + 300)
    verdict = verify(b"".join(bundle(published(delivery))))
    assert verdict.breaches == ()
    buyer = verdict.totals[0]
    assert (buyer.readings, buyer.revised, buyer.not_actual, buyer.rows) == (3, 1, 1, 6)
    second = read_entry(list(delivery.log.log.entries())[4]).statement
    assert isinstance(second, Reading)
    assert buyer.sums["sum_completion"] == 1 + getattr(second, "sum_completion", 0)
    assert getattr(edit.statement, "quality", None) is Quality.EDITED


@pytest.mark.rule("DEL-009")
def test_a_bundle_is_of_the_terms_a_contract_names() -> None:
    terms = verify(good()).terms
    assert terms is not None
    assert verify(good(), terms_sha256=terms.sha256).sound
    told = verify(good(), terms_sha256="0" * 64)
    assert [b.fault for b in told.breaches] == [Fault.TERMS]


@pytest.mark.rule("DEL-003")
def test_a_delivery_under_way_is_told_from_a_whole_one() -> None:
    content = bundled(delivered(intervals=3, agreed=6))
    verdict = verify(content)
    assert faults(verdict) == {Fault.GAP}
    assert len(verdict.breaches) == 2
    assert "meter 2 (supplier)" in str(verdict.breaches[1])
    under_way = verify(content, part=True)
    assert under_way.sound
    assert not under_way.whole
    empty = begun()
    empty.log.publish()
    with pytest.raises(EvidenceRefused, match="not_cosigned"):
        list(bundle(published(empty)))


@pytest.mark.rule("DEL-008")
def test_a_bundle_written_anew_whole_is_told_from_a_checkpoint_kept_elsewhere() -> None:
    """Everybody but one party agrees on another history: it keeps a checkpoint."""
    delivery = delivered(intervals=2)
    kept = list(delivery.log.log.checkpoints())
    other = delivered(intervals=2)
    anew = begun(intervals=2)
    for interval in range(2):
        for reader in anew.readers.values():
            reader.count = 2
            anew.log.admit(reader.read().content)
        anew.publish((START + (interval + 1) * INTERVAL) // SECOND + 5)
    content = b"".join(bundle(published(anew)))
    assert verify(content).sound
    for note in kept:
        verdict = verify(content, known=[note])
        assert named(verdict, Fault.FORKED) == [f"checkpoint {note.checkpoint.size}"]
    assert verify(b"".join(bundle(published(other))), known=kept).sound
    early = bundled(delivered(intervals=1, agreed=2))
    assert faults(verify(early, known=kept, part=True)) == {Fault.DROPPED}
    stranger = sign_checkpoint(kept[0].checkpoint, PARTIES["buyer.example/watch"])
    assert faults(verify(content, known=[stranger])) == {Fault.CHECKPOINT}


@pytest.mark.rule("DEL-004")
def test_a_reading_dated_back_or_on_is_told_by_the_times_of_the_cosignatures() -> None:
    """A meter and the log hold a reading back, and date it as if it had come in time."""
    delivery = begun(intervals=3)
    buyer, supplier = (delivery.readers[n] for n in SHOWN)
    for interval in range(3):
        delivery.log.admit(buyer.read().content)
        delivery.publish((START + (interval + 1) * INTERVAL) // SECOND + 5)
    for _ in range(3):
        delivery.log.admit(supplier.read().content)
    delivery.publish((START + 3 * INTERVAL) // SECOND + 6)
    verdict = verify(b"".join(bundle(published(delivery))))
    assert faults(verdict) == {Fault.BACK_DATED}
    late = [f"reading {n} of meter 2 (supplier)" for n in (1, 2)]
    assert named(verdict, Fault.BACK_DATED) == late
    early = begun(intervals=1)
    for reader in (early.readers[n] for n in SHOWN):
        early.log.admit(reader.read().content)
    early.publish(START // SECOND + 30)
    verdict = verify(b"".join(bundle(published(early))))
    assert faults(verdict) == {Fault.CLOCK}
    assert len(verdict.breaches) == 2


@pytest.mark.rule("DEL-005")
def test_sums_that_are_not_those_of_the_rows_are_named_by_their_field() -> None:
    for name in ("sum_bytes", "sum_completion", "over_ttft", "errors"):
        delivery = begun(intervals=1)
        for number in SHOWN:
            more = {name: 2} if number == SUPPLIER else {}
            delivery.log.admit(delivery.readers[number].read(**more).content)
        delivery.publish(START // SECOND + 65)
        verdict = verify(bundled(delivery))
        assert [(b.fault, b.field) for b in verdict.breaches] == [(Fault.SUMS, name)]
        assert named(verdict, Fault.SUMS) == ["reading 1 of meter 2 (supplier)"]


def test_garbage_gets_a_verdict() -> None:
    for content in (b"", b"\n", b"{}\n", b"[1]\n", b'"x"\n', b"\xff\xfe\n", b'{"body":1}\n'):
        verdict = verify(content)
        assert not verdict.sound
        assert all(isinstance(b, Breach) and b.rule for b in verdict.breaches)


@pytest.mark.parametrize("content", [b"", b"\n", b"PK\x03\x04 of another kind\n", b'{"bundle":'])
def test_a_foreign_file_is_told_to_be_no_bundle(content: bytes) -> None:
    told = [str(breach) for breach in verify(content).breaches]
    assert any("entry 0: malformed: bytes: expected JSON, found Input data was truncated" in one
               for one in told), told  # fmt: skip


def test_a_leaf_and_a_root_are_those_of_the_rfc() -> None:
    lines = good().split(b"\n")
    leaves = [leaf_hash(line) for line in lines if line.startswith(b'{"body"')]
    last = [read_note(json.loads(x).encode()) for x in lines if x.startswith(b'"')][-1]
    assert root_of(leaves) == last.checkpoint.root
