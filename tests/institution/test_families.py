"""Several families in one house: each settles on its own index, in the units of its standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import mean

import pytest

from lasalle import wire
from lasalle.contracts import (
    load_standards,
    month_strip,
    parse_symbol,
    series_listing,
)
from lasalle.exchange import load_schedule
from lasalle.gateway.files import Files
from lasalle.indices import Fixing, method_of
from lasalle.institution import demo
from lasalle.institution.cycle import first_table
from lasalle.institution.day import DayDesk
from lasalle.institution.evidence import MARKET_FILE, loader_of
from lasalle.institution.families import (
    FamilyError,
    load_families,
)
from lasalle.institution.house import open_house
from lasalle.institution.published import published_inputs
from lasalle.institution.recompute import compare, loaded
from lasalle.institution.running import found_demo, run_due
from lasalle.institution.settings import PRICES
from lasalle.venue import verify
from lasalle.venue.core import CHOICE
from lasalle.wire import ScenarioKind
from lasalle.wire import SeriesState as S
from tests.cores import built
from tests.institution.test_day import Clock, at, sealed

HERE = PRICES if (PRICES / "gpu_prices" / MARKET_FILE).exists() else None
"""Real histories where they are at hand; else every family is fixed from made-up paths."""
MARCH = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(31))
HOURS = ("00:21", "00:26", "00:31", "00:36", "00:41")
H100, TSTD = "H100-2026-03", "TSTD-2026-03"
LAB, FUND = 2, 3


def short(family, **terms):
    """A family of month futures alone, three of them."""
    return replace(family, standards=family.standards[:1], months=3, **terms)


@pytest.fixture(scope="module")
def families():
    """Both families of the demonstration, their fixings to the end of July made once."""
    found = []
    for family in map(short, load_families()):
        fixings, real = loader_of(family, HERE)(date(2026, 7, 1))
        assert real is (HERE is not None)

        def loader(last, fixings=fixings, real=real):
            return [f for f in fixings if f.day <= last], real

        found.append((family, loader))
    return found


def place(house, account, symbol, side, lots):
    """A limit order at the mark by a member; told."""
    view = house.market.by_symbol[symbol]
    order = wire.PlaceOrder(
        account=account, series=view.terms.series, side=side,
        order_type=wire.OrderType.LIMIT, time_in_force=wire.TimeInForce.DAY,
        self_trade=wire.SelfTrade.CANCEL_NEWEST,
        price=max(1, view.mark // view.terms.tick) * view.terms.tick, lots=lots,
    )  # fmt: skip
    told = house.ask(account + 10, order)
    assert not any(isinstance(e, wire.Refused) for _, e in told), told
    return [event for _, event in told if isinstance(event, wire.Traded)]


def trade(house, symbol, lots):
    """Lots from the fund to the lab, at the mark."""
    assert not place(house, FUND, symbol, wire.Side.SELL, lots)
    (dealt,) = place(house, LAB, symbol, wire.Side.BUY, lots)
    return dealt


def lived(folder, families):
    """March 2026 in a house, with a trade in both families every sixth day; the house, and the
    trades by symbol."""
    clock = Clock("2026-03-01T12:00")
    house = open_house(folder, clock)
    found_demo(house)
    desk = DayDesk(
        house.views, load_schedule("demonstration"), demo.DAY_DESK, families, demo.SECOND
    )
    run_due(house, desk, clock())
    dealt = {H100: [], TSTD: []}
    for day in MARCH:
        clock.now = at(f"{day}T12:00")
        run_due(house, desk, clock())
        if day.day % 6 == 1:
            dealt[H100].append(trade(house, H100, 5 + day.day))
            dealt[TSTD].append(trade(house, TSTD, 40 + day.day))
        for hour in HOURS:
            clock.now = at(f"{day + timedelta(days=1)}T{hour}")
            run_due(house, desk, clock())
    return house, dealt


@pytest.fixture(scope="module")
def lives(tmp_path_factory, families):
    """The month lived in a core by name, once: folder, house, trades."""
    made = {}

    def life(core):
        if core == "compiled" and len(built()) < 2:
            pytest.skip("no compiled core was built")
        if core not in made:
            folder = tmp_path_factory.mktemp(core)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(CHOICE, core)
                house, dealt = lived(folder, families)
            house.history.flush()
            made[core] = folder, house, dealt
        return made[core]

    yield life
    for _, house, _ in made.values():
        house.close()


@pytest.fixture(params=["plain", "compiled"])
def month(request, lives):
    """The month in each core."""
    return lives(request.param)


def of_index(house, index):
    """Fixings on the log of March, by day."""
    return {
        c.day: c
        for *_, c in sealed(house)
        if isinstance(c, wire.PublishFixing) and c.index == index and c.day // 100 == 202603
    }


def test_both_settle_at_the_exact_average_of_their_fixings(month, families) -> None:
    _, house, dealt = month
    finals = {}
    for *_, command in sealed(house):
        if isinstance(command, wire.Propose) and command.command == wire.SettleFinal.KIND:
            final = wire.SettleFinal.unpack(command.payload, wire.SettleFinal.BLOCK)
            finals[final.series] = final
    gain = 0
    for (family, _), symbol in zip(families, (H100, TSTD), strict=True):
        view = house.market.by_symbol[symbol]
        fixings = of_index(house, family.index)
        assert len(fixings) == 31, "one fixing of each index on each day"
        assert {f.method for f in fixings.values()} == {family.method.version}
        assert all(any(f.inputs) for f in fixings.values()), "each bears the digest of its inputs"
        average = Fraction(sum(f.price for f in fixings.values()), 31)
        final = finals[view.terms.series]
        assert (final.price, final.month, final.hours) == (round(average), 202603, 744)
        assert view.terms.index == family.index
        assert view.terms.group == family.group
        assert view.state == S.EXPIRED
        lots = sum(t.lots for t in dealt[symbol])
        cost = sum(t.lots * t.price for t in dealt[symbol])
        assert lots > 100
        gain += (final.price * lots - cost) * 744
    trades = [t for found in dealt.values() for t in found]
    for account, sign in ((LAB, 1), (FUND, -1)):
        mine = house.accounts.accounts[account]
        assert not mine.positions
        paid_in = {m: cash for m, _, _, cash in demo.MEMBERS}[account] * demo.DOLLAR
        fees = sum(
            t.buy_fee + t.buy_clearing_fee if sign > 0 else t.sell_fee + t.sell_clearing_fee
            for t in trades
        )
        assert mine.balances[wire.LedgerClass.CASH, 1] == paid_in + sign * gain - fees


def test_a_day_has_one_settlement_and_one_table_of_both(month, families) -> None:
    _, house, _ = month
    groups = {v.terms.series: v.terms.group for v in house.market.series.values()}
    days, tables = [], []
    for *_, command in sealed(house):
        if isinstance(command, wire.SettlePrices):
            days.append(command.day)
            assert {groups[p.series] for p in command.prices} == {1, 2}
        if isinstance(command, wire.BeginMarginTable):
            tables.append(command.table)
            assert [row.group for row in command.rows] == [1, 2, 3, 4]
            scan = [s.group for s in command.scenarios if s.kind == ScenarioKind.SCAN]
            points = scan
        if isinstance(command, wire.LoadMarginRow):
            own = {2 * groups[command.series] - 1, 2 * groups[command.series]}
            for point, loss in zip(points, command.losses, strict=False):
                assert point in own or loss.loss == 0, "no loss in another family's scan point"
    assert days == [20260228, *(d.year * 10_000 + d.month * 100 + d.day for d in MARCH)]
    assert tables == [first_table(day) for day in days]


def test_the_months_are_recomputed_and_the_house_is_whole(month, capsys) -> None:
    folder, house, _ = month
    told = (wire.PublishFixing, wire.DeclareNoFix)
    sealed_of = {f.index: len([c for *_, c in sealed(house) if isinstance(c, told)
                               and c.index == f.index]) for f in load_families()}  # fmt: skip
    assert compare(folder, loaded(HERE), {1: "H100-US", 35: "T-STANDARD"}) == 0
    told = capsys.readouterr().out
    assert f"H100-US: {sealed_of[1]} fixings sealed, {sealed_of[1]} agree bit for bit" in told
    assert f"T-STANDARD: {sealed_of[35]} fixings sealed, {sealed_of[35]} agree" in told
    report = verify(folder)
    assert not report.faults, "chain, replay, ledger to zero, positions"
    assert report.state_hash == house.sequencer.core.state_hash().hex()


def test_a_bent_token_fixing_is_told(month, capsys) -> None:
    folder, _, _ = month
    anew = loaded(HERE)
    honest = anew[35]
    anew[35] = lambda last: [
        replace(f, price_micro_dollars=f.price_micro_dollars + (f.day == MARCH[9]))
        for f in honest(last)
    ]
    assert compare(folder, anew, {35: "T-STANDARD"}) == 1
    told = capsys.readouterr().out
    assert "T-STANDARD 20260310: price sealed" in told
    # Prices alone differ: what another table of the method gives looks so, and is told as that.
    here = method_of("T-STANDARD", 4).sha256
    assert "the 1 with another price bear the very inputs found here" in told
    assert f"The table of method v4 here is {here}; an older table of that version gives" in told


def test_inputs_of_a_chained_fixing_are_published(month, families) -> None:
    _, house, _ = month
    files = Files(house.market, house.history, published_inputs(HERE))
    content = files.read("inputs-35-20260317.txt").content
    rows = content.split(b"\n")[:-1]
    assert len(rows) > 5
    assert all(row.count(b"|") == 11 for row in rows)
    offers = files.read("inputs-1-20260319.txt").content.split(b"\n")[:-1]
    assert len(offers) >= 5
    assert {row.split(b"|")[3] for row in offers} == {b"H100-SXM"}


def test_both_cores_lived_the_same_month(lives) -> None:
    (_, plain, _), (_, compiled, _) = lives("plain"), lives("compiled")
    assert type(plain.sequencer.core) is not type(compiled.sequencer.core)
    assert plain.sequencer.core.state_hash() == compiled.sequencer.core.state_hash()
    assert sealed(plain) == sealed(compiled)


def test_a_house_of_one_family_lists_the_next_on_the_next_day(tmp_path, families) -> None:
    clock = Clock("2026-03-05T12:00")
    house = open_house(tmp_path, clock)
    found_demo(house)
    schedule = load_schedule("demonstration")
    old = DayDesk(house.views, schedule, demo.DAY_DESK, families[:1], demo.SECOND)
    run_due(house, old, clock())
    held = trade(house, H100, 7)
    house.close()
    house = open_house(tmp_path, clock)
    desk = DayDesk(house.views, schedule, demo.DAY_DESK, families, demo.SECOND)
    run_due(house, desk, clock())
    assert TSTD not in house.market.by_symbol, "nothing is listed in the middle of a day"
    clock.now = at("2026-03-06T12:00")
    run_due(house, desk, clock())
    clock.now += 60 * 10**9
    run_due(house, desk, clock())
    assert house.market.by_symbol[TSTD].state == S.OPEN
    assert house.market.by_symbol[TSTD].terms.series > house.market.by_symbol[H100].terms.series
    trade(house, TSTD, 3)
    assert house.accounts.accounts[LAB].positions[1] == held.lots
    house.close()
    assert not verify(tmp_path).faults


def test_a_quarter_future_settles_once_on_the_average_of_its_quarter(tmp_path, families) -> None:
    products = ("month-future", "quarter-future")
    base, loader = families[0]
    family = replace(base, standards=load_standards("H100", products), months=6)
    clock = Clock("2026-03-31T12:00")
    house = open_house(tmp_path, clock)
    found_demo(house)
    schedule = load_schedule("demonstration")
    desk = DayDesk(house.views, schedule, demo.DAY_DESK, [(family, loader)], demo.SECOND)
    run_due(house, desk, clock())
    quarter = house.market.by_symbol["H100-2026Q2"]
    assert (quarter.terms.first_month, quarter.terms.hours) == (202606, 91 * 24)
    dealt = trade(house, "H100-2026Q2", 9)
    fixings = {
        f.day: f.price_micro_dollars
        for f in loader(date(2026, 7, 1))[0]
        if isinstance(f, Fixing)
    }
    clock.now = at("2026-06-29T12:00")
    run_due(house, desk, clock())
    near = mean(p for day, p in fixings.items() if date(2026, 4, 1) <= day < date(2026, 6, 29))
    assert abs(quarter.mark - near) < near / 50, "89 of 91 dates are known"
    clock.now = at("2026-07-01T12:00")
    run_due(house, desk, clock())
    assert quarter.state == S.EXPIRED
    (final,) = [
        wire.SettleFinal.unpack(c.payload, wire.SettleFinal.BLOCK)
        for *_, c in sealed(house)
        if isinstance(c, wire.Propose)
        and c.command == wire.SettleFinal.KIND
        and wire.SettleFinal.unpack(c.payload, wire.SettleFinal.BLOCK).series
        == quarter.terms.series
    ]
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(91)]
    fixed = [fixings[d] for d in days if d in fixings]
    assert len(fixed) * 5 >= 91 * 4
    assert final.price == round(Fraction(sum(fixed), len(fixed)))
    fees = dealt.buy_fee + dealt.buy_clearing_fee
    gain = (final.price - dealt.price) * 9 * 91 * 24
    cash = house.accounts.accounts[LAB].balances[wire.LedgerClass.CASH, 1]
    assert cash == 100_000_000 * demo.DOLLAR + gain - fees
    house.close()
    assert not verify(tmp_path).faults


def test_a_house_lists_no_more_blocks_of_a_product_than_its_counts_say() -> None:
    """Blocks, not series: each of two weeks has both its pairs of floor and cap."""
    family, day = load_families()[0], date(2026, 3, 2)
    forward = dict.fromkeys(month_strip(day, 30), 2_500_000)
    found = family.shortened(series_listing(family.standards, day, forward), day)
    blocks = {}
    for terms in found:
        period = parse_symbol(terms.symbol).period
        blocks.setdefault(terms.standard.product, []).append(period)
    for product, most in family.counts.items():
        assert len(set(blocks[product])) == most
    assert len(blocks["weekly-bounded"]) == 4
    assert len(set(blocks["month-future"])) == family.months, "others as many as their strip has"


def test_evidence_nobody_knows_is_refused() -> None:
    with pytest.raises(
        FamilyError, match="evidence: expected tokens or offers, found 'tea leaves'"
    ):
        loader_of(replace(load_families()[0], evidence="tea leaves"))


def test_what_is_made_up_says_so() -> None:
    family = load_families()[1]
    fixings, real = loader_of(family, None)(date(2026, 3, 1))
    assert not real
    assert all(f.simulated for f in fixings)
    assert datetime.now(UTC).date() > fixings[-1].day
    if HERE is None:
        pytest.skip("no price history at hand")
    fixings, real = loader_of(family, HERE)(date(2027, 1, 5))
    assert real
    words = [f.simulated for f in fixings]
    assert words == sorted(words), "once made up, always said to be"
    assert {True, False} == set(words)
