"""An account's books over the wire: what it holds, did, owes, and its margin as it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lasalle.client import Fault
from lasalle.client.asking import Asking
from lasalle.institution.statement_desk import StatementStore, make_day
from lasalle.views.statement_proof import check
from tests.gateway.conftest import SYMBOL, Served
from tests.loopback import HTTP

DAY = 20260105


def trade(served: Served, lots: int = 5) -> None:
    """Account 1 buys from account 2, and two more lots of it rest."""
    served.client(12).place(2, SYMBOL, "sell", lots, price_ticks=200)
    served.client(11).place(1, SYMBOL, "buy", lots + 2, price_ticks=201)


def settle(served: Served, price: int) -> None:
    served.client(1).command("settle_variation", day=DAY, prices=[{"series": 1, "price": price}])
    served.house.history.flush()


def test_a_fill_shows_its_owners_side_alone(served: Served):
    trade(served)
    served.house.history.flush()
    (mine,) = served.client(11).fills(1)
    (theirs,) = served.client(12).fills(2)
    assert (mine.side, mine.role, mine.lots, mine.price_ticks) == ("buy", "taker", 5, 200)
    assert (theirs.side, theirs.role, theirs.trade) == ("sell", "maker", mine.trade)
    assert mine.order != theirs.order
    (order,) = served.client(11).live_orders(1)
    assert (order.order, order.open_lots) == (mine.order, 2)
    with pytest.raises(Fault) as caught:
        served.client(11).fills(2)
    assert caught.value.name == "account_unknown"


def test_a_day_statement_adds_up_and_names_what_moved(served: Served):
    trade(served)
    with pytest.raises(Fault) as caught:
        served.client(11).day_statement(1, DAY)
    assert caught.value.field == "day"
    settle(served, 2_010_000)
    found = served.client(11).day_statement(1, DAY)
    moved = sum(Decimal(amount) for amount in found.moved.values())
    assert Decimal(found.opening) + moved == Decimal(found.closing)
    assert [(p.symbol, p.lots) for p in found.positions] == [(SYMBOL, 5)]
    assert [(p.symbol, p.lots) for p in served.client(11).positions(1)] == [(SYMBOL, 5)]
    cash = next(b for b in served.client(11).balances(1) if b.ledger_class == "cash")
    assert (cash.asset, cash.amount) == (1, found.closing)
    # Five lots of 720 hours bought at 2.00 gain 0.01 an hour; fees are zero here.
    assert Decimal(found.closing) - Decimal(10**6) == 5 * 720 * Decimal("0.01")
    (price,) = served.client(11).settlement_prices(SYMBOL)
    assert (price.day, price.price) == (DAY, "2.010000")


def test_a_whole_statement_comes_as_a_file_with_its_proof(served: Served):
    trade(served)
    settle(served, 2_010_000)
    client, path = served.client(11), f"/v1/accounts/1/statements/{DAY}"
    for asked in (path + "?format=json", path + "/proof"):
        with pytest.raises(Fault) as caught:
            client.ask(Asking("GET", asked, dict))
        assert caught.value.name == "file_unknown"
    assert client.ask(Asking("GET", "/v1/accounts/1/statements", dict))["statements"] == []
    store = StatementStore(served.house.folder)
    store.keep(DAY, *make_day(served.house.folder, DAY))
    served.gateway.statements = store
    assert client.ask(Asking("GET", "/v1/accounts/1/statements", dict))["statements"] == [
        {"day": DAY}
    ]
    found = client.ask(Asking("GET", path + "?format=json", dict))
    short = client.day_statement(1, DAY)
    cash = {name: [b["amount"] for b in found[name] if b["class"] == "cash"] for name in
            ("opening", "closing")}  # fmt: skip
    # The first statement opens before the account's first deposit.
    assert (cash["opening"], cash["closing"]) == ([], [short.closing])
    assert [(t["what"], t["lots"], t["price"]) for t in found["trades"]] == [
        ("bought", 5, "2.000000")
    ]
    assert found["purposes"]["variation"] == "36.000000"
    assert sum(map(Decimal, found["purposes"].values())) == Decimal(found["change"])
    proof = client.ask(Asking("GET", path + "/proof", dict))
    content = store.file(1, DAY, "json")
    assert content is not None
    assert check(proof, content) == store.digests(DAY)
    for form, begins in (("csv", b"section,"), ("pdf", b"%PDF-")):
        file = store.file(1, DAY, form)
        assert file is not None
        assert file.startswith(begins)
        with pytest.raises(Fault) as caught:
            served.client(12).ask(Asking("GET", f"{path}?format={form}", dict))
        assert caught.value.name == "account_unknown"


def test_a_call_stands_until_it_is_paid(served: Served):
    trade(served, 20)
    client = served.client(11)
    assert client.calls(1) == []
    # 20 lots x 720 hours x 97 USD is more than the account's million of dollars.
    settle(served, 99_000_000)
    (call,) = served.client(12).calls(2)
    assert call.open
    assert call.amount_micro_dollars > 0
    assert served.client(12).margin(2).covered is False
    needed = call.amount_micro_dollars * 3
    served.client(1).command("deposit", account=2, asset=1, amount=needed, reference="c")
    served.house.history.flush()
    (call,) = served.client(12).calls(2)
    assert not call.open
    assert call.closed_by > call.call


def test_a_margin_call_has_a_deadline_and_is_late_or_met(served_lawfully: Served):
    """Both kinds of call stand in one list, each with its own state."""
    served = served_lawfully
    trade(served, 20)
    admin, client = served.client(1), served.client(12)
    settle(served, 99_000_000)

    def calls() -> dict[str, list[tuple[str, int]]]:
        served.house.history.flush()
        found: dict[str, list[tuple[str, int]]] = {"dues": [], "margin": []}
        for c in client.calls(2):
            found[c.kind].append((c.state, c.amount_micro_dollars))
        return found

    (dues,) = calls()["dues"]
    admin.command("issue_call", account=2, timeout=1_000_000)
    served.house.history.flush()
    row = client.calls(2)[-1]
    assert (row.kind, row.margin_call > 0, row.state) == ("margin", True, "open")
    assert Decimal(row.required) == 0, "a short loses nothing in the one scenario of this table"
    assert row.deadline == row.time + 1_000_000
    lacked = row.amount_micro_dollars
    admin.command("deposit", account=2, asset=1, amount=1_000_000, reference="little")
    # The deposit comes after the time of the call, which is told late before it.
    assert calls() == {"dues": [dues], "margin": [("late", lacked)]}
    (late,) = [c for c in client.calls(2) if c.kind == "margin"]
    assert late.open
    assert late.late_by > late.call
    needed = max(lacked, dues[1])
    admin.command("deposit", account=2, asset=1, amount=needed, reference="enough")
    assert calls() == {"dues": [("met", dues[1])], "margin": [("met", lacked)]}
    # A second call opens a row of its own, and is met in time.
    settle_again = {"series": 1, "price": 100_000_000}
    admin.command("settle_variation", day=DAY + 1, prices=[settle_again])
    admin.command("issue_call", account=2, timeout=10**15)
    assert [state for state, _ in calls()["margin"]] == ["met", "open"]
    assert [state for state, _ in calls()["dues"]] == ["met", "open"]


def test_margin_moves_with_the_mark_before_anyone_judges(served: Served):
    trade(served)
    client = served.client(11)
    before = client.margin(1)
    assert before.covered
    assert Decimal(before.requirement or 0) > 0
    assert before.event == client.status()["event"]
    settle(served, 1_900_000)
    after = client.margin(1)
    assert after.event > before.event
    lost = Decimal(before.free_cash or 0) - Decimal(after.free_cash or 0)
    assert lost == 5 * 720 * Decimal("0.1")
    shown = client.account(1).margin
    assert shown is not None
    assert shown.free_cash == after.free_cash


def test_pages_of_fills_part_no_trade_and_miss_none(served: Served):
    for _ in range(3):
        trade(served)
    served.house.history.flush()
    client, found, cursor = served.client(11), [], ""
    for _ in range(20):
        more = f"&cursor={cursor}" if cursor else ""
        page = client.ask(Asking("GET", f"/v1/accounts/1/fills?limit=1{more}", dict))
        found += page["fills"]
        cursor = page["next"]
        if not cursor:
            break
    whole = client.fills(1)
    assert [f["trade"] for f in found] == [f.trade for f in whole]
    assert len(whole) >= 3


def test_files_are_listed_anew_after_a_day_was_settled(served: Served):
    client = served.client(11)

    def names() -> list[str]:
        page = client.ask(Asking("GET", "/v1/files", dict))
        return [f["name"] for f in page["files"]]

    assert names() == names() == []
    trade(served)
    settle(served, 2_000_000)
    assert names() == names() == [f"settlement-prices-{DAY}.csv"]


@pytest.mark.rule("GTW-007")
def test_a_history_that_is_behind_says_how_far_it_is(served: Served):
    trade(served)
    history = served.house.history
    history.flush()
    folded, client = history.mark.event, served.client(11)
    (fill,) = client.fills(1)
    history.expect(folded + 1_000)
    for ask in (
        lambda: client.fills(1),
        lambda: client.day_statement(1, DAY),
        lambda: client.order(1, 1),
        lambda: client.order(1, "of-long-ago"),
    ):
        with pytest.raises(Fault) as caught:
            ask()
        assert caught.value.name == "history_catching_up"
        assert (caught.value.found, caught.value.expected) == (folded, folded + 1_000)
        assert caught.value.status == 503
    answer = HTTP.get(f"{served.address}/v1/series/{SYMBOL}/settlement-prices")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    ready = HTTP.get(served.address + "/readyz").json()
    assert (ready["history_event"], ready["history_expected"]) == (folded, folded + 1_000)
    assert ready["ready"], "orders are taken"
    client.place(1, SYMBOL, "buy", 1, price_ticks=190, client_order_id="lives")
    live = {o.client_order_id: o for o in client.live_orders(1)}
    assert len(live) == 2
    assert client.order(1, "lives") == live["lives"], "what lives is in memory"
    history.expect(0)
    assert client.fills(1) == [fill]
