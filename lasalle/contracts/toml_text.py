"""TOML from anyone, read within bounds: how deep it goes costs a reader neither time nor stack."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

MOST_NAMES = 32
"""Names of a dotted key, and levels of brackets, on one line."""
_QUIET = re.compile(r'"(\\.|[^"\\])*"|\'[^\']*\'|#.*')


def parse_toml(text: str) -> dict[str, Any]:
    """Tables of a TOML text. Raises ValueError with the line, in the words of `tomllib`."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = _QUIET.sub("", line)
        if bare.count(".") > MOST_NAMES:
            raise ValueError(f"more than {MOST_NAMES} names in a key (at line {number}, column 1)")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("brackets within brackets beyond measure (at line 1, column 1)") from error


def toml_value(value: Any) -> str:
    """A value as a TOML file says it, on one line: text in quotes, numbers without."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {toml_value(under)}" for name, under in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
