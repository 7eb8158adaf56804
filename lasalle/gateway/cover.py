"""The daily runs of Cover-1 and Cover-2: their totals for everyone, by member for operators."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import msgspec

from lasalle import wire
from lasalle.clearing.cover import totals
from lasalle.client.shapes import Shape
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint
from lasalle.gateway.faults import Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.views import AccountsView

MAY_SEE = wire.Role.OPERATOR | wire.Role.RISK | wire.Role.CLEARING


class Covers(Protocol):
    """Runs by day (YYYYMMDD)."""

    def days(self) -> list[int]: ...

    def read(self, day: int) -> dict[str, Any] | None: ...


class Holder(Protocol):
    """What has runs, or none, and knows who is of the house."""

    covers: Covers | None
    accounts: AccountsView


class CoverPrefunded(Shape, frozen=True):
    """What stands ready for a default, micro-dollars: layers of the waterfall that are paid in."""

    first_loss: int
    default_fund: int
    second_tranche: int
    total: int


class CoverFigure(Shape, frozen=True):
    """The case in which so many members lose most beyond margin, micro-dollars, and how much of it
    does not stand ready."""

    case: str
    beyond_margin: int
    short: int


class CoverCap(Shape, frozen=True):
    """The most that one account would count of an asset for all of them to come to its limit."""

    asset: int
    cap: int


class CoverCollateral(Shape, frozen=True):
    """What all accounts count of an asset, or of an issuer's assets, and the limit of it,
    micro-dollars (CLR-096)."""

    name: str
    assets: list[int]
    counted: int
    limit: int
    over: int
    caps: list[CoverCap]


class CoverTotals(Shape, frozen=True, kw_only=True):
    """A day's run over a set of cases, of the state after a command; `breach` when two members cost
    more than is prefunded; `wrong_way` is the spike in which suppliers short capacity fail together
    with the largest other member (CLR-095)."""

    day: int
    number: int
    set: str
    cases: int
    prefunded: CoverPrefunded
    cover1: CoverFigure
    cover2: CoverFigure
    breach: bool
    simulated: bool
    wrong_way: CoverFigure | None = None
    collateral: list[CoverCollateral] = msgspec.field(default_factory=list)


class CoverLoss(Shape, frozen=True):
    """What a member, or a group by its lowest member, loses beyond margin, micro-dollars."""

    member: int
    beyond_margin: int


class CoverCase(Shape, frozen=True):
    """A case: the two that cost most in it, both together, and what is left of the prefunded."""

    case: str
    kind: str
    largest: list[CoverLoss]
    total: int
    left: int


class CoverMember(Shape, frozen=True):
    """A member: what it has against a loss, and the case that costs most beyond it."""

    member: int
    accounts: list[int]
    against_a_loss: int
    beyond_margin: int
    case: str
    largest_loss: int


class CoverSupplier(Shape, frozen=True):
    """A supplier in the spike in which its failing costs most beyond margin: what its short hours
    lose, the penalty on them and what its lines owe, micro-dollars."""

    member: int
    accounts: list[int]
    lots: int
    case: str
    lost: int
    penalty: int
    owed: int
    beyond_margin: int


class CoverReverse(Shape, frozen=True):
    """The least multiple of a case, thousandths, at which two members use up what is prefunded; 0
    where none up to the bound does."""

    case: str
    thousandths: int
    members: list[int]


class CoverContribution(Shape, frozen=True):
    """A member's part of the fund as proposed and as paid in, micro-dollars."""

    member: int
    proposed: int
    paid_in: int


class CoverFund(Shape, frozen=True):
    """The size the run proposes for the default fund, and what decides it."""

    proposed: int
    binding: str
    paid_in: int
    contributions: list[CoverContribution]


class CoverHour(Shape, frozen=True):
    """What the house has advanced by an hour of the day (UTC), so many days after the close."""

    hour: int
    days_later: int
    need: int


class CoverLiquidity(Shape, frozen=True):
    """Liquidity of a currency, smallest units: in dollars when two members pay nothing, in another
    what may be withdrawn of it, and what of two failing members' would be sold for dollars."""

    asset: int
    name: str
    most: int
    ready: int
    short: int
    hours: list[CoverHour]
    to_sell: int = 0


class CoverRun(CoverTotals, frozen=True):
    """A run by member, for operators alone."""

    members_of_cover1: list[int]
    members_of_cover2: list[int]
    groups: dict[str, int]
    by_case: list[CoverCase]
    by_member: list[CoverMember]
    taken_at_worst: list[str]
    """Series that no curve revalues: each at its worst of the margin table."""
    reverse: list[CoverReverse]
    fund: CoverFund
    liquidity: list[CoverLiquidity]
    suppliers: list[CoverSupplier] = msgspec.field(default_factory=list)
    members_of_wrong_way: list[int] = msgspec.field(default_factory=list)


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""

    def listed(query: dict[str, Any]) -> dict[str, Any]:
        days = sorted(held.covers.days(), reverse=True) if held.covers else []
        found, following = page("cover", days, lambda day: -day, query)
        runs = (held.covers.read(day) for day in found) if held.covers else ()
        return {"runs": [totals(run) for run in runs if run], "next": following}

    async def every(asked: Asked) -> Any:
        return await asyncio.to_thread(listed, asked.query)

    async def run(asked: Asked) -> Any:
        member, roles = held.accounts.actors.get(asked.signer.actor, (-1, 0))
        if member or not roles & MAY_SEE:
            text = "expected an operator, or a risk or clearing actor of the house"
            raise Denied(text, name="role_missing")
        day = asked.day()
        found = await asyncio.to_thread(held.covers.read, day) if held.covers else None
        if found is None:
            raise Denied("no run of this day is kept", name="file_unknown", field="day", found=day)
        return found

    return [
        Endpoint(
            "GET", "/v1/margin/cover", every,
            "Totals of the daily runs of Cover-1 and Cover-2, newest first.",
            shapes.page_of("CoverRuns", "runs", CoverTotals), cost=5, query=PAGED,
        ),
        Endpoint(
            "GET", "/v1/margin/cover/{day}", run,
            "The run of a settled day by case and member, for the house alone.", CoverRun, "read",
            5, faults=("role_missing", "file_unknown"),
        ),
    ]  # fmt: skip
