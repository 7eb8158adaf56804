"""What must hold whatever happens; one checker, one sentence, each can be shown to fail.

A checker sees every event twice, before and after the auditor has written it, and the core's own
state after every command.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lasalle import wire
from lasalle.plain.state import State
from lasalle.sim.cover import cover_of
from lasalle.sim.mirror import USD, Mirror, Resting
from lasalle.sim.model import Violation
from lasalle.wire import AccountKind, Aggressor, LedgerClass, LossLayer, SeriesState, Side


class Checker:
    """Says nothing; the others say what they look for."""

    name = ""

    def __init__(self) -> None:
        self.number = 0

    def before(self, mirror: Mirror, event: Any) -> None:
        """An event that the auditor is about to write."""

    def after(self, mirror: Mirror, event: Any) -> None:
        """An event that the auditor has written."""

    def command(self, mirror: Mirror, state: State) -> None:
        """The core's state after a command."""

    def claim(self, holds: bool, sentence: str) -> None:
        if not holds:
            raise Violation(self.name, sentence, self.number)


class Ledger(Checker):
    """Per asset all balances sum to zero."""

    name = "ledger"

    def command(self, mirror: Mirror, state: State) -> None:
        sums: dict[int, int] = defaultdict(int)
        for (_, _, asset), balance in state.balances.items():
            sums[asset] += balance
        for asset, total in sums.items():
            self.claim(not total, f"asset {asset} sums to {total} micro-dollars")


class Transit(Checker):
    """The settlement account is empty between commands."""

    name = "settlement"

    def command(self, mirror: Mirror, state: State) -> None:
        for asset in state.assets:
            found = state.balance(LedgerClass.SETTLEMENT, 0, asset)
            self.claim(not found, f"{found} micro-dollars of asset {asset} are left in transit")


class NotNegative(Checker):
    """No account flagged non-negative goes below zero, and no cash below what is on hold."""

    name = "non-negative"

    def command(self, mirror: Mirror, state: State) -> None:
        for (class_, account, asset), balance in state.balances.items():
            self.claim(
                balance >= 0 or class_ not in wire.NON_NEGATIVE,
                f"{class_.name} of account {account} is {balance} of asset {asset}",
            )
        for account, holder in mirror.accounts.items():
            free = holder.cash[USD] - holder.held[USD]
            self.claim(free >= 0, f"account {account} has {free} micro-dollars less than it holds")


class Positions(Checker):
    """Per series lots and costs sum to zero."""

    name = "positions"

    def command(self, mirror: Mirror, state: State) -> None:
        lots: dict[int, int] = defaultdict(int)
        cost: dict[int, int] = defaultdict(int)
        for account in state.accounts.values():
            for series, position in account.positions.items():
                lots[series] += position.lots
                cost[series] += position.cost
        for series, total in lots.items():
            self.claim(not total, f"positions of series {series} sum to {total} lots")
            self.claim(not cost[series], f"costs of series {series} sum to {cost[series]}")


class Priority(Checker):
    """Best price first, then first come: who trades is whom the auditor's queue names."""

    name = "priority"

    def before(self, mirror: Mirror, event: Any) -> None:
        if not isinstance(event, wire.Traded):
            return
        for side, order, level in (
            (Side.BUY, event.buy_order, event.buy_price),
            (Side.SELL, event.sell_order, event.sell_price),
        ):
            if level:
                first = mirror.queue(event.series, side)[0]
                self.claim(
                    first.order == order,
                    f"order {order} traded, {first.order} at {first.price} came before it",
                )
                continuous = event.aggressor != Aggressor.NONE
                fair = level == event.price or not continuous
                self.claim(fair, f"order {order} rests at {level} and traded at {event.price}")
        self.claim(
            event.lots > 0 and _reaches(mirror, event), f"a trade of {event.lots} at {event.price}"
        )

    def command(self, mirror: Mirror, state: State) -> None:
        for series, book in state.books.items():
            for side in Side:
                found = [o.order for o in book.orders(side)]
                told = [o.order for o in mirror.queue(series, side)]
                self.claim(found == told, f"series {series}: queue {found}, events tell {told}")


