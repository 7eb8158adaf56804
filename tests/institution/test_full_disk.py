"""A served house whose disk fills: orders are refused, risk can still be taken away, space brings
service back."""

from __future__ import annotations

import errno
import os
import subprocess

import pytest

from lasalle.client import Fault
from lasalle.venue import verify
from lasalle.venue.engine import EngineSequencer, engine_class
from lasalle.venue.journal import HEADROOM_BYTES
from tests.gateway.conftest import SYMBOL, served_plainly, serving  # noqa: F401
from tests.loopback import HTTP

PLENTY = 10**12


class FakedSpace:
    """How much room the journal's disk says it has, and what it does without any."""

    def __init__(self, disk, monkeypatch) -> None:
        self.free = PLENTY
        append = disk.append

        def appended(name, content):
            if len(content) > self.free:
                append(name, content[: max(0, self.free)])
                raise OSError(errno.ENOSPC, "No space left on device")
            append(name, content)

        monkeypatch.setattr(disk, "free_bytes", lambda: max(self.free, 0))
        monkeypatch.setattr(disk, "append", appended)

    def leave(self, free) -> None:
        self.free = free


class RealSpace:
    """A small file system under the journal alone; ballast takes its room away."""

    def __init__(self, folder) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def leave(self, free) -> None:
        self.ballast.unlink(missing_ok=True)
        if free >= PLENTY:
            return
        found = os.statvfs(self.folder)
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize - free)


@pytest.fixture
def small_disk(tmp_path):
    """Mounts 64 MiB of memory as the folder of a journal."""
    folder = tmp_path / "house" / "journal"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "lasalle-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield RealSpace(folder)
    subprocess.run(["umount", str(folder)], check=True)


def refused_for_space(ask) -> None:
    with pytest.raises(Fault) as caught:
        ask()
    assert (caught.value.status, caught.value.name) == (503, "journal_full")
    assert "bytes" in str(caught.value), "it says what was missing"


def test_a_full_disk_refuses_orders_and_lets_risk_go(served_plainly, monkeypatch):  # noqa: F811
    fills_and_returns(served_plainly, FakedSpace(served_plainly.house.disk, monkeypatch))


def test_a_full_disk_under_the_compiled_engine(small_disk, tmp_path):
    if engine_class() is None:
        pytest.skip("the compiled engine was not built")
    with serving(tmp_path / "house") as served:
        assert isinstance(served.house.sequencer, EngineSequencer)
        fills_and_returns(served, small_disk)


def fills_and_returns(served, space) -> None:
    trader, house = served.client(11), served.client(1)
    for number in range(3):
        trader.place(1, SYMBOL, "buy", 1, price_ticks=180 + number, client_order_id=f"o{number}")
    space.leave(HEADROOM_BYTES - 4096)
    refused_for_space(lambda: trader.place(1, SYMBOL, "buy", 1, price_ticks=190))
    refused_for_space(lambda: house.command("deposit", account=1, asset=1, amount=5, reference="x"))
    live = {o.client_order_id for o in trader.live_orders(1)}
    assert live == {"o0", "o1", "o2"}, "what was refused left nothing"
    trader.cancel(1, "ref:o0")
    prices = [{"series": 1, "price": 2_000_000}]
    settled = house.command("settle_variation", day=20300101, prices=prices)
    assert settled.events[0]["name"] == "variation_settled"
    killed = house.command("engage_kill_switch", account=2)
    assert killed.events[0]["name"] == "kill_switch_engaged"
    assert HTTP.get(f"{served.address}/v1/series/{SYMBOL}/book").status_code == 200
    space.leave(40)
    refused_for_space(lambda: trader.cancel(1, "ref:o1"))
    space.leave(PLENTY)
    trader.cancel(1, "ref:o1")
    trader.place(1, SYMBOL, "buy", 1, price_ticks=190, client_order_id="after")
    assert {o.client_order_id for o in trader.live_orders(1)} == {"o2", "after"}
    assert trader.order(1, "ref:o0").status == "cancelled: requested"
    served.house.history.flush()
    report = verify(served.house.folder)
    assert report.faults == []
    assert report.number > 20
