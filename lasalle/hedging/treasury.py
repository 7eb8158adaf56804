"""The lab's cash at the house: what it pays in when called, and what it takes back."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class TreasuryTerms:
    """How the lab funds its account; shares are ten-thousandths of what the house requires.

    `buffer`: kept above it whenever cash moves. `surplus`: above it cash is taken back, down to
    the buffer. `step`: wires are whole multiples of this, micro-dollars. Assumptions, not
    estimates.
    """

    buffer: int = 1_000
    surplus: int = 3_000
    step: int = 1_000 * 1_000_000


def called(cash: int, required: int, due: int) -> int:
    """What the house asks for: dues and what is missing to the cash it requires (CLR-003, CLR-009).

    Micro-dollars. Cash is what lies in the account, dues not deducted.
    """
    return due + max(0, required - cash)


def wire_in(shortage: int, required: int, terms: TreasuryTerms) -> int:
    """Deposit that meets a shortage and leaves the buffer, rounded up to the step."""
    wanted = shortage + required * terms.buffer // WHOLE
    return -(-wanted // terms.step) * terms.step


def wire_out(cash: int, required: int, terms: TreasuryTerms) -> int:
    """Withdrawal down to the buffer where cash exceeds the surplus, rounded down; else 0."""
    if cash <= required * (WHOLE + terms.surplus) // WHOLE:
        return 0
    free = cash - required * (WHOLE + terms.buffer) // WHOLE
    # Without anything to cover the account is emptied to the micro-dollar.
    return free if required == 0 else free // terms.step * terms.step
