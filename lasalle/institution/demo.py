"""The demonstration house: members, contracts and money by the ordinary commands, day by day.

Every price here is the published index (real where the price data is at hand, else simulated)
or the maker's model; the members and their money are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.clearing import (
    load_margin_terms,
    margin_table,
    settlement_command,
    table_commands,
)
from lasalle.contracts import (
    Month,
    SeriesTerms,
    load_standard,
    month_strip,
    series_listing,
)
from lasalle.exchange import list_series, load_listing_terms
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.indices.gcp_history import gcp_history
from lasalle.making import Quote, fair_marks, load_maker_terms, quotes
from lasalle.pricing import CurveModel, fit, month_curve
from lasalle.wire import Role, SelfTrade, SeriesState

Ask = Callable[[int, Any], list[tuple[wire.Header, Any]]]
MAKER, LAB, FUND = 1, 2, 3
MAKER_ACTOR, LAB_ACTOR, FUND_ACTOR = 11, 12, 13
FIRST, SECOND = 1, 2
"""The two operators."""
MARKET_FILE = "gcp_gpu_prices_2022_2026.parquet"
SHOWN_FIXINGS = 180
OPTION_MONTHS, STRIKES = 6, 3
DOLLAR = 1_000_000


class DemoFault(Exception):
    """A command of the demonstration was refused; it names the refusal."""


@dataclass
class Desk:
    """The day's desk of the demonstration: fixings, listing, margin table, settlement, quotes."""

    ask: Ask
    fixings: list[Fixing]
    real: bool
    series: dict[str, int] = field(default_factory=dict)
    listed: list[SeriesTerms] = field(default_factory=list)
    model: CurveModel | None = None
    table: int = 0

    def must(self, actor: int, command: Any) -> list[tuple[wire.Header, Any]]:
        """Asks and insists."""
        told = self.ask(actor, command)
        for _, event in told:
            if isinstance(event, wire.Refused):
                name = wire.Refusal(event.refusal).name.lower()
                raise DemoFault(
                    f"{command.NAME}: {name} expected={event.expected} found={event.found}"
                )
        return told

    def approved(self, command: Any) -> None:
        """A four-eyes command: one operator proposes, the other approves."""
        told = self.must(FIRST, wire.Propose(command=command.KIND, payload=command.pack()))
        self.must(SECOND, wire.Approve(proposal=told[0][1].proposal))

    def refit(self, today: date) -> None:
        """The maker's curve from the fixings before a day."""
        known = [(f.day, f.price_micro_dollars) for f in self.fixings if f.day < today]
        self.model = fit(known)


def load_fixings(prices: Path | None, last: date) -> tuple[list[Fixing], bool]:
    """(fixings up to a date, whether their evidence is real)."""
    path = prices / "gpu_prices" / MARKET_FILE if prices else None
    if path is not None and path.exists():
        return list(fixing_history(gcp_history(path), last)), True
    first = last - timedelta(days=500)
    return list(fixing_history(simulated_history(20_260_101, first, last), last)), False


def open_demo(desk: Desk) -> None:
    """The first day: operators, members, accounts, money."""
    operators = (wire.ActorNumber(FIRST), wire.ActorNumber(SECOND))
    desk.must(0, wire.Genesis(name="LaSalle demo", operators=operators))
    roles = Role.TRADER | Role.RISK | Role.SETTLEMENT
    members = (
        (MAKER, MAKER_ACTOR, "Demo maker", 400_000_000),
        (LAB, LAB_ACTOR, "Demo lab", 100_000_000),
        (FUND, FUND_ACTOR, "Demo fund", 50_000_000),
    )
    for member, actor, name, cash in members:
        desk.approved(wire.RegisterMember(member=member, name=name))
        desk.approved(wire.RegisterActor(registered=actor, member=member, roles=int(roles)))
        desk.approved(
            wire.OpenAccount(
                account=member,
                member=member,
                account_kind=wire.AccountKind.HOUSE,
                owner=member,
                position_limit=200_000,
                order_lots_limit=20_000,
                order_value_limit=10**15,
            )
        )
        desk.must(
            FIRST,
            wire.Deposit(account=member, asset=1, amount=cash * DOLLAR, reference=f"demo-{member}"),
        )
    desk.approved(wire.FundLiquidity(amount=20_000_000 * DOLLAR))


