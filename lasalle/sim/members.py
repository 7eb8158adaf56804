"""Members with habits: what labs, suppliers, funds and makers ask during a day.

Each day draws its own mix of habits. What a member knows it has from events.
"""

from __future__ import annotations

from random import Random
from typing import Any

from lasalle import wire
from lasalle.sim.clock import MINUTE, MS, SECOND
from lasalle.sim.mirror import Mirror
from lasalle.sim.model import (
    ACCOUNTS,
    BY_ACCOUNT,
    BY_SERIES,
    CALL,
    CENT,
    DOLLAR,
    DYING,
    FRONT,
    NEXT,
    PUT,
    SWAP,
    THIN,
    actor_of,
)
from lasalle.venue.sequencer import Asked
from lasalle.wire import OrderType, SelfTrade, SeriesState, Side, TimeInForce

ORDER_HABITS = {
    "limit": 6,
    "ioc": 3,
    "fok": 1,
    "market": 1,
    "stop": 2,
    "stop_limit": 1,
    "iceberg": 2,
    "minimum": 1,
    "post_only": 1,
    "till": 1,
    "replace": 3,
    "cancel": 2,
    "cancel_by_name": 1,
    "mass_cancel": 1,
    "quote": 4,
    "protect": 1,
    "dead_man": 1,
    "kill": 1,
    "withdraw": 1,
    "deposit": 1,
    "hand_over": 1,
    "tighten": 1,
    "bet": 4,
}
"""Habits and how often a member of a middling day has them."""
LOTS = (1, 2, 5, 10, 20, 40)


