"""The bundle of a fixing: all it was made of in one file, from which alone anyone makes it again.

A bundle is JSON: the table of the method, the rows of the state before and of the evidence, each
with its leaf, and the fixing. What was bent is named: a row by its leaf, a leaf by the root, a
number of the fixing by what comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from lasalle.indices.chain import ChainFixing, State, Status, Step, parse_state
from lasalle.indices.merkle import leaves_of, root_of
from lasalle.indices.method import (
    METHOD,
    Fixing,
    Observation,
    canonical_inputs,
    fixing_history,
    parse_inputs,
)
from lasalle.indices.published import ChainMethod, MeanMethod, Method, MethodError, parse_method
from lasalle.indices.quotes import DateEvidence, EvidenceBook, evidence_table, parse_row
from lasalle.indices.step import step

FORMAT = 1
EPOCH = date(1970, 1, 1)
_NAMING = ("index", "day", "price", "method_sha256", "inputs_root", "state_after")
"""What a fixing published elsewhere says at least."""
_FIELDS = ("bundle", "method", "state", "state_leaves", "linked", "rows", "leaves", "fixing")


class BundleError(ValueError):
    """A bundle is not of the published form; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"bundle: {field}: expected {expected}, found {found!r}"[:300])
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a bundle gives: the fixing it tells, the one made anew, and what is bent, in words."""

    told: dict[str, Any]
    made: dict[str, Any]
    faults: tuple[str, ...]


def date_of(day: int) -> date:
    """The date of a number of days since 1970."""
    return EPOCH + timedelta(days=day)


def day_of(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def fixing_row(fixing: ChainFixing | Fixing, method: Method) -> dict[str, Any]:
    """A fixing as it is published: words and whole numbers."""
    if isinstance(fixing, ChainFixing):
        row = asdict(fixing)
        row["day"] = date_of(fixing.day).isoformat()
        row["evidence_day"] = (
            date_of(fixing.evidence_day).isoformat() if fixing.evidence_day else ""
        )
        row["status"], row["rung"] = fixing.status.value, fixing.rung.value
        row["marks"] = list(fixing.marks)
        return row
    return {
        "index": method.index,
        "day": fixing.day.isoformat(),
        "status": Status.FIXED.value,
        "rung": "list",
        "price": fixing.price_micro_dollars,
        "reason": "",
        "marks": ["carried"] if fixing.carried else [],
        "evidence_day": fixing.evidence_day.isoformat(),
        "offers": len(fixing.evidence),
        "sources": 1,
        "rows": len(fixing.evidence),
        "level": 0,
        "simulated": fixing.simulated,
        "method_version": fixing.method_version,
        "method_sha256": method.sha256,
        "inputs_root": fixing.input_sha256,
        "state_before": "",
        "state_after": "",
    }


def chain_bundle(
    method: ChainMethod,
    before: State,
    evidence: DateEvidence,
    made: Step,
) -> bytes:
    """The bundle of a date of a chained index."""
    return _written(method, before.rows(), evidence.rows, fixing_row(made.fixing, method))


def mean_bundle(method: MeanMethod, fixing: Fixing, observations: Sequence[Observation]) -> bytes:
    """The bundle of a date of version 1: the rows of the date its evidence is of."""
    used = [o for o in observations if o.day == fixing.evidence_day]
    rows = canonical_inputs(used, method.identity).split(b"\n")[:-1]
    return _written(method, [], rows, fixing_row(fixing, method))


def _written(
    method: Method,
    state: Sequence[bytes],
    rows: Sequence[bytes],
    fixing: dict[str, Any],
) -> bytes:
    content = {
        "bundle": FORMAT,
        "method": method.text.decode("utf-8"),
        "state": [row.decode("ascii") for row in state],
        "state_leaves": [leaf.hex() for leaf in leaves_of(state)],
        "linked": None,
        "rows": [row.decode("ascii") for row in rows],
        "leaves": [leaf.hex() for leaf in leaves_of(rows)],
        "fixing": fixing,
    }
    return (json.dumps(content, indent=1) + "\n").encode("ascii")


def recompute(bundle: bytes, published: dict[str, Any] | None = None) -> Recomputed:
    """A fixing anew from its bundle alone; `published` is the same fixing from elsewhere, where one
    has it, because a bundle that was rewritten whole agrees with itself. Raises BundleError.
    """
    content = _read(bundle)
    told: dict[str, Any] = content["fixing"]
    faults = [] if published is None else _published_otherwise(published, told)
    rows = _rows("row", content["rows"], content["leaves"], faults)
    state = _rows("state row", content["state"], content["state_leaves"], faults)
    try:
        method = parse_method(content["method"].encode("utf-8"))
    except MethodError as error:
        return Recomputed(told, {}, (*faults, f"method: {error}"))
    if told.get("method_sha256") != method.sha256:
        faults.append(f"method: sealed {told.get('method_sha256')}, found {method.sha256}")
    _root("state_before", told, state if isinstance(method, ChainMethod) else None, faults)
    try:
        if isinstance(method, ChainMethod):
            _root("inputs_root", told, rows, faults)
            made = _chain_made(method, told, state, rows)
        else:
            made = _mean_made(method, told, rows)
    except ArithmeticError as error:
        return Recomputed(told, {}, (*faults, f"numbers that no market gives: {error}"))
    except ValueError as error:
        return Recomputed(told, {}, (*faults, str(error)))
    for name in dict.fromkeys([*told, *made]):
        if not _same(told.get(name), made.get(name)):
            faults.append(f"fixing: {name} told {told.get(name)!r}, made {made.get(name)!r}")
    return Recomputed(told, made, tuple(faults))


def _same(one: object, other: object) -> bool:
    """Whether two values are written alike: 3 is neither 3.0 nor true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _published_otherwise(published: dict[str, Any], told: dict[str, Any]) -> list[str]:
    """What parts a fixing published elsewhere from the one a bundle tells. Published forms say
    more than a fixing does, when and in which stage; of the fixing itself none may leave out what
    names it.
    """
    found = dict(published)
    if "price_micro_dollars" in found:  # as the gateway tells it
        found |= {"price": found["price_micro_dollars"], "method_version": found.get("method")}
    missing = [name for name in _NAMING if name not in found]
    if missing:
        return [f"published: expected {', '.join(_NAMING)}, found no {missing[0]}"]
    return [
        f"fixing: {name} is published as {found[name]!r}, the bundle has {value!r}"
        for name, value in told.items()
        if name in found and not _same(found[name], value)
    ]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Fields of an object. A name that stands twice is read one way here and otherwise there."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found


