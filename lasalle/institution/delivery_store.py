"""The logs of a house's deliveries in its folder: `deliveries/CONTRACT/` each, as it is published.

The house signs checkpoints with a key of its own, in a file beside them that nobody else reads. A
log has one writer, this store, and is opened when it is first asked for. What sides nominated is
kept beside them, in `deliveries/nominations/DELIVERY/`, and is not published.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.faults import EvidenceRefused
from lasalle.delivery.growing import GrowingLog, kept_name
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.notes import Note, SignatureLine, read_line
from lasalle.delivery.terms import Specification, Terms
from lasalle.delivery.tiles import CHECKPOINT, is_name
from lasalle.gateway.deliveries import PATH, NotAParty
from lasalle.institution.index_store import lay_down
from lasalle.venue.shelf import FolderShelf, read_file

T = TypeVar("T")
DELIVERIES_PATH = PATH
FOLDER = "deliveries"
KEY_FILE = "log.key"
PARTIES = "parties.json"
ORIGIN = "origin.txt"
NOMINATIONS = "nominations"


class DeliveryStore:
    """Logs by the number of the contract."""

    def __init__(self, house: Path, clock: Callable[[], int] | None = None) -> None:
        """clock: nanoseconds UTC of a house that is served, by which the times of cosignatures are
        looked at; a store without one takes them as they come."""
        self._clock = clock
        self.folder = house / FOLDER
        self._open: dict[int, tuple[DeliveryLog, FolderShelf]] = {}
        self._turn = threading.RLock()
        self._changes: dict[int, int] = {}

    def changes(self, contract: int) -> int:
        """How often a log was written to since the store was opened, and whether it is there."""
        return self._changes.get(contract, 0) + (contract in self.contracts())

    def key(self) -> SigningKey:
        """The key checkpoints are signed with; made when it is first needed."""
        path = self.folder / KEY_FILE
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
        return SigningKey(bytes.fromhex(path.read_text().strip()))

    def begin(
        self,
        terms: Terms,
        parties: Mapping[str, int],
        specification: Specification | None = None,
    ) -> DeliveryLog:
        """A log of its own for a delivery; the one that stands where it is begun again. parties:
        the actor that speaks under each cosigner's name. Raises EvidenceRefused."""
        with self._turn:
            held = self._open.get(terms.contract)
            shelf = held[1] if held else FolderShelf(self._of(terms.contract))
            try:
                log = DeliveryLog.begin(shelf, self.key(), terms, specification)
            except EvidenceRefused:
                if held is None:
                    shelf.close()
                raise
            said = json.dumps(dict(sorted(parties.items()))).encode() + b"\n"
            lay_down(self._of(terms.contract) / PARTIES, said)
            lay_down(self._of(terms.contract) / ORIGIN, terms.origin.encode() + b"\n")
            self._open[terms.contract] = (log, shelf)
            self._changed(terms.contract)
            return log

    def admit(self, contract: int, entries: Sequence[bytes]) -> list[int]:
        """Makes entries durable and gives their numbers. Raises EvidenceRefused, KeyError."""
        with self._turn:
            return self._log(contract).admit_all(entries)

    def publish(self, contract: int) -> Note:
        """A checkpoint over everything admitted. Raises KeyError."""
        with self._turn:
            try:
                return self._log(contract).publish(self._now_us())
            finally:
                self._changed(contract)

    def listed(self) -> list[dict[str, Any]]:
        """Every delivery, by contract."""
        rows = []
        for contract in self.contracts():
            with self._turn:
                log = self._log(contract)
                rows.append(
                    {
                        "contract": contract,
                        "product": log.terms.product.value,
                        "origin": log.terms.origin,
                        "size": log.log.published,
                        "terms": log.terms.sha256,
                    }
                )
        return rows

    def sizes(self, contract: int) -> list[int] | None:
        """Sizes of the checkpoints of a log; None where there is no log."""
        folder = self._of(contract) / "checkpoints"
        if contract not in self.contracts():
            return None
        return sorted(int(p.name) for p in folder.glob("*") if p.name.isdigit())

    def read(self, contract: int, name: str) -> bytes | None:
        """A published file of a log; None where there is none, and for whatever is not public."""
        kept = name.removeprefix("checkpoints/")
        public = name == CHECKPOINT or is_name(name)
        if not public and not (kept.isdigit() and name == kept_name(int(kept))):
            return None
        return read_file(self._of(contract), name)

    def cosign(self, actor: int, contract: int, size: int, name: str, line: str) -> bytes:
        """Keeps a party's cosignature. Raises NotAParty, EvidenceRefused, KeyError."""
        with self._turn:
            parties = json.loads((self._of(contract) / PARTIES).read_text())
            if parties.get(name) != actor:
                raise NotAParty(f"expected the actor that speaks as {name}, found {actor}")
            log = self._log(contract)
            before = _names_under(log, size)
            try:
                return log.take_cosignature(size, read_line(line), self._now_us()).content
            finally:
                # What was refused, or is kept already, is no change.
                if _names_under(log, size) != before:
                    self._changed(contract)

    def enter(self, actor: int, contract: int, entries: Sequence[bytes]) -> list[int]:
        """Admits what a meter signed, sent by an actor that speaks for the delivery; a checkpoint
        follows. Raises NotAParty, EvidenceRefused, KeyError."""
        with self._turn:
            parties = json.loads((self._of(contract) / PARTIES).read_text())
            if actor not in parties.values():
                raise NotAParty(f"expected an actor of the delivery, found {actor}")
            log = self._log(contract)
            try:
                return log.admit_all(entries)
            finally:
                # What was refused is no change, and gives nobody a log to look at anew.
                if log.log.size > log.log.published:
                    log.publish(self._now_us())
                    self._changed(contract)

    def keep_nomination(self, delivery: int, party: str, content: bytes) -> bool:
        """Keeps a document a side nominates, durably; whether it was not there before."""
        path = self._nomination(delivery, party, sha256(content).hexdigest())
        if path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        lay_down(path, content)
        return True

    def nomination(self, delivery: int, party: str, digest: str) -> bytes | None:
        """A document by its digest; None where the house was not shown it."""
        path = self._nomination(delivery, party, digest)
        return path.read_bytes() if path.exists() else None

    def drop_nomination(self, delivery: int, party: str, digest: str) -> None:
        """Forgets a document whose digest was not named."""
        self._nomination(delivery, party, digest).unlink(missing_ok=True)

    def drop_other_nominations(self, delivery: int, party: str, digest: str) -> None:
        """Forgets what a side nominated before: the last one named stands."""
        kept = self._nomination(delivery, party, digest)
        for path in kept.parent.glob(f"{party}-*"):
            if path != kept:
                path.unlink(missing_ok=True)

    def _nomination(self, delivery: int, party: str, digest: str) -> Path:
        return self.folder / NOMINATIONS / str(delivery) / f"{party}-{digest}"

    def close(self) -> None:
        """Gives every log up."""
        with self._turn:
            for _, shelf in self._open.values():
                shelf.close()
            self._open.clear()

    def _now_us(self) -> int | None:
        return None if self._clock is None else self._clock() // 1_000

    def _changed(self, contract: int) -> None:
        self._changes[contract] = self._changes.get(contract, 0) + 1

    def asked(self, contract: int, read: Callable[[DeliveryLog], T]) -> T:
        """What is read of a log while nothing is added to it. Raises EvidenceRefused, KeyError."""
        with self._turn:
            return read(self._log(contract))

    def contracts(self) -> list[int]:
        """Numbers of every contract with a log, ascending."""
        if not self.folder.is_dir():
            return []
        found = (p.name for p in self.folder.iterdir() if (p / PARTIES).exists())
        return sorted(int(name) for name in found if name.isdigit())

    def _of(self, contract: int) -> Path:
        return self.folder / str(contract)

    def _log(self, contract: int) -> DeliveryLog:
        held = self._open.get(contract)
        if held is None:
            if contract not in self.contracts():
                raise KeyError(contract)
            shelf = FolderShelf(self._of(contract))
            try:
                origin = (self._of(contract) / ORIGIN).read_text("ascii").strip()
                log = DeliveryLog.open(GrowingLog(shelf, origin, self.key()))
            except (EvidenceRefused, OSError):
                shelf.close()
                raise
            held = self._open[contract] = (log, shelf)
        return held[0]


def _names_under(log: DeliveryLog, size: int) -> frozenset[SignatureLine]:
    """Who signed the checkpoint of a size, in whatever order; nobody where there is none."""
    note = log.log.checkpoint_of(size)
    return frozenset(note.lines if note is not None else ())
