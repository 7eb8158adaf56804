"""Random draws that belong to a path: the same seed gives the same path in whatever batch.

Source: J. Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC11: Philox is a
function of a key and a counter, so the draws of path n begin at a counter that n alone decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from lasalle.pricing.processes.history import Floats

WORDS = 4
"""Draws of 64 bits that one step of the counter of Philox gives."""


def uniforms(seed: int, stream: int, first: int, paths: int, each: int) -> Floats:
    """Uniform draws in (0, 1), shape (paths, each), of the paths numbered from `first` on.

    `stream` keeps purposes apart: two streams of a seed are independent.
    """
    if seed < 0 or stream < 0 or first < 0 or paths < 1 or each < 1:
        raise ValueError(
            "draws: expected seed, stream and first not below 0, paths and each above 0; "
            f"found {seed}, {stream}, {first}, {paths}, {each}"
        )
    steps = -(-each // WORDS)
    key = np.array([seed & (2**64 - 1), stream], dtype=np.uint64)
    philox = np.random.Philox(key=key)
    philox.advance(first * steps)
    raw: NDArray[np.uint64] = philox.random_raw(paths * steps * WORDS)
    # 52 bits and a half: never 0 and never 1, so that no inverse law is asked for infinity.
    made = ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return made.reshape(paths, steps * WORDS)[:, :each]


def normals(seed: int, stream: int, first: int, paths: int, each: int) -> Floats:
    """Standard normal draws, shape (paths, each), by inversion."""
    return np.asarray(ndtri(uniforms(seed, stream, first, paths, each)))
