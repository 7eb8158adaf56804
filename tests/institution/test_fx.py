"""Exchange rates of a house: each date gets its table once, its prices come in force, corrections
are further tables, and statements, disclosure and Cover tell foreign cash in its own units."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from lasalle import wire
from lasalle.clearing.cover import as_data, cover_run, load_cover_terms, under_columns
from lasalle.clearing.disclosed import Year, disclosed
from lasalle.clearing.disclosure import BackTest, Close
from lasalle.clearing.fx import FxError, Observation, check_table, digest_of, load_fx_terms
from lasalle.client import Asking
from lasalle.client.faults import Fault
from lasalle.institution.command_line import main
from lasalle.institution.fx_round import (
    FxRounds,
    FxSettings,
    due_days,
    keep_fx,
    make_day,
    read_fx_settings,
)
from lasalle.institution.fx_store import FxStore
from lasalle.institution.house import open_house
from lasalle.institution.settings import SettingsWrong
from lasalle.institution.sources import Fetcher, web_client
from lasalle.plain.records import read_records
from tests.clearing.test_fx import XML
from tests.gateway.conftest import approved, furnish, serving, told_to
from tests.institution.test_day import Clock, at

TERMS = load_fx_terms()
THURSDAY, FRIDAY = 20261126, 20261127
AFTER = at("2026-11-27T16:15")
EUROS = 2_000 * 10**6


def said(hand, rate, day=FRIDAY, currency="EUR"):
    return Observation(currency, day, hand, rate)


def asking(path):
    return Asking("GET", path, dict)


class Asked:
    """The house as its desk asks it, without a loop beside it."""

    def __init__(self, house):
        self.house, self.commands = house, []

    async def ask(self, actor, command, cause=0):
        self.commands.append(command)
        return self.house.ask(actor, command, cause)


def lawful(folder, clock):
    """A house of behaviour 3 with 2,000 euros on account 1, which are collateral."""
    house = open_house(folder, clock)
    furnish(house)
    for newer in (2, 3):
        approved(house, wire.SwitchBehaviour(behaviour=newer))
    for number, name in ((2, "EUR"), (3, "LC-1"), (4, "XAU")):
        approved(house, wire.DefineAsset(asset=number, name=name))
    for number, letter in ((2, False), (3, True)):
        terms = wire.AdmitCollateral(asset=number, haircut=800, account_cap=10**13, letter=letter)
        approved(house, terms)
    told_to(house, 1, wire.Deposit(account=1, asset=2, amount=EUROS, reference="euros"))
    return house


@pytest.fixture
def house(tmp_path):
    found = lawful(tmp_path / "house", Clock("2026-11-27T16:00"))
    yield found
    found.close()


def rounds_of(house, settings=FxSettings(), **more):  # noqa: B008 a frozen value
    return FxRounds(FxStore(house.folder), settings, house.views, Asked(house), 1, **more)


def publish(rounds):
    return asyncio.run(rounds.publish())


def price(house):
    terms = house.accounts.margins.collateral()[2]
    return terms.day, terms.price


@pytest.mark.rule("CLR-090")
def test_a_date_gets_its_table_once_and_its_price_is_in_force_once(house):
    rounds = rounds_of(house)
    rounds.store.add([said("ecb", 1_085_100), said("officer 1", 1_085_000)])
    rounds.store.add([said("ecb", 1_079_000, THURSDAY), said("bank", 1_079_000, THURSDAY)])
    (before,) = rounds.make(AFTER - 10**9)
    assert before["day"] == THURSDAY, "before its minute a date is not due"
    (table,) = rounds.make(AFTER)
    assert rounds.make(AFTER) == []
    assert publish(rounds) == "Prices of 1 currencies of 20261127 are in force."
    assert publish(rounds) == ""
    (command,) = rounds.waiting.commands
    assert command.inputs == digest_of(table) == check_table(json.loads(json.dumps(table)))
    assert price(house) == (FRIDAY, 1_085_100)
    again = rounds_of(house)
    assert again.make(AFTER) == [], "nor after a restart"
    assert publish(again) == ""


def test_a_house_that_was_stopped_makes_each_date_it_lacks(house):
    rounds = rounds_of(house)
    rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
    rounds.make(AFTER)
    made = rounds.make(at("2026-12-04T12:00"))
    assert [t["day"] for t in made] == [20261128, 20261129, 20261130, *range(20261201, 20261204)]
    status = [next(r["status"] for r in t["rows"] if r["currency"] == "EUR") for t in made]
    assert status == ["fixed"] * 4 + ["carried"] * 2
    publish(rounds)
    assert price(house) == (20261203, 1_085_100 * 95 // 100)
    assert len(rounds.waiting.commands) == 1, "only the newest is put in force"
    assert len(due_days(rounds.store, TERMS, at("2028-01-01T17:00"))) == 32


@pytest.mark.rule("CLR-092")
def test_without_a_rate_foreign_cash_loses_its_cover_and_stays(house):
    rounds = rounds_of(house)
    rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
    bare = house.accounts.margin(1).cover
    worth = []
    for text in ("2026-11-27T17:00", "2026-12-02T17:00", "2026-12-09T17:00"):
        rounds.make(at(text))
        publish(rounds)
        worth.append(house.accounts.margin(1).cover - bare)
    whole = EUROS * 1_085_100 * 9_200 // 10**10
    assert worth == [whole, EUROS * 1_030_845 * 9_200 // 10**10, 0]
    assert house.accounts.accounts[1].balances[wire.LedgerClass.CASH, 2] == EUROS


@pytest.mark.rule("CLR-093")
class TestCorrections:
    def test_what_comes_late_makes_another_table_and_changes_nothing_that_was_fixed(self, house):
        rounds = rounds_of(house)
        rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
        rounds.store.add([said("ecb", 6_726, currency="JPY")])
        (first,) = rounds.make(AFTER)
        rounds.store.add([said("ecb", 1_086_000), said("officer 2", 6_720, currency="JPY")])
        (second,) = rounds.make(AFTER + 10**9)
        assert (second["row"], second["corrects"]) == (2, digest_of(first).hex())
        rates = {r["currency"]: (r["status"], r["rate"]) for r in second["rows"]}
        assert rates["EUR"] == ("fixed", 1_085_100), "fixed is fixed until somebody corrects it"
        assert rates["JPY"] == ("fixed", 6_726)
        check_table(json.loads(json.dumps(second)))
        assert rounds.make(AFTER + 2 * 10**9) == []

    def test_a_person_corrects_with_a_reason_and_the_price_follows(self, house):
        rounds = rounds_of(house)
        rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
        rounds.make(AFTER)
        publish(rounds)
        rounds.store.add([said("ecb", 1_082_000)])
        with pytest.raises(FxError, match="--why"):
            make_day(rounds.store, TERMS, FRIDAY)
        table = make_day(rounds.store, TERMS, FRIDAY, "the file of the evening replaced the noon's")
        assert table["row"] == 2
        assert make_day(rounds.store, TERMS, FRIDAY, "again") is None
        publish(rounds)
        assert price(house) == (FRIDAY, 1_082_000)
        assert rounds.store.read(FRIDAY, 1)["rows"][0]["rate"] == 1_085_100, "it stands as it was"

    def test_a_past_date_is_corrected_for_the_record(self, house):
        rounds = rounds_of(house)
        for day in (THURSDAY, FRIDAY):
            rounds.store.add([said("ecb", 1_085_100, day), said("bank", 1_085_000, day)])
        rounds.make(AFTER - 10**9)
        rounds.make(AFTER)
        publish(rounds)
        rounds.store.add([said("ecb", 1_082_000, THURSDAY)])
        assert make_day(rounds.store, TERMS, THURSDAY, "a wrong file")["row"] == 2
        assert publish(rounds) == ""
        assert price(house) == (FRIDAY, 1_085_100)


class TestEvidence:
    def test_files_are_read_as_they_change_and_a_bent_one_is_told_once(self, house):
        ecb, bank = house.folder / "ecb.xml", house.folder / "bank.csv"
        (house.folder / "fx.toml").write_text('[files]\necb = ["ecb.xml"]\nbank = ["bank.csv"]\n')
        rounds = rounds_of(house, read_fx_settings(house.folder))
        assert len(rounds.take()) == 2, "neither is there"
        ecb.write_bytes(XML)
        bank.write_text("date,currency,usd_per_unit\n2026-11-27,EUR,x\n")
        assert rounds.take() == rounds.take(), "it is the same file"
        (fault,) = rounds.take().items()
        assert fault[0] == "bank.csv"
        assert fault[1].startswith("line 2: expected a number")
        bank.write_text("date,currency,usd_per_unit\n2026-11-27,EUR,1.085\n")
        assert rounds.take() == {}
        (table,) = rounds.make(AFTER)
        assert table["rows"][0]["hands"] == ("ecb", "bank")
        assert len(rounds.store.observations()) == 4

    def test_settings_that_are_wrong_are_refused(self, tmp_path):
        for text in ("live = 1", "[files]\necb = 'x'", "live ="):
            (tmp_path / "fx.toml").write_text(text)
            with pytest.raises(SettingsWrong):
                read_fx_settings(tmp_path)

    def test_the_central_bank_is_asked_where_the_house_says_so(self, house):
        def answer(request):
            assert str(request.url).endswith("eurofxref-daily.xml")
            return httpx.Response(200, content=XML)

        web = Fetcher(web_client(httpx.MockTransport(answer)), None, pause_between=0.0)
        rounds = rounds_of(house, FxSettings(live=True), fetcher=web)
        assert rounds.take() == {}
        assert {o.hand for o in rounds.store.observations()} == {"ecb"}
        broken = httpx.MockTransport(lambda _: httpx.Response(404))
        rounds.fetcher = Fetcher(web_client(broken), None, pause_between=0.0)
        assert "404" in rounds.take()["ecb"]

    def test_a_torn_line_is_left_out_and_written_over(self, tmp_path):
        store = FxStore(tmp_path)
        assert store.add([said("ecb", 1_085_100)]) == 1
        path = store.folder / "observations.csv"
        path.write_text(path.read_text() + "EUR,2026")
        assert store.observations() == [said("ecb", 1_085_100)]
        assert store.add([said("ecb", 1_085_100), said("bank", 1_085_000)]) == 1
        assert FxStore(tmp_path).observations() == [said("ecb", 1_085_100), said("bank", 1_085_000)]

    def test_a_table_is_laid_down_only_in_its_place(self, tmp_path):
        store = FxStore(tmp_path)
        store.add([said("ecb", 1_085_100)])
        table = make_day(store, TERMS, FRIDAY)
        with pytest.raises(FxError, match="expected the next after 1"):
            store.keep(table)


def test_a_currency_priced_by_hand_is_left_alone(house):
    told_to(house, 1, wire.ValueCollateral(day=FRIDAY, prices=(wire.AssetPrice(2, 1_100_000),)))
    rounds = rounds_of(house)
    assert rounds.make(AFTER) == []
    rounds.store.add([said("ecb", 6_726, currency="JPY"), said("bank", 6_726, currency="JPY")])
    assert len(rounds.make(AFTER)) == 1
    assert publish(rounds) == ""
    assert price(house) == (FRIDAY, 1_100_000)


def test_the_rounds_go_on_where_one_fails(house):
    rounds, told = rounds_of(house), []
    rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
    rounds.actor = 11  # a member's actor may not price collateral
    clock = Clock("2026-11-27T16:20")

    async def live():
        work = asyncio.create_task(keep_fx(rounds, clock, told.append))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if told:
                break
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(live())
    assert told[0] == "Exchange rates of 20261127: EUR fixed."
    assert rounds.waiting.commands == [], "who may not is not asked with"


@pytest.mark.rule("CLR-094")
def test_foreign_cash_is_told_in_its_own_units(house, capsys):
    rounds = rounds_of(house)
    rounds.store.add([said("ecb", 1_085_100), said("bank", 1_085_000)])
    rounds.make(AFTER)
    publish(rounds)
    leaves = wire.RequestWithdrawal(account=1, asset=2, amount=500 * 10**6, reference="out")
    told_to(house, 11, leaves)
    state = read_records(house.sequencer.core.snapshot())
    run = cover_run(state, under_columns(state), load_cover_terms(), (FRIDAY, 1, AFTER))
    euros = as_data(run)["liquidity"][1]
    assert (euros["name"], euros["ready"], euros["short"]) == ("EUR", EUROS, 0)
    # 500 wait; of the other 1,500 all may leave, for dollars cover what nothing asks.
    assert euros["hours"] == [{"hour": 16, "days_later": 0, "need": EUROS}]
    assert [row["name"] for row in as_data(run)["liquidity"]] == ["USD", "EUR", "XAU"]
    sheet = disclosed(Year(Close(FRIDAY, state), [], BackTest(), False))
    rows = {(r.number, r.name): r.value for r in sheet}
    assert rows["6.2.units", "EUR held, in its own units"] == EUROS
    assert rows["6.2.rate", "micro-dollars a unit of EUR counts before its haircut"] == 1_085_100
    assert rows["5.1.1", "haircut in force of asset 2, EUR"] == 800
    told_to(house, 1, wire.SettleVariation(day=FRIDAY, prices=(wire.SeriesPrice(1, 2_000_000),)))
    assert main(["statement", str(house.folder), "1"]) == 0
    (line,) = json.loads(capsys.readouterr().out)["collateral"]
    assert line == {
        "asset": 2, "name": "EUR", "units": "2000.000000", "price": "1.085100", "priced": FRIDAY,
        "haircut_per_ten_thousand": 800, "counts": "1996.584000",
    }  # fmt: skip


def test_the_verbs_take_fix_correct_show_and_publish(tmp_path, capsys):
    folder = tmp_path / "house"

    def furnished(gateway):
        gateway.fx = FxStore(folder)
        submit = gateway.waiting.sequencer.submit
        for command in (
            wire.DefineAsset(asset=2, name="EUR"),
            wire.AdmitCollateral(asset=2, haircut=800, account_cap=10**13, letter=False),
        ):
            told = submit(1, wire.Propose(command=command.KIND, payload=command.pack()))
            submit(2, wire.Approve(proposal=told[0][1].proposal))

    with serving(folder, behaviour=3, furnished=furnished) as at_:

        def lasalle(*words, code=0):
            assert main(["fx", *map(str, words)]) == code, capsys.readouterr().err
            return "".join(capsys.readouterr())

        for actor in (1, 11):
            key = {"key": at_.keys[actor].key, "secret": at_.keys[actor].secret}
            (tmp_path / f"{actor}.json").write_text(json.dumps(key))
        asks = ("--at", at_.address, "--key", tmp_path / "1.json")
        (tmp_path / "ecb.xml").write_bytes(XML)
        assert "3 rates of 2026-11-27, 3 of them new" in lasalle(
            "take", folder, tmp_path / "ecb.xml"
        )
        said_ = lasalle("say", "EUR", "1.085", "--day", "2026-11-27", *asks)
        assert "officer 1 says 1.085000 USD for one EUR of 2026-11-27" in said_
        other = ("--at", at_.address, "--key", tmp_path / "11.json")
        told = lasalle("say", "EUR", "1.085", "--day", "2026-11-27", *other, code=1)
        assert "scope" in told or "expected" in told
        for wrong in (("USD", "1"), ("EUR", "x"), ("EUR", "0")):
            told = lasalle("say", *wrong, "--day", "2026-11-27", *asks, code=1)
            assert "expected" in told
        assert "EUR fixed; GBP (one hand)" in lasalle("fix", folder)
        assert "--why" in lasalle("fix", folder, code=1)
        assert "nothing would be said otherwise" in lasalle("fix", folder, "--why", "to be sure")
        shown = lasalle("show", folder)
        assert "EUR: 1.085100 USD of 2026-11-27, ecb and officer 1" in shown
        assert "sound: the rows follow from the observations" in shown
        client = at_.client(1)
        (row,) = client.ask(asking("/v1/fx"))["tables"]
        assert (row["fixed"], row["sha256"]) == (["EUR"], shown.split("sha256 ")[1].strip())
        (tmp_path / "table.json").write_text(json.dumps(client.ask(asking("/v1/fx/2026-11-27"))))
        assert lasalle("show", tmp_path / "table.json") == shown
        bent = (tmp_path / "table.json").read_text().replace("1085100", "1085200")
        (tmp_path / "table.json").write_text(bent)
        assert "sha256: expected" in lasalle("show", tmp_path / "table.json", code=1)
        with pytest.raises(Fault, match="no such table"):
            client.ask(asking("/v1/fx/2026-11-26"))
        assert "prices of 1 currencies" in lasalle("publish", folder, *asks)
        assert "1 dates, 4 observations" in lasalle("list", folder)
        assert lasalle("list", tmp_path / "none", code=1)
