"""Serving a house: venue, gateway, page, the day's desk, and in a demonstration the maker."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from lasalle.exchange import load_schedule
from lasalle.gateway.frame_door import EngineDoor, PlainDoor, make_door
from lasalle.gateway.held import HeldFaults
from lasalle.gateway.http import Gateway, server_of
from lasalle.gateway.server import run
from lasalle.institution import demo
from lasalle.institution.commitments_desk import CommitmentsDuty, CommitmentsStore
from lasalle.institution.cover_desk import CoverStore, listing_of
from lasalle.institution.credit_house import file_examples
from lasalle.institution.credit_served import suppliers_kept
from lasalle.institution.curves import CurveDesk, CurveStore, gcp_commitments, keep_curves
from lasalle.institution.day import DayDesk
from lasalle.institution.delivery_round import read_remedy
from lasalle.institution.delivery_serving import delivery_desk_of, keep_deliveries, taxes_of
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.derived_desk import DerivedStore
from lasalle.institution.evening import CoverDuty, Duty, Evenings, keep_evenings
from lasalle.institution.evidence import said_of
from lasalle.institution.families import versions_on
from lasalle.institution.fx_round import FxRounds, keep_fx, read_fx_settings
from lasalle.institution.fx_store import FxStore
from lasalle.institution.house import OpenHouse, open_house
from lasalle.institution.index_house import derived_of, rounds_of
from lasalle.institution.index_rounds import keep_indices
from lasalle.institution.index_sources import read_index_settings
from lasalle.institution.index_store import FOLDER as INDICES
from lasalle.institution.index_store import IndexStore
from lasalle.institution.index_telling import tell_indices
from lasalle.institution.maker import Maker
from lasalle.institution.plan_desk import PlanDesk
from lasalle.institution.published import Inputs, kept_inputs, published_inputs
from lasalle.institution.running import (
    found_demo,
    keep_running,
    pause_after_silence,
    run_due,
)
from lasalle.institution.settings import (
    DEMONSTRATION,
    KEY_FILE,
    PRICES,
    Settings,
    read_settings,
    write_settings,
)
from lasalle.institution.snapshots import keep_snapshots
from lasalle.institution.statement_desk import StatementDuty, StatementStore
from lasalle.institution.surface_desk import SurfaceDesk
from lasalle.institution.table_desk import TableStore, keep_current
from lasalle.venue.journal import SPARE_BYTES
from lasalle.venue.waiting import Waiting
from lasalle.views.requirement import RequirementStore
from lasalle.wire import SeriesState

ROOT = Path(__file__).resolve().parents[2]
WEB = Path(__file__).resolve().parents[1] / "web"
MAKER_KEY_FILE = "maker-key.json"
INPUTS = "inputs"
"""Folder of a house in which its index desk lays down the inputs of each fixing."""
HOST = "127.0.0.1"


class PortTaken(OSError):
    """Another program listens there; says how to choose another port."""


def init_house(folder: Path, *, production: bool) -> None:
    """Makes a folder for a house. A production house is empty: no key, no member, no price."""
    house = open_house(folder)
    try:
        if house.journal.last:
            raise ValueError(f"{folder}: expected an empty folder, found a house")
        write_settings(folder, Settings() if production else DEMONSTRATION)
    finally:
        house.close()


def desk_of(house: OpenHouse, settings: Settings) -> DayDesk:
    """The day's desk of a house; only a demonstration's has families and sources of prices."""
    families = listing_of(house.folder, settings, versions_on(house.market.fixings))
    schedule = load_schedule(settings.schedule)
    second = demo.SECOND if settings.demonstration else 0
    return DayDesk(house.views, schedule, settings.desk_actor, families, second)


def prepare_demo(house: OpenHouse, desk: DayDesk, now: int) -> None:
    """Founds a demonstration where that is still to do, and gives its actors their keys."""
    found_demo(house)
    for name, actor in ((KEY_FILE, demo.LAB_ACTOR), (MAKER_KEY_FILE, demo.MAKER_ACTOR)):
        path = house.folder / name
        if path.exists():
            continue
        key = house.keys.create(actor)
        path.touch(0o600)
        content = {"key": key.key, "secret": key.secret, "actor": actor, "account": actor - 10}
        path.write_text(json.dumps(content) + "\n")
    file_examples(house.folder, demo.FIRST, now)
    if not house.market.settled_day:
        run_due(house, desk, now)


def about(settings: Settings, desk: DayDesk) -> dict[str, Any]:
    """What is real and what is not, in words, and the hours of trading."""
    said: dict[str, Any] = {
        "demo": settings.demonstration,
        "schedule": desk.schedule.said(),
        "real": ["everything in this house"],
        "simulated": [],
    }
    if not settings.demonstration:
        return said
    quotes = "the maker's quotes, from its model of each index"
    made_up = ["the members, suppliers and their money", quotes]
    indices = [said_of(family, PRICES) for family in desk.families]
    said["real"] = [real for real, _ in indices if real]
    said["simulated"] = [*(made for _, made in indices if made), *made_up]
    return said


def run_house(
    folder: Path, port: int, door_port: int | None = None, *, quiet: bool = False
) -> None:
    """Serves a house until it is interrupted or terminated; then closes it and says its state hash.

    door_port: of the frame door, 0 for none; None is the next port, where it is free.
    """
    # A shell that starts a program beside itself has it ignore SIGINT until the server listens. A
    # service manager ends a program with SIGTERM; uvicorn raises it again once it has stopped.
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.default_int_handler)
    check_port(port)
    if door_port:
        check_port(door_port, "--door-port")
    settings = read_settings(folder)
    # What is wrong there is told before anything is opened.
    read_index_settings(folder, settings)
    read_fx_settings(folder)
    read_remedy(folder)
    taxes_of(folder)
    house = open_house(folder, spare_bytes=SPARE_BYTES, history_beside=True)
    try:
        now = time.time_ns()
        desk = desk_of(house, settings)
        if settings.demonstration:
            prepare_demo(house, desk, now)
        waits = pause_after_silence(house, desk, time.time_ns())
        if waits:
            house.notices.append(waits)
        keep_snapshots(house)
        # What stands now stays, and a search for cycles through all of it would hold everyone up.
        gc.freeze()
        run(_serve(house, desk, settings, (port, door_port), quiet))
    except KeyboardInterrupt:
        pass
    finally:
        number = house.sequencer.core.last_number
        print(f"Closed after command {number}, state hash {house.close()}", flush=True)


def check_port(port: int, option: str = "--port") -> None:
    """Raises PortTaken, or ValueError for no port at all, before anything is opened."""
    if not 0 <= port <= 65535:
        raise ValueError(f"{option}: expected a port from 0 to 65535, found {port}")
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"{HOST}:{port}: {error.strerror}; choose another with {option}"
            ) from error


async def _serve(
    house: OpenHouse,
    desk: DayDesk,
    settings: Settings,
    ports: tuple[int, int | None],
    quiet: bool,
) -> None:
    (port, door_port), said = ports, about(settings, desk)
    waiting, faults, address = Waiting(house.sequencer), HeldFaults(), f"http://{HOST}:{port}"
    curves, indices = CurveStore(house.folder), IndexStore(house.folder / INDICES)
    derived, deliveries = DerivedStore(house.folder / INDICES), _deliveries(house)
    tables, rates = _tables(house, faults), _rates(house, settings, waiting)
    gateway = Gateway(
        waiting, house.market, house.accounts, house.keys, said, settings.demonstration,
        inputs=_inputs(house, settings, desk), curves=curves, indices=indices, derived=derived,
        covers=CoverStore(house.folder), fx=rates.store, deliveries=deliveries, faults=faults,
        requirements=RequirementStore(house.folder / "requirements.sqlite"), tables=tables,
        statements=_statements(house), commitments=CommitmentsStore(house.folder),
        log=house.folder / "commands.log",
    )  # fmt: skip
    server = server_of(equip(gateway, house.folder), WEB if WEB.exists() else None, HOST, port)

    def say(sentence: str) -> None:
        if not quiet:
            print(f"{datetime.now(UTC):%H:%M:%S} {sentence}", flush=True)

    faults.say = lambda sentence: say(f"{sentence}.")

    def say_of_maker(sentence: str) -> None:
        said["maker"] = sentence
        say(sentence)

    gateway.start()
    door, where = await _open_door(gateway, port, door_port)
    if not quiet:
        announce(house, desk, said, address, where)
    kept_up = [
        tell_indices(indices, gateway.streams.tell),
        _when_started(server, _fixed(house, settings, gateway, (indices, derived), say)),
        keep_running(house, desk, waiting, time.time_ns, say),
        keep_deliveries(delivery_desk_of(house, settings, deliveries), waiting, time.time_ns, say),
        _curves_kept(house, settings, gateway, curves, say),
        keep_fx(rates, time.time_ns, say, faults),
        suppliers_kept(house, settings, gateway, deliveries, say),
        keep_evenings(_evenings(house, settings, gateway), say),
    ]
    tasks = [asyncio.create_task(work) for work in kept_up]
    if settings.demonstration:
        maker = Maker(house.folder / MAKER_KEY_FILE, address, lambda: desk.estimate, say_of_maker)
        tasks.append(asyncio.create_task(_when_started(server, maker.run())))
    try:
        await server.serve()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await door.stop()
        await gateway.stop()
        tables.close()
        deliveries.close()


def _deliveries(house: OpenHouse) -> DeliveryStore:
    """The logs of deliveries, which look at the times of cosignatures by the clock of the house."""
    return DeliveryStore(house.folder, time.time_ns)


def equip(gateway: Gateway, folder: Path) -> Gateway:
    """The gateway with what a served house reckons when asked: hedge plans, volatility surfaces;
    and the taxes of its folder."""
    gateway.obligations.taxes = taxes_of(folder)
    gateway.plans.planner = PlanDesk(gateway.table)
    gateway.surfaces = SurfaceDesk(gateway.table)
    return gateway


def _curves_kept(
    house: OpenHouse,
    settings: Settings,
    gateway: Gateway,
    curves: CurveStore,
    say: Callable[[str], None],
) -> Coroutine[Any, Any, None]:
    """The forward curve of each day, drawn and told."""
    drawn = _curve_desk(house, settings, curves)
    return keep_curves(drawn, time.time_ns, say, gateway.streams.tell)


def _curve_desk(house: OpenHouse, settings: Settings, curves: CurveStore) -> CurveDesk:
    prices = PRICES if settings.demonstration else house.folder
    return CurveDesk(house.market, curves, gcp_commitments(prices))


def _tables(house: OpenHouse, faults: HeldFaults) -> TableStore:
    tables = TableStore(house.folder, faults)
    keep_current(tables, house)
    return tables


def _evenings(house: OpenHouse, settings: Settings, gateway: Gateway) -> Evenings:
    duties = duties_of(house, settings, gateway)
    return Evenings(house.folder, house.views, duties, gateway.faults)


def _rates(house: OpenHouse, settings: Settings, waiting: Waiting) -> FxRounds:
    read = read_fx_settings(house.folder)
    return FxRounds(FxStore(house.folder), read, house.views, waiting, settings.desk_actor)


def duties_of(house: OpenHouse, settings: Settings, gateway: Gateway) -> list[Duty]:
    """What the house does of each closed day."""
    versions = versions_on(house.market.fixings)
    listing, made_up = listing_of(house.folder, settings, versions), settings.demonstration
    covers = CoverStore(house.folder)
    kept = _statements(house)
    return [
        CoverDuty(house.folder, listing, covers, gateway.measures.cover, made_up),
        StatementDuty(house.folder, kept, house.views, gateway.waiting, settings.desk_actor),
        CommitmentsDuty(house.folder, CommitmentsStore(house.folder)),
    ]


def _statements(house: OpenHouse) -> StatementStore:
    return StatementStore(house.folder, lambda: house.accounts.name)


def _inputs(house: OpenHouse, settings: Settings, desk: DayDesk) -> Inputs:
    """Where the inputs of the fixings on the log are published from."""
    return (
        published_inputs(PRICES, desk.families)
        if settings.demonstration
        else kept_inputs(house.folder / INPUTS)
    )


def _fixed(
    house: OpenHouse,
    settings: Settings,
    gateway: Gateway,
    stores: tuple[IndexStore, DerivedStore],
    say: Callable[[str], None],
) -> Coroutine[Any, Any, None]:
    """The timetable of the indices, and of what is derived from them. Raises SettingsWrong."""
    rounds = rounds_of(house, settings, stores[0])
    derived = derived_of(house, settings, *stores)
    measures, tell = gateway.measures.indices, gateway.streams.tell
    return keep_indices(rounds, time.time_ns, say, measures, derived, tell)


async def _open_door(
    gateway: Gateway, port: int, door_port: int | None
) -> tuple[EngineDoor | PlainDoor, str]:
    """The frame door, and where it listens in words."""
    door = make_door(gateway.waiting, gateway.accounts, gateway.keys, gateway.sessions)
    if door_port == 0:
        return door, "no frame door"
    try:
        found = await door.start(HOST, door_port or port + 1)
    except (OSError, OverflowError) as error:
        if door_port:
            raise
        return door, f"no frame door (port {port + 1}: {error}; --door-port chooses another)"
    return door, f"frame door {HOST}:{found}"


async def _when_started(server: uvicorn.Server, work: Coroutine[Any, Any, None]) -> None:
    try:
        while not server.started:
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        work.close()
        raise
    await work


def announce(
    house: OpenHouse, desk: DayDesk, said: dict[str, Any], address: str, door: str
) -> None:
    """Where it listens, what is real, when it trades, where the demo key lies."""
    stream = address.replace("http", "ws", 1) + "/v1/stream"
    print(f"LaSalle listens on this machine alone. Folder: {house.folder}")
    print(f"  Page {address}   REST {address}/v1   stream {stream}   schema {address}/openapi.json")
    print(f"  Programs {door} (docs/desks/frame-door.md)")
    for notice in house.notices:
        print(f"  {notice}")
    series = sum(v.state != SeriesState.EXPIRED for v in house.market.series.values())
    if series:
        print(f"  {series} series listed, {len(house.accounts.accounts)} accounts.")
    elif not house.sequencer.core.last_number:
        print("  The house is empty: docs/operating.md says how two operators open it.")
    phase = desk.schedule.phase(time.time_ns()).name.lower().replace("_", " ")
    print(f"  Trading day: {said['schedule']}. By the clock now: {phase}.")
    if not desk.appointed:
        print(
            f"  Nobody moves series through the day: register actor {desk.actor} as an operator, "
            "or set the states by hand."
        )
    print("  Real: " + ("; ".join(said["real"]) or "nothing"))
    print("  Simulated: " + ("; ".join(said["simulated"]) or "nothing"))
    if said["demo"]:
        print(f"  Demo key of the lab (account {demo.LAB}): {house.folder / KEY_FILE}")
    print("  Ctrl-C closes the house; the same command opens it again.", flush=True)
