"""A house that takes orders while its history is behind: right in memory, honest about the rest."""

from __future__ import annotations

import gc
import shutil
import sqlite3
import threading
from collections import Counter

import pytest

from lasalle import wire
from lasalle.institution import serve, views
from lasalle.institution.house import open_house
from lasalle.views import HistoryBehind, sqlite_history
from lasalle.views.folding import Folding
from tests.gateway.conftest import TICK, furnish, told_to
from tests.views.test_views import busy_day, seen

STORES = ("views.sqlite", "views.sqlite-wal", "views.sqlite-shm")


def killed(folder, seed: int) -> tuple[dict[str, object], Counter[str]]:
    """Leaves a house that was killed with its views far behind its journal; what it showed, and
    what lies between."""
    house = open_house(folder)
    furnish(house)
    busy_day(house, seed)
    house.close()
    behind = folder.parent / "behind"
    shutil.copytree(folder, behind)
    house = open_house(folder)
    told = busy_day(house, seed + 100)
    trade = next(h.number for h, e in told if isinstance(e, wire.Traded))
    adjust = wire.AdjustTrade(trade=trade, price=TICK * 200)
    proposed = told_to(house, 1, wire.Propose(command=adjust.KIND, payload=adjust.pack()))
    told += told_to(house, 2, wire.Approve(proposal=proposed[0][1].proposal))
    told += told_to(house, 1, wire.SetSeriesState(series=1, state=wire.SeriesState.PAUSED))
    told += told_to(house, 1, wire.SetSeriesState(series=1, state=wire.SeriesState.OPEN))
    told += busy_day(house, seed + 200)
    house.release()
    house = open_house(folder)
    shown = seen(house)
    house.release()
    views_behind(folder)
    live = {o["order"] for rows in shown["orders"] for o in rows if o["status"] == "live"}
    kinds = Counter(type(e).__name__ for _, e in told)
    kinds["part filled"] = sum(
        o["status"] == "live" and o["filled_lots"] > 0 for rows in shown["orders"] for o in rows
    )
    kinds["live"] = len(live)
    return shown, kinds


def views_behind(folder) -> None:
    """Puts the views back to where they stood at the close."""
    for name in STORES:
        (folder / name).unlink(missing_ok=True)
        if (folder.parent / "behind" / name).exists():
            shutil.copy(folder.parent / "behind" / name, folder / name)


def in_memory(house) -> dict[str, object]:
    """What a house shows without its history."""
    accounts = house.accounts
    return {
        "books": [v.book() | {"seq": 0, "time": 0} for v in house.market.series.values()],
        "trades": [
            [(h.number, e) for h, e in v.trades][-50:] for v in house.market.series.values()
        ],
        "changed": [v.changed for v in house.market.series.values()],
        "accounts": [accounts.shown(n) for n in accounts.accounts],
        "live": [
            [o.shown("x") for _, o in sorted(a.orders.items()) if o.status == "live"]
            for a in accounts.accounts.values()
        ],
        "marks": house.market.marks_time,
    }


@pytest.fixture
def held(monkeypatch):
    """Folding waits until the test lets it go on."""
    go = threading.Event()
    take = Folding.take

    def waits(folding, frames):
        assert go.wait(60)
        return take(folding, frames)

    monkeypatch.setattr(Folding, "take", waits)
    yield go
    go.set()


@pytest.mark.rule("GTW-007")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_orders_are_taken_while_the_history_is_behind(tmp_path, held, seed):
    held.set()
    shown, kinds = killed(tmp_path / "h", seed)
    assert kinds["Traded"] > 30
    assert kinds["OrderReplaced"] > 5
    assert min(kinds[n] for n in ("TradeAdjusted", "part filled", "live")) > 0
    whole = open_house(tmp_path / "h")
    expected, number = in_memory(whole), whole.sequencer.core.last_number
    assert seen(whole) == shown
    whole.release()
    views_behind(tmp_path / "h")
    held.clear()
    house = open_house(tmp_path / "h", history_beside=True)
    assert in_memory(house) == expected
    last, folded = house.sequencer.core.last_event, house.history.mark.event
    assert folded < last == house.history.expected
    for ask in (
        lambda: house.history.fills(1, 0, 10),
        lambda: house.history.order(1, 1),
        lambda: house.accounts.find_order(1, reference="of old"),
        lambda: house.accounts.statement_lines(1, 0, 10),
        lambda: house.accounts.events_after(0, 10),
    ):
        with pytest.raises(HistoryBehind, match=f"up to event {folded}: expected up to {last}"):
            ask()
    told = busy_day(house, seed + 300)
    assert sum(isinstance(e, wire.Traded) for _, e in told) > 10
    assert house.sequencer.core.last_number > number
    house.keep_snapshot()
    held.set()
    after = seen(house)
    assert house.history.expected <= house.history.mark.event
    house.release()
    again = open_house(tmp_path / "h")
    assert seen(again) == after
    again.close()


