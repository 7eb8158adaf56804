"""Frames of the stream: a message is framed once and its bytes are shared by all its readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

try:
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

FRAMES = "lasalle.frames"
"""Where a scope holds the protocol of its connection."""
TEXT = 0x81
"""First byte of a whole text message (RFC 6455, 5.2)."""
MASKED = 0x80
"""Set in the second byte of every frame of a reader."""


NO_TEXT = 1007
"""Closes the stream of a reader whose text is no UTF-8 (RFC 6455, 8.1)."""


def is_text(message: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    if message.isascii():
        return True
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True


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


def whole_frame(received: bytes, at: int) -> tuple[int, int]:
    """(first byte of the payload, first byte after the frame) of the masked frame that starts at a
    byte; (0, 0) while its length has not arrived. The frame may end behind what was received.
    """
    if len(received) - at < 2:
        return 0, 0
    size, start = received[at + 1] & 0x7F, at + 6
    if size >= 126:
        wide = 2 if size == 126 else 8
        if len(received) - at < 2 + wide:
            return 0, 0
        size, start = int.from_bytes(received[at + 2 : at + 2 + wide]), start + wide
    return start, start + size


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
        self._tail = b""
        """The beginning of a frame whose end has not arrived."""

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

    def data_received(self, arrived: bytes) -> None:
        """Whole text messages are heard at once; every other frame, and what is unmasked or longer
        than a message may be, is for websockets to judge."""
        if not self.handshake_initiated or self.close_sent:
            tail, self._tail = self._tail, b""
            super().data_received(tail + arrived)
            return
        received = self._tail + arrived if self._tail else arrived
        at = 0
        while at < len(received):
            start, end = whole_frame(received, at)
            wrong = start and (received[at + 1] < MASKED or end - start > self.config.ws_max_size)
            if wrong:
                end = len(received)
            elif not start or end > len(received):
                break
            hear = None if wrong or self._parsing() else self.hear
            message = b""
            if hear is not None and received[at] == TEXT:
                message = apply_mask(received[start:end], received[start - 4 : start])
                if not is_text(message):
                    hear = None
            if hear is not None and received[at] == TEXT:
                hear(message)
            else:
                super().data_received(received[at:end])
            at = end
        self._tail = received[at:]

    def _parsing(self) -> bool:
        """Whether websockets has the beginning of a message, or ended the stream."""
        return bool(self.frames) or self.close_sent or self.transport.is_closing()

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
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text" and not is_text(message):
            self.conn.send_close(NO_TEXT)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
            return
        self.hear(message)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.resumed is not None:
            self.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.left is not None:
            self.left()
        super().connection_lost(exc)
