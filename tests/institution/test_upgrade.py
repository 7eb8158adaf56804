"""A house that was begun under an earlier behaviour goes on under the next one."""

from __future__ import annotations

import pytest

from lasalle import wire
from lasalle.institution.house import OpenHouse, open_house
from lasalle.venue import verify
from lasalle.venue.compiled import CHOICE, built
from tests.golden.journals import goldens
from tests.properties.wide_world import OTHER, listing

GOLDEN = goldens()[0]
HASH = bytes(range(32))


@pytest.fixture(params=["plain", "compiled"])
def kind(request, monkeypatch) -> str:
    if request.param == "compiled" and built("House") is None:
        pytest.skip("no compiled core was built")
    monkeypatch.setenv(CHOICE, "plain" if request.param == "plain" else "")
    return str(request.param)


def one(house: OpenHouse, actor: int, command: object) -> object:
    """The first event of a command."""
    return house.ask(actor, command)[0][1]


def switch(house: OpenHouse, behaviour: int) -> object:
    """What the approval of a switch comes to."""
    command = wire.SwitchBehaviour(behaviour=behaviour)
    waits = house.ask(1, wire.Propose(command=command.KIND, payload=command.pack()))[0][1]
    return house.ask(2, wire.Approve(proposal=waits.proposal))[-1][1]


@pytest.mark.rule("INS-011")
@pytest.mark.rule("EXC-027")
def test_a_house_of_the_first_behaviour_goes_on_under_the_next(kind, tmp_path):
    assert GOLDEN.behaviour == 1
    GOLDEN.lay_out(tmp_path)
    house = open_house(tmp_path)
    said = f"State hash after command {GOLDEN.number}, the last of the journal: {GOLDEN.state_hash}"
    assert house.notices[0].startswith(said)
    assert any("Behaviour 1" in notice for notice in house.notices)
    terms = {f: getattr(listing(OTHER, 2**62), f) for f in wire.ListSeries.__struct_fields__}
    terms |= {"series": 77, "symbol": "PIN", "standard_version": 3, "standard_hash": HASH}
    pinned = wire.ListSeries(**terms)
    early = one(house, 1, pinned)
    assert early.refusal == wire.Refusal.BEHAVIOUR_TOO_OLD
    assert switch(house, 9).refusal == wire.Refusal.BEHAVIOUR_UNKNOWN
    assert switch(house, 2) == wire.BehaviourSwitched(behaviour=2)
    assert one(house, 1, pinned).standard_hash == HASH
    closed = house.close()
    again = open_house(tmp_path)
    assert again.notices[0].startswith(f"Same state hash as at the last close: {closed}")
    found = again.views.market.series[77].terms
    assert (found.standard_version, found.standard_hash) == (3, HASH)
    assert not any("Behaviour 1" in notice for notice in again.notices)
    again.release()
    for snapshot in tmp_path.glob("*.snap"):
        snapshot.unlink()
    report = verify(tmp_path)
    assert (report.faults, report.state_hash) == ([], closed)


@pytest.mark.rule("INS-011")
def test_the_same_journal_is_sealed_by_both_cores_and_read_by_the_other(tmp_path, monkeypatch):
    if built("House") is None:
        pytest.skip("no compiled core was built")
    GOLDEN.lay_out(tmp_path)
    for behaviour, choice in ((2, "plain"), (0, ""), (0, "plain")):
        monkeypatch.setenv(CHOICE, choice)
        house = open_house(tmp_path)
        if behaviour:
            assert switch(house, behaviour) == wire.BehaviourSwitched(behaviour=behaviour)
        one(house, 1, wire.PublishFixing(index=2, day=20300101 + house.journal.last, price=1))
        house.close()
    assert verify(tmp_path).faults == []
