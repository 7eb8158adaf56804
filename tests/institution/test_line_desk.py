"""The desk of lines: the commands it prints are agreed on, and it tells what is owed."""

from __future__ import annotations

import json
import shlex

import pytest

from lasalle import wire
from lasalle.institution.command_line import main
from tests.institution.test_collateral_desk import agreed, ask
from tests.institution.test_cycle import leveraged
from tests.institution.test_day import START, Clock, small

__all__ = ["small"]
ACCOUNT, HARDWARE = 3, 7


def asked(capsys, *words):
    """The command that the desk prints, as two operators would carry it out."""
    assert main(["line", *map(str, words)]) == 0
    _, verb, name, fields = shlex.split(capsys.readouterr().out)
    found = json.loads(fields)
    if "evidence" in found:
        found["evidence"] = bytes.fromhex(found["evidence"])
    kind = next(m for m in wire.MESSAGES.values() if name == m.NAME)
    assert (verb, kind.FOUR_EYES) == ("propose", True)
    return kind(**found)


@pytest.mark.rule("CLR-050", "CLR-051", "CLR-053")
def test_a_line_is_opened_and_reported(tmp_path, small, capsys):
    house = leveraged(tmp_path / "house", Clock(START))
    evidence = tmp_path / "verified.json"
    evidence.write_text('{"racks": 4}')
    series = min(house.accounts.symbols)
    until = 4_000_000_000 * 10**9
    agreed(house, wire.DefineAsset(asset=HARDWARE, name="HW-1"))
    agreed(house, wire.AdmitCollateral(asset=HARDWARE, haircut=10_000, account_cap=0))
    agreed(house, asked(capsys, "secure", HARDWARE, 4_000, 1_000_000))
    priced = (wire.AssetPrice(HARDWARE, 10**6),)
    ask(house, wire.ValueCollateral(day=20260330, prices=priced))
    units = 20_000 * 10**6
    ask(house, wire.Deposit(account=ACCOUNT, asset=HARDWARE, amount=units, reference="hw"))
    agreed(house, asked(capsys, "fund", "9000.5"))
    cover = ("cover", ACCOUNT, series, 150, until, "--evidence", evidence)
    agreed(house, asked(capsys, *cover))
    agreed(house, asked(capsys, "set", ACCOUNT, "5000", 350))
    house.close()
    assert main(["line", "report", str(tmp_path / "house")]) == 0
    told = capsys.readouterr().out
    assert f"account {ACCOUNT}: limit 5000.000000, 350 millionths a day, owes 0.000000" in told
    assert "secured by 8000.000000" in told
    assert "150 lots of " in told
    assert "in force" in told
    assert "to lend 9000.500000, owed 0.000000, interest earned 0.000000" in told
    assert main(["line", "set", "3", "a lot", "350"]) == 1
    assert "limit: expected dollars, found a lot" in capsys.readouterr().err
