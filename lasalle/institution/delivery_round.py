"""The desk of deliveries of a house: on its last trading day a series turns into deliveries, and
what is missing is bought or sold in the market or paid in cash, by ordinary commands.

What is to be done is read from what the views show, never from memory, so that a desk that was
stopped anywhere goes on where it was. A command of two operators is proposed by the desk and
approved by a second actor, or by a person where the house names none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.contracts import (
    ContractError,
    Period,
    SeriesTerms,
    SymbolError,
    find_terms,
    midnight_after,
    parse_symbol,
)
from lasalle.delivery.desk_terms import HOUR, DeskTerms, begin_of, load_desk_terms, seller_margin
from lasalle.delivery.replacement import (
    Book,
    Fill,
    Wanted,
    covered,
    evidence_of,
    limit_of,
    unbooked,
    wanted,
)
from lasalle.institution.cover_round import CLOSING, COVER, Cover, CoverBook, fills_of
from lasalle.institution.delivery_hours import DeliveryHours
from lasalle.institution.views import LivingViews
from lasalle.plain.obligations import Delivery
from lasalle.venue.sequencer import Asked
from lasalle.views import obligations
from lasalle.views.market import SeriesView
from lasalle.views.model import HistoryBehind
from lasalle.wire import DeliveryParty, DeliveryState, SeriesState, Side

FILE = "remedy.toml"
"""Names the account in whose name replacement is bought."""


class RemedyWrong(ValueError):
    """The file that names the remedy account is wrong; says which field."""


@dataclass(frozen=True, slots=True)
class RemedyAccount:
    """An account of the house's own, and the actor that trades for it."""

    account: int
    actor: int


