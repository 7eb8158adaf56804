"""`lasalle credit`: suppliers judged from their files and from the record of a house."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from lasalle import wire
from lasalle.client import Client
from lasalle.credit.book_loss import book_losses
from lasalle.credit.losses import with_draws
from lasalle.credit.model import CreditError, SupplierFile, micro, month_of, number_month
from lasalle.credit.portfolio import Judged, delivery_credit, judge_all
from lasalle.credit.residual import load_curve
from lasalle.credit.supplier_file import digest, read_supplier
from lasalle.credit.what_if import WhatIf, what_if
from lasalle.gateway.commands import make_command
from lasalle.institution import credit_told
from lasalle.institution.credit_house import (
    EXAMPLES,
    among,
    book_of,
    example_text,
    judge_house,
    shifted,
)
from lasalle.institution.credit_store import DAY_NS, CreditStore
from lasalle.institution.named_file import text_of

HISTORIES = "lasalle.institution.credit_histories"
"""Price files and optimisers: brought along for the verbs that need them alone."""
MOST_DAYS = 90
"""A verification is not older."""
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])|next(\+\d{1,2})?")


def run(args: argparse.Namespace, client: Client | None = None) -> int:
    """0 when it is said; 1 where a supplier is short, or stopped from selling more."""
    verb = {
        "example": _example,
        "check": _check,
        "score": _score,
        "file": _file,
        "see": _see,
        "draw": _draw,
        "counts": _counts,
        "portfolio": _portfolio,
        "what-if": _what_if,
        "residual": _residual,
        "loss": _loss,
        "lifetimes": _lifetimes,
    }.get(args.what)
    if verb is not None:
        return verb(args)
    assert client is not None, "lines and limits are asked of a served house"
    if args.what == "limits":
        return _limits(args, client)
    said = client.credit_line(args.supplier, args.usd)
    print(f"{args.supplier}: line of {args.usd} USD, {said.state}")
    return 0


def read_file(named: str) -> SupplierFile:
    """A supplier's file by its path, or a made-up one by name. Raises CreditError."""
    text = example_text(named) if named in EXAMPLES else text_of(Path(named))
    return read_supplier(text)


def _store(folder: Path) -> CreditStore:
    if not (folder / "journal").is_dir():
        raise CreditError(f"{folder}: expected a folder with a journal")
    return CreditStore(folder)


def _of_folder(store: CreditStore, now: int) -> tuple[tuple[Judged, ...], dict[str, str]]:
    """Everyone on file, and why others are not judged. Says beside it what a folder cannot know."""
    faults: dict[str, str] = {}
    found = judge_house(store, now, faults=faults)
    print(
        "by what the files say was sold, at published offers; a served house judges by its own "
        "positions and marks: lasalle credit limits SUPPLIER",
        file=sys.stderr,
    )
    for name, why in faults.items():
        print(f"{name} is not judged: {why}", file=sys.stderr)
    return found, faults


def _example(args: argparse.Namespace) -> int:
    print(example_text(args.name), end="")
    return 0


def _check(args: argparse.Namespace) -> int:
    one = read_file(args.file)
    print(f"{one.supplier}: sound, as of {one.as_of}, digest {digest(one)}")
    return 0


def _score(args: argparse.Namespace) -> int:
    one = read_file(args.file)
    (judged,) = judge_all([one], book_of())
    if args.json:
        print(json.dumps(plain(judged), indent=2))
    else:
        print(*credit_told.score_lines(judged), sep="\n")
    return 0


def _file(args: argparse.Namespace) -> int:
    one = read_file(args.file)
    if args.file in EXAMPLES:
        one = shifted(one, datetime.now(UTC).date())
    number, found = _store(args.dir).file(one, args.by, time.time_ns())
    print(f"line {number} of the record: digest {found}")
    return 0


def _see(args: argparse.Namespace) -> int:
    _store(args.dir).see(args.supplier, args.missed, args.by, time.time_ns())
    print(f"{args.supplier}: {args.missed:.1%} of heartbeats missed in the last day")
    return 0


def _draw(args: argparse.Namespace) -> int:
    """What is presented under the letter; the issuer pays against it alone (ISP98, rule 2.01)."""
    store, now = _store(args.dir), time.time_ns()
    letter, left = store.draw(args.supplier, args.issuer, args.usd, args.by, now)
    print(credit_told.demand(letter, args.supplier, args.usd, left))
    return 0


def _counts(args: argparse.Namespace) -> int:
    """What the file's hardware and verified machines count toward delivery margin, and its digest
    as the basis, for two actors to say (DEL-034)."""
    store, now = _store(args.dir), time.time_ns()
    held = store.known(args.supplier)
    if not 1 <= args.days <= MOST_DAYS:
        raise CreditError(f"--days: expected 1 to {MOST_DAYS}, found {args.days}")
    if held.file.account not in (0, args.account):
        raise CreditError(f"account: expected {held.file.account}, found {args.account}")
    found, faults = _of_folder(store, now)
    one = among(found, args.supplier, faults)
    amount, share = delivery_credit(one, book_of().terms)
    fields = {"account": args.account, "amount": amount, "share": share,
              "until": now + args.days * DAY_NS if amount else 0, "basis": held.digest}  # fmt: skip
    print(f"lasalle propose {wire.SetDeliveryCredit.NAME} '{json.dumps(fields)}'")
    return 0


