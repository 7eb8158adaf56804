"""`lasalle delivery` on files: a delivery made up, proved with its rows, verified, and bent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle.institution.command_line import main


def lasalle(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["delivery", *words])
    out, error = capsys.readouterr()
    return code, out, error


@pytest.mark.rule("DEL-010")
@pytest.mark.parametrize("product", ["work", "capacity"])
def test_a_delivery_is_made_up_proved_and_verified(
    product: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, out = str(tmp_path / "log"), str(tmp_path / "out.bundle")
    code, told, _ = lasalle(capsys, "make-up", log, "--product", product, "--intervals", "4")
    assert code == 0
    assert "made up" in told
    terms = told.split()[-1]
    code, told, _ = lasalle(capsys, "prove", log, "--rows", f"{log}/rows", "--out", out)
    assert (code, "13 entries" in told) == (0, True)
    kept = f"{log}/checkpoint"
    code, told, _ = lasalle(capsys, "verify", out, "--terms", terms, "--checkpoint", kept)
    assert code == 0
    assert "SOUND: every look held" in told
    assert "meter 2 (supplier): 4 readings, 16 rows, 0 errors" in told
    code, told, _ = lasalle(capsys, "verify", out, "--json")
    row = json.loads(told)
    assert (row["sound"], row["whole"], row["rows"], row["faults"]) == (True, True, 48, [])
    assert row["terms"] == terms
    bent = tmp_path / "bent.bundle"
    bent.write_bytes(Path(out).read_bytes().replace(b'"sequence":3', b'"sequence":4', 1))
    code, told, _ = lasalle(capsys, "verify", str(bent))
    assert code == 1
    assert "FAULT reading 4 of meter 1 (buyer): altered: signature" in told
    assert "(DEL-002)" in told


def test_what_cannot_be_proved_or_read_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    assert lasalle(capsys, "make-up", str(log), "--intervals", "1")[0] == 0
    out = str(tmp_path / "out")
    for words, said in (
        (("make-up", str(log)), "a folder that is empty"),
        (("make-up", str(tmp_path / "other"), "--intervals", "0"), "--intervals: expected 1"),
        (("prove", str(tmp_path / "none"), "--out", out), "expected one, found none"),
        (("verify", str(tmp_path / "none")), "expected a file or folder, found none"),
        (("verify", str(log / "checkpoint"), "--checkpoint", str(log / "writing.lock")), "text"),
    ):
        code, _, error = lasalle(capsys, *words)
        assert (code, said in error) == (1, True), (words, error)
    code, told, _ = lasalle(capsys, "verify", str(log / "checkpoint"))
    assert (code, "FAULT bundle: malformed: head" in told) == (1, True)
    (log / "checkpoints" / f"{4:020d}").unlink()
    code, _, error = lasalle(capsys, "prove", str(log), "--out", out)
    assert (code, "not_cosigned" in error) == (1, True)
