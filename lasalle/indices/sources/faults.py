"""What goes wrong when a source is asked."""

from __future__ import annotations


class SourceError(ValueError):
    """What a source gave is not of its published form; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


class Unreachable(ConnectionError):
    """A source could not be asked: no network, file, package or key. Says which and what to do.

    It is no evidence of anything, least of all of a shortage.
    """
