"""Suppliers of a house in its folder: an append-only file of what officers filed, switched on and
saw.

    credit/record.jsonl    a line a statement, each with the SHA-256 of the line before it

Nothing is written over: a later file of a supplier stands beside the earlier ones. A last line
that was torn by a crash is dropped; anything else that does not follow is an alarm (CRD-018).
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec import convert, to_builtins
from msgspec.structs import replace

from lasalle.credit.model import DOLLAR, Collateral, CreditError, Letter, SupplierFile
from lasalle.credit.supplier_file import canonical, digest, of_canonical
from lasalle.institution.chained import ChainedRecord

FOLDER, FILE = "credit", "record.jsonl"
FILED, SEEN, GRADED = "filed", "seen", "graded"
ASKED, AGREED, OFF = "line_asked", "line_agreed", "line_off"
DRAWN = "letter_drawn"
HEARD, LEFT = "heartbeats_heard", "left_uncosigned"
DAY_NS = 86_400 * 10**9
QUARTER_NS = 91 * DAY_NS
SEEN_FOR_NS = 2 * DAY_NS
"""How long a share of missed heartbeats speaks for a supplier."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Accelerator-seconds due and healthy in a span of a delivery, numbered from 0, by its meters;
    when it ended, nanoseconds UTC; SHA-256 of the digests of the readings that count."""

    contract: int
    span: int
    meters: tuple[int, ...]
    due: int
    healthy: int
    until: int
    evidence: str
    readings: tuple[str, ...] = field(default=(), compare=False)
    """Digests of the readings; the record has theirs alone."""


@dataclass
class Held:
    """What the record says of a supplier: its file and digest, the line in force in micro-dollars,
    a line one officer asked for (dollars, by whom), heartbeats missed, grades by time, dollars
    drawn of letters by their references and the day each ended when it was last told."""

    file: SupplierFile
    digest: str
    line: int = 0
    asked: tuple[int, int] | None = None
    missed: tuple[int, float] = (0, 0.0)
    heard: dict[tuple[int, int], Heard] = field(default_factory=dict)
    """Spans read from logs of meters as they stand, by contract and number."""
    grades: list[tuple[int, str]] = field(default_factory=list)
    drawn: dict[str, tuple[int, date]] = field(default_factory=dict)

    def heartbeats(self, now: int) -> float:
        """Share missed: what an officer told lately, or what meters signed in the day before the
        last span they told lately, whichever is more."""
        told = self.missed[1] if now - self.missed[0] <= SEEN_FOR_NS else 0.0
        last = max((one.until for one in self.heard.values()), default=0)
        day = [one for one in self.heard.values() if last - DAY_NS < one.until]
        due = sum(one.due for one in day)
        if not due or now - last > SEEN_FOR_NS:
            return told
        return max(told, 1 - sum(one.healthy for one in day) / due)

    def grade_before(self, now: int) -> str:
        """The grade that stood a quarter ago, or the first one since; empty where there is none."""
        old = [grade for at, grade in self.grades if at <= now - QUARTER_NS]
        return old[-1] if old else self.grades[0][1] if self.grades else ""


class CreditStore:
    """The record. A served house and a person at its folder take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.path = self.folder / FILE
        self._record = ChainedRecord(self.path, "CRD-018", CreditError)

    def alone(self) -> AbstractContextManager[None]:
        """Held while something is added, by whichever process."""
        return self._record.alone()

    def rows(self) -> list[dict[str, Any]]:
        """Every statement in its order. Raises CreditError where one does not follow."""
        return self._record.rows()

    def _add(self, kind: str, supplier: str, by: int, now: int, **said: Any) -> int:
        """Writes a statement; its number. Only under `alone`."""
        return self._record.add(kind=kind, supplier=supplier, by=by, time=now, **said)

    def held(self) -> dict[str, Held]:
        """What the record comes to, by supplier."""
        found: dict[str, Held] = {}
        for row in self.rows():
            name, kind = row["supplier"], row["kind"]
            if kind == FILED:
                file = of_canonical(json.dumps(row["file"]).encode())
                known = found.get(name)
                if known is None:
                    found[name] = Held(file, digest(file))
                else:
                    known.file, known.digest = _remembered(known, file), digest(file)
            elif kind == ASKED:
                found[name].asked = (row["usd"], row["by"])
            elif kind == AGREED:
                found[name].line, found[name].asked = row["usd"] * DOLLAR, None
            elif kind == OFF:
                found[name].line, found[name].asked = 0, None
            elif kind == SEEN:
                found[name].missed = (row["time"], row["missed"])
            elif kind == HEARD:
                found[name].heard[row["contract"], row["span"]] = _heard_of(row)
            elif kind == DRAWN:
                _draw(found[name], row)
            elif kind == GRADED:
                found[name].grades.append((row["time"], row["grade"]))
        return found

    def size(self) -> int:
        """Bytes of the record: it only grows."""
        return self._record.size()

    def known(self, supplier: str) -> Held:
        """What is held of one. Raises CreditError."""
        held = self.held()
        if supplier not in held:
            names = ", ".join(sorted(held)) or "none is filed"
            raise CreditError(f"supplier: expected one on file ({names}), found {supplier!r}")
        return held[supplier]

    def file(self, one: SupplierFile, by: int, now: int) -> tuple[int, str]:
        """Keeps a file; its number in the record and its digest. The same file again is not kept
        twice. Raises CreditError for one that is older than what is held, or of another number."""
        with self.alone():
            held = self.held().get(one.supplier)
            if held is not None:
                if held.digest == digest(one):
                    return self._filed(one.supplier), held.digest
                if one.as_of < held.file.as_of:
                    raise CreditError(
                        f"as_of: expected {held.file.as_of} or later, found {one.as_of} (CRD-018)"
                    )
                if held.file.member and one.member != held.file.member:
                    raise CreditError(
                        f"member: expected {held.file.member}, found {one.member} (CRD-018)"
                    )
            _check_drawn(held, one)
            body = json.loads(canonical(one))
            number = self._add(FILED, one.supplier, by, now, digest=digest(one), file=body)
            return number, digest(one)

    def _filed(self, supplier: str) -> int:
        mine = (r for r in self.rows() if r["kind"] == FILED and r["supplier"] == supplier)
        return max(int(r["number"]) for r in mine)

    def line(self, supplier: str, usd: int, by: int, now: int) -> str:
        """A line without security: asked for by one officer, in force when another asks for the
        same. One officer alone switches it off. Says what stands now."""
        with self.alone():
            held = self.known(supplier)
            if usd == 0:
                self._add(OFF, supplier, by, now)
                return "off"
            if held.asked is not None and held.asked[0] == usd and held.asked[1] != by:
                self._add(AGREED, supplier, by, now, usd=usd)
                return "on"
            self._add(ASKED, supplier, by, now, usd=usd)
            return "waits for another officer"

    def draw(
        self, supplier: str, issuer: str, usd: int, by: int, now: int, reference: str = ""
    ) -> tuple[Letter, int]:
        """Draws on a letter by its own reference, or on that of an issuer which ends first of those
        with enough left; the letter as it stood before, and what is left of it. The reference of a
        drawing draws once. Raises CreditError past what is left, or past its expiry."""
        with self.alone():
            held = self.known(supplier)
            done = self._drawing(supplier, reference)
            if done is not None:
                if issuer not in (done["issuer"], done.get("letter")) or done["usd"] != usd:
                    expected = f"{done['usd']} of {done['issuer']}"
                    raise CreditError(f"reference: expected {expected} again, found {reference}")
                if "stood" not in done:
                    raise CreditError(f"reference: expected one not used yet, found {reference}")
                return convert(done["stood"], Letter), done["left"]
            named, letter = _drawn_on(held.file.collateral, issuer, usd, _date(now))
            left = letter.left_usd - usd
            self._add(DRAWN, supplier, by, now, issuer=letter.issuer, expires=f"{letter.expires}",
                      letter=named, stood=to_builtins(letter), usd=usd, left=left,
                      reference=reference)  # fmt: skip
            return letter, left

    def _drawing(self, supplier: str, reference: str) -> dict[str, Any] | None:
        """What was drawn under a reference."""
        mine = (r for r in self.rows() if r["kind"] == DRAWN and r["supplier"] == supplier)
        return next((r for r in mine if reference and r.get("reference") == reference), None)

    def see(self, supplier: str, missed: float, by: int, now: int) -> None:
        """Keeps the share of heartbeats missed in the last day."""
        if not 0 <= missed <= 1:
            raise CreditError(f"heartbeats: expected a share from 0 to 1, found {missed}")
        with self.alone():
            self.known(supplier)
            self._add(SEEN, supplier, by, now, missed=missed)

    def spans(self) -> dict[int, dict[int, Heard]]:
        """Spans of each contract as they stand on record, by number."""
        found: dict[int, dict[int, Heard]] = {}
        for row in self.rows():
            if row["kind"] == HEARD:
                found.setdefault(row["contract"], {})[row["span"]] = _heard_of(row)
        return found

    def left(self) -> dict[int, list[tuple[int, int]]]:
        """Below which entries, and when, the log of each contract was seen without both
        cosignatures (CRD-027)."""
        found: dict[int, list[tuple[int, int]]] = {}
        for row in self.rows():
            if row["kind"] == LEFT:
                found.setdefault(row["contract"], []).append((row["size"], row["time"]))
        return found

    def heard(self, supplier: str, one: Heard, now: int) -> None:
        """Keeps what meters signed of a span, where it does not stand so on record (CRD-028)."""
        with self.alone():
            self.known(supplier)
            if self.spans().get(one.contract, {}).get(one.span) != one:
                said = {n: v for n, v in asdict(one).items() if n != "readings"}
                self._add(HEARD, supplier, 0, now, **said)

    def leave(self, supplier: str, contract: int, size: int, now: int) -> None:
        """Keeps that entries of a log below a number were seen without both cosignatures, once."""
        with self.alone():
            self.known(supplier)
            if size > max((size for size, _ in self.left().get(contract, ())), default=0):
                self._add(LEFT, supplier, 0, now, contract=contract, size=size)

    def graded(self, grades: dict[str, str], now: int) -> None:
        """Keeps grades that changed: by them a fall is told."""
        with self.alone():
            held = self.held()
            for supplier, grade in sorted(grades.items()):
                known = held[supplier].grades
                if not known or known[-1][1] != grade:
                    self._add(GRADED, supplier, 0, now, grade=grade)


