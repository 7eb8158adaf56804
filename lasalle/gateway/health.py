"""Whether the house can serve: each question has a name and, when the answer is no, a sentence."""

from __future__ import annotations

import time

from lasalle.gateway.shared import Shared

MOST_LAG_EVENTS = 10_000
MOST_LAG_SECONDS = 5.0
MOST_SKEW_NANOSECONDS = 1_000_000_000


class Health:
    """Asked by `/readyz` and `/startupz`; the clock is compared with one that cannot be set."""

    def __init__(self, shared: Shared) -> None:
        self._g = shared
        self._wall, self._steady = time.time_ns(), time.monotonic_ns()

    def questions(self) -> dict[str, str]:
        """Name to what is wrong; empty when nothing is."""
        return {
            "log_appendable": self._g.waiting.sequencer.closed_for(),
            "replay_caught_up": "" if self._g.started else "the house is still opening",
            "views_lag": self._views(),
            "clock_skew": self._clock(),
        }

    def _views(self) -> str:
        g = self._g
        if g.broken:
            return g.broken
        behind = g.waiting.sequencer.core.last_event - g.market.last_event
        waited = time.monotonic() - g.measures.folded_at
        if behind > MOST_LAG_EVENTS or (behind > 0 and waited > MOST_LAG_SECONDS):
            return f"the views are {behind} events behind, for {waited:.1f} s"
        return ""

    def _clock(self) -> str:
        now = time.time_ns()
        drift = (now - self._wall) - (time.monotonic_ns() - self._steady)
        if abs(drift) > MOST_SKEW_NANOSECONDS:
            return f"the clock was set by {drift / 1e9:.1f} s since the house opened"
        ahead = self._g.waiting.sequencer.core.last_time - now
        if ahead > MOST_SKEW_NANOSECONDS:
            return f"venue time is {ahead / 1e9:.1f} s ahead of the clock"
        return ""
