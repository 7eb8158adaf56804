"""One venue of the study: its own folder, its own driven clock, days run by ordinary commands.

Every command takes the path of any order: the sequencer gives it number and time, the journal
seals it, the core decides. The lab learns what happened from the events alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing import settlement_command
from lasalle.contracts import Month, SeriesTerms, day_number, hours
from lasalle.exchange import list_series, load_listing_terms
from lasalle.hedging import Fill, HedgePlan, LedgerDay, Order, TrainingRun, decide
from lasalle.hedging.treasury import TreasuryTerms, called, wire_in, wire_out
from lasalle.indices import fixing_command
from lasalle.institution.opening import member_commands
from lasalle.institution.study_ledger import LabLedger, Told
from lasalle.institution.study_model import Model, noon
from lasalle.making import Quote, quote_commands, quotes_around
from lasalle.venue import Journal, Sequencer
from lasalle.venue.core import make_core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.sequencer import Asked, check
from lasalle.wire import OrderType, Refusal, SelfTrade, SeriesState, Side, TimeInForce

MAKER, LAB = 1, 2
MAKER_ACTOR, LAB_ACTOR = 11, 12
FIRST, SECOND = 1, 2
"""The two operators."""
DOLLAR = 1_000_000
MAKER_CASH = 1_000_000_000
"""USD the maker pays in, so that it is never called: its funding is not the question here."""
LIQUIDITY = 50_000_000
"""USD of the house's own liquidity, from which variation is advanced."""
SHORT = (Refusal.MARGIN_SHORT, Refusal.PREMIUM_SHORT)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an actor sees on a day: fixings of earlier dates, its lots, the quotes of the moment."""

    day: date
    history: Sequence[tuple[date, int]]
    position: Mapping[str, int]
    quotes: Sequence[Quote]


Policy = Callable[[Seen], Sequence[Order]]
"""From what is seen on a day to the orders sent that day."""


class StudyFault(RuntimeError):
    """A command of the study was refused; it names the refusal."""


class StudyVenue:
    """A venue with a lab and a maker; `run_day` takes it through one day."""

    def __init__(self, folder: Path, model: Model, records: bytes = b"") -> None:
        self.folder, self.model = folder, model
        self.now = 0
        core, self.notice = make_core(records)
        self._disk = FolderDisk(folder / "journal")
        self.journal = Journal(self._disk, headroom_bytes=0)
        self.sequencer = Sequencer(core, self.journal, lambda: self.now)
        self.ledger = LabLedger(LAB)
        self.treasury = TreasuryTerms()
        self.numbers: dict[str, int] = {}
        self.listed: list[SeriesTerms] = []
        self.fills: list[Fill] = []
        self.table = 0
        self.funded_orders = 0

    @property
    def position(self) -> dict[str, int]:
        """The lab's lots by symbol."""
        names = {number: symbol for symbol, number in self.numbers.items()}
        return {names[series]: lots for series, lots in self.ledger.lots.items()}

    @property
    def statement(self) -> list[LedgerDay]:
        """The lab's days."""
        return self.ledger.statement

    def branch(self, folder: Path) -> StudyVenue:
        """The same venue once more, free to go another way: a copy of the journal, and a core
        restored from this one's snapshot.
        """
        shutil.copytree(self.folder, folder)
        other = StudyVenue(folder, self.model, self.sequencer.core.snapshot())
        other.sequencer.continue_from(self.sequencer.events)
        other.now, other.table, other.funded_orders = self.now, self.table, self.funded_orders
        other.numbers, other.listed = dict(self.numbers), list(self.listed)
        other.fills, other.ledger = list(self.fills), self.ledger.copy()
        return other

    def close(self) -> None:
        """Lets go of the journal's file."""
        self._disk.close()

    def open(self, day: date, months: Sequence[Month]) -> None:
        """Members, money, and the series a run in these months can use."""
        self.now = noon(day)
        operators = (wire.ActorNumber(FIRST), wire.ActorNumber(SECOND))
        newest = wire.SCHEMA_VERSION
        self._must(0, [wire.Genesis(name="LaSalle study", operators=operators, behaviour=newest)])
        for member, actor, name in ((MAKER, MAKER_ACTOR, "Maker"), (LAB, LAB_ACTOR, "Lab")):
            for command in member_commands(member, actor, name):
                self._approved(command)
        self._approved(wire.FundLiquidity(amount=LIQUIDITY * DOLLAR))
        cash = wire.Deposit(account=MAKER, asset=1, amount=MAKER_CASH * DOLLAR, reference="maker")
        self._must(FIRST, [cash])
        added = self._list(day, months)
        self._must(FIRST, self._table(day))
        self._open_trading(added)

    def _list(self, day: date, months: Sequence[Month]) -> list[SeriesTerms]:
        """Lists what a day has and the venue has not yet; trading in it does not begin here."""
        added = [t for t in self.model.listing(day, months) if t.symbol not in self.numbers]
        for terms in added:
            self.numbers[terms.symbol] = len(self.numbers) + 1
            self.listed.append(terms)
        marks = self.model.values(day, self._trading()).marks()
        rules, number = load_listing_terms("study"), self.model.index
        self._must(
            FIRST,
            [
                list_series(t, self.numbers[t.symbol], marks[t.symbol], rules, {t.index: number})
                for t in added
            ],
        )
        return added

    def _open_trading(self, added: Sequence[SeriesTerms]) -> None:
        numbers = [self.numbers[terms.symbol] for terms in added]
        self._must(FIRST, [wire.SetSeriesState(series=n, state=SeriesState.OPEN) for n in numbers])

    def _trading(self) -> list[SeriesTerms]:
        """What still trades."""
        return [t for t in self.listed if t.last_trading_time > self.now]

    def run_day(
        self, day: date, run: TrainingRun, plan: HedgePlan, started_on: date | None
    ) -> None:
        """A day of a training run."""

        def orders(seen: Seen) -> Sequence[Order]:
            of = seen.history, seen.position, seen.quotes, started_on
            return decide(run, plan, seen.day, *of)

        self.live(day, orders, run.plan_day)

    def live(self, day: date, orders: Policy, plan_day: date, months: Sequence[Month] = ()) -> None:
        """Fixing, settlement, marks, margin, a call answered, quotes, the lab's orders; what a day
        lists in `months` and the venue has not yet is added before its marks.
        """
        self.now = noon(day)
        self.ledger.begin(day)
        open_now = self._market_day(day, plan_day, months)
        self._answer_call()
        sent = self._trade(day, orders, open_now) if open_now else 0
        # What the house requires after today's trades is told by tomorrow's sweep.
        if not sent:
            self._take_back()
        self.ledger.end()

    def _market_day(self, day: date, plan_day: date, months: Sequence[Month]) -> list[SeriesTerms]:
        """The house's own batch of a day; gives the series that still trade."""
        yesterday = day - timedelta(days=1)
        self._must(FIRST, [fixing_command(self.model.fixing(yesterday), self.model.index)])
        if day.day == 1:
            self._settle_month(Month.of(yesterday))
        added = self._list(day, months) if months else []
        batch: list[Any] = []
        open_now = self._trading()
        if open_now:
            marks = self.model.values(day, open_now).marks()
            batch.append(settlement_command(day_number(day), marks, self.numbers))
            due = added or self.model.table_due(day, plan_day)
            if self.table < day_number(day) and due:
                batch += self._table(day)
        batch.append(wire.SweepAccounts(limit=10))
        self._must(FIRST, batch)
        self._open_trading(added)
        return open_now

    def publish(self, day: date) -> None:
        """The fixing of a date, published the day after."""
        self.now = noon(day + timedelta(days=1))
        self._must(FIRST, [fixing_command(self.model.fixing(day), self.model.index)])

    def _settle_month(self, month: Month) -> None:
        """Final settlement of a month: one operator proposes each price, the other approves."""
        for terms in [t for t in self.listed if month in t.months]:
            number = self.numbers[terms.symbol]
            price = self.model.average(month)
            self._must(FIRST, [wire.SetSeriesState(series=number, state=SeriesState.CLOSED)])
            self._approved(
                wire.SettleFinal(series=number, month=month.number, price=price, hours=hours(month))
            )
            if month == terms.months[-1]:
                self.listed.remove(terms)
            else:
                self._must(FIRST, [wire.SetSeriesState(series=number, state=SeriesState.OPEN)])

    def _table(self, day: date) -> list[Any]:
        commands = self.model.table_commands(day, self._trading(), self.numbers, self.table)
        self.table = day_number(day)
        return list(commands)

    def _answer_call(self) -> None:
        """The lab pays on the day what the house asks for after its marks."""
        ledger = self.ledger
        asked = called(ledger.cash, ledger.required, ledger.due)
        if not asked:
            return
        ledger.call(asked, ledger.due)
        self._deposit(wire_in(asked, ledger.required, self.treasury))
        assert called(ledger.cash, ledger.required, ledger.due) == 0, "a call is met on its day"

    def _take_back(self) -> None:
        ledger = self.ledger
        required = ledger.required if any(ledger.lots.values()) else 0
        amount = wire_out(ledger.cash, required, self.treasury)
        if amount > 0:
            reference = f"out-{self.sequencer.core.last_number}"
            request = wire.RequestWithdrawal(
                account=LAB, asset=1, amount=amount, reference=reference
            )
            ((_, pended),) = self._must(LAB_ACTOR, [request])
            self._must(FIRST, [wire.PostWithdrawal(transfer=pended.transfer)])

    def _deposit(self, amount: int) -> None:
        reference = f"in-{self.sequencer.core.last_number}"
        self._must(FIRST, [wire.Deposit(account=LAB, asset=1, amount=amount, reference=reference)])

    def _trade(self, day: date, policy: Policy, open_now: list[SeriesTerms]) -> int:
        """The maker quotes, the lab decides and sends; gives how many orders it sent."""
        valued = self.model.values(day, open_now)
        position = self.position
        inventory = {symbol: -lots for symbol, lots in position.items()}
        found = quotes_around(valued, inventory, self.model.maker)
        self._must(MAKER_ACTOR, quote_commands(MAKER, found, self.numbers))
        orders = policy(Seen(day, self.model.history(day), position, found))
        shown, marks = {q.symbol: q for q in found}, valued.marks()
        terms = {t.symbol: t for t in open_now}
        for order in orders:
            told = self._place(order)
            quote, mark = shown[order.symbol], marks[order.symbol]
            lot_hours = terms[order.symbol].open_hours(day)
            self.fills.append(fill_of(day, order, quote, mark, lot_hours, told))
        return len(orders)

    def _place(self, order: Order) -> Told:
        """Sends an order; one refused for want of cash is funded and sent again."""
        command = wire.PlaceOrder(
            account=LAB,
            series=self.numbers[order.symbol],
            side=Side.BUY if order.buy else Side.SELL,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.IOC,
            self_trade=SelfTrade.CANCEL_NEWEST,
            price=order.limit_price,
            lots=order.lots,
        )
        told = self.sequencer.submit(LAB_ACTOR, command)
        # Twice at most: margin of what is held and the premium of a call are asked one by one.
        for _ in range(2):
            no = told[0][1]
            if not (isinstance(no, wire.Refused) and no.refusal in SHORT):
                break
            self.funded_orders += 1
            self._deposit(wire_in(no.expected - no.found, no.expected, self.treasury))
            told = self.sequencer.submit(LAB_ACTOR, command)
        self._took([told], [command])
        return told

    def _must(self, actor: int, commands: Sequence[Any]) -> Told:
        """Seals and carries out one batch, insists, and gives its events; none for no command."""
        if not commands:
            return []
        asked = [Asked(actor, command) for command in commands]
        for item in asked:
            if not isinstance(item.command, wire.LoadMarginRow):  # those the model has checked
                check(item)
        return self._took(self.sequencer.commit(asked, checked=True), commands)

    def _took(self, answers: list[Told], commands: Sequence[Any]) -> Told:
        for command, answer in zip(commands, answers, strict=True):
            for _, event in answer:
                if isinstance(event, wire.Refused):
                    name = Refusal(event.refusal).name.lower()
                    raise StudyFault(
                        f"{command.NAME}: {name} expected={event.expected} found={event.found}"
                    )
        told = [item for answer in answers for item in answer]
        if self.ledger.is_begun:
            self.ledger.fold(told)
        return told

    def _approved(self, command: Any) -> None:
        told = self._must(FIRST, [wire.Propose(command=command.KIND, payload=command.pack())])
        self._must(SECOND, [wire.Approve(proposal=told[0][1].proposal)])


def fill_of(day: date, order: Order, quote: Quote, mark: int, open_hours: int, told: Told) -> Fill:
    """What became of an order, read from its trades."""
    traded = [event for _, event in told if isinstance(event, wire.Traded)]
    return Fill(
        day=day,
        symbol=order.symbol,
        buy=order.buy,
        lots_wanted=order.lots_wanted,
        lots_asked=order.lots,
        lots_filled=sum(event.lots for event in traded),
        paid=sum(event.price * event.lots for event in traded),
        middle=quote.middle,
        mark=mark,
        depth_lots=quote.ask_lots if order.buy else quote.bid_lots,
        hours_per_lot=open_hours,
    )
