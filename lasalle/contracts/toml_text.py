"""TOML from anyone, read within bounds: how deep it goes costs a reader neither time nor stack."""

from __future__ import annotations

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
