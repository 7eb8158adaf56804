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

US = 1_000_000


class DeliveryLog:
    """One delivery, from its terms to its last word."""

    def __init__(self, log: GrowingLog, terms: Terms) -> None:
        self.log, self.terms = log, terms
        self.chains = {m.meter: Chain(terms, m.meter) for m in terms.meters}
        self.specification: Specification | None = None
        self._places: dict[str, int] = {}
        """Number of each entry by its digest, so that what is sent again is found."""
        self._published_us: dict[int, int] = {}
        """When a checkpoint of a size was published, for those whose time was told."""
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

    def publish(self, now_us: int | None = None) -> Note:
        """A checkpoint over everything admitted. now_us: the log's clock, where it is served."""
        if now_us is not None and self.log.size > self.log.published:
            self._published_us[self.log.size] = now_us
        return self.log.publish()

    def take_cosignature(self, size: int, line: SignatureLine, now_us: int | None = None) -> Note:
        """Keeps a party's first cosignature on the checkpoint of a size. Raises EvidenceRefused
        where there is none, the line is not a cosignature of a party over it, or its time is
        another than that of the first; with now_us, the log's clock, also where that checkpoint
        was not the newest then (DEL-012)."""
        note = self.log.checkpoint_of(size)
        where = f"checkpoint {size}"
        if note is None:
            raise refused(Fault.CHECKPOINT, where, "size", "one there is a checkpoint of", size)
        cosigner = self.cosigner_of(line.name)
        if cosigner is None:
            known = ", ".join(c.name for c in self.terms.cosigners)
            raise refused(Fault.NOT_COSIGNED, where, "name", f"one of {known}", line.name)
        seconds = cosigned_at(Note(note.checkpoint, (line,)), cosigner, where)
        if line in note.lines:
            return note
        first = _time_of(note, cosigner)
        if first is not None:
            raise refused(Fault.MISDATED, where, "time", f"{first}, which stands", seconds)
        if now_us is not None:
            self._check_time(size, cosigner, seconds, now_us)
        cosigned = note.with_line(line)
        self.log.keep_cosigned(cosigned)
        return cosigned

    def number_of(self, sha256: str) -> int:
        """Number of an entry by its digest. Raises KeyError."""
        return self._places[sha256]

    def cosigner_of(self, name: str) -> Cosigner | None:
        """A party by its name in notes."""
        return next((c for c in self.terms.cosigners if c.name == name), None)

    def _check_time(self, size: int, cosigner: Cosigner, seconds: int, now_us: int) -> None:
        """Raises EvidenceRefused where a checkpoint was not the newest at a time, to within the
        clock bound: readings are dated by it, and whoever chose it could make them back-dated."""
        where, bound = f"checkpoint {size}", self.terms.clock_us
        sizes = self.log.sizes()
        place = sizes.index(size)
        # The earliest the party may say: whole seconds are told, so that one second is lost.
        earliest = self._published_us.get(size, now_us) - bound - US
        latest = now_us + bound
        if place + 1 < len(sizes):
            # Without a known end, as after the house was opened again, there is no time for it.
            latest = min(latest, self._published_us.get(sizes[place + 1], 0) + bound)
        if not earliest < seconds * US <= latest:
            span = f"after {earliest} and up to {latest} in microseconds, while it was the newest"
            raise refused(Fault.MISDATED, where, "time", span, seconds)
        before = (self.log.checkpoint_of(one) for one in reversed(sizes[:place]))
        told = (_time_of(note, cosigner) for note in before if note is not None)
        last = next((one for one in told if one is not None), 0)
        if seconds < last:
            due = f"{last} or later, for it cosigned the one before then"
            raise refused(Fault.MISDATED, where, "time", due, seconds)

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


def _time_of(note: Note, cosigner: Cosigner) -> int | None:
    """When a party cosigned a checkpoint of this log; None where it did not."""
    try:
        return cosigned_at(note, cosigner, f"checkpoint {note.checkpoint.size}")
    except EvidenceRefused as error:
        if error.breach.fault is Fault.NOT_COSIGNED:
            return None
        raise
