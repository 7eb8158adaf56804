"""A fixing made again where no file is named: from the folder it was fixed in."""

from __future__ import annotations

import json

import pytest

from tests.institution.test_index_command import ask, history


@pytest.fixture
def places(tmp_path):
    return ["--prices", str(history(tmp_path / "prices")), "--dir", str(tmp_path / "indices")]


@pytest.mark.rule("IDX-015")
def test_a_date_is_made_again_from_the_folder_it_was_fixed_in(
    tmp_path, places, capsys, monkeypatch
) -> None:
    """No file is named: in the folder of a house, beside it, and where `--dir` says."""
    assert ask("fix", "H100-US", *places) == 0
    again = ["recompute", "H100-US", "2025-01-20"]
    for inside, words in (
        (tmp_path, []),
        (tmp_path / "indices", []),
        (tmp_path / "prices", ["--dir", str(tmp_path)]),
        (tmp_path / "prices", ["--dir", str(tmp_path / "indices")]),
    ):
        monkeypatch.chdir(inside)
        capsys.readouterr()
        assert ask(*again, *words) == 0
        told = capsys.readouterr().out
        assert "H100-US, row 15 of its record" in told
        assert "every bit agrees" in told
    path = tmp_path / "indices" / "H100-US" / "bundles" / "2025-01-20.json"
    content, whole = json.loads(path.read_text()), path.read_bytes()
    content["rows"][2] = content["rows"][2].replace("|list|", "|executable|")
    content["rows"][2] += "0"
    path.write_text(json.dumps(content))
    assert ask(*again, "--dir", str(tmp_path)) == 1
    assert "row 3 was bent" in capsys.readouterr().out
    # Rewritten whole it agrees with itself, and the record has another root of its inputs.
    other = tmp_path / "indices" / "H100-US" / "bundles" / "2025-01-19.json"
    path.write_bytes(other.read_bytes())
    assert ask(*again, "--dir", str(tmp_path)) == 1
    told = capsys.readouterr().out
    assert "day is published as '2025-01-20', the bundle has '2025-01-19'" in told
    path.write_bytes(whole)
    assert ask(*again, "--dir", str(tmp_path)) == 0
    path.unlink()
    assert ask(*again, "--dir", str(tmp_path)) == 1
    assert "expected its bundle in" in capsys.readouterr().err
