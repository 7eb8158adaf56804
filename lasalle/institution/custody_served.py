"""Reserves in custody as the doors of a served house ask about them: what today asks of the ladder,
to whom a released delivery goes, tests of readiness. Asked of views; nothing is sent from here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.contracts import day_number, numbered_day
from lasalle.delivery.custody import (
    Action,
    Deed,
    ReserveTerms,
    Rung,
    challenge_of,
    is_released,
    plan,
    readiness_due,
    shared_out,
)
from lasalle.institution.credit_sold import Views
from lasalle.institution.custody_store import CustodyStore, Held, Readiness
from lasalle.plain.obligations import Delivery
from lasalle.views.market import SeriesView
from lasalle.wire import DeliveryState, SeriesState, Side

DAY_NS = 86_400 * 10**9
A_PAGE = 5_000
TESTS_SHOWN = 20


class Handing:
    """What an account offered of its deliveries, read from the feed of a house: lots that others
    took, and lots on offer, by series and taker."""

    def __init__(self, account: int) -> None:
        self._account, self._after = account, 0
        self._series: dict[int, int] = {}
        self._open: dict[int, wire.DeliveryOffered] = {}
        self.taken: dict[tuple[int, int], int] = {}

    def read(self, views: Views) -> None:
        """Reads on to the end. May raise HistoryBehind."""
        more = True
        while more:
            page = views.accounts.events_after(self._after, A_PAGE)
            for header, event in page:
                self._on(event)
                self._after = header.number
            more = len(page) == A_PAGE

    def _on(self, event: Any) -> None:
        if isinstance(event, wire.DeliveryMade) and event.buyer == self._account:
            self._series[event.delivery] = event.series
        elif isinstance(event, wire.DeliveryOffered) and event.account == self._account:
            self._open[event.offer] = event
        elif isinstance(event, wire.DeliveryOfferEnded):
            self._open.pop(event.offer, None)
        elif isinstance(event, wire.DeliveryTransferred) and event.offer in self._open:
            offer = self._open.pop(event.offer)
            key = (self._series.get(offer.delivery, 0), offer.to_account)
            self.taken[key] = self.taken.get(key, 0) + offer.lots

    def offered(self, delivery: int) -> dict[int, int]:
        """Lots of a delivery on offer now, by taker."""
        found: dict[int, int] = {}
        for one in self._open.values():
            if one.delivery == delivery:
                found[one.to_account] = found.get(one.to_account, 0) + one.lots
        return found


class ServedCustody:
    """From any thread."""

    def __init__(self, folder: Path, views: Views, now: Callable[[], int] = time.time_ns) -> None:
        self.store, self._views, self._now = CustodyStore(folder), views, now
        self._handed: dict[int, Handing] = {}
        self._reading = threading.Lock()

    # -- what is said ------------------------------------------------------------------------

    def file(self, account: int, text: str, by: int) -> dict[str, Any]:
        """Keeps terms."""
        number, digest = self.store.file(text, account, by, self._now())
        return {"account": account, "number": number, "digest": digest}

    def draw(self, account: int, by: int) -> dict[str, Any]:
        """The test of today."""
        mark, now = self._views.accounts.history.mark, self._now()
        day = day_number(datetime.fromtimestamp(now // 10**9, UTC).date())
        test = self.store.draw(account, day, (mark.number, mark.chain), by, now)
        return readiness_row(test, now)

    def answer(
        self, account: int, test: int, unit: str, shown: tuple[str, str, str], by: int
    ) -> dict[str, Any]:
        """Keeps an answer."""
        found = self.store.answer(account, test, unit, shown, by, self._now())
        return readiness_row(found, self._now())

    # -- what is read ------------------------------------------------------------------------

    def report(self, account: int) -> dict[str, Any] | None:
        """The reserve as it stands; None for an account without terms."""
        held, now = self.store.held().get(account), self._now()
        if held is None:
            return None
        terms, blocks = held.terms, self._blocks(held.terms)
        trading = {s: v for s, v in blocks.items() if _trades(v, now)}
        rungs = [self._rung(account, number, view, now) for number, view in trading.items()]
        rungs.sort(key=lambda one: (one.days_left, one.symbol))
        index = next((view.terms.index for view in blocks.values()), 0)
        prices = self._prices(index, 0)
        ticks = {view.terms.symbol: view.terms.tick for view in trading.values()}
        actions = plan(rungs, prices, terms)
        return {
            "account": account,
            "digest": held.digest,
            "product": terms.product,
            "time": now,
            "fixing": prices[-1] if prices else 0,
            "mean": _mean(prices, terms),
            "released": is_released(prices, terms),
            "rungs": [_rung_row(rung) for rung in rungs],
            "actions": [_action_row(one, ticks[one.symbol]) for one in actions],
            "releases": self._releases(account, terms, blocks, now),
            "units": [unit for unit, _ in terms.units],
            "tests": [readiness_row(test, now) for test in held.tests[-TESTS_SHOWN:]],
            "test_due": _test_due(held, now),
            "record": self.store.head(),
        }

    def _blocks(self, terms: ReserveTerms) -> dict[int, SeriesView]:
        """Blocks of the product, by number."""
        start = f"{terms.product}-"
        series = list(self._views.market.series.items())
        return {n: v for n, v in series if v.terms.symbol.startswith(start) and v.terms.delivers}

    def _prices(self, index: int, before: int) -> list[int]:
        """Fixings of an index in the order of days; those of days before one, 0 for all."""
        rows = {f.day: f.price for f in list(self._views.market.fixings) if f.index == index}
        return [rows[day] for day in sorted(rows) if not before or day < before]

    def _rung(self, account: int, number: int, view: SeriesView, now: int) -> Rung:
        held = self._views.accounts.accounts[account].positions.get(number, 0)
        bids, asks = (dict(view.levels[side]) for side in (Side.BUY, Side.SELL))
        days = view.terms.last_trading_time // DAY_NS - now // DAY_NS
        best = max(bids, default=0), min(asks, default=0)
        return Rung(view.terms.symbol, days, held, *best)

    def _releases(
        self, account: int, terms: ReserveTerms, blocks: dict[int, SeriesView], now: int
    ) -> list[dict[str, Any]]:
        """Deliveries the account takes, the shares of those released, and offers that are due."""
        owed = list(self._views.accounts.margins.owed.deliveries.values())
        mine: dict[int, list[Delivery]] = {}
        for one in sorted(owed, key=lambda one: one.delivery):
            if one.buyer == account and one.series in blocks:
                mine.setdefault(one.series, []).append(one)
        if not mine:
            return []
        with self._reading:
            handed = self._handed.setdefault(account, Handing(account))
            handed.read(self._views)
            return [
                self._release(terms, blocks[series], rows, handed, now)
                for series, rows in sorted(mine.items())
            ]

    def _release(
        self, terms: ReserveTerms, view: SeriesView, rows: list[Delivery], handed: Handing, now: int
    ) -> dict[str, Any]:
        series = view.terms.series
        ended = datetime.fromtimestamp(view.terms.last_trading_time // 10**9, UTC).date()
        released = is_released(self._prices(view.terms.index, day_number(ended)), terms)
        taken = {to: n for (s, to), n in handed.taken.items() if s == series}
        lots = sum(one.lots for one in rows) + sum(taken.values())
        shares = shared_out(lots, terms) if released else {}
        offered = {one.delivery: handed.offered(one.delivery) for one in rows}
        waiting = {to: sum(o.get(to, 0) for o in offered.values()) for to in shares}
        left = {to: n - taken.get(to, 0) - waiting[to] for to, n in shares.items()}
        due = [
            {"delivery": one.delivery, "to_account": to, "lots": n,
             "first_hour": one.first_hour, "hours": one.hours}
            for one, to, n in _offers(rows, offered, left, now)
        ]  # fmt: skip
        return {
            "symbol": view.terms.symbol,
            "released": released,
            "lots": lots,
            "nominations_due": max(one.due for one in rows),
            "shares": [
                {"account": to, "share": n, "taken": taken.get(to, 0), "offered": waiting[to]}
                for to, n in sorted(shares.items())
            ],
            "offers": due,
        }


def _offers(
    rows: list[Delivery], offered: dict[int, dict[int, int]], left: dict[int, int], now: int
) -> list[tuple[Delivery, int, int]]:
    """Offers that are due: of deliveries still to be nominated, what nobody is offered, to accounts
    in their order until each has its share."""
    found = []
    for one in rows:
        free = one.lots - sum(offered[one.delivery].values())
        if one.state != DeliveryState.PAIRED or now >= one.due:
            continue
        for to in sorted(left):
            lots = min(free, left[to])
            if lots > 0:
                found.append((one, to, lots))
                free, left[to] = free - lots, left[to] - lots
    return found


def _trades(view: SeriesView, now: int) -> bool:
    return view.state == SeriesState.OPEN and now < view.terms.last_trading_time


def _mean(prices: list[int], terms: ReserveTerms) -> int:
    """Mean of the fixings looked back at, rounded down for showing; 0 where they are too few."""
    before = prices[:-1][-terms.look_back :]
    return sum(before) // len(before) if len(before) == terms.look_back else 0


def _test_due(held: Held, now: int) -> bool:
    """Whether a test is due today; never where nothing stands."""
    last = held.tests[-1].day if held.tests else 0
    number = numbered_day(last).toordinal() if last else 0
    today = datetime.fromtimestamp(now // 10**9, UTC).date().toordinal()
    return bool(held.terms.units) and readiness_due(today, number, held.terms)


def _rung_row(rung: Rung) -> dict[str, Any]:
    return {"symbol": rung.symbol, "days_left": rung.days_left, "held": rung.held,
            "bid": rung.bid, "ask": rung.ask}  # fmt: skip


def _action_row(one: Action, tick: int) -> dict[str, Any]:
    """An action with its limit on the grid of the series: down for what is bought, up for what is
    sold."""
    price = one.price // tick * tick if one.deed is Deed.BUY else -(-one.price // tick) * tick
    return {"deed": one.deed.value, "symbol": one.symbol, "lots": one.lots, "price": price,
            "why": one.why}  # fmt: skip


def readiness_row(test: Readiness, now: int) -> dict[str, Any]:
    """A test of readiness: what it drew, what each unit is asked, what it answered."""
    units = []
    for unit in test.units:
        answer = test.answers.get(unit)
        units.append({
            "unit": unit,
            "challenge": challenge_of(test.seed, test.day, unit),
            "answered": answer.time if answer else 0,
            "work": answer.work if answer else "",
            "evidence": answer.evidence if answer else "",
        })  # fmt: skip
    return {
        "test": test.number,
        "day": test.day,
        "command": test.command,
        "seed": test.seed,
        "until": test.until,
        "state": test.state(now),
        "units": units,
    }
