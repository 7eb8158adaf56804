"""Connector: reads the GCP price history file and returns evidence; nothing else here reads
files.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as parquet

from lasalle.indices.method import METHOD, FixingError, Observation, decimal_price

_COLUMNS = ["date", "cloud", "region", "machine_type", "spot_usd_per_gpu_hour", "flags"]


def gcp_history(path: Path) -> tuple[Observation, ...]:
    """Evidence of index H100-US in the file: spot, us-central1, `a3-highgpu-8g`, rows without
    marks.
    """
    try:
        rows = parquet.read_table(
            path,
            columns=_COLUMNS,
            filters=[
                ("cloud", "=", "gcp"),
                ("region", "=", "us-central1"),
                ("machine_type", "=", "a3-highgpu-8g"),
            ],
        ).to_pylist()
    except KeyError as error:
        raise FixingError("columns", ", ".join(_COLUMNS), str(error)) from error
    return tuple(
        Observation(
            day=row["date"].date(),
            evidence=METHOD.source,
            usd_per_gpu_hour=decimal_price(row["spot_usd_per_gpu_hour"]),
        )
        for row in rows
        if not row["flags"] and row["spot_usd_per_gpu_hour"]
    )
