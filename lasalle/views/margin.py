"""Margin of an account as it stands now: the law's own formula over what the views hold.

The core judges an account when it is touched; between two touches marks move. Here the same formula
(lasalle.plain.margin) is said over positions, open orders, cash and the table in force, after the
last event that was folded. It binds nobody: what an order may do is judged by the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lasalle import wire
from lasalle.clearing import Held, Published, PublishedRow
from lasalle.plain.evolve import WRITES
from lasalle.plain.evolve_delivery import DELIVERY_WRITES
from lasalle.plain.evolve_joining import bar
from lasalle.plain.evolve_orders import move_position
from lasalle.plain.margin import Judgement, Open, exposures, judge
from lasalle.plain.obligations import Obligations
from lasalle.plain.records import state_of
from lasalle.plain.securing import counted_credit, lacking, needed
from lasalle.plain.state import Account, Collateral, Place, State
from lasalle.views.model import LIVE, OrderView, Port, Told, port_of
from lasalle.views.requirement import AskedOf, TableArrays, asked_of
from lasalle.wire import Header, LedgerClass, ProductClass

WRITTEN = frozenset(
    (
        "account_opened",
        "asset_defined",
        "limits_set",
        "member_registered",
        "eligibility_set",
        "series_listed",
        "fees_set",
        "margin_table_begun",
        "margin_row_loaded",
        "margin_table_activated",
        "variation_settled",
        "final_settled",
        "transfer_pended",
        "transfer_posted",
        "transfer_voided",
        "collateral_admitted",
        "collateral_valued",
        *DELIVERY_WRITES,
    )
)
"""Events written as the plain core writes them; those of orders are in the owners' view."""
RECORDS = (
    wire.HouseRecord,
    wire.AssetRecord,
    wire.MemberRecord,
    wire.AccountRecord,
    wire.PendingRecord,
    wire.SeriesRecord,
    wire.PositionRecord,
    wire.TableRecord,
    wire.RowRecord,
    wire.CollateralRecord,
    wire.DeliveryTermsRecord,
    wire.DeliveryRecord,
    wire.MeteredRecord,
    wire.DeliveryOfferRecord,
    wire.ExerciseRecord,
    wire.DeliveryCreditRecord,
    wire.FinalHoursRecord,
    wire.ExchangeRecord,
    wire.GuaranteeRecord,
)
TOUCHED = frozenset(
    {m for m in wire.MESSAGES.values() if m.NAME in WRITTEN}
    | {wire.Traded, wire.TradeBusted, wire.TradeAdjusted, wire.PositionTransferred}
    | {wire.AccountPorted}
)
USD = 1
SET_ASIDE = (
    LedgerClass.DUE_FROM_MEMBER,
    LedgerClass.DELIVERY_MARGIN,
    LedgerClass.PERFORMANCE_BOND,
)
"""Dollars of an account, beside its cash, that the coverage test looks at."""


