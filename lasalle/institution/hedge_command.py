"""`lasalle hedge`: a need planned, its orders sent, its position followed."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import msgspec

from lasalle.client import Client, Fault
from lasalle.client.asking import Asking
from lasalle.client.shapes import Position
from lasalle.contracts import Month
from lasalle.hedging.plan.need import Need, horizon, read_need
from lasalle.hedging.plan.orders import PlannedOrder, orders
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.planning import Market, Plan, make_plan
from lasalle.hedging.plan.telling import told, value
from lasalle.institution.hedge_market import modelled_market, served_market
from lasalle.institution.training_run import load_index

LEAST_SCENARIOS, MOST_SCENARIOS = 500, 50_000
MOST_ORDERS = 500


class OrderFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Orders of a plan and the need they are for; `reference_time`, nanoseconds UTC, is when they
    were written; `held` the lots a rebalance began from; `sha256` of all the rest says that they
    are whole.
    """

    need: str
    day: str
    reference_time: int
    orders: tuple[PlannedOrder, ...]
    held: dict[str, int] = {}
    sha256: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all but itself."""
        bare = msgspec.structs.replace(self, sha256="")
        return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()


def run(args: argparse.Namespace, client: Client | None = None) -> int:
    """Carries out a verb; `client` is whoever asks a served house, none where none is asked."""
    return {
        "example": _example,
        "plan": _plan,
        "rebalance": _plan,
        "execute": _execute,
        "track": _track,
    }[args.what](args, client)


def _example(args: argparse.Namespace, _: Client | None) -> int:
    text = (resources.files("lasalle.hedging") / "table" / "need.toml").read_text("utf-8")
    if args.file.exists():
        raise ValueError(f"file: expected a new one, found {args.file}; nothing is overwritten")
    with args.file.open("x", encoding="utf-8") as file:
        file.write(text)
    print(f"{args.file}: a need to begin from; lasalle hedge plan {args.file}")
    return 0


def _plan(args: argparse.Namespace, client: Client | None) -> int:
    if not LEAST_SCENARIOS <= args.scenarios <= MOST_SCENARIOS:
        raise ValueError(
            f"--scenarios: expected {LEAST_SCENARIOS} to {MOST_SCENARIOS}, found {args.scenarios}"
        )
    need = read_need(args.need.read_text(encoding="utf-8"), str(args.need))
    prices: Path | None = getattr(args, "prices", None)
    if getattr(args, "day", None) and not prices:
        raise ValueError("--day: expected with --prices alone; a served house plans on its own day")
    market = _modelled(args, need, prices) if prices else _served(client, need)
    held = _held(client, args.account) if args.what == "rebalance" else {}
    print("planning ...", file=sys.stderr, flush=True)
    plan = make_plan(need, market, held, count=args.scenarios, seed=args.seed)
    _write(args.png, picture, plan)
    _write(args.html, page, plan)
    _write(args.orders, order_file, plan)
    print(json.dumps(value(plan), indent=2) if args.json else told(plan))
    return 0


def _write(path: Path | None, made: Callable[[Plan], bytes], plan: Plan) -> None:
    if path:
        path.write_bytes(made(plan))
        print(f"{path} written", file=sys.stderr)


def _modelled(args: argparse.Namespace, need: Need, prices: Path) -> Market:
    fixings, simulated, source = load_index(prices)
    if need.grade != "H100":
        raise ValueError(f"grade: expected H100, whose prices the folder has, found {need.grade}")
    if need.location != "US":
        raise ValueError(f"location: expected US, as the folder's prices, found {need.location}")
    last = max(one.day for one in fixings if not one.carried)
    day: date = args.day or last
    if day > last:
        raise ValueError(f"--day: expected at most {last}, the last observed, found {day}")
    word = "SIMULATED: " if simulated else ""
    return modelled_market(day, fixings, horizon(need, day), source=word + source)


def _served(client: Client | None, need: Need) -> Market:
    assert client is not None, "the command line brings one"

    def months(day: date) -> tuple[Month, ...]:
        return horizon(need, day)

    return served_market(client.ask, need.grade, need.location, months)


def _held(client: Client | None, account: int) -> dict[str, int]:
    assert client is not None, "the command line brings one"
    path = f"/v1/accounts/{account}/positions?limit=500"
    asked = Asking("GET", path, list[Position], within="positions", every_page=True)
    return {one.symbol: one.lots for one in client.ask(asked)}


def order_file(plan: Plan) -> bytes:
    """The orders of a plan as JSON, sealed by their digest."""
    sent, _ = orders(plan)
    traded = {one.symbol for one in sent}
    began = {one.symbol: int(one.held) for one in plan.instruments if one.symbol in traded}
    bare = OrderFile(
        held={symbol: lots for symbol, lots in began.items() if lots},
        need=plan.need.name,
        day=plan.market.day.isoformat(),
        reference_time=time.time_ns(),
        orders=sent,
    )
    whole = msgspec.structs.replace(bare, sha256=bare.digest)
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def read_orders(path: Path) -> OrderFile:
    """What `order_file` wrote. Raises ValueError where it was edited or is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=OrderFile)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: expected orders of lasalle hedge plan, found {error}") from error
    if found.sha256 != found.digest:
        raise ValueError(f"{path}: sha256: expected {found.digest}, found {found.sha256}")
    if len(found.orders) > MOST_ORDERS:
        raise ValueError(f"{path}: orders: expected at most {MOST_ORDERS}")
    return found