def test_what_is_too_much_to_hold_is_folded_while_it_opens(tmp_path, monkeypatch):
    shown, _ = killed(tmp_path / "h", 5)
    monkeypatch.setattr(views, "MOST_HELD_BYTES", 10_000)
    folded = []
    flush = sqlite_history.SqliteHistory.flush

    def flushed(history):
        flush(history)
        folded.append(history.mark.event)

    monkeypatch.setattr(sqlite_history.SqliteHistory, "flush", flushed)
    house = open_house(tmp_path / "h", history_beside=True)
    assert len(folded) > 3
    assert folded == sorted(folded)
    assert folded[-1] < house.history.expected
    assert seen(house) == shown
    house.release()


def test_a_kill_while_it_catches_up_costs_nothing(tmp_path, monkeypatch):
    shown, _ = killed(tmp_path / "h", 6)
    monkeypatch.setattr(sqlite_history, "MOST_TOLD_AT_ONCE", 20)
    write, left = Folding.write, [3]

    def fails(folding):
        if not left[0]:
            raise sqlite3.OperationalError("database or disk is full")
        left[0] -= 1
        write(folding)

    with monkeypatch.context() as full:
        full.setattr(Folding, "write", fails)
        house = open_house(tmp_path / "h", history_beside=True)
        before = in_memory(house)
        house.release()
        assert 0 < house.history.mark.event < house.history.expected, "it stopped on the way"
    again = open_house(tmp_path / "h")
    assert in_memory(again) == before
    assert seen(again) == shown
    again.release()


def test_a_transaction_of_a_history_that_catches_up_is_bounded_in_bytes(tmp_path, monkeypatch):
    shown, _ = killed(tmp_path / "h", 8)
    most, fold, folded = 20_000, sqlite_history.SqliteHistory._fold, []
    monkeypatch.setattr(sqlite_history, "MOST_BYTES_AT_ONCE", most)

    def counted(history, batches):
        folded.append([len(frames) for frames, _, _ in batches])
        fold(history, batches)

    monkeypatch.setattr(sqlite_history.SqliteHistory, "_fold", counted)
    house = open_house(tmp_path / "h", history_beside=True)
    assert seen(house) == shown
    house.release()
    assert max(map(len, folded)) > 3, "batches share a transaction"
    assert max(sum(sizes[:-1]) for sizes in folded if sizes) < most
    assert sum(map(sum, folded)) > 5 * most


def test_a_house_that_is_served_is_not_searched_for_cycles_as_it_stood(tmp_path, monkeypatch):
    folder = tmp_path / "h"
    house = open_house(folder)
    furnish(house)
    house.close()
    frozen = []

    def served(work):
        work.close()
        frozen.append(gc.get_freeze_count())

    monkeypatch.setattr(serve, "run", served)
    gc.unfreeze()
    try:
        serve.run_house(folder, 0, 0, quiet=True)
    finally:
        gc.unfreeze()
    assert frozen[0] > 10_000, "what a house holds when it begins to serve"


def test_the_snapshot_the_history_goes_on_from_stays(tmp_path, held):
    held.set()
    killed(tmp_path / "h", 7)
    before = set((tmp_path / "h").glob("*.snap"))
    assert before
    held.clear()
    house = open_house(tmp_path / "h", history_beside=True)
    for seed in range(3):
        busy_day(house, seed)
        house.keep_snapshot()
    assert before < set((tmp_path / "h").glob("*.snap"))
    held.set()
    house.history.flush()
    house.keep_snapshot()
    assert len(set((tmp_path / "h").glob("*.snap"))) == 2
    house.release()
