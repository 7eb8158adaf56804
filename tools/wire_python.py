"""Emits lasalle/wire.py: messages as frozen structs, codecs, enums, bounds, refusals, ledger classes."""

from __future__ import annotations

import textwrap
from typing import Any

PY = {
    "u8": "int",
    "bool": "bool",
    "u16": "int",
    "u32": "int",
    "i32": "int",
    "u64": "int",
    "i64": "int",
    "b32": "bytes",
    "text32": "str",
}
CODE = {
    "u8": "B",
    "bool": "?",
    "u16": "H",
    "u32": "I",
    "i32": "i",
    "u64": "Q",
    "i64": "q",
    "b32": "32s",
    "text32": "33p",
}
ZERO = {"bool": "False", "b32": "bytes(32)", "text32": '""'}

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
    """One frame around a message."""
    body: bytes = message.pack()
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, message.KIND, SCHEMA_VERSION, message.BLOCK, span,
                        number, time, cause, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def seal_body(kind: int, body: bytes, block: int, number: int, time: int, actor: int, span: int) -> bytes:
    """One frame around a body that is packed already, as a proposal carries it."""
    head = _HEADER.pack(HEADER_BYTES + len(body) + 4, kind, SCHEMA_VERSION, block, span, number, time, 0, actor, 0)
    return head + body + _U32.pack(google_crc32c.value(head + body))


def span_of(message: Any) -> int:
    """Command numbers a command occupies: two for each leg of a mass quote, else one."""
    return max(1, 2 * len(message.quotes)) if isinstance(message, MassQuote) else 1


def _fixed(layout: struct.Struct, body: bytes, block: int) -> tuple[Any, ...]:
    """Fixed fields; a shorter block of an older schema reads as zeros, a longer one is cut."""
    if block > len(body):
        raise FrameError(f"block of {{block}} bytes does not fit a body of {{len(body)}}")
    if block == layout.size:
        return layout.unpack_from(body)
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


def emit(schema: Any) -> str:
    parts = [HEAD.format(version=schema.version)]
    for name, enum in schema.enums.items():
        parts.append(_enum(_camel(name), enum["doc"], enum["values"]))
    parts.append(
        _enum(
            "LedgerClass",
            "Classes of the chart of accounts.",
            {n: a["code"] for n, a in schema.ledger.items()},
        )
    )
    parts.append(
        _enum(
            "Refusal",
            "Reasons to say no, in order of precedence.",
            {n: r["code"] for n, r in schema.refusals.items()},
        )
    )
    parts.append(
        'class Bound:\n    """Bounds that are law; units in schema/units.toml."""\n\n'
        + "\n".join(f"    {n.upper()} = {b['value']:_}" for n, b in schema.bounds.items())
    )
    names = [(n, r["rule"], r["field"], r["text"]) for n, r in schema.refusals.items()]
    rows = "\n".join(
        f'    Refusal.{n.upper()}: ("{r}", "{f}",\n        "{t}"),' for n, r, f, t in names
    )
    parts.append(
        "REFUSALS: dict[Refusal, tuple[str, str, str]] = {\n"
        + rows
        + '\n}\n"""Rule, field at fault, text."""'
    )
    non_negative = ", ".join(
        f"LedgerClass.{n.upper()}" for n, a in schema.ledger.items() if a["non_negative"]
    )
    parts.append(f"NON_NEGATIVE = frozenset({{{non_negative}}})")
    for message in schema.structs:
        parts.append(_struct(message))
    for message in schema.messages:
        parts.append(_message(message))
    everything = ", ".join(f"{m.kind}: {m.struct}" for m in schema.messages)
    parts.append(
        "MESSAGES: dict[int, Any] = {\n"
        + textwrap.fill(everything, 96, initial_indent="    ", subsequent_indent="    ")
        + ",\n}"
    )
    verbs = ", ".join(
        f'"{m.attributes["verb"]}": {m.struct}' for m in schema.commands + schema.events
    )
    parts.append(
        "VERBS: dict[str, Any] = {\n"
        + textwrap.fill(verbs, 96, initial_indent="    ", subsequent_indent="    ")
        + ",\n}"
    )
    return "\n\n\n".join(parts).replace("\n\n\n\n\n", "\n\n\n") + "\n"


def _camel(name: str) -> str:
    return "".join(p.capitalize() for p in name.split("_"))


def _enum(name: str, doc: str, values: dict[str, int]) -> str:
    return f'class {name}(IntEnum):\n    """{doc}"""\n\n' + "\n".join(
        f"    {n.upper()} = {v}" for n, v in values.items()
    ) + f"\n\n\n_{name.upper()} = _Words({name})"


def _word(f: Any, value: str) -> str:
    """The word of a closed list for a number."""
    return f"_{_camel(f.enum).upper()}[{value}]"


