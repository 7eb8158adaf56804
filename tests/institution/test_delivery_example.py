"""`lasalle run-example delivery`: the whole story in numbers, and its proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle.delivery.verifying import verify
from lasalle.institution.examples import delivery
from lasalle.institution.examples.delivery_metering import Meters, cheating, honest
from lasalle.venue import verify as verify_journal
from lasalle.venue.shelf import FolderShelf


@pytest.mark.rule("DEL-049", "DEL-052", "DEL-063")
def test_the_example_tells_every_step_to_the_micro_dollar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert delivery.main(["--json", "--keep", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    hour = told["cheated_hour"]
    # 24 of 48 requests came, and the padded one was counted again from its words.
    assert (hour["hour"], hour["units"]) == (5, 24)
    assert (hour["buyer_tokens"], hour["supplier_tokens"]) == (24 * 200, 47 * 200 + 300)
    assert "25 requests recounted" in hour["determined"]
    cost = 24 * (430_000 - 400_000 + 40_000)
    assert told["remedy"] == {
        "units": 24, "cover_price": 430_000, "cost": cost, "unpaid": 0,
        "paid": {"receivable": cost},
    }  # fmt: skip
    supply, fee = (23 * 48 + 24) * 400_000, 25_000_000
    assert told["invoice"]["net"] == supply - fee - cost
    ledger = told["ledger_micro_dollars"]
    assert ledger["Cheap tokens"]["delivery_paid"] == supply
    assert ledger["A lab"]["payment_posted"] == fee + cost - supply
    assert sum(n for moved in ledger.values() for n in moved.values()) == 0
    assert told["proof"]["sound"] is True
    assert told["proof"]["readings"] == 3 * 24
    who = [row["who"] for row in told["trace"]]
    assert who[-1] == "clearing desk"
    assert {"meters", "referee", "remedy desk", "A lab", "Spare tokens"} <= {*who}
    # What it left behind stands by itself: the bundle verifies, the journal replays.
    kept = tmp_path / "delivery"
    verdict = verify((kept / "delivery.bundle").read_bytes())
    assert (verdict.sound, verdict.whole, verdict.readings) == (True, True, 72)
    assert verify_journal(kept / "house").faults == []
    assert delivery.main(["--keep", str(tmp_path / "again")]) == 0
    text = capsys.readouterr().out
    assert "SOUND, 76 entries, 72 readings, 3456 rows shown" in text
    assert "accepts by silence" in text
    assert "sum of all: 0.000000" in text
    assert f"State hash: {told['state_hash']}" in text, "the same story has the same state"


@pytest.mark.rule("DEL-048")
@pytest.mark.rule("DEL-049")
def test_an_honest_hour_is_agreed_and_a_cheated_one_stands_as_the_buyer_read_it(
    tmp_path: Path,
) -> None:
    shelf = FolderShelf(tmp_path)
    meters = Meters(shelf, 7, 1_790_000_000_000_000, 2, 10)
    meters.read(0, honest(0))
    meters.read(1, cheating(1))
    first, second = meters.judge(0), meters.judge(1)
    assert (first.compared.answer.value, first.units) == ("agreed", 10)
    assert (second.compared.answer.value, second.units) == ("disputed", 5)
    assert second.compared.difference > 0
    assert first.evidence != second.evidence
    shelf.close()
