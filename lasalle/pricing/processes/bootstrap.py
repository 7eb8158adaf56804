"""Blocks of a history drawn again: the stationary bootstrap.

Source: D. Politis and J. Romano, "The stationary bootstrap", Journal of the American Statistical
Association 89, 1994: blocks begin anywhere, go on with probability 1 - 1 / mean length, and wrap
around, so that the resampled series is stationary.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lasalle.pricing.processes.draws import uniforms

STREAM = 7
"""Draws of the bootstrap, apart from those of the processes."""


def stationary_rows(
    seed: int, paths: int, steps: int, rows: int, mean_length: float, first: int = 0
) -> NDArray[np.int64]:
    """Row numbers below `rows`, shape (paths, steps), in blocks of a mean length."""
    if rows < 1 or mean_length < 1.0:
        raise ValueError(
            f"bootstrap: expected rows above 0 and a mean length of at least 1, "
            f"found {rows} and {mean_length}"
        )
    drawn = uniforms(seed, STREAM, first, paths, 2 * steps)
    begins = np.minimum((drawn[:, :steps] * rows).astype(np.int64), rows - 1)
    fresh = drawn[:, steps:] < 1.0 / mean_length
    fresh[:, 0] = True
    number = np.arange(steps)
    # The step at which the block of each step began, and how far into the block it is.
    since = np.maximum.accumulate(np.where(fresh, number, 0), axis=1)
    return np.asarray((np.take_along_axis(begins, since, axis=1) + number - since) % rows)
