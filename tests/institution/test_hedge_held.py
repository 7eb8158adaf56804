"""`lasalle hedge` where an account holds something, and where a house refuses half-way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from lasalle.client import Fault
from lasalle.hedging.plan.beside import beside_holdings
from lasalle.hedging.plan.board import tradable
from lasalle.hedging.plan.causes import WORDS, cause_rows, none_causes
from lasalle.hedging.plan.factors import Cause
from lasalle.hedging.plan.instruments import DELIVERED
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.page import page
from lasalle.hedging.plan.picture import picture
from lasalle.hedging.plan.plainly import in_short
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.telling import LEGS_APART, told, value
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import hedge_command
from lasalle.institution.command_line import main
from lasalle.institution.hedge_market import modelled_market
from tests.institution.hedge_needs import DAY, NEED, OFFERS
from tests.institution.test_hedge_command import FIRST, LAST

CASH = NEED.replace("premium_dollars = 3_000_000", "premium_dollars = 0")
JULY, EARLY, GONE = "H100GC-2025-07", "H100GC-2025-04", "H100GC-2024-12"


@pytest.fixture(scope="module")
def market() -> Market:
    """The board of the day on a made-up index."""
    fixings = list(fixing_history(simulated_history(7, FIRST, LAST), LAST))
    return modelled_market(DAY, fixings, horizon(read_need(CASH, "need.toml"), DAY))


def planned(market: Market, held: Mapping[str, int], text: str = CASH) -> Plan:
    """A plan of few scenarios, nothing asked aside."""
    need = read_need(text, "need.toml")
    return make_plan(need, market, held, count=500, points=0, ask_aside=False)


@pytest.fixture(scope="module")
def again(market: Market) -> Plan:
    """A plan that begins from futures held, one of them no longer listed."""
    return planned(market, {JULY: 300, EARLY: 7, GONE: -4})


def test_a_future_held_costs_what_is_still_owed_for_it(market: Market, again: Plan) -> None:
    """At the curve a future is worth nothing: expected cost as held is that without it, but for
    what scenarios miss of the curve; the bill of a future is no gift.
    """
    bare = planned(market, {}).bare
    assert again.bare.mean == pytest.approx(bare.mean, rel=0.02)
    assert again.bare.least > 0
    assert again.bare.shortfall_95 < bare.shortfall_95


def test_what_is_held_is_told_and_counted(market: Market, again: Plan) -> None:
    """Held before the run can start: counted, never bought. Not listed: told as not counted."""
    early = next(one for one in again.instruments if one.symbol == EARLY)
    assert (early.held, early.asks) == (7.0, ())
    assert {(one.symbol, one.held) for one in again.passed if one.held} == {(GONE, -4)}
    for text in (told(again), page(again).decode()):
        assert f"held and NOT COUNTED: -4 {GONE}" in text
        assert "as held" in text
        assert "unhedged" not in text
    assert picture(again).startswith(b"\x89PNG")
    assert {"symbol": GONE, "why": "is not on the board of the need", "held": -4} in value(again)[
        "passed"
    ]


def test_a_held_future_without_an_offer_still_hedges(market: Market) -> None:
    """An empty side of its book takes nothing away that is held."""
    need = read_need(CASH, "need.toml")
    empty = tuple(
        replace(one, asks=()) if one.terms.symbol == JULY else one for one in market.board
    )
    found, passed = tradable(need, horizon(need, DAY), empty, {JULY: 300})
    assert [one.held for one in found if one.symbol == JULY] == [300.0]
    found, passed = tradable(need, horizon(need, DAY), empty, {})
    assert not [one for one in found if one.symbol == JULY]
    assert [one.why for one in passed if one.symbol == JULY] == ["has no offer in its book"]


def test_a_call_sold_short_is_refused(market: Market) -> None:
    """No figure of a plan bounds it."""
    call = next(
        one.terms.symbol
        for one in market.board
        if one.terms.is_option and one.terms.symbol.startswith(f"{JULY}-C")
    )
    with pytest.raises(ValueError, match="expected no call sold short, found -3 lots"):
        planned(market, {call: -3})


def test_an_offer_named_as_a_series_is_refused(market: Market) -> None:
    """It would be sent to the book as an order."""
    offer = f'[[offers]]\nkind="physical"\nname="{JULY}"\nfirst="2025-07"\nprice=2.0\n'
    with pytest.raises(ValueError, match="offers: expected a name of its own"):
        planned(market, {}, CASH + offer + "accelerators=8\n")


def test_a_board_without_a_series_says_why(market: Market) -> None:
    """The months of the need, and why each series was passed over."""
    far = replace(market, board=market.board[:2])
    with pytest.raises(ValueError, match="its start from 2025-06-01; found none among 2 series: "):
        planned(far, {})


def test_the_worst_acceptable_cost_is_answered(market: Market) -> None:
    """In text and page, for one that is kept and one that is not, at the level of the need."""
    for worst, said in ((1e12, "stays within"), (1e6, "IS ABOVE")):
        text = CASH.replace("level = 0.95", f"level = 0.9\nworst_dollars = {worst}")
        found = planned(market, {}, text)
        for shown in (told(found), page(found, b"drawn").decode()):
            assert f"{said} the worst acceptable cost" in shown
            assert f"CVaR 90 %, {found.hedge.shortfall / 1e6:,.2f} million USD" in shown
            assert "CVaR 90 %, million USD" in shown or "what CVaR 90 % owes" in shown
        tail = np.sort(found.costs_hedged)[-50:].mean()
        assert found.hedge.shortfall == pytest.approx(tail)


def test_track_counts_what_a_rebalance_began_from(market: Market, tmp_path: Path) -> None:
    """After its orders fill nothing is missing."""
    path = tmp_path / "orders.json"
    began = {JULY: 60, EARLY: 7}
    path.write_bytes(hedge_command.order_file(planned(market, began), "ab" * 32, 2))
    file = hedge_command.read_orders(path)
    moved = {one.symbol: one.lots * (1 if one.side == "buy" else -1) for one in file.orders}
    assert JULY in moved, "the held leg is traded"
    after = {symbol: began.get(symbol, 0) + lots for symbol, lots in moved.items()}
    assert {row["missing"] for row in hedge_command.tracked(file, after)} == {0}
    before = {row["symbol"]: row["missing"] for row in hedge_command.tracked(file, began)}
    assert before == moved


class Refusing:
    """A house that refuses the second order for want of margin."""

    def __init__(self, symbols: list[str]) -> None:
        self.symbols, self.sent = symbols, list[str]()

    def ask(self, _: object) -> list[Any]:
        return []

    def status(self) -> dict[str, str]:
        return {"house": "ab" * 32}

    def series(self) -> list[Any]:
        return [SimpleNamespace(symbol=one, tick_micro_dollars=1_000) for one in self.symbols]

    def place(self, _: int, symbol: str, *words: Any, **more: Any) -> Any:
        self.sent.append(symbol)
        if len(self.sent) == 2:
            raise Fault(422, {"text": "margin is short", "name": "margin_short"})
        return SimpleNamespace(events=[{"name": "traded", "lots": words[1]}], replayed=False)


def test_a_refusal_half_way_says_what_was_sent(
    market: Market, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing after the refused order is sent; the first stays told, in words and for programs."""
    path = tmp_path / "orders.json"
    path.write_bytes(hedge_command.order_file(planned(market, {}), "ab" * 32, 2))
    symbols = [one.symbol for one in hedge_command.read_orders(path).orders]
    assert len(symbols) > 2
    for for_programs in (False, True):
        house: Any = Refusing(symbols)
        args: Any = SimpleNamespace(
            what="execute", orders=path, account=2, json=for_programs, yes=True, memo=None
        )
        assert hedge_command.run(args, house) == 1
        assert house.sent == symbols[:2]
        said = capsys.readouterr()
        assert f"{symbols[1]}: margin is short" in said.err
        assert f"1 of {len(symbols)} orders were answered" in said.err
        assert symbols[0] in said.out
    lacking: Any = Refusing(symbols[:-1])
    with pytest.raises(ValueError, match="expected a listed series, found none; none was sent"):
        hedge_command.run(args, lacking)
    assert not lacking.sent


