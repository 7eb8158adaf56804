"""Rows added to the records of a served house are told on its stream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from lasalle.gateway.indices import increment
from lasalle.institution.index_store import IndexStore

PAUSE_SECONDS = 2.0


async def tell_indices(
    store: IndexStore,
    tell: Callable[[list[dict[str, Any]]], None],
    pause: float = PAUSE_SECONDS,
) -> None:
    """Tells every row that is added from now on, until it is cancelled.

    Whoever fixes, a timer that runs `lasalle index fix` or a person, lays rows down in the folder;
    files that cannot be read are looked at again.
    """
    told = {index: len(store.record(index).rows) for index in store.indices()}
    while True:
        await asyncio.sleep(pause)
        try:
            fresh = await asyncio.to_thread(lambda: list(store.events(told)))
        except (OSError, ValueError):
            continue
        for index, number, _ in fresh:
            told[index] = max(told.get(index, 0), number)
        if fresh:
            tell([increment(*row) for row in fresh])