def _execute(args: argparse.Namespace, client: Client | None) -> int:
    assert client is not None, "the command line brings one"
    file = read_orders(args.orders)
    for one in file.orders:
        price = one.limit_price / 1e6
        print(f"  {one.side:4} {one.lots:6,} {one.symbol:26} at {price:.3f} USD or better")
    if not args.yes:
        print(f"Send these {len(file.orders)} orders for account {args.account}? ", end="")
        if input("yes or no: ").strip().lower() != "yes":
            print("Nothing was sent.")
            return 1
    ticks = {one.symbol: one.tick_micro_dollars for one in client.series()}
    for one in file.orders:
        # Before the first is sent: half a plan is no plan.
        if one.symbol not in ticks:
            raise ValueError(f"{one.symbol}: expected a listed series, found none; none was sent")
    filled: list[dict[str, Any]] = []
    refused = ""
    for n, one in enumerate(file.orders):
        try:
            answer = client.place(
                args.account,
                one.symbol,
                one.side,
                one.lots,
                price_ticks=one.limit_price // ticks[one.symbol],
                time_in_force="ioc",
                # The same file names the same orders: sent again, it fills nothing twice.
                client_order_id=f"{file.sha256[:16]}-{n}",
                reference_time=file.reference_time,
            )
        except (Fault, httpx.HTTPError) as error:
            refused = f"{one.symbol}: {str(error) or type(error).__name__}"
            break
        lots = sum(int(e["lots"]) for e in answer.events if e["name"] == "traded")
        filled.append(_answered(one, lots, answer.replayed))
        if not args.json:
            print(_filled_words(one, lots, answer.replayed))
    if args.json:
        print(json.dumps({"orders": filled, "refused": refused or None}, indent=2))
    if refused:
        print(
            f"lasalle hedge: {refused}\n  stopped: {len(filled)} of {len(file.orders)} orders were"
            " answered, none after this one was sent. The same file may be sent again: what was"
            " answered fills nothing twice. lasalle hedge track says what is missing.",
            file=sys.stderr,
        )
    return 1 if refused else 0


def _answered(one: PlannedOrder, lots: int, replayed: bool) -> dict[str, Any]:
    """An answer for programs; what a replay filled the first time it does not say."""
    filled = None if replayed else lots
    return {"symbol": one.symbol, "wanted": one.lots, "filled": filled, "sent_before": replayed}


def _filled_words(one: PlannedOrder, lots: int, replayed: bool) -> str:
    if replayed:
        return f"  {one.symbol:26} sent before; nothing was sent twice (hedge track: what is held)"
    return f"  {one.symbol:26} {lots:6,} of {one.lots:,} filled"


def _track(args: argparse.Namespace, client: Client | None) -> int:
    file = read_orders(args.orders)
    held = _held(client, args.account)
    rows = tracked(file, held)
    if args.json:
        print(json.dumps({"need": file.need, "rows": rows}, indent=2))
        return 0
    print(f"{file.need}, planned {file.day}: account {args.account}")
    for row in rows:
        print(
            f"  {row['symbol']:26} planned {row['planned']:7,} held {row['held']:7,}"
            f" missing {row['missing']:7,}"
        )
    return 0


def tracked(file: OrderFile, held: Mapping[str, int]) -> list[dict[str, Any]]:
    """Planned, held and missing lots of each series: what a plan began from and its orders."""
    planned = dict(file.held)
    for one in file.orders:
        sign = 1 if one.side == "buy" else -1
        planned[one.symbol] = planned.get(one.symbol, 0) + sign * one.lots
    return [
        {
            "symbol": symbol,
            "planned": lots,
            "held": held.get(symbol, 0),
            "missing": lots - held.get(symbol, 0),
        }
        for symbol, lots in planned.items()
    ]