def run_day(desk: Desk, today: date, already_fixed: int) -> None:
    """Publishes fixings not yet on the log, lists, loads the margin table, settles, opens."""
    known = [f for f in desk.fixings if f.day < today]
    for fixing in known[-SHOWN_FIXINGS:]:
        number = day_number(fixing.day)
        if number > already_fixed:
            desk.must(
                FIRST,
                wire.PublishFixing(
                    index=1,
                    day=number,
                    price=fixing.price_micro_dollars,
                    carried=fixing.carried,
                    simulated=fixing.simulated,
                    method=fixing.method_version,
                    inputs=bytes.fromhex(fixing.input_sha256),
                ),
            )
    desk.refit(today)
    _list(desk, today)
    _settle_and_margin(desk, today)


def day_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def by_day(fixings: Iterable[Fixing], before: date) -> dict[date, int]:
    return {f.day: f.price_micro_dollars for f in fixings if f.day < before}


def _list(desk: Desk, today: date) -> None:
    assert desk.model is not None, "the curve is fitted before anything is listed"
    standard = load_standard()
    months = month_strip(today, standard.future_months)
    curve = month_curve(desk.model, by_day(desk.fixings, today), months)
    forward = {m: max(standard.tick_micro_dollars, round(curve[m].value * 1e6)) for m in months}
    wanted = _shortened(series_listing(standard, today, forward), today)
    known = [t for t in desk.listed if t.last_trading_time > _nanoseconds(today)]
    desk.listed = known + [t for t in wanted if t.symbol not in {k.symbol for k in known}]
    marks = fair_marks(desk.model, by_day(desk.fixings, today), today, desk.listed)
    for terms in desk.listed:
        if terms.symbol in desk.series:
            continue
        number = max(desk.series.values(), default=0) + 1
        rules = load_listing_terms("option" if terms.is_option else "linear")
        desk.must(FIRST, list_series(terms, number, marks[terms.symbol], rules))
        desk.series[terms.symbol] = number


def _shortened(listing: Iterable[SeriesTerms], today: date) -> list[SeriesTerms]:
    """The whole strip and its swaps; options of the near months and the middle strikes only."""
    chosen: list[SeriesTerms] = []
    options: dict[tuple[Month, int], list[SeriesTerms]] = {}
    for terms in listing:
        if not terms.is_option:
            chosen.append(terms)
        elif terms.months[0].minus(Month.of(today)) < OPTION_MONTHS:
            options.setdefault((terms.months[0], terms.kind), []).append(terms)
    for ladder in options.values():
        ladder.sort(key=lambda t: t.strike_micro_dollars)
        start = max(0, (len(ladder) - STRIKES) // 2)
        chosen += ladder[start : start + STRIKES]
    return chosen


def _nanoseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9


def _settle_and_margin(desk: Desk, today: date) -> None:
    assert desk.model is not None, "the curve is fitted before the table"
    known = by_day(desk.fixings, today)
    marks = fair_marks(desk.model, known, today, desk.listed)
    desk.must(FIRST, settlement_command(day_number(today), marks, desk.series))
    table = margin_table(
        desk.model, sorted(known.items()), today, desk.listed, marks, load_margin_terms()
    )
    version = day_number(today)
    for command in table_commands(table, version, desk.table, desk.series):
        desk.must(FIRST, command)
    for terms in desk.listed:
        # A series that is open already stays open: the refusal is as good.
        desk.ask(
            FIRST, wire.SetSeriesState(series=desk.series[terms.symbol], state=SeriesState.OPEN)
        )
    desk.table = version


def maker_quotes(desk: Desk, today: date, inventory: dict[str, int]) -> list[Quote]:
    """The maker's quotes now, around its model and against its inventory."""
    assert desk.model is not None, "the curve is fitted before the maker quotes"
    return list(
        quotes(
            desk.model,
            by_day(desk.fixings, today),
            today,
            desk.listed,
            inventory,
            load_maker_terms(),
        )
    )


def quote_commands(desk: Desk, found: list[Quote]) -> list[wire.MassQuote]:
    """Mass quotes of at most the bound of the schema."""
    legs = [
        wire.Quote(desk.series[q.symbol], q.bid_price, q.bid_lots, q.ask_price, q.ask_lots)
        for q in found
    ]
    size = wire.Bound.QUOTES
    return [
        wire.MassQuote(
            account=MAKER, self_trade=SelfTrade.CANCEL_NEWEST, quotes=tuple(legs[i : i + size])
        )
        for i in range(0, len(legs), size)
    ]

