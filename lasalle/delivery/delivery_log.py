"""The log of one delivery: readings of every meter and what is said of them, each admitted by name
or refused by name, under checkpoints that both parties cosign."""

from __future__ import annotations

from collections.abc import Sequence

from lasalle.delivery.chain import Chain
from lasalle.delivery.faults import EvidenceRefused, Fault, refused
from lasalle.delivery.growing import GrowingLog, Shelf
from lasalle.delivery.keys import SigningKey
from lasalle.delivery.notes import Note, SignatureLine, cosigned_at
from lasalle.delivery.readings import Entry, Reading, check_signature, read_entry, sign
from lasalle.delivery.terms import Cosigner, Specification, Terms, checked


class DeliveryLog:
    """One delivery, from its terms to its last word."""

    def __init__(self, log: GrowingLog, terms: Terms) -> None:
        self.log, self.terms = log, terms
        self.chains = {m.meter: Chain(terms, m.meter) for m in terms.meters}
        self.specification: Specification | None = None
        self._places: dict[str, int] = {}
        """Number of each entry by its digest, so that what is sent again is found."""
        self._broken = ""

    @staticmethod
    def begin(
        shelf: Shelf, key: SigningKey, terms: Terms, specification: Specification | None = None
    ) -> DeliveryLog:
        """A log that begins with its terms, and with how is measured where that is told; one that
        stands is opened. Raises EvidenceRefused where other terms stand there."""
        if key.public.hex() != checked(terms).log_key:
            raise refused(Fault.WRONG_KEY, "terms", "log_key", terms.log_key, key.public.hex())
        log = GrowingLog(shelf, terms.origin, key)
        if not log.size:
            entries = [sign(terms, key).content]
            if specification is not None:
                entries.append(sign(specification, key).content)
            log.append(entries)
        found = DeliveryLog.open(log)
        if found.terms != terms:
            raise refused(Fault.TERMS, "terms", "terms", terms.sha256, found.terms.sha256)
        return found

    @staticmethod
    def open(log: GrowingLog) -> DeliveryLog:
        """From what a log holds. Raises EvidenceRefused where it holds what would be refused."""
        entries = log.entries()
        first = read_entry(next(entries, b""), "entry 0").statement
        if not isinstance(first, Terms):
            raise refused(Fault.TERMS, "entry 0", "kind", "terms", type(first).__name__)
        found = DeliveryLog(log, checked(first))
        for number, content in enumerate(entries, 1):
            entry = read_entry(content, f"entry {number}")
            found._check(entry, signature=False)
            found._take(entry, number)
        return found

    def admit(self, content: bytes) -> int:
        """Makes an entry durable and gives its number; the number it has, where it stands already.
        Raises EvidenceRefused, and is as it was."""
        return self.admit_all([content])[0]

    def admit_all(self, contents: Sequence[bytes]) -> list[int]:
        """Several at once, made durable together: all of those before the first that is refused."""
        if self._broken:
            raise RuntimeError(self._broken)
        numbers: list[int] = []
        fresh: list[bytes] = []
        refusal: EvidenceRefused | None = None
        size = self.log.size
        for content in contents:
            try:
                entry = read_entry(content)
                known = self._places.get(entry.sha256)
                if known is not None:
                    check_signature(entry, self.terms)
                    numbers.append(known)
                    continue
                self._check(entry)
            except EvidenceRefused as error:
                refusal = error
                break
            numbers.append(size + len(fresh))
            self._take(entry, numbers[-1])
            fresh.append(content)
        if fresh:
            self._append(fresh)
        if refusal is not None:
            raise refusal
        return numbers

    def publish(self) -> Note:
        """A checkpoint over everything admitted."""
        return self.log.publish()

    def take_cosignature(self, size: int, line: SignatureLine) -> Note:
        """Keeps a cosignature of a party on the checkpoint of a size. Raises EvidenceRefused where
        there is none, or the line is not a cosignature of a party over it."""
        note = self.log.checkpoint_of(size)
        where = f"checkpoint {size}"
        if note is None:
            raise refused(Fault.CHECKPOINT, where, "size", "one there is a checkpoint of", size)
        cosigner = self.cosigner_of(line.name)
        if cosigner is None:
            known = ", ".join(c.name for c in self.terms.cosigners)
            raise refused(Fault.NOT_COSIGNED, where, "name", f"one of {known}", line.name)
        cosigned = note.with_line(line)
        cosigned_at(Note(note.checkpoint, (line,)), cosigner, where)
        self.log.keep_cosigned(cosigned)
        return cosigned

    def number_of(self, sha256: str) -> int:
        """Number of an entry by its digest. Raises KeyError."""
        return self._places[sha256]

    def cosigner_of(self, name: str) -> Cosigner | None:
        """A party by its name in notes."""
        return next((c for c in self.terms.cosigners if c.name == name), None)

    def _append(self, contents: Sequence[bytes]) -> None:
        try:
            self.log.append(contents)
        except BaseException as error:
            # What the disk has of it is unknown, and the chains have gone on.
            self._broken = f"it is opened again first: {error!r}"
            raise

    def _check(self, entry: Entry, *, signature: bool = True) -> None:
        statement = entry.statement
        if isinstance(statement, Terms):
            raise refused(Fault.REPEATED, entry.where, "kind", "terms once", "again")
        if signature:
            check_signature(entry, self.terms)
        if isinstance(statement, Reading):
            self.chains[statement.meter].check_place(entry)
        elif isinstance(statement, Specification):
            if self.specification is not None or statement.sha256 != self.terms.method:
                found = statement.sha256
                raise refused(Fault.WRONG_METHOD, entry.where, "method", self.terms.method, found)
        elif statement.contract != self.terms.contract:
            found_contract, due = statement.contract, self.terms.contract
            raise refused(Fault.WRONG_CONTRACT, entry.where, "contract", due, found_contract)

    def _take(self, entry: Entry, number: int) -> None:
        self._places[entry.sha256] = number
        if isinstance(entry.statement, Reading):
            self.chains[entry.statement.meter].take(entry)
        elif isinstance(entry.statement, Specification):
            self.specification = entry.statement
