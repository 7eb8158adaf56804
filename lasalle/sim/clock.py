"""A clock that steps. Whole milliseconds, so that a scenario line can say them."""

from __future__ import annotations

MS = 1_000_000
SECOND = 1_000 * MS
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY
START = 1_767_225_600_000_000_000
"""2026-01-01 00:00 UTC."""


class SteppingClock:
    """Nanoseconds UTC as a machine with a bad clock tells them."""

    def __init__(self, now: int = START) -> None:
        self._now = now

    def __call__(self) -> int:
        return self._now

    def go(self, duration: int) -> None:
        """Time passes, or the clock is set: a negative duration steps back."""
        self._now += duration // MS * MS