def _heard_of(row: dict[str, Any]) -> Heard:
    """A span as its line tells it, of several meters or of one."""
    names = ("contract", "span", "due", "healthy", "until", "evidence")
    meters = row["meters"] if "meters" in row else [row["meter"]]
    return Heard(meters=tuple(meters), **{name: row[name] for name in names})


def _drawn_on(held: Collateral, named: str, usd: int, today: date) -> tuple[str, Letter]:
    """The letter a drawing falls on, and its reference. Raises CreditError."""
    rows = list(zip(held.references(), held.letters, strict=True))
    mine = [row for row in rows if row[0] == named] or [x for x in rows if x[1].issuer == named]
    if not mine:
        known = ", ".join(sorted({x.issuer for x in held.letters} | set(held.references())))
        raise CreditError(f"issuer: expected one of {known or 'none'}, found {named}")
    stand = [row for row in mine if today <= row[1].expires]
    if not stand:
        last = max(letter.expires for _, letter in mine)
        raise CreditError(f"letter: expected one that stands, it ended {last}")
    enough = [row for row in stand if 0 < usd <= row[1].left_usd]
    if not enough:
        most = max(letter.left_usd for _, letter in stand)
        raise CreditError(f"usd: expected 1 to {most}, found {usd} (CRD-023)")
    return min(enough, key=lambda row: (row[1].expires, row[0]))


