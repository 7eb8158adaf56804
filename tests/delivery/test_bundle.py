"""A bundle verified from its bytes alone. Whatever is altered, dropped, moved or dated otherwise in
it, and any log that was forked, is found and named: which reading, which rule."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import msgspec
import pytest

from lasalle.delivery.bundle import bundle
from lasalle.delivery.canonical import canonical
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault
from lasalle.delivery.notes import Checkpoint, Note, cosign, read_note, sign_checkpoint
from lasalle.delivery.readings import Quality, Reading, read_entry, sign
from lasalle.delivery.terms import Product
from lasalle.delivery.tree import leaf_hash
from lasalle.delivery.verifying import Verdict, verify
from lasalle.indices.merkle import root_of
from tests.delivery.world import (
    BUYER,
    INTERVAL,
    LOG,
    METERS,
    PARTIES,
    SECOND,
    START,
    SUPPLIER,
    Delivery,
    begun,
    delivered,
)

SHOWN = (BUYER, SUPPLIER)


def bundled(delivery: Delivery) -> bytes:
    def rows(meter: int, sequence: int) -> list[bytes] | None:
        return delivery.readers[meter].rows[sequence] if meter in SHOWN else None

    return b"".join(bundle(delivery.log, rows))


@lru_cache
def good(product: Product = Product.WORK) -> bytes:
    return bundled(delivered(product, intervals=4))


def faults(verdict: Verdict) -> set[Fault]:
    return {breach.fault for breach in verdict.breaches}


def named(verdict: Verdict, fault: Fault) -> list[str]:
    return [breach.where for breach in verdict.breaches if breach.fault is fault]


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
    verdict = verify(b"".join(bundle(delivery.log)))
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
        list(bundle(empty.log))


# -- tampering ---------------------------------------------------------------------------------


class Bent:
    """The lines of a good bundle, to be bent and put together again."""

    def __init__(self, product: Product, chance: random.Random) -> None:
        self.chance = chance
        self.lines = good(product).split(b"\n")[:-1]

    def at(self, begin: bytes, after: int = 0) -> int:
        """A line that begins so, by chance."""
        found = [n for n, line in enumerate(self.lines) if line.startswith(begin)]
        return self.chance.choice(found[after:])

    def reading(self, after: int = 0) -> int:
        """The line of a reading by chance."""
        found = [n for n, line in enumerate(self.lines) if b'"sequence":' in line]
        return self.chance.choice(found[after:])

    def where(self, number: int) -> str:
        return read_entry(self.lines[number]).where

    def rows_of(self, number: int) -> int:
        """How many rows stand under a line."""
        count = 0
        while self.lines[number + count + 1].startswith(b"["):
            count += 1
        return count

    def verdict(self) -> Verdict:
        return verify(b"\n".join(self.lines) + b"\n")


def altered_body(bent: Bent) -> tuple[Fault, str]:
    """A number of a reading is another, its signature the same."""
    number = bent.reading()
    where = bent.where(number)
    entry = read_entry(bent.lines[number])
    assert isinstance(entry.statement, Reading)
    other = msgspec.structs.replace(entry.statement, errors=(entry.statement.errors + 1) % 3)
    bent.lines[number] = entry.content.replace(entry.body, canonical(other))
    return Fault.ALTERED, where


def altered_and_signed(bent: Bent) -> tuple[Fault, str]:
    """The owner of a meter signs another number after the fact."""
    number = bent.reading()
    where = bent.where(number)
    entry = read_entry(bent.lines[number])
    assert isinstance(entry.statement, Reading)
    other = msgspec.structs.replace(entry.statement, errors=(entry.statement.errors + 1) % 3)
    bent.lines[number] = sign(other, METERS[entry.statement.meter]).content
    return Fault.ALTERED, where


def wrong_key(bent: Bent) -> tuple[Fault, str]:
    """One party signs for another."""
    number = bent.reading()
    entry = read_entry(bent.lines[number])
    assert isinstance(entry.statement, Reading)
    bent.lines[number] = sign(entry.statement, METERS[entry.statement.meter % 3 + 1]).content
    return Fault.WRONG_KEY, entry.where


def dropped(bent: Bent) -> tuple[Fault, str]:
    """A reading is left out, with its rows."""
    number = bent.reading()
    place = sum(line.startswith(b'{"body"') for line in bent.lines[:number])
    del bent.lines[number : number + bent.rows_of(number) + 1]
    return Fault.DROPPED, f"entry {place}"


def repeated(bent: Bent) -> tuple[Fault, str]:
    """A reading stands twice."""
    number = bent.reading()
    where = bent.where(number)
    again = bent.lines[number : number + bent.rows_of(number) + 1]
    at = bent.chance.choice([n for n in range(len(bent.lines)) if n > number and not
                             bent.lines[n].startswith((b"[", b'{"bundle"'))])  # fmt: skip
    bent.lines[at:at] = again
    return Fault.REPEATED, where


def reordered(bent: Bent) -> tuple[Fault, str]:
    """A reading stands behind a later one of its meter, with its rows."""
    while True:
        first = bent.reading()
        one = read_entry(bent.lines[first]).statement
        later = [
            n for n in range(first + 1, len(bent.lines))
            if b'"sequence":' in bent.lines[n]
            and getattr(read_entry(bent.lines[n]).statement, "meter", 0) == one.meter  # type: ignore[union-attr]
        ]  # fmt: skip
        if later:
            break
    where = bent.where(first)
    second = bent.chance.choice(later)
    end = second + bent.rows_of(second) + 1
    taken = bent.lines[first : first + bent.rows_of(first) + 1]
    bent.lines[end:end] = taken
    del bent.lines[first : first + len(taken)]
    return Fault.REORDERED, where


def altered_row(bent: Bent) -> tuple[Fault, str]:
    """A row says another number."""
    number = bent.reading()
    while not bent.rows_of(number):
        number = bent.reading()
    at = number + 1 + bent.chance.randrange(bent.rows_of(number))
    row = json.loads(bent.lines[at])
    row[3] += 1
    bent.lines[at] = json.dumps(row, separators=(",", ":")).encode()
    return Fault.ROWS, bent.where(number)


def dropped_row(bent: Bent) -> tuple[Fault, str]:
    """A row is left out; of the meters whose rows are shown."""
    number = bent.reading()
    while not bent.rows_of(number):
        number = bent.reading()
    where = bent.where(number)
    count = bent.chance.choice([1, bent.rows_of(number)])
    del bent.lines[number + 1 : number + 1 + count]
    return Fault.ROWS, where


def swapped_rows(bent: Bent) -> tuple[Fault, str]:
    """Two rows stand in each other's place."""
    number = bent.reading()
    while not bent.rows_of(number):
        number = bent.reading()
    bent.lines[number + 1], bent.lines[number + 2] = bent.lines[number + 2], bent.lines[number + 1]
    return Fault.ROWS, bent.where(number)


