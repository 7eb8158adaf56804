"""How a made-up house opens: members, accounts, money, series, the first margin table."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from lasalle import wire
from lasalle.sim.clock import DAY, MINUTE, START
from lasalle.sim.model import (
    ACCOUNTS,
    BY_SERIES,
    CENT,
    DOLLAR,
    DYING,
    MEMBERS,
    OPERATORS,
    READER,
    SERIES,
    AccountRow,
    SeriesRow,
)
from lasalle.venue.sequencer import Asked
from lasalle.wire import Bound, Role, Scenario, ScenarioKind, SeriesKind

MEMBER_ROLES = Role.TRADER | Role.RISK | Role.SETTLEMENT


def by_house(command: Any) -> Asked:
    """Asked by the first operator, who holds every role of the house."""
    return Asked(OPERATORS[0], command)


def proposed(command: Any) -> Asked:
    """The first of four eyes."""
    return by_house(wire.Propose(command=command.KIND, payload=command.pack()))


def opening(random: Random) -> list[list[Any]]:
    """Batches that open the house. A bare four-eyes command stands for propose and approve."""
    return [
        [
            Asked(
                0,
                wire.Genesis(
                    name="Made-up",
                    operators=tuple(map(wire.ActorNumber, OPERATORS)),
                    behaviour=wire.SCHEMA_VERSION,
                ),
            )
        ],
        list(_institution(random)),
        [_account(row) for row in ACCOUNTS],
        [by_house(_first_deposit(row)) for row in ACCOUNTS],
        [by_house(listing(row, random)) for row in SERIES],
        list(table(random, 1, {row.series: row.price for row in SERIES})),
    ]


def _institution(random: Random) -> Iterator[Any]:
    for member, name in MEMBERS.items():
        yield wire.RegisterMember(member=member, name=name)
        yield wire.RegisterActor(registered=100 + member, member=member, roles=MEMBER_ROLES)
    yield wire.RegisterActor(registered=READER, member=0, roles=Role.READ_ONLY)
    yield wire.DefineAsset(asset=2, name="EUR")
    yield wire.FundLiquidity(amount=random.choice((100, 500, 2_500)) * DOLLAR)


def _account(row: AccountRow) -> wire.OpenAccount:
    return wire.OpenAccount(
        account=row.account,
        member=row.member,
        account_kind=row.kind,
        owner=row.owner,
        position_limit=400,
        order_lots_limit=200,
        order_value_limit=60_000 * DOLLAR,
    )


def _first_deposit(row: AccountRow) -> wire.Deposit:
    return wire.Deposit(
        account=row.account, asset=1, amount=row.cash, reference=f"open{row.account}"
    )


def listing(row: SeriesRow, random: Random) -> wire.ListSeries:
    """A row of the world as the command that lists it; fees are drawn."""
    return wire.ListSeries(
        series=row.series,
        symbol=row.symbol,
        series_kind=row.kind,
        group=row.group,
        index=1,
        first_month=row.first_month,
        last_month=row.last_month,
        hours=row.hours,
        tick=CENT,
        strike=row.strike,
        reference_price=row.price,
        band=row.band,
        pause_range=row.pause_range,
        pause_duration=5 * MINUTE if row.pause_range else 0,
        protection=200,
        maker_fee=random.choice((0, CENT)),
        taker_fee=random.choice((CENT, 3 * CENT)),
        clearing_fee=random.choice((0, CENT)),
        last_trading_time=START + (1 if row.series == DYING else 60) * DAY,
    )


def table(random: Random, version: int, marks: dict[int, int]) -> Iterator[Any]:
    """A margin table with these marks (micro-dollars): two scan groups with an offset row,
    historical and stress tails; some days have more than a hundred scenarios, so that the worst
    one counts whole."""
    size = random.choice((0.7, 1.0, 1.0, 1.6))
    count = 104 if random.random() < 0.1 else 6
    labels = (
        [Scenario(ScenarioKind.SCAN, group) for group in (1, 1, 2, 2, 3, 3)]
        + [Scenario(ScenarioKind.HISTORICAL, 0)] * count
        + [Scenario(ScenarioKind.STRESS, 0)] * 3
    )
    moves = [random.choice((-1, 1)) * random.randint(5, 30) for _ in labels]
    weights = ((1, 10_000), (2, 8_000), (3, random.choice((0, 2_000))))
    yield by_house(
        wire.BeginMarginTable(
            table=version,
            scenarios=tuple(labels),
            rows=tuple(wire.ScanRow(g, w) for g, w in weights),
        )
    )
    for series, mark in sorted(marks.items()):
        row = BY_SERIES[series]
        losses = tuple(
            wire.ScenarioLoss(_loss(row, label, move, mark, size))
            for label, move in zip(labels, moves, strict=True)
        )
        yield by_house(
            wire.LoadMarginRow(
                table=version,
                series=series,
                mark=mark,
                liquidity=random.choice((0, DOLLAR // 4)),
                concentration_lots=100,
                concentration=DOLLAR,
                delta=1_000_000 if row.kind in (SeriesKind.FUTURE, SeriesKind.SWAP) else 500_000,
                vega=0 if row.kind in (SeriesKind.FUTURE, SeriesKind.SWAP) else 10_000,
                losses=losses,
            )
        )
    yield by_house(wire.ActivateMarginTable(table=version, replaces=version - 1))


def _loss(row: SeriesRow, label: Scenario, move: int, mark: int, size: float) -> int:
    """What a long lot loses, micro-dollars; an option loses at most its premium."""
    if label.kind == ScenarioKind.SCAN and label.group not in (row.group, 3):
        return 0
    slope = {SeriesKind.CALL: 0.5, SeriesKind.PUT: -0.4}.get(row.kind, 1.0)
    loss = round(move * size * slope) * CENT * row.hours
    if row.kind in (SeriesKind.CALL, SeriesKind.PUT):
        loss = min(loss, mark * row.hours)
    return max(-Bound.LOSS_PER_LOT, min(Bound.LOSS_PER_LOT, loss))
