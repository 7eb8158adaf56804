"""Evenings of a served house: each closed day once, those that failed or were missed made up, what
fails held among its faults."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise

from lasalle.gateway.held import HeldFaults
from lasalle.gateway.measures import Measures
from lasalle.institution import evening, table_desk
from lasalle.institution.cover_desk import CoverStore
from lasalle.institution.evening import BEGUN, CoverDuty, Evenings, closed_days
from lasalle.institution.house import open_house
from lasalle.institution.table_desk import TableStore, made_again
from tests.institution.test_cover import FIRST, SECOND, folder, settled
from tests.institution.test_day import FAMILIES, Clock, small

__all__ = ["folder", "settled", "small"]
NAME = "duty"


@dataclass
class Kept:
    """A duty that lays a day down in a set, which outlives whoever does it."""

    laid: list[int] = field(default_factory=list)
    fails: set[int] = field(default_factory=set)
    name: str = NAME

    def first(self):
        return min(self.laid, default=0)

    def due(self, day):
        return day not in self.laid

    async def carry_out(self, day):
        if day in self.fails:
            raise OSError("no room")
        self.laid.append(day)
        return f"{day} done"


class Lives:
    """A house at a moment: settled days, and its duty."""

    def __init__(self, path, duty, monkeypatch):
        self.path, self.duty, self.days, self.now = path, duty, [], 0.0
        self.said, self.faults = [], HeldFaults()
        self.faults.say = self.said.append
        monkeypatch.setattr(evening, "closed_days", lambda _: self.days)
        self.restart()

    def restart(self):
        self.evenings = Evenings(self.path, None, [self.duty], self.faults, lambda: self.now)

    def looks(self, days, after=1.0):
        self.days, self.now = days, self.now + after
        asyncio.run(self.evenings.keep(self.said.append))
        return self.duty.laid


def test_what_failed_is_made_up_once_and_after_a_restart_too(tmp_path, monkeypatch):
    house = Lives(tmp_path, Kept(fails={2, 4}), monkeypatch)
    assert house.looks([1, 2]) == [], "the first evening kept is that of the newest closed day"
    assert (tmp_path / BEGUN).read_text() == "2\n"
    assert house.looks([1, 2]) == []
    assert len(house.said) == 1, "told once"
    assert list(house.faults.told()) == ["duty of 2"]
    assert house.looks([1, 2, 3]) == [3], "one that fails keeps no other away"
    house.restart()
    house.duty.fails = {4}
    assert house.looks([1, 2, 3, 4]) == [3, 2]
    assert list(house.faults.told()) == ["duty of 4"], "what came off is no fault"
    house.restart()
    house.duty.fails = set()
    assert house.looks([1, 2, 3, 4, 5, 6]) == [3, 2, 4, 5, 6]
    assert house.looks([1, 2, 3, 4, 5, 6]) == [3, 2, 4, 5, 6]
    assert house.faults.told() == {}


def test_a_day_that_fails_again_and_again_is_tried_less_and_less(tmp_path, monkeypatch):
    house, tried = Lives(tmp_path, Kept(fails={1}), monkeypatch), []
    real = house.duty.carry_out

    async def counted(day):
        tried.append(house.now)
        return await real(day)

    house.duty.carry_out = counted
    for _ in range(400):
        house.looks([1], after=30.0)
    gaps = [b - a for a, b in pairwise(tried)]
    assert gaps[:3] == [60, 120, 240]
    assert gaps[-1] == 3600


def test_a_house_that_kept_evenings_before_makes_up_the_gaps_it_has(tmp_path, monkeypatch):
    house = Lives(tmp_path, Kept(laid=[3, 5]), monkeypatch)
    assert house.looks([1, 2, 3, 4, 5, 6]) == [3, 5, 4, 6]


def test_a_missed_run_is_that_of_its_day_and_bad_groups_cost_no_replay(folder, monkeypatch):
    house = open_house(folder, Clock("2026-04-01T02:00"))
    try:
        assert closed_days(house.views)[1:] == [FIRST, SECOND]
        (folder / BEGUN).write_text(f"{FIRST}\n")
        groups = folder / "groups.csv"
        groups.write_text("a,b\n")
        made, real = [], evening.make_run
        monkeypatch.setattr(evening, "make_run", lambda *a, **k: made.append(a[2]) or real(*a, **k))
        store, faults, said, now = CoverStore(folder), HeldFaults(), [], [0.0]
        faults.say = said.append
        duty = CoverDuty(folder, FAMILIES["small"], store, Measures().cover, True)
        evenings = Evenings(folder, house.views, [duty], faults, lambda: now[0])
        for _ in range(5):
            now[0] += 61.0
            asyncio.run(evenings.keep(said.append))
        assert made == []
        assert len(said) == 2, "each of two days, once"
        assert "expected heads member,group" in faults.told()[f"cover of {FIRST}"]
        groups.write_text("member,group\n2,one\n3,one\n")
        now[0] += 61.0
        asyncio.run(evenings.keep(said.append))
        assert (made, store.days(), faults.told()) == ([FIRST, SECOND], [FIRST, SECOND], {})
        assert store.read(FIRST)["groups"] == {"2": 2, "3": 2}
        asyncio.run(evenings.keep(said.append))
        assert made == [FIRST, SECOND]
    finally:
        house.close()


def test_a_table_the_disk_refuses_is_told_and_written_later(folder, tmp_path, monkeypatch):
    tables = list(made_again(folder))[:3]
    real, left = table_desk.lay_down, [2]

    def refuses(path, content):
        if left[0]:
            left[0] -= 1
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(table_desk, "lay_down", refuses)
    monkeypatch.setattr(table_desk, "AGAIN_SECONDS", 0.01)
    said, faults = [], HeldFaults()
    faults.say = said.append
    store = TableStore(tmp_path, faults)
    for one in tables:
        store.keep(*one)
    deadline = 500
    while len(store.rows()) < 2 and deadline:
        asyncio.run(asyncio.sleep(0.01))
        deadline -= 1
    store.close()
    expected = TableStore(tmp_path / "whole")
    monkeypatch.setattr(table_desk, "lay_down", real)
    for one in tables:
        expected.add(*one)
    assert TableStore(tmp_path).rows() == expected.rows()
    assert "No space left on device" in said[0]
    assert said[1:] == ["margin tables are kept again"]
    assert faults.told() == {}


def test_a_disk_that_stays_full_holds_nobody_up_at_the_close(folder, tmp_path, monkeypatch):
    def refuses(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table_desk, "lay_down", refuses)
    monkeypatch.setattr(table_desk, "MOST_WAITING", 2)
    faults = HeldFaults()
    store = TableStore(tmp_path, faults)
    tables = list(made_again(folder))
    for one in tables[:4]:
        store.keep(*one)
    store.close()
    assert store.rows() == []
    assert f"event {tables[1][1]} " in faults.told()["margin tables left out"]
