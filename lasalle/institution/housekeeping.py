"""Verbs of the `lasalle` command on a house in a folder, and its studies."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from lasalle.gateway.keys import KeyStore
from lasalle.institution.calibration_words import ASKED
from lasalle.institution.day import DayStuck
from lasalle.institution.opening import (
    make_key,
    open_production,
    read_operators,
    read_public,
    write_secret,
)
from lasalle.institution.settings import is_house
from lasalle.institution.words import STUDIES
from lasalle.venue import (
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
    VenueStopped,
    verify,
)
from lasalle.venue.replay import Diverged

OURS = "lasalle.institution"
DESKS = {
    "statement": f"{OURS}.books_desk",
    "proof": f"{OURS}.books_desk",
    "collateral": f"{OURS}.collateral_desk",
    "member": f"{OURS}.member_desk",
    "line": f"{OURS}.line_desk",
    "contracts": f"{OURS}.contracts_desk",
    "index": f"{OURS}.index_command",
    "margin": f"{OURS}.margin_command",
    "curve": f"{OURS}.curve_command",
    "default": f"{OURS}.default_command",
    "disclosure": f"{OURS}.disclosure_desk",
    "simulate": "lasalle.sim.command",
}
"""Where the `run` of a verb is. Each desk brings much along: only the one asked for is loaded."""
FAULTS = (
    DayStuck,
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
    VenueStopped,
)

ANOTHER_LAW = (
    "; expected a journal sealed under this program's law, found one of another law, or one that "
    "was edited. Nothing was changed: open it with the program that sealed it, or take another "
    "folder"
)


def carry_out(args: Any) -> int:
    """Runs a verb. Raises ValueError with the words of a fault of the house."""
    try:
        if args.verb in DESKS:
            return int(import_module(DESKS[args.verb]).run(args))
        return {
            "run": _run,
            "init": _init,
            "keygen": _keygen,
            "verify": _verify,
            "key": _key,
            "run-example": _example,
            "pricing": _pricing,
        }[args.verb](args)
    except Diverged as error:
        raise ValueError(f"{error}{ANOTHER_LAW}") from error
    except FAULTS as error:
        raise ValueError(str(error)) from error


def _pricing(args: Any) -> int:
    desk = "calibration_desk" if args.what in ASKED else "pricing_command"
    return int(import_module(f"{OURS}.{desk}").run(args))


def _serve() -> Any:
    return import_module(f"{OURS}.serve")


def _run(args: Any) -> int:
    serve = _serve()
    if not is_house(args.dir):
        serve.init_house(args.dir, production=False)
    serve.run_house(args.dir, args.port, args.door_port)
    return 0


def _init(args: Any) -> int:
    if not args.production:
        if args.operator:
            raise ValueError("--operator: a demonstration brings its own; add --production")
        _serve().init_house(args.dir, production=False)
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
    books = import_module(f"{OURS}.books_desk").Books()
    report = verify(args.dir, books.take)
    books.close(report.records)
    report.faults += books.faults()
    for line in (*report.notices, *report.faults):
        print(line)
    print(
        f"{report.batches} batches to number {report.number}, {report.snapshots} snapshots, "
        f"state hash {report.state_hash}"
    )
    whole = "sound: chain, replay, snapshots, ledger, positions, statements"
    print("FAULTY" if report.faults else whole)
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
            name = keys.admit(args.actor, read_public(args.public), scopes, networks)
            print(json.dumps({"key": name, "actor": args.actor}))
            return 0
        if args.file and args.file.exists():
            raise ValueError(f"--file: expected a new file, found {args.file}")
        key = keys.create(args.actor, scopes, networks)
    finally:
        keys.close()
    content = {"key": key.key, "secret": key.secret, "actor": args.actor}
    if args.file:
        write_secret(args.file, content)
        del content["secret"]
    print(json.dumps(content))
    return 0


def _example(args: Any) -> int:
    return int(import_module(STUDIES[args.name]).main(args.rest))
