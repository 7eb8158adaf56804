"""Expected shortfall of losses, and which scenarios make it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lasalle.hedging.plan.instruments import Floats


def tail_rows(losses: Floats, level: float) -> NDArray[np.intp]:
    """The scenarios of the dearest 1 - `level`, rounded to whole scenarios, one at least.

    Their mean is the expected shortfall (CVaR) of equally likely scenarios: Rockafellar and
    Uryasev (2002), proposition 8, where (1 - level) S is whole.
    """
    if not 0 <= level < 1:
        raise ValueError(f"level: expected 0 to below 1, found {level}")
    count = max(1, round(len(losses) * (1 - level)))
    return np.argpartition(losses, len(losses) - count)[len(losses) - count :]


def expected_shortfall(losses: Floats, level: float) -> float:
    """Mean of the dearest 1 - `level` of equally likely losses."""
    return float(losses[tail_rows(losses, level)].mean())
