"""Statements of settled days: in short from the history, whole as the house keeps them, each with
what proves it against the digests on the log."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from lasalle.client.days import day_text
from lasalle.client.shapes import DayStatement, Shape
from lasalle.gateway import shapes
from lasalle.gateway.endpoints import Asked, Endpoint, Query, Raw
from lasalle.gateway.faults import BEHIND, BadCommand, Denied
from lasalle.gateway.pages import PAGED, page
from lasalle.gateway.reading import STILL, Reading
from lasalle.views import AccountsView
from lasalle.views.model import dollars

MEDIA = {"json": "application/json", "csv": "text/csv", "pdf": "application/pdf"}
ALL_ALONG = (0, STILL)
"""Commands between which an account was an actor's, where it never became another member's."""
UNKNOWN = ("account_unknown", "file_unknown")


class DayStatements(Protocol):
    """Whole statements by account and settled day (YYYYMMDD)."""

    def days(self, account: int) -> list[int]: ...

    def read(self, account: int, day: int) -> dict[str, Any] | None: ...

    def proof(self, account: int, day: int) -> dict[str, Any] | None: ...

    def file(self, account: int, day: int, form: str) -> bytes | None: ...


class Holder(Protocol):
    """What has statements, or none, and knows whose accounts are whose."""

    statements: DayStatements | None
    accounts: AccountsView
    reading: Reading


class StatementDay(Shape, frozen=True):
    """A settled day of which the whole statement is kept."""

    day: int


class LeafProof(Shape, frozen=True):
    """SHA-256 of a zero byte, the salt and what is proved leads up the path (whether the sibling
    stands right, its hash) to the root, which is the digest on the log."""

    salt: str
    path: list[tuple[bool, str]]
    root: str


class StatementProof(Shape, frozen=True):
    """What proves an account's statement, its collateral and its balances of a day."""

    format: str
    account: int
    day: int
    statements: LeafProof
    collateral: LeafProof
    balances: dict[str, Any]


def endpoints(held: Holder) -> list[Endpoint]:
    """The declarations."""
    own = "/v1/accounts/{account}/statements"

    async def listed(asked: Asked) -> Any:
        account = asked.account()
        had = held.reading.had(asked.signer.actor, account)
        days: list[int] = []
        if held.statements is not None:
            days = await asyncio.to_thread(held.statements.days, account)
            if had[0] != ALL_ALONG:
                days = await asyncio.to_thread(_of_theirs, held, account, days, had)
        found, following = page("statements", days, int, asked.query)
        return {"statements": [{"day": day} for day in found], "next": following}

    async def statement(asked: Asked) -> Any:
        account, day = await asked_for(held, asked)
        form = asked.query.get("format")
        if form is None:
            return await asyncio.to_thread(in_short, held, account, day)
        found = None
        if held.statements is not None:
            found = await asyncio.to_thread(held.statements.file, account, day, form)
        if found is None:
            raise not_kept(day)
        named = f'attachment; filename="statement-{day}-{account}.{form}"'
        return Raw(found, MEDIA[form], headers={"Content-Disposition": named})

    async def proof(asked: Asked) -> Any:
        account, day = await asked_for(held, asked)
        found = None
        if held.statements is not None:
            found = await asyncio.to_thread(held.statements.proof, account, day)
        if found is None:
            raise not_kept(day)
        return found

    form = Query("format", "The whole statement in this form.", words=tuple(MEDIA))
    return [
        Endpoint(
            "GET", own, listed, "Settled days of which the whole statement is kept.",
            shapes.page_of("StatementDays", "statements", StatementDay), "read", 5, query=PAGED,
            faults=("account_unknown",),
        ),
        Endpoint(
            "GET", own + "/{day}", statement,
            "Cash and positions over one settled day; with a format the whole statement.",
            DayStatement, "read", 5, query=(form,), faults=(*UNKNOWN, BEHIND),
        ),
        Endpoint(
            "GET", own + "/{day}/proof", proof,
            "What proves a day's statement, collateral and balances against the log.",
            StatementProof, "read", 10, faults=UNKNOWN,
        ),
    ]  # fmt: skip


async def asked_for(held: Holder, asked: Asked) -> tuple[int, int]:
    """Account and day of the path, where the account was the asker's all that day. Raises Denied,
    BadCommand."""
    account, day = asked.account(), asked.day()
    had = held.reading.had(asked.signer.actor, account)
    if had[0] != ALL_ALONG and not await asyncio.to_thread(_theirs, held, account, day, had):
        text = "the account was another member's on this day, or part of it"
        raise Denied(text, name="file_unknown", field="day", found=day)
    return account, day


def _theirs(held: Holder, account: int, day: int, had: list[tuple[int, int]]) -> bool:
    """Whether the whole statement of a day is of commands between which the account was theirs."""
    said = held.statements.read(account, day) if held.statements is not None else None
    if said is None:
        return False
    begins, ends = said["commands"]
    return any(first < begins and ends < last for first, last in had)


def _of_theirs(
    held: Holder, account: int, days: list[int], had: list[tuple[int, int]]
) -> list[int]:
    return [day for day in days if _theirs(held, account, day, had)]


def not_kept(day: int) -> Denied:
    """No whole statement of the day is kept."""
    text = "no statement of this day is kept: lasalle statement makes it from the journal"
    return Denied(text, name="file_unknown", field="day", found=day)


def in_short(held: Holder, account: int, day: int) -> dict[str, Any]:
    """Cash before and after a day, what moved it, and positions. Raises BadCommand."""
    found = held.accounts.history.statement(account, day)
    if found is None:
        raise BadCommand("day", "a day that was settled, YYYY-MM-DD", day_text(day))
    return {
        "account": account,
        "day": day,
        "opening": dollars(found.opening),
        "closing": dollars(found.closing),
        "moved": {why: dollars(amount) for why, amount in found.moved.items()},
        "positions": [
            {"symbol": held.reading.symbol(s), "lots": lots} for s, lots in found.positions.items()
        ],
    }
