"""`lasalle hedge`: a need planned, its orders sent, its position followed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import msgspec

from lasalle.client import Client, Fault
from lasalle.client.asking import Asking
from lasalle.client.shapes import Position
from lasalle.contracts import Month
from lasalle.hedging.books.inception import offset_words
from lasalle.hedging.plan.answer import Answer, answered, is_answer, read_answer
from lasalle.hedging.plan.beside import beside_holdings
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import Need, Policy, horizon, read_need, with_policy
from lasalle.hedging.plan.orders import (
    MOST_ATTEMPTS,
    OrderFile,
    OrdersRefused,
    read_order_file,
    sealed,
)
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.paid import paid_prices, with_paid
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.telling import told, value
from lasalle.institution import bills_desk, books_of_hedge
from lasalle.institution.hedge_market import modelled_market, served_market
from lasalle.institution.hedge_past import folder_past, served_past
from lasalle.institution.training_run import load_index

LEAST_SCENARIOS, MOST_SCENARIOS = 500, 50_000


def run(args: argparse.Namespace, client: Client | None = None) -> int:
    """Carries out a verb; `client` is whoever asks a served house, none where none is asked."""
    carry_out: dict[str, Callable[[argparse.Namespace, Client | None], int]] = {
        "example": _example,
        "bills": bills_desk.run,
        "report": books_of_hedge.report,
        "memo": books_of_hedge.write_memo,
        "journal": books_of_hedge.journal,
        "plan": _plan,
        "rebalance": _plan,
        "execute": _execute,
        "track": _track,
    }
    return carry_out[args.what](args, client)


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
    _check_outputs(args)
    need = _need(args.need)
    if getattr(args, "policy", None):
        need = with_policy(need, Policy(args.policy))
    prices: Path | None = getattr(args, "prices", None)
    if getattr(args, "day", None) and not prices:
        raise ValueError("--day: expected with --prices alone; a served house plans on its own day")
    bound = args.orders or args.save
    if bound and not prices and args.account is None:
        raise ValueError("--account: expected with --orders and --save: they are for one account")
    bare = prices or args.account is None
    # First: for an account that is not the asker's own nothing is planned and nothing written.
    holds = {} if bare else _held(_served_by(client), args.account)
    market = _modelled(args, need, prices) if prices else _served(client, need)
    need, market = _with_bills(args, need, market, client)
    held = holds if args.what == "rebalance" else {}
    if held:
        fills = _served_by(client).fills(args.account)
        market = replace(market, board=with_paid(market.board, paid_prices(fills, held)))
    _said("planning")
    plan = make_plan(need, market, held, count=args.scenarios, seed=args.seed)
    plan = beside_holdings(plan, holds)
    drawn = picture(plan) if args.png or args.html else b""
    _write(args.png, lambda _: drawn, plan)
    _write(args.html, lambda made: page(made, drawn), plan)
    if bound:
        house = "" if prices else str(_served_by(client).status().get("house", ""))
        whole = answered(plan, house, args.account or 0, time.time_ns(), _said, holds)
        for path, part in ((args.orders, whole.orders), (args.save, whole)):
            _write(path, partial(_as_json, part), plan)
    print(json.dumps(value(plan), indent=2) if args.json else told(plan))
    return 0


def _need(path: Path) -> Need:
    """A need from its file. Raises ValueError for one that is no text, or says what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected a need as TOML text, found bytes that are none; "
                         f"lasalle hedge example FILE writes one") from error  # fmt: skip
    if not text.strip():
        raise ValueError(f"{path}: expected a need as TOML text, found an empty file; lasalle hedge"
                         " example FILE writes one")  # fmt: skip
    return read_need(text, str(path))


