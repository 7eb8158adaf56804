"""What is published of AWS spot, as the rows that availability is fitted to."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from lasalle.institution.calibration_histories import folder, read
from lasalle.institution.calibration_report import estimate_rows
from lasalle.pricing.processes.zones_fit import (
    CANNOT,
    TAKEN,
    Bands,
    Zones,
    carried_over,
    fit_zones,
    held_out,
)

PANEL = "gpu_prices/aws_gpu_daily_panel_2022_2024.parquet"
ADVISOR = "gpu_prices/aws_spot_advisor_gpu.csv"
SNAPSHOTS = (date(2021, 2, 10), date(2025, 6, 28))
BOUNDS = {
    "<5%": (0.0, 0.05), "5-10%": (0.05, 0.10), "10-15%": (0.10, 0.15), "15-20%": (0.15, 0.20),
    ">20%": (0.20, 1.0),
}  # fmt: skip
GPUS: dict[str, dict[str, int]] = {
    "g3": {"4xlarge": 1, "8xlarge": 2, "16xlarge": 4},
    "g3s": {"xlarge": 1},
    "g4ad": {"xlarge": 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 2, "16xlarge": 4},
    "g4dn": {
        "xlarge": 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1, "12xlarge": 4,
        "metal": 8,
    },
    **{
        name: {
            "xlarge": 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1, "12xlarge": 4,
            "24xlarge": 4, "48xlarge": 8,
        }
        for name in ("g5", "g6", "g6e")
    },
    "p2": {"xlarge": 1, "8xlarge": 8, "16xlarge": 16},
    "p3": {"2xlarge": 1, "8xlarge": 4, "16xlarge": 8},
    "p3dn": {"24xlarge": 8},
    "p4d": {"24xlarge": 8},
    "p4de": {"24xlarge": 8},
    "p5": {"48xlarge": 8},
    "p5en": {"48xlarge": 8},
}  # fmt: skip
"""Accelerators of a machine, by family and size, as AWS describes its instance types."""


def gpus(machine: str) -> int:
    """Accelerators of a machine; 0 of one that is not known, or has none of the kind."""
    family, _, size = machine.partition(".")
    return GPUS.get(family, {}).get(size, 0)


def bands(prices: Path | None, snapshot: date) -> Bands:
    """Interruptions of a snapshot, by region and machine whose accelerators are known."""
    rows = [
        (*BOUNDS[r["interruption_range"]], 1.0 - r["savings_pct_vs_od"] / 100.0,
         gpus(r["instance_type"]), r["region"])
        for r in read(prices, ADVISOR)
        if r["snapshot"] == snapshot and gpus(r["instance_type"])
    ]  # fmt: skip
    if not rows:
        raise ValueError(f"snapshot: expected one with rows, found {snapshot}")
    low, high, ratio, count, region = zip(*rows, strict=True)
    number = {name: n for n, name in enumerate(sorted(set(region)))}
    return Bands(
        np.array(low),
        np.array(high),
        np.log(np.maximum(np.array(ratio), 0.01)),
        np.log2(np.array(count, float)),
        np.array([number[name] for name in region], float),
    )


def zones(prices: Path | None) -> Zones:
    """Zones and machines of the panel; each by its first day, and the days until a price came."""
    path = folder(prices) / PANEL
    if not path.is_file():
        raise ValueError(f"--prices: expected {PANEL} under {folder(prices)}, found none")
    table = parquet.read_table(path)
    for name in ("instance_type", "region", "zone"):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, compute.cast(table[name], "string"))
    ratio = compute.divide(table["spot_usd_per_gpu_hour"], table["on_demand_usd_per_gpu_hour"])
    offered = table.append_column("ratio", ratio)
    offered = offered.filter(compute.is_valid(offered["spot_usd_per_gpu_hour"]))
    keys = ["instance_type", "region", "zone"]
    told = offered.group_by(keys[:2]).aggregate([("ratio", "approximate_median")])
    price = {
        (row["instance_type"], row["region"]): math.log(row["ratio_approximate_median"])
        for row in told.to_pylist()
        if row["ratio_approximate_median"]
    }
    began = {
        (row["instance_type"], row["zone"]): row["date_min"]
        for row in offered.group_by(keys).aggregate([("date", "min")]).to_pylist()
    }
    spans = table.group_by(keys).aggregate([("date", "min"), ("date", "max")]).to_pylist()
    number = {name: n for n, name in enumerate(sorted({row["zone"] for row in spans}))}
    rows = []
    for row in sorted(spans, key=lambda one: (one["instance_type"], one["zone"])):
        machine, zone = row["instance_type"], row["zone"]
        first = began.get((machine, zone))
        waited = ((first or row["date_max"]) - row["date_min"]).days + (first is None)
        rows.append(
            (
                float(waited > 0),
                price.get((machine, row["region"]), math.nan),
                math.log2(max(gpus(machine), 1)),
                float(waited),
                float(first is not None and waited > 0),
                float(number[zone]),
            )
        )
    return Zones(*(np.array(column, float) for column in zip(*rows, strict=True)))


def aws_rows(prices: Path | None) -> list[str]:
    """What AWS says of availability, as lines of a page; where its files are absent, that."""
    absent = [name for name in (PANEL, ADVISOR) if not (folder(prices) / name).is_file()]
    if absent:
        return ["", f"AWS is left out: {' and '.join(absent)} are not there."]
    panel = zones(prices)
    lines = ["", "## AWS spot: zones without a price, and what is taken away", ""]
    for day in SNAPSHOTS:
        seen = bands(prices, day)
        fitted = fit_zones(seen, panel, day)
        gain, error = held_out(seen)
        rows = fitted.estimates if day == SNAPSHOTS[0] else fitted.estimates[: len(TAKEN)]
        lines += [
            f"Bands of {day}, {len(seen.low)} regions and machines:",
            "",
            *estimate_rows(rows),
        ]
        chances = ", ".join(
            f"{name} at {share:.0%} of on demand {fitted.taken(math.log(share), count):.0%}"
            for name, count in (("one GPU", 1.0), ("eight", 8.0))
            for share in (0.3, 0.6)
        )
        lines += [
            "",
            f"Taken within a month, the middle machine: {chances}. In regions left out a row scores"
            f" {gain:+.3f} ({error:.3f}) over shares of bands alone.",
            "",
        ]
    first, second = (bands(prices, day) for day in SNAPSHOTS)
    carried, error = carried_over(first, second)
    lines.append(
        f"The fit of {SNAPSHOTS[0]} scores {carried:+.3f} ({error:.3f}) on {SNAPSHOTS[1]} over the"
        " earlier shares alone: what was told four years before does not hold."
        if carried < 0
        else f"The fit of {SNAPSHOTS[0]} scores {carried:+.3f} ({error:.3f}) on {SNAPSHOTS[1]}."
    )
    return [*lines, "", "These data cannot tell:", "", *(f"- {one}" for one in CANNOT)]
