"""Histories of files: prices the residual curve is fitted to, lifetimes forecasts are tested on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as compute
import pyarrow.parquet as parquet

from lasalle.credit.lifetimes import LAWS, BackTest, Lifetime, back_test
from lasalle.credit.model import CreditError
from lasalle.credit.pools import PoolTest, pool_test
from lasalle.credit.residual import Decline, Slope, matched_slope, pooled
from lasalle.institution.named_file import text_of

GCP = "gcp_gpu_prices_2022_2026.parquet"
AWS = "aws_gpu_daily_panel_2022_2024.parquet"
DAYS_A_YEAR = 365.25
MOST_LIFETIMES_BYTES = 1 << 26
SPOT = "spot_usd_per_gpu_hour"
Offers = dict[int, np.ndarray[tuple[int, int], np.dtype[np.float64]]]


def _spot(path: Path, offer: tuple[str, str]) -> dict[str, Offers]:
    """Spot by accelerator and offer, as years and prices; rows that are flagged, or without a
    price, are left out."""
    if not path.exists():
        raise CreditError(f"--prices: expected {path.name}, found nothing at {path}")
    file = parquet.ParquetFile(path)
    flagged = "flags" in file.schema_arrow.names
    table = file.read(columns=["date", "accelerator", *offer, SPOT, *(["flags"] * flagged)])
    keep = compute.greater(compute.fill_null(table[SPOT], 0.0), 0.0)
    if flagged:
        keep = compute.and_(keep, compute.equal(compute.fill_null(table["flags"], ""), ""))
    table = table.filter(keep)
    day = table["date"].cast("timestamp[s]").cast("int64").to_numpy() / 86_400
    rows = np.column_stack([1970 + day / DAYS_A_YEAR, table[SPOT].to_numpy()])
    joined = compute.binary_join_element_wise(*(table[n].cast("string") for n in offer), "/")
    offers, models = (_coded(column) for column in (joined, table["accelerator"]))
    found: dict[str, Offers] = {}
    order = np.lexsort((rows[:, 0], offers[0], models[0]))
    keys = models[0][order] * (len(offers[1]) + 1) + offers[0][order]
    for part in np.split(order, np.nonzero(np.diff(keys))[0] + 1):
        model = str(models[1][models[0][part[0]]])
        found.setdefault(model, {})[int(offers[0][part[0]])] = rows[part]
    return found


def _coded(column: Any) -> tuple[np.ndarray[Any, np.dtype[np.int64]], list[Any]]:
    """A column as numbers, and what they stand for."""
    coded = column.combine_chunks().dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def spot_slopes(folder: Path) -> tuple[Slope, ...]:
    """How fast spot of each accelerator fell in each source."""
    found = []
    for source, name, offer in (
        ("gcp", GCP, ("region", "machine_type")),
        ("aws", AWS, ("zone", "instance_type")),
    ):
        for model, series in sorted(_spot(folder / name, offer).items()):
            slope = matched_slope(model, source, series)
            if slope is not None:
                found.append(slope)
    return tuple(found)


def fit_declines(folder: Path) -> tuple[Sequence[Slope], Decline]:
    """Every slope, and the decline over all of them."""
    slopes = spot_slopes(folder)
    return slopes, pooled(slopes)


HEADS = {"cloud", "created", "gpu", "zone", "preempted", "lifetime_h"}


def read_lifetimes(path: Path) -> tuple[Lifetime, ...]:
    """Lifetimes of a file, in the order they began; a pool is one kind of machine in one zone.
    Raises CreditError."""
    rows = csv.DictReader(io.StringIO(text_of(path, MOST_LIFETIMES_BYTES), newline=""))
    if not set(rows.fieldnames or ()) >= HEADS:
        raise CreditError(f"{path}: expected heads {sorted(HEADS)}, found {rows.fieldnames}")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            began = datetime.fromisoformat(row["created"]).timestamp() / 3_600
            hours = float(row["lifetime_h"])
        except ValueError as error:
            raise CreditError(f"{path}: line {number}: {error}") from None
        pool = f"{row['cloud']} {row['zone']} {row['gpu']}"
        found.append(Lifetime(began, hours, row["preempted"] == "True", pool))
    return tuple(sorted(found, key=lambda life: life.began))


def made_up_lifetimes(many: int = 120, seed: int = 7) -> tuple[Lifetime, ...]:
    """Made up: lifetimes of Weibull's law, alike in two pools, seen for 40 hours at most."""
    rng = np.random.default_rng(seed)
    began = np.sort(rng.uniform(0, 300, many))
    lasts = 12 * rng.weibull(0.8, many)
    return tuple(
        Lifetime(float(at), float(min(hours, 40.0)), bool(hours <= 40.0), f"made-up {n % 2}")
        for n, (at, hours) in enumerate(zip(began, lasts, strict=True))
    )


def lifetime_tests(lives: Sequence[Lifetime], known: float) -> dict[str, BackTest | PoolTest]:
    """Every law and the forecast by pool, tested on what began after a share had begun."""
    cut = float(np.quantile([life.began for life in lives], known))
    tests: dict[str, BackTest | PoolTest] = {name: back_test(name, lives, cut) for name in LAWS}
    tests["by pool"] = pool_test(lives, cut)
    return tests