def test_forged_orders_are_refused(market: Market, tmp_path: Path) -> None:
    """A digest made anew does not make them orders."""
    path = tmp_path / "orders.json"
    whole = hedge_command.order_file(planned(market, {}), "ab" * 32, 2)
    for field, forged in (("lots", -5), ("lots", 0), ("side", "steal"), ("limit_price", -1)):
        value = json.loads(whole)
        value["orders"][0][field] = forged
        path.write_bytes(msgspec.json.encode(value))
        with pytest.raises(ValueError, match=rf"expected orders .*orders\[0\]\.{field}"):
            hedge_command.read_orders(path)


def test_a_day_is_for_prices_in_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A served house plans on its own day, and says so instead of ignoring the word."""
    need = tmp_path / "need.toml"
    need.write_text(NEED)
    assert main(["hedge", "plan", str(need), "--day", "2025-03-03"]) == 1
    assert "--day: expected with --prices alone" in capsys.readouterr().err


def test_a_rebalance_follows_the_policy_of_the_need(market: Market) -> None:
    """Rolling holds the nearest month, which a plan of the run passes over, as far as its book
    shows; what waits is told. Delta moves what is held; both say so in every form.
    """
    rolling = planned(market, {}, CASH + '[trade]\npolicy = "rolling"\n')
    assert [leg.instrument.symbol for leg in rolling.legs] == [EARLY]
    book = next(one for one in market.board if one.terms.symbol == EARLY)
    assert rolling.legs[0].lots == sum(level.lots for level in book.asks)
    assert rolling.waiting[EARLY] > 1_000
    for text in (told(rolling), page(rolling).decode()):
        assert f"+{rolling.waiting[EARLY]:,.0f} {EARLY}" in text
    assert value(rolling)["gap"] is None
    assert value(rolling)["waiting"] == {EARLY: rolling.waiting[EARLY]}
    delta = planned(market, {JULY: 300, EARLY: 7}, CASH + '[trade]\npolicy = "delta"\n')
    moved = {leg.instrument.symbol: leg.lots for leg in delta.legs}
    assert moved[EARLY] == -7, "settles before the run: of no use to it"
    assert len(moved) > 3
    json.dumps(value(delta), allow_nan=False)


def test_what_a_plan_from_nothing_does_not_count_is_said_first(market: Market) -> None:
    """What the account holds of the board, whether the plan trades it or not; a rebalance counts
    it, and another house's series is none of its business.
    """
    holds = {JULY: 60, EARLY: 7, "T-STANDARD-2025-07": 4}
    bare = beside_holdings(planned(market, {}), holds)
    first = in_short(bare)[0]
    assert first.startswith(f"THE ACCOUNT HOLDS +60 {JULY}, +7 {EARLY} ALREADY")
    assert first in told(bare)
    assert first in page(bare, b"x").decode()
    assert value(bare)["warnings"] == [first]
    counted = beside_holdings(planned(market, {JULY: 60, EARLY: 7}), holds)
    assert value(counted)["warnings"] == []


def test_cash_beyond_the_budget_is_said_first(market: Market) -> None:
    """A rule keeps to no budget: a line before the answer says by how much, in text, page and for
    programs, after the one that it makes the tail worse; the best plan has no such line.
    """
    small = CASH.replace("8_000_000", "400_000")
    rule = planned(market, {JULY: 400}, small + '[trade]\npolicy = "delta"\n')
    asked = rule.hedged.cash_99
    assert asked > 400_000
    worse, first = in_short(rule)[:2]
    added = rule.hedged.shortfall_95 - rule.bare.shortfall_95
    assert worse.startswith(f"THE RULE delta MAKES THE TAIL WORSE TODAY by {added:,.0f} USD: ")
    assert not any("an insurance" in one or "unspent" in one for one in in_short(rule))
    assert LEGS_APART in told(rule)
    assert first.startswith("THIS ASKS FOR MORE CASH THAN THE NEED HAS: up to")
    assert f"{asked / 1e6:,.2f} million USD for margin" in first
    assert f"held today, {rule.bare.cash_99 / 1e6:,.2f} million USD" in first
    assert told(rule).splitlines()[2:4] == [worse, first]
    assert f"<p class='lead warn'>{first}</p>" in page(rule, b"x").decode()
    assert value(rule)["warnings"] == [worse, first]
    best = planned(market, {}, small)
    assert best.hedged.cash_99 <= 400_000
    assert value(best)["warnings"] == []


def test_policies_are_told_beside_the_static_plan(market: Market) -> None:
    """Three rows, the static one that of the plan, in text, page and for programs; where cash is
    short of what a rule ties up it is said.
    """
    need = read_need(CASH.replace("8_000_000", "1_000_000"), "need.toml")
    found = make_plan(need, market, {}, count=400, points=0)
    assert [one.policy.value for one in found.programmes] == ["static", "rolling", "delta"]
    assert found.programmes[0].mean == pytest.approx(found.hedged.mean)
    assert found.programmes[0].shortfall_99 == pytest.approx(found.hedged.shortfall_99)
    for text in (told(found), page(found).decode()):
        assert "static: held as bought" in text
        assert "delta: moved to where it is expected" in text
        assert "rolling: its peak margin cash at 99 % is ABOVE THE BUDGET, 1.00" in text
    rows = value(found)["programmes"]
    assert [row["policy"] for row in rows] == ["static", "rolling", "delta"]
    assert rows[2]["revising"] > 0


def test_what_is_at_risk_adds_up_by_cause(market: Market) -> None:
    """Every cause, on top of the cost with all of them still, sums to the shortfall, bare and
    hedged, as told; one of which the need draws nothing is said to be none, and why.
    """
    failing = CASH + "[supply]\nshortage = 0.2\nfailure = 0.1\n" + OFFERS
    found = planned(market, {}, failing)
    assert any(leg.instrument.kind in DELIVERED for leg in found.legs)
    for causes, rest, costs in (
        (found.causes_bare, found.rests[0], found.costs_bare),
        (found.causes_hedged, found.rests[1], found.costs_hedged),
    ):
        tail = np.sort(costs)[-25:].mean()
        assert sum(causes.values()) + rest == pytest.approx(tail, rel=1e-9)
        assert not {Cause.GRADE, Cause.PLACE} & set(causes)
    assert Cause.SUPPLIER not in found.causes_bare, "nothing was bought of a supplier"
    assert found.causes_hedged[Cause.SUPPLIER] != 0.0
    assert found.causes_bare[Cause.AVAILABILITY] > 0.0
    rows = dict(cause_rows(found))
    assert rows["together, over 500 scenarios"][1] == f"{found.hedged.shortfall_95 / 1e6:,.2f}"
    assert rows[WORDS[Cause.SUPPLIER]][0] == "none" != rows[WORDS[Cause.SUPPLIER]][1]
    assert rows[WORDS[Cause.GRADE]] == ["none", "none"]
    for text in (told(found), page(found, b"x").decode()):
        assert "another grade that serves: none, no substitute of another grade is named" in text
        assert f"{WORDS[Cause.SUPPLIER]}: none" not in text
    causes = value(found)["causes"]["hedged"]
    assert causes["grade"] is None
    assert causes["bill"] == found.causes_hedged[Cause.BILL]
    assert set(value(found)["causes_none"]) == {"grade", "place"}
    assert set(found.causes_hedged) == set(Cause) - set(none_causes(found))
