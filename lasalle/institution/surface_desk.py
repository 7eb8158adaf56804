"""Volatility surfaces of a served house, made in a thread of their own, one at a time, and kept for
a moment.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from lasalle.gateway.endpoints import Table
from lasalle.institution.plan_desk import OwnDoor
from lasalle.institution.pricing_command import asked_market, told_surface

KEPT_SECONDS, MOST_KEPT = 15.0, 100


class SurfaceDesk:
    """Surfaces by index, from what the house, whose endpoints it is given, shows anyone."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._one = asyncio.Lock()

    async def __call__(self, index: str) -> dict[str, Any]:
        """The surface of an index. Raises ValueError where it has no listed series."""
        door = OwnDoor(self._table, asyncio.get_running_loop())
        async with self._one:
            made, found = self._kept.get(index, (0.0, {}))
            if not found or time.monotonic() - made > KEPT_SECONDS:
                found = await asyncio.to_thread(_made, door, index)
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[index] = time.monotonic(), found
            return found


def _made(door: OwnDoor, index: str) -> dict[str, Any]:
    market = asked_market(door, index, list(door.series()))
    return told_surface(market, index)
