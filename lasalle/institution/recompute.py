"""`lasalle index recompute` of version 1: any fixing anew from its inputs, bit for bit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lasalle import wire
from lasalle.contracts import numbered_day
from lasalle.indices import (
    Dated,
    Fixing,
    MeanMethod,
    MethodError,
    NoFix,
    Observation,
    canonical_inputs,
    fixing_history,
    method_of,
    parse_inputs,
)
from lasalle.indices.gcp_history import gcp_history
from lasalle.institution.evidence import MARKET_FILE, loader_of
from lasalle.institution.families import WIDE, Family, index_names, load_families, under
from lasalle.institution.index_store import FOLDER as INDICES
from lasalle.institution.index_store import IndexStore
from lasalle.institution.settings import PRICES
from lasalle.venue import Journal
from lasalle.venue.disk import FolderDisk

Recomputed = Callable[[date], Iterable[Dated]]
"""Dates of an index anew, fixed or not, up to a date."""
Sealed = wire.PublishFixing | wire.DeclareNoFix
"""What a journal has of a date in its turn."""


def sealed_fixings(folder: Path) -> dict[int, list[Sealed]]:
    """Dates, fixed or not, in the journal of a house by number of their index, in their order."""
    if not (folder / "journal").is_dir():
        raise ValueError(f"--against: expected a folder with a journal, found {folder}")
    journal = Journal(FolderDisk(folder / "journal", read_only=True), read_only=True)
    found: dict[int, list[Sealed]] = {}
    for batch in journal.batches():
        for _, command in wire.read_frames(batch.frames):
            if isinstance(command, Sealed):
                found.setdefault(command.index, []).append(command)
    return found


def difference(sealed: Sealed, anew: Dated | None) -> str:
    """What parts a sealed date from the recomputed one; empty when every bit agrees."""
    if anew is None:
        return f"{sealed.day}: no evidence reaches this date"
    pairs: tuple[tuple[str, Any, Any], ...] = ()
    if isinstance(sealed, wire.PublishFixing) and isinstance(anew, Fixing):
        pairs = (
            ("price", sealed.price, anew.price_micro_dollars),
            ("carried", bool(sealed.carried), anew.carried),
            ("simulated", bool(sealed.simulated), anew.simulated),
        )
    else:
        pairs = (("fixing", _reason(sealed), _reason(anew)),)
    pairs += (
        ("method", sealed.method, anew.method_version),
        ("inputs", sealed.inputs.hex(), anew.input_sha256 or bytes(32).hex()),
    )
    wrong = [f"{name} sealed {old}, recomputed {new}" for name, old, new in pairs if old != new]
    return f"{sealed.day}: {'; '.join(wrong)}" if wrong else ""


def _reason(of: Sealed | Dated) -> str:
    """A date in words: its price, or why it has none."""
    if isinstance(of, wire.PublishFixing):
        return str(of.price)
    if isinstance(of, Fixing):
        return str(of.price_micro_dollars)
    reason = of.reason if isinstance(of, NoFix) else of.reason.name.lower()
    return f"none ({reason})"


def _of_a_table(sealed: Sealed, anew: Mapping[date, Dated]) -> bool:
    """Whether a sealed price differs although its inputs and the version of its method do not: what
    another table of numbers gives, or a bent price."""
    made = anew.get(numbered_day(sealed.day))
    return (
        isinstance(sealed, wire.PublishFixing)
        and isinstance(made, Fixing)
        and sealed.price != made.price_micro_dollars
        and (sealed.method, sealed.inputs.hex()) == (made.method_version, made.input_sha256)
    )


def _table_told(folder: Path, name: str, differing: Sequence[Sealed]) -> str:
    """Under which table of the method differing prices were fixed, and which one is here."""
    if not differing:
        return ""
    version = differing[0].method
    try:
        here = method_of(name, version).sha256
    except MethodError:
        return ""
    days = {numbered_day(one.day).isoformat() for one in differing}
    rows = IndexStore(folder / INDICES).record(name).rows
    named = {r.fixing["method_sha256"] for r in rows if r.fixing["day"] in days} - {here}
    told = (
        f"{name}: the {len(differing)} with another price bear the very inputs found here. "
        f"The table of method v{version} here is {here}; "
    )
    if named:
        return told + f"they were fixed under {', '.join(sorted(named))}: another table"
    return told + (
        "an older table of that version gives other prices as well, and the log names versions "
        "alone: compare method_sha256 in a bundle of that time"
    )


def _other_evidence(name: str, sealed: Sequence[Sealed], anew: Mapping[date, Dated]) -> str:
    """Says that made-up evidence is compared with observed one, or the other way about: then no
    price can agree, and none is accused by it."""
    parted = 0
    for one in sealed:
        made = anew.get(numbered_day(one.day))
        if isinstance(one, wire.PublishFixing) and isinstance(made, Fixing):
            parted += bool(one.simulated) is not made.simulated
    if not parted:
        return ""
    return (
        f"{name}: {parted} dates are compared with evidence of another kind, simulated beside "
        "observed: give the prices the house had, or check its bundles one by one (--bundle)"
    )


def compare(folder: Path, recomputed: Mapping[int, Recomputed], names: Mapping[int, str]) -> int:
    """Prints every sealed fixing that differs, index by index; 0 when none does. An index of the
    journal that nothing here recomputes is named, and counts as wrong.
    """
    sealed = sealed_fixings(folder)
    if not sealed:
        raise ValueError(f"--against: expected fixings in the journal of {folder}, found none")
    faults = 0
    for index, commands in sorted(sealed.items()):
        name = names.get(index, f"index {index}")
        if index not in recomputed:
            print(f"{name}: {len(commands)} fixings sealed, and no evidence of it is at hand")
            faults += 1
            continue
        last = max(numbered_day(command.day) for command in commands)
        anew = {f.day: f for f in recomputed[index](last)}
        wrong = [w for c in commands if (w := difference(c, anew.get(numbered_day(c.day))))]
        for line in wrong:
            print(f"{name} {line}")
        if table := _table_told(folder, name, [c for c in commands if _of_a_table(c, anew)]):
            print(table)
        if other := _other_evidence(name, commands, anew):
            print(other)
        agree = len(commands) - len(wrong)
        print(f"{name}: {len(commands)} fixings sealed, {agree} agree bit for bit")
        faults += len(wrong)
    return 1 if faults else 0


def loaded(
    prices: Path | None,
    sealed: Mapping[int, Sequence[Sealed]] | None = None,
    store: IndexStore | None = None,
) -> dict[int, Recomputed]:
    """Fixings of every family of a demonstration anew from the files in a folder of prices, under
    the versions of their methods that are sealed; `store` has what was adopted.
    """

    def of(family: Family) -> Recomputed:
        return lambda last: loader_of(family, prices, store)(last)[0]

    versions = {index: rows[-1].method for index, rows in (sealed or {}).items()}
    return {f.index: of(f) for f in under(load_families(WIDE), versions)}


def show(fixing: Fixing, observations: Sequence[Observation], method: MeanMethod) -> None:
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
        "inputs": canonical_inputs(used, method.identity).decode("ascii"),
    }
    print(json.dumps(value, indent=2))


def run(args: argparse.Namespace) -> int:
    """0 when what was asked agrees, 1 when a sealed fixing differs."""
    path = (args.prices or PRICES) / "gpu_prices" / MARKET_FILE
    if args.against and not args.inputs:
        # Where no history lies here a demonstration made its evidence up, and so does this.
        if args.prices and not path.exists():
            raise ValueError(f"--prices: expected {path}, found nothing; or give --inputs")
        store = IndexStore(args.against / INDICES)
        own = loaded(args.prices or PRICES, sealed_fixings(args.against), store)
        return compare(args.against, own, index_names())
    given = args.inputs.read_bytes() if args.inputs else b""
    method = mean_of(args.index, given)
    if not args.inputs and not path.exists():
        raise ValueError(f"--prices: expected {path}, found nothing; or give --inputs")
    observations = parse_inputs(given, method.identity) if given else gcp_history(path)
    if args.against:
        one: dict[int, Recomputed] = {
            method.number: lambda last: fixing_history(observations, last, method.identity)
        }
        return compare(args.against, one, index_names())
    made = fixing_history(observations, args.day, method.identity)
    found = {f.day: f for f in made}.get(args.day)
    if found is None:
        raise ValueError(f"--day: expected a date with evidence on or before it, found {args.day}")
    show(found, observations, method)
    return 0


def mean_of(index: str, inputs: bytes = b"") -> MeanMethod:
    """An index that is a mean, or its version 1 where published inputs name that. Raises ValueError
    for another.
    """
    method = method_of(index, 1 if inputs.startswith(f"{index} v1\n".encode()) else 0)
    if not isinstance(method, MeanMethod):
        raise ValueError(f"--bundle: expected the bundle of a date of {index}, found none")
    return method
