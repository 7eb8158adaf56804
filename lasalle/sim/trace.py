"""A day as scenario lines: every command in the journal, ready to stand in tests/scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any
from urllib.parse import quote

from lasalle import wire
from lasalle.sim.clock import MS, START
from lasalle.venue.disk import Disk
from lasalle.venue.journal import Journal
from lasalle.wire import Role

VERB_OF = {message: verb for verb, message in wire.VERBS.items()}
ALWAYS = {
    "place": ("order_type", "time_in_force", "self_trade"),
    "quote": ("self_trade",),
    "open_account": ("account_kind",),
}
"""Words that a scenario would fill in by itself when they are not said."""


def lines_of(disk: Disk, title: str) -> list[str]:
    """The journal on a disk as one scenario."""
    return [f"scenario {title}", *_lines(Journal(disk, read_only=True))]


def _lines(journal: Journal) -> Iterator[str]:
    before = START
    for batch in journal.batches():
        for header, command in wire.read_frames(batch.frames):
            yield f"when {line(header, command)} at={(header.time - before) // MS}ms"
            before = header.time


def line(header: wire.Header, command: Any) -> str:
    """A command as a verb and its words; amounts in micro-dollars, prices in micro-dollars."""
    verb = VERB_OF[type(command)]
    words = [f"actor={header.actor}"] if command.ROLES else []
    for name in command.__struct_fields__:
        value = getattr(command, name)
        if value or name in ALWAYS.get(verb, ()):
            words.append(f"{name}={_word(name, value)}")
    if command.FOUR_EYES:
        words.append("direct=yes")
    return " ".join([verb, *words])


def told(event: Any) -> str:
    """An event in the words of a scenario, for reading."""
    words = []
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(event, wire.Refused) and name == "refusal":
            value = wire.Refusal(value).name.lower()
        if value and name not in ("body", "losses", "reference_time", "payload"):
            words.append(f"{name}={_word(name, value)}")
    return " ".join([VERB_OF[type(event)], *words])


def _word(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "roles":
        return "|".join(r.name.lower() for r in Role if value & r)
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, tuple):
        return ",".join(":".join(_word("", part) for part in _parts(element)) for element in value)
    return str(value)


def _parts(element: Any) -> list[Any]:
    return [getattr(element, name) for name in element.__struct_fields__]
