"""Drop copy of what members are asked: every change with its causes, each row where the one before
ended, the same by stream and page by page."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sqlite3
import time
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

import pytest
from websockets.asyncio.client import connect

from lasalle import wire
from lasalle.client import Client, Fault, Key
from lasalle.client.asking import Asking
from lasalle.client.shapes import RequirementChange
from lasalle.gateway.requirements import OPENED
from lasalle.gateway.stream import Resumed
from lasalle.plain.margin import Exposure, requirement
from lasalle.plain.state import Series, State
from lasalle.plain.tables import Row, Table
from lasalle.views.requirement import AskedOf, Change, KeptTerms, RequirementStore, TableArrays
from tests.gateway.conftest import SYMBOL, Served, serving
from tests.gateway.test_margin import ask
from tests.gateway.test_stream import login, until


def waited(served: Served, account: int, cause: str) -> list[RequirementChange]:
    """The changes of an account once one has this cause."""
    client = served.client(10 + account)
    for _ in range(200):
        found = client.requirement_changes(account)
        if any(c.name == cause for row in found for c in row.causes):
            return found
        time.sleep(0.02)
    raise AssertionError(f"{cause}: {found}")


def chained(rows: list[RequirementChange]) -> None:
    """Each row begins where the one before ended, and says something changed."""
    for before, after in itertools.pairwise(rows):
        assert after.before == before.after
        assert after.row > before.row
        assert after.number >= before.number
    assert all(row.before != row.after for row in rows)


def last_of(rows: list[RequirementChange], cause: str) -> RequirementChange:
    return [row for row in rows if cause in {c.name for c in row.causes}][-1]


def test_each_kind_of_change_is_told_with_its_cause_and_command(served_lawfully: Served):
    served = served_lawfully
    admin, first, second = served.client(1), served.client(11), served.client(12)
    told = first.place(1, SYMBOL, "buy", 4, price_ticks=190)
    rows = waited(served, 1, "order_accepted")
    resting = last_of(rows, "order_accepted")
    assert resting.account == 1
    accepted = next(e for e in told.events if e["name"] == "order_accepted")
    assert resting.number == accepted["order"], "an order is named by its command"
    assert resting.event >= accepted["event"]
    assert Decimal(resting.after.requirement) == 4 * 10
    second.place(2, SYMBOL, "sell", 3, price_ticks=190)
    second.place(2, SYMBOL, "buy", 2, price_ticks=191)
    first.place(1, SYMBOL, "sell", 2, price_ticks=191, time_in_force="ioc")
    filled = last_of(waited(served, 1, "traded"), "traded")
    assert filled.before is not None
    # A fill of what was open changes nothing; the sale of two of three held does.
    assert [Decimal(x.requirement) for x in (filled.before, filled.after)] == [40, 20]
    scenario = (wire.Scenario(wire.ScenarioKind.SCAN, 1),)
    ask(served, wire.BeginMarginTable(table=7, scenarios=scenario, rows=(wire.ScanRow(1, 10_000),)))
    losses = (wire.ScenarioLoss(20_000_000),)
    ask(served, wire.LoadMarginRow(table=7, series=1, mark=2_000_000, losses=losses))
    ask(served, wire.ActivateMarginTable(table=7, replaces=1))
    rows = waited(served, 1, "margin_table_activated")
    change = last_of(rows, "margin_table_activated")
    assert change.before is not None
    assert [Decimal(x.requirement) for x in (change.before, change.after)] == [20, 40]
    admin.command("settle_variation", day=20_260_105, prices=[{"series": 1, "price": 1_850_000}])
    rows = waited(served, 1, "variation_settled")
    marked = last_of(rows, "variation_settled")
    assert marked.before is not None
    assert marked.after.requirement == marked.before.requirement
    assert marked.after.required_cover != marked.before.required_cover, "a bid is worse by now"
    admin.command("set_limits", account=1, position_limit=77, order_lots_limit=10_000,
                  order_value_limit=10**15)  # fmt: skip
    assert last_of(waited(served, 1, "limits_set"), "limits_set").after.position_limit == 77
    first.cancel_all(1)
    rows = waited(served, 1, "order_cancelled")
    chained(rows)
    judged = first.margin(1)
    assert (rows[-1].after.requirement, rows[-1].after.required_cover) == (
        judged.requirement, judged.required_cover,
    )  # fmt: skip
    with pytest.raises(Fault) as caught:
        second.requirement_changes(1)
    assert caught.value.name == "account_unknown"


def test_a_revaluation_of_collateral_is_told(served_lawfully: Served):
    served = served_lawfully
    admin = served.client(1)
    proposed(served, wire.DefineAsset(asset=2, name="NOTE"))
    proposed(served, wire.AdmitCollateral(asset=2, haircut=1_000, account_cap=10**15))
    admin.command("deposit", account=1, asset=2, amount=3_000_000, reference="c")
    for day, price, counts in ((20_260_105, 100, 270), (20_260_106, 90, 243)):
        prices = [{"asset": 2, "price": price * 10**6}]
        admin.command("value_collateral", day=day, inputs="00" * 32, prices=prices)
        rows = waited(served, 1, "collateral_valued")
        for _ in range(100):
            if Decimal(rows[-1].after.collateral) == counts:
                break
            time.sleep(0.02)
            rows = served.client(11).requirement_changes(1)
        assert Decimal(rows[-1].after.collateral) == counts
    chained(rows)


def proposed(served: Served, command: Any) -> None:
    """A four-eyes command, proposed and approved by two operators of the house."""
    second = served.house.keys.create(2, ("read", "trade", "admin"))
    told = served.client(1).command("propose", command=command.KIND, payload=command.pack().hex())
    number = next(e["proposal"] for e in told.events if e["name"] == "proposed")
    Client(served.address, Key(second.key, second.secret)).command("approve", proposal=number)


def test_a_reader_resumes_without_a_gap_and_hears_its_own_alone(served: Served):
    async def story() -> None:
        url = served.address.replace("http", "ws") + "/v1/stream"
        heard: list[dict[str, Any]] = []

        async def places(actor: int, ticks: int) -> None:
            client = served.client(actor)
            await asyncio.to_thread(
                client.place, actor - 10, SYMBOL, "buy", 1, price_ticks=ticks
            )

        async with connect(url) as socket:
            await socket.send(json.dumps({"op": "requirement", "after": None}))
            async with asyncio.timeout(10):
                while (m := json.loads(await socket.recv()))["channel"] != "error":
                    pass
            assert "a login before" in m["error"]["text"]
        async with connect(url) as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "requirement", "after": None}))
            snapshot = await until(served, "requirement_snapshot", socket)
            assert [a["account"] for a in snapshot["accounts"]] == [1]
            await places(12, 180)
            await places(11, 181)
            heard.append(await until(served, "requirement", socket))
        assert heard[0]["prev_seq"] == snapshot["seq"]
        for ticks in (182, 183, 184):
            await places(11, ticks)
            await asyncio.sleep(0.05)
        async with connect(url) as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "requirement", "after": heard[-1]["seq"]}))
            while sum(c["count"] for m in heard for c in m["causes"]
                      if c["name"] == "order_accepted") < 4:
                heard.append(await until(served, "requirement", socket))
            await places(11, 185)
            heard.append(await until(served, "requirement", socket))
        for before, after in itertools.pairwise(heard):
            assert after["prev_seq"] == before["seq"]
            assert after["before"] == before["after"]
        assert {m["account"] for m in heard} == {1}
        page = served.client(11).ask(
            Asking("GET", "/v1/accounts/1/requirement?limit=2", dict)
        )
        assert len(page["changes"]) == 2
        cursor = page["next"]
        rest = served.client(11).ask(
            Asking("GET", f"/v1/accounts/1/requirement?limit=500&cursor={cursor}", dict)
        )
        rows = [*page["changes"], *rest["changes"]]
        told = {m["seq"]: m for m in heard}
        assert [r for r in rows if r["row"] in told] == [
            {k: v for k, v in m.items() if k not in ("channel", "prev_seq", "seq")} for m in heard
        ]

    asyncio.run(story())


def test_under_load_rows_name_many_commands_and_none_is_left_out(served: Served):
    client = served.client(11)
    for n in range(60):
        client.place(1, SYMBOL, "buy", 1, price_ticks=150 + n % 20)
    for _ in range(100):
        rows = client.requirement_changes(1)
        count = sum(c.count for row in rows for c in row.causes if c.name == "order_accepted")
        if count == 60:
            break
        time.sleep(0.02)
    assert count == 60
    chained(rows)
    assert Decimal(rows[-1].after.requirement) == 60 * 10


def test_what_changed_while_nobody_served_is_one_row_that_says_so(tmp_path):
    path, place = tmp_path / "r.sqlite", {"price_ticks": 190}

    def kept(gateway):
        gateway.requirements.store = gateway.kept_requirements = RequirementStore(path)
        gateway.requirements._last = gateway.kept_requirements.newest()

    with serving(tmp_path / "house", furnished=kept) as served:
        served.client(11).place(1, SYMBOL, "buy", 2, **place)
        before = waited(served, 1, "order_accepted")
    store = RequirementStore(path)
    assert store.last == before[-1].row
    assert store.newest()[1].requirement == 20_000_000
    # A row is cut off the end, as a crash would: the house tells the difference when it opens.
    store._db.execute("DELETE FROM changes WHERE row = ?", (store.last,))
    store._db.commit()
    left = store.after(0, 500, 1)
    store.close()
    assert OPENED in {name for change in left for name, *_ in change.causes}
    assert left[-1].after.requirement == 0


def test_a_store_keeps_rows_as_they_are_told(tmp_path):
    store = RequirementStore(tmp_path / "r.sqlite")
    rows = [
        Change(n, n % 2 + 1, 100 + n, n, 2 * n, (("traded", n, n, 1),),
               AskedOf(n) if n > 2 else None, AskedOf(n + 2, 3, 4, 5, 6, 7))
        for n in range(1, 8)
    ]  # fmt: skip
    store.add(rows[:3])
    store.add(rows[3:])
    assert store.after(0, 100) == rows
    assert store.after(3, 2) == rows[3:5]
    assert store.after(0, 100, 2) == [r for r in rows if r.account == 2]
    assert store.newest() == {1: rows[5].after, 2: rows[6].after}
    store.close()
    again = RequirementStore(tmp_path / "r.sqlite")
    assert (again.last, again.newest()) == (7, {1: rows[5].after, 2: rows[6].after})


def test_old_rows_go_and_the_last_of_each_account_stays(tmp_path):
    """By age and by number, a few at a time, and the disk gets its room back."""
    day, path = 86_400 * 10**9, tmp_path / "r.sqlite"
    causes = (("traded", 1, 1, 1),) * 20

    def row(n, account, days):
        return Change(n, account, days * day, n, n, causes, AskedOf(n), AskedOf(n + 1))

    terms = KeptTerms(days=10, rows=600, sweep_rows=100, sweep_every=50)
    store = RequirementStore(path, terms)
    store.add([row(1, 7, 0)])
    for start in range(2, 802, 50):
        store.add([row(n, 1 + n % 2, n // 50) for n in range(start, start + 50)])
    kept = store.after(0, 2_000)
    assert kept[0] == row(1, 7, 0), "the last of its account"
    assert [c.row for c in kept[1:]] == list(range(300, 802)), "ten days back from the newest"
    assert store.newest()[7] == AskedOf(2)
    for start in range(802, 1_802, 50):
        store.add([row(n, 1 + n % 2, 16) for n in range(start, start + 50)])
    kept = store.after(0, 4_000)
    assert (kept[0].row, kept[1].row, kept[-1].row) == (1, 1_202, 1_801)
    store.close()
    bound = path.stat().st_size
    grows = RequirementStore(tmp_path / "whole.sqlite", KeptTerms(10_000, 10**6, 1, 1))
    for start in range(2, 1_802, 50):
        grows.add([row(n, 1 + n % 2, 16) for n in range(start, start + 50)])
    grows.close()
    assert bound < 0.7 * (tmp_path / "whole.sqlite").stat().st_size
    again = RequirementStore(path, terms)
    assert (again.last, again.newest()[7]) == (1_801, AskedOf(2))
    assert again.after(0, 4_000) == kept


def test_rows_the_disk_refuses_are_told_once_it_takes_them(tmp_path):
    refused = [0]

    def failing(gateway):
        store = gateway.kept_requirements
        keep = store.add

        def add(changes):
            if any(name == "order_accepted" for c in changes for name, *_ in c.causes):
                refused[0] += 1
                if refused[0] == 1:
                    raise sqlite3.OperationalError("database or disk is full")
            keep(changes)

        store.add = add

    with serving(tmp_path / "house", furnished=failing) as served:
        served.client(11).place(1, SYMBOL, "buy", 2, price_ticks=190)
        rows = waited(served, 1, "order_accepted")
    assert refused[0] >= 2
    chained(rows)
    assert Decimal(last_of(rows, "order_accepted").after.requirement) == 20


def test_a_row_that_is_not_there_yet_is_no_place_to_go_on_from(served: Served):
    async def story() -> None:
        url = served.address.replace("http", "ws") + "/v1/stream"
        async with connect(url) as socket:
            await socket.send(login(served, 11))
            await socket.send(json.dumps({"op": "requirement", "after": 1_000_000}))
            async with asyncio.timeout(10):
                while (m := json.loads(await socket.recv()))["channel"] != "error":
                    pass
            assert (m["error"]["name"], m["error"]["field"]) == ("malformed", "after")
            assert "at most" in m["error"]["text"]

    asyncio.run(story())


def test_what_is_caught_up_with_ends_with_the_login():
    resumed = Resumed()
    resumed.begin(5, behind=True)
    resumed.end()
    assert (resumed.cursor, resumed.live) == (None, False)


@pytest.mark.parametrize("seed", range(20))
def test_the_arrays_come_to_the_law_to_the_micro_dollar(seed: int):
    """Sums of lots by losses as wide as the schema allows."""
    draw, state, kinds = random.Random(seed), State(), wire.ScenarioKind
    labels = [wire.Scenario(kinds.SCAN, g) for g in (1, 1, 2, 2, 2)]
    labels += [wire.Scenario(kinds.HISTORICAL, 0)] * draw.choice((0, 99, 200, 250))
    labels += [wire.Scenario(kinds.STRESS, 0)] * draw.choice((0, 1, 16))
    rows = (wire.ScanRow(1, 10_000), wire.ScanRow(2, 3_333), wire.ScanRow(9, 10))
    most = draw.choice((10, wire.Bound.LOSS_PER_LOT))
    table = state.table = Table(1, tuple(labels), rows)
    for n in range(1, 9):
        losses = tuple(draw.randint(-most, most) for _ in labels)
        table.series[n] = Row(n, 5, 7, 3, 11, 0, 0, losses)
        kind = draw.choice((wire.SeriesKind.FUTURE, wire.SeriesKind.CALL))
        zeros = {f.name: 0 for f in fields(Series) if f.default is MISSING}
        told = {"series": n, "symbol": f"S{n}", "series_kind": kind, "hours": 700, "mark": 9}
        state.series[n] = Series(**{**zeros, **told})
    arrays, reached = TableArrays(table), 0
    for _ in range(40):
        gross = wire.Bound.ACCOUNT_GROSS_LOTS // 8 // 3
        held = {
            n: Exposure(draw.randint(-gross, gross), 0, draw.randint(0, gross),
                        draw.randint(0, gross))
            for n in draw.sample(range(1, 9), draw.randint(0, 8))
        }  # fmt: skip
        expected = requirement(state, held)
        reached += expected > 0
        assert arrays.requirement(state, held) == expected
    assert reached > 10
    assert arrays.requirement(state, {99: Exposure(1)}) is None
