"""Rates of currencies over REST: the tables of each date for everyone, an officer's rate in."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Protocol

import msgspec

from lasalle import wire
from lasalle.clearing.fx import OFFICER, FxError, Observation, a_currency, digest_of
from lasalle.clearing.fx_files import read_rate
from lasalle.client.shapes import Shape
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint, Query, a_day, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.views import AccountsView
from lasalle.views.model import dollars

MAY_SAY = wire.Role.OPERATOR | wire.Role.CLEARING | wire.Role.SETTLEMENT | wire.Role.RISK
"""Roles of the house whose holder is an officer: whoever has one may say a rate."""
ROW = Query("row", "Of a date that was corrected, this table.", "integer", least=1, most=999_999)


class Tables(Protocol):
    """Tables by date (YYYYMMDD) and row, the newest without one, and what officers say."""

    def days(self) -> list[int]: ...

    def read(self, day: int, row: int = 0) -> dict[str, Any] | None: ...

    def add(self, said: list[Observation]) -> int: ...


class Holder(Protocol):
    """What has tables, or none, and knows who is of the house."""

    fx: Tables | None
    accounts: AccountsView


class FxSummary(Shape, frozen=True):
    """The newest table of a date: its row, digest, and the currencies fixed and not."""

    day: int
    row: int
    sha256: str
    fixed: list[str]
    carried: list[str]
    none: list[str]


class FxRate(Shape, frozen=True):
    """A currency on a date. `rate`: USD a unit; `of`: the date the rate is of; `price`: USD a unit
    counts before its haircut; `why`: what kept it from being fixed; `hands`: who agreed."""

    currency: str
    status: str
    rate: str
    of: int
    price: str
    why: str
    hands: list[str]


class FxTable(Shape, frozen=True):
    """A table of a date with everything it was made from: `table` gives SHA-256 `sha256`."""

    day: int
    row: int
    sha256: str
    why: str
    rates: list[FxRate]
    table: dict[str, Any]


class FxSaid(msgspec.Struct, forbid_unknown_fields=True):
    """An officer's rate of a date."""

    currency: Annotated[str, msgspec.Meta(description="three capitals, as EUR")]
    day: Annotated[str, msgspec.Meta(description="a date, YYYY-MM-DD")]
    usd_per_unit: Annotated[str, msgspec.Meta(description="a decimal number, up to six places")]


class FxKept(Shape, frozen=True):
    """What was taken down, and under which hand."""

    currency: str
    day: int
    hand: str
    usd_per_unit: str


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    def listed(query: dict[str, Any]) -> dict[str, Any]:
        days = sorted(held.fx.days(), reverse=True) if held.fx else []
        found, following = page("fx", days, lambda day: -day, query)
        tables = (held.fx.read(day) for day in found) if held.fx else ()
        return {"tables": [summary(one) for one in tables if one], "next": following}

    async def every(asked: Asked) -> Any:
        return await asyncio.to_thread(listed, asked.query)

    async def table(asked: Asked) -> Any:
        day, row = asked.day(), asked.query.get("row", 0)
        found = await asyncio.to_thread(held.fx.read, day, row) if held.fx else None
        if found is None:
            text = "no such table of rates is published"
            raise Denied(text, name="file_unknown", field="day", found=day)
        return told(found)

    async def say(asked: Asked) -> Any:
        member, roles = held.accounts.actors.get(asked.signer.actor, (-1, 0))
        if member or not roles & MAY_SAY or held.fx is None:
            text = "expected an operator, or a clearing, settlement or risk actor of the house"
            raise Denied(text, name="role_missing")
        said: FxSaid = read_body(FxSaid, asked.body)
        try:
            currency, day = a_currency(said.currency), a_day("day", said.day)
            rate = read_rate(said.usd_per_unit)
        except FxError as error:
            name, _, expected = str(error).partition(": expected ")
            field = "currency" if name == "currency" else "usd_per_unit"
            found = said.currency if field == "currency" else said.usd_per_unit
            raise BadCommand(field, expected.partition(", found")[0], found) from None
        hand = f"{OFFICER}{asked.signer.actor}"
        await asyncio.to_thread(held.fx.add, [Observation(currency, day, hand, rate)])
        return {"currency": currency, "day": day, "hand": hand, "usd_per_unit": dollars(rate)}

    return [
        Endpoint(
            "GET", "/v1/fx", every, "Tables of exchange rates by date, newest first.",
            shapes.page_of("FxTables", "tables", FxSummary), cost=5, query=PAGED,
        ),
        Endpoint(
            "GET", "/v1/fx/{day}", table,
            "Rates of a date with what they were made from, by the digest that is on the log.",
            FxTable, cost=5, query=(ROW,), faults=("file_unknown",),
        ),
        Endpoint(
            "POST", "/v1/fx", say, "A rate of a date, said by an officer of the house.",
            FxKept, "admin", 5, FxSaid, faults=("role_missing",),
        ),
    ]  # fmt: skip


def summary(table: dict[str, Any]) -> dict[str, Any]:
    """A table in short."""
    by_status: dict[str, list[str]] = {"fixed": [], "carried": [], "none": []}
    for row in table["rows"]:
        by_status[row["status"]].append(row["currency"])
    said = {"day": table["day"], "row": table["row"], "sha256": digest_of(table).hex()}
    return {**said, **by_status}


def told(table: dict[str, Any]) -> dict[str, Any]:
    """A table in words, and whole."""
    rates = [
        {
            "currency": row["currency"],
            "status": row["status"],
            "rate": dollars(row["rate"]),
            "of": row["of"],
            "price": dollars(row["price"]),
            "why": row["why"],
            "hands": row["hands"],
        }
        for row in table["rows"]
    ]
    return {
        "day": table["day"],
        "row": table["row"],
        "sha256": digest_of(table).hex(),
        "why": table["why"],
        "rates": rates,
        "table": table,
    }
