"""A command from JSON: fields by name, words for enums, whole numbers, unknown fields refused."""

from __future__ import annotations

import re
import struct
from typing import Any

import msgspec

from lasalle import wire
from lasalle.gateway.faults import BadCommand

COMMANDS: dict[str, Any] = {m.NAME: m for m in wire.MESSAGES.values() if m.KIND < 1000}
DIGITS = re.compile(r"-?[0-9]{1,20}", re.ASCII)
PLAIN = {
    "int": "a whole number",
    "bool": "true or false",
    "str": "text",
    "bytes": "hexadecimal text",
}
SMALLEST, LARGEST = -(2**63), 2**64 - 1


def read_object(body: bytes) -> dict[str, Any]:
    """The fields of a JSON object. Raises BadCommand."""
    try:
        fields = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommand("", "a JSON object", str(error)) from None
    if not isinstance(fields, dict):
        raise BadCommand("", "a JSON object", type(fields).__name__)
    return fields


def make_command(name: str, fields: dict[str, Any]) -> Any:
    """The command `name` with fields as JSON gives them. Raises BadCommand."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise BadCommand("name", f"one of {', '.join(sorted(COMMANDS))}", name)
    return build(kind, fields)


def build(kind: Any, fields: Any) -> Any:
    if not isinstance(fields, dict):
        raise BadCommand(kind.__name__, "a JSON object", type(fields).__name__)
    for name in fields:
        if name not in kind.__annotations__ or name not in kind.__struct_fields__:
            raise BadCommand(name, f"one of {', '.join(kind.__struct_fields__)}", name)
    values = {n: _value(n, kind.__annotations__[n], v) for n, v in fields.items()}
    try:
        made = kind(**values)
        packed = made.pack() if hasattr(made, "pack") else kind.LAYOUT.pack(*made.row())
    except TypeError as error:
        missing = re.search(r"Missing required argument '(\w+)'", str(error))
        if missing is None:
            raise BadCommand(kind.__name__, "its fields", str(error)) from None
        annotation = kind.__annotations__[missing[1]]
        raise BadCommand(missing[1], _wanted(annotation), "nothing") from None
    except (ValueError, OverflowError, struct.error) as error:
        raise BadCommand(kind.__name__, "values within their range", str(error)) from None
    del packed
    return made


def _value(name: str, annotation: str, value: Any) -> Any:
    if annotation.startswith("tuple["):
        if not isinstance(value, list):
            raise BadCommand(name, "a list", value)
        element = getattr(wire, annotation[6:].split(",")[0])
        return tuple(build(element, item) for item in value)
    if annotation in ("int", "bool", "str"):
        return _plain(name, annotation, value)
    if annotation == "bytes":
        try:
            if not (isinstance(value, str) and value.isascii()):
                raise ValueError("no text of hexadecimal digits")
            return bytes.fromhex(value)
        except ValueError:
            raise BadCommand(name, "hexadecimal text", value) from None
    words = getattr(wire, annotation)
    if isinstance(value, str) and value.islower() and value.upper() in words.__members__:
        return words[value.upper()]
    raise BadCommand(name, f"one of {', '.join(w.lower() for w in words.__members__)}", value)


def _wanted(annotation: str) -> str:
    """What a field must hold, for one that was left out."""
    if annotation.startswith("tuple["):
        return "a list"
    if annotation in PLAIN:
        return PLAIN[annotation]
    words = getattr(wire, annotation).__members__
    return f"one of {', '.join(w.lower() for w in words)}"


def _plain(name: str, annotation: str, value: Any) -> Any:
    if annotation == "int":
        return whole(name, value)
    if type(value) is not {"bool": bool, "str": str}[annotation]:
        raise BadCommand(name, "true or false" if annotation == "bool" else "text", value)
    if isinstance(value, str) and not (
        len(value) <= 32 and value.isascii() and (value.isprintable() or not value)
    ):
        raise BadCommand(name, "at most 32 printable ASCII characters", value)
    return value


def whole(name: str, value: Any) -> int:
    """A whole number, or one written in digits as programs without 64 bits send it."""
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if type(value) is not int or not SMALLEST <= value <= LARGEST:
        raise BadCommand(name, "a whole number of 64 bits", value)
    return value
