"""The house as an auditor knows it: folded from events alone, by its own hand.

It shares nothing with the core but the schema, so that a checker which asks it does not ask the
core about itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lasalle import wire
from lasalle.wire import HaltReason, LossLayer, SeriesKind, SeriesState, Side, TransferReason

USD = 1


@dataclass(slots=True)
class Resting:
    """A live order; `place` is the event that gave it its place in the queue, 0 outside the
    book."""

    order: int
    account: int
    series: int
    side: Side
    price: int
    lots: int
    close_out: bool
    session: int
    visible: int = 0
    place: int = 0


@dataclass(slots=True)
class Terms:
    """What an auditor knows of a series."""

    kind: SeriesKind
    hours: int
    fees: int
    mark: int = 0
    state: SeriesState = SeriesState.LISTED

    @property
    def is_option(self) -> bool:
        return self.kind in (SeriesKind.CALL, SeriesKind.PUT)


@dataclass(slots=True)
class Holding:
    """What an auditor knows of an account: cash, holds and dues in micro-dollars; positions as
    [lots, cost]."""

    cash: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    due: int = 0
    orders: dict[int, Resting] = field(default_factory=dict)
    positions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


class Mirror:
    """Everything the checkers need, after event `event` of command `number`."""

    def __init__(self) -> None:
        self.number = 0
        self.time = 0
        self.event = 0
        self.accounts: dict[int, Holding] = {}
        self.series: dict[int, Terms] = {}
        self.orders: dict[int, Resting] = {}
        self.pendings: dict[int, tuple[int, int, int]] = {}
        self.trades: dict[int, wire.Traded] = {}
        self.offers: dict[int, wire.TransferOffered] = {}
        self.proposals: dict[int, wire.Proposed] = {}
        self.liquidity = 0
        self.shortfall = 0
        self.halted: HaltReason | None = None
        self.labels: tuple[wire.Scenario, ...] = ()
        self.weights: tuple[wire.ScanRow, ...] = ()
        self.rows: dict[int, wire.MarginRowLoaded] = {}
        self.table = 0
        self.day = 0
        self._loading: tuple[wire.MarginTableBegun, dict[int, wire.MarginRowLoaded]] | None = None

    def on(self, header: wire.Header, event: Any) -> None:
        """Writes an event."""
        self.event = header.number
        write = _WRITES.get(type(event))
        if write is not None:
            write(self, header, event)

    def queue(self, series: int, side: Side) -> list[Resting]:
        """Resting orders of a side, first to trade first."""
        sign = -1 if side == Side.BUY else 1
        resting = [
            o for o in self.orders.values() if o.place and (o.series, o.side) == (series, side)
        ]
        return sorted(resting, key=lambda o: (sign * o.price, o.place))

    def order_ends(self, order: int) -> None:
        ended = self.orders.pop(order)
        del self.accounts[ended.account].orders[order]

    def take(self, order: int, lots: int) -> None:
        """Lots leave an order; an empty slice leaves the queue."""
        taken = self.orders[order]
        taken.lots -= lots
        if taken.place:
            taken.visible -= lots
            if not taken.visible:
                taken.place = 0
        if not taken.lots:
            self.order_ends(order)

    def move(self, account: int, series: int, lots: int, price: int) -> None:
        position = self.accounts[account].positions[series]
        position[0] += lots
        if not self.series[series].is_option:
            position[1] += lots * price
        if position == [0, 0]:
            del self.accounts[account].positions[series]

    def repay(self, account: int, amount: int) -> None:
        filled = min(amount, self.shortfall)
        self.shortfall -= filled
        self.liquidity += amount - filled
        self.accounts[account].due -= amount

    def mark(self, series: int, price: int) -> None:
        self.series[series].mark = price

    def begin_table(self, event: wire.MarginTableBegun) -> None:
        self._loading = (event, {})

    def load_row(self, event: wire.MarginRowLoaded) -> None:
        assert self._loading is not None, "a row is loaded into an open table"
        self._loading[1][event.series] = event

    def activate(self) -> None:
        assert self._loading is not None, "an activated table was loaded"
        begun, self.rows = self._loading
        self.table, self.labels, self.weights = begun.table, begun.scenarios, begun.rows
        self._loading = None
        for row in self.rows.values():
            self.mark(row.series, row.mark)


# -- institution and series ----------------------------------------------------------------------


def _opened(mirror: Mirror, header: wire.Header, event: wire.AccountOpened) -> None:
    mirror.accounts[event.account] = Holding()


def _proposed(mirror: Mirror, header: wire.Header, event: wire.Proposed) -> None:
    mirror.proposals[event.proposal] = event


def _proposal_gone(
    mirror: Mirror,
    header: wire.Header,
    event: wire.Approved | wire.ProposalLapsed | wire.ProposalWithdrawn,
) -> None:
    del mirror.proposals[event.proposal]


def _listed(mirror: Mirror, header: wire.Header, event: wire.SeriesListed) -> None:
    mirror.series[event.series] = Terms(event.series_kind, event.hours, 0)
    _fees(mirror, header, event)


def _fees(mirror: Mirror, header: wire.Header, event: Any) -> None:
    worst = max(event.maker_fee, event.taker_fee) + event.clearing_fee
    mirror.series[event.series].fees = worst


def _state(mirror: Mirror, header: wire.Header, event: wire.SeriesStateChanged) -> None:
    mirror.series[event.series].state = event.state


def _halted(mirror: Mirror, header: wire.Header, event: wire.MarketHalted) -> None:
    mirror.halted = event.reason


def _resumed(mirror: Mirror, header: wire.Header, event: wire.MarketResumed) -> None:
    mirror.halted = None


# -- orders and trades ---------------------------------------------------------------------------


def _accepted(mirror: Mirror, header: wire.Header, event: wire.OrderAccepted) -> None:
    order = Resting(
        event.order,
        event.account,
        event.series,
        event.side,
        event.price,
        event.lots,
        event.close_out,
        event.session,
    )
    mirror.orders[event.order] = mirror.accounts[event.account].orders[event.order] = order


def _rested(mirror: Mirror, header: wire.Header, event: Any) -> None:
    order = mirror.orders[event.order]
    order.visible, order.place = event.visible, header.number


def _replaced(mirror: Mirror, header: wire.Header, event: wire.OrderReplaced) -> None:
    order = mirror.orders[event.order]
    order.price, order.lots, order.visible = event.price, event.lots, event.visible
    if not event.kept:
        order.place = 0


def _reduced(mirror: Mirror, header: wire.Header, event: wire.OrderReduced) -> None:
    mirror.take(event.order, event.lots)


def _cancelled(mirror: Mirror, header: wire.Header, event: wire.OrderCancelled) -> None:
    mirror.order_ends(event.order)


def _traded(mirror: Mirror, header: wire.Header, event: wire.Traded) -> None:
    mirror.trades[header.number] = event
    for order, account, fee, sign in (
        (event.buy_order, event.buy_account, event.buy_fee + event.buy_clearing_fee, 1),
        (event.sell_order, event.sell_account, event.sell_fee + event.sell_clearing_fee, -1),
    ):
        mirror.take(order, event.lots)
        mirror.move(account, event.series, sign * event.lots, event.price)
        mirror.accounts[account].cash[USD] -= fee + sign * event.premium


def _busted(mirror: Mirror, header: wire.Header, event: wire.TradeBusted) -> None:
    del mirror.trades[event.trade]
    for account, fee, sign in (
        (event.buy_account, event.buy_fee + event.buy_clearing_fee, -1),
        (event.sell_account, event.sell_fee + event.sell_clearing_fee, 1),
    ):
        mirror.move(account, event.series, sign * event.lots, event.price)
        mirror.accounts[account].cash[USD] += fee


def _adjusted(mirror: Mirror, header: wire.Header, event: wire.TradeAdjusted) -> None:
    for account, lots in ((event.buy_account, event.lots), (event.sell_account, -event.lots)):
        mirror.move(account, event.series, -lots, event.old_price)
        mirror.move(account, event.series, lots, event.price)


def _transferred(mirror: Mirror, header: wire.Header, event: wire.PositionTransferred) -> None:
    mirror.move(event.account, event.series, -event.lots, event.price)
    mirror.move(event.to_account, event.series, event.lots, event.price)
    if event.offer:
        del mirror.offers[event.offer]


def _offered(mirror: Mirror, header: wire.Header, event: wire.TransferOffered) -> None:
    mirror.offers[event.offer] = event


def _offer_ended(mirror: Mirror, header: wire.Header, event: wire.OfferEnded) -> None:
    del mirror.offers[event.offer]


# -- money ---------------------------------------------------------------------------------------


def _posted(mirror: Mirror, header: wire.Header, event: wire.TransferPosted) -> None:
    if event.reason == TransferReason.LIQUIDITY:
        mirror.shortfall -= event.to_dues
        mirror.liquidity += event.amount - event.to_dues
        return
    cash = mirror.accounts[event.account].cash
    if event.reason == TransferReason.DEPOSIT:
        mirror.repay(event.account, event.to_dues)
        cash[event.asset] += event.amount - event.to_dues
    else:
        cash[event.asset] -= event.amount
        _release(mirror, event.pending)


def _pended(mirror: Mirror, header: wire.Header, event: wire.TransferPended) -> None:
    mirror.pendings[event.transfer] = (event.account, event.asset, event.amount)
    mirror.accounts[event.account].held[event.asset] += event.amount


def _voided(mirror: Mirror, header: wire.Header, event: wire.TransferVoided) -> None:
    _release(mirror, event.transfer)


def _release(mirror: Mirror, transfer: int) -> None:
    account, asset, amount = mirror.pendings.pop(transfer)
    mirror.accounts[account].held[asset] -= amount


def _payment(mirror: Mirror, header: wire.Header, event: wire.PaymentPosted) -> None:
    holder = mirror.accounts[event.account]
    if event.amount >= 0:
        mirror.repay(event.account, event.to_dues)
        holder.cash[USD] += event.amount - event.to_dues
        return
    holder.cash[USD] -= event.from_cash
    holder.due += event.advanced + event.shortfall
    mirror.liquidity -= event.advanced
    mirror.shortfall += event.shortfall


def _fund(mirror: Mirror, header: wire.Header, event: Any) -> None:
    back = isinstance(event, wire.FundReturned)
    mirror.accounts[event.account].cash[USD] += event.amount if back else -event.amount


def _allocated(mirror: Mirror, header: wire.Header, event: wire.LossAllocated) -> None:
    if event.layer == LossLayer.LIQUIDITY:
        mirror.accounts[event.due_account].due -= event.amount
        return
    paid = event.amount - event.owed
    mirror.repay(event.due_account, paid)
    if event.layer in (LossLayer.MARGIN, LossLayer.GAINS, LossLayer.CLIENT_GAINS):
        mirror.accounts[event.account].cash[USD] -= paid
    if event.owed:
        mirror.accounts[event.account].due += event.owed
        mirror.accounts[event.due_account].due -= event.owed


# -- margin and settlement -----------------------------------------------------------------------


def _settled(mirror: Mirror, header: wire.Header, event: wire.VariationSettled) -> None:
    mirror.day = event.day
    mirror.trades.clear()
    for item in event.prices:
        mirror.mark(item.series, item.price)
        if mirror.series[item.series].is_option:
            continue
        for holder in mirror.accounts.values():
            if item.series in holder.positions:
                position = holder.positions[item.series]
                position[1] = position[0] * item.price
                if not position[0]:
                    del holder.positions[item.series]


def _final(mirror: Mirror, header: wire.Header, event: wire.FinalSettled) -> None:
    terms = mirror.series[event.series]
    terms.hours -= event.hours
    for trade in [n for n, t in mirror.trades.items() if t.series == event.series]:
        del mirror.trades[trade]
    if event.expired:
        terms.state = SeriesState.EXPIRED
        for holder in mirror.accounts.values():
            holder.positions.pop(event.series, None)
        for offer in [n for n, o in mirror.offers.items() if o.series == event.series]:
            del mirror.offers[offer]


_WRITES: dict[type[Any], Callable[[Mirror, wire.Header, Any], None]] = {
    wire.AccountOpened: _opened,
    wire.Proposed: _proposed,
    wire.Approved: _proposal_gone,
    wire.ProposalWithdrawn: _proposal_gone,
    wire.ProposalLapsed: _proposal_gone,
    wire.SeriesListed: _listed,
    wire.FeesSet: _fees,
    wire.SeriesStateChanged: _state,
    wire.MarketHalted: _halted,
    wire.MarketResumed: _resumed,
    wire.OrderAccepted: _accepted,
    wire.OrderRested: _rested,
    wire.SliceRefreshed: _rested,
    wire.OrderReplaced: _replaced,
    wire.OrderReduced: _reduced,
    wire.OrderCancelled: _cancelled,
    wire.Traded: _traded,
    wire.TradeBusted: _busted,
    wire.TradeAdjusted: _adjusted,
    wire.PositionTransferred: _transferred,
    wire.TransferOffered: _offered,
    wire.OfferEnded: _offer_ended,
    wire.TransferPosted: _posted,
    wire.TransferPended: _pended,
    wire.TransferVoided: _voided,
    wire.PaymentPosted: _payment,
    wire.FundContributed: _fund,
    wire.FundReturned: _fund,
    wire.LossAllocated: _allocated,
    wire.MarginTableBegun: lambda mirror, header, event: mirror.begin_table(event),
    wire.MarginRowLoaded: lambda mirror, header, event: mirror.load_row(event),
    wire.MarginTableActivated: lambda mirror, header, event: mirror.activate(),
    wire.VariationSettled: _settled,
    wire.FinalSettled: _final,
}
