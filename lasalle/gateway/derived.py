"""Published derived indices over REST and on the stream."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from lasalle.gateway import shapes
from lasalle.gateway.endpoints import DAY, Asked, Endpoint, Query, Raw
from lasalle.gateway.faults import Denied
from lasalle.gateway.indices import NOT_KEPT, Indices
from lasalle.gateway.pages import PAGED, page
from lasalle.indices.family.day_file import DerivedDay
from lasalle.indices.family.listed import derived_names, kept_of
from lasalle.indices.record import Stage


class DerivedIndices(Protocol):
    """Days of derived indices, by day (YYYYMMDD) and stage."""

    def days(self) -> list[tuple[int, Stage]]: ...

    def read(self, day: int, stage: Stage) -> DerivedDay | None: ...


class Holder(Protocol):
    """What has derived indices, or none."""

    derived: DerivedIndices | None
    indices: Indices | None


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    def days() -> list[tuple[int, Stage]]:
        return held.derived.days() if held.derived else []

    def last(asked: Asked) -> Any:
        wanted = asked.query.get("day", 0)
        found = [one for one in days() if not wanted or one[0] == wanted]
        made = held.derived.read(*found[-1]) if held.derived and found else None
        return {"derived": rows_of(made) if made else []}

    def history(asked: Asked) -> Any:
        index = asked.path["index"]
        newest = list(reversed(list(enumerate(days(), 1))))
        shown, following = page("derived", newest, lambda one: -one[0], asked.query)
        made = [held.derived.read(*one) for _, one in shown if held.derived]
        found = [row_of(day, index) for day in made if day and index in day.indices]
        if not found and not following and index not in _kept(held.indices):
            raise _unknown(index)
        return {"derived": found, "next": following}

    def lines(asked: Asked) -> Raw:
        index, named = asked.path["index"], asked.day()
        found = [one for one in days() if one[0] == named]
        made = held.derived.read(*found[-1]) if held.derived and found else None
        if index not in (made.indices if made else _kept(held.indices)):
            raise _unknown(index)
        if made is None:
            raise Denied("no such day is published", name="file_unknown", field="day", found=named)
        return Raw(made.indices[index].inputs, "text/plain; charset=us-ascii")

    async def apart(run: Any, asked: Asked) -> Any:
        return await asyncio.to_thread(run, asked)

    day = Query("day", "Of this day, YYYY-MM-DD; the last one without.", DAY)
    return [
        Endpoint(
            "GET", "/v1/derived", lambda asked: apart(last, asked),
            "Every derived index of a day: differences, volatilities, availability.",
            shapes.DerivedList, cost=10, query=(day,),
        ),
        Endpoint(
            "GET", "/v1/derived/{index}", lambda asked: apart(history, asked),
            "A derived index, newest first: each day provisional and final.",
            shapes.page_of("DerivedRows", "derived", shapes.DerivedRow), cost=10, query=PAGED,
            faults=("file_unknown", NOT_KEPT),
        ),
        Endpoint(
            "GET", "/v1/derived/{index}/{day}", lambda asked: apart(lines, asked),
            "The lines a derived index of a day is made from, and is made again from.",
            cost=5, media="text/plain", faults=("file_unknown", NOT_KEPT),
        ),
    ]  # fmt: skip


class _Keeping:
    """Fixed indices of a house, as a container."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices

    def __contains__(self, index: object) -> bool:
        return isinstance(index, str) and self._indices.keeps(index)


def _kept(indices: Indices | None) -> frozenset[str]:
    """Derived indices of a house, before the first day of them is published too."""
    return kept_of(_Keeping(indices)) if indices else frozenset()


def _unknown(index: str) -> Denied:
    """What is not published here: not kept by this house, or nobody's (IDX-020)."""
    if index in derived_names():
        return Denied(name=NOT_KEPT, field="index", found=index)
    return Denied("no such index is published", name="file_unknown", found=index[:60])


def row_of(made: DerivedDay, index: str) -> dict[str, Any]:
    """A derived index for everyone."""
    one = made.indices[index]
    return {
        "index": one.index,
        "day": made.day,
        "stage": made.stage.value,
        "value": one.value,
        "unit": one.unit,
        "reason": one.reason,
        "detail": one.detail,
        "simulated": one.simulated,
        "modelled": one.modelled,
        "method": f"{one.method} v{one.version}",
        "input_sha256": one.input_sha256,
        "published": made.published,
        "late_seconds": made.late,
        "silent": list(made.silent),
    }


def rows_of(made: DerivedDay) -> list[dict[str, Any]]:
    """Every one of a day."""
    return [row_of(made, index) for index in made.indices]


def increments(made: DerivedDay) -> list[dict[str, Any]]:
    """A day as the stream tells it, on channel `derived`."""
    return [{"channel": "derived", "symbol": row["index"], **row} for row in rows_of(made)]
