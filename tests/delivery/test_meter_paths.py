"""What a meter lets pass: nothing that yields a token and is not counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from lasalle.delivery.terms import Side
from tests.delivery.test_metering import CHAT, Line, begun_terms, body, run

OTHERWISE = (
    b"/chat/completions",
    b"//v1/chat/completions",
    b"/v1/%63hat/completions",
    b"/v1/chat/completions/",
    b"/v1/../v1/chat/completions",
    b"/V1/chat/completions",
    b"http://engine/v1/chat/completions",
    b"/completion",
    b"/v1/embeddings",
    b"/" + b"x" * 5_000,
)
MESSAGES = {"messages": [{"role": "user", "content": "x"}]}
UNREADABLE: tuple[tuple[object, str], ...] = (
    ({**MESSAGES, "max_tokens": 4.5}, "$.max_tokens"),
    ({**MESSAGES, "stream": "yes"}, "$.stream"),
    ({"prompt": 5}, "$.prompt"),
    ({"prompt": ["a long text"]}, "$.prompt"),
    ({"prompt": [-1]}, "$.prompt"),
    ({"prompt": [2**32]}, "$.prompt"),
    ({"prompt": "x" * 900, "messages": []}, "both"),
    ({"max_tokens": 4}, "neither"),
    ([], "object"),
    (b"{", "truncated"),
    (b"\xff", "malformed"),
    (b'{"x":' + b"[" * 100_000, "deep"),
)


async def raw(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of an answer to bytes that no client bends into a proper path."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split()[0])
    found = int(head.split()[1]), await reader.readexactly(length)
    writer.close()
    return found


def asking(target: bytes, content: bytes, *, method: bytes = b"POST", more: bytes = b"") -> bytes:
    return b"%s %s HTTP/1.1\r\nhost: x\r\n%scontent-length: %d\r\n\r\n%s" % (
        method, target, more, len(content), content,
    )  # fmt: skip


def through(folder: Path, story: Callable[[Line, int], Awaitable[None]]) -> None:
    """A story at the buyer's meter and at the supplier's; each ends with a request that counts."""

    async def told(side: Side) -> None:
        async with Line(folder / side.value, begun_terms()) as line:
            meter = line.buyer if side is Side.BUYER else line.supplier
            await story(line, meter.port)
            assert line.engine.asked == 0
            assert not line.rows(Side.BUYER)
            assert not line.rows(Side.SUPPLIER)
            async with httpx.AsyncClient(base_url=line.buyer.address) as client:
                assert (await client.post(CHAT, content=body("good"))).status_code == 200
                assert (await client.get("/v1/models")).status_code == 200
            assert line.engine.asked == len(line.rows(side)) == 1

    for side in (Side.BUYER, Side.SUPPLIER):
        (folder / side.value).mkdir()
        run(lambda side=side: told(side))


@pytest.mark.rule("DEL-074")
def test_a_path_spelled_otherwise_reaches_no_endpoint(tmp_path: Path) -> None:
    async def story(line: Line, port: int) -> None:
        for target in OTHERWISE:
            status, said = await raw(port, asking(target, body("x")))
            error = json.loads(said)["error"]
            assert (status, error["type"]) == (404, "meter"), target
            assert "expected POST /v1/chat/completions" in error["message"]
            assert len(error["message"]) < 300
        for method, target in ((b"GET", b"/v1/completions"), (b"POST", b"/v1/models")):
            status, _ = await raw(port, asking(target, body("x"), method=method))
            assert status == 404, (method, target)

    through(tmp_path, story)


@pytest.mark.rule("DEL-074")
def test_what_cannot_be_counted_is_refused_by_field(tmp_path: Path) -> None:
    async def story(line: Line, port: int) -> None:
        for asked, word in UNREADABLE:
            content = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
            status, said = await raw(port, asking(CHAT.encode(), content))
            assert status == 400, asked
            assert word in json.loads(said)["error"]["message"], (asked, said)

    through(tmp_path, story)


@pytest.mark.rule("DEL-074")
def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        async with Line(tmp_path, begun_terms()) as line:
            for told in (b"9" * 6_000, b"soon", b"-1"):
                more = b"x-meter-scheduled-ns: %s\r\n" % told
                request = asking(CHAT.encode(), body("x"), more=more)
                status, said = await raw(line.buyer.port, request)
                assert status == 400
                assert "nanoseconds since 1970" in json.loads(said)["error"]["message"]
            assert line.engine.asked == 0

    run(story)


@pytest.mark.rule("DEL-074")
def test_after_the_end_no_token_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with Line(tmp_path, begun_terms()) as line:
            monkeypatch.setattr(type(line.keepers[Side.SUPPLIER].book), "over", True)
            status, said = await raw(line.supplier.port, asking(CHAT.encode(), body("x")))
            assert (status, b"is over" in said) == (410, True)
            assert line.engine.asked == 0

    run(story)
