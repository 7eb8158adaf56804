"""The state of the house: what the records of the schema say, held in memory.

Everything here is written by `evolve` alone. Timers and the open-lots index are caches of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lasalle.plain.book import Book
from lasalle.plain.credit import Credit
from lasalle.plain.obligations import Obligations
from lasalle.plain.stakes import Bid, Cooling, Default, Notice, Port, Slice, Stake
from lasalle.plain.tables import Table
from lasalle.wire import (
    AccountKind,
    LedgerClass,
    NoFixReason,
    OrderState,
    OrderType,
    ProductClass,
    Publication,
    Refusal,
    SelfTrade,
    SeriesKind,
    SeriesState,
    Side,
    TimeInForce,
)

USD = 1
STANDARDS = 2
"""Behaviour from which a series is listed with its standard (EXC-027)."""
DEFAULTS = 3
"""Behaviour from which a default is managed by law (CLR-020 to CLR-030)."""
WITHDRAWALS = 2
"""Behaviour from which a proposal can be withdrawn (INS-013)."""
NO_FIXES = PERIODS = 3
"""Behaviour from which a day without a fixing stands on the log (CLR-017), and a delivery period
may end within a month (CLR-016)."""
RECOVERY = 4
"""Behaviour from which bids are opened and a loss finds its bearer (CLR-032 to CLR-038)."""
COLLATERAL = 3
"""Behaviour from which collateral counts, calls are issued and settlement prices say whence."""
JOINING = 4
"""Behaviour from which products are for who is eligible (INS-014), and lines are lent."""
DELIVERY = 5
"""Behaviour from which positions turn into deliveries (DEL-020 to DEL-029)."""
GUARANTEES = 6
"""Behaviour from which guarantees are given and remedies are paid in an order that knows them
(DEL-035), metering names its evidence (DEL-024) and the fee of a dispute is bound (DEL-025)."""
LATEST_TIME = 2**62
"""Latest venue time, nanoseconds UTC: with the bound on durations every due time fits 64 bits."""
OPTIONS = (SeriesKind.CALL, SeriesKind.PUT)
CLASS_OF = {
    SeriesKind.FUTURE: ProductClass.FUTURE,
    SeriesKind.CALL: ProductClass.OPTION,
    SeriesKind.PUT: ProductClass.OPTION,
    SeriesKind.SWAP: ProductClass.SWAP,
}
CALLS = (SeriesState.PRE_OPEN, SeriesState.PAUSED, SeriesState.PRE_CLOSE)


class Refused(Exception):
    """A guard said no; nothing was written."""

    def __init__(self, refusal: Refusal, expected: int = 0, found: int = 0) -> None:
        super().__init__(refusal.name)
        self.refusal, self.expected, self.found = refusal, expected, found


class Place(NamedTuple):
    """Where a command stands in the log: what the venue wrote on it."""

    number: int
    time: int
    actor: int
    version: int = 0
    """Schema the command was sealed under: the newest behaviour that whoever sealed it knew."""


@dataclass(slots=True)
class Member:
    member: int
    name: str
    suspended: bool = False
    withheld: int = 0


@dataclass(slots=True)
class Actor:
    actor: int
    member: int
    roles: int


@dataclass(slots=True)
class Order:
    order: int
    account: int
    series: int
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    self_trade: SelfTrade
    quote: bool
    close_out: bool
    price: int
    lots: int
    display_lots: int
    minimum_lots: int
    stop_price: int
    expiry: int
    session: int
    label: int
    reference: str
    state: OrderState = OrderState.TAKING
    visible: int = 0
    priority: int = 0

    @property
    def slice_lots(self) -> int:
        """Lots the next slice shows."""
        return min(self.lots, self.display_lots) if self.display_lots else self.lots


@dataclass(slots=True)
class Position:
    """lots: signed; cost: signed lots x price since the last mark to market, 0 for options."""

    lots: int = 0
    cost: int = 0


@dataclass(slots=True)
class Reference:
    reference: str
    original: int
    reference_time: int
    order: int
    body: int


@dataclass(slots=True)
class Protection:
    group: int
    interval: int
    lots_limit: int
    delta_limit: int
    vega_limit: int
    started: int = 0
    lots: int = 0
    delta: int = 0
    vega: int = 0
    tripped: bool = False


@dataclass(slots=True)
class Account:
    account: int
    member: int
    account_kind: AccountKind
    owner: int
    position_limit: int
    order_lots_limit: int
    order_value_limit: int
    killed: bool = False
    seen: int = 0
    dead_man: int = 0
    reference_floor: int = 0
    withheld: int = 0
    barred: int = 0
    """Product classes that it or its member is not eligible for; a cache (INS-014)."""
    positions: dict[int, Position] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    protections: dict[int, Protection] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    def lots(self, series: int) -> int:
        """Signed position."""
        position = self.positions.get(series)
        return position.lots if position else 0

    def open_lots(self, series: int, side: Side) -> int:
        """Lots of live orders on a side, waiting stops included."""
        return sum(o.lots for o in self.orders.values() if o.series == series and o.side == side)


@dataclass(slots=True)
class Series:
    series: int
    symbol: str
    series_kind: SeriesKind
    group: int
    index: int
    first_month: int
    last_month: int
    hours: int
    tick: int
    strike: int
    reference_price: int
    band: int
    pause_range: int
    pause_duration: int
    protection: int
    maker_fee: int
    taker_fee: int
    clearing_fee: int
    last_trading_time: int
    standard_version: int
    standard_hash: bytes
    period_ends: int
    delivers: bool
    state: SeriesState = SeriesState.LISTED
    until: int = 0
    mark: int = 0
    last_price: int = 0

    @property
    def is_option(self) -> bool:
        return self.series_kind in OPTIONS

    @property
    def turns_into_deliveries(self) -> bool:
        """What delivers does, but for a right to sell (DEL-020)."""
        return self.delivers and self.series_kind != SeriesKind.PUT

    @property
    def product_class(self) -> ProductClass:
        """What an account has to be eligible for to trade it (INS-014)."""
        return ProductClass.PHYSICAL if self.delivers else CLASS_OF[self.series_kind]

    def band_edges(self) -> tuple[int, int]:
        """Lowest and highest price an order may reach; never narrower than ten ticks (EXC-007)."""
        half = max(self.reference_price * self.band // 10_000, 10 * self.tick)
        return self.reference_price - half, self.reference_price + half


@dataclass(slots=True)
class Pending:
    transfer: int
    account: int
    asset: int
    amount: int
    due: int


@dataclass(slots=True)
class Proposal:
    proposal: int
    actor: int
    command: int
    due: int
    payload: bytes


@dataclass(slots=True)
class Offer:
    offer: int
    account: int
    to_account: int
    series: int
    lots: int
    price: int
    due: int


@dataclass(slots=True)
class Trade:
    trade: int
    series: int
    price: int
    lots: int
    buy_account: int
    sell_account: int
    buy_fee: int
    sell_fee: int
    buy_clearing_fee: int
    sell_clearing_fee: int


@dataclass(slots=True)
class Fixing:
    """fixed: day of the price where the last day had none, 0 where it is the same."""

    index: int
    day: int
    price: int
    fixed: int = 0


@dataclass(slots=True)
class NoFix:
    index: int
    day: int
    reason: NoFixReason


@dataclass(slots=True)
class Collateral:
    """price: micro-dollars of a whole unit of the asset."""

    asset: int
    haircut: int
    account_cap: int
    letter: bool
    price: int = 0
    day: int = 0


@dataclass(slots=True)
class Call:
    """due: late then; 0 once it is."""

    account: int
    call: int
    amount: int
    due: int


@dataclass(slots=True)
class Digest:
    publication: Publication
    day: int
    digest: bytes


@dataclass(slots=True)
class State:
    """The whole house."""

    name: str = ""
    last_number: int = 0
    last_time: int = 0
    last_event: int = 0
    behaviour: int = 0
    halted: bool = False
    table: Table | None = None
    loading: Table | None = None
    epoch: int = 0
    settled_day: int = 0
    assets: dict[int, str] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    actors: dict[int, Actor] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    balances: dict[tuple[LedgerClass, int, int], int] = field(default_factory=dict)
    pendings: dict[int, Pending] = field(default_factory=dict)
    series: dict[int, Series] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=dict)
    books: dict[int, Book[Order]] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    waiting: dict[int, dict[int, Order]] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    trades: dict[int, Trade] = field(default_factory=dict)
    fixings: dict[int, Fixing] = field(default_factory=dict)
    no_fixes: dict[tuple[int, int], NoFix] = field(default_factory=dict)
    defaults: dict[int, Default] = field(default_factory=dict)
    stakes: dict[tuple[int, int], Stake] = field(default_factory=dict)
    gains: dict[int, int] = field(default_factory=dict)
    earlier: dict[int, int] = field(default_factory=dict)
    bids: dict[tuple[int, int], Bid] = field(default_factory=dict)
    ports: dict[int, Port] = field(default_factory=dict)
    slices: dict[int, Slice] = field(default_factory=dict)
    coolings: dict[int, Cooling] = field(default_factory=dict)
    notices: dict[int, Notice] = field(default_factory=dict)
    collateral: dict[int, Collateral] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    digests: dict[int, Digest] = field(default_factory=dict)
    credit: Credit = field(default_factory=Credit)
    owed: Obligations = field(default_factory=Obligations)
    timers: dict[tuple[int, int], int] = field(default_factory=dict)

    def balance(self, class_: LedgerClass, account: int = 0, asset: int = USD) -> int:
        return self.balances.get((class_, account, asset), 0)

    def free_of_holds(self, account: Account, asset: int = USD) -> int:
        """Cash not set aside for a withdrawal."""
        return self.balance(LedgerClass.CASH, account.account, asset) - account.held.get(asset, 0)

    def due(self, account: int) -> int:
        """What the account owes the house, zero or positive."""
        return -self.balance(LedgerClass.DUE_FROM_MEMBER, account)

    def stale(self, account: Account) -> bool:
        """Marks or table changed since the account was last judged."""
        return account.seen < self.epoch


def need_behaviour(state: State, behaviour: int) -> None:
    """What a behaviour brought is refused before it (INS-011)."""
    if state.behaviour < behaviour:
        raise Refused(Refusal.BEHAVIOUR_TOO_OLD, behaviour, state.behaviour)
