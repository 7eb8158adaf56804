"""The frame door of a whole house: a disk that fills, and the port it is given."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from lasalle import wire
from lasalle.client import ErrorCode, FrameClient, Key
from lasalle.institution.house import open_house
from lasalle.institution.serve import init_house
from lasalle.venue.journal import HEADROOM_BYTES
from tests.doors.test_frame_door import names, order, refused, served  # noqa: F401
from tests.doors.test_spare import ROOT, RUN, fill, free_port, run_house, small_disk  # noqa: F401
from tests.gateway.conftest import furnish


def test_a_full_disk_is_told_and_cancels_still_go(small_disk, served):  # noqa: F811
    with served.connect() as client:
        client.ask(order("before"))
        ballast = fill(small_disk, HEADROOM_BYTES // 2)
        refused(ErrorCode.JOURNAL_FULL, False, lambda: client.ask(order("full")))
        asked = [order("full too"), wire.MassCancel(account=1), order("and this")]
        answers = client.ask_many(asked)
        assert [a.refused is None for a in answers] == [False, True, False]
        assert "OrderCancelled" in names(answers[1])
        ballast.unlink()
        assert "OrderAccepted" in names(client.ask(order("after")))


def test_the_port_of_the_door_is_chosen_and_told(tmp_path):
    folder = tmp_path / "house"
    init_house(folder, production=True)
    house = open_house(folder)
    furnish(house)
    made = house.keys.create(11, ("read", "trade"))
    house.close()
    port = free_port()
    child = run_house(folder, str(port))
    try:
        chosen(port, Key(made.key, made.secret), tmp_path / "other")
    finally:
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 0


def chosen(port: int, key: Key, other: Path) -> None:
    """The door answers there, and a port it cannot have is told with the option's name."""
    with FrameClient("127.0.0.1", port, key) as client:
        assert client.actor == 11
        assert client.ask(wire.MassCancel(account=1)).first > client.last_number
        for taken in (str(port), "65536"):
            words = [*RUN, "--dir", str(other), "--port", "0", "--door-port", taken]
            told = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60)
            assert told.returncode != 0
            assert "--door-port" in told.stdout + told.stderr
