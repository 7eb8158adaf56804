"""Token prices that installed packages carry; both packages are optional."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module, resources
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pyarrow as arrow

from lasalle.indices.sources import Reading, SourceError, Unreachable, token_evidence

EVENT_SCHEMA = arrow.schema(
    [
        ("provider", arrow.string()),
        ("model", arrow.string()),
        ("mode", arrow.string()),
        ("observed_from", arrow.timestamp("us", tz="UTC")),
        ("input_usd_per_mtok", arrow.float64()),
        ("output_usd_per_mtok", arrow.float64()),
        ("removed", arrow.bool_()),
        ("effective_to", arrow.string()),
    ]
)


@dataclass(frozen=True)
class ModelPrices:
    """Dated prices in the snapshot of the package `model-prices`."""

    name: str = "tokens-model-prices"
    origin: str = "package model-prices on PyPI: prices of models.dev with sourced corrections"
    licence: str = "MIT"
    live: str = "the installed package"

    def reading(self, since: int, until: int) -> Reading:
        """One row a model, mode and day; nothing after the day the snapshot was taken."""
        release = _installed("model-prices", self.name)
        try:
            text = (resources.files("model_prices") / "snapshot.json").read_text(encoding="utf-8")
            snapshot = json.loads(text)
            events = list(_model_prices_events(snapshot))
            looked = _moment(snapshot["updated_at"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{self.name}: snapshot.json", "its schema 1", repr(error)) from error
        return token_evidence(
            arrow.Table.from_pylist(events, schema=EVENT_SCHEMA),
            since,
            until,
            source=self.name,
            reference=f"model-prices {release}",
            looked_until=int(looked.timestamp()) * 1_000_000_000,
        )

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`."""
        return self.reading(since, until).evidence


@dataclass(frozen=True)
class GenaiPrices:
    """Prices in the package `genai-prices`, which does not say when it looked.

    `looked` is the date its release was published, which whoever runs the source has to give: it is
    the only day its undated prices are evidence of.
    """

    looked: datetime | None = None
    name: str = "tokens-genai-prices"
    origin: str = "package genai-prices on PyPI"
    licence: str = "MIT"
    live: str = "the installed package"

    def reading(self, since: int, until: int) -> Reading:
        """One row a model on the day it looked, and one a day since a start date it tells."""
        release = _installed("genai-prices", self.name)
        if self.looked is None:
            raise Unreachable(
                f"{self.name}: the package tells no date; give the day release {release} was "
                "published"
            )
        looked = self.looked.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
        try:
            providers = import_module("genai_prices.data").providers
            events = list(_genai_events(providers, looked))
        except (AttributeError, TypeError, ValueError) as error:
            raise SourceError(
                f"{self.name}: providers", "its published form", repr(error)
            ) from error
        return token_evidence(
            arrow.Table.from_pylist(events, schema=EVENT_SCHEMA),
            since,
            until,
            source=self.name,
            reference=f"genai-prices {release}",
            looked_until=(int(looked.timestamp()) + 86_400) * 1_000_000_000,
        )

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`."""
        return self.reading(since, until).evidence


def _installed(package: str, source: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError as error:
        raise Unreachable(
            f"{source}: the package {package} is not installed (pip install {package})"
        ) from error


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _event(provider: str, model: str, mode: str, start: datetime, **prices: Any) -> dict[str, Any]:
    return {
        "provider": provider,
        "model": model,
        "mode": mode,
        "observed_from": start,
        "removed": prices["input_usd_per_mtok"] is None,
        "effective_to": None,
    } | prices


def _model_prices_events(snapshot: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Changes of the snapshot; an interval without rates is a mode that was not sold."""
    for provider, models in snapshot["prices"].items():
        for model, modes in models.items():
            gone = snapshot["status"].get(provider, {}).get(model) == "removed"
            for mode, intervals in modes.items():
                for interval in intervals:
                    rates = interval["rates"]
                    start = interval["start"] or (rates or {}).get("valid_from")
                    if start is None or gone:
                        continue
                    yield _event(
                        provider,
                        model,
                        mode,
                        _moment(start),
                        input_usd_per_mtok=(rates or {}).get("input"),
                        output_usd_per_mtok=(rates or {}).get("output"),
                    )


def _genai_events(providers: Any, looked: datetime) -> Iterator[dict[str, Any]]:
    """The price of each model on the day the package looked; of dated prices, from their start."""
    for provider in providers:
        for model in provider.models:
            listed = model.prices if isinstance(model.prices, list) else None
            for price, start in _dated(listed, looked) if listed else [(model.prices, looked)]:
                read, written = price.input_mtok, price.output_mtok
                plain = not hasattr(read, "tiers") and not hasattr(written, "tiers")
                if plain and read is not None and written is not None:
                    yield _event(
                        provider.id,
                        model.id,
                        "",
                        start,
                        input_usd_per_mtok=float(read),
                        output_usd_per_mtok=float(written),
                    )


def _dated(conditions: list[Any], looked: datetime) -> Iterator[tuple[Any, datetime]]:
    """Prices of every hour of the day, each from the date it starts; an undated one was seen on
    the day the package looked, and a price for some hours only is left out.
    """
    starts = [getattr(row.constraint, "start_date", None) for row in conditions]
    for row, start in zip(conditions, starts, strict=True):
        if start is not None and start <= looked.date():
            yield row.prices, datetime(start.year, start.month, start.day, tzinfo=UTC)
        elif row.constraint is None and not any(starts):
            yield row.prices, looked
