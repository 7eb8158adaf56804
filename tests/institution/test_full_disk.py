"""A served house whose disk fills: orders are refused, risk can still be taken away, space brings
service back."""

from __future__ import annotations

import errno

import httpx
import pytest

from lasalle.client import Fault
from lasalle.venue import verify
from lasalle.venue.journal import HEADROOM_BYTES
from tests.gateway.conftest import SYMBOL, served  # noqa: F401

PLENTY = 10**12


class Space:
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


def refused_for_space(ask) -> None:
    with pytest.raises(Fault) as caught:
        ask()
    assert (caught.value.status, caught.value.name) == (503, "journal_full")
    assert "bytes" in str(caught.value), "it says what was missing"


def test_a_full_disk_refuses_orders_and_lets_risk_go(served, monkeypatch):  # noqa: F811
    space = Space(served.house.disk, monkeypatch)
    trader, house = served.client(11), served.client(1)
    for number in range(3):
        trader.place(1, SYMBOL, "buy", 1, price_ticks=180 + number, client_order_id=f"o{number}")
    space.free = HEADROOM_BYTES - 1
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
    assert httpx.get(f"{served.address}/v1/series/{SYMBOL}/book").status_code == 200
    space.free = 40
    refused_for_space(lambda: trader.cancel(1, "ref:o1"))
    space.free = PLENTY
    trader.cancel(1, "ref:o1")
    trader.place(1, SYMBOL, "buy", 1, price_ticks=190, client_order_id="after")
    assert {o.client_order_id for o in trader.live_orders(1)} == {"o2", "after"}
    assert trader.order(1, "ref:o0").status == "cancelled: requested"
    served.house.history.flush()
    report = verify(served.house.folder)
    assert report.faults == []
    assert report.number > 20
