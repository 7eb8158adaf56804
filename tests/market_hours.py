"""Whether a demonstration on the wall clock is trading long enough for a test of its quotes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lasalle.exchange import load_schedule
from lasalle.wire import SeriesState

NEEDED = timedelta(minutes=10)


def needs_trading() -> None:
    """Skips where the demonstration's market closes within ten minutes, or is not open yet."""
    schedule, now = load_schedule("demonstration"), datetime.now(UTC)
    phases = {schedule.phase(int(at.timestamp() * 1e9)) for at in (now, now + NEEDED)}
    if phases != {SeriesState.OPEN}:
        pytest.skip(f"the market of a demonstration is not open now: {schedule.said()}")
