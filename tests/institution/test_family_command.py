"""`lasalle index sources` and `lasalle index family`, from records of `lasalle index fix`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle.institution.command_line import main

PRICES = Path(__file__).parents[3] / "shared/data"


def test_sources_say_what_they_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["index", "sources", "--prices", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line for line in lines[1:-1]}
    assert "never run live" in rows["vast"]
    assert "a file" in rows["gcp-history"]
    assert " no " in rows["gcp-history"], "there is no such file here"
    assert lines[-1].endswith("never run live; docs/reference/sources.md")


def test_the_family_of_a_date(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if not (PRICES / "gpu_prices").is_dir():
        pytest.skip("the price histories are not beside this checkout")
    indices, out = tmp_path / "indices", tmp_path / "family"
    places = ["--dir", str(indices), "--prices", str(PRICES)]
    assert main(["index", "fix", "H100-ON-DEMAND", "B200-ON-DEMAND", *places]) == 0
    capsys.readouterr()
    assert main(["index", "family", "2025-11-10", *places, "--json", "--out", str(out)]) == 0
    told = capsys.readouterr().out.splitlines()
    rows = {row["index"]: row for row in map(json.loads, told)}
    assert rows["B200-H100"]["value"] > 0
    assert rows["H100-AV1"]["value"] == 8_274
    assert rows["T-STANDARD-COMPUTE"]["detail"].startswith("B200-SXM")
    assert "H200-H100" not in rows, "what is made of an index that is not kept is no index here"
    assert {"H100-RV30", "H100-AV1"} <= rows.keys()
    kept = out / "B200-H100-2025-11-10.txt"
    assert main(["index", "family", "--recompute", str(kept), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == rows["B200-H100"]
    kept.write_bytes(kept.read_bytes().replace(b"|fixed", b"|settled"))
    assert main(["index", "family", "--recompute", str(kept)]) != 0


def test_a_family_without_records_or_day_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["index", "family", "2025-11-10", "--dir", str(tmp_path / "none")]) != 0
    assert "lasalle index fix" in capsys.readouterr().err
    assert main(["index", "family", "--dir", str(tmp_path)]) != 0
    assert "--recompute" in capsys.readouterr().err
