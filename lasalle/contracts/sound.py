"""A standard without the fields that were refused, for the rules that come after the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lasalle.contracts.reading import Path, StandardFault


class Unread(KeyError):
    """A field that was refused, or a file that is not there, was asked for."""


class Sound(dict[str, Any]):
    """A table in which whoever asks for a field that was refused hears `Unread`, and for one that
    was never stated too; `in` and `get` tell the two apart.
    """

    def __init__(self, stated: Mapping[str, Any], refused: Iterable[str] = ()) -> None:
        super().__init__(stated)
        self.refused = frozenset(refused)

    def __missing__(self, name: str) -> Any:
        raise Unread(name)

    def __contains__(self, name: object) -> bool:
        if name in self.refused:
            raise Unread(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """A field, or what stands for one that is not stated."""
        found = name in self
        return self[name] if found else default

    def states(self, name: str) -> bool:
        """Whether a field is there, refused or not."""
        return name in self.refused or super().__contains__(name)


class Known(dict[tuple[str, str], Sound]):
    """Terms of files by kind and reference. Where a file could not be read its name is not known
    (`whole` is false), and nobody can say of another that it does not exist.
    """

    whole = True

    def __missing__(self, name: tuple[str, str]) -> Sound:
        raise Unread(name)

    def __contains__(self, name: object) -> bool:
        found = super().__contains__(name)
        if not found and not self.whole:
            raise Unread(name)
        return found

    def states(self, name: tuple[str, str]) -> bool:
        """Whether a file of that name was read."""
        return super().__contains__(name)


Wrong = tuple[Path, str, object]
Rule = Callable[[Sound, Known], Iterator[Wrong]]


def until_unread(told: Iterator[Wrong]) -> Iterator[Wrong]:
    """What a rule says before it asks for a field that was refused."""
    try:
        yield from told
    except Unread:
        return


def apart(told: Iterable[Iterator[Wrong]]) -> Iterator[Wrong]:
    """What rules over several rows say: a row that cannot be read silences no other."""
    for one in told:
        yield from until_unread(one)


def sound(terms: Mapping[str, Any], faults: Iterable[StandardFault]) -> Sound:
    """The terms of a file, and of each table in it, without what its faults refuse."""
    return _table(terms, [tuple(fault.field.split(".")) for fault in faults])


def _table(terms: Mapping[str, Any], refused: list[tuple[str, ...]]) -> Sound:
    whole = {path[0] for path in refused if len(path) == 1}
    kept: dict[str, Any] = {}
    for name, value in terms.items():
        within = [path[1:] for path in refused if path[0] == name and len(path) > 1]
        if name in whole:
            continue
        if isinstance(value, dict):
            kept[name] = _table(value, within)
        elif isinstance(value, list) and any(len(path) == 1 for path in within):
            whole.add(name)  # a list with a value that was refused is refused
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            kept[name] = [
                _table(one, [path[1:] for path in within if path[0] == str(n)])
                for n, one in enumerate(value)
            ]
        else:
            kept[name] = value
    return Sound(kept, whole)
