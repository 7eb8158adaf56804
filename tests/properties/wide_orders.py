"""What traders ask in the wide stories: orders of every type, quotes, cancels."""

from __future__ import annotations

import random
from typing import Any

from lasalle import wire
from lasalle.wire import OrderType, SelfTrade, Side, TimeInForce
from tests.properties.wide_world import (
    ACCOUNTS,
    CALL,
    CENT,
    DOLLAR,
    FUTURE,
    MARKETS,
    OTHER,
    PUT,
    SECOND,
    SWAP,
    WHALES,
    Asked,
)


class Traders:
    """Habits of traders; what they know is kept by the teller."""

    random: random.Random
    mids: dict[int, int]
    live: dict[int, tuple[int, int]]
    references: list[str]
    sequence: int
    number: int
    clock: int

    def account(self) -> int:
        return self.random.choice(ACCOUNTS)

    def price(self, series: int, away: int = 4) -> int:
        tick = MARKETS[series][3]
        cents = self.mids[series] * CENT + self.random.randint(-away, away) * tick
        return max(tick, cents // tick * tick)

    def place(self, account: int, actor: int = 0, **more: Any) -> tuple[Any, int]:
        series = more.pop("series", 0) or self.random.choice(
            (FUTURE, FUTURE, FUTURE, CALL, PUT, SWAP, OTHER)
        )
        fields: dict[str, Any] = {
            "account": account,
            "series": series,
            "side": self.random.choice(list(Side)),
            "order_type": OrderType.LIMIT,
            "time_in_force": self.random.choice((TimeInForce.GTC, TimeInForce.DAY)),
            "self_trade": self.random.choice(list(SelfTrade)),
            "price": self.price(series),
            "lots": self.random.choice((1, 2, 5, 10, 40, 120)),
            "session": self.random.choice((0, 1, 2)),
            "label": self.random.choice((0, 7)),
            "reference": f"r{self.sequence}" if self.random.random() < 0.7 else "",
        }
        fields.update(more)
        return wire.PlaceOrder(**fields), actor or 100 + account

    def ask_order(self) -> Asked:
        yield self.place(self.account(), post_only=self.random.random() < 0.1)

    def ask_repeat(self) -> Asked:
        account = self.account()
        reference = self.random.choice(self.references)
        yield self.place(account, reference=reference)
        first = self.place(account, reference=f"again{self.sequence}")
        yield first
        yield first
        stale = self.clock - 8 * 86_400 * SECOND
        yield self.place(account, reference=f"old{self.sequence}", reference_time=stale)
        early = self.clock + 60 * SECOND
        yield self.place(account, reference=f"new{self.sequence}", reference_time=early)

    def ask_immediate(self) -> Asked:
        life = self.random.choice((TimeInForce.IOC, TimeInForce.FOK))
        yield self.place(self.account(), time_in_force=life)
        yield self.place(
            self.account(), order_type=OrderType.MARKET, price=0, time_in_force=TimeInForce.IOC
        )

    def ask_stop(self) -> Asked:
        series = self.random.choice((FUTURE, FUTURE, OTHER, CALL))
        stop = self.price(series, 3)
        if self.random.random() < 0.5:
            yield self.place(
                self.account(),
                series=series,
                order_type=OrderType.STOP,
                price=0,
                stop_price=stop,
            )
        else:
            kind, account = OrderType.STOP_LIMIT, self.account()
            yield self.place(account, series=series, order_type=kind, stop_price=stop)
            waits = wire.ReplaceOrder(account=account, order=self.number, lots=1, price=stop)
            yield waits, 100 + account

    def ask_iceberg(self) -> Asked:
        yield self.place(self.account(), lots=10, display_lots=self.random.choice((1, 3)))
        yield self.place(self.account(), lots=10, minimum_lots=self.random.choice((1, 5)))

    def ask_dated(self) -> Asked:
        expiry = self.clock + self.random.choice((1, 2, 5)) * SECOND
        yield self.place(self.account(), time_in_force=TimeInForce.GTD, expiry=expiry)

    def ask_replace(self) -> Asked:
        if self.live:
            order = self.random.choice(list(self.live))
            account, series = self.live[order]
            yield (
                wire.ReplaceOrder(
                    account=account,
                    order=order,
                    lots=self.random.choice((1, 4, 20)),
                    price=self.price(series),
                    reference=f"p{self.sequence}",
                ),
                100 + account,
            )

    def ask_cancel(self) -> Asked:
        if self.live:
            order = self.random.choice(list(self.live))
            account = self.live[order][0]
            yield wire.CancelOrder(account=account, order=order), 100 + account
        account = self.account()
        target = self.random.choice(self.references)
        yield wire.CancelOrder(account=account, order=0, target=target), 100 + account

    def ask_mass_cancel(self) -> Asked:
        account = self.account()
        yield (
            wire.MassCancel(
                account=account,
                series=self.random.choice((0, FUTURE, CALL)),
                session=self.random.choice((0, 1)),
                label=self.random.choice((0, 7)),
            ),
            100 + account,
        )
        yield wire.LoseSession(session=self.random.choice((0, 1, 2))), 0

    def ask_quote(self) -> Asked:
        account = self.account()
        guarded = self.random.random() < 0.3
        if guarded:
            limits = self.random.choice(((15, 0, 0), (0, 5 * DOLLAR, 0), (0, 0, 10**5), (0, 0, 0)))
            protection = wire.SetMakerProtection(
                account=account,
                group=1,
                interval=SECOND,
                lots_limit=limits[0],
                delta_limit=limits[1],
                vega_limit=limits[2],
            )
            yield protection, 100 + account
        named = self.random.sample(sorted(MARKETS), self.random.choice((1, 2, 3)))
        quotes = []
        for series in named:
            bid, ask = self.price(series, 2), self.price(series, 2)
            lots = self.random.choice((0, 5, 10))
            quotes.append(wire.Quote(series, min(bid, ask), lots, max(bid, ask), 10))
        quoted = wire.MassQuote(
            account=account,
            self_trade=self.random.choice(list(SelfTrade)),
            session=2,
            quotes=tuple(quotes),
        )
        # Where the first one traded past the protection, the second one is refused.
        for _ in range(2 if guarded else 1):
            yield quoted, 100 + account

    def ask_whale(self) -> Asked:
        lots, whale = self.random.choice((400_000, 900_000)), self.random.choice(WHALES)
        series = self.random.choice((FUTURE, OTHER))
        yield self.place(whale, series=series, lots=lots)
        if self.random.random() < 0.3:
            yield wire.MassCancel(account=whale, series=0, session=0, label=0), 100 + whale
        if self.random.random() < 0.1:
            yield from self.deep()

    def deep(self) -> Asked:
        """More fills than one order may cause, and more stops than one command may elect."""
        one, other = WHALES
        for whale in WHALES:
            yield wire.MassCancel(account=whale, series=0, session=0, label=0), 100 + whale
        price = self.price(FUTURE, 0)
        for number in range(105):
            yield self.place(
                other,
                series=FUTURE,
                side=Side.BUY,
                order_type=OrderType.STOP,
                price=0,
                stop_price=price,
                lots=1 + number % 3,
                reference="",
            )
        selling = {"series": FUTURE, "price": price, "time_in_force": TimeInForce.GTC}
        yield self.place(one, side=Side.SELL, lots=1500, display_lots=1, reference="", **selling)
        yield self.place(other, side=Side.BUY, lots=1200, reference="", **selling)

    def ask_close_out(self) -> Asked:
        account = self.account()
        yield self.place(account, 8, close_out=True, time_in_force=TimeInForce.IOC)
