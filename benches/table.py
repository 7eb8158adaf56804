"""One form for every measurement: rows, the table on the screen and benches/latest.json."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import benches

LATEST = Path(__file__).parent / "latest.json"
# Modules of this folder that measure nothing themselves.
FURNITURE = frozenset({"__main__", "table", "workload"})
# The order of the table; a bench not named here follows, by name.
ORDER = (
    "plain_core",
    "matching",
    "whole_core",
    "margin",
    "durable",
    "recovery",
    "gateway",
    "first_page",
    "curve",
    "indices",
    "pricing",
    "swing",
    "planner",
    "delivery",
    "metering",
    "credit",
)


class Row(TypedDict):
    """One figure, and the peer's beside it from the same run.

    `name` says what was measured, `unit` in what, `command` how to measure it again. `ratio` is
    value / peer_value. `taken` says which of several runs is told (best of 5, median of 7) and on
    whose clock. A peer that could not be measured is named with its `reason` and no value.
    """

    name: str
    value: float
    unit: str
    peer: str | None
    peer_value: float | None
    ratio: float | None
    command: str
    taken: NotRequired[str]
    reason: NotRequired[str]


MAY = frozenset({"taken", "reason"})
MUST = frozenset(Row.__annotations__) - MAY


def row(
    name: str,
    value: float,
    unit: str,
    *,
    command: str,
    taken: str,
    peer: str | None = None,
    peer_value: float | None = None,
    reason: str = "",
) -> Row:
    """A row whose ratio follows from its figures."""
    made = Row(
        name=name,
        value=value,
        unit=unit,
        peer=peer,
        peer_value=peer_value,
        ratio=round(value / peer_value, 3) if peer_value else None,
        command=command,
        taken=taken,
    )
    if reason:
        made["reason"] = reason
    return made


def names() -> list[str]:
    """Every bench of this folder, in the order of the table."""
    found = {one.name for one in pkgutil.iter_modules(benches.__path__)} - FURNITURE
    placed = {name: place for place, name in enumerate(ORDER)}
    return sorted(found, key=lambda name: (placed.get(name, len(ORDER)), name))


def measured(name: str) -> list[Row]:
    """The rows of one bench."""
    found: list[Row] = importlib.import_module(f"benches.{name}").rows()
    return found


def machine() -> dict[str, Any]:
    """What a figure depends on and a reader cannot see: cores, load and the hour (UTC)."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "load": round(os.getloadavg()[0], 2),
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def faults(latest: Any) -> list[str]:
    """What is wrong with the form of a file of measurements."""
    found = []
    for name, bench in latest.items():
        if not {"cores", "load", "measured"} <= bench["machine"].keys():
            found.append(f"{name}: expected the machine's cores, load and hour")
        for one in bench["rows"]:
            found += [f"{name}, {one.get('name')}: {said}" for said in _row_faults(one)]
    return found


def _row_faults(one: dict[str, Any]) -> list[str]:
    found = [f"no {word}" for word in sorted(MUST - one.keys())]
    found += [f"a word too many: {word}" for word in sorted(one.keys() - MUST - MAY)]
    if found:
        return found
    if not isinstance(one["value"], int | float):
        found.append("expected a number as value")
    if one["peer_value"] and abs(one["ratio"] - one["value"] / one["peer_value"]) > 0.01 + (
        0.01 * one["ratio"]
    ):
        found.append(f"ratio {one['ratio']} is not value / peer_value")
    if one["peer"] and one["peer_value"] is None and not one.get("reason"):
        found.append(f"{one['peer']} has no figure and no reason")
    return found


def read() -> dict[str, Any]:
    """Measurements by bench, as last written; nothing where no file stands."""
    found: dict[str, Any] = {}
    for one in json.loads(LATEST.read_text()) if LATEST.exists() else []:
        bench = found.setdefault(one.pop("bench"), {"machine": one["machine"], "rows": []})
        del one["machine"]
        bench["rows"].append(one)
    return found


def write(chosen: dict[str, Any]) -> None:
    """Replace the rows of the benches just measured and keep the others. The file is one list of
    rows; each names its bench and the machine it was measured on."""
    kept = {**read(), **chosen}
    told = [
        {**one, "bench": name, "machine": kept[name]["machine"]}
        for name in names()
        if name in kept
        for one in kept[name]["rows"]
    ]
    LATEST.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def figure(value: float | None) -> str:
    """A number as one reads it: whole when large, three digits after the point when small."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == int(value) else f"{value:,.3f}"


def lines(name: str, bench: dict[str, Any]) -> Iterable[str]:
    """The table of one bench."""
    facts = bench["machine"]
    yield (
        f"{name}  ({facts['cores']} cores, load {facts['load']}, {facts['measured']} UTC, "
        f"{facts['processor']})"
    )
    for one in bench["rows"]:
        text = f"  {one['name']:<58}{figure(one['value']):>14} {one['unit']:<14}"
        if one["peer"]:
            beside = one.get("reason") or f"{figure(one['peer_value'])}, ratio {one['ratio']:g}"
            text += f" {one['peer']}: {beside}"
        if one.get("taken"):
            text += f"  [{one['taken']}]"
        yield text
