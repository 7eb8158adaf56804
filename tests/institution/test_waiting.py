"""Dates without a fixing: the series that need them wait, and the house goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest

from lasalle import wire
from lasalle.contracts import load_standards
from lasalle.exchange import load_schedule
from lasalle.indices import Fixing, NoFix, fixing_history, simulated_history
from lasalle.indices.record import Record, Row, Stage
from lasalle.institution import day as day_module
from lasalle.institution import demo
from lasalle.institution.cycle import first_table
from lasalle.institution.day import DayDesk
from lasalle.institution.families import OptionsListed, load_families
from lasalle.institution.house import open_house
from lasalle.institution.index_store import IndexStore
from lasalle.institution.recompute import compare
from lasalle.institution.running import found_demo, run_due
from lasalle.institution.waiting import aligned
from lasalle.venue import verify
from lasalle.venue.core import CHOICE
from lasalle.wire import SeriesState as S
from tests.cores import built
from tests.institution.test_day import Clock, at, sealed
from tests.institution.test_families import FUND, H100, LAB, MARCH, TSTD, place, trade

HOURS = ("00:21", "00:26", "00:31", "00:36", "00:41")
SWAP = "H100-2026-04_2026-06"
APRIL = tuple(date(2026, 4, 1) + timedelta(days=n) for n in range(30))
ENDS = frozenset(MARCH[-3:])
"""Three dates running, the last ones of a month."""
SEVEN = frozenset(MARCH[10:17])
"""One date more than a month of 31 can lack."""


def made_up(seed, version, missing):
    """A loader of an index on a made-up path with dates that have no fixing."""
    first, last = date(2025, 9, 1), date(2026, 6, 30)
    path = fixing_history(simulated_history(seed, first, last), last)
    dated = [
        NoFix(f.day, "evidence", version, f.input_sha256)
        if f.day in missing
        else replace(f, method_version=version)
        for f in path
    ]
    return lambda day: ([one for one in dated if one.day <= day], False)


class Life:
    """A founded house with two families, its desk and its clock."""

    def __init__(self, folder, missing, second=demo.SECOND, begins="2026-03-09T12:00") -> None:
        """missing: dates without a fixing of H100 and of TSTD."""
        self.clock = Clock(begins)
        self.house = open_house(folder, self.clock)
        found_demo(self.house)
        h100, tstd = load_families()
        standards = load_standards("H100", ("month-future", "average-option", "average-swap"))
        options = OptionsListed(months=2, strikes=1)
        h100 = replace(h100, standards=standards, months=4, options=options)
        tstd = replace(tstd, standards=tstd.standards[:1], months=3)
        self.families = [(h100, made_up(5, 1, missing[0])), (tstd, made_up(6, 2, missing[1]))]
        self.second = second
        self.desk = self.new_desk()
        self.run()

    def new_desk(self):
        schedule = load_schedule("demonstration")
        return DayDesk(self.house.views, schedule, demo.DAY_DESK, self.families, self.second)

    def run(self):
        return run_due(self.house, self.desk, self.clock())

    def until(self, last):
        """Lives on to noon of a date, every stage of every day."""
        day = date.fromisoformat(last) - timedelta(days=1)
        while at(f"{day}T12:00") > self.clock.now:
            day -= timedelta(days=1)
        while day < date.fromisoformat(last):
            day += timedelta(days=1)
            for hour in (*HOURS, "12:00"):
                self.clock.now = at(f"{day}T{hour}")
                self.run()

    def view(self, symbol):
        return self.house.market.by_symbol[symbol]

    def price_of(self, symbol):
        return {f.day: f.price_micro_dollars for f in self.dated(symbol) if isinstance(f, Fixing)}

    def dated(self, symbol):
        return self.families[symbol.startswith("TSTD")][1](date(2026, 6, 30))[0]

    def mean(self, symbol, dates):
        prices = self.price_of(symbol)
        found = [prices[day] for day in dates if day in prices]
        return round(Fraction(sum(found), len(found)))

    def finals(self):
        """Final settlements told, by symbol."""
        symbols = {n: v.terms.symbol for n, v in self.house.market.series.items()}
        told = {}
        for *_, command in sealed(self.house):
            if isinstance(command, wire.Propose) and command.command == wire.SettleFinal.KIND:
                final = wire.SettleFinal.unpack(command.payload, wire.SettleFinal.BLOCK)
                told[symbols[final.series]] = final
        return told

    def settled(self):
        kinds = wire.SettleVariation | wire.SettlePrices
        return [c.day for *_, c in sealed(self.house) if isinstance(c, kinds)]

    def by_two(self, command):
        """A command through four eyes; told."""
        asked = wire.Propose(command=command.KIND, payload=command.pack())
        waits = self.house.ask(demo.FIRST, asked)[0][1]
        return self.house.ask(demo.SECOND, wire.Approve(proposal=waits.proposal))


def options(life):
    """Symbols of the options on March."""
    series = life.house.market.series.values()
    return [v.terms.symbol for v in series if v.terms.strike and v.terms.last_month == 202603]


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    monkeypatch.setattr(day_module, "SHOWN_FIXINGS", 80)


@pytest.mark.rule("CLR-017")
@pytest.mark.rule("CLR-019")
@pytest.mark.parametrize("core", ["plain", "compiled"])
@pytest.mark.parametrize("every", [False, True], ids=["one index", "every index"])
def test_three_days_without_a_fixing_stop_nothing(tmp_path, monkeypatch, core, every) -> None:
    if core == "compiled" and len(built()) < 2:
        pytest.skip("no compiled core was built")
    monkeypatch.setenv(CHOICE, core)
    life = Life(tmp_path, (ENDS, ENDS if every else frozenset()), begins="2026-03-27T12:00")
    lots = {symbol: trade(life.house, symbol, 7) for symbol in (H100, TSTD)}
    life.until("2026-04-02")
    assert life.settled() == [20260326, 20260327, 20260328, 20260329, 20260330, 20260331, 20260401]
    assert life.house.market.table == first_table(20260401)
    told = [
        (c.index, c.day, c.reason)
        for *_, c in sealed(life.house)
        if isinstance(c, wire.DeclareNoFix)
    ]
    silent = [1, 35] if every else [1]
    days = (20260329, 20260330, 20260331)
    assert told == [(i, day, wire.NoFixReason.EVIDENCE) for day in days for i in silent]
    fixed = {
        (c.index, c.day) for *_, c in sealed(life.house) if isinstance(c, wire.PublishFixing)
    }
    assert not fixed & {(index, day) for index, day, _ in told}
    assert {(index, 20260401) for index in (1, 35)} <= fixed
    finals = life.finals()
    for symbol in (H100, TSTD):
        assert finals[symbol].price == life.mean(symbol, MARCH)
        assert life.view(symbol).state == S.EXPIRED
    dates = {s: len(set(MARCH) & life.price_of(s).keys()) for s in (H100, TSTD)}
    assert dates == {H100: 28, TSTD: 28 if every else 31}
    assert life.desk.waiting == {}
    trade(life.house, "H100-2026-05", 3)
    cash = life.house.accounts.accounts[FUND].balances[wire.LedgerClass.CASH, 1]
    assert lots[H100].price != finals[H100].price
    life.house.close()
    assert not verify(tmp_path).faults
    again = open_house(tmp_path, life.clock)
    assert again.accounts.accounts[FUND].balances[wire.LedgerClass.CASH, 1] == cash
    again.release()


@pytest.mark.rule("CLR-018")
@pytest.mark.rule("CLR-019")
def test_a_series_with_too_few_fixings_waits_alone_until_one_comes_late(tmp_path) -> None:
    life = Life(tmp_path, (SEVEN, frozenset()))
    held = trade(life.house, H100, 7)
    life.until("2026-04-01")
    stood, row = life.view(H100).mark, life.house.market.rows[life.view(H100).terms.series]
    assert life.view(H100).state == S.CLOSED
    assert life.view(TSTD).state == S.EXPIRED, "the other family is settled"
    waits = {life.house.market.series[n].terms.symbol for n in life.desk.waiting}
    assert {H100, *options(life)} == waits, "what settles on March, and nothing else"
    assert all(life.house.market.series[n].terms.index == 1 for n in life.desk.waiting)
    assert f"{H100} (fixings: expected 25 at least of 31 dates" in life.desk.said()
    life.until("2026-04-03")
    assert life.settled()[-3:] == [20260331, 20260401, 20260402]
    assert life.house.market.table // 100 == 20260402
    assert life.view(H100).mark == stood, "its last settlement price stands"
    number = life.view(H100).terms.series
    steps = {
        p.series: p.step
        for *_, c in sealed(life.house)
        if isinstance(c, wire.SettlePrices) and c.day == 20260402
        for p in c.prices
    }
    assert steps[number] == wire.PriceStep.STANDING, "and it is told that it stands"
    assert steps[life.view("H100-2026-05").terms.series] != wire.PriceStep.STANDING
    kept = life.house.market.rows[number]
    assert [x.loss for x in kept.losses][:32] == [x.loss for x in row.losses][:32]
    assert any(x.loss for x in kept.losses), "a final price that is not known is a risk"
    assert life.view("H100-2026-04").mark != life.view(H100).mark
    assert life.house.accounts.accounts[LAB].positions[number] == 7
    # Two actors give one of the seven dates its fixing: 25 of 31 are enough.
    day, price = SEVEN_FIRST, 6_123_456
    late = wire.PublishLateFixing(index=1, day=day, price=price, method=1, inputs=bytes(32))
    assert isinstance(life.by_two(late)[-1][1], wire.LateFixingPublished)
    life.until("2026-04-04")
    assert life.view(H100).state == S.EXPIRED
    prices = life.price_of(H100) | {MARCH[10]: price}
    assert len(prices.keys() & set(MARCH)) == 25
    final = round(Fraction(sum(prices[d] for d in MARCH if d in prices), 25))
    assert life.finals()[H100].price == final
    assert {life.finals()[symbol].price for symbol in options(life)} == {final}
    assert life.desk.waiting == {}
    assert life.desk.said() == ""
    gain = (final - held.price) * 7 * 744
    fees = held.buy_fee + held.buy_clearing_fee
    cash = life.house.accounts.accounts[LAB].balances[wire.LedgerClass.CASH, 1]
    assert cash == 100_000_000 * demo.DOLLAR + gain - fees
    assert (1, day) in life.house.market.no_fixes, "the row without a fixing stays"
    life.house.close()
    assert not verify(tmp_path).faults


SEVEN_FIRST = 20260311


def test_a_swap_stands_in_the_month_that_waits_and_is_marked_in_those_that_run(tmp_path) -> None:
    life = Life(tmp_path, (frozenset(APRIL[10:17]), frozenset()), begins="2026-03-30T12:00")
    view = life.view(SWAP)
    life.clock.now = at("2026-05-02T12:00")
    life.run()
    assert view.first_month == 202604
    assert view.terms.series in life.desk.waiting
    believed, price = [], 0
    known = life.price_of(H100)
    for day in APRIL:
        price = known.get(day, price)
        believed.append(price)
    months = [life.view(f"H100-2026-{month:02d}").mark for month in (5, 6)]
    run = sum(mark * hours for mark, hours in zip(months, (744, 720), strict=True))
    expected = (run + Fraction(sum(believed), 30) * 720) / (720 + 744 + 720)
    assert abs(view.mark - expected) < 1_000, "marks of months are on their tick"
    assert abs(view.mark - Fraction(run, 744 + 720)) > 2_000, "April counts"
    row = life.house.market.rows[view.terms.series]
    assert row.mark == view.mark
    life.house.close()


def test_a_desk_without_a_second_actor_leaves_only_the_finals_waiting(tmp_path) -> None:
    life = Life(tmp_path, (frozenset(), frozenset()), second=0, begins="2026-03-30T12:00")
    trade(life.house, TSTD, 5)
    life.until("2026-04-02")
    assert life.settled()[-2:] == [20260331, 20260401]
    assert life.house.market.table == first_table(20260401)
    assert life.view(TSTD).state == S.CLOSED
    assert life.view("TSTD-2026-04").state == S.OPEN
    assert "waits for a second actor" in life.desk.waiting[life.view(TSTD).terms.series]
    waiting = life.house.accounts.proposals.items()
    proposals = [n for n, p in waiting if p.command == wire.SettleFinal.KIND]
    assert len(proposals) == len(life.desk.waiting)
    for proposal in proposals:
        told = life.house.ask(demo.SECOND, wire.Approve(proposal=proposal))
        assert not any(isinstance(e, wire.Refused) for _, e in told)
    assert life.view(TSTD).state == S.EXPIRED
    assert life.desk.said() == "" or TSTD not in life.desk.said()
    life.house.close()
    assert not verify(tmp_path).faults


def test_a_date_nobody_told_of_is_told_to_have_no_fixing(tmp_path) -> None:
    life = Life(tmp_path, (frozenset(), frozenset()), begins="2026-03-30T12:00")
    whole = life.families[0][1]
    gap = date(2026, 3, 31)
    life.families[0] = (
        life.families[0][0],
        lambda day: ([one for one in whole(day)[0] if one.day != gap], False),
    )
    life.desk = life.new_desk()
    life.until("2026-04-02")
    told = life.house.market.no_fixes[1, 20260331]
    assert told.reason == wire.NoFixReason.NOT_PUBLISHED
    assert life.finals()[H100].price == life.mean(H100, MARCH[:-1])
    life.house.close()


def test_an_older_law_has_no_row_for_such_a_day_and_settles_alike(tmp_path, monkeypatch) -> None:
    older = msgspec.structs.replace(demo.GENESIS, behaviour=2)
    monkeypatch.setattr(demo, "GENESIS", older)
    life = Life(tmp_path, (ENDS, frozenset()), begins="2026-03-27T12:00")
    life.until("2026-04-02")
    assert life.house.market.behaviour == 2
    assert life.house.market.no_fixes == {}
    assert life.finals()[H100].price == life.mean(H100, MARCH)
    assert life.view(H100).state == S.EXPIRED
    life.house.close()


def test_a_house_opened_again_knows_what_waits(tmp_path) -> None:
    life = Life(tmp_path, (SEVEN, frozenset()))
    trade(life.house, H100, 7)
    life.until("2026-04-02")
    market, marks = life.house.market, {s: v.mark for s, v in life.house.market.by_symbol.items()}
    told = (market.no_fixes, market.rows, market.scenarios, market.fixing_event)
    life.house.close()
    life.house = open_house(tmp_path, life.clock)
    market = life.house.market
    assert (market.no_fixes, market.rows, market.scenarios, market.fixing_event) == told
    assert {s: v.mark for s, v in market.by_symbol.items()} == marks
    life.desk = life.new_desk()
    life.until("2026-04-03")
    assert H100 in life.desk.said()
    assert life.settled()[-1] == 20260402
    late = wire.PublishLateFixing(index=1, day=SEVEN_FIRST, price=6_000_000, method=1)
    life.by_two(late)
    days = [f.day for f in market.fixings if f.index == 1]
    assert days == sorted(days)
    assert SEVEN_FIRST in days
    place(life.house, LAB, "H100-2026-05", wire.Side.BUY, 1)
    life.house.close()


def test_a_record_names_the_table_that_prices_were_fixed_under(
    tmp_path, capsys, monkeypatch
) -> None:
    life = Life(tmp_path, (frozenset([date(2026, 3, 20)]), frozenset()), begins="2026-03-30T12:00")
    life.house.close()
    anew = {family.index: lambda last, one=one: one(last)[0] for family, one in life.families}
    names = {1: "H100-US", 35: "T-STANDARD"}
    assert compare(tmp_path, anew, names) == 0, "a date without a fixing agrees as well"
    honest = anew[35]
    anew[35] = lambda last: [
        replace(f, price_micro_dollars=f.price_micro_dollars + 1) for f in honest(last)
    ]
    fixing = {"day": "2026-03-10", "price": 1, "method_sha256": "ab" * 32}
    record = Record([Row(Stage.FINAL, fixing, 0)])
    monkeypatch.setattr(IndexStore, "record", lambda *_: record)
    capsys.readouterr()
    assert compare(tmp_path, anew, names) == 1
    told = capsys.readouterr().out
    assert f"they were fixed under {'ab' * 32}: another table" in told
    assert "none (" not in told


def test_losses_of_a_row_that_stands_find_their_columns() -> None:
    scan, twist, past = (1, 1), (1, 2), (2, 0)
    before = [scan, scan, twist, past, past]
    assert aligned([1, 2, 3, 4, 5], before, before) == (1, 2, 3, 4, 5)
    assert aligned([1, 2, 3, 4, 5], before, [past, past, past, scan, (1, 3)]) == (4, 5, 5, 1, 0)
