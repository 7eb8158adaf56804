"""What a house serves, bent: files of a log that are not what was signed, a log that is set back to
an older state between two looks, two parties that are shown two logs. Each is found and named, by
the party that looks, by the bundle, or by a checkpoint that was kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from lasalle.delivery.bundle import Published, bundle
from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused, Fault
from lasalle.delivery.notes import Note
from lasalle.delivery.readings import Reading, read_entry, sign
from lasalle.delivery.tiles import CHECKPOINT, entries_name, pack, tile_name, unpack
from lasalle.delivery.tree import consistency_proof
from lasalle.delivery.verifying import Verdict, verify
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
    Memory,
    begun,
    delivered,
    named,
    published,
)

BUYERS, SUPPLIERS = PARTIES
Files = dict[str, bytes]


def served(files: Files, sizes: list[int]) -> Published:
    """A log as anybody reads it from these files."""
    return Published(files.get, sizes)


def looked_at(files: Files, seen: Seen, name: str = BUYERS) -> Seen:
    """A party looks at what is served, and cosigns. Raises EvidenceRefused."""
    log = served(files, [])
    note = log.newest
    proof = consistency_proof(
        min(seen.size, note.checkpoint.size), note.checkpoint.size, log.tiles.node
    )
    after, _ = Cosigning(log.terms, name, PARTIES[name]).cosigned(seen, note, proof, 1)
    return after


def fault_of(look: Callable[[], object]) -> tuple[Fault, str]:
    with pytest.raises(EvidenceRefused) as error:
        look()
    return error.value.breach.fault, error.value.breach.field


def other_end(shelf: Memory, count: int, intervals: int) -> Delivery:
    """A delivery whose meters saw so many requests an interval, on a shelf."""
    found = begun(shelf=shelf, intervals=4)
    for _ in range(intervals):
        for reader in found.readers.values():
            reader.count = count
            found.log.admit(reader.read().content)
    found.log.publish()
    return found


# -- files that are served -----------------------------------------------------------------------


def bent_entries(files: Files, bend: Callable[[list[bytes]], None]) -> Verdict:
    """The verdict on a bundle made from a log whose file of entries was bent."""
    name = entries_name(0, 14)
    entries = unpack(files[name], name)
    bend(entries)
    content = b"".join(bundle(served({**files, name: pack(entries)}, [5, 8, 11, 14])))
    return verify(content)


def signed_anew(entry: bytes, **changes: int) -> bytes:
    """A reading as the owner of its meter signs it after the fact."""
    statement = read_entry(entry).statement
    assert isinstance(statement, Reading)
    other = msgspec.structs.replace(statement, **changes)
    return sign(other, METERS[statement.meter]).content


@pytest.mark.rule("DEL-006")
@pytest.mark.rule("DEL-002")
def test_entries_that_are_served_bent_are_named_in_the_bundle_made_of_them() -> None:
    shelf = Memory()
    delivery = delivered(intervals=4, shelf=shelf)
    files = dict(shelf.files)
    assert verify(b"".join(bundle(served(files, [5, 8, 11, 14])))).sound

    def altered(entries: list[bytes]) -> None:
        entries[5] = entries[5].replace(b'"errors":0', b'"errors":1')

    def altered_and_signed(entries: list[bytes]) -> None:
        entries[5] = signed_anew(entries[5], errors=1)

    def back_dated(entries: list[bytes]) -> None:
        entries[5] = signed_anew(entries[5], made_us=START + 2 * INTERVAL - SECOND)

    def reordered(entries: list[bytes]) -> None:
        entries[5], entries[8] = entries[8], entries[5]

    def repeated(entries: list[bytes]) -> None:
        entries[8] = entries[5]

    where = read_entry(list(delivery.log.log.entries())[5]).where
    for bend, fault, place in (
        (altered, Fault.ALTERED, where),
        (altered_and_signed, Fault.ALTERED, f"entry 5, {where}"),
        (back_dated, Fault.BACK_DATED, where),
        (reordered, Fault.REORDERED, where),
        (repeated, Fault.REPEATED, where),
    ):
        verdict = bent_entries(files, bend)
        assert place in named(verdict, fault), (bend.__name__, verdict.breaches)
        if fault is Fault.REORDERED:
            told = [(b.expected, b.found) for b in verdict.breaches if b.field == "leaf"]
            assert ("before entry 8 of the log", "behind it") in told, told


@pytest.mark.rule("DEL-006")
@pytest.mark.rule("DEL-008")
def test_files_that_are_missing_short_or_bent_are_named_by_who_reads_them() -> None:
    shelf = Memory()
    delivery = delivered(intervals=4, shelf=shelf)
    files, seen = dict(shelf.files), delivery.seen[BUYERS]
    entries, hashes = entries_name(0, 14), tile_name(0, 0, 14)
    sound = unpack(files[entries], entries)

    def without(name: str) -> Files:
        return {one: content for one, content in files.items() if one != name}

    def made(bent: Files) -> Callable[[], object]:
        return lambda: list(bundle(served(bent, [14])))

    assert fault_of(made(without(entries))) == (Fault.DROPPED, "file")
    assert fault_of(made(without(hashes))) == (Fault.DROPPED, "file")
    assert fault_of(made({**files, entries: pack(sound[:-1])})) == (Fault.DROPPED, "entries")
    assert fault_of(made({**files, hashes: files[hashes][:-32]})) == (Fault.TREE, "width")
    # Hashes that are not of the entries: the bundle says so, and no party cosigns on them.
    bent = {**files, hashes: bytes(32) + files[hashes][32:]}
    told = verify(b"".join(bundle(served(bent, [14]))))
    assert [(b.fault, b.field) for b in told.breaches] == [(Fault.TREE, "leaves")]
    early = Seen(5, next(delivery.log.log.checkpoints()).checkpoint.root)
    assert looked_at(files, early).size == seen.size
    assert fault_of(lambda: looked_at(bent, early)) == (Fault.FORKED, "root")
    # A cosignature of nobody under a checkpoint.
    note = delivery.log.log.note
    assert note is not None
    alone = Note(note.checkpoint, note.lines[:1])
    uncosigned = {**files, CHECKPOINT: alone.content, f"checkpoints/{14:020d}": alone.content}
    kept = [name for name in files if name.startswith("checkpoints/") and name.endswith("14")]
    uncosigned |= dict.fromkeys(kept, alone.content)
    assert fault_of(made(uncosigned)) == (Fault.NOT_COSIGNED, "checkpoint")


# -- two looks, two logs -------------------------------------------------------------------------


@pytest.mark.rule("DEL-008")
def test_a_log_set_back_between_two_looks_is_forked_for_who_saw_it_later() -> None:
    shelf = Memory()
    delivery = begun(shelf=shelf, intervals=4)
    backup: Files = {}
    for interval in range(4):
        for reader in delivery.readers.values():
            delivery.log.admit(reader.read().content)
        delivery.publish((START + (interval + 1) * INTERVAL) // SECOND + 5)
        backup = backup if interval != 1 else dict(shelf.files)
    seen, kept = delivery.seen[BUYERS], delivery.log.log.note
    assert kept is not None
    # As it was: smaller than what was cosigned.
    assert fault_of(lambda: looked_at(backup, seen)) == (Fault.FORKED, "size")
    # Its newest checkpoint alone is the older one.
    alone = {**shelf.files, CHECKPOINT: backup[CHECKPOINT]}
    assert fault_of(lambda: looked_at(alone, seen)) == (Fault.FORKED, "size")
    # Grown again with what was there, it is the log that was seen.
    again = Memory(backup)
    log = DeliveryLog.begin(again, LOG, delivery.log.terms)
    entries = list(delivery.log.log.entries())
    log.admit_all(entries[2:])
    log.publish()
    assert looked_at(again.files, seen) == seen
    # Grown again with other readings, as large or larger, it is not.
    other = Memory(backup)
    log = DeliveryLog.begin(other, LOG, delivery.log.terms)
    log.admit_all([signed_anew(entry, errors=1) for entry in entries[8:11]])
    for reader in delivery.readers.values():
        chain = log.chains[reader.meter]
        assert chain.sequence == 3
    note = log.publish()
    assert fault_of(lambda: looked_at(other.files, seen)) == (Fault.FORKED, "size")
    early = Seen(8, list(delivery.log.log.checkpoints())[1].checkpoint.root)
    assert looked_at(other.files, early).size == 11
    # Whoever kept a checkpoint of the log as it was names the two.
    third = list(delivery.log.log.checkpoints())[2]
    verdict = verify(b"".join(bundle(served(other.files, [5, 8]))), known=[third, note], part=True)
    assert named(verdict, Fault.FORKED) == ["checkpoint 11"]
    verdict = verify(b"".join(bundle(served(backup, [5, 8]))), known=[kept], part=True)
    assert named(verdict, Fault.DROPPED) == ["checkpoint 14"]


@pytest.mark.rule("DEL-008")
def test_two_parties_that_are_shown_two_logs_never_cosign_one_checkpoint() -> None:
    one, two = Memory(), Memory()
    shown = {BUYERS: other_end(one, 3, 2), SUPPLIERS: other_end(two, 2, 2)}
    notes, lines = {}, {}
    for name, delivery in shown.items():
        note = delivery.log.publish()
        proof = consistency_proof(0, note.checkpoint.size, delivery.log.log.reader().node)
        party = Cosigning(delivery.log.terms, name, PARTIES[name])
        seen, lines[name] = party.cosigned(Seen(), note, proof, START // SECOND + 130)
        notes[name] = delivery.log.take_cosignature(note.checkpoint.size, lines[name])
        # Shown the other's log, a party that signed its own refuses.
        other = two if name == BUYERS else one
        assert fault_of(partial(looked_at, other.files, seen, name)) == (Fault.FORKED, "root")
    # What one signed fits under the other's checkpoint nowhere, so that no bundle can be made.
    for name, delivery in shown.items():
        other_line = lines[SUPPLIERS if name == BUYERS else BUYERS]
        size = notes[name].checkpoint.size
        found = fault_of(partial(delivery.log.take_cosignature, size, other_line))
        assert found == (Fault.CHECKPOINT, "cosignature")
        lines_of = bundle(published(delivery))
        assert fault_of(partial(list, lines_of))[0] is Fault.NOT_COSIGNED
    # Held side by side, the two checkpoints are the fork.
    common = other_end(Memory(), 3, 2)
    common.publish(START // SECOND + 130)
    content = b"".join(bundle(published(common)))
    verdict = verify(content, known=[notes[SUPPLIERS]], part=True)
    size = notes[SUPPLIERS].checkpoint.size
    assert named(verdict, Fault.FORKED) == [f"checkpoint {size}"]
    assert verify(content, known=[notes[BUYERS]], part=True).sound


@pytest.mark.rule("DEL-008")
def test_a_meter_that_signs_two_readings_of_one_number_is_named_by_the_log_that_has_one() -> None:
    delivery = begun(intervals=2)
    for meter in (BUYER, SUPPLIER):
        first = delivery.readers[meter].read().content
        delivery.log.admit(first)
        twin = signed_anew(first, errors=1)
        assert fault_of(partial(delivery.log.admit, twin))[0] is Fault.FORKED
