"""The daily cycle: each thing done once, wherever the house is killed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from lasalle import wire
from lasalle.contracts import load_standards
from lasalle.exchange import load_schedule
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import day as day_module
from lasalle.institution import demo
from lasalle.institution.day import DayDesk
from lasalle.institution.families import OptionsListed, load_families
from lasalle.institution.house import open_house
from lasalle.institution.running import REOPENS, found_demo, pause_after_silence, run_due
from lasalle.venue import verify
from lasalle.wire import SeriesState as S

SECOND = 10**9
START = "2026-03-30T12:00"
TIMES = (
    "2026-03-31T00:21", "2026-03-31T00:26", "2026-03-31T00:31", "2026-03-31T00:36",
    "2026-03-31T00:41", "2026-04-01T00:21", "2026-04-01T00:26", "2026-04-01T00:31",
    "2026-04-01T00:36", "2026-04-01T00:41",
)  # fmt: skip


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def loader(last):
    """A simulated index that a later day only makes longer."""
    first = datetime(2025, 9, 1, tzinfo=UTC).date()
    return list(fixing_history(simulated_history(5, first, last), last)), False


FAMILIES = {}
"""What the desk of a test lists, as `small` sets it."""


def shorter(strip):
    """A strip of three months, and of runs that lie within them."""
    return replace(strip, count=min(3, strip.count), within_months=min(3, strip.within_months))


@pytest.fixture
def small(monkeypatch):
    """A family of three months, one option each way, a week of fixings shown."""
    set_small(monkeypatch)


def set_small(monkeypatch):
    """What `small` sets, for as long as the patch stands."""
    standards = tuple(replace(s, strips=tuple(map(shorter, s.strips))) for s in load_standards())
    offered = OptionsListed(months=2, strikes=1)
    family = replace(load_families()[0], standards=standards, options=offered)
    monkeypatch.setitem(FAMILIES, "small", [(family, loader)])
    monkeypatch.setattr(day_module, "SHOWN_FIXINGS", 40)


class Clock:
    """Nanoseconds a test sets."""

    def __init__(self, text: str) -> None:
        self.now = at(text)

    def __call__(self) -> int:
        return self.now


def desk_of(house):
    schedule = load_schedule("demonstration")
    families = FAMILIES["small"]
    return DayDesk(house.views, schedule, demo.DAY_DESK, families, demo.SECOND)


def begun(folder, clock):
    """A founded house on its first day, with a trade, a day order and a resting one."""
    house = open_house(folder, clock)
    found_demo(house)
    run_due(house, desk_of(house), clock())
    series = house.market.by_symbol["H100-2026-03"].terms
    price = house.market.by_symbol["H100-2026-03"].mark // series.tick * series.tick
    later = house.market.by_symbol["H100-2026-04"].terms.series
    for actor, side, number, lots, life in (
        (11, wire.Side.SELL, series.series, 10, wire.TimeInForce.GTC),
        (12, wire.Side.BUY, series.series, 10, wire.TimeInForce.GTC),
        (12, wire.Side.BUY, later, 3, wire.TimeInForce.DAY),
        (13, wire.Side.BUY, later, 4, wire.TimeInForce.GTC),
    ):
        order = wire.PlaceOrder(
            account=actor - 10,
            series=number,
            side=side,
            order_type=wire.OrderType.LIMIT,
            time_in_force=life,
            self_trade=wire.SelfTrade.CANCEL_NEWEST,
            price=price,
            lots=lots,
        )
        told = house.ask(actor, order)
        assert not any(isinstance(e, wire.Refused) for _, e in told), told
    return house


def sealed(house):
    """Every command of the journal with its header's number, cause and actor."""
    return [
        (h.number, h.time, h.cause, h.actor, c)
        for batch in house.journal.batches()
        for h, c in wire.read_frames(batch.frames)
    ]


def test_the_day_settles_lists_expires_and_opens_again(tmp_path, small):
    clock = Clock(START)
    house = begun(tmp_path, clock)
    desk = desk_of(house)
    states = {}
    for text in TIMES:
        clock.now = at(text)
        run_due(house, desk, clock())
        view = house.market.by_symbol["H100-2026-05"]
        states[text] = view.state
    # The clock jumps, so a call of five minutes lasts to the next look at it.
    assert list(states.values()) == [S.PRE_CLOSE, S.CLOSED, S.CLOSED, S.PRE_OPEN, S.OPEN] * 2
    commands = Counter(type(c).__name__ for *_, c in sealed(house))
    assert commands["SettlePrices"] == 3
    assert commands["ActivateMarginTable"] == 3
    assert commands["PublishFixing"] == 40 + 2
    assert house.market.by_symbol["H100-2026-03"].state == S.EXPIRED
    assert house.market.by_symbol["H100-2026-06"].state == S.OPEN, "a month ended, one is listed"
    assert house.accounts.accounts[2].positions.get(1, 0) == 0
    house.history.flush()
    ended = [o.status for o in house.accounts.orders_page(2, 0, 100)]
    assert ended == ["filled", "cancelled: day_expired"]
    assert house.accounts.shown(3)["live_orders"] == 1, "a good-till-cancelled order stays"
    finals = []
    for *_, actor, command in sealed(house):
        if isinstance(command, wire.Propose) and command.command == wire.SettleFinal.KIND:
            assert actor == demo.DAY_DESK, "the desk proposes"
            finals.append(wire.SettleFinal.unpack(command.payload, wire.SettleFinal.BLOCK))
    assert {c.month for c in finals} == {202603}
    march, _ = loader(datetime(2026, 3, 31, tzinfo=UTC).date())
    average = round(Fraction(sum(f.price_micro_dollars for f in march[-31:]), 31))
    assert {c.price for c in finals} == {average}
    causes = {c.NAME: cause for _, _, cause, actor, c in sealed(house) if actor == demo.DAY_DESK}
    assert causes["activate_margin_table"] == house.market.fixing_event
    said = house.history.statement(2, 20260331)
    assert said.closing == house.accounts.accounts[2].balances[wire.LedgerClass.CASH, 1]
    assert "payment_posted" in said.moved
    house.close()
    assert not verify(tmp_path).faults


