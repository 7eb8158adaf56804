"""The door of the history: in memory and in SQLite the same answers, and the core's own."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter

import msgspec
import pytest

from lasalle import wire
from lasalle.views import MemoryHistory, SqliteHistory, sqlite_history, tables
from lasalle.views.folding import WRITTEN, Folding
from lasalle.views.history import Ledger
from lasalle.views.model import LIVE
from tests.properties.test_stories import tell_story

SEEDS = (1, 2, 3, 4, 5, 6, 10)
WEEK = 7 * 86_400 * 10**9


@pytest.fixture(scope="module")
def stories():
    return {seed: tell_story(seed) for seed in SEEDS}


def batches(told, size=7):
    """Events in batches of a few commands, as a sequencer tells them."""
    found, last = [], 0
    for header, event in told:
        if not found or (header.cause != last and len(found[-1]) >= size):
            found.append([])
        found[-1].append((header, event))
        last = header.cause
    return found


def sealed(told):
    """Events as the frames the core told."""
    return b"".join(
        wire.seal(e, h.number, h.time, cause=h.cause, actor=h.actor, span=h.span) for h, e in told
    )


def folded(keeper, told):
    for batch in batches(told):
        keeper.tell(sealed(batch), batch[-1][0].cause, bytes(32))
    keeper.flush()
    return keeper


@pytest.fixture(params=["memory", "sqlite"])
def keeper(request, tmp_path):
    made = MemoryHistory() if request.param == "memory" else SqliteHistory(tmp_path / "v.sqlite")
    yield made
    made.close()


class TestHistory:
    """What every keeper does."""

    def test_calls_for_dues_and_for_margin_stand_beside_each_other(self, keeper):
        events = (
            wire.CallOpened(account=7, amount=5),
            wire.MarginCalled(call=2, account=7, amount=30, required=90, due=900),
            wire.MarginCalled(call=3, account=8, amount=1, required=2, due=900),
            wire.CallClosed(account=7),
            wire.MarginCallLate(call=2, account=7, amount=29),
            wire.CallOpened(account=7, amount=6),
            wire.MarginCallMet(call=2, account=7),
            wire.MarginCalled(call=8, account=7, amount=4, required=8, due=950),
        )
        for n, event in enumerate(events, 1):
            keeper.tell(wire.seal(event, n, 100 + n, cause=n), n, bytes(32))
        keeper.flush()
        assert [(c.opened, c.state, c.amount, c.due) for c in keeper.calls(7)] == [
            (1, "met", 5, 101),
            (2, "met", 29, 900),
            (6, "open", 6, 106),
            (8, "open", 4, 950),
        ]
        (_, second, *_) = keeper.calls(7)
        assert (second.late, second.closed, second.number, second.required) == (5, 7, 2, 90)
        (other,) = keeper.calls(8)
        assert (other.opened, other.state, other.required) == (3, "open", 2)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_what_it_shows_is_what_the_core_holds(self, keeper, stories, seed):
        house, _, told = stories[seed]
        folded(keeper, told)
        assert keeper.mark.event == house.last_event
        live = {o.accepted.order: o for o in keeper.live_orders()}
        assert {n: o.lots for n, o in live.items()} == {
            n: o.lots for n, o in house.state.orders.items()
        }
        assert {n: o.price for n, o in live.items()} == {
            n: o.price for n, o in house.state.orders.items()
        }
        for number in house.state.accounts:
            lines = keeper.lines(number, 0, 10**6)
            sums = Counter()
            for line in lines:
                sums[line.ledger_class, line.asset] += line.amount
            held = {
                (c, asset): b
                for (c, a, asset), b in house.state.balances.items()
                if a == number and b
            }
            assert {k: v for k, v in sums.items() if v} == held
            fills = keeper.fills(number, 0, 10**6)
            assert all(number in (t.terms.buy_account, t.terms.sell_account) for t in fills)
            standing = [c for c in keeper.calls(number) if not c.closed]
            assert bool(standing) == bool(house.state.due(number))

    def test_pages_go_on_where_they_stopped(self, keeper, stories):
        _, _, told = stories[10]
        folded(keeper, told)
        for account in (1, 2):
            for ask, number in (
                (keeper.orders, lambda o: o.accepted.order),
                (keeper.fills, lambda t: t.trade),
                (keeper.lines, lambda x: x.event),
            ):
                whole, pages, after = ask(account, 0, 10**6), [], 0
                while page := ask(account, after, 5):
                    pages += page
                    after = number(page[-1])
                assert pages == whole
                assert len(whole) > 10

    def test_a_statement_of_a_day_adds_up(self, keeper, stories):
        settled = 0
        for seed in SEEDS:
            keeper.wipe()
            house, _, told = stories[seed]
            folded(keeper, told)
            days = keeper.settled_days()
            settled += len(days)
            for number in house.state.accounts:
                before = 0
                for day in days:
                    said = keeper.statement(number, day)
                    assert said.opening == before
                    assert said.closing == said.opening + sum(said.moved.values())
                    before = said.closing
            assert keeper.statement(1, 20991231) is None
        assert settled > 10

    def test_a_wiped_history_folds_to_the_same_again(self, keeper, stories):
        _, _, told = stories[2]
        before = answers(folded(keeper, told), told)
        keeper.wipe()
        assert keeper.mark.event == 0
        assert keeper.live_orders() == []
        assert answers(folded(keeper, told), told) == before

    def test_a_busy_index_takes_no_other_ones_place(self, keeper):
        days = [(1, 20260000 + n) for n in range(101, 131)] + [(2, 20260105), (2, 20260106)]
        for number, (index, day) in enumerate(days, 1):
            fixing = wire.FixingPublished(index=index, day=day, price=number)
            keeper.tell(sealed([(head(number, number), fixing)]), number, bytes(32))
        keeper.flush()
        kept = [(f.index, f.day) for f in keeper.fixings(3)]
        assert kept == [(2, 20260105), (2, 20260106), (1, 20260128), (1, 20260129), (1, 20260130)]

    def test_an_order_answers_to_both_names_long_after_it_ended(self, keeper):
        order = wire.OrderAccepted(
            order=5,
            account=1,
            series=1,
            side=wire.Side.BUY,
            order_type=wire.OrderType.LIMIT,
            time_in_force=wire.TimeInForce.GTC,
            self_trade=wire.SelfTrade.CANCEL_NEWEST,
            price=10,
            lots=3,
            reference="mine",
        )
        ended = wire.OrderCancelled(
            order=5, account=1, series=1, side=wire.Side.BUY, lots=3,
            reason=wire.CancelReason.REQUESTED,
        )  # fmt: skip
        quote = {n: getattr(order, n) for n in order.__struct_fields__}
        quote |= {"order": 6, "quote": True, "reference": ""}
        withdrawn = {n: getattr(ended, n) for n in ended.__struct_fields__} | {"order": 6}
        events = [
            order, wire.OrderAccepted(**quote), ended, wire.OrderCancelled(**withdrawn),
        ]  # fmt: skip
        for number, event in enumerate(events, 1):
            keeper.tell(sealed([(head(number, 1), event)]), number, bytes(32))
        settled = wire.VariationSettled(day=20260401)
        keeper.tell(sealed([(head(5, 13 * WEEK), settled)]), 5, bytes(32))
        keeper.flush()
        assert keeper.order(1, 5).status == "cancelled: requested"
        assert keeper.order_named(1, "mine").accepted.order == 5
        assert keeper.order(2, 5) is None, "another account's order is not shown"
        assert keeper.order(1, 6) is None, "an unfilled quote is forgotten after five weeks"
        assert keeper.marks_time() == 13 * WEEK


    def test_a_late_fixing_is_known_however_many_came_after_it(self, keeper):
        """Of 1,100 days of an index one had none and was fixed later; the last thousand do not hold
        it, and it is told all the same."""
        reason = wire.NoFixReason.EVIDENCE
        none = wire.NoFixDeclared(index=1, day=5, reason=reason)
        late = wire.LateFixingPublished(index=1, day=5, price=7)
        plain = [wire.FixingPublished(index=1, day=day, price=9) for day in range(6, 1_106)]
        other = wire.NoFixDeclared(index=2, day=5, reason=reason)
        for number, event in enumerate([none, other, late, *plain], 1):
            keeper.tell(sealed([(head(number, 1), event)]), number, bytes(32))
        keeper.flush()
        assert 5 not in {fixing.day for fixing in keeper.fixings(1_000)}
        assert keeper.late_days() == {(1, 5)}


def head(number, time):
    return wire.Header(0, 0, 1, 0, 0, number, time, number, 1, 0)


def answers(keeper, told):
    """Everything a keeper can say."""
    accounts, series = range(1, 5), range(1, 30)
    return {
        "orders": [keeper.orders(a, 0, 10**6) for a in accounts],
        "named": [
            keeper.order_named(e.account, e.reference)
            for _, e in told
            if isinstance(e, wire.OrderAccepted | wire.OrderReplaced) and e.reference
        ],
        "live": keeper.live_orders(),
        "fills": [keeper.fills(a, 0, 10**6) for a in accounts],
        "trades": [keeper.trades(s, 0, 50) for s in series],
        "lines": [keeper.lines(a, 0, 10**6) for a in (0, *accounts)],
        "statements": [keeper.statement(a, d) for a in accounts for d in keeper.settled_days()],
        "prices": [keeper.settlement_prices(s) for s in series],
        "finals": [keeper.final_prices(s) for s in series],
        "fixings": keeper.fixings(100),
        "no fixes": keeper.no_fixes(),
        "late days": sorted(keeper.late_days()),
        "marks": [time] if (time := keeper.marks_time()) else [],
        "calls": [keeper.calls(a) for a in accounts],
        "listed": keeper.listed(),
        "feed": keeper.feed(0, 10**6),
    }


def test_both_keepers_give_the_same_answers(tmp_path, stories):
    seen = Counter()
    for seed in SEEDS:
        _, _, told = stories[seed]
        disk = folded(SqliteHistory(tmp_path / f"{seed}.sqlite"), told)
        said = answers(disk, told)
        assert said == answers(folded(MemoryHistory(), told), told)
        seen += Counter({name: len(value) for name, value in said.items()})
        seen["busted"] += sum(t.busted for s in said["trades"] for t in s)
        seen["calls open"] += sum(not c.closed for a in said["calls"] for c in a)
        disk.close()
    assert seen["named"] > 20
    assert seen["busted"] > 0
    assert seen["marks"] == len(SEEDS)
    assert seen["statements"] > 20


class Recorder:
    """A connection that writes nothing and counts what it is asked to write."""

    def __init__(self) -> None:
        self.asked = 0

    def execute(self, *_: object) -> None:
        self.asked += 1


def made(kind):
    """A message of a kind with the first word of every field that needs one."""
    words = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            words[field.name] = next(iter(getattr(wire, kind.__annotations__[field.name])))
    return kind(**words)


def test_every_event_that_writes_a_table_is_known_to_the_folding():
    writing = set()
    for kind in wire.MESSAGES.values():
        if not wire.FIRST_EVENT_KIND <= kind.KIND < 2 * wire.FIRST_EVENT_KIND:
            continue
        event = made(kind)
        for field in ("amount", "buy_fee", "expired", "principal"):
            if hasattr(event, field):
                event = msgspec.structs.replace(event, **{field: 1})
        tables.write(recorder := Recorder(), Ledger(), (head(1, 1), event))
        if recorder.asked:
            writing.add(kind)
    assert writing == WRITTEN


def test_what_is_read_from_bytes_is_what_the_messages_say(tmp_path, stories, monkeypatch):
    """Frames of an older schema go the slow way; both ways write the same rows."""
    for seed in SEEDS:
        told = stories[seed][2]
        quick = folded(SqliteHistory(tmp_path / f"q{seed}.sqlite"), told)
        with monkeypatch.context() as slowly:
            make = Folding.__init__

            def plain(folding, *args, make=make):
                make(folding, *args)
                folding._reads.clear()

            slowly.setattr(Folding, "__init__", plain)
            slow = folded(SqliteHistory(tmp_path / f"s{seed}.sqlite"), told)
        said = quick.dump()
        assert said == slow.dump()
        assert len(said["orders"]) > 10
        quick.close()
        slow.close()


def test_folding_goes_on_where_the_file_stopped(tmp_path, stories):
    _, _, told = stories[3]
    parts = batches(told)
    half = len(parts) // 2
    one = SqliteHistory(tmp_path / "v.sqlite")
    for batch in parts[:half]:
        one.tell(sealed(batch), batch[-1][0].cause, b"\1" * 32)
    one.close()
    two = SqliteHistory(tmp_path / "v.sqlite")
    assert two.mark.event == parts[half - 1][-1][0].number
    assert two.mark.chain == "01" * 32
    for batch in parts[half:]:
        two.tell(sealed(batch), batch[-1][0].cause, bytes(32))
    two.flush()
    whole = folded(SqliteHistory(tmp_path / "w.sqlite"), told)
    assert two.dump() == whole.dump()
    for history in (two, whole):
        history.close()


def test_a_full_disk_delays_the_views_and_loses_nothing(tmp_path, stories, monkeypatch):
    _, _, told = stories[4]
    full = threading.Event()
    full.set()
    write = Folding.write

    def written(folding):
        if full.is_set():
            raise sqlite3.OperationalError("database or disk is full")
        write(folding)

    monkeypatch.setattr(sqlite_history, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(Folding, "write", written)
    history = SqliteHistory(tmp_path / "v.sqlite")
    for batch in batches(told):
        history.tell(sealed(batch), batch[-1][0].cause, bytes(32))
    deadline = time.monotonic() + 20
    while not history.fault and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "disk is full" in history.fault
    assert history.live_orders() == []
    full.clear()
    history.flush()
    assert history.fault == ""
    assert answers(history, told) == answers(folded(MemoryHistory(), told), told)
    history.close()


def test_the_tables_name_no_word_only_sqlite_knows():
    text = " ".join(tables.SCHEMA).upper()
    for word in ("AUTOINCREMENT", "WITHOUT ROWID", "PRAGMA", "REPLACE INTO", "STRICT"):
        assert word not in text
    assert LIVE in tables.SCHEMA[2]
