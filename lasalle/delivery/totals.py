"""The totals of a delivery, meter by meter, from the readings that stand."""

from __future__ import annotations

import msgspec

from lasalle.delivery.chain import Chain
from lasalle.delivery.readings import Quality, WorkReading

WORK = ("sum_prompt", "sum_cached", "sum_completion", "sum_bytes", "over_ttft", "over_tpot",
        "available_s")  # fmt: skip
CAPACITY = ("due_seconds", "healthy_seconds", "energy_mj", "faults")


class MeterTotals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one meter read in all: how many readings, what they cover, their sums."""

    meter: int
    side: str
    readings: int
    """Every one, those that were replaced too."""
    revised: int
    """Intervals whose first reading was replaced."""
    not_actual: int
    """Intervals of which an estimate, a substitute or an edit stands."""
    from_us: int
    to_us: int
    rows: int
    errors: int
    sums: dict[str, int]


def totals_of(chain: Chain) -> MeterTotals:
    """The totals of a meter."""
    standing = list(chain.standing.values())
    work = any(isinstance(reading, WorkReading) for reading in standing)
    names = WORK if work else CAPACITY
    meter = chain.terms.meter_of(chain.meter)
    return MeterTotals(
        chain.meter,
        meter.side.value if meter else "",
        len(chain.taken),
        sum(reading.revises > 0 for reading in standing),
        sum(reading.quality is not Quality.ACTUAL for reading in standing),
        min((reading.start_us for reading in standing), default=chain.terms.start_us),
        max((reading.end_us for reading in standing), default=chain.terms.start_us),
        sum(reading.rows for reading in standing),
        sum(reading.errors for reading in standing),
        {name: sum(getattr(reading, name) for reading in standing) for name in names},
    )
