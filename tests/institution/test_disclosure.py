"""What a house discloses comes to its ledger, its positions and its margin, to the micro-dollar."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import replace

import pytest

from lasalle import wire
from lasalle.clearing import Held, Published, PublishedRow, disclosed, disclosure, requirement
from lasalle.clearing.commitments import (
    POOLED,
    Holding,
    ReportingTerms,
    commitments,
    holdings,
    load_reporting_terms,
    read_classes,
    read_reporting_terms,
)
from lasalle.clearing.standing import Standing
from lasalle.contracts import numbered_day
from lasalle.gateway.keys import KeyStore
from lasalle.institution import closes, demo, disclosure_desk
from lasalle.institution.command_line import main
from lasalle.institution.drill import Drill
from lasalle.institution.drill_house import DrillHouse
from lasalle.institution.drill_story import load_story
from lasalle.institution.opening import write_secret
from lasalle.institution.running import run_due
from lasalle.institution.settings import DEMONSTRATION, write_settings
from lasalle.venue import Journal
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import replay
from lasalle.wire import LedgerClass as C
from lasalle.wire import SeriesKind
from tests.institution.test_cycle import leveraged, lives
from tests.institution.test_day import START, TIMES, Clock, at, desk_of, small

__all__ = ["small"]
FIRST, SECOND, THIRD = 20260330, 20260331, 20260401
LIVELY = 20260118
"""A day of the drill on which members in default, survivors and a client hold positions."""
MORE = (*TIMES[5:], *(t.replace("04-01", "04-02") for t in TIMES[5:]))


@pytest.fixture
def folder(tmp_path, small, monkeypatch):
    """Three settled days of a demonstration without a fund, in which a month ends."""
    monkeypatch.setattr(demo, "CONTRIBUTIONS", {})
    monkeypatch.setattr(demo, "TRANCHES", ())
    clock = Clock(START)
    house = lives(leveraged(tmp_path / "house", clock), clock)
    for text in MORE:
        clock.now = at(text)
        run_due(house, desk_of(house), clock())
    house.close()
    write_settings(tmp_path / "house", DEMONSTRATION)
    return tmp_path / "house"


@pytest.fixture(scope="module")
def drilled(tmp_path_factory):
    """A house with clients, a default fund, both tranches, and defaults."""
    found = tmp_path_factory.mktemp("drilled")
    house = DrillHouse(found)
    Drill(load_story("three-defaults"), house).run()
    house.close()
    return found


def events_of(folder):
    told = []
    disk = FolderDisk(folder / "journal", read_only=True)
    replay(Journal(disk, read_only=True), on_events=lambda f: told.extend(wire.read_frames(f)))
    disk.close()
    return told


def asked_by_table(state):
    """Initial margin of each account by the published table and lots alone."""
    rows = [
        PublishedRow(
            terms.symbol, terms.is_option, terms.hours, terms.mark, row.liquidity,
            row.concentration_lots, row.concentration, row.losses,
        )
        for row in state.table.series.values()
        for terms in [state.series[row.series]]
    ]  # fmt: skip
    labels = tuple((s.kind, s.group) for s in state.table.scenarios)
    weights = tuple((r.group, r.weight) for r in state.table.rows)
    table = Published(state.table.table, labels, weights, tuple(rows))
    found = {}
    for account in state.accounts.values():
        lots = {state.series[s].symbol: Held(p.lots) for s, p in account.positions.items()}
        found[account.account] = requirement(lots, table).initial
    return found


def expected(folder, year):
    """Figures by their names, folded from events by other hands than the disclosure's."""
    book, paid, settling = Standing(), [], -1
    for header, event in events_of(folder):
        if header.number > year.close.state.last_event:
            break
        book.on(header, event)
        if isinstance(event, wire.VariationSettled):
            settling = header.cause
            paid.append(defaultdict(int))
        elif isinstance(event, wire.PaymentPosted) and header.cause == settling:
            paid[-1][event.account] += event.amount
    total = defaultdict(int)
    for (class_, account), balance in book.balances.items():
        total[class_] += balance
        if class_ == C.CASH:
            total[book.kind[account].name] += balance
    asked = asked_by_table(year.close.state)
    days = [sum(amount for amount in day.values() if amount > 0) for day in paid]
    assert all(not sum(day.values()) for day in paid), "variation of a settlement sums to zero"
    return {
        "own capital before the fund": total[C.FIRST_LOSS],
        "own capital after the fund": total[C.SECOND_TRANCHE],
        "contributions paid in": total[C.DEFAULT_FUND],
        "prefunded resources": sum(
            total[c] for c in (C.FIRST_LOSS, C.SECOND_TRANCHE, C.DEFAULT_FUND)
        ),
        "cash held, house": total["HOUSE"],
        "cash held, client": total["CLIENT"],
        "house liquidity": total[C.HOUSE_LIQUIDITY],
        "cash at banks, the house's own with it": -total[C.BANK],
        "cash received from members": total[C.CASH] + total[C.DEFAULT_FUND],
        "initial margin required, total": sum(asked.values()),
        "variation paid to the house on one day at most": max(days),
        "variation paid to the house a day, mean, rounded down": sum(days) // len(days),
    }