def read_remedy(folder: Path) -> RemedyAccount | None:
    """The remedy account a house names; None where what is missing is paid in cash alone. Raises
    RemedyWrong."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        table = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise RemedyWrong(f"{path}: expected TOML, {error}") from None
    if set(table) != {"account", "actor"}:
        raise RemedyWrong(f"{path}: expected account and actor, found {sorted(table)}")
    for name, value in table.items():
        if type(value) is not int or not 1 <= value < 2**32:
            raise RemedyWrong(f"{path}: {name}: expected its number, found {value!r}")
    return RemedyAccount(**table)


@dataclass(frozen=True, slots=True)
class Missing:
    """What is to be made good of a delivery: since when, at which limit, and what was bought."""

    delivery: Delivery
    since: int
    limit: int
    buys: bool
    fills: tuple[Fill, ...]
    """Those no remedy was booked for yet."""
    orders: tuple[str, ...]
    """References of every order sent for it."""


class DeliveryDesk:
    """One actor of the house for its deliveries, with a second that confirms what needs two."""

    def __init__(
        self,
        views: LivingViews,
        actor: int,
        second: int = 0,
        remedy: RemedyAccount | None = None,
        terms: DeskTerms | None = None,
        hours: DeliveryHours | None = None,
    ) -> None:
        self._views, self.actor, self._second = views, actor, second
        self._hours = hours
        self._remedy, self._terms = remedy, terms or load_desk_terms()
        self._bought = CoverBook(views, remedy.account) if remedy is not None else None
        self.waiting: dict[str, str] = {}
        """What cannot be done by itself, and why, by what it is of."""
        self.noted: dict[str, str] = {}
        """Hours that are booked without the cosignature of a side, and whose (DEL-076)."""

    def said(self) -> str:
        """What waits and why, and what was booked by one party's cosignature, in a sentence each;
        empty where there is nothing."""
        sentences = ("Deliveries wait", self.waiting), ("Booked by one cosignature", self.noted)
        return " ".join(
            f"{head}: {'; '.join(f'{name} ({why})' for name, why in sorted(told.items()))}."
            for head, told in sentences
            if told
        )

    def due(self, now: int) -> list[Asked]:
        """Commands of the next stage; none when nothing is to be done."""
        self.waiting, self.noted = {}, {}
        roles = self._views.accounts.actors.get(self.actor, (0, 0))[1]
        if self._views.market.halted or not roles & wire.Role.CLEARING:
            return []
        try:
            # An hour that is refused, since a buyer cannot pay, holds up no remedy.
            hours = self._booked(now)
            return self._begins(now) or hours + self._remedies(now) + self._cover(now)
        except HistoryBehind:
            return []

    def unread(self, now: int) -> list[int]:
        """Deliveries whose logs are to be reviewed before anything is due."""
        return self._hours.unread(now) if self._hours is not None else []

    def read(self, number: int) -> None:
        """Reviews the log of a delivery; on a thread of its own, where there is one."""
        assert self._hours is not None, "a log is unread"
        self._hours.read(number)

    def _booked(self, now: int) -> list[Asked]:
        """Hours as their meters read them, one of each delivery."""
        if self._hours is None:
            return []
        due = self._hours.due(now)
        self.waiting |= due.waiting
        self.noted |= due.noted
        return [Asked(self.actor, command) for command in due.commands]

    # -- from position to obligation ---------------------------------------------------------

    def _begins(self, now: int) -> list[Asked]:
        asked: list[Asked] = []
        for number, view in sorted(self._views.market.series.items()):
            over = view.terms.delivers and now >= view.terms.last_trading_time
            if not over or view.state != SeriesState.CLOSED:
                continue
            if _is_peak(view.terms.symbol):
                why = "its hours are not one after the other; two operators end it (DEL-061)"
                self.waiting[view.terms.symbol] = why
                continue
            command = self._begin(number, view, now)
            if command is None:
                why = "its block begins before nominations can be due; two operators end it"
                self.waiting[view.terms.symbol] = why
            else:
                asked += self._of_two(command, view.terms.symbol, wire.BeginDelivery, number)
        return asked

    def _begin(self, number: int, view: SeriesView, now: int) -> wire.BeginDelivery | None:
        listed = standard_terms(view.terms.symbol)
        if listed is None:
            return None
        starts = begins_of(parse_symbol(listed.symbol).period)
        clauses = listed.standard.terms["clauses"]
        fixing = self._fixing(view.terms.index)
        row = self._views.market.rows.get(number)
        worst = max((-one.loss for one in row.losses), default=0) if row else 0
        margin = seller_margin(
            view.mark,
            fixing,
            -(-worst // view.terms.hours),
            clauses["remedy"]["penalty"],
        )
        last = view.terms.last_trading_time
        return begin_of(number, starts, last, now, clauses, margin, self._terms)

    def _fixing(self, index: int) -> int:
        """The last fixing of an index, micro-dollars; 0 before the first."""
        found = [f.price for f in self._views.market.fixings if f.index == index]
        return found[-1] if found else 0

    def _of_two(self, command: Any, name: str, kind: Any = None, series: int = 0) -> list[Asked]:
        """A command proposed, or approved where its proposal waits. kind and series: a proposal for
        that series of any content is the one, for what it rests on may move meanwhile."""
        for number, waiting in self._views.accounts.proposals.items():
            if waiting.command != command.KIND:
                continue
            same = waiting.payload == command.pack()
            if kind is not None:
                same = kind.unpack(waiting.payload, kind.BLOCK).series == series
            if same and self._second:
                return [Asked(self._second, wire.Approve(proposal=number))]
            if same:
                self.waiting[name] = f"proposal {number} waits for a second actor"
                return []
        proposal = wire.Propose(command=command.KIND, payload=command.pack())
        return [Asked(self.actor, proposal)]

    # -- making good ---------------------------------------------------------------------------

    def _remedies(self, now: int) -> list[Asked]:
        asked: list[Asked] = []
        for number, delivery in sorted(self._views.accounts.margins.owed.deliveries.items()):
            open_now = delivery.state in (DeliveryState.RUNNING, DeliveryState.FAILED)
            if open_now and delivery.missing:
                asked += self._remedied(self._missing(number, delivery), now)
        return asked

    def _missing(self, number: int, delivery: Delivery) -> Missing:
        accounts, market = self._views.accounts, self._views.market
        told = obligations.steps(accounts, number, accounts.history.steps(number))
        story = obligations.story_of(told)
        assert story is not None, "a delivery that is owed was made"
        since = max(
            header.time
            for header, event in told
            if isinstance(event, wire.MeteredFinal | wire.DeliveryFailed) and event.missing
        )
        buys = delivery.failed != DeliveryParty.BUYER
        terms = accounts.margins.owed.terms_of(delivery)
        fixing = self._fixing(market.series[delivery.series].terms.index)
        fills, orders = self._fills(number)
        booked = sum(r.units for r in story.remedies if not r.in_cash)
        limit = limit_of(fixing, terms.cash_factor, buys=buys)
        return Missing(delivery, since, limit, buys, unbooked(fills, booked), orders)

    def _remedied(self, missing: Missing, now: int) -> list[Asked]:
        """The next step: book what was bought, else look for more, else cash."""
        delivery = missing.delivery
        name = f"delivery {delivery.delivery}"
        made = covered(missing.fills, delivery.missing, buys=missing.buys)
        if made is not None:
            evidence = evidence_of(delivery.delivery, made.fills, missing.orders)
            return self._of_two(_remedy(delivery, made.units, made.price, evidence), name)
        order = self._order(missing, now)
        if order is not None:
            return [order]
        if now < missing.since + self._terms.window and self._could_trade(missing, now):
            return []
        evidence = evidence_of(delivery.delivery, (), missing.orders)
        return self._of_two(_remedy(delivery, delivery.missing, 0, evidence), name)

    def _order(self, missing: Missing, now: int) -> Asked | None:
        """The next order of the remedy account, at once or never, within limit and window."""
        delivery, remedy = missing.delivery, self._remedy
        if remedy is None or not missing.limit or now >= missing.since + self._terms.window:
            return None
        books = self._books(delivery, now, Side.SELL if missing.buys else Side.BUY)
        found: Wanted | None = wanted(delivery.missing, books, missing.limit, buys=missing.buys)
        if found is None:
            return None
        reference = f"{_prefix(delivery.delivery)}{len(missing.orders) + 1}"
        return self._ioc(reference, found, now, buys=missing.buys)

    def _could_trade(self, missing: Missing, now: int) -> bool:
        """Whether a whole lot of any block that trades yet is missing."""
        blocks = self._blocks(missing.delivery, now) if self._remedy else ()
        return any(view.terms.hours <= missing.delivery.missing for view, _ in blocks)

    # -- what was bought -----------------------------------------------------------------------

    def _cover(self, now: int) -> list[Asked]:
        """Cover that was booked is offered to who went without, at the price it was bought at; what
        was declined or lapsed, or was never booked, is closed in the book (DEL-062, DEL-071)."""
        asked: list[Asked] = []
        for one in self._bought.held() if self._bought else ():
            view = self._views.market.series[one.fill.series]
            if now >= view.terms.last_trading_time:
                continue
            lost = not one.booked or (one.offer is not None and one.offer.ended)
            if one.booked and one.offer is None:
                asked.append(self._offer(one))
            elif lost and view.state == SeriesState.OPEN:
                asked += self._closing(one, view, now)
        return asked

    def _offer(self, one: Cover) -> Asked:
        assert self._remedy is not None, "fills are of its account"
        return Asked(
            self._remedy.actor,
            wire.OfferTransfer(
                account=self._remedy.account, to_account=one.to_account, series=one.fill.series,
                lots=one.lots, price=one.fill.price,
            ),
        )  # fmt: skip

    def _closing(self, one: Cover, view: SeriesView, now: int) -> list[Asked]:
        """An order that takes back what is in the book within the limit, at once or never."""
        side = Side.BUY if one.bought else Side.SELL
        fixing = self._fixing(view.terms.index)
        limit = limit_of(fixing, self._terms.cash_factor, buys=not one.bought)
        units = abs(one.lots) * view.terms.hours
        book = Book(one.fill.series, view.terms.symbol, 0, view.terms.hours, view.terms.tick,
                    view.reachable(side))  # fmt: skip
        found = wanted(units, [book], limit, buys=not one.bought) if limit else None
        if found is None:
            why = "nobody took it, and nobody is in the book for it within limit and band"
            self.waiting[f"cover of delivery {one.delivery}"] = why
            return []
        return [self._ioc(f"{CLOSING}-{one.fill.trade}-{one.closings + 1}", found, now,
                          buys=not one.bought)]  # fmt: skip

    def _ioc(self, reference: str, found: Wanted, now: int, *, buys: bool) -> Asked:
        """An order of the remedy account that never rests."""
        assert self._remedy is not None, "a house without one orders nothing"
        return Asked(
            self._remedy.actor,
            wire.PlaceOrder(
                account=self._remedy.account, series=found.series,
                side=Side.BUY if buys else Side.SELL,
                order_type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.IOC,
                self_trade=wire.SelfTrade.CANCEL_NEWEST, price=found.limit, lots=found.lots,
                reference=reference, reference_time=now,
            ),
        )  # fmt: skip

    def _books(self, delivery: Delivery, now: int, side: Side) -> Iterator[Book]:
        """What can be had of blocks that are open now, without a pause."""
        for view, listed in self._blocks(delivery, now):
            if view.state == SeriesState.OPEN and view.terms.series in self._views.market.rows:
                yield Book(
                    view.terms.series, listed.symbol, begins_of(parse_symbol(listed.symbol).period),
                    view.terms.hours, view.terms.tick, view.reachable(side),
                )  # fmt: skip

    def _blocks(self, delivery: Delivery, now: int) -> Iterator[tuple[SeriesView, SeriesTerms]]:
        """Blocks of the same product, family and place, but its own, whose trading is not over:
        what is paused, called or closed now opens again, maybe within the window."""
        market = self._views.market
        own = standard_terms(market.series[delivery.series].terms.symbol)
        if own is None or _is_peak(own.symbol):
            return
        for number, view in market.series.items():
            over = view.state == SeriesState.EXPIRED or now >= view.terms.last_trading_time
            if over or not view.terms.delivers or number == delivery.series:
                continue
            other = standard_terms(view.terms.symbol)
            if other and other.standard.name == own.standard.name and not _is_peak(other.symbol):
                yield view, other

    def _fills(self, delivery: int) -> tuple[list[Fill], tuple[str, ...]]:
        """Fills of every order sent for a delivery, and the references of the orders."""
        if self._remedy is None:
            return [], ()
        found, orders = fills_of(self._views, self._remedy.account, _prefix(delivery))
        fills = [fill for rows in found.values() for fill, _ in rows]
        return sorted(fills, key=lambda fill: fill.trade), tuple(orders)


def begins_of(period: Period) -> int:
    """First nanosecond UTC of a block of every hour."""
    hour = max(0, period.hour)
    return midnight_after(period.first_day - timedelta(days=1)) + hour * HOUR


def _is_peak(symbol: str) -> bool:
    """Whether a block is of the peak hours of its days."""
    listed = standard_terms(symbol)
    return listed is not None and parse_symbol(listed.symbol).peak


def _prefix(delivery: int) -> str:
    """How references of orders for a delivery begin."""
    return f"{COVER}-{delivery}-"


def _remedy(delivery: Delivery, units: int, price: int, evidence: bytes) -> wire.RemedyDelivery:
    return wire.RemedyDelivery(
        delivery=delivery.delivery, units=units, cover_price=price, evidence=evidence
    )


@cache
def standard_terms(symbol: str) -> SeriesTerms | None:
    """Terms of a symbol by the newest standard that names it; None for one of no standard."""
    try:
        return find_terms(parse_symbol(symbol))
    except (ContractError, SymbolError):
        return None