def _date(now: int) -> date:
    return datetime.fromtimestamp(now // 10**9, UTC).date()


def _draw(held: Held, row: dict[str, Any]) -> None:
    """What was drawn counts nothing from then on. Rows that name no letter are of the time when its
    issuer and its end were all that told one: the first of them that had enough was drawn."""
    kept = held.file.collateral
    named = row.get("letter")
    if named is None:
        alike = [
            (letter.left_usd < row["usd"], name)
            for name, letter in zip(kept.references(), kept.letters, strict=True)
            if (letter.issuer, f"{letter.expires}") == (row["issuer"], row["expires"])
        ]
        named = min(alike)[1]
    drawn, ends = held.drawn.get(named, (0, date.fromisoformat(row["expires"])))
    for name, letter in zip(kept.references(), kept.letters, strict=True):
        if name == named:
            drawn, ends = max(drawn, letter.drawn_usd), letter.expires
    held.drawn[named] = drawn + row["usd"], ends
    held.file = _remembered(held, held.file)


def _remembered(held: Held, file: SupplierFile) -> SupplierFile:
    """A file in which no letter tells less drawn than the record; when each ends now is kept."""
    kept, letters = file.collateral, []
    for name, letter in zip(kept.references(), kept.letters, strict=True):
        drawn, _ = held.drawn.get(name, (0, letter.expires))
        if name in held.drawn:
            held.drawn[name] = drawn, letter.expires
        letters.append(replace(letter, drawn_usd=max(letter.drawn_usd, drawn)))
    return replace(file, collateral=replace(kept, letters=tuple(letters)))


def _check_drawn(held: Held | None, one: SupplierFile) -> None:
    """A later file forgets nothing of what was drawn: neither by telling less of a letter, nor by
    leaving one out that has not ended, as where it were told anew under another reference."""
    drawn = held.drawn if held else {}
    names = one.collateral.references()
    for n, (name, letter) in enumerate(zip(names, one.collateral.letters, strict=True)):
        known, _ = drawn.get(name, (0, letter.expires))
        if letter.drawn_usd < known:
            raise CreditError(
                f"collateral.letters[{n}].drawn_usd: expected {known} or more of letter {name},"
                f" found {letter.drawn_usd} (CRD-023)"
            )
    for name, (known, ends) in drawn.items():
        if name not in names and one.as_of <= ends:
            raise CreditError(
                f"collateral.letters: expected letter {name}, of which {known} were drawn and which"
                f" stands to {ends}, found none of that reference (CRD-023)"
            )
