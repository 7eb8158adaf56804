"""The indices of a served house: each date fixed at its time, once, wherever it is stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from lasalle.gateway.measures import Measures
from lasalle.indices import EVIDENCE_SCHEMA, PriceType
from lasalle.indices.bundle import recompute
from lasalle.indices.quotes import evidence_table
from lasalle.indices.record import Row, Stage
from lasalle.indices.record_file import RECORD_SCHEMA, read_record, write_record
from lasalle.indices.sources import SourceError, Unreachable
from lasalle.institution import index_store
from lasalle.institution.house import open_house
from lasalle.institution.index_desk import standing_state
from lasalle.institution.index_house import rounds_of
from lasalle.institution.index_rounds import Rounds, keep_indices
from lasalle.institution.index_sources import (
    IndexSettings,
    KeptEvidence,
    read_index_settings,
    sources_of,
)
from lasalle.institution.index_store import IndexStore
from lasalle.institution.settings import DEMONSTRATION, Settings, SettingsWrong
from tests.indices.offers import every
from tests.institution.test_index_command import FIRST, history

SPOT, LIST, SECOND = "H100-US", "H100-GCP-US-CENTRAL1", 10**9


def at(day: int, clock: str) -> int:
    """Nanoseconds UTC of a time on a day counted from the first of the history."""
    hour, minute = map(int, clock.split(":"))
    start = datetime(FIRST.year, FIRST.month, FIRST.day, hour, minute, tzinfo=UTC)
    return int((start + timedelta(days=day)).timestamp()) * SECOND


def name(day: int) -> str:
    return (FIRST + timedelta(days=day)).isoformat()


@pytest.fixture
def prices(tmp_path) -> Path:
    return history(tmp_path / "prices")


def rounds(folder: Path, prices: Path, *indices: str, **more) -> Rounds:
    asked = IndexSettings(prices, indices or (SPOT,))
    read, _ = sources_of(asked, folder, {})
    return Rounds(IndexStore(folder), asked, {**read, **more.pop("read", {})},
                  more.pop("looked", {}), **more)  # fmt: skip


def told(folder: Path, index: str = SPOT) -> list[tuple[str, str, int]]:
    """Day, stage and price of each row of a record."""
    rows = IndexStore(folder).record(index).rows
    return [(r.fixing["day"], r.stage.value, r.fixing["price"]) for r in rows]


@pytest.mark.rule("IDX-014")
def test_a_date_is_fixed_at_its_time_and_final_a_day_later(tmp_path, prices) -> None:
    served = rounds(tmp_path / "indices", prices)
    assert served.run(at(1, "00:29")).rows == {}
    assert served.due(at(1, "00:29")) == [], "nothing comes due before half past"
    first = served.run(at(1, "00:30"))
    assert [(r.stage, r.fixing["day"]) for r in first.rows[SPOT]] == [("provisional", name(0))]
    assert served.run(at(1, "23:59")).rows == {}
    for day in range(2, 6):
        assert [m.index for m in served.due(at(day, "00:30"))] == [SPOT]
        found = served.run(at(day, "00:30")).rows[SPOT]
        assert [(r.stage, r.fixing["day"]) for r in found] == [
            ("final", name(day - 2)),
            ("provisional", name(day - 1)),
        ]
        assert all(r.late == 0 and r.silent == () for r in found)
    rows = told(tmp_path / "indices")
    assert len(rows) == len(set(rows)) == 9
    bundle = IndexStore(tmp_path / "indices").bundle(SPOT, name(3))
    assert bundle is not None
    assert recompute(bundle).faults == ()


@pytest.mark.rule("IDX-014")
def test_a_house_stopped_at_any_write_fixes_each_date_once(tmp_path, prices, monkeypatch) -> None:
    times = [at(1, "00:30"), at(2, "00:31"), at(5, "12:00")]
    whole = rounds(tmp_path / "whole", prices)
    for now in times:
        whole.run(now)
    write, stops = index_store._write, 0
    for stop in range(16):
        folder, count = tmp_path / f"stopped-{stop}", 0

        def torn(path: Path, content: bytes, stop=stop) -> None:
            nonlocal count
            count += 1
            if count == stop + 1:
                raise KeyboardInterrupt
            write(path, content)

        monkeypatch.setattr(index_store, "_write", torn)
        for now in times:
            try:
                rounds(folder, prices).run(now)
            except KeyboardInterrupt:
                stops += 1
                rounds(folder, prices).run(now)
        assert told(folder) == told(tmp_path / "whole"), f"stopped at write {stop + 1}"
        state = standing_state(IndexStore(folder), SPOT)
        settled = IndexStore(tmp_path / "whole").record(SPOT).settles(name(3))
        assert state is not None
        assert settled is not None
        assert state.root == settled.fixing["state_after"]
    assert stops == 12, "the reach of this test is every write it can be stopped at"


def test_a_record_ahead_of_its_state_goes_on_from_what_was_published(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    rounds(folder, prices).run(at(6, "00:30"))
    kept = (folder / SPOT / "state.txt").read_bytes()
    rounds(folder, prices).run(at(7, "00:30"))
    sealed = IndexStore(folder).record(SPOT).settles(name(5))
    assert sealed is not None
    (folder / SPOT / "state.txt").write_bytes(kept)
    # By now the publisher says otherwise of the date that is final.
    history(tmp_path / "prices", extra={5: 2.6})
    state = standing_state(IndexStore(folder), SPOT)
    assert state is not None
    assert state.root == sealed.fixing["state_after"]
    assert rounds(folder, prices).run(at(8, "00:30")).failed == {}
    assert IndexStore(folder).record(SPOT).settles(name(5)) == sealed
    settled = IndexStore(folder).record(SPOT).settles(name(6))
    assert settled is not None
    assert settled.fixing["state_before"] == sealed.fixing["state_after"]


def test_a_start_on_the_same_day_reads_no_source(tmp_path, prices) -> None:
    source = Broken("aws-panel", None)
    first = rounds(tmp_path / "indices", prices, SPOT, LIST, read={source.name: source})
    first.run(at(3, "00:30"))
    assert source.asked == 1
    again = rounds(tmp_path / "indices", prices, SPOT, LIST, read={source.name: source})
    assert again.run(at(3, "23:59")).rows == {}
    assert source.asked == 1
    assert again.due(at(3, "23:59")) == []
    assert sorted(again.run(at(4, "00:30")).rows) == [LIST, SPOT]
    assert source.asked == 2


@pytest.mark.rule("IDX-018")
def test_missed_dates_are_caught_up_and_say_how_late(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    rounds(folder, prices).run(at(2, "00:30"))
    found = rounds(folder, prices).run(at(6, "09:30")).rows[SPOT]
    stages = [(r.fixing["day"], r.stage.value, r.late) for r in found]
    day, hour = 86_400, 3_600
    assert stages == [
        *((name(n), "final", (4 - n) * day + 9 * hour) for n in range(1, 5)),
        (name(5), "provisional", 9 * hour),
    ]
    assert told(folder)[-1][0] == name(5)
    (again,) = (r for r in read_record((folder / SPOT / "fixings.parquet").read_bytes()).rows[-1:])
    assert again.late == 9 * hour


def test_dates_after_the_last_evidence_are_carried_and_then_without_a_fix(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    rounds(folder, prices, SPOT, LIST).run(at(37, "00:30"))
    rows = {r.fixing["day"]: r.fixing for r in IndexStore(folder).record(SPOT).current()}
    assert [rows[name(n)]["marks"] for n in (19, 20, 26)] == [[], ["carried"], ["carried"]]
    assert [rows[name(n)]["marks"] for n in (27, 33)] == [["carried", "stale"]] * 2
    assert {(rows[name(n)]["status"], rows[name(n)]["reason"]) for n in (34, 35, 36)} == {
        ("no-fix", "evidence")
    }
    mean = IndexStore(folder).record(LIST).current()
    assert [r.fixing["day"] for r in mean] == [name(n) for n in range(37)]
    assert {tuple(r.fixing["marks"]) for r in mean[20:]} == {("carried",)}


class Broken:
    """A source that fails as it is told."""

    origin = licence = live = "made up"

    def __init__(self, name: str, error: Exception | None) -> None:
        self.name, self.error, self.asked = name, error, 0

    def read(self, since: int, until: int):
        self.asked += 1
        if self.error:
            raise self.error
        return EVIDENCE_SCHEMA.empty_table()

    reading = read


@pytest.mark.rule("IDX-018")
@pytest.mark.parametrize("error", [Unreachable("aws-panel: nobody answers"),
                                   SourceError("aws-panel", "CSV", "HTML"),
                                   ZeroDivisionError()])  # fmt: skip
def test_a_source_that_fails_is_told_and_stops_nothing(tmp_path, prices, error) -> None:
    bad = Broken("aws-panel", error)
    served = rounds(tmp_path / "indices", prices, SPOT, "H100-US-1Y", read={bad.name: bad})
    found = served.run(at(2, "00:30"))
    assert list(found.silent) == ["aws-panel"]
    assert found.failed == {}
    assert {r.silent for r in found.rows[SPOT]} == {("aws-panel",)}
    assert {r.silent for r in found.rows["H100-US-1Y"]} == {()}, "its method names no such source"
    bad.error = None
    assert served.run(at(3, "00:30")).silent == {}
    assert IndexStore(tmp_path / "indices").record(SPOT).rows[-1].silent == ()


def test_an_index_that_fails_waits_and_the_others_are_fixed(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    (folder / SPOT).mkdir(parents=True)
    (folder / SPOT / "fixings.parquet").write_bytes(b"bent")
    served = rounds(folder, prices, SPOT, "H100-US-EAST", LIST)
    now = at(3, "00:30")
    found = served.run(now)
    assert list(found.failed) == [SPOT]
    assert sorted(found.rows) == [LIST, "H100-US-EAST"]
    assert served.due(now + 59 * SECOND) == []
    (folder / SPOT / "fixings.parquet").unlink()
    assert [m.index for m in served.due(now + 60 * SECOND)] == [SPOT]
    assert [r.fixing["day"] for r in served.run(now + 60 * SECOND).rows[SPOT]] == [
        name(0), name(1), name(2)
    ]  # fmt: skip


def test_what_publishers_said_while_a_date_lasted_is_its_evidence(tmp_path, prices) -> None:
    """A publisher tells what stands now: looked at on the date, read after it, by another house."""
    row = evidence_table(every(range(1, 2), 2.9, "vast")).to_pylist()[0]

    class Market(Broken):
        def read(self, since: int, until: int):
            super().read(since, until)
            said = {"time": until - 1, "source": "vast", "price_type": int(PriceType.EXECUTABLE)}
            rows = [row | said | {"offer": f"v{n}", "price": 2_900_000 + n} for n in range(3)]
            return arrow.Table.from_pylist(rows, EVIDENCE_SCHEMA)

        reading = read

    folder, market = tmp_path / "indices", Market("vast", None)
    served = rounds(folder, prices, looked={"vast": market})
    for day in range(3):
        for clock in ("00:10", "08:00", "16:00"):
            assert served.look_due(at(day, clock))
            assert served.look(at(day, clock)).silent == {}
            assert not served.look_due(at(day, clock) + 59 * 60 * SECOND)
    kept = KeptEvidence(folder / "observed", "vast").read(at(1, "00:00"), at(2, "00:00"))
    assert len(kept) == 9
    later = rounds(folder, prices, looked={"vast": market}).run(at(3, "00:30")).rows[SPOT]
    assert market.asked == 9, "a fixing asks no publisher: the date is over"
    assert [r.fixing["rung"] for r in later] == ["level", "executable", "executable"]
    market.error = Unreachable("vast: nobody answers")
    assert list(served.look(at(3, "08:00")).silent) == ["vast"]
    assert served.run(at(4, "00:30")).rows[SPOT][-1].silent == ("vast",)


def test_a_served_house_fixes_tells_and_counts(tmp_path, prices) -> None:
    folder, said, measures = tmp_path / "indices", list[str](), Measures()
    bad = Broken("aws-panel", Unreachable("aws-panel: nobody answers"))
    served = rounds(folder, prices, read={bad.name: bad})
    now = [at(2, "00:29")]

    async def live() -> None:
        task = asyncio.create_task(
            keep_indices(served, lambda: now[0], said.append, measures.indices)
        )
        while not said:
            await asyncio.sleep(0.01)
        now[0] = at(2, "00:30")
        while not any("2 dates" in sentence for sentence in said):
            await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(live(), 30))
    assert served.stopping.is_set()
    assert told(folder)[1:] == [(name(0), "final", told(folder)[0][2]),
                                (name(1), "provisional", told(folder)[2][2])]  # fmt: skip
    assert said[0].startswith(f"{SPOT}: 1 dates from {name(0)}")
    assert sum("nobody answers" in sentence for sentence in said) == 1, "told once while it lasts"
    text = measures.text().decode()
    assert 'lasalle_index_source_failures_total{source="aws-panel"} 2.0' in text
    assert f'lasalle_index_rows_total{{index="{SPOT}",stage="final",status="fixed"}} 1.0' in text


def test_a_house_that_closes_lays_down_what_it_made(tmp_path, prices, monkeypatch) -> None:
    folder = tmp_path / "indices"
    served = rounds(folder, prices)
    count, is_set = 0, served.stopping.is_set

    def asked() -> bool:
        nonlocal count
        count += 1
        if count == 8:
            served.stopping.set()
        return is_set()

    monkeypatch.setattr(served.stopping, "is_set", asked)
    served.run(at(15, "00:30"))
    stopped = told(folder)
    assert 0 < len(stopped) < 15
    rounds(folder, prices).run(at(15, "00:30"))
    assert told(folder)[: len(stopped)] == stopped
    assert [day for day, _, _ in told(folder)] == [name(n) for n in range(15)]


def test_a_record_from_before_lateness_was_told_is_read(prices, tmp_path) -> None:
    rounds(tmp_path / "indices", prices).run(at(3, "00:30"))
    path = tmp_path / "indices" / SPOT / "fixings.parquet"
    rows = read_record(path.read_bytes()).rows
    table = parquet.read_table(path)
    parquet.write_table(table.drop_columns(["late", "silent"]), path)
    found = read_record(path.read_bytes()).rows
    assert [(r.stage, r.fixing) for r in found] == [(r.stage, r.fixing) for r in rows]
    assert {(r.late, r.silent) for r in found} == {(0, ())}
    marked = Row(Stage.FINAL, rows[0].fixing, 5, late=7, silent=("a", "b"))
    assert read_record(write_record([marked])).rows == [marked]
    assert RECORD_SCHEMA.names[-2:] == ["late", "silent"]


def test_what_a_house_fixes_is_read_from_its_folder(tmp_path) -> None:
    assert read_index_settings(tmp_path, Settings()).indices == ()
    assert "T-STANDARD" in read_index_settings(tmp_path, DEMONSTRATION).indices
    path = tmp_path / "indices.toml"
    path.write_text('indices = ["H100-US"]\nprices = "p"\nfiles = ["own.csv"]\n'
                    'publishers = ["vast"]\nobserve_minutes = 30\n'
                    'begins = 2026-01-01\n')  # fmt: skip
    found = read_index_settings(tmp_path, Settings())
    assert found == IndexSettings(
        tmp_path / "p", ("H100-US",), date(2026, 1, 1), (tmp_path / "own.csv",), ("vast",), 30
    )
    read, looked = sources_of(found, tmp_path, {})
    assert "file-own" in read
    assert list(looked) == ["vast"]
    for bad, said in (
        ('indices = ["NONE"]', "index: expected one of"),
        ("begins = 3", "begins: expected date, found 3"),
        ("observe_minutes = 0", "observe_minutes: expected 1 to 1440, found 0"),
        ("more = 1", "found more"),
        ("indices = 'x", "expected TOML"),
    ):
        path.write_text(bad)
        with pytest.raises(SettingsWrong, match=said):
            read_index_settings(tmp_path, Settings())
    with pytest.raises(SettingsWrong, match="found nobody"):
        sources_of(IndexSettings(tmp_path, publishers=("nobody",)), tmp_path, {})


def test_an_open_house_has_a_timetable(tmp_path) -> None:
    house = open_house(tmp_path / "house")
    try:
        for files in ("", 'files = ["own.csv"]'):
            (tmp_path / "house/indices.toml").write_text(files)
            served = rounds_of(house, Settings(), IndexStore(tmp_path / "house/indices"))
            found = served.run(at(3, "00:30"))
            assert (found.failed, found.rows, found.silent) == ({}, {}, {}), "no evidence, no row"
    finally:
        house.release()
