"""Faults of the doors: each has a row in the registry, and a body that names it."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.client.registry import FAULTS
from lasalle.venue.refusals import refusal_text

REFUSAL_STATUS = {
    "reference_reused": 409,
    "role_missing": 403,
    "account_not_yours": 403,
    "actor_unknown": 403,
    "account_unknown": 404,
    "order_unknown": 404,
    "series_unknown": 404,
}
"""Statuses of refusals; every other one is 422."""
REFUSED_STATUS = 422
BEHIND = "history_catching_up"
FOUND_SHOWN = 100
"""Characters of what was found that a body repeats."""
Told = int | str | None


class Denied(Exception):
    """A request a door does not carry out; `name` is a fault or a refusal of the registry."""

    name = "malformed"

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        field: str = "",
        expected: Told = None,
        found: Told = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.name = name or self.name
        self.field, self.expected, self.found = field, expected, found
        self.headers = headers or {}

    @property
    def status(self) -> int:
        terms = FAULTS.get(self.name)
        return terms.status if terms else REFUSAL_STATUS.get(self.name, REFUSED_STATUS)

    def body(self) -> dict[str, Any]:
        """Code, name, field, rule, expected, found, text."""
        terms = FAULTS.get(self.name)
        if terms is not None:
            code, rule, field, text = terms.code, terms.rule, self.field, terms.text
        else:
            refusal = wire.Refusal[self.name.upper()]
            rule, field, _ = wire.REFUSALS[refusal]
            code = int(refusal)
            text = refusal_text(refusal, self.expected, self.found)
        return {
            "error": {
                "code": code,
                "name": self.name,
                "field": self.field or field,
                "rule": rule,
                "expected": self.expected,
                "found": self.found,
                "text": str(self) or text,
            }
        }


class BadCommand(Denied, ValueError):
    """Words that are no such command; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: Any) -> None:
        shown = found if isinstance(found, str) else repr(found)
        shown = shown if len(shown) <= FOUND_SHOWN else shown[:FOUND_SHOWN] + "…"
        super().__init__(
            f"{field or 'body'}: expected {expected}, found {shown}",
            field=field,
            expected=expected,
            found=shown,
        )


def refused(event: wire.Refused) -> Denied:
    """The refusal of the core, in the words of the registry."""
    name = wire.Refusal(event.refusal).name.lower()
    return Denied(name=name, expected=event.expected, found=event.found)
