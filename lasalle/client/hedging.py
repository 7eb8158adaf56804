"""Hedge plans a house makes when it is asked: requests and what they answer."""

from __future__ import annotations

from typing import Any

import msgspec

from lasalle.client.asking import Asking
from lasalle.client.shapes import ErrorBody, Shape

PATH = "/v1/hedge/plans"


class HedgePlan(Shape, frozen=True):
    """A plan that was asked for. `state` is waiting, running, done, failed or cancelled; `step` of
    `steps` and `doing` say how far it is; `value` is the plan once it is done, `failed` why there
    is none. Times are nanoseconds UTC.
    """

    plan: str
    account: int
    need: str
    state: str
    step: int
    steps: int
    doing: str
    asked: int
    failed: str = ""
    value: dict[str, Any] | None = None


class HedgeReport(Shape, frozen=True):
    """A plan told: as text, and as one page of HTML with its picture inside."""

    plan: str
    text: str
    html: str


class HedgeOrder(Shape, frozen=True):
    """An immediate-or-cancel order of a plan: limit in micro-dollars a unit, whole lots; `shown`
    are the lots the book had up to that price; the rest may pay `rest_price` on later days.
    """

    symbol: str
    side: str
    lots: int
    limit_price: int
    shown: int
    rest_price: int = 0


class HedgeOrders(Shape, frozen=True):
    """Orders of a plan for its account, and what confirms them: `execute` takes `confirmation`
    until `good_until`, nanoseconds UTC.
    """

    plan: str
    account: int
    sha256: str
    orders: list[HedgeOrder]
    confirmation: str
    good_until: int


class HedgeFill(Shape, frozen=True):
    """What became of an order of `wanted` lots: so many were still missing, so many of these it
    filled now.
    """

    symbol: str
    wanted: int
    missing: int
    filled: int


class HedgeExecution(Shape, frozen=True):
    """Orders in their turn, up to the first that was refused; none after it was sent."""

    plan: str
    orders: list[HedgeFill]
    refused: ErrorBody | None = None


def asking_plan(need: str, account: int, **more: Any) -> Asking[HedgePlan]:
    """A plan of a need, TOML text, for an account: `rebalance`, `scenarios`, `seed`."""
    body = msgspec.json.encode({"need": need, "account": account, **more})
    return Asking("POST", PATH, HedgePlan, body)


def asking_plans() -> Asking[list[HedgePlan]]:
    """Plans asked for, the newest first, without their values."""
    return Asking("GET", PATH, list[HedgePlan], within="plans", repeatable=True)


def asking_found_plan(plan: str) -> Asking[HedgePlan]:
    """A plan, how far it is, and its value once it is done."""
    return Asking("GET", f"{PATH}/{plan}", HedgePlan, repeatable=True)


def asking_cancelled_plan(plan: str) -> Asking[HedgePlan]:
    """A plan stopped where it runs; one that is done is forgotten."""
    return Asking("DELETE", f"{PATH}/{plan}", HedgePlan)


def asking_report(plan: str) -> Asking[HedgeReport]:
    """A plan told."""
    return Asking("GET", f"{PATH}/{plan}/report", HedgeReport, repeatable=True)


def asking_orders(plan: str) -> Asking[HedgeOrders]:
    """Orders of a plan, and what confirms them."""
    return Asking("GET", f"{PATH}/{plan}/orders", HedgeOrders, repeatable=True)


def asking_execution(plan: str, confirmation: str) -> Asking[HedgeExecution]:
    """The orders of a plan sent, for the lots still missing; never more than the plan."""
    body = msgspec.json.encode({"confirmation": confirmation})
    return Asking("POST", f"{PATH}/{plan}/execute", HedgeExecution, body, repeatable=True)
