"""Quarters, bounded weeks, a basis and a variance, whole: quoted by the maker, traded by orders,
margined, marked each day, settled on their indices to the micro-dollar, in both cores.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import msgspec
import pytest

from lasalle import wire
from lasalle.contracts import load_standards, parse_symbol
from lasalle.exchange import load_schedule
from lasalle.institution import demo
from lasalle.institution.cycle import scale_of
from lasalle.institution.day import DayDesk
from lasalle.institution.estimates import estimate
from lasalle.institution.evidence import loader_of
from lasalle.institution.families import WIDE, families_of, load_families
from lasalle.institution.house import open_house
from lasalle.institution.running import found_demo, run_due
from lasalle.making import quote_commands
from lasalle.venue import verify
from lasalle.venue.core import CHOICE
from lasalle.wire import LedgerClass, Refusal
from lasalle.wire import SeriesState as S
from tests.cores import built
from tests.institution.test_day import Clock, at, sealed

MAKER, LAB, FUND = demo.MAKER, demo.LAB, demo.FUND
QUARTER, WEEK = "H100-2026Q2", "H100.W-2026W26"
BASIS, VARIANCE = "A100.GH100-2026-06", "H100.V-2026-06"
JUNE = tuple(date(2026, 6, 16) + timedelta(days=n) for n in range(15))
HOURS = ("00:21", "00:26", "00:31", "00:36", "00:41")
DEALS = {QUARTER: ("buy", 9), WEEK: ("sell", 30), BASIS: ("buy", 6), VARIANCE: ("sell", 4)}
"""What the lab does with the maker, and in how many lots; the fund does the opposite in half."""

MOST_LOTS = 20_000
"""Most lots of an order of the fund: of a quarter or of variance, more than it can cover."""


def families():
    """H100 and the basis of A100 against it, three months of each, their fixings made up once."""
    h100, _, basis, *_ = load_families(WIDE)
    names = ("month-future", "quarter-future", "weekly-bounded", "variance-future")
    # From here on the made-up path moves in June, so that there is variance to settle.
    begins = date(2024, 7, 1)
    small = replace(h100, standards=load_standards("H100", names), months=6, begins=begins)
    found = []
    for family in families_of((small, basis)):
        fixings, _ = loader_of(family, None)(date(2026, 7, 2))

        def loader(last, fixings=fixings):
            return [f for f in fixings if f.day <= last], False

        found.append((family, loader))
    return found


class Floor:
    """A founded house and its desk; the maker quotes, members take."""

    def __init__(self, folder, listed) -> None:
        self.clock = Clock("2026-03-31T12:00")
        self.house = open_house(folder, self.clock)
        found_demo(self.house)
        schedule = load_schedule("demonstration")
        self.desk = DayDesk(self.house.views, schedule, demo.DAY_DESK, listed, demo.SECOND)
        self.dealt: dict[str, list[tuple[int, wire.Traded]]] = {}
        self.refused: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        """What the lab's requirement grew by, micro-dollars."""

    def run(self, moment: str) -> None:
        self.clock.now = at(moment)
        run_due(self.house, self.desk, self.clock())

    def quote(self) -> None:
        """The maker's quotes of every open series, as its program sends them."""
        market = self.house.market
        numbers = {v.terms.symbol: n for n, v in market.series.items() if v.state == S.OPEN}
        held = self.house.accounts.accounts[MAKER].positions
        inventory = {market.series[n].terms.symbol: lots for n, lots in held.items()}
        found = demo.maker_quotes(self.desk.estimate, inventory, set(numbers))
        for command in quote_commands(MAKER, found, numbers):
            told = self.house.ask(demo.MAKER_ACTOR, command)
            assert not any(isinstance(e, wire.Refused) for _, e in told), told

    def order(self, account: int, symbol: str, word: str, lots: int):
        """A market order's answer: its trades, or its refusal."""
        view = self.house.market.by_symbol[symbol]
        side = wire.Side.BUY if word == "buy" else wire.Side.SELL
        best = view.levels[wire.Side.SELL] if word == "buy" else view.levels[wire.Side.BUY]
        price = min(best) if word == "buy" else max(best)
        if lots == MOST_LOTS and word == "buy":
            price += price // 4 // view.terms.tick * view.terms.tick  # what it may come to pay
        told = self.house.ask(
            account + 10,
            wire.PlaceOrder(
                account=account, series=view.terms.series, side=side,
                order_type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.IOC,
                self_trade=wire.SelfTrade.CANCEL_NEWEST, price=price, lots=lots,
            ),
        )  # fmt: skip
        for _, event in told:
            if isinstance(event, wire.Refused):
                return wire.Refusal(event.refusal)
        trades = [event for _, event in told if isinstance(event, wire.Traded)]
        assert sum(t.lots for t in trades) == lots, told
        return trades

    def deal(self, symbol: str) -> None:
        """What nobody can cover is refused; the lab deals, and the fund the other way in half."""
        word, lots = next(deal for name, deal in DEALS.items() if symbol.startswith(name))
        if symbol in (QUARTER, VARIANCE):
            assert self.order(FUND, symbol, word, MOST_LOTS) is Refusal.MARGIN_SHORT
            self.refused[symbol] += 1
        before = self.house.accounts.margin(LAB).requirement
        other = "sell" if word == "buy" else "buy"
        for account, side, size in ((LAB, word, lots), (FUND, other, lots // 2)):
            for trade in self.order(account, symbol, side, size):
                self.dealt.setdefault(symbol, []).append(
                    (account if side == "buy" else -account, trade)
                )
        self.asked[symbol] += self.house.accounts.margin(LAB).requirement - before


def lived(folder, listed) -> Floor:
    """The quarter dealt before it begins; then the second half of June, dealt every fifth day."""
    floor = Floor(folder, listed)
    floor.run("2026-03-31T12:00")
    floor.quote()
    floor.deal(QUARTER)
    for day in JUNE:
        floor.run(f"{day}T12:00")
        if day.day % 5 == 2:
            floor.quote()
            weeks = [s for s in floor.house.market.by_symbol if s.startswith(WEEK)]
            for symbol in (*weeks, BASIS, VARIANCE):
                if floor.house.market.by_symbol[symbol].state == S.OPEN:
                    floor.deal(symbol)
        for hour in HOURS:
            floor.run(f"{day + timedelta(days=1)}T{hour}")
    floor.run("2026-07-01T12:00")
    floor.house.history.flush()
    return floor


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """The quarter lived in a core by name, once: its folder and floor."""
    made, listed = {}, families()

    def life(core):
        if core == "compiled" and len(built()) < 2:
            pytest.skip("no compiled core was built")
        if core not in made:
            folder = tmp_path_factory.mktemp(core)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(CHOICE, core)
                made[core] = folder, lived(folder, listed)
        return made[core]

    yield life
    for _, floor in made.values():
        floor.house.close()


@pytest.fixture(params=["plain", "compiled"])
def life(request, lives):
    """The quarter in each core."""
    return lives(request.param)


def on_log(house, index: int) -> dict[date, int]:
    """Fixings of an index on the log."""
    found = [c for *_, c in sealed(house) if isinstance(c, wire.PublishFixing) and c.index == index]
    return {date(c.day // 10_000, c.day // 100 % 100, c.day % 100): c.price for c in found}


def exact(symbol: str, house) -> Fraction:
    """What a series settles at by the words of its standard, from the fixings on the log."""
    h100, a100 = on_log(house, 1), on_log(house, 25)
    terms = parse_symbol(symbol)
    dates = terms.period.dates()
    average = Fraction(sum(h100[d] for d in dates), len(dates))
    if symbol == QUARTER:
        return average
    if symbol == BASIS:
        return 50_000_000 + Fraction(sum(a100[d] for d in dates), len(dates)) - average
    if symbol == VARIANCE:
        with localcontext(prec=60):
            logs = [Decimal(h100[d]).ln() for d in (dates[0] - timedelta(days=1), *dates)]
            squares = sum((b - a) ** 2 for a, b in pairwise(logs))
        return min(Fraction(squares) * 10_000 * 365 / 30 * 1_000, Fraction(100_000_000))
    return min(max(average, Fraction(terms.floor_micro_dollars)), Fraction(terms.cap_micro_dollars))


def units(symbol: str) -> int:
    return {QUARTER: 91 * 24, BASIS: 720, VARIANCE: 1_000}.get(symbol, 168)


def finals(house) -> dict[int, wire.FinalSettled]:
    found = {}
    for *_, command in sealed(house):
        if isinstance(command, wire.Propose) and command.command == wire.SettleFinal.KIND:
            final = wire.SettleFinal.unpack(command.payload, wire.SettleFinal.BLOCK)
            found[final.series] = final
    return found


def test_each_was_quoted_and_dealt_and_what_nobody_can_cover_was_refused(life) -> None:
    _, floor = life
    weeks = [symbol for symbol in floor.dealt if symbol.startswith(WEEK)]
    assert set(floor.dealt) == {QUARTER, BASIS, VARIANCE, *weeks}
    assert len(weeks) == 2, "both pairs of floor and cap"
    assert floor.refused[QUARTER] == 1
    assert floor.refused[VARIANCE] >= 2
    assert all(floor.asked[symbol] > 0 for symbol in floor.dealt), "each asks for margin"
    for deals in floor.dealt.values():
        assert {MAKER} == {t.buy_account if a < 0 else t.sell_account for a, t in deals}


def test_each_settles_on_its_index_to_the_micro_dollar(life) -> None:
    _, floor = life
    settled = finals(floor.house)
    for symbol in floor.dealt:
        view = floor.house.market.by_symbol[symbol]
        final = settled[view.terms.series]
        assert view.state == S.EXPIRED
        assert final.price == round(exact(symbol, floor.house)), symbol
        assert final.hours == units(symbol)
    assert settled[floor.house.market.by_symbol[VARIANCE].terms.series].price > 0
    basis = settled[floor.house.market.by_symbol[BASIS].terms.series].price
    assert abs(basis - 50_000_000) > 100_000, "the indices stand apart"


def test_what_was_gained_is_what_was_lost(life) -> None:
    """Every account's cash, to the micro-dollar: its gains on what it dealt, less its fees."""
    folder, floor = life
    settled = finals(floor.house)
    gains, fees = Counter(), Counter()
    for symbol, deals in floor.dealt.items():
        final = settled[floor.house.market.by_symbol[symbol].terms.series].price
        for _, t in deals:
            gain = (final - t.price) * t.lots * units(symbol)
            gains[t.buy_account] += gain
            gains[t.sell_account] -= gain
            fees[t.buy_account] += t.buy_fee + t.buy_clearing_fee
            fees[t.sell_account] += t.sell_fee + t.sell_clearing_fee
    assert sum(gains.values()) == 0
    assert all(gains[account] for account in (MAKER, LAB, FUND))
    paid_in = {member: cash * demo.DOLLAR for member, _, _, cash in demo.MEMBERS}
    for account in (MAKER, LAB, FUND):
        mine = floor.house.accounts.accounts[account]
        assert not mine.positions
        cash = mine.balances[LedgerClass.CASH, 1]
        assert cash == paid_in[account] + gains[account] - fees[account]
    report = verify(folder)
    assert not report.faults, "chain, replay, ledger to zero, positions"


def test_each_is_marked_and_margined_every_day_it_lives(life) -> None:
    _, floor = life
    numbers = {s: floor.house.market.by_symbol[s].terms.series for s in floor.dealt}
    marked, rows = Counter(), Counter()
    prices: dict[str, set[int]] = {symbol: set() for symbol in numbers}
    for *_, command in sealed(floor.house):
        if isinstance(command, wire.SettlePrices):
            for priced in command.prices:
                for symbol in (s for s, n in numbers.items() if n == priced.series):
                    marked[symbol] += 1
                    prices[symbol].add(priced.price)
        if isinstance(command, wire.LoadMarginRow):
            for symbol in (s for s, n in numbers.items() if n == command.series):
                assert any(loss.loss > 0 for loss in command.losses)
                assert any(loss.loss < 0 for loss in command.losses)
                rows[symbol] += 1
    for symbol in numbers:
        least = 5 if symbol.startswith(WEEK) else 14
        assert marked[symbol] >= least, symbol
        assert rows[symbol] >= least
        assert len(prices[symbol]) >= 2, "a mark of the day, not of the listing"


def test_a_basis_is_settled_on_a_scale_of_its_own(life) -> None:
    """Shares of the settlement waterfall are of a tenth of par, not of a price around 50 USD."""
    _, floor = life
    scales = {s: scale_of(view) for s, view in floor.house.market.by_symbol.items()}
    bases = {s for s in scales if s.startswith("A100.G")}
    assert len(bases) >= 4
    assert {s for s, scale in scales.items() if scale} == bases
    assert {scales[s] for s in bases} == {5_000_000}


def test_floors_and_caps_of_a_week_are_set_once() -> None:
    """The index doubles in a day: weeks listed keep their bounds, only a new one would be around
    the new forward."""
    family, loader = families()[0]
    first, day = date(2026, 6, 14), date(2026, 6, 15)
    known = loader(day)[0]
    moved = [
        replace(f, price_micro_dollars=2 * f.price_micro_dollars) if f.day == day else f
        for f in known
    ]

    def weeks(made):
        symbols = (t.symbol for t in made.families[0].listing)
        return {symbol for symbol in symbols if ".W-" in symbol}

    before = estimate(first, [(family, known)], [], at("2026-06-15T00:21"))
    listed = [t.symbol for t in before.families[0].listing]
    after = estimate(day, [(family, moved)], listed, at("2026-06-16T00:21"))
    anew = estimate(day, [(family, moved)], [], at("2026-06-16T00:21"))
    assert weeks(after) == weeks(before)
    assert not weeks(anew) & weeks(before)
    assert len(weeks(anew)) == len(weeks(before)) == 4


def test_symbols_read_back_and_both_cores_lived_the_same_quarter(lives) -> None:
    (_, plain), (_, compiled) = lives("plain"), lives("compiled")
    for symbol in plain.house.market.by_symbol:
        assert str(parse_symbol(symbol)) == symbol
    assert type(plain.house.sequencer.core) is not type(compiled.house.sequencer.core)
    assert plain.house.sequencer.core.state_hash() == compiled.house.sequencer.core.state_hash()
    assert sealed(plain.house) == sealed(compiled.house)


def test_a_week_of_an_older_law_is_marked_at_its_average_until_its_month_is_over(
    tmp_path, monkeypatch
) -> None:
    """Under behaviour 2 it has no end of its own: the desk goes on marking it, and settles it with
    its month; under behaviour 3 it is gone the day after."""
    listed = families()[:1]
    for behaviour in (2, 3):
        genesis = msgspec.structs.replace(demo.GENESIS, behaviour=behaviour)
        monkeypatch.setattr(demo, "GENESIS", genesis)
        floor = Floor(tmp_path / str(behaviour), listed)
        floor.run("2026-06-15T12:00")
        floor.quote()
        (symbol, *_) = [s for s in floor.house.market.by_symbol if s.startswith("H100.W-2026W25")]
        view = floor.house.market.by_symbol[symbol]
        assert bool(view.terms.period_ends) == (behaviour == 3)
        floor.order(LAB, symbol, "buy", 5)
        floor.run("2026-06-22T12:00")
        assert (view.state == S.EXPIRED) == (behaviour == 3)
        worth = exact(symbol, floor.house)
        if behaviour == 2:
            assert abs(view.mark - worth) <= 500
            floor.run("2026-07-01T12:00")
        assert view.state == S.EXPIRED
        assert finals(floor.house)[view.terms.series].price == round(worth)
        floor.house.close()
        assert not verify(tmp_path / str(behaviour)).faults
