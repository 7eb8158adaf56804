"""The daily run of Cover-1 and Cover-2: made from the journal, kept once, told without a member."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from shutil import copytree

import pytest

from lasalle import wire
from lasalle.clearing.cover import (
    CoverError,
    as_data,
    cover_run,
    load_cover_terms,
    read_cover_terms,
    totals,
    under_columns,
)
from lasalle.clearing.disclosed import disclosed
from lasalle.gateway.measures import Measures
from lasalle.institution import closes, cover_desk, demo
from lasalle.institution.command_line import main
from lasalle.institution.cover_desk import CoverStore, content_of, make_run, read_groups
from lasalle.institution.cycle import first_table
from lasalle.institution.day_close import read_close
from lasalle.institution.disclosure_desk import covers_of
from lasalle.institution.drill import Drill
from lasalle.institution.drill_house import DrillHouse
from lasalle.institution.drill_story import load_story
from lasalle.institution.evening import CoverDuty, closed_day
from lasalle.institution.house import open_house
from lasalle.institution.running import run_due
from lasalle.institution.settings import DEMONSTRATION, write_settings
from lasalle.institution.views import LivingViews
from lasalle.views import MemoryHistory
from tests.institution.test_collateral_desk import agreed
from tests.institution.test_cycle import RICH, SYMBOL, leveraged, lives
from tests.institution.test_day import (
    FAMILIES,
    START,
    TIMES,
    Clock,
    at,
    desk_of,
    set_small,
    small,
)

__all__ = ["small"]
FIRST, SECOND = 20260330, 20260331
MORE = TIMES[5:]
SUPPLIER, UNTIL, EVIDENCE = RICH - 10, 4_000_000_000 * 10**9, bytes(range(32))


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """Settled days of a demonstration, in which a month ends; nobody paid into a fund."""
    with pytest.MonkeyPatch.context() as patch:
        set_small(patch)
        patch.setattr(demo, "CONTRIBUTIONS", {})
        patch.setattr(demo, "TRANCHES", ())
        clock = Clock(START)
        found = tmp_path_factory.mktemp("settled") / "house"
        house = leveraged(found, clock)
        shown = wire.RecordCover(
            account=SUPPLIER,
            series=house.market.by_symbol[SYMBOL].terms.series,
            lots=150,
            until=UNTIL,
            evidence=EVIDENCE,
        )
        agreed(house, shown)
        house = lives(house, clock)
        for text in MORE:
            clock.now = at(text)
            run_due(house, desk_of(house), clock())
        house.close()
    write_settings(found, DEMONSTRATION)
    return found


@pytest.fixture
def folder(settled, tmp_path, small, monkeypatch):
    """A copy of it."""
    monkeypatch.setattr(cover_desk, "listing_of", lambda *_: FAMILIES["small"])
    copytree(settled, tmp_path / "house")
    return tmp_path / "house"


def made(folder, day, **more):
    return make_run(folder, FAMILIES["small"], day, simulated=True, **more)


def test_the_close_of_a_day_is_the_same_from_a_snapshot_and_from_the_beginning(folder):
    for day in (FIRST, SECOND):
        found = read_close(folder, day)
        year = closes.read_year(folder, day)
        assert found.state.last_event == year.close.state.last_event
        assert found.day == day
        assert found.state.last_number == found.number > found.settlement
    assert read_close(folder).day == SECOND, "the last settled day"
    house = open_house(folder, Clock("2026-04-01T02:00"))
    house.close()  # leaves a snapshot behind the last settlement
    for path in folder.glob("*.snap"):
        assert int(path.stem) > found.number
    assert read_close(folder).number == found.number
    with pytest.raises(ValueError, match="expected a settled day, found 20260101"):
        read_close(folder, 20260101)


def test_a_run_adds_up_case_by_case(folder):
    run = made(folder, FIRST)
    said, state = as_data(run), read_close(folder, FIRST).state
    assert len(said["by_case"]) == said["cases"] == 48
    held = {a.member for a in state.accounts.values() if any(p.lots for p in a.positions.values())}
    assert len(held) > 1
    losses = {e.account: e for e in run.stressed.exposures}
    assert any(max(e.losses) > 0 for e in losses.values())
    # By other hands: every account on its own, then members, then the two largest.
    for n, row in enumerate(said["by_case"]):
        beyond = {}
        for e in losses.values():
            beyond[e.member] = beyond.get(e.member, 0) + max(0, e.losses[n] - e.margin)
        two = sorted(beyond.values(), reverse=True)[:2]
        assert row["total"] == sum(two)
        assert row["left"] == said["prefunded"]["total"] - sum(two)
    assert said["cover2"]["beyond_margin"] == max(row["total"] for row in said["by_case"]) > 0
    assert said["cover1"]["beyond_margin"] <= said["cover2"]["beyond_margin"]
    assert said["breach"] is True, "this house has no fund"
    assert said["cover2"]["short"] == said["cover2"]["beyond_margin"]
    parts = said["fund"]["contributions"]
    assert sum(p["proposed"] for p in parts) >= said["fund"]["proposed"] > 0
    assert content_of(run) == content_of(made(folder, FIRST)), "the same close, the same bytes"


def test_longs_lose_what_shorts_gain_in_a_case(folder):
    """Futures alone are held: a case takes from one side what it gives to the other."""
    run = made(folder, FIRST)
    assert not run.stressed.standing
    for n in range(len(run.stressed.names)):
        assert sum(e.losses[n] for e in run.stressed.exposures) == 0


@pytest.mark.rule("CLR-095")
def test_a_supplier_fails_in_spikes_and_the_evening_tells_it(folder, capsys):
    """Who is short what it has shown that it can deliver fails in each rise, as its lots lose."""
    run = make_run(folder, FAMILIES["small"], FIRST, simulated=True)
    said, state = as_data(run), read_close(folder, FIRST).state
    (short,) = run.stressed.short
    lots = -state.accounts[SUPPLIER].lots(state.symbols[SYMBOL])
    assert (short.account, short.lots) == (SUPPLIER, lots)
    assert 0 < lots <= 150
    mine = next(e for e in run.stressed.exposures if e.account == SUPPLIER)
    losses = cover_desk.losses_at(read_close(folder, FIRST), FAMILIES["small"])
    assert list(short.lost) == losses.of({SYMBOL: -lots})
    assert not any(short.worth), "the series settles in cash"
    spikes = [(loss if lost > 0 else 0) for loss, lost in zip(mine.losses, short.lost, strict=True)]
    assert 0 < sum(map(bool, spikes)) < len(spikes)
    beyond = [max(0, loss - mine.margin) for loss in spikes]
    assert said["suppliers"][0]["beyond_margin"] == max(beyond) > 0
    names = run.stressed.names
    assert said["suppliers"][0]["case"] == names[beyond.index(max(beyond))]
    assert said["wrong_way"]["beyond_margin"] >= max(beyond)
    assert said["wrong_way"]["short"] == said["wrong_way"]["beyond_margin"], "nothing is ready"
    assert "Suppliers that fail in '" in run.said()
    assert totals(run_kept := as_data(run))["wrong_way"] == run_kept["wrong_way"]
    assert "wrong_way" not in totals({k: v for k, v in said.items() if k != "wrong_way"})
    assert main(["margin", "cover", str(folder), "--day", str(FIRST)]) == 0
    assert f"supplier {short.member}: {lots} lots lose " in capsys.readouterr().out


def test_liquidity_is_asked_from_the_hour_of_the_settlement(folder):
    run = made(folder, FIRST)
    usd = as_data(run)["liquidity"][0]
    assert usd["name"] == "USD"
    hour = run.settled // (3_600 * 10**9) % 24
    state = read_close(folder, FIRST).state
    if usd["hours"]:
        assert usd["hours"][0]["hour"] == hour
    cash = {e.account: max(0, state.free_of_holds(state.accounts[e.account])) for e in
            run.stressed.exposures}  # fmt: skip
    most = max(
        sum(max(0, e.losses[n] - cash[e.account]) for e in run.stressed.exposures)
        for n in range(48)
    )
    assert usd["most"] == most, "one member alone loses in a case of this house"
    poor = replace(run.stressed, exposures=tuple(
        replace(e, losses=tuple(x + 10**15 for x in e.losses)) for e in run.stressed.exposures
    ))  # fmt: skip
    close = (run.day, run.number, run.settled)
    hit = as_data(cover_run(state, poor, load_cover_terms(), close))["liquidity"][0]
    assert hit["hours"][0]["hour"] == hour
    assert hit["hours"][0]["need"] == hit["most"] > hit["ready"]
    assert hit["short"] == hit["most"] - hit["ready"]


def test_members_that_belong_together_fail_together(folder):
    (folder / "groups.csv").write_text("member,group\n2,one\n3,one\n")
    assert read_groups(folder) == {2: 2, 3: 2}
    run = as_data(made(folder, FIRST))
    assert {row["member"] for row in run["by_member"]} == {1, 2}
    assert [m["accounts"] for m in run["by_member"] if m["member"] == 2] == [[2, 3]]
    for text, told in (
        ("a,b\n", "expected heads member,group"),
        ("member,group\nx,one\n", "expected a number and a name"),
        ("member,group\n2,one\n2,two\n", "each member once"),
    ):
        (folder / "groups.csv").write_text(text)
        with pytest.raises(CoverError, match=told):
            read_groups(folder)


def test_the_public_part_names_no_member(folder):
    run = as_data(made(folder, FIRST))
    told = json.dumps(totals(run))
    assert "member" not in told
    assert "account" not in told
    assert totals(run)["cover2"] == run["cover2"]


def test_the_evening_keeps_a_run_once_and_tells_a_breach(folder):
    house = open_house(folder, Clock("2026-04-01T02:00"))
    try:
        assert closed_day(house.views) == SECOND
        store, measures = CoverStore(folder), Measures()
        duty = CoverDuty(folder, FAMILIES["small"], store, measures.cover, True)
        assert duty.due(SECOND)
        sentence = asyncio.run(duty.carry_out(SECOND))
        assert "COVER-2 BREACHED on 20260331" in sentence
        assert not duty.due(SECOND)
        again = CoverDuty(folder, FAMILIES["small"], CoverStore(folder), Measures().cover, True)
        assert not again.due(SECOND), "what is kept is found by whoever starts after"
        with pytest.raises(FileExistsError):
            store.keep(SECOND, b"")
        text = measures.text().decode()
        assert "lasalle_cover_breach 1.0" in text
        told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
        assert int(float(told["lasalle_cover_day"])) == SECOND
    finally:
        house.close()


def test_the_command_makes_the_run_the_house_keeps(folder, capsys):
    CoverStore(folder).keep(SECOND, content_of(made(folder, SECOND)))
    assert main(["margin", "cover", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "48 cases" in told
    assert "COVER-2 BREACHED" in told
    assert "reverse stress: " in told
    assert main(["margin", "cover", str(folder), "--day", str(FIRST), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == FIRST
    path = folder / "cover" / f"{SECOND}.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({k: kept[k] for k in kept if k not in ("wrong_way", "suppliers")}))
    assert main(["margin", "cover", str(folder)]) == 0, "kept before suppliers were told"
    path.write_text(json.dumps(kept))
    path.write_text(path.read_text().replace('"breach": true', '"breach": false'))
    assert main(["margin", "cover", str(folder)]) == 1
    assert "FAULTY: the house keeps another run" in capsys.readouterr().out


def test_the_disclosure_says_what_the_runs_came_to(folder):
    for day in (FIRST, SECOND):
        CoverStore(folder).keep(day, content_of(made(folder, day)))
    runs = covers_of(folder, SECOND)
    assert [run["day"] for run in runs] == [FIRST, SECOND]
    assert covers_of(folder, FIRST) == runs[:1]
    year = closes.read_year(folder, SECOND)
    year.covers = runs
    said = {(one.number, one.name): one for one in disclosed(year)}
    assert len(said) == len(disclosed(year))
    values = {number: one.value for (number, _), one in said.items()}
    assert values["4.4.3"] == runs[1]["cover1"]["beyond_margin"]
    assert values["4.4.4"] == max(run["cover1"]["beyond_margin"] for run in runs)
    assert values["4.4.7"] == runs[1]["cover2"]["beyond_margin"]
    spike = "suppliers failing in a spike with the largest other member, beyond margin"
    assert said["4.4.wrong_way", spike].value == runs[1]["wrong_way"]["beyond_margin"]
    assert values["4.4.10"] == sum(run["breach"] for run in runs)


def test_a_house_with_a_fund_clients_and_no_curves_is_run_on_its_table(tmp_path):
    house = DrillHouse(tmp_path)
    Drill(load_story("three-defaults"), house).run()
    house.close()
    lively = 20260118
    run = make_run(tmp_path, (), lively, simulated=False)
    said = as_data(run)
    assert said["set"].startswith("columns of margin table")
    state = read_close(tmp_path, lively).state
    assert said["prefunded"]["default_fund"] > 0
    assert said["prefunded"]["total"] == run.ready.prefunded
    assert sum(p["paid_in"] for p in said["fund"]["contributions"]) == run.ready.default_fund
    close, terms = (run.day, run.number, run.settled), load_cover_terms()
    far = cover_run(state, run.stressed, replace(terms, reverse_most=10**8), close)
    reached = [row for row in as_data(far)["reverse"] if row["thousandths"]]
    assert reached
    first = reached[0]
    n = said["by_case"].index(next(c for c in said["by_case"] if c["case"] == first["case"]))
    for scale, passes in ((first["thousandths"], True), (first["thousandths"] - 1, False)):
        beyond = {}
        for e in under_columns(state).exposures:
            lost = -(-e.losses[n] * scale // 1_000)
            beyond[e.member] = beyond.get(e.member, 0) + max(0, lost - e.margin)
        two = sum(sorted(beyond.values(), reverse=True)[:2])
        assert (two > run.ready.prefunded) == passes


def test_terms_that_are_not_as_they_should_be_are_refused():
    with pytest.raises(CoverError, match="sizing: expected whole"):
        read_cover_terms("floor = -1\n")
    assert load_cover_terms().sizing.buffer == 1_000


@pytest.mark.parametrize("daily", [True, False])
def test_a_day_is_closed_once_a_table_follows_and_every_account_is_judged(daily):
    """Tables of the day's desk are numbered by the day; one loaded by hand has any number."""
    views = LivingViews(MemoryHistory())
    market, accounts = views.market, views.accounts

    def told(n, event):
        header = wire.Header(0, event.KIND, 0, 0, 0, n, n, n, 0, 0)
        market.on(header, event)
        accounts.on(header, event)

    told(1, wire.AccountOpened(account=1, member=1, account_kind=wire.AccountKind.HOUSE))
    told(2, wire.VariationSettled(day=FIRST))
    assert closed_day(views) == 0
    number = first_table(FIRST) if daily else 7
    told(3, wire.MarginTableBegun(table=number))
    told(4, wire.MarginTableActivated(table=number))
    assert closed_day(views) == 0, "an account is not judged"
    told(5, wire.AccountRefreshed(account=1, covered=True))
    assert closed_day(views) == FIRST
    told(6, wire.VariationSettled(day=SECOND))
    told(7, wire.AccountRefreshed(account=1, covered=True))
    assert closed_day(views) == 0, "no table follows the second day yet"