def test_a_house_killed_after_every_command_lives_the_same_days(tmp_path, small):
    whole_clock = Clock(START)
    whole = begun(tmp_path / "whole", whole_clock)
    for text in TIMES:
        whole_clock.now = at(text)
        run_due(whole, desk_of(whole), whole_clock())
    clock = Clock(START)
    house = begun(tmp_path / "killed", clock)
    kills = 0
    for text in TIMES:
        clock.now = at(text)
        while True:
            desk = desk_of(house)
            if (need := desk.need(clock())) is not None:
                desk.prepare(need)
            stage = desk.due(clock())
            if not stage:
                break
            asked = stage[0]
            house.ask(asked.actor, asked.command, asked.cause)
            house.release()
            kills += 1
            house = open_house(tmp_path / "killed", clock)
    assert kills > 60
    assert sealed(house) == sealed(whole)
    assert house.sequencer.core.state_hash() == whole.sequencer.core.state_hash()
    house.close()
    whole.close()


def test_a_founding_killed_after_every_command_ends_the_same(tmp_path):
    clock = Clock(START)
    whole = open_house(tmp_path / "whole", clock)
    found_demo(whole)
    house, kills = open_house(tmp_path / "killed", clock), 0
    while (asked := demo.next_founding_step(house.accounts)) is not None:
        house.ask(asked.actor, asked.command, asked.cause)
        house.release()
        kills += 1
        house = open_house(tmp_path / "killed", clock)
    assert kills > 20
    assert sealed(house) == sealed(whole)
    for one in (house, whole):
        one.close()


def test_after_a_long_silence_trading_opens_by_auction(tmp_path, small):
    clock = Clock(START)
    house = begun(tmp_path, clock)
    house.release()
    clock.now += 700 * SECOND
    house = open_house(tmp_path, clock)
    desk = desk_of(house)
    assert "auction in 15 s" in pause_after_silence(house, desk, clock())
    state = {v.state for v in house.market.series.values()}
    assert state == {S.PAUSED}
    house.release()
    # A second start, soon after, neither forgets the auction nor shortens it.
    clock.now += 3 * SECOND
    house = open_house(tmp_path, clock)
    desk = desk_of(house)
    assert pause_after_silence(house, desk, clock()) == ""
    run_due(house, desk, clock())
    assert {v.state for v in house.market.series.values()} == {S.PAUSED}
    clock.now += 11 * SECOND
    run_due(house, desk, clock())
    assert {v.state for v in house.market.series.values()} == {S.PAUSED}
    clock.now += 1 * SECOND
    run_due(house, desk, clock())
    assert {v.state for v in house.market.series.values()} == {S.OPEN}
    assert (tmp_path / REOPENS).exists()
    house.close()


def test_days_missed_while_nobody_served_are_settled_once(tmp_path, small):
    clock = Clock(START)
    house = begun(tmp_path, clock)
    house.close()
    clock.now = at("2026-04-03T09:00")
    house = open_house(tmp_path, clock)
    desk = desk_of(house)
    pause_after_silence(house, desk, clock())
    run_due(house, desk, clock())
    assert house.market.settled_day == 20260402
    assert house.market.by_symbol["H100-2026-03"].state == S.EXPIRED
    assert house.market.by_symbol["H100-2026-04"].state == S.PRE_OPEN
    assert [f.day for f in house.market.fixings][-4:] == [20260330, 20260331, 20260401, 20260402]
    clock.now += 60 * SECOND
    run_due(house, desk, clock())
    assert house.market.by_symbol["H100-2026-04"].state == S.OPEN
    house.close()


def test_a_house_begins_in_the_half_hour_before_a_month_is_settled(tmp_path, small):
    clock = Clock("2026-04-01T00:10")
    house = open_house(tmp_path, clock)
    found_demo(house)
    run_due(house, desk_of(house), clock())
    assert "H100-2026-03" not in house.market.by_symbol, "it no longer trades"
    assert house.market.by_symbol["H100-2026-04"].state == S.OPEN
    assert house.market.settled_day == 20260330
    clock.now = at("2026-04-01T00:31")
    run_due(house, desk_of(house), clock())
    assert house.market.settled_day == 20260331
    assert house.market.by_symbol["H100-2026-06"].state == S.LISTED
    clock.now = at("2026-04-01T00:36")
    run_due(house, desk_of(house), clock())
    assert house.market.by_symbol["H100-2026-06"].state == S.PRE_OPEN
    house.close()
