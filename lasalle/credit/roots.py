"""Where a function crosses nought."""

from __future__ import annotations

from collections.abc import Callable

HALVINGS = 80
"""More than a float has bits for any interval of use here."""


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """A point between two at which a function changes its sign, by halving. Raises ValueError where
    it has the same sign at both."""
    rises = function(high) > 0
    if rises == (function(low) > 0):
        raise ValueError(f"root: expected a change of sign from {low} to {high}, found none")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if (function(middle) > 0) == rises else (middle, high)
    return (low + high) / 2