def _read(bundle: bytes) -> dict[str, Any]:
    try:
        content = json.loads(bundle, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BundleError("file", "JSON", str(error)) from error
    if not isinstance(content, dict) or sorted(content) != sorted(_FIELDS):
        raise BundleError("fields", ", ".join(_FIELDS), type(content).__name__)
    if not _same(content["bundle"], FORMAT):
        raise BundleError("bundle", str(FORMAT), content["bundle"])
    for name in ("rows", "leaves", "state", "state_leaves"):
        value = content[name]
        if not isinstance(value, list) or not all(
            isinstance(row, str) and row.isascii() for row in value
        ):
            raise BundleError(name, "a list of ASCII words", value)
    for name, kind in (("method", str), ("fixing", dict)):
        if not isinstance(content[name], kind):
            raise BundleError(name, kind.__name__, content[name])
    if re.search("[\ud800-\udfff]", content["method"]):
        raise BundleError("method", "UTF-8", ascii(content["method"])[:80])
    if content["linked"] is not None:
        raise BundleError("linked", "null: an index follows no other", content["linked"])
    return content


def _rows(word: str, rows: list[str], leaves: list[str], faults: list[str]) -> list[bytes]:
    """Rows as bytes; each whose leaf is another is named."""
    found = [row.encode("ascii") for row in rows]
    if len(leaves) != len(rows):
        faults.append(f"{word}s: {len(leaves)} leaves sealed, {len(rows)} rows found")
        known = set(leaves)
        faults += [
            f"{word} {n + 1} stands under no leaf: {row.decode()}"
            for n, (row, leaf) in enumerate(zip(found, leaves_of(found), strict=True))
            if leaf.hex() not in known
        ]
        return found
    for n, (row, leaf, sealed) in enumerate(zip(found, leaves_of(found), leaves, strict=True)):
        if leaf.hex() != sealed:
            faults.append(f"{word} {n + 1} was bent: leaf sealed {sealed}, found {leaf.hex()}: "
                          f"{row.decode()}")  # fmt: skip
    return found


def _root(name: str, told: dict[str, Any], rows: list[bytes] | None, faults: list[str]) -> None:
    if rows is None:
        return
    root = root_of(leaves_of(rows)).hex()
    if told.get(name) != root:
        faults.append(f"{name}: the fixing bears {told.get(name)}, its rows give {root}")


def _chain_made(
    method: ChainMethod,
    told: dict[str, Any],
    state: list[bytes],
    rows: list[bytes],
) -> dict[str, Any]:
    day = day_of(date.fromisoformat(str(told.get("day"))))
    book = EvidenceBook(evidence_table([parse_row(row) for row in rows]))
    dates = list(book.dates(method))
    if any(found.day != day for found in dates) or sum(len(d.rows) for d in dates) != len(rows):
        raise BundleError("rows", f"evidence of {method.index} on {told.get('day')}", "others too")
    evidence = dates[0] if dates else DateEvidence(day, (), (), frozenset(), False)
    return fixing_row(step(method, parse_state(state), evidence).fixing, method)


def _mean_made(method: MeanMethod, told: dict[str, Any], rows: list[bytes]) -> dict[str, Any]:
    if method.source != METHOD.source:
        raise BundleError("method", f"the mean of {METHOD.source}", method.source)
    day = date.fromisoformat(str(told.get("day")))
    observations = parse_inputs(b"\n".join([*rows, b""]), method.identity)
    if len({o.day for o in observations}) != 1:
        raise BundleError("rows", "those of one date", len({o.day for o in observations}))
    return fixing_row(fixing_history(observations, day, method.identity)[-1], method)
