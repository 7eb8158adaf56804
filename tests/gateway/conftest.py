"""A small house served on a free loopback port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lasalle import wire
from lasalle.client import Client, Key
from lasalle.gateway.http import Gateway, server_of
from lasalle.gateway.limits import Buckets
from lasalle.gateway.server import run
from lasalle.institution.house import OpenHouse, open_house
from lasalle.venue.engine import CHOICE
from lasalle.venue.waiting import Waiting

SYMBOL = "TEST"
WEB = Path(__file__).resolve().parents[2] / "web"
TICK = 10_000
FAR = 4_102_444_800 * 10**9
"""2100-01-01 in nanoseconds UTC: after every day on which a test runs."""


@dataclass
class Served:
    """A served house: two members (accounts 1 and 2, actors 11 and 12), one open series."""

    house: OpenHouse
    gateway: Gateway
    address: str
    keys: dict[int, Key]

    def client(self, actor: int) -> Client:
        return Client(self.address, self.keys[actor])


def told_to(house: OpenHouse, actor: int, command: Any) -> list[tuple[wire.Header, Any]]:
    told = house.sequencer.submit(actor, command)
    for header, event in told:
        assert not isinstance(event, wire.Refused), (command, wire.Refusal(event.refusal))
        house.market.on(header, event)
        house.accounts.on(header, event)
    return told


def approved(house: OpenHouse, command: Any) -> None:
    told = told_to(house, 1, wire.Propose(command=command.KIND, payload=command.pack()))
    told_to(house, 2, wire.Approve(proposal=told[0][1].proposal))


def furnish(house: OpenHouse) -> None:
    operators = (wire.ActorNumber(1), wire.ActorNumber(2))
    told_to(house, 0, wire.Genesis(name="T", operators=operators))
    for number in (1, 2):
        approved(house, wire.RegisterMember(member=number, name=f"M{number}"))
        roles = int(wire.Role.TRADER | wire.Role.SETTLEMENT)
        approved(house, wire.RegisterActor(registered=10 + number, member=number, roles=roles))
        account = wire.OpenAccount(
            account=number,
            member=number,
            account_kind=wire.AccountKind.HOUSE,
            owner=number,
            position_limit=10_000,
            order_lots_limit=10_000,
            order_value_limit=10**15,
        )
        approved(house, account)
        deposit = wire.Deposit(account=number, asset=1, amount=10**12, reference=f"d{number}")
        told_to(house, 1, deposit)
    told_to(
        house,
        1,
        wire.ListSeries(
            series=1,
            symbol=SYMBOL,
            series_kind=wire.SeriesKind.FUTURE,
            group=1,
            index=1,
            first_month=1212,
            last_month=1212,
            hours=720,
            tick=TICK,
            reference_price=2_000_000,
            band=3_000,
            protection=500,
            last_trading_time=FAR,
        ),
    )
    scenario = wire.Scenario(wire.ScenarioKind.SCAN, 1)
    row = wire.ScanRow(1, 10_000)
    told_to(house, 1, wire.BeginMarginTable(table=1, scenarios=(scenario,), rows=(row,)))
    loss = (wire.ScenarioLoss(10_000_000),)
    margin = wire.LoadMarginRow(table=1, series=1, mark=2_000_000, delta=1_000_000, losses=loss)
    told_to(house, 1, margin)
    told_to(house, 1, wire.ActivateMarginTable(table=1))
    told_to(house, 1, wire.SetSeriesState(series=1, state=wire.SeriesState.OPEN))


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    with serving(tmp_path / "house") as found:
        yield found


@pytest.fixture
def served_lawfully(tmp_path) -> Iterator[Served]:
    """Under behaviour 3: calls for margin, collateral, defaults."""
    with serving(tmp_path / "house", behaviour=3) as found:
        yield found


@pytest.fixture
def served_plainly(tmp_path, monkeypatch) -> Iterator[Served]:
    """With the sequencer in Python, whose disk a test may fake; the compiled engine's is real."""
    monkeypatch.setenv(CHOICE, "plain")
    with serving(tmp_path / "house") as found:
        yield found


@contextmanager
def serving(
    folder: Path,
    *,
    page: bool = False,
    buckets: Buckets | None = None,
    furnished: Callable[[Gateway], None] = lambda _: None,
    log: Path | None = None,
    behaviour: int = 1,
) -> Iterator[Served]:
    """A small house served from a thread of this process until the block ends.

    behaviour: of the law put in force, one after the other, once the house is furnished.

    furnished: may add endpoints before anything is served. log: file of the command log.
    """
    house = open_house(folder)
    furnish(house)
    for newer in range(2, behaviour + 1):
        approved(house, wire.SwitchBehaviour(behaviour=newer))
    with serving_house(house, page=page, buckets=buckets, furnished=furnished, log=log) as found:
        yield found


@contextmanager
def serving_house(
    house: OpenHouse,
    *,
    page: bool = False,
    buckets: Buckets | None = None,
    furnished: Callable[[Gateway], None] = lambda _: None,
    log: Path | None = None,
    actors: tuple[int, ...] = (1, 11, 12),
) -> Iterator[Served]:
    """An open house, served and then closed; keys of these actors, the first may do anything."""
    keys = {}
    for actor in actors:
        scopes = ("read", "trade", "transfer", "admin") if actor == 1 else ("read", "trade")
        made = house.keys.create(actor, scopes)
        keys[actor] = Key(made.key, made.secret)
    waiting = Waiting(house.sequencer)
    gateway = Gateway(
        waiting, house.market, house.accounts, house.keys, {}, False, buckets, log=log
    )
    furnished(gateway)
    with listening(house, gateway, keys, WEB if page else None) as served:
        yield served


@contextmanager
def listening(
    house: OpenHouse, gateway: Gateway, keys: dict[int, Key], web: Path | None = None
) -> Iterator[Served]:
    """A house behind its gateway on a free port until the block ends; then it is closed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = server_of(gateway, web, "127.0.0.1", port)

    async def serve() -> None:
        gateway.start()
        await server.serve()
        await gateway.stop()

    thread = threading.Thread(target=lambda: run(serve()))
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the server starts within twenty seconds"
        yield Served(house, gateway, f"http://127.0.0.1:{port}", keys)
    finally:
        server.should_exit = True
        thread.join(20)
        house.close()
