"""Requests before they are signed, and how often one may be repeated."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from lasalle.client.days import day_text
from lasalle.client.faults import Fault, fault_from
from lasalle.client.shapes import (
    Account,
    Answer,
    Balance,
    Book,
    Call,
    DayStatement,
    Fill,
    Fixing,
    Margin,
    NoFix,
    Order,
    Position,
    RequirementChange,
    Series,
    SettlementPrice,
    StatementLine,
    Trade,
)

T = TypeVar("T")
RETRIES = 3
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
PASSING = frozenset((408, 429, 500, 502, 503, 504))
"""Statuses after which the same request may succeed."""


@dataclass(frozen=True)
class Asking(Generic[T]):
    """A request before it is signed, and the type of its answer.

    repeatable: asking twice does what asking once does, so a lost answer is asked for again.
    """

    method: str
    path: str
    kind: type[T]
    body: bytes = b""
    within: str = ""
    repeatable: bool = False
    every_page: bool = False
    """Whether the pages that follow are asked for as well."""

    def after(self, cursor: str) -> Asking[T]:
        """The request for the page that `next` of the one before names."""
        joined = "&" if "?" in self.path else "?"
        return replace(self, path=f"{self.path}{joined}cursor={cursor}")

    def headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json"} if self.body else {}

    def read(self, answer: httpx.Response) -> tuple[T, str | None]:
        """The answer, typed, and the cursor of the page that is to be asked for next. Raises Fault
        and its kinds."""
        if answer.status_code != 200:
            try:
                error = answer.json()["error"]
            except (ValueError, KeyError, TypeError):
                error = {"text": f"status {answer.status_code}: {answer.text[:200]}"}
            wait = answer.headers.get("Retry-After", "0")
            raise fault_from(
                answer.status_code, error, float(wait) if wait.isdigit() else 0.0
            ) from None
        content = msgspec.json.decode(answer.content)
        found = msgspec.convert(content[self.within] if self.within else content, self.kind)
        return found, content["next"] if self.every_page else None

    def pause(self, attempt: int, error: Exception) -> float | None:
        """Seconds to wait before asking again; None when that would be unsafe or of no use."""
        if not self.repeatable or attempt >= RETRIES:
            return None
        if isinstance(error, Fault):
            if error.status not in PASSING:
                return None
            if error.retry_after:
                return min(error.retry_after, LONGEST_PAUSE_SECONDS)
        return float(FIRST_PAUSE_SECONDS * 2**attempt)


def new_reference() -> dict[str, Any]:
    """A client order id nobody used before, and the time of its first use."""
    return {"client_order_id": secrets.token_hex(12), "reference_time": time.time_ns()}


def asking_command(name: str, /, **fields: Any) -> Asking[Answer]:
    """Any command of the schema by name."""
    safe = bool(fields.get("reference")) or name in ("cancel_order", "mass_cancel", "arm_dead_man")
    body = msgspec.json.encode(fields)
    return Asking("POST", f"/v1/commands/{name}", Answer, body, repeatable=safe)


def order_fields(account: int, symbol: str, side: str, lots: int, **more: Any) -> dict[str, Any]:
    """Fields of an order; one without a client order id gets one, so that it can be repeated."""
    reference = {} if "client_order_id" in more else new_reference()
    if "client_order_id" in more and "reference_time" not in more:
        reference = {"reference_time": time.time_ns()}
    return {
        "account": account,
        "symbol": symbol,
        "side": side,
        "lots": lots,
        **reference,
        **more,
    }


def asking_order(account: int, symbol: str, side: str, lots: int, **more: Any) -> Asking[Answer]:
    """An order; `price_ticks`, `client_order_id`, `time_in_force`, `post_only` and so on.

    Without a `client_order_id` it gets one, so that a lost answer never makes two orders.
    """
    fields = order_fields(account, symbol, side, lots, **more)
    body = msgspec.json.encode(fields)
    return Asking("POST", "/v1/orders", Answer, body, repeatable=True)


def order_path(account: int, order: int | str) -> str:
    """An order by its number, or by a client order id written as `ref:NAME`."""
    name = str(order)
    if name.startswith("ref:"):
        return f"/v1/accounts/{account}/orders/by-client-id/{quote(name[4:], safe='')}"
    return f"/v1/accounts/{account}/orders/{quote(name, safe='')}"


def asking_cancel(account: int, order: int | str) -> Asking[Answer]:
    """By number, or by client order id as `ref:NAME`."""
    return Asking("DELETE", order_path(account, order), Answer)


def asking_replace(account: int, order: int | str, **fields: Any) -> Asking[Answer]:
    """`price_ticks` and `lots`; with a `client_order_id` of its own it may be repeated."""
    safe = bool(fields.get("client_order_id"))
    body = msgspec.json.encode(fields)
    return Asking("PATCH", order_path(account, order), Answer, body, repeatable=safe)


def asking_cancels(account: int, **which: Any) -> Asking[Answer]:
    """Every order of an account, or those of a `symbol`, a `label`, a `session`."""
    query = "&".join(f"{n}={quote(str(v), safe='')}" for n, v in sorted(which.items()))
    path = f"/v1/accounts/{account}/orders" + (f"?{query}" if query else "")
    return Asking("DELETE", path, Answer, repeatable=True)


def asking_live_orders(account: int) -> Asking[list[Order]]:
    """The first page of live orders."""
    path = f"/v1/accounts/{account}/orders?limit=200&status=live"
    return Asking("GET", path, list[Order], within="orders", repeatable=True)


def asking_found(account: int, order: int | str) -> Asking[Order]:
    """An order alive or ended, by number or as `ref:NAME`."""
    return Asking("GET", order_path(account, order), Order, repeatable=True)


def asking_account(number: int) -> Asking[Account]:
    """Balances, positions, margin."""
    return Asking("GET", f"/v1/accounts/{number}", Account, repeatable=True)


def asking_statement(account: int) -> Asking[list[StatementLine]]:
    """The first page of the account's postings."""
    path = f"/v1/accounts/{account}/statement"
    return Asking("GET", path, list[StatementLine], within="lines", repeatable=True)


