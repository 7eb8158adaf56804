"""The world of the wide stories: members, accounts rich and poor, five series in two groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.wire import Role, SeriesKind
from tests.scenario import START

Asked = Iterator[tuple[Any, int]]
CENT, DOLLAR, SECOND = 10_000, 10**6, 10**9
FUTURE, CALL, PUT, SWAP, OTHER = 10, 11, 12, 13, 14
MONTHS = {202511: 720, 202512: 744}
"""Months of the swap, which are over when a story starts, and their hours."""
ACCOUNTS = (1, 2, 3, 4, 5, 6)
WHALES = (7, 8)
"""Accounts with the greatest limits and more money than they need."""
MARKETS = {
    FUTURE: (SeriesKind.FUTURE, 1, 100, CENT, 250, 0),
    CALL: (SeriesKind.CALL, 1, 100, CENT, 30, 250),
    PUT: (SeriesKind.PUT, 1, 100, CENT, 30, 250),
    SWAP: (SeriesKind.SWAP, 1, sum(MONTHS.values()), CENT, 250, 0),
    OTHER: (SeriesKind.FUTURE, 2, 10, CENT // 2, 100, 0),
}
"""Kind, group, hours, tick, first price in cents, strike in cents."""


def listing(series: int, last_trading_time: int) -> wire.ListSeries:
    """A series of the table above."""
    kind, group, hours, tick, price, strike = MARKETS[series]
    return wire.ListSeries(
        series=series,
        symbol=f"S{series}",
        series_kind=kind,
        group=group,
        index=group,
        first_month={SWAP: 202511, OTHER: 202601}.get(series, 202512),
        last_month=202601 if series == OTHER else 202512,
        hours=hours,
        tick=tick,
        strike=strike * CENT,
        reference_price=price * CENT,
        band=3000 if kind == SeriesKind.FUTURE else 8000,
        pause_range=400 if series == FUTURE else 0,
        pause_duration=5 * SECOND if series == FUTURE else 0,
        protection=300,
        maker_fee=CENT,
        taker_fee=2 * CENT,
        clearing_fee=CENT,
        last_trading_time=last_trading_time,
    )


def founding(cash: int, liquidity: int, behaviour: int) -> Asked:
    """What is asked before the story starts; the first few are refused.

    cash of most accounts and liquidity of the house: dollars; behaviour: what it opens under.
    """
    yield wire.SuspendMember(member=1), 1
    yield wire.Genesis(name="LaSalle", operators=(wire.ActorNumber(1),)), 0
    three = tuple(map(wire.ActorNumber, (1, 2, 3)))
    yield wire.Genesis(name="LaSalle", operators=three, behaviour=99), 0
    yield wire.Genesis(name="LaSalle", operators=three, behaviour=behaviour), 0
    yield wire.DefineAsset(asset=2, name="EUR"), 1
    roles = Role.TRADER | Role.RISK | Role.SETTLEMENT
    for member in (1, 2, 3, 4):
        yield wire.RegisterMember(member=member, name=f"M{member}"), 1
    for account in (*ACCOUNTS, *WHALES):
        member, house = 1 + account % 4, account != 5
        yield wire.RegisterActor(registered=100 + account, member=member, roles=roles), 1
        yield (
            wire.OpenAccount(
                account=account,
                member=member,
                account_kind=wire.AccountKind.HOUSE if house else wire.AccountKind.CLIENT,
                owner=1 if account == 5 else account,
                position_limit=2_000_000 if account in WHALES else 400,
                order_lots_limit=10**6 if account in WHALES else 500,
                order_value_limit=10**18 if account in WHALES else 10**12,
            ),
            1,
        )
        own = 10**16 if account in WHALES else (300 if account == 6 else cash) * DOLLAR
        yield wire.Deposit(account=account, asset=1, amount=own, reference="d"), 1
    yield wire.RegisterActor(registered=8, member=0, roles=Role.CLEARING), 1
    yield wire.FundLiquidity(amount=liquidity * DOLLAR), 1
    for series in MARKETS:
        ends = {OTHER: 8 * 60, SWAP: 15 * 60}.get(series, 90 * 86_400)
        yield from listings(listing(series, START + ends * SECOND))


def listings(plain: wire.ListSeries) -> Asked:
    """A series under a standard half named and wholly named, and under none; the put and the swap
    are listed under theirs, where the behaviour in force knows standards, and the other future
    with a delivery period of an hour, where it knows those."""
    if plain.series in (PUT, SWAP):
        yield replace(plain, standard_version=7), 1
        yield replace(plain, standard_version=7, standard_hash=bytes(range(32))), 1
    if plain.series == OTHER:
        yield replace(plain, period_ends=START + 31 * 86_400 * SECOND + 1), 1
        yield replace(plain, period_ends=START + 3_600 * SECOND), 1
    yield plain, 1
