"""Faults of a house that goes on serving: what was told once and is still so, by name."""

from __future__ import annotations

from collections.abc import Callable


class HeldFaults:
    """Shown by `/readyz`, counted by a gauge, told in the log as each begins and ends. From any
    thread."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self.say: Callable[[str], None] = lambda _: None

    def hold(self, name: str, sentence: str) -> None:
        """A fault that lasts until it is cleared; the same sentence again is not told again."""
        if self._held.get(name) != sentence:
            self._held[name] = sentence
            self.say(sentence)

    def clear(self, name: str, sentence: str = "") -> None:
        """It is over, where it was held."""
        if self._held.pop(name, None) is not None and sentence:
            self.say(sentence)

    def told(self) -> dict[str, str]:
        """Every fault that is held, by name."""
        return dict(sorted(self._held.items()))
