"""The requirement of a portfolio from a published table, in whole micro-dollars (CLR-001).

What order entry enforces, said over lots and a table alone: a member, the margin calculator and the
nightly run come to the core's own figure. Scan and tails are rounded up each, which is rounding the
greater of them once, for all else is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lasalle.clearing.published_table import Published, PublishedError
from lasalle.wire import ScenarioKind


class Held(NamedTuple):
    """One series of a portfolio: signed lots, and open lots on each side."""

    lots: int
    buys: int = 0
    sells: int = 0

    @property
    def up(self) -> int:
        """Lots that lose where one long lot loses, all open buys filled."""
        return self.lots + self.buys

    @property
    def down(self) -> int:
        """Lots that lose where one long lot gains, all open sells filled."""
        return self.sells - self.lots

    @property
    def worst_net(self) -> int:
        """The larger of both positions open lots may come to."""
        return max(abs(self.up), abs(self.down))


@dataclass(frozen=True, slots=True)
class Requirement:
    """Micro-dollars; `scan` has the worst loss of each scan row before its weight, `historical` and
    `stress` are (numerator, denominator) of each expected shortfall at 99 %.
    """

    scan: tuple[tuple[int, int, int], ...]
    """(scan row, weight in ten-thousandths, worst loss)."""
    historical: tuple[int, int]
    stress: tuple[int, int]
    liquidity: int
    concentration: int
    delivery: int
    option_value: int

    @property
    def scan_path(self) -> int:
        """The scan rows together, rounded up."""
        return _up(sum(weight * worst for _, weight, worst in self.scan), 10_000)

    @property
    def tail_path(self) -> int:
        """0.75 of the historical and 0.25 of the stress shortfall, rounded up."""
        (h, nh), (t, nt) = self.historical, self.stress
        return _up(3 * h * nt + t * nh, 4 * nh * nt)

    @property
    def requirement(self) -> int:
        """What is asked before the initial factor."""
        return self.margin + self.delivery

    @property
    def margin(self) -> int:
        """What positions are asked, by themselves."""
        added = self.liquidity + self.concentration - self.option_value
        return max(0, max(self.scan_path, self.tail_path) + added)

    @property
    def initial(self) -> int:
        """1.10 of the margin, rounded up, and what deliveries lack, once: what an order has to find
        covered (CLR-003, DEL-027)."""
        return _up(11 * self.margin, 10) + self.delivery


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def requirement(portfolio: Mapping[str, Held], table: Published, delivery: int = 0) -> Requirement:
    """The requirement of one account. Raises PublishedError for a series without a row.

    `delivery` is what deliveries need set aside, both sides of them, whole micro-dollars (DEL-027).
    """
    losses = [0] * len(table.scenarios)
    liquidity = concentration = value = 0
    for symbol, held in portfolio.items():
        place = table.by_symbol.get(symbol)
        if place is None:
            expected = f"a series with a row in margin table {table.table}"
            raise PublishedError(f"{symbol}: expected {expected}, found none")
        row, (up, down) = table.series[place], (held.up, held.down)
        for n, loss in enumerate(row.losses):
            losses[n] += up * loss if loss > 0 else -down * loss
        liquidity += row.liquidity * held.worst_net
        beyond = max(0, held.worst_net - row.concentration_lots)
        concentration += row.concentration * beyond
        value += row.value * held.lots
    scan = tuple(
        (group, weight, max(0, max(losses[n] for n in table.columns(ScenarioKind.SCAN, group))))
        for group, weight in table.scan_rows
    )
    tails = [
        shortfall([losses[n] for n in table.columns(kind)])
        for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
    ]
    return Requirement(scan, tails[0], tails[1], liquidity, concentration, delivery, value)


def shortfall(losses: Sequence[int]) -> tuple[int, int]:
    """Expected shortfall at 99 % as a fraction: the mean of the worst hundredth, the last loss of
    it in part; (0, 1) of nothing.
    """
    count = len(losses)
    if not count:
        return 0, 1
    worst, whole = sorted(losses, reverse=True), count // 100
    return 100 * sum(worst[:whole]) + (count - 100 * whole) * worst[whole], count


class MemberMargin(NamedTuple):
    """Micro-dollars of a member: its own account, net; its clients', gross."""

    house: int
    clients: tuple[int, ...]

    @property
    def total(self) -> int:
        """What the member's accounts are asked together."""
        return self.house + sum(self.clients)


def member_margin(
    house: Iterable[Mapping[str, Held]], clients: Iterable[Mapping[str, Held]], table: Published
) -> MemberMargin:
    """Net for the house, gross for clients: what a member holds for itself is one portfolio, and
    each client is margined alone, so that no gain of a client pays for another or for the house.
    """
    own: dict[str, Held] = {}
    for portfolio in house:
        for symbol, held in portfolio.items():
            before = own.get(symbol, Held(0))
            own[symbol] = Held(*(a + b for a, b in zip(before, held, strict=True)))
    each = tuple(requirement(client, table).requirement for client in clients)
    return MemberMargin(requirement(own, table).requirement, each)


def shortfalls(accounts: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """What each account lacks, from (required, cover): excess of one never pays for another."""
    return tuple(max(0, required - cover) for required, cover in accounts)
