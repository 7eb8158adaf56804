"""`lasalle run-example delivery`: the whole story in numbers, and its proof."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lasalle.delivery.auditing import audited
from lasalle.delivery.readings import read_entry
from lasalle.delivery.statements import Dispute
from lasalle.delivery.verifying import verify
from lasalle.institution.examples import delivery
from lasalle.institution.examples.delivery_endpoint import NAMES, Shape, arrivals_of
from lasalle.institution.examples.delivery_metering import Meters, cheating, honest
from lasalle.institution.metering.model_server import missing
from lasalle.venue import verify as verify_journal
from lasalle.venue.shelf import FolderShelf


@pytest.mark.rule("DEL-049")
@pytest.mark.rule("DEL-052")
@pytest.mark.rule("DEL-063")
def test_the_example_tells_every_step_to_the_micro_dollar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert delivery.main(["--simulated", "--json", "--keep", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    hour = told["cheated_hour"]
    # 24 of 48 requests came, and the padded one was counted again from its words.
    assert (hour["hour"], hour["units"], hour["charged"]) == (5, 24, [])
    assert (hour["buyer_tokens"], hour["supplier_tokens"]) == (24 * 200, 47 * 200 + 300)
    assert "25 requests recounted" in hour["determined"]
    cost = 24 * (430_000 - 400_000 + 40_000)
    assert told["remedy"] == {
        "units": 24, "cover_price": 430_000, "cost": cost, "unpaid": 0,
        "paid": {"receivable": cost},
    }  # fmt: skip
    supply, fee = (23 * 48 + 24) * 400_000, 15_000_000
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
    assert verdict.set_aside == ()
    assert verify_journal(kept / "house").faults == []
    assert delivery.main(["--simulated", "--keep", str(tmp_path / "again")]) == 0
    text = capsys.readouterr().out
    assert "SOUND, 76 entries, 72 readings, 3456 rows shown" in text
    assert "accepts by silence" in text
    assert "sum of all: 0.000000" in text
    assert f"State hash: {told['state_hash']}" in text, "the same story has the same state"


@pytest.mark.skipif(bool(missing()), reason=missing() or "it is here")
@pytest.mark.rule("DEL-050")
@pytest.mark.rule("DEL-056")
@pytest.mark.rule("DEL-072")
def test_at_real_weights_the_meters_find_the_hour_that_was_cheated_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two hours of the day are asked in, the second of them refused in part, answered by coarser
    weights and padded: nothing but the evidence says so."""
    shape = Shape(requests=4, lived=frozenset({4, 5}))
    assert delivery.main(["--json", "--keep", str(tmp_path)], shape) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert "hour 4 (5 of 24): agreed\n" in err, "an honest hour is charged with nothing"
    assert "hour 5 (6 of 24): disputed, another model" in err, "progress counts as the trace does"
    hour = told["cheated_hour"]
    assert (hour["hour"], hour["units"]) == (5, 0), "what another model answers delivers nothing"
    assert {"another model", "tokens out"} <= set(hour["charged"])
    assert hour["supplier_tokens"] > hour["buyer_tokens"] > 0
    assert "buyer off by 0," in hour["determined"]
    assert (told["remedy"]["units"], told["remedy"]["unpaid"]) == (48, 0)
    assert sum(n for moved in told["ledger_micro_dollars"].values() for n in moved.values()) == 0
    assert (told["proof"]["sound"], told["proof"]["whole"]) == (True, True)
    assert told["proof"]["readings"] == 3 * 24
    assert "llama.cpp servers with the weights" in told["labels"]["real"][0]
    verdict = verify((tmp_path / "delivery" / "delivery.bundle").read_bytes())
    assert verdict.sound, verdict.breaches
    assert verdict.set_aside == ()
    assert verdict.rows > 2 * 4 * 2, "audits are rows of buyer and supplier too"


def test_without_an_endpoint_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(delivery, "missing", lambda: "xllamacpp is not installed")
    assert delivery.main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "make meter" in err
    assert "--simulated" in err


def test_requests_keep_the_shape_of_the_traces_that_are_there(tmp_path: Path) -> None:
    shape = Shape(requests=5)
    drawn, told = arrivals_of(tmp_path, shape, 3)
    assert [len(hour) for hour in drawn] == [5, 5, 5]
    assert "drawn from a seed" in told
    azure, mooncake = (tmp_path / name for name in NAMES)
    azure.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n" + "".join(
        f"2023-11-16 18:15:{n:02}.0000000,{100 + n},{10 + n}\n" for n in range(9)))  # fmt: skip
    lines = ["timestamp_ms,input_length,output_length,reused_blocks_prefix"]
    lines += [f"{1_000 * n},{1_000 + n},{100 + n},1" for n in range(6)]
    mooncake.write_bytes(gzip.compress("\n".join(lines).encode()))
    made, told = arrivals_of(tmp_path, shape, 3)
    assert "Azure (2023) and Mooncake" in told
    assert [sum(one.shared for one in hour) for hour in made] == [2, 2, 2]
    for hour in made:
        assert hour[0].at_s == 0.0
        assert max(one.at_s for one in hour) <= shape.seconds
        assert max(one.input for one in hour) == shape.input


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


@pytest.mark.rule("DEL-072")
def test_of_an_hour_that_another_model_answered_nothing_is_delivered(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path)
    meters = Meters(shelf, 7, 1_790_000_000_000_000, 2, 10)
    meters.live(0)
    meters.live(1)
    meters.audits = {0: audited([0] * 40), 1: audited([200_000] * 40)}
    first, second = meters.judge(0), meters.judge(1)
    assert (first.units, second.units) == (10, 0)
    assert second.compared.answer.value == "agreed", "the counts say nothing of it"
    meters.accuse(1)
    statements = [read_entry(content).statement for content in meters.log.log.entries()]
    (said,) = [one for one in statements if isinstance(one, Dispute)]
    assert (said.meter, said.claim) == (3, "another model")
    shelf.close()
