"""Both cores tell every story alike: same frames in, same bytes out, same state."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from lasalle import wire
from lasalle.venue.core import compiled_house
from tests.cores import NOT_BUILT, Compiled, Twin
from tests.properties.stories import reach
from tests.properties.wide_deliveries import DeliveryTeller
from tests.properties.wide_edges import EdgeTeller
from tests.properties.wide_stories import WideTeller

pytestmark = pytest.mark.skipif(compiled_house() is None, reason=NOT_BUILT)

STORIES, EDGES, COMMANDS, LONG = 74, 26, 440, 1000
"""Stories, those at the bounds, commands of each, and the seed of the first long one."""
RARE = {"ORDERS_TOO_MANY", "HOURS_WRONG", "SETTLEMENT_TOO_LARGE", "ACCOUNT_OWES"}
"""65,536 live orders are too many for a story; wrong hours, a settlement too large and a client
that owes when it is to be ported have their scenarios."""
LEAST = {
    "traded": 3000,
    "slice_refreshed": 1000,
    "order_elected": 300,
    "order_reduced": 40,
    "order_replaced": 50,
    "auction_uncrossed": 30,
    "reference_moved": 10,
    "account_refreshed": 1000,
    "payment_posted": 300,
    "call_opened": 3,
    "call_closed": 1,
    "SHORTFALL_OPEN": 1,
    "position_transferred": 15,
    "offer_ended": 6,
    "proposal_lapsed": 10,
    "trade_busted": 20,
    "trade_adjusted": 20,
    "transfer_voided": 15,
    "maker_protection_tripped": 5,
    "dead_man_fired": 10,
    "final_settled": 40,
    "margin_table_activated": 80,
    "MARGIN_SHORT": 150,
    "PREMIUM_SHORT": 4,
    "cancel SELF_TRADE": 100,
    "cancel DEFICIT": 30,
    "cancel FOK_UNFILLED": 20,
    "cancel MINIMUM_UNMET": 30,
    "cancel SWEEP_BOUND": 1,
    "cancel VOLATILITY_PAUSE": 1,
    "cancel GTD_EXPIRED": 10,
    "cancel DAY_EXPIRED": 60,
    "cancel SERIES_EXPIRED": 1,
    "collateral_valued": 30,
    "margin_called": 8,
    "margin_call_met": 4,
    "margin_call_late": 2,
    "change over": STORIES,
    "no_fix_declared": 5,
    "late_fixing_published": 5,
    "PERIOD_NOT_OVER": 1,
    "loss_allocated": 100,
    "slice_awarded": 10,
    "bid COUNTED": 10,
    "bid UNOPENED": 5,
    "bid ABOVE_RESERVE": 5,
    "bid UNCOVERED": 1,
    "bid WITHDRAWN": 5,
    "bid LAPSED": 1,
    "cancel POSITION_TRANSFERRED": 3,
    "layer CLIENT_GAINS": 1,
    "layer LIQUIDITY": 2,
    "notice_given": 5,
    "MEMBER_FROZEN": 20,
    "AWARD_NOT_BEST": 1,
    "COLLATERAL_STANDS": 2,
    "torn_up": 5,
    "account_ported": 3,
    "fund_returned": 5,
    "default_closed": 10,
    "LAYER_WRONG": 3,
    "SHARE_WRONG": 5,
    "delivery_made": 40,
    "delivery_metered": 40,
    "metered_final": 30,
    "metered_determined": 8,
    "delivery_remedied": 40,
    "delivery_transferred": 5,
    "delivery_ended": 20,
    "delivery_terminated": 8,
    "tender_determined": 3,
    "metered_closed": 10,
    "exchange_made": 5,
    "delivery_credit_set": 5,
    "guarantee_given": 20,
    "guarantee_paid": 3,
    "guarantee_ended": 10,
    "source GUARANTEE": 3,
    "source INITIAL_MARGIN": 2,
}
DEFAULTS = range(STORIES + 3, STORIES + 187, 8)
"""Seeds of more stories of a house that opens under the law of defaults."""
SELDOM = (261, 277, 358, 398, 400, 413)
"""Seeds of long stories with what few have: a layer named wrongly, a maker's protection tripped."""
DELIVERED = 26
"""Stories of a house that delivers."""
KEPT = (2247, 2332)
"""Seeds of stories that once stopped a core."""


