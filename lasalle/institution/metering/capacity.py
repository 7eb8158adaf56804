"""The meter of a capacity contract: a challenge to every node in every slot, the answers looked at
and entered as rows, nodes that failed replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lasalle.delivery.canonical import NONE
from lasalle.delivery.meter_book import Heartbeat
from lasalle.delivery.probing import challenge, found_healthy, grade_ppm, is_right
from lasalle.institution.metering.keeper import MeterKeeper
from lasalle.institution.metering.provisioning import Driver, NodeGrant

PPM = 1_000_000


@dataclass(frozen=True)
class ProbeTerms:
    """How nodes are probed: size of the work, how fast it is at the standard, how long an answer
    may take, the least grade, and the span of a slot."""

    size: int
    rated_ns: int
    deadline_ns: int
    least_ppm: int
    slot_s: int


@dataclass
class CapacityMeter:
    """Probes nodes and keeps what it finds."""

    keeper: MeterKeeper
    driver: Driver
    terms: ProbeTerms
    secret: bytes
    nodes: list[NodeGrant] = field(default_factory=list)

    @property
    def commitment(self) -> str:
        """Digest of the secret the challenges are drawn from, told before the first."""
        return sha256(self.secret).hexdigest()

    def beat(self, slot: int) -> list[Heartbeat]:
        """One heartbeat of every node, durable on return."""
        found = [self._probed(grant, slot) for grant in self.nodes]
        for one in found:
            self.keeper.beat(one)
        return found

    def benchmark(self, grant: NodeGrant, runs: int, seed: bytes) -> list[int]:
        """Speeds of so many runs over that of the standard, in millionths; 0 for one that gave no
        right answer."""
        speeds = []
        for run in range(runs):
            nonce = challenge(seed, self.keeper.book.terms.contract, grant.node, run)
            answered = self.driver.probe(grant, nonce, self.terms.size)
            good = answered is not None and is_right(
                nonce, self.terms.size, answered.answer, self.secret
            )
            speeds.append(
                grade_ppm(answered.taken_ns, self.terms.rated_ns) if answered and good else 0
            )
        return speeds

    def replace(self, failed: str, grant: NodeGrant) -> None:
        """Probes another node in the place of one that failed."""
        self.nodes = [grant if one.node == failed else one for one in self.nodes]

    def _probed(self, grant: NodeGrant, slot: int) -> Heartbeat:
        terms, book, clock = self.terms, self.keeper.book, self.keeper.clock
        nonce = challenge(self.secret, book.terms.contract, grant.node, slot)
        due, begun = len(grant.accelerators), clock.now_ns()
        answered = self.driver.probe(grant, nonce, terms.size)
        ended = clock.now_ns()
        healthy = speed = 0
        digest = NONE
        if answered is not None:
            right = is_right(nonce, terms.size, answered.answer, self.secret)
            # What counts is when the answer was here; the grade is of the work alone.
            speed = grade_ppm(answered.taken_ns, terms.rated_ns) if right else 0
            healthy = found_healthy(
                due, right, ended - begun, terms.deadline_ns, speed, terms.least_ppm
            )  # fmt: skip
            digest = sha256(answered.answer).hexdigest()
        return Heartbeat(nonce, grant.node, slot, terms.slot_s, due, healthy, speed, digest, begun,
                         ended)  # fmt: skip


def telemetry_digest(samples: Sequence[tuple[str, int]]) -> str:
    """Digest of telemetry attached to a row or a reading: names and whole numbers as the supplier's
    exporter gives them. It is the supplier's word, and evidence where a fault is in dispute."""
    lines = "".join(f"{name} {value}\n" for name, value in sorted(samples))
    return sha256(lines.encode("ascii")).hexdigest() if samples else NONE
