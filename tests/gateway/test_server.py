"""Connections: answers in order, bounds on machines too, streams counted, headers that guard."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time

import httpx
import pytest
from websockets.asyncio.client import connect

from lasalle.gateway import server
from lasalle.gateway.limits import RATES, Buckets, Rate
from tests.gateway.conftest import SYMBOL, Served, serving
from tests.loopback import HTTP

GUARDS = ("content-security-policy", "x-content-type-options", "referrer-policy")


def heard(served: Served, sent: bytes, until: int = 0) -> bytes:
    """What comes back on one connection: until it is closed, or so many heads were heard."""
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(sent)
        found = b""
        while (not until or found.count(b"HTTP/1.1 ") < until) and (part := wire.recv(65_536)):
            found += part
        return found


def get(path: str, *more: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "host: a", *more, "", ""]).encode()


def placing(served: Served, ticks: int, *more: str, chunked: bool = False) -> bytes:
    body = json.dumps(
        {"account": 1, "symbol": SYMBOL, "side": "buy", "lots": 1, "price_ticks": ticks}
    ).encode()
    signed = served.keys[11].headers("POST", "/v1/orders", body)
    lines = ["POST /v1/orders HTTP/1.1", "host: a", *(f"{n}: {v}" for n, v in signed.items())]
    lines += [*more, "transfer-encoding: chunked" if chunked else f"content-length: {len(body)}"]
    if chunked:
        parts = (body[:20], body[20:], b"")
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.mark.rule("GTW-007")
def test_requests_of_one_connection_are_answered_in_their_order(served: Served):
    asked = b"".join(
        [
            placing(served, 190),
            get("/v1/time"),
            placing(served, 191, chunked=True),
            get("/v1/nothing"),
            get("/v1/accounts/1"),
            get("/healthz", "connection: close"),
        ]
    )
    found = heard(served, asked)
    assert re.findall(rb"HTTP/1.1 (\d+)", found) == [b"200", b"200", b"200", b"404", b"401", b"200"]
    told = re.findall(
        rb'"name":"order_rested"|"time":\d{18,}}|path_unknown|key_refused|"ok"', found
    )
    assert [t[:7] for t in told] == [
        t[:7]
        for t in (b'"name":"', b'"time":0', b'"name":"', b"path_unknown", b"key_refused", b'"ok"')
    ]
    assert sorted(o.price for o in served.client(11).live_orders(1)) == ["1.900000", "1.910000"]


def test_a_request_in_pieces_and_one_that_waits_for_a_word_are_heard(served: Served):
    host, port = served.address.removeprefix("http://").split(":")
    whole = placing(served, 190, "expect: 100-continue")
    head, _, body = whole.partition(b"\r\n\r\n")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        for byte in (head[:30], head[30:], b"\r\n\r\n"):
            wire.sendall(byte)
            time.sleep(0.05)
        assert wire.recv(100).startswith(b"HTTP/1.1 100 ")
        for part in (body[:1], body[1:]):
            wire.sendall(part)
            time.sleep(0.05)
        assert wire.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_head_is_a_get_without_its_body(served: Served):
    found = HTTP.head(served.address + "/v1/time")
    assert found.status_code == 200
    assert not found.content
    assert int(found.headers["content-length"]) > 0
    last = heard(served, get("/v1/time", "connection: close").replace(b"GET", b"HEAD", 1))
    assert last.endswith(b"\r\n\r\n")
    assert b"connection: close" in last
    assert heard(served, get("/v1/time").replace(b"HTTP/1.1", b"HTTP/1.0")).startswith(
        b"HTTP/1.1 200 "
    )


@pytest.fixture
def with_page(tmp_path):
    with serving(tmp_path / "house", page=True) as found:
        yield found


def test_the_page_and_the_door_share_a_connection_but_never_cross_answers(with_page: Served):
    """Whoever asks both without waiting gets the first answered and asks the second again."""
    for first, second in ((get("/"), get("/v1/time")), (placing(with_page, 190), get("/"))):
        found = heard(with_page, first + second)
        assert re.findall(rb"HTTP/1.1 (\d+)", found) == [b"200"]
    with httpx.Client() as client:
        answers = [client.get(with_page.address + p) for p in ("/", "/v1/time", "/web/page.js")]
    assert [a.status_code for a in answers] == [200, 200, 200]


def test_every_answer_says_what_a_browser_may_do_with_it(with_page: Served):
    for path in ("/", "/web/page.js", "/web/nothing.js", "/v1/time", "/v1/nothing", "/stream.html"):
        answer = HTTP.get(with_page.address + path)
        for name in GUARDS:
            assert name in answer.headers, (path, name)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
    early = heard(with_page, b"nonsense\r\n\r\n").lower()
    assert all(name.encode() in early for name in GUARDS)


@pytest.mark.rule("GTW-005")
def test_machines_have_a_bucket_too(tmp_path):
    few = Buckets({"machine": Rate(1, 3)})
    with serving(tmp_path / "house", buckets=few) as served:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert HTTP.get(served.address + path).status_code == 200
        for path in ("/healthz", "/readyz", "/metrics", "/startupz"):
            found = HTTP.get(served.address + path)
            assert found.status_code == 429
            assert found.json()["error"]["name"] == "too_many_requests"
        assert HTTP.get(served.address + "/v1/time").status_code == 200
    assert RATES["machine"].per_second >= 10, "a prober of a second or two is never refused"


@pytest.mark.rule("GTW-004")
def test_a_stream_is_counted_while_it_is_open_and_no_longer(served: Served):
    address = served.address.replace("http", "ws") + "/v1/stream"

    async def story() -> None:
        before = sum(server._open.values())
        async with connect(address), connect(address):
            assert sum(server._open.values()) == before + 2
        deadline = time.monotonic() + 5
        while sum(server._open.values()) > before and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        assert sum(server._open.values()) == before

    asyncio.run(story())