def faults(folder, year):
    figures = {one.name: one.value for one in disclosed.disclosed(year)}
    return {n: (figures[n], v) for n, v in expected(folder, year).items() if figures[n] != v}


def figure(year, name):
    (found,) = [one for one in disclosed.disclosed(year) if one.name == name]
    return found.value


def test_the_figures_of_a_demonstration_reconcile_and_say_what_they_are(folder):
    for day in (FIRST, SECOND, THIRD):
        year = closes.read_year(folder, day)
        assert year.close.day == day
        assert faults(folder, year) == {}
        assert len(year.spans) == (FIRST, SECOND, THIRD).index(day) + 2
    rows = disclosed.disclosed(year)
    assert {one.mark for one in rows} == {
        "real", "simulated", "modelled of simulated members", "none"
    }  # fmt: skip
    assert all(one.as_of == THIRD and one.source for one in rows)
    assert all(bool(one.why) == (one.value is None) for one in rows)
    marked = {one.name: one.mark for one in rows}
    assert marked["cash held, house"] == "simulated"
    assert marked["letters cover at most"] == "real"
    parts = [one.value for one in rows if one.number == "6.1.product"]
    assert len(parts) > 1
    assert sum(parts) == figure(year, "initial margin required, total") > 0


def test_the_figures_of_a_house_with_clients_and_a_fund_reconcile(drilled):
    year = closes.read_year(drilled, LIVELY)
    found = expected(drilled, year)
    assert faults(drilled, year) == {}
    for name in ("contributions paid in", "cash held, client", "house liquidity"):
        assert found[name] > 0, name
    rows = disclosed.disclosed(year)
    assert {one.mark for one in rows} == {"real", "modelled", "none"}
    assert figure(year, "members suspended") > 0
    # A fall of the story passed margin before the members it hit were declared in default.
    assert figure(year, "times a loss passed margin") == len(year.tested.over) > 0
    assert faults(drilled, closes.read_year(drilled)) == {}


def test_stress_without_margin_is_the_worst_column_of_the_table(folder, monkeypatch):
    year = closes.read_year(folder, SECOND)
    state, named = year.close.state, {}
    for row in state.table.series.values():
        for n, loss in enumerate(row.losses):
            if state.table.scenarios[n].kind != wire.ScenarioKind.SCAN:
                lots = {a.member: a.lots(row.series) for a in state.accounts.values()}
                for member, held in lots.items():
                    named[n, member] = named.get((n, member), 0) + held * loss
    one = max(named.values())
    columns = {n for n, _ in named}
    two = max(
        sum(sorted((max(0, v) for (c, _), v in named.items() if c == n), reverse=True)[:2])
        for n in columns
    )
    monkeypatch.setattr(disclosure, "initial", lambda *_: 0)
    said = {one.number: one for one in disclosed.disclosed(year)}
    assert (said["4.4.3"].value, said["4.4.7"].value) == (one, two)
    assert (said["7.3.1"].value, said["7.3.2"].value) == (one, two)
    assert one > 0
    assert said["4.4.3"].mark == "modelled of simulated members"
    assert said["4.4.5"].value == one, "this house has no fund"
    assert figure(year, "prefunded resources") == 0


