"""What counts as cover beside cash: collateral at its price less its haircut (CLR-040 to CLR-043).

It counts in the coverage test alone. Premiums, variation and fees are paid in cash.
"""

from __future__ import annotations

from typing import NamedTuple

from lasalle.plain.state import Account, Collateral, State
from lasalle.wire import Bound

WHOLE_UNIT = 1_000_000
"""Smallest units of an asset in a whole one."""


class Counted(NamedTuple):
    """Micro-dollars an account's collateral counts: letters of credit, and everything else."""

    other: int
    letters: int

    def cover(self, required: int) -> int:
        """What of it covers when this much is required; letters only their share (CLR-043)."""
        return self.other + min(self.letters, required * Bound.LETTER_SHARE // 10_000)


def value_of(terms: Collateral, units: int) -> int:
    """Value of these smallest units of one asset, rounded down once, up to the account's cap."""
    value = units * terms.price * (10_000 - terms.haircut) // (WHOLE_UNIT * 10_000)
    return min(terms.account_cap, value)


def counted(state: State, account: Account, leaving: tuple[int, int] = (0, 0)) -> Counted:
    """What an account's collateral counts that is not set aside; `leaving` is an asset and units
    of it about to go."""
    other = letters = 0
    for asset, terms in state.collateral.items():
        units = state.free_of_holds(account, asset)
        if asset == leaving[0]:
            units -= leaving[1]
        if terms.letter:
            letters += value_of(terms, units)
        else:
            other += value_of(terms, units)
    return Counted(min(Bound.MONEY, other), min(Bound.MONEY, letters))
