"""The log of a delivery: durable before it is answered for, whole after any crash, under
checkpoints that no party cosigns where the log went another way."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import msgspec
import pytest

from lasalle.delivery.cosigner import Cosigning, Seen
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused, Fault
from lasalle.delivery.growing import GrowingLog
from lasalle.delivery.keys import signed_by
from lasalle.delivery.notes import (
    Checkpoint,
    Note,
    check_log_signature,
    cosign,
    cosigned_at,
    key_id,
    read_line,
    read_note,
    sign_checkpoint,
    verifier_key,
)
from lasalle.delivery.readings import sign
from lasalle.delivery.tree import consistency_proof
from lasalle.venue.shelf import FolderShelf
from tests.delivery.world import (
    BUYER,
    LOG,
    METERS,
    PARTIES,
    START,
    SUPPLIER,
    Memory,
    PowerCut,
    Reader,
    begun,
    delivered,
    key,
    specification,
    terms,
)

BUYERS, SUPPLIERS = sorted(PARTIES)


def fault_of(error: pytest.ExceptionInfo[EvidenceRefused]) -> tuple[Fault, str]:
    return error.value.breach.fault, error.value.breach.field


def test_a_checkpoint_is_a_note_that_others_read() -> None:
    """The example of C2SP's tlog-cosignature, read and written again, and the verifier key of
    signed-note."""
    text = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7"
        "u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dl"
        "rDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    ).encode()
    note = read_note(text)
    assert note.content == text
    assert (note.checkpoint.size, len(note.lines)) == (20852163, 2)
    assert int.from_bytes(note.lines[1].signature[:8], "big") == 1679315147


def test_a_key_is_named_and_signs_as_in_the_example_of_signed_note() -> None:
    told = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    public = base64.b64decode(told.rsplit("+", 1)[1])[1:]
    assert verifier_key("example.com/foo", 1, public) == told
    line = read_line(
        "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH"
        "3mFXmRKuwHjG1Yu72IneyaQM="
    )
    assert line.key_id == key_id("example.com/foo", 1, public)
    assert signed_by(public, b"This is an example message.\n", line.signature)


@pytest.mark.rule("DEL-007")
@pytest.mark.parametrize(
    "content",
    [
        b"", b"origin\n5\n", b"origin\n05\nAAAA\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"origin\n5\nAAAA\n\n\xe2\x80\x94 a AAAAAAA=\n", b"\xff", b"x" * 20_000,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceRefused, match="DEL-007"):
        read_note(content)


@pytest.mark.rule("DEL-007")
def test_signatures_of_a_checkpoint_are_looked_at_one_by_one() -> None:
    delivery = delivered(intervals=1)
    agreed, note = delivery.log.terms, delivery.log.log.note
    assert note is not None
    check_log_signature(note, agreed, "checkpoint")
    for cosigner in agreed.cosigners:
        assert cosigned_at(note, cosigner, "checkpoint") == START // 1_000_000 + 65
    for lines, found in (
        (note.lines[:1], Fault.NOT_COSIGNED),
        ((note.lines[0], *note.lines[1:], note.lines[1]), Fault.CHECKPOINT),
    ):
        with pytest.raises(EvidenceRefused) as error:
            cosigned_at(Note(note.checkpoint, lines), agreed.cosigners[0], "checkpoint")
        assert error.value.breach.fault is found
    other = Checkpoint(agreed.origin, note.checkpoint.size, bytes(32))
    for bent in (Note(other, note.lines), Note(note.checkpoint, note.lines[1:])):
        with pytest.raises(EvidenceRefused) as error:
            check_log_signature(bent, agreed, "checkpoint")
        assert fault_of(error) == (Fault.CHECKPOINT, "signature")
    stranger = sign_checkpoint(Checkpoint("another.example", 1, bytes(32)), LOG)
    with pytest.raises(EvidenceRefused, match="origin"):
        check_log_signature(stranger, agreed, "checkpoint")


@pytest.mark.rule("DEL-008")
def test_a_party_cosigns_no_log_that_went_another_way() -> None:
    delivery = begun()
    reader = delivery.readers[BUYER]
    delivery.log.admit(reader.read().content)
    delivery.publish(START)
    party = Cosigning(delivery.log.terms, BUYERS, PARTIES[BUYERS])
    seen = delivery.seen[BUYERS]
    assert Seen.read(seen.content) == seen
    delivery.log.admit(reader.read().content)
    note = delivery.log.publish()
    proof = consistency_proof(seen.size, note.checkpoint.size, delivery.log.log.reader().node)
    forked = begun()
    forked.log.admit(Reader(forked.log.terms, SUPPLIER).read().content)
    forked.log.admit(forked.readers[BUYER].read().content)
    other = forked.log.publish()
    small = sign_checkpoint(Checkpoint(note.checkpoint.origin, 1, bytes(32)), LOG)
    for one, shown in ((other, proof), (note, []), (small, [])):
        with pytest.raises(EvidenceRefused) as error:
            party.cosigned(seen, one, shown, 1)
        assert error.value.breach.fault is Fault.FORKED
    after, line = party.cosigned(seen, note, proof, 1)
    assert after.size == note.checkpoint.size
    assert delivery.log.take_cosignature(after.size, line).lines[-1] == line


@pytest.mark.rule("DEL-012")
def test_only_a_sound_cosignature_of_a_party_is_kept() -> None:
    delivery = begun()
    note = delivery.log.publish()
    sound = cosign(note.checkpoint, BUYERS, PARTIES[BUYERS], 7)
    strange = cosign(note.checkpoint, BUYERS, key("stranger"), 7)
    nobody = cosign(note.checkpoint, "nobody.example", PARTIES[BUYERS], 7)
    for size, line, field in (
        (9, sound, "size"), (2, strange, "cosignature"), (2, nobody, "name"),
    ):  # fmt: skip
        with pytest.raises(EvidenceRefused) as error:
            delivery.log.take_cosignature(size, line)
        assert error.value.breach.field == field
    assert delivery.log.log.note == note
    delivery.log.take_cosignature(2, sound)
    kept = delivery.log.log.note
    assert kept is not None
    assert kept.lines == (note.lines[0], sound)
    for seconds in (6, 8):
        again = cosign(note.checkpoint, BUYERS, PARTIES[BUYERS], seconds)
        with pytest.raises(EvidenceRefused, match=r"time: expected 7, .* \(DEL-012\)") as error:
            delivery.log.take_cosignature(2, again)
        assert fault_of(error) == (Fault.MISDATED, "time")
    assert delivery.log.take_cosignature(2, sound) == kept
    assert delivery.log.log.note == kept


@pytest.mark.rule("DEL-012")
def test_a_served_log_takes_a_time_at_which_the_checkpoint_was_the_newest() -> None:
    delivery = begun()
    log, reader = delivery.log, delivery.readers[BUYER]
    first = log.publish(1_000_000_000)  # Of whole seconds: published at 1000, bound a quarter.

    def told(note: Note, seconds: int, now: int, name: str = BUYERS) -> tuple[Fault, str] | None:
        line = cosign(note.checkpoint, name, PARTIES[name], seconds)
        try:
            log.take_cosignature(note.checkpoint.size, line, now * 1_000_000)
        except EvidenceRefused as error:
            return error.breach.fault, error.breach.field
        return None

    misdated = (Fault.MISDATED, "time")
    assert [told(first, t, 1_010) for t in (900, 998, 1_011, 9_000)] == [misdated] * 4
    assert told(first, 1_005, 1_010) is None
    log.admit(reader.read().content)
    second = log.publish(1_100_000_000)
    # Late on what was not the newest any more, whatever the clock of the house.
    assert [told(first, t, 1_200, SUPPLIERS) for t in (1_101, 1_200)] == [misdated] * 2
    assert told(first, 1_100, 1_200, SUPPLIERS) is None
    assert told(second, 1_099, 1_200, SUPPLIERS) == misdated, "before the one before it"
    assert told(second, 1_099, 1_200) is None, "within the second that is told"
    again = DeliveryLog.open(log.log)
    again.admit(reader.read().content)
    third = again.publish(1_300_000_000)
    log = DeliveryLog.open(again.log)
    # Opened again, it knows of its newest alone that it is the newest.
    assert [told(second, t, 1_310, SUPPLIERS) for t in (1_250, 1_309, 1_310)] == [misdated] * 3
    assert told(third, 1_305, 1_310) == misdated
    assert told(third, 1_310, 1_310) is None


@pytest.mark.rule("DEL-011")
def test_what_is_sent_again_is_counted_once_and_what_is_refused_changes_nothing() -> None:
    delivery = begun()
    reader = delivery.readers[BUYER]
    first, second = reader.read(), reader.read()
    assert delivery.log.admit(first.content) == 2
    assert delivery.log.admit_all([first.content, second.content, first.content]) == [2, 3, 2]
    assert delivery.log.log.size == 4
    reader.read()
    fourth = reader.read().content
    with pytest.raises(EvidenceRefused, match="gap"):
        delivery.log.admit_all([second.content, fourth])
    with pytest.raises(EvidenceRefused, match="terms"):
        delivery.log.admit(sign(delivery.log.terms, LOG).content)
    assert delivery.log.admit(sign(specification(), LOG).content) == 1
    other = msgspec.structs.replace(specification(), top_k=2)
    with pytest.raises(EvidenceRefused, match="method"):
        delivery.log.admit(sign(other, LOG).content)
    assert delivery.log.log.size == 4
    assert delivery.log.chains[BUYER].sequence == 2


@pytest.mark.rule("DEL-009")
def test_a_log_is_of_the_terms_it_began_with() -> None:
    shelf = Memory()
    DeliveryLog.begin(shelf, LOG, terms(), specification())
    assert DeliveryLog.begin(shelf, LOG, terms()).specification == specification()
    with pytest.raises(EvidenceRefused) as error:
        DeliveryLog.begin(shelf, LOG, terms(quantity=5))
    assert error.value.breach.fault is Fault.TERMS
    with pytest.raises(EvidenceRefused, match="wrong_key"):
        DeliveryLog.begin(Memory(), METERS[BUYER], terms())
    empty = GrowingLog(Memory(), "house.example/delivery/41", LOG)
    with pytest.raises(EvidenceRefused):
        DeliveryLog.open(empty)


@pytest.mark.rule("DEL-011")
def test_a_folder_holds_what_was_answered_for(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "log")
    with pytest.raises(BlockingIOError):
        FolderShelf(tmp_path / "log")
    delivery = delivered(intervals=2, agreed=6, shelf=shelf)
    reader = delivery.readers[BUYER]
    numbers = [delivery.log.admit(reader.read().content) for _ in range(2)]
    entries = list(delivery.log.log.entries())
    shelf.close()
    pending = sorted((tmp_path / "log" / "pending").iterdir())
    assert [p.name for p in pending] == ["00000000000000000008"]
    with pending[0].open("ab") as file:
        file.write(b"\x09\0\0\0\0\0\0\0\1\0\0\0\xff\0\0\0torn")
    shelf = FolderShelf(tmp_path / "log")
    again = DeliveryLog.begin(shelf, LOG, delivery.log.terms)
    assert list(again.log.entries()) == entries
    assert numbers == [8, 9]
    assert len(again.log.notices) == 1
    assert again.admit(reader.read().content) == 10
    again.publish()
    assert list(DeliveryLog.open(again.log).log.entries())[:10] == entries
    assert [n.checkpoint.size for n in again.log.checkpoints()] == [5, 8, 11]
    shelf.close()
    bent = pending[0]
    assert not bent.exists()


@pytest.mark.rule("DEL-011")
def test_a_bent_batch_that_was_answered_for_is_an_alarm_and_so_is_a_bent_tile() -> None:
    shelf = Memory()
    delivery = begun(shelf=shelf)
    for _ in range(3):
        delivery.log.admit(delivery.readers[BUYER].read().content)
    (name,) = [n for n in shelf.files if n.startswith("pending/")]
    sound = dict(shelf.files)
    content = shelf.files[name]
    shelf.files[name] = content[:30] + b"!" + content[31:]
    with pytest.raises(EvidenceRefused) as error:
        GrowingLog(shelf, delivery.log.terms.origin, LOG)
    assert error.value.breach.fault is Fault.ALTERED
    shelf.files = sound
    delivery.log.publish()
    tile = shelf.files["tile/0/000.p/5"]
    for bent in (bytes(32) + tile[32:], tile[:-1], b""):
        shelf.files["tile/0/000.p/5"] = bent
        with pytest.raises(EvidenceRefused) as error:
            GrowingLog(shelf, delivery.log.terms.origin, LOG)
        assert error.value.breach.fault is Fault.TREE


@pytest.mark.rule("DEL-011")
def test_no_crash_loses_what_was_answered_for_nor_counts_it_twice() -> None:
    """The power goes at every kind of operation; a meter sends again what it was not told of."""
    chance = random.Random(11)
    cuts = torn = unpublished = 0
    for _seed in range(25):
        shelf = Memory()
        readers = {n: Reader(terms(intervals=8), n) for n in (BUYER, SUPPLIER)}
        entries = [r.read().content for _ in range(8) for r in readers.values()]
        answered: dict[bytes, int] = {}
        while len(answered) < len(entries):
            shelf.countdown = chance.randrange(1, 14)
            try:
                log = DeliveryLog.begin(shelf, LOG, terms(intervals=8), specification())
                torn += len(log.log.notices)
                kept = list(log.log.entries())
                assert all(kept[number] == content for content, number in answered.items())
                while len(answered) < len(entries):
                    step = entries[len(answered) : len(answered) + chance.randrange(1, 4)]
                    answered |= dict(zip(step, log.admit_all(step), strict=True))
                    if chance.random() < 0.5:
                        log.publish()
            except PowerCut:
                cuts += 1
                shelf = shelf.after_crash(chance)
        shelf.countdown = -1
        log = DeliveryLog.begin(shelf, LOG, terms(intervals=8))
        unpublished += log.log.size > log.log.published
        note = log.publish()
        assert list(log.log.entries())[2:] == entries
        sound = delivered_root(entries)
        assert note.checkpoint.root == sound
        assert list(GrowingLog(shelf, log.terms.origin, LOG).entries())[2:] == entries
    assert cuts > 90
    assert torn > 10
    assert unpublished > 5


def delivered_root(entries: list[bytes]) -> bytes:
    """The root of the same entries in a log that never lost its power."""
    log = DeliveryLog.begin(Memory(), LOG, terms(intervals=8), specification())
    log.admit_all(entries)
    return log.publish().checkpoint.root
