"""Frames of the stream: a message is framed once and its bytes are shared by all its readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

FRAMES = "lasalle.frames"
"""Where a scope holds the protocol of its connection."""
TEXT = 0x81
"""First byte of a whole text message (RFC 6455, 5.2)."""


class Wire(Protocol):
    """Where the frames of one reader go."""

    @property
    def ready(self) -> bool:
        """False while the reader does not take what was written."""

    def write(self, frames: bytes) -> None:
        """Writes whole frames."""


def framed(message: bytes) -> bytes:
    """A text message as a server sends it: unmasked, in one frame."""
    size = len(message)
    if size < 126:
        return bytes((TEXT, size)) + message
    if size < 2**16:
        return bytes((TEXT, 126)) + size.to_bytes(2) + message
    return bytes((TEXT, 127)) + size.to_bytes(8) + message


class FramedProtocol(WebSocketsSansIOProtocol):
    """A WebSocket of uvicorn whose messages are heard as they come and whose frames are written as
    they are; handshake, pings and closing stay with uvicorn and websockets.
    """

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.hear: Callable[[bytes], None] | None = None
        """Takes each message of the reader; without one they wait for `receive`."""
        self.resumed: Callable[[], None] | None = None
        """Told when the reader takes again what is written."""
        self.left: Callable[[], None] | None = None
        """Told when the connection ends."""

    @property
    def ready(self) -> bool:
        """False while the reader does not take what was written."""
        return self.writable.is_set()

    def write(self, frames: bytes) -> None:
        """Writes whole frames, unless the stream is closing."""
        if not (self.close_sent or self.transport.is_closing()):
            self.transport.write(frames)

    def hold(self) -> None:
        """Hears nothing more until `release`."""
        self.transport.pause_reading()

    def release(self) -> None:
        """Hears again."""
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: Any = self.scope["extensions"]
            extensions[FRAMES] = self

    def send_receive_event_to_app(self) -> None:
        if self.hear is None:
            super().send_receive_event_to_app()
            return
        message = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if not self.close_sent:
            self.hear(message)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.resumed is not None:
            self.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.left is not None:
            self.left()
        super().connection_lost(exc)
