"""What a family settles on is what the record of its index says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lasalle.contracts import numbered_day
from lasalle.exchange import load_schedule
from lasalle.indices import FixingError
from lasalle.indices.record import Stage
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
from lasalle.wire import SeriesState
from tests.institution.test_day import Clock, at
from tests.institution.test_families import short
from tests.institution.test_index_command import history, priced
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
        *finals, provisional = rows
        assert provisional.stage is Stage.PROVISIONAL
        assert on_log == [(r.fixing["day"], r.fixing["price"]) for r in finals]
        assert len(on_log) == 34
        assert house.market.fixings[-1].inputs.hex() == finals[-1].fixing["inputs_root"]
        assert house.market.settled_day == 20250209, "the date is marked all the same"
    finally:
        house.release()
    with pytest.raises(FamilyError, match="evidence"):
        loader_of(family)


@pytest.mark.rule("IDX-014")
@pytest.mark.rule("IDX-021")
def test_a_month_settles_on_finals_alone(tmp_path) -> None:
    """On the evening its last date is provisional the month waits for it; what a source says of
    that date within its challenge time is in the final price, and the log never said otherwise.
    """
    prices, clock = history(tmp_path / "prices", days=70), Clock("2025-02-27T12:00")
    folder = tmp_path / "house/indices"
    family = replace(short(load_families()[0]), evidence="record")
    house = open_house(tmp_path / "house", clock)
    try:
        found_demo(house)
        loaded = [(family, loader_of(family, store=IndexStore(folder)))]
        desk = DayDesk(
            house.views, load_schedule("demonstration"), demo.DAY_DESK, loaded, demo.SECOND
        )
        for text in ("2025-02-27", "2025-02-28", "2025-03-01"):
            clock.now = at(f"{text}T12:00")
            rounds(folder, prices, "H100-US").run(clock())
            run_due(house, desk, clock())
        february = house.market.by_symbol["H100-2025-02"]
        assert february.state != SeriesState.EXPIRED
        assert "none for 2025-02-28" in desk.said()
        provisional = IndexStore(folder).record("H100-US").current()[-1]
        assert (provisional.fixing["day"], provisional.stage) == ("2025-02-28", Stage.PROVISIONAL)
        # The last date is looked at again before it is final.
        history(tmp_path / "prices", days=70, bend=priced(range(53, 54), 1.02, regions=4))
        clock.now = at("2025-03-02T12:00")
        rounds(folder, prices, "H100-US").run(clock())
        run_due(house, desk, clock())
        assert february.state == SeriesState.EXPIRED
        final = next(r for r in IndexStore(folder).record("H100-US").rows
                     if r.fixing["day"] == "2025-02-28" and r.stage is Stage.FINAL)  # fmt: skip
        assert final.fixing["price"] != provisional.fixing["price"]
        told = {f.day: f.price for f in house.market.fixings}
        assert told[20250228] == final.fixing["price"]
        assert max(told) == 20250228, "the first of March is provisional"
    finally:
        house.release()
