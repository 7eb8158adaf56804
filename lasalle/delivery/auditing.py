"""Whether an answer came from the model that was sold: the gap audit (DEL-056).

An audit is a greedy request among the others, which nobody can tell from them. The referee has each
token of the answer scored by the model itself, given the tokens before: the gap is how much less
likely, in natural logarithms, the token was than the likeliest one. The same weights on another
machine take the likeliest token nearly always; coarser weights, another model or an answer to
another question do not. The text itself proves nothing, since two builds of one engine part ways
after a few tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MICRO = 1_000_000
MEAN_LIMIT = 50_000
"""Mean gap above which an answer is not the model's, millionths of a nat; of one small model, and
found anew for each (honest 1,400 to 3,500, coarser weights from 205,000)."""
HIGH_LIMIT = 1_000_000
"""The same for the gap that one token in a hundred exceeds."""
LEAST_TOKENS = 32
"""Tokens below which an audit shows nothing."""
HIGH_PPM = 990_000
OPEN_CAP = 20 * MICRO
"""No gap counts for more: one token never decides alone."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What audits show: tokens scored, mean and high gap in millionths of a nat."""

    tokens: int
    mean: int
    high: int

    @property
    def enough(self) -> bool:
        """Whether they can show anything."""
        return self.tokens >= LEAST_TOKENS

    @property
    def of_the_model(self) -> bool:
        """Whether nothing speaks against the model that was sold."""
        return not self.enough or (self.mean <= MEAN_LIMIT and self.high <= HIGH_LIMIT)


def audited(gaps: Sequence[int]) -> Audited:
    """Audits summed up: the mean rounded down, the high gap by nearest rank."""
    if not gaps:
        return Audited(0, 0, 0)
    kept = sorted(min(gap, OPEN_CAP) for gap in gaps)
    rank = -(-len(kept) * HIGH_PPM // MICRO)
    return Audited(len(kept), sum(kept) // len(kept), kept[rank - 1])