def _reaches(mirror: Mirror, event: wire.Traded) -> bool:
    """Neither side trades beyond its limit."""
    buy, sell = mirror.orders[event.buy_order], mirror.orders[event.sell_order]
    return buy.price >= event.price >= sell.price


class NotCrossed(Checker):
    """In continuous trading the best bid lies below the best offer."""

    name = "crossed"

    def command(self, mirror: Mirror, state: State) -> None:
        for number, series in state.series.items():
            bid, ask = state.books[number].best(Side.BUY), state.books[number].best(Side.SELL)
            if series.state == SeriesState.OPEN and not state.halted and bid and ask:
                self.claim(
                    bid.price < ask.price,
                    f"series {number}: bid {bid.price}, offer {ask.price}",
                )


class Covered(Checker):
    """No order is accepted and no cash or position leaves beyond the account's margin."""

    name = "cover"

    def __init__(self) -> None:
        super().__init__()
        self.deficit, self.winner = False, 0

    def before(self, mirror: Mirror, event: Any) -> None:
        if isinstance(event, wire.OrderAccepted) and not event.close_out:
            self.deficit = not cover_of(mirror, mirror.accounts[event.account]).holds

    def after(self, mirror: Mirror, event: Any) -> None:
        if isinstance(event, wire.OrderAccepted) and not event.close_out:
            order = mirror.orders[event.order]
            if not (self.deficit and _only_reduces(mirror, order)):
                self._holds(mirror, event.account, f"order {event.order} was accepted")
        elif isinstance(event, wire.OrderReplaced) and not event.kept:
            self._holds(mirror, event.account, f"order {event.order} was replaced")
        elif isinstance(event, wire.TransferPended) and event.asset == USD:
            self._holds(mirror, event.account, f"withdrawal {event.transfer} was set aside")
        elif isinstance(event, wire.PositionTransferred) and event.offer:
            for account in (event.account, event.to_account):
                self._holds(mirror, account, f"offer {event.offer} was taken")
        elif isinstance(event, wire.SliceAwarded):
            self.winner = event.account

    def command(self, mirror: Mirror, state: State) -> None:
        """Who takes a slice out of a default is covered when it is paid."""
        if self.winner:
            self._holds(mirror, self.winner, "a slice was taken")
        self.winner = 0

    def _holds(self, mirror: Mirror, account: int, what: str) -> None:
        found = cover_of(mirror, mirror.accounts[account])
        self.claim(
            found.holds,
            f"{what} with account {account} at cover {found.cover} of {found.required}, "
            f"free {found.free} of {found.needed}",
        )


def _only_reduces(mirror: Mirror, order: Resting) -> bool:
    """An order that takes the position towards zero and no further, its premium at hand."""
    holder = mirror.accounts[order.account]
    position = holder.positions[order.series][0] if order.series in holder.positions else 0
    position *= -1 if order.side == Side.BUY else 1
    key = (order.series, order.side)
    same = sum(o.lots for o in holder.orders.values() if (o.series, o.side) == key)
    premiums = sum(
        o.price * o.lots * mirror.series[o.series].hours
        for o in holder.orders.values()
        if o.side == Side.BUY and mirror.series[o.series].is_option
    )
    at_hand = holder.cash[USD] - holder.held[USD] >= premiums
    return position > 0 and same <= position and at_hand


class FillsHold(Checker):
    """A fill at unchanged marks never uncovers an account that was covered."""

    name = "fills"

    def __init__(self) -> None:
        super().__init__()
        self.covered: tuple[int, ...] = ()

    def before(self, mirror: Mirror, event: Any) -> None:
        if isinstance(event, wire.Traded):
            sides = (event.buy_account, event.sell_account)
            self.covered = tuple(a for a in sides if cover_of(mirror, mirror.accounts[a]).holds)

    def after(self, mirror: Mirror, event: Any) -> None:
        if isinstance(event, wire.Traded):
            for account in self.covered:
                found = cover_of(mirror, mirror.accounts[account])
                self.claim(found.holds, f"a fill left account {account} at {found}")


