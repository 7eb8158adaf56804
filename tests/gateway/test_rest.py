"""REST: who may ask, what a refusal says, and that an order is never taken twice."""

from __future__ import annotations

import time

import pytest

from lasalle import wire
from lasalle.client import REFUSED, Client, Fault, Key
from lasalle.client.registry import FAULTS
from lasalle.gateway import private
from lasalle.gateway.asks import scope_of
from lasalle.gateway.commands import COMMANDS
from lasalle.gateway.keys import WINDOW_MS, KeyRefused, KeyStore, ScopeMissing, sign, signed_text
from lasalle.gateway.limits import Buckets, Rate, TooMany
from lasalle.venue.refusals import refusal_text
from tests.gateway.conftest import SYMBOL, TICK, Served
from tests.loopback import HTTP

PATH = "/v1/accounts/1"


def headers(key: Key, stamp: int, path: str = PATH, body: bytes = b"") -> dict[str, str]:
    return {
        "X-LaSalle-Key": key.key,
        "X-LaSalle-Timestamp": str(stamp),
        "X-LaSalle-Signature": sign(key.secret, signed_text(stamp, "GET", path, body)),
    }


@pytest.mark.rule("GTW-002")
def test_a_request_is_refused_unless_its_own_key_signed_it_now(served: Served):
    key, now = served.keys[11], time.time_ns() // 1_000_000
    good = headers(key, now)
    cases = {
        "expected X-LaSalle-Key": {},
        "expected within": headers(key, now - WINDOW_MS - 5_000),
        "not known": headers(Key("0" * 16, key.secret), now),
        "does not fit": headers(Key(key.key, served.keys[12].secret), now),
    }
    for text, sent in cases.items():
        found = HTTP.get(served.address + PATH, headers=sent)
        assert found.status_code == 401, text
        assert text in found.json()["error"]["text"]
    other_path = HTTP.get(served.address + PATH + "/orders", headers=good)
    assert other_path.status_code == 401
    assert HTTP.get(served.address + PATH, headers=good).status_code == 200
    again = HTTP.get(served.address + PATH, headers=good)
    assert (again.status_code, again.json()["error"]["text"]) == (
        401,
        "the signature was used before",
    )


@pytest.mark.rule("GTW-003")
def test_keys_have_scopes_addresses_and_an_end(tmp_path):
    store = KeyStore(tmp_path / "keys.sqlite")
    with pytest.raises(ValueError, match="scopes"):
        store.create(1, ("everything",))
    made = store.create(7, ("read",), ("10.0.0.0/8",))

    def ask(address: str, stamp: int) -> list[str]:
        sent = {n.lower(): v for n, v in headers(Key(made.key, made.secret), stamp).items()}
        return sorted(store.signer(tuple(sent.values()), stamp, "GET", PATH, b"", address).scopes)

    assert ask("10.1.2.3", 1_000_000) == ["read"]
    with pytest.raises(ScopeMissing, match="address"):
        ask("192.168.0.1", 1_000_001)
    with pytest.raises(ScopeMissing, match="address"):
        ask("", 1_000_002)
    assert store.revoke(made.key)
    with pytest.raises(KeyRefused, match="revoked"):
        ask("10.1.2.3", 1_000_003)
    store.close()


@pytest.mark.rule("GTW-003")
def test_no_step_of_a_trader_or_of_settlement_needs_a_key_of_the_house() -> None:
    of_members = wire.Role.TRADER | wire.Role.SETTLEMENT
    own = {name for name, kind in COMMANDS.items() if kind.SCOPED and kind.ROLES & of_members}
    assert {"accept_tender", "post_bond", "commit_bid", "withdraw_offer"} <= own
    assert {name for name in own if scope_of(name) == "admin"} == set()
    others = {name for name in COMMANDS if scope_of(name) != "admin"} - own
    assert others == set(), "what is of no account is for a key of the house"


@pytest.mark.rule("GTW-003")
def test_a_trading_key_takes_the_steps_of_a_delivery_and_hands_none_on(served: Served):
    client = served.client(11)
    for step in ("nominate_delivery", "accept_tender", "reject_tender"):
        with pytest.raises(Fault) as caught:
            client.command(step, account=1, delivery=4)
        assert caught.value.name != "scope_missing", "the core answers"
    with pytest.raises(Fault) as caught:
        client.command("pledge_delivery", account=1, delivery=4, to_account=2)
    assert (caught.value.status, caught.value.name) == (403, "scope_missing")


