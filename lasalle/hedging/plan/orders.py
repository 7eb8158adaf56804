"""A plan as orders: the listed legs, whole lots, the dearest price each may pay; and the file they
travel in, sealed and bound to the house and the account they were planned for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from lasalle.hedging.plan.board import Quoted, reached
from lasalle.hedging.plan.planning import Plan


class PlannedOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immediate-or-cancel limit order: price in micro-dollars a unit, whole lots.

    `shown` are the lots the book had at that price or better; what is beyond waits for another day,
    when it may pay `rest_price`, the dearest at which the plan still wanted its last lot.
    """

    symbol: str
    side: Literal["buy", "sell"]
    lots: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    limit_price: Annotated[int, msgspec.Meta(gt=0)]
    shown: int
    rest_price: Annotated[int, msgspec.Meta(ge=0)] = 0

    def limit_for(self, missing: int) -> int:
        """Limit of so many missing lots: of all of them, or of the rest once some are filled."""
        rest = self.side == "buy" and missing < self.lots
        return max(self.rest_price, self.limit_price) if rest else self.limit_price


MOST_ORDERS = 500
MOST_ATTEMPTS = 99
"""At the same missing lots, before a file says that nothing comes of it."""


class OrdersRefused(ValueError):
    """Orders that are not those of a plan, of this house or of this account."""


class OrderFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Orders of a plan and the need they are for; `house` and `account` are the only ones they may
    be sent to, `house` empty for a plan on a model, which is sent nowhere; `reference_time`,
    nanoseconds UTC, is when they were written: a house takes them for seven days (EXC-004); `held`
    the lots of their series that the account had then, on top of which they come; `sha256` of all
    the rest says that they are whole.
    """

    need: str
    day: str
    house: str
    account: int
    reference_time: int
    orders: tuple[PlannedOrder, ...]
    held: dict[str, int] = {}
    sha256: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all but itself."""
        bare = msgspec.structs.replace(self, sha256="")
        return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()

    def check_bound(self, house: str, account: int) -> None:
        """Raises OrdersRefused for another house or account than planned for."""
        if not self.house:
            raise OrdersRefused(
                "house: expected orders planned on a served house, found those of a plan on a"
                " model: plan again at the house that is to fill them"
            )
        if self.house != house:
            raise OrdersRefused(
                f"house: expected {self.house[:16]}, which was planned on, found {house[:16]}"
            )
        if self.account != account:
            raise OrdersRefused(
                f"account: expected {self.account}, which was planned for, found {account}"
            )

    def missing(self, number: int, holds: Mapping[str, int]) -> int:
        """Lots of an order that an account which holds so many still lacks: none where it has them,
        never more than the order's.
        """
        one = self.orders[number]
        sign = 1 if one.side == "buy" else -1
        wanted = self.held.get(one.symbol, 0) + sign * one.lots
        return min(max(sign * (wanted - holds.get(one.symbol, 0)), 0), one.lots)

    def client_order_id(self, number: int, lots: int, attempt: int) -> str:
        """Name of an attempt at the missing lots of an order: two who try at once, or again after a
        lost answer, name the same one, which fills once.
        """
        return f"{self.sha256[:16]}-{number}-{lots}-{attempt}"


def sealed(
    plan: Plan, house: str, account: int, time: int, holds: Mapping[str, int] | None = None
) -> OrderFile:
    """The orders of a plan for an account of a house, written at a time in nanoseconds UTC; the
    account `holds` lots by symbol, those the plan began from unless said.
    """
    sent, _ = orders(plan)
    counted = {one.symbol: int(one.held) for one in plan.instruments}
    began = {one.symbol: (counted if holds is None else holds).get(one.symbol, 0) for one in sent}
    bare = OrderFile(
        held={symbol: lots for symbol, lots in began.items() if lots},
        need=plan.need.name,
        day=plan.market.day.isoformat(),
        house=house,
        account=account,
        reference_time=time,
        orders=sent,
    )
    return msgspec.structs.replace(bare, sha256=bare.digest)


def read_order_file(content: bytes, name: str) -> OrderFile:
    """What `sealed` made, as JSON. Raises OrdersRefused where it was edited or is none."""
    try:
        found = msgspec.json.decode(content, type=OrderFile)
    except msgspec.DecodeError as error:
        found_words = str(error)
        raise OrdersRefused(
            f"{name}: expected orders of lasalle hedge plan, found {found_words}"
        ) from error
    if found.sha256 != found.digest:
        raise OrdersRefused(f"{name}: sha256: expected {found.digest}, found {found.sha256}")
    if len(found.orders) > MOST_ORDERS:
        raise OrdersRefused(f"{name}: orders: expected at most {MOST_ORDERS}")
    return found


@dataclass(frozen=True, slots=True)
class Offered:
    """A leg to be agreed outside the book: hours, not listed yet."""

    name: str
    accelerators: int


def orders(plan: Plan) -> tuple[tuple[PlannedOrder, ...], tuple[Offered, ...]]:
    """Orders of the legs that trade on the exchange, and the legs that do not."""
    quoted: Mapping[str, Quoted] = {one.terms.symbol: one for one in plan.market.board}
    sent, offered = [], []
    for leg in plan.legs:
        symbol, lots = leg.instrument.symbol, round(abs(leg.lots))
        if symbol not in quoted:
            offered.append(Offered(symbol, lots))
            continue
        buy = leg.lots > 0
        book = quoted[symbol].asks if buy else quoted[symbol].bids
        price, shown = reached(book, lots)
        tick = quoted[symbol].terms.tick_micro_dollars
        limit = round(price * 1e6 / tick) * tick
        dearest, _ = reached(leg.instrument.asks if buy else book, lots)
        sent.append(
            PlannedOrder(
                symbol=symbol,
                side="buy" if buy else "sell",
                lots=lots,
                limit_price=limit,
                shown=shown,
                rest_price=max(int(dearest * 1e6 // tick) * tick, limit) if buy else limit,
            )
        )
    return tuple(sent), tuple(offered)


