"""Price alignment of swaps: interest on the variation paid so far, at a published rate (CLR-056 to
CLR-058)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lasalle import wire
from lasalle.plain.credit import Rate
from lasalle.plain.months import days_between
from lasalle.plain.orders import same
from lasalle.plain.state import JOINING, Place, Refused, State, need_behaviour
from lasalle.plain.waterfall import shares
from lasalle.wire import Bound, Refusal, SeriesKind

Events = Iterator[Any]
YEAR = 360 * 1_000_000
"""Days of a year of interest, by millionths."""


def publish_rate(state: State, place: Place, command: wire.PublishRate) -> Events:
    need_behaviour(state, JOINING)
    if abs(command.rate) > Bound.YEARLY_RATE:
        raise Refused(Refusal.RATE_OUT_OF_BOUNDS, Bound.YEARLY_RATE, command.rate)
    last = max(state.credit.rates, default=0)
    if command.day <= last:
        raise Refused(Refusal.DAY_NOT_AHEAD, last, command.day)
    yield same(wire.RatePublished, command)


def variation_so_far(state: State) -> dict[int, int]:
    """Variation on swaps that each account has received (negative: paid) and that no final
    settlement has taken up, micro-dollars."""
    found: dict[int, int] = {}
    for (account, _), amount in state.credit.variation.items():
        found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in found.items() if amount}


def alignment(state: State, day: int) -> dict[int, int]:
    """What each account receives or pays for the days up to this one: whoever received variation
    pays at a rate above zero. Both sides come to the same total, rounded down, and each account's
    part is rounded down with what is left by largest remainder (CLR-057)."""
    published = [rate for rate in state.credit.rates if rate <= day]
    if not published or not state.settled_day:
        return {}
    rate = state.credit.rates[max(published)]
    so_far = sorted(variation_so_far(state).items())
    received = [(account, amount) for account, amount in so_far if amount > 0]
    paid = [(account, -amount) for account, amount in so_far if amount < 0]
    days = days_between(state.settled_day, day)
    total = sum(amount for _, amount in received) * abs(rate.rate) * days // YEAR
    total = min(total, Bound.MONEY)
    amounts: dict[int, int] = {}
    for side, sign in ((received, -1), (paid, 1)):
        given = shares(total, [amount for _, amount in side])
        for (account, _), part in zip(side, given, strict=True):
            amounts[account] = sign * part * (1 if rate.rate > 0 else -1)
    return {account: amount for account, amount in amounts.items() if amount}


def check_variation(state: State, prices: Sequence[wire.SeriesPrice | wire.FoundPrice]) -> None:
    """What alignment is reckoned on stays within the bound (CLR-015)."""
    if state.behaviour < JOINING:
        return
    after = dict(state.credit.variation)
    for item in prices:
        series = state.series[item.series]
        if series.series_kind != SeriesKind.SWAP:
            continue
        for account in state.accounts.values():
            position = account.positions.get(item.series)
            if position is not None:
                key = (account.account, item.series)
                gain = (position.lots * item.price - position.cost) * series.hours
                after[key] = after.get(key, 0) + gain
    received = sum(amount for amount in after.values() if amount > 0)
    if received > Bound.MONEY:
        raise Refused(Refusal.SETTLEMENT_TOO_LARGE, Bound.MONEY, received)


# -- what events write ---------------------------------------------------------------------------


def keep_variation(state: State, account: int, series: int, gain: int) -> None:
    """Adds a settlement to what was received on a swap so far (CLR-056)."""
    if state.behaviour < JOINING or state.series[series].series_kind != SeriesKind.SWAP:
        return
    kept = state.credit.variation.get((account, series), 0) + gain
    _keep(state, account, series, kept)


def _keep(state: State, account: int, series: int, kept: int) -> None:
    state.credit.variation.pop((account, series), None)
    if kept:
        state.credit.variation[account, series] = kept


def take_up(state: State, series: int, hours: int, of: int) -> None:
    """A month of a swap is settled for good: its share of the variation, `hours` of `of`, bears
    nothing any more. What stays sums to zero as before (CLR-058)."""
    held = sorted((a, v) for (a, s), v in state.credit.variation.items() if s == series)
    for sign in (1, -1):
        side = [(account, sign * amount) for account, amount in held if sign * amount > 0]
        stays = sum(amount for _, amount in side) * (of - hours) // of
        for (account, _), part in zip(side, shares(stays, [v for _, v in side]), strict=True):
            _keep(state, account, series, sign * part)


def rate_published(state: State, number: int, place: Place, event: Any) -> None:
    state.credit.rates[event.day] = Rate(event.day, event.rate, event.source, event.inputs)


def forget_rates(state: State, day: int) -> None:
    """A settled day needs no rate before the last one published for a day up to it (CLR-057)."""
    for before in sorted(d for d in state.credit.rates if d <= day)[:-1]:
        del state.credit.rates[before]
