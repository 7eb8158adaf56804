"""The `lasalle` command."""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from lasalle import __version__
from lasalle.client import Answer, Client, Fault, Key
from lasalle.gateway.keys import SCOPES, USUAL_SCOPES
from lasalle.institution import recompute, serve
from lasalle.institution.house import open_house
from lasalle.venue import JournalBent, JournalLocked, verify
from lasalle.venue.replay import Diverged

DEMO_FOLDER = Path("var/house")
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
    init = verbs.add_parser("init", help="make a folder for a house")
    init.add_argument("--production", action="store_true", help="empty: no key, member or price")
    init.add_argument("dir", type=Path)
    check = verbs.add_parser("verify", help="chain, replay, snapshots, ledger and positions")
    check.add_argument("dir", type=Path)
    key = verbs.add_parser("key", help="a key for an actor, printed once")
    key.add_argument("dir", type=Path)
    key.add_argument("actor", type=int)
    key.add_argument("--scopes", default=",".join(USUAL_SCOPES), help=f"of {', '.join(SCOPES)}")
    key.add_argument("--from", dest="networks", default="", help="addresses, as 10.0.0.0/8,...")
    ask = verbs.add_parser("ask", help="send a command: lasalle ask place_order '{...}' --key FILE")
    ask.add_argument("name")
    ask.add_argument("fields", nargs="?", default="{}")
    _add_order(verbs.add_parser("order", help="place, cancel and list orders"))
    book = verbs.add_parser("book", help="the book of a symbol")
    book.add_argument("symbol")
    series = verbs.add_parser("series", help="what is listed")
    status = verbs.add_parser("status", help="what a served house says of itself")
    for asking in (ask, book, series, status):
        _add_house(asking)
    recompute.add_words(
        verbs.add_parser("recompute-fixing", help="a fixing anew from its inputs, bit for bit")
    )
    example = verbs.add_parser("run-example", help="an example on a venue of its own")
    example.add_argument("name", choices=sorted(EXAMPLES))
    example.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def _add_house(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--key", type=Path, default=DEMO_FOLDER / serve.KEY_FILE)
    verb.add_argument("--at", default="http://127.0.0.1:8080")


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
            "verify": _verify,
            "key": _key,
            "ask": _ask,
            "order": _order,
            "book": _book,
            "series": _series,
            "status": _status,
            "run-example": _example,
            "recompute-fixing": recompute.run,
        }[args.verb](args)
    except Fault as error:
        print(f"lasalle {args.verb}: {error.name} {error.rule}: {error}", file=sys.stderr)
        return 1
    except (JournalBent, JournalLocked, Diverged, ValueError, OSError, httpx.HTTPError) as error:
        print(f"lasalle {args.verb}: {error}", file=sys.stderr)
        return 1


def _run(args: Any) -> int:
    if not any((args.dir / name).exists() for name in ("journal", "house.toml", "demo")):
        serve.init_house(args.dir, production=False)
    serve.run_house(args.dir, args.port)
    return 0


def _init(args: Any) -> int:
    serve.init_house(args.dir, production=args.production)
    kind = "an empty house" if args.production else "a demonstration house"
    print(f"{args.dir}: {kind}")
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
    house = open_house(args.dir)
    try:
        networks = [n for n in args.networks.split(",") if n]
        key = house.keys.create(args.actor, args.scopes.split(","), networks)
    finally:
        house.close()
    print(json.dumps({"key": key.key, "secret": key.secret, "actor": args.actor}))
    return 0


def _client(args: Any, *, signed: bool = True) -> Client:
    return Client(args.at, Key.read(args.key) if signed else None)


def _print_answer(answer: Answer) -> int:
    print(json.dumps({"replayed": answer.replayed, "events": answer.events}, indent=2))
    return 0


def _ask(args: Any) -> int:
    fields = json.loads(args.fields)
    if not isinstance(fields, dict):
        raise ValueError(f"fields: expected a JSON object, found {args.fields}")
    return _print_answer(_client(args).command(args.name, **fields))


def _order(args: Any) -> int:
    client = _client(args)
    if args.what == "cancel":
        return _print_answer(client.cancel(args.account, args.order))
    if args.what == "place":
        more = {"price_ticks": args.price_ticks, "time_in_force": args.time_in_force}
        if args.client_order_id:
            more |= {"client_order_id": args.client_order_id, "reference_time": time.time_ns()}
        return _print_answer(client.place(args.account, args.symbol, args.side, args.lots, **more))
    for o in client.live_orders(args.account):
        lots = f"{o.open_lots} of {o.lots}"
        print(f"{o.order:>10} {o.side:<4} {o.symbol:<24} {lots:>14} {o.price:>12}")
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
            f"{row.symbol:<28} {row.kind:<8} {row.state:<8} "
            f"mark {row.mark:>12}  open interest {row.open_interest}"
        )
    return 0


def _status(args: Any) -> int:
    print(json.dumps(_client(args, signed=False).status(), indent=2))
    return 0


def _example(args: Any) -> int:
    return int(import_module(EXAMPLES[args.name]).main(args.rest))


if __name__ == "__main__":
    sys.exit(main())
