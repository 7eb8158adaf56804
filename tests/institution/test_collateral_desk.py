"""Collateral of a house in a folder: the commands the desk prints are asked, and count."""

from __future__ import annotations

import json
import shlex

import pytest

from lasalle import wire
from lasalle.clearing import cover
from lasalle.clearing.concentration import ConcentrationTerms
from lasalle.clearing.report import cover_lines
from lasalle.institution import collateral_desk
from lasalle.institution.books_desk import Books
from lasalle.institution.command_line import main
from lasalle.institution.house import open_house
from lasalle.plain.records import read_records
from tests.institution.test_cycle import leveraged
from tests.institution.test_day import START, Clock, small

__all__ = ["small"]


def asked(capsys, *words):
    """The command that the desk prints, as it would be asked."""
    assert main(["collateral", *map(str, words)]) == 0
    _, verb, name, fields = shlex.split(capsys.readouterr().out)
    found = json.loads(fields)
    if name == "value_collateral":
        prices = tuple(wire.AssetPrice(**price) for price in found.pop("prices"))
        inputs = bytes.fromhex(found.pop("inputs"))
        return wire.ValueCollateral(**found, inputs=inputs, prices=prices)
    assert (verb, name) == ("propose", "admit_collateral")
    return wire.AdmitCollateral(**found)


def ask(house, command, actor=1):
    told = [event for _, event in house.ask(actor, command)]
    assert not any(isinstance(event, wire.Refused) for event in told), told
    return told


def agreed(house, command):
    (proposed,) = ask(house, wire.Propose(command=command.KIND, payload=command.pack()))
    ask(house, wire.Approve(proposal=proposed.proposal), 2)


@pytest.mark.rule("CLR-041", "CLR-044", "CLR-096")
def test_euros_count_at_their_price_less_haircut_and_are_reported(
    tmp_path, small, capsys, monkeypatch
):
    clock = Clock(START)
    house = leveraged(tmp_path / "house", clock)
    before = house.accounts.margin(3)
    agreed(house, wire.DefineAsset(asset=2, name="EUR"))
    agreed(house, asked(capsys, "admit", 2, "currency"))
    prices = tmp_path / "prices.csv"
    prices.write_text("asset,price_usd\n2,1.0851\n")
    ask(house, asked(capsys, "value", prices, "--day", 20260330))
    euros = 100_000 * 10**6
    ask(house, wire.Deposit(account=3, asset=2, amount=euros, reference="euros"))
    after = house.accounts.margin(3)
    worth = euros * 1_085_100 * 9_200 // 10**10
    assert (after.cover - before.cover, after.free) == (worth, before.free)
    core = [e for _, e in house.ask(1, wire.SweepAccounts(limit=10))]
    judged = {e.account: e for e in core if isinstance(e, wire.AccountRefreshed)}
    assert judged[3].requirement == after.requirement
    house.release()
    house = open_house(tmp_path / "house", clock)
    assert house.accounts.margin(3) == after, "the same after a restart"
    house.close()
    assert main(["collateral", "report", str(tmp_path / "house")]) == 0
    told = capsys.readouterr().out
    assert "account 3, asset 2: 100000.000000 units count 99829.200000 dollars, 100%" in told
    assert "concentrated: account 3 has more than 25% of 2" in told
    assert "1 holdings of 1 assets admitted" in told
    assert "limit of asset 2, EUR: 99,829.20 USD counted, limit 125,093,387.09 USD" in told
    refused_beyond(tmp_path / "house", capsys, monkeypatch)


def refused_beyond(folder, capsys, monkeypatch):
    """With no floor a share of all cover is too little for this house's euros."""
    words = ["collateral", "deposit", str(folder), "3", "2", "1000000", "--reference", "custodian"]
    assert main(words) == 0
    _, verb, name, fields = shlex.split(capsys.readouterr().out)
    assert (verb, name, json.loads(fields)["amount"]) == ("ask", "deposit", 1_000_000)
    terms = ConcentrationTerms(1, 1, 0)
    monkeypatch.setattr(collateral_desk, "load_concentration_terms", lambda: terms)
    monkeypatch.setattr(cover, "load_concentration_terms", lambda: terms)
    (folder / "issuers.csv").write_text("asset,issuer\n2,the euro area\n")
    assert main(words) == 1
    assert "not taken in: the euro area: 99,830.20 USD counted" in capsys.readouterr().err
    assert main(["collateral", "report", str(folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(told) if line.startswith("limit of the euro area"))
    assert told[at].endswith("BEYOND IT, ask two operators for")
    cap = json.loads(shlex.split(told[at + 1])[3])["account_cap"]
    state = read_records(Books.read(folder).records)
    run = cover.cover_run(
        state, cover.under_columns(state), cover.load_cover_terms(), (20260330, 1, 1),
        issuers=collateral_desk.read_issuers(folder),
    )  # fmt: skip
    (row,) = cover.totals(cover.as_data(run))["collateral"]
    assert (row["name"], row["caps"]) == ("the euro area", [{"asset": 2, "cap": cap}])
    assert row["over"] == row["counted"] - row["limit"] > 0
    assert "COLLATERAL BEYOND ITS LIMIT, the euro area: 99,829.20 USD" in run.said()
    assert any("BEYOND IT" in line for line in cover_lines(cover.as_data(run)))
    for text, sentence in (
        ("a\n", "expected heads asset,issuer"),
        ("asset,issuer\nx,y\n", "expected a number and a name"),
        ("asset,issuer\n2,y\n2,z\n", "each asset once"),
    ):
        (folder / "issuers.csv").write_text(text)
        with pytest.raises(ValueError, match=sentence):
            collateral_desk.read_issuers(folder)


def test_what_cannot_be_admitted_is_refused(capsys):
    for words, sentence in (
        (("admit", "2", "gold"), "class: expected one of currency, bill"),
        (("admit", "2", "bill", "--years", "x"), "--years: expected a number, found x"),
        (("admit", "2", "bill", "--years", "2"), "bill: expected up to 1 years to maturity"),
    ):
        assert main(["collateral", *words]) != 0
        assert sentence in capsys.readouterr().err
