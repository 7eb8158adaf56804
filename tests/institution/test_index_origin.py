"""What a correction begins from is made again, not believed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lasalle.indices.bundle import recompute
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.indices.record_file import read_record, write_record
from tests.institution.test_index_command import ask, history, places

__all__ = ["places"]


def forged(bundle: bytes) -> dict[str, Any]:
    """The bundle of a chain that remembers a price nobody saw: it agrees with itself."""
    content: dict[str, Any] = json.loads(bundle)
    key, log, *rest = content["state"][1].rsplit("|", 6)
    content["state"][1] = "|".join([key, str(int(log) + 10**15), *rest])
    rows = [row.encode("ascii") for row in content["state"]]
    content["state_leaves"] = [leaf.hex() for leaf in leaves_of(rows)]
    content["fixing"]["state_before"] = root_of(leaves_of(rows)).hex()
    content["fixing"] = recompute(json.dumps(content).encode()).made
    assert recompute(json.dumps(content).encode()).faults == ()
    return content


def bent_row(bundle: bytes) -> dict[str, Any]:
    """A bundle one row of whose state was bent."""
    content: dict[str, Any] = json.loads(bundle)
    content["state"][1] = content["state"][1][:-1] + "7"
    return content


@pytest.mark.rule("IDX-015")
@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("a row", "2025-01-20: state row 2 was bent"),
        ("a bundle", "2025-01-20: fixing: offers is published as 4, the bundle has 3"),
        ("a bundle and its row", "2025-01-20: state_before: expected "),
        ("a bundle before", "2025-01-15: fixing: offers is published as 4"),
        ("a bundle gone", "expected a final date of H100-US with a bundle, found 2025-01-12"),
    ],
)
def test_a_correction_begins_from_no_forged_state(how, told, tmp_path, places, capsys) -> None:
    assert ask("fix", "H100-US", *places) == 0
    folder = tmp_path / "indices/H100-US"
    day = {"a bundle before": "2025-01-15", "a bundle gone": "2025-01-12"}.get(how, "2025-01-20")
    path = folder / f"bundles/{day}.json"
    content = (bent_row if how == "a row" else forged)(path.read_bytes())
    path.write_text(json.dumps(content))
    if how == "a bundle gone":
        path.unlink()
    if how == "a bundle and its row":
        record = folder / "fixings.parquet"
        rows = read_record(record.read_bytes()).rows
        rows = [
            replace(row, fixing=content["fixing"]) if row.fixing["day"] == day else row
            for row in rows
        ]
        record.write_bytes(write_record(rows))
    history(tmp_path / "prices", extra={19: 2.8})
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    words = ["--correct", "2025-01-20", "--why", "a region spoke late"]
    assert ask("fix", "H100-US", *places, *words) == 1
    assert told in capsys.readouterr().err
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert after == before, "what was refused wrote nothing"