class Members:
    """Draws what members ask next, from one stream of chance and the events so far."""

    def __init__(self, random: Random, mirror: Mirror) -> None:
        self._random = random
        self._mirror = mirror
        self._sequence = 0
        self._sessions = {row.account: 1_000 + row.account for row in ACCOUNTS}
        self.mid = {series: row.price // CENT for series, row in BY_SERIES.items()}
        """Where members believe each series to be, in cents."""
        self._mix = {h: w * random.choice((0, 1, 1, 3)) for h, w in ORDER_HABITS.items()}
        self._mix["limit"] += 4
        self._bets_on = random.choice(list(Side))

    def ask(self) -> list[Asked]:
        """One habit's commands; none when it finds nothing to do."""
        habits = list(self._mix)
        habit = self._random.choices(habits, [self._mix[h] for h in habits])[0]
        for series in (FRONT, NEXT, SWAP, DYING):
            self.mid[series] += self._random.choice((-1, 0, 0, 0, 1))
        found: list[Asked] = getattr(self, "_" + habit)()
        return found

    def new_session(self, account: int) -> None:
        """A member logs on again after its session was lost."""
        self._sessions[account] += 100

    def reference(self, account: int) -> str:
        self._sequence += 1
        return f"{BY_ACCOUNT[account].habit}{account}-{self._sequence}"

    # -- orders ----------------------------------------------------------------------------------

    def _account(self) -> int:
        return self._random.choice(ACCOUNTS).account

    def _order(self, **more: Any) -> list[Asked]:
        chance = self._random
        account = more.pop("account", 0) or self._account()
        series = chance.choice((FRONT, FRONT, FRONT, NEXT, CALL, CALL, PUT, SWAP, DYING))
        series = more.pop("series", series)
        habit = BY_ACCOUNT[account].habit
        buys = {"lab": 0.75, "supplier": 0.2}.get(habit, 0.5)
        fields: dict[str, Any] = {
            "account": account,
            "series": series,
            "side": Side.BUY if chance.random() < buys else Side.SELL,
            "order_type": OrderType.LIMIT,
            "time_in_force": chance.choice((TimeInForce.DAY, TimeInForce.GTC)),
            "self_trade": chance.choice(list(SelfTrade)),
            "price": max(1, self.mid[series] + chance.randint(-4, 4)) * CENT,
            "lots": chance.choice(LOTS[:3] if series == SWAP else LOTS),
            "session": chance.choice((0, self._sessions[account])),
            "label": chance.choice((0, 7)),
            "reference": self.reference(account),
            "reference_time": chance.choice((0, self._mirror.time)),
        }
        fields.update(more)
        return [Asked(actor_of(account), wire.PlaceOrder(**fields))]

    def _limit(self) -> list[Asked]:
        return self._order()

    def _ioc(self) -> list[Asked]:
        return self._order(time_in_force=TimeInForce.IOC)

    def _fok(self) -> list[Asked]:
        return self._order(time_in_force=TimeInForce.FOK)

    def _market(self) -> list[Asked]:
        return self._order(order_type=OrderType.MARKET, price=0, time_in_force=TimeInForce.IOC)

    def _away(self) -> int:
        return (self.mid[FRONT] + self._random.choice((-1, 1)) * self._random.randint(1, 4)) * CENT

    def _stop(self) -> list[Asked]:
        stop = self._away()
        return self._order(series=FRONT, order_type=OrderType.STOP, price=0, stop_price=stop)

    def _stop_limit(self) -> list[Asked]:
        stop = self._away()
        return self._order(series=FRONT, order_type=OrderType.STOP_LIMIT, stop_price=stop)

    def _iceberg(self) -> list[Asked]:
        return self._order(lots=20, display_lots=self._random.choice((1, 3, 5)))

    def _minimum(self) -> list[Asked]:
        return self._order(lots=10, minimum_lots=self._random.choice((1, 5, 10)))

    def _post_only(self) -> list[Asked]:
        return self._order(post_only=True)

    def _till(self) -> list[Asked]:
        end = self._mirror.time + self._random.choice((SECOND, MINUTE, 30 * MINUTE))
        return self._order(time_in_force=TimeInForce.GTD, expiry=end)

    def _bet(self) -> list[Asked]:
        """The thin fund takes all the margin lets it, one way all day."""
        side = self._bets_on
        price = (self.mid[FRONT] + (4 if side == Side.BUY else -4)) * CENT
        lots = self._random.choice((10, 40))
        return self._order(account=THIN, series=FRONT, side=side, price=price, lots=lots)

    def _live(self) -> Any:
        live = list(self._mirror.orders.values())
        return self._random.choice(live) if live else None

    def _replace(self) -> list[Asked]:
        order = self._live()
        if order is None:
            return []
        stay = self._random.random() < 0.4
        price = max(1, self.mid[order.series] + self._random.randint(-4, 4)) * CENT
        command = wire.ReplaceOrder(
            account=order.account,
            order=order.order,
            price=order.price if stay else price,
            lots=max(1, order.lots - 1) if stay else self._random.choice(LOTS),
            reference=self.reference(order.account),
            reference_time=self._mirror.time,
        )
        return [Asked(actor_of(order.account), command)]

    def _cancel(self) -> list[Asked]:
        order = self._live()
        if order is None:
            return []
        command = wire.CancelOrder(account=order.account, order=order.order)
        return [Asked(actor_of(order.account), command)]

    def _cancel_by_name(self) -> list[Asked]:
        """Places an order and names it in the same breath."""
        asked = self._order()
        placed = asked[0].command
        cancel = wire.CancelOrder(account=placed.account, target=placed.reference)
        return [*asked, Asked(asked[0].actor, cancel)]

    def _mass_cancel(self) -> list[Asked]:
        account = self._account()
        command = wire.MassCancel(
            account=account,
            series=self._random.choice((0, FRONT)),
            session=self._random.choice((0, self._sessions[account])),
            label=self._random.choice((0, 7)),
        )
        return [Asked(actor_of(account), command)]

    # -- makers ----------------------------------------------------------------------------------

    def _maker(self) -> int:
        return self._random.choice([r.account for r in ACCOUNTS if r.habit == "maker"])

    def _quote(self) -> list[Asked]:
        account, chance = self._maker(), self._random
        quotes = []
        for series in sorted(chance.sample((FRONT, NEXT, CALL, PUT), chance.randint(1, 4))):
            mid, half = self.mid[series], chance.randint(1, 2)
            lots = 0 if chance.random() < 0.1 else chance.choice(LOTS)
            quotes.append(
                wire.Quote(
                    series, (mid - half) * CENT, lots, (mid + chance.randint(0, half)) * CENT, lots
                )
            )
        command = wire.MassQuote(
            account=account,
            self_trade=SelfTrade.CANCEL_OLDEST,
            quotes=tuple(quotes),
            session=self._sessions[account],
        )
        return [Asked(actor_of(account), command)]

    def _protect(self) -> list[Asked]:
        account = self._maker()
        command = wire.SetMakerProtection(
            account=account,
            group=self._random.choice((1, 2)),
            interval=10 * MINUTE,
            lots_limit=self._random.choice((0, 10, 30)),
            delta_limit=20_000_000,
            vega_limit=500_000,
        )
        return [Asked(actor_of(account), command)]

    def _dead_man(self) -> list[Asked]:
        account = self._account()
        timeout = self._random.choice((0, 500 * MS, 20 * SECOND))
        return [Asked(actor_of(account), wire.ArmDeadMan(account=account, timeout=timeout))]

    # -- risk, money, positions ------------------------------------------------------------------

    def _kill(self) -> list[Asked]:
        account = self._account()
        return [
            Asked(actor_of(account), wire.EngageKillSwitch(account=account)),
            *self._order(account=account),
            Asked(actor_of(account), wire.ReleaseKillSwitch(account=account)),
        ]

    def _tighten(self) -> list[Asked]:
        account = self._account()
        command = wire.SetLimits(
            account=account,
            position_limit=self._random.choice((300, 400, 500)),
            order_lots_limit=self._random.choice((100, 200)),
            order_value_limit=60_000 * DOLLAR,
        )
        return [Asked(actor_of(account), command)]

    def _withdraw(self) -> list[Asked]:
        account = self._account()
        command = wire.RequestWithdrawal(
            account=account,
            asset=1,
            amount=self._random.choice((100, 2_000, 20_000)) * DOLLAR,
            timeout=self._random.choice((0, SECOND, MINUTE)),
            reference=self.reference(account),
            reference_time=self._mirror.time,
        )
        return [Asked(actor_of(account), command)]

    def _deposit(self) -> list[Asked]:
        """The bank's program tells the house, which is the only one that may book it."""
        account = self._account()
        command = wire.Deposit(
            account=account,
            asset=self._random.choice((1, 1, 2)),
            amount=self._random.choice((10, 300)) * DOLLAR,
            reference=self.reference(account),
            reference_time=self._mirror.time,
        )
        return [Asked(1, command)]

    def _hand_over(self) -> list[Asked]:
        """A position is offered, and offers that stand are taken by whom they were made to."""
        if self._mirror.offers and self._random.random() < 0.6:
            offered = self._random.choice(list(self._mirror.offers.values()))
            if self._random.random() < 0.2:
                account = self._random.choice((offered.account, offered.to_account))
                withdraw = wire.WithdrawOffer(account=account, offer=offered.offer)
                return [Asked(actor_of(account), withdraw)]
            accept = wire.AcceptTransfer(account=offered.to_account, offer=offered.offer)
            return [Asked(actor_of(offered.to_account), accept)]
        held = [
            (account, series, position[0])
            for account, holder in self._mirror.accounts.items()
            for series, position in holder.positions.items()
            if position[0] and self._mirror.series[series].state == SeriesState.OPEN
        ]
        if not held:
            return []
        account, series, lots = self._random.choice(held)
        # The thin fund is offered what others may well carry and it may not.
        thin = account != THIN and self._random.random() < 0.4
        others = [r.account for r in ACCOUNTS if r.account != account]
        to = THIN if thin else self._random.choice(others)
        part = lots // abs(lots) * self._random.randint(1, abs(lots))
        offer = wire.OfferTransfer(
            account=account,
            to_account=to,
            series=series,
            lots=part,
            price=max(1, self.mid[series]) * CENT,
        )
        return [Asked(actor_of(account), offer)]
