"""What the state of the house keeps of defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lasalle.wire import SliceLots


@dataclass(slots=True)
class Default:
    member: int
    declared: int


@dataclass(slots=True)
class Stake:
    """What a survivor (`account`) stands to lose in the default of `member`, micro-dollars; used:
    lost of its contribution, in this default or another."""

    member: int
    account: int
    contribution: int
    used: int = 0
    assessed: int = 0
    bid: bool = False

    @property
    def left(self) -> int:
        """What the default still reaches of the fund."""
        return self.contribution - self.used


def spend(stakes: Iterable[Stake], left: int, amount: int) -> None:
    """Takes money of the default fund that one default reached `left` of out of the same account's
    stakes in others: what only later declarations found there goes first (CLR-026)."""
    for stake in stakes:
        reach = stake.left
        after = min(reach, left - amount) if reach <= left else reach - amount
        stake.used = stake.contribution - after


@dataclass(slots=True)
class Bid:
    slice: int
    account: int
    from_account: int
    until: int
    commitment: bytes
    opened: bool = False
    amount: int = 0
    """What it asks for the slice, once opened."""


@dataclass(slots=True)
class Slice:
    """A slice out to sealed bids: sealed until `seals`, opened from there until `opens`; reserve:
    the most the house pays, micro-dollars."""

    slice: int
    from_account: int
    reserve: int
    seals: int
    opens: int
    positions: tuple[SliceLots, ...]


@dataclass(slots=True)
class Cooling:
    """The cooling period of an account (CLR-034): the most it had in the fund at a declaration of
    the period, and what it was assessed within, micro-dollars."""

    account: int
    base: int
    assessed: int = 0
    until: int = 0


@dataclass(slots=True)
class Notice:
    member: int
    effective: int


@dataclass(slots=True)
class Port:
    account: int
    member: int
