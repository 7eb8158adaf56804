"""The weekly report of commitments over REST, for everyone."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from lasalle.client.shapes import Shape
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint, Raw
from lasalle.gateway.faults import Denied
from lasalle.gateway.pages import PAGED, page


class Reports(Protocol):
    """Reports by day (YYYYMMDD)."""

    def days(self) -> list[int]: ...

    def read(self, day: int) -> bytes | None: ...


class Holder(Protocol):
    """What has reports, or none."""

    commitments: Reports | None


class CommitmentsDay(Shape, frozen=True):
    """A day of which there is a weekly report."""

    day: int


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    async def listed(asked: Asked) -> Any:
        days = await asyncio.to_thread(held.commitments.days) if held.commitments else []
        rows = sorted(days, reverse=True)
        found, following = page("commitments", rows, lambda day: -day, asked.query)
        return {"reports": [{"day": day} for day in found], "next": following}

    async def report(asked: Asked) -> Any:
        day = asked.day()
        found = await asyncio.to_thread(held.commitments.read, day) if held.commitments else None
        if found is None:
            text = "no weekly report of this day is kept"
            raise Denied(text, name="file_unknown", field="day", found=day)
        return Raw(found, "text/csv")

    return [
        Endpoint(
            "GET", "/v1/commitments", listed, "Days of the weekly commitments of traders.",
            shapes.page_of("Commitments", "reports", CommitmentsDay), cost=5, query=PAGED,
        ),
        Endpoint(
            "GET", "/v1/commitments/{day}", report,
            "Commitments of traders at the close of a day, with their changes in a week.",
            cost=5, faults=("file_unknown",), media="text/csv",
        ),
    ]  # fmt: skip
