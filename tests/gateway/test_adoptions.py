"""A later version of a method over REST: two officers, thirty days, and what is held."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lasalle.client import Asking, Key
from lasalle.client.faults import Fault
from lasalle.indices import method_of
from lasalle.institution.command_line import main
from lasalle.institution.index_store import IndexStore
from tests.gateway.conftest import Served
from tests.gateway.test_indices import INDEX, lay_down
from tests.loopback import HTTP

SOON = (datetime.now(UTC).date() + timedelta(days=40)).isoformat()


@pytest.fixture
def store(served: Served, tmp_path) -> IndexStore:
    made = served.house.keys.create(2, ("read", "admin"))
    served.keys[2] = Key(made.key, made.secret)
    store = IndexStore(tmp_path / "indices")
    served.gateway.indices = store
    lay_down(store, range(1, 6), 3)
    return store


def say(served: Served, actor: int, **other: object) -> dict:
    body = {"index": INDEX, "version": 4, "first": SOON, "why": "a list read weekly"} | other
    asking = Asking("POST", "/v1/adoptions", dict, json.dumps(body).encode())
    with served.client(actor) as client:
        return client.ask(asking)


@pytest.mark.rule("IDX-025")
def test_two_officers_say_it_and_everyone_reads_it(served: Served, store: IndexStore) -> None:
    one = say(served, 1)
    assert (one["hands"], one["agreed"], one["before"], one["first"]) == ([1], False, 3, SOON)
    assert say(served, 1)["agreed"] is False, "the same hand twice is one hand"
    two = say(served, 2, why="as the other says")
    assert (two["hands"], two["agreed"], two["why"]) == ([1, 2], True, "a list read weekly")
    told = HTTP.get(f"{served.address}/v1/adoptions").json()
    assert told == {"adoptions": [two], "notice_days": 30}
    assert two["method_sha256"] == method_of(INDEX, 4).sha256
    assert [one.agreed for one in store.adoptions()] == [True]
    # What is agreed stands: another date for it, or another version, is no notice.
    later = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
    with pytest.raises(Fault, match=f"version 4 from {SOON}"):
        say(served, 1, first=later)


@pytest.mark.rule("IDX-025")
@pytest.mark.parametrize(
    ("other", "field", "expected"),
    [
        ({"first": "2026-12-01"}, "first", "30 days of notice"),
        ({"first": "soon"}, "first", "YYYY-MM-DD"),
        ({"version": 3}, "version", "after 3"),
        ({"version": 2}, "version", "after 3"),
        ({"version": 9}, "index", "H100-US v4"),
        ({"why": " "}, "why", "a reason"),
        ({"index": "T-BATCH"}, "index", ""),
        ({"more": 1}, "", ""),
    ],
)
def test_what_is_no_notice_is_refused_by_field(
    served: Served, store: IndexStore, other: dict, field: str, expected: str
) -> None:
    with pytest.raises(Fault) as refused:
        say(served, 1, **other)
    if field:
        assert refused.value.field == field
    assert expected in str(refused.value)
    assert store.adoptions() == ()


@pytest.mark.rule("IDX-025")
def test_a_member_may_not_and_a_key_is_asked_for(served: Served, store: IndexStore) -> None:
    with pytest.raises(Fault) as refused:
        say(served, 11)
    assert refused.value.name in ("role_missing", "scope_missing")
    assert HTTP.post(f"{served.address}/v1/adoptions", json={}).status_code == 401


@pytest.mark.rule("IDX-026")
def test_what_is_held_keeps_the_version_its_first_fixing_bears(
    served: Served, store: IndexStore
) -> None:
    """A date inside the month of a series somebody holds is none to begin on; its first day is."""
    say(served, 1, first="2101-01-10")
    held = {
        71: ("H100-2101-01", 1, 210_101), 72: ("A100.GH100-2101-02", 25, 210_102),
        73: ("OWN", 1, 210_103), 74: ("H100-2101-04", 1, 210_104),
        75: ("A100-2101-05", 25, 210_105),
    }  # fmt: skip
    for number, (symbol, index, month) in held.items():
        terms = SimpleNamespace(symbol=symbol, index=index, last_month=month)
        view = SimpleNamespace(terms=terms, first_month=month)
        served.gateway.market.series[number] = cast(Any, view)
        served.gateway.accounts.open_interest[number] = 0 if number == 74 else 2
    for first, symbol, after in (
        ("2101-01-10", "H100-2101-01", "2101-02-01"),
        ("2101-02-28", "A100.GH100-2101-02", "2101-03-01"),
        ("2101-03-31", "OWN", "2101-04-01"),
    ):
        with pytest.raises(Fault, match=f"{symbol} is held to .*, so {after} or later"):
            say(served, 2, first=first)
    for first in ("2101-01-01", "2101-04-10", "2101-05-10"):
        assert say(served, 2, first=first)["hands"] == [2]


@pytest.mark.rule("IDX-025")
def test_the_command_says_it_and_a_folder_lists_it(
    served: Served, store: IndexStore, tmp_path, capsys
) -> None:
    words = ["index", "adopt", INDEX, "--version", "4", "--from", SOON, "--why", "read weekly"]
    for actor, stands in ((1, "not yet in force"), (2, "said by actor 1 and actor 2, agreed")):
        key = tmp_path / f"{actor}.json"
        made = served.house.keys.create(actor, ("read", "admin"))
        key.write_text(json.dumps({"key": made.key, "secret": made.secret}))
        assert main([*words, "--key", str(key), "--at", served.address]) == 0
        assert stands in capsys.readouterr().out
    assert main(["index", "list", "--dir", str(store.folder)]) == 0
    assert f"H100-US: version 4 instead of 3 from {SOON} on" in capsys.readouterr().out
    (store.folder / "adoptions.jsonl").write_text("{}\n")
    assert main(["index", "list", "--dir", str(store.folder)]) == 1
    assert "adoptions.jsonl:1: expected a notice" in capsys.readouterr().err
