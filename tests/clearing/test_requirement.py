"""The requirement from a published table is the core's own, to the micro-dollar."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from lasalle import wire
from lasalle.clearing import (
    Held,
    Published,
    PublishedError,
    PublishedRow,
    load_margin_terms,
    margin_table,
    member_margin,
    published,
    read_published,
    requirement,
    shortfalls,
)
from lasalle.contracts import load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.plain.margin import Exposure, exposures, opens
from lasalle.plain.margin import requirement as law
from lasalle.plain.state import Series, State
from lasalle.plain.tables import Row, Table
from lasalle.pricing import fit
from lasalle.views.margin import published_of
from lasalle.wire import Bound, ScenarioKind
from tests.cores import NOT_BUILT, Twin, compiled_house
from tests.properties.wide_stories import WideTeller

SPAN = (ScenarioKind.SCAN, 1)


class Drawn:
    """A random table, and the state of a plain core that has it."""

    def __init__(self, draw: random.Random, far: bool) -> None:
        groups = draw.randint(1, 3)
        labels = [(ScenarioKind.SCAN, g) for g in range(1, groups + 1)]
        labels += [(ScenarioKind.SCAN, draw.randint(1, groups)) for _ in range(draw.randint(0, 15))]
        labels += [(ScenarioKind.HISTORICAL, 0)] * draw.choice((0, 1, 40, 100, 150, 230))
        labels += [(ScenarioKind.STRESS, 0)] * draw.choice((0, 1, 8, 120))
        draw.shuffle(labels)
        rows = tuple((g, draw.choice((10_000, 7_500, 1, 0))) for g in range(1, groups + 1))
        reach = Bound.LOSS_PER_LOT if far else 400_000_000
        charge = Bound.CHARGE_PER_LOT if far else 5_000_000
        series = []
        for n in range(draw.randint(1, 6)):
            option = draw.random() < 0.4
            losses = tuple(draw.randint(-reach, reach) for _ in labels)
            limits = (draw.randint(1, 20_000), draw.randint(0, 900))
            pair = (draw.randint(0, charge), draw.randint(0, charge))
            mark = draw.randint(1, 9_000_000)
            series.append(
                PublishedRow(f"S{n}", option, limits[0], mark, pair[0], limits[1], pair[1], losses)
            )
        self.table = Published(7, tuple(labels), rows, tuple(series))
        self.state = State()
        self.state.table = Table(
            7,
            tuple(wire.Scenario(kind, group) for kind, group in labels),
            tuple(wire.ScanRow(group, weight) for group, weight in rows),
        )
        for n, row in enumerate(series):
            self._enter(n, row)

    def _enter(self, n: int, row: PublishedRow) -> None:
        kind = wire.SeriesKind.CALL if row.is_option else wire.SeriesKind.FUTURE
        listed = wire.SeriesListed(series=n, symbol=row.symbol, series_kind=kind, hours=row.hours)
        fields = {f: getattr(listed, f) for f in listed.__struct_fields__}
        self.state.series[n] = Series(**{f: fields[f] for f in Series.__slots__ if f in fields})
        self.state.series[n].mark = row.mark
        assert self.state.table is not None
        self.state.table.series[n] = Row(
            series=n, mark=row.mark, liquidity=row.liquidity,
            concentration_lots=row.concentration_lots, concentration=row.concentration,
            delta=0, vega=0, losses=row.losses,
        )  # fmt: skip


def drawn_portfolio(draw: random.Random, table: Published, far: bool) -> dict[str, Held]:
    most = Bound.ACCOUNT_GROSS_LOTS // 8 if far else 700
    return {
        row.symbol: Held(
            draw.randint(-most, most), draw.choice((0, draw.randint(0, most))),
            draw.choice((0, draw.randint(0, most))),
        )
        for row in draw.sample(table.series, draw.randint(0, len(table.series)))
    }  # fmt: skip


@pytest.mark.rule("CLR-001")
def test_it_is_the_plain_cores_on_random_portfolios() -> None:
    draw, reached = random.Random(4), Counter[str]()
    for number in range(600):
        far = number % 3 == 0
        drawn = Drawn(draw, far)
        for _ in range(3):
            portfolio = drawn_portfolio(draw, drawn.table, far)
            exposure = {
                int(s[1:]): Exposure(h.lots, 0, h.buys, h.sells) for s, h in portfolio.items()
            }
            found = requirement(portfolio, drawn.table)
            assert found.requirement == law(drawn.state, exposure)
            paths = found.scan_path, found.tail_path
            reached["scan binds"] += paths[0] > paths[1]
            reached["tail binds"] += paths[1] > paths[0]
            reached["rounded"] += Fraction(*found.historical).denominator > 1
            reached["option value"] += found.option_value > 0
            reached["concentrated"] += found.concentration > 0
            reached["past 63 bits"] += found.historical[0] > 2**63
            reached["nothing asked"] += found.requirement == 0
    least = {"scan binds": 300, "tail binds": 300, "rounded": 300, "option value": 100,
             "concentrated": 300, "past 63 bits": 50, "nothing asked": 50}  # fmt: skip
    assert {name for name, wanted in least.items() if reached[name] < wanted} == set(), reached


def portfolios_of(state: State) -> dict[int, dict[str, Held]]:
    """Every account's lots and open lots by symbol."""
    found = {}
    for number, account in state.accounts.items():
        held = exposures(account, opens(account.orders.values()))
        found[number] = {
            state.series[s].symbol: Held(e.lots, e.buys, e.sells) for s, e in held.items()
        }
    return found


