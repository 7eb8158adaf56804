"""What was sealed under a behaviour replays to the same events and the same state, in both cores,
whatever the program has learned since."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest

from lasalle import wire
from lasalle.venue.compiled import CHOICE, built
from lasalle.venue.disk import FolderDisk
from lasalle.venue.journal import Journal
from lasalle.venue.replay import read_snapshots, replay
from lasalle.venue.verify import verify
from tests.golden.journals import Golden, asked_and_told, goldens

GOLDENS = goldens()
RARE = {"ORDERS_TOO_MANY", "SETTLEMENT_TOO_LARGE"}
"""65,536 live orders and a settlement past the bounds of money are no story of these."""
OWES = {5: {"ACCOUNT_OWES"}}
"""A client that owes when it is to be ported has its journals under the behaviour before."""
CODES = {1: 92, 2: 95, 3: 154, 4: 238, 5: 328, 6: 333}
"""Highest code of a refusal there was under each sealed behaviour; one that is not sealed here
may still change."""


@pytest.fixture(params=["plain", "compiled"])
def kind(request, monkeypatch) -> str:
    if request.param == "compiled" and built("replay_segments") is None:
        pytest.skip("no compiled engine was built")
    monkeypatch.setenv(CHOICE, "plain" if request.param == "plain" else "")
    return str(request.param)


@pytest.fixture(scope="module")
def reached() -> dict[int, Counter[str]]:
    return {}


@pytest.mark.rule("INS-011")
@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_an_old_journal_gives_what_it_gave(golden: Golden, kind, tmp_path, reached):
    golden.lay_out(tmp_path)
    journal, told = Journal(FolderDisk(tmp_path / "journal")), []
    assert (journal.last, journal.chain.hex()) == (golden.number, golden.chain)
    core, _, _ = replay(journal, on_events=told.append)
    assert sha256(b"".join(told)).hexdigest() == golden.events
    assert (core.last_event, core.state_hash().hex()) == (golden.event, golden.state_hash)
    counts = reached.setdefault(golden.behaviour, Counter())
    counts.update(asked_and_told(journal, b"".join(told)))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_an_old_snapshot_goes_on_where_it_was_taken(golden: Golden, kind, tmp_path):
    golden.lay_out(tmp_path)
    (snapshot,) = read_snapshots(tmp_path)
    assert 0 < snapshot.number < golden.number
    core, _, _ = replay(Journal(FolderDisk(tmp_path / "journal")), snapshot)
    assert core.state_hash().hex() == golden.state_hash
    report = verify(tmp_path)
    assert (report.faults, report.state_hash) == ([], golden.state_hash)


def test_every_behaviour_has_journals_that_reach_what_there_was_to_reach(reached):
    assert set(reached) == set(CODES), "each sealed behaviour has its journals"
    for behaviour, counts in reached.items():
        known = [message for message in wire.MESSAGES.values() if behaviour >= message.SINCE]
        asked = {"asked " + m.NAME for m in known if m.KIND < 1000}
        told = {m.NAME for m in known if 1000 <= m.KIND < 2000}
        codes = [refusal for refusal in wire.Refusal if refusal <= CODES[behaviour]]
        refused = {refusal.name for refusal in codes} - RARE - OWES.get(behaviour, set())
        missed = {name for name in asked | told | refused if not counts[name]}
        assert missed == ({"behaviour_switched"} if behaviour == 1 else set()), behaviour
