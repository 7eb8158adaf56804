"""A production house from its first key to its first trade-ready series, by the command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lasalle.client import Key
from lasalle.institution.command_line import main
from lasalle.institution.families import load_families
from lasalle.institution.house import open_house
from lasalle.institution.settings import (
    DEMONSTRATION,
    SettingsWrong,
    read_settings,
    write_settings,
)
from tests.loopback import HTTP

ROOT = Path(__file__).resolve().parents[2]
MODULE = "lasalle.institution.command_line"


def said(capsys, *words: str, code: int = 0) -> str:
    """What a verb prints; refusals are printed to the other stream."""
    assert main(list(words)) == code, capsys.readouterr()
    out, error = capsys.readouterr()
    return error if code else out


@pytest.fixture
def operators(tmp_path, capsys) -> list[str]:
    return [said(capsys, "keygen", str(tmp_path / f"{n}.json")).strip() for n in (1, 2)]


def test_a_key_of_ones_own_is_private_and_never_overwritten(tmp_path, capsys):
    path = tmp_path / "mine.json"
    public = said(capsys, "keygen", str(path)).strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_text())
    assert content["public"] == public
    assert Key.read(path).key == content["key"]
    assert "never overwritten" in said(capsys, "keygen", str(path), code=1)
    assert json.loads(path.read_text()) == content


def test_a_production_house_is_empty(tmp_path, capsys, operators):
    folder = tmp_path / "house"
    assert "empty house" in said(capsys, "init", "--production", str(folder))
    assert not list(folder.glob("*key*.json"))
    one = said(
        capsys, "init", "--production", str(folder), "--operator", f"1:{operators[0]}", code=1
    )
    assert "at least 2" in one
    again = f"2:{operators[0]}"
    same = ["--operator", f"1:{operators[0]}", "--operator", again]
    assert "different" in said(capsys, "init", "--production", str(folder), *same, code=1)
    bad = said(capsys, "init", "--production", str(folder), "--operator", "1:zz", code=1)
    assert "64 hexadecimal digits" in bad
    both = ["--operator", f"1:{operators[0]}", "--operator", f"2:{operators[1]}"]
    assert "operator 2: key" in said(capsys, "init", "--production", str(folder), *both)
    assert "found a house" in said(capsys, "init", "--production", str(folder), *both, code=1)
    house = open_house(folder)
    assert not house.accounts.accounts
    assert not house.accounts.members
    assert not house.market.series
    assert not house.market.fixings
    assert set(house.accounts.actors) == {1, 2}
    house.close()
    assert not read_settings(folder).demonstration


def test_settings_that_are_wrong_say_what_was_expected(tmp_path):
    (tmp_path / "house.toml").write_text('kind = "toy"\nschedule = "house"\ndesk_actor = 3\n')
    with pytest.raises(SettingsWrong, match="kind: expected one of"):
        read_settings(tmp_path)
    (tmp_path / "house.toml").write_text('kind = "production"\n')
    with pytest.raises(SettingsWrong, match="expected \\['desk_actor', 'kind', 'schedule'\\]"):
        read_settings(tmp_path)
    for kind, families in (("production", "wide"), ("demonstration", "broad")):
        lines = f'kind = "{kind}"\nschedule = "house"\ndesk_actor = 3\nfamilies = "{families}"\n'
        (tmp_path / "house.toml").write_text(lines)
        with pytest.raises(SettingsWrong, match=f"families: expected one of .* found '{families}'"):
            read_settings(tmp_path)


def test_a_demonstration_lists_other_families_by_its_settings(tmp_path):
    write_settings(tmp_path, replace(DEMONSTRATION, families="wide"))
    found = read_settings(tmp_path)
    assert found.demonstration
    assert len(load_families(found.listed)) > len(load_families(DEMONSTRATION.listed))


@pytest.fixture
def production(tmp_path, capsys, operators):
    """A served production house; gives the words every asking verb needs, by operator."""
    folder = tmp_path / "house"
    both = ["--operator", f"1:{operators[0]}", "--operator", f"2:{operators[1]}"]
    said(capsys, "init", "--production", str(folder), *both)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE, "run", "--dir", str(folder), "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                if HTTP.get(address + "/readyz").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield {n: ["--key", str(tmp_path / f"{n}.json"), "--at", address] for n in (1, 2)}
    finally:
        # As a service manager ends it; the tests of the doors press Ctrl-C.
        child.send_signal(signal.SIGTERM)
        assert "Closed after command" in child.communicate(timeout=20)[0]
        assert child.returncode == 0


def four_eyes(capsys, production, name: str, fields: dict[str, object]) -> None:
    told = said(capsys, "propose", name, json.dumps(fields), *production[1])
    number = told.split(":")[0].split()[-1]
    waiting = said(capsys, "proposals", *production[2])
    assert waiting.startswith(f"proposal {number}: {name} ")
    assert fields.items() <= json.loads(waiting.split(" ", 3)[3]).items()
    asked = ("approve", number, "--json", *production[1])
    refusal = json.loads(said(capsys, *asked, code=1))["error"]
    assert refusal["name"] == "proposal_own"
    assert refusal["rule"] == "INS-004"
    assert refusal["found"] == 1
    told = json.loads(said(capsys, "approve", number, *production[2]))
    assert "nothing waits" in said(capsys, "proposals", *production[1])
    assert told["events"][0]["name"] == "approved"
    if "name" in fields:
        event = told["events"][1]
        assert (event["name"], event["named"]) == ("member_registered", fields["name"])


def test_operators_register_list_and_margin_by_the_command_line(production, capsys):
    def ask(name: str, fields: dict[str, object]) -> None:
        said(capsys, "ask", name, json.dumps(fields), *production[1])

    four_eyes(capsys, production, "register_member", {"member": 1, "name": "First"})
    desk = {"registered": 3, "member": 0, "roles": 36}
    four_eyes(capsys, production, "register_actor", desk)
    limits = {"position_limit": 9, "order_lots_limit": 9, "order_value_limit": 10**12}
    account = {"account": 1, "member": 1, "account_kind": "house", "owner": 1, **limits}
    four_eyes(capsys, production, "open_account", account)
    ask("deposit", {"account": 1, "asset": 1, "amount": 5_000_000, "reference": "bank-1"})
    series = {
        "series": 1, "symbol": "H100-2099-03", "series_kind": "future", "group": 1, "index": 1,
        "first_month": 209903, "last_month": 209903, "hours": 744, "tick": 1_000,
        "reference_price": 2_500_000, "band": 3_000, "protection": 500,
        "last_trading_time": 4_078_857_600 * 10**9,
    }  # fmt: skip
    ask("list_series", series)
    assert "listed" in said(capsys, "series", *production[1]), "without margin nothing opens"
    scan = {"table": 1, "scenarios": [{"kind": "scan", "group": 1}]}
    ask("begin_margin_table", {**scan, "rows": [{"group": 1, "weight": 10_000}]})
    row = {"table": 1, "series": 1, "mark": 2_500_000, "losses": [{"loss": 50_000_000}]}
    ask("load_margin_row", row)
    ask("activate_margin_table", {"table": 1, "replaces": 0})
    row = said(capsys, "accounts", *production[1]).splitlines()[1].split()
    assert row == ["1", "1", "5.00", "0.00", "0", "none"]
    assert len(said(capsys, "orders", "1", *production[1]).splitlines()) == 1, "a head, no order"
    status = json.loads(said(capsys, "status", "--json", *production[1]))
    assert status["demo"] is False
    assert "settlement 00:30" in status["schedule"]
    told = said(capsys, "status", *production[1]).splitlines()
    assert "simulated       nothing" in told
    assert len({line.index(line[16:]) for line in told}) == 1, "every value begins in one column"
    assert not [line for line in told if line.startswith("maker")], "nobody makes a market"
