"""`lasalle delivery` on files: a delivery made up, proved with its rows, verified, and bent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lasalle.delivery.canonical import canonical
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.institution.command_line import main
from lasalle.institution.delivery_desk import folder_reader
from lasalle.institution.delivery_store import DeliveryStore
from lasalle.institution.metering.running import what_is_metered
from tests.delivery.test_set_aside import alone, late


def lasalle(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["delivery", *words])
    out, error = capsys.readouterr()
    return code, out, error


def told_of(capsys: pytest.CaptureFixture[str], out: str) -> str:
    return lasalle(capsys, "verify", out)[1]


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
    assert "\ndated: to within" in told
    code, told, _ = lasalle(capsys, "verify", out, "--json")
    row = json.loads(told)
    assert (row["sound"], row["whole"], row["rows"], row["faults"]) == (True, True, 48, [])
    assert row["terms"] == terms
    assert f"dated: to within {row['dated_to_s']} s\n" in told_of(capsys, out)
    bent = tmp_path / "bent.bundle"
    bent.write_bytes(Path(out).read_bytes().replace(b'"sequence":3', b'"sequence":4', 1))
    code, told, _ = lasalle(capsys, "verify", str(bent))
    assert code == 1
    assert "FAULT reading 4 of meter 1 (buyer): altered: signature" in told
    assert "(DEL-002)" in told


@pytest.mark.rule("DEL-004")
def test_what_was_said_late_is_set_aside_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, kept = tmp_path / "out.bundle", tmp_path / "kept"
    out.write_bytes(alone(late()))
    kept.write_bytes(next(late().log.log.checkpoints()).content)
    code, told, _ = lasalle(capsys, "verify", str(out))
    assert (code, "SET ASIDE" in told) == (0, False)
    code, told, _ = lasalle(capsys, "verify", str(out), "--checkpoint", str(kept))
    assert (code, told.count("\nSET ASIDE entry ")) == (0, 4)
    assert "SET ASIDE entry 181, event of meter 2: back_dated: made_us: expected " in told
    _, told, _ = lasalle(capsys, "verify", str(out), "--checkpoint", str(kept), "--json")
    row = json.loads(told)["set_aside"][0]
    assert (row["entry"], row["field"], row["rule"]) == (181, "made_us", "DEL-004")


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


@pytest.mark.rule("DEL-009")
def test_a_log_is_begun_from_the_terms_under_the_key_of_the_house(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = made_specification()
    agreed = json.loads(canonical(metered_terms(spec, 1_790_000_000_000_000, contract=41)))
    method = json.loads(canonical(spec))
    for name in ("log_key", "method"):
        del agreed[name]
    terms, how, house = tmp_path / "terms.json", tmp_path / "method.json", tmp_path / "house"
    terms.write_text(json.dumps(agreed))
    how.write_text(json.dumps(method))
    parties = ["--party", "buyer.example=12", "--party", "supplier.example=11"]
    asked = ["begin-log", str(house), str(terms), "--method", str(how)]
    code, _, error = lasalle(capsys, *asked, *parties)
    assert (code, "expected the folder of a house, found none" in error) == (1, True)
    house.mkdir()
    code, _, error = lasalle(capsys, *asked, *parties[:2])
    assert (code, "expected ['buyer.example', 'supplier.example']" in error) == (1, True)
    code, _, error = lasalle(capsys, *asked, "--party", "buyer.example")
    assert (code, "expected NAME=ACTOR" in error) == (1, True)
    assert not (house / "deliveries" / "41").exists(), "what is refused leaves nothing behind"
    code, told, _ = lasalle(capsys, *asked, *parties)
    assert (code, "the log of delivery 41" in told) == (0, True)
    assert lasalle(capsys, *asked, *parties)[0] == 0, "begun again it is the one that stands"
    found, measured = what_is_metered(folder_reader(house / "deliveries" / "41")[0])
    assert (found.contract, measured) == (41, spec)
    terms.write_text(json.dumps({**agreed, "grace_us": 1}))
    code, _, error = lasalle(capsys, *asked, *parties)
    assert (code, "terms: terms: expected" in error) == (1, True)
    terms.write_text(json.dumps({**agreed, "product": "gas"}))
    assert "$.product" in lasalle(capsys, *asked, *parties)[2]
    terms.write_text("[]")
    assert "expected the terms as an object" in lasalle(capsys, *asked, *parties)[2]
    store = DeliveryStore(house)
    assert [row["contract"] for row in store.listed()] == [41]
    store.close()
