"""What of a supplier's limits the core enforces, asked by an officer and by the ladder."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace as with_fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from lasalle import wire
from lasalle.client.faults import Fault
from lasalle.credit.portfolio import judged
from lasalle.institution.command_line import main
from lasalle.institution.credit_binding import Stopping, binding_of, products_of
from lasalle.institution.credit_served import ServedCredit, stop
from lasalle.institution.credit_sold import Views
from lasalle.institution.examples.delivery_venue import (
    BUYER,
    FIRST,
    PRICE,
    SECOND,
    SUPPLIER,
    DeliveryVenue,
    StepRefused,
)
from lasalle.wire import ProductClass, Refusal, Side
from tests.credit.world import BOOK, machines, sold, supplier
from tests.gateway.conftest import SYMBOL, serving

NOW = 1_795_608_000 * 10**9
"""2026-11-25 in nanoseconds UTC."""


@pytest.mark.rule("CRD-025")
@pytest.mark.rule("INS-007")
def test_an_officer_sets_the_largest_of_its_limits_and_proposes_what_takes_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "house"

    def furnished(gateway: Any) -> None:
        views = Views(gateway.market, gateway.accounts)
        gateway.credit = ServedCredit(folder, views, lambda: NOW)
        own = replace(supplier(), supplier="member-one", simulated=False, member=1, account=1)
        gateway.credit.store.file(own, 1, NOW)

    def lasalle(*words: str) -> str:
        key = tmp_path / "key.json"
        one = served.keys[1]
        key.write_text(json.dumps({"key": one.key, "secret": one.secret}))
        code = main(["credit", "limits", *words, "--at", served.address, "--key", str(key)])
        told = capsys.readouterr()
        assert code == 0, told.err
        return told.out

    with serving(folder, furnished=furnished, behaviour=4) as served:
        officer = served.client(1)
        found = officer.credit_supplier("member-one")
        asked = max(limit.limit for limit in found.limits)
        assert found.binding is not None
        assert (found.binding.asked_limit, found.binding.position_limit) == (asked, 10_000)
        assert (list(found.binding.due), found.binding.physical) == (["set_limits"], True)
        told = lasalle("member-one")
        assert f"at most 10,000 lots in a series, its limits ask {asked:,}; may sell" in told
        assert "set_limits: done" in lasalle("member-one", "--apply")
        with pytest.raises(Fault) as fault:
            served.client(11).place(1, SYMBOL, "buy", asked + 1, price_ticks=190)
        assert fault.value.name in ("position_limit", "order_lots_limit")
        assert "set_limits" not in lasalle("member-one", "--apply"), "it is as tight as it asks"
        assert officer.credit_heartbeats("member-one", 0.5).step == "secure"
        told = lasalle("member-one", "--apply")
        assert "to be stopped: step secure of the ladder" in told
        assert "set_eligibility waits for another operator: lasalle approve" in told


@pytest.mark.rule("CRD-025")
def test_what_is_sold_elsewhere_is_no_part_of_the_limit_here() -> None:
    """Of the larger limit most is sold elsewhere, so that the smaller is the larger here."""
    fleet = (machines(), machines(grade="H200", accelerators=700, verified=700))
    elsewhere = sold(800, elsewhere=True)
    one = judged(supplier(account=1, fleet=fleet, sold=(elsewhere,)), BOOK)
    most = {limit.grade: limit.limit for limit in one.limits if limit.month == "2027-06"}
    assert most["H100"] > most["H200"] > most["H100"] - 800 > 0
    accounts: Any = SimpleNamespace(accounts={1: SimpleNamespace(member=1)})
    found = binding_of(one, "", accounts)
    assert found is not None
    assert found.position_limit == max(x.limit for x in one.limits if x.month != "2027-06")
    only = with_fields(one, limits=tuple(x for x in one.limits if x.month == "2027-06"))
    held = binding_of(only, "", accounts)
    assert held is not None
    assert held.position_limit == most["H200"]


def stopped(venue: DeliveryVenue, missed: float) -> ServedCredit:
    """A desk of suppliers on a venue whose seller of tokens is on file, and missed heartbeats."""
    house = venue.house
    desk = ServedCredit(house.folder, Views(house.market, house.accounts), lambda: NOW)
    desk.store.file(supplier(account=SUPPLIER, member=SUPPLIER), 1, NOW)
    desk.store.see("tested", missed, 1, NOW)
    return desk


class Asking:
    """Asks a venue as the loop of a served house would."""

    def __init__(self, venue: DeliveryVenue) -> None:
        self._venue = venue

    async def ask(self, actor: int, command: Any, cause: int = 0) -> Any:
        return self._venue.house.ask(actor, command)


def run(venue: DeliveryVenue, desk: ServedCredit, second: int = SECOND) -> list[str]:
    """What the desk does now, in its words."""
    said: list[str] = []
    stopping = Stopping(venue.house.accounts, FIRST, second)
    waiting: Any = Asking(venue)
    asyncio.run(stop(desk, stopping, waiting, said.append))
    return said


def products(venue: DeliveryVenue) -> int:
    return products_of(venue.house.accounts, SUPPLIER)


@pytest.mark.rule("CRD-026")
@pytest.mark.rule("INS-014")
def test_a_supplier_the_ladder_stops_sells_nothing_more_that_delivers(tmp_path: Path) -> None:
    venue = DeliveryVenue.open(tmp_path / "house")
    symbol = venue.series[0].symbol
    venue.order(SUPPLIER, symbol, Side.SELL, 10, PRICE)
    venue.order(BUYER, symbol, Side.BUY, 4, PRICE)
    desk = stopped(venue, 0.0)
    assert run(venue, desk) == [], "nothing is wrong with it"
    desk.store.see("tested", 0.5, 1, NOW)
    # Proposed before the house goes; approved by what opens it again.
    assert len(run(venue, desk, second=0)) == 1
    venue.house.release()
    venue = DeliveryVenue.open(tmp_path / "house")
    try:
        desk = stopped(venue, 0.5)
        assert run(venue, desk, second=0) == [], "it waits for a person, and is not proposed twice"
        (said,) = run(venue, desk)
        assert said.startswith("supplier tested sells nothing more that delivers: step secure")
        assert products(venue) == 15 & ~ProductClass.PHYSICAL
        assert venue.house.accounts.live_orders(SUPPLIER) == [], "what would sell more has ended"
        with pytest.raises(StepRefused) as no:
            venue.order(SUPPLIER, symbol, Side.SELL, 1, PRICE)
        assert no.value.refusal == Refusal.PRODUCT_NOT_ELIGIBLE
        venue.order(SUPPLIER, symbol, Side.BUY, 2, PRICE)
        assert run(venue, desk) == []
        # Signs that are gone give nothing back: two people do.
        desk.store.see("tested", 0.0, 1, NOW)
        assert run(venue, desk) == []
        assert products(venue) == 15 & ~ProductClass.PHYSICAL
    finally:
        venue.close()


@pytest.mark.rule("CRD-026")
def test_an_actor_without_the_role_stops_nobody_and_says_nothing(tmp_path: Path) -> None:
    venue = DeliveryVenue.open(tmp_path / "house")
    try:
        desk = stopped(venue, 0.5)
        (binding,) = desk.bindings().values()
        assert (binding.account, binding.by_ladder) == (SUPPLIER, True)
        assert Stopping(venue.house.accounts, 10 + BUYER).due(desk.bindings()) == []
        assert isinstance(binding.eligibility(15), wire.SetEligibility)
        assert binding.eligibility(7) is None
        assert binding.limits((1, 1, 1)) is None, "no limit is loosened"
    finally:
        venue.close()


@pytest.mark.rule("CRD-025")
def test_a_supplier_whose_limits_are_nothing_is_held_to_the_least_the_core_takes() -> None:
    """The core takes no limit of nothing: one lot, and no product that delivers."""
    accounts: Any = SimpleNamespace(accounts={7: SimpleNamespace(member=3)})
    found = judged(supplier(account=7), BOOK)
    least = binding_of(with_fields(found, limits=()), "00" * 32, accounts)
    assert least is not None
    assert (least.position_limit, least.stopped) == (1, "its limits are nothing")
    command = least.limits((500, 20, 9))
    assert command is not None
    assert (command.position_limit, command.order_lots_limit) == (1, 1)
    whole = binding_of(found, "00" * 32, accounts)
    assert whole is not None
    assert (whole.position_limit, whole.stopped) == (max(x.limit for x in found.limits), "")
    assert not least.by_ladder, "no step of early warning was taken"


@pytest.mark.rule("CRD-026")
def test_what_stops_a_supplier_beside_the_ladder_proposes_nothing_by_itself(tmp_path: Path) -> None:
    venue = DeliveryVenue.open(tmp_path / "house")
    try:
        accounts = venue.house.accounts
        found = judged(supplier(account=SUPPLIER, member=SUPPLIER), BOOK)
        assert found.warned.step.name == "none"
        risky = with_fields(found, wrong_way=with_fields(found.wrong_way, passes=("made up",)))
        binding = binding_of(risky, "00" * 32, accounts)
        assert binding is not None
        assert (binding.stopped, binding.by_ladder) == ("wrong-way risk: made up", False)
        assert binding.eligibility(products_of(accounts, SUPPLIER)) is not None
        stopping = Stopping(accounts, FIRST, SECOND)
        assert stopping.due({"tested": binding}) == [], "an officer asks for it, or nobody does"
        ((said, _),) = stopping.due({"tested": with_fields(binding, by_ladder=True)})
        assert said.endswith("proposed")
    finally:
        venue.close()
