"""`lasalle margin`: what a portfolio is asked, why a series is asked what it is, and back-tests."""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from lasalle.clearing import Held, Published, published, read_published, requirement
from lasalle.clearing.cover import as_data, same_run
from lasalle.clearing.report import cover_lines, report_lines
from lasalle.client import Asking, Client
from lasalle.gateway.margin import WhatIfDelivery, day_of, needed, said
from lasalle.institution import cover_desk, margin_study, table_desk
from lasalle.institution.command_line import FRONT
from lasalle.institution.delivery_verbs import micro
from lasalle.institution.estimates import Estimate, estimate, listed_of
from lasalle.institution.evidence import loader_of
from lasalle.institution.families import load_families
from lasalle.institution.recompute import sealed_fixings
from lasalle.institution.settings import PRICES, read_settings

POSITION = re.compile(r"([^=\s]{1,32})=([+-]?\d{1,7})(?::(\d{1,7}):(\d{1,7}))?")


def run(args: argparse.Namespace) -> int:
    """0 when what was asked is so, 1 when the house reckons another figure or keeps another run."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "what-if": _what_if,
        "table": _table,
        "report": _report,
        "backtest": _backtest,
        "cover": _cover,
        "tables": _tables,
    }
    return verbs[args.what](args)


def _what_if(args: argparse.Namespace) -> int:
    told = _saved(args.table) if args.table else _asked(args)
    table = read_published(told)
    portfolio: dict[str, Held] = {}
    for word, held in _portfolio(args):
        symbol = _named(word, told)
        if symbol in portfolio:
            raise ValueError(f"{word}: expected each series once, found {symbol} again")
        if symbol not in table.by_symbol:
            near = get_close_matches(symbol, table.by_symbol, 3)
            also = f" (near: {', '.join(near)})" if near else ""
            expected = f"a series with a row in margin table {table.table}{also}"
            raise ValueError(f"{word}: expected {expected}, found none")
        portfolio[symbol] = held
    sides = [_delivery(word) for word in args.delivery]
    found = said(requirement(portfolio, table, needed(sides)), table)
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        _print(found, portfolio, table)
    return 0 if args.table else _compare(args, (portfolio, sides), found)


def _delivery(word: str) -> WhatIfDelivery:
    """A side of a delivery as it is typed."""
    parts = word.split(":")
    whole = all(part.isascii() and part.isdigit() for part in parts[:2])
    if len(parts) != 3 or not whole:
        raise ValueError(f"--delivery: expected LOTS:HOURS:USD as 48:24:0.3, found {word}")
    return WhatIfDelivery(int(parts[0]), int(parts[1]), micro("--delivery", parts[2]))


def _compare(
    args: argparse.Namespace,
    asked: tuple[dict[str, Held], list[WhatIfDelivery]],
    found: dict[str, Any],
) -> int:
    """What the house itself says of the same lots; the table may have changed between."""
    positions = [{"symbol": s, **held._asdict()} for s, held in asked[0].items()]
    body = msgspec.json.encode({"positions": positions, "deliveries": asked[1]})
    told = Client(args.at).ask(
        Asking("POST", "/v1/margin/what-if", dict[str, Any], body, repeatable=True)
    )
    names = ("sha256", "requirement_micro_dollars")
    ours, theirs = ([one[name] for name in names] for one in (found, told))
    if ours[0] != theirs[0]:
        raise ValueError(
            "table: expected one table, found another by the second request; ask again"
        )
    if ours != theirs:
        print(f"the house says {told['requirement']} USD")
        return 1
    if not args.json:
        print("the house says the same")
    return 0


def _asked(args: argparse.Namespace, named: str = "current") -> dict[str, Any]:
    """A table of a served house, and the month futures that traded beside it."""
    path = f"/v1/margin/tables/{quote(named, safe='')}"
    return _sound(Client(args.at).ask(Asking("GET", path, dict[str, Any])))


def _saved(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: expected JSON as lasalle margin table writes it") from error
    if not isinstance(told, dict):
        raise ValueError(f"{path}: expected a table as lasalle margin table writes it")
    return _sound(told)


def _sound(told: dict[str, Any]) -> dict[str, Any]:
    """What was told, where its digest is that of its table."""
    digest = read_published(told).sha256
    if told.get("sha256", digest) != digest:
        raise ValueError(f"sha256: expected that of the table, {digest}, found {told['sha256']}")
    return told


def _named(word: str, told: dict[str, Any]) -> str:
    """The series of a word: a symbol, or a month future as the table's house had them."""
    match = FRONT.fullmatch(word)
    if match is None:
        return word
    families = {one["family"]: one["symbols"] for one in told.get("month_futures", ())}
    if not families:
        expected = "a table that says its month futures, as lasalle margin table writes it"
        raise ValueError(f"{word}: expected {expected}, or a symbol; found neither")
    family, ahead = match[1] or next(iter(families)), int(match[2] or 0)
    months = families.get(family, [])
    if ahead >= len(months):
        raise ValueError(f"{word}: expected one of {len(months)} month futures of {family}")
    return str(months[ahead])


def _portfolio(args: argparse.Namespace) -> list[tuple[str, Held]]:
    rows = [_typed(text) for text in args.position]
    if args.file:
        with args.file.open(newline="", encoding="utf-8") as lines:
            rows += [_read(row) for row in csv.DictReader(lines)]
    if not rows:
        raise ValueError("positions: expected a file or --position, found neither")
    return rows


