"""What a term sheet promises of its index, the index keeps: each standard that settles in cash is
held against the table of its method, and each method is made to live through what it promises."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date

import pytest

from lasalle.contracts import load_catalogue
from lasalle.contracts.sheet import term_sheet
from lasalle.indices import ChainMethod, MeanMethod, PriceType, Unit, fixing_history, method_of
from lasalle.indices.bundle import day_of
from lasalle.indices.chain import Rung, Status
from lasalle.indices.evidence import Evidence
from lasalle.indices.quotes import EvidenceBook, evidence_table
from lasalle.indices.record import Stage
from lasalle.indices.simulated import simulated_history
from lasalle.institution.families import load_families
from lasalle.institution.index_desk import IndexDesk
from lasalle.institution.index_store import IndexStore
from lasalle.institution.index_terms import index_section
from tests.indices.offers import DAY

CATALOGUE = load_catalogue()
CASH = tuple(s for s in CATALOGUE.every_standard() if not s.delivers)
FIRST = day_of(date(2026, 1, 1))
TIERS = ("executed", "executable", "list")


def indices_of(standard) -> dict[str, tuple[str, str]]:
    """Grade and location that each index of a standard has to price, by its name."""
    terms = standard.terms
    grade, place = terms["slice"]["id"], terms["location"]["id"]
    found = {standard.index: (grade, place)}
    if other := terms["contract"].get("against_index"):
        against = terms["against"]["id"]
        found[other] = (against, place) if standard.form == "grade_basis" else (grade, against)
    return found


SETTLED = {index: asked for standard in CASH for index, asked in indices_of(standard).items()}


def regions(place: str) -> set[str]:
    return set(CATALOGUE.find(place).terms["regions"])


def said(standard) -> dict[str, str]:
    section = index_section(standard)
    assert section is not None, standard.name
    sheet = term_sheet(standard, section)
    assert section in sheet.front
    return dict(section.rows)


def test_every_standard_settled_in_cash_says_what_the_table_of_its_index_says() -> None:
    reached: Counter[str] = Counter()
    for standard in CASH:
        told = said(standard)
        listed = standard.terms["clauses"]["id"] == "cash-list"
        for index, (grade, place) in indices_of(standard).items():
            method = method_of(index)
            table = tomllib.loads(method.text.decode())
            row = told["Evidence"] if index == standard.index else told["Taken away"]
            assert row.startswith(f"{index}, version {table['version']}: ")
            if listed:
                assert isinstance(method, MeanMethod), standard.name
                assert table["source"] in row
                reached["one list"] += 1
                continue
            assert isinstance(method, ChainMethod), standard.name
            assert set(table["coefficients"]["grade"]) == {grade}, "what is priced is the grade"
            at = set(table["coefficients"]["location"])
            if at != {""}:
                assert set().union(*map(regions, at)) == regions(place), "and where it is"
                assert all(name in row for name in at)
            assert all(name in row for name in table["sources"]["names"])
            unseen = row.partition(". Never run live: ")[2].split(", ")
            expected = {"aws-spot", "azure-retail", "vast"} if grade[0] != "T" else {""}
            assert set(unseen) == expected, "connectors that met recorded answers alone"
            reached["chain"] += 1
    assert reached["chain"] == 80
    assert reached["one list"] == 3


def test_the_numbers_of_a_sheet_are_those_of_the_table() -> None:
    for standard in CASH:
        method, told = method_of(standard.index), said(standard)
        if isinstance(method, MeanMethod):
            assert told["Moving it"].startswith("No cost is published")
            assert told["Final"].endswith("never corrected")
            continue
        table = tomllib.loads(method.text.decode())
        hierarchy = told["Hierarchy"].lower()
        places = [hierarchy.index(f"{tier} prices") for tier in TIERS]
        assert places == sorted(places), "stronger evidence first"
        for tier in TIERS:
            assert f"{tier} prices of {table['tiers'][tier]['offers']} offers" in hierarchy
        assert f"last {table['fallback']['wider_days']} days" in told["Fallback"]
        stale = f"list prices of the last {table['fallback']['stale_days']} days"
        assert (stale in told["Fallback"]) is bool(table["fallback"]["stale_days"])
        for cap in ("publisher_cap_ppm", "cap_ppm", "offer_cap_ppm"):
            assert f"above {table['sources'][cap] / 10_000:g} %" in told["Weights"]
        assert f"more than {table['chain']['match_days']} silent days" in told["Fallback"]
        time = table["timetable"]
        assert f"Provisional {time['provisional_minutes']} minutes" in told["Final"]
        assert f"final {time['challenge_hours']} hours later" in told["Final"]
        corridor = table["corridor"]
        assert f"Further than {corridor['width_ppm'] / 10_000:g} %" in told["Level"]
        assert f"by {corridor['step_ppm'] / 10_000:g} % a date" in told["Level"]
        hull = f"lies {corridor.get('hull_ppm', 0) / 10_000:g} % outside all of them"
        assert (hull in told["Level"]) is ("hull_ppm" in corridor)
        cover = bool(table["shortage"]["cover_tenors"])
        assert told["Shortage"].startswith("The price of cover") is cover


def test_a_sheet_settled_in_cash_promises_no_test_that_no_price_is_put_to() -> None:
    for standard in CASH:
        sheet = term_sheet(standard, index_section(standard))
        headings = [section.heading for section in (*sheet.front, *sheet.back)]
        assert "Conformity" not in headings
        rows = dict(row for section in (*sheet.front, *sheet.back) for row in section.rows)
        if standard.terms["slice"]["kind"] == "grade":
            assert not {"Interconnect", "Cluster", "Acceptance"} & rows.keys(), standard.name
            if standard.form != "grade_basis":
                expected = "no price is tested" if standard.family != "H100GC" else "of no other"
                assert expected in rows["Grade"]


def test_what_a_served_house_lists_is_of_the_newest_standards_and_a_chain() -> None:
    families = load_families("wide")
    for family in families:
        assert isinstance(family.method, ChainMethod)
        assert family.method is method_of(family.method.index), "one name, one index"
        for standard in family.standards:
            assert standard.version == CATALOGUE.latest(standard.product).terms["version"]
            assert standard.index == family.method.index
    names = {one.index: one.number for one in map(method_of, SETTLED)}
    assert len(set(names.values())) == len(names)


def rows_of(method: ChainMethod, day: int, offers: range, **words) -> list[Evidence]:
    """Offers of a date that the index reads, each a per cent apart."""
    grade, location, tenor = method.base
    source = min(method.sources - {"lasalle-venue"})
    told = {
        "source": source, "unit": method.unit, "grade": grade, "location": location,
        "tenor_days": tenor, "size": 0, "price_type": PriceType.LIST, "simulated": False,
    }  # fmt: skip
    usd = 2_000_000 if method.unit is Unit.GPU_HOUR else 400_000
    return [
        Evidence(
            time=(FIRST + day) * DAY + DAY // 2, price=usd + usd * n // 100, offer=f"o{n}",
            reference=f"{day}-{n}", **(told | words),
        )
        for n in offers
    ]  # fmt: skip


CHAINS = sorted(i for i in SETTLED if isinstance(method_of(i), ChainMethod))


@pytest.mark.parametrize("index", CHAINS)
def test_an_index_keeps_what_its_sheet_promises(tmp_path, index) -> None:
    """Twelve dates with evidence, then silence: carried and marked while the window lasts, stale
    while a list stands, then no fixing with a reason; provisional before final; and beside each
    fixing what moving it costs."""
    method = method_of(index)
    assert isinstance(method, ChainMethod)
    fallback = tomllib.loads(method.text.decode())["fallback"]
    wider, stands = fallback["wider_days"], max(fallback["wider_days"], fallback["stale_days"])
    rows = [row for day in range(12) for row in rows_of(method, day, range(8))]
    book, store = EvidenceBook(evidence_table(rows)), IndexStore(tmp_path)
    now = (FIRST + 12) * DAY + method.provisional
    IndexDesk(store, book, now, lots=10).fix(method)
    told = {r.fixing["day"]: r for r in store.record(index).rows}
    assert [r.stage for r in told.values()] == [Stage.FINAL] * 11 + [Stage.PROVISIONAL]
    later = (FIRST + 13 + stands + 3) * DAY
    IndexDesk(store, book, later, lots=10).fix(method, through=True)
    record = store.record(index)
    finals = [r for r in record.current() if r.stage is Stage.FINAL]
    priced = [r for r in finals if r.fixing["price"]]
    assert Counter(r.fixing["rung"] for r in priced)[Rung.LIST.value] > 5
    for row in priced:
        assert {"largest_alone_ppm", "withdrawals", "gain_1_micro_dollars"} <= row.exposure.keys()
        assert row.fixing["inputs_root"]
        assert row.fixing["method_version"] == method.version
    after = [r.fixing for r in record.current()][12:]
    carried = [f for f in after if f["price"]]
    assert len(carried) == stands
    assert all(f["marks"] == ["carried"] for f in carried[:wider])
    assert all(f["marks"] == ["carried", "stale"] for f in carried[wider:])
    assert {f["evidence_day"] for f in carried} == {"2026-01-12"}
    empty = after[stands:]
    assert len(empty) >= 2
    assert {(f["status"], f["reason"]) for f in empty} == {(Status.NO_FIX.value, "evidence")}


@pytest.mark.parametrize("index", CHAINS)
def test_a_shortage_is_the_price_of_cover_or_none_and_never_the_last_price(tmp_path, index) -> None:
    method = method_of(index)
    assert isinstance(method, ChainMethod)
    rows = [r for d in range(4) for r in rows_of(method, d, range(8))]
    short = {"price_type": PriceType.SHORTAGE}
    rows += [Evidence(**{f: getattr(r, f) for f in r.__slots__} | {"price": 0} | short)
             for r in rows_of(method, 4, range(8))]  # fmt: skip
    for tenor in sorted(method.cover_tenors):
        rows += rows_of(method, 4, range(10, 13), tenor_days=tenor)
    desk = IndexDesk(IndexStore(tmp_path), EvidenceBook(evidence_table(rows)), 2**62, lots=0)
    *_, last = (r.fixing for r in desk.fix(method))
    if method.cover_tenors:
        assert (last["status"], last["reason"]) == ("shortage", "shortage")
        assert last["price"] > 2_100_000
    else:
        assert (last["status"], last["reason"], last["price"]) == ("no-fix", "shortage", 0)


def test_the_index_of_one_list_keeps_what_its_sheet_promises() -> None:
    """The last price, marked, for as long as nothing is read, and no other evidence."""
    (method,) = {method_of(s.index) for s in CASH if s.terms["clauses"]["id"] == "cash-list"}
    assert isinstance(method, MeanMethod)
    seen = simulated_history(1, date(2026, 1, 1), date(2026, 1, 8))
    made = fixing_history(seen, date(2026, 6, 30), method.identity)
    assert [f.carried for f in made[8:]] == [True] * (len(made) - 8)
    assert {f.price_micro_dollars for f in made[7:]} == {made[7].price_micro_dollars}
    assert {f.method_version for f in made} == {method.version}
