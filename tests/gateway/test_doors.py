"""The doors under bad manners: sizes, times, headers, paths; health, files, limits, the log."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import httpx
import pytest

from lasalle import wire
from lasalle.client import Asking, Client, Fault, Key
from lasalle.client.registry import FAULTS
from lasalle.gateway import server
from lasalle.gateway.files import Files
from lasalle.gateway.limits import Rate
from lasalle.gateway.log import CommandLog, without_secrets
from lasalle.gateway.pages import make_cursor
from lasalle.indices import Observation, canonical_inputs
from lasalle.institution.published import MOST_INPUT_BYTES, kept_inputs
from tests.gateway.conftest import SYMBOL, Served
from tests.loopback import HTTP


def told(response: httpx.Response) -> dict[str, Any]:
    """The error of an answer; it has every field, and its name's code, status and rule."""
    error = response.json()["error"]
    assert set(error) == {"code", "name", "field", "rule", "expected", "found", "text"}
    if error["name"] in FAULTS:
        terms = FAULTS[error["name"]]
        assert (error["code"], response.status_code, error["rule"]) == terms[:3]
    return error


def raw(served: Served, sent: bytes, seconds: float = 10.0) -> bytes:
    """What the house answers to these very bytes."""
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as wire_:
        wire_.sendall(sent)
        parts = []
        while part := wire_.recv(65_536):
            parts.append(part)
        return b"".join(parts)


def signed(served: Served, method: str, path: str, body: bytes = b"", **more: str) -> Any:
    headers = {**served.keys[11].headers(method, path, body), **more}
    return HTTP.request(method, served.address + path, content=body, headers=headers)


@pytest.mark.rule("GTW-001")
def test_every_wrong_request_is_told_what_is_wrong(served: Served):
    at = served.address
    cases = [
        ("path_unknown", HTTP.get(at + "/v1/nothing")),
        ("path_unknown", HTTP.get(at + "/v1//time")),
        ("path_unknown", HTTP.get(at + "/v1/time/")),
        ("path_unknown", HTTP.get(at + "/v1/%2e%2e/time")),
        ("method_not_allowed", HTTP.post(at + "/v1/time")),
        ("method_not_allowed", HTTP.request("TRACE", at + "/v1/time")),
        ("malformed", HTTP.get(at + "/v1/time?x=1")),
        ("malformed", HTTP.get(at + "/v1/series?limit=0")),
        ("malformed", HTTP.get(at + "/v1/series?limit=9999999999999999999999")),
        ("malformed", HTTP.get(at + "/v1/series?cursor=%00%FF")),
        ("malformed", HTTP.get(at + f"/v1/series?cursor={make_cursor('other', 1)}")),
        ("malformed", HTTP.get(at + f"/v1/series?cursor={make_cursor('series', 2**63)}")),
        ("malformed", HTTP.get(at + f"/v1/series/{SYMBOL}/book?depth=-1")),
        ("series_unknown", HTTP.get(at + "/v1/series/%F0%9F%92%A9/book")),
        ("key_refused", HTTP.get(at + "/v1/accounts/1")),
        ("file_unknown", HTTP.get(at + "/v1/files/..%2F..%2Fkeys.sqlite")),
        ("malformed", signed(served, "POST", "/v1/orders", b"[" * 100_000)),
        ("malformed", signed(served, "POST", "/v1/orders", b'{"a":' * 20_000)),
        ("malformed", signed(served, "POST", "/v1/orders", b"\xff\xfe")),
        ("malformed", signed(served, "POST", "/v1/commands/place_order", b"[" * 100_000)),
        (
            "media_type_unsupported",
            signed(served, "POST", "/v1/orders", b"{}", **{"Content-Type": "text/xml"}),
        ),
        (
            "media_type_unsupported",
            signed(served, "POST", "/v1/orders", b"{}", **{"Content-Encoding": "gzip"}),
        ),
        ("scope_missing", signed(served, "POST", "/v1/commands/halt_market", b"{}")),
        ("path_unknown", signed(served, "POST", "/v1/commands/no_such", b"{}")),
        ("account_unknown", signed(served, "GET", "/v1/accounts/2")),
        ("malformed", signed(served, "GET", "/v1/accounts/99999999999")),
        ("malformed", signed(served, "GET", "/v1/accounts/%C2%B2")),
        ("order_unknown", signed(served, "GET", "/v1/accounts/1/orders/77")),
        ("order_unknown", signed(served, "GET", "/v1/accounts/1/orders/by-client-id/a%2Fb%20c")),
        ("malformed", signed(served, "GET", "/v1/accounts/1/orders/by-client-id/%C3%A9")),
    ]
    for name, response in cases:
        assert told(response)["name"] == name, (response.request.url, response.text)
    assert HTTP.post(at + "/v1/time").headers["Allow"] == "GET"
    assert {name for name, _ in cases} >= {"malformed", "key_refused", "scope_missing"}


