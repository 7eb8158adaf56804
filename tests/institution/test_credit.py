"""Suppliers on file in the folder of a house, and what the command says of them."""

from __future__ import annotations

import json
import time
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from lasalle.credit.model import DOLLAR, Collateral, CreditError, Letter, Sold
from lasalle.credit.supplier_file import digest, read_supplier
from lasalle.institution.command_line import main
from lasalle.institution.credit_house import (
    EXAMPLES,
    among,
    as_it_stands,
    example_text,
    file_examples,
    judge_house,
    marks_of,
    rises,
    shifted,
)
from lasalle.institution.credit_sold import HOUR, Views, sold_here
from lasalle.institution.credit_store import QUARTER_NS, CreditStore
from lasalle.wire import SeriesState
from tests.credit.world import DAY, supplier

NOW = 1_795_608_000 * 10**9
"""2026-11-25 in nanoseconds UTC."""


@pytest.fixture
def store(tmp_path):
    (tmp_path / "journal").mkdir()
    return CreditStore(tmp_path)


@pytest.mark.rule("CRD-018")
def test_a_file_is_kept_once_and_never_written_over(store):
    one, later = supplier(), supplier(as_of=date(2026, 11, 21), title="Told anew")
    assert store.file(one, 1, NOW) == (1, digest(one))
    before = store.path.read_bytes()
    assert store.file(one, 2, NOW + 1) == (1, digest(one))
    assert store.path.read_bytes() == before
    assert store.file(later, 1, NOW + 2)[0] == 2
    assert store.path.read_bytes().startswith(before)
    assert store.held()["tested"].file == later
    with pytest.raises(CreditError, match="as_of: expected 2026-11-21 or later"):
        store.file(replace(one, title="Older"), 1, NOW)
    with pytest.raises(CreditError, match="on file"):
        store.known("unknown")


@pytest.mark.rule("CRD-018")
def test_a_torn_line_is_dropped_and_a_bent_one_is_an_alarm(store):
    store.file(supplier(), 1, NOW)
    store.see("tested", 0.1, 1, NOW)
    whole = store.path.read_bytes()
    for cut in (1, 5, 30):
        store.path.write_bytes(whole[:-cut])
        assert [row["kind"] for row in store.rows()] == ["filed"]
        store.see("tested", 0.2, 1, NOW)
        assert store.held()["tested"].heartbeats(NOW) == 0.2
    first, _, second = whole.partition(b"\n")
    bent = first.replace(b'"by":1', b'"by":2') + b"\n" + second
    for content in (bent, second, first + b"\n" + first + b"\n", whole + b"not a line\n"):
        store.path.write_bytes(content)
        with pytest.raises(CreditError, match="does not follow"):
            store.rows()


@pytest.mark.rule("CRD-023")
def test_a_letter_is_drawn_up_to_what_is_left_and_never_forgotten(store):
    letter = Letter("Bank", "AA", 1_000, date(2027, 6, 1))
    one = supplier(collateral=Collateral(letters=(letter,)))
    store.file(one, 1, NOW)
    assert store.draw("tested", "Bank", 400, 1, NOW) == (letter, 600)
    assert store.held()["tested"].file.collateral.letters[0].drawn_usd == 400
    for issuer, usd, says in (("Bank", 601, "1 to 600"), ("Bank", 0, "1 to 600"), ("B", 1, "Bank")):
        with pytest.raises(CreditError, match=says):
            store.draw("tested", issuer, usd, 1, NOW)
    with pytest.raises(CreditError, match="it ended"):
        store.draw("tested", "Bank", 1, 1, NOW + 300 * 86_400 * 10**9)
    assert store.draw("tested", "Bank", 600, 2, NOW)[1] == 0
    (judged,) = judge_house(store, NOW)
    assert judged.secured.letters == 0
    with pytest.raises(CreditError, match=r"drawn_usd: expected 1000 or more"):
        store.file(replace(one, title="Told anew"), 1, NOW)


