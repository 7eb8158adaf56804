"""A real server on a loopback port: signatures, orders, refusals, the stream, a restart."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from lasalle import wire
from lasalle.gateway.keys import sign, signed_text
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.institution.command_line import main
from tests.market_hours import needs_trading

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A demonstration house in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lasalle.institution.command_line",
                "run",
                "--dir",
                str(folder),
                "--port",
                str(self.port),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.address = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.address, timeout=20)
        for _ in range(300):
            try:
                quoted = self.http.get("/v1/series/" + self.symbol() + "/book").json()
                if quoted["asks"]:
                    break
            except (httpx.HTTPError, KeyError, IndexError):
                pass
            time.sleep(0.1)
        else:
            raise AssertionError("the maker never quoted")
        self.key = json.loads((folder / "demo-key.json").read_text())

    def symbol(self) -> str:
        series = self.http.get("/v1/series").json()["series"]
        return [s["symbol"] for s in series if s["kind"] == "future"][2]

    def headers(self, method: str, path: str, body: bytes, shift_ms: int = 0) -> dict[str, str]:
        stamp = time.time_ns() // 10**6 + shift_ms
        return {
            "X-LaSalle-Key": self.key["key"],
            "X-LaSalle-Timestamp": str(stamp),
            "X-LaSalle-Signature": sign(self.key["secret"], signed_text(stamp, method, path, body)),
        }

    def call(self, method: str, path: str, content: object = None) -> httpx.Response:
        body = b"" if content is None else json.dumps(content).encode()
        return self.http.request(
            method, path, content=body, headers=self.headers(method, path, body)
        )

    def stop(self) -> str:
        self.child.send_signal(signal.SIGINT)
        assert self.child.stdout is not None
        out = self.child.stdout.read()
        assert self.child.wait(20) == 0
        return out


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    needs_trading()
    house = Served(tmp_path_factory.mktemp("house") / "h")
    yield house
    if house.child.poll() is None:
        house.stop()


def order(served: Served, **more: object) -> dict[str, object]:
    book = served.http.get(f"/v1/series/{served.symbol()}/book").json()
    return {
        "account": 2,
        "symbol": served.symbol(),
        "side": "buy",
        "lots": 3,
        "time_in_force": "ioc",
        "price_ticks": book["asks"][0]["price_ticks"],
        **more,
    }


def test_an_order_trades_and_its_repetition_gives_the_first_result(served):
    wanted = order(served, client_order_id="first-1")
    first = served.call("POST", "/v1/orders", wanted).json()
    assert [e["name"] for e in first["events"]][-2:] == ["order_accepted", "traded"]
    assert not any("sell" in k for k in first["events"][-1]), "the other side stays unknown"
    again = served.call("POST", "/v1/orders", wanted).json()
    assert again["replayed"]
    other = served.call("POST", "/v1/orders", {**wanted, "lots": 4})
    assert other.status_code == 409
    assert other.json()["error"]["rule"] == "EXC-003"
    mine = served.call("GET", "/v1/accounts/2/orders?client_order_id=first-1").json()["orders"]
    assert [(o["status"], o["filled_lots"]) for o in mine] == [("filled", 3)]


def test_refusals_tell_code_field_rule_expected_and_found(served):
    error = served.call("POST", "/v1/orders", order(served, lots=0)).json()["error"]
    rule, field, text = wire.REFUSALS[wire.Refusal.QUANTITY_NOT_POSITIVE]
    assert error == {
        "code": int(wire.Refusal.QUANTITY_NOT_POSITIVE),
        "field": field,
        "rule": rule,
        "name": "quantity_not_positive",
        "expected": 1,
        "found": 0,
        "text": text.format(expected=1, found=0),
    }


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"account": "x"}, "account: expected"),
        ([], "object"),
        ({"account": 2, "symbol": "H100-1999-01", "side": "buy", "lots": 1}, "listed symbol"),
    ],
)
def test_bad_bodies_are_refused_in_words(served, content, text):
    answer = served.call("POST", "/v1/orders", content)
    assert answer.status_code == (404 if "listed" in text else 400)
    assert text in answer.json()["error"]["text"]


def test_unknown_fields_wrong_types_and_wide_numbers_are_refused(served):
    for more in ({"colour": 1}, {"lots": 1.5}, {"lots": 2**70}, {"side": "up"}, {"lots": True}):
        assert served.call("POST", "/v1/orders", order(served, **more)).status_code == 400


def test_signatures_are_for_one_request_once_and_in_time(served):
    path, body = "/v1/accounts/2", b""
    fresh = served.headers("GET", path, body)
    assert served.http.get(path, headers=fresh).status_code == 200
    assert "used before" in served.http.get(path, headers=fresh).json()["error"]["text"]
    other = served.headers("GET", path, body)
    assert served.http.get("/v1/accounts/1", headers=other).status_code == 401
    late = served.headers("GET", path, body, shift_ms=-6_000)
    assert "timestamp" in served.http.get(path, headers=late).json()["error"]["text"]
    assert served.http.get(path).status_code == 401
    unknown = {**served.headers("GET", path, body), "X-LaSalle-Key": "none"}
    assert served.http.get(path, headers=unknown).status_code == 401


def test_another_members_account_is_not_shown(served):
    assert served.call("GET", "/v1/accounts/1").status_code == 404
    assert served.call("POST", "/v1/orders", order(served, account=1)).status_code == 403


def test_a_book_built_from_deltas_is_the_book(served):
    symbol = served.symbol()
    with connect(f"ws://127.0.0.1:{served.port}/v1/stream") as stream:
        books = {b["symbol"]: b for b in json.loads(stream.recv())["books"]}
        seq = books[symbol]["seq"]
        levels = {
            (side, x["price_ticks"]): x["lots"]
            for side, name in (("buy", "bids"), ("sell", "asks"))
            for x in books[symbol][name]
        }
        below = min(x["price_ticks"] for x in books[symbol]["bids"]) - 1
        placed = order(served, time_in_force="gtc", price_ticks=below, lots=2)
        number = served.call("POST", "/v1/orders", placed).json()["events"][-1]["order"]
        served.call("DELETE", f"/v1/accounts/2/orders/{number}")
        served.call("POST", "/v1/orders", {**placed, "lots": 7})
        heard = 0
        while levels.get(("buy", below)) != 7:
            message = json.loads(stream.recv(timeout=10))
            if message["channel"] != "book" or message["symbol"] != symbol:
                continue
            assert message["prev_seq"] == seq, "no gap"
            seq, heard = message["seq"], heard + 1
            for x in message["levels"]:
                levels[x["side"], x["price_ticks"]] = x["lots"]
    assert heard >= 3
    now = served.http.get(f"/v1/series/{symbol}/book").json()
    if now["seq"] == seq:
        found = {("buy", x["price_ticks"]): x["lots"] for x in now["bids"]}
        assert found == {k: v for k, v in levels.items() if k[0] == "buy" and v}


@pytest.mark.rule("GTW-008")
def test_every_fixing_has_its_inputs_published(served):
    fixings = served.http.get("/v1/fixings?limit=20").json()["fixings"]
    shown = set()
    for fixing in fixings:
        found = served.http.get(f"/v1/files/inputs-{fixing['index']}-{fixing['day']}.txt")
        whole = sha256(found.content).hexdigest()
        # Version 2 bears the root of the tree over the rows, so that a bent one is named.
        root = root_of(leaves_of(found.content.split(b"\n")[:-1])).hex()
        assert fixing["inputs"] == (whole if fixing["method"] == 1 else root)
        shown.add(fixing["method"])
    assert len(fixings) == 20
    assert shown == {4}, "every record begins under the newest tables"
    later = served.http.get("/v1/files/inputs-1-20990101.txt")
    assert later.status_code == 404, "what is not fixed is not published"


def test_everything_is_there_after_a_restart(served, capsys):
    before = served.call("GET", "/v1/accounts/2").json()
    closed = served.stop()
    state_hash = closed.strip().split()[-1]
    assert main(["verify", str(served.folder)]) == 0
    assert state_hash in capsys.readouterr().out
    again = Served(served.folder)
    after = again.call("GET", "/v1/accounts/2").json()
    for told in (before, after):
        # The margin is told as of the last event of the house, and its maker goes on quoting.
        del told["margin"]["event"]
    assert after == before
    assert f"Same state hash as at the last close: {state_hash[:16]}" in again.stop()


def test_a_production_house_is_empty(tmp_path, capsys):
    folder = tmp_path / "real"
    assert main(["init", "--production", str(folder)]) == 0
    assert sorted(p.suffix for p in folder.iterdir() if "demo" in p.name) == []
    assert main(["verify", str(folder)]) == 0
    assert "number 0" in capsys.readouterr().out
