"""The `lasalle` command."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import httpx

from lasalle import wire
from lasalle.client import Account, Answer, Asking, Client, Fault, Key, Order, Series
from lasalle.gateway.commands import COMMANDS, make_command
from lasalle.institution.settings import KEY_FILE
from lasalle.institution.telling import REQUIREMENT_TOLD, fault_of
from lasalle.institution.words import DEMO_FOLDER, parser

FAULTS = (OSError, ValueError, httpx.HTTPError)
"""What a verb may meet outside itself; it is told in one sentence."""
AT_HOME = "lasalle.institution.housekeeping"
"""Verbs on a folder, and studies. It brings every desk along, so it is loaded for them alone."""
FRONT = re.compile(r"(?:([A-Z][A-Z0-9]{1,7})-)?front(?:\+(\d{1,2}))?", re.ASCII)
"""`front+2`, `TSTD-front`: a family or none, and how many months after the nearest."""
MONTH_FUTURE = re.compile(r"[A-Z][A-Z0-9]{1,7}-\d{4}-\d{2}")


def main(argv: list[str] | None = None) -> int:
    """Runs a verb; 0 when all is well, 1 when something was refused, 2 for wrong words."""
    args = parser().parse_args(argv)
    try:
        return {
            "ask": _ask,
            "propose": _propose,
            "proposals": _proposals,
            "approve": _approve,
            "accounts": _accounts,
            "orders": _orders,
            "calls": _calls,
            "requirement": _requirement,
            "order": _order,
            "book": _book,
            "series": _series,
            "status": _status,
            "bank": _bank,
            "credit": _credit,
            "fx": _fx,
            "hedge": _hedge,
            "index": _index,
            "default": _default,
            "delivery": _delivery,
        }.get(args.verb, _at_home)(args)
    except BrokenPipeError:
        # Whoever read has enough; nothing more may be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Fault as error:
        told = json.dumps({"error": fault_body(error)}) if _for_programs(args) else None
        print(told or f"lasalle {args.verb}: {fault_words(error)}", file=sys.stderr)
        return 1
    except httpx.ConnectError as error:
        hint = "is a house served there? Name another with --at"
        print(f"lasalle {args.verb}: {args.at}: {error}; {hint}", file=sys.stderr)
        return 1
    except FAULTS as error:
        print(f"lasalle {args.verb}: {fault_of(error)}", file=sys.stderr)
        return 1


def _at_home(args: Any) -> int:
    return int(import_module(AT_HOME).carry_out(args))


def _bank(args: Any) -> int:
    """Only booking asks a served house; the rest reads its folder."""
    desk = import_module("lasalle.institution.bank_desk")
    if args.what != "post":
        return int(desk.run(args))
    client = _client(args)
    return int(desk.run(args, lambda name, fields: client.command(name, **fields)))


def _fx(args: Any) -> int:
    """What an officer says, and prices put in force, ask a served house; the rest reads a
    folder."""
    desk = import_module("lasalle.institution.fx_desk")
    asks = args.what in ("say", "publish")
    return int(desk.run(args, _client(args) if asks else None))


def _credit(args: Any) -> int:
    """Lines and limits are asked of a served house; the rest reads files and folders."""
    desk = import_module("lasalle.institution.credit_desk")
    return int(desk.run(args, _client(args) if hasattr(args, "at") else None))


def _index(args: Any) -> int:
    """An officer's word on a later version of a method goes to a served house."""
    if args.what != "adopt":
        return _at_home(args)
    return int(import_module("lasalle.institution.index_command").adopt(args, _client(args)))


def _hedge(args: Any) -> int:
    """A need planned against a served house, or against prices in a folder; sent and followed."""
    desk = import_module("lasalle.institution.hedge_command")
    alone = args.what in ("example", "report", "memo") or getattr(args, "statements", None)
    if alone or getattr(args, "prices", None):
        return int(desk.run(args))
    # A plan reads what anyone may; one bound to an account shows that it is the asker's own.
    public = args.what == "bills" or (args.what == "plan" and args.account is None)
    return int(desk.run(args, _client(args, signed=not public)))


def _delivery(args: Any) -> int:
    """Evidence is read from files, and cosigned; every step asks a served house."""
    desk = import_module("lasalle.institution.delivery_desk")
    return int(desk.run(args, _client(args) if hasattr(args, "at") else None))


def _for_programs(args: Any) -> bool:
    return bool(getattr(args, "json", False))


def fault_words(error: Fault) -> str:
    """A fault for a person: what it says, its name and the rule it stands on."""
    named = ", ".join(filter(None, (error.name.replace("_", " "), error.rule)))
    return f"{error} ({named})" if named else str(error)


def fault_body(error: Fault) -> dict[str, Any]:
    """A fault as the gateway tells it: number, name, field, rule, what was expected and found."""
    body = {n: getattr(error, n) for n in ("code", "name", "field", "rule", "expected", "found")}
    return {**body, "text": str(error)}


