"""`lasalle curve`: a published curve of a served house, and any curve anew from its inputs."""

from __future__ import annotations

import argparse
import json
from typing import Any

from lasalle.client import Asking, Client
from lasalle.gateway.curves import curve_row
from lasalle.indices.curve import Curve, Repriced
from lasalle.indices.curve_chart import curve_chart
from lasalle.indices.curve_file import StoredCurve, differences, read_curve
from lasalle.indices.curve_fit import recompute_curve

PARQUET = b"PAR1"


def run(args: argparse.Namespace) -> int:
    """0 when the curve made here agrees with the stored or published one, 1 when a bit differs."""
    return _show(args) if args.what == "show" else _build(args)


def _show(args: argparse.Namespace) -> int:
    query = f"?day={args.day}" if args.day else ""
    path = f"/v1/curves/{args.index}{query}"
    found: dict[str, Any] = Client(args.at).ask(Asking("GET", path, dict[str, Any]))
    made = recompute_curve(found["inputs"].encode("ascii"))
    told = [(row["month"], row["forward_micro_dollars"]) for row in found["months"]]
    anew = [(row.month.number, row.forward) for row in made.months]
    wrong = [
        f"{month}: published {was}, recomputed {now}"
        for (month, was), (_, now) in zip(told, anew, strict=True)
        if was != now
    ]
    if args.inputs:
        args.inputs.write_bytes(made.inputs)
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        _print(made)
    return _close(args, made, wrong, "published")


def _build(args: argparse.Namespace) -> int:
    content = args.file.read_bytes()
    if content[:4] == PARQUET:
        stored = read_curve(content)
        made, wrong = stored.curve, differences(stored.curve)
    else:
        stored, wrong = StoredCurve(recompute_curve(content), 0), []
        made = stored.curve
    if args.json:
        print(json.dumps(curve_row(stored, 0), indent=2))
    else:
        _print(made)
    return _close(args, made, wrong, "stored" if content[:4] == PARQUET else "")


def _print(made: Curve) -> None:
    print(f"{made.index}  {made.day}  method {made.method}  inputs {made.input_sha256}")
    print(f"{'month':<8}{'USD per unit':>14}{'low':>12}{'high':>12}  place")
    for row in made.months:
        prices = (row.forward / 1e6, row.low / 1e6, row.high / 1e6)
        forward, low, high = (f"{price:.6f}" for price in prices)
        print(f"{row.month!s:<8}{forward:>14}{low:>12}{high:>12}  {row.place.name.lower()}")
    counts = {
        held: sum(one.held is held for one in made.repricings)
        for held in (Repriced.EXACT, Repriced.INSIDE)
    }
    print(
        f"{len(made.repricings)} inputs: {counts[Repriced.EXACT]} repriced to a tenth of a tick, "
        f"{counts[Repriced.INSIDE]} inside bid and ask, {len(made.inconsistent)} inconsistent"
    )
    for one in made.inconsistent:
        print(f"  {one.said()}")


def _close(args: argparse.Namespace, made: Curve, wrong: list[str], word: str) -> int:
    for line in wrong:
        print(line)
    if word and not args.json:
        agrees = "differs from" if wrong else "agrees bit for bit with"
        print(f"made anew here, it {agrees} the {word} one")
    if args.png:
        args.png.write_bytes(curve_chart(made))
    return 1 if wrong else 0