def _typed(text: str) -> tuple[str, Held]:
    match = POSITION.fullmatch(text)
    if match is None:
        expected = "SYMBOL=LOTS, or SYMBOL=LOTS:BUYS:SELLS"
        raise ValueError(f"--position: expected {expected}, found {text}")
    return match[1], Held(int(match[2]), int(match[3] or 0), int(match[4] or 0))


def _read(row: dict[str, str]) -> tuple[str, Held]:
    if not {"symbol", "lots"} <= set(row):
        raise ValueError(f"file: expected columns symbol,lots, found {','.join(map(str, row))}")
    lots = [row.get(name) or "0" for name in ("lots", "buys", "sells")]
    try:
        return row["symbol"], Held(*(int(one) for one in lots))
    except ValueError as error:
        raise ValueError(f"{row['symbol']}: expected whole lots, found {lots}") from error


def _print(found: dict[str, Any], portfolio: dict[str, Held], table: Published) -> None:
    for symbol, held in portfolio.items():
        row = table.series[table.by_symbol[symbol]]
        opens = f", open {held.buys} to buy and {held.sells} to sell" if any(held[1:]) else ""
        print(
            f"{symbol:<24}{held.lots:>+9} lots at {row.mark / 1e6:.6f} x {row.hours} units{opens}"
        )
    print(f"margin table {found['table']}, sha256 {found['sha256']}")
    for one in found["scan_rows"]:
        share = one["weight_per_ten_thousand"] / 100
        worst = _dollars(one["worst_micro_dollars"])
        print(f"  scan row {one['group']:<6}{worst} at worst, {share:g} % of it")
    for name in ("scan", "tail", "liquidity", "concentration", "delivery", "option_value"):
        mark = "  <- binds" if name == found["binding"] else ""
        amount = _dollars(found[f"{name}_micro_dollars"])
        print(f"  {name.replace('_', ' '):<15}{amount}{mark}")
    print(f"requirement      {_dollars(found['requirement_micro_dollars'])} USD")
    print(f"initial, 1.10    {_dollars(found['initial_micro_dollars'])} USD")


def _dollars(micro: int) -> str:
    sign = "-" if micro < 0 else ""
    return f"{sign}{abs(micro) // 10**6:,}.{abs(micro) % 10**6:06d}".rjust(22)


def _table(args: argparse.Namespace) -> int:
    told = _asked(args, args.table)
    table = read_published(told)
    args.file.write_text(json.dumps(told), encoding="utf-8")
    print(f"{args.file}: table {table.table}, {len(table.series)} series, sha256 {table.sha256}")
    return 0


def _tables(args: argparse.Namespace) -> int:
    """0 when every table that was kept before is one of the journal's own."""
    store = table_desk.TableStore(args.out or args.dir)
    before = {row.event: row.sha256 for row in store.rows()}
    count = written = 0
    bent = []
    for table, event, number, time in table_desk.made_again(args.dir):
        if day_of(time) < args.since:
            continue
        count += 1
        if before.get(event, table.sha256) != table.sha256:
            bent.append(event)
        written += store.add(table, event, number, time)
    store.close()
    print(f"{count} tables in the journal, {written} written, {len(before)} kept before")
    for event in bent:
        print(f"FAULTY: the table kept of event {event} is not the journal's")
    return 1 if bent else 0


def estimated(day: date, prices: Path) -> Estimate:
    """What the desks of a demonstration believe after a day, from files of prices, of the families
    that have begun."""
    begun = [family for family in load_families() if family.begins <= day]
    names = {"", *(family.name for family in begun)}
    known = []
    for family in begun:
        if {family.against, family.shares} <= names:
            fixings, _ = loader_of(family, prices)(day)
            known.append((family, [one for one in fixings if one.day <= day]))
    return estimate(day, known, [], 0)


def _report(args: argparse.Namespace) -> int:
    prices = args.prices or PRICES
    day = args.day or margin_study.last_day(prices)
    found = estimated(day, prices)
    listing = [series for made in found.families for series in made.listing]
    rows = published(found.table, 1, listing)
    for line in report_lines(found.table, rows, listed_of(found.families)):
        print(line)
    return 0


def _backtest(args: argparse.Namespace) -> int:
    text = margin_study.page(args.prices or PRICES)
    if args.out:
        args.out.write_text(text, encoding="utf-8")
        print(args.out)
    else:
        print(text, end="")
    return 0


def _cover(args: argparse.Namespace) -> int:
    """A run is made anew from the journal, and compared with the one the house keeps."""
    settings = read_settings(args.dir)
    sealed = {index: rows[-1].method for index, rows in sealed_fixings(args.dir).items()}
    listing = cover_desk.listing_of(args.dir, settings, sealed)
    run = cover_desk.make_run(args.dir, listing, args.day, simulated=settings.demonstration)
    kept = cover_desk.CoverStore(args.dir).read(run.day)
    made = as_data(run)
    if args.json:
        print(json.dumps(made, indent=1))
    else:
        for line in cover_lines(made):
            print(line)
        print(run.said())
    if kept is not None and not same_run(kept, made):
        print(f"FAULTY: the house keeps another run of {run.day}")
        return 1
    return 0
