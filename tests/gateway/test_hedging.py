"""Hedge plans over REST: followed to their end, cancelled, bounded for a key, sent once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from lasalle.client import AsyncClient, Client, Fault
from lasalle.client.hedging import asking_plan
from lasalle.gateway import plan_jobs
from lasalle.gateway.limits import Buckets, Rate
from lasalle.gateway.plan_jobs import OF_A_KEY, STEPS, PlanAsked
from lasalle.hedging.books.designation import Designation
from lasalle.hedging.plan.answer import Answer
from lasalle.hedging.plan.orders import OrderFile, PlannedOrder
from tests.gateway.conftest import SYMBOL, TICK, Served, serving
from tests.institution.hedge_needs import NEED
from tests.loopback import HTTP

PRICE = 2_000_000


def an_answer(asked: PlanAsked) -> Answer:
    """An answer with one order of the house's series."""
    one = PlannedOrder(symbol=SYMBOL, side="buy", lots=3, limit_price=PRICE, shown=3)
    file = OrderFile(
        need=asked.need.name, day="2026-01-01", house=asked.house, account=asked.account,
        reference_time=time.time_ns(), orders=(one,), held=dict(asked.held),
    )  # fmt: skip
    file = msgspec.structs.replace(file, sha256=file.digest)
    bare: dict[str, Any] = {
        **dict.fromkeys(("need", "grade", "location", "day", "first_start", "last_start"), ""),
        **dict.fromkeys(("ratio", "expected_hours", "probable_hours", "carried_hours"), 1.0),
        **dict.fromkeys(("months", "own_use", "sources", "legs"), ()),
        **dict.fromkeys(("slope", "slope_error", "r_squared", "highly_effective")),
        "designated_hours": 1.0,
        "run_days": 30,
        "observations": 0,
        "causes": {},
    }
    return Answer(
        written=1, house=asked.house, account=asked.account, value={"need": asked.need.name},
        text="told", html="<!doctype html>", png=b"", orders=file,
        designation=msgspec.convert(bare, Designation),
    )  # fmt: skip


class Planner:
    """Plans when it is let; says so when it is stopped."""

    def __init__(self) -> None:
        self.let, self.stopped, self.asked = False, 0, list[PlanAsked]()
        self.fails = ""

    async def __call__(self, asked: PlanAsked, tell: Callable[[str], None]) -> Answer:
        self.asked.append(asked)
        tell(STEPS[2])
        try:
            while not self.let:
                await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if self.fails:
            raise ValueError(self.fails)
        return an_answer(asked)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Planner]]:
    planner = Planner()

    def furnished(gateway: Any) -> None:
        gateway.plans.planner = planner

    folder = tmp_path_factory.mktemp("hedging") / "house"
    wide = Buckets(dict.fromkeys(("read", "public", "failure"), Rate(10**6, 10**6)))
    with serving(folder, furnished=furnished, buckets=wide) as found:
        yield found, planner


@pytest.fixture
def served(house: tuple[Served, Planner]) -> Iterator[Served]:
    """Every plan of the test before is gone."""
    found, planner = house
    planner.let, planner.fails, planner.stopped = True, "", 0
    planner.asked.clear()
    yield found
    planner.let = True
    for actor in (11, 12):
        with found.client(actor) as client:
            for _ in range(2):
                for row in client.hedge_plans():
                    client.hedge_plan_cancelled(row.plan)


