"""Reserves in custody, in the folder of a house: the terms of each, its tests of readiness, and
what the units that were drawn answered, in an append-only record.

    custody/record.jsonl    a line a statement, each with the SHA-256 of the line before it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from lasalle.delivery.custody import (
    HEX_KEY,
    PROBE_SIZE,
    ReserveTerms,
    ReserveWrong,
    challenge_of,
    drawn,
    is_ready,
    read_reserve,
    statement_of,
)
from lasalle.delivery.keys import signed_by
from lasalle.delivery.probing import worked
from lasalle.institution.chained import ChainedRecord

FOLDER, FILE = "custody", "record.jsonl"
FILED, DRAWN, ANSWERED = "filed", "drawn", "answered"
HOUR_NS = 3_600 * 10**9


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit answered: line of the record, when, digests of its work and of its evidence."""

    number: int
    time: int
    work: str
    evidence: str


@dataclass(slots=True)
class Readiness:
    """A test of readiness: its line in the record, its day (YYYYMMDD), the command up to which the
    journal gave the seed, the units drawn, until when they answer, nanoseconds UTC."""

    number: int
    day: int
    command: int
    seed: str
    units: tuple[str, ...]
    until: int
    terms: ReserveTerms
    answers: dict[str, Answer] = field(default_factory=dict)

    def state(self, now: int) -> str:
        """ready once enough answered, open while they may, failed afterwards."""
        answered = {unit: unit in self.answers for unit in self.units}
        if is_ready(answered, self.terms):
            return "ready"
        return "open" if now <= self.until else "failed"


@dataclass(slots=True)
class Held:
    """A reserve on record."""

    terms: ReserveTerms
    digest: str
    number: int
    tests: list[Readiness] = field(default_factory=list)


class CustodyStore:
    """The record. A served house and a person at its folder take turns."""

    def __init__(self, folder: Path) -> None:
        self.record = ChainedRecord(folder / FOLDER / FILE, "DEL-082", ReserveWrong)

    def held(self) -> dict[int, Held]:
        """What the record comes to, by account. Raises ReserveWrong where it does not follow."""
        found: dict[int, Held] = {}
        for row in self.record.rows():
            account = int(row["account"])
            if row["kind"] == FILED:
                tests = found[account].tests if account in found else []
                terms = read_reserve(row["terms"])
                found[account] = Held(terms, row["digest"], row["number"], tests)
            elif row["kind"] == DRAWN:
                found[account].tests.append(_test(row, found[account].terms))
            elif row["kind"] == ANSWERED:
                test = next(t for t in found[account].tests if t.number == row["test"])
                test.answers[row["unit"]] = Answer(
                    row["number"], row["time"], row["work"], row["evidence"]
                )
        return found

    def known(self, account: int) -> Held:
        """The reserve of an account. Raises ReserveWrong."""
        held = self.held().get(account)
        if held is None:
            raise ReserveWrong(f"account: expected one with terms on record, found {account}")
        return held

    def head(self) -> str:
        """Digest of the last line; zeros before the first."""
        return self.record.head()

    def file(self, text: str, account: int, by: int, now: int) -> tuple[int, str]:
        """Keeps terms; their line and digest. The same again are kept once."""
        terms = read_reserve(text)
        if terms.account != account:
            raise ReserveWrong(f"account: expected {account}, found {terms.account} in the terms")
        digest = sha256(text.encode()).hexdigest()
        with self.record.alone():
            held = self.held().get(account)
            if held is not None and held.digest == digest:
                return held.number, digest
            number = self.record.add(
                kind=FILED, account=account, by=by, time=now, digest=digest, terms=text
            )
            return number, digest

    def draw(self, account: int, day: int, seed: tuple[int, str], by: int, now: int) -> Readiness:
        """The test of a day, drawn where it was not yet (DEL-069). seed: a command and the chain
        of the journal up to it."""
        with self.record.alone():
            held = self.known(account)
            done = [test for test in held.tests if test.day == day]
            if done:
                return done[0]
            if not held.terms.units:
                raise ReserveWrong("units: expected standing units in the terms, found none")
            units = drawn(seed[1], day, held.terms)
            until = now + held.terms.answer_hours * HOUR_NS
            said = {"kind": DRAWN, "account": account, "by": by, "time": now, "day": day,
                    "command": seed[0], "seed": seed[1], "units": units,
                    "until": until}  # fmt: skip
            number = self.record.add(**said)
            return _test({**said, "number": number}, held.terms)

    def answer(
        self, account: int, number: int, unit: str, shown: tuple[str, str, str], by: int, now: int
    ) -> Readiness:
        """Keeps what a drawn unit answered, once it holds; the test as it stands. shown: digests
        of work and evidence, and the signature, hexadecimal. Raises ReserveWrong (DEL-083)."""
        work, evidence, signature = shown
        with self.record.alone():
            held = self.known(account)
            test = next((t for t in held.tests if t.number == number), None)
            if test is None:
                tests = ", ".join(str(t.number) for t in held.tests) or "none"
                raise ReserveWrong(f"test: expected one of {tests}, found {number}")
            if unit not in test.units:
                raise ReserveWrong(f"unit: expected one of {', '.join(test.units)}, found {unit!r}")
            before = test.answers.get(unit)
            if before is not None:
                if (before.work, before.evidence) != (work, evidence):
                    raise ReserveWrong(f"unit: expected no second answer, found one of {unit}")
                return test
            if now > test.until:
                raise ReserveWrong(f"test: expected an answer by {test.until}, found {now}")
            _check_answer(test, unit, work, evidence, signature)
            line = self.record.add(
                kind=ANSWERED, account=account, by=by, time=now, test=number, unit=unit,
                work=work, evidence=evidence, signature=signature,
            )  # fmt: skip
            test.answers[unit] = Answer(line, now, work, evidence)
            return test


def work_of(challenge: str) -> str:
    """SHA-256 of the product that a challenge asks for."""
    return sha256(worked(challenge, PROBE_SIZE)).hexdigest()


def _check_answer(test: Readiness, unit: str, work: str, evidence: str, signature: str) -> None:
    """The work is done anew, the signature is of the unit's own key."""
    if evidence and not HEX_KEY.fullmatch(evidence):
        raise ReserveWrong(f"evidence: expected a SHA-256 in hexadecimal, found {evidence[:80]!r}")
    challenge = challenge_of(test.seed, test.day, unit)
    if work != work_of(challenge):
        raise ReserveWrong(f"work: expected what {challenge} asks, found {work[:80]!r}")
    key = bytes.fromhex(dict(test.terms.units)[unit])
    try:
        said = bytes.fromhex(signature)
    except ValueError:
        said = b""
    if not signed_by(key, statement_of(challenge, work, evidence), said):
        raise ReserveWrong(f"signature: expected that of {unit}, found {signature[:16]!r}")


def _test(row: dict[str, Any], terms: ReserveTerms) -> Readiness:
    return Readiness(
        row["number"], row["day"], row["command"], row["seed"], tuple(row["units"]), row["until"],
        terms,
    )  # fmt: skip
