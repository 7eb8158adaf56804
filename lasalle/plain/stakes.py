"""What the state of the house keeps of defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Default:
    member: int
    declared: int


@dataclass(slots=True)
class Stake:
    """What a survivor (`account`) stands to lose in the default of `member`, micro-dollars."""

    member: int
    account: int
    contribution: int
    used: int = 0
    assessed: int = 0
    bid: bool = False


@dataclass(slots=True)
class Bid:
    slice: int
    account: int
    from_account: int
    until: int
    commitment: bytes


@dataclass(slots=True)
class Port:
    account: int
    member: int