@pytest.mark.parametrize("bent", ["cash", "margin", "fund"])
def test_a_micro_dollar_left_out_is_noticed(drilled, monkeypatch, bent):
    year = closes.read_year(drilled, LIVELY)
    if bent == "cash":
        held = disclosed.held_in
        lost = {min(year.close.state.accounts): 1}
        monkeypatch.setattr(
            disclosed, "held_in", lambda s: {a: v - lost.get(a, 0) for a, v in held(s).items()}
        )
        wrong = {"cash received from members"}
    elif bent == "margin":
        asked = disclosed.initial
        monkeypatch.setattr(disclosed, "initial", lambda s, a, *of: asked(s, a, *of) + 1)
        wrong = {"initial margin required, total"}
    else:
        key = next(k for k in year.close.state.balances if k[0] == C.DEFAULT_FUND)
        year.close.state.balances[key] += 1
        wrong = {"contributions paid in", "prefunded resources"}
    assert wrong <= faults(drilled, year).keys()


def test_the_back_test_loses_what_accounts_paid(folder, monkeypatch):
    """Nobody trades between these closes, so a loss is what payments came to; a month ends."""
    first, second = closes.read_year(folder, FIRST), closes.read_year(folder, SECOND)
    since, until = first.close.state.last_event, second.close.state.last_event
    told = [e for h, e in events_of(folder) if since < h.number <= until]
    assert not any(isinstance(e, wire.Traded) for e in told)
    assert any(isinstance(e, wire.FinalSettled) for e in told)
    paid = defaultdict(int)
    for event in told:
        if isinstance(event, wire.PaymentPosted):
            paid[event.account] += event.amount
    assert any(paid.values())
    before, after = first.close.state, second.close.state
    span = second.spans[-1]
    assert span.finals
    for account in before.accounts.values():
        gained = sum(
            p.lots * disclosure._gained(s, before, after, span)
            for s, p in account.positions.items()
        )
        assert gained == paid[account.account]
        span_without = replace(span, finals={})
        if any(p.lots for s, p in account.positions.items() if s in span.finals):
            assert gained != sum(
                p.lots * disclosure._gained(s, before, after, span_without)
                for s, p in account.positions.items()
            )
    assert second.tested.observed == len(first.close.held()) + first.tested.observed > 0
    assert second.tested.over == []
    monkeypatch.setattr(disclosure, "initial", lambda *_: 0)
    bare = closes.read_year(folder, SECOND).tested
    losers = [-amount for amount in paid.values() if amount < 0]
    assert losers
    assert sorted(losers) == sorted(bare.over)
    name = "coverage achieved"
    assert figure(replace(second, tested=bare), name) < figure(second, name) == 1_000_000


def test_the_command_writes_and_refuses(folder, tmp_path, capsys):
    out, page = tmp_path / "d.csv", tmp_path / "d.md"
    assert main(["disclosure", str(folder), "--as-of", str(SECOND), "--out", str(out)]) == 0
    rows = list(csv.DictReader(out.open()))
    assert {row["as_of"] for row in rows} == {str(SECOND)}
    for row in rows:
        said = row["value"].startswith("not applicable: ")
        assert said != row["value"].lstrip("-").isdecimal()
    assert main(["disclosure", str(folder), "--out", str(page)]) == 0
    assert page.read_text().count("\n|") > len(rows)
    public = tmp_path / "c.csv"
    assert main(["disclosure", str(folder), "--commitments", str(public)]) == 0
    (told,) = csv.DictReader(public.open())
    assert (told["open_interest"], told["long"], told["short"]) == ("94", "withheld", "withheld")
    capsys.readouterr()
    for words, sentence in (
        (("--as-of", "20260328", "--out", str(out)), "expected a settled day"),
        (("--as-of", "2026-05-01", "--out", str(out)),
         f"found 2026-05-01; the last one settled before it is {numbered_day(THIRD)}"),
        (("--as-of", "20200101", "--out", str(out)),
         "found 2020-01-01; this house settled none up to it"),
        (("--out", "d.txt"), "expected a name in .csv or .md"),
        ((), "found none"),
    ):
        assert main(["disclosure", str(folder), *words]) != 0
        assert sentence in capsys.readouterr().err


