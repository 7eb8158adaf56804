"""Rows of families: what is refused of one, and what a house keeps that was begun under another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lasalle import wire
from lasalle.contracts import Form
from lasalle.exchange import load_schedule
from lasalle.indices import ChainMethod, MeanMethod
from lasalle.institution import demo
from lasalle.institution.day import DayDesk
from lasalle.institution.evidence import loader_of
from lasalle.institution.families import (
    WIDE,
    FamilyError,
    as_begun,
    families_of,
    load_families,
    read_family,
)
from lasalle.institution.house import open_house
from lasalle.institution.index_house import rounds_of
from lasalle.institution.index_store import FOLDER, IndexStore
from lasalle.institution.recompute import compare, loaded, sealed_fixings
from lasalle.institution.running import found_demo, run_due
from lasalle.institution.serve import about, desk_of
from lasalle.institution.settings import DEMONSTRATION
from tests.institution.test_day import Clock, at
from tests.institution.test_families import HERE, short


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"products": ["deliverable-basket"]}, "products: expected products that have a model"),
        ({"products": ["grade-basis"], "family": "A100"}, "against: expected against and correl"),
        ({"against": "H100", "correlation": 0.1}, "against: expected against and correlation of"),
        ({"products": ["location-basis"]}, "products: expected products on one index"),
        ({"products": ["location-basis"], "place": "XX"}, "place: expected one that its product"),
        ({"counts": {"month-future": 0}}, "counts: expected 1 or more of each of some of its"),
        ({"counts": {"variance-future": 1}}, "counts: expected 1 or more of each of some of"),
        ({"group": 0}, "group: expected 1 to 1000"),
        ({"begins": "2026-01-01"}, "begins: expected date"),
        ({"months": True}, "months: expected int"),
        ({"options": {"months": -1, "strikes": 1}}, "options: expected months from 0"),
    ],
)
def test_a_row_of_families_that_is_wrong_is_refused(terms, told) -> None:
    row = {
        "family": "H100", "group": 1, "products": ["month-future"], "method": 3,
        "evidence": "offers", "begins": date(2023, 7, 1), "months": 24,
        "options": {"months": 1, "strikes": 1},
    }  # fmt: skip
    assert read_family(row).standards[0].symbol_form is Form.AVERAGE
    with pytest.raises(FamilyError, match=told):
        read_family(row | terms)


def test_a_basis_needs_a_family_of_the_house_on_the_index_it_takes_away() -> None:
    wide = load_families(WIDE)
    assert [f.name for f in wide] == ["H100", "TSTD", "A100.GH100", "H100.LEN", "H100.FUE"]
    assert {f.against for f in wide[2:4]} == {"H100"}
    assert not any(f.shares for f in wide), "their own indices are listed by nobody else"
    with pytest.raises(FamilyError, match="against: expected a family of this house on H100-US"):
        families_of(wide[1:])
    with pytest.raises(FamilyError, match="group: expected another for each family"):
        families_of([*wide[:2], replace(wide[2], group=1)])
    row = {
        "family": "A100", "group": 9, "products": ["month-future"], "method": 2,
        "evidence": "offers", "begins": date(2025, 1, 1), "months": 3,
        "options": {"months": 0, "strikes": 1},
    }  # fmt: skip
    assert families_of([*wide, read_family(row)])[2].shares == "A100"


def test_a_house_that_is_begun_takes_the_newest_version_and_each_row_knows_earlier_ones() -> None:
    for family in load_families(WIDE):
        assert isinstance(family.method, ChainMethod)
        assert {f.method.version for f in family.earlier} < set(range(family.method.version))
        for one in family.earlier:
            assert (one.index, one.group, one.name) == (family.index, family.group, family.name)
            now = {s.product: s.version for s in family.standards}
            # What delivers came later: a house begun before it lists none.
            assert now.keys() - {s.product for s in one.standards} <= {"work-forward-firm"}
            assert all(s.version <= now[s.product] for s in one.standards)
    row = {
        "family": "H100", "group": 1, "products": ["month-future"], "method": 3,
        "evidence": "offers", "begins": date(2023, 7, 1), "months": 24,
        "options": {"months": 1, "strikes": 1}, "earlier": [{"method": 1}],
    }  # fmt: skip
    with pytest.raises(FamilyError, match="earlier: expected method, products and what else"):
        read_family(row)


def test_a_house_begun_under_version_1_keeps_it_and_the_standards_of_its_time(
    tmp_path, capsys
) -> None:
    """Opened by a program whose families have a later version, it lists, fixes and settles on; its
    record, its inputs and an audit of its journal are of the version on its log."""
    clock = Clock("2026-03-05T12:00")
    house = open_house(tmp_path, clock)
    found_demo(house)
    (old,) = (f for f in load_families()[0].earlier if f.method.version == 1)
    assert isinstance(old.method, MeanMethod)
    first = short(old)
    desk = DayDesk(
        house.views, load_schedule("demonstration"), demo.DAY_DESK,
        [(first, loader_of(first, HERE))], demo.SECOND,
    )  # fmt: skip
    run_due(house, desk, clock())
    assert {f.method for f in house.market.fixings} == {1}
    pinned = house.market.by_symbol["H100-2026-03"].terms
    assert (pinned.standard_version, pinned.index) == (1, 1)
    house.close()
    house = open_house(tmp_path, clock)
    again = desk_of(house, DEMONSTRATION)
    kept, tokens = again.families
    assert (kept.method.version, tokens.method.version) == (1, 4)
    assert {s.name for s in kept.standards} == {s.name for s in old.standards}
    rounds = rounds_of(house, DEMONSTRATION, IndexStore(tmp_path / FOLDER))
    assert next(m for m in rounds.methods if m.index == "H100-US") is kept.method
    told = about(DEMONSTRATION, again)
    assert any("H100-US index" in word for word in [*told["real"], *told["simulated"]])
    desk = DayDesk(
        house.views, load_schedule("demonstration"), demo.DAY_DESK,
        [(short(kept), loader_of(short(kept), HERE))], demo.SECOND,
    )  # fmt: skip
    clock.now = at("2026-03-06T12:00")
    run_due(house, desk, clock())
    last = house.market.fixings[-1]
    assert (last.day, last.method, last.index) == (20260305, 1, 1)
    assert {v.terms.standard_version for v in house.market.series.values()} == {1}
    house.close()
    sealed = sealed_fixings(tmp_path)
    assert {type(c) for c in sealed[1]} == {wire.PublishFixing}
    assert compare(tmp_path, loaded(HERE, sealed), {1: "H100-US"}) == 0
    assert "agree bit for bit" in capsys.readouterr().out
    assert as_begun(load_families(), ())[0].method.version == 4
