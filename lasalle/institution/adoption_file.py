"""Notices of later versions in the folder of a house's indices: a line an officer's word, only
added to.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

from lasalle.indices.adoption import Adoption, Saying, adoptions

NAME = "adoptions.jsonl"
_FIELDS = ("index", "before", "version", "first", "method_sha256", "why", "actor", "time")


def read_adoptions(folder: Path) -> tuple[Adoption, ...]:
    """Notices under a folder. Raises ValueError for a line that is none."""
    path = folder / NAME
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return adoptions(_saying(path, number, line) for number, line in enumerate(lines, 1))


def say(folder: Path, saying: Saying) -> Adoption:
    """Adds an officer's word, durably, and tells the notice it is of."""
    folder.mkdir(parents=True, exist_ok=True)
    row = asdict(saying) | {"first": saying.first.isoformat()}
    with (folder / NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
        file.flush()
        os.fsync(file.fileno())
    wanted = saying.notice
    found = [a for a in read_adoptions(folder) if _notice(a) == wanted]
    return found[0]


def _notice(one: Adoption) -> tuple[str, int, int, date, str]:
    return one.index, one.before, one.version, one.first, one.method_sha256


def _saying(path: Path, number: int, line: str) -> Saying:
    try:
        row = json.loads(line)
        if sorted(row) != sorted(_FIELDS):
            raise ValueError(f"expected {', '.join(_FIELDS)}, found {', '.join(sorted(row))}")
        return Saying(**row | {"first": date.fromisoformat(row["first"])})
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}:{number}: expected a notice, found {error}") from error