def test_a_trading_key_commands_no_house_and_sees_no_stranger(served: Served):
    client = served.client(11)
    with pytest.raises(Fault) as caught:
        client.command("halt_market")
    assert (caught.value.status, caught.value.name) == (403, "scope_missing")
    with pytest.raises(Fault) as caught:
        client.account(2)
    assert (caught.value.status, caught.value.name) == (404, "account_unknown")
    with pytest.raises(Fault) as caught:
        client.order(2, "ref:x")
    assert caught.value.status == 404
    assert served.client(1).command("halt_market").events


def test_the_same_reference_is_answered_once_and_another_body_conflicts(served: Served):
    client = served.client(11)
    order = {"price_ticks": 190, "client_order_id": "a-1", "reference_time": time.time_ns()}
    first = client.place(1, SYMBOL, "buy", 3, **order)
    again = client.place(1, SYMBOL, "buy", 3, **order)
    assert (first.replayed, again.replayed) == (False, True)
    assert served.client(11).book(SYMBOL).bids[0].lots == 3
    with pytest.raises(REFUSED["reference_reused"]) as caught:
        client.place(1, SYMBOL, "buy", 4, **order)
    assert caught.value.status == 409


def test_an_order_answers_to_both_names_after_it_ended(served: Served):
    client = served.client(11)
    client.place(
        1, SYMBOL, "buy", 3, price_ticks=190, client_order_id="123", reference_time=time.time_ns()
    )
    (live,) = client.live_orders(1)
    client.replace(1, live.order, price_ticks=191, lots=2)
    assert client.book(SYMBOL).bids[0].price_ticks == 191
    client.cancel(1, "ref:123")
    for name in (live.order, "ref:123"):
        found = client.order(1, name)
        assert (found.order, found.status.split(":")[0]) == (live.order, "cancelled")
    assert not client.live_orders(1)


@pytest.mark.rule("GTW-001")
def test_a_refusal_has_the_words_of_the_registry(served: Served):
    client = served.client(11)
    with pytest.raises(Fault) as caught:
        client.command(
            "place_order",
            account=1,
            series=1,
            side="buy",
            order_type="limit",
            time_in_force="gtc",
            self_trade="cancel_newest",
            price=TICK * 190 + 1,
            lots=1,
        )
    found = caught.value
    refusal = wire.Refusal(found.code)
    rule, field, _ = wire.REFUSALS[refusal]
    assert type(found) is REFUSED[refusal.name.lower()]
    assert (found.name, found.rule, found.field) == (refusal.name.lower(), rule, field)
    assert str(found) == refusal_text(refusal, found.expected, found.found)
    assert str(found) == "price 1.900001 USD is not a multiple of the tick 0.01 USD"
    listed = HTTP.get(served.address + "/v1/errors").json()["errors"]
    assert [e["code"] for e in listed] == [
        *map(int, wire.REFUSALS),
        *(f.code for f in FAULTS.values()),
    ]


def test_a_body_that_is_no_command_says_its_field(served: Served):
    client = served.client(11)
    cases = (
        ({"price_ticks": 1.5}, "price_ticks"),
        ({"price_ticks": 190, "colour": "red"}, "colour"),
        ({"price_ticks": 190, "post_only": 0}, "post_only"),
        ({"price_ticks": 190, "session": 99}, "session"),
    )
    for fields, text in cases:
        with pytest.raises(Fault, match=text) as caught:
            client.place(1, SYMBOL, "buy", 1, **fields)
        assert caught.value.status == 400


def test_a_stranger_never_sees_the_other_side(served: Served):
    buyer, seller = served.client(11), served.client(12)
    buyer.place(1, SYMBOL, "buy", 2, price_ticks=200)
    told = seller.place(2, SYMBOL, "sell", 2, price_ticks=200)
    (traded,) = [e for e in told.events if e["name"] == "traded"]
    assert traded["sell_account"] == 2
    assert "buy_account" not in traded
    (seen,) = [e for e in buyer.events() if e["name"] == "traded"]
    assert seen["buy_account"] == 1
    assert not [name for name in seen if name.startswith("sell")]
    assert not [e for e in buyer.events() if e.get("account") == 2]
    assert buyer.account(1).positions[0].lots == 2