def _check_outputs(args: argparse.Namespace) -> None:
    """Raises ValueError for a file that could not be written: before the minutes of a plan, not
    after them.
    """
    for name in ("png", "html", "orders", "save"):
        path: Path | None = getattr(args, name)
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            found = "a folder" if path.is_dir() else f"no folder {path.parent}"
            raise ValueError(f"--{name}: expected a file in a folder that is there, found {found}")


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
    market = modelled_market(day, fixings, horizon(need, day), source=word + source)
    return replace(market, past=folder_past(need, day, fixings, prices))


def _served(client: Client | None, need: Need) -> Market:

    def months(day: date) -> tuple[Month, ...]:
        return horizon(need, day)

    ask = _served_by(client).ask
    market = served_market(ask, need.grade, need.location, months)
    return replace(market, past=served_past(ask, need, market.day))


def _with_bills(
    args: argparse.Namespace, need: Need, market: Market, client: Client | None
) -> tuple[Need, Market]:
    """The need with the basis of its bills up to the plan's day, and the market that says so."""
    if not need.bill.files:
        return need, market
    prices: Path | None = getattr(args, "prices", None)
    if prices:
        name, index = bills_desk.listed_index(prices, need.grade, need.location, market.day)
    else:
            name, index = bills_desk.served_index(_served_by(client).ask, need.grade, need.location)
    index_name = name.partition(":")[0]
    need, shown, said = bills_desk.with_bills(need, args.need, index, index_name)
    return need, replace(market, said=(*market.said, said), following=shown)


def _served_by(client: Client | None) -> Client:
    assert client is not None, "the command line brings one"
    return client


def _held(client: Client | None, account: int) -> dict[str, int]:
    path = f"/v1/accounts/{account}/positions?limit=500"
    asked = Asking("GET", path, list[Position], within="positions", every_page=True)
    return {one.symbol: one.lots for one in _served_by(client).ask(asked)}


def _said(word: str) -> None:
    print(f"{word} ...", file=sys.stderr, flush=True)


def _as_json(part: OrderFile | Answer, _: Plan) -> bytes:
    return msgspec.json.format(msgspec.json.encode(part), indent=2) + b"\n"


def order_file(plan: Plan, house: str, account: int) -> bytes:
    """The orders of a plan for an account of a house, as JSON."""
    return _as_json(sealed(plan, house, account, time.time_ns()), plan)


def read_orders(path: Path) -> OrderFile:
    """What `order_file` wrote. Raises OrdersRefused where it was edited or is none."""
    return read_order_file(path.read_bytes(), str(path))


def _bound(args: argparse.Namespace, client: Client) -> tuple[OrderFile, int, Answer | None]:
    """Orders, the account they are for, and the plan where they stand in a saved one. Raises
    OrdersRefused for another house or account.
    """
    content = args.orders.read_bytes()
    answer = read_answer(content, str(args.orders)) if is_answer(content) else None
    file = answer.orders if answer else read_order_file(content, str(args.orders))
    account = file.account if args.account is None else args.account
    file.check_bound(str(client.status().get("house", "")), account)
    if args.memo:
        books_of_hedge.check_memo(args.memo, "--memo")
    if args.memo and answer is None:
        raise OrdersRefused(f"--memo: expected a plan of lasalle hedge plan --save, found orders"
                            f" alone: {args.orders}")  # fmt: skip
    return file, account, answer


def _confirmed(
    file: OrderFile, account: int, holds: Mapping[str, int], args: argparse.Namespace
) -> bool:
    """Whether what is missing of the orders, which is shown, is to be sent."""
    lacking = [file.missing(n, holds) for n in range(len(file.orders))]
    out = sys.stderr if args.json else sys.stdout
    for one, lots in zip(file.orders, lacking, strict=True):
        price = one.limit_for(lots) / 1e6
        of = "" if lots == one.lots else f" ({one.lots:,} planned, the rest is held)"
        said = f"  {one.side:4} {lots:6,} {one.symbol:26} at {price:.3f} USD or better{of}"
        if lots:
            print(said, file=out)
    count = sum(lots > 0 for lots in lacking)
    if not count:
        print("Nothing is missing: the account holds what was planned.", file=out)
    if args.yes or not count:
        return True
    return agreed(f"Send these {count} orders for account {account}? ")


