"""Coverage: the test every order passes before it can rest or trade (CLR-001 to CLR-004).

The formula is the clearing desk's own; here it is said over the whole account each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from lasalle.plain.collateral import counted
from lasalle.plain.securing import lacking
from lasalle.plain.state import Account, Order, Series, State
from lasalle.plain.tables import Table
from lasalle.wire import ScenarioKind, Side


class Open(NamedTuple):
    """Open lots at their worst price."""

    series: int
    side: Side
    price: int
    lots: int


class Judgement(NamedTuple):
    """Both tests of an account, micro-dollars. Covered when cover >= required and free >=
    needed."""

    requirement: int
    cover: int
    required: int
    free: int
    needed: int

    @property
    def covered(self) -> bool:
        return self.cover >= self.required and self.free >= self.needed


@dataclass(slots=True)
class Exposure:
    """One series of an account: signed position, its cost, open lots on each side."""

    lots: int = 0
    cost: int = 0
    buys: int = 0
    sells: int = 0

    @property
    def worst_net(self) -> int:
        return max(abs(self.lots + self.buys), abs(self.lots - self.sells))


def opens(orders: Iterable[Order]) -> list[Open]:
    return [Open(o.series, o.side, o.price, o.lots) for o in orders]


def exposures(
    account: Account, live: Iterable[Open], moved: dict[int, tuple[int, int]] | None = None
) -> dict[int, Exposure]:
    """Exposure by series; `moved` adds (lots, cost) of a position about to come or go."""
    found = {s: Exposure(p.lots, p.cost) for s, p in account.positions.items()}
    for series, (lots, cost) in (moved or {}).items():
        exposure = found.setdefault(series, Exposure())
        exposure.lots += lots
        exposure.cost += cost
    for order in live:
        exposure = found.setdefault(order.series, Exposure())
        if order.side == Side.BUY:
            exposure.buys += order.lots
        else:
            exposure.sells += order.lots
    return found


def adverse(series: Series, order: Open) -> int:
    """What a fill at the worst price costs against the mark (CLR-003).

    A short option counts its mark at the initial factor, so that its fill never raises what was
    checked.
    """
    if order.side == Side.BUY:
        return max(0, order.price - series.mark) * order.lots * series.hours
    mark = -(-11 * series.mark // 10) if series.is_option else series.mark
    return max(0, mark - order.price) * order.lots * series.hours


def fees(series: Series, lots: int) -> int:
    """Worst fees of open lots."""
    return lots * (max(series.maker_fee, series.taker_fee) + series.clearing_fee)


def premium(series: Series, order: Open) -> int:
    """Premium an open option buy pays at its worst price."""
    if not series.is_option or order.side == Side.SELL:
        return 0
    return order.price * order.lots * series.hours


def losses(table: Table, exposure: dict[int, Exposure]) -> list[int]:
    """Loss of the worst subset of fills in each scenario (CLR-001)."""
    total = [0] * len(table.scenarios)
    for series, e in exposure.items():
        row = table.series[series]
        for s, a in enumerate(row.losses):
            total[s] += e.lots * a + max(0, e.buys * a, -e.sells * a)
    return total


def tail_sum(losses_: list[int]) -> tuple[int, int]:
    """ES99 as a fraction (numerator, denominator): 100 x the k worst plus (N - 100 k) x the
    next, over N."""
    n = len(losses_)
    if n == 0:
        return 0, 1
    worst = sorted(losses_, reverse=True)
    k = n // 100
    return 100 * sum(worst[:k]) + (n - 100 * k) * worst[k], n


def requirement(state: State, exposure: dict[int, Exposure]) -> int:
    """Margin requirement in micro-dollars, rounded up once (CLR-001)."""
    table = state.table
    if table is None or not exposure:
        return 0
    loss = losses(table, exposure)
    scan_scaled = 0
    for row in table.rows:
        points = [
            x
            for x, label in zip(loss, table.scenarios, strict=True)
            if label.kind == ScenarioKind.SCAN and label.group == row.group
        ]
        scan_scaled += row.weight * max(0, *points) if points else 0
    tails = []
    for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS):
        tails.append(
            tail_sum(
                [x for x, label in zip(loss, table.scenarios, strict=True) if label.kind == kind]
            )
        )
    (h, nh), (t, nt) = tails
    charges = value = 0
    for series, e in exposure.items():
        charge, terms = table.series[series], state.series[series]
        charges += charge.liquidity * e.worst_net
        charges += charge.concentration * max(0, e.worst_net - charge.concentration_lots)
        if terms.is_option:
            value += e.lots * terms.mark * terms.hours
    # One common denominator, so that the only rounding is the last one.
    denominator = 10_000 * 4 * nh * nt
    scan = scan_scaled * 4 * nh * nt
    tail = 10_000 * (3 * h * nt + t * nh)
    numerator = max(scan, tail) + (charges - value) * denominator
    return max(0, -(-numerator // denominator))


def unsettled(state: State, exposure: dict[int, Exposure]) -> int:
    """Gain at marks not yet settled by variation."""
    gain = 0
    for series, e in exposure.items():
        terms = state.series[series]
        if not terms.is_option:
            gain += (e.lots * terms.mark - e.cost) * terms.hours
    return gain


def judge(
    state: State,
    account: Account,
    live: list[Open] | None = None,
    moved: dict[int, tuple[int, int]] | None = None,
) -> Judgement:
    """Both tests of an account with these open lots (default: its own)."""
    live = opens(account.orders.values()) if live is None else live
    exposure = exposures(account, live, moved)
    needed = requirement(state, exposure)
    base = state.free_of_holds(account) - state.due(account.account)
    base += min(0, unsettled(state, exposure))
    worse = paid = 0
    for order in live:
        terms = state.series[order.series]
        worse += adverse(terms, order) + fees(terms, order.lots)
        if terms.is_option and order.side == Side.BUY:
            paid += premium(terms, order) + fees(terms, order.lots)
        else:
            paid += adverse(terms, order) + fees(terms, order.lots)
    required = -(-11 * needed // 10) + worse + lacking(state, account.account)
    cover = base + counted(state, account).cover(required)
    return Judgement(needed, cover, required, base, paid)


def beyond_margin(state: State, account: Account) -> int:
    """Free cash beyond what positions and open orders ask, micro-dollars; what deliveries lack is
    no part of that (DEL-026)."""
    found = judge(state, account)
    asked = found.required - lacking(state, account.account)
    cover = found.free + counted(state, account).cover(asked)
    cash = max(0, state.free_of_holds(account))
    return max(0, min(cash, cover - asked, found.free - found.needed))


def open_premiums(state: State, account: Account) -> int:
    """Premiums of the account's open option buys."""
    return sum(premium(state.series[o.series], o) for o in opens(account.orders.values()))


def reduces(account: Account, series: int, side: Side, lots: int) -> bool:
    """True when these lots on top of what is open on that side only take the position towards
    zero."""
    position = account.lots(series) * (-1 if side == Side.BUY else 1)
    return position > 0 and account.open_lots(series, side) + lots <= position
