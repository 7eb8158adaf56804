"""`lasalle disclosure`: the public quantitative disclosure of a house in a folder, the commitments
of traders, and for operators alone the large traders."""

from __future__ import annotations

import argparse
import os
import secrets
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

from lasalle.clearing.commitments import (
    commitments,
    holdings,
    large,
    large_csv,
    load_reporting_terms,
    public_csv,
    read_classes,
)
from lasalle.clearing.disclosed import disclosed
from lasalle.clearing.disclosed_deliveries import Tried
from lasalle.clearing.disclosure import as_csv, as_page
from lasalle.clearing.repository import absent_csv, reports_csv, reports_xml
from lasalle.client import Key
from lasalle.contracts import numbered_day
from lasalle.gateway.keys import KeyRefused, KeyStore, ScopeMissing, sign
from lasalle.institution.closes import YEAR, read_year
from lasalle.institution.cover_desk import CoverStore
from lasalle.institution.repository_desk import reports_of
from lasalle.plain.state import State
from lasalle.wire import Role

HONESTY = "table/honesty.toml"


def run(args: argparse.Namespace) -> int:
    """0 when all that was asked is written."""
    if not (args.out or args.commitments or args.large_traders or args.trades):
        raise ValueError("expected --out, --commitments, --large-traders or --trades, found none")
    if args.trades and args.trades.suffix not in (".csv", ".xml"):
        raise ValueError(f"--trades: expected a name in .csv or .xml, found {args.trades}")
    if args.out and args.out.suffix not in (".csv", ".md"):
        raise ValueError(f"--out: expected a name in .csv or .md, found {args.out}")
    year = read_year(args.dir, args.as_of)
    year.covers = covers_of(args.dir, year.close.day)
    year.tried = tried()
    state, day = year.close.state, year.close.day
    if args.large_traders or args.trades:
        _operator(args.dir, args.key, state)
    if args.trades:
        _trades(args, day)
    classes = read_classes(args.classes.read_text(encoding="utf-8")) if args.classes else {}
    if args.out:
        rows = disclosed(year)
        said = as_csv(rows) if args.out.suffix == ".csv" else as_page(state.name, rows)
        args.out.write_text(said, encoding="utf-8")
        have = sum(one.value is not None for one in rows)
        print(f"{args.out}: {len(rows)} rows of {day}, {len(rows) - have} not applicable")
    terms, held = load_reporting_terms(), holdings(state, classes)
    if args.commitments:
        told = commitments(held, terms)
        args.commitments.write_text(public_csv(told, day), encoding="utf-8")
        withheld = sum(one.long is None for one in told)
        print(f"{args.commitments}: {len(told)} rows of {day}, {withheld} withheld")
    if args.large_traders:
        traders = large(held, terms)
        _private(args.large_traders, large_csv(traders, terms, day))
        print(f"{args.large_traders}: {len(traders)} rows of {day}, for operators alone")
    return 0


def _trades(args: argparse.Namespace, day: int) -> None:
    """The trade-repository file of a day and, beside it, what it does not have."""
    reports = reports_of(args.dir, day, args.lei).reports
    if args.trades.suffix == ".csv":
        _private(args.trades, reports_csv(reports))
    else:
        _private(args.trades, reports_xml(reports, day).decode("ascii"))
    absent = args.trades.with_name(f"{args.trades.stem}-absent.csv")
    absent.write_text(absent_csv(), encoding="utf-8")
    counts = Counter(row["action_type"] for row in reports)
    told = ", ".join(f"{count} {action}" for action, count in sorted(counts.items())) or "none"
    print(f"{args.trades}: {len(reports)} reports of {day} ({told}), filed nowhere; {absent}")


def covers_of(folder: Path, day: int) -> list[dict[str, Any]]:
    """The kept runs of Cover-1 and Cover-2 of the year up to a settled day."""
    store, first = CoverStore(folder), numbered_day(day) - YEAR
    days = (d for d in store.days() if d <= day and numbered_day(d) > first)
    return [run for run in map(store.read, days) if run is not None]


def tried() -> list[Tried]:
    """How often the judgement of meters was wrong, of hours drawn from a seed."""
    text = resources.files("lasalle.delivery").joinpath(HONESTY).read_text(encoding="utf-8")
    return [Tried(**row) for row in tomllib.loads(text)["tried"]]


def _operator(folder: Path, file: Path | None, state: State) -> None:
    """Raises ValueError unless the key file is of a living key of an operator of the house."""
    expected = "--key: expected the key file of an operator, for large traders are named"
    path = folder / "keys.sqlite"
    if file is None or not path.exists():
        raise ValueError(f"{expected}; found none")
    key, nonce = Key.read(file), secrets.token_bytes(32)
    store = KeyStore(path)
    try:
        signer = store.logon(key.key, bytes.fromhex(sign(key.secret, nonce)), nonce, "127.0.0.1")
    except (KeyRefused, ScopeMissing) as error:
        raise ValueError(f"{expected}; {error}") from error
    finally:
        store.close()
    actor = state.actors.get(signer.actor)
    if actor is None or not actor.roles & Role.OPERATOR:
        raise ValueError(f"{expected}; found one of actor {signer.actor}")


def _private(path: Path, content: str) -> None:
    """Writes for its owner alone."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
