"""The demonstration as its visitor meets it: quoted both ways, killed, started again, stopped."""

from __future__ import annotations

import json
import signal
import time

import pytest

from lasalle.client import Client, Key
from lasalle.institution.command_line import main
from lasalle.venue import verify
from tests.gateway.test_gateway import Served
from tests.market_hours import needs_trading

WAIT_SECONDS = 60


def until(true, what: str):
    """What `true` gives once it gives something."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        found = true()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"never: {what}")


def two_sided(client: Client) -> dict[str, int]:
    """How many series of each kind are quoted on both sides."""
    counts = {"future": 0, "call": 0, "put": 0, "swap": 0}
    for row in client.series():
        book = client.book(row.symbol)
        counts[row.kind] += bool(book.bids and book.asks)
    return counts


@pytest.fixture
def operator(tmp_path, capsys):
    """Gives a client of the first operator, with a key made while the house is served."""

    def make(served: Served) -> Client:
        words = ["key", str(served.folder), "1", "--scopes", "read,trade,transfer,admin"]
        assert main(words) == 0
        content = json.loads(capsys.readouterr().out)
        return Client(served.address, Key(content["key"], content["secret"]))

    return make


def test_the_family_is_quoted_and_a_killed_house_is_back(tmp_path, operator):
    needs_trading()
    served = Served(tmp_path / "h")
    house = operator(served)
    until(lambda: "both sides" in str(served.http.get("/v1/status").json()["maker"]), "quotes")
    counts = two_sided(house)
    assert counts["future"] >= 23, "24 months; one that ends may be worth no tick"
    assert min(counts["call"], counts["put"]) >= 14
    assert counts["swap"] == 8
    live = house.account(1).live_orders
    served.child.send_signal(signal.SIGKILL)
    served.child.wait(20)
    again = Served(served.folder)
    house = Client(again.address, house._key)
    until(lambda: "both sides" in str(again.http.get("/v1/status").json()["maker"]), "quotes again")
    assert two_sided(house) == counts
    assert house.account(1).live_orders == live, "what was quoted before is replaced, not doubled"
    house.command("engage_kill_switch", account=1)
    said = until(
        lambda: (
            "cannot" in again.http.get("/v1/status").json()["maker"]
            and again.http.get("/v1/status").json()["maker"]
        ),
        "the maker says why",
    )
    assert "account_killed (INS-009)" in said
    house.command("release_kill_switch", account=1)
    until(lambda: "both sides" in again.http.get("/v1/status").json()["maker"], "quotes once more")
    printed = again.stop()
    assert "State hash after command" in printed
    assert "settlement 00:30" in printed
    assert "Real: " in printed
    assert "Simulated: " in printed
    assert said in printed
    assert verify(served.folder).faults == []
