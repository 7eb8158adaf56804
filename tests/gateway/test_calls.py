"""Both clients are one table of calls: the same methods, the same requests, the same answers."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from lasalle.client import AsyncClient, Client
from lasalle.client.asking import Asking
from lasalle.client.calls import table
from tests.gateway.conftest import SYMBOL, Served

OF_ITS_KIND = {"open_stream", "stream"}
"""What only a program on an event loop has."""
EXAMPLES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "command": (("mass_cancel",), {"account": 1}),
    "place": (
        (1, SYMBOL, "buy", 1),
        {"price_ticks": 190, "client_order_id": "a", "reference_time": 1},
    ),
    "cancel": ((1, "ref:a"), {}),
    "cancel_all": ((1,), {"symbol": SYMBOL}),
    "replace": ((1, 7), {"lots": 2}),
    "order": ((1, 7), {}),
    "day_statement": ((1, 20_990_101), {}),
    "settlement_prices": ((SYMBOL,), {}),
    "book": ((SYMBOL,), {}),
    "trades": ((SYMBOL,), {}),
    "series": ((), {}),
    "hedge_plan": (("name = 'run'", 1), {"scenarios": 500, "seed": 7}),
    "hedge_plans": ((), {}),
    "hedge_plan_found": (("p1",), {}),
    "hedge_plan_cancelled": (("p1",), {}),
    "hedge_report": (("p1",), {}),
    "hedge_orders": (("p1",), {}),
    "hedge_execution": (("p1", "c1"), {}),
    "delivery": ((1, 4), {}),
    "delivery_invoice": ((1, 4), {}),
    "nominate": ((1, 4, "fabric = 'hall-3'"), {}),
    "nominations": ((1, 4), {}),
    "status": ((), {}),
    "credit_totals": ((), {}),
    "credit_suppliers": ((), {}),
    "credit_supplier": (("northern-halls",), {}),
    "credit_file": (("supplier = 1",), {}),
    "credit_line": (("northern-halls", 1), {}),
    "credit_heartbeats": (("northern-halls", 0.1), {}),
    "credit_draw": (("northern-halls", "Bank of the North", 1, "call-1"), {}),
    "credit_what_if": (("northern-halls", "2027-01", "H100", "EN"), {"price": "2.40"}),
    "custody": ((1,), {}),
    "custody_terms": ((1, "account = 1"), {}),
    "custody_test": ((1,), {}),
    "custody_answer": ((1, 2, "hall-1", "0" * 64, "", "0" * 128), {}),
    "fixings": ((), {}),
    "no_fixes": ((), {}),
    "events": ((3,), {}),
    **{
        name: ((1,), {})
        for name in (
            "live_orders", "account", "statement", "margin", "balances", "positions", "fills",
            "calls", "requirement_changes", "deliveries", "delivery_money",
        )
    },
}  # fmt: skip


def public(kind: Any) -> set[str]:
    return {n for n in dir(kind) if not n.startswith("_")} - {"waits", "awaits"}


def test_both_clients_have_the_same_methods():
    assert public(AsyncClient) - public(Client) == OF_ITS_KIND
    assert public(Client) <= public(AsyncClient)
    assert set(table()) == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_call_makes_the_same_request_of_both(name, monkeypatch):
    asked: list[Asking[Any]] = []

    async def later(_: Any, asking: Asking[Any]) -> str:
        asked.append(asking)
        return "answer"

    def at_once(_: Any, asking: Asking[Any]) -> str:
        asked.append(asking)
        return "answer"

    monkeypatch.setattr(Client, "ask", at_once)
    monkeypatch.setattr(AsyncClient, "ask", later)
    args, more = EXAMPLES[name]
    client, other = Client("http://127.0.0.1:1"), AsyncClient("http://127.0.0.1:1")
    assert getattr(client, name)(*args, **more) == "answer"
    assert asyncio.run(getattr(other, name)(*args, **more)) == "answer"
    assert asked[0] == asked[1]
    assert inspect.getdoc(getattr(client, name)) == inspect.getdoc(getattr(other, name))
    assert getattr(client, name).__doc__


def test_every_call_is_answered_on_a_loop(served: Served):
    admin = served.client(1)
    admin.command("settle_variation", day=20_990_101, prices=[{"series": 1, "price": 2_010_000}])
    served.house.history.flush()
    placed = served.client(11).place(1, SYMBOL, "buy", 3, price_ticks=190)
    number = placed.events[-1]["order"]

    async def story() -> dict[str, Any]:
        async with AsyncClient(served.address, served.keys[11]) as client:
            found = {}
            for name, (args, more) in EXAMPLES.items():
                # What has a plan, a supplier or a delivery to name is asked in tests of its own.
                of_a_plan = name.startswith("hedge_") and name != "hedge_plans"
                of_a_plan |= name.startswith(("credit_", "custody"))
                of_a_plan |= name in ("delivery", "delivery_invoice", "nominate", "nominations")
                if name == "command" or name.startswith("cancel") or of_a_plan:
                    continue
                args = (1, number) if name in ("replace", "order") else args
                more = {"price_ticks": 190} if name == "place" else more
                found[name] = await getattr(client, name)(*args, **more)
            return found

    told = asyncio.run(story())
    waited = served.client(11)
    assert [s.symbol for s in told["series"]] == [SYMBOL] == [s.symbol for s in waited.series()]
    assert told["margin"].account == 1
    assert told["day_statement"].day == 20_990_101
    assert told["balances"] == waited.balances(1)
    assert told["settlement_prices"] == waited.settlement_prices(SYMBOL)
    assert told["order"].order == number


def test_pages_are_followed_to_the_last(served: Served):
    for ticks in range(180, 185):
        served.client(11).place(1, SYMBOL, "buy", 1, price_ticks=ticks)
    path = "/v1/accounts/1/orders?limit=2"
    asking: Asking[list[Any]] = Asking("GET", path, list, within="orders", every_page=True)
    whole = served.client(11).ask(asking)
    assert [o["price_ticks"] for o in whole] == [*range(180, 185)]

    async def story() -> list[Any]:
        async with AsyncClient(served.address, served.keys[11]) as client:
            return await client.ask(asking)

    assert asyncio.run(story()) == whole
