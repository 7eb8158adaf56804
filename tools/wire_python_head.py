"""What lasalle/wire.py starts with: header, seal and the parts of a body, the same for every message."""

HEAD = '''"""Messages of the house. Written by tools/wire.py from schema/; change it there.

Frame layout: schema/README.md. Money is micro-dollars, price micro-dollars per unit, time nanoseconds UTC.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple, TypeVar

import google_crc32c
import msgspec

SCHEMA_VERSION = {version}
"""And the newest behaviour of the house that it speaks of."""
FIRST_EVENT_KIND = 1000
"""Commands lie below."""
HEADER_BYTES = 44
_HEADER = struct.Struct("<IHHHHQqQII")
_U32 = struct.Struct("<I")
_LIST = struct.Struct("<IH")
_KIND = struct.Struct("<IH")
_Word = TypeVar("_Word", bound=IntEnum)


class _Words(dict[int, _Word]):
    """Words of a closed list by number: a look-up is a quarter of what calling the list takes."""

    def __init__(self, words: type[_Word]) -> None:
        super().__init__({{word.value: word for word in words}})
        self._words = words

    def __missing__(self, number: int) -> _Word:
        return self._words(number)  # raises ValueError in the list's own words


class FrameError(ValueError):
    """Bytes that are not a frame of this schema; says what was expected and what was found."""


class Header(NamedTuple):
    """What every frame carries before its block; see schema/README.md."""

    length: int
    kind: int
    version: int
    block: int
    span: int
    number: int
    time: int
    cause: int
    actor: int
    reserved: int


def read_header(frames: bytes | memoryview, at: int = 0) -> Header:
    """The header of the frame that starts at byte `at`."""
    if len(frames) - at < HEADER_BYTES + 4:
        raise FrameError(f"expected a header of {{HEADER_BYTES}} bytes, found {{len(frames) - at}}")
    header = Header._make(_HEADER.unpack_from(frames, at))
    if not HEADER_BYTES + 4 + header.block <= header.length <= len(frames) - at:
        raise FrameError(f"frame length {{header.length}} does not fit {{len(frames) - at}} bytes")
    return header


def read_body(header: Header, frame: bytes) -> Any:
    """The message in one whole frame; the check sum is verified first."""
    (check,) = _U32.unpack_from(frame, header.length - 4)
    found = google_crc32c.value(frame[: header.length - 4])
    if check != found:
        raise FrameError(f"check sum {{check:08x}} expected, {{found:08x}} found in frame {{header.number}}")
    message = MESSAGES.get(header.kind)
    if message is None:
        raise FrameError(f"kind {{header.kind}} is not in this schema")
    return message.unpack(frame[HEADER_BYTES : header.length - 4], header.block)


def read_frames(frames: bytes, passed: frozenset[int] = frozenset()) -> list[tuple[Header, Any]]:
    """Every (header, message) in a run of frames; those of kinds in `passed` are passed over."""
    found = []
    at, end = 0, len(frames) - HEADER_BYTES - 4
    while at < len(frames):
        if at <= end:
            length, kind = _KIND.unpack_from(frames, at)
            if kind in passed and HEADER_BYTES + 4 <= length <= len(frames) - at:
                at += length
                continue
        header = read_header(frames, at)
        found.append((header, read_body(header, frames[at : at + header.length])))
        at += header.length
    return found


def seal(message: Any, number: int, time: int, *, cause: int = 0, actor: int = 0, span: int = 0) -> bytes:
    """One frame around a message. A command says the schema it was asked under; an event or a record the
    oldest schema that says all of it, so that what was told once is told in the same bytes for good."""
    body: bytes = message.pack()
    version, block = message.written()
    if message.KIND < FIRST_EVENT_KIND:
        version = SCHEMA_VERSION
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, message.KIND, version, block, span,
                        number, time, cause, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def seal_body(kind: int, body: bytes, block: int, number: int, time: int, actor: int, span: int) -> bytes:
    """One frame around a body that is packed already, as a proposal carries it."""
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, kind, SCHEMA_VERSION, block, span, number, time, 0, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def span_of(message: Any) -> int:
    """Command numbers a command occupies: two for each leg of a mass quote, else one."""
    return max(1, 2 * len(message.quotes)) if isinstance(message, MassQuote) else 1


def check_versions(frames: bytes) -> None:
    """Raises FrameError at the first frame that was written under a schema this program does not know."""
    at = 0
    while at < len(frames):
        header = read_header(frames, at)
        if header.version > SCHEMA_VERSION:
            raise FrameError(
                f"frame {{header.number}} was written under schema {{header.version}}: expected at most "
                f"{{SCHEMA_VERSION}}, the schema of this program. Open it with the program that wrote it, "
                "or a newer one"
            )
        at += header.length


def _fixed(layout: struct.Struct, body: bytes, block: int, most: int = 65_535) -> tuple[Any, ...]:
    """Fixed fields; a shorter block of an older schema reads as zeros. A longer one is cut for whoever only
    listens; a command or a record may have `most` bytes of it, for none of its fields goes unheard."""
    if block > len(body):
        raise FrameError(f"block of {{block}} bytes does not fit a body of {{len(body)}}")
    if block == layout.size:
        return layout.unpack_from(body)
    if block > most:
        raise FrameError(f"block of {{block}} bytes: expected at most {{most}}")
    return layout.unpack(body[: min(block, layout.size)].ljust(layout.size, b"\\0"))


def _elements(layout: struct.Struct, make: Any, body: bytes, at: int) -> tuple[tuple[Any, ...], int]:
    """A list that starts at byte `at`, and the byte after it; a missing one is empty."""
    if at == len(body):
        return (), at
    if at + 6 > len(body):
        raise FrameError(f"expected a list at byte {{at}} of {{len(body)}}")
    count, stride = _LIST.unpack_from(body, at)
    start, end = at + 6, at + 6 + count * stride
    if end > len(body) or not stride:
        raise FrameError(f"list of {{count}} x {{stride}} bytes does not fit {{len(body) - start}}")
    try:
        if stride == layout.size:
            return tuple(make(*row) for row in layout.iter_unpack(body[start:end])), end
        parts = (body[i : i + stride] for i in range(start, end, stride))
        return tuple(make(*_fixed(layout, part, stride)) for part in parts), end
    except ValueError as error:
        raise FrameError(f"list element: {{error}}") from error


def _blob(body: bytes, at: int) -> tuple[bytes, int]:
    """Bytes that start at byte `at`, and the byte after them; missing ones are empty."""
    if at == len(body):
        return b"", at
    if at + 4 > len(body):
        raise FrameError(f"expected bytes at byte {{at}} of {{len(body)}}")
    (size,) = _U32.unpack_from(body, at)
    if at + 4 + size > len(body):
        raise FrameError(f"{{size}} bytes do not fit {{len(body) - at - 4}}")
    return body[at + 4 : at + 4 + size], at + 4 + size


def _whole(message: str, body: bytes, at: int) -> None:
    if at != len(body):
        raise FrameError(f"{{message}}: {{len(body) - at}} bytes too many")
'''
