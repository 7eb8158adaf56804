"""Shapes of answers, as the doors declare them and the clients read them.

Prices are whole ticks beside a decimal text in USD per GPU-hour; times are nanoseconds UTC.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Shape(msgspec.Struct, frozen=True):
    """An answer's part; a field the client does not know is passed over."""


class Level(Shape, frozen=True):
    """A level: whole ticks, USD per GPU-hour as decimal text, lots."""

    price_ticks: int
    price: str
    lots: int


class Book(Shape, frozen=True):
    """A book by level, best first; deltas go on from `seq`."""

    symbol: str
    seq: int
    time: int
    state: str
    mark: str
    bids: list[Level]
    asks: list[Level]


class Trade(Shape, frozen=True):
    """A public trade; its number is the number of its event."""

    symbol: str
    trade: int
    time: int
    aggressor: str
    price_ticks: int
    price: str
    lots: int


class Series(Shape, frozen=True):
    """A listed series: what it is, how it is priced and how it settles."""

    series: int
    symbol: str
    kind: str
    group: int
    index: int
    first_month: int
    last_month: int
    hours: int
    tick: str
    tick_micro_dollars: int
    strike: str
    mark: str
    state: str
    last_trading_time: int
    open_interest: int
    band: int
    protection: int
    maker_fee: str
    taker_fee: str
    clearing_fee: str
    lot: str
    settlement: str


class Fixing(Shape, frozen=True):
    """A fixing of an index; `inputs` is the SHA-256 of its published inputs."""

    index: int
    day: int
    price: str
    carried: bool
    simulated: bool
    method: int
    inputs: str


class Order(Shape, frozen=True):
    """An order of one's own, alive or ended."""

    order: int
    account: int
    symbol: str
    side: str
    type: str
    time_in_force: str
    price_ticks: int
    price: str
    lots: int
    open_lots: int
    filled_lots: int
    status: str
    client_order_id: str
    quote: bool
    session: int
    label: int


class Position(Shape, frozen=True):
    """Lots held in a series; negative is short."""

    symbol: str
    lots: int


class Account(Shape, frozen=True):
    """An account of one's own; money as decimal text by asset number.

    requirement, covered: as the core last judged it; None when it did not since the house opened.
    """

    account: int
    member: int
    cash: dict[str, str]
    dues: str
    requirement: str | None
    covered: bool | None
    positions: list[Position]
    live_orders: int


class StatementLine(Shape, frozen=True, rename={"ledger_class": "class"}):
    """A posting of the ledger; a credit is positive."""

    event: int
    time: int
    why: str
    ledger_class: str
    asset: int
    amount: str
    amount_micro_dollars: int


class Notice(Shape, frozen=True):
    """Something worth knowing that refuses nothing."""

    name: str
    field: str
    text: str


class Answer(Shape, frozen=True):
    """What a command did; `replayed` when the same command with its reference came before."""

    replayed: bool
    events: list[dict[str, Any]]
    warnings: list[Notice] = []


class ErrorBody(Shape, frozen=True):
    """Why an answer is not the one asked for; `code` and `name` are contract, the text is not."""

    code: int
    name: str
    field: str
    rule: str
    expected: int | str | None
    found: int | str | None
    text: str


class Error(Shape, frozen=True):
    """An answer that is not the one asked for."""

    error: ErrorBody
