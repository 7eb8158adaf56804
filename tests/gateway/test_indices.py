"""Published indices over REST and on the stream, and a bundle that gives the same bits."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from websockets.sync.client import connect

from lasalle.gateway.indices import increment
from lasalle.indices import ChainMethod, State, method_of
from lasalle.indices.bundle import chain_bundle, date_of, fixing_row, recompute
from lasalle.indices.quotes import EvidenceBook, evidence_table
from lasalle.indices.record import Row, Stage
from lasalle.indices.step import step
from lasalle.institution.command_line import main
from lasalle.institution.index_store import IndexStore
from lasalle.institution.index_telling import tell_indices
from tests.gateway.conftest import Served
from tests.indices.offers import every
from tests.loopback import HTTP

INDEX = "H100-US"


def lay_down(store: IndexStore, days: range, version: int = 0) -> None:
    """Rows of some dates, and their bundles."""
    method = method_of(INDEX, version)
    assert isinstance(method, ChainMethod)
    rows, bundles, state = [], {}, State()
    known = {r.fixing["day"] for r in store.record(INDEX).rows}
    for evidence in EvidenceBook(evidence_table(every(days, 3.0, "a", "b", "c"))).dates(method):
        made = step(method, state, evidence)
        day = date_of(evidence.day).isoformat()
        bundles[day] = chain_bundle(method, state, evidence, made)
        if day not in known:
            costs = {"up_1_micro_dollars": 5, "gain_1_micro_dollars": 7, "lots": 9}
            rows.append(
                Row(Stage.FINAL, fixing_row(made.fixing, method), evidence.day, exposure=costs)
            )
        state = made.state
    store.keep(INDEX, rows, bundles, state)


@pytest.fixture
def store(served: Served, tmp_path) -> IndexStore:
    store = IndexStore(tmp_path / "indices")
    served.gateway.indices = store
    return store


@pytest.mark.rule("IDX-015")
def test_indices_are_read_and_made_again(served: Served, store: IndexStore) -> None:
    lay_down(store, range(1, 6))
    listed = HTTP.get(f"{served.address}/v1/indices").json()["indices"]
    found = {one["index"]: one for one in listed}
    assert found[INDEX]["last"]["day"] == "2026-01-05"
    assert found["T-STANDARD"]["last"] is None
    mean, *_, method = HTTP.get(f"{served.address}/v1/indices/{INDEX}").json()["methods"]
    assert [mean["version"], mean["last"], method["version"]] == [1, None, 4]
    assert [one["version"] for one in listed if one["index"] == INDEX] == [4]
    assert hashlib.sha256(method["table"].encode()).hexdigest() == method["method_sha256"]
    rows = HTTP.get(f"{served.address}/v1/indices/{INDEX}/fixings?limit=2").json()
    assert [row["day"] for row in rows["fixings"]] == ["2026-01-05", "2026-01-04"]
    more = HTTP.get(
        f"{served.address}/v1/indices/{INDEX}/fixings", params={"cursor": rows["next"]}
    ).json()
    assert [row["number"] for row in more["fixings"]] == [3, 2, 1]
    row = rows["fixings"][0]
    assert row["cost_of_moving"] == {"up_1": 5, "gain_1": 7}
    assert (row["price"], row["lots"]) == ("3.010000", 9)
    answer = HTTP.get(f"{served.address}/v1/indices/{INDEX}/bundles/2026-01-05")
    assert answer.headers["content-disposition"].endswith('H100-US-2026-01-05.json"')
    made = recompute(answer.content)
    assert made.faults == ()
    assert made.made["price"] == row["price_micro_dollars"]
    assert made.made["inputs_root"] == row["inputs_root"]
    for path in ("NONE", "NONE/fixings", f"{INDEX}/bundles/2026-01-09"):
        refused = HTTP.get(f"{served.address}/v1/indices/{path}")
        assert refused.status_code == 404
        assert refused.json()["error"]["name"] == "file_unknown"
    bent = HTTP.get(f"{served.address}/v1/indices/{INDEX}/bundles/..%2fx")
    assert (bent.status_code, bent.json()["error"]["field"]) == (400, "day")


@pytest.mark.rule("IDX-015")
def test_a_fixing_is_made_again_from_what_a_house_publishes_and_from_what_was_fetched(
    served: Served, store: IndexStore, tmp_path, monkeypatch, capsys
) -> None:
    """Another machine: nothing at hand but an address, and later not even that."""
    lay_down(store, range(1, 6))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    again = ["index", "recompute", INDEX, "2026-01-04"]
    assert main([*again, "--at", served.address]) == 0
    told = capsys.readouterr().out
    assert f"{served.address}/v1/indices/{INDEX}/bundles/2026-01-04, row 4 of its record" in told
    assert "3.010000 fixed, every bit agrees" in told
    assert store.record(INDEX).rows[3].fixing["inputs_root"] in told
    nobody = "http://127.0.0.1:9"
    assert main([*again, "--at", nobody]) == 0
    asked = capsys.readouterr()
    assert "does not answer" in asked.err
    assert f"2026-01-04.json, fetched before from {served.address}" in asked.out
    (kept,) = (p for p in (elsewhere / "var/bundles").iterdir() if "published" not in p.name)
    kept.write_bytes(kept.read_bytes().replace(b"3010000", b"3010001"))
    assert main([*again, "--at", nobody]) == 1
    assert "row 2 was bent" in (bent := capsys.readouterr().out), bent
    assert main([*again[:3], "2026-01-09", "--at", served.address]) == 1
    assert "expected a date fixed at" in capsys.readouterr().err
    assert main([*again[:3], "2026-01-03", "--at", nobody]) == 1
    assert "name a house with --at" in capsys.readouterr().err
    assert main(["index", "recompute", "T-BATCH", "2026-01-04", "--at", served.address]) == 1
    assert "IDX-020" in capsys.readouterr().err
    # A correction is made again from a bundle of its own.
    method, state = method_of(INDEX), State()
    assert isinstance(method, ChainMethod)
    told_again = [*every(range(1, 4), 3.0, "a", "b", "c"), *every(range(4, 5), 3.2, "a", "b", "c")]
    for evidence in EvidenceBook(evidence_table(told_again)).dates(method):
        made = step(method, state, evidence)
        content, state = chain_bundle(method, state, evidence, made), made.state
    fixing, now = fixing_row(made.fixing, method), store.record(INDEX).rows[-1].published + 1
    corrected = Row(Stage.CORRECTION, fixing, now, old_price=3_010_000, why="a test")
    store.keep(INDEX, [corrected], {"2026-01-04.6": content}, None)
    assert main([*again, "--at", served.address]) == 0
    assert "bundles/2026-01-04.6, row 6 of its record" in capsys.readouterr().out


def test_a_house_without_indices_says_so(served: Served) -> None:
    served.gateway.indices = None
    listed = HTTP.get(f"{served.address}/v1/indices").json()["indices"]
    assert {one["last"] for one in listed} == {None}
    assert {one["kept"] for one in listed} == {False}
    refused = HTTP.get(f"{served.address}/v1/indices/{INDEX}/fixings")
    error = refused.json()["error"]
    assert (refused.status_code, error["name"], error["found"]) == (404, "index_not_kept", INDEX)


@pytest.mark.rule("IDX-020")
def test_an_index_that_is_not_kept_is_not_one_without_a_fixing(
    served: Served, store: IndexStore
) -> None:
    lay_down(store, range(1, 3))
    store.fixes = frozenset({"H100-US-OD"})
    listed = HTTP.get(f"{served.address}/v1/indices").json()["indices"]
    assert {one["index"] for one in listed if one["kept"]} == {INDEX, "H100-US-OD"}
    first = HTTP.get(f"{served.address}/v1/indices/H100-US-OD/fixings")
    assert (first.status_code, first.json()["fixings"]) == (200, []), "kept, and not fixed yet"
    for path in ("fixings", "bundles/2026-01-01"):
        refused = HTTP.get(f"{served.address}/v1/indices/T-BATCH/{path}")
        assert (refused.status_code, refused.json()["error"]["rule"]) == (404, "IDX-020")


def test_new_rows_are_told_on_the_stream(served: Served, store: IndexStore) -> None:
    lay_down(store, range(1, 3))
    address = served.address.replace("http", "ws")
    with connect(f"{address}/v1/stream?channels=indices.{INDEX}") as reader:
        assert json.loads(reader.recv(timeout=10))["channel"] == "snapshot"
        told: list[str] = []

        async def follow() -> None:
            task = asyncio.create_task(
                tell_indices(store, lambda rows: told.extend(r["day"] for r in rows), 0.01)
            )
            await asyncio.sleep(0.1)
            lay_down(store, range(1, 5))
            while len(told) < 2:
                await asyncio.sleep(0.01)
            task.cancel()

        asyncio.run(asyncio.wait_for(follow(), 20))
        assert told == ["2026-01-03", "2026-01-04"], "what was there before is not told again"
        row = store.record(INDEX).rows[-1]
        loop = served.gateway._loop
        assert loop is not None
        loop.call_soon_threadsafe(served.gateway.streams.tell, [increment(INDEX, 4, row)])
        while (message := json.loads(reader.recv(timeout=10)))["channel"] != "indices":
            pass
        assert (message["symbol"], message["day"], message["number"]) == (INDEX, "2026-01-04", 4)
        reader.send(json.dumps({"op": "subscribe", "channels": ["indices.NONE"]}))
        while (message := json.loads(reader.recv(timeout=10)))["channel"] != "error":
            pass
        assert "indices" in message["error"]["expected"]
