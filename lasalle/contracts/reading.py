"""A standard's file is read, checked against the published JSON Schema, and refused by line and
field, every fault at once.

TOML says what is there, `standard.schema.json` (JSON Schema 2020-12) what is expected. The line of
a field is found by reading the text once more; a field that is missing has the line of its table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from unicodedata import category

import jsonschema_rs

from lasalle.contracts.toml_text import parse_toml, toml_value

MOST_BYTES = 1 << 16
"""Longest file of a standard."""
Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
_TABLE = re.compile(r"\s*\[(?P<array>\[?)\s*(?P<name>[A-Za-z0-9_.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*(?P<name>[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")
_STRINGS = re.compile(r'"(\\.|[^"\\])*"|\'[^\']*\'|#.*')


class InWords(str):
    """What was found and is no value of a file: it is told as it stands, a value as TOML has it."""

    __slots__ = ()


NOTHING = InWords("nothing")


@dataclass(frozen=True, slots=True)
class StandardFault:
    """One thing wrong in a standard: where it stands, what was expected, what was found."""

    file: str
    line: int
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        said = f"expected {self.expected}, found {self.found}"
        return f"{self.file}:{self.line}: {self.field}: {said}"


class StandardWrong(ValueError):
    """Standards are refused; `faults` has every thing wrong with them, by file and line."""

    def __init__(self, faults: Iterable[StandardFault]) -> None:
        ordered = sorted(set(faults), key=lambda f: (f.file, f.line, f.field, f.expected))
        self.faults = tuple(ordered)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class StandardFile:
    """What a file states, and where."""

    file: str
    terms: dict[str, Any]
    lines: Lines

    @property
    def kind(self) -> str:
        """Grade, class, location, block, calendar, clauses or product."""
        return str(self.terms["kind"])

    @property
    def reference(self) -> str:
        """Its name and version, as other files name it."""
        return f"{self.terms['id']}/{self.terms['version']}"

    def fault(self, path: Path, expected: str, found: object) -> StandardFault:
        """A fault at one of its fields; what was found is told as TOML has it."""
        shown = str(found) if isinstance(found, InWords) else _short(found)
        return _fault(self.file, line_of(self.lines, path), path, expected, shown)


@cache
def standard_schema() -> Mapping[str, Any]:
    """The published JSON Schema of a standard."""
    text = (resources.files("lasalle.contracts") / "standard.schema.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(standard_schema()))


def read_standard(text: str, file: str) -> StandardFile:
    """A standard's file as it stands. Raises StandardWrong with everything the schema refuses."""
    found, faults = judged(text, file)
    if faults:
        raise StandardWrong(faults)
    assert found is not None, "what has no fault was read"
    return found


@lru_cache(maxsize=512)
def judged(text: str, file: str) -> tuple[StandardFile | None, tuple[StandardFault, ...]]:
    """A file and everything the schema refuses of it; no file where it is no TOML."""
    if len(text.encode()) > MOST_BYTES:
        return None, (_fault(file, 1, (), f"at most {MOST_BYTES} bytes", "more"),)
    if hidden := [n for n, line in enumerate(text.split("\n"), 1) if _hidden(line)]:
        seen = "characters that can be seen"
        return None, tuple(_fault(file, line, (), seen, "others") for line in hidden)
    try:
        terms = parse_toml(text)
    except ValueError as error:
        said = re.search(r"line (\d+)", str(error))
        line = int(said[1]) if said else text.count("\n") + 1
        return None, (_fault(file, line, (), "TOML", str(error)),)
    found = StandardFile(file, terms, line_numbers(text))
    faults = [
        fault
        for error in _validator().iter_errors(_plain(terms))
        for fault in _faults(error, found)
    ]
    faults += _with_point(found, terms, ())
    return found, tuple(faults)


def line_of(lines: Lines, path: Path) -> int:
    """The line of a field, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def line_numbers(text: str) -> dict[Path, int]:
    """Line, from 1, of each table and field of a TOML text that parses."""
    found: dict[Path, int] = {(): 1}
    table: Path = ()
    latest: dict[tuple[str, ...], int] = {}
    depth, quoted = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not depth and not quoted:
            if head := _TABLE.match(line):
                names = tuple(part.strip() for part in head["name"].split("."))
                if head["array"]:
                    latest[names] = latest.get(names, -1) + 1
                    found.setdefault(_indexed(names, latest)[:-1], number)
                table = _indexed(names, latest)
                found[table] = number
                continue
            if key := _KEY.match(line):
                names = tuple(part.strip() for part in key["name"].split("."))
                for end in range(1, len(names) + 1):
                    found.setdefault((*table, *names[:end]), number)
        depth, quoted = _open_after(line, depth, quoted)
    return found


def _indexed(names: tuple[str, ...], latest: Mapping[tuple[str, ...], int]) -> Path:
    """A table's path with the number of each array of tables it stands in."""
    path: Path = ()
    for end in range(1, len(names) + 1):
        path = (*path, names[end - 1])
        if names[:end] in latest:
            path = (*path, latest[names[:end]])
    return path


