"""`lasalle hedge`: a need planned on a day's board, its orders written, sent once, followed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from lasalle.client import Fault
from lasalle.hedging.bills import Used, basis_of
from lasalle.hedging.plan import changes
from lasalle.hedging.plan.by_month import month_table
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.instruments import DELIVERED, Kind
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Infeasible
from lasalle.hedging.plan.orders import OrdersRefused
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.plainly import in_short
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.telling import NOTICE, told, value
from lasalle.indices import Fixing, fixing_history, simulated_history
from lasalle.institution import hedge_command
from lasalle.institution.bills_desk import billed
from lasalle.institution.command_line import main
from lasalle.institution.hedge_market import modelled_market
from tests.institution.hedge_needs import DAY, NEED, OFFERS

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)


@pytest.fixture(scope="module")
def fixings() -> list[Fixing]:
    """A made-up index."""
    return list(fixing_history(simulated_history(7, FIRST, LAST), LAST))


@pytest.fixture(scope="module")
def plan(fixings: list[Fixing]) -> Plan:
    """The plan of a need with offers of hours."""
    need = read_need(NEED + OFFERS, "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY), source="SIMULATED")
    return make_plan(need, market, {}, count=1_500, points=5)


def test_a_plan_lowers_the_tail_within_its_limits(plan: Plan) -> None:
    """CVaR falls, premium and cash stay within the budget, lots are whole and few."""
    assert plan.hedge.shortfall < 0.97 * plan.bare.shortfall_95
    assert plan.hedged.premium <= 3_000_000 * (1 + 1e-6)
    assert plan.hedged.cash_99 <= 8_000_000
    assert np.all(plan.hedge.lots == np.round(plan.hedge.lots))
    assert 1 <= len(plan.legs) <= plan.need.trade.most_legs
    assert plan.hedge.gap < 1e-3
    assert sum(plan.causes_bare.values()) > sum(plan.causes_hedged.values())
    assert len(plan.frontier) == 5
    assert plan.changes[0].assumption == "as planned"
    assert plan.effectiveness is None or plan.effectiveness.r_squared > 0.9
    assert (plan.offset is None) is (plan.effectiveness is None)


def test_only_hours_lower_what_finds_none(fixings: list[Fixing], plan: Plan) -> None:
    """Without offers the share of the need that finds no hour is the same with the plan as
    without; with them it is less.
    """
    assert any(leg.instrument.kind in DELIVERED for leg in plan.legs)
    assert plan.hedged.unserved < plan.bare.unserved
    need = read_need(NEED, "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    cash = make_plan(need, market, {}, count=800, points=0, ask_aside=False)
    assert cash.legs
    assert cash.hedged.unserved == cash.bare.unserved > 0


def test_nothing_after_the_day_is_seen(fixings: list[Fixing]) -> None:
    """Every later fixing changed: the board, the curve and the plan are the same."""
    need = read_need(NEED, "need.toml")
    months = horizon(need, DAY)
    changed = [
        replace(one, price_micro_dollars=3 * one.price_micro_dollars) if one.day >= DAY else one
        for one in fixings
    ]
    before, after = (modelled_market(DAY, some, months) for some in (fixings, changed))
    assert before == after
    plans = [make_plan(need, m, {}, count=500, points=0, ask_aside=False) for m in (before, after)]
    assert value(plans[0])["orders"] == value(plans[1])["orders"]
    earlier = modelled_market(DAY - timedelta(days=40), fixings, months)
    assert earlier.curve != before.curve


def test_a_plan_is_told_in_three_ways(plan: Plan) -> None:
    """Text, JSON and a page have the same figures, the notice, and say what is modelled."""
    text, found, html = told(plan), value(plan), page(plan).decode()
    json.dumps(found, allow_nan=False)
    assert found["modelled"]
    for shown in (text, html):
        assert NOTICE in shown
        assert "MODELLED" in shown
        assert f"{plan.hedged.shortfall_95 / 1e6:,.2f}" in shown
        assert all(leg.instrument.symbol in shown for leg in plan.legs)
    assert found["hedged"]["shortfall_95"] == plan.hedged.shortfall_95
    assert found["to_be_agreed"], "hours are not listed"
    _, [*rows, whole] = month_table(plan)
    assert whole[0] == "all"
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    carried = sum(lots * one.lot_hours for one, lots in
                  zip(plan.instruments, plan.hedge.lots, strict=True))  # fmt: skip
    cells = [float(cell.replace(",", "")) for row in rows for cell in row[3:]]
    assert sum(cells) == pytest.approx(carried, abs=len(cells))
    for shown in (text, html):
        assert all(row[0] in shown and row[1] in shown for row in rows)
        assert f"{plan.hedged.worst_month_95 / 1e6:,.2f}" in shown
        assert found["hedged"]["worst_month_is_most_often"] in shown
    assert plan.hedged.worst_month_95 > plan.hedged.worst_month
    levels = found["distribution"]["hedged"]
    assert levels == sorted(levels)
    assert picture(plan).startswith(b"\x89PNG")


def test_orders_are_on_tick_within_what_the_legs_say(plan: Plan) -> None:
    """A listed leg is one order of its lots, at a price of the book."""
    found = value(plan)
    by_symbol = {one["symbol"]: one for one in found["orders"]}
    quoted = {one.terms.symbol: one for one in plan.market.board}
    listed = [leg for leg in plan.legs if leg.instrument.symbol in quoted]
    assert set(by_symbol) == {leg.instrument.symbol for leg in listed}
    for leg in listed:
        one = by_symbol[leg.instrument.symbol]
        book = quoted[one["symbol"]]
        assert one["lots"] == abs(leg.lots)
        assert one["limit_price"] % book.terms.tick_micro_dollars == 0
        assert one["limit_price"] == pytest.approx(book.asks[-1].price * 1e6)
        assert one["shown"] <= one["lots"]


def test_limits_that_nothing_keeps_are_told(fixings: list[Fixing]) -> None:
    """An expected cost below any that can be had: which limit it is, and what it would have to be;
    with that a plan is made.
    """
    need = read_need(NEED.replace("[risk]", "mean_dollars = 1000.0\n[risk]"), "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    said = r"budget\.mean_dollars: expected .* found 1,000"
    with pytest.raises(Infeasible, match=said) as refused:
        make_plan(need, market, {}, count=500, points=0, ask_aside=False)
    least = float(re.findall(r"expected ([\d,]+) or more", str(refused.value))[0].replace(",", ""))
    assert 1e6 < least < 1e8
    wider = changes.replace_budget(need, mean_dollars=1.001 * least)
    made = make_plan(wider, market, {}, count=500, points=0, ask_aside=False)
    assert made.hedge.mean <= 1.001 * least


HOUSE = "ab" * 32


class House:
    """A house that fills what its book shows, once a client order; `shows` lots of each series at
    a time, all that is asked unless said.
    """

    named = HOUSE

    def status(self) -> dict[str, str]:
        return {"house": self.named}

    def __init__(self, symbols: list[str], shows: int = 10**9) -> None:
        self.symbols, self.shows, self.sent = symbols, shows, dict[str, dict[str, Any]]()
        self.held = dict.fromkeys(symbols, 0)

    def series(self) -> list[Any]:
        return [SimpleNamespace(symbol=one, tick_micro_dollars=1_000) for one in self.symbols]

    def place(self, account: int, symbol: str, side: str, lots: int, **more: Any) -> Any:
        key = more["client_order_id"]
        assert len(key) <= 32
        replayed = key in self.sent
        asked = {"account": account, "symbol": symbol, "side": side, "lots": lots, **more}
        assert not replayed or self.sent[key] == asked, "a client order never changes"
        self.sent[key] = asked
        filled = 0 if replayed else min(lots, self.shows)
        self.held[symbol] += filled if side == "buy" else -filled
        event = {"name": "traded", "lots": filled} if filled else {"name": "replayed"}
        return SimpleNamespace(events=[event], replayed=replayed)

    def ask(self, _: object) -> list[Any]:
        return [SimpleNamespace(symbol=symbol, lots=lots) for symbol, lots in self.held.items()]


@pytest.fixture
def written(plan: Plan, tmp_path: Path) -> Path:
    """The orders of the plan in a file."""
    path = tmp_path / "orders.json"
    path.write_bytes(hedge_command.order_file(plan, HOUSE, 2))
    return path


def asked(what: str, path: Path, **more: Any) -> Any:
    """Words of `execute` or `track`."""
    words = {"account": None, "json": False, "memo": None, "entity": "", **more}
    return SimpleNamespace(what=what, orders=path, **words)


def test_orders_are_sent_once(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not without a yes; a second run sends nothing; track says that nothing is missing."""
    file = hedge_command.read_orders(written)
    house = House([one.symbol for one in file.orders])
    answers: Iterator[str] = iter(["no", "perhaps", "", "N", "y"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert hedge_command.run(asked("execute", written, yes=False), house) == 1
    assert hedge_command.run(asked("execute", written, yes=False), house) == 1
    assert "expected yes or no, found perhaps" in capsys.readouterr().out
    assert not house.sent
    assert hedge_command.run(asked("execute", written, yes=False), house) == 0
    assert len(house.sent) == len(file.orders) > 0
    assert {one["time_in_force"] for one in house.sent.values()} == {"ioc"}
    assert hedge_command.run(asked("execute", written, yes=True), house) == 0
    assert len(house.sent) == len(file.orders)
    assert "Nothing is missing" in capsys.readouterr().out
    rows = hedge_command.tracked(file, {one.symbol: one.lots for one in file.orders})
    assert [row["missing"] for row in rows] == [0] * len(rows)
    assert hedge_command.run(asked("track", written), house) == 0


def test_orders_are_written_for_an_account_of_ones_own_alone(tmp_path: Path) -> None:
    """A house that shows no positions of it to whoever asks ends the plan before it begins."""
    need = tmp_path / "need.toml"
    need.write_text(NEED)

    class Strangers(House):
        def ask(self, _: object) -> list[Any]:
            raise Fault(404, {"name": "account_unknown", "text": "expected an account of the key"})

    files = {"png": None, "html": None, "save": None, "orders": tmp_path / "orders.json"}
    args = SimpleNamespace(what="plan", need=need, scenarios=500, seed=1, account=9, **files)
    with pytest.raises(Fault, match="expected an account of the key"):
        hedge_command.run(args, Strangers([]))
    assert list(tmp_path.iterdir()) == [need]


def test_orders_are_for_one_house_and_account(written: Path, plan: Plan) -> None:
    """Another account, another house and a plan on a model are refused before anything is sent."""
    file = hedge_command.read_orders(written)
    house = House([one.symbol for one in file.orders])
    for what in ("execute", "track"):
        with pytest.raises(OrdersRefused, match=r"account: expected 2, .* found 3"):
            hedge_command.run(asked(what, written, yes=True, account=3), house)
        house.named = "cd" * 32
        with pytest.raises(OrdersRefused, match=r"house: expected abab.* found cdcd"):
            hedge_command.run(asked(what, written, yes=True, account=2), house)
        house.named = HOUSE
    written.write_bytes(hedge_command.order_file(plan, "", 2))
    with pytest.raises(OrdersRefused, match="found those of a plan on a model"):
        hedge_command.run(asked("execute", written, yes=True), house)
    assert not house.sent


def test_edited_orders_are_refused(written: Path) -> None:
    """By the digest, before anything is sent; so is a file that is none."""
    house = House([])
    edited = json.loads(written.read_text())
    edited["orders"][0]["lots"] += 1
    written.write_text(json.dumps(edited))
    with pytest.raises(ValueError, match="sha256: expected"):
        hedge_command.run(asked("execute", written, yes=True), house)
    written.write_text("{}")
    with pytest.raises(ValueError, match="expected orders of lasalle hedge plan"):
        hedge_command.run(asked("track", written), house)
    assert not house.sent


def test_the_command_on_prices_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the words to the files, without a house; a folder without prices is simulated and says
    so; bad words are refused in one line.
    """
    need = tmp_path / "need.toml"
    assert main(["hedge", "example", str(need)]) == 0
    assert main(["hedge", "example", str(need)]) == 1
    need.write_text(NEED)
    names = {what: tmp_path / f"plan.{what}" for what in ("png", "html", "orders")}
    words = ["hedge", "plan", str(need), "--prices", str(tmp_path), "--day", DAY.isoformat()]
    files = [word for what, path in names.items() for word in (f"--{what}", str(path))]
    assert main([*words, "--scenarios", "500", "--json", *files]) == 0
    found = json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))
    assert "SIMULATED" in found["sources"][0]
    assert all(path.stat().st_size > 100 for path in names.values())
    for wrong, said in (
        (["--scenarios", "3"], "--scenarios: expected 500 to 50000, found 3"),
        (["--day", "2099-01-01"], "--day: expected at most"),
    ):
        assert main([*words, *wrong]) == 1
        assert said in capsys.readouterr().err
    need.write_text(NEED.replace('grade = "H100"', 'grade = "Z1"'))
    assert main([*words]) == 1
    assert "grade: expected H100" in capsys.readouterr().err
    for option in ("--html", "--orders"):
        assert main([*words, option, str(tmp_path / "none" / "plan")]) == 1
        assert f"{option}: expected a file in a folder that is there" in capsys.readouterr().err
    for content, why in ((b"\xff\xfe\x00", "found bytes that are none"), (b" ", "an empty file")):
        need.write_bytes(content)
        assert main([*words]) == 1
        assert why in capsys.readouterr().err
    need.unlink()
    assert main([*words]) == 1
    assert f"{need}: expected a file or folder, found none" in capsys.readouterr().err
    need.write_text("name = 1")
    assert main([*words]) == 1
    assert "need.toml:1: name: expected" in capsys.readouterr().err


def test_the_kinds_a_need_forbids_are_not_traded(fixings: list[Fixing]) -> None:
    """Calls alone, and every other series told as passed over with the reason."""
    need = read_need(NEED + "[trade]\ninstruments = ['call']\n", "need.toml")
    market = modelled_market(DAY, fixings, horizon(need, DAY))
    found = make_plan(need, market, {}, count=500, points=0, ask_aside=False)
    assert {one.kind for one in found.instruments} == {Kind.CALL}
    assert {one.why for one in found.passed} >= {
        "the need does not allow a future",
        "the need does not allow a swap",
    }


def test_a_bill_that_follows_no_index_is_not_hedged_on_it(fixings: list[Fixing]) -> None:
    """Noise is answered with no leg and a first sentence that says so; a bill that is the index
    has the plan it has without bills; half a bill is hedged for about half.
    """
    need = read_need(NEED, "need.toml")
    months = horizon(need, DAY)
    market = modelled_market(DAY, fixings, months)
    rng = np.random.default_rng(4)
    days = [one for one in fixings if one.day < DAY][-300:]
    index = np.array([one.price_micro_dollars for one in days])
    of_fixings = {one.day: one.price_micro_dollars for one in days}

    def planned(share: float, noise: float, aside: bool = False) -> Plan:
        paid = 3e6 * np.exp(noise * rng.standard_normal(len(days)))
        paid = (1 - share) * paid + share * index
        used = [Used(one.day, "H100-SXM", "US-EAST", 1_000_000, round(price))
                for one, price in zip(days, paid, strict=True)]  # fmt: skip
        asked, shown = billed(need, basis_of(used, of_fixings), "H100-US")
        seen = replace(market, following=shown)
        return make_plan(asked, seen, {}, count=400, points=0, ask_aside=aside)

    flat, half, whole = planned(0.0, 0.05, True), planned(0.5, 0.0), planned(1.0, 0.0)
    assert flat.market.following is not None
    assert flat.market.following.fit is not None
    assert flat.market.following.fit.r_squared < 0.1
    assert not flat.legs
    assert in_short(flat)[0].startswith("YOUR BILL DOES NOT FOLLOW THE INDEX")
    assert told(flat).split("\n")[2].startswith("YOUR BILL DOES NOT FOLLOW THE INDEX")
    assert abs(flat.causes_bare[Cause.PRICE]) < 1.0
    assert not value(flat)["orders"]
    assert "lead warn" in page(flat, b"drawn").decode()
    assert half.legs
    for shown in (told(whole), page(whole, b"drawn").decode()):
        assert "ollar offset, what the hedge brings" in shown
    offset = value(whole)["effectiveness"]["dollar_offset"]
    assert offset["passes"]
    assert 0.9 < offset["dearer"] < 1.1
    assert 0.3 < half.need.bill.follows < 0.7
    assert 0 < half.causes_bare[Cause.PRICE] < 0.8 * whole.causes_bare[Cause.PRICE]
    free = make_plan(
        msgspec.structs.replace(need, bill=whole.need.bill), market, {}, count=400, points=0,
        ask_aside=False,
    )  # fmt: skip
    assert whole.need.bill.follows == 1.0
    assert [leg.lots for leg in free.legs] == [leg.lots for leg in whole.legs]
    assert in_short(whole)[0].startswith("Unhedged")
