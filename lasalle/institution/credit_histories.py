"""Price histories of files, as series the residual curve is fitted to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from lasalle.credit.model import CreditError
from lasalle.credit.residual import Decline, Slope, matched_slope, pooled

GCP = "gcp_gpu_prices_2022_2026.parquet"
AWS = "aws_gpu_daily_panel_2022_2024.parquet"
SPOT = "spot_usd_per_gpu_hour"
Series = dict[str, dict[Any, dict[float, float]]]


def _years(day: datetime) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _spot(path: Path, offer: tuple[str, str]) -> Series:
    """Spot by accelerator and offer; rows that are flagged, or without a price, are left out."""
    if not path.exists():
        raise CreditError(f"--prices: expected {path.name}, found nothing at {path}")
    file = parquet.ParquetFile(path)
    names = ["date", "accelerator", *offer, SPOT]
    if "flags" in file.schema_arrow.names:
        names.append("flags")
    found: Series = defaultdict(lambda: defaultdict(dict))
    for row in file.read(columns=names).to_pylist():
        if row[SPOT] and not row.get("flags"):
            key = (row[offer[0]], row[offer[1]])
            found[row["accelerator"]][key][_years(row["date"])] = row[SPOT]
    return found


def spot_slopes(folder: Path) -> tuple[Slope, ...]:
    """How fast spot of each accelerator fell in each source."""
    found = []
    for source, name, offer in (
        ("gcp", GCP, ("region", "machine_type")),
        ("aws", AWS, ("zone", "instance_type")),
    ):
        for model, series in sorted(_spot(folder / name, offer).items()):
            rows = {key: sorted(prices.items()) for key, prices in series.items()}
            slope = matched_slope(model, source, rows)
            if slope is not None:
                found.append(slope)
    return tuple(found)


def fit_declines(folder: Path) -> tuple[Sequence[Slope], Decline]:
    """Every slope, and the decline over all of them."""
    slopes = spot_slopes(folder)
    return slopes, pooled(slopes)
