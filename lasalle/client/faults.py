"""Exceptions: one for every refusal of the core and one for every fault of a door, by name."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.client.registry import FAULTS


class Fault(Exception):
    """An answer that is not the one asked for; `name` and `code` are contract, the text is not."""

    def __init__(self, status: int, error: dict[str, Any], retry_after: float = 0.0) -> None:
        super().__init__(error.get("text", ""))
        self.status = status
        self.code: int = error.get("code", 0)
        self.name: str = error.get("name", "")
        self.field: str = error.get("field", "")
        self.rule: str = error.get("rule", "")
        self.expected: int | str | None = error.get("expected")
        self.found: int | str | None = error.get("found")
        self.retry_after = retry_after
        """Seconds after which asking again makes sense; 0 when it is not said."""


class Refused(Fault):
    """The core refused; nothing changed."""


class DoorFault(Fault):
    """A door refused before the core was asked, or could not answer."""


def _named(name: str, base: type[Any], text: str) -> type[Any]:
    return type(name.title().replace("_", ""), (base,), {"__doc__": text})


REFUSED: dict[str, type[Refused]] = {
    r.name.lower(): _named(r.name, Refused, text) for r, (_, _, text) in wire.REFUSALS.items()
}
"""An exception for every refusal of the registry, by name."""

DOOR_FAULTS: dict[str, type[DoorFault]] = {
    name: _named(name, DoorFault, terms.text) for name, terms in FAULTS.items()
}
"""An exception for every fault of a door, by name."""


def fault_from(status: int, error: dict[str, Any], retry_after: float = 0.0) -> Fault:
    """The exception of an error body; a plain Fault for a name this client does not know."""
    name = error.get("name", "")
    made: type[Fault] = REFUSED.get(name) or DOOR_FAULTS.get(name) or Fault
    return made(status, error, retry_after)
