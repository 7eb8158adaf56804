"""Margin tables that were in force: kept, made again from the journal, and enough to reckon an old
requirement again to the micro-dollar."""

from __future__ import annotations

import gzip
import json

import pytest

from lasalle import wire
from lasalle.clearing import Held, read_published, requirement
from lasalle.institution.command_line import main
from lasalle.institution.day_close import replayed
from lasalle.institution.house import open_house
from lasalle.institution.table_desk import TableStore, keep_current, made_again
from lasalle.plain.records import read_records
from tests.institution.test_cover import folder, settled
from tests.institution.test_day import Clock, small

__all__ = ["folder", "settled", "small"]


def test_old_requirements_are_reckoned_again_from_kept_tables(folder, tmp_path):
    """Whatever the core judged of positions alone, at any time, the table kept for it gives."""
    store = TableStore(tmp_path)
    for table, *place in made_again(folder):
        store.add(table, *place)
    rows, judged = store.rows(), 0
    assert len(rows) > 3
    assert len({row.sha256 for row in rows}) > 2
    for core, _, frames in replayed(folder):
        told = wire.read_frames(frames)
        if any(isinstance(event, wire.OrderCancelled) for _, event in told):
            continue  # judged with orders that the state after the command no longer has
        for header, event in told:
            if not isinstance(event, wire.AccountRefreshed) or not event.requirement:
                continue
            state = read_records(core.snapshot())
            account = state.accounts[event.account]
            if account.orders:
                continue
            row = [row for row in rows if row.event <= header.number][-1]
            held = {
                state.series[n].symbol: Held(p.lots) for n, p in account.positions.items() if p.lots
            }
            found = requirement(held, store.read(row)).requirement
            assert found == event.requirement, (header.number, row)
            judged += 1
    assert judged > 2
    store.close()


def test_tables_are_kept_once_and_a_bent_one_is_found(folder, tmp_path, capsys):
    words = ["margin", "tables", str(folder), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    first = capsys.readouterr().out
    assert "0 kept before" in first
    assert main(words) == 0
    assert ", 0 written" in capsys.readouterr().out
    store = TableStore(tmp_path / "out")
    row = store.rows()[1]
    path = store._path(row)
    told = json.loads(gzip.decompress(path.read_bytes()))
    told["series"][0]["mark"] += 1
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    with pytest.raises(ValueError, match="found another"):
        store.read(row)
    path.rename(path.with_name(path.name.replace(row.sha256, "0" * 64)))
    assert main(words) == 1
    assert f"FAULTY: the table kept of event {row.event}" in capsys.readouterr().out


def test_a_house_that_opens_keeps_the_table_in_force(folder):
    house = open_house(folder, Clock("2026-04-01T02:00"))
    for _ in range(2):
        store = TableStore(folder)
        keep_current(store, house)
        store.close()
    (row,) = TableStore(folder).rows()
    assert row.sha256 == house.accounts.margins.published().sha256
    house.close()
    # What came before is made again beside it.
    assert main(["margin", "tables", str(folder)]) == 0
    rows = TableStore(folder).rows()
    assert rows[-1].sha256 == rows[-2].sha256 == row.sha256
    assert [read_published(json.loads(gzip.decompress(TableStore(folder)._path(r).read_bytes())))
            .sha256 for r in rows] == [r.sha256 for r in rows]  # fmt: skip