@pytest.mark.rule("CLR-001")
@pytest.mark.skipif(compiled_house() is None, reason=NOT_BUILT)
def test_it_is_what_both_cores_told_when_they_judged() -> None:
    """Each account that a sweep refreshes, before its risk-raising orders are ended."""
    compared = Counter[str]()
    for seed in range(8):
        twin, teller = Twin(), WideTeller(seed)

        def ask(command: Any, actor: int, twin: Any = twin, teller: Any = teller) -> None:
            teller.clock += 1_000_000
            number = twin.last_number + 1
            asked = isinstance(command, wire.SweepAccounts)
            before = portfolios_of(twin.state) if asked else {}
            span = wire.span_of(command)
            told = twin.take(wire.seal(command, number, teller.clock, actor=actor, span=span))
            teller.number = number
            for header, event in wire.read_frames(told):
                teller.see(header, event)
                if asked and isinstance(event, wire.AccountRefreshed):
                    table = published_of(twin.state)
                    assert table is not None
                    found = requirement(before[event.account], table)
                    assert found.requirement == event.requirement
                    compared["judged"] += 1
                    compared["asked for some"] += event.requirement > 0
                    compared["with open orders"] += any(
                        h.buys or h.sells for h in before[event.account].values()
                    )

        for command, actor in teller.opening():
            for one, who in teller.sealed(command, actor):
                ask(one, who)
        while twin.commands < 700:
            for command, actor in teller.next():
                ask(command, actor)
    assert compared["judged"] > 100, compared
    assert compared["asked for some"] > 50, compared
    assert compared["with open orders"] > 20, compared


def test_each_part_is_seen_by_hand() -> None:
    labels = (SPAN, SPAN, *[(ScenarioKind.HISTORICAL, 0)] * 2, (ScenarioKind.STRESS, 0))
    future = PublishedRow("F", False, 744, 2_500_000, 11, 3, 100, (60, -60, 10, 30, 50))
    option = PublishedRow("C", True, 744, 1_000, 7, 9, 0, (40, -90, 20, -20, 1))
    table = Published(1, labels, ((1, 5_000),), (future, option))
    found = requirement({"F": Held(4, buys=1, sells=9), "C": Held(-2)}, table, delivery=1_000)
    # Five up or five down at worst: 300 less the calls' 80, or 300 (as -5 x -60) and their 180.
    assert found.scan == ((1, 5_000, 480),)
    assert found.scan_path == 240
    assert found.historical == (2 * 190, 2), "the worst of two: 5 x 30 and -2 x -20"
    assert found.stress == (248, 1)
    assert found.tail_path == 205, "204.5 rounded up"
    assert (found.liquidity, found.concentration) == (5 * 11 + 2 * 7, 2 * 100)
    assert found.option_value == -2 * 744_000
    assert found.requirement == 240 + 69 + 200 + 1_000 + 1_488_000
    assert found.initial == 1_638_360, "1.10 of 1,488,509 is 1,637,359.9, and 1,000 once"