@pytest.mark.rule("CRD-023")
def test_a_letter_prolonged_or_named_anew_stays_drawn(store):
    letter = Letter("Bank", "AA", 1_000, date(2027, 6, 1))
    one = supplier(collateral=Collateral(letters=(letter,)))
    store.file(one, 1, NOW)
    store.draw("tested", "Bank", 400, 1, NOW)
    longer = replace(letter, expires=date(2028, 6, 1))

    def told(*letters: Letter) -> None:
        store.file(replace(one, collateral=Collateral(letters=letters)), 1, NOW)

    with pytest.raises(
        CreditError, match=r"\[0\].drawn_usd: expected 400 or more of letter Bank 1"
    ):
        told(longer)
    with pytest.raises(CreditError, match="stands to 2027-06-01, found none of that reference"):
        told(replace(longer, reference="LC-7"))
    told(replace(longer, drawn_usd=400, reference="Bank 1"))
    store.draw("tested", "Bank 1", 100, 1, NOW)
    with pytest.raises(CreditError, match="expected 500 or more"):
        told(replace(longer, drawn_usd=400))
    # What has ended may be left out.
    later = date(2028, 6, 2)
    store.file(replace(one, collateral=Collateral(), as_of=later), 1, NOW)


@pytest.mark.rule("CRD-023")
def test_a_drawing_falls_on_one_letter_that_ends_first_and_has_enough(store):
    soon, late = date(2027, 6, 1), date(2028, 6, 1)
    letters = (
        Letter("Bank", "AA", 100, late),
        Letter("Bank", "AA", 5_000, soon, reference="LC-1"),
        Letter("Bank", "AA", 5_000, soon, reference="LC-2"),
        Letter("Bank", "AA", 700, date(2026, 11, 1), reference="LC-0"),
    )
    store.file(supplier(collateral=Collateral(letters=letters)), 1, NOW)

    def drawn() -> list[int]:
        return [x.drawn_usd for x in store.held()["tested"].file.collateral.letters]

    first = store.draw("tested", "Bank", 4_000, 1, NOW, "call-1")
    assert first == (letters[1], 1_000)
    assert drawn() == [0, 4_000, 0, 0]
    assert store.draw("tested", "Bank", 4_000, 1, NOW, "call-2") == (letters[2], 1_000)
    assert store.draw("tested", "Bank 1", 100, 1, NOW) == (letters[0], 0)
    assert drawn() == [100, 4_000, 4_000, 0]
    # Under its reference the first drawing is answered as it was.
    assert store.draw("tested", "LC-1", 4_000, 1, NOW, "call-1") == first
    for named, says in (("Bank", "1 to 1000"), ("LC-0", "it ended 2026-11-01"), ("LC-9", "LC-2")):
        with pytest.raises(CreditError, match=says):
            store.draw("tested", named, 1_001, 1, NOW)


@pytest.mark.rule("CRD-023")
def test_a_drawing_of_a_record_that_named_no_letter_falls_on_one(store):
    late = date(2028, 6, 1)
    pair = tuple(Letter("Bank", "AA", usd, late) for usd in (500, 900))
    store.file(supplier(collateral=Collateral(letters=pair)), 1, NOW)
    with store.alone():
        store._add("letter_drawn", "tested", 1, NOW, issuer="Bank", expires=f"{late}", usd=800,
                   left=100, reference="call-1")  # fmt: skip
    assert [x.drawn_usd for x in store.held()["tested"].file.collateral.letters] == [0, 800]
    with pytest.raises(CreditError, match="expected one not used yet"):
        store.draw("tested", "Bank", 800, 1, NOW, "call-1")


@pytest.mark.rule("CRD-009")
def test_a_line_takes_two_officers_and_one_ends_it(store):
    store.file(supplier(), 1, NOW)

    def line() -> int:
        return store.held()["tested"].line

    assert store.line("tested", 500, 1, NOW) == "waits for another officer"
    assert store.line("tested", 500, 1, NOW) == "waits for another officer"
    assert line() == 0
    # Another amount is another question, not an answer.
    assert store.line("tested", 600, 2, NOW) == "waits for another officer"
    assert line() == 0
    assert store.line("tested", 600, 1, NOW) == "on"
    assert line() == 600 * DOLLAR
    assert store.line("tested", 0, 2, NOW) == "off"
    assert line() == 0


@pytest.mark.rule("CRD-016")
def test_grades_are_kept_when_they_change_and_a_fall_is_told_for_a_quarter(store):
    store.file(supplier(), 1, NOW)
    store.graded({"tested": "A"}, NOW)
    store.graded({"tested": "A"}, NOW + 1)
    store.graded({"tested": "C"}, NOW + 2)
    held = store.held()["tested"]
    assert held.grades == [(NOW, "A"), (NOW + 2, "C")]
    assert held.grade_before(NOW + 3) == "A"
    assert held.grade_before(NOW + 3 + QUARTER_NS) == "C"
    (one,) = judge_house(store, NOW + 3)
    assert one.score.grade == "B"
    assert "fallen grade" in [s.name for s in one.warned.signs]
    assert held.heartbeats(NOW) == 0.0
    with pytest.raises(CreditError, match="share from 0 to 1"):
        store.see("tested", 1.5, 1, NOW)


