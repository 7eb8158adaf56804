"""The clearing cycle: whence settlement prices come, marks through the day, calls; each thing done
once, wherever the house is killed."""

from __future__ import annotations

from collections import Counter

import pytest

from lasalle import wire
from lasalle.institution import demo
from lasalle.institution.cycle import first_table
from lasalle.institution.house import open_house
from lasalle.institution.running import run_due
from lasalle.venue import verify
from lasalle.wire import LedgerClass, PriceStep
from tests.institution.test_day import START, Clock, at, begun, desk_of, sealed, small

__all__ = ["small"]
SYMBOL, LOTS = "H100-2026-05", 100
DOLLAR = 10**6
POOR, RICH = 13, 12
"""Actors of accounts 3 and 2."""


def place(house, actor, side, price, lots=LOTS, life=wire.TimeInForce.GTC):
    order = wire.PlaceOrder(
        account=actor - 10,
        series=house.market.by_symbol[SYMBOL].terms.series,
        side=side,
        order_type=wire.OrderType.LIMIT,
        time_in_force=life,
        self_trade=wire.SelfTrade.CANCEL_NEWEST,
        price=price,
        lots=lots,
    )
    told = [event for _, event in house.ask(actor, order)]
    assert not any(isinstance(event, wire.Refused) for event in told), told


def mark_of(house, shift=0):
    """The mark in force, on tick, moved by so many ten-thousandths."""
    view = house.market.by_symbol[SYMBOL]
    return view.mark * (10_000 + shift) // 10_000 // view.terms.tick * view.terms.tick


def leveraged(folder, clock):
    """Account 3 is long with little more cash than its margin: the rest is about to leave."""
    house = begun(folder, clock)
    price = mark_of(house)
    place(house, RICH, wire.Side.SELL, price)
    place(house, POOR, wire.Side.BUY, price)
    judged = house.accounts.margin(3)
    spare = judged.cover - judged.required - 1_000 * DOLLAR
    leaves = wire.RequestWithdrawal(account=3, asset=1, amount=spare, reference="out")
    told = [event for _, event in house.ask(POOR, leaves)]
    assert isinstance(told[0], wire.TransferPended), told
    return house


def fallen(house):
    """Both sides are quoted ten percent lower."""
    place(house, RICH, wire.Side.BUY, mark_of(house, -1050), 20)
    place(house, RICH, wire.Side.SELL, mark_of(house, -1000), 20)


def told_of(house, *kinds):
    return [e for e in (e for _, e in house.accounts.events_after(0, 10**6)) if type(e) in kinds]


def lives(house, clock, kill=None):
    """A fall, seen when no trade is left in the window; a call, a deposit too small, the end of
    its time, a deposit that is
    enough, a settlement; `kill` is asked after every command of the desk."""

    def due(text):
        nonlocal house
        clock.now = at(text)
        if kill is None:
            run_due(house, desk_of(house), clock())
            return
        while True:
            desk = desk_of(house)
            if (need := desk.need(clock())) is not None:
                desk.prepare(need)
            if not (stage := desk.due(clock())):
                return
            house.ask(stage[0].actor, stage[0].command, stage[0].cause)
            house = kill(house)

    fallen(house)
    due("2026-03-30T12:31")
    house.ask(1, wire.Deposit(account=3, asset=1, amount=DOLLAR, reference="little"))
    clock.now = at("2026-03-30T13:31")
    house.ask(0, wire.AdvanceTime())
    (call,) = told_of(house, wire.MarginCalled)
    much = call.amount + 10_000 * DOLLAR
    house.ask(1, wire.Deposit(account=3, asset=1, amount=much, reference="enough"))
    clock.now = at("2026-03-30T23:58")
    place(house, POOR, wire.Side.SELL, mark_of(house, -300), 6)
    place(house, RICH, wire.Side.BUY, mark_of(house, -300), 6)
    for text in ("2026-03-31T00:21", "2026-03-31T00:26", "2026-03-31T00:31", "2026-03-31T00:41"):
        due(text)
    return house