class MarginView:
    """Table, marks, hours, fees, holds, and what positions cost since their last settlement."""

    def __init__(self) -> None:
        self._state = State()
        self._arrays: TableArrays | None = None
        self.last_event = 0
        self.defaults: set[int] = set()
        """Members in default."""
        self.ports: dict[int, list[Port]] = {}
        """Of each account that became another member's, when it did."""
        self.sides: dict[int, tuple[int, int]] = {}
        """Seller and buyer of each delivery that was there since the house was opened."""

    def restore(self, records: list[Told], last_event: int, ports: Iterable[Port] = ()) -> None:
        """Takes the state a core's records tell after an event, and the ports before it."""
        for port in ports:
            self.ports.setdefault(port.account, []).append(port)
        kept = (record for _, record in records if type(record) in RECORDS)
        self._state, self.last_event = state_of(kept), last_event
        owed = self._state.owed.deliveries
        self.sides = {number: (d.account, d.buyer) for number, d in owed.items()}
        self.defaults = {r.member for _, r in records if isinstance(r, wire.DefaultRecord)}

    def on(self, header: Header, event: Any) -> None:
        """Writes an event."""
        self.last_event = header.number
        if isinstance(event, wire.DefaultDeclared):
            self.defaults.add(event.member)
        elif isinstance(event, wire.DefaultClosed):
            self.defaults.discard(event.member)
        elif isinstance(event, wire.DeliveryMade):
            self.sides[event.delivery] = (event.account, event.buyer)
        if type(event) not in TOUCHED:
            return
        state = self._state
        if isinstance(event, wire.Traded):
            move_position(state, event.buy_account, event.series, event.lots, event.price)
            move_position(state, event.sell_account, event.series, -event.lots, event.price)
        elif event.NAME in WRITTEN:
            place = Place(header.cause, header.time, header.actor)
            WRITES[event.NAME](state, header.number, place, event)
        elif isinstance(event, wire.TradeBusted):
            move_position(state, event.buy_account, event.series, -event.lots, event.price)
            move_position(state, event.sell_account, event.series, event.lots, event.price)
        elif isinstance(event, wire.TradeAdjusted):
            # Lots stay; what they cost changes on both sides.
            for account, lots in (
                (event.buy_account, event.lots),
                (event.sell_account, -event.lots),
            ):
                move_position(state, account, event.series, -lots, event.old_price)
                move_position(state, account, event.series, lots, event.price)
        elif isinstance(event, wire.PositionTransferred):
            move_position(state, event.account, event.series, -event.lots, event.price)
            move_position(state, event.to_account, event.series, event.lots, event.price)
        elif isinstance(event, wire.AccountPorted):
            self.ports.setdefault(event.account, []).append(port_of(header, event))
            state.accounts[event.account].member = event.member
            bar(state, state.accounts[event.account])

    def collateral(self) -> Mapping[int, Collateral]:
        """Terms and last price of each asset that is collateral."""
        return self._state.collateral

    def assets(self) -> Mapping[int, str]:
        """Names of the assets that were defined beside the dollar."""
        return self._state.assets

    def products(self, number: int) -> list[str]:
        """Product classes an account is eligible for (INS-014)."""
        barred = self._state.accounts[number].barred
        return [product.name.lower() for product in ProductClass if not barred & product]

    def limits(self, number: int) -> tuple[int, int, int]:
        """Largest position in a series, lots and micro-dollars of an order of an account
        (INS-007)."""
        account = self._state.accounts[number]
        return account.position_limit, account.order_lots_limit, account.order_value_limit

    def judged(
        self,
        number: int,
        orders: Iterable[OrderView],
        balances: dict[tuple[LedgerClass, int], int],
    ) -> Judgement | None:
        """Both tests of an account; None where the table in force lacks a series it holds."""
        state, account = self._state, self._state.accounts[number]
        for asset in (USD, *state.collateral):
            cash = balances.get((LedgerClass.CASH, asset), 0)
            state.balances[LedgerClass.CASH, number, asset] = cash
        self._set_aside(number, balances)
        live = [
            Open(o.accepted.series, o.accepted.side, o.price, o.lots)
            for o in orders
            if o.status == LIVE
        ]
        if state.table is not None and not self._rows_for(account, live):
            return None
        return judge(state, account, live)

    def asked(
        self,
        number: int,
        orders: Iterable[OrderView],
        balances: dict[tuple[LedgerClass, int], int],
    ) -> AskedOf | None:
        """What an account is asked; None where the table in force lacks a series it holds."""
        state, account = self._state, self._state.accounts[number]
        for asset in state.collateral:
            units = balances.get((LedgerClass.CASH, asset), 0)
            state.balances[LedgerClass.CASH, number, asset] = units
        self._set_aside(number, balances)
        if state.table is None:
            self._arrays = None
        elif self._arrays is None or self._arrays.table is not state.table:
            self._arrays = TableArrays(state.table)
        live = [
            Open(o.accepted.series, o.accepted.side, o.price, o.lots)
            for o in orders
            if o.status == LIVE
        ]
        return asked_of(state, self._arrays, account, live)

    def _set_aside(self, number: int, balances: dict[tuple[LedgerClass, int], int]) -> None:
        for class_ in SET_ASIDE:
            self._state.balances[class_, number, USD] = balances.get((class_, USD), 0)

    @property
    def owed(self) -> Obligations:
        """Deliveries and what belongs to them, as the last event left them."""
        return self._state.owed

    def lacks(self, number: int, balances: dict[tuple[LedgerClass, int], int]) -> int:
        """Micro-dollars an account has not set aside of what its deliveries need (DEL-027)."""
        self._set_aside(number, balances)
        return lacking(self._state, number)

    def needs(self, number: int) -> int:
        """Micro-dollars the deliveries of an account need, both sides of all of them."""
        return needed(self._state, number)

    def counts(self, number: int) -> int:
        """Micro-dollars that hardware and spare capacity count toward it (DEL-034)."""
        return counted_credit(self._state, number)

    def published(self) -> Published | None:
        """The table in force with marks and hours as they are now; None before the first."""
        return published_of(self._state)

    def portfolio(self, number: int, orders: Iterable[OrderView]) -> dict[str, Held]:
        """Lots and open lots of an account by symbol."""
        state = self._state
        live = [
            Open(o.accepted.series, o.accepted.side, o.price, o.lots)
            for o in orders
            if o.status == LIVE
        ]
        found = exposures(state.accounts[number], live)
        return {state.series[n].symbol: Held(e.lots, e.buys, e.sells) for n, e in found.items()}

    def _rows_for(self, account: Account, live: list[Open]) -> bool:
        assert self._state.table is not None, "asked only with a table in force"
        return {*account.positions, *(o.series for o in live)} <= self._state.table.series.keys()


def published_of(state: State) -> Published | None:
    """The table in force as everyone may read it."""
    table = state.table
    if table is None:
        return None
    rows = [(state.series[number], row) for number, row in sorted(table.series.items())]
    return Published(
        table=table.table,
        scenarios=tuple((label.kind, label.group) for label in table.scenarios),
        scan_rows=tuple((row.group, row.weight) for row in table.rows),
        series=tuple(
            PublishedRow(
                symbol=series.symbol,
                is_option=series.is_option,
                hours=series.hours,
                mark=series.mark,
                liquidity=row.liquidity,
                concentration_lots=row.concentration_lots,
                concentration=row.concentration,
                losses=tuple(row.losses),
            )
            for series, row in rows
        ),
    )
