"""A year of daily fixings of twelve indices from a million observations, with roots and states.

The evidence is made up from a seed: twelve indices of five sources and forty offers each, looked
at five or six times a date, that re-price, come and go. What is timed is everything from a table of
evidence to the last fixing: canonical rows, Merkle roots, quotes, steps and states.
"""

from __future__ import annotations

import time

import numpy as np
import pyarrow as arrow

from benches.table import Row, row
from lasalle.indices.chain import Status
from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType, Unit
from lasalle.indices.history import replay
from lasalle.indices.published import ChainMethod, method_of, parse_method
from lasalle.indices.quotes import DAY, EvidenceBook

INDICES, OFFERS, DATES, OBSERVATIONS = 12, 40, 365, 1_000_000
FIRST = 20_089
"""2025-01-01 in days since 1970."""
COMMAND = "python -m benches indices"
SOURCES = ("gcp-history", "aws-panel", "azure-retail", "vast", "lasalle-venue")


def methods() -> list[ChainMethod]:
    """The spot method under twelve names, each of a grade of its own."""
    found = []
    pattern = method_of("H100-US", 2).text.decode()
    for n in range(INDICES):
        text = pattern.replace("H100-SXM", f"GRADE-{n}").replace("H100-US", f"BENCH-{n}")
        method = parse_method(text.encode())
        assert isinstance(method, ChainMethod)
        found.append(method)
    return found


def evidence(seed: int = 1) -> arrow.Table:
    """A million rows in no order."""
    draw = np.random.default_rng(seed)
    shape = (INDICES, OFFERS, DATES)
    moves = np.where(draw.random(shape) < 0.05, draw.normal(0.0, 0.02, shape), 0.0)
    level = np.log(2_500_000) + draw.normal(0.0, 0.1, (INDICES, OFFERS, 1))
    prices = np.exp(level + np.cumsum(moves, axis=2)).round().astype(np.int64)
    index, offer, date = (draw.integers(0, most, OBSERVATIONS) for most in shape)
    away = (offer + date // 30) % 17 == 0  # some are away for a month
    date = np.where(away, (date + 45) % DATES, date)
    source = np.array(SOURCES)[offer % len(SOURCES)]
    columns = {
        "source": source,
        "time": (FIRST + date) * DAY + draw.integers(0, DAY, OBSERVATIONS),
        "unit": np.full(OBSERVATIONS, int(Unit.GPU_HOUR)),
        "grade": np.array([f"GRADE-{n}" for n in range(INDICES)])[index],
        "location": np.array(["US-EAST", "US-WEST"])[offer % 2],
        "tenor_days": np.zeros(OBSERVATIONS, np.int64),
        "size": np.full(OBSERVATIONS, 8),
        "price_type": np.full(OBSERVATIONS, int(PriceType.EXECUTABLE)),
        "price": prices[index, offer, date],
        "offer": np.array([f"offer-{n}" for n in range(OFFERS)])[offer],
        "reference": np.char.add("row ", np.arange(OBSERVATIONS).astype(str)),
        "simulated": np.ones(OBSERVATIONS, bool),
    }
    made = [arrow.array(columns[f.name]).cast(f.type) for f in EVIDENCE_SCHEMA]
    return arrow.table(made, schema=EVIDENCE_SCHEMA)


def year() -> tuple[int, int, float, float]:
    """(fixings, with a price, seconds, seconds of processor) of the whole."""
    table, found = evidence(), methods()
    clock, work = time.perf_counter(), time.process_time()
    book = EvidenceBook(table)
    fixings = [s.fixing for method in found for s in replay(method, book)]
    clock, work = time.perf_counter() - clock, time.process_time() - work
    return len(fixings), sum(f.status is Status.FIXED for f in fixings), clock, work


def rows() -> list[Row]:
    """One figure: seconds of processor for the whole, and by the clock beside it."""
    fixings, priced, clock, work = year()
    assert fixings == priced == INDICES * DATES, (fixings, priced)
    return [
        row(
            f"{INDICES} indices fixed for {DATES} dates from {OBSERVATIONS:,} observations",
            round(work, 1),
            "s",
            command=COMMAND,
            taken=f"once, processor time of one core; {clock:.1f} s by the clock",
        )
    ]
