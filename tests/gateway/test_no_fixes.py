"""Days without a fixing over every door: REST page by page, the stream, the client; and what a late
fixing of such a day says of itself.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from lasalle import wire
from lasalle.client import AsyncClient, Fault, Key
from tests.gateway.conftest import Served
from tests.loopback import HTTP

DAYS = (20_990_101, 20_990_102, 20_990_103)


def by_two(served: Served, command: Any) -> None:
    """What two operators agree on, over the wire."""
    if 2 not in served.keys:
        made = served.house.keys.create(2, ("read", "admin"))
        served.keys[2] = Key(made.key, made.secret)
    fields = {"command": command.KIND, "payload": command.pack().hex()}
    told = served.client(1).command("propose", **fields)
    served.client(2).command("approve", proposal=told.events[0]["proposal"])


@pytest.fixture
def told(served: Served) -> Served:
    """A house of behaviour 3 that has a fixing, then two days without one."""
    for behaviour in (2, 3):
        by_two(served, wire.SwitchBehaviour(behaviour=behaviour))
    admin = served.client(1)
    fixing = {"price": 2_000_000, "method": 1, "inputs": "11" * 32}
    admin.command("publish_fixing", index=1, day=DAYS[0], **fixing)
    for day, reason in ((DAYS[1], "shortage"), (DAYS[2], "evidence")):
        admin.command("declare_no_fix", index=1, day=day, reason=reason, method=2)
    return served


def late(served: Served, day: int) -> None:
    by_two(served, wire.PublishLateFixing(index=1, day=day, price=2_100_000, method=2))


def rows(served: Served, path: str, within: str) -> list[dict[str, Any]]:
    found = HTTP.get(served.address + path)
    assert found.status_code == 200, found.text
    return list(found.json()[within])


@pytest.mark.rule("CLR-017")
def test_they_are_listed_newest_first_page_by_page(told: Served) -> None:
    listed = rows(told, "/v1/no-fixes", "no_fixes")
    assert [(row["day"], row["reason"]) for row in listed] == [
        (DAYS[2], "evidence"), (DAYS[1], "shortage"),
    ]  # fmt: skip
    assert listed[0] == {
        "index": 1, "day": DAYS[2], "reason": "evidence", "method": 2, "inputs": "",
        "fixed_late": False,
    }  # fmt: skip
    first = HTTP.get(f"{told.address}/v1/no-fixes?limit=1").json()
    query = {"limit": "1", "cursor": first["next"]}
    second = HTTP.get(f"{told.address}/v1/no-fixes", params=query).json()
    assert [*first["no_fixes"], *second["no_fixes"]] == listed
    assert second["next"] is None
    wrong = HTTP.get(f"{told.address}/v1/no-fixes?cursor=x").json()["error"]
    assert (wrong["name"], wrong["field"]) == ("malformed", "cursor")
    assert [row["day"] for row in rows(told, "/v1/fixings", "fixings")] == [DAYS[0]], "no price"


def test_a_house_that_told_none_has_an_empty_list(served: Served) -> None:
    assert HTTP.get(f"{served.address}/v1/no-fixes").json() == {"no_fixes": [], "next": None}


@pytest.mark.rule("CLR-018")
def test_a_late_fixing_says_so_and_its_day_says_that_it_has_one(told: Served) -> None:
    late(told, DAYS[1])
    assert [(row["day"], row["late"]) for row in rows(told, "/v1/fixings", "fixings")] == [
        (DAYS[1], True), (DAYS[0], False),
    ]  # fmt: skip
    listed = rows(told, "/v1/no-fixes", "no_fixes")
    assert {row["day"]: row["fixed_late"] for row in listed} == {DAYS[1]: True, DAYS[2]: False}
    with pytest.raises(Fault) as caught:
        late(told, DAYS[1])
    assert caught.value.name == "fixing_not_missing"


def heard(reader: ClientConnection, channel: str) -> dict[str, Any]:
    while (message := json.loads(reader.recv(timeout=10)))["channel"] != channel:
        pass
    return dict(message)


def test_a_reader_of_the_channel_hears_each_and_nothing_else(told: Served) -> None:
    address = told.address.replace("http", "ws")
    with connect(f"{address}/v1/stream?channels=no_fixes,fixings") as reader:
        snapshot = json.loads(reader.recv(timeout=10))
        assert (snapshot["channel"], snapshot["books"]) == ("snapshot", [])
        told.client(1).command("declare_no_fix", index=1, day=DAYS[2] + 1, reason="evidence")
        row = heard(reader, "no_fixes")
        assert (row["index"], row["day"], row["reason"]) == (1, DAYS[2] + 1, "evidence")
        assert row["fixed_late"] is False
        assert row == {"channel": "no_fixes"} | rows(told, "/v1/no-fixes", "no_fixes")[0]
        late(told, DAYS[2] + 1)
        fixing = heard(reader, "fixings")
        assert (fixing["day"], fixing["late"]) == (DAYS[2] + 1, True)
        assert fixing == {"channel": "fixings"} | rows(told, "/v1/fixings", "fixings")[0]
    with connect(f"{address}/v1/stream?channels=status") as other:
        assert json.loads(other.recv(timeout=10))["channel"] == "snapshot"
        told.client(1).command("declare_no_fix", index=1, day=DAYS[2] + 2, reason="evidence")
        told.client(1).command("halt_market")
        while (message := json.loads(other.recv(timeout=10)))["channel"] != "status":
            assert message["channel"] == "heartbeat", "what was not asked for is not told"


def test_the_client_reads_them_typed_and_hears_them(told: Served) -> None:
    late(told, DAYS[1])
    client = told.client(11)
    assert [(f.day, f.late, f.price) for f in client.fixings()] == [
        (DAYS[1], True, "2.100000"), (DAYS[0], False, "2.000000"),
    ]  # fmt: skip
    assert [(n.day, n.reason, n.fixed_late) for n in client.no_fixes()] == [
        (DAYS[2], "evidence", False), (DAYS[1], "shortage", True),
    ]  # fmt: skip

    async def story() -> dict[str, Any]:
        async with AsyncClient(told.address, told.keys[11]) as asked:
            assert [n.day for n in await asked.no_fixes()] == [DAYS[2], DAYS[1]]
            async with asked.open_stream(["no_fixes"]) as stream, asyncio.timeout(20):
                async for message in stream:
                    if message["channel"] == "login":
                        more = {"index": 1, "day": DAYS[2] + 1, "reason": "shortage"}
                        await asyncio.to_thread(told.client(1).command, "declare_no_fix", **more)
                    if message["channel"] == "no_fixes":
                        return message
        raise AssertionError("the stream ended")

    assert asyncio.run(story())["reason"] == "shortage"
