"""Seeded stories: members funded first, prices near each other, each story with its own mix of
habits."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.wire import OrderType, SelfTrade, Side, TimeInForce
from tests.scenario import ROOT, Scenario, tell

FUTURE, CALL = 10, 11
ACCOUNTS = (1, 2, 3, 4)
CENT = 10_000


def market() -> Any:
    """A house in the world of the scenarios."""
    return tell(Scenario("market", [], ["given world=market"], str(ROOT)))


class Teller:
    """Draws the next command of a story; what it knows of the house it has from the events."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.swarm = {
            name: self.random.choice((0, 1, 1, 3))
            for name in (
                "limit",
                "ioc",
                "fok",
                "market",
                "stop",
                "iceberg",
                "minimum",
                "replace",
                "cancel",
                "quote",
                "settle",
                "withdraw",
                "table",
                "auction",
                "kill",
                "transfer",
                "bust",
                "premium",
            )
        }
        self.swarm["limit"] += 4
        self.live: dict[int, tuple[int, int]] = {}
        self.trades: list[int] = []
        self.day = 20260101
        self.table = 1
        self.mid = 250
        self.phase = 0
        self.sequence = 0

    def see(self, header: wire.Header, event: Any) -> None:
        if isinstance(event, wire.OrderAccepted):
            self.live[event.order] = (event.account, event.series)
        elif isinstance(event, wire.OrderCancelled):
            self.live.pop(event.order, None)
        elif isinstance(event, wire.Traded):
            self.trades.append(header.number)

    def next(self) -> list[tuple[Any, int]]:
        """One or several (command, actor)."""
        habits = list(self.swarm)
        habit = self.random.choices(habits, [self.swarm[h] for h in habits])[0]
        self.mid += self.random.choice((-1, 0, 0, 1))
        self.sequence += 1
        return list(getattr(self, "_" + habit)())

    def _account(self) -> int:
        return self.random.choice(ACCOUNTS)

    def _order(self, **more: Any) -> Iterator[tuple[Any, int]]:
        account, series = self._account(), self.random.choice((FUTURE, FUTURE, CALL))
        mid = self.mid if series == FUTURE else 20
        fields: dict[str, Any] = {
            "account": account,
            "series": series,
            "side": self.random.choice(list(Side)),
            "order_type": OrderType.LIMIT,
            "time_in_force": TimeInForce.GTC,
            "self_trade": self.random.choice(list(SelfTrade)),
            "price": max(1, mid + self.random.randint(-4, 4)) * CENT,
            "lots": self.random.choice((1, 2, 5, 10, 40, 120)),
            "reference": f"r{self.sequence}",
        }
        fields.update(more)
        yield wire.PlaceOrder(**fields), 100 + account

    def _limit(self) -> Iterator[tuple[Any, int]]:
        return self._order(post_only=self.random.random() < 0.1)

    def _ioc(self) -> Iterator[tuple[Any, int]]:
        return self._order(time_in_force=TimeInForce.IOC)

    def _fok(self) -> Iterator[tuple[Any, int]]:
        return self._order(time_in_force=TimeInForce.FOK)

    def _market(self) -> Iterator[tuple[Any, int]]:
        return self._order(order_type=OrderType.MARKET, price=0, time_in_force=TimeInForce.IOC)

    def _stop(self) -> Iterator[tuple[Any, int]]:
        away = self.random.randint(1, 3) * self.random.choice((-1, 1))
        return self._order(
            series=FUTURE, order_type=OrderType.STOP, price=0, stop_price=(self.mid + away) * CENT
        )

    def _iceberg(self) -> Iterator[tuple[Any, int]]:
        return self._order(lots=10, display_lots=self.random.choice((1, 3)))

    def _minimum(self) -> Iterator[tuple[Any, int]]:
        return self._order(lots=10, minimum_lots=self.random.choice((1, 5)))

    def _premium(self) -> Iterator[tuple[Any, int]]:
        """An option whose margin an account has at hand, and not its premium."""
        return self._order(series=CALL, side=Side.BUY, lots=520, price=20 * CENT)

    def _replace(self) -> Iterator[tuple[Any, int]]:
        if self.live:
            order = self.random.choice(list(self.live))
            account, series = self.live[order]
            mid = self.mid if series == FUTURE else 20
            yield (
                wire.ReplaceOrder(
                    account=account,
                    order=order,
                    lots=self.random.choice((1, 4, 20)),
                    price=max(1, mid + self.random.randint(-4, 4)) * CENT,
                ),
                100 + account,
            )

    def _cancel(self) -> Iterator[tuple[Any, int]]:
        if self.live:
            order = self.random.choice(list(self.live))
            yield (
                wire.CancelOrder(account=self.live[order][0], order=order),
                (100 + self.live[order][0]),
            )

    def _quote(self) -> Iterator[tuple[Any, int]]:
        account = self._account()
        if self.random.random() < 0.3:
            yield (
                wire.SetMakerProtection(account=account, group=1, interval=10**9, lots_limit=15),
                100 + account,
            )
        quotes = tuple(
            wire.Quote(
                series,
                (mid - self.random.randint(0, 2)) * CENT,
                10,
                (mid + self.random.randint(0, 2)) * CENT,
                10,
            )
            for series, mid in ((FUTURE, self.mid), (CALL, 20))
        )
        yield (
            wire.MassQuote(account=account, self_trade=SelfTrade.CANCEL_NEWEST, quotes=quotes),
            100 + account,
        )

    def _settle(self) -> Iterator[tuple[Any, int]]:
        self.day += 1
        prices = (wire.SeriesPrice(FUTURE, self.mid * CENT), wire.SeriesPrice(CALL, 20 * CENT))
        yield wire.SettleVariation(day=self.day, prices=prices), 1
        yield wire.SweepAccounts(limit=2), 1

    def _withdraw(self) -> Iterator[tuple[Any, int]]:
        account = self._account()
        amount = self.random.choice((10, 4000, 9000)) * 10**6
        yield (
            wire.RequestWithdrawal(
                account=account,
                asset=1,
                amount=amount,
                timeout=10**7,
                reference=f"w{self.sequence}",
            ),
            100 + account,
        )
        yield (
            wire.Deposit(
                account=self._account(), asset=1, amount=amount, reference=f"d{self.sequence}"
            ),
            1,
        )

    def _table(self) -> Iterator[tuple[Any, int]]:
        size = self.random.choice((1, 2, 4))
        label = wire.Scenario(wire.ScenarioKind.SCAN, 1)
        tail = wire.Scenario(wire.ScenarioKind.HISTORICAL, 0)
        self.table += 1
        yield (
            wire.BeginMarginTable(
                table=self.table,
                scenarios=(label, label, tail, tail),
                rows=(wire.ScanRow(1, 10_000),),
            ),
            1,
        )
        for series, loss, mark in ((FUTURE, 20, self.mid), (CALL, 10, 20)):
            losses = tuple(
                wire.ScenarioLoss(x * size * 10**6) for x in (loss, -loss, loss + 5, -loss - 5)
            )
            yield (
                wire.LoadMarginRow(
                    table=self.table,
                    series=series,
                    mark=mark * CENT,
                    liquidity=10**5,
                    losses=losses,
                ),
                1,
            )
        yield wire.ActivateMarginTable(table=self.table, replaces=self.table - 1), 1

    def _auction(self) -> Iterator[tuple[Any, int]]:
        state = wire.SeriesState.PAUSED if self.phase == 0 else wire.SeriesState.OPEN
        self.phase = 1 - self.phase
        yield wire.SetSeriesState(series=FUTURE, state=state), 1

    def _kill(self) -> Iterator[tuple[Any, int]]:
        account = self._account()
        yield wire.EngageKillSwitch(account=account), 1
        yield wire.ReleaseKillSwitch(account=account), 1

    def _transfer(self) -> Iterator[tuple[Any, int]]:
        account = self._account()
        other = self.random.choice([a for a in ACCOUNTS if a != account])
        lots = self.random.choice((-2, -1, 1, 2))
        yield (
            wire.OfferTransfer(
                account=account, to_account=other, series=FUTURE, lots=lots, price=self.mid * CENT
            ),
            100 + account,
        )
        self.offered = other
        yield wire.AcceptTransfer(account=other, offer=0), 100 + other

    def _bust(self) -> Iterator[tuple[Any, int]]:
        if self.trades:
            trade = self.random.choice(self.trades)
            asked = (
                wire.BustTrade(trade=trade)
                if self.random.random() < 0.5
                else wire.AdjustTrade(trade=trade, price=self.mid * CENT)
            )
            yield wire.Propose(command=asked.KIND, payload=asked.pack()), 1
            yield wire.Approve(proposal=0), 2


def reach(events: list[tuple[wire.Header, Any]]) -> Counter[str]:
    """How often each event came; refusals and cancels by reason."""
    counts: Counter[str] = Counter()
    for _, event in events:
        counts[event.NAME] += 1
        if isinstance(event, wire.Refused):
            counts[wire.Refusal(event.refusal).name] += 1
        if isinstance(event, wire.OrderCancelled):
            counts["cancel " + event.reason.name] += 1
        if isinstance(event, wire.BidEnded):
            counts["bid " + event.reason.name] += 1
        if isinstance(event, wire.LossAllocated):
            counts["layer " + event.layer.name] += 1
        if isinstance(event, wire.RemedyPaid):
            counts["source " + event.source.name] += 1
    return counts
