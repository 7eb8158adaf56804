"""A saved plan told again, its memo, and the journal of the accounts of a house of three days."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from html import escape
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from lasalle.client.shapes import Fill, SettlementPrice
from lasalle.hedging.books.designation import Designation, HedgingLeg, designated
from lasalle.hedging.books.journal import Book, HedgeJournal
from lasalle.hedging.books.memo import Held, memo
from lasalle.hedging.books.memo_forms import markdown
from lasalle.hedging.plan.answer import Answer, answered, read_answer
from lasalle.hedging.plan.instruments import DELIVERED
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.orders import OrdersRefused
from lasalle.hedging.plan.plainly import in_short, silent
from lasalle.hedging.plan.planning import Plan, make_plan
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution import books_of_hedge, hedge_command
from lasalle.institution.books_desk import Books
from lasalle.institution.books_of_hedge import journal_csv
from lasalle.institution.command_line import main
from lasalle.institution.hedge_market import modelled_market
from lasalle.views.statement import owed
from lasalle.views.statement_pages import as_data, as_json
from tests.institution.hedge_needs import DAY, NEED, OFFERS
from tests.institution.test_day import small
from tests.institution.test_disclosure import FIRST, folder

__all__ = ["folder", "small"]
WRITTEN = 1_800_000_000 * 10**9


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan with offers of hours, of few scenarios."""
    known = list(fixing_history(simulated_history(7, FIRST_DAY, DAY), DAY))
    need = read_need(NEED + OFFERS, "need.toml")
    market = modelled_market(DAY, known, horizon(need, DAY), source="SIMULATED")
    return make_plan(need, market, {}, count=500, points=0, ask_aside=False)


FIRST_DAY = DAY.replace(year=DAY.year - 1)


@pytest.fixture(scope="module")
def whole(plan: Plan) -> bytes:
    """The answer as `--save` writes it."""
    return msgspec.json.encode(answered(plan, "ab" * 32, 2, WRITTEN, lambda _: None))


@pytest.fixture
def saved(whole: bytes, tmp_path: Path) -> Path:
    """A file of it."""
    path = tmp_path / "plan.json"
    path.write_bytes(whole)
    return path


