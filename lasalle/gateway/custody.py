"""Reserves in custody over REST: for the member whose account holds one, and for the house."""

from __future__ import annotations

from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta

from lasalle.client import custody as c
from lasalle.gateway.credit import told
from lasalle.gateway.endpoints import MOST_NUMBER, Asked, Endpoint, read_body
from lasalle.gateway.faults import BEHIND, Denied
from lasalle.gateway.reading import Reading

MOST_BYTES = 200_000
READ, WRITE = 10, 20
"""Costs: a report reads the book and the feed."""


class Custody(Protocol):
    """Reserves of a house. Everything may raise ValueError with field, expected and found."""

    def report(self, account: int) -> dict[str, Any] | None: ...

    def file(self, account: int, text: str, by: int) -> dict[str, Any]: ...

    def draw(self, account: int, by: int) -> dict[str, Any]: ...

    def answer(
        self, account: int, test: int, unit: str, shown: tuple[str, str, str], by: int
    ) -> dict[str, Any]: ...


class Holder(Protocol):
    """What keeps reserves, or none."""

    custody: Custody | None
    reading: Reading


class NewTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Terms of a reserve, TOML text as `lasalle delivery custody example` writes them."""

    file: Annotated[str, Meta(max_length=MOST_BYTES)]


class NoWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is said: who is drawn follows from the journal."""


Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="64 hexadecimal digits")]


class NewAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit answers to its challenge, signed with its own key."""

    test: Annotated[int, Meta(ge=1, le=MOST_NUMBER // 2)]
    unit: Annotated[str, Meta(max_length=32)]
    work: Hex
    signature: Annotated[
        str, Meta(pattern=r"^[0-9a-f]{128}$", description="128 hexadecimal digits")
    ]
    evidence: Annotated[
        str, Meta(pattern=r"^([0-9a-f]{64})?$", description="64 hexadecimal digits, or nothing")
    ] = ""


class Reserves:
    """The paths of reserves."""

    def __init__(self, held: Holder) -> None:
        self._held = held

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        own = "/v1/accounts/{account}/custody"
        faults = ("account_unknown", "file_unknown", "role_missing")
        return [
            Endpoint("GET", own, self.report,
                     "The reserve of an account: its ladder, what today asks, releases, tests.",
                     c.CustodyReport, "read", READ,
                     faults=("account_unknown", "file_unknown", BEHIND)),
            Endpoint("POST", own, self.file,
                     "Keeps the terms of a reserve; said by an actor of its member.",
                     c.CustodyFiled, "trade", WRITE, NewTerms, faults=faults),
            Endpoint("POST", own + "/tests", self.draw,
                     "Draws the test of readiness of today, once a day, by the journal's chain.",
                     c.CustodyTest, "trade", WRITE, NoWord, faults=faults),
            Endpoint("POST", own + "/answers", self.answer,
                     "Keeps what a drawn unit answers, once its work and signature hold.",
                     c.CustodyTest, "trade", WRITE, NewAnswer, faults=faults),
        ]  # fmt: skip

    def _desk(self) -> Custody:
        if self._held.custody is None:
            raise Denied("this house keeps no reserves", name="file_unknown")
        return self._held.custody

    def _own(self, asked: Asked) -> int:
        """The account, for an actor of the member that owns it. Raises Denied."""
        return self._held.reading.of_member(asked.signer.actor, asked.account())

    async def report(self, asked: Asked) -> Any:
        """As it stands."""
        account = self._held.reading.own(asked.signer.actor, asked.account())
        found = await told(self._desk().report, account)
        if found is None:
            text = f"no terms of a reserve of account {account} are on record"
            raise Denied(text, name="file_unknown", field="account", found=account)
        return found

    async def file(self, asked: Asked) -> Any:
        """Terms in."""
        account = self._own(asked)
        body: NewTerms = read_body(NewTerms, asked.body)
        return await told(self._desk().file, account, body.file, asked.signer.actor)

    async def draw(self, asked: Asked) -> Any:
        """A test drawn."""
        account = self._own(asked)
        read_body(NoWord, asked.body)
        return await told(self._desk().draw, account, asked.signer.actor)

    async def answer(self, asked: Asked) -> Any:
        """An answer in."""
        account = self._own(asked)
        body: NewAnswer = read_body(NewAnswer, asked.body)
        shown = (body.work, body.evidence, body.signature)
        desk = self._desk()
        return await told(desk.answer, account, body.test, body.unit, shown, asked.signer.actor)
