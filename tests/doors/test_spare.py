"""Room set aside in zeros, in a whole house: verify, copies, kills and a full disk stay right."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.institution.house import OpenHouse, open_house
from lasalle.institution.serve import init_house
from lasalle.venue import JournalFull, verify
from lasalle.venue.engine import CHOICE, engine_class
from lasalle.venue.journal import HEADROOM_BYTES, SPARE_BYTES
from tests.doors.test_frame_door import order
from tests.gateway.conftest import furnish

ROOT = Path(__file__).resolve().parents[2]
SPARE = 1 << 20


@pytest.fixture(params=["plain", "compiled"])
def choice(request, monkeypatch) -> str:
    """Which engine serves."""
    if request.param == "compiled" and engine_class() is None:
        pytest.skip("no compiled engine was built")
    monkeypatch.setenv(CHOICE, request.param)
    return str(request.param)


def sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in sorted((folder / "journal").glob("*.seg"))]


def open_with_spare(folder: Path) -> OpenHouse:
    return open_house(folder, spare_bytes=SPARE)


def trade(house: OpenHouse, references: range) -> None:
    for number in references:
        told = house.ask(11, order(f"r{number}"))
        assert any(isinstance(event, wire.OrderAccepted) for _, event in told), told


def test_verify_and_a_copy_of_a_house_that_is_being_written(choice, tmp_path):
    house = open_with_spare(tmp_path / "house")
    furnish(house)
    trade(house, range(30))
    assert sizes(tmp_path / "house") == [SPARE], "zeros stand behind the batches"
    report = verify(tmp_path / "house")
    assert (report.number, report.faults, report.notices) == (house.journal.last, [], [])
    shutil.copytree(tmp_path / "house", tmp_path / "copy")
    before = house.sequencer.core.state_hash()
    house.close()
    assert sizes(tmp_path / "house")[0] < SPARE // 4, "a close gives the zeros back"
    copy = open_with_spare(tmp_path / "copy")
    assert copy.sequencer.core.state_hash() == before
    assert not [said for said in copy.notices if "torn" in said]
    copy.ask(11, order("goes on"))
    copy.close()
    assert verify(tmp_path / "copy").faults == []


def test_a_house_goes_on_behind_the_zeros_it_left(choice, tmp_path):
    folder = tmp_path / "life-0"
    house = open_with_spare(folder)
    furnish(house)
    for life in range(4):
        trade(house, range(10 * life, 10 * life + 10))
        number, state = house.journal.last, house.sequencer.core.state_hash()
        left = tmp_path / f"life-{life + 1}"
        shutil.copytree(folder, left)  # as a kill leaves the folder
        house.release()
        folder, house = left, open_with_spare(left)
        assert (house.journal.last, house.sequencer.core.state_hash()) == (number, state)
    assert len(sizes(folder)) == 1, "in the same segment"
    house.close()
    assert verify(folder).faults == []


RUN = [sys.executable, "-m", "lasalle.institution.command_line", "run"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run_house(folder: Path, door_port: str = "0") -> subprocess.Popen[str]:
    """`lasalle run` of a folder, once it listens."""
    words = ["--dir", str(folder), "--port", str(free_port()), "--door-port", door_port]
    child = subprocess.Popen([*RUN, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if "Ctrl-C" in line:
            return child
    raise AssertionError(f"the house did not open: {child.wait()}")


def test_lasalle_run_sets_zeros_aside_and_a_kill_leaves_a_house_that_opens(choice, tmp_path):
    folder = tmp_path / "house"
    init_house(folder, production=True)
    house = open_house(folder)
    furnish(house)
    house.close()
    child = run_house(folder)
    deadline = time.monotonic() + 20
    while max(sizes(folder)) < SPARE_BYTES and time.monotonic() < deadline:
        time.sleep(0.05)
    assert max(sizes(folder)) == SPARE_BYTES, "venue time passes, so it writes"
    assert verify(folder).faults == []
    child.send_signal(signal.SIGKILL)
    child.wait()
    report = verify(folder)
    assert report.faults == []
    child = run_house(folder)
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 0
    assert max(sizes(folder)) < SPARE_BYTES // 4
    assert [path.name for path in (folder / "journal").iterdir() if path.suffix != ".seg"] == []
    assert verify(folder).number >= report.number


@pytest.fixture
def small_disk(tmp_path):
    """Mounts memory as the folder of a journal, little more than its headroom."""
    folder = tmp_path / "house" / "journal"
    folder.mkdir(parents=True)
    size = f"size={HEADROOM_BYTES + 8 * SPARE}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "lasalle-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, free: int) -> Path:
    ballast = folder / "ballast"
    found = os.statvfs(folder)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize - free)
    return ballast


def test_a_full_disk_refuses_orders_lets_cancels_through_and_serves_again(
    choice, tmp_path, small_disk
):
    house = open_with_spare(tmp_path / "house")
    furnish(house)
    trade(house, range(5))
    assert SPARE in sizes(tmp_path / "house")
    ballast = fill(small_disk, HEADROOM_BYTES // 2)
    with pytest.raises(JournalFull, match="free"):
        house.ask(11, order("full"))
    house.ask(11, wire.MassCancel(account=1))
    ballast.unlink()
    trade(house, range(5, 10))
    state = house.sequencer.core.state_hash()
    house.close()
    house = open_with_spare(tmp_path / "house")
    assert house.sequencer.core.state_hash() == state
    house.close()
    assert verify(tmp_path / "house").faults == []


def test_a_disk_without_room_to_spare_grows_its_segments(choice, tmp_path, small_disk):
    ballast = fill(small_disk, HEADROOM_BYTES + SPARE)
    house = open_house(tmp_path / "house", spare_bytes=HEADROOM_BYTES)
    furnish(house)
    trade(house, range(5))
    assert sizes(tmp_path / "house")[0] < SPARE, "nothing is set aside"
    ballast.unlink()
    house.close()
    assert verify(tmp_path / "house").faults == []
