"""The derived indices of a served house: each date published provisional and final, once."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from lasalle import wire
from lasalle.contracts import load_standards
from lasalle.gateway.derived import increments
from lasalle.gateway.measures import Measures
from lasalle.indices.family import DerivedError, recompute
from lasalle.indices.family.day_file import read_day, write_day
from lasalle.indices.family.listed import derived_names, family_of, family_table, kept_of
from lasalle.indices.record import Stage
from lasalle.institution.derived_desk import DerivedDesk, DerivedStore, said_of
from lasalle.institution.index_rounds import keep_indices
from lasalle.institution.index_sources import IndexSettings, sources_of
from lasalle.institution.index_store import IndexStore
from lasalle.views import MarketView
from lasalle.wire import Header
from tests.gateway.conftest import Served, serving
from tests.institution.test_index_command import FIRST, REGIONS, history
from tests.institution.test_index_rounds import SECOND, SPOT, at, rounds
from tests.institution.test_option_quotes import DAY as QUOTED
from tests.institution.test_option_quotes import market as quoted_market
from tests.loopback import HTTP

LEGS = (SPOT, "H100-US-OD", "H100-US-1Y")
IV, SPREAD = "H100-US-IV30", "H100-US-OD-1Y"


def apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Regions that ask other prices of everything: alike, they would be clones."""
    columns = ("on_demand_usd_per_gpu_hour", "commit_1y_usd_per_gpu_hour")
    return [
        row | {name: row[name] + n % len(REGIONS) / 10 for name in columns}
        for n, row in enumerate(rows)
    ]


@pytest.fixture
def prices(tmp_path) -> Path:
    return history(tmp_path / "prices", bend=apart)


def desk(folder: Path, prices: Path, market: MarketView | None = None) -> DerivedDesk:
    read, _ = sources_of(IndexSettings(prices), folder, {})
    store = IndexStore(folder)
    store.fixes = frozenset(LEGS)
    return DerivedDesk(store, DerivedStore(folder), market or MarketView(), read)


def lived(folder: Path, prices: Path, now: int, market: MarketView | None = None) -> list[str]:
    """A moment of a house that was opened for it: what it published."""
    rounds(folder, prices, *LEGS).run(now)
    one = desk(folder, prices, market)
    return [f"{one.publish(d, now).day} {d.stage} {d.late}" for d in one.due(now)]


def number(day: int) -> str:
    return (FIRST + timedelta(days=day)).strftime("%Y%m%d")


