"""`lasalle fx`: rates taken, dates fixed and corrected, tables shown, checked and put in force."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lasalle.clearing.fx import NONE, FxError, check_table, digest_of, load_fx_terms
from lasalle.clearing.fx_files import read_file
from lasalle.client import Asking, Client
from lasalle.client.days import day_text
from lasalle.institution.bank_desk import Ledger
from lasalle.institution.fx_round import make_day, prices_of, said_of
from lasalle.institution.fx_store import FxStore
from lasalle.views.model import dollars


def run(args: argparse.Namespace, client: Client | None = None) -> int:
    """0 when all is said; `client` asks the served house. Raises FxError."""
    if args.what == "say":
        assert client is not None, "an officer says a rate to a served house"
        _say(args, client)
        return 0
    if args.what != "show" and not args.dir.is_dir():
        raise FxError(f"{args.dir}: expected the folder of a house, found none")
    store = FxStore(args.dir)
    if args.what == "publish":
        assert client is not None, "publishing asks a served house"
        _publish(args, store, client)
    else:
        {"list": _list, "take": _take, "fix": _fix, "show": _show}[args.what](args, store)
    return 0


def _say(args: argparse.Namespace, client: Client) -> None:
    body = {"currency": args.currency, "day": day_text(args.day), "usd_per_unit": args.rate}
    said = Asking("POST", "/v1/fx", dict, json.dumps(body).encode(), repeatable=True)
    told = client.ask(said)
    day = day_text(told["day"])
    print("{hand} says {usd_per_unit} USD for one {currency} of ".format(**told) + day)


def _list(_: argparse.Namespace, store: FxStore) -> None:
    for day in store.days():
        table = store.read(day)
        assert table is not None, "a day that is listed has a table"
        print(f"{said_of(table)}; sha256 {digest_of(table).hex()[:16]}")
    print(f"{len(store.days())} dates, {len(store.observations())} observations")


def _take(args: argparse.Namespace, store: FxStore) -> None:
    said = read_file(args.file.read_bytes(), args.hand)
    days = sorted({one.day for one in said})
    span = " to ".join(dict.fromkeys((day_text(days[0]), day_text(days[-1]))))
    print(f"{args.file}: {len(said)} rates of {span}, {store.add(said)} of them new")


def _fix(args: argparse.Namespace, store: FxStore) -> None:
    day = args.day or max((one.day for one in store.observations()), default=0)
    if not day:
        raise FxError("--day: expected a date, for no rate was taken")
    table = make_day(store, load_fx_terms(), day, args.why)
    if table is None:
        print(f"{day}: the table stands, nothing would be said otherwise")
        return
    print(said_of(table))
    later = [one for one in store.days() if one > day]
    if later:
        print(f"for the record: prices of {later[-1]} are newer and stand")


def _show(args: argparse.Namespace, store: FxStore) -> None:
    table = _table(args, store)
    told = table.pop("sha256", "")
    digest = check_table(table).hex()
    if told and told != digest:
        raise FxError(f"sha256: expected {told}, as the file says, found {digest}")
    if args.json:
        print(json.dumps({**table, "sha256": digest}, indent=1))
        return
    print(said_of(table))
    for row in table["rows"]:
        print(_line(row))
    if table["why"]:
        print(f"corrects {table['corrects'][:16]}: {table['why']}")
    print(f"sound: the rows follow from the observations; sha256 {digest}")


def _line(row: Mapping[str, Any]) -> str:
    if row["status"] == NONE:
        return f"{row['currency']}: no value ({row['why'].replace('_', ' ')})"
    told = f"{row['currency']}: {dollars(row['rate'])} USD of {day_text(row['of'])}"
    if row["hands"]:
        return f"{told}, {' and '.join(row['hands'])}"
    return f"{told}, counts {dollars(row['price'])} ({row['why'].replace('_', ' ')})"


def _table(args: argparse.Namespace, store: FxStore) -> dict[str, Any]:
    path: Path = args.dir
    if path.is_file():
        try:
            found: Any = json.loads(path.read_bytes())
        except ValueError as error:
            raise FxError(f"{path}: expected the JSON of a table, found {error}") from error
        if not isinstance(found, dict):
            raise FxError(f"{path}: expected the JSON of a table, found {type(found).__name__}")
        # As the house answers over REST, or as this verb printed it.
        return {**found.get("table", found), "sha256": found.get("sha256", "")}
    day = args.day or max(store.days(), default=0)
    table = store.read(day, getattr(args, "row", 0)) if day else None
    if table is None:
        raise FxError(f"--day: expected a date with a table, found {day or 'none'}")
    return table


def _publish(args: argparse.Namespace, store: FxStore, client: Client) -> None:
    table = _table(args, store)
    check_table(table)
    wanted = set(table["method"]["currencies"])
    assets = {name: a for name, a in Ledger(args.dir).assets.items() if name in wanted}
    command = prices_of(table, assets)
    if not command.prices:
        raise FxError("assets: expected a currency of the table in the ledger, found none")
    prices = [{"asset": one.asset, "price": one.price} for one in command.prices]
    inputs = command.inputs.hex()
    client.command("value_collateral", day=command.day, inputs=inputs, prices=prices)
    print(f"prices of {len(command.prices)} currencies of {command.day} are in force")
