"""How capacity is handed over: one protocol for every way of running machines, and a driver that runs
processes of this machine. Each call says what happened as an event of the delivery, to be signed.
"""  # noqa: E501

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from lasalle.delivery.canonical import digest
from lasalle.delivery.probing import Answered
from lasalle.delivery.statements import Happening

START_SECONDS = 60.0


@dataclass(frozen=True)
class Asked:
    """What a contract asks for: accelerators of a grade on one fabric, for a span."""

    contract: int
    nodes: int
    accelerators: int
    """Of each node."""
    grade: str
    start_s: int
    end_s: int


@dataclass(frozen=True)
class NodeGrant:
    """A node as it is handed over."""

    node: str
    accelerators: tuple[str, ...]
    endpoint: str


@dataclass(frozen=True)
class AccessGrant:
    """What the buyer gets: the kind of access, where, and for how long."""

    kind: str
    """openai_http, ssh, kubeconfig, slurm_reservation or probe_http."""
    nodes: tuple[NodeGrant, ...]
    not_before_s: int
    not_after_s: int


@dataclass(frozen=True)
class Happened:
    """What a driver did, for an event of the delivery."""

    event: Happening
    reason: str
    evidence: str


Tell = Callable[[Happened], None]


class Driver(Protocol):
    """A way of running machines."""

    def reserve(self, asked: Asked) -> str:
        """Keeps capacity for a span; gives the reservation's name."""

    def activate(self, reservation: str) -> AccessGrant:
        """Hands it over: the tender."""

    def probe(self, grant: NodeGrant, nonce: str, size: int) -> Answered | None:
        """Puts a challenge to a node; None where it does not answer."""

    def revoke(self, reservation: str) -> None:
        """Takes it back."""


@dataclass
class _Kept:
    asked: Asked
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)


class LocalDriver:
    """Nodes as processes of this machine, that answer probes with a kernel of its processor: the
    protocol is real, the accelerators are not."""

    def __init__(self, tell: Tell = lambda _: None, capacity: int = 16) -> None:
        """capacity: accelerators that may be out at once."""
        self._tell, self._capacity = tell, capacity
        self._kept: dict[str, _Kept] = {}
        self._client = httpx.Client(timeout=30.0, verify=False)
        self._numbers = 0

    def reserve(self, asked: Asked) -> str:
        """Raises ValueError where so much is not there in that span."""
        out = sum(
            one.asked.nodes * one.asked.accelerators
            for one in self._kept.values()
            if one.asked.start_s < asked.end_s and asked.start_s < one.asked.end_s
        )
        more = asked.nodes * asked.accelerators
        if more < 1 or out + more > self._capacity:
            raise ValueError(
                f"accelerators: expected 1 to {self._capacity - out}, found {more}"
            )  # fmt: skip
        self._numbers += 1
        name = f"local-{asked.contract}-{self._numbers}"
        self._kept[name] = _Kept(asked)
        self._say(Happening.NOMINATED, "reserved", [name, asked.nodes, asked.accelerators])
        return name

    def activate(self, reservation: str) -> AccessGrant:
        """Starts the nodes. Raises KeyError."""
        kept = self._kept[reservation]
        asked = kept.asked
        grants = [self._start(kept, f"{reservation}-{n}") for n in range(1, asked.nodes + 1)]
        self._say(Happening.TENDERED, "activated", [one.node for one in grants])
        return AccessGrant("probe_http", tuple(grants), asked.start_s, asked.end_s)

    def replace(self, reservation: str, failed: str) -> NodeGrant:
        """Another node in the place of one that failed, which is ended. Raises KeyError."""
        kept = self._kept[reservation]
        _end(kept.processes.pop(failed))
        names = [*kept.processes, failed]
        number = 1 + max(int(name.rsplit("-", 1)[1]) for name in names)
        grant = self._start(kept, f"{reservation}-{number}")
        self._say(Happening.RESUMED, "replaced", [failed, grant.node])
        return grant

    def probe(self, grant: NodeGrant, nonce: str, size: int) -> Answered | None:
        """The node's own time is taken; the way there is the meter's affair."""
        try:
            answer = self._client.post(grant.endpoint, json={"nonce": nonce, "size": size})
        except httpx.HTTPError:
            return None
        if answer.status_code != httpx.codes.OK:
            return None
        return Answered(answer.content, int(answer.headers["x-taken-ns"]))

    def stop_node(self, reservation: str, node: str) -> None:
        """Ends a node's process, as a failure would. Raises KeyError."""
        _end(self._kept[reservation].processes[node])

    def revoke(self, reservation: str) -> None:
        """Ends every node. Raises KeyError."""
        for process in self._kept.pop(reservation).processes.values():
            _end(process)
        self._say(Happening.ENDED, "revoked", [reservation])

    def close(self) -> None:
        """Takes everything back."""
        for reservation in list(self._kept):
            self.revoke(reservation)
        self._client.close()

    def _start(self, kept: _Kept, name: str) -> NodeGrant:
        command = [sys.executable, "-m", "lasalle.institution.metering.node", "--name", name]
        process = subprocess.Popen(
            [*command, "--accelerators", str(kept.asked.accelerators)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        kept.processes[name] = process
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"node {name} ended with {process.wait()}")
        endpoint = f"http://127.0.0.1:{port}/"
        said = self._client.get(endpoint).json()
        return NodeGrant(name, tuple(said["accelerators"]), endpoint)

    def _say(self, event: Happening, reason: str, evidence: Sequence[object]) -> None:
        self._tell(Happened(event, reason, digest(list(evidence))))


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
