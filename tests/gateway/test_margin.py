"""The published margin table, and the figure anyone comes to with it."""

from __future__ import annotations

import json
import random
import time
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lasalle import wire
from lasalle.clearing import Held, read_published, requirement
from lasalle.client import Asking, Fault
from lasalle.institution.command_line import main
from lasalle.institution.table_desk import TableStore
from tests.gateway.conftest import FAR, SYMBOL, TICK, Served, serving
from tests.loopback import HTTP


def written(value: Any) -> Any:
    """A field as JSON has it."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, tuple):
        return [fields_of(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def fields_of(struct: Any) -> dict[str, Any]:
    return {name: written(getattr(struct, name)) for name in struct.__struct_fields__}


def ask(served: Served, command: Any) -> None:
    """An operator's command, over the wire as any other."""
    served.client(1).command(command.NAME, **fields_of(command))


def richer(served: Served, seed: int) -> None:
    """A second series, an option, and a table of many columns, drawn."""
    draw = random.Random(seed)
    ask(
        served,
        wire.ListSeries(
            series=2,
            symbol="RIGHT",
            series_kind=wire.SeriesKind.CALL,
            group=1,
            index=1,
            first_month=1212,
            last_month=1212,
            hours=720,
            tick=TICK,
            strike=2_000_000,
            reference_price=300_000,
            band=9_000,
            protection=500,
            last_trading_time=4_102_444_800 * 10**9,
        ),
    )
    kinds = wire.ScenarioKind
    labels = [wire.Scenario(kinds.SCAN, g) for g in (1, 1, 2)]
    labels += [wire.Scenario(kinds.HISTORICAL, 0)] * 150 + [wire.Scenario(kinds.STRESS, 0)] * 7
    rows = (wire.ScanRow(1, 10_000), wire.ScanRow(2, 3_333))
    ask(served, wire.BeginMarginTable(table=2, scenarios=tuple(labels), rows=rows))
    for series, mark in ((1, 2_100_000), (2, 310_000)):
        losses = tuple(wire.ScenarioLoss(draw.randint(-(10**8), 10**8)) for _ in labels)
        row = wire.LoadMarginRow(
            table=2, series=series, mark=mark, liquidity=77_777, concentration_lots=3,
            concentration=99_999, losses=losses,
        )  # fmt: skip
        ask(served, row)
    ask(served, wire.ActivateMarginTable(table=2, replaces=1))
    ask(served, wire.SetSeriesState(series=2, state=wire.SeriesState.OPEN))


def traded(served: Served) -> None:
    """Positions of both accounts in both series, and orders of the first that rest."""
    first, second = served.client(11), served.client(12)
    for symbol, ticks, lots in ((SYMBOL, 210, 8), ("RIGHT", 31, 5)):
        first.place(1, symbol, "buy", lots, price_ticks=ticks)
        second.place(2, symbol, "sell", lots, price_ticks=ticks)
    first.place(1, SYMBOL, "sell", 20, price_ticks=240)
    first.place(1, "RIGHT", "sell", 9, price_ticks=40)
    first.place(1, SYMBOL, "buy", 3, price_ticks=180)


PORTFOLIOS = {1: {SYMBOL: Held(8, 3, 20), "RIGHT": Held(5, 0, 9)},
              2: {SYMBOL: Held(-8), "RIGHT": Held(-5)}}  # fmt: skip


@pytest.mark.rule("CLR-060")
@pytest.mark.parametrize("seed", range(3))
def test_the_published_table_alone_gives_the_figure_of_the_house(served: Served, seed: int) -> None:
    richer(served, seed)
    traded(served)
    told = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
    table = read_published(told)
    assert told["sha256"] == table.sha256
    assert HTTP.get(f"{served.address}/v1/margin/tables/2").json() == told
    for number, portfolio in PORTFOLIOS.items():
        account = served.client(10 + number).account(number)
        assert account.margin is not None
        found = requirement(portfolio, table)
        assert found.requirement > 0
        shown = f"{found.requirement // 10**6}.{found.requirement % 10**6:06d}"
        assert account.margin.requirement == shown
        positions = [{"symbol": s, **held._asdict()} for s, held in portfolio.items()]
        answer = HTTP.post(
            f"{served.address}/v1/margin/what-if", json={"positions": positions}
        ).json()
        assert answer["requirement_micro_dollars"] == found.requirement
        assert answer["initial_micro_dollars"] == found.initial
        assert answer["requirement"] == shown
        assert answer["sha256"] == table.sha256


