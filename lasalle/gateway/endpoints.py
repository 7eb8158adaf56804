"""What a door declares of each path: the routes and the published description are made of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, unquote

import msgspec

from lasalle.client.days import WRITTEN, read_day
from lasalle.contracts import day_number
from lasalle.gateway.faults import BadCommand
from lasalle.gateway.keys import Signer

DAY = "day"
"""Kind of a query parameter, and name in a path, that is a day."""
MOST_ID = 2**32 - 1
MOST_NUMBER = 2**64 - 1


@dataclass(frozen=True)
class Query:
    """A query parameter: its words, or its least and most; of kind `day` it is read as YYYYMMDD."""

    name: str
    doc: str
    kind: str = "string"
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = MOST_NUMBER


@dataclass
class Asked:
    """A request that passed the door: who asks, what the path and the query name, the body."""

    signer: Signer
    path: dict[str, str]
    query: dict[str, Any]
    body: bytes = b""

    def account(self) -> int:
        """The account of the path. Raises BadCommand."""
        return bounded("account", self.path["account"], MOST_ID)

    def day(self) -> int:
        """The day of the path, YYYYMMDD. Raises BadCommand."""
        return a_day("day", self.path["day"])


@dataclass(frozen=True)
class Raw:
    """An answer that is not JSON made here."""

    content: bytes
    media: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Run = Callable[[Asked], Any]
"""Gives the answer, a command under way (`asks.UnderWay`), or a coroutine of an answer."""


@dataclass(frozen=True)
class Endpoint:
    """One method of one path.

    scope: "" for public, "open" for what a machine of the operator asks, else the scope
    a key needs. answer: the type of a 200. body: a struct, a command of the schema, or None.
    """

    method: str
    path: str
    run: Run
    doc: str
    answer: Any = None
    scope: str = ""
    cost: int = 1
    body: Any = None
    query: tuple[Query, ...] = ()
    faults: tuple[str, ...] = ()
    media: str = "application/json"

    @cached_property
    def signed(self) -> bool:
        """Whether a key of the house must sign."""
        return self.scope not in ("", "open")

    @cached_property
    def bucket(self) -> str:
        """Kind of the bucket its cost is taken from."""
        return {"": "public", "open": "machine", "read": "read"}.get(self.scope, "write")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names in the path."""
        return tuple(p[1:-1] for p in self.path.split("/") if p.startswith("{"))

    def read_query(self, query: bytes) -> dict[str, Any]:
        """Parameters of a query string; what is not declared is refused. Raises BadCommand."""
        if not query:
            return {}
        declared = {q.name: q for q in self.query}
        found: dict[str, Any] = {}
        try:
            pairs = parse_qsl(
                query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20
            )
        except (ValueError, UnicodeDecodeError) as error:
            raise BadCommand("query", "a query string", str(error)) from None
        for name, text in pairs:
            parameter = declared.get(name)
            if parameter is None or name in found:
                expected = ", ".join(declared) or "no parameter"
                raise BadCommand(name, f"{expected}, each once", text)
            found[name] = _parameter(parameter, text)
        return found


def _parameter(declared: Query, text: str) -> int | str:
    if declared.kind == "integer":
        return bounded(declared.name, text, declared.most, declared.least)
    if declared.kind == DAY:
        return a_day(declared.name, text)
    if declared.words and text not in declared.words:
        raise BadCommand(declared.name, f"one of {', '.join(declared.words)}", text)
    return text


def bounded(name: str, text: str, most: int, least: int = 0) -> int:
    """A whole number within bounds, both included. Raises BadCommand."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most):
        raise BadCommand(name, f"a whole number from {least} to {most}", text)
    return int(text)


def a_day(name: str, text: str) -> int:
    """A day of a path or a query, written YYYY-MM-DD, as YYYYMMDD. Raises BadCommand."""
    found = read_day(text)
    if found is None:
        raise BadCommand(name, WRITTEN, text)
    return day_number(found)


class Table:
    """Endpoints by path; a path with names is matched by its segments, each decoded by itself."""

    def __init__(self, endpoints: list[Endpoint]) -> None:
        self._whole: dict[str, dict[str, Endpoint]] = {}
        self._named: dict[int, list[tuple[list[str], dict[str, Endpoint]]]] = {}
        for endpoint in endpoints:
            self.add(endpoint)

    def add(self, endpoint: Endpoint) -> None:
        """One more endpoint."""
        if not endpoint.names:
            self._whole.setdefault(endpoint.path, {})[endpoint.method] = endpoint
            return
        parts = endpoint.path.split("/")
        rows = self._named.setdefault(len(parts), [])
        for known, methods in rows:
            if known == parts:
                methods[endpoint.method] = endpoint
                return
        rows.append((parts, {endpoint.method: endpoint}))

    def find(self, raw_path: str) -> tuple[dict[str, Endpoint], dict[str, str]] | None:
        """Methods of a path and the names in it."""
        methods = self._whole.get(raw_path)
        if methods is not None:
            return methods, {}
        parts = raw_path.split("/")
        for known, methods in self._named.get(len(parts), ()):
            names = _names(known, parts)
            if names is not None:
                return methods, names
        return None


def _names(known: list[str], parts: list[str]) -> dict[str, str] | None:
    names = {}
    for expected, part in zip(known, parts, strict=True):
        if expected.startswith("{"):
            if not part:
                return None
            names[expected[1:-1]] = unquote(part, errors="replace")
        elif expected != part:
            return None
    return names


def read_body(kind: Any, body: bytes) -> Any:
    """A body as its declared struct. Raises BadCommand with the field at fault."""
    try:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.ValidationError as error:
            raise _misfit(kind, str(error), msgspec.json.decode(body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCommand("", "a JSON object", str(error)) from None


def _misfit(kind: Any, said: str, sent: Any) -> BadCommand:
    """What is wrong with a body that is JSON, in the words of msgspec, as a fault of a field."""
    text, _, where = said.partition(" - at `$")
    name = where.rstrip("`").lstrip(".")
    if not name and "field" in text:
        name = text.split("`")[-2]
    if "unknown field" in text:
        return BadCommand(name, _expected(kind, name, text), name)
    told = "nothing" if "missing" in text else text.partition(", got ")[2].strip("`") or text
    found = sent.get(name, told) if isinstance(sent, dict) else sent
    return BadCommand(name, _expected(kind, name, text), found)


PLAIN = {"int": "a whole number", "str": "text", "bool": "true or false", "array": "a list",
         "object": "a JSON object"}  # fmt: skip
"""What msgspec calls a type, as a person says it."""


def _expected(kind: Any, name: str, text: str) -> str:
    """What a field may hold, from its declaration and what msgspec said was wrong."""
    if "unknown field" in text:
        return f"one of {', '.join(kind.__struct_fields__)}"
    hint = get_type_hints(kind, include_extras=True).get(name)
    described = [m.description for m in getattr(hint, "__metadata__", ()) if m.description]
    words = get_args(hint) if get_origin(hint) is Literal else ()
    if words:
        return f"one of {', '.join(words)}"
    for part in get_args(hint):
        described += [m.description for m in getattr(part, "__metadata__", ()) if m.description]
    if described:
        return str(described[0])
    if "missing" in text:
        return "a value: the field is required"
    told = text.partition(", got ")[0].removeprefix("Expected ")
    return re.sub(r"`(\w+)(?: \| null)?`", lambda m: PLAIN.get(m[1], m[1]), told)
