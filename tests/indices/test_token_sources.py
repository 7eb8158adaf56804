"""Token price lists: classes by quality, one price of input and output, how long a price stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pytest

from lasalle.indices.sources import SourceError, token_evidence
from lasalle.indices.sources.token_classes import floors, line_of, model_lines, token_class
from lasalle.indices.sources.tokens import blended
from lasalle.institution.sources import file_sources

PRICES = Path(__file__).parents[3] / "shared/data"
ALWAYS = (0, 1 << 62)
DAY = 86_400 * 1_000_000_000


def moment(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


def nanoseconds(day: int, hour: int = 0) -> int:
    return int(moment(day, hour).timestamp()) * 1_000_000_000


def changes(*rows: dict[str, Any]) -> arrow.Table:
    common = {
        "provider": "openai",
        "model": "gpt-4o-mini",
        "mode": "standard",
        "observed_from": moment(1),
        "input_usd_per_mtok": 0.15,
        "output_usd_per_mtok": 0.6,
        "removed": False,
        "effective_to": None,
    }
    schema = arrow.schema(
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
    return arrow.Table.from_pylist([common | row for row in rows], schema=schema)


def standing(*rows: dict[str, Any], looked: int = 10) -> list[tuple[int, str, int]]:
    reading = token_evidence(
        changes(*rows), *ALWAYS, source="list", reference="f", looked_until=nanoseconds(looked)
    )
    return [
        (1 + (row["time"] - nanoseconds(1)) // DAY, row["grade"], row["price"])
        for row in reading.evidence.to_pylist()
    ]


def test_a_price_stands_until_the_next_change_and_no_longer_than_the_keeper_looked() -> None:
    found = standing({}, {"observed_from": moment(3, 18), "input_usd_per_mtok": 0.35}, looked=6)
    assert found == [
        (1, "T-STANDARD", 262_500),
        (2, "T-STANDARD", 262_500),
        (3, "T-STANDARD", 262_500),
        (4, "T-STANDARD", 412_500),
        (5, "T-STANDARD", 412_500),
    ]


def test_a_withdrawn_model_has_no_price() -> None:
    withdrawn = {"observed_from": moment(3), "removed": True, "input_usd_per_mtok": None}
    assert [day for day, _, _ in standing({}, withdrawn)] == [1, 2]
    assert [day for day, _, _ in standing({"effective_to": "2026-03-04"})] == [1, 2, 3, 4]


def test_of_two_changes_at_one_moment_the_last_row_holds() -> None:
    found = standing({}, {"input_usd_per_mtok": 0.35}, looked=2)
    assert found == [(1, "T-STANDARD", 412_500)]


def test_a_batch_price_is_not_older_than_its_model() -> None:
    early = {"mode": "batch", "observed_from": moment(1), "input_usd_per_mtok": 0.075}
    found = standing({"observed_from": moment(3)}, early, looked=5)
    assert sorted(found) == [
        (3, "T-BATCH", 206_250),
        (3, "T-STANDARD", 262_500),
        (4, "T-BATCH", 206_250),
        (4, "T-STANDARD", 262_500),
    ]


def test_a_price_of_nothing_is_refused() -> None:
    reading = token_evidence(
        changes({"input_usd_per_mtok": 0.0}),
        *ALWAYS,
        source="list",
        reference="f",
        looked_until=nanoseconds(3),
    )
    assert reading.refusals() == {"not a price": 2}
    with pytest.raises(SourceError, match="no effective_to in"):
        token_evidence(
            changes({}).drop(["effective_to"]), *ALWAYS, source="l", reference="f", looked_until=1
        )


def test_three_tokens_are_read_for_one_written() -> None:
    assert blended(2.5, 10.0) == 4_375_000
    assert blended(0.000001, 0.000001) == 1
    assert blended(None, 1.0) == blended(1.0, 0.0) == blended(-1.0, 1.0) == 0


@pytest.mark.parametrize(
    ("model", "mode", "kind"),
    [
        ("gpt-4o", "standard", "T-INTERACTIVE"),
        ("openrouter/openai/gpt-4o-2024-08-06", "chat", "T-INTERACTIVE"),
        ("gpt-4o", "batch", None),
        ("gpt-4o-mini", "batch", "T-BATCH"),
        ("gpt-4o-mini", "", "T-STANDARD"),
        ("gpt-4o-mini", "fast", None),
        ("us.anthropic.claude-3-haiku-20240307-v1:0", "chat", "T-STANDARD"),
        ("anthropic/claude-haiku-4.5", "global", "T-STANDARD"),
        ("meta.llama3-1-405b-instruct-v1:0", "chat", "T-INTERACTIVE"),
        ("meta-llama/llama-3.3-70b-instruct:free", "", "T-STANDARD"),
        ("gpt-4o-audio-preview", "chat", None),
        ("ft:gpt-4o", "", None),
        ("open-mistral-7b", "", None),
    ],
)
def test_a_model_bears_the_class_of_its_quality(model: str, mode: str, kind: str | None) -> None:
    assert token_class(model, mode) == kind


def test_the_table_of_models_holds_together() -> None:
    assert list(floors().items()) == [("T-INTERACTIVE", 873), ("T-STANDARD", 689)]
    assert len({line.name for line in model_lines()}) == len(model_lines())
    for line in model_lines():
        assert line.source
        assert min(floors().values()) <= line.quality <= 1_000
        assert line.pattern.fullmatch(line.name) is None or line_of(line.name) is line


def test_the_four_lists_of_the_real_file() -> None:
    lists = [known for known in file_sources(PRICES) if known.name.startswith("tokens-")]
    if not lists[0].path.exists():
        pytest.skip(f"{lists[0].path.name} is not beside this checkout")
    found = {}
    for known in lists:
        reading = known.reading(*ALWAYS)
        counts = reading.evidence["grade"].value_counts().to_pylist()
        found[known.name] = {row["values"]: row["counts"] for row in counts}
        assert set(reading.refusals()) <= {"not a price", "beyond belief"}
    assert [sum(rows.values()) for rows in found.values()] == [63_758, 60_953, 32_547, 17_917]
    assert set(found["tokens-model"]) == {"T-BATCH", "T-INTERACTIVE", "T-STANDARD"}


def test_a_row_of_the_real_file_is_found_again() -> None:
    known = next(known for known in file_sources(PRICES) if known.name == "tokens-model")
    if not known.path.exists():
        pytest.skip(f"{known.path.name} is not beside this checkout")
    rows = known.read(nanoseconds(12), nanoseconds(13))
    row = rows.filter(compute.equal(rows["offer"], "openai/gpt-4o/standard")).to_pylist()[0]
    raw = arrow.parquet.read_table(known.path).slice(int(row["reference"].split("#")[1]), 1)
    told = raw.to_pylist()[0]
    assert (told["source"], told["model"]) == ("model_prices_pypi_0.0.5", "gpt-4o")
    assert row["price"] == blended(told["input_usd_per_mtok"], told["output_usd_per_mtok"])
