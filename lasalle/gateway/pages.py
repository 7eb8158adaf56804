"""Lists page by page: an opaque cursor says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from lasalle.gateway.endpoints import Query
from lasalle.gateway.faults import BadCommand

PAGE = 100
MOST = 500
PAGED = (
    Query("limit", "Rows of a page.", "integer", least=1, most=MOST),
    Query("cursor", "`next` of the page before; absent for the first one."),
)


def make_cursor(kind: str, after: int) -> str:
    """Where a list of some kind goes on; not to be read by anyone but the house."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode((kind, after))).decode().rstrip("=")


def read_cursor(kind: str, query: dict[str, Any]) -> int | None:
    """What the cursor of a query names; None without one. Raises BadCommand."""
    text = query.get("cursor")
    if text is None:
        return None
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found, after = msgspec.msgpack.decode(packed, type=tuple[str, int])
        if found != kind or not -(2**63) <= after < 2**63:
            raise ValueError("a cursor of another list")
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise BadCommand("cursor", "the `next` of a page of this list", text) from None
    return after


def page(
    kind: str, rows: Iterable[Any], number: Callable[[Any], int], query: dict[str, Any]
) -> tuple[list[Any], str | None]:
    """Rows after the cursor, and the cursor of the next page; rows come in ascending number."""
    after, limit = read_cursor(kind, query), int(query.get("limit", PAGE))
    found: list[Any] = []
    for row in rows:
        if after is not None and number(row) <= after:
            continue
        if len(found) == limit:
            return found, make_cursor(kind, number(found[-1]))
        found.append(row)
    return found, None