def note_at(bent: Bent) -> tuple[int, Note]:
    number = bent.at(b'"')
    return number, read_note(json.loads(bent.lines[number]).encode())


def put_note(bent: Bent, number: int, note: Note) -> None:
    bent.lines[number] = json.dumps(note.content.decode(), ensure_ascii=False).encode()


def altered_checkpoint(bent: Bent) -> tuple[Fault, str]:
    """A checkpoint bears another root under the same signatures."""
    number, note = note_at(bent)
    other = Checkpoint(note.checkpoint.origin, note.checkpoint.size, bytes(32))
    put_note(bent, number, Note(other, note.lines))
    return Fault.CHECKPOINT, f"checkpoint {note.checkpoint.size}"


def uncosigned(bent: Bent) -> tuple[Fault, str]:
    """The cosignature of a party is taken away."""
    number, note = note_at(bent)
    gone = bent.chance.choice([1, 2])
    put_note(bent, number, Note(note.checkpoint, note.lines[:gone] + note.lines[gone + 1 :]))
    return Fault.NOT_COSIGNED, f"checkpoint {note.checkpoint.size}"


def forked(bent: Bent) -> tuple[Fault, str]:
    """The log signed another tree of a size, and one party put its name to it."""
    number, note = note_at(bent)
    size = note.checkpoint.size
    other = sign_checkpoint(Checkpoint(note.checkpoint.origin, size, bytes([7]) * 32), LOG)
    name = bent.chance.choice(sorted(PARTIES))
    other = other.with_line(cosign(other.checkpoint, name, PARTIES[name], 5))
    bent.lines.insert(number + 1, json.dumps(other.content.decode()).encode())
    return Fault.FORKED, f"checkpoint {size}"


