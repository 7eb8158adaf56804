"""What a chained index is made of: fixings, the state a date leaves, what became of each offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from lasalle.indices.merkle import leaves_of, root_of
from lasalle.indices.published import TIERS, MethodError


class Status(StrEnum):
    """What a date has."""

    FIXED = "fixed"
    SHORTAGE = "shortage"
    """A price of cover: nothing was to be had at the index's own tenor."""
    NO_FIX = "no-fix"


class Rung(StrEnum):
    """Which rung of the ladder gave the fixing."""

    EXECUTED = "executed"
    EXECUTABLE = "executable"
    LIST = "list"
    WIDER = "wider"
    STALE = "stale"
    LEVEL = "level"
    COVER = "cover"
    NONE = "none"


RUNG_OF = dict(zip(TIERS, (Rung.EXECUTED, Rung.EXECUTABLE, Rung.LIST), strict=True))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the chain keeps of an offer: its last accepted price and the index beside it, as
    logarithms; the last date it was seen; a price on hold and the dates it has stood.
    """

    log: int
    index: int
    day: int
    seen: int
    held_log: int = 0
    held: int = 0


@dataclass(frozen=True)
class State:
    """What a date leaves to the next one."""

    day: int = 0
    log: int | None = None
    """Logarithm of the index in micro-dollars; None before the chain has begun."""
    fixed_day: int = 0
    """Last date the chain itself was fixed on."""
    simulated: bool = False
    """Whether anything made up has entered since it began."""
    offers: Mapping[str, Remembered] = field(default_factory=dict)

    def rows(self) -> list[bytes]:
        """Canonical form: a head, then one row an offer in order of keys."""
        log = "-" if self.log is None else self.log
        word = "simulated" if self.simulated else "observed"
        found = [f"state|{self.day}|{log}|{self.fixed_day}|{word}"]
        found += [
            f"{key}|{m.log}|{m.index}|{m.day}|{m.seen}|{m.held_log}|{m.held}"
            for key, m in sorted(self.offers.items())
        ]
        return [row.encode("ascii") for row in found]

    @cached_property
    def root(self) -> str:
        """Merkle root of the canonical rows."""
        return root_of(leaves_of(self.rows())).hex()


def parse_state(rows: Sequence[bytes]) -> State:
    """A state from its canonical rows. Raises MethodError."""
    try:
        word, day, log, fixed_day, made = rows[0].decode("ascii").split("|")
        offers = {}
        for row in rows[1:]:
            key, *numbers = row.decode("ascii").rsplit("|", 6)
            offers[key] = Remembered(*map(int, numbers))
        begun = None if log == "-" else int(log)
        state = State(int(day), begun, int(fixed_day), made == "simulated", offers)
    except (ValueError, TypeError, IndexError) as error:
        raise MethodError("state", "a head and one row an offer", rows[:1]) from error
    if word != "state" or state.rows() != list(rows):
        raise MethodError("state", "the canonical form of its rows", rows[:1])
    return state


@dataclass(frozen=True, slots=True)
class ChainFixing:
    """The index on a date. `price` is whole micro-dollars a unit, 0 where there is none."""

    index: str
    day: int
    status: Status
    rung: Rung
    price: int
    reason: str
    """Why there is none, or why it is not a plain fixing; empty otherwise."""
    marks: tuple[str, ...]
    evidence_day: int
    """Newest date whose evidence stands behind it."""
    offers: int
    """Offers that count in it."""
    sources: int
    rows: int
    level: int
    """Weighted median of the adjusted prices behind it, micro-dollars; 0 where there is none."""
    simulated: bool
    method_version: int
    method_sha256: str
    inputs_root: str
    state_before: str
    state_after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an offer on a date: its logarithmic move against the index, and its weight."""

    key: str
    word: str
    price: int
    move: int = 0
    weight: int = 0
    """In 10^-18; only of offers that count."""


@dataclass(frozen=True, slots=True)
class Step:
    """A date lived through."""

    fixing: ChainFixing
    state: State
    verdicts: tuple[Verdict, ...]