@pytest.mark.rule("GTW-006")
def test_private_events_resume_after_a_number(served: Served):
    client = served.client(11)
    for n in range(3):
        client.place(1, SYMBOL, "buy", 1, price_ticks=180 + n)
    everything = client.events()
    middle = everything[len(everything) // 2]["event"]
    assert client.events(middle) == [e for e in everything if e["event"] > middle]
    pages, where = [], "after=0"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(private, "MOST_SCANNED", 2)
        while where:
            path = f"/v1/events?{where}"
            signed = served.keys[11].headers("GET", path, b"")
            page = HTTP.get(served.address + path, headers=signed).json()
            pages += page["events"]
            where = f"cursor={page['next']}" if page["next"] else ""
    assert pages == everything
    served.house.history.flush()
    served.house.accounts.feed.clear()
    served.house.accounts.feed_lost = served.house.market.last_event
    assert client.events() == everything, "what memory let go of is read from the history"


def test_a_statement_adds_up_to_the_cash(served: Served):
    buyer, seller = served.client(11), served.client(12)
    buyer.place(1, SYMBOL, "buy", 2, price_ticks=200)
    seller.place(2, SYMBOL, "sell", 2, price_ticks=200)
    path = "/v1/accounts/1/statement"
    lines = HTTP.get(
        served.address + path, headers=served.keys[11].headers("GET", path, b"")
    ).json()["lines"]
    cash = sum(int(x["amount_micro_dollars"]) for x in lines if x["class"] == "cash")
    balances = served.house.accounts.accounts[1].balances
    assert cash == balances[wire.LedgerClass.CASH, 1] > 0


@pytest.mark.rule("GTW-005")
def test_an_empty_bucket_says_when_to_come_back(served: Served):
    buckets = Buckets({"read": Rate(2, 2)})
    assert [buckets.take("k", "read", 0.0), buckets.take("k", "read", 0.0)] == [1, 0]
    with pytest.raises(TooMany) as caught:
        buckets.take("k", "read", 0.1)
    assert caught.value.retry_after_seconds == 1
    assert buckets.take("other", "read", 0.1) == 1
    assert buckets.take("k", "read", 0.6) == 0
    served.gateway.buckets.rates = {**served.gateway.buckets.rates, "public": Rate(1, 1)}
    found = [HTTP.get(served.address + "/v1/time") for _ in range(3)]
    assert found[-1].status_code == 429
    assert int(found[-1].headers["Retry-After"]) >= 1


def test_the_description_names_every_command_and_route(served: Served):
    paths = HTTP.get(served.address + "/openapi.json").json()["paths"]
    names = {m.NAME for m in wire.MESSAGES.values() if m.KIND < 1000}
    assert {f"/v1/commands/{n}" for n in names} <= set(paths)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert HTTP.get(served.address + path).status_code == 200
    served.gateway.broken = "a view stopped"
    assert HTTP.get(served.address + "/readyz").status_code == 503


def test_no_key_is_needed_for_public_data(served: Served):
    client = Client(served.address)
    assert client.series()[0].symbol == SYMBOL
    with pytest.raises(Fault) as caught:
        client.book("NOTHING")
    assert caught.value.status == 404


@pytest.mark.rule("GTW-012")
def test_open_interest_is_published_and_names_nobody(served: Served):
    def published() -> int:
        row = HTTP.get(f"{served.address}/v1/series/{SYMBOL}").json()
        assert not {"account", "accounts", "owner"} & row.keys()
        return row["open_interest"]

    before = published()
    served.client(11).place(1, SYMBOL, "buy", 3, price_ticks=250)
    served.client(12).place(2, SYMBOL, "sell", 3, price_ticks=250, time_in_force="ioc")
    held = served.client(11).account(1).positions
    assert sum(p.lots for p in held if p.symbol == SYMBOL) == published()
    assert published() > before
