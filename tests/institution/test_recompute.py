"""A house's fixings are recomputed from their inputs, bit for bit, and a bent one is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle.contracts import Month
from lasalle.indices import canonical_inputs, fixing_history, simulated_history
from lasalle.institution.command_line import main
from lasalle.institution.study_day import StudyVenue
from lasalle.institution.study_model import Model
from lasalle.pricing import CurveAssumptions

ASK = ["index", "recompute", "H100-GCP-US-CENTRAL1"]
FIRST = date(2025, 1, 1)
EVIDENCE = simulated_history(3, FIRST, FIRST + timedelta(days=90))


def house(folder, fixings) -> None:
    """A house that has published the fixings of ten days."""
    venue = StudyVenue(folder, Model(list(fixings), CurveAssumptions()))
    venue.open(FIRST + timedelta(days=20), [Month(2025, 3)])
    for n in range(21, 31):
        venue.publish(FIRST + timedelta(days=n))
    venue.close()


@pytest.fixture
def inputs(tmp_path):
    path = tmp_path / "inputs.txt"
    path.write_bytes(canonical_inputs(EVIDENCE))
    return str(path)


def test_every_sealed_fixing_is_recomputed(tmp_path, inputs, capsys) -> None:
    house(tmp_path / "house", fixing_history(EVIDENCE))
    words = [*ASK, "--inputs", inputs, "--against", str(tmp_path / "house")]
    assert main(words) == 0
    assert "10 fixings sealed, 10 agree bit for bit" in capsys.readouterr().out


def test_a_bent_fixing_is_told(tmp_path, inputs, capsys) -> None:
    bent = [
        replace(f, price_micro_dollars=f.price_micro_dollars + (f.day == date(2025, 1, 25)))
        for f in fixing_history(EVIDENCE)
    ]
    house(tmp_path / "house", bent)
    words = [*ASK, "--inputs", inputs, "--against", str(tmp_path / "house")]
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "20250125: price sealed" in told
    assert "9 agree bit for bit" in told


def test_evidence_of_another_kind_accuses_nobody(tmp_path, inputs, capsys) -> None:
    """The house observed what the auditor's inputs call made up."""
    observed = [replace(f, simulated=False) for f in fixing_history(EVIDENCE)]
    house(tmp_path / "house", observed)
    words = [*ASK, "--inputs", inputs, "--against", str(tmp_path / "house")]
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "10 dates are compared with evidence of another kind, simulated beside observed" in told


def test_one_date_is_shown_with_its_inputs(inputs, capsys) -> None:
    assert main([*ASK, "2025-01-10", "--inputs", inputs]) == 0
    value = json.loads(capsys.readouterr().out)
    wanted = {f.day: f for f in fixing_history(EVIDENCE)}[date(2025, 1, 10)]
    assert value["price_micro_dollars"] == wanted.price_micro_dollars
    assert value["carried"] is wanted.carried is True
    assert value["input_sha256"] == wanted.input_sha256
    assert value["inputs"].startswith("H100-GCP-US-CENTRAL1 v1\n2025-01-08|")


def test_a_date_without_evidence_is_refused_in_words(inputs, capsys) -> None:
    assert main([*ASK, "2024-01-10", "--inputs", inputs]) == 1
    assert "expected a date with evidence" in capsys.readouterr().err
    assert main(ASK) == 1
    assert "expected a date, or --against" in capsys.readouterr().err
