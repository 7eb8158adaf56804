"""An account that is ported: its member reads what came with the port and after, whoever had it
what came before, the house all of it; also when the house opens anew."""

from __future__ import annotations

import pytest

from lasalle import wire
from lasalle.client import Asking
from lasalle.client.faults import Fault
from lasalle.institution.house import open_house
from lasalle.institution.statement_desk import StatementStore, make_day
from lasalle.views import MemoryHistory, SqliteHistory
from tests.gateway.conftest import serving

CLIENT = 5
DAYS = (20260330, 20260331, 20260401)
OLD, NEW = 11, 12
"""Actors of the member that had the account, and of the one that has it."""


class Story:
    """A client of member 1 trades, its member fails, member 2 takes it on the second day."""

    def __init__(self, submit):
        self.submit = submit

    def ask(self, actor, command):
        told = self.submit(actor, command)
        assert not any(isinstance(e, wire.Refused) for _, e in told), (command, told)
        return told

    def agreed(self, command):
        told = self.ask(1, wire.Propose(command=command.KIND, payload=command.pack()))
        self.ask(2, wire.Approve(proposal=told[0][1].proposal))

    def settle(self, day):
        self.ask(1, wire.SettleVariation(day=day, prices=(wire.SeriesPrice(1, 2_000_000),)))
        self.ask(1, wire.SweepAccounts(limit=10))

    def order(self, actor, account, side, price):
        terms = {
            "order_type": wire.OrderType.LIMIT, "time_in_force": wire.TimeInForce.GTC,
            "self_trade": wire.SelfTrade.CANCEL_NEWEST,
        }  # fmt: skip
        placed = wire.PlaceOrder(
            account=account, series=1, side=side, price=price, lots=3, **terms
        )
        self.ask(actor, placed)

    def tell(self):
        for number in (OLD, NEW):
            roles = int(wire.Role.TRADER | wire.Role.SETTLEMENT | wire.Role.RISK)
            member = number - 10
            self.agreed(wire.RegisterActor(registered=number, member=member, roles=roles))
        limits = {"position_limit": 10**4, "order_lots_limit": 10**4, "order_value_limit": 10**15}
        kind = wire.AccountKind.CLIENT
        opened = wire.OpenAccount(account=CLIENT, member=1, account_kind=kind, owner=77, **limits)
        self.agreed(opened)
        self.ask(1, wire.Deposit(account=CLIENT, asset=1, amount=10**12, reference="client"))
        self.order(OLD, CLIENT, wire.Side.BUY, 2_000_000)
        self.order(NEW, 2, wire.Side.SELL, 2_000_000)
        self.order(OLD, CLIENT, wire.Side.BUY, 1_990_000)
        self.settle(DAYS[0])
        self.agreed(wire.DeclareDefault(member=1))
        self.ask(1, wire.OfferPort(account=CLIENT, member=2))
        self.ask(NEW, wire.AcceptPort(account=CLIENT))
        self.settle(DAYS[1])
        self.order(NEW, CLIENT, wire.Side.SELL, 2_010_000)
        self.settle(DAYS[2])


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Asks the served house for a path as an actor: the answer, or the name of the fault."""
    folder = tmp_path_factory.mktemp("ported") / "house"
    store = StatementStore(folder)

    def furnished(gateway):
        Story(gateway.waiting.sequencer.submit).tell()
        gateway.statements = store

    with serving(folder, behaviour=3, furnished=furnished) as served:
        for day in DAYS:
            store.keep(day, *make_day(folder, day))

        def ask(actor, path):
            try:
                return served.client(actor).ask(Asking("GET", path, dict))
            except Fault as error:
                return error.name

        yield ask
    store.close()
    house = open_house(folder)
    (port,) = house.accounts.margins.ports[CLIENT]
    assert (port.from_member, port.member) == (1, 2), "a house that opens anew knows it"
    house.close()


def path(rest=""):
    return f"/v1/accounts/{CLIENT}{rest}"


def test_statements_are_of_whoever_had_the_account(asked):
    def days(actor):
        return [row["day"] for row in asked(actor, path("/statements"))["statements"]]

    assert days(1) == list(DAYS)
    assert days(NEW) == [DAYS[2]], "the day of the port is of two members: the house tells it"
    assert days(OLD) == [DAYS[0]]
    for actor, may in ((1, DAYS), (NEW, DAYS[2:]), (OLD, DAYS[:1])):
        for day in DAYS:
            for rest in ("", "?format=json", "/proof"):
                told = asked(actor, path(f"/statements/{day}{rest}"))
                if day in may:
                    assert isinstance(told, dict), (actor, day, rest, told)
                else:
                    assert told == "file_unknown", (actor, day, rest)


def test_lines_orders_fills_and_events_begin_with_the_port(asked):
    ports = [e for e in asked(1, "/v1/events")["events"] if e["name"] == "account_ported"]
    (port,) = ports
    for rest, rows in (("/statement", "lines"), ("/fills", "fills"), ("/orders", "orders")):
        whole, mine = asked(1, path(rest))[rows], asked(NEW, path(rest))[rows]
        assert len(whole) > len(mine), rest
        assert asked(OLD, path(rest)) == "account_unknown"
    assert [o["side"] for o in asked(NEW, path("/orders"))["orders"]] == ["sell"]
    old = asked(1, path("/orders"))["orders"][0]["order"]
    assert asked(NEW, path(f"/orders/{old}")) == "order_unknown"
    assert asked(1, path(f"/orders/{old}"))["order"] == old
    told = asked(NEW, "/v1/events")["events"]
    mine = [e["event"] for e in told if e.get("account") == CLIENT]
    assert mine[0] == port["event"], "the port itself is told"
    assert len(mine) > 1


def test_the_history_says_the_same_in_memory_and_on_disk(tmp_path):
    frames = [
        wire.seal(wire.AccountPorted(account=a, from_member=1, member=2), n, 0, cause=10 * n)
        for n, a in ((1, 5), (2, 6), (3, 5))
    ]
    found = []
    for keeper in (MemoryHistory(), SqliteHistory(tmp_path / "v.sqlite")):
        keeper.tell(b"".join(frames), 30, bytes(32))
        keeper.flush()
        found.append(keeper.ports())
        keeper.close()
    assert found[0] == found[1]
    told = [(p.account, p.event, p.command) for p in found[0]]
    assert told == [(5, 1, 10), (6, 2, 20), (5, 3, 30)]
