"""The door to the core: the plain and the compiled house answer it alike."""

from __future__ import annotations

import pytest

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.records import write_records
from lasalle.venue import core as door
from lasalle.venue.core import CHOICE, CoreUnavailable, compiled_house, make_core
from tests.cores import CORES, NOT_BUILT, Compiled, Twin
from tests.properties.stories import market
from tests.scenario import all_scenarios, tell

both = pytest.mark.skipif(compiled_house() is None, reason=NOT_BUILT)
ASKED = wire.DefineAsset(asset=7, name="GBP")


@pytest.fixture
def house(core):
    """A house in the world of the scenarios."""
    return core.restore(market().house.snapshot())


def frame_after(house, command=ASKED, *, ahead=1, later=0, span=1):
    time = house.last_time + later
    return wire.seal(command, house.last_number + ahead, time, actor=1, span=span)


@both
@pytest.mark.parametrize("scenario", all_scenarios(), ids=lambda s: f"{s.source}:{s.title}")
def test_a_scenario_is_told_alike(scenario):
    story = tell(scenario, Twin)
    story.house.compare()
    again = Twin()
    for number, frame in enumerate(story.frames):
        again.take(frame)
        if number in (len(story.frames) // 2, len(story.frames) - 2):
            again.change_over()
    again.compare()
    assert again.state_hash() == story.house.state_hash(), "a snapshot of one serves the other"


def test_an_empty_house_has_told_nothing(core):
    house = core()
    assert (house.last_number, house.last_time, house.last_event) == (0, 0, 0)
    assert house.take(b"") == b""
    assert house.state_hash() == House().state_hash()


def bent_check(frame):
    return frame[:-1] + bytes((frame[-1] ^ 1,))


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda h: frame_after(h, ahead=2), "number"),
        (lambda h: frame_after(h, ahead=0), "number"),
        (lambda h: frame_after(h, span=2), "number"),
        (lambda h: frame_after(h, later=-1), "time"),
        (lambda h: frame_after(h, later=2**62), "time"),
        (lambda h: frame_after(h, wire.MarketResumed()), "not a command"),
        (lambda h: bent_check(frame_after(h)), "check sum"),
        (lambda h: frame_after(h)[:-1], "does not fit"),
        (lambda h: frame_after(h)[:20], "expected a header"),
        (lambda h: frame_after(h) + frame_after(h), "number"),
        (lambda h: frame_after(h) + b"\0", "expected a header"),
    ],
)
def test_bytes_that_do_not_continue_the_log_change_nothing(house, bend, says):
    before, told = house.state_hash(), house.last_event
    with pytest.raises(wire.FrameError, match=says):
        house.take(bend(house))
    assert (house.state_hash(), house.last_event) == (before, told)
    assert wire.read_frames(house.take(frame_after(house))), "it goes on"


@pytest.mark.parametrize(
    "records",
    [
        b"\0",
        wire.seal(wire.MarketResumed(), 1, 0),
        wire.seal(wire.PositionRecord(account=9, series=9, lots=1), 1, 0),
        wire.seal(wire.RowRecord(table=9, series=9), 1, 0),
        wire.seal(wire.BalanceRecord(ledger_class=200, account=0, asset=1, balance=1), 1, 0),
    ],
    ids=["cut", "event", "nobody", "no table", "no class"],
)
def test_what_is_no_snapshot_is_refused(core, records):
    with pytest.raises(wire.FrameError):
        core.restore(records)


@both
def test_a_broken_invariant_stops_the_compiled_house_for_good():
    state = House().state
    state.balances[(wire.LedgerClass.SETTLEMENT, 0, 1)] = 5
    house = Compiled.restore(write_records(state))
    frame = wire.seal(wire.AdvanceTime(), 1, 1, span=1)
    with pytest.raises(RuntimeError, match="settlement is a transit"):
        house.take(frame)
    for ask in (house.snapshot, house.state_hash, lambda: house.take(frame)):
        with pytest.raises(RuntimeError, match="the house has stopped"):
            ask()


@pytest.mark.parametrize("name", sorted(CORES))
def test_a_core_can_be_forced(monkeypatch, name):
    if name == "compiled" and compiled_house() is None:
        pytest.skip(NOT_BUILT)
    monkeypatch.setenv(CHOICE, name)
    house, notice = make_core()
    assert isinstance(house, House) == (name == "plain")
    assert notice == (door.PLAIN_NOTICE if name == "plain" else door.COMPILED_NOTICE)


def test_a_core_that_cannot_be_had_is_said(monkeypatch):
    with pytest.raises(CoreUnavailable, match="expected plain or compiled"):
        make_core(choice="swift")
    monkeypatch.setattr(door, "compiled_house", lambda: None)
    with pytest.raises(CoreUnavailable, match="no compiled core was built"):
        make_core(choice="compiled")
    assert make_core(choice="")[1] == door.PLAIN_NOTICE