def test_a_saved_plan_is_told_as_it_was(
    plan: Plan, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text, page, picture and orders; an edited file is refused."""
    answer = read_answer(saved.read_bytes(), "plan.json")
    names = [tmp_path / f"x.{what}" for what in ("html", "png", "orders")]
    words = [w for p in names for w in (f"--{p.suffix[1:]}", str(p))]
    assert main(["hedge", "report", str(saved), *words]) == 0
    assert capsys.readouterr().out == answer.text + "\n"
    assert names[0].read_text() == answer.html
    assert names[1].read_bytes().startswith(b"\x89PNG")
    assert msgspec.json.decode(names[2].read_bytes())["account"] == 2
    assert main(["hedge", "report", str(saved), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["need"] == plan.need.name
    edited = json.loads(saved.read_text())
    edited["account"] = 3
    saved.write_text(json.dumps(edited))
    assert main(["hedge", "report", str(saved)]) == 1
    assert "sha256: expected" in capsys.readouterr().err
    with pytest.raises(OrdersRefused, match="expected a plan of lasalle hedge"):
        read_answer(b"{}", "plan.json")


def test_the_report_speaks_to_whoever_pays(plan: Plan, saved: Path) -> None:
    """The answer first and in sentences, every order with its limit, what was left open and why."""
    answer = read_answer(saved.read_bytes(), "plan.json")
    assert answer.text.index(in_short(plan)[0]) < answer.text.index("million USD  ")
    for line in in_short(plan):
        assert line in answer.text
        assert escape(line) in answer.html
    for one in answer.orders.orders:
        row = next(r for r in answer.text.splitlines() if f" {one.symbol} " in r and "better" in r)
        assert f"{one.side:5}{one.lots:7,} {one.symbol}" in row
        assert f"at {one.limit_price / 1e6:.3f} USD" in row
    assert answer.orders.orders
    assert "agree" in answer.text, "hours are agreed outside the exchange"
    rows = silent(plan.need)
    assert {"supply.resale", "trade.impact"} <= {name for name, _ in rows}
    for name, why in rows:
        assert f"{name:24} {why}" in answer.text
        assert escape(why) in answer.html


def test_the_memo_says_what_a_designation_has_to(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Item, risk, instruments, ratio, effectiveness, its sources, own use; dated; three forms."""
    answer = read_answer(saved.read_bytes(), "plan.json")
    assert main(["hedge", "memo", str(saved), "--entity", "Lab & Sons"]) == 0
    text = capsys.readouterr().out
    for word in ("Hedged item", "Risk component", "Hedging instruments", "Hedge ratio",
                 "Prospective test", "Sources of ineffectiveness", "Lab & Sons", "own use",
                 "2027-01-15 08:00:00 UTC", answer.sha256, "account 2 of house abab",
                 "Draft of a hedge", "it designates nothing before lots are held"):  # fmt: skip
        assert word in text, word
    assert all(leg.symbol in text for leg in answer.designation.legs)
    for form, begins in (("md", b"# Draft"), ("html", b"<!doctype"), ("pdf", b"%PDF")):
        out = tmp_path / f"memo.{form}"
        assert main(["hedge", "memo", str(saved), "--entity", "L", "--out", str(out)]) == 0
        assert out.read_bytes().startswith(begins)
    assert b"<b>" not in (tmp_path / "memo.html").read_bytes()
    assert main(["hedge", "memo", str(saved), "--out", str(tmp_path / "memo.doc")]) == 1
    assert "--out: expected a name in .md" in capsys.readouterr().err


def test_no_more_is_designated_than_is_probable(plan: Plan) -> None:
    """Nine scenarios of ten need what is designated, beside the hours taken by delivery; each such
    leg says whether it passes for own use, and a right never for a normal purchase.
    """
    found = designated(plan)
    needed = plan.drawn.factors.needed(plan.drawn.terms).sum(axis=1)
    taken = sum(one.hours for one in found.own_use)
    assert (needed >= found.designated_hours + taken - 1e-6).mean() >= 0.9 or (
        found.designated_hours == 0
    )
    assert found.designated_hours <= found.carried_hours
    delivered = [leg for leg in plan.legs if leg.instrument.kind in DELIVERED]
    assert {one.name for one in found.own_use} == {leg.instrument.symbol for leg in delivered}
    for one in found.own_use:
        assert one.own_use == (one.hours <= one.expected_hours)
        assert one.normal_purchase == (one.own_use and one.kind == "physical")
        assert ("MORE THAN IT EXPECTS" in one.reason) == (not one.own_use)
    draft = markdown(memo(found, Held("", "", 0, "x", "y")))
    assert "THE PLAN STANDS ON A MODEL" in draft


class House:
    """A house that fills so many lots of each order at the price asked, and has one settlement."""

    def __init__(self, answer: Answer, share: float) -> None:
        self.answer, self.share = answer, share
        self.made: list[Fill] = []

    def status(self) -> dict[str, str]:
        return {"house": self.answer.house}

    def series(self) -> list[Any]:
        symbols = [one.symbol for one in self.answer.orders.orders]
        return [SimpleNamespace(symbol=one, tick_micro_dollars=1_000) for one in symbols]

    def place(self, _: int, symbol: str, side: str, lots: int, **more: Any) -> Any:
        filled, price = int(lots * self.share), more["price_ticks"] * 1_000
        if filled:
            self.made.append(
                Fill(trade=1, time=FILLED, symbol=symbol, order=1, side=side, role="taker",
                     price_ticks=1, price=f"{price / 1e6:.6f}", lots=filled, fee="0",
                     clearing_fee="0", busted=False)
            )  # fmt: skip
        return SimpleNamespace(events=[{"name": "traded", "lots": filled}], replayed=False)

    def fills(self, _: int) -> list[Fill]:
        return self.made

    def settlement_prices(self, _: str) -> list[SettlementPrice]:
        return [SettlementPrice(day, f"{micro / 1e6}", micro)
                for day, micro in ((20270114, 2_400_000), (20270115, 2_900_000))]  # fmt: skip

    def ask(self, _: object) -> list[Any]:
        held: dict[str, int] = defaultdict(int)
        for one in self.made:
            held[one.symbol] += one.lots
        return [SimpleNamespace(symbol=symbol, lots=lots) for symbol, lots in held.items()]


FILLED = WRITTEN + 61 * 10**9


def asked(what: str, plan: Path, **more: Any) -> Any:
    """Words of `execute` or `track` of a saved plan."""
    words = {"account": None, "json": False, "memo": None, "entity": "Lab & Sons", "yes": True}
    return SimpleNamespace(what=what, orders=plan, **{**words, **more})


def test_the_memo_is_of_the_lots_held_and_dated_at_their_fill(
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing held, no memo; half of it filled, that half, at its second and price; written on a
    later day it begins there, and says that it came late.
    """
    answer, out = read_answer(saved.read_bytes(), "plan.json"), tmp_path / "memo.md"
    house: Any = House(answer, 0.0)
    assert hedge_command.run(asked("execute", saved, memo=out), house) == 0
    assert "nothing of the plan is held" in capsys.readouterr().err
    assert not out.exists()
    house.share = 0.5
    assert hedge_command.run(asked("execute", saved, memo=out), house) == 0
    text = out.read_text()
    assert text.startswith("# Hedge designation")
    assert "designated 2027-01-15 08:01:01 UTC." in text
    assert "in fact held" in text
    assert "no house knows whether they were agreed" in text
    for leg in answer.designation.legs:
        one = next(o for o in answer.orders.orders if o.symbol == leg.symbol)
        row = next(line for line in text.splitlines() if f"**{leg.symbol}.**" in line)
        price = f"{one.limit_price / 1e6:.4f} USD an hour"
        assert f"{leg.lots // 2:+,} lots of" in row
        assert f"held: {leg.lots // 2:,} filled on 2027-01-15 at {price}" in row
    monkeypatch.setattr(books_of_hedge.time, "time_ns", lambda: FILLED + 2 * 86_400 * 10**9)
    assert hedge_command.run(asked("track", saved, memo=out), house) == 0
    late = out.read_text()
    assert "designated 2027-01-17 08:01:01 UTC." in late
    assert "LATER THAN THE DAY OF THE LAST FILL, 2027-01-15 08:01:01 UTC" in late
    orders = tmp_path / "orders.json"
    orders.write_bytes(msgspec.json.encode(answer.orders))
    for path, memo_path, said in (
        (orders, out, "--memo: expected a plan of lasalle hedge plan --save"),
        (saved, tmp_path / "memo.doc", "--memo: expected a name in .md"),
        (saved, tmp_path / "none" / "memo.md", "--memo: expected a folder"),
    ):
        with pytest.raises(ValueError, match=said):
            hedge_command.run(asked("execute", path, memo=memo_path), house)


def test_track_of_a_saved_plan_has_the_dollar_offset(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words and for programs, of what is held; of orders alone it says what it wants."""
    answer = read_answer(saved.read_bytes(), "plan.json")
    house: Any = House(answer, 0.5)
    assert hedge_command.run(asked("execute", saved), house) == 0
    capsys.readouterr()
    assert hedge_command.run(asked("track", saved, json=True), house) == 0
    found = json.loads(capsys.readouterr().out)["dollar_offset"]
    assert (found["first"], found["until"]) == ("2027-01-15", "2027-01-15")
    legs = [leg for leg in answer.designation.legs if leg.kind != "call"]
    half_of = {leg.symbol: leg.lots // 2 for leg in legs}
    hours = sum(
        min(half_of[leg.symbol], leg.lots * leg.designated / 10_000) * sum(leg.hours)
        for leg in legs
    )
    assert found["item"] == pytest.approx(0.5 * hours)
    assert found["item_as_expected"] == pytest.approx(0.5 * hours)
    assert found["offset"] == pytest.approx(found["hedge"] / found["item"])
    assert hedge_command.run(asked("track", saved), house) == 0
    assert f"{found['offset']:.1%}" in capsys.readouterr().out
    orders = tmp_path / "orders.json"
    orders.write_bytes(msgspec.json.encode(answer.orders))
    assert hedge_command.run(asked("track", orders), house) == 0
    assert "of the plan that --save wrote" in capsys.readouterr().out


def half(symbols: list[str]) -> Designation:
    """Every second series designated by half of many lots."""
    legs = tuple(
        HedgingLeg(
            symbol=one, kind="future", lots=1, months=(), hours=(), strike=0.0, designated=5_000
        )
        for one in symbols[::2]
    )
    return msgspec.convert(
        {
            **dict.fromkeys(("need", "grade", "location", "day", "first_start", "last_start"), ""),
            **dict.fromkeys(("ratio", "expected_hours", "probable_hours"), 1.0),
            **dict.fromkeys(("carried_hours", "designated_hours"), 1.0),
            **dict.fromkeys(("months", "own_use", "sources"), ()),
            **dict.fromkeys(("slope", "slope_error", "r_squared", "highly_effective")),
            "run_days": 30, "observations": 0, "legs": legs, "causes": {},
        },
        Designation,
    )


def test_journals_of_a_house_come_to_its_statements(
    folder: Path, saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every account over every settled day, a month's end among them: each date in balance, cash
    to the micro-dollar, and the CSV sums to zero a date; so does the verb, from files.
    """
    books = Books.read(folder)
    days = sorted({day for day, _ in books.fold.found})
    accounts = sorted({account for _, account in books.fold.found})
    finals = reclassified = 0
    for account in accounts:
        kept = [
            books.fold.found[day, account] for day in days if (day, account) in books.fold.found
        ]
        symbols = sorted({held.symbol for one in kept for held in one.positions})
        made = HedgeJournal(half(symbols))
        for one in kept:
            made.take(as_data(one))
        finals += sum("final settlement" in one.purposes for one in kept)
        cash = sum(e.amount for e in made.entries if e.book is Book.CLEARING)
        assert cash == owed(kept[-1].closing)
        reclassified += sum(abs(one["compute"]) for one in made.roll())
        sums: dict[str, int] = defaultdict(int)
        for row in csv.DictReader(StringIO(journal_csv(made.entries).decode())):
            debit, credit = row["debit_micro_dollars"], row["credit_micro_dollars"]
            sums[row["date"]] += int(debit or 0) - int(credit or 0)
            assert bool(debit) != bool(credit)
        assert set(sums.values()) <= {0}
    assert finals > 0
    assert reclassified > 0
    files = []
    for day in reversed(days):
        files.append(tmp_path / f"{day}.json")
        files[-1].write_bytes(as_json(books.fold.found[day, accounts[1]]))
    out = tmp_path / "journal.csv"
    words = ["hedge", "journal", str(saved), "--statements", *map(str, files), "--out", str(out)]
    assert main([*words, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["cash_by_journal"] == told["cash_by_statement"]
    assert out.read_text().startswith("date,account,name")
    assert main(words) == 0
    assert "each date in balance" in capsys.readouterr().out
    assert FIRST in days


def test_an_answer_is_sealed_by_all_of_it(saved: Path) -> None:
    answer = read_answer(saved.read_bytes(), "plan.json")
    for change in ({"text": "x"}, {"png": b""}, {"house": ""}, {"value": {}}):
        changed: Answer = msgspec.structs.replace(answer, **change)
        assert changed.digest != answer.sha256
