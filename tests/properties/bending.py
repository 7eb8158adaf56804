"""Commands and frames bent on purpose: a field at an edge, a bit turned, a tail cut off."""

from __future__ import annotations

import random
import struct
from enum import IntEnum
from typing import Any

import msgspec

EDGES = (0, 1, -1, 2, 11, 99, 10_001, 2**31 - 1, 10**12, 10**18 + 1, 2**62, 2**63 - 1, -(2**63))
TEXTS = ("", "d", "r1", "a b", "bad\x01", "x" * 32)


def bent(dice: random.Random, command: Any) -> Any:
    """The command with one field changed to something its wire type can carry."""
    fields = list(command.__struct_fields__)
    if not fields:
        return command
    for _ in range(8):
        name = dice.choice(fields)
        changed = msgspec.structs.replace(command, **{name: _bent(dice, getattr(command, name))})
        try:
            changed.pack()
        except struct.error:
            continue
        return changed
    return command


def _bent(dice: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, IntEnum):
        return dice.choice(list(type(value)))
    if isinstance(value, int):
        near = (value + 1, value - 1, -value, value * 2, value * 1000)
        return dice.choice(near if dice.random() < 0.5 else EDGES)
    if isinstance(value, str):
        return dice.choice(TEXTS)
    if isinstance(value, bytes):
        return value[: dice.randint(0, len(value))].ljust(len(value), b"\0")
    return _bent_list(dice, value)


def _bent_list(dice: random.Random, items: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list doubled, turned round, shortened, or with one element bent."""
    how = dice.randrange(4)
    if how == 0 or not items:
        return items * 2
    if how == 1:
        return items[::-1]
    if how == 2:
        return items[: dice.randrange(len(items))]
    at = dice.randrange(len(items))
    item = items[at]
    name = dice.choice(item._fields if hasattr(item, "_fields") else list(item.__struct_fields__))
    value = _bent(dice, getattr(item, name))
    if hasattr(item, "_replace"):
        changed = item._replace(**{name: value})
    else:
        changed = msgspec.structs.replace(item, **{name: value})
    return (*items[:at], changed, *items[at + 1 :])


def turned(dice: random.Random, frame: bytes) -> bytes:
    """Bytes changed by chance: turned, cut, doubled, or stretched with noise."""
    bent_frame = bytearray(frame)
    how = dice.randrange(6)
    if how < 3:
        for _ in range(dice.choice((1, 1, 2, 5))):
            bent_frame[dice.randrange(len(bent_frame))] = dice.choice((0, 1, 2, 127, 255))
    elif how == 3:
        del bent_frame[dice.randrange(len(bent_frame)) :]
    elif how == 4:
        at = dice.randrange(len(bent_frame))
        bent_frame[at:at] = dice.randbytes(dice.choice((1, 4, 36)))
    else:
        bent_frame *= 2
    return bytes(bent_frame)
