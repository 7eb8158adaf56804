"""Daily files: settlement prices, fixings, and the inputs anyone recomputes a fixing from."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from lasalle import wire
from lasalle.gateway.endpoints import Raw
from lasalle.gateway.faults import Denied
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.views import History, MarketView
from lasalle.views.model import dollars

CSV = "text/csv; charset=utf-8"
SETTLED = "settlement_prices"
Inputs = Callable[[int, int], bytes | None]
"""Canonical inputs of a fixing by index and day (YYYYMMDD); None when they are not at hand."""


class Files:
    """What a day leaves behind for everyone."""

    def __init__(self, market: MarketView, history: History, inputs: Inputs | None = None) -> None:
        self._market, self._history, self._inputs = market, history, inputs
        self._listed: tuple[tuple[int, int], list[dict[str, Any]]] = ((-1, -1), [])

    async def listed(self) -> list[dict[str, Any]]:
        """Every file, oldest first; read again only after a day was settled or a fixing came."""
        key = (self._market.settled_day, self._market.fixing_event)
        if self._listed[0] != key:
            names = await asyncio.to_thread(self.names)
            settled = max((row["day"] for row in names if row["kind"] == SETTLED), default=0)
            if settled != key[0]:
                # The history has yet to fold the newest day: what it says now is not kept.
                return names
            self._listed = (key, names)
        return self._listed[1]

    def names(self) -> list[dict[str, Any]]:
        """Every file, oldest first, by name and day."""
        found = [
            {"name": f"settlement-prices-{day}.csv", "day": day, "kind": SETTLED}
            for day in self._history.settled_days()
        ]
        days: dict[tuple[int, int], None] = {}
        for fixing in list(self._market.fixings):
            days[fixing.index, fixing.day] = None
        for index in sorted({index for index, _ in days}):
            found.append({"name": f"fixings-{index}.csv", "day": 0, "kind": "fixings"})
        found += [
            {"name": f"inputs-{f.index}-{f.day}.txt", "day": f.day, "kind": "index_inputs"}
            for f in list(self._market.fixings)
            if self._of_fixing(f) is not None
        ]
        return [{"number": n + 1, **row} for n, row in enumerate(found)]

    def read(self, name: str) -> Raw:
        """A file by name. Raises Denied (file_unknown)."""
        stem, _, ending = name.partition(".")
        parts = stem.split("-")
        numbers = [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) <= 8]
        content: bytes | None = None
        if ending == "csv" and parts[:2] == ["settlement", "prices"] and len(numbers) == 1:
            content = self._settlement(numbers[0])
        elif ending == "csv" and parts[0] == "fixings" and len(numbers) == 1:
            content = self._fixings(numbers[0])
        elif ending == "txt" and parts[0] == "inputs" and len(numbers) == 2 and self._inputs:
            content = self._input(*numbers)
        if content is None:
            raise Denied("no such file is published", name="file_unknown", found=name[:60])
        media = CSV if ending == "csv" else "text/plain; charset=utf-8"
        return Raw(content, media, headers={"Content-Disposition": f"attachment; filename={name}"})

    def _input(self, index: int, day: int) -> bytes | None:
        """Inputs of a fixing on the log, only when they are the bytes it bears the hash of."""
        named = (index, day)
        fixing = next((f for f in self._market.fixings if (f.index, f.day) == named), None)
        return None if fixing is None else self._of_fixing(fixing)

    def _of_fixing(self, fixing: wire.FixingPublished) -> bytes | None:
        content = self._inputs(fixing.index, fixing.day) if self._inputs else None
        if content is None or _digest(content, fixing.method) != fixing.inputs:
            return None
        return content

    def _settlement(self, day: int) -> bytes | None:
        if day not in self._history.settled_days():
            return None
        rows = []
        for series, view in list(self._market.series.items()):
            price = dict(self._history.settlement_prices(series)).get(day)
            if price is not None:
                rows.append((day, view.terms.symbol, dollars(price), price))
        head = ("day", "symbol", "settlement_price", "settlement_price_micro_dollars")
        return _csv(head, rows)

    def _fixings(self, index: int) -> bytes | None:
        rows = [f for f in list(self._market.fixings) if f.index == index]
        if not rows:
            return None
        return _csv(
            ("index", "day", "fixing", "carried", "simulated", "method", "inputs_sha256"),
            (
                (
                    f.index,
                    f.day,
                    dollars(f.price),
                    str(f.carried).lower(),
                    str(f.simulated).lower(),
                    f.method,
                    f.inputs.hex(),
                )
                for f in rows
            ),
        )


def _digest(content: bytes, method: int) -> bytes:
    """What a fixing bears of its inputs: the SHA-256 of the file under version 1 of a method, from
    version 2 on the Merkle root of its lines (IDX-015).
    """
    if method == 1:
        return sha256(content).digest()
    return root_of(leaves_of(content.split(b"\n")[:-1]))


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
