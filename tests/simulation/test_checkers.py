"""Every checker bites: a venue broken in one way fails its day, and by the checker for it."""

from __future__ import annotations

from typing import Any

import pytest

from lasalle import wire
from lasalle.plain import House, evolve_orders, institution, matching, orders, quoting, settlement
from lasalle.plain import evolve as writes
from lasalle.plain.book import Book
from lasalle.sim import Day, DayFailed, Parts, shrink
from tests.scenario import read_scenarios, tell
from tests.simulation import broken

DAYS = range(40)


def first_failure(parts: Parts) -> DayFailed:
    """The first of some days that fails."""
    for seed in DAYS:
        try:
            Day(seed, parts).run()
        except DayFailed as failed:
            return failed
    return pytest.fail("every day passed: the fault went unnoticed")


@pytest.mark.parametrize(
    ("parts", "checker"),
    [
        (Parts(disk=broken.HastyDisk), "acknowledged"),
        (Parts(disk=broken.ForgetfulDisk), "acknowledged"),
        (Parts(journal=broken.EagerJournal), "acknowledged"),
        (Parts(sequencer=broken.Unsealed), "acknowledged"),
        (Parts(journal=broken.TrustingJournal), "bent"),
        (Parts(journal=broken.HalfJournal), "full"),
        (Parts(house=broken.OffByOne), "ledger"),
        (Parts(house=broken.LeftInTransit), "settlement"),
        (Parts(house=broken.Overdrawn), "non-negative"),
        (Parts(house=broken.Moody), "replay"),
        (Parts(second=broken.Elsewhere), "agreement"),
        (Parts(sequencer=broken.BackInTime), "time or replay"),
        (Parts(fold=broken.Doubtful), "views"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_part_fails_the_day(parts, checker):
    failed = first_failure(parts)
    assert failed.violation.checker in checker.split(" or "), str(failed)


def test_last_come_first_served_is_noticed(monkeypatch):
    monkeypatch.setattr(Book, "best", broken.last_come_first_served)
    assert first_failure(Parts()).violation.checker == "priority"


def test_a_margin_test_that_always_holds_is_noticed(monkeypatch):
    for room in (orders, quoting):
        monkeypatch.setattr(room, "check_covered", lambda *_: None)
    assert first_failure(Parts()).violation.checker == "cover"


def test_fees_beyond_what_was_checked_are_noticed(monkeypatch):
    honest = matching.traded

    def dear(state: Any, buy: Any, *more: Any) -> wire.Traded:
        event = honest(state, buy, *more)
        fields = {name: getattr(event, name) for name in event.__struct_fields__}
        half = max(0, state.free_of_holds(state.accounts[buy.account]) // 2)
        return wire.Traded(**{**fields, "buy_fee": half})

    monkeypatch.setattr(matching, "traded", dear)
    assert first_failure(Parts()).violation.checker == "fills"


def test_an_account_that_always_may_withdraw_is_noticed(monkeypatch):
    monkeypatch.setattr("lasalle.plain.money.withdrawable", lambda *_: 10**18)
    assert first_failure(Parts()).violation.checker in ("cover", "non-negative")


def test_a_transfer_of_positions_without_cover_is_noticed(monkeypatch):
    monkeypatch.setattr(institution, "check_covered", lambda *_: None)
    assert first_failure(Parts()).violation.checker == "cover"


def test_a_book_that_stays_crossed_is_noticed(monkeypatch):
    monkeypatch.setattr(matching, "_sweep", lambda *_: iter(()))
    assert first_failure(Parts()).violation.checker == "crossed"


def test_a_reference_carried_out_twice_is_noticed(monkeypatch):
    monkeypatch.setattr(evolve_orders, "remember", lambda *_: None)
    monkeypatch.setattr(writes, "remember", lambda *_: None)
    assert first_failure(Parts()).violation.checker == "once"


def test_lots_that_come_from_nowhere_are_noticed(monkeypatch):
    moves = evolve_orders.move_position

    def more(state: Any, account: int, series: int, lots: int, price: int) -> None:
        moves(state, account, series, lots + (lots > 9), price)

    monkeypatch.setattr(evolve_orders, "move_position", more)
    assert first_failure(Parts()).violation.checker == "positions"


def test_a_layer_of_the_waterfall_that_is_skipped_is_noticed(monkeypatch):
    honest = settlement.pay

    def skips(state: Any, amounts: dict[int, int], *more: Any) -> Any:
        for event in honest(state, amounts, *more):
            spared = isinstance(event, wire.PaymentPosted) and event.from_cash > 10**6
            if spared and state.balance(wire.LedgerClass.HOUSE_LIQUIDITY) > 10**6:
                fields = {name: getattr(event, name) for name in event.__struct_fields__}
                fields["from_cash"] -= 10**6
                fields["advanced"] += 10**6
                yield wire.PaymentPosted(**fields)
            else:
                yield event

    monkeypatch.setattr(settlement, "pay", skips)
    assert first_failure(Parts()).violation.checker == "waterfall"


def test_a_loss_that_stays_due_is_noticed(monkeypatch):
    def short(told: Any) -> list[wire.LossLayer]:
        return [layer for layer in wire.LossLayer if layer < wire.LossLayer.ABSENT_FUND]

    monkeypatch.setattr("lasalle.plain.waterfall.layers", lambda told: short(told)[1:])
    monkeypatch.setattr("lasalle.clearing.losses.layers", short)
    assert first_failure(Parts()).violation.checker == "losses"


def test_an_event_that_is_not_written_is_noticed(monkeypatch):
    monkeypatch.setitem(writes.WRITES, "trade_adjusted", lambda *_: None)
    assert first_failure(Parts()).violation.checker == "audit"


def test_a_failing_day_shrinks_to_a_story_that_can_be_told(monkeypatch):
    failed = first_failure(Parts(house=broken.OffByOne))
    shrunk = shrink(failed, Parts(house=broken.OffByOne))
    assert shrunk.violation.checker == "ledger"
    assert 0 < shrunk.steps <= failed.day.step + 1
    assert f"seed {failed.day.seed}" in str(shrunk)
    (scenario,) = read_scenarios("\n".join(shrunk.lines), "shrunk")
    story = tell(scenario, broken.OffByOne)
    sums = sum(b for k, b in story.house.state.balances.items() if k[2] == 1)
    assert sums == 1, "the pasted story shows the very fault"
    assert not sum(tell(scenario, House).house.state.balances.values())