def test_each_date_is_published_provisional_and_final_once(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    assert lived(folder, prices, at(5, "00:30")) == [f"{number(4)} provisional 0"]
    assert lived(folder, prices, at(5, "23:00")) == []
    assert lived(folder, prices, at(6, "00:31")) == [
        f"{number(4)} final 0", f"{number(5)} provisional 0"
    ]  # fmt: skip
    made = DerivedStore(folder).read(int(number(4)), Stage.FINAL)
    assert made is not None
    found = made.indices[SPREAD]
    assert (found.value, found.unit) == (3_000_000, "micro-dollars")
    assert recompute(found.inputs) == found
    assert set(made.indices) == kept_of(LEGS), "nothing that the house keeps is left out of a day"
    assert {IV, SPREAD, "H100-US-RV30"} <= set(made.indices) < derived_names()
    with pytest.raises(FileExistsError, match="never replaced"):
        DerivedStore(folder).keep(made)


def test_missed_dates_are_published_and_say_how_late(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    lived(folder, prices, at(5, "00:30"))
    hour, day = 3_600, 86_400
    assert lived(folder, prices, at(8, "02:30")) == [
        f"{number(4)} final {2 * day + 2 * hour}",
        f"{number(5)} final {day + 2 * hour}",
        f"{number(6)} final {2 * hour}",
        f"{number(7)} provisional {2 * hour}",
    ]


def settled(market: MarketView, day: int) -> MarketView:
    event = wire.VariationSettled(day=day)
    market.on(Header(0, event.KIND, 0, 0, 0, 0, 10**6, 0, 0, 0), event)
    assert market.settled_day == day
    return market


@pytest.mark.rule("IDX-020")
def test_what_is_made_of_an_index_nobody_keeps_is_no_index_of_the_house(tmp_path, prices) -> None:
    """It has no row without a value, which would read as a market without one."""
    folder = tmp_path / "indices"
    lived(folder, prices, at(5, "00:30"))
    made = DerivedStore(folder).read(int(number(4)), Stage.PROVISIONAL)
    assert made is not None
    assert not any("no-fix" in one.reason for one in made.indices.values())
    assert "H100-US-1Y-3Y" not in made.indices, "its three years are not kept"
    assert "T-STANDARD-COMPUTE" not in made.indices, "and no grade on demand"
    assert kept_of(LEGS) - kept_of(LEGS, evidence=False) == {
        f"{name}{more}" for name in family_table()["availability"] for more in ("", "-LEAD")
    }
    assert kept_of(()) == kept_of(LEGS) - kept_of(LEGS, evidence=False)


def test_realised_and_implied_volatility_are_of_the_index_the_options_settle_on() -> None:
    table = family_table()
    names = {standard.index for standard in load_standards("H100", ("average-option",))}
    assert {table["implied"]["H100-US-IV30"], table["realised"]["H100-US-RV30"]} == names
    for index, of in table["implied"].items():
        assert table["realised"][index.replace("-IV30", "-RV30")] == of


NOW = int(datetime(2026, 3, 13, 0, 30, tzinfo=UTC).timestamp()) * SECOND
DATE = 20260312
assert QUOTED.strftime("%Y%m%d") == str(DATE)


def test_the_implied_volatility_is_read_from_books_that_stand_still(tmp_path, prices) -> None:
    folder, market = tmp_path / "indices", settled(quoted_market(0.6), DATE)
    one = desk(folder, prices, market)
    assert one.due(NOW) == []
    assert one.due(NOW + 4 * SECOND) == [], "the maker may still be at it"
    strike = next(v for v in market.series.values() if v.terms.strike and v.levels[wire.Side.BUY])
    strike.levels[wire.Side.BUY].clear()
    assert one.due(NOW + 6 * SECOND) == [], "a side has gone since"
    (due,) = one.due(NOW + 11 * SECOND)
    made = one.publish(due, NOW + 11 * SECOND)
    found = made.indices[IV]
    assert found.value == pytest.approx(6_000, abs=150)
    assert recompute(found.inputs) == found
    assert f"{IV} {found.value / 100:.2f} %" in said_of(made)
    # A day later the books are others; what was read of that evening is final.
    later = NOW + 86_400 * SECOND
    again = desk(folder, prices, settled(quoted_market(0.3), 20260313))
    finals = [again.publish(d, later) for n in range(7) for d in again.due(later + n * SECOND)]
    assert [(f.day, f.stage.value) for f in finals] == [
        (DATE, "final"), (20260313, "provisional")
    ]  # fmt: skip
    assert finals[0].indices[IV] == found


def test_books_without_enough_options_are_waited_for_and_then_said(tmp_path, prices) -> None:
    market = quoted_market(0.6)
    for view in market.series.values():
        if view.terms.strike not in (0, 2_500_000):
            view.levels[wire.Side.BUY].clear()
    one = desk(tmp_path / "indices", prices, market)
    assert one.due(NOW) == [], "the date is not settled"
    settled(market, DATE)
    assert one.due(NOW + 119 * SECOND) == []
    (due,) = one.due(NOW + 120 * SECOND)
    found = one.publish(due, NOW + 120 * SECOND).indices[IV]
    assert (found.value, found.reason) == (None, "no month with enough options")
    assert "202604: 1 options with a bid" in found.detail


def test_a_date_whose_evening_nobody_saw_has_no_implied_volatility(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    now = NOW + 2 * 86_400 * SECOND
    one = desk(folder, prices, settled(quoted_market(0.6), 20260314))
    first = desk(folder, prices)
    (due,) = first.due(NOW)
    first.publish(due, NOW)
    dues = max((one.due(now + n * SECOND) for n in range(7)), key=len)
    made = [one.publish(d, now) for d in dues]
    assert [(m.day, m.stage.value, m.indices[IV].value is None) for m in made] == [
        (DATE, "final", True), (20260313, "final", True), (20260314, "provisional", False)
    ]  # fmt: skip


def test_a_source_that_fails_is_named_and_stops_nothing(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    one = desk(folder, prices)
    (prices / "gpu_prices/gcp_gpu_prices_2022_2026.parquet").write_bytes(b"bent")
    (due,) = one.due(at(5, "00:30"))
    assert one.publish(due, at(5, "00:30")).silent == ("gcp-history",)


def test_a_bent_day_is_refused(tmp_path, prices) -> None:
    folder = tmp_path / "indices"
    lived(folder, prices, at(5, "00:30"))
    path = folder / "derived" / f"{number(4)}.provisional.json"
    content = path.read_bytes()
    assert write_day(read_day(content)) == content
    assert {i.index for i in family_of(FIRST, {}, desk(folder, prices)._evidence(0)[0])} == (
        derived_names()
    )
    for bend, said in (
        (lambda c: c.pop("late"), "fields"),
        (lambda c: c.__setitem__("stage", "now"), "file"),
        (lambda c: c["lines"].append(c["lines"][0]), "lines"),
        (lambda c: c.__setitem__("day", 20250101), "lines"),
        (lambda c: c["lines"].__setitem__(0, "X|none v1|3\n"), "method"),
    ):
        bent = json.loads(content)
        bend(bent)
        with pytest.raises(DerivedError, match=said):
            read_day(json.dumps(bent).encode())


def test_a_served_house_publishes_and_tells_them(tmp_path, prices) -> None:
    folder, said = tmp_path / "indices", list[str]()
    one = desk(folder, prices)
    now = at(5, "00:30")

    async def live() -> None:
        told = list[dict[str, object]]()
        task = asyncio.create_task(
            keep_indices(rounds(folder, prices, *LEGS), lambda: now, said.append,
                         Measures().indices, one, told.extend)
        )  # fmt: skip
        while not told:
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(told) == len(kept_of(LEGS))

    asyncio.run(asyncio.wait_for(live(), 60))
    assert f"of {number(4)} have a value (provisional)" in said[-1]
    with serving(tmp_path / "house") as served:
        asked_and_heard(served, folder, prices, one)


def asked_and_heard(served: Served, folder: Path, prices: Path, one: DerivedDesk) -> None:
    """Over REST, page by page, and on the stream."""
    served.gateway.indices = one._store
    served.gateway.derived = DerivedStore(folder / "none yet")
    kept = HTTP.get(f"{served.address}/v1/derived/{SPREAD}")
    assert (kept.status_code, kept.json()["derived"]) == (200, []), "kept, and not published yet"
    served.gateway.derived = one.derived
    listed = HTTP.get(f"{served.address}/v1/derived").json()["derived"]
    row = next(r for r in listed if r["index"] == SPREAD)
    assert (row["value"], row["stage"], row["day"]) == (3_000_000, "provisional", int(number(4)))
    lived(folder, prices, at(6, "00:30"))
    served.gateway.derived = DerivedStore(folder)
    rows = HTTP.get(f"{served.address}/v1/derived/{SPREAD}?limit=2").json()
    assert [(r["day"], r["stage"]) for r in rows["derived"]] == [
        (int(number(5)), "provisional"), (int(number(4)), "final")
    ]  # fmt: skip
    more = HTTP.get(f"{served.address}/v1/derived/{SPREAD}", params={"cursor": rows["next"]})
    assert [r["stage"] for r in more.json()["derived"]] == ["provisional"]
    lines = HTTP.get(f"{served.address}/v1/derived/{SPREAD}/{number(4)}").content
    assert recompute(lines).input_sha256 == rows["derived"][1]["input_sha256"]
    for path, name in (
        ("NONE", "file_unknown"),
        (f"{SPREAD}/20200101", "file_unknown"),
        (f"NONE/{number(4)}", "file_unknown"),
        ("T-STANDARD-RV30", "index_not_kept"),
        ("H100-US-1Y-3Y", "index_not_kept"),
        (f"B200-H100/{number(4)}", "index_not_kept"),
    ):
        refused = HTTP.get(f"{served.address}/v1/derived/{path}")
        assert (refused.status_code, refused.json()["error"]["name"]) == (404, name)
    address = served.address.replace("http", "ws")
    with connect(f"{address}/v1/stream?channels=derived.{SPREAD},curves.H100-US") as reader:
        assert json.loads(reader.recv(timeout=10))["channel"] == "snapshot"
        made = one.derived.read(int(number(4)), Stage.PROVISIONAL)
        loop = served.gateway._loop
        assert made is not None
        assert loop is not None
        loop.call_soon_threadsafe(served.gateway.streams.tell, increments(made))
        while (message := json.loads(reader.recv(timeout=10)))["channel"] != "derived":
            pass
        assert (message["symbol"], message["value"]) == (SPREAD, 3_000_000)
        reader.send(json.dumps({"op": "subscribe", "channels": ["derived.NONE"]}))
        while (message := json.loads(reader.recv(timeout=10)))["channel"] != "error":
            pass
