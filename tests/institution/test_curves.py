"""A house publishes the curve of each settled day from its own quotes, trades and marks."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from lasalle import wire
from lasalle.contracts import Month
from lasalle.indices import curve_file
from lasalle.indices.curve import Curve, CurveError, Place, Repriced, Standing
from lasalle.indices.curve_file import (
    curve_lines,
    curve_sha256,
    differences,
    read_curve,
    write_curve,
)
from lasalle.institution import curves as curves_module
from lasalle.institution.command_line import main
from lasalle.institution.curves import (
    CurveDesk,
    CurveStore,
    curve_inputs,
    gcp_commitments,
    keep_curves,
)
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.settings import PRICES
from lasalle.views import MarketView
from tests.gateway.conftest import serving
from tests.institution.test_day import Clock, at, begun, small  # noqa: F401
from tests.loopback import HTTP

DAY, NOW = date(2026, 3, 29), "2026-03-30T12:00"
ORDER_TERMS = {
    "order_type": wire.OrderType.LIMIT,
    "time_in_force": wire.TimeInForce.GTC,
    "self_trade": wire.SelfTrade.CANCEL_NEWEST,
}


@pytest.fixture
def house(tmp_path, small):  # noqa: F811
    found = begun(tmp_path / "house", Clock(NOW))
    yield found
    found.release()


def offer(house, symbol: str, side: wire.Side, price: int) -> None:
    series = house.market.by_symbol[symbol].terms.series
    placed = wire.PlaceOrder(
        account=1, series=series, side=side, price=price, lots=1, **ORDER_TERMS
    )
    told = house.ask(11, placed)
    assert not any(isinstance(e, wire.Refused) for _, e in told), told


def published(house) -> tuple[CurveStore, Curve]:
    store = CurveStore(house.folder)
    desk = CurveDesk(house.market, store)
    now = at(NOW)
    assert desk.due(now) == [], "a future without quotes is waited for"
    later = now + int(curves_module.WAIT_SECONDS) * 10**9
    ((index, day, inputs),) = desk.due(later)
    said = desk.publish(index, day, inputs, later)
    assert "is published" in said
    assert desk.due(later) == [], "a day has one curve"
    stored = store.read("H100-US")
    assert stored is not None
    assert stored.published == later
    return store, stored.curve


def test_what_a_series_shows_becomes_an_input(house):
    front, second = "H100-2026-03", "H100-2026-04"
    mark = house.market.by_symbol[second].mark
    shown = curve_inputs(house.market, "H100-US", DAY, at(NOW))
    found = {one.name: one for one in shown.inputs}
    assert set(found) == {front, second, "H100-2026-05"}
    assert (shown.quoted, shown.futures) == (0, 3)
    # A trade, a bid and nothing on the other side, a mark alone.
    assert found[front].standing is Standing.EXECUTED
    assert found[second].standing is Standing.MARK
    book = house.market.by_symbol[second].levels[wire.Side.BUY]
    assert found[second].bid == max(book)
    third = found["H100-2026-05"]
    assert third.ask - third.price == max(1_000, third.price // 100)
    offer(house, second, wire.Side.SELL, mark // 1_000 * 1_000 + 30_000)
    shown = curve_inputs(house.market, "H100-US", DAY, at(NOW))
    now = {one.name: one for one in shown.inputs}[second]
    assert shown.quoted == 1
    assert now.standing is Standing.EXECUTABLE
    assert now.price == (now.bid + now.ask) // 2
    assert curve_inputs(house.market, "H200-US", DAY, at(NOW)).inputs == []


def test_the_curve_of_a_day_is_published_once_and_comes_back_bit_for_bit(house, tmp_path):
    store, curve = published(house)
    assert (curve.index, curve.day) == ("H100-US", DAY)
    assert all(r.held is Repriced.EXACT for r in curve.repricings)
    for one in curve.repricings:
        assert abs(one.average - one.input.price) * 10 <= one.input.tick
    assert differences(curve) == []
    path = tmp_path / "house" / "curves" / "H100-US" / "20260329.parquet"
    assert read_curve(path.read_bytes()).curve == curve
    stored = store.read("H100-US", 20260329)
    assert stored is not None
    with pytest.raises(FileExistsError, match="never replaced"):
        store.keep(stored)
    assert store.read("H100-US", 20260328) is None
    assert store.read("../H100-US") is None
    assert CurveStore(tmp_path / "house").days("H100-US") == [20260329]


def test_a_served_house_publishes_and_tells_its_curve(house):
    said: list[str] = []
    told: list[dict[str, Any]] = []
    clock = Clock("2026-03-30T12:00")

    async def live() -> None:
        store = CurveStore(house.folder)
        task = asyncio.create_task(
            keep_curves(CurveDesk(house.market, store), clock, said.append, told.extend)
        )
        await asyncio.sleep(0.05)
        clock.now += 10**12
        for _ in range(100):
            await asyncio.sleep(0.05)
            if said:
                break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())
    assert len(said) == 1
    assert "The H100-US curve of 2026-03-29 is published: 3 months from 3 prices" in said[0]
    stored = CurveStore(house.folder).read("H100-US")
    assert stored is not None
    (message,) = told
    assert (message["channel"], message["symbol"], message["day"]) == (
        "curves", "H100-US", 20260329
    )  # fmt: skip
    assert message["curve_sha256"] == curve_sha256(stored.curve)
    assert message["input_sha256"] == stored.curve.input_sha256
    assert len(message["months"]) == 3
    assert "inputs" not in message


def test_the_hash_of_a_curve_names_every_number_of_it(house):
    curve = published(house)[1]
    first = curve.months[0]
    bent = [
        replace(curve, months=(replace(first, **{name: getattr(first, name) + 1}),
                               *curve.months[1:]))
        for name in ("forward", "low", "high")
    ]  # fmt: skip
    bent.append(replace(curve, months=(replace(first, place=Place.BEYOND), *curve.months[1:])))
    bent.append(replace(curve, day=date(2026, 3, 28)))
    held = replace(curve.repricings[0], held=Repriced.INCONSISTENT)
    bent.append(replace(curve, repricings=(held, *curve.repricings[1:])))
    bent.append(replace(curve, inputs=curve.inputs + b"x"))
    hashes = {curve_sha256(one) for one in (curve, *bent)}
    assert len(hashes) == len(bent) + 1
    assert curve_sha256(curve) == hashlib.sha256(curve_lines(curve)).hexdigest()


def test_a_curve_is_told_over_rest_and_by_the_command(house, tmp_path, capsys):
    store, curve = published(house)

    def furnished(gateway) -> None:
        gateway.curves = store

    with serving(tmp_path / "small", furnished=furnished) as served:
        found = HTTP.get(f"{served.address}/v1/curves/H100-US").json()
        assert found["input_sha256"] == curve.input_sha256
        assert found["inputs"].encode() == curve.inputs
        assert found["curve_sha256"] == curve_sha256(curve)
        assert [row["forward_micro_dollars"] for row in found["months"]] == [
            row.forward for row in curve.months
        ]
        assert {row["held"] for row in found["held"]} == {"exact"}
        (last,) = HTTP.get(f"{served.address}/v1/curves").json()["curves"]
        assert (last["index"], last["curve_sha256"]) == ("H100-US", curve_sha256(curve))
        assert last["months"] == found["months"]
        for query in ("NOTHING", "H100-US?day=20260328"):
            assert HTTP.get(f"{served.address}/v1/curves/{query}").status_code == 404
        png = tmp_path / "curve.png"
        kept = tmp_path / "kept.txt"
        words = ["curve", "show", "--at", served.address, "--png", str(png)]
        words += ["--inputs", str(kept)]
        assert main(words) == 0
        assert "agrees bit for bit with the published one" in capsys.readouterr().out
        assert kept.read_bytes() == curve.inputs
        assert png.read_bytes()[:4] == b"\x89PNG"


def test_a_file_is_checked_against_its_inputs(house, tmp_path, capsys):
    _, curve = published(house)
    good = tmp_path / "good.parquet"
    good.write_bytes(write_curve(curve, 7))
    assert main(["curve", "build", str(good)]) == 0
    assert "agrees bit for bit with the stored one" in capsys.readouterr().out
    text = tmp_path / "inputs.txt"
    text.write_bytes(curve.inputs)
    assert main(["curve", "build", str(text), "--json"]) == 0
    assert curve.input_sha256 in capsys.readouterr().out
    months = list(curve.months)
    months[1] = type(months[1])(
        months[1].month, months[1].forward + 1, months[1].low, months[1].high, months[1].place
    )
    bent = Curve(curve.index, curve.day, curve.terms, tuple(months), curve.repricings, curve.inputs)
    wrong = tmp_path / "bent.parquet"
    wrong.write_bytes(write_curve(bent, 7))
    assert main(["curve", "build", str(wrong)]) == 1
    told = capsys.readouterr().out
    assert f"2026-04: forward: stored {months[1].forward}" in told
    with pytest.raises(CurveError, match="file: expected a Parquet file"):
        read_curve(b"PAR1 nothing of the kind")
    assert main(["curve", "build", str(Path(__file__))]) == 1


def test_a_small_file_that_stands_for_a_million_rows_is_not_read_out(house):
    _, curve = published(house)
    content = write_curve(curve, 7)
    table = parquet.read_table(arrow.BufferReader(content))
    sink = arrow.BufferOutputStream()
    parquet.write_table(table.take(arrow.array([0] * 1_000_000)), sink)
    bomb = bytes(sink.getvalue())
    assert len(bomb) < 100_000
    with pytest.raises(CurveError, match="rows: expected at most 120, found 1000000"):
        read_curve(bomb)


def test_inputs_under_another_digest_are_refused(house, monkeypatch):
    _, curve = published(house)
    monkeypatch.setattr(Curve, "input_sha256", "0" * 64)
    content = write_curve(curve, 7)
    monkeypatch.undo()
    with pytest.raises(CurveError, match="input_sha256"):
        curve_file.read_curve(content)


@pytest.mark.skipif(
    not (PRICES / "gpu_prices" / MARKET_FILE).exists(),
    reason="no ../shared/data/gpu_prices: no commitments to read",
)
def test_published_commitments_are_bands_of_their_tenor():
    known = gcp_commitments(PRICES)
    one, three = known("H100-US", date(2025, 3, 13))
    assert (one.bid, one.price, one.ask) == (3_836_480, 0, 11_509_438)
    assert (three.last.minus(three.first) + 1, three.standing) == (36, Standing.LIST)
    assert known("H100-US", date(2020, 1, 1)) == []
    assert known("H200-US", date(2025, 3, 13)) == []


def listed(market: MarketView, number: int, symbol: str, month: int, mark: int) -> None:
    """A series nobody quotes, with a mark."""
    terms = wire.SeriesListed(
        series=number, symbol=symbol, series_kind=wire.SeriesKind.FUTURE, index=number,
        first_month=month, last_month=month, tick=1_000,
    )  # fmt: skip
    header = wire.Header(0, wire.SeriesListed.KIND, 0, 0, 0, number, 1, 0, 0, 0)
    market.on(header, terms)
    market.series[number].mark = mark


def test_a_basis_is_read_beside_the_curve_it_is_quoted_against(tmp_path):
    market, store = MarketView(), CurveStore(tmp_path)
    market.settled_day = 20260329
    listed(market, 1, "H100-2026-04", 202604, 2_400_000)
    listed(market, 2, "H200.GH100-2026-04", 202604, 50_700_000)  # 0.70 above
    listed(market, 3, "H100.LEN-2026-04", 202604, 49_900_000)  # 0.10 below
    listed(market, 4, "T-STANDARD-2026-04", 202604, 1_000_000)  # no symbol of the grammar
    listed(market, 5, "H100.V-2026-04", 202604, 9_000_000)  # a variance is no average
    assert curves_module.indices_with_curves(market)[0] == "H100-US"
    desk, now = CurveDesk(market, store), at(NOW)
    for _ in range(4):
        for due in desk.due(now):
            desk.publish(*due, now)
        now += 10**9 * int(curves_module.WAIT_SECONDS)
    april = Month(2026, 4)
    found = {}
    for index in curves_module.indices_with_curves(market):
        stored = store.read(index)
        assert stored is not None, index
        found[index] = stored.curve.forward[april]
    assert found["H100-US"] == 2_400_000
    assert found["H200-US"] == 3_100_000
    assert sorted(found.values()) == [2_300_000, 2_400_000, 3_100_000]
