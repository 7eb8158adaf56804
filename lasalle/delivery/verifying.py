"""A bundle verified from its bytes alone: every fault in it by name, place and rule.

The order of the looks: the lines, the tree and its checkpoints, every statement in its chain, the
rows, the times that cosignatures give, the totals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from lasalle.delivery.bundle import FORM, Head, Leaves, Totals
from lasalle.delivery.canonical import reader
from lasalle.delivery.chain import US, Chain
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault, refused
from lasalle.delivery.notes import Note, read_note
from lasalle.delivery.readings import (
    AnyReading,
    CapacityReading,
    Entry,
    WorkReading,
    check_signature,
    check_sums,
    read_entry,
)
from lasalle.delivery.rows import block_root, checked_rows, read_rows
from lasalle.delivery.terms import Side, Specification, Terms, checked
from lasalle.delivery.totals import MeterTotals, totals_of
from lasalle.delivery.tree import HASH_BYTES
from lasalle.delivery.tree_check import Checkpoints, TreeCheck

_read_head, _read_leaves, _read_totals = reader(Head), reader(Leaves), reader(Totals)
_ROW, _QUOTE, _TOTALS = b"[", b'"', b'{"totals"'
_NO_ROW = re.compile(rb"\n(?!\[)")


@dataclass
class Lines:
    """A bundle parted into what its lines are."""

    head: Head | None = None
    entries: list[bytes] = field(default_factory=list)
    rows: dict[int, bytes] = field(default_factory=dict)
    """Rows, a line each, by the number of the entry they stand under."""
    leaves: list[bytes] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    totals: Totals | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A statement that counts as if it had not been said: the number of its entry, and what speaks
    against it. No fault of the delivery, since else one meter could hold it up."""

    entry: int
    breach: Breach


@dataclass(frozen=True)
class Verdict:
    """What a bundle shows, and every fault found in it."""

    terms: Terms | None
    breaches: tuple[Breach, ...]
    entries: int = 0
    readings: int = 0
    rows: int = 0
    checkpoints: int = 0
    whole: bool = False
    """Whether buyer and supplier read the delivery to its end."""
    totals: tuple[MeterTotals, ...] = ()
    dated_to_s: int | None = None
    """To within how many seconds cosignatures date every reading, rounded up; None where they do
    not. What bundles leave out of their checkpoints widens it (DEL-007)."""

    set_aside: tuple[SetAside, ...] = ()
    """Statements beside readings whose dates cosignatures contradict (DEL-004)."""

    @property
    def sound(self) -> bool:
        """No fault was found."""
        return not self.breaches

    @property
    def dated(self) -> str:
        """What the dates of the readings rest on, in words."""
        if self.terms is None or self.dated_to_s is None:
            return "not: readings stand under no checkpoint that both parties cosigned"
        told, grace_us = f"to within {self.dated_to_s} s", self.terms.grace_us
        if self.dated_to_s * US <= grace_us:
            return told
        return (f"{told}, wider than the grace of {grace_us // US} s: a reading that came late is "
                "told from one in time only by checkpoints kept elsewhere")  # fmt: skip


def verify(
    content: bytes,
    *,
    terms_sha256: str = "",
    known: Sequence[Note] = (),
    part: bool = False,
    without: Side | None = None,
) -> Verdict:
    """What a bundle shows. terms_sha256: the digest a contract names; known: checkpoints kept from
    elsewhere, because a bundle that was written anew whole agrees with itself and one can leave out
    checkpoints between; part: the delivery may be under way; without: the side whose cosignatures
    are not asked for (DEL-076)."""
    breaches: list[Breach] = []
    lines = _parted(content, breaches)
    try:
        entry = read_entry(lines.entries[0] if lines.entries else b"", "entry 0")
        terms = _terms(entry, lines, terms_sha256)
    except EvidenceRefused as error:
        return Verdict(None, (*breaches, error.breach))
    checkpoints = Checkpoints(terms, lines.notes, known, without)
    tree = TreeCheck(lines.entries, lines.leaves, checkpoints)
    breaches += [*checkpoints.breaches, *tree.breaches]
    walk = _Walk(terms, lines, checkpoints)
    walk.run()
    breaches += walk.breaches
    chains = walk.chains.values()
    totals = tuple(totals_of(chain) for chain in chains)
    breaches += _totals_told(lines.totals, totals)
    ends = [_ends(chain) for chain in chains]
    if not part:
        breaches += [breach for breach in ends if breach is not None]
    return Verdict(
        terms, tuple(dict.fromkeys(breaches)), len(lines.entries),
        sum(len(chain.taken) for chain in chains), walk.rows, len(lines.notes),
        not any(ends), totals, walk.dated_to_s, tuple(walk.set_aside),
    )  # fmt: skip


