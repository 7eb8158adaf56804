"""Statements and digests of an evening: the journal's own, kept once, on the log once, checked by
their owner."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from lasalle import wire
from lasalle.institution import day_close, demo
from lasalle.institution.books_desk import Books
from lasalle.institution.command_line import main
from lasalle.institution.day_close import SETTLEMENTS, read_statements
from lasalle.institution.evening import closed_day
from lasalle.institution.house import open_house
from lasalle.institution.statement_desk import PUBLISHED, StatementDuty, StatementStore, make_day
from lasalle.venue import verify
from lasalle.venue.waiting import Waiting
from lasalle.views.proof import ProofError
from lasalle.views.statement_pages import as_csv, as_data, as_json
from lasalle.views.statement_proof import check
from lasalle.wire import Publication
from tests.institution.test_cover import FIRST, SECOND, folder, settled
from tests.institution.test_day import Clock, sealed, small

__all__ = ["folder", "settled", "small"]


def whole(folder, day):
    """The statements of a day as the whole journal gives them."""
    books = Books.read(folder)
    assert books.faults() == []
    return [one for one in books.statements() if one.day == day]


class TestOneDay:
    def test_a_day_is_what_the_whole_journal_gives(self, folder):
        for day in (FIRST, SECOND):
            found, expected = read_statements(folder, day), whole(folder, day)
            assert list(map(as_data, found)) == list(map(as_data, expected))
            assert all(one.requirement is not None for one in found)
        lined = sum(len(one.lines) for one in found)
        assert lined > 0

    def test_it_goes_on_from_the_settlement_it_kept_and_says_the_same(self, folder, monkeypatch):
        read_statements(folder, FIRST, keep=True)
        (kept,) = (folder / SETTLEMENTS).glob("*.snap")
        expected = list(map(as_json, whole(folder, SECOND)))
        taken, real = [], day_close._replayed

        def counted(journal, start):
            taken.append(start.number)
            return real(journal, start)

        monkeypatch.setattr(day_close, "_replayed", counted)
        assert list(map(as_json, read_statements(folder, SECOND))) == expected
        assert taken[-1] == int(kept.stem), "one day was replayed"

    def test_a_snapshot_within_the_day_is_passed_over(self, folder):
        house = open_house(folder, Clock("2026-04-01T02:00"))
        house.close()  # a snapshot behind both settlements
        expected = list(map(as_json, whole(folder, SECOND)))
        assert list(map(as_json, read_statements(folder, SECOND))) == expected
        with pytest.raises(ValueError, match="expected a settled day, found 20260501"):
            read_statements(folder, 20260501)


def evening(folder, day, kill=None):
    """The duty of a day on a house as it opens; what it said."""
    house = open_house(folder, Clock("2026-04-01T02:00"))
    store = StatementStore(folder, lambda: house.accounts.name)

    async def work():
        waiting = Waiting(house.sequencer)

        def told(events):
            for header, event in events:
                house.market.on(header, event)
                house.accounts.on(header, event)

        house.sequencer.listen(told)
        waiting.start()
        try:
            duty = StatementDuty(folder, store, house.views, waiting, demo.DAY_DESK)
            assert closed_day(house.views) == day
            if kill:
                kill(duty)
            return await duty.carry_out(day) if duty.due(day) else ""
        finally:
            await waiting.stop()

    try:
        return asyncio.run(work())
    finally:
        store.close()
        house.close()


def published(folder):
    house = open_house(folder, Clock("2026-04-01T02:00"))
    try:
        return [c for *_, c in sealed(house) if isinstance(c, wire.PublishDigest)]
    finally:
        house.close()


@pytest.mark.rule("CLR-048")
def test_digests_go_on_the_log_once_wherever_the_house_is_killed(folder):
    class Killed(Exception):
        pass

    def after(asks):
        def kill(duty):
            real, left = duty._waiting.ask, [asks]

            async def ask(*words):
                if not left[0]:
                    raise Killed
                left[0] -= 1
                return await real(*words)

            duty._waiting.ask = ask

        return kill

    for asks in (0, 1, 1):
        with pytest.raises(Killed):
            evening(folder, SECOND, after(asks))
    assert "their digests stand on the log" in evening(folder, SECOND)
    assert evening(folder, SECOND) == "", "nothing is left to do"
    told = published(folder)
    assert [(c.publication, c.day) for c in told] == [(p, SECOND) for p in PUBLISHED]
    _, digests = make_day(folder, SECOND)
    assert {c.publication: c.digest for c in told} == digests
    assert not verify(folder).faults


@pytest.mark.rule("CLR-048")
def test_a_digest_published_by_hand_stands_and_another_is_told(folder):
    house = open_house(folder, Clock("2026-04-01T02:00"))
    wrong = wire.PublishDigest(publication=Publication.BALANCES, day=SECOND, digest=b"\1" * 32)
    told = house.ask(demo.FIRST, wrong)
    assert isinstance(told[0][1], wire.DigestPublished), told
    house.close()
    with pytest.raises(ValueError, match=f"another digest of the balances of {SECOND}"):
        evening(folder, SECOND)
    assert [c.publication for c in published(folder)] == [Publication.BALANCES]


def test_the_digest_of_balances_is_that_of_the_hand_verb(folder, tmp_path, capsys):
    evening(folder, SECOND)
    words = ["proof", "make", str(folder), "--day", str(SECOND), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert "the log has this digest" in capsys.readouterr().out


def test_an_owner_checks_its_statement_and_a_bent_one_is_found(folder, tmp_path, capsys):
    evening(folder, SECOND)
    store = StatementStore(folder, lambda: "LaSalle demo")
    assert store.days(3) == [SECOND]
    content, proof = store.file(3, SECOND, "json"), store.proof(3, SECOND)
    one = next(one for one in whole(folder, SECOND) if one.account == 3)
    assert content == as_json(one)
    assert store.file(3, SECOND, "csv") == as_csv(one)
    assert store.file(3, SECOND, "pdf").startswith(b"%PDF-")
    assert store.file(3, FIRST, "json") is None
    assert check(proof, content) == store.digests(SECOND)
    paths = {name: tmp_path / f"{name}.json" for name in ("proof", "statement")}
    paths["proof"].write_text(json.dumps(proof))
    paths["statement"].write_bytes(content)
    words = ["proof", "check", str(paths["proof"]), "--statement", str(paths["statement"])]
    assert main([*words, "--dir", str(folder)]) == 0
    said = capsys.readouterr().out
    assert said.count(f"sound, and on the log of {SECOND}") == 3
    assert main(words) == 0
    assert capsys.readouterr().out.count("has to say") == 3
    paths["statement"].write_bytes(content.replace(b'"covered": true', b'"covered": false'))
    assert main(words) != 0
    assert "the path does not lead there" in capsys.readouterr().err
    for bent in ({**proof, "account": 2}, {**proof, "statements": {}}, {}):
        with pytest.raises(ProofError):
            check(bent, content)
    others = Counter(store.proof(a, SECOND)["statements"]["salt"] for a in (1, 2, 3))
    assert len(others) == 3, "each owner has a salt of its own"
    store.close()
