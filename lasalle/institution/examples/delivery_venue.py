"""A venue of its own on which work is traded and delivered: a clock that is set, members, money,
day blocks of tokens; every command takes the path of any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.contracts import SeriesTerms, day_number, load_standards, series_listing
from lasalle.exchange import list_series, load_listing_terms
from lasalle.institution.day import refused
from lasalle.institution.house import OpenHouse, open_house
from lasalle.institution.opening import member_commands
from lasalle.venue.sequencer import Asked
from lasalle.wire import OrderType, ScenarioKind, SelfTrade, SeriesState, Side, TimeInForce

FIRST, SECOND = 1, 2
"""The two operators."""
SUPPLIER, BUYER, OTHER, DESK = 1, 2, 3, 4
"""Members and accounts: who sells, who buys, who sells cover, and the house's remedy account."""
NAMES = {SUPPLIER: "Cheap tokens", BUYER: "A lab", OTHER: "Spare tokens", DESK: "Remedy desk"}
DOLLAR, USD, HOUR = 1_000_000, 1, 3_600 * 10**9
CASH = 1_000_000
"""USD each account begins with."""
FUND = 50_000
"""USD of the delivery fund."""
INDEX, INDEX_NAME, FAMILY, PRODUCT = 35, "T-STANDARD", "TSTD", "work-forward-firm"
PRICE = 400_000
"""Micro-dollars a million tokens at which the example's fixings stand."""
_NOBODY = wire.Header(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
DAY = date(2026, 7, 13)
"""A Monday."""


class StepRefused(RuntimeError):
    """A step was refused; it names the refusal."""

    def __init__(self, command: Any, event: wire.Refused) -> None:
        super().__init__(refused([Asked(0, command)], [[(_NOBODY, event)]]))
        self.refusal = wire.Refusal(event.refusal)


class SetClock:
    """Nanoseconds UTC that somebody sets; never back."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def to(self, moment: int) -> None:
        """Later, or as it is."""
        self.now = max(self.now, moment)


def at(day: date, hour: int, minute: int = 0) -> int:
    """Nanoseconds UTC of an hour of a day."""
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp()) * 10**9


@dataclass
class DeliveryVenue:
    """The house and its clock; `series` are the day blocks it lists, the nearest first."""

    house: OpenHouse
    clock: SetClock
    series: list[SeriesTerms]

    @classmethod
    def open(cls, folder: Path, disk: Any = None) -> DeliveryVenue:
        """Opens the folder, and founds it where it is empty."""
        clock = SetClock(at(DAY, 9))
        house = open_house(folder, clock, disk)
        clock.to(house.sequencer.core.last_time)
        venue = cls(house, clock, day_blocks(DAY))
        if not house.journal.last:
            venue._found()
        return venue

    def ask(self, actor: int, command: Any) -> list[Any]:
        """One command; its events. Raises StepRefused."""
        events = [event for _, event in self.house.ask(actor, command)]
        no = next((e for e in events if isinstance(e, wire.Refused)), None)
        if no is not None:
            raise StepRefused(command, no)
        return events

    def agreed(self, command: Any) -> list[Any]:
        """One command of two operators; its events."""
        proposed = self.ask(FIRST, wire.Propose(command=command.KIND, payload=command.pack()))
        return self.ask(SECOND, wire.Approve(proposal=proposed[0].proposal))

    def number(self, symbol: str) -> int:
        """Number of a listed series."""
        return int(self.house.market.by_symbol[symbol].terms.series)

    def order(
        self, account: int, symbol: str, side: Side, lots: int, price: int, reference: str = ""
    ) -> list[Any]:
        """A limit order, good until it is cancelled."""
        return self.ask(
            10 + account,
            wire.PlaceOrder(
                account=account, series=self.number(symbol), side=side,
                order_type=OrderType.LIMIT, time_in_force=TimeInForce.GTC,
                self_trade=SelfTrade.CANCEL_NEWEST, price=price, lots=lots, reference=reference,
                reference_time=self.clock.now if reference else 0,
            ),
        )  # fmt: skip

    def until(self, moment: int) -> list[Any]:
        """Time passes; what came due."""
        self.clock.to(moment)
        return self.ask(0, wire.AdvanceTime())

    def cash(self, account: int) -> int:
        """Cash of an account, micro-dollars."""
        balances = self.house.accounts.accounts[account].balances
        return int(balances.get((wire.LedgerClass.CASH, USD), 0))

    def fix(self, day: date, price: int) -> None:
        """A fixing of the index."""
        self.ask(FIRST, wire.PublishFixing(index=INDEX, day=day_number(day), price=price))

    def close(self) -> str:
        """Closes the house; gives its state hash."""
        return self.house.close()

    # -- the first day -----------------------------------------------------------------------

    def _found(self) -> None:
        operators = (wire.ActorNumber(FIRST), wire.ActorNumber(SECOND))
        newest = wire.SCHEMA_VERSION
        genesis = wire.Genesis(name="LaSalle delivery", operators=operators, behaviour=newest)
        self.ask(0, genesis)
        for member, name in NAMES.items():
            for command in member_commands(member, 10 + member, name):
                self.agreed(command)
            paid = wire.Deposit(
                account=member, asset=USD, amount=CASH * DOLLAR, reference=f"in-{member}"
            )
            self.ask(FIRST, paid)
        self.agreed(wire.FundLiquidity(amount=CASH * DOLLAR))
        self.agreed(wire.FundDelivery(amount=FUND * DOLLAR))
        self.fix(DAY - timedelta(days=1), PRICE)
        rules = load_listing_terms("linear")
        for number, terms in enumerate(self.series, 1):
            self.ask(FIRST, list_series(terms, number, PRICE, rules, {INDEX_NAME: INDEX}))
        self._table()
        for number in range(1, len(self.series) + 1):
            self.ask(FIRST, wire.SetSeriesState(series=number, state=SeriesState.OPEN))

    def _table(self) -> None:
        """Margin by hand: half the price either way, each block by itself."""
        half = PRICE // 2
        kinds = (ScenarioKind.SCAN, ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
        labels = tuple(
            wire.Scenario(kind, group=int(kind is ScenarioKind.SCAN))
            for kind in kinds
            for _ in "+-"
        )
        begin = wire.BeginMarginTable(
            table=1, scenarios=labels, rows=(wire.ScanRow(group=1, weight=10_000),)
        )
        self.ask(FIRST, begin)
        for number, terms in enumerate(self.series, 1):
            loss = half * terms.hours_per_lot
            losses = tuple(wire.ScenarioLoss(sign * loss) for _ in kinds for sign in (1, -1))
            row = wire.LoadMarginRow(
                table=1, series=number, mark=PRICE, liquidity=0, concentration_lots=0,
                concentration=0, delta=1_000_000, vega=0, losses=losses,
            )  # fmt: skip
            self.ask(FIRST, row)
        self.ask(FIRST, wire.ActivateMarginTable(table=1, replaces=0))


def day_blocks(day: date, count: int = 10) -> list[SeriesTerms]:
    """The nearest day blocks of standard tokens listed on a day."""
    standards = load_standards(FAMILY, (PRODUCT,))
    listed: Sequence[SeriesTerms] = series_listing(standards, day, {})
    return list(listed[:count])
