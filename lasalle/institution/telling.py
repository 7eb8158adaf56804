"""How a person is told a count."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 fault`, `2 faults`, `no fault`."""
    return f"{number or 'no'} {noun}{'s' if number > 1 else ''}"
