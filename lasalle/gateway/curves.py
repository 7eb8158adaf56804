"""The published forward curve over REST."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from lasalle.contracts import day_number
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import DAY, Asked, Endpoint, Query
from lasalle.gateway.faults import Denied
from lasalle.indices.curve import Repricing
from lasalle.indices.curve_file import StoredCurve, curve_sha256
from lasalle.views.model import dollars


class Curves(Protocol):
    """Published curves by index and day (YYYYMMDD; 0 is the last)."""

    def indices(self) -> list[str]: ...

    def days(self, index: str) -> list[int]: ...

    def read(self, index: str, day: int = 0) -> StoredCurve | None: ...


class Holder(Protocol):
    """What has curves, or none."""

    curves: Curves | None


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    def found(index: str, day: int) -> dict[str, Any]:
        stored = held.curves.read(index, day) if held.curves else None
        if held.curves is None or stored is None:
            named = f"{index} {day or ''}".strip()[:60]
            raise Denied("no such curve is published", name="file_unknown", found=named)
        before = (d for d in held.curves.days(index) if d < day_number(stored.curve.day))
        return curve_row(stored, max(before, default=0))

    def listed() -> dict[str, Any]:
        names = held.curves.indices() if held.curves else []
        last = (held.curves.read(name) for name in names) if held.curves else ()
        return {"curves": [_told(stored) for stored in last if stored]}

    async def every(_: Asked) -> Any:
        return await asyncio.to_thread(listed)

    async def curve(asked: Asked) -> Any:
        return await asyncio.to_thread(found, asked.path["index"], asked.query.get("day", 0))

    return [
        Endpoint(
            "GET", "/v1/curves", every, "The last published forward curve of every index.",
            shapes.CurveList, cost=5,
        ),
        Endpoint(
            "GET", "/v1/curves/{index}", curve, "The published forward curve of an index.",
            shapes.Curve, cost=5,
            query=(Query("day", "Of this day, YYYY-MM-DD; the last one without.", DAY),),
            faults=("file_unknown",),
        )
    ]  # fmt: skip


def curve_row(stored: StoredCurve, previous: int) -> dict[str, Any]:
    """A curve for everyone, with the day of the one before it."""
    made = stored.curve
    return {
        "index": made.index,
        "day": day_number(made.day),
        "previous": previous,
        "method": made.method,
        "published": stored.published,
        "input_sha256": made.input_sha256,
        "curve_sha256": curve_sha256(made),
        "inputs": made.inputs.decode("ascii"),
        "months": [
            {
                "month": row.month.number,
                "forward": dollars(row.forward),
                "low": dollars(row.low),
                "high": dollars(row.high),
                "forward_micro_dollars": row.forward,
                "place": row.place.name.lower(),
            }
            for row in made.months
        ],
        "held": [_held(one) for one in made.repricings],
    }


def increment(stored: StoredCurve) -> dict[str, Any]:
    """A curve as the stream tells it, on channel `curves`: without its inputs, which it names."""
    return {"channel": "curves", "symbol": stored.curve.index, **_told(stored)}


def _told(stored: StoredCurve) -> dict[str, Any]:
    told = curve_row(stored, 0)
    return {name: told[name] for name in told if name not in ("previous", "inputs", "held")}


def _held(one: Repricing) -> dict[str, Any]:
    return {
        "name": one.input.name,
        "standing": one.input.standing.name.lower(),
        "first_month": one.input.first.number,
        "last_month": one.input.last.number,
        "bid": dollars(one.input.bid),
        "price": dollars(one.input.price) if one.input.price else None,
        "ask": dollars(one.input.ask),
        "average": dollars(round(one.average)),
        "held": one.held.name.lower(),
        "beyond": dollars(one.beyond),
        "against": list(one.against),
    }
