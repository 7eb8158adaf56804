"""Sources that are files on this machine: published histories, and anyone's own prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from lasalle.indices.sources import (
    Reading,
    SourceError,
    Unreachable,
    aws_panel_evidence,
    gcp_history_evidence,
    plain_evidence,
    prime_history_evidence,
    token_evidence,
)

A_FILE = "a file"
"""What `Source.live` says of a source that is a file."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A source that is one Parquet or CSV file, read when asked."""

    name: str
    origin: str
    licence: str
    path: Path
    evidence: Callable[..., Reading]
    live: str = A_FILE

    def reading(self, since: int, until: int) -> Reading:
        """Rows of the window and what was refused; `Unreachable` where the file is absent."""
        if not self.path.is_file():
            raise Unreachable(f"{self.name}: expected the file {self.path}, found none")
        return self.evidence(
            _table(self.path, self.name), since, until, source=self.name, reference=self.path.name
        )

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`."""
        return self.reading(since, until).evidence


def _table(path: Path, name: str) -> arrow.Table:
    try:
        return csv.read_csv(path) if path.suffix == ".csv" else parquet.read_table(path)
    except (arrow.ArrowException, OSError) as error:
        raise SourceError(f"{name}: {path.name}", "a CSV or Parquet file", str(error)) from error


_HISTORIES: tuple[tuple[str, str, str, str, Any], ...] = (
    (
        "gcp-history",
        "gpu_prices/gcp_gpu_prices_2022_2026.parquet",
        "Google Cloud prices kept by Cyclenerd/google-cloud-pricing-cost-calculator on GitHub",
        "Apache-2.0",
        gcp_history_evidence,
    ),
    (
        "aws-panel",
        "gpu_prices/aws_gpu_daily_panel_2022_2024.parquet",
        "AWS prices by zone and day, from the history of the SkyPilot catalogue on GitHub",
        "none stated: for measuring only",
        aws_panel_evidence,
    ),
    (
        "prime-history",
        "gpu_prices/prime_marketplace_30min_by_provider_2025.parquet",
        "Prime Intellect marketplace, kept by tugot17/gpu-price-tracker on GitHub",
        "MIT",
        prime_history_evidence,
    ),
)


_TOKEN_FILE = "llm_prices/llm_token_price_events.parquet"
_TOKEN_KEEPERS = (
    ("tokens-tokencost", "tokencost_git", "AgentOps-AI/tokencost on GitHub", "MIT", "2025-09-01"),
    ("tokens-genai", "genai_prices_git", "pydantic/genai-prices on GitHub", "MIT", "2026-07-25"),
    ("tokens-model", "model_prices_pypi_0.0.5", "model-prices 0.0.5 on PyPI", "MIT", "2026-10-26"),
    (
        "tokens-metergraph",
        "metergraph_core_pypi_0.7.4",
        "metergraph-core 0.7.4 on PyPI",
        "Apache-2.0",
        "2026-10-21",
    ),
)
"""Name, name in the file, publisher, licence, last day the keeper looked."""


def file_sources(folder: Path) -> tuple[FileSource, ...]:
    """The published histories under a folder of prices; a file that is absent says so when read."""
    clouds = [
        FileSource(name, origin, licence, folder / path, evidence)
        for name, path, origin, licence, evidence in _HISTORIES
    ]
    tokens = [
        FileSource(
            name,
            origin,
            licence,
            folder / _TOKEN_FILE,
            partial(token_evidence, keeper=keeper, looked_until=_end_of(last)),
        )
        for name, keeper, origin, licence, last in _TOKEN_KEEPERS
    ]
    return (*clouds, *tokens)


def _end_of(day: str) -> int:
    """The last nanosecond of a date, UTC, and one."""
    after = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
    return int(after.timestamp()) * 1_000_000_000


def plain_file(path: Path, name: str = "", licence: str = "as its owner says") -> FileSource:
    """A file in the columns of `plain_evidence`."""
    return FileSource(name or f"file-{path.stem}", str(path), licence, path, plain_evidence)