def _portfolio(args: argparse.Namespace) -> int:
    found, _ = _of_folder(_store(args.dir), time.time_ns())
    if args.json:
        print(json.dumps([plain(one) for one in found], indent=2))
    else:
        print(*credit_told.portfolio_lines(found), sep="\n")
    return 0


def month_named(text: str, day: date) -> str:
    """A month as it was typed. Raises CreditError."""
    if not MONTH.fullmatch(text):
        raise CreditError(f"month: expected YYYY-MM, next or next+2, found {text!r}")
    if not text.startswith("next"):
        return text
    return number_month(month_of(day) + 1 + int(text.partition("+")[2] or 0))


def _what_if(args: argparse.Namespace) -> int:
    store = _store(args.dir)
    store.known(args.supplier)
    day = datetime.now(UTC).date()
    month = month_named(args.month, day)
    everyone, faults = _of_folder(store, time.time_ns())
    among(everyone, args.supplier, faults)
    key = (month, args.grade, args.place)
    found = ask_what_if(everyone, args.supplier, key, args.price)
    if args.json:
        print(json.dumps(asdict(found), indent=2))
    else:
        print(*credit_told.what_if_lines(args.supplier, found), sep="\n")
    return 0


def ask_what_if(
    everyone: tuple[Judged, ...], supplier: str, key: tuple[str, str, str], price: str,
    marks: dict[str, int] | None = None,
) -> WhatIf:  # fmt: skip
    """What a supplier asks, among all as they stand. Raises CreditError."""
    book = book_of(marks)
    one = next(j for j in everyone if j.file.supplier == supplier)
    at = micro(price) if price else book.market.price(key[1])
    others = [j.file for j in everyone if j is not one]
    return what_if(
        one.file, one.score, key, at, book.market, book.curve, book.terms,
        others=others, line=one.line, stopped=one.stops,
    )  # fmt: skip


def _limits(args: argparse.Namespace, client: Client) -> int:
    """What the supplier may sell; with --apply what the core lacks of it is asked, and proposed
    where it takes two."""
    found = client.credit_supplier(args.supplier)
    print(*credit_told.limit_lines(found), sep="\n")
    if not args.apply or found.binding is None:
        return 0
    for name, fields in found.binding.due.items():
        command = make_command(name, dict(fields))
        if not command.FOUR_EYES:
            client.command(name, **fields)
            print(f"{name}: done")
            continue
        answer = client.command("propose", command=command.KIND, payload=command.pack().hex())
        number = next(e["proposal"] for e in answer.events if e["name"] == "proposed")
        print(f"proposal {number}: {name} waits for another operator: lasalle approve {number}")
    return 0


def _residual(args: argparse.Namespace) -> int:
    histories = import_module(HISTORIES) if args.prices else None
    slopes, decline = histories.fit_declines(args.prices) if histories else ((), None)
    curve = load_curve()
    rows = [
        {"age": age, "mean": curve.mean(age), "low": curve.quantile(age, 0.05),
         "high": curve.quantile(age, 0.95)}
        for age in (0, 0.5, 1, 2, 3, 4, 5, 6)
    ]  # fmt: skip
    if args.json:
        fitted = {"slopes": msgspec.to_builtins(slopes), "decline": msgspec.to_builtins(decline)}
        print(json.dumps({"curve": rows, **fitted}, indent=2))
    else:
        print(*credit_told.residual_lines(rows, slopes, decline), sep="\n")
    return 0


def _loss(args: argparse.Namespace) -> int:
    found, _ = _of_folder(_store(args.dir), time.time_ns())
    book = book_of()
    under = book.terms.loss
    draws, seed = args.draws or under.draws, args.seed if args.seed >= 0 else under.seed
    if not 1_000 <= draws <= 2_000_000:
        raise CreditError(f"--draws: expected 1000 to 2000000, found {draws}")
    losses = book_losses(found, replace(book, terms=with_draws(book.terms, draws, seed)))
    if args.json:
        said = {n: v for n, v in vars(losses).items() if n not in ("losses", "weights")}
        print(json.dumps({**said, "unexpected": losses.unexpected}, indent=2))
    else:
        print(*credit_told.loss_lines(losses), sep="\n")
    return 0


def _lifetimes(args: argparse.Namespace) -> int:
    if not 0.1 <= args.cut <= 0.9:
        raise CreditError(f"--cut: expected a share from 0.1 to 0.9, found {args.cut}")
    files = import_module(HISTORIES)
    made_up = args.file == "made-up"
    lives = files.made_up_lifetimes() if made_up else files.read_lifetimes(Path(args.file))
    tests = files.lifetime_tests(lives, args.cut)
    if args.json:
        print(json.dumps({name: asdict(one) for name, one in tests.items()}, indent=2))
    else:
        print(*credit_told.lifetime_lines(tests), sep="\n")
    return 0


def plain(one: Judged) -> dict[str, Any]:
    """A supplier judged, for programs: its file left out but for its name and dates."""
    said = asdict(one)
    said.pop("file")
    file = one.file
    head = {"supplier": file.supplier, "title": file.title, "as_of": f"{file.as_of}",
            "simulated": file.simulated, "stopped": one.stopped}  # fmt: skip
    built: dict[str, Any] = msgspec.to_builtins({**head, **said})
    return built
