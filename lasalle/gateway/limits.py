"""Rate limits: a bucket of tokens for each key and kind of request, told in headers."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BUCKETS = 10_000


@dataclass(frozen=True)
class Rate:
    """Requests per second, and how many may come at once."""

    per_second: int
    burst: int


RATES = {"public": Rate(200, 400), "read": Rate(200, 400), "trade": Rate(1_000, 2_000)}


class TooMany(Exception):
    """The bucket is empty; `retry_after_seconds` is when one token is back."""

    def __init__(self, kind: str, rate: Rate, retry_after_seconds: int) -> None:
        super().__init__(f"{kind}: expected at most {rate.per_second} requests per second")
        self.retry_after_seconds = retry_after_seconds


class Buckets:
    """Who asks (a key, or an address for public data) has its own bucket for each kind."""

    def __init__(self, rates: dict[str, Rate] | None = None) -> None:
        self.rates = rates or RATES
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, who: str, kind: str, now_seconds: float) -> int:
        """Takes a token and gives what is left. Raises TooMany."""
        rate = self.rates[kind]
        left, at = self._buckets.get((who, kind), (float(rate.burst), now_seconds))
        left = min(float(rate.burst), left + max(0.0, now_seconds - at) * rate.per_second)
        if left < 1:
            raise TooMany(kind, rate, max(1, round((1 - left) / rate.per_second)))
        if len(self._buckets) >= MOST_BUCKETS:
            # A full bucket says nothing that a new one would not say.
            self._buckets.clear()
        self._buckets[who, kind] = (left - 1, now_seconds)
        return int(left - 1)
