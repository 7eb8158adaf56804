"""Suppliers over REST: totals for everyone, files and lines for officers, its own for a
supplier."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta

from lasalle import wire
from lasalle.client import credit as c
from lasalle.gateway.endpoints import Asked, Endpoint, read_body
from lasalle.gateway.faults import BadCommand, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.shapes import page_of
from lasalle.views import AccountsView

OFFICERS = wire.Role.OPERATOR | wire.Role.RISK | wire.Role.CLEARING
MAY_SAY = wire.Role.OPERATOR | wire.Role.RISK
MOST_BYTES = 1_000_000
READ, JUDGE = 5, 50
"""Costs: judging every supplier takes some hundredths of a second."""


class Credit(Protocol):
    """Suppliers of a house. Everything may raise ValueError with field, expected and found."""

    def totals(self) -> dict[str, Any]: ...

    def summaries(self, member: int) -> list[dict[str, Any]]: ...

    def member_of(self, supplier: str) -> int | None: ...

    def supplier(self, supplier: str) -> dict[str, Any]: ...

    def file(self, text: str, by: int) -> dict[str, Any]: ...

    def line(self, supplier: str, usd: int, by: int) -> dict[str, Any]: ...

    def heartbeats(self, supplier: str, missed: float, by: int) -> dict[str, Any]: ...

    def draw(
        self, supplier: str, issuer: str, usd: int, by: int, reference: str
    ) -> dict[str, Any]: ...

    def what_if(self, supplier: str, key: tuple[str, str, str], price: str) -> dict[str, Any]: ...


class Holder(Protocol):
    """What has suppliers, or none, and knows who is of the house."""

    credit: Credit | None
    accounts: AccountsView


class NewFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supplier's file, TOML text as `lasalle credit example` writes one."""

    file: Annotated[str, Meta(max_length=MOST_BYTES)]


class NewLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line without security, whole US dollars; 0 switches it off."""

    usd: Annotated[int, Meta(ge=0, le=10**9, description="whole US dollars from 0 to 1000000000")]


class Missed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Heartbeats missed in the last day."""

    missed: Annotated[float, Meta(ge=0, le=1, description="a share from 0 to 1")]


class NewDrawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A drawing on a letter of credit, whole US dollars; the same reference draws once."""

    issuer: Annotated[str, Meta(min_length=1, max_length=120)]
    usd: Annotated[int, Meta(ge=1, le=10**12, description="whole US dollars, 1 or more")]
    reference: Annotated[
        str, Meta(pattern=r"^[!-~]{1,32}$", description="1 to 32 printable ASCII characters")
    ]


class AskedWhatIf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a supplier would sell; no price is that of the market."""

    month: Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]
    grade: Annotated[str, Meta(max_length=8)]
    place: Annotated[str, Meta(max_length=2)]
    price: Annotated[str, Meta(max_length=14)] = ""