def _parted(content: bytes, breaches: list[Breach]) -> Lines:
    """Each line by what it is; one that is nothing is named by its number."""
    found = Lines()
    if not content.endswith(b"\n"):
        breaches.append(Breach(Fault.MALFORMED, "bundle", "end", "an end of line", "none"))
        content += b"\n"
    at, under_entry, over = 0, False, False
    while at < len(content):
        # Where a line that is no row begins, behind the rows that stand here.
        end = content.find(b"\n", at) + 1
        where = f"byte {at}"
        if found.totals is not None and not over and not content.startswith(_TOTALS, at):
            over = True
            due = "nothing behind the totals"
            breaches.append(Breach(Fault.MALFORMED, where, "line", due, "more"))
        if content.startswith(_ROW, at):
            further = _NO_ROW.search(content, at)
            end = further.start() + 1 if further else len(content)
            under = len(found.entries) - 1
            if under in found.rows or not under_entry:
                breaches.append(Breach(Fault.ROWS, where, "rows", "under their reading", "beside"))
            found.rows.setdefault(under, content[at:end])
            at = end
            continue
        under_entry = content.startswith(b'{"body"', at)
        try:
            if under_entry:
                found.entries.append(content[at : end - 1])
            else:
                _other(content[at : end - 1], found, where, first=at == 0)
        except EvidenceRefused as error:
            breaches.append(error.breach)
        at = end
    for what, missing in (("head", found.head is None), ("totals", found.totals is None)):
        if missing:
            breaches.append(Breach(Fault.MALFORMED, "bundle", what, "one", "none"))
    return found


def _other(line: bytes, found: Lines, where: str, *, first: bool) -> None:
    if line.startswith(b'{"leaves"'):
        told: Leaves = _read_leaves(line, where)
        if told.start != len(found.leaves):
            raise refused(Fault.TREE, where, "start", len(found.leaves), told.start)
        try:
            hashes = bytes.fromhex(told.leaves)
        except ValueError:
            raise refused(Fault.MALFORMED, where, "leaves", "hexadecimal", told.leaves) from None
        found.leaves += [hashes[n : n + HASH_BYTES] for n in range(0, len(hashes), HASH_BYTES)]
    elif line.startswith(_QUOTE):
        try:
            text: str = json.loads(line)
            content = text.encode("utf-8")
        except (ValueError, UnicodeEncodeError) as error:
            raise refused(Fault.MALFORMED, where, "checkpoint", "a JSON string", error) from None
        found.notes.append(read_note(content, where))
    elif line.startswith(_TOTALS):
        if found.totals is not None:
            raise refused(Fault.TOTALS, where, "totals", "once", "again")
        found.totals = _read_totals(line, where)
    elif line.startswith(b'{"bundle"') and first:
        found.head = _read_head(line, where)
        if found.head.bundle != FORM:
            raise refused(Fault.MALFORMED, where, "bundle", FORM, found.head.bundle)
    else:
        raise refused(Fault.MALFORMED, where, "line", "a line of a bundle", line[:40])


def _terms(entry: Entry, lines: Lines, expected: str) -> Terms:
    """The terms of the first entry, signed by the log they name."""
    terms = entry.statement
    if not isinstance(terms, Terms):
        raise refused(Fault.TERMS, "entry 0", "kind", "terms", entry.where)
    check_signature(entry, checked(terms))
    for told, where in ((expected, "contract"), (lines.head.terms if lines.head else "", "head")):
        if told and told != terms.sha256:
            raise refused(Fault.TERMS, where, "terms", told, terms.sha256)
    return terms