@pytest.mark.rule("CLR-045")
@pytest.mark.rule("CLR-046")
def test_a_fall_within_the_day_is_marked_called_late_and_met(tmp_path, small):
    clock = Clock(START)
    house = lives(leveraged(tmp_path, clock), clock)
    story = told_of(house, wire.MarginCalled, wire.MarginCallLate, wire.MarginCallMet)
    assert [type(event).__name__ for event in story] == [
        "MarginCalled",
        "MarginCallLate",
        "MarginCallMet",
    ]
    called, late, _ = story
    assert called.account == 3
    assert called.due == at("2026-03-30T13:31")
    assert late.amount == called.amount - DOLLAR, "what was paid counts"
    assert not house.accounts.margin_calls
    tables = [c.table for *_, c in sealed(house) if isinstance(c, wire.ActivateMarginTable)]
    assert tables == [first_table(20260329), first_table(20260329) + 1, first_table(20260330)]
    house.close()
    assert not verify(tmp_path).faults


@pytest.mark.rule("CLR-047")
def test_settlement_prices_say_whence_they_come_and_nothing_is_won_or_lost(tmp_path, small):
    clock = Clock(START)
    house = lives(leveraged(tmp_path, clock), clock)
    settled = [c for *_, c in sealed(house) if isinstance(c, wire.SettlePrices)][-1]
    number = house.market.by_symbol[SYMBOL].terms.series
    steps = {p.series: p.step for p in settled.prices}
    assert steps[number] == PriceStep.TRADES
    assert set(steps.values()) == {PriceStep.TRADES, PriceStep.CURVE}
    paid = told_of(house, wire.PaymentPosted)
    assert paid
    assert sum(event.amount for event in paid) == 0
    assert house.accounts.house[LedgerClass.SETTLEMENT, 1] == 0
    house.close()


@pytest.mark.rule("CLR-045")
@pytest.mark.rule("CLR-047")
def test_a_cycle_killed_after_every_command_finishes_once(tmp_path, small):
    whole_clock = Clock(START)
    whole = lives(leveraged(tmp_path / "whole", whole_clock), whole_clock)
    clock, kills = Clock(START), 0

    def kill(house):
        nonlocal kills
        house.release()
        kills += 1
        return open_house(tmp_path / "killed", clock)

    house = lives(leveraged(tmp_path / "killed", clock), clock, kill)
    kinds = Counter(type(c).__name__ for *_, c in sealed(house))
    assert kills > 40
    assert kinds["IssueCall"] == 1
    assert kinds["SettlePrices"] == 2
    assert sealed(house) == sealed(whole)
    assert house.sequencer.core.state_hash() == whole.sequencer.core.state_hash()
    house.close()
    whole.close()


@pytest.mark.rule("CLR-039")
def test_a_late_call_is_put_before_the_operators_and_nobody_is_declared_by_a_program(
    tmp_path, small
):
    clock = Clock(START)
    house = leveraged(tmp_path, clock)
    fallen(house)
    clock.now = at("2026-03-30T12:31")
    run_due(house, desk_of(house), clock())
    assert not house.accounts.proposals, "a call that is not late proposes nothing"
    member = house.accounts.accounts[3].member
    for text in ("2026-03-30T13:32", "2026-03-30T13:40"):
        clock.now = at(text)
        house.ask(0, wire.AdvanceTime())
        run_due(house, desk_of(house), clock())
    (proposed,) = house.accounts.proposals.values()
    declare = wire.DeclareDefault(member=member)
    assert (proposed.command, proposed.payload) == (declare.KIND, declare.pack())
    # It lapses after a day and is put anew; what is declared is proposed no more.
    clock.now = at("2026-03-31T13:50")
    house.ask(0, wire.AdvanceTime())
    run_due(house, desk_of(house), clock())
    (again,) = house.accounts.proposals.values()
    assert (again.payload, again.proposal > proposed.proposal) == (declare.pack(), True)
    house.ask(demo.SECOND, wire.Approve(proposal=again.proposal))
    assert house.accounts.margins.defaults == {member}
    run_due(house, desk_of(house), clock())
    assert not house.accounts.proposals
    house.close()
    house = open_house(tmp_path, clock)
    assert house.accounts.margins.defaults == {member}
    house.close()
