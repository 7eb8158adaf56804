"""Wide stories at the bounds of the schema: the greatest prices, lots, hours, losses and fees."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.wire import Bound
from tests.properties.wide_stories import WideTeller
from tests.properties.wide_world import MARKETS, SWAP, Asked

HALF = Bound.PRICE // 2


class EdgeTeller(WideTeller):
    """The same habits; terms, limits, money and margin rows lie at their bounds."""

    def opening(self) -> Asked:
        for command, actor in super().opening():
            yield self.stretched(command), actor

    def next(self) -> Asked:
        for command, actor in super().next():
            yield self.stretched(command), actor

    def price(self, series: int, away: int = 4) -> int:
        """Mostly near the middle of all prices, at times the least or the greatest."""
        tick = MARKETS[series][3]
        middle = HALF + self.random.randint(-away, away) * tick * 100
        return self.random.choice((tick, middle, middle, middle, middle, Bound.PRICE))

    def stretched(self, command: Any) -> Any:
        """The command with its amounts at their bounds."""
        dice = self.random
        if isinstance(command, wire.ListSeries):
            hours = command.hours if command.series == SWAP else Bound.HOURS
            fees = {"maker_fee": 10**9, "taker_fee": 10**9, "clearing_fee": 10**9}
            strike = command.strike and dice.choice((1, HALF))
            terms = {"hours": hours, "reference_price": HALF, "band": 10**6, "strike": strike}
            return replace(command, **terms, **fees, pause_range=0, pause_duration=0)
        if isinstance(command, wire.OpenAccount):
            return replace(
                command,
                position_limit=Bound.ACCOUNT_GROSS_LOTS,
                order_lots_limit=Bound.ORDER_LOTS,
                order_value_limit=Bound.MONEY,
            )
        if isinstance(command, wire.Deposit):
            return replace(command, amount=dice.choice((10**15, 10**17)))
        if isinstance(command, wire.PlaceOrder):
            lots = dice.choice((1, 1000, 30_000, Bound.ORDER_LOTS))
            return replace(command, lots=lots, display_lots=0)
        if isinstance(command, wire.LoadMarginRow):
            return self.stretched_row(command)
        return command

    def stretched_row(self, row: wire.LoadMarginRow) -> wire.LoadMarginRow:
        """Losses, charges and sensitivities small or as great as they may be."""
        dice = self.random
        most = dice.choice((10**6, 10**9, Bound.LOSS_PER_LOT))
        losses = tuple(wire.ScenarioLoss(dice.choice((-most, 0, most))) for _ in row.losses)
        charge = dice.choice((0, 0, Bound.CHARGE_PER_LOT))
        return replace(
            row,
            losses=losses,
            liquidity=charge,
            concentration=charge,
            concentration_lots=0,
            delta=dice.choice((-1, 1)) * Bound.LOSS_PER_LOT,
            vega=Bound.LOSS_PER_LOT,
        )