def _type(f: Any) -> str:
    if f.wire == "list":
        return f"tuple[{_camel(f.type)}, ...]"
    return "bytes" if f.wire == "bytes" else (_camel(f.enum) if f.enum else PY[f.wire])


def _zero(f: Any) -> str:
    if f.wire == "list":
        return "()"
    if f.wire == "bytes":
        return 'b""'
    return f"{_camel(f.enum)}(0)" if f.enum == "aggressor" else ZERO.get(f.wire, "0")


def _fields(message: Any) -> str:
    lines = []
    for f in message.fields + message.lists + message.bytes:
        default = "" if f.enum and f.enum != "aggressor" else f" = {_zero(f)}"
        lines.append(f"    {f.name}: {_type(f)}{default}")
    return "\n".join(lines)


def _struct(message: Any) -> str:
    layout = "<" + "".join(CODE[f.wire] for f in message.fields)
    makes = ", ".join(_word(f, f.name) if f.enum else f.name for f in message.fields)
    names = ", ".join(f"{f.name}: Any" for f in message.fields)
    row = ", ".join(f"self.{f.name}" for f in message.fields)
    return (
        f'class {message.struct}(msgspec.Struct, frozen=True):\n    """{message.doc}"""\n\n{_fields(message)}\n\n'
        f'    LAYOUT: ClassVar[struct.Struct] = struct.Struct("{layout}")\n\n'
        f"    @classmethod\n    def make(cls, {names}) -> {message.struct}:\n"
        f"        return cls({makes})\n\n"
        f"    def row(self) -> tuple[Any, ...]:\n        return ({row},)"
    )


def _text(f: Any) -> str:
    return f'self.{f.name}.encode("ascii")' if f.wire == "text32" else f"self.{f.name}"


def _message(m: Any) -> str:
    layout = "<" + "".join(CODE[f.wire] for f in m.fields)
    roles = " | ".join(f"Role.{r.upper()}" for r in m.attributes.get("roles", [])) or "0"
    lines = [
        f"class {m.struct}(msgspec.Struct, frozen=True, kw_only=True):",
        f'    """{m.doc}"""',
        "",
    ]
    if m.fields or m.lists or m.bytes:
        lines += [_fields(m), ""]
    lines += [
        f"    KIND: ClassVar[int] = {m.kind}",
        f'    NAME: ClassVar[str] = "{m.name}"',
        f"    BLOCK: ClassVar[int] = {m.block}",
        f"    ROLES: ClassVar[int] = {roles}",
        f"    FOUR_EYES: ClassVar[bool] = {m.attributes.get('four_eyes', False)}",
        f"    SCOPED: ClassVar[bool] = {m.attributes.get('scope') == 'account'}",
        f'    LAYOUT: ClassVar[struct.Struct] = struct.Struct("{layout}")',
        "",
    ]
    lines += ["    def pack(self) -> bytes:"]
    packed = ", ".join(_text(f) for f in m.fields)
    total = f"self.LAYOUT.pack({packed})" if m.fields else 'b""'
    for f in m.lists:
        lines.append(
            f'        {f.name} = b"".join({_camel(f.type)}.LAYOUT.pack(*e.row()) for e in self.{f.name})'
        )
        total += f"\n            + _LIST.pack(len(self.{f.name}), {_camel(f.type)}.LAYOUT.size) + {f.name}"
    for f in m.bytes:
        total += f"\n            + _U32.pack(len(self.{f.name})) + self.{f.name}"
    lines.append(f"        return (\n            {total}\n        )")
    lines += [
        "",
        "    @classmethod",
        f"    def unpack(cls, body: bytes, block: int) -> {m.struct}:",
    ]
    lines.append(
        "        fixed = _fixed(cls.LAYOUT, body, block)" if m.fields else "        at = block"
    )
    if m.fields:
        lines.append("        at = block")
    for f in m.lists:
        lines.append(
            f"        {f.name}, at = _elements({_camel(f.type)}.LAYOUT, {_camel(f.type)}.make, body, at)"
        )
    for f in m.bytes:
        lines.append(f"        {f.name}, at = _blob(body, at)")
    lines.append(f'        _whole("{m.name}", body, at)')
    makes = []
    for i, f in enumerate(m.fields):
        value = f"fixed[{i}]"
        if f.wire == "text32":
            value += '.decode("ascii")'
        makes.append(f"{f.name}={_word(f, value) if f.enum else value}")
    makes += [f"{f.name}={f.name}" for f in m.lists + m.bytes]
    if m.fields or makes:
        lines += [
            "        try:",
            "            return cls(" + ", ".join(makes) + ")",
            "        except ValueError as error:",
            f'            raise FrameError(f"{m.name}: {{error}}") from error',
        ]
    else:
        lines.append("        return cls()")
    return "\n".join(lines)