def ended(client: Client, plan: str) -> Any:
    """A plan once it has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = client.hedge_plan_found(plan)
        if found.state in plan_jobs.ENDED:
            return found
        time.sleep(0.01)
    raise AssertionError("the plan never ended")


def test_a_plan_is_followed_to_its_orders(served: Served, house: Any) -> None:
    """Asked, running, done; told, ordered, sent once; the one who asked sees it, nobody else."""
    planner = house[1]
    planner.let = False
    with served.client(12) as other, served.client(11) as client:
        rest = other.place(2, SYMBOL, "sell", 5, price_ticks=PRICE // TICK)
        assert rest.events
        begun = client.hedge_plan(NEED, 1, scenarios=500, seed=7)
        assert begun.state in ("waiting", "running")
        while client.hedge_plan_found(begun.plan).doing != STEPS[2]:
            time.sleep(0.005)
        running = client.hedge_plan_found(begun.plan)
        assert (running.state, running.step, running.value) == ("running", 2, None)
        with pytest.raises(Fault, match="plan: expected one that is done"):
            client.hedge_orders(begun.plan)
        planner.let = True
        done = ended(client, begun.plan)
        assert (done.state, done.step, done.steps) == ("done", 5, 5)
        assert done.value == {"need": "Run"}
        assert (planner.asked[-1].scenarios, planner.asked[-1].seed) == (500, 7)
        assert planner.asked[-1].house == client.status()["house"] != ""
        assert client.hedge_report(begun.plan).text == "told"
        listed = client.hedge_plans()
        assert [row.plan for row in listed] == [begun.plan]
        assert listed[0].value is None
        for hidden in (other.hedge_plan_found, other.hedge_orders, other.hedge_report):
            with pytest.raises(Fault) as caught:
                hidden(begun.plan)
            assert (caught.value.status, caught.value.name) == (404, "file_unknown")
        orders = client.hedge_orders(begun.plan)
        assert [one.lots for one in orders.orders] == [3]
        sent = client.hedge_execution(begun.plan, orders.confirmation)
        assert [(one.missing, one.filled) for one in sent.orders] == [(3, 3)]
        again = client.hedge_execution(begun.plan, orders.confirmation)
        assert [(one.missing, one.filled) for one in again.orders] == [(0, 0)]
        assert {p.symbol: p.lots for p in client.positions(1)} == {SYMBOL: 3}
        held = client.hedge_plan(NEED, 1, rebalance=True)
        ended(client, held.plan)
        assert planner.asked[-1].held == {SYMBOL: 3}
        assert planner.asked[-1].paid == {SYMBOL: PRICE / 1e6}, "by the account's fills"


def test_orders_want_their_own_confirmation(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forged, of another plan, too old: nothing is sent."""
    with served.client(11) as client:
        first, second = (ended(client, client.hedge_plan(NEED, 1).plan) for _ in range(2))
        mark = client.hedge_orders(first.plan).confirmation
        before = client.fills(1)
        until, _, digest = mark.partition(".")
        for forged in ("", "x", f"{int(until) + 1}.{digest}", f"{until}.{'0' * 64}", f"{until}.é"):
            with pytest.raises(Fault, match="confirmation: expected the one its orders"):
                client.hedge_execution(first.plan, forged)
        with pytest.raises(Fault, match="confirmation: expected the one its orders"):
            client.hedge_execution(second.plan, mark)
        monkeypatch.setattr("lasalle.gateway.hedging.GOOD_SECONDS", -5)
        stale = client.hedge_orders(first.plan).confirmation
        with pytest.raises(Fault, match="confirmation: expected one asked for within"):
            client.hedge_execution(first.plan, stale)
        assert client.fills(1) == before


def test_a_plan_is_cancelled_when_asked(served: Served, house: Any) -> None:
    """The planner stops, the plan says so, the second time it is forgotten."""
    planner = house[1]
    planner.let = False
    with served.client(11) as client:
        begun = client.hedge_plan(NEED, 1)
        while not planner.asked:
            time.sleep(0.005)
        waits = client.hedge_plan(NEED, 1)
        assert client.hedge_plan_cancelled(waits.plan).state == "cancelled"
        assert client.hedge_plan_cancelled(begun.plan).state == "cancelled"
        assert ended(client, begun.plan).state == "cancelled"
        assert planner.stopped == 1, "the one that waited was never begun"
        client.hedge_plan_cancelled(begun.plan)
        with pytest.raises(Fault, match="no such plan of yours"):
            client.hedge_plan_found(begun.plan)


def test_a_key_has_few_plans_under_way(served: Served, house: Any) -> None:
    planner = house[1]
    planner.let = False
    with served.client(11) as client, served.client(12) as other:
        begun = [client.hedge_plan(NEED, 1) for _ in range(OF_A_KEY)]
        answer = HTTP.post(served.address + "/v1/hedge/plans", content=b"{}")
        assert answer.status_code == 401
        with pytest.raises(Fault) as caught:
            _asked_once(client)
        assert (caught.value.status, caught.value.name) == (429, "too_many_requests")
        assert other.hedge_plan(NEED, 2).state == "waiting", "another key has its own"
        planner.let = True
        for one in begun:
            assert ended(client, one.plan).state == "done"


def _asked_once(client: Client) -> None:
    """Without the patience of a client."""
    client.ask(replace(asking_plan(NEED, 1), repeatable=False))


def test_what_is_no_need_is_refused_at_once(served: Served, house: Any) -> None:
    """By line and field; files of the reader are not read; accounts of others are unknown."""
    with served.client(11) as client:
        for text, account, said in (
            (NEED.replace("H100", "H1", 1) + "x = 1", 1, "need: expected"),
            (NEED + '[bill]\nfiles = ["/etc/passwd"]\n', 1, "no file is read here"),
            (NEED, 2, "account 2 is not yours"),
            ("x" * 70_000, 1, "need"),
        ):
            with pytest.raises(Fault, match=said):
                client.hedge_plan(text, account)
        with pytest.raises(Fault, match="scenarios"):
            client.hedge_plan(NEED, 1, scenarios=10**6)
        house[1].fails = "limits: expected some that a plan can keep"
        assert ended(client, client.hedge_plan(NEED, 1).plan).failed == house[1].fails


def test_the_async_client_asks_alike(served: Served) -> None:
    async def asked() -> str:
        async with AsyncClient(served.address, served.keys[11]) as client:
            begun = await client.hedge_plan(NEED, 1)
            while (found := await client.hedge_plan_found(begun.plan)).state != "done":
                await asyncio.sleep(0.01)
            return str((await client.hedge_report(found.plan)).html)

    assert asyncio.run(asked()) == "<!doctype html>"
