"""Tampering: whatever is altered, dropped, moved or left out of a bundle is found and named."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from lasalle.delivery.canonical import NONE, canonical
from lasalle.delivery.faults import Fault
from lasalle.delivery.notes import Checkpoint, Note, cosign, read_note, sign_checkpoint
from lasalle.delivery.readings import Reading, read_entry, sign
from lasalle.delivery.statements import Event, Happening
from lasalle.delivery.terms import Product, Terms
from lasalle.delivery.verifying import Verdict, verify
from tests.delivery.world import LOG, METERS, PARTIES, SECOND, START, good, named


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


def inserted(bent: Bent) -> tuple[Fault, str]:
    """An event that the log never held stands among its entries."""
    agreed = read_entry(bent.lines[1]).statement
    assert isinstance(agreed, Terms)
    said = Event(
        contract=agreed.contract, meter=2, made_us=START, nonce="0" * 32, at_us=START,
        event=Happening.SUSPENDED, reason="grid", evidence=(NONE,),
    )  # fmt: skip
    number = bent.reading(1)
    place = sum(line.startswith(b'{"body"') for line in bent.lines[:number])
    bent.lines.insert(number, sign(said, METERS[2]).content)
    return Fault.INSERTED, f"entry {place}"


def back_dated(bent: Bent) -> tuple[Fault, str]:
    """The owner of a meter signs a reading anew as if it had been made before."""
    number = bent.reading()
    where = bent.where(number)
    entry = read_entry(bent.lines[number])
    assert isinstance(entry.statement, Reading)
    other = msgspec.structs.replace(entry.statement, made_us=entry.statement.end_us - SECOND)
    bent.lines[number] = sign(other, METERS[entry.statement.meter]).content
    return Fault.BACK_DATED, where


def reordered(bent: Bent) -> tuple[Fault, str]:
    """A reading stands behind a later one of its meter, with its rows."""
    while True:
        first = bent.reading()
        meter = getattr(read_entry(bent.lines[first]).statement, "meter", 0)
        later = [
            n for n in range(first + 1, len(bent.lines))
            if b'"sequence":' in bent.lines[n]
            and getattr(read_entry(bent.lines[n]).statement, "meter", 0) == meter
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


def byte(bent: Bent, number: int) -> str:
    """Where a line begins."""
    return f"byte {sum(len(line) + 1 for line in bent.lines[:number])}"


def totals_twice(bent: Bent) -> tuple[Fault, str]:
    """Other totals stand behind or before those of the readings."""
    said = json.loads(bent.lines[-1])
    said["totals"][1]["rows"] += 1
    bent.lines.insert(len(bent.lines) - bent.chance.choice([0, 1]), canonical(said))
    return Fault.TOTALS, byte(bent, len(bent.lines) - 1)


def totals_of_a_meter_twice(bent: Bent) -> tuple[Fault, str]:
    """A line of totals tells those of one meter twice."""
    said = json.loads(bent.lines[-1])
    meter = bent.chance.randrange(3)
    said["totals"].insert(meter, said["totals"][meter])
    bent.lines[-1] = canonical(said)
    return Fault.TOTALS, f"totals of meter {meter + 1}"


def behind_the_totals(bent: Bent) -> tuple[Fault, str]:
    """The totals are told before the end."""
    number = bent.at(b'"')
    bent.lines.insert(number, bent.lines.pop())
    return Fault.MALFORMED, byte(bent, number + 1)


def rows_behind_the_totals(bent: Bent) -> tuple[Fault, str]:
    """A row stands behind the totals."""
    bent.lines.append(bent.lines[bent.at(b"[")])
    return Fault.MALFORMED, byte(bent, len(bent.lines) - 1)


def head_elsewhere(bent: Bent) -> tuple[Fault, str]:
    """A head stands again, or not first."""
    number = bent.at(b'"')
    head = bent.lines[0] if bent.chance.random() < 0.5 else bent.lines.pop(0)
    bent.lines.insert(number, head)
    return Fault.MALFORMED, byte(bent, number)


def head_behind_hashes(bent: Bent) -> tuple[Fault, str]:
    """Something stands before the head that is no entry."""
    bent.lines.insert(0, bent.lines.pop(bent.at(b'"')))
    return Fault.MALFORMED, byte(bent, 1)


def cut(bent: Bent) -> tuple[Fault, str]:
    """The file ends early, at a line."""
    del bent.lines[bent.chance.randrange(3, len(bent.lines)) :]
    return Fault.MALFORMED, "bundle"


KINDS: list[Callable[[Bent], tuple[Fault, str]]] = [
    altered_body, altered_and_signed, wrong_key, dropped, repeated, inserted, back_dated,
    reordered, altered_row, dropped_row, swapped_rows, altered_checkpoint, uncosigned, forked,
    forked_in_place, uncovered, other_totals, totals_twice, totals_of_a_meter_twice,
    behind_the_totals, rows_behind_the_totals, head_elsewhere, head_behind_hashes, cut,
]  # fmt: skip


@pytest.mark.rule("DEL-002")
@pytest.mark.rule("DEL-005")
@pytest.mark.rule("DEL-006")
@pytest.mark.rule("DEL-007")
@pytest.mark.rule("DEL-008")
@pytest.mark.rule("DEL-010")
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
    once = {"other_totals": 1, "cut": 1, "uncovered": 2, "totals_twice": 2,
            "rows_behind_the_totals": 2, "head_behind_hashes": 2}  # fmt: skip
    assert len(places) >= once.get(kind.__name__, 3)


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
