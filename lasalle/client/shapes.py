"""Shapes of answers, as the doors declare them and the clients read them.

Prices are whole ticks beside a decimal text in USD per unit; times are nanoseconds UTC.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Shape(msgspec.Struct, frozen=True):
    """An answer's part; a field the client does not know is passed over."""


class Level(Shape, frozen=True):
    """A level: whole ticks, USD per unit as decimal text, lots."""

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
    index_name: str
    """Empty for an index without a published method."""
    index_unit: str
    """What one price of the index is for: a GPU-hour, or a million tokens."""
    unit: str
    """What one price of the series is for: the unit of its index, or of a variance its own."""
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
    standard_version: int
    """Version of the contract standard it is listed under; 0 for none."""
    standard_hash: str
    """SHA-256 of that standard's canonical text, in hexadecimal; empty for none."""


class Fixing(Shape, frozen=True):
    """A fixing of an index; `inputs` is the SHA-256 of its published inputs."""

    index: int
    day: int
    price: str
    carried: bool
    simulated: bool
    method: int
    inputs: str
    late: bool
    """Whether it came after its day was told to have none."""


class NoFix(Shape, frozen=True):
    """A day that was told to have no fixing of an index, and why."""

    index: int
    day: int
    reason: str
    method: int
    inputs: str
    """Digest of the inputs that were too few; empty where there were none."""
    fixed_late: bool
    """Whether it got its fixing since."""


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


class Margin(Shape, frozen=True):
    """Both tests of an account as it stands after an event, USD: covered when cover is at least
    required_cover and free_cash at least needed_cash.

    Told from the house's views by the law's formula: it binds nobody, the core judges each order.
    Amounts are None where the margin table in force has no row for a series the account holds.
    """

    account: int
    event: int
    covered: bool | None
    requirement: str | None
    cover: str | None
    required_cover: str | None
    free_cash: str | None
    needed_cash: str | None


class Balance(Shape, frozen=True, rename={"ledger_class": "class"}):
    """A balance of the ledger, by class and asset; a credit is positive."""

    ledger_class: str
    asset: int
    amount: str
    amount_micro_dollars: int


class Fill(Shape, frozen=True):
    """A trade of one's own side; role is maker, taker or auction, fees are USD."""

    trade: int
    time: int
    symbol: str
    order: int
    side: str
    role: str
    price_ticks: int
    price: str
    lots: int
    fee: str
    clearing_fee: str
    busted: bool


class Call(Shape, frozen=True):
    """A call for dues or for margin, USD; `call` is the event that opened it, closed_by the one
    that closed it, 0 while it stands.

    deadline: nanoseconds UTC by which it has to be met; dues are payable at once. state: open,
    late, or met, which a late call may become. Of a margin call `margin_call` is its number on the
    log, and amount what the account lacks: at first, or when its time was over.
    """

    call: int
    time: int
    amount: str
    amount_micro_dollars: int
    open: bool
    closed_by: int
    kind: str = "dues"
    state: str = "open"
    deadline: int = 0
    margin_call: int = 0
    required: str = "0.000000"
    late_by: int = 0
    """Event that told it late; 0 for none."""


class AskedOf(Shape, frozen=True):
    """What an account is asked, USD: margin of positions and open orders, cover required with the
    initial factor, worst prices and what its deliveries lack, what its collateral counts; its
    limits; and what its deliveries lack of what they need set aside."""

    requirement: str
    required_cover: str
    collateral: str
    position_limit: int
    order_lots_limit: int
    order_value_limit: int
    delivery: str = "0.000000"


class Cause(Shape, frozen=True):
    """An event by name: the first and the last command that told it, and how often."""

    name: str
    first: int
    last: int
    count: int


class RequirementChange(Shape, frozen=True):
    """What an account was asked before and after some commands, the last of them `number`, and why.
    Rows ascend; `before` is the `after` of the account's row before, None for its first."""

    row: int
    account: int
    time: int
    number: int
    event: int
    causes: list[Cause]
    before: AskedOf | None
    after: AskedOf


class DayStatement(Shape, frozen=True):
    """Cash before and after a settled day (YYYYMMDD), what moved it by reason, and lots held at its
    settlement."""

    account: int
    day: int
    opening: str
    closing: str
    moved: dict[str, str]
    positions: list[Position]


class SettlementPrice(Shape, frozen=True):
    """Settlement price of a series on a day (YYYYMMDD), USD per unit."""

    day: int
    price: str
    price_micro_dollars: int


class Account(Shape, frozen=True):
    """An account of one's own; money as decimal text by asset number.

    requirement, covered: as the core last judged it; None when it did not since the house opened.
    margin: as the account stands now. products: classes it is eligible for.
    """

    account: int
    member: int
    products: list[str]
    cash: dict[str, str]
    dues: str
    requirement: str | None
    covered: bool | None
    positions: list[Position]
    live_orders: int
    margin: Margin | None = None


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