class Waterfall(Checker):
    """Cash first, then the house's liquidity, then a shortfall, and then the market stands
    still."""

    name = "waterfall"

    def after(self, mirror: Mirror, event: Any) -> None:
        if not isinstance(event, wire.PaymentPosted):
            return
        holder = mirror.accounts[event.account]
        free = holder.cash[USD] - holder.held[USD]
        owed = event.advanced + event.shortfall
        self.claim(
            event.amount >= 0 or event.from_cash + owed == -event.amount,
            f"account {event.account} owed {-event.amount}, {event.from_cash} + {owed} came",
        )
        self.claim(not owed or free == 0, f"{owed} owed with {free} of free cash")
        self.claim(
            not event.shortfall or mirror.liquidity == 0,
            f"shortfall of {event.shortfall} with {mirror.liquidity} of liquidity",
        )
        self.claim(
            event.amount <= 0 or event.to_dues == event.amount or holder.due == 0,
            f"account {event.account} received and still owes {holder.due}",
        )

    def command(self, mirror: Mirror, state: State) -> None:
        self.claim(
            not mirror.shortfall or mirror.halted is not None, "trading goes on with a shortfall"
        )


class Audited(Checker):
    """Events alone tell the core's state: cash, dues, holds, positions, orders, marks."""

    name = "audit"

    def command(self, mirror: Mirror, state: State) -> None:
        for number, holder in mirror.accounts.items():
            account = state.accounts[number]
            for asset in state.assets:
                found = state.balance(LedgerClass.CASH, number, asset)
                self.claim(
                    found == holder.cash[asset],
                    f"account {number} has {found}, events tell {holder.cash[asset]}",
                )
            self.claim(state.due(number) == holder.due, f"dues of account {number}")
            told = {s: (p[0], p[1]) for s, p in holder.positions.items()}
            has = {s: (p.lots, p.cost) for s, p in account.positions.items()}
            self.claim(told == has, f"account {number} has positions {has}, events tell {told}")
            live = {o.order: o.lots for o in account.orders.values()}
            named = {o.order: o.lots for o in holder.orders.values()}
            self.claim(live == named, f"account {number} has orders {live}, events tell {named}")
        self.claim(
            state.balance(LedgerClass.HOUSE_LIQUIDITY) == mirror.liquidity, "the house's liquidity"
        )


class Once(Checker):
    """A client reference is carried out once, however often it is asked."""

    name = "once"

    def __init__(self) -> None:
        super().__init__()
        self.used: set[tuple[int, str]] = set()

    def after(self, mirror: Mirror, event: Any) -> None:
        reference = getattr(event, "reference", "")
        if reference:
            key = (event.account, reference)
            self.claim(key not in self.used, f"reference {reference} was carried out twice")
            self.used.add(key)


class Losses(Checker):
    """A loss is the sum of its layers and nothing of it stays due; no client bears it but from its
    own cash for its own dues, or from a gain, and then it owes nothing."""

    name = "losses"

    def __init__(self) -> None:
        super().__init__()
        self.found: wire.LossFound | None = None
        self.borne = 0
        self.owing: list[int] = []
        self.kind: dict[int, AccountKind] = {}

    def before(self, mirror: Mirror, event: Any) -> None:
        if isinstance(event, wire.AccountOpened):
            self.kind[event.account] = event.account_kind
        elif isinstance(event, wire.LossFound):
            self.found, self.borne, self.owing = event, 0, []
        elif isinstance(event, wire.LossAllocated):
            self.borne += event.amount
            self.owing.append(event.due_account)
            if self.kind.get(event.account) == AccountKind.CLIENT:
                own = event.layer == LossLayer.MARGIN and event.account == event.due_account
                gives = event.layer == LossLayer.CLIENT_GAINS
                fair = (own or gives) and not event.owed
                self.claim(fair, f"client {event.account} bears {event.layer.name}")

    def command(self, mirror: Mirror, state: State) -> None:
        if self.found is None:
            return
        loss = self.found.loss
        self.claim(self.borne == loss, f"a loss of {loss}, its layers come to {self.borne}")
        for account in self.owing:
            due = mirror.accounts[account].due
            self.claim(not due, f"account {account} still owes {due} of a loss that was spread")
        self.found = None


def all_checkers() -> list[Checker]:
    """One of each."""
    kinds = (
        *(Ledger, Transit, NotNegative, Positions, Priority, NotCrossed),
        *(Covered, FillsHold, Waterfall, Losses, Once, Audited),
    )
    return [kind() for kind in kinds]
