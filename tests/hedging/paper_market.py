"""An in-memory market for tests of the policy: fills at the maker's quotes, cash by mark and
settlement.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

from lasalle.contracts import Month, SeriesTerms, hours, load_standards, month_strip, series_listing
from lasalle.hedging import Fill, HedgePlan, LedgerDay, Order, TrainingRun, decide
from lasalle.indices import Fixing, month_average
from lasalle.making import fair_marks, load_maker_terms, quotes
from lasalle.pricing import CurveAssumptions, CurveModel, fit, month_curve


@dataclass
class PaperMarket:
    """One lab against the maker; no fees, no margin."""

    run: TrainingRun
    plan: HedgePlan
    fixings: tuple[Fixing, ...]
    assumptions: CurveAssumptions
    series: dict[str, SeriesTerms] = field(default_factory=dict)
    position: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    settled: set[tuple[str, Month]] = field(default_factory=set)
    statement: list[LedgerDay] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    orders: list[tuple[date, Order]] = field(default_factory=list)

    def seen(self, day: date) -> list[tuple[date, int]]:
        """Fixings published by 01:00 UTC of a venue day: those of earlier dates."""
        return [(f.day, f.price_micro_dollars) for f in self.fixings if f.day < day]

    def step(self, day: date, started_on: date | None = None) -> None:
        """One venue day: settle what ended, list, quote, decide, fill, mark."""
        seen = self.seen(day)
        known = dict(seen)
        model = fit(seen, self.assumptions)
        cash = self._settle(day)
        self._list(day, model, known)
        live = [s for s in self.series.values() if s.open_months(day)]
        inventory = {name: -lots for name, lots in self.position.items()}
        market = quotes(model, known, day, live, inventory, load_maker_terms())
        orders = decide(self.run, self.plan, day, seen, self.position, market, started_on)
        premium = self._fill(day, orders, {q.symbol: q for q in market})
        cash -= premium
        marks = fair_marks(model, known, day, live)
        for name, lots in self.position.items():
            series = self.series[name]
            if not series.is_option and lots:
                cash += (marks[name] - self.marks[name]) * lots * series.open_hours(day)
                self.marks[name] = marks[name]
        self.statement.append(LedgerDay(day, cash, premium, 0, 0))

    def branch(self) -> PaperMarket:
        """The same past, an own future."""
        twin = PaperMarket(self.run, self.plan, self.fixings, self.assumptions)
        for name in ("series", "position", "marks", "settled", "statement", "fills", "orders"):
            setattr(twin, name, deepcopy(getattr(self, name)))
        return twin

    def _list(self, day: date, model: CurveModel, known: dict[date, int]) -> None:
        if self.series and day.day != 1:
            return
        strip = month_strip(day, 24)
        curve = month_curve(model, known, strip)
        forward = {m: round(curve[m].value * 1e6) for m in strip}
        needed = {Month.of(d) for s in self.run.starts() for d in self.run.dates(s)}
        for series in series_listing(load_standards(), day, forward):
            if set(series.months) <= needed:
                self.series.setdefault(series.symbol, series)

    def _fill(self, day: date, orders: tuple[Order, ...], book: dict) -> int:
        premium = 0
        for order in orders:
            series, quote = self.series[order.symbol], book[order.symbol]
            depth = quote.ask_lots if order.buy else quote.bid_lots
            lots = min(order.lots, depth)
            signed = lots if order.buy else -lots
            held, lot_hours = self.position.get(order.symbol, 0), series.open_hours(day)
            if series.is_option:
                premium += order.limit_price * signed * lot_hours
            else:
                old = self.marks.get(order.symbol, order.limit_price)
                # Keeps the cash of the old mark and lets the new lots be marked from their price.
                self.statement.append(
                    LedgerDay(day, (old - order.limit_price) * signed * lot_hours, 0, 0, 0)
                )
                self.marks[order.symbol] = old
            self.position[order.symbol] = held + signed
            self.orders.append((day, order))
            self.fills.append(
                Fill(
                    day=day,
                    symbol=order.symbol,
                    buy=order.buy,
                    lots_wanted=order.lots_wanted,
                    lots_asked=order.lots,
                    lots_filled=lots,
                    paid=order.limit_price * lots,
                    middle=quote.middle,
                    mark=order.limit_price,
                    depth_lots=depth,
                    hours_per_lot=lot_hours,
                )
            )
        return premium

    def _settle(self, day: date) -> int:
        cash = 0
        for name, lots in list(self.position.items()):
            series = self.series[name]
            for month in series.months:
                if month.last_day >= day or (name, month) in self.settled:
                    continue
                self.settled.add((name, month))
                final = month_average(self.fixings, month).price_micro_dollars
                if series.is_option:
                    paid = max(0, final - series.strike_micro_dollars)
                    cash += paid * lots * hours(month)
                else:
                    cash += (final - self.marks[name]) * lots * hours(month)
            if not series.open_months(day):
                del self.position[name]
        return cash


def trunk_days(run: TrainingRun, last: date) -> list[date]:
    """Days worth a step: building, the first days of each month."""
    count = (last - run.plan_day).days + 1
    days = [run.plan_day + timedelta(days=n) for n in range(count)]
    return [d for n, d in enumerate(days) if n < 12 or d.day <= 4 or d == last]


def run_out(market: PaperMarket, start: date) -> PaperMarket:
    """The market of a run that starts on a date, until nothing is left to settle."""
    branch = market.branch()
    day = start
    while day == start or branch.position:
        if (day - start).days < 10 or day.day <= 3:
            branch.step(day, started_on=start)
        branch.position = {name: lots for name, lots in branch.position.items() if lots}
        day += timedelta(days=1)
    return branch
