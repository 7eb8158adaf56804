"""Whole-number arithmetic of a fixing: logarithms, medians and shares, the same on any machine.

A logarithm is a whole number of 10^-12 (a pico-neper). `decimal.Decimal.ln` and `exp` are correctly
rounded, so each of them is one number wherever it is computed; no float comes near a fixing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

PICO = 10**12
"""Whole units of a logarithm of one."""
BILLION = 10**9
"""Whole units of a share of one."""
MILLION = 10**6
"""Parts per million of one."""
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_EXPONENT = Decimal(-12)


@lru_cache(maxsize=1 << 18)
def log_of(amount: int) -> int:
    """Natural logarithm of a whole number above 0, half to even at 10^-12."""
    return int(_CONTEXT.ln(Decimal(amount)).scaleb(12, _CONTEXT).to_integral_value(ROUND_HALF_EVEN))


def log_of_ppm(ppm: int) -> int:
    """Logarithm of a ratio in parts per million."""
    return log_of(ppm) - log_of(MILLION)


@lru_cache(maxsize=1 << 16)
def amount_of(log: int) -> int:
    """The whole number a logarithm stands for, half to even."""
    power = _CONTEXT.exp(Decimal(log).scaleb(-12, _CONTEXT))
    return int(power.to_integral_value(ROUND_HALF_EVEN))


def half_even(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers, half to even; the denominator is above 0."""
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole % 2 == 1))


def shares(weights: Sequence[int], cap_ppm: int) -> list[int]:
    """Shares of one in billionths, each in proportion to its weight and none above the cap.

    What a capped one loses goes to the others in proportion, as often as one more passes the cap.
    Where caps leave a part that nobody may take (fewer than 1/cap of them) all shares are equal.
    Each is rounded down; the first of the largest takes what is left, so that they add up to one.
    """
    count = len(weights)
    if not count or min(weights) <= 0:
        raise ValueError(f"weights: expected some, each above 0, found {list(weights)[:5]}")
    cap = cap_ppm * (BILLION // MILLION)
    found = [BILLION // count] * count
    if cap * count > BILLION:
        held: set[int] = set()
        while True:
            rest = BILLION - cap * len(held)
            total = sum(w for n, w in enumerate(weights) if n not in held)
            above = [n for n, w in enumerate(weights) if n not in held and w * rest > cap * total]
            if not above:
                break
            held.update(above)
        found = [cap if n in held else w * rest // total for n, w in enumerate(weights)]
    found[found.index(max(found))] += BILLION - sum(found)
    return found


def weighted_median(amounts: Sequence[int], weights: Sequence[int]) -> int:
    """The lower weighted median: the least amount with half of the weight at or below it."""
    total, below = sum(weights), 0
    for amount, weight in sorted(zip(amounts, weights, strict=True)):
        below += weight
        if 2 * below >= total:
            return amount
    raise ValueError("amounts: expected at least one, found none")
