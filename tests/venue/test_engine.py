"""The compiled engine as the venue drives it."""

from __future__ import annotations

import pytest

from lasalle import wire
from lasalle.institution.house import open_house
from lasalle.venue.engine import EngineSequencer, engine_class
from lasalle.venue.sequencer import LATEST_TIME, ClockWrong
from tests.gateway.conftest import furnish

pytestmark = pytest.mark.skipif(engine_class() is None, reason="the engine was not built")


@pytest.fixture
def house(tmp_path):
    found = open_house(tmp_path / "house")
    assert isinstance(found.sequencer, EngineSequencer)
    furnish(found)
    yield found
    found.close()


def test_a_clock_that_no_frame_can_carry_is_refused_before_sealing(house):
    sequencer = house.sequencer
    last = sequencer.core.last_number
    sequencer.engine.set_clock(LATEST_TIME + 1)
    with pytest.raises(ClockWrong, match=str(LATEST_TIME)):
        sequencer.submit(0, wire.AdvanceTime())
    assert (sequencer.core.last_number, sequencer.closed_for()) == (last, "")
    sequencer.engine.set_clock(0)
    sequencer.submit(0, wire.AdvanceTime())
    assert sequencer.core.last_number == last + 1, "a clock that is set brings service back"