def view(symbol: str, mark: int, index: int = 1, state=SeriesState.OPEN, first: int = 202612):
    terms = SimpleNamespace(symbol=symbol, index=index, first_month=first)
    return SimpleNamespace(terms=terms, mark=mark, state=state)


def test_prices_rises_and_sales_are_read_from_the_house():
    series = {
        1: view("H100-2026-12", 2_700_000),
        2: view("H100-2027-01", 2_900_000, first=202701),
        3: view("H100-2026-11", 9_000_000, state=SeriesState.EXPIRED, first=202611),
        4: view("H100.FUE-2027-06", 2_450_000, first=202706),
        5: view("H100-2027-02-C-3.000", 100_000, first=202702),
    }
    fixings = [
        SimpleNamespace(index=1, day=day, price=price)
        for day, price in ((20261101, 1), (20261112, 2_000_000), (20261118, 2_200_000),
                           (20261120, 2_600_000))
    ]  # fmt: skip
    market: Any = SimpleNamespace(
        series=series, by_symbol={v.terms.symbol: v for v in series.values()}, fixings=fixings
    )
    account = SimpleNamespace(positions={1: -5, 4: -40, 5: -3})
    owed = SimpleNamespace(deliveries={})
    accounts: Any = SimpleNamespace(accounts={7: account}, margins=SimpleNamespace(owed=owed))
    views = Views(market, accounts)
    assert marks_of(views.market) == {"H100": 2_700_000}
    assert rises(views) == {"H100": pytest.approx(0.3)}
    mine = as_it_stands(supplier(account=7), DAY, views)
    assert [(s.month, s.place, s.accelerators, s.hours, s.price) for s in mine.sold] == [
        ("2027-06", "UE", 40, 40 * 720, "2.450000")
    ]
    assert as_it_stands(supplier(account=8), DAY, views).sold == ()


