"""The answer to a need as one file: figures, words, page, picture, orders and designation, sealed
by a digest, so that whoever reports, executes or books a plan has what was planned and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from lasalle.hedging.books.designation import Designation, designated
from lasalle.hedging.plan.orders import OrderFile, OrdersRefused, sealed
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.planning import Plan
from lasalle.hedging.plan.telling import told, value

FORMAT = "lasalle-plan-1"


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan made: `written` in nanoseconds UTC, the rest as each part of it is told; `sha256` of
    all but itself.
    """

    format: str = FORMAT
    written: int
    house: str
    account: int
    value: dict[str, Any]
    text: str
    html: str
    png: bytes
    orders: OrderFile
    designation: Designation
    sha256: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all but itself."""
        bare = msgspec.structs.replace(self, sha256="")
        return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()


def answered(
    plan: Plan,
    house: str,
    account: int,
    written: int,
    tell: Callable[[str], None] = print,
    holds: Mapping[str, int] | None = None,
) -> Answer:
    """The answer of a plan for an account of a house, which `holds` lots by symbol; `tell` hears
    what is being made.
    """
    tell("drawing the picture")
    png = picture(plan)
    tell("writing the report")
    text, html, told_value = told(plan), page(plan, png).decode("utf-8"), value(plan)
    bare = Answer(
        written=written,
        house=house,
        account=account,
        value=told_value,
        text=text,
        html=html,
        png=png,
        orders=sealed(plan, house, account, written, holds),
        designation=designated(plan),
    )
    return msgspec.structs.replace(bare, sha256=bare.digest)


def is_answer(content: bytes) -> bool:
    """Whether a file is a saved plan rather than the orders of one."""
    return b'"lasalle-plan-' in content[:500]


def read_answer(content: bytes, name: str) -> Answer:
    """What `answered` made, as JSON. Raises OrdersRefused where it was edited or is none."""
    try:
        found = msgspec.json.decode(content, type=Answer)
    except msgspec.DecodeError as error:
        words = str(error)
        if b'"limit_price"' in content and b'"html"' not in content:
            words = "the orders of one: lasalle hedge plan NEED --save FILE writes a plan"
        raise OrdersRefused(f"{name}: expected a plan of lasalle hedge, found {words}") from error
    if found.format != FORMAT:
        raise OrdersRefused(f"{name}: format: expected {FORMAT}, found {found.format}")
    if found.sha256 != found.digest:
        raise OrdersRefused(f"{name}: sha256: expected {found.digest}, found {found.sha256}")
    return found
