"""What becomes of cover that was bought for a delivery: offered to who went without, offered again
where the offer was lost, closed in the book where it was declined or lapsed (DEL-062, DEL-071).

Nothing is remembered: fills are those of the remedy account's own orders, by their references, and
offers are read from the feed of the house, on from where they were read last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lasalle import wire
from lasalle.delivery.replacement import Fill, Offered, claimed, unbooked
from lasalle.institution.views import LivingViews
from lasalle.plain.obligations import Delivery
from lasalle.views import obligations
from lasalle.views.accounts import AccountsView
from lasalle.wire import DeliveryState

MOST_FILLS = 10_000
A_PAGE = 5_000
COVER, CLOSING = "cover", "close"
"""How references of orders begin: for a delivery, and for a fill whose cover nobody took."""
OPEN_STATES = (DeliveryState.RUNNING, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class Cover:
    """A fill of cover, signed by its side, and what became of it."""

    delivery: int
    fill: Fill
    bought: bool
    to_account: int
    """Who went without."""
    booked: bool
    """Whether a remedy was booked for it; what none was booked for is nobody's but the house's."""
    offer: Offered | None
    closed: int
    """Lots of it that were closed again."""
    closings: int
    """Orders that were sent to close it."""

    @property
    def lots(self) -> int:
        """Lots not closed, as the position that they are."""
        left = self.fill.lots - self.closed
        return left if self.bought else -left


class Offers:
    """Offers of positions of an account after an event, read from the feed page by page."""

    def __init__(self, account: int, after: int) -> None:
        self._account, self._after, self._read = account, after, 0
        self._found: dict[int, Offered] = {}

    def read(self, accounts: AccountsView) -> bool:
        """Reads on by a page; whether there is no more."""
        last = accounts.margins.last_event
        if self._read == last:
            return True
        page = accounts.events_after(self._after, A_PAGE)
        for header, event in page:
            self._on(header, event)
            self._after = header.number
        self._read = last if len(page) < A_PAGE else 0
        return bool(self._read)

    def _on(self, header: Any, event: Any) -> None:
        if getattr(event, "account", 0) != self._account:
            return
        if isinstance(event, wire.TransferOffered):
            self._found[event.offer] = Offered(
                header.number, event.to_account, event.series, event.lots, event.price
            )
        elif isinstance(event, wire.OfferEnded) and event.offer in self._found:
            self._found[event.offer].ended = True
        elif isinstance(event, wire.PositionTransferred) and event.offer in self._found:
            self._found[event.offer].taken = True

    def found(self) -> list[Offered]:
        """In their order."""
        return list(self._found.values())


def fills_of(
    views: LivingViews, account: int, start: str
) -> tuple[dict[str, list[tuple[Fill, bool]]], list[str]]:
    """Fills of an account's orders whose references begin so, with whether they bought, by
    reference; and every such reference, filled or not."""
    orders = {
        view.accepted.order: view.accepted.reference
        for view in views.accounts.orders_page(account, 0, MOST_FILLS)
        if view.accepted.reference.startswith(start)
    }
    told = views.accounts.history.fills(account, 0, MOST_FILLS)
    trades = {one.trade: one.terms for one in told if not one.busted}
    for view in views.market.series.values():
        trades |= {header.number: event for header, event in view.trades}
    found: dict[str, list[tuple[Fill, bool]]] = {}
    for trade, terms in sorted(trades.items()):
        bought = terms.buy_order in orders
        reference = orders.get(terms.buy_order if bought else terms.sell_order)
        if reference is not None:
            hours = views.market.series[terms.series].terms.hours
            fill = Fill(trade, terms.series, terms.lots, terms.price, hours)
            found.setdefault(reference, []).append((fill, bought))
    return found, sorted(orders.values())


class CoverBook:
    """Cover that an account of the house still has, by what the views show."""

    def __init__(self, views: LivingViews, account: int) -> None:
        self._views, self._account = views, account
        self._offers: Offers | None = None

    def held(self) -> list[Cover]:
        """Cover that was neither taken nor closed, the oldest first; none before the feed is read.
        May raise HistoryBehind."""
        accounts = self._views.accounts
        view = accounts.accounts.get(self._account)
        held = {s: lots for s, lots in view.positions.items() if lots} if view else {}
        if not held:
            self._offers = None
            return []
        fills, _ = fills_of(self._views, self._account, f"{COVER}-")
        mine = [fill for rows in fills.values() for fill, _ in rows if fill.series in held]
        if not mine:
            return []
        if self._offers is None:
            self._offers = Offers(self._account, min(fill.trade for fill in mine) - 1)
        if not self._offers.read(accounts):
            return []
        return list(self._within(held, self._covers(fills)))

    def _within(self, held: dict[int, int], covers: Iterable[Cover]) -> Iterator[Cover]:
        """No more than the account has on that side: what somebody moved by hand is theirs."""
        left = dict(held)
        for one in covers:
            has, lots = left.get(one.fill.series, 0), one.lots
            if lots and has * lots > 0 and abs(has) >= abs(lots):
                left[one.fill.series] = has - lots
                yield one

    def _covers(self, fills: dict[str, list[tuple[Fill, bool]]]) -> list[Cover]:
        assert self._offers is not None, "read before"
        closings, references = fills_of(self._views, self._account, f"{CLOSING}-")
        by_delivery: dict[int, list[tuple[Fill, bool]]] = {}
        for reference, rows in fills.items():
            by_delivery.setdefault(_number(reference), []).extend(rows)
        found: list[Cover] = []
        free = self._offers.found()
        for number, rows in by_delivery.items():
            waits = self._waits(self._views.accounts.margins.owed.deliveries.get(number))
            made, late = self._made(number, [fill for fill, _ in rows])
            for fill, bought in sorted(rows, key=lambda row: row[0].trade):
                if waits and fill in late:
                    continue
                # Hours are bought for a buyer, and sold for the seller of one that failed.
                to_account = made.buyer if bought else made.account
                signed = fill.lots if bought else -fill.lots
                offer = claimed(fill, signed, to_account, free) if fill not in late else None
                if (offer is not None and offer.taken) or to_account == self._account:
                    continue
                sent = [name for name in references if _number(name) == fill.trade]
                closed = sum(f.lots for name in sent for f, _ in closings.get(name, ()))
                found.append(Cover(number, fill, bought, to_account, fill not in late, offer,
                                   closed, len(sent)))  # fmt: skip
        return sorted(found, key=lambda one: one.fill.trade)

    def _waits(self, delivery: Delivery | None) -> bool:
        """Whether a delivery still has to book what was bought for it."""
        return delivery is not None and delivery.state in OPEN_STATES and delivery.missing > 0

    def _made(self, number: int, fills: list[Fill]) -> tuple[wire.DeliveryMade, tuple[Fill, ...]]:
        """Between whom a delivery was made, and fills that no remedy was booked for."""
        accounts = self._views.accounts
        told = obligations.steps(accounts, number, accounts.history.steps(number))
        story = obligations.story_of(told)
        assert story is not None, "cover is bought for a delivery that was made"
        return story.made, unbooked(fills, sum(r.units for r in story.remedies if not r.in_cash))


def _number(reference: str) -> int:
    """The delivery, or the fill, of a reference."""
    return int(reference.split("-")[1])
