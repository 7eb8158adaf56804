"""One venue of the study: its own folder, its own driven clock, days run by ordinary commands."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing import (
    MarginTable,
    load_margin_terms,
    margin_table,
    settlement_command,
    table_commands,
)
from lasalle.contracts import Month, SeriesKind, SeriesTerms, hours, load_standard, series_listing
from lasalle.exchange import list_series, load_listing_terms
from lasalle.hedging import Fill, HedgePlan, LedgerDay, TrainingRun, decide
from lasalle.indices import Fixing, month_average
from lasalle.institution.demo import (
    DOLLAR,
    FIRST,
    LAB,
    LAB_ACTOR,
    MAKER_ACTOR,
    Desk,
    by_day,
    day_number,
    open_demo,
    quote_commands,
)
from lasalle.making import Quote, fair_marks, load_maker_terms, quotes
from lasalle.plain import House
from lasalle.pricing import CurveAssumptions, CurveModel, fit, month_curve
from lasalle.venue import Journal, Sequencer
from lasalle.venue.disk import FolderDisk
from lasalle.venue.sequencer import Asked
from lasalle.wire import OrderType, SelfTrade, SeriesState, Side, TimeInForce

LAB_CASH = 400_000_000
"""USD the lab pays in, so that no order waits for cash; what it needed is measured."""
TABLE_EVERY_DAYS = 7


@dataclass
class Model:
    """Everything the maker and the clearing desk estimate, from fixings before a day alone.

    Estimates of a day are kept: every venue of the study that stands on that day shares them.
    """

    fixings: list[Fixing]
    assumptions: CurveAssumptions
    curves: dict[date, CurveModel] = field(default_factory=dict)
    known: dict[date, dict[date, int]] = field(default_factory=dict)
    marks_: dict[date, dict[str, int]] = field(default_factory=dict)
    tables: dict[date, MarginTable] = field(default_factory=dict)

    def prices(self, day: date) -> dict[date, int]:
        if day not in self.known:
            self.known[day] = by_day(self.fixings, day)
        return self.known[day]

    def curve(self, day: date) -> CurveModel:
        if day not in self.curves:
            self.curves[day] = fit(sorted(self.prices(day).items()), self.assumptions)
        return self.curves[day]

    def marks(self, day: date, listed: list[SeriesTerms]) -> dict[str, int]:
        if day not in self.marks_:
            self.marks_[day] = fair_marks(self.curve(day), self.prices(day), day, listed)
        return self.marks_[day]

    def table(self, day: date, listed: list[SeriesTerms]) -> MarginTable:
        if day not in self.tables:
            self.tables[day] = margin_table(
                self.curve(day),
                sorted(self.prices(day).items()),
                day,
                listed,
                self.marks(day, listed),
                load_margin_terms(),
            )
        return self.tables[day]


class StudyVenue:
    """A venue with a lab and a maker; `run_day` takes it through one day."""

    def __init__(self, folder: Path, model: Model, core: House | None = None) -> None:
        self.folder, self.model = folder, model
        self.now = 0
        self._disk = FolderDisk(folder / "journal")
        self.journal = Journal(self._disk, headroom_bytes=0)
        self.sequencer = Sequencer(core or House(), self.journal, lambda: self.now)
        self.desk = Desk(self._ask, [], True)
        self.position: dict[str, int] = {}
        self.inventory: dict[str, int] = {}
        self.statement: list[LedgerDay] = []
        self.fills: list[Fill] = []
        self.names: dict[int, SeriesTerms] = {}
        self.settled: set[tuple[str, Month]] = set()
        self.required = 0
        self.trades = 0

    def _ask(self, actor: int, command: Any) -> list[tuple[wire.Header, Any]]:
        return self.sequencer.submit(actor, command)

    def branch(self, folder: Path) -> StudyVenue:
        """The same venue once more, in a folder of its own, free to go another way."""
        shutil.copytree(self.folder, folder)
        other = StudyVenue(folder, self.model, House.restore(self.sequencer.core.snapshot()))
        other.sequencer.continue_from(self.sequencer.events)
        other.desk.series, other.desk.listed = dict(self.desk.series), list(self.desk.listed)
        other.desk.table, other.now = self.desk.table, self.now
        other.position, other.inventory = dict(self.position), dict(self.inventory)
        other.statement, other.names = list(self.statement), self.names
        other.settled, other.required = set(self.settled), self.required
        return other

    def close(self) -> None:
        self._disk.close()

    def open(self, day: date, months: Sequence[Month]) -> None:
        """Members, money, and the series a run in these months can use."""
        self.now = _noon(day)
        open_demo(self.desk)
        self.desk.must(
            FIRST, wire.Deposit(account=LAB, asset=1, amount=LAB_CASH * DOLLAR, reference="study")
        )
        standard = load_standard()
        strip = [Month.of(day).plus(n) for n in range(standard.future_months)]
        curve = month_curve(self.model.curve(day), self.model.prices(day), strip)
        forward = {m: round(curve[m].value * 1e6) for m in strip}
        for terms in series_listing(standard, day, forward):
            used = all(m in months for m in terms.months) and terms.kind != SeriesKind.PUT
            if used and (terms.kind != SeriesKind.SWAP or len(terms.months) == 3):
                self._list(terms)
        self._margin(day)
        for number in self.desk.series.values():
            self.desk.must(FIRST, wire.SetSeriesState(series=number, state=SeriesState.OPEN))

    def _list(self, terms: SeriesTerms) -> None:
        number = len(self.desk.listed) + 1
        self.desk.must(FIRST, list_series(terms, number, 0, load_listing_terms("study")))
        self.desk.series[terms.symbol] = number
        self.desk.listed.append(terms)
        self.names[number] = terms

    def run_day(
        self, day: date, run: TrainingRun, plan: HedgePlan, started_on: date | None
    ) -> None:
        """Fixing, final settlements, variation, margin, quotes, the lab's orders."""
        self.now = _noon(day)
        told: list[tuple[wire.Header, Any]] = []
        yesterday = day - timedelta(days=1)
        fixing = next(f for f in self.model.fixings if f.day == yesterday)
        told += self._commit(
            [
                wire.PublishFixing(
                    index=1,
                    day=day_number(yesterday),
                    price=fixing.price_micro_dollars,
                    carried=fixing.carried,
                    simulated=fixing.simulated,
                    method=fixing.method_version,
                    inputs=bytes.fromhex(fixing.input_sha256),
                )
            ]
        )
        if day.day == 1:
            told += self._settle_month(Month.of(yesterday))
        open_now = [t for t in self.desk.listed if t.last_trading_time > self.now]
        if open_now:
            marks = self.model.marks(day, open_now)
            settle = settlement_command(day_number(day), marks, self.desk.series)
            told += self._commit([settle])
            if (day - run.plan_day).days % TABLE_EVERY_DAYS == 0 or day.day == 1:
                self._margin(day)
            told += self._trade(day, run, plan, started_on, open_now)
        told += self._commit([wire.SweepAccounts(limit=10)])
        self._account(day, told)

    def _commit(self, commands: list[Any], actor: int = FIRST) -> list[tuple[wire.Header, Any]]:
        answers = self.sequencer.commit([Asked(actor, c) for c in commands])
        told = [item for answer in answers for item in answer]
        for _, event in told:
            if isinstance(event, wire.Refused):
                name = wire.Refusal(event.refusal).name.lower()
                raise RuntimeError(f"{[c.NAME for c in commands]}: {name} {event}")
        return told

    def _settle_month(self, month: Month) -> list[tuple[wire.Header, Any]]:
        average = month_average(self.model.fixings, month).price_micro_dollars
        told: list[tuple[wire.Header, Any]] = []
        for terms in list(self.desk.listed):
            if month not in terms.months:
                continue
            number = self.desk.series[terms.symbol]
            last = month == terms.months[-1]
            settle = wire.SettleFinal(
                series=number, month=month.number, price=average, hours=hours(month)
            )
            told += self._commit(
                [wire.SetSeriesState(series=number, state=SeriesState.CLOSED), settle]
            )
            if last:
                self.desk.listed.remove(terms)
                self.position.pop(terms.symbol, None)
                self.inventory.pop(terms.symbol, None)
            else:
                told += self._commit([wire.SetSeriesState(series=number, state=SeriesState.OPEN)])
        return told

    def _margin(self, day: date) -> None:
        listed = [t for t in self.desk.listed if t.last_trading_time > self.now]
        table = self.model.table(day, listed)
        version = day_number(day)
        self._commit(table_commands(table, version, self.desk.table, self.desk.series))
        self.desk.table = version

    def _trade(
        self,
        day: date,
        run: TrainingRun,
        plan: HedgePlan,
        started_on: date | None,
        open_now: list[SeriesTerms],
    ) -> list[tuple[wire.Header, Any]]:
        found = list(
            quotes(
                self.model.curve(day),
                self.model.prices(day),
                day,
                open_now,
                self.inventory,
                load_maker_terms(),
            )
        )
        told = self._commit(list(quote_commands(self.desk, found)), MAKER_ACTOR)
        shown = {q.symbol: q for q in found}
        orders = decide(
            run, plan, day, sorted(self.model.prices(day).items()), self.position, found, started_on
        )
        for order in orders:
            terms = next(t for t in open_now if t.symbol == order.symbol)
            answer = self.sequencer.submit(
                LAB_ACTOR,
                wire.PlaceOrder(
                    account=LAB,
                    series=self.desk.series[order.symbol],
                    side=Side.BUY if order.buy else Side.SELL,
                    order_type=OrderType.LIMIT,
                    time_in_force=TimeInForce.IOC,
                    self_trade=SelfTrade.CANCEL_NEWEST,
                    price=order.limit_price,
                    lots=order.lots,
                ),
            )
            told += answer
            self._fill(day, order, shown[order.symbol], terms.open_hours(day), answer)
        return told

    def _fill(
        self,
        day: date,
        order: Any,
        quote: Quote,
        open_hours: int,
        answer: list[tuple[wire.Header, Any]],
    ) -> None:
        traded = [e for _, e in answer if isinstance(e, wire.Traded)]
        lots = sum(e.lots for e in traded)
        self.trades += len(traded)
        sign = 1 if order.buy else -1
        self.position[order.symbol] = self.position.get(order.symbol, 0) + sign * lots
        self.inventory[order.symbol] = self.inventory.get(order.symbol, 0) - sign * lots
        self.fills.append(
            Fill(
                day=day,
                symbol=order.symbol,
                buy=order.buy,
                lots_asked=order.lots,
                lots_filled=lots,
                price=traded[0].price if traded else order.limit_price,
                middle=quote.middle,
                depth_lots=quote.ask_lots if order.buy else quote.bid_lots,
                hours_per_lot=open_hours,
            )
        )

    def _account(self, day: date, told: list[tuple[wire.Header, Any]]) -> None:
        """The lab's day as its ledger tells it."""
        cash = premium = paid = 0
        for _, event in told:
            if isinstance(event, wire.PaymentPosted) and event.account == LAB:
                cash += event.amount
            elif isinstance(event, wire.AccountRefreshed) and event.account == LAB:
                self.required = -(-11 * event.requirement // 10)
            elif isinstance(event, wire.Traded):
                for account, fee, sign in (
                    (event.buy_account, event.buy_fee + event.buy_clearing_fee, 1),
                    (event.sell_account, event.sell_fee + event.sell_clearing_fee, -1),
                ):
                    if account == LAB:
                        cash -= fee + sign * event.premium
                        paid += fee
                        premium += sign * event.premium
        self.statement.append(LedgerDay(day, cash, premium, paid, self.required))


def _noon(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) * 10**9
