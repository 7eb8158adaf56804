"""The tree of a bundle against its checkpoints: which entry is not what was signed, whether the log
signed two histories, and what the times of the cosignatures say of a date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from lasalle.delivery.chain import US
from lasalle.delivery.faults import Breach, EvidenceRefused, Fault
from lasalle.delivery.notes import Note, check_log_signature, cosigned_at
from lasalle.delivery.readings import read_entry
from lasalle.delivery.terms import Side, Terms
from lasalle.delivery.tree import Frontier, leaf_hash


class Checkpoints:
    """Checkpoints whose signatures hold, with the times at which the parties cosigned them."""

    def __init__(
        self,
        terms: Terms,
        notes: Sequence[Note],
        known: Sequence[Note],
        without: Side | None = None,
    ) -> None:
        self.terms, self._cosigners = terms, terms.cosigners_but(without)
        self.breaches: list[Breach] = []
        self.sound: list[Note] = []
        self.known: list[Note] = []
        self.covered = 0
        """Size of the largest one that every party cosigned."""
        self._times: dict[int, tuple[int, int]] = {}
        """When, first and last, every party cosigned a size, seconds since 1970."""
        for note in notes:
            where = f"checkpoint {note.checkpoint.size}"
            if self._is_signed(note, where):
                self.sound.append(note)
                missing = self._look(note, where)
                self.breaches += missing
                self.covered = max(self.covered, 0 if missing else note.checkpoint.size)
        for note in known:
            where = f"checkpoint {note.checkpoint.size} kept elsewhere"
            if self._is_signed(note, where):
                self.known.append(note)
                # One that lacks a cosignature dates nothing; that is no fault of the bundle's.
                self._look(note, where)
        self._sizes = sorted(self._times)

    def _is_signed(self, note: Note, where: str) -> bool:
        try:
            check_log_signature(note, self.terms, where)
        except EvidenceRefused as error:
            self.breaches.append(error.breach)
            return False
        return True

    def _look(self, note: Note, where: str) -> list[Breach]:
        """Takes the times of a checkpoint that every party cosigned; which cosignatures lack."""
        seconds, missing = [], []
        for cosigner in self._cosigners:
            try:
                seconds.append(cosigned_at(note, cosigner, where))
            except EvidenceRefused as error:
                missing.append(error.breach)
        if not missing:
            size = note.checkpoint.size
            first, last = self._times.get(size, (min(seconds), max(seconds)))
            self._times[size] = min(first, *seconds), max(last, *seconds)
        return missing

    def _around(self, number: int) -> tuple[int | None, int | None]:
        """When every party had seen the log without an entry, and when one first saw it there."""
        at = bisect_right(self._sizes, number)
        without = self._times[self._sizes[at - 1]][1] if at > 0 else None
        there = self._times[self._sizes[at]][0] if at < len(self._sizes) else None
        return without, there

    def dated(self, number: int, made_us: int, where: str) -> Breach | None:
        """What cosignatures say against the date of an entry: one that the log did not hold at a
        time it says it had long been made by, or that is dated after both parties saw it."""
        without, there = self._around(number)
        terms = self.terms
        if without is not None:
            latest = without * US - terms.grace_us - terms.clock_us
            if made_us < latest:
                told = f"{latest} or later, for it was not in the log at {without * US}"
                return Breach(Fault.BACK_DATED, where, "made_us", told, str(made_us))
        if there is not None:
            latest = (there + 1) * US + terms.clock_us
            if made_us > latest:
                return Breach(Fault.CLOCK, where, "made_us", f"up to {latest}", str(made_us))
        return None

    def dated_to_us(self, number: int, end_us: int) -> int | None:
        """To within how many microseconds cosignatures say when the log got the reading of an
        interval; None where none was made over it."""
        without, there = self._around(number)
        return None if there is None else dated_within(end_us, without, there)


def dated_within(end_us: int, without_s: int | None, with_s: int) -> int:
    """Microseconds in which a reading may have come: from the end of its interval, or from when the
    log was last seen without it, to when it was first seen there (DEL-007)."""
    begin_us = end_us if without_s is None else max(end_us, without_s * US)
    return max(0, with_s * US - begin_us)


class TreeCheck:
    """Entries and told hashes against the roots that were signed."""

    def __init__(
        self, entries: Sequence[bytes], told: Sequence[bytes], checkpoints: Checkpoints
    ) -> None:
        self._entries, self._checkpoints = entries, checkpoints
        self.breaches: list[Breach] = []
        made = [leaf_hash(entry) for entry in entries]
        sizes = {n.checkpoint.size for n in (*checkpoints.sound, *checkpoints.known)}
        by_made, by_told = _roots(made, sizes), _roots(told, sizes)
        # Whichever of the two more of the signed roots hold is what the log had; the told hashes
        # where neither does better, since they name what was changed.
        trusts_told = self._held(by_told) >= max(1, self._held(by_made)) and made != list(told)
        if trusts_told:
            self._name_changes(made, told)
        elif self._held(by_made) and made != list(told):
            self.breaches.append(Breach(Fault.TREE, "bundle", "leaves", "those of its entries",
                                        "others"))  # fmt: skip
        self._look(by_told if trusts_told else by_made, len(told if trusts_told else made))
        if len(entries) > checkpoints.covered:
            where = self._where(checkpoints.covered)
            self.breaches.append(
                Breach(Fault.UNCOVERED, where, "checkpoint", "one both parties cosigned", "none")
            )

    def _held(self, roots: dict[int, bytes]) -> int:
        notes = self._checkpoints.sound
        return sum(roots.get(n.checkpoint.size) == n.checkpoint.root for n in notes)

    def _where(self, number: int) -> str:
        if number >= len(self._entries):
            return f"entry {number}"
        try:
            return f"entry {number}, {read_entry(self._entries[number]).where}"
        except EvidenceRefused:
            return f"entry {number}"

    def _look(self, roots: dict[int, bytes], size: int) -> None:
        notes = sorted(self._checkpoints.sound, key=lambda n: n.checkpoint.size)
        held = [n for n in notes if roots.get(n.checkpoint.size) == n.checkpoint.root]
        largest = held[-1].checkpoint.size if held else 0
        signed: dict[int, Note] = {}
        for note in (*notes, *self._checkpoints.known):
            checkpoint = note.checkpoint
            twin = signed.setdefault(checkpoint.size, note).checkpoint
            where = f"checkpoint {checkpoint.size}"
            if checkpoint.root != twin.root:
                self._forked(where, twin.root, checkpoint.root)
            elif checkpoint.size > size:
                due, found = f"entries to {checkpoint.size - 1}", f"to {size - 1}"
                self.breaches.append(Breach(Fault.DROPPED, where, "size", due, found))
            elif roots.get(checkpoint.size) == checkpoint.root:
                continue
            elif checkpoint.size <= largest or note in self._checkpoints.known:
                self._forked(where, checkpoint.root, roots[checkpoint.size])
            else:
                below = max((n.checkpoint.size for n in held), default=0)
                where = f"entries {below} to {checkpoint.size - 1}"
                due, found = checkpoint.root.hex(), roots[checkpoint.size].hex()
                self.breaches.append(Breach(Fault.TREE, where, "root", due, found))

    def _forked(self, where: str, one: bytes, other: bytes) -> None:
        self.breaches.append(Breach(Fault.FORKED, where, "root", one.hex(), other.hex()))

    def _name_changes(self, made: list[bytes], told: Sequence[bytes]) -> None:
        """Names every entry that is not, or not where, the log had it."""
        places = {leaf: n for n, leaf in enumerate(told)}
        seen: set[bytes] = set()
        there = set(made)
        furthest = -1
        changed: set[int] = set()
        for number, leaf in enumerate(made):
            place = places.get(leaf)
            if place is None:
                due = told[number].hex() if number < len(told) else "none"
                # Where the hash that stood here is of no entry shown, this entry stands for it.
                stands = number < len(told) and told[number] not in there
                self._named(Fault.ALTERED if stands else Fault.INSERTED, number, due, leaf.hex())
                changed |= {number} if stands else set()
            elif leaf in seen:
                self._named(Fault.INSERTED, number, f"entry {place} once", f"entry {number} too")
            elif place < furthest:
                due = f"before entry {furthest} of the log"
                self._named(Fault.REORDERED, number, due, "behind it")
            else:
                furthest = place
            seen.add(leaf)
        for number, leaf in enumerate(told):
            if leaf not in there and number not in changed:
                where = f"entry {number}"
                self.breaches.append(Breach(Fault.DROPPED, where, "leaf", leaf.hex(), "none"))

    def _named(self, fault: Fault, number: int, due: str, found: str) -> None:
        self.breaches.append(Breach(fault, self._where(number), "leaf", due, found))


def _roots(leaves: Sequence[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The roots over leaves at each size there are so many for."""
    frontier, found = Frontier(), {}
    if 0 in sizes:
        found[0] = frontier.root()
    for leaf in leaves:
        frontier.append(leaf)
        if frontier.size in sizes:
            found[frontier.size] = frontier.root()
    return found
