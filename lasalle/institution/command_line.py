"""The `lasalle` command."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from lasalle import __version__
from lasalle.client import Account, Answer, Asking, Client, Fault, Key, Order
from lasalle.gateway.commands import make_command
from lasalle.gateway.keys import SCOPES, USUAL_SCOPES, KeyStore
from lasalle.institution import recompute, serve
from lasalle.institution.day import DayStuck
from lasalle.institution.opening import make_key, open_production, read_operators
from lasalle.institution.settings import is_house
from lasalle.sim import command as simulation
from lasalle.venue import (
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
    VenueStopped,
    verify,
)
from lasalle.venue.replay import Diverged

DEMO_FOLDER = Path("var/house")
FAULTS = (
    DayStuck,
    Diverged,
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
    VenueStopped,
    OSError,
    ValueError,
    httpx.HTTPError,
)
"""What a verb may meet outside itself; it is told in one sentence."""
EXAMPLES = {"training-run": "lasalle.institution.training_run"}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="lasalle", description="An exchange and a clearing house for AI compute."
    )
    top.add_argument("--version", action="version", version=f"lasalle {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="serve a house; without a folder, the demonstration")
    run.add_argument("--dir", type=Path, default=DEMO_FOLDER)
    run.add_argument("--port", type=int, default=8080)
    run.add_argument("--door-port", type=int, help="of the frame door; 0: none")
    init = verbs.add_parser("init", help="make a folder for a house")
    init.add_argument("--production", action="store_true", help="empty: no key, member or price")
    init.add_argument("dir", type=Path)
    init.add_argument("--name", default="LaSalle", help="name of the venue, up to 32 characters")
    init.add_argument(
        "--operator",
        action="append",
        default=[],
        metavar="NUMBER:PUBLIC",
        help="an operator and the public half of its key; at least two open the house",
    )
    made = verbs.add_parser("keygen", help="a key of your own; its public half is printed")
    made.add_argument("file", type=Path)
    check = verbs.add_parser("verify", help="chain, replay, snapshots, ledger and positions")
    check.add_argument("dir", type=Path)
    key = verbs.add_parser("key", help="a key for an actor, printed once")
    key.add_argument("dir", type=Path)
    key.add_argument("actor", type=int)
    key.add_argument("--scopes", default=",".join(USUAL_SCOPES), help=f"of {', '.join(SCOPES)}")
    key.add_argument("--public", default="", help="admit this public half; no secret is made")
    key.add_argument("--from", dest="networks", default="", help="addresses, as 10.0.0.0/8,...")
    ask = verbs.add_parser("ask", help="send a command: lasalle ask place_order '{...}' --key FILE")
    ask.add_argument("name")
    ask.add_argument("fields", nargs="?", default="{}")
    _add_order(verbs.add_parser("order", help="place, cancel and list orders"))
    propose = verbs.add_parser("propose", help="put a four-eyes command before another operator")
    propose.add_argument("name")
    propose.add_argument("fields", nargs="?", default="{}")
    approve = verbs.add_parser("approve", help="carry out another operator's proposal")
    approve.add_argument("proposal", type=int)
    accounts = verbs.add_parser("accounts", help="accounts the key may see: cash, dues, positions")
    orders = verbs.add_parser("orders", help="live orders of an account")
    orders.add_argument("account", type=int)
    book = verbs.add_parser("book", help="the book of a symbol")
    book.add_argument("symbol")
    series = verbs.add_parser("series", help="what is listed")
    status = verbs.add_parser("status", help="what a served house says of itself")
    status.add_argument("--json", action="store_true")
    for asking in (ask, propose, approve, accounts, orders, book, series, status):
        _add_house(asking)
    recompute.add_words(
        verbs.add_parser("recompute-fixing", help="a fixing anew from its inputs, bit for bit")
    )
    simulation.add_words(
        verbs.add_parser("simulate", help="days of a made-up world on a venue whose disk fails")
    )
    example = verbs.add_parser("run-example", help="an example on a venue of its own")
    example.add_argument("name", choices=sorted(EXAMPLES))
    example.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def _add_house(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--key",
        type=Path,
        default=DEMO_FOLDER / serve.KEY_FILE,
        help="key file of who asks (default: the demo key)",
    )
    verb.add_argument("--at", default="http://127.0.0.1:8080", help="where the house is served")


def _add_order(order: argparse.ArgumentParser) -> None:
    what = order.add_subparsers(dest="what", required=True)
    place = what.add_parser("place", help="a limit order")
    place.add_argument("account", type=int)
    place.add_argument("side", choices=("buy", "sell"))
    place.add_argument("symbol")
    place.add_argument("lots", type=int)
    place.add_argument("price_ticks", type=int)
    place.add_argument("--client-order-id", default="")
    place.add_argument("--time-in-force", default="gtc")
    cancel = what.add_parser("cancel", help="by number, or by client reference as ref:NAME")
    cancel.add_argument("account", type=int)
    cancel.add_argument("order")
    live = what.add_parser("list", help="live orders")
    live.add_argument("account", type=int)
    for verb in (place, cancel, live):
        _add_house(verb)


def main(argv: list[str] | None = None) -> int:
    """Runs a verb; 0 when all is well, 1 when something was refused, 2 for wrong words."""
    args = parser().parse_args(argv)
    try:
        return {
            "run": _run,
            "init": _init,
            "keygen": _keygen,
            "verify": _verify,
            "key": _key,
            "ask": _ask,
            "propose": _propose,
            "approve": _approve,
            "accounts": _accounts,
            "orders": _orders,
            "order": _order,
            "book": _book,
            "series": _series,
            "status": _status,
            "run-example": _example,
            "recompute-fixing": recompute.run,
            "simulate": simulation.run,
        }[args.verb](args)
    except BrokenPipeError:
        # Whoever read has enough; nothing more may be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Fault as error:
        print(json.dumps({"error": fault_body(error)}), file=sys.stderr)
        return 1
    except httpx.ConnectError as error:
        hint = "is a house served there? Name another with --at"
        print(f"lasalle {args.verb}: {args.at}: {error}; {hint}", file=sys.stderr)
        return 1
    except FAULTS as error:
        print(f"lasalle {args.verb}: {error}", file=sys.stderr)
        return 1


def _run(args: Any) -> int:
    if not is_house(args.dir):
        serve.init_house(args.dir, production=False)
    serve.run_house(args.dir, args.port, args.door_port)
    return 0


def fault_body(error: Fault) -> dict[str, Any]:
    """A fault as the gateway tells it: number, name, field, rule, what was expected and found."""
    body = {n: getattr(error, n) for n in ("code", "name", "field", "rule", "expected", "found")}
    return {**body, "text": str(error)}


def _init(args: Any) -> int:
    if not args.production:
        if args.operator:
            raise ValueError("--operator: a demonstration brings its own; add --production")
        serve.init_house(args.dir, production=False)
        print(f"{args.dir}: a demonstration house. Serve it: lasalle run --dir {args.dir}")
        return 0
    operators = read_operators(args.operator)
    names = open_production(args.dir, args.name, operators)
    if names:
        for number, name in zip(operators, names, strict=True):
            print(f"operator {number}: key {name}, every scope")
        print(f"{args.dir}: an open house without members. Serve it: lasalle run --dir {args.dir}")
    else:
        print(f"{args.dir}: an empty house. Each of at least two operators makes a key with")
        print("  lasalle keygen FILE    and hands over what it prints; then")
        print(f"  lasalle init --production {args.dir} --operator 1:PUBLIC --operator 2:PUBLIC")
    print("docs/operating.md says what comes next.")
    return 0


def _keygen(args: Any) -> int:
    print(make_key(args.file))
    return 0


def _verify(args: Any) -> int:
    if not (args.dir / "journal").is_dir():
        raise ValueError(f"{args.dir}: expected a folder with a journal")
    report = verify(args.dir)
    for line in (*report.notices, *report.faults):
        print(line)
    print(
        f"{report.batches} batches to number {report.number}, {report.snapshots} snapshots, "
        f"state hash {report.state_hash}"
    )
    print("FAULTY" if report.faults else "sound: chain, replay, snapshots, ledger, positions")
    return 1 if report.faults else 0


def _key(args: Any) -> int:
    if not is_house(args.dir):
        raise ValueError(f"{args.dir}: expected the folder of a house")
    # The store has its own locks: a key is made while the house is served.
    keys = KeyStore(args.dir / "keys.sqlite")
    networks = [n for n in args.networks.split(",") if n]
    scopes = args.scopes.split(",")
    try:
        if args.public:
            name = keys.admit(args.actor, bytes.fromhex(args.public), scopes, networks)
            print(json.dumps({"key": name, "actor": args.actor}))
            return 0
        key = keys.create(args.actor, scopes, networks)
    finally:
        keys.close()
    print(json.dumps({"key": key.key, "secret": key.secret, "actor": args.actor}))
    return 0


def _client(args: Any, *, signed: bool = True) -> Client:
    return Client(args.at, Key.read(args.key) if signed else None)


def _print_answer(answer: Answer) -> int:
    print(json.dumps({"replayed": answer.replayed, "events": answer.events}, indent=2))
    return 0


def _fields(args: Any) -> dict[str, Any]:
    fields = json.loads(args.fields)
    if not isinstance(fields, dict):
        raise ValueError(f"fields: expected a JSON object, found {args.fields}")
    return fields


def _ask(args: Any) -> int:
    return _print_answer(_client(args).command(args.name, **_fields(args)))


def _propose(args: Any) -> int:
    command = make_command(args.name, _fields(args))
    answer = _client(args).command("propose", command=command.KIND, payload=command.pack().hex())
    number = next(e["proposal"] for e in answer.events if e["name"] == "proposed")
    print(f"proposal {number}: {args.name} waits for another operator: lasalle approve {number}")
    return 0


def _approve(args: Any) -> int:
    return _print_answer(_client(args).command("approve", proposal=args.proposal))


def _accounts(args: Any) -> int:
    rows = _client(args).ask(
        Asking("GET", "/v1/accounts?limit=500", list[Account], within="accounts")
    )
    for a in rows:
        held = ", ".join(f"{p.symbol} {p.lots:+}" for p in a.positions) or "no position"
        print(
            f"{a.account:>6} member {a.member:<5} cash {a.cash.get('1', '0'):>22} "
            f"dues {a.dues:>16} live orders {a.live_orders:>5}  {held}"
        )
    return 0


def _orders(args: Any) -> int:
    _print_orders(_client(args).live_orders(args.account))
    return 0


def _print_orders(rows: list[Order]) -> None:
    for o in rows:
        lots = f"{o.open_lots} of {o.lots}"
        print(f"{o.order:>10} {o.side:<4} {o.symbol:<24} {lots:>14} {o.price:>12}")


def _order(args: Any) -> int:
    client = _client(args)
    if args.what == "cancel":
        return _print_answer(client.cancel(args.account, args.order))
    if args.what == "place":
        more = {"price_ticks": args.price_ticks, "time_in_force": args.time_in_force}
        if args.client_order_id:
            more |= {"client_order_id": args.client_order_id, "reference_time": time.time_ns()}
        return _print_answer(client.place(args.account, args.symbol, args.side, args.lots, **more))
    _print_orders(client.live_orders(args.account))
    return 0


def _book(args: Any) -> int:
    book = _client(args, signed=False).book(args.symbol)
    print(f"{book.symbol}  {book.state}  mark {book.mark}")
    for level in reversed(book.asks[:10]):
        print(f"{'':>12} {level.price:>12} {level.lots:>8}")
    for level in book.bids[:10]:
        print(f"{level.lots:>12} {level.price:>12}")
    return 0


def _series(args: Any) -> int:
    for row in _client(args, signed=False).series():
        print(
            f"{row.series:>5} {row.symbol:<28} {row.kind:<8} {row.state:<8} "
            f"mark {row.mark:>12}  open interest {row.open_interest}"
        )
    return 0


def _status(args: Any) -> int:
    said = _client(args, signed=False).status()
    if args.json:
        print(json.dumps(said, indent=2))
        return 0
    for name, value in said.items():
        shown = "; ".join(map(str, value)) or "nothing" if isinstance(value, list) else value
        print(f"{name:<12} {shown}")
    return 0


def _example(args: Any) -> int:
    return int(import_module(EXAMPLES[args.name]).main(args.rest))


if __name__ == "__main__":
    sys.exit(main())
