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
from lasalle.gateway.keys import sign, signed_text
from lasalle.institution import serve
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
    ask = verbs.add_parser("ask", help="send a command: lasalle ask place_order '{...}' --key FILE")
    ask.add_argument("name")
    ask.add_argument("fields", nargs="?", default="{}")
    ask.add_argument("--key", type=Path, default=DEMO_FOLDER / serve.KEY_FILE)
    ask.add_argument("--at", default="http://127.0.0.1:8080")
    book = verbs.add_parser("book", help="the book of a symbol")
    book.add_argument("symbol")
    book.add_argument("--at", default="http://127.0.0.1:8080")
    example = verbs.add_parser("run-example", help="an example on a venue of its own")
    example.add_argument("name", choices=sorted(EXAMPLES))
    example.add_argument("rest", nargs=argparse.REMAINDER)
    return top


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
            "book": _book,
            "run-example": _example,
        }[args.verb](args)
    except (JournalBent, JournalLocked, Diverged, ValueError, OSError, httpx.HTTPError) as error:
        print(f"lasalle {args.verb}: {error}", file=sys.stderr)
        return 1


def _run(args: Any) -> int:
    if not (args.dir / "lock").exists():
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
        key = house.keys.create(args.actor)
    finally:
        house.close()
    print(json.dumps({"key": key.key, "secret": key.secret, "actor": args.actor}))
    return 0


def _ask(args: Any) -> int:
    key = json.loads(args.key.read_text())
    path, body = f"/v1/commands/{args.name}", args.fields.encode()
    stamp = time.time_ns() // 1_000_000
    signature = sign(key["secret"], signed_text(stamp, "POST", path, body))
    answer = httpx.post(
        args.at + path,
        content=body,
        headers={
            "X-LaSalle-Key": key["key"],
            "X-LaSalle-Timestamp": str(stamp),
            "X-LaSalle-Signature": signature,
        },
    )
    print(json.dumps(answer.json(), indent=2))
    return 0 if answer.status_code == 200 else 1


def _book(args: Any) -> int:
    answer = httpx.get(f"{args.at}/v1/series/{args.symbol}/book").json()
    if "error" in answer:
        raise ValueError(answer["error"]["text"])
    print(f"{answer['symbol']}  {answer['state']}  mark {answer['mark']}")
    for level in reversed(answer["asks"][:10]):
        print(f"{'':>12} {level['price']:>12} {level['lots']:>8}")
    for level in answer["bids"][:10]:
        print(f"{level['lots']:>12} {level['price']:>12}")
    return 0


def _example(args: Any) -> int:
    return int(import_module(EXAMPLES[args.name]).main(args.rest))