def test_gains_of_one_client_pay_for_nobody_else() -> None:
    labels = (SPAN, SPAN)
    table = Published(
        1, labels, ((1, 10_000),), (PublishedRow("F", False, 1, 1, 0, 9, 0, (100, -100)),)
    )
    long, short = {"F": Held(3)}, {"F": Held(-3)}
    found = member_margin([long, short], [long, short], table)
    assert (found.house, found.clients) == (0, (300, 300)), "net for the house, gross for clients"
    assert found.total == 600
    assert shortfalls([(300, 900), (300, 100)]) == (0, 200), "600 too much, and still 200 short"


def test_a_joined_portfolio_never_asks_more() -> None:
    """Expected shortfall, the scan's worst points and the charge a lot are all sub-additive; the
    concentration charge alone is not, for it is a charge on being large."""
    draw, saved = random.Random(9), 0
    for _ in range(500):
        drawn = Drawn(draw, far=False)
        rows = tuple(
            PublishedRow(r.symbol, r.is_option, r.hours, r.mark, r.liquidity, 0, 0, r.losses)
            for r in drawn.table.series
        )
        table = Published(1, drawn.table.scenarios, drawn.table.scan_rows, rows)
        one, other = (drawn_portfolio(draw, table, far=False) for _ in range(2))
        pairs = {s: (one.get(s, Held(0)), other.get(s, Held(0))) for s in {*one, *other}}
        joined = {s: Held(*map(sum, zip(*pair, strict=True))) for s, pair in pairs.items()}
        parts = requirement(one, table).requirement + requirement(other, table).requirement
        assert requirement(joined, table).requirement <= parts
        saved += requirement(joined, table).requirement < parts
    assert saved > 200


def test_a_table_survives_being_written_down() -> None:
    table = Drawn(random.Random(2), far=True).table
    again = read_published(json.loads(table.canonical))
    assert again.sha256 == table.sha256
    assert again.canonical == table.canonical
    portfolio = {row.symbol: Held(3, 1, 5) for row in table.series}
    assert requirement(portfolio, again) == requirement(portfolio, table)
    told = json.loads(table.canonical)
    told["series"][0]["losses"][0] += 1
    assert read_published(told).sha256 != table.sha256


def test_what_is_no_table_is_refused_in_words() -> None:
    told = json.loads(Drawn(random.Random(2), far=False).table.canonical)
    with pytest.raises(PublishedError, match="expected a series with a row"):
        requirement({"elsewhere": Held(1)}, read_published(told))
    bent: tuple[tuple[Any, str], ...] = (
        ({**told, "series": [*told["series"], told["series"][0]]}, "each symbol once"),
        ({**told, "series": [{**told["series"][0], "losses": [1]}]}, "losses, found 1"),
        ({**told, "series": [{**told["series"][0], "mark": 1.5}]}, "mark: expected a whole number"),
        ({"table": 1}, "as the house publishes them"),
    )
    for one, said in bent:
        with pytest.raises(PublishedError, match=said):
            read_published(one)


def test_margin_falls_as_the_fixings_of_its_month_accrue() -> None:
    """What is fixed no longer moves: the front month is asked less each week, to almost nothing on
    the last date; and margin of a delivery is added in full beside it."""
    first, asked = date(2026, 2, 1), []
    path = [(date(2025, 3, 1) + timedelta(days=n), 2_500_000 + 9_000 * (n % 9)) for n in range(396)]
    strip = dict.fromkeys(month_strip(first, 24), 2_500_000)
    listing = series_listing(load_standards("H100", ("month-future",)), first, strip)
    march = [s for s in listing if s.symbol == "H100-2026-03"]
    for day in (date(2026, 2, 25), *(date(2026, 3, n) for n in (8, 15, 22, 29, 31))):
        known = [(d, p) for d, p in path if d < day]
        model = fit(known)
        marks = fair_marks(model, dict(known), day, march)
        table = margin_table(model, known, day, march, marks, load_margin_terms())
        rows = published(table, 1, march)
        asked.append(requirement({"H100-2026-03": Held(10)}, rows).requirement)
        beside = requirement({"H100-2026-03": Held(10)}, rows, delivery=7_000_000)
        assert beside.requirement == asked[-1] + 7_000_000
    assert asked == sorted(asked, reverse=True)
    assert len(set(asked)) == len(asked)
    assert asked[2] < 0.62 * asked[0], "half the month is fixed"
    assert asked[-1] < 0.06 * asked[0], "one date is left"
