"""Frames as readers send them: in pieces, together, fragmented, too long, unmasked."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from lasalle.gateway.framing import whole_frame
from lasalle.gateway.server import MOST_STREAM_MESSAGE_BYTES
from tests.gateway.conftest import Served

HANDSHAKE = (
    b"GET /v1/stream?channels=status HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\n"
    b"connection: upgrade\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def frame(opcode: Opcode, payload: bytes, fin: bool = True, mask: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=mask)


def said(op: str, **more: Any) -> bytes:
    return json.dumps({"op": op, **more}).encode()


class Reader:
    """A stream by hand."""

    def __init__(self, wire: socket.socket) -> None:
        self.wire, self._buffer = wire, b""
        wire.sendall(HANDSHAKE)
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += wire.recv(65_536)
        self._buffer = self._buffer.partition(b"\r\n\r\n")[2]

    def hear(self) -> tuple[int, bytes]:
        """(first byte, payload) of the next frame; (0, b"") at the end."""
        while True:
            if len(self._buffer) >= 2:
                size, at = self._buffer[1], 2
                if size >= 126:
                    wide = 2 if size == 126 else 8
                    size, at = int.from_bytes(self._buffer[2 : 2 + wide]), 2 + wide
                if len(self._buffer) >= at + size:
                    first, found = self._buffer[0], self._buffer[at : at + size]
                    self._buffer = self._buffer[at + size :]
                    return first, found
            part = self.wire.recv(65_536)
            if not part:
                return 0, b""
            self._buffer += part

    def channel(self, *wanted: str) -> dict[str, Any]:
        """The next message of one of these channels."""
        while True:
            first, found = self.hear()
            assert first == 0x81, (first, found)
            message = json.loads(found)
            if message["channel"] in wanted:
                return message


@contextmanager
def reading(served: Served) -> Iterator[Reader]:
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        yield Reader(wire)


def test_frames_are_heard_however_they_are_cut(served: Served):
    one = frame(Opcode.TEXT, said("ping"))
    wide = frame(Opcode.TEXT, said("ping", filler="x" * 70))
    wider = frame(Opcode.TEXT, said("ping", filler="x" * 60_000))
    with reading(served) as reader:
        for byte in one + wide:
            reader.wire.sendall(bytes((byte,)))
        assert [reader.channel("pong", "error")["channel"] for _ in range(2)] == ["pong"] * 2
        reader.wire.sendall(one * 3 + wider[:100])
        reader.wire.sendall(wider[100:] + wide + one[:3])
        reader.wire.sendall(one[3:])
        assert [reader.channel("pong", "error")["channel"] for _ in range(6)] == ["pong"] * 6
        cut = said("ping", filler="\u00fc").replace(b"\\u00fc", "\u00fc".encode())
        middle = cut.index("\u00fc".encode()) + 1
        reader.wire.sendall(frame(Opcode.TEXT, cut[:middle], fin=False))
        reader.wire.sendall(frame(Opcode.CONT, cut[middle:]) + frame(Opcode.TEXT, cut))
        assert [reader.channel("pong", "error")["channel"] for _ in range(2)] == ["pong"] * 2
        reader.wire.sendall(frame(Opcode.TEXT, b"no json") + frame(Opcode.BINARY, said("ping")))
        assert [reader.channel("pong", "error")["channel"] for _ in range(2)] == ["error", "pong"]


def test_control_frames_and_fragments_pass_between_messages(served: Served):
    message = said("ping")
    with reading(served) as reader:
        reader.channel("snapshot")
        reader.wire.sendall(
            frame(Opcode.TEXT, message[:4], fin=False)
            + frame(Opcode.PING, b"are you there")
            + frame(Opcode.CONT, message[4:])
            + frame(Opcode.TEXT, message)
        )
        assert reader.hear() == (0x8A, b"are you there")
        assert [reader.channel("pong", "error")["channel"] for _ in range(2)] == ["pong"] * 2
        reader.wire.sendall(frame(Opcode.CLOSE, (1000).to_bytes(2)))
        assert reader.hear() == (0x88, (1000).to_bytes(2))


@pytest.mark.rule("GTW-004")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(Opcode.TEXT, b"x" * (MOST_STREAM_MESSAGE_BYTES + 20)), 1009),
        (frame(Opcode.TEXT, b"x" * (MOST_STREAM_MESSAGE_BYTES + 1)), 1009),
        (b"\x81\xff" + (2**62).to_bytes(8) + bytes(4), 1009),
        (frame(Opcode.TEXT, b"{}", mask=False), 1002),
        (frame(Opcode.TEXT, b"{", fin=False) + frame(Opcode.TEXT, b"}"), 1002),
        (b"\xf1" + frame(Opcode.TEXT, b"{}")[1:], 1002),
        (frame(Opcode.TEXT, b'{"op": "ping\xff"}'), 1007),
        (frame(Opcode.TEXT, b"\xc3", fin=False) + frame(Opcode.CONT, b"\x28"), 1007),
    ],
    ids=[
        "too long",
        "one too many",
        "longer than any",
        "unmasked",
        "within a message",
        "bits",
        "no UTF-8",
        "no UTF-8 in pieces",
    ],
)
def test_what_is_no_frame_of_a_reader_ends_the_stream_with_a_code(served: Served, sent, code):
    with reading(served) as reader:
        reader.channel("snapshot")
        reader.wire.sendall(sent)
        first, found = reader.hear()
        assert (first, int.from_bytes(found[:2])) == (0x88, code), found


def test_the_length_of_a_frame_is_read_as_websockets_writes_it():
    for size in (0, 1, 125, 126, 65_535, 65_536):
        made = b"before" + frame(Opcode.TEXT, bytes(size))
        assert whole_frame(made + b"after", 6) == (len(made) - size, len(made))
        assert whole_frame(made[:7], 6) == (0, 0)
    assert whole_frame(frame(Opcode.TEXT, bytes(126))[:3], 0) == (0, 0)
