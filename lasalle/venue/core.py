"""The door to the core: bytes in, bytes out. Which core serves is chosen here and nowhere else."""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from lasalle.plain import House


class Core(Protocol):
    """What the venue needs of a core, plain or compiled."""

    @property
    def last_number(self) -> int: ...

    @property
    def last_time(self) -> int: ...

    @property
    def last_event(self) -> int: ...

    def take(self, frames: bytes) -> bytes: ...

    def snapshot(self) -> bytes: ...

    def state_hash(self) -> bytes: ...


COMPILED_NOTICE = "The compiled core serves."
PLAIN_NOTICE = "The plain core serves: the law said in Python, correct and slow."


def make_core(records: bytes = b"") -> tuple[Core, str]:
    """A core in the state the records tell (none: an empty house), and a notice for the
    operator."""
    house: Any = _compiled() or House
    core: Core = house.restore(records) if records else house()
    return core, (PLAIN_NOTICE if house is House else COMPILED_NOTICE)


def _compiled() -> Any:
    """The compiled house, or None where it was not built."""
    try:
        return getattr(importlib.import_module("lasalle._core"), "House", None)
    except ImportError:
        return None