def forked_in_place(bent: Bent) -> tuple[Fault, str]:
    """A checkpoint in the middle is of another tree, and everybody signed it."""
    notes = [n for n, line in enumerate(bent.lines) if line.startswith(b'"')]
    number = bent.chance.choice(notes[:-1])
    size = read_note(json.loads(bent.lines[number]).encode()).checkpoint.size
    origin = "house.example/delivery/41"
    other = sign_checkpoint(Checkpoint(origin, size, bytes([9]) * 32), LOG)
    for name, secret in PARTIES.items():
        other = other.with_line(cosign(other.checkpoint, name, secret, START // SECOND))
    put_note(bent, number, other)
    return Fault.FORKED, f"checkpoint {size}"


def uncovered(bent: Bent) -> tuple[Fault, str]:
    """The last checkpoint is left out."""
    last = max(n for n, line in enumerate(bent.lines) if line.startswith(b'"'))
    del bent.lines[last]
    first = [n for n, line in enumerate(bent.lines) if b'"sequence":' in line][-3]
    place = sum(line.startswith(b'{"body"') for line in bent.lines[:first])
    return Fault.UNCOVERED, f"entry {place}, {bent.where(first)}"


def other_totals(bent: Bent) -> tuple[Fault, str]:
    """The totals say another number."""
    said = json.loads(bent.lines[-1])
    said["totals"][1]["rows"] += 1
    bent.lines[-1] = canonical(said)
    return Fault.TOTALS, "totals of meter 2 (supplier)"


def cut(bent: Bent) -> tuple[Fault, str]:
    """The file ends early, at a line."""
    del bent.lines[bent.chance.randrange(3, len(bent.lines)) :]
    return Fault.MALFORMED, "bundle"


KINDS = [
    altered_body, altered_and_signed, wrong_key, dropped, repeated, reordered, altered_row,
    dropped_row, swapped_rows, altered_checkpoint, uncosigned, forked, forked_in_place, uncovered,
    other_totals, cut,
]  # fmt: skip


@pytest.mark.rule("DEL-002")
@pytest.mark.rule("DEL-005")
@pytest.mark.rule("DEL-006")
@pytest.mark.rule("DEL-007")
@pytest.mark.rule("DEL-008")
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_what_is_bent_is_found_and_named(kind: Callable[[Bent], tuple[Fault, str]]) -> None:
    places: Counter[str] = Counter()
    for seed in range(8):
        product = list(Product)[seed % 2]
        bent = Bent(product, random.Random(seed))
        fault, where = kind(bent)
        verdict = bent.verdict()
        found = named(verdict, fault)
        assert any(where in one for one in found), (fault, where, verdict.breaches)
        places[where] += 1
    # One place for what can only be bent there, and many for everything else.
    assert len(places) >= {other_totals: 1, cut: 1, uncovered: 2}.get(kind, 3)


@pytest.mark.rule("DEL-006")
def test_any_byte_that_is_bent_is_found() -> None:
    """Each line is bent at random bytes: nothing passes, and nothing but a verdict comes back."""
    chance, reached = random.Random(5), Counter[str]()
    content = good()
    for _ in range(50):
        at = chance.randrange(len(content))
        other = bytes([content[at] ^ (1 << chance.randrange(7))])
        bent = content[:at] + other + content[at + 1 :]
        verdict = verify(bent)
        assert not verdict.sound, (at, content[at - 20 : at + 20], other)
        reached.update(breach.fault.value for breach in verdict.breaches)
    assert len(reached) >= 5, reached


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
    content = b"".join(bundle(anew.log))
    assert verify(content).sound
    for note in kept:
        verdict = verify(content, known=[note])
        assert named(verdict, Fault.FORKED) == [f"checkpoint {note.checkpoint.size}"]
    assert verify(b"".join(bundle(other.log)), known=kept).sound
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
    verdict = verify(b"".join(bundle(delivery.log)))
    assert faults(verdict) == {Fault.BACK_DATED}
    late = [f"reading {n} of meter 2 (supplier)" for n in (1, 2)]
    assert named(verdict, Fault.BACK_DATED) == late
    early = begun(intervals=1)
    for reader in (early.readers[n] for n in SHOWN):
        early.log.admit(reader.read().content)
    early.publish(START // SECOND + 30)
    verdict = verify(b"".join(bundle(early.log)))
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


def test_a_leaf_and_a_root_are_those_of_the_rfc() -> None:
    lines = good().split(b"\n")
    leaves = [leaf_hash(line) for line in lines if line.startswith(b'{"body"')]
    last = [read_note(json.loads(x).encode()) for x in lines if x.startswith(b'"')][-1]
    assert root_of(leaves) == last.checkpoint.root
