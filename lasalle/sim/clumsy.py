"""Mistakes members, programs and strangers make: each is refused, and none may do harm."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from lasalle import wire
from lasalle.sim.clock import DAY, MINUTE
from lasalle.sim.members import Members
from lasalle.sim.mirror import Mirror
from lasalle.sim.model import (
    ACCOUNTS,
    BY_ACCOUNT,
    CALL,
    CENT,
    DOLLAR,
    FRONT,
    OPERATORS,
    READER,
    actor_of,
)
from lasalle.venue.sequencer import Asked
from lasalle.wire import Bound, OrderType, SelfTrade, Side, TimeInForce

GTC = TimeInForce.GTC
SLIPS: tuple[dict[str, Any], ...] = (
    {"lots": 0},
    {"lots": Bound.ORDER_LOTS + 1},
    {"lots": 201},
    {"price": 0},
    {"price": 250 * CENT + 1},
    {"price": Bound.PRICE + CENT},
    {"price": 900 * CENT, "side": Side.BUY},
    {"series": 99},
    {"order_type": OrderType.MARKET, "time_in_force": TimeInForce.IOC},
    {"post_only": True, "time_in_force": TimeInForce.IOC},
    {"expiry": 1},
    {"stop_price": CENT},
    {"display_lots": 9},
    {"minimum_lots": 9},
    {"lots": 180, "price": 270 * CENT, "account": 7},
    {"lots": 200, "account": 3, "side": Side.SELL},
    {"reference": "tab\there"},
    {"account": 7, "series": CALL, "lots": 190, "price": 24 * CENT, "side": Side.BUY},
    {"account": 7, "series": CALL, "lots": 120, "price": 24 * CENT, "side": Side.BUY},
    {"account": 99},
    {"close_out": True},
)
"""Fields of an order that go wrong, one line a slip."""


class Clumsy:
    """Draws one mistake."""

    def __init__(self, random: Random, mirror: Mirror, members: Members) -> None:
        self._random, self._mirror, self._members = random, mirror, members
        self._habits: tuple[Callable[[], Any], ...] = (
            *(self._slip,) * 4,
            *(self._stranger, self._late, self._early, self._same_name, self._alone),
            *(self._missing, self._money, self._transfer, self._again, self._greedy),
        )

    def ask(self) -> list[Asked]:
        """One mistake as commands."""
        found = self._random.choice(self._habits)()
        return found if isinstance(found, list) else [found]

    def _place(self, account: int, /, **more: Any) -> wire.PlaceOrder:
        fields: dict[str, Any] = {
            "account": account,
            "series": FRONT,
            "side": self._random.choice(list(Side)),
            "order_type": OrderType.LIMIT,
            "time_in_force": GTC,
            "self_trade": SelfTrade.CANCEL_NEWEST,
            "price": self._members.mid[FRONT] * CENT,
            "lots": 1,
            "reference": self._members.reference(account if account in BY_ACCOUNT else 1),
        }
        return wire.PlaceOrder(**{**fields, **more})

    def _slip(self) -> Asked:
        slip = self._random.choice(SLIPS)
        account = slip.get("account", self._random.choice(ACCOUNTS).account)
        actor = actor_of(account if account in BY_ACCOUNT else 1)
        return Asked(actor, self._place(account, **slip))

    def _stranger(self) -> Asked:
        """Somebody who may not."""
        actor = self._random.choice((999, READER, 103, OPERATORS[0]))
        return Asked(actor, self._place(1))

    def _late(self) -> Asked:
        """An order that says it was first sent eight days ago."""
        return Asked(actor_of(3), self._place(3, reference_time=self._mirror.time - 8 * DAY))

    def _early(self) -> Asked:
        return Asked(actor_of(3), self._place(3, reference_time=self._mirror.time + DAY))

    def _same_name(self) -> list[Asked]:
        """Two different orders under one reference."""
        first = self._place(4)
        second = self._place(4, lots=2, reference=first.reference)
        return [Asked(actor_of(4), first), Asked(actor_of(4), second)]

    def _alone(self) -> list[Asked]:
        """Two eyes where four are needed."""
        funds = wire.FundLiquidity(amount=DOLLAR)
        hasty = wire.Propose(command=funds.KIND, payload=funds.pack())
        own = next(reversed(self._mirror.proposals), 1)
        return [
            Asked(OPERATORS[0], funds),
            Asked(OPERATORS[0], wire.Approve(proposal=own)),
            Asked(OPERATORS[0], hasty),
        ]

    def _greedy(self) -> list[Asked]:
        """Order after order, until the position limit or the margin says no."""
        account, side = self._random.choice((1, 5, 6)), self._random.choice(list(Side))
        return [
            Asked(actor_of(account), self._place(account, lots=200, side=side)) for _ in range(3)
        ]

    def _missing(self) -> Asked:
        """Something that is not there."""
        commands = (
            wire.CancelOrder(account=1, order=1),
            wire.ReplaceOrder(account=1, order=1, price=CENT, lots=1),
            wire.AcceptTransfer(account=1, offer=1),
            wire.ReleaseKillSwitch(account=1),
            wire.MassQuote(account=1, self_trade=SelfTrade.CANCEL_NEWEST, quotes=()),
        )
        return Asked(actor_of(1), self._random.choice(commands))

    def _money(self) -> Asked:
        account = self._random.choice(ACCOUNTS).account
        slips: tuple[dict[str, Any], ...] = (
            {"amount": 0},
            {"asset": 9},
            {"reference": ""},
            {"timeout": -1},
            {"amount": Bound.MONEY},
        )
        fields: dict[str, Any] = {
            "account": account,
            "asset": 1,
            "amount": DOLLAR,
            "timeout": MINUTE,
            "reference": self._members.reference(account),
        }
        command = wire.RequestWithdrawal(**{**fields, **self._random.choice(slips)})
        return Asked(actor_of(account), command)

    def _transfer(self) -> Asked:
        command = wire.OfferTransfer(
            account=1, to_account=2, series=FRONT, lots=10_000, price=250 * CENT
        )
        return Asked(actor_of(1), command)

    def _again(self) -> Asked:
        """What has been done already, or cannot be."""
        commands = (
            wire.SettleVariation(day=1, prices=()),
            wire.PublishFixing(index=1, day=1, price=0),
            wire.ActivateMarginTable(table=1, replaces=0),
            wire.SetSeriesState(series=FRONT, state=wire.SeriesState.LISTED),
            wire.PostWithdrawal(transfer=1),
            wire.SuspendMember(member=77),
        )
        return Asked(OPERATORS[0], self._random.choice(commands))
