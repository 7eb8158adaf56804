"""The door to the core: bytes in, bytes out. Which core serves is chosen here and nowhere else."""

from __future__ import annotations

import importlib
import os
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


CHOICE = "LASALLE_CORE"
"""Environment variable that forces a core, `plain` or `compiled`; unset, the compiled one serves
where it was built."""
COMPILED_NOTICE = "The compiled core serves."
PLAIN_NOTICE = "The plain core serves: the law said in Python, correct and slow."


class CoreUnavailable(RuntimeError):
    """The core that was asked for by name is unknown or was not built."""


def make_core(records: bytes = b"", choice: str | None = None) -> tuple[Core, str]:
    """A core in the state the records tell (none: an empty house), and a notice for the
    operator.

    choice: `plain`, `compiled` or empty for the best there is; default what LASALLE_CORE says.
    Raises CoreUnavailable when that core is unknown or was not built.
    """
    house = _house(os.environ.get(CHOICE, "") if choice is None else choice)
    core: Core = house.restore(records) if records else house()
    return core, (PLAIN_NOTICE if house is House else COMPILED_NOTICE)


def _house(choice: str) -> Any:
    if choice not in ("", "plain", "compiled"):
        raise CoreUnavailable(f"{CHOICE}={choice}: expected plain or compiled")
    compiled = None if choice == "plain" else compiled_house()
    if choice == "compiled" and compiled is None:
        raise CoreUnavailable(
            f"{CHOICE}=compiled: no compiled core was built; `make core` tells why"
        )
    return compiled or House


def compiled_house() -> Any:
    """The compiled house, or None where it was not built."""
    try:
        return getattr(importlib.import_module("lasalle._core"), "House", None)
    except ImportError:
        return None
