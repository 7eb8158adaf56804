"""A wider limit never makes a plan worse; planned again with nothing changed, nothing is traded."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lasalle.client.shapes import Fill
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.paid import paid_prices, with_paid
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.hedging.plan.telling import told
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution.hedge_market import modelled_market
from tests.institution.hedge_needs import DAY, NEED

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
NO_CALLS = NEED.replace("premium_dollars = 3_000_000", "premium_dollars = 0")
WIDE = NEED.replace("3_000_000", "1e12").replace("8_000_000", "1e12")
DEARER = 2e-5
"""What two solutions may miss of each other, a share of the shortfall: their tolerance twice."""


@pytest.fixture(scope="module")
def market() -> Market:
    """The board of the day on a made-up index."""
    fixings = list(fixing_history(simulated_history(7, FIRST, LAST), LAST))
    return modelled_market(DAY, fixings, horizon(read_need(NEED, "need.toml"), DAY))


def planned(market: Market, text: str, held: Mapping[str, int] | None = None) -> Plan:
    """A plan of few scenarios, nothing asked aside."""
    need = read_need(text, "need.toml")
    return make_plan(need, market, held or {}, count=300, points=0, ask_aside=False)


def bought(plan: Plan) -> dict[str, int]:
    """What is held once every leg of a plan is filled."""
    lots = zip(plan.instruments, plan.hedge.lots, strict=True)
    return {one.symbol: int(held) for one, held in lots if held}


LIMITS = {
    "most_lots": [NEED + f"[trade]\nmost_lots = {n}\n" for n in (1, 120, 1_500, 50_000)],
    "most_legs": [NEED + f"[trade]\nmost_legs = {n}\n" for n in (1, 4, 12)],
    "premium": [
        NEED.replace("3_000_000", str(n)) for n in (0, 1_000_000, 10**9)
    ],
    "cash": [
        NEED.replace("8_000_000", str(n)) for n in (0, 1_000_000, 10**9)
    ],
    "mean": [NO_CALLS.replace("[risk]", f"mean_dollars = {n}\n[risk]")
             for n in (26_900_000, 27_200_000, 10**9)],
}  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS)
def test_a_wider_limit_never_makes_a_plan_worse(market: Market, limit: str) -> None:
    """Each step wider finds what the step before found, or better; the widest is better than the
    tightest. Nothing wins by being forbidden something.
    """
    found = [planned(market, text).hedge for text in LIMITS[limit]]
    for tight, wide in itertools.pairwise(found):
        assert wide.shortfall <= tight.shortfall * (1 + DEARER)
    assert found[-1].shortfall < 0.995 * found[0].shortfall, "the limit binds"


@pytest.mark.parametrize("text", [NEED, NO_CALLS, WIDE], ids=["budget", "no calls", "no budget"])
def test_planned_again_with_nothing_changed_trades_nothing(market: Market, text: str) -> None:
    """Once it is bought a plan stays; half bought, what is planned again is the other half."""
    first = planned(market, text)
    held = bought(first)
    assert sum(held.values()) > 1_000
    again = planned(market, text, held)
    assert not again.legs
    assert "What is held stays" in told(again)
    assert bought(again) == held
    half = {symbol: lots // 2 for symbol, lots in held.items()}
    rest = bought(planned(market, text, half))
    off = sum(abs(rest.get(symbol, 0) - held.get(symbol, 0)) for symbol in held | rest)
    assert off < 0.03 * sum(held.values())


def test_a_change_within_the_band_moves_nothing_and_beyond_it_does(market: Market) -> None:
    """Three hundredths of the hours missing are left; a need twice as large is followed."""
    held = bought(planned(market, NO_CALLS))
    nearly = {symbol: round(0.98 * lots) for symbol, lots in held.items()}
    assert not planned(market, NO_CALLS, nearly).legs
    eager = NO_CALLS + "[trade]\nband = 0.0\n"
    moved = planned(market, eager, {symbol: round(0.9 * lots) for symbol, lots in held.items()})
    assert moved.legs
    doubled = NO_CALLS.replace("20_000_000", "40_000_000").replace("8_000_000", "16_000_000")
    assert sum(bought(planned(market, doubled, held)).values()) > 1.3 * sum(held.values())


def test_what_breaks_a_limit_is_not_left(market: Market) -> None:
    """Half the cash: lots are sold, however near the plan is."""
    held = bought(planned(market, NO_CALLS))
    tight = NO_CALLS.replace("8_000_000", "4_000_000") + "[trade]\nband = 1.0\n"
    found = planned(market, tight, held)
    assert all(leg.lots < 0 for leg in found.legs)
    assert found.hedge.cash <= 4_000_000 * (1 + 1e-5)


def test_premium_of_calls_held_is_out_of_the_budget(market: Market) -> None:
    """A budget is of the whole hedge, however often it is planned."""
    held = bought(planned(market, NEED))
    calls = {symbol: lots for symbol, lots in held.items() if "-C-" in symbol}
    again = planned(market, NEED + "[trade]\nmost_legs = 40\nband = 0.0\n", calls)
    spent = sum(one.spent for one in again.instruments if one.symbol in calls)
    assert spent == pytest.approx(3_000_000, rel=0.01)
    assert again.hedged.premium <= 3_000_000 - spent + 1


def test_premium_paid_is_read_from_fills(market: Market) -> None:
    """A sale takes its share, a bust none; where fills do not come to what is held nothing is
    known. What was paid stays out of the budget when calls are worth less.
    """
    fills = [
        Fill(1, 0, "C", 1, "buy", "taker", 1, "0.30", 100, "0", "0", False),
        Fill(2, 0, "C", 2, "buy", "taker", 1, "0.50", 100, "0", "0", False),
        Fill(3, 0, "C", 3, "buy", "taker", 1, "9.00", 100, "0", "0", True),
        Fill(4, 0, "C", 4, "sell", "taker", 1, "0.10", 50, "0", "0", False),
        Fill(5, 0, "D", 5, "buy", "taker", 1, "0.20", 10, "0", "0", False),
        Fill(6, 0, "S", 6, "sell", "taker", 1, "0.20", 10, "0", "0", False),
        Fill(7, 0, "S", 7, "buy", "taker", 1, "0.70", 15, "0", "0", False),
    ]
    found = paid_prices(fills, {"C": 150, "D": 11, "S": 5})
    assert found == pytest.approx({"C": 0.40, "S": 0.70})
    held = bought(planned(market, NEED))
    symbol = next(name for name in held if "-C-" in name)
    dear = [Fill(1, 0, symbol, 1, "buy", "taker", 1, "5.0", held[symbol], "0", "0", False)]
    board = with_paid(market.board, paid_prices(dear, held))
    again = planned(replace(market, board=board), NEED + "[trade]\nband = 0.0\n", held)
    assert again.hedged.premium <= 0
    one = next(one for one in again.instruments if one.symbol == symbol)
    assert one.spent == pytest.approx(held[symbol] * (5.0 * one.lot_hours + one.fee))


def test_cash_contracts_carry_no_more_hours_than_the_need_can_come_to(market: Market) -> None:
    """Ten hours whose delay is dear are no reason for a lot; calm books and money without end buy
    the need at its largest and no more; what is held above that is sold.
    """
    few = NEED.replace("dollars = 20_000_000", "accelerator_hours = 10")
    assert planned(market, few).bare.shortfall_95 > 1_000_000, "waiting is dear"
    assert not planned(market, few).legs
    sold = planned(market, few, {"H100GC-2025-07": 300})
    assert {leg.instrument.symbol: leg.lots for leg in sold.legs} == {"H100GC-2025-07": -300}
    found = planned(market, WIDE + "[trade]\nimpact = 0.0\nmost_lots = 1_000_000\n")
    carried = np.array([one.lot_hours for one in found.instruments]) @ found.hedge.lots
    most = 2 * found.drawn.terms.hours
    assert 0.999 * most < carried <= most


def test_nobody_without_cash_is_left_without_a_plan(market: Market) -> None:
    """No cash for margin: calls alone; nothing at all: nothing is traded, and it is said."""
    none = NEED.replace("8_000_000", "0")
    found = planned(market, none)
    assert {leg.instrument.kind.value for leg in found.legs} == {"call"}
    assert not planned(market, NO_CALLS.replace("8_000_000", "0")).legs
