"""A house that is closed, killed, restored from elsewhere, or left without its views."""

from __future__ import annotations

import shutil

import pytest

from lasalle import wire
from lasalle.institution import house as house_module
from lasalle.institution.house import open_house
from lasalle.venue import verify
from lasalle.venue.compiled import built
from lasalle.venue.disk import FolderDisk
from lasalle.venue.replay import Diverged
from tests.cores import NOT_BUILT
from tests.gateway.conftest import furnish
from tests.views.test_views import busy_day, seen


def notices(house):
    return "\n".join(house.notices)


def test_the_first_start_says_nothing_of_hashes(tmp_path):
    house = open_house(tmp_path / "h")
    assert "hash" not in notices(house)
    state_hash = house.close()
    again = open_house(tmp_path / "h")
    assert "hash" not in notices(again), "an empty house has nothing to compare"
    furnish(again)
    state_hash = again.close()
    last = open_house(tmp_path / "h")
    assert last.notices[0].startswith(f"Same state hash as at the last close: {state_hash}")
    last.close()


def test_a_killed_house_opens_with_everything_it_acknowledged(tmp_path):
    house = open_house(tmp_path / "h")
    furnish(house)
    busy_day(house, 3)
    house.close()
    house = open_house(tmp_path / "h")
    busy_day(house, 4)
    before, number = seen(house), house.sequencer.core.last_number
    state_hash = house.sequencer.core.state_hash().hex()
    house.release()
    again = open_house(tmp_path / "h")
    assert f"State hash after command {number}, the last of the journal: {state_hash}" in notices(
        again
    )
    assert seen(again) == before
    again.release()
    assert not verify(tmp_path / "h").faults


def test_views_ahead_of_a_restored_journal_are_folded_anew(tmp_path):
    house = open_house(tmp_path / "h")
    furnish(house)
    busy_day(house, 3)
    older, number = seen(house), house.sequencer.core.last_number
    shutil.copytree(tmp_path / "h" / "journal", tmp_path / "backup")
    busy_day(house, 4)
    house.history.flush()
    house.release()
    shutil.rmtree(tmp_path / "h" / "journal")
    shutil.copytree(tmp_path / "backup", tmp_path / "h" / "journal")
    again = open_house(tmp_path / "h")
    assert "views were ahead of the journal" in notices(again)
    assert seen(again) == older
    assert again.sequencer.core.last_number == number
    # The restored house goes another way: its views are of another journal than the old ones.
    views = {p.name: p.read_bytes() for p in (tmp_path / "h").glob("views.sqlite*")}
    busy_day(again, 5)
    other = seen(again)
    again.release()
    assert views
    third = open_house(tmp_path / "h")
    assert seen(third) == other
    third.release()


def test_views_of_another_journal_are_folded_anew(tmp_path):
    for name, seed in (("one", 3), ("two", 4)):
        house = open_house(tmp_path / name)
        furnish(house)
        busy_day(house, seed)
        if name == "one":
            shown = seen(house)
        house.history.flush()
        house.release()
    for path in (tmp_path / "two").glob("views.sqlite*"):
        shutil.copy(path, tmp_path / "one" / path.name)
    again = open_house(tmp_path / "one")
    assert "views were" in notices(again)
    assert seen(again) == shown
    again.release()


def test_a_closed_house_does_not_open_on_an_older_journal(tmp_path):
    house = open_house(tmp_path / "h")
    furnish(house)
    house.close()
    journal = tmp_path / "h" / "journal"
    shutil.copytree(journal, tmp_path / "backup")
    house = open_house(tmp_path / "h")
    busy_day(house, 4)
    house.close()
    shutil.rmtree(journal)
    shutil.copytree(tmp_path / "backup", journal)
    with pytest.raises((ValueError, Diverged), match="missing"):
        open_house(tmp_path / "h")


def test_sessions_that_ended_with_their_process_lose_their_orders_once(tmp_path):
    house = open_house(tmp_path / "h")
    furnish(house)
    order = wire.PlaceOrder(
        account=1,
        series=1,
        side=wire.Side.BUY,
        order_type=wire.OrderType.LIMIT,
        time_in_force=wire.TimeInForce.GTC,
        self_trade=wire.SelfTrade.CANCEL_NEWEST,
        price=1_900_000,
        lots=2,
        session=7,
    )
    house.ask(11, order)
    house.release()
    again = open_house(tmp_path / "h")
    assert again.lost_sessions == []
    assert [o["status"] for o in orders(again)] == ["cancelled: session_lost"]
    number = again.sequencer.core.last_number
    again.release()
    third = open_house(tmp_path / "h")
    assert third.sequencer.core.last_number == number, "it is told once"
    third.release()


class FullDisk(FolderDisk):
    """A folder on a disk without room."""

    free = 0

    def free_bytes(self):
        return self.free


def test_a_lost_session_is_told_again_until_it_is_sealed(tmp_path):
    house = open_house(tmp_path / "h")
    furnish(house)
    with_session = {"session": 7, "lots": 2, "price": 1_900_000, "account": 1, "series": 1}
    order = wire.PlaceOrder(
        side=wire.Side.BUY,
        order_type=wire.OrderType.LIMIT,
        time_in_force=wire.TimeInForce.GTC,
        self_trade=wire.SelfTrade.CANCEL_NEWEST,
        **with_session,
    )
    house.ask(11, order)
    house.release()
    disk = FullDisk(tmp_path / "h" / "journal")
    again = open_house(tmp_path / "h", disk=disk)
    assert again.lost_sessions == [7]
    assert [o["status"] for o in orders(again)] == ["live"]
    assert not again.lose_sessions()
    disk.free = 10**12
    assert again.lose_sessions()
    assert [o["status"] for o in orders(again)] == ["cancelled: session_lost"]
    again.close()


def orders(house):
    return [o.shown("x") for o in house.accounts.orders_page(1, 0, 100)]


def test_a_house_that_is_as_it_should_be_reads_its_journal_once(tmp_path, monkeypatch):
    if built("replay_whole") is None:
        pytest.skip(NOT_BUILT)
    folder = tmp_path / "h"
    first = open_house(folder)
    furnish(first)
    first.keep_snapshot()
    busy_day(first, 3)
    shown, number = seen(first), first.sequencer.core.last_number
    first.release()

    def in_turn(*_: object) -> None:
        raise AssertionError("it is opened and then replayed")

    monkeypatch.setattr(house_module, "Journal", in_turn)
    monkeypatch.setattr(house_module, "replay", in_turn)
    again = open_house(folder)
    assert (seen(again), again.sequencer.core.last_number) == (shown, number)
    assert any("From the snapshot after command" in said for said in again.notices)
    again.release()
    for snapshot in folder.glob("*.snap"):
        snapshot.unlink()
    whole = open_house(folder)
    assert (seen(whole), whole.sequencer.core.last_number) == (shown, number)
    whole.release()