def test_marks_move_the_published_table(served: Served) -> None:
    richer(served, 1)
    before = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
    prices = (wire.SeriesPrice(1, 2_200_000), wire.SeriesPrice(2, 400_000))
    ask(served, wire.SettleVariation(day=20260102, prices=prices))
    after = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
    marks = {row["symbol"]: row["mark"] for row in after["series"]}
    assert marks == {SYMBOL: 2_200_000, "RIGHT": 400_000}
    assert after["sha256"] != before["sha256"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"positions": [{"symbol": "NOWHERE", "lots": 1}]}, 400, "symbol"),
        ({"positions": [{"symbol": SYMBOL, "lots": 1}] * 2}, 400, "symbol"),
        ({"positions": [{"symbol": SYMBOL, "lots": 2**21, "buys": 1}]}, 400, "lots"),
        ({"positions": [{"symbol": SYMBOL, "lots": 1.5}]}, 400, "lots"),
        ({"positions": [{"symbol": SYMBOL, "sells": -1}]}, 400, "sells"),
        ({}, 400, "positions"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_by_field(
    served: Served, body: Any, status: int, field: str
) -> None:
    answer = HTTP.post(f"{served.address}/v1/margin/what-if", json=body)
    assert answer.status_code == status
    assert field in answer.json()["error"]["field"]


def test_a_table_that_is_not_in_force_is_not_found(served: Served) -> None:
    answer = HTTP.get(f"{served.address}/v1/margin/tables/9")
    assert answer.status_code == 404
    assert "expected current, 1, or the number or digest" in answer.text


@pytest.mark.rule("CLR-060")
def test_the_command_reckons_here_and_asks_whether_the_house_agrees(
    served: Served, tmp_path, capsys
) -> None:
    richer(served, 2)
    at = ["--at", served.address]
    assert main(["margin", "table", str(tmp_path / "t.json"), *at]) == 0
    lines = "symbol,lots,buys,sells\n" + f"{SYMBOL},8,3,20\nRIGHT,5,,9\n"
    (tmp_path / "p.csv").write_text(lines)
    capsys.readouterr()
    assert main(["margin", "what-if", str(tmp_path / "p.csv"), *at]) == 0
    told = capsys.readouterr().out
    assert "the house says the same" in told
    words = ["--position", f"{SYMBOL}=8:3:20", "--position", "RIGHT=+5:0:9"]
    table = ["--table", str(tmp_path / "t.json")]
    assert main(["margin", "what-if", *words, *table, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert f"{found['requirement_micro_dollars'] // 10**6:,}." in told
    for bad, said in (
        (["--position", "X"], "expected SYMBOL=LOTS"),
        ([], "expected a file or --position"),
        (["--position", "X=1"], "X: expected a series with a row in margin table"),
        (["--position", "RIHGT=1"], "(near: RIGHT)"),
        (["--position", "front=1"], "front: expected a table that says its month futures"),
        (["--position", f"{SYMBOL}=1", "--position", f"{SYMBOL}=1"], "each series once"),
    ):
        assert main(["margin", "what-if", *bad, *table]) == 1
        assert said in capsys.readouterr().err


def test_tables_that_were_in_force_are_read_by_day_number_and_digest(tmp_path: Path) -> None:
    store = TableStore(tmp_path)

    def kept(gateway: Any) -> None:
        gateway.tables = store

    with serving(tmp_path / "house", furnished=kept) as served:
        richer(served, 1)
        old = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
        prices = (wire.SeriesPrice(1, 2_200_000), wire.SeriesPrice(2, 400_000))
        ask(served, wire.SettleVariation(day=20260102, prices=prices))
        new = HTTP.get(f"{served.address}/v1/margin/tables/current").json()
        while store._waiting:
            time.sleep(0.01)
        url = f"{served.address}/v1/margin/tables"
        rows = HTTP.get(url).json()["tables"]
        assert [row["sha256"] for row in rows] == [old["sha256"], new["sha256"]]
        assert [row["table"] for row in rows] == [2, 2]
        first = HTTP.get(url, params={"limit": 1}).json()
        more = HTTP.get(url, params={"limit": 1, "cursor": first["next"]}).json()
        assert (first["tables"] + more["tables"], more["next"]) == (rows, None)
        assert HTTP.get(url, params={"from": 29_990_101}).json()["tables"] == []
        assert HTTP.get(f"{url}/{old['sha256']}").json() == old
        assert HTTP.get(f"{url}/{new['sha256']}").json() == new
        assert HTTP.get(f"{url}/2").json() == new, "the last under its number"
        positions = [{"symbol": "RIGHT", "lots": -3}]
        asked = f"{served.address}/v1/margin/what-if"
        for told in (old, new):
            found = HTTP.post(
                asked, params={"table": told["sha256"]}, json={"positions": positions}
            ).json()
            expected = requirement({"RIGHT": Held(-3)}, read_published(told))
            assert found["sha256"] == told["sha256"]
            assert found["requirement_micro_dollars"] == expected.requirement > 0
        assert HTTP.get(f"{url}/{'0' * 64}").status_code == 404
        out = tmp_path / "old.json"
        words = ["margin", "table", str(out), "--at", served.address, "--table", old["sha256"]]
        assert main(words) == 0
        assert json.loads(out.read_text()) == old
    store.close()


def months(served: Served, *symbols: str) -> None:
    """Month futures of two indices, and a table that has a row for each."""
    for number, symbol in enumerate(symbols, 2):
        month = int(symbol.partition("-")[2].replace("-", ""))
        ask(
            served,
            wire.ListSeries(
                series=number, symbol=symbol, series_kind=wire.SeriesKind.FUTURE, group=1,
                index=2 if symbol.startswith("T") else 1, first_month=month, last_month=month,
                hours=720, tick=TICK, reference_price=2_000_000, band=9_000, protection=500,
                last_trading_time=FAR if month > 209901 else 1,
            ),
        )  # fmt: skip
    scenario, row = wire.Scenario(wire.ScenarioKind.SCAN, 1), wire.ScanRow(1, 10_000)
    ask(served, wire.BeginMarginTable(table=2, scenarios=(scenario,), rows=(row,)))
    for number in range(1, len(symbols) + 2):
        losses = (wire.ScenarioLoss(1_000_000 * number),)
        ask(served, wire.LoadMarginRow(table=2, series=number, mark=2_000_000, losses=losses))
    ask(served, wire.ActivateMarginTable(table=2, replaces=1))


def test_a_saved_table_says_what_front_means(served: Served, tmp_path, capsys) -> None:
    """`front` of a saved table is the house's own, long after and without the house."""
    names = ("H100-2099-04", "TSTD-2099-02", "H100-2099-03", "TSTD-2099-05")
    months(served, *names)
    at, path = ["--at", served.address], tmp_path / "t.json"
    assert main(["margin", "table", str(path), *at]) == 0
    told = json.loads(path.read_bytes())
    assert told["month_futures"] == [
        {"family": "H100", "symbols": ["H100-2099-03", "H100-2099-04"]},
        {"family": "TSTD", "symbols": ["TSTD-2099-02", "TSTD-2099-05"]},
    ]
    words = ["--position", "front=10", "--position", "front+1=-4", "--position", "TSTD-front=2"]
    capsys.readouterr()
    assert main(["margin", "what-if", *words, *at]) == 0
    served_answer = capsys.readouterr().out
    assert "the house says the same" in served_answer
    nowhere = ["--table", str(path), "--at", "http://127.0.0.1:9"]
    assert main(["margin", "what-if", *words, *nowhere]) == 0
    saved_answer = capsys.readouterr().out
    assert saved_answer == served_answer.replace("the house says the same\n", "")
    assert [line.split()[0] for line in saved_answer.splitlines()[:3]] == [
        "H100-2099-03", "H100-2099-04", "TSTD-2099-02",
    ]  # fmt: skip
    for bad, said in (
        ("front+7=1", "front+7: expected one of 2 month futures of H100"),
        ("B200-front=1", "expected one of 0 month futures of B200"),
    ):
        assert main(["margin", "what-if", "--position", bad, *nowhere]) == 1
        assert said in capsys.readouterr().err
    twice = ["--position", "front=1", "--position", "H100-2099-03=1"]
    assert main(["margin", "what-if", *twice, *nowhere]) == 1
    assert "expected each series once, found H100-2099-03 again" in capsys.readouterr().err
    path.write_text(json.dumps(told | {"sha256": "0" * 64}))
    assert main(["margin", "what-if", *words, *nowhere]) == 1
    assert "sha256: expected that of the table" in capsys.readouterr().err
    for broken in ("[]", "{", '{"table": 1}'):
        path.write_text(broken)
        assert main(["margin", "what-if", *words, *nowhere]) == 1
        assert "expected" in capsys.readouterr().err


@pytest.mark.rule("DEL-027")
def test_a_what_if_counts_what_deliveries_need_once(served: Served) -> None:
    positions = [{"symbol": SYMBOL, "lots": 3}]
    body = {"positions": positions, "deliveries": [{"lots": 48, "hours": 24, "unit": 300_000}]}

    def asked(said: dict[str, Any]) -> dict[str, Any]:
        path = "/v1/margin/what-if"
        return served.client(11).ask(
            Asking("POST", path, dict[str, Any], msgspec.json.encode(said))
        )

    bare, beside = asked({"positions": positions}), asked(body)
    need = 48 * 24 * 300_000
    assert beside["delivery_micro_dollars"] == need
    for name in ("requirement_micro_dollars", "initial_micro_dollars"):
        assert beside[name] - bare[name] == need, "no initial factor on what is set aside"
    with pytest.raises(Fault, match="hours"):
        asked({**body, "deliveries": [{"lots": 1, "hours": 0, "unit": 1}]})