def asking_events(after: int = 0) -> Asking[list[dict[str, Any]]]:
    """One page of private events after a number."""
    path = f"/v1/events?after={after}"
    return Asking("GET", path, list[dict[str, Any]], within="events", repeatable=True)


def asking_margin(account: int) -> Asking[Margin]:
    """Both tests of the account as it stands now."""
    return Asking("GET", f"/v1/accounts/{account}/margin", Margin, repeatable=True)


def asking_day(account: int, day: date | int | str) -> Asking[DayStatement]:
    """Cash and positions over one settled day: a date, YYYY-MM-DD, or YYYYMMDD of an answer."""
    path = f"/v1/accounts/{account}/statements/{day_text(day)}"
    return Asking("GET", path, DayStatement, repeatable=True)


def asking_balances(account: int) -> Asking[list[Balance]]:
    """The first page of balances by ledger class and asset."""
    return _rows(account, "balances", list[Balance])


def asking_positions(account: int) -> Asking[list[Position]]:
    """The first page of positions."""
    return _rows(account, "positions", list[Position])


def asking_fills(account: int) -> Asking[list[Fill]]:
    """The first page of the account's trades, oldest first."""
    return _rows(account, "fills", list[Fill])


def asking_requirement_changes(account: int) -> Asking[list[RequirementChange]]:
    """The first page of changes of what an account is asked, with their causes."""
    path, kind = f"/v1/accounts/{account}/requirement?limit=500", list[RequirementChange]
    return Asking("GET", path, kind, within="changes", repeatable=True)


def asking_calls(account: int) -> Asking[list[Call]]:
    """The first page of calls, standing and closed."""
    return _rows(account, "calls", list[Call])


def _rows(account: int, name: str, kind: type[T]) -> Asking[T]:
    path = f"/v1/accounts/{account}/{name}?limit=500"
    return Asking("GET", path, kind, within=name, repeatable=True)


def asking_settlements(symbol: str) -> Asking[list[SettlementPrice]]:
    """The first page of settlement prices by day, oldest first."""
    path = f"/v1/series/{quote(symbol, safe='')}/settlement-prices?limit=500"
    return Asking("GET", path, list[SettlementPrice], within="prices", repeatable=True)


def asking_fixings() -> Asking[list[Fixing]]:
    """The first page of fixings of the indices, newest first."""
    return Asking("GET", "/v1/fixings?limit=500", list[Fixing], within="fixings", repeatable=True)


def asking_no_fixes() -> Asking[list[NoFix]]:
    """The first page of days that were told to have no fixing, newest first."""
    path = "/v1/no-fixes?limit=500"
    return Asking("GET", path, list[NoFix], within="no_fixes", repeatable=True)


def asking_book(symbol: str) -> Asking[Book]:
    """A book by level, with the number increments go on from."""
    path = f"/v1/series/{quote(symbol, safe='')}/book"
    return Asking("GET", path, Book, repeatable=True)


def asking_trades(symbol: str) -> Asking[list[Trade]]:
    """The first page of trades, newest first."""
    path = f"/v1/series/{quote(symbol, safe='')}/trades"
    return Asking("GET", path, list[Trade], within="trades", repeatable=True)


def asking_series() -> Asking[list[Series]]:
    """Every listed series."""
    path = "/v1/series?limit=500"
    return Asking("GET", path, list[Series], within="series", repeatable=True, every_page=True)


def asking_status() -> Asking[dict[str, Any]]:
    """The house now: versions, numbers, what is real in it and what is simulated."""
    return Asking("GET", "/v1/status", dict[str, Any], repeatable=True)
