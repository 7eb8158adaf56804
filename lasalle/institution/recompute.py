"""`lasalle index recompute` of version 1: any fixing anew from its inputs, bit for bit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from lasalle import wire
from lasalle.contracts import numbered_day
from lasalle.indices import (
    INDEX,
    Fixing,
    Observation,
    canonical_inputs,
    fixing_history,
    parse_inputs,
)
from lasalle.indices.gcp_history import gcp_history
from lasalle.institution.estimates import MARKET_FILE, PRICES
from lasalle.venue import Journal
from lasalle.venue.disk import FolderDisk


def sealed_fixings(folder: Path) -> list[wire.PublishFixing]:
    """Fixings of the index in the journal of a house, in order of their dates."""
    if not (folder / "journal").is_dir():
        raise ValueError(f"--against: expected a folder with a journal, found {folder}")
    journal = Journal(FolderDisk(folder / "journal", read_only=True), read_only=True)
    return [
        command
        for batch in journal.batches()
        for _, command in wire.read_frames(batch.frames)
        if isinstance(command, wire.PublishFixing) and command.index == INDEX
    ]


def difference(sealed: wire.PublishFixing, fixing: Fixing | None) -> str:
    """What parts a sealed fixing from the recomputed one; empty when every bit agrees."""
    if fixing is None:
        return f"{sealed.day}: no evidence reaches this date"
    pairs = (
        ("price", sealed.price, fixing.price_micro_dollars),
        ("carried", bool(sealed.carried), fixing.carried),
        ("simulated", bool(sealed.simulated), fixing.simulated),
        ("method", sealed.method, fixing.method_version),
        ("inputs", sealed.inputs.hex(), fixing.input_sha256),
    )
    wrong = [f"{name} sealed {old}, recomputed {anew}" for name, old, anew in pairs if old != anew]
    return f"{sealed.day}: {'; '.join(wrong)}" if wrong else ""


def compare(folder: Path, observations: Sequence[Observation]) -> int:
    """Prints every sealed fixing that differs; 0 when none does."""
    sealed = sealed_fixings(folder)
    if not sealed:
        raise ValueError(f"--against: expected fixings in the journal of {folder}, found none")
    last = max(numbered_day(command.day) for command in sealed)
    last = max(last, max(o.day for o in observations))
    anew = {f.day: f for f in fixing_history(observations, last)}
    wrong = [
        w for command in sealed if (w := difference(command, anew.get(numbered_day(command.day))))
    ]
    for line in wrong:
        print(line)
    print(f"{len(sealed)} fixings sealed, {len(sealed) - len(wrong)} agree bit for bit")
    return 1 if wrong else 0


def show(fixing: Fixing, observations: Sequence[Observation]) -> None:
    """A fixing as JSON with the inputs its digest is taken over."""
    used = [o for o in observations if o.day == fixing.evidence_day]
    value = {
        "day": fixing.day.isoformat(),
        "price_micro_dollars": fixing.price_micro_dollars,
        "carried": fixing.carried,
        "evidence_day": fixing.evidence_day.isoformat(),
        "simulated": fixing.simulated,
        "method_version": fixing.method_version,
        "input_sha256": fixing.input_sha256,
        "inputs": canonical_inputs(used).decode("ascii"),
    }
    print(json.dumps(value, indent=2))


def run(args: argparse.Namespace) -> int:
    """0 when what was asked agrees, 1 when a sealed fixing differs."""
    if args.inputs:
        observations = parse_inputs(args.inputs.read_bytes())
    else:
        path = (args.prices or PRICES) / "gpu_prices" / MARKET_FILE
        if not path.exists():
            raise ValueError(f"--prices: expected {path}, found nothing; or give --inputs")
        observations = gcp_history(path)
    if args.against:
        return compare(args.against, observations)
    found = {f.day: f for f in fixing_history(observations, args.day)}.get(args.day)
    if found is None:
        raise ValueError(f"--day: expected a date with evidence on or before it, found {args.day}")
    show(found, observations)
    return 0