def _open_after(line: str, depth: int, quoted: str) -> tuple[int, str]:
    """Brackets of a value, and a text of three quotes, that are open after a line."""
    for mark in re.findall(r'"""|\'\'\'', line):
        quoted = "" if quoted == mark else quoted or mark
    if quoted:
        return depth, quoted
    bare = _STRINGS.sub("", line)
    if not depth:
        bare = bare.partition("=")[2]
    return max(0, depth + bare.count("[") - bare.count("]")), ""


def _plain(value: Any) -> Any:
    """TOML's values as JSON has them: a date or a time becomes a table no field accepts."""
    if isinstance(value, dict):
        return {name: _plain(under) for name, under in value.items()}
    if isinstance(value, list):
        return [_plain(under) for under in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return {"date": str(value)}


def _hidden(line: str) -> bool:
    """Whether a line holds what nobody sees: control and format characters turn a text around."""
    return any(category(c)[0] == "C" and c not in "\t\r" for c in line)


def _with_point(file: StandardFile, value: Any, path: Path) -> list[StandardFault]:
    """Whole numbers written with a point, 8.0: JSON Schema takes them for whole, and they are no
    amounts of this house.
    """
    if isinstance(value, dict | list):
        under = value.items() if isinstance(value, dict) else enumerate(value)
        return [fault for key, one in under for fault in _with_point(file, one, (*path, key))]
    if not isinstance(value, float) or _followed(_node(file, path)).get("type") != "integer":
        return []
    return [file.fault(path, "a whole number, without a point", value)] * value.is_integer()


def _faults(error: Any, file: StandardFile) -> list[StandardFault]:
    """What a schema error says, a missing or unknown field under its own name."""
    path: Path = tuple(error.instance_path)
    said = error.kind.as_dict()
    name = error.kind.name
    if name == "required":
        missing = (*path, str(said["property"]))
        return [file.fault(missing, _described(file, missing), NOTHING)]
    if name == "additionalProperties":
        known = _followed(_node(file, path)).get("properties", {})
        return [
            file.fault((*path, extra), _near(extra, known), InWords(extra))
            for extra in said["unexpected"]
        ]
    expected = f"{_described(file, path)}: {_needs(name, said, error)}"
    return [file.fault(path, expected, _said_at(file.terms, path))]


def _said_at(terms: Any, path: Path) -> Any:
    for part in path:
        terms = terms[part]
    return terms


def _near(extra: str, known: Iterable[str]) -> str:
    """That there is no such field, and which one is spelt much like it."""
    meant = get_close_matches(extra, known, 1)
    return f"no such field; {meant[0]} is one" if meant else "no such field"


TYPES = {"integer": "a whole number", "number": "a number", "string": "text", "array": "a list",
         "object": "a table", "boolean": "true or false"}  # fmt: skip
"""What the schema calls a type, as a person says it."""


def _needs(name: str, said: Mapping[str, Any], error: Any) -> str:
    """What a keyword of the schema expects, in words."""
    words = {
        "const": "{expected_value}",
        "pattern": "a text of the form {pattern}",
        "minimum": "at least {limit}",
        "maximum": "at most {limit}",
        "exclusiveMinimum": "above {limit}",
        "minLength": "at least {limit} characters",
        "maxLength": "at most {limit} characters",
        "minItems": "at least {limit}",
        "maxItems": "at most {limit}",
        "minProperties": "at least {limit} field",
        "uniqueItems": "values that differ",
    }
    if name == "type":
        return " or ".join(TYPES.get(str(word), str(word)) for word in said.get("types", ()))
    if name == "enum":
        return "one of " + ", ".join(map(str, said["options"]))
    return words[name].format(**said) if name in words else str(error.message)


def _described(file: StandardFile, path: Path) -> str:
    """What the schema says a field is."""
    node = _node(file, path)
    return str(node.get("description") or _followed(node).get("description") or "a value")


def _node(file: StandardFile, path: Path) -> Any:
    """What the schema has for a field."""
    schema = standard_schema()
    node: Any = schema["$defs"].get(file.terms.get("kind"), schema)
    for part in path:
        node = _followed(node)
        node = (
            node.get("items", {})
            if isinstance(part, int)
            else node.get("properties", {}).get(part, {})
        )
    return node


def _followed(node: Any) -> Any:
    """A schema node, or the one it refers to."""
    target = node.get("$ref")
    return standard_schema()["$defs"][target.rpartition("/")[2]] if target else node


def _short(value: Any) -> str:
    text = toml_value(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _fault(file: str, line: int, path: Path, expected: str, found: str) -> StandardFault:
    return StandardFault(file, line, ".".join(map(str, path)) or "file", expected, found)
