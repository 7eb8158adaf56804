"""The weekly report of commitments: once a week, of the close of its day, with what changed."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest

from lasalle.clearing.commitments import Commitment, read_reporting_terms, weekly_csv
from lasalle.institution import commitments_desk
from lasalle.institution.commitments_desk import CommitmentsDuty, CommitmentsStore
from tests.gateway.conftest import serving
from tests.institution.test_cover import FIRST, SECOND, folder, settled
from tests.institution.test_day import small
from tests.loopback import HTTP

__all__ = ["folder", "settled", "small"]


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_report_of_a_week_is_kept_once(folder):
    store = CommitmentsStore(folder)
    duty = CommitmentsDuty(folder, store)
    assert [day for day in (FIRST, SECOND) if duty.due(day)] == [SECOND], "a Tuesday"
    said = asyncio.run(duty.carry_out(SECOND))
    assert "Commitments of traders of 20260331: " in said
    assert (duty.due(SECOND), duty.first(), store.days()) == (False, SECOND, [SECOND])
    (row, *_) = read(store.read(SECOND).decode())
    assert row["long"] == "withheld", "three members are too few to be shown"
    assert row["change_long"] == "", "no week before"
    with pytest.raises(FileExistsError):
        store.keep(SECOND, b"")


def test_changes_are_those_of_the_week_and_nothing_withheld_shows_through():
    def of(long, short, both, name="member"):
        traders = None if long is None else 5
        return Commitment("index 1 future", name, traders, long, short, both, 9)

    first = weekly_csv([of(10, 4, 3), of(None, None, None, "client")], 20260324, "")
    assert [row["change_long"] for row in read(first)] == ["", ""]
    rows = [of(7, 6, 3), of(5, 5, 0, "client"), of(2, 2, 0, "fund")]
    second = read(weekly_csv(rows, 20260331, first))
    changes = [(r["change_long"], r["change_short"], r["change_spreading"]) for r in second]
    assert changes == [("-3", "2", "0"), ("withheld",) * 3, ("2", "2", "0")]


def test_everyone_reads_the_reports(tmp_path):
    store = CommitmentsStore(tmp_path / "house")

    def furnished(gateway):
        gateway.commitments = store

    with serving(tmp_path / "house", furnished=furnished) as served:
        store.keep(SECOND, b"market,class\n")
        assert HTTP.get(served.address + "/v1/commitments").json()["reports"] == [{"day": SECOND}]
        told = HTTP.get(f"{served.address}/v1/commitments/2026-03-31")
        assert (told.text, told.headers["content-type"]) == ("market,class\n", "text/csv")
        assert HTTP.get(f"{served.address}/v1/commitments/2026-03-30").status_code == 404


def test_a_day_that_is_none_is_refused():
    lots = "[large_lots]\nfuture = 1\ncall = 1\nput = 1\nswap = 1\n"
    with pytest.raises(ValueError, match="weekday: expected 0 to 6"):
        read_reporting_terms("fewest_traders = 4\nweekday = 7\n" + lots)
    assert commitments_desk.load_reporting_terms().weekday == 1