class _Walk:
    """Every statement, in the order of the log."""

    def __init__(self, terms: Terms, lines: Lines, checkpoints: Checkpoints) -> None:
        self.terms, self.lines, self.checkpoints = terms, lines, checkpoints
        self.chains = {m.meter: Chain(terms, m.meter) for m in terms.meters}
        self.specification: Specification | None = None
        self.breaches: list[Breach] = []
        self.set_aside: list[SetAside] = []
        self.rows = 0
        self.dated_to_s: int | None = 0

    def run(self) -> None:
        for number, content in enumerate(self.lines.entries[1:], 1):
            try:
                self._entry(number, content)
            except EvidenceRefused as error:
                self.breaches.append(error.breach)
        for number in sorted(self.lines.rows.keys() & {-1, 0}):
            where = f"entry {max(number, 0)}"
            self.breaches.append(Breach(Fault.ROWS, where, "rows", "under a reading", "elsewhere"))

    def _entry(self, number: int, content: bytes) -> None:
        entry = read_entry(content, f"entry {number}")
        statement = entry.statement
        if isinstance(statement, (WorkReading, CapacityReading)):
            self._reading(number, entry, statement)
            return
        if number in self.lines.rows:
            raise refused(Fault.ROWS, entry.where, "rows", "under a reading", "under another")
        check_signature(entry, self.terms)
        if isinstance(statement, Terms):
            raise refused(Fault.REPEATED, entry.where, "kind", "terms once", "again")
        if isinstance(statement, Specification):
            if statement.sha256 != self.terms.method:
                due, found = self.terms.method, statement.sha256
                raise refused(Fault.WRONG_METHOD, entry.where, "method", due, found)
            self.specification = statement
        elif statement.contract != self.terms.contract:
            contract = statement.contract
            raise refused(
                Fault.WRONG_CONTRACT, entry.where, "contract", self.terms.contract, contract
            )
        else:
            where = f"entry {number}, {entry.where}"
            breach = self.checkpoints.dated(number, statement.made_us, where)
            self.set_aside += [SetAside(number, breach)] if breach is not None else []

    def _reading(self, number: int, entry: Entry, reading: AnyReading) -> None:
        chain = self.chains.get(reading.meter)
        try:
            check_signature(entry, self.terms)
        except EvidenceRefused:
            if chain is not None:
                chain.pass_over(entry)
            raise
        assert chain is not None, "a signature is looked at by a meter of the terms"
        try:
            chain.check_place(entry)
        except EvidenceRefused as error:
            self.breaches.append(error.breach)
        # Named once, it is gone on from: what follows is held against what was there.
        chain.take(entry)
        breach = self.checkpoints.dated(number, reading.made_us, entry.where)
        self.breaches += [breach] if breach is not None else []
        width = self.checkpoints.dated_to_us(number, reading.end_us)
        if width is None or self.dated_to_s is None:
            self.dated_to_s = None
        else:
            self.dated_to_s = max(self.dated_to_s, -(-width // US))
        self._rows(number, reading, entry.where)

    def _rows(self, number: int, reading: AnyReading, where: str) -> None:
        block = self.lines.rows.get(number, b"")
        expected = self.lines.head is not None and reading.meter in self.lines.head.rows
        if not block and not (expected and reading.rows):
            return
        rows = block.count(b"\n")
        self.rows += rows
        if rows != reading.rows:
            raise refused(Fault.ROWS, where, "rows", reading.rows, rows)
        found = read_rows(self.terms.product, block, where)
        root = block_root(block)
        if root != reading.rows_root:
            raise refused(Fault.ROWS, where, "rows_root", reading.rows_root, root)
        span_ns = (reading.end_us - reading.start_us) * 1000
        contract, side = self.terms.contract, reading.side
        breach = checked_rows(found, contract, side, reading.seq_first, span_ns, where)
        if breach is not None:
            raise EvidenceRefused(breach)
        refusal = check_sums(reading, found, self.specification)
        if refusal is not None:
            raise refusal


def _totals_told(told: Totals | None, made: Iterable[MeterTotals]) -> list[Breach]:
    if told is None:
        return []
    found: dict[int, MeterTotals] = {}
    breaches = []
    for one in told.totals:
        if found.setdefault(one.meter, one) is not one:
            where = f"totals of meter {one.meter}"
            breaches.append(Breach(Fault.TOTALS, where, "meter", "once", "again"))
    for one in made:
        other = found.pop(one.meter, None)
        where = f"totals of meter {one.meter} ({one.side})"
        if other is None:
            breaches.append(Breach(Fault.TOTALS, where, "meter", "there", "none"))
            continue
        for name in msgspec.structs.asdict(one):
            due, value = getattr(one, name), getattr(other, name)
            if due != value:
                breaches.append(Breach(Fault.TOTALS, where, name, str(due), str(value)))
    return breaches + [
        Breach(Fault.TOTALS, f"totals of meter {meter}", "meter", "none", "there")
        for meter in found
    ]


def _ends(chain: Chain) -> Breach | None:
    """Where buyer or supplier did not read to the end."""
    meter = chain.terms.meter_of(chain.meter)
    if meter is None or meter.side.value == "referee" or chain.end_us == chain.terms.end_us:
        return None
    where = f"meter {meter.meter} ({meter.side.value})"
    due, found = chain.terms.end_us // US, chain.end_us // US
    return Breach(Fault.GAP, where, "end_us", f"readings to {due} s", f"to {found} s")
