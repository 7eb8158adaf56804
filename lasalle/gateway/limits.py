"""Rate limits: a bucket of tokens for each key and kind of request, told in headers."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

from lasalle.gateway.faults import Denied

MOST_BUCKETS = 10_000


@dataclass(frozen=True)
class Rate:
    """Tokens per second, and how many may be spent at once."""

    per_second: int
    burst: int


RATES = {
    "public": Rate(500, 2_000),
    "machine": Rate(20, 100),
    "read": Rate(500, 2_000),
    "write": Rate(10_000, 20_000),
    "failure": Rate(5, 50),
}
"""`public`, `machine` (health, measures) and `failure` (refused signatures) by address, `read` and
`write` by key."""


class TooMany(Denied):
    """The bucket has too little; `Retry-After` is when it has enough again, in seconds."""

    name = "too_many_requests"

    def __init__(self, kind: str, rate: Rate, cost: int, left: float) -> None:
        self.kind = kind
        self.retry_after_seconds = max(1, math.ceil((cost - left) / rate.per_second))
        super().__init__(
            f"{kind}: expected at most {rate.per_second} tokens per second, {cost} asked for",
            expected=rate.per_second,
            found=cost,
            headers={
                "Retry-After": str(self.retry_after_seconds),
                "X-RateLimit-Limit": str(rate.burst),
                "X-RateLimit-Remaining": str(int(left)),
            },
        )


class Buckets:
    """Who asks (a key, or an address for public data) has its own bucket for each kind."""

    def __init__(self, rates: dict[str, Rate] | None = None) -> None:
        self.rates = {**RATES, **(rates or {})}
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, who: str, kind: str, now_seconds: float, cost: int = 1) -> int:
        """Takes tokens and gives what is left. Raises TooMany."""
        rate = self.rates[kind]
        left = self.left(who, kind, now_seconds)
        if left < cost:
            raise TooMany(kind, rate, cost, left)
        self._buckets[who, kind] = (left - cost, now_seconds)
        self._buckets.move_to_end((who, kind))
        if len(self._buckets) > MOST_BUCKETS:
            # Whoever asked longest ago has the fullest bucket, and loses the least.
            self._buckets.popitem(last=False)
        return int(left - cost)

    def left(self, who: str, kind: str, now_seconds: float) -> float:
        """Tokens in a bucket now."""
        rate = self.rates[kind]
        left, at = self._buckets.get((who, kind), (float(rate.burst), now_seconds))
        return min(float(rate.burst), left + max(0.0, now_seconds - at) * rate.per_second)
