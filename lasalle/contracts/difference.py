"""What differs between two standards, field by field; rows of a table by what names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lasalle.contracts.toml_text import toml_value

NAMES = {
    "contract": ("slice",),
    "strip": ("block",),
    "bounds": ("floor", "cap"),
    "measure": ("name",),
    "failure": ("when",),
    "source": ("term",),
    "holiday": ("name",),
}
"""Fields that name a row of each array of tables."""
LONGEST_NAME = 60
"""Letters of a name that are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field and what it says in the one and in the other, as TOML has it; None where it says
    nothing.
    """

    field: str
    before: str | None
    after: str | None

    @property
    def what(self) -> str:
        """Added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Fields that differ, in alphabetical order. A row of an array is held against the row of the
    same name, wherever it stands: `contract[H200-SXM/1].index`; a plain list, as one of locations,
    tells the values that came and went, and its order only where nothing else differs.
    """
    return tuple(sorted(_tables(before, after, ""), key=lambda one: one.field))


def stated(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a table under its path, for a reader; rows of an array counted from 0."""
    if isinstance(value, Mapping):
        for name, under in value.items():
            yield from stated(under, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, under in enumerate(value):
            yield from stated(under, f"{path}.{number}")
    else:
        yield path, value if isinstance(value, str) else toml_value(value)


def _tables(was: Mapping[str, Any], now: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for name in was.keys() | now.keys():
        yield from _values(name, was.get(name), now.get(name), f"{path}.{name}" if path else name)


def _values(name: str, was: Any, now: Any, path: str) -> Iterator[Difference]:
    """Both sides of one field; None is no field."""
    if was == now and type(was) is type(now):
        return
    if _all(Mapping, was, now):
        yield from _tables(was or {}, now or {}, path)
    elif _all(list, was, now) and _of_tables(was) and _of_tables(now):
        yield from _rows(_by_name(name, was or ()), _by_name(name, now or ()), path)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _lists(was, now, path)
    else:
        yield Difference(path, _told(was), _told(now))


def _all(kind: type, *sides: Any) -> bool:
    return all(side is None or isinstance(side, kind) for side in sides)


def _of_tables(rows: Sequence[Any] | None) -> bool:
    return rows is None or (bool(rows) and all(isinstance(row, Mapping) for row in rows))


def _by_name(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Rows by what names them; the second of a name is `NAME #2`."""
    seen, found = Counter[str](), {}
    for row in rows:
        fields = NAMES.get(name) or tuple(row)[:1]
        word = " to ".join(str(row.get(field, "unnamed")) for field in fields)
        seen[word] += 1
        found[word if seen[word] == 1 else f"{word} #{seen[word]}"] = row
    return found


def _rows(
    was: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]], path: str
) -> Iterator[Difference]:
    if was.keys() == now.keys() and list(was) != list(now):
        yield Difference(f"{path}, in its order", toml_value(list(was)), toml_value(list(now)))
    for word in was.keys() | now.keys():
        shown = word if len(word) <= LONGEST_NAME else f"{word[: LONGEST_NAME - 3]}..."
        old, new, at = was.get(word), now.get(word), f"{path}[{shown}]"
        if old is not None and new is not None:
            yield from _tables(old, new, at)
        else:
            yield Difference(at, _told(old), _told(new))


def _lists(was: list[Any], now: list[Any], path: str) -> Iterator[Difference]:
    """Values that went, and values that came."""
    old, new = ([toml_value(one) for one in side] for side in (was, now))
    went, came = (Counter(old) - Counter(new)), (Counter(new) - Counter(old))
    if not went and not came:
        yield Difference(f"{path}, in its order", _told(was), _told(now))
    if went:
        yield Difference(path, f"[{', '.join(went.elements())}]", None)
    if came:
        yield Difference(path, None, f"[{', '.join(came.elements())}]")


def _told(value: Any) -> str | None:
    return None if value is None else toml_value(value)
