"""What one fixing costs over another: by tenor, by location, by grade, token over compute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lasalle.indices.family.derived import (
    Derived,
    DerivedError,
    Outcome,
    Truth,
    derive,
    fields,
    half_even,
    publish,
    whole,
)

STATUSES = ("fixed", "carried", "shortage", "no-fix")


@dataclass(frozen=True, slots=True)
class Leg:
    """A fixing as a derived index reads it; `price` is 0 where there is none."""

    index: str
    price: int
    """Micro-dollars per unit."""
    status: str
    simulated: bool = False
    """Whether it rests on made-up prices; the head of what is made of it says so, not its line."""

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise DerivedError("status", f"one of {', '.join(STATUSES)}", self.status)
        if (self.price == 0) != (self.status == "no-fix") and self.status != "shortage":
            raise DerivedError("price", "above 0, and 0 without a fixing", self.price)

    @property
    def line(self) -> str:
        """Its line among the inputs."""
        return f"{self.index}|{self.price}|{self.status}"


def truth_of(legs: Iterable[Leg]) -> Truth:
    """What fixings rest on together: simulated where one that has a price is."""
    return Truth(simulated=any(leg.simulated and leg.price for leg in legs))


def read_leg(line: str) -> Leg:
    """A leg from its line."""
    index, price, status = fields(line, "index|price|status")
    return Leg(index, whole(price, "price", 0), status)


def _compared(lines: Sequence[str]) -> tuple[Leg, Leg, str]:
    """Both legs, and why they cannot be compared. A shortage has a price of cover, which is not the
    price of the thing, and a carried fixing is not of this date: neither is differenced.
    """
    if len(lines) != 2:
        raise DerivedError("inputs", "two legs", len(lines))
    long, short = read_leg(lines[0]), read_leg(lines[1])
    bad = next((leg for leg in (long, short) if leg.status != "fixed"), None)
    return long, short, f"{bad.index} is {bad.status}" if bad else ""


def _difference(lines: Sequence[str]) -> Outcome:
    long, short, reason = _compared(lines)
    return Outcome(reason=reason) if reason else Outcome(long.price - short.price)


def _ratio(lines: Sequence[str]) -> Outcome:
    long, short, reason = _compared(lines)
    if reason:
        return Outcome(reason=reason)
    return Outcome(half_even(long.price * 1_000_000, short.price))


DIFFERENCE = publish("difference", 1, "micro-dollars")(_difference)
"""The first leg less the second."""
RATIO = publish("ratio", 1, "millionths")(_ratio)
"""The first leg over the second, half to even."""


def difference(index: str, day: int, long: Leg, short: Leg) -> Derived:
    """What `long` costs over `short`, micro-dollars per unit."""
    return derive(DIFFERENCE, index, day, [long.line, short.line], truth_of((long, short)))


def ratio(index: str, day: int, long: Leg, short: Leg) -> Derived:
    """`long` over `short`, in millionths."""
    return derive(RATIO, index, day, [long.line, short.line], truth_of((long, short)))