def test_large_traders_are_for_operators(folder, tmp_path, capsys, monkeypatch):
    store = KeyStore(folder / "keys.sqlite")
    files = {}
    for name, actor in (("operator", 1), ("trader", 12)):
        key = store.create(actor)
        files[name] = tmp_path / f"{name}.json"
        write_secret(files[name], {"key": key.key, "secret": key.secret, "actor": 1})
    store.close()
    out = tmp_path / "large.csv"
    words = ["disclosure", str(folder), "--large-traders", str(out)]
    for more in ([], ["--key", str(files["trader"])]):
        assert main([*words, *more]) != 0
        assert "expected the key file of an operator" in capsys.readouterr().err
        assert not out.exists()
    terms = replace(load_reporting_terms(), large_lots=dict.fromkeys(SeriesKind, 94))
    monkeypatch.setattr(disclosure_desk, "load_reporting_terms", lambda: terms)
    assert main([*words, "--key", str(files["operator"])]) == 0
    assert out.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(out.open()))
    assert {(r["accounts"], r["long"], r["short"]) for r in rows} == {
        ("2", "0", "94"), ("3", "94", "0")
    }  # fmt: skip
    terms = replace(terms, large_lots=dict.fromkeys(SeriesKind, 95))
    assert main([*words, "--key", str(files["operator"])]) == 0
    assert len(out.read_text().splitlines()) == 1


def test_holdings_come_to_the_open_interest(folder, drilled):
    for place, day in ((folder, SECOND), (drilled, LIVELY)):
        state = closes.read_year(place, day).close.state
        longs, shorts = defaultdict(int), defaultdict(int)
        for account in state.accounts.values():
            for series, position in account.positions.items():
                terms = state.series[series]
                key = terms.index, terms.series_kind
                longs[key] += max(0, position.lots)
                shorts[key] += max(0, -position.lots)
        assert any(longs.values())
        assert longs == shorts
        for key, interest in longs.items():
            held = [h for h in holdings(state) if (h.index, h.kind) == key]
            assert sum(h.bought for h in held) == sum(h.sold for h in held) == interest


def test_no_public_figure_is_of_too_few_traders():
    dice, seen = random.Random(4), defaultdict(int)
    terms = ReportingTerms(4, 1, dict.fromkeys(SeriesKind, 1))
    for _ in range(400):
        held = [
            Holding(
                n, dice.choice("abc"), (n,), 1, SeriesKind.FUTURE,
                dice.randint(0, 9), dice.randint(0, 9),
            )
            for n in range(dice.randint(1, 16))
        ]  # fmt: skip
        told = commitments(held, terms)
        classes = [one.traders_class for one in told]
        assert len(classes) == len(set(classes))
        shown = [one for one in told if one.traders is not None]
        seen["withheld"] += len(told) - len(shown)
        seen["pooled"] += POOLED in [one.traders_class for one in shown]
        seen["whole"] += POOLED not in classes
        assert all(one.traders >= 4 for one in shown)
        if shown:
            # Nothing withheld could be had as a rest of what is shown.
            assert shown == told
            assert sum(one.long + one.spreading for one in shown) == sum(h.bought for h in held)
            assert sum(one.short + one.spreading for one in shown) == sum(h.sold for h in held)
            assert sum(one.traders for one in shown) == len(held)
    assert min(seen[name] for name in ("withheld", "pooled", "whole")) > 20, dict(seen)


def test_terms_and_classes_are_checked():
    assert read_classes("owner,class\n7,lab\n") == {7: "lab"}
    for text, sentence in (
        ("owner\n", "line 1: expected owner,class"),
        ("owner,class\n7,lab\n7,lab\n", "line 3: expected a number once"),
        (f"owner,class\n7,{POOLED}\n", "line 2"),
    ):
        with pytest.raises(ValueError, match=sentence):
            read_classes(text)
    lots = "weekday = 1\n[large_lots]\nfuture = 1\ncall = 1\nput = 1\nswap = {}\n"
    for text in ("fewest_traders = 0\n" + lots.format(1), "fewest_traders = 4\n" + lots.format(0)):
        with pytest.raises(ValueError, match="expected a whole number from 1"):
            read_reporting_terms(text)


@pytest.mark.parametrize("table", [True, False])
def test_what_is_settled_for_good_before_the_table_belongs_to_the_close(table):
    """A final settlement counts on the side of the close its state is on."""
    folded = closes.Closes(0)
    settled = wire.VariationSettled(day=FIRST)
    final = wire.FinalSettled(series=7, month=202603, price=3, hours=5)
    told = [settled, final, wire.MarginTableActivated(table=1)] if table else [settled, final]
    for number, event in enumerate(told, 1):
        folded.events(wire.seal(event, number, number, cause=number))
    assert folded.span.finals == ({7: 15} if table else {})
    folded.events(wire.seal(wire.VariationSettled(day=SECOND), 9, 9, cause=9))
    assert (folded.span.day, folded.span.finals) == (SECOND, {} if table else {7: 15})
