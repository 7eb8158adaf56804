"""A day in a path or a query: one written form everywhere, and what is no day refused by field."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from lasalle.client import Client, Fault
from lasalle.client.asking import Asking, asking_day
from lasalle.client.days import day_text, read_day
from tests.gateway.conftest import Served
from tests.loopback import HTTP

NAMES = {"account": "1", "index": "H100-US"}
WRONG = (
    "2026-02-30", "1999-12-31", "2026-13-01", "20260230", "2026-3-1", "2026/03/01", "26-03-01",
    "00000000", "0000-00-00", "today", "-1", "2026-03-12T00", "20260312.5",
    "12345678901234567890", "2026W12",
    "\u0662\u0660\u0662\u0666-03-12",
)  # fmt: skip


def dated(described: dict[str, Any]) -> list[tuple[str, str]]:
    """Every path that names a day and every query that does, from the published description:
    (path with a place for the day, that place)."""
    found = []
    for path, methods in described["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["name"] != "day":
                continue
            named = path
            for name, value in NAMES.items():
                named = named.replace(f"{{{name}}}", value)
            found.append((named if "{day}" in named else f"{named}?day={{day}}", named))
    return found


def test_every_path_and_query_reads_one_form_and_refuses_what_is_no_day(served: Served) -> None:
    described = HTTP.get(f"{served.address}/openapi.json").json()
    assert "YYYY-MM-DD" in described["info"]["description"]
    places = dated(described)
    assert {named.split("/")[2] for _, named in places} >= {
        "accounts", "curves", "derived", "indices", "margin",
    }  # fmt: skip
    client = served.client(1)
    for place, _ in places:
        bundle = "/bundles/" in place
        for word in WRONG:
            if bundle and word == "20260312.5":
                continue
            asked = Asking("GET", place.format(day=quote(word, safe="")), dict[str, Any])
            with pytest.raises(Fault) as caught:
                client.ask(asked)
            fault = caught.value
            assert (fault.status, fault.name, fault.field) == (400, "malformed", "day"), place
            assert (fault.rule, "YYYY-MM-DD" in str(fault.expected)) == ("GTW-001", True)
            assert word in str(fault.found) or not word.isascii()
        days = ("2026-03-12", "20260312")
        told, again = (answer(client, place.format(day=day)) for day in days)
        assert told == again, "the eight digits of an answer say the same day"


def answer(client: Client, path: str) -> Any:
    """What a path answers, or by which fault it does not."""
    try:
        return client.ask(Asking("GET", path, dict[str, Any]))
    except Fault as fault:
        return fault.name


def test_a_bundle_of_a_correction_is_named_by_its_row(served: Served) -> None:
    for word, status in (("2026-03-12.31", 404), ("2026-03-12.", 400), ("2026-03-12.0", 400),
                         ("2026-02-30.1", 400), ("2026-03-12.x", 400)):  # fmt: skip
        answer = HTTP.get(f"{served.address}/v1/indices/H100-US/bundles/{word}")
        assert answer.status_code == status, word
        assert (answer.json()["error"]["field"] == "day") == (status == 400), "none is kept here"


def test_the_client_writes_days_as_people_do() -> None:
    paths = {asking_day(1, day).path for day in (date(2026, 3, 12), 20260312, "2026-03-12")}
    assert paths == {"/v1/accounts/1/statements/2026-03-12"}
    with pytest.raises(ValueError, match="expected a date from 2000"):
        asking_day(1, 20260230)
    assert read_day("2024-02-29") == date(2024, 2, 29)
    assert read_day("2026-02-29") is None
    assert day_text(20260101) == "2026-01-01"
