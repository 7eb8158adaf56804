"""What differs between two standards, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field and what it says in the one and in the other."""

    field: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Fields that differ, in alphabetical order; what one lacks reads `nothing`."""
    was, now = dict(_fields(before)), dict(_fields(after))
    return tuple(
        Difference(field, was.get(field, NOTHING), now.get(field, NOTHING))
        for field in sorted(was.keys() | now.keys())
        if was.get(field) != now.get(field)
    )


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a table, under its path; rows of an array are numbered from 0."""
    if isinstance(value, Mapping):
        for name, under in value.items():
            yield from _fields(under, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, under in enumerate(value):
            yield from _fields(under, f"{path}.{number}")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)