@pytest.mark.rule("GTW-001")
def test_no_value_of_a_wrong_type_or_size_makes_the_house_fail(served: Served):
    odd: list[Any] = [
        None, True, -1, 0, 2**31, 2**63, 2**64, 10**30, -(2**63) - 1, 1.5, 1e308, "", "x" * 10_000,
        "é", "\u0000", "²", "--5", "9" * 5_000, [], {}, [[]], {"a": {}}, "buy\n", "NaN",
    ]  # fmt: skip
    order: dict[str, Any] = {
        "account": 1,
        "symbol": SYMBOL,
        "side": "buy",
        "lots": 1,
        "price_ticks": 190,
    }
    command = {"account": 1, "series": 1, "side": "buy", "order_type": "limit", "lots": 1}
    seen = set()
    for path, fields, names in (
        ("/v1/orders", order, [*order, "price", "label", "client_order_id",
                               "reference_time", "session", "expiry", "stop_price"]),
        ("/v1/commands/place_order", command, [*command, "price", "reference", "label"]),
        ("/v1/commands/mass_quote", {"account": 1}, ["quotes", "session"]),
        ("/v1/quotes", {"account": 1}, ["quotes"]),
    ):  # fmt: skip
        for name in names:
            for value in odd:
                body = json.dumps({**fields, name: value}).encode()
                response = signed(served, "POST", path, body)
                assert response.status_code < 500, (path, name, value, response.text)
                if response.status_code != 200:
                    told(response)
                seen.add(response.status_code)
    assert seen >= {200, 400, 404, 422}
    served.house.history.flush()
    (wide,) = [o for o in served.house.history.orders(1, 0, 10_000) if o.accepted.label == 2**63]
    assert wide.accepted == served.house.accounts.find_order(1, wide.accepted.order).accepted


