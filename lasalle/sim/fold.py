"""Read models folded while the day runs, to be compared with the same folded from the journal."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from lasalle.sim.mirror import Mirror
from lasalle.sim.model import Violation
from lasalle.venue.sequencer import Told
from lasalle.views import AccountsView, MarketView
from lasalle.wire import Side


class Fold:
    """Market and account views; events that were folded already are passed over."""

    def __init__(self) -> None:
        self.market, self.accounts = MarketView(), AccountsView()
        self.event = 0

    def take(self, told: list[Told]) -> None:
        """Folds events that follow."""
        for header, event in told:
            if header.number <= self.event:
                continue
            self.event = header.number
            self.market.on(header, event)
            self.accounts.on(header, event)

    def shown(self) -> dict[str, Any]:
        """Everything the views show."""
        accounts = self.accounts.accounts
        return {
            "books": {s: view.book() for s, view in self.market.series.items()},
            "halted": self.market.halted,
            "accounts": {a: self.accounts.shown(a) for a in accounts},
            "orders": {a: self.accounts.live_orders(a) for a in accounts},
        }

    def compare(self, other: Fold, mirror: Mirror) -> None:
        """Raises Violation unless both show the same, and the books are the auditor's queues."""
        mine, theirs = self.shown(), other.shown()
        for what in mine:
            if mine[what] != theirs[what]:
                raise Violation("views", f"{what} folded twice differ", mirror.number)
        for series, view in self.market.series.items():
            book = view.book()
            for side, name in ((Side.BUY, "bids"), (Side.SELL, "asks")):
                levels: dict[int, int] = defaultdict(int)
                for order in mirror.queue(series, side):
                    levels[order.price // view.terms.tick] += order.visible
                shown = {row["price_ticks"]: row["lots"] for row in book[name]}
                if shown != levels:
                    raise Violation("views", f"{name} of series {series}: {shown}", mirror.number)