def _client(args: Any, *, signed: bool = True) -> Client:
    if not re.match(r"https?://[^/]", args.at):
        raise ValueError(f"--at: expected an address as http://127.0.0.1:8080, found {args.at}")
    if not signed:
        return Client(args.at)
    if not args.key.exists():
        raise ValueError(
            f"--key: expected a key file, found nothing at {args.key}; make run writes the demo "
            f"key to {DEMO_FOLDER / KEY_FILE}, lasalle keygen makes one of your own"
        )
    return Client(args.at, Key.read(args.key))


def _print_answer(answer: Answer) -> int:
    print(json.dumps({"replayed": answer.replayed, "events": answer.events}, indent=2))
    return 0


def _print_table(heads: str, rows: list[list[Any]]) -> None:
    """Columns as wide as what they hold; a head that ends in > stands over numbers."""
    names = heads.split("|")
    texts = [[name.strip("> ") for name in names], *([str(c) for c in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = zip(row, widths, names, strict=True)
        line = [c.rjust(w) if name.endswith(">") else c.ljust(w) for c, w, name in cells]
        print("  ".join(line).rstrip())


def _decimal(amount: str | Decimal, least: int = 3) -> str:
    """A decimal number without the zeros that say nothing, beyond so many places."""
    text = f"{Decimal(amount):,.6f}".rstrip("0")
    return text.ljust(text.index(".") + 1 + least, "0")


def _named(args: Any) -> tuple[str, dict[str, Any]]:
    """A command and its fields as they were typed."""
    if args.name not in COMMANDS:
        near = get_close_matches(args.name, COMMANDS, 3) or sorted(COMMANDS)
        raise ValueError(f"expected a command as {', '.join(near)}, found {args.name} (GTW-001)")
    try:
        fields = json.loads(args.fields)
    except json.JSONDecodeError as error:
        fields = str(error)
    if not isinstance(fields, dict):
        why = f" ({fields})" if isinstance(fields, str) else ""
        expected = """expected a JSON object as '{"account": 2}'"""
        raise ValueError(f"fields: {expected}, found {args.fields}{why} (GTW-001)")
    return args.name, fields


def _ask(args: Any) -> int:
    name, fields = _named(args)
    return _print_answer(_client(args).command(name, **fields))


def _propose(args: Any) -> int:
    name, fields = _named(args)
    command = make_command(name, fields)
    answer = _client(args).command("propose", command=command.KIND, payload=command.pack().hex())
    number = next(e["proposal"] for e in answer.events if e["name"] == "proposed")
    print(f"proposal {number}: {name} waits for another operator: lasalle approve {number}")
    return 0


def _default(args: Any) -> int:
    """Members that the desk proposes to declare; a drill needs no house that is served."""
    asked = args.what == "proposals"
    return _proposals(args, wire.DeclareDefault.NAME) if asked else _at_home(args)


def _proposals(args: Any, only: str = "") -> int:
    """What waits for another operator: everything, or one command."""
    path = "/v1/proposals?limit=500"
    rows = _client(args).ask(Asking("GET", path, list[dict[str, Any]], within="proposals"))
    rows = [row for row in rows if only in ("", row["command"])]
    for row in rows:
        print(f"proposal {row['proposal']}: {row['command']} {json.dumps(row['fields'])}")
    if not rows:
        print("nothing waits for another operator")
    return 0


def _approve(args: Any) -> int:
    return _print_answer(_client(args).command("approve", proposal=args.proposal))


def _accounts(args: Any) -> int:
    rows = _client(args).ask(
        Asking("GET", "/v1/accounts?limit=500", list[Account], within="accounts")
    )
    cells = []
    for a in rows:
        held = ", ".join(f"{p.symbol} {p.lots:+}" for p in a.positions) or "none"
        cash, dues = _decimal(a.cash.get("1", "0"), 2), _decimal(a.dues, 2)
        cells.append([a.account, a.member, cash, dues, a.live_orders, held])
    _print_table("account>|member>|cash USD>|dues USD>|live orders>|positions", cells)
    return 0


def _orders(args: Any) -> int:
    _print_orders(_client(args).live_orders(args.account))
    return 0


def _calls(args: Any) -> int:
    cells = [
        [
            c.call, c.kind, c.state, _decimal(c.amount, 2),
            f"{datetime.fromtimestamp(c.deadline // 10**9, UTC):%Y-%m-%d %H:%M:%S}",
        ]
        for c in _client(args).calls(args.account)
    ]  # fmt: skip
    _print_table("call>|kind|state|USD>|deadline UTC", cells)
    return 0


def _requirement(args: Any) -> int:
    cells = []
    for c in _client(args).requirement_changes(args.account):
        was = _decimal(c.before.required_cover, 2) if c.before else "–"
        why = ", ".join(f"{x.name} x{x.count}" if x.count > 1 else x.name for x in c.causes)
        now = (_decimal(c.after.requirement, 2), _decimal(c.after.required_cover, 2))
        cells.append([c.row, c.number, *now, was, why])
    _print_table("row>|command>|requirement USD>|to be covered USD>|before>|why", cells)
    print(REQUIREMENT_TOLD, file=sys.stderr)
    return 0


def _print_orders(rows: list[Order]) -> None:
    cells = [
        [o.order, o.side, o.symbol, o.open_lots, o.lots, _decimal(o.price), o.client_order_id]
        for o in rows
    ]
    _print_table("order>|side|symbol|open>|of lots>|USD per unit>|client order id", cells)


def listed_symbol(client: Client, word: str) -> str:
    """A symbol as it is listed; `front` is the month future of the house's first index that expires
    next, `front+2` the second after it, `TSTD-front` the next one of another family.
    """
    match = FRONT.fullmatch(word)
    if match is None:
        return word
    now, family, ahead = time.time_ns(), match[1] or "", int(match[2] or 0)
    listed: list[Series] = [s for s in client.series() if s.last_trading_time > now]
    futures = [s for s in listed if MONTH_FUTURE.fullmatch(s.symbol)]
    first = min((s.index for s in futures), default=0)
    months = sorted(
        (s for s in futures if (s.symbol.split("-")[0] == family if family else s.index == first)),
        key=lambda s: s.first_month,
    )
    if ahead >= len(months):
        raise ValueError(f"{word}: expected one of {len(months)} month futures that still trade")
    return months[ahead].symbol


def _order(args: Any) -> int:
    if args.what == "list":
        return _orders(args)
    client = _client(args)
    if args.what == "place":
        symbol = listed_symbol(client, args.symbol)
        answer = client.place(args.account, symbol, args.side, args.lots, **_terms(args))
    else:
        answer = client.cancel(args.account, args.order)
    if args.json:
        return _print_answer(answer)
    for event in answer.events:
        if sentence := _sentence(event):
            print(sentence)
    for warning in answer.warnings:
        print(f"notice: {warning.text}")
    return 0


def _terms(args: Any) -> dict[str, Any]:
    """Price, life and name of an order as they were typed."""
    life = args.time_in_force
    more: dict[str, Any] = {"time_in_force": life or "gtc", "post_only": args.post_only}
    if args.price == "market":
        more = {"order_type": "market", "time_in_force": life or "ioc"}
    elif args.ticks and re.fullmatch(r"\d{1,15}", args.price):
        more["price_ticks"] = int(args.price)
    elif not args.ticks and re.fullmatch(r"\d{1,9}(\.\d{1,6})?", args.price):
        more["price"] = args.price
    else:
        kind = "whole ticks, as 6350" if args.ticks else "USD per unit, as 6.35, or market"
        raise ValueError(f"price: expected {kind}, found {args.price} (GTW-001)")
    if args.client_order_id:
        more |= {"client_order_id": args.client_order_id, "reference_time": time.time_ns()}
    return more


def _sentence(event: dict[str, Any]) -> str:
    """What an event says to the person who ordered; empty where it says nothing."""
    name = event["name"]
    price = f"{_decimal(Decimal(event.get('price', 0)) / 1_000_000)} USD per unit"
    if name == "order_accepted":
        at = price if event["order_type"] == "limit" else "the market"
        return f"order {event['order']} accepted: {event['side']} {event['lots']} at {at}"
    if name == "traded":
        return f"traded {event['lots']} at {price}"
    if name == "order_rested":
        return f"order {event['order']} rests"
    if name == "order_cancelled":
        why = event["reason"].replace("_", " ")
        return f"order {event['order']} cancelled, {event['lots']} lots: {why}"
    return "asked before: nothing was done again" if name == "replayed" else ""


def _book(args: Any) -> int:
    client = _client(args, signed=False)
    book = client.book(listed_symbol(client, args.symbol))
    print(f"{book.symbol}  {book.state}  mark {_decimal(book.mark)} USD per unit")
    rows: list[list[Any]] = [
        ["", _decimal(level.price), level.lots] for level in reversed(book.asks[:10])
    ]
    rows += [[level.lots, _decimal(level.price), ""] for level in book.bids[:10]]
    _print_table("bid lots>|price>|ask lots>", rows)
    return 0


def _series(args: Any) -> int:
    cells = [
        [s.series, s.symbol, s.kind, s.state, _decimal(s.mark), s.unit, s.open_interest]
        for s in _client(args, signed=False).series()
    ]
    _print_table("series>|symbol|kind|state|mark>|USD per|open interest>", cells)
    return 0


def _status(args: Any) -> int:
    said = _client(args, signed=False).status()
    if args.json:
        print(json.dumps(said, indent=2))
        return 0
    width = max(map(len, said))
    for name, value in said.items():
        if isinstance(value, list):
            value = "; ".join(map(str, value)) or "nothing"
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        elif name.endswith("_time"):
            value = _instant(value)
        if value != "":
            print(f"{name.replace('_', ' '):<{width}}  {value}")
    return 0


def _instant(nanoseconds: int) -> str:
    if not nanoseconds:
        return "never"
    return f"{datetime.fromtimestamp(nanoseconds // 10**9, UTC):%Y-%m-%d %H:%M:%S} UTC"


if __name__ == "__main__":
    sys.exit(main())
