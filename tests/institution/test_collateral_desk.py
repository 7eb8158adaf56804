"""Collateral of a house in a folder: the commands the desk prints are asked, and count."""

from __future__ import annotations

import json
import shlex

import pytest

from lasalle import wire
from lasalle.institution.command_line import main
from lasalle.institution.house import open_house
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


@pytest.mark.rule("CLR-041", "CLR-044")
def test_euros_count_at_their_price_less_haircut_and_are_reported(tmp_path, small, capsys):
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


def test_what_cannot_be_admitted_is_refused(capsys):
    for words, sentence in (
        (("admit", "2", "gold"), "class: expected one of currency, bill"),
        (("admit", "2", "bill", "--years", "x"), "--years: expected a number, found x"),
        (("admit", "2", "bill", "--years", "2"), "bill: expected up to 1 years to maturity"),
    ):
        assert main(["collateral", *words]) != 0
        assert sentence in capsys.readouterr().err