@pytest.mark.rule("GTW-004")
def test_bodies_and_headers_are_bounded(served: Served):
    huge = b" " * (server.MOST_BODY_BYTES + 1)
    assert told(signed(served, "POST", "/v1/orders", huge))["name"] == "body_too_large"
    many = b"GET /v1/time HTTP/1.1\r\nhost: a\r\n" + b"x-filler: " + b"y" * server.MOST_HEADER_BYTES
    found = raw(served, many)
    assert found.startswith(b"HTTP/1.1 431 ")
    assert b'"headers_too_large"' in found
    assert raw(served, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    smuggled = (
        b"POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n"
        b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert raw(served, smuggled).startswith(b"HTTP/1.1 400 ")


@pytest.mark.rule("GTW-004")
def test_a_request_that_never_ends_is_ended(served: Served, monkeypatch):
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(server, "BODY_SECONDS", 0.3)
    slow = raw(served, b"GET /v1/time HTTP/1.1\r\nhost: a\r\nx-slow: ")
    assert slow.startswith(b"HTTP/1.1 408 ")
    assert raw(served, b"") == b"", "a connection that says nothing is closed"
    half = raw(served, b"POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{")
    assert half.startswith(b"HTTP/1.1 408 ")
    assert HTTP.get(served.address + "/v1/time").status_code == 200


@pytest.mark.rule("GTW-003")
def test_a_header_names_no_other_address_and_no_second_key(served: Served):
    made = served.house.keys.create(11, ("read",), ("10.0.0.0/8",))
    key = Key(made.key, made.secret)
    headers = key.headers("GET", "/v1/accounts/1", b"")
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        headers = {**key.headers("GET", "/v1/accounts/1", b""), name: "10.1.1.1"}
        response = HTTP.get(served.address + "/v1/accounts/1", headers=headers)
        assert told(response)["name"] == "scope_missing"
    twice = [*served.keys[11].headers("GET", "/v1/accounts/1", b"").items()]
    response = HTTP.get(served.address + "/v1/accounts/1", headers=[*twice, twice[0]])
    assert told(response)["name"] == "malformed"


@pytest.mark.rule("GTW-002")
def test_whoever_signs_wrongly_too_often_waits(served: Served):
    path = "/v1/accounts/1"
    # Slower than any machine asks: what is spent does not come back during the test.
    served.gateway.buckets.rates["failure"] = Rate(1, 20)
    with httpx.Client(base_url=served.address) as client:
        for _ in range(300):
            wrong = served.keys[11].headers("GET", "/v1/accounts/2", b"")
            response = client.get(path, headers=wrong)
            if response.status_code == 429:
                break
    assert told(response)["name"] == "too_many_requests"
    assert int(response.headers["Retry-After"]) >= 1
    assert "lasalle_signature_failures_total" in served.gateway.measured().decode()


def test_limits_and_costs_are_published(served: Served):
    limits = HTTP.get(served.address + "/v1/limits").json()
    described = HTTP.get(served.address + "/openapi.json").json()
    for row in limits["costs"]:
        operation = described["paths"][row["path"]][row["method"].lower()]
        assert (operation["x-cost"], operation["x-bucket"]) == (row["cost"], row["bucket"])
    response = HTTP.get(served.address + "/v1/time")
    assert int(response.headers["X-RateLimit-Limit"]) == limits["rates"]["public"]["burst"]
    assert int(response.headers["X-RateLimit-Remaining"]) < limits["rates"]["public"]["burst"]


@pytest.mark.rule("GTW-007")
def test_readiness_means_something(served_plainly: Served):
    served = served_plainly
    at, gateway = served.address, served.gateway
    assert HTTP.get(at + "/readyz").json()["questions"] == [
        "clock_skew", "log_appendable", "replay_caught_up", "views_lag",
    ]  # fmt: skip
    gateway.broken = "a view stopped"
    assert told(HTTP.get(at + "/readyz"))["field"] == "views_lag"
    gateway.broken, gateway.started = "", False
    assert told(HTTP.get(at + "/startupz"))["name"] == "not_ready"
    gateway.started = True
    gateway.health._wall -= 10**10
    assert told(HTTP.get(at + "/readyz"))["field"] == "clock_skew"
    gateway.health._wall += 10**10
    served.house.journal._headroom_bytes = 2**62
    assert told(HTTP.get(at + "/readyz"))["field"] == "log_appendable"
    order = {"account": 1, "symbol": SYMBOL, "side": "buy", "lots": 1, "price_ticks": 190}
    full = signed(served, "POST", "/v1/orders", json.dumps(order).encode())
    assert told(full)["name"] == "journal_full"
    served.house.journal._headroom_bytes = 0
    assert HTTP.get(at + "/readyz").status_code == 200
    assert HTTP.get(at + "/healthz").json() == {"ok": True}


@pytest.mark.rule("GTW-008")
def test_files_of_the_day_are_published(served: Served):
    prices = (wire.SeriesPrice(1, 2_010_000),)
    admin = served.client(1)
    admin.command("settle_variation", day=20_990_101, prices=[{"series": 1, "price": 2_010_000}])
    admin.command("publish_fixing", index=1, day=20_990_101, price=2_000_000, method=1,
                  inputs="00" * 32)  # fmt: skip
    served.house.history.flush()
    files = HTTP.get(served.address + "/v1/files").json()["files"]
    assert [f["name"] for f in files] == ["settlement-prices-20990101.csv", "fixings-1.csv"]
    settled, fixings = (
        HTTP.get(f"{served.address}/v1/files/{f['name']}").text.splitlines() for f in files
    )
    assert settled[1] == f"20990101,{SYMBOL},2.010000,{prices[0].price}"
    assert fixings[1].startswith("1,20990101,2.000000,false,false,1,0000")


@pytest.mark.rule("GTW-008")
def test_inputs_laid_down_by_an_index_desk_are_published(tmp_path, served: Served):
    rows = [Observation(date(2099, 1, day), "desk", Decimal("2.5")) for day in (1, 3)]
    first, third = (canonical_inputs([row]) for row in rows)
    (tmp_path / "1-20990101.txt").write_bytes(first)
    (tmp_path / "1-20990103.txt").write_bytes(third + b"bent")
    (tmp_path / "1-notaday.txt").write_bytes(first)
    served.gateway.files = Files(served.house.market, served.house.history, kept_inputs(tmp_path))
    admin = served.client(1)
    for day, text in ((20_990_101, first), (20_990_102, first), (20_990_103, third)):
        admin.command("publish_fixing", index=1, day=day, price=2_500_000, method=1,
                      inputs=sha256(text).hexdigest())  # fmt: skip
    served.house.history.flush()

    def found(day: int) -> httpx.Response:
        return HTTP.get(f"{served.address}/v1/files/inputs-1-{day}.txt")

    assert found(20_990_101).content == first
    assert found(20_990_102).content == first, "a carried day has the inputs it is carried from"
    assert found(20_990_103).status_code == 404, "what does not bear the hash is not given out"
    (tmp_path / "1-20990103.txt").write_bytes(third)
    assert found(20_990_103).content == third
    (tmp_path / "1-20990103.txt").write_bytes(b"x" * (MOST_INPUT_BYTES + 1))
    assert kept_inputs(tmp_path)(1, 20_990_103) is None
    assert kept_inputs(tmp_path)(2, 20_990_103) is None


@pytest.mark.rule("GTW-003")
def test_what_waits_for_a_second_operator_is_for_the_house_alone(served: Served):
    asking: Asking[dict[str, Any]] = Asking("GET", "/v1/proposals", dict)
    admin = served.client(1)
    asked = wire.RegisterMember(member=9, name="M9")
    admin.command("propose", command=asked.KIND, payload=asked.pack().hex())
    (waiting,) = admin.ask(asking)["proposals"]
    assert (waiting["command"], waiting["fields"]["member"]) == ("register_member", 9)
    made = served.house.keys.create(11, ("read", "admin"))
    with pytest.raises(Fault) as refused:
        Client(served.address, Key(made.key, made.secret)).ask(asking)
    assert (refused.value.status, refused.value.name) == (403, "role_missing")


def test_the_log_has_a_line_a_command_and_no_secret(tmp_path, served: Served):
    path = tmp_path / "commands.log"
    served.gateway.log = CommandLog(path)
    served.client(11).place(1, SYMBOL, "buy", 1, price_ticks=190, client_order_id="trace-me")
    with pytest.raises(Fault):
        served.client(11).place(1, SYMBOL, "buy", 0, price_ticks=190)
    served.gateway.log.write()
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert (first["trace"], first["name"], first["outcome"]) == (
        "trace-me", "place_order", "accepted",
    )  # fmt: skip
    assert first["number"] > 0
    assert second["outcome"] == "quantity_not_positive"
    filtered = without_secrets({"signature": "abc", "key_secret": "abc", "account": 1})
    assert "abc" not in filtered.values()
    assert filtered["account"] == 1


def test_a_thousand_connections_are_served(served: Served):
    host, port = served.address.removeprefix("http://").split(":")

    async def one() -> int:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /v1/time HTTP/1.1\r\nhost: a\r\n\r\n")
        line = await reader.readline()
        await waiting.wait()
        writer.close()
        return int(line.split()[1])

    async def story() -> list[int]:
        asks = [asyncio.create_task(one()) for _ in range(1_000)]
        await asyncio.sleep(0)
        async with asyncio.timeout(60), httpx.AsyncClient() as client:
            response = await client.get(served.address + "/healthz")
            assert response.status_code == 200
            waiting.set()
            return await asyncio.gather(*asks)

    waiting = asyncio.Event()
    assert asyncio.run(story()).count(200) == 1_000


@pytest.mark.rule("GTW-001")
@pytest.mark.parametrize(
    ("path", "fields", "field", "expected", "found"),
    [
        ("orders", {"time_in_force": "soon"}, "time_in_force", "one of day, gtc, gtd", "soon"),
        ("orders", {"price": "6,3"}, "price", "USD per unit, exact, as 6.35", "6,3"),
        ("orders", {"lots": "many"}, "lots", "a whole number", "many"),
        ("orders", {"acount": 1}, "acount", "one of account, symbol, side", "acount"),
        ("orders", {"side": None}, "side", "one of buy, sell", "nothing"),
        ("commands/place_order", {}, "side", "one of buy, sell", "nothing"),
        ("commands/place_order", {"sid": 1}, "sid", "one of account, series, side", "sid"),
    ],
)
def test_what_a_field_may_hold_is_said(served, path, fields, field, expected, found):
    sent = {"account": 1, "symbol": SYMBOL, "side": "buy", "lots": 1} if path == "orders" else {}
    body = {n: v for n, v in {**sent, **fields}.items() if v is not None}
    error = told(signed(served, "POST", f"/v1/{path}", json.dumps(body).encode()))
    assert (error["name"], error["field"], error["found"]) == ("malformed", field, found)
    assert error["expected"].startswith(expected)


@pytest.mark.rule("EXC-005")
@pytest.mark.parametrize("name", ["nobody-s", "by-client-id/nobody-s"])
def test_a_cancel_by_an_unknown_name_repeats_the_name(served, name):
    error = told(signed(served, "DELETE", f"/v1/accounts/1/orders/{name}", b""))
    assert (error["name"], error["found"]) == ("order_unknown", "nobody-s")
    assert "client order id nobody-s" in error["text"]
