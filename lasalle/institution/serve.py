"""Serving a house: venue, gateway, page, and in a demonstration the day's desk and the maker."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn

from lasalle import wire
from lasalle.exchange import terms_of
from lasalle.gateway.http import Gateway, routes
from lasalle.gateway.keys import sign, signed_text
from lasalle.institution import demo
from lasalle.institution.house import OpenHouse, open_house
from lasalle.venue.waiting import Waiting

QUOTE_SECONDS = 10
ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
PRICES = ROOT.parent / "shared" / "data"
KEY_FILE, MAKER_KEY_FILE, MARK = "demo-key.json", "maker-key.json", "demo"


def today() -> date:
    return datetime.now(UTC).date()


def init_house(folder: Path, *, production: bool) -> None:
    """Makes a folder for a house. A production house is empty: no key, no member, no price."""
    house = open_house(folder)
    try:
        if house.journal.last:
            raise ValueError(f"{folder}: expected an empty folder, found a house")
        if not production:
            (folder / MARK).write_text("Members, money and prices of this house are made up.\n")
    finally:
        house.close()


def restore_desk(house: OpenHouse, desk: demo.Desk) -> None:
    """What the day's desk knows of an earlier day, read from the views."""
    desk.series = {s.terms.symbol: n for n, s in house.market.series.items()}
    records = wire.read_frames(house.sequencer.core.snapshot())
    desk.table = next(r.table for _, r in records if isinstance(r, wire.HouseRecord))
    alive = [
        s.terms.symbol for s in house.market.series.values() if s.state != wire.SeriesState.EXPIRED
    ]
    desk.listed = terms_of(alive)


def prepare_demo(house: OpenHouse, day: date) -> demo.Desk:
    """First day or next day of the demonstration, through the sequencer like anyone."""

    def ask(actor: int, command: Any) -> list[tuple[wire.Header, Any]]:
        told = house.sequencer.submit(actor, command)
        for header, event in told:
            house.market.on(header, event)
            house.accounts.on(header, event)
        return told

    fixings, real = demo.load_fixings(PRICES, day)
    desk = demo.Desk(ask, fixings, real)
    if not house.journal.last:
        demo.open_demo(desk)
        for path, actor in ((KEY_FILE, demo.LAB_ACTOR), (MAKER_KEY_FILE, demo.MAKER_ACTOR)):
            key = house.keys.create(actor)
            secret = house.folder / path
            secret.touch(0o600)
            secret.write_text(
                json.dumps(
                    {"key": key.key, "secret": key.secret, "actor": actor, "account": actor - 10}
                )
                + "\n"
            )
    else:
        restore_desk(house, desk)
    last = max((f.day for f in house.market.fixings), default=0)
    if desk.table < demo.day_number(day):
        demo.run_day(desk, day, last)
    else:
        desk.refit(day)
    return desk


class Maker:
    """The demonstration maker: a program outside the house that quotes by signed requests."""

    def __init__(self, desk: demo.Desk, folder: Path, address: str, clock: Any = today) -> None:
        self._desk, self._address, self._clock = desk, address, clock
        self._key = json.loads((folder / MAKER_KEY_FILE).read_text())

    async def run(self) -> None:
        async with httpx.AsyncClient(base_url=self._address, timeout=30) as http:
            while True:
                try:
                    await self._quote(http)
                except httpx.HTTPError:
                    # The gateway is still starting or is stopping; the next round says it again.
                    await asyncio.sleep(1)
                    continue
                await asyncio.sleep(QUOTE_SECONDS)

    async def _quote(self, http: httpx.AsyncClient) -> None:
        account = (await self._call(http, "GET", f"/v1/accounts/{demo.MAKER}", b"")).json()
        inventory = {p["symbol"]: p["lots"] for p in account["positions"]}
        found = demo.maker_quotes(self._desk, self._clock(), inventory)
        for command in demo.quote_commands(self._desk, found):
            body = msgspec.json.encode(
                {
                    "account": command.account,
                    "self_trade": "cancel_newest",
                    "quotes": [msgspec.to_builtins(q) for q in command.quotes],
                }
            )
            await self._call(http, "POST", "/v1/commands/mass_quote", body)

    async def _call(
        self, http: httpx.AsyncClient, method: str, path: str, body: bytes
    ) -> httpx.Response:
        stamp = time.time_ns() // 1_000_000
        headers = {
            "X-LaSalle-Key": self._key["key"],
            "X-LaSalle-Timestamp": str(stamp),
            "X-LaSalle-Signature": sign(
                self._key["secret"], signed_text(stamp, method, path, body)
            ),
        }
        return await http.request(method, path, content=body, headers=headers)


def about(desk: demo.Desk | None) -> dict[str, Any]:
    """What is real and what is not, in words."""
    if desk is None:
        return {"demo": False, "real": ["everything in this house"], "simulated": []}
    index = "the H100-US index: published GCP spot prices, carried where no price was observed"
    made_up = ["the members and their money", "the maker's quotes, from its model of the index"]
    if desk.real:
        return {"demo": True, "real": [index], "simulated": made_up}
    return {"demo": True, "real": [], "simulated": ["the H100-US index", *made_up]}


def run_house(folder: Path, port: int, *, quiet: bool = False) -> None:
    """Serves a house until it is interrupted; then closes it and says its state hash."""
    house = open_house(folder)
    is_demo = (folder / MARK).exists()
    desk = prepare_demo(house, today()) if is_demo else None
    said = about(desk)
    try:
        asyncio.run(_serve(house, desk, said, port, quiet))
    except KeyboardInterrupt:
        pass
    finally:
        print(
            f"Closed after command {house.sequencer.core.last_number}, state hash {house.close()}",
            flush=True,
        )


async def _serve(
    house: OpenHouse, desk: demo.Desk | None, said: dict[str, Any], port: int, quiet: bool
) -> None:
    waiting = Waiting(house.sequencer)
    gateway = Gateway(waiting, house.market, house.accounts, house.keys, said, desk is not None)
    app = routes(gateway, WEB if WEB.exists() else None)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            ws="websockets-sansio",
            timeout_graceful_shutdown=2,
        )
    )
    gateway.start()
    tasks = []
    address = f"http://127.0.0.1:{port}"
    if desk is not None:
        tasks.append(asyncio.create_task(Maker(desk, house.folder, address).run()))
    if not quiet:
        announce(house, said, address)
    try:
        await server.serve()
    finally:
        for task in tasks:
            task.cancel()
        await waiting.stop()


def announce(house: OpenHouse, said: dict[str, Any], address: str) -> None:
    """Where it listens, what is real, where the demo key lies."""
    print(f"LaSalle listens at {address} (loopback only). Folder: {house.folder}")
    for notice in house.notices:
        print(f"  {notice}")
    print("  Real: " + ("; ".join(said["real"]) or "nothing"))
    print("  Simulated: " + ("; ".join(said["simulated"]) or "nothing"))
    if said["demo"]:
        print(f"  Demo key of the lab (account {demo.LAB}): {house.folder / KEY_FILE}")
    print("  Ctrl-C closes the house; the same command opens it again.", flush=True)
