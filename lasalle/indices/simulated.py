"""A simulated spot path for a house without price history; every observation is labelled
simulated.
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal

from lasalle.indices.method import Observation

EVIDENCE = "simulated path"


def simulated_history(
    seed: int,
    first: date,
    last: date,
    start_usd_per_gpu_hour: float = 4.0,
    level_usd_per_gpu_hour: float = 3.5,
    steps_per_year: float = 8.0,
    step_deviation: float = 0.20,
    reversion: float = 0.25,
) -> tuple[Observation, ...]:
    """Weekly evidence of a price that stands still and moves in steps, drawn from a seed.

    Steps arrive as a Poisson process; each moves the log price by a normal amount plus a share
    of its distance from the level. Made up: it describes no market.
    """
    draw = random.Random(seed)
    log_price, log_level = math.log(start_usd_per_gpu_hour), math.log(level_usd_per_gpu_hour)
    observations: list[Observation] = []
    day = first
    while day <= last:
        price = Decimal(repr(round(math.exp(log_price), 6)))
        observations.append(Observation(day, EVIDENCE, price, simulated=True))
        if draw.random() < 1.0 - math.exp(-steps_per_year * 7 / 365):
            log_price += reversion * (log_level - log_price) + step_deviation * draw.gauss(0.0, 1.0)
        day += timedelta(days=7)
    return tuple(observations)
