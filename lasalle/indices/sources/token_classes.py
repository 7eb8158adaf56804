"""Token classes: which class a model's tokens are, and how input and output make one price."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

BATCH_CLASS, BATCH_OF = "T-BATCH", "T-STANDARD"
"""A batch price of the second class is of the first: the same models, so that the two compare."""
STANDARD_MODES = frozenset({"", "chat", "standard", "global"})
BATCH_MODES = frozenset({"batch"})


@dataclass(frozen=True, slots=True)
class ModelLine:
    """Models of one line: the pattern of their names, and their quality in tenths of a point."""

    name: str
    pattern: re.Pattern[str]
    quality: int
    source: str


@cache
def _table() -> dict[str, Any]:
    path = resources.files("lasalle.indices") / "table" / "token_models.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def model_lines() -> tuple[ModelLine, ...]:
    """Every line of the published table; a line that succeeds another bears its quality."""
    rows = {row["line"]: row for row in _table()["model"]}
    found = []
    for name, row in rows.items():
        told = row if "quality" in row else rows[row["succeeds"]]
        source = told["source"] if told is row else f"succeeds {told['line']}"
        found.append(ModelLine(name, re.compile(row["pattern"]), int(told["quality"]), source))
    return tuple(found)


def floors() -> dict[str, int]:
    """Lowest quality of each class, highest class first."""
    rows: dict[str, int] = _table()["class"]
    return dict(sorted(rows.items(), key=lambda row: -row[1]))


@cache
def line_of(model: str) -> ModelLine | None:
    """The line a model belongs to by its name; None where the table knows none."""
    name = model.lower().rpartition("/")[2]
    name = re.sub(r"^((apac|au|ca|eu|global|jp|regional|us)\.)?[a-z0-9]+\.(?=[a-z])", "", name)
    name = re.sub(r"(-v\d:\d|@\d+|:free|:nitro)$", "", name)
    return next((line for line in model_lines() if line.pattern.fullmatch(name)), None)


def token_class(model: str, mode: str) -> str | None:
    """Class of a model's tokens sold in a mode; None where they bear none."""
    line = line_of(model)
    if line is None or line.quality < min(floors().values()):
        return None
    kind = next(name for name, floor in floors().items() if line.quality >= floor)
    if mode in BATCH_MODES:
        return BATCH_CLASS if kind == BATCH_OF else None
    return kind if mode in STANDARD_MODES else None


def blend() -> tuple[int, int]:
    """Whole parts of input and output in one million tokens of a class."""
    parts = _table()["blend"]
    return int(parts["input"]), int(parts["output"])