class Suppliers:
    """The paths of suppliers."""

    def __init__(self, held: Holder) -> None:
        self._held = held

    def endpoints(self) -> list[Endpoint]:
        """The declarations."""
        one = c.PATH + "/suppliers/{supplier}"
        unknown, denied = ("file_unknown",), ("file_unknown", "role_missing")
        return [
            Endpoint("GET", c.PATH, self.totals,
                     "The book of suppliers in totals; made-up ones by name.",
                     c.CreditTotals, cost=READ, faults=unknown),
            Endpoint("GET", c.PATH + "/suppliers", self.listed,
                     "Suppliers in short: all for officers, those of its member for others.",
                     page_of("CreditSuppliers", "suppliers", c.CreditSummary), "read", JUDGE,
                     query=PAGED, faults=unknown),
            Endpoint("POST", c.PATH + "/suppliers", self.file,
                     "Keeps a supplier's file; said by an operator or a risk actor of the house.",
                     c.CreditFiled, "admin", READ, NewFile, faults=denied),
            Endpoint("GET", one, self.found,
                     "A supplier judged; for officers, and for actors of its member.",
                     c.CreditSupplier, "read", JUDGE, faults=unknown),
            Endpoint("POST", one + "/line", self.line,
                     "A line without security: in force when two officers asked for the same.",
                     c.CreditSwitched, "admin", READ, NewLine, faults=denied),
            Endpoint("POST", one + "/heartbeats", self.heartbeats,
                     "The share of heartbeats a supplier missed in the last day.",
                     c.CreditSummary, "admin", JUDGE, Missed, faults=denied),
            Endpoint("POST", one + "/draw", self.draw,
                     "Draws on a supplier's letter of credit, once a reference; what is presented.",
                     c.CreditDrawn, "admin", READ, NewDrawing, faults=denied),
            Endpoint("POST", one + "/what-if", self.what_if,
                     "How much more a supplier can sell of a month, and what it would take.",
                     c.CreditAnswer, "read", JUDGE, AskedWhatIf, faults=unknown),
        ]  # fmt: skip

    def _desk(self) -> Credit:
        if self._held.credit is None:
            raise Denied("this house judges no suppliers", name="file_unknown")
        return self._held.credit

    def _who(self, asked: Asked) -> tuple[int, int]:
        found: tuple[int, int] = self._held.accounts.actors.get(asked.signer.actor, (-1, 0))
        return found

    def _officer(self, asked: Asked, roles: int) -> bool:
        member, held = self._who(asked)
        return member == 0 and bool(held & roles)

    def _says(self, asked: Asked) -> int:
        if not self._officer(asked, MAY_SAY):
            raise Denied("expected an operator or a risk actor of the house", name="role_missing")
        return asked.signer.actor

    async def _may_see(self, asked: Asked) -> str:
        """The supplier of the path; one that is not the asker's own is as one that is not there."""
        supplier, desk = asked.path["supplier"], self._desk()
        owner = await told(desk.member_of, supplier)
        member, _ = self._who(asked)
        own = owner is not None and owner > 0 and owner == member
        if owner is None or not (own or self._officer(asked, OFFICERS)):
            text = "no such supplier is on file"
            raise Denied(text, name="file_unknown", field="supplier", found=supplier[:64])
        return supplier

    async def totals(self, _: Asked) -> Any:
        """For everyone."""
        return await told(self._desk().totals)

    async def listed(self, asked: Asked) -> Any:
        """All, or those of the asker's member."""
        member, _ = self._who(asked)
        of = 0 if self._officer(asked, OFFICERS) else member if member > 0 else -1
        found = await told(self._desk().summaries, of)
        places = {row["supplier"]: n for n, row in enumerate(found)}
        rows, following = page("credit", found, lambda row: places[row["supplier"]], asked.query)
        return {"suppliers": rows, "next": following}

    async def found(self, asked: Asked) -> Any:
        """One, whole."""
        supplier = await self._may_see(asked)
        return await told(self._desk().supplier, supplier)

    async def file(self, asked: Asked) -> Any:
        """A file in."""
        by = self._says(asked)
        body: NewFile = read_body(NewFile, asked.body)
        return await told(self._desk().file, body.file, by)

    async def line(self, asked: Asked) -> Any:
        """A line asked for, agreed to or switched off."""
        by = self._says(asked)
        body: NewLine = read_body(NewLine, asked.body)
        supplier = await self._may_see(asked)
        return await told(self._desk().line, supplier, body.usd, by)

    async def heartbeats(self, asked: Asked) -> Any:
        """What was missed."""
        by = self._says(asked)
        body: Missed = read_body(Missed, asked.body)
        supplier = await self._may_see(asked)
        return await told(self._desk().heartbeats, supplier, body.missed, by)

    async def draw(self, asked: Asked) -> Any:
        """A letter drawn on."""
        by = self._says(asked)
        body: NewDrawing = read_body(NewDrawing, asked.body)
        supplier = await self._may_see(asked)
        desk = self._desk()
        return await told(desk.draw, supplier, body.issuer, body.usd, by, body.reference)

    async def what_if(self, asked: Asked) -> Any:
        """What a supplier could sell."""
        body: AskedWhatIf = read_body(AskedWhatIf, asked.body)
        supplier = await self._may_see(asked)
        key = (body.month, body.grade, body.place)
        return await told(self._desk().what_if, supplier, key, body.price)


async def told(run: Any, *args: Any) -> Any:
    """Carried out beside the loop; what is wrong is told as a fault of its field."""
    try:
        return await asyncio.to_thread(run, *args)
    except ValueError as error:
        field, _, said = str(error).partition(": expected ")
        expected, _, found = said.partition(", found ")
        if not expected:
            raise BadCommand("", "what the rules of credit allow", str(error)) from None
        raise BadCommand(field, expected, found or None) from None
