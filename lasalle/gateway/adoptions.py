"""Later versions of methods over REST: every notice for everyone, an officer's word in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Protocol

import msgspec

from lasalle import wire
from lasalle.client.days import WRITTEN, read_day
from lasalle.client.shapes import Shape
from lasalle.contracts import ContractError, Month, SymbolError, find_terms, parse_symbol
from lasalle.gateway.endpoints import Asked, Endpoint, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.indices import NOT_KEPT
from lasalle.indices.adoption import NOTICE_DAYS, Adoption, Saying, check_notice
from lasalle.indices.published import Method, MethodError, method_of
from lasalle.indices.record import Record
from lasalle.views import AccountsView
from lasalle.views.market import MarketView

MAY_SAY = wire.Role.OPERATOR | wire.Role.CLEARING | wire.Role.SETTLEMENT | wire.Role.RISK
"""Roles of the house whose holder is an officer."""
MOST_WORDS = 300


class Adoptions(Protocol):
    """Records by index, and the notices given."""

    def keeps(self, index: str) -> bool: ...

    def record(self, index: str) -> Record: ...

    def adoptions(self) -> tuple[Adoption, ...]: ...

    def say(self, saying: Saying) -> Adoption: ...


class Holder(Protocol):
    """What has indices, or none, and knows who is of the house and what is held."""

    indices: Any
    accounts: AccountsView
    market: MarketView


class AdoptionTold(Shape, frozen=True):
    """A notice: from `first` (YYYY-MM-DD) on the index is fixed under `version` instead of
    `before`, once two officers have said so; `hands` are their actors, `time` when it was agreed or
    last said, nanoseconds UTC."""

    index: str
    before: int
    version: int
    first: str
    method_sha256: str
    why: str
    hands: list[int]
    agreed: bool
    time: int


class AdoptionList(Shape, frozen=True):
    """Every notice, in the order they were first given; days of notice there must be."""

    adoptions: list[AdoptionTold]
    notice_days: int


class AdoptionSaid(msgspec.Struct, forbid_unknown_fields=True):
    """An officer's word of a later version."""

    index: Annotated[str, msgspec.Meta(description="its name, as H100-US")]
    version: Annotated[int, msgspec.Meta(description="a published version after the one in force")]
    first: Annotated[str, msgspec.Meta(description="first date under it, YYYY-MM-DD")]
    why: Annotated[str, msgspec.Meta(description="what members read of it, up to 300 signs")]


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    async def every(_: Asked) -> Any:
        found = await asyncio.to_thread(held.indices.adoptions) if held.indices else ()
        return {"adoptions": [told(one) for one in found], "notice_days": NOTICE_DAYS}

    async def say(asked: Asked) -> Any:
        actor = asked.signer.actor
        member, roles = held.accounts.actors.get(actor, (-1, 0))
        if member or not roles & MAY_SAY:
            text = "expected an operator, or a clearing, settlement or risk actor of the house"
            raise Denied(text, name="role_missing")
        said: AdoptionSaid = read_body(AdoptionSaid, asked.body)
        return told(await asyncio.to_thread(_taken, held, said, actor))

    return [
        Endpoint(
            "GET", "/v1/adoptions", every,
            "Later versions of methods that indices of this house go on under, and from when.",
            AdoptionList, cost=5,
        ),
        Endpoint(
            "POST", "/v1/adoptions", say,
            "An officer's word that an index goes on under a later version; two make it binding.",
            AdoptionTold, "admin", 5, AdoptionSaid,
            faults=("role_missing", NOT_KEPT),
        ),
    ]  # fmt: skip


def _taken(held: Holder, said: AdoptionSaid, actor: int) -> Adoption:
    """A notice with one hand more under it. Raises Denied and BadCommand."""
    first = read_day(said.first)
    if first is None:
        raise BadCommand("first", WRITTEN, said.first)
    if not 0 < len(said.why.strip()) <= MOST_WORDS:
        raise BadCommand("why", f"a reason of up to {MOST_WORDS} signs", said.why[:50])
    if held.indices is None or not held.indices.keeps(said.index):
        raise Denied(name=NOT_KEPT, field="index", found=said.index[:30])
    standing = standing_method(held.indices.record(said.index), said.index)
    now = time.time_ns()
    today = datetime.fromtimestamp(now / 1e9, UTC).date()
    try:
        method = check_notice(
            standing, said.version, first, today, held.indices.adoptions(),
            held_periods(held, standing.number),
        )  # fmt: skip
    except MethodError as error:
        field = "first" if error.field == "from" else error.field
        raise BadCommand(field, error.expected, str(error.found)) from None
    word = Saying(
        said.index, standing.version, method.version, first, method.sha256, said.why.strip(),
        actor, now,
    )  # fmt: skip
    found: Adoption = held.indices.say(word)
    return found


def standing_method(record: Record, index: str) -> Method:
    """The method an index is fixed under: that of the newest row of its record, else the latest."""
    rows = record.rows
    return method_of(index, rows[-1].fixing["method_version"] if rows else 0)


def held_periods(held: Holder, number: int) -> Mapping[str, tuple[date, date]]:
    """First and last date of every series somebody holds that settles on an index."""
    found: dict[str, tuple[date, date]] = {}
    for series, view in list(held.market.series.items()):
        if not held.accounts.open_interest.get(series, 0):
            continue
        symbol, indices = view.terms.symbol, {view.terms.index}
        first, last = (Month.from_number(n) for n in (view.first_month, view.terms.last_month))
        dates = (first.first_day, last.dates()[-1])
        try:
            parsed = parse_symbol(symbol)
            against = find_terms(parsed).standard.terms["contract"].get("against_index")
            days = parsed.period.dates()
        except (ContractError, SymbolError):
            against, days = None, ()
        if days:
            dates = (days[0], days[-1])
        if against:
            indices.add(method_of(against).number)
        if number in indices:
            found[symbol] = dates
    return found


def told(one: Adoption) -> dict[str, Any]:
    """A notice for everyone."""
    return {
        "index": one.index,
        "before": one.before,
        "version": one.version,
        "first": one.first.isoformat(),
        "method_sha256": one.method_sha256,
        "why": one.why,
        "hands": list(one.hands),
        "agreed": one.agreed,
        "time": one.time,
    }
