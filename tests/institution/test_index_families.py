"""What a family settles on is what the record of its index says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lasalle.contracts import numbered_day
from lasalle.exchange import load_schedule
from lasalle.indices import FixingError
from lasalle.institution import demo, index_house
from lasalle.institution.day import DayDesk
from lasalle.institution.evidence import loader_of
from lasalle.institution.families import FamilyError, load_families
from lasalle.institution.house import open_house
from lasalle.institution.index_house import own_evidence
from lasalle.institution.index_rounds import Rounds
from lasalle.institution.index_sources import IndexSettings
from lasalle.institution.index_store import IndexStore
from lasalle.institution.running import found_demo, run_due
from tests.institution.test_day import Clock
from tests.institution.test_families import short
from tests.institution.test_index_command import history
from tests.institution.test_index_rounds import SECOND, rounds


def test_a_demonstration_records_what_its_families_settle_on(tmp_path, monkeypatch) -> None:
    """Both families, from made-up paths: the record and the desk's own fixings are the same."""
    from lasalle.institution import evidence as evidence_module

    monkeypatch.setattr(index_house, "PRICES", tmp_path)
    monkeypatch.setattr(evidence_module, "PRICES", tmp_path)
    last = date(2026, 1, 20)
    now = int(datetime(2026, 1, 21, 0, 30, tzinfo=UTC).timestamp()) * SECOND
    asked = IndexSettings(tmp_path, tuple(f.method.index for f in load_families()))
    own = {f.method.index: own_evidence(f) for f in load_families()}
    found = Rounds(IndexStore(tmp_path / "i"), asked, {}, {}, own=own).run(now)
    assert found.failed == {}
    for family in load_families():
        fixings, real = evidence_module.loader_of(family, tmp_path)(last)
        assert not real
        rows = IndexStore(tmp_path / "i").record(family.method.index).current()
        assert {r.fixing["day"]: r.fixing["price"] for r in rows} == {
            f.day.isoformat(): f.price_micro_dollars for f in fixings
        }
        assert rows[-1].fixing["simulated"]


def test_the_desk_of_a_family_is_handed_what_the_timetable_laid_down(tmp_path) -> None:
    """Fixings come on the log once their row stands in the record, and bear what the row bears."""
    prices, clock = history(tmp_path / "prices", days=40), Clock("2025-02-10T12:00")
    folder = tmp_path / "house/indices"
    family = replace(short(load_families()[0]), evidence="record")
    house = open_house(tmp_path / "house", clock)
    try:
        found_demo(house)
        loaded = [(family, loader_of(family, store=IndexStore(folder)))]
        desk = DayDesk(house.views, load_schedule("demonstration"), demo.DAY_DESK, loaded)
        with pytest.raises(FixingError, match=r"a row of H100-US for 2025-02-09, found 'none'"):
            run_due(house, desk, clock())
        assert not house.market.fixings
        rounds(folder, prices, "H100-US").run(clock())
        run_due(house, desk, clock())
        rows = IndexStore(folder).record("H100-US").current()
        on_log = [(numbered_day(f.day).isoformat(), f.price) for f in house.market.fixings]
        assert on_log == [(r.fixing["day"], r.fixing["price"]) for r in rows]
        assert len(on_log) == 35
        assert house.market.fixings[-1].inputs.hex() == rows[-1].fixing["inputs_root"]
        assert house.market.settled_day == 20250209
    finally:
        house.release()
    with pytest.raises(FamilyError, match="evidence"):
        loader_of(family)
