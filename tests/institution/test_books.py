"""Statements and proofs of a house in a folder, by the verbs that write and check them."""

from __future__ import annotations

import csv
import json
import re

import pytest

from lasalle import wire
from lasalle.institution.books_desk import PROOF_KEY, Books
from lasalle.institution.command_line import main
from lasalle.wire import LedgerClass, Publication
from tests.institution.test_cycle import leveraged, lives, sealed
from tests.institution.test_day import START, Clock, small

__all__ = ["small"]
DAY = 20260330


@pytest.fixture
def folder(tmp_path, small):
    clock = Clock(START)
    house = lives(leveraged(tmp_path / "house", clock), clock)
    house.close()
    return tmp_path / "house"


def said(capsys, *words):
    code = main([str(word) for word in words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_statements_of_a_day_are_written_and_reconcile(folder, tmp_path, capsys):
    code, told, _ = said(capsys, "statement", folder, 3)
    assert code == 0
    one = json.loads(told)
    assert (one["account"], one["day"]) == (3, DAY)
    assert [call["what"] for call in one["calls"]] == ["called", "late", "met"]
    assert {"settlement", "deposit or withdrawal"} <= {x["cause"] for x in one["postings"]}
    out = tmp_path / "out"
    for form in ("csv", "pdf"):
        code, told, _ = said(capsys, "statement", folder, "--format", form, "--out", out)
        assert code == 0
    files = sorted(path.name for path in out.iterdir())
    assert f"{DAY}-3.csv" in files
    assert f"{DAY}-3.pdf" in files
    rows = list(csv.DictReader((out / f"{DAY}-3.csv").open()))
    closing = [r["amount"] for r in rows if (r["section"], r["class"]) == ("closing", "cash")]
    books = Books.read(folder)
    assert books.faults() == []
    held = books.fold.found[DAY, 3].closing[LedgerClass.CASH, 1]
    assert closing == [f"{held // 10**6}.{held % 10**6:06d}"]
    code, told, _ = said(capsys, "verify", folder)
    assert "sound: chain, replay, snapshots, ledger, positions, statements" in told


def test_a_day_that_was_not_settled_and_a_strange_account_are_refused(folder, capsys):
    for words, sentence in (
        (("--day", 20250101), f"the last is {DAY}, found 20250101"),
        ((99,), "expected one of the house, found 99"),
    ):
        code, _, err = said(capsys, "statement", folder, *words)
        assert code != 0
        assert sentence in err
    code, _, err = said(capsys, "statement", folder / "nowhere")
    assert code != 0
    assert "expected a folder with a journal" in err


@pytest.mark.rule("CLR-048")
def test_a_proof_is_checked_against_the_log(folder, tmp_path, capsys, small):
    out = tmp_path / "proofs"
    code, told, _ = said(capsys, "proof", "make", folder, "--out", out)
    assert code == 0
    assert (folder / PROOF_KEY).stat().st_mode & 0o077 == 0
    digest = re.search(r'"digest": "([0-9a-f]{64})"', told)[1]
    file = out / f"{DAY}-3.json"
    assert said(capsys, "proof", "check", file)[0] == 0
    code, told, _ = said(capsys, "proof", "check", file, "--digest", digest)
    assert "sound, and on the log of 20260330" in told
    code, _, err = said(capsys, "proof", "check", file, "--dir", folder)
    assert "the log says none" in err
    publish(folder, digest)
    assert said(capsys, "proof", "check", file, "--dir", folder)[0] == 0
    assert "the log has this digest" in said(capsys, "proof", "make", folder, "--out", out)[1]
    bent = json.loads(file.read_text())
    bent["balances"][0]["parts"][0]["amount"] += 1
    file.write_text(json.dumps(bent))
    code, _, err = said(capsys, "proof", "check", file)
    assert code != 0
    assert "expected the root" in err


def publish(folder, digest):
    from lasalle.institution.house import open_house

    house = open_house(folder, Clock("2026-03-31T00:50"))
    asked = wire.PublishDigest(
        publication=Publication.BALANCES, day=DAY, digest=bytes.fromhex(digest)
    )
    told = [event for _, event in house.ask(1, asked)]
    assert isinstance(told[0], wire.DigestPublished), told
    assert sealed(house)
    house.close()
