"""What books fill of a plan: told beside it, bought by sending its orders again, and why a budget
stays idle.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from lasalle.hedging.plan.beside import premium_words
from lasalle.hedging.plan.changes import replace_budget
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.orders import sealed
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.telling import told, value
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import hedge_command
from lasalle.institution.hedge_market import modelled_market
from tests.institution.hedge_needs import DAY, NEED
from tests.institution.test_hedge_command import FIRST, HOUSE, LAST, House, asked

FAR = NEED.replace("2025-06-01", "2025-11-01").replace("2025-10-31", "2026-02-28")


@pytest.fixture(scope="module")
def market() -> Market:
    """The board of the day on a made-up index, to the months of a far run."""
    fixings = list(fixing_history(simulated_history(7, FIRST, LAST), LAST))
    return modelled_market(DAY, fixings, horizon(read_need(FAR, "need.toml"), DAY))


@pytest.fixture(scope="module")
def plan(market: Market) -> Plan:
    """A plan of more lots than the books show."""
    need = read_need(NEED, "need.toml")
    return make_plan(need, market, {}, count=300, points=0, ask_aside=False)


@pytest.fixture
def written(plan: Plan, tmp_path: Path) -> Path:
    """The orders of the plan in a file."""
    path = tmp_path / "orders.json"
    path.write_bytes(hedge_command.order_file(plan, HOUSE, 2))
    return path


def test_what_is_missing_is_bought_by_sending_again(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Books that show little fill little a time, never more than the plan in all; an attempt that
    found nothing is followed by another; a lost answer, or two at once, buy nothing twice.
    """
    file = hedge_command.read_orders(written)
    first = file.orders[0]
    house = House([one.symbol for one in file.orders], shows=first.lots // 3 + 1)
    again = asked("execute", written, yes=True, json=True)
    for held in (first.lots // 3 + 1, 2 * (first.lots // 3 + 1), first.lots, first.lots):
        assert hedge_command.run(again, house) == 0
        assert house.held[first.symbol] == min(held, first.lots)
    answers = capsys.readouterr().out.strip().replace("}\n{", "}\0{").split("\0")
    rows = [json.loads(one)["orders"][0] for one in answers]
    assert [row["filled"] for row in rows[:2]] == [first.lots // 3 + 1] * 2
    assert (rows[-1]["missing"], rows[-1]["filled"]) == (0, 0)
    # Nothing shown, twice: two attempts, each of its own name; then the book is there again.
    house.held = {one.symbol: one.lots for one in file.orders}
    house.held[first.symbol], house.shows = first.lots - 5, 0
    before = len(house.sent)
    for count in (1, 2):
        assert hedge_command.run(again, house) == 0
        assert len(house.sent) == before + count
    house.shows = 10**9
    assert hedge_command.run(again, house) == 0
    assert house.held[first.symbol] == first.lots
    # More is held than was planned: nothing is sold.
    house.held[first.symbol] += 50
    before = len(house.sent)
    assert hedge_command.run(again, house) == 0
    assert len(house.sent) == before


def test_an_attempt_named_by_another_at_the_same_time_is_counted(written: Path) -> None:
    """Whoever reads what is held before another's order fills it sends the same name, and looks
    again.
    """
    file = hedge_command.read_orders(written)
    first = file.orders[0]
    house: Any = House([one.symbol for one in file.orders])
    part = house.place(
        2, first.symbol, first.side, first.lots, price_ticks=first.limit_price // 1_000,
        time_in_force="ioc", client_order_id=file.client_order_id(0, first.lots, 0),
        reference_time=file.reference_time,
    )  # fmt: skip
    assert not part.replayed
    stale, full = {**house.held, first.symbol: 0}, house.ask(None)
    answers = [[SimpleNamespace(symbol=s, lots=n) for s, n in stale.items()]] * 2 + [full] * 99
    house.ask = lambda _: answers.pop(0)
    assert hedge_command.run(asked("execute", written, yes=True), house) == 0
    assert house.held[first.symbol] == first.lots


def test_the_lots_an_account_has_already_are_no_fill(plan: Plan, tmp_path: Path) -> None:
    """Orders of a plan that began with nothing come on top of what the account held."""
    path = tmp_path / "orders.json"
    file = sealed(plan, HOUSE, 2, 1, dict.fromkeys((o.symbol for o in plan.instruments), 70))
    path.write_bytes(msgspec.json.encode(file))
    assert set(file.held.values()) == {70}
    first = file.orders[0]
    assert file.missing(0, {first.symbol: 70}) == first.lots
    assert file.missing(0, {first.symbol: 70 + first.lots}) == 0
    assert file.missing(0, {}) == first.lots, "never more than the plan"


def test_the_rest_may_pay_what_the_plan_supposed(plan: Plan, written: Path) -> None:
    """All of an order at the prices the book shows; what is left of it up to the price its ladder
    has for the last lot, on tick.
    """
    file = hedge_command.read_orders(written)
    legs = {leg.instrument.symbol: leg for leg in plan.legs}
    walked = 0
    for n, one in enumerate(file.orders):
        lots = ladder = 0.0
        for level in legs[one.symbol].instrument.asks:
            lots, ladder = lots + level.lots, level.price
            if lots >= one.lots:
                break
        assert one.rest_price == pytest.approx(ladder * 1e6, abs=1_000)
        assert one.rest_price % 1_000 == 0
        assert (one.limit_for(one.lots), one.limit_for(1)) == (one.limit_price, one.rest_price)
        walked += one.rest_price > one.limit_price
        house: Any = House([one.symbol], shows=1)
        house.held[one.symbol] = one.lots - 4
        row = hedge_command._send(house, file, n, 2, 1_000)
        assert row["filled"] == 1
        assert [o["price_ticks"] for o in house.sent.values()] == [one.rest_price // 1_000]
    assert walked > 3


def test_what_the_books_fill_today_is_told_beside_what_is_wanted(plan: Plan) -> None:
    """Lots, cost and CVaR of the part that is shown, in every form; between bare and planned."""
    today = plan.today
    assert today is not None
    shown = value(plan)["orders"]
    assert today.wanted == sum(one["lots"] for one in shown)
    assert today.filled == sum(one["shown"] for one in shown) < today.wanted
    assert plan.hedged.shortfall_95 < today.measures.shortfall_95 < plan.bare.shortfall_95
    assert 0 < today.measures.premium < plan.hedged.premium
    for text in (told(plan), page(plan, b"drawn").decode()):
        assert f"{today.filled:,} of the {today.wanted:,} lots" in text
        assert f"{today.measures.shortfall_95 / 1e6:,.2f}" in text
        assert "filled today" in text
    assert value(plan)["today"]["filled"] == today.filled


def test_an_idle_budget_for_premium_says_why(market: Market) -> None:
    """Calls listed too early for the run, none at all, a few months of them; nothing where it is
    spent or nobody set one.
    """
    need = read_need(FAR, "need.toml")
    words = {
        "9999": "may be bought",
        "2025-07": "calls are listed to 2025-07, the run may need hours from 2025-11 to 2026-03",
        "0000": "no call is listed",
        "2025-11": "None is listed for 2025-12 to 2026-03",
    }
    for last, said in words.items():
        board = tuple(
            o for o in market.board if not o.terms.is_option or str(o.terms.months[0]) <= last
        )
        plan = make_plan(
            replace_budget(need, premium_dollars=1e8), replace(market, board=board), {},
            count=200, points=0, ask_aside=False,
        )  # fmt: skip
        assert "of the 100.00 million USD for premium stay unspent" in told(plan), last
        assert said in told(plan), last
        spent = replace_budget(need, premium_dollars=1.5 * plan.hedged.premium)
        assert not premium_words(replace(plan, need=spent))
        assert not premium_words(replace(plan, need=replace_budget(need, premium_dollars=np.inf)))
