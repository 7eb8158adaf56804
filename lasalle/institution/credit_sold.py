"""What the suppliers of a house have sold in it: positions in blocks whose trading goes on, and
what is left of the deliveries they became (CRD-013)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate

from lasalle.contracts import Form, Month, Symbol, SymbolError, midnight_after, parse_symbol
from lasalle.credit.model import DOLLAR, Sold
from lasalle.institution.delivery_round import begins_of
from lasalle.views import AccountsView, MarketView

NS, HOUR = 10**9, 3_600 * 10**9
FORWARDS = (Form.FIRM, Form.CONTINGENT)


@dataclass(frozen=True)
class Views:
    """What a house shows of prices and positions."""

    market: MarketView
    accounts: AccountsView


@dataclass(frozen=True, slots=True)
class Block:
    """Accelerators an account owes from one nanosecond UTC to another at a price an hour."""

    family: str
    place: str
    begins: int
    ends: int
    accelerators: int
    price: int


def blocks_here(views: Views, account: int) -> Iterator[Block]:
    """What an account is short of placed forwards on capacity, at their marks; and what it still
    owes of the deliveries they became, at their prices, from the first hour that is not final."""
    held = views.accounts.accounts.get(account)
    # Copied at once: a served house goes on while a thread judges.
    for number, lots in sorted(dict(held.positions).items()) if held else ():
        named = _forward(views, number)
        if named is None or lots >= 0:
            continue
        begins = begins_of(named.period)
        ends = begins + named.period.hours() * HOUR
        mark = views.market.series[number].mark
        yield Block(named.family, named.place, begins, ends, -lots, mark)
    for _, one in sorted(dict(views.accounts.margins.owed.deliveries).items()):
        named = _forward(views, one.series)
        begins = one.begins + one.final_hours * HOUR
        if named is not None and one.account == account and begins < one.ends:
            yield Block(named.family, named.place, begins, one.ends, one.lots, one.price)


def _forward(views: Views, number: int) -> Symbol | None:
    """What a series is called, where it is a placed forward on capacity."""
    view = views.market.series.get(number)
    try:
        named = parse_symbol(view.terms.symbol) if view is not None else None
    except SymbolError:
        return None
    return named if named is not None and named.form in FORWARDS and named.place else None


def sold_here(views: Views, account: int) -> tuple[Sold, ...]:
    """What an account sold, by month, grade and place: the most accelerators at one time, the hours
    that lie in the month, and their mean price, rounded down, against the supplier."""
    parts: dict[tuple[str, str, str], list[Block]] = {}
    for one in blocks_here(views, account):
        begins = one.begins
        while begins < one.ends:
            month = Month.of(datetime.fromtimestamp(begins // NS, UTC).date())
            ends = min(one.ends, midnight_after(month.last_day))
            key = (str(month), one.family, one.place)
            parts.setdefault(key, []).append(replace(one, begins=begins, ends=ends))
            begins = ends
    return tuple(_sold(key, blocks) for key, blocks in sorted(parts.items()))


def _sold(key: tuple[str, str, str], blocks: Sequence[Block]) -> Sold:
    # In order of time; what ends goes before what begins at the same time.
    edges = sorted(
        edge for b in blocks for edge in ((b.begins, b.accelerators), (b.ends, -b.accelerators))
    )
    most = max(accumulate(change for _, change in edges))
    # An early handover may begin within an hour, which then counts whole.
    hours = [b.accelerators * -(-(b.ends - b.begins) // HOUR) for b in blocks]
    total = sum(hours)
    price = sum(h * b.price for h, b in zip(hours, blocks, strict=True)) // total
    told = f"{price // DOLLAR}.{price % DOLLAR:06d}"
    return Sold(*key, most, told, hours=total)
