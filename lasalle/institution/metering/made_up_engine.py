"""An endpoint that is made up: it streams words drawn from the prompt's digest in the form of an
OpenAI-compatible server. It has no weights and is no evidence of anything; tests, kills and benches
use it where an engine's own time would hide what is measured.
"""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
from typing import Any

from lasalle.delivery.answers import read_asked
from lasalle.delivery.counting import byte_counter
from lasalle.institution.metering.http_parts import (
    LAST_CHUNK,
    Request,
    chunk_of,
    head_of,
    plain_answer,
    read_request,
)

WORDS = ("ask", "bid", "cap", "day", "hour", "lot", "mark", "node", "rack", "spot", "term", "unit")


def words_of(body: bytes, count: int) -> list[str]:
    """The answer to a body: so many words, each with a space before it."""
    seed = sha256(body).digest()
    return [" " + WORDS[seed[n % len(seed)] % len(WORDS)] for n in range(count)]


class MadeUpEngine:
    """Serves on the loopback."""

    def __init__(self, pause_s: float = 0.0, first_s: float = 0.0) -> None:
        """pause_s: between two words; first_s: before the first."""
        self.pause_s, self.first_s = pause_s, first_s
        self.port = 0
        self.asked = 0
        self.claims_times = 1
        """What its usage says of a prompt, times what it was."""
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listens; port 0 takes a free one."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:  # fmt: skip
        try:
            while (request := await read_request(reader)) is not None:
                await self.answer(request, writer)
                await writer.drain()
                if not request.keep_alive:
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Answers one request."""
        if request.method != b"POST":
            writer.write(plain_answer(200, "made up"))
            return
        self.asked += 1
        try:
            asked: dict[str, Any] = json.loads(request.body)
        except ValueError:
            writer.write(plain_answer(400, "expected JSON"))
            return
        words = words_of(request.body, int(asked.get("max_tokens") or 8))
        chat = request.target.startswith(b"/v1/chat")
        read = read_asked(request.body)
        prompt = len(byte_counter().prompt_ids(read)) if read else 0
        usage = {"prompt_tokens": prompt * self.claims_times,
                 "completion_tokens": len("".join(words))}  # fmt: skip
        await asyncio.sleep(self.first_s)
        if not asked.get("stream"):
            whole = "".join(words)
            said = {"message": {"role": "assistant", "content": whole}} if chat else {"text": whole}
            body = json.dumps({"choices": [{**said, "finish_reason": "length"}], "usage": usage})
            writer.write(
                head_of(200, [(b"content-type", b"application/json")], keep_alive=True)
                + chunk_of(body.encode()) + LAST_CHUNK
            )  # fmt: skip
            return
        writer.write(head_of(200, [(b"content-type", b"text/event-stream")], keep_alive=True))
        for word in words:
            said = {"delta": {"content": word}} if chat else {"text": word}
            writer.write(_event({"choices": [{**said, "finish_reason": None}]}))
            await writer.drain()
            # Even without a pause the loop gets its turn: words leave one by one.
            await asyncio.sleep(self.pause_s)
        last: dict[str, Any] = {"delta": {}} if chat else {"text": ""}
        writer.write(_event({"choices": [{**last, "finish_reason": "length"}], "usage": usage}))
        writer.write(chunk_of(b"data: [DONE]\n\n") + LAST_CHUNK)


def _event(said: dict[str, Any]) -> bytes:
    return chunk_of(b"data: " + json.dumps(said).encode() + b"\n\n")
