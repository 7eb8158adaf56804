"""Runs of Cover-1 and Cover-2 over REST: totals for everyone, members for the house alone."""

from __future__ import annotations

import msgspec
import pytest

from lasalle.client import Asking, Client
from lasalle.client.faults import Fault
from lasalle.gateway.cover import CoverRun
from tests.gateway.conftest import serving

FIGURE = {"case": "a fall", "beyond_margin": 7, "short": 2}
RUN = {
    "day": 20260330,
    "number": 9,
    "set": "stress set, 48 cases revalued",
    "cases": 48,
    "simulated": False,
    "prefunded": {"first_loss": 1, "default_fund": 3, "second_tranche": 1, "total": 5},
    "cover1": FIGURE,
    "cover2": FIGURE,
    "breach": True,
    "wrong_way": FIGURE,
    "suppliers": [
        {"member": 1, "accounts": [1], "lots": 3, "case": "a fall", "lost": 5, "penalty": 1,
         "owed": 2, "beyond_margin": 7}
    ],
    "members_of_wrong_way": [1],
    "collateral": [
        {"name": "asset 2, EUR", "assets": [2], "counted": 9, "limit": 5, "over": 4,
         "caps": [{"asset": 2, "cap": 5}]}
    ],
    "members_of_cover1": [1],
    "members_of_cover2": [1, 2],
    "groups": {"3": 1},
    "by_case": [
        {"case": "a fall", "kind": "compute", "largest": [{"member": 1, "beyond_margin": 7}],
         "total": 7, "left": -2}
    ],
    "by_member": [
        {"member": 1, "accounts": [1], "against_a_loss": 4, "beyond_margin": 7, "case": "a fall",
         "largest_loss": 11}
    ],
    "taken_at_worst": [],
    "reverse": [{"case": "a fall", "thousandths": 900, "members": [1]}],
    "fund": {"proposed": 8, "binding": "the largest", "paid_in": 3,
             "contributions": [{"member": 1, "proposed": 8, "paid_in": 3}]},
    "liquidity": [{"asset": 1, "name": "USD", "most": 3, "ready": 2, "short": 1,
                   "hours": [{"hour": 0, "days_later": 0, "need": 3}]}],
}  # fmt: skip


class Kept:
    def days(self):
        return [20260329, 20260330]

    def read(self, day):
        return {**RUN, "day": day} if day in self.days() else None


@pytest.fixture
def served(tmp_path):
    def furnished(gateway):
        gateway.covers = Kept()

    with serving(tmp_path / "house", furnished=furnished) as found:
        yield found


def test_everyone_reads_totals_and_no_member(served):
    told = Client(served.address).ask(Asking("GET", "/v1/margin/cover?limit=1", dict))
    (run,) = told["runs"]
    assert run["day"] == 20260330
    assert run["cover2"] == FIGURE
    assert run["wrong_way"] == FIGURE
    assert run["collateral"][0]["caps"] == [{"asset": 2, "cap": 5}]
    assert "member" not in str(run)
    more = Client(served.address).ask(
        Asking("GET", f"/v1/margin/cover?limit=1&cursor={told['next']}", dict)
    )
    assert [r["day"] for r in more["runs"]] == [20260329]
    assert more["next"] is None


def test_the_house_alone_reads_members(served):
    found = served.client(1).ask(Asking("GET", "/v1/margin/cover/20260330", dict))
    assert found == RUN
    assert msgspec.convert(found, CoverRun, strict=True).by_member[0].beyond_margin == 7
    assert msgspec.convert(found, CoverRun, strict=True).suppliers[0].owed == 2
    for client, path, name in (
        (served.client(11), "20260330", "role_missing"),
        (served.client(1), "20260101", "file_unknown"),
        (served.client(1), "yesterday", "malformed"),
        (Client(served.address), "20260330", "key_refused"),
    ):
        with pytest.raises(Fault) as refused:
            client.ask(Asking("GET", f"/v1/margin/cover/{path}", dict))
        assert refused.value.name == name, path
