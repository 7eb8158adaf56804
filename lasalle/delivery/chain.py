"""The chain of a meter: which reading may come next, and by which name another is refused.

A chain decides and then takes; what it refuses leaves it as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.readings import (
    AnyReading,
    CapacityReading,
    Entry,
    Quality,
    WorkReading,
    check_signature,
)
from lasalle.delivery.terms import Product, Terms

US = 1_000_000


@dataclass
class Chain:
    """What is known of one meter after the readings it has taken."""

    terms: Terms
    meter: int
    sequence: int = 0
    sha256: str = ""
    """Digest of the last reading, of the terms before the first; empty where it is unknown."""
    end_us: int = 0
    """Where the last interval that was read anew ends."""
    made_us: int = 0
    seq_last: int = 0
    taken: dict[int, str] = field(default_factory=dict)
    """Digest of each reading by its number."""
    standing: dict[int, AnyReading] = field(default_factory=dict)
    """What stands for each interval: the reading of it, or the last that revised it."""
    nonces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sha256 = self.sha256 or self.terms.sha256
        self.end_us = self.end_us or self.terms.start_us

    def check(self, entry: Entry) -> None:
        """Raises EvidenceRefused where the reading may not come next; signature first."""
        check_signature(entry, self.terms)
        self.check_place(entry)

    def check_place(self, entry: Entry) -> None:
        """The same of a reading whose signature was looked at."""
        reading = _reading(entry)
        where = entry.where
        refusal = (
            _belongs(reading, self.terms, where)
            or self._in_sequence(entry, reading, where)
            or self._in_time(reading, where)
            or _possible(reading, self.terms, where)
            or self._rows_follow(reading, where)
        )
        if refusal is not None:
            raise refusal

    def take(self, entry: Entry) -> None:
        """Goes on from a reading that was checked, or that a verifier has named and goes on from:
        then what is further on stays."""
        reading = _reading(entry)
        self.taken.setdefault(reading.sequence, entry.sha256)
        self.made_us = max(self.made_us, reading.made_us)
        self.nonces.add(reading.nonce)
        stands = self.standing.get(reading.revises or reading.sequence)
        if stands is None or stands.sequence < reading.sequence:
            self.standing[reading.revises or reading.sequence] = reading
        if reading.sequence >= self.sequence:
            self.sequence, self.sha256 = reading.sequence, entry.sha256
        if not reading.revises:
            self.end_us = max(self.end_us, reading.end_us)
            self.seq_last = max(self.seq_last, reading.seq_last)

    def pass_over(self, entry: Entry) -> None:
        """Goes on behind a reading that is not the meter's own word: the next one bears a digest
        nobody can look up."""
        reading = _reading(entry)
        if reading.sequence != self.sequence + 1:
            return
        self.sequence, self.sha256 = reading.sequence, ""
        if not reading.revises:
            self.end_us, self.seq_last = reading.end_us, reading.seq_last

    def knows(self, entry: Entry) -> bool:
        """Whether this very reading was taken: who sends it again is told where it stands."""
        return self.taken.get(_reading(entry).sequence) == entry.sha256

    def _in_sequence(self, entry: Entry, reading: AnyReading, where: str) -> EvidenceRefused | None:
        due, found = self.sequence + 1, reading.sequence
        if found in self.taken:
            if self.taken[found] == entry.sha256:
                return refused(Fault.REPEATED, where, "sequence", due, found)
            told = f"{self.taken[found]} under number {found}"
            return refused(Fault.FORKED, where, "sequence", told, entry.sha256)
        if found < due:
            return refused(Fault.REORDERED, where, "sequence", due, found)
        if found > due:
            return refused(Fault.GAP, where, "sequence", due, found)
        if self.sha256 and reading.previous != self.sha256:
            return refused(Fault.UNCHAINED, where, "previous", self.sha256, reading.previous)
        if reading.nonce in self.nonces:
            return refused(Fault.REPEATED, where, "nonce", "one not seen before", reading.nonce)
        return None

    def _in_time(self, reading: AnyReading, where: str) -> EvidenceRefused | None:
        terms, start, end, made = self.terms, reading.start_us, reading.end_us, reading.made_us
        if reading.revises:
            revised = self.standing.get(reading.revises)
            if revised is None:
                return refused(Fault.GAP, where, "revises", "a reading there is", reading.revises)
            if (start, end) != (revised.start_us, revised.end_us):
                span = f"{revised.start_us} to {revised.end_us}"
                return refused(Fault.OUT_OF_RANGE, where, "start_us", span, f"{start} to {end}")
        elif start != self.end_us:
            fault = Fault.BACK_DATED if start < self.end_us else Fault.GAP
            return refused(fault, where, "start_us", self.end_us, start)
        if not start < end <= min(start + terms.interval_us, terms.end_us):
            most = min(start + terms.interval_us, terms.end_us)
            return refused(Fault.OUT_OF_RANGE, where, "end_us", f"{start + 1} to {most}", end)
        if made < self.made_us:
            return refused(Fault.BACK_DATED, where, "made_us", f"{self.made_us} or later", made)
        if made + terms.clock_us < end:
            return refused(Fault.BACK_DATED, where, "made_us", f"{end} or later", made)
        if made > end + terms.grace_us and reading.quality is Quality.ACTUAL:
            return refused(Fault.LATE, where, "made_us", f"up to {end + terms.grace_us}", made)
        doubt = abs(reading.clock_offset_us) + reading.clock_error_us
        if doubt > terms.clock_us:
            return refused(Fault.CLOCK, where, "clock_offset_us", f"up to {terms.clock_us}", doubt)
        return None

    def _rows_follow(self, reading: AnyReading, where: str) -> EvidenceRefused | None:
        first, last = reading.seq_first, reading.seq_last
        if last - first + 1 != reading.rows:
            return refused(Fault.SUMS, where, "rows", last - first + 1, reading.rows)
        if not reading.revises and first != self.seq_last + 1:
            fault = Fault.REPEATED if first <= self.seq_last else Fault.GAP
            return refused(fault, where, "seq_first", self.seq_last + 1, first)
        return None


def _reading(entry: Entry) -> AnyReading:
    if not isinstance(entry.statement, (WorkReading, CapacityReading)):
        raise refused(Fault.MALFORMED, entry.where, "kind", "a reading", entry.where)
    return entry.statement


def _belongs(reading: AnyReading, terms: Terms, where: str) -> EvidenceRefused | None:
    product = Product.WORK if isinstance(reading, WorkReading) else Product.CAPACITY
    for fault, name, expected, found in (
        (Fault.OUT_OF_RANGE, "version", terms.version, reading.version),
        (Fault.WRONG_CONTRACT, "contract", terms.contract, reading.contract),
        (Fault.WRONG_CONTRACT, "kind", terms.product, product),
        (Fault.WRONG_METHOD, "method", terms.method, reading.method),
    ):
        if expected != found:
            return refused(fault, where, name, expected, found)
    # An estimate or a substitute may stand for an interval of which nothing else was ever read.
    unfit = Quality.ACTUAL if reading.revises else Quality.EDITED
    if reading.quality is unfit:
        return refused(Fault.MALFORMED, where, "quality", f"another than {unfit}", unfit)
    return None


def _possible(reading: AnyReading, terms: Terms, where: str) -> EvidenceRefused | None:
    """What no meter can have seen."""
    span_s = -(-(reading.end_us - reading.start_us) // US)
    limits: list[tuple[str, int]] = [("errors", reading.rows)]
    if isinstance(reading, WorkReading):
        limits += [
            ("sum_cached", reading.sum_prompt),
            ("over_ttft", reading.rows),
            ("over_tpot", reading.rows),
            ("available_s", span_s),
            ("sum_completion", terms.quantity),
        ]
    else:
        limits += [
            ("due_seconds", terms.quantity * span_s),
            ("healthy_seconds", reading.due_seconds),
        ]
    for name, most in limits:
        if getattr(reading, name) > most:
            return refused(Fault.OUT_OF_RANGE, where, name, f"0 to {most}", getattr(reading, name))
    return None