def _execute(args: argparse.Namespace, client: Client | None) -> int:
    client = _served_by(client)
    file, account, answer = _bound(args, client)
    if not _confirmed(file, account, _held(client, account), args):
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
            row = _send(client, file, n, account, ticks[one.symbol])
        except (Fault, httpx.HTTPError) as error:
            refused = f"{one.symbol}: {str(error) or type(error).__name__}"
            break
        filled.append(row)
        if not args.json:
            print(_filled_words(row))
    if args.json:
        print(json.dumps({"orders": filled, "refused": refused or None}, indent=2))
    if refused:
        print(
            f"lasalle hedge: {refused}\n  stopped: {len(filled)} of {len(file.orders)} orders were"
            " answered, none after this one was sent. The same file may be sent again: it sends"
            " what is missing, never more than the plan. lasalle hedge track says what that is.",
            file=sys.stderr,
        )
    if args.memo and answer:
        books_of_hedge.issue_memo(args, answer, client.fills(account), _held(client, account))
    return 1 if refused else 0


def _send(
    client: Client, file: OrderFile, number: int, account: int, tick: int
) -> dict[str, Any]:
    """Sends what is missing of an order. An attempt that was made before is in what the account
    holds: with it counted the next is made.
    """
    one = file.orders[number]
    missing, attempt, filled = file.missing(number, _held(client, account)), 0, 0
    while missing and attempt < MOST_ATTEMPTS:
        answer = client.place(
            account,
            one.symbol,
            one.side,
            missing,
            price_ticks=one.limit_for(missing) // tick,
            time_in_force="ioc",
            client_order_id=file.client_order_id(number, missing, attempt),
            reference_time=file.reference_time,
        )
        if not answer.replayed:
            filled = sum(int(e["lots"]) for e in answer.events if e["name"] == "traded")
            break
        before, missing = missing, file.missing(number, _held(client, account))
        attempt = attempt + 1 if missing == before else 0
    return {"symbol": one.symbol, "wanted": one.lots, "missing": missing, "filled": filled}


def agreed(question: str) -> bool:
    """One answer of yes or no, by their first letters too; anything else is asked again."""
    while True:
        try:
            word = input(f"{question}yes or no: ").strip().lower()
        except EOFError:
            print("no answer")
            return False
        if word in ("yes", "y", "no", "n"):
            return word[0] == "y"
        print(f"expected yes or no, found {word or 'nothing'}")


def _filled_words(row: Mapping[str, Any]) -> str:
    if not row["missing"]:
        return f"  {row['symbol']:26} nothing was missing; nothing was sent"
    left = row["missing"] - row["filled"]
    wait = f"; {left:,} wait: send the file again another day" if left else ""
    return f"  {row['symbol']:26} {row['filled']:6,} of {row['missing']:,} filled{wait}"


def _track(args: argparse.Namespace, client: Client | None) -> int:
    client = _served_by(client)
    file, account, answer = _bound(args, client)
    held = _held(client, account)
    rows = tracked(file, held)
    fills = client.fills(account) if answer else []
    since = books_of_hedge.since_inception_of(answer, fills, client) if answer else None
    if args.memo and answer:
        books_of_hedge.issue_memo(args, answer, fills, held)
    if args.json:
        told = {"need": file.need, "rows": rows, "dollar_offset": msgspec.to_builtins(since)}
        print(json.dumps(told, indent=2))
        return 0
    print(f"{file.need}, planned {file.day}: account {account}")
    for row in rows:
        print(
            f"  {row['symbol']:26} planned {row['planned']:7,} held {row['held']:7,}"
            f" missing {row['missing']:7,}"
        )
    if answer:
        print("\n".join(offset_words(since)))
    else:
        print("dollar offset since inception: lasalle hedge track of the plan that --save wrote")
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

