"""Wrong-way risk: a supplier short capacity fails when prices spike, so its default is assumed in
each case in which the hours it sold lose (CLR-095)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from lasalle.clearing.sizing import Exposure, beyond_margin
from lasalle.plain.soundness import owed
from lasalle.plain.state import Account, Series, State
from lasalle.wire import SeriesKind

LossesOfALot = Callable[[int], Sequence[int]]
"""Micro-dollars one long lot of a series, by number, loses in each case."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Lots an account is short that end in capacity or that it has shown it can deliver; what they
    lose in each case (positive loses), what the hours that end in capacity cost in it, and what
    the account owes on its line, micro-dollars."""

    member: int
    account: int
    lots: int
    lost: tuple[int, ...]
    worth: tuple[int, ...]
    owed: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A supplier in the spike in which it costs most beyond margin, micro-dollars: of that, before
    margin, what its short hours lose, the penalty on them, and what its lines owe."""

    member: int
    accounts: tuple[int, ...]
    lots: int
    case: str
    lost: int
    penalty: int
    owed: int
    beyond_margin: int


@dataclass(frozen=True, slots=True)
class WrongWay:
    """The spike in which all suppliers that lose in it, and the largest other member, cost most
    beyond margin, micro-dollars; `members` fail in it."""

    case: str
    members: tuple[int, ...]
    beyond_margin: int
    by_member: tuple[Failing, ...]


def supplies(state: State, cases: int, lost: LossesOfALot) -> tuple[Supply, ...]:
    """Every account that is short capacity at the close, by number."""
    found = []
    for number in sorted(state.accounts):
        account = state.accounts[number]
        short = {n: _short(state, account, n) for n in sorted(account.positions)}
        short = {n: lots for n, lots in short.items() if lots}
        if not short:
            continue
        loses, worth = [0] * cases, [0] * cases
        for n, lots in short.items():
            series = state.series[n]
            for case, loss in enumerate(lost(n)):
                loses[case] -= lots * loss
                if series.delivers:
                    worth[case] += lots * max(0, _value(series) - loss)
        found.append(
            Supply(
                account.member, number, sum(short.values()), tuple(loses), tuple(worth),
                owed(state, number),
            )
        )  # fmt: skip
    return tuple(found)


def _short(state: State, account: Account, number: int) -> int:
    """Lots short of a series that bring capacity: all where it delivers, else those covered."""
    series, lots = state.series[number], -account.lots(number)
    if lots <= 0 or series.series_kind == SeriesKind.PUT:
        return 0
    if series.delivers:
        return lots
    cover = state.credit.covers.get((account.account, number))
    return min(lots, cover.lots) if cover and cover.until > state.last_time else 0


def _value(series: Series) -> int:
    """What the hours of a lot cost at the close; those of a right at its strike and its value."""
    strike = series.strike if series.series_kind == SeriesKind.CALL else 0
    return (series.mark + strike) * series.hours


def wrong_way(one: Exposure, supply: Supply, penalty: int) -> Exposure:
    """An account that fails in spikes: in each case in which its short hours lose, a penalty on
    what they cost (ten-thousandths, rounded up) and what its line owes come on top of the loss,
    in which the rise of the price is; elsewhere nothing is made better or worse."""
    if len(supply.lost) != len(one.losses):
        raise ValueError(f"supply: expected {len(one.losses)} cases, found {len(supply.lost)}")
    return replace(one, losses=tuple(
        loss + _penalty(worth, penalty) + supply.owed if lost > 0 else loss
        for loss, lost, worth in zip(one.losses, supply.lost, supply.worth, strict=True)
    ))  # fmt: skip


def _penalty(worth: int, penalty: int) -> int:
    return -(-worth * penalty // 10_000)


def wrong_way_run(
    of: Sequence[Exposure], names: Sequence[str], short: Iterable[Supply], penalty: int
) -> WrongWay:
    """Suppliers taken to fail in every spike, each alone and all together with the largest other
    member; nothing where none is short capacity."""
    mine = {one.account: one for one in short}
    failed = [wrong_way(e, mine[e.account], penalty) if e.account in mine else e for e in of]
    worst: dict[int, Failing] = {}
    case, most = "", 0
    members: tuple[int, ...] = ()
    for n, name in enumerate(names):
        fail = {s.member for s in mine.values()
                if sum(x.lost[n] for x in mine.values() if x.member == s.member) > 0}  # fmt: skip
        if not fail:
            continue
        with_it, without = beyond_margin(failed, n), beyond_margin(of, n)
        for member in sorted(fail):
            if member not in worst or with_it[member] > worst[member].beyond_margin:
                own = [s for s in mine.values() if s.member == member]
                worst[member] = _failing(own, n, name, penalty, with_it[member])
        others = sorted((-lost, m) for m, lost in without.items() if m not in fail and lost)[:1]
        total = sum(with_it[member] for member in fail) - sum(lost for lost, _ in others)
        if not case or total > most:
            case, most = name, total
            members = (*sorted(fail), *(m for _, m in others))
    return WrongWay(case, members, most, tuple(worst[m] for m in sorted(worst)))


def _failing(own: Sequence[Supply], n: int, case: str, penalty: int, beyond: int) -> Failing:
    spiked = [s for s in own if s.lost[n] > 0]
    return Failing(
        own[0].member,
        tuple(s.account for s in own),
        sum(s.lots for s in own),
        case,
        sum(s.lost[n] for s in own),
        sum(_penalty(s.worth[n], penalty) for s in spiked),
        sum(s.owed for s in spiked),
        beyond,
    )
