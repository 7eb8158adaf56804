"""A command from JSON: fields by name, words for enums, whole numbers, unknown fields refused."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from lasalle import wire


class BadCommand(ValueError):
    """A body that is no such command; says field, expected and found."""


def read_command(name: str, body: bytes) -> Any:
    """The command `name` with the fields of a JSON object."""
    kinds = {m.NAME: m for m in wire.MESSAGES.values() if m.KIND < 1000}
    kind = kinds.get(name)
    if kind is None:
        raise BadCommand(f"command {name!r}: expected one of {', '.join(sorted(kinds))}")
    try:
        fields = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError as error:
        raise BadCommand(f"body: expected a JSON object, {error}") from None
    return build(kind, fields)


def build(kind: Any, fields: Any) -> Any:
    if not isinstance(fields, dict):
        raise BadCommand(f"body: expected a JSON object, found {type(fields).__name__}")
    unknown = set(fields) - set(kind.__struct_fields__)
    if unknown:
        raise BadCommand(f"{sorted(unknown)[0]}: not a field of {kind.__name__}")
    values = {n: _value(n, kind.__annotations__[n], v) for n, v in fields.items()}
    try:
        made = kind(**values)
        packed = made.pack() if hasattr(made, "pack") else kind.LAYOUT.pack(*made.row())
    except TypeError as error:
        raise BadCommand(f"{kind.__name__}: {error}") from None
    except (ValueError, OverflowError, struct.error) as error:
        raise BadCommand(f"{kind.__name__}: a value is out of its range ({error})") from None
    del packed
    return made


def _value(name: str, annotation: str, value: Any) -> Any:
    if annotation.startswith("tuple["):
        if not isinstance(value, list):
            raise BadCommand(f"{name}: expected a list, found {type(value).__name__}")
        element = getattr(wire, annotation[6:].split(",")[0])
        return tuple(build(element, item) for item in value)
    if annotation in ("int", "bool", "str"):
        return _plain(name, annotation, value)
    if annotation == "bytes":
        if not isinstance(value, str):
            raise BadCommand(f"{name}: expected hexadecimal text, found {value!r}")
        return bytes.fromhex(value)
    words = getattr(wire, annotation)
    if isinstance(value, str) and value.upper() in words.__members__:
        return words[value.upper()]
    raise BadCommand(
        f"{name}: expected one of {', '.join(w.lower() for w in words.__members__)}, "
        f"found {value!r}"
    )


def _plain(name: str, annotation: str, value: Any) -> Any:
    if annotation == "int" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    expected = {"int": int, "bool": bool, "str": str}[annotation]
    if type(value) is not expected:
        raise BadCommand(f"{name}: expected {annotation}, found {value!r}")
    if isinstance(value, str) and not (value.isascii() and len(value) <= 32):
        raise BadCommand(f"{name}: expected at most 32 ASCII characters, found {len(value)}")
    return value
