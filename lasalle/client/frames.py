"""A client of the frame door: command frames over TCP, answered when they are durable.

Bytes and an example: docs/desks/frame-door.md.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import TracebackType
from typing import Any

import google_crc32c

from lasalle import wire
from lasalle.client.signing import Key, sign

HELLO, LOGON, WELCOME, ANSWER, ERROR, HEARTBEAT, LOGOUT = range(3000, 3007)
SIGNED = b"LaSalle frame door 1\n"
HELLO_BLOCK = struct.Struct("<32sIII")
LOGON_BLOCK = struct.Struct("<33p64s?")
WELCOME_BLOCK = struct.Struct("<IIQ")
ANSWER_BLOCK = struct.Struct("<QQII")
ERROR_BLOCK = struct.Struct("<H?I")
READ_BYTES = 1 << 18


class ErrorCode(IntEnum):
    """What the frame door refuses with."""

    BAD_FRAME = 1
    FRAME_TOO_LONG = 2
    NOT_LOGGED_ON = 3
    KEY_REFUSED = 4
    SCOPE_MISSING = 5
    VENUE_ONLY = 6
    SESSION_NOT_YOURS = 7
    NUMBER_NOT_ASCENDING = 8
    JOURNAL_FULL = 9
    VENUE_BUSY = 10
    VENUE_STOPPED = 11
    SILENT = 12
    CLOCK_WRONG = 13


class DoorRefused(Exception):
    """An error frame: its code, the request (0: the connection itself), whether the door closes."""

    def __init__(self, code: ErrorCode, request: int, fatal: bool, text: str) -> None:
        super().__init__(f"{code.name.lower()}: {text}")
        self.code, self.request, self.fatal = code, request, fatal


@dataclass
class FrameAnswer:
    """What a request came to: its command numbers and the events its asker may see."""

    request: int
    first: int
    last: int
    events: list[tuple[wire.Header, Any]] = field(default_factory=list)
    refused: DoorRefused | None = None


def own_frame(kind: int, body: bytes = b"", block: int = 0, number: int = 0) -> bytes:
    """A frame of the door itself."""
    return wire.seal_body(kind, body, block or len(body), number, 0, 0, 0)


def read_error(header: wire.Header, body: bytes) -> DoorRefused:
    """The refusal in an error frame."""
    code, fatal, length = ERROR_BLOCK.unpack_from(body)
    text = body[ERROR_BLOCK.size : ERROR_BLOCK.size + length].decode()
    return DoorRefused(ErrorCode(code), header.number, fatal, text)


class FrameClient:
    """One connection, used by one thread. Requests are numbered upwards from 1."""

    def __init__(
        self,
        host: str,
        port: int,
        key: Key,
        *,
        cancel_on_disconnect: bool = True,
        timeout_seconds: float = 30.0,
    ) -> None:
        """Connects and logs on. Raises DoorRefused, OSError."""
        self.socket = socket.create_connection((host, port), timeout_seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = bytearray()
        self.last_request = 0
        header, body = self._next()
        nonce, self.heartbeat_ms, self.most_frame, self.most_in_flight = HELLO_BLOCK.unpack(body)
        signed = bytes.fromhex(sign(key.secret, SIGNED + nonce))
        logon = LOGON_BLOCK.pack(key.key.encode(), signed, cancel_on_disconnect)
        self.socket.sendall(own_frame(LOGON, logon))
        header, body = self._next()
        if header.kind == ERROR:
            self.socket.close()
            raise read_error(header, body)
        self.session, self.actor, self.last_number = WELCOME_BLOCK.unpack(body)

    def send(self, *commands: Any) -> list[int]:
        """Sends commands at once; gives their request numbers."""
        numbers, frames = [], []
        for command in commands:
            self.last_request += 1
            numbers.append(self.last_request)
            frames.append(wire.seal(command, self.last_request, 0))
        self.socket.sendall(b"".join(frames))
        return numbers

    def receive(self) -> FrameAnswer:
        """The next answer. Raises DoorRefused when the door closes, ConnectionError when it is
        gone; then what was not answered may or may not have been carried out."""
        header, body = self._next()
        if header.kind == ERROR:
            error = read_error(header, body)
            if error.fatal:
                raise error
            return FrameAnswer(header.number, 0, 0, refused=error)
        first, last, count, _ = ANSWER_BLOCK.unpack(body)
        answer = FrameAnswer(header.number, first, last)
        for _ in range(count):
            event, content = self._next()
            answer.events.append((event, wire.MESSAGES[event.kind].unpack(content, event.block)))
        return answer

    def ask(self, command: Any) -> FrameAnswer:
        """One command and its answer. Raises DoorRefused where the door did not seal it."""
        self.send(command)
        answer = self.receive()
        if answer.refused is not None:
            raise answer.refused
        return answer

    def ask_many(self, commands: Sequence[Any], width: int = 64) -> list[FrameAnswer]:
        """Answers of many commands, at most `width` of them in flight; `refused` says which the
        door did not seal."""
        found: list[FrameAnswer] = []
        for at, command in enumerate(commands):
            if at >= width:
                found.append(self.receive())
            self.send(command)
        found += self.answers(len(commands) - len(found))
        return found

    def answers(self, count: int) -> Iterator[FrameAnswer]:
        """The next answers in order."""
        for _ in range(count):
            yield self.receive()

    def heartbeat(self) -> None:
        """Says that this side lives: due where nothing else was said for `heartbeat_ms`."""
        self.socket.sendall(own_frame(HEARTBEAT))

    def logout(self) -> None:
        """Ends the session: its orders are cancelled, what was asked before is answered."""
        self.socket.sendall(own_frame(LOGOUT))
        header, _ = self._next(through_answers=True)
        assert header.kind == LOGOUT, "a logout is answered by a logout"
        self.close()

    def close(self) -> None:
        """Leaves without a word: a session's orders are cancelled as at a logout."""
        self.socket.close()

    def __enter__(self) -> FrameClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _next(self, *, through_answers: bool = False) -> tuple[wire.Header, bytes]:
        """The next frame that is no heartbeat: header and body."""
        while True:
            while len(self._read) < 4 or len(self._read) < _length(self._read):
                found = self.socket.recv(READ_BYTES)
                if not found:
                    raise ConnectionError("the door closed the connection")
                self._read += found
            length = _length(self._read)
            frame = bytes(self._read[:length])
            del self._read[:length]
            header = wire.read_header(frame)
            (check,) = struct.unpack_from("<I", frame, length - 4)
            if check != google_crc32c.value(frame[:-4]):
                raise ConnectionError("the check sum of a frame does not fit")
            if header.kind == HEARTBEAT or (through_answers and header.kind != LOGOUT):
                continue
            return header, frame[wire.HEADER_BYTES : -4]


def _length(read: bytearray) -> int:
    return int.from_bytes(read[:4], "little")