def tell_twice(seed: int, commands: int, kind: type[WideTeller] = WideTeller) -> Counter[str]:
    """Tells one story to both cores at once; halfway each goes on from the other's snapshot."""
    twin, teller = Twin(), kind(seed)
    told: list[tuple[wire.Header, Any]] = []
    frames: list[bytes] = []
    answers: list[bytes] = []
    kinds: Counter[str] = Counter()

    def ask(command: Any, actor: int) -> None:
        teller.clock += 1_000_000
        number = twin.last_number + 1
        frame = wire.seal(command, number, teller.clock, actor=actor, span=wire.span_of(command))
        frames.append(frame)
        answers.append(twin.take(frame))
        events = wire.read_frames(answers[-1])
        teller.number = number
        inner = wire.MESSAGES.get(getattr(command, "command", 0), type(command))
        kinds.update({"asked " + command.NAME, "asked " + inner.NAME})
        told.extend(events)
        for header, event in events:
            teller.see(header, event)

    for command, actor in teller.opening():
        for asked, who in teller.sealed(command, actor):
            ask(asked, who)
    while twin.commands < commands:
        for command, actor in teller.next():
            ask(command, actor)
        if twin.commands >= commands // 2 and not kinds["change over"]:
            kinds["change over"] = 1
            twin.change_over()
    twin.compare()
    at_once = Compiled()
    assert at_once.take(b"".join(frames)) == b"".join(answers), "batching does not matter"
    assert at_once.state_hash() == twin.state_hash(), "a replay gives the same state"
    return reach(told) + kinds


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    return Counter()


@pytest.fixture(scope="module")
def at_the_bounds() -> Counter[str]:
    return Counter()


@pytest.mark.parametrize("seed", [*KEPT, *range(STORIES), *DEFAULTS, *SELDOM])
def test_both_cores_tell_one_story(seed, reached):
    long = seed in DEFAULTS or seed in SELDOM
    reached += tell_twice(seed, 2 * COMMANDS if long else COMMANDS)


@pytest.mark.parametrize("seed", range(DELIVERED))
def test_both_cores_tell_one_story_of_deliveries(seed, reached):
    reached += tell_twice(seed, 2 * COMMANDS, DeliveryTeller)


@pytest.mark.parametrize("seed", range(EDGES))
def test_both_cores_tell_one_story_at_the_bounds(seed, at_the_bounds):
    at_the_bounds += tell_twice(seed, 300, EdgeTeller)


def test_the_stories_at_the_bounds_reached_what_they_are_for(at_the_bounds):
    least = {
        "traded": 40,
        "account_refreshed": 200,
        "payment_posted": 10,
        "cancel DEFICIT": 10,
    }
    missed = {name: at_the_bounds[name] for name, n in least.items() if at_the_bounds[name] < n}
    assert not missed, f"reached too little: {missed}; all: {dict(at_the_bounds)}"


@pytest.mark.slow
def test_both_cores_tell_long_stories(days):
    """As many stories as days are asked for; `make soak` asks for many."""
    reached: Counter[str] = Counter()
    for seed in range(LONG, LONG + days):
        reached += tell_twice(seed, 2 * COMMANDS)
        tell_twice(seed, COMMANDS, EdgeTeller)
    assert reached["traded"] >= 40 * days


def test_the_stories_reached_what_they_are_for(reached):
    refusals = {r.name for r in wire.Refusal}
    assert {name for name in refusals if not reached[name]} <= RARE, "refusals never told"
    told = {m.NAME for kind, m in wire.MESSAGES.items() if 1000 <= kind < 2000}
    assert {name for name in told if not reached[name]} == set()
    asked = {m.NAME for kind, m in wire.MESSAGES.items() if kind < 1000}
    assert {name for name in asked if not reached["asked " + name]} == set()
    missed = {name: (reached[name], n) for name, n in LEAST.items() if reached[name] < n}
    assert not missed, f"reached too little: {missed}; all: {dict(reached)}"