@pytest.mark.rule("CRD-013")
def test_blocks_count_by_their_hours_and_deliveries_until_they_are_final():
    """Fourteen days of ten and a week of five that begins in December lie in January and December
    with their hours; of a delivery what is not final is still owed, at its own price."""
    days = {n: view(f"H100.FUE-2027-01-{n:02d}", 2_000_000, first=202701) for n in range(4, 18)}
    series = days | {
        30: view("H100.FUE-2026W53", 3_000_000, first=202612),
        31: view("H100.FUE-2027-02-01", 9_000_000, first=202702),
        32: view("TSTD.F-2027-02-02", 9_000_000, first=202702),
    }
    market: Any = SimpleNamespace(series=series, by_symbol={}, fixings=[])
    account = SimpleNamespace(positions=dict.fromkeys(days, -10) | {30: -5})
    begins = 1_801_440_000 * 10**9
    made = SimpleNamespace(account=7, series=31, lots=8, price=2_500_000, begins=begins,
                           ends=begins + 24 * HOUR, final_hours=6)  # fmt: skip
    deliveries = {1: made, 2: SimpleNamespace(**{**vars(made), "account": 8}),
                  3: SimpleNamespace(**{**vars(made), "final_hours": 24}),
                  4: SimpleNamespace(**{**vars(made), "series": 32})}  # fmt: skip
    owed = SimpleNamespace(owed=SimpleNamespace(deliveries=deliveries))
    accounts: Any = SimpleNamespace(accounts={7: account}, margins=owed)
    assert sold_here(Views(market, accounts), 7) == (
        Sold("2026-12", "H100", "UE", 5, "3.000000", hours=5 * 24 * 4),
        Sold("2027-01", "H100", "UE", 10, "2.096774", hours=10 * 24 * 14 + 5 * 24 * 3),
        Sold("2027-02", "H100", "UE", 8, "2.500000", hours=8 * 18),
    )
    early = SimpleNamespace(**{**vars(made), "begins": begins - HOUR // 2, "final_hours": 0,
                               "ends": begins + HOUR // 2})  # fmt: skip
    accounts.margins.owed.deliveries = {1: early}
    account.positions = {}
    assert [(s.month, s.hours) for s in sold_here(Views(market, accounts), 7)] == [
        ("2027-01", 8), ("2027-02", 8)
    ]  # fmt: skip


@pytest.mark.rule("CRD-016")
def test_one_that_cannot_be_judged_holds_up_no_other(store, capsys):
    unpriced = replace(supplier().fleet[0], grade="B300")
    store.file(supplier(), 1, NOW)
    store.file(supplier(supplier="unpriced", fleet=(unpriced,), sold=()), 1, NOW)
    faults: dict[str, str] = {}
    (one,) = judge_house(store, NOW, faults=faults)
    assert one.file.supplier == "tested"
    assert "expected one with a price" in faults["unpriced"]
    assert "found B300" in faults["unpriced"]
    with pytest.raises(CreditError, match="unpriced is not judged: grade"):
        among((one,), "unpriced", faults)
    folder = str(store.path.parent.parent)
    assert main(["credit", "portfolio", folder]) == 0
    said = capsys.readouterr()
    assert "tested" in said.out
    assert "unpriced" not in said.out
    assert "by what the files say was sold, at published offers" in said.err
    assert "unpriced is not judged: grade" in said.err


def test_made_up_suppliers_are_told_as_of_the_day(store, tmp_path):
    one = read_supplier(example_text("northern-halls"))
    later = shifted(one, date(2027, 2, 3))
    assert later.sold[0].month == "2027-03"
    assert later.fleet[0].vintage == "2025-12"
    assert later.as_of == date(2027, 2, 3)
    file_examples(tmp_path, 1, NOW)
    file_examples(tmp_path, 1, NOW + 10**18)
    assert sorted(store.held()) == sorted(EXAMPLES)
    assert len(store.rows()) == len(EXAMPLES)
    grades = {j.file.supplier: j.score.grade for j in judge_house(store, NOW)}
    assert grades["northern-halls"] < grades["plateau-compute"] < grades["sandbar-resale"]


def test_the_command_says_what_the_desk_finds(store, tmp_path, capsys):
    def said(*words: str) -> str:
        assert main(["credit", *words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    path = tmp_path / "mine.toml"
    path.write_text(said("example", "plateau-compute"))
    assert "plateau-compute: sound" in said("check", str(path))
    assert "no supplier is on file" in said("portfolio", str(tmp_path))
    for name in EXAMPLES:
        assert "digest" in said("file", str(tmp_path), name, "--by", "1")
    assert "grade" in said("score", "northern-halls")
    assert json.loads(said("score", "sandbar-resale", "--json"))["stopped"] is True
    assert "3.0%" in said("see", str(tmp_path), "plateau-compute", "0.03", "--by", "1")
    book = said("portfolio", str(tmp_path))
    assert all(name in book for name in EXAMPLES)
    assert "made up: " in book
    assert len(json.loads(said("portfolio", str(tmp_path), "--json"))) == 3
    words = ("what-if", str(tmp_path), "northern-halls", "next+2", "H100", "EN")
    assert "more H100 in EN" in said(*words, "--price", "2.40")
    assert json.loads(said(*words, "--json"))["more"] > 0
    drawn = said("draw", str(tmp_path), "northern-halls", "Bank of the North", "5", "--by", "1")
    assert "payment of 5 USD" in drawn
    assert "2,999,995 USD" in drawn
    assert "expected loss" in said("loss", str(tmp_path), "--draws", "1000", "--seed", "3")
    assert json.loads(said("lifetimes", "made-up", "--json"))["weibull"]["later"] > 50
    counted = said("counts", str(tmp_path), "plateau-compute", "2")
    assert counted.startswith("lasalle propose set_delivery_credit '")
    fields = json.loads(counted.split("'")[1])
    assert fields["account"] == 2
    assert fields["basis"] == store.held()["plateau-compute"].digest
    (judged,) = (
        j for j in judge_house(store, time.time_ns()) if j.file.supplier == "plateau-compute"
    )
    assert fields["amount"] == sum(m.offset for m in judged.margins) + judged.secured.hardware
    offset, rest = (sum(getattr(m, n) for m in judged.margins) for n in ("offset", "asked"))
    assert fields["share"] == (10_000 * offset + 5_000 * rest) // (offset + rest)
    assert "worth of new" in said("residual")
    for wrong, says in (
        (("check", str(tmp_path / "journal" / "none")), "none"),
        (("what-if", str(tmp_path), "nobody", "next", "H100", "EN"), "on file"),
        (("what-if", str(tmp_path), "northern-halls", "June", "H100", "EN"), "YYYY-MM"),
        (("portfolio", str(tmp_path / "journal")), "folder with a journal"),
        (("residual", "--prices", str(tmp_path)), "found nothing"),
        (("loss", str(tmp_path), "--draws", "5"), "1000 to 2000000"),
        (("lifetimes", str(path)), "expected heads"),
        (("lifetimes", "made-up", "--cut", "2"), "0.1 to 0.9"),
    ):
        assert main(["credit", *wrong]) == 1
        assert says in capsys.readouterr().err
