"""Evidence from packages that are installed and from the venue's own trades and quotes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

import pytest

from lasalle import wire
from lasalle.indices.evidence import PriceType
from lasalle.indices.sources import Source, SourceError, Unreachable
from lasalle.indices.sources.venue import VenueSeries
from lasalle.institution.sources import GenaiPrices, ModelPrices, VenueSource
from lasalle.institution.sources import packages as carried
from lasalle.views import MarketView, MemoryHistory
from lasalle.wire import Header, Side

DAY = 86_400 * 10**9
NOON = int(datetime(2026, 3, 12, 12, tzinfo=UTC).timestamp()) * 10**9


def test_model_prices_tells_dated_prices() -> None:
    if find_spec("model_prices") is None:
        pytest.skip("the package model-prices is not installed")
    source = ModelPrices()
    assert isinstance(source, Source)
    found = source.read(NOON - DAY // 2, NOON + DAY // 2)
    kinds = Counter(found["grade"].to_pylist())
    assert set(kinds) == {"T-INTERACTIVE", "T-STANDARD", "T-BATCH"}
    assert set(found["time"].to_pylist()) == {NOON}
    assert len(source.read(NOON + 3 * 365 * DAY, NOON + 4 * 365 * DAY)) == 0, (
        "it looked long before"
    )


def test_genai_prices_is_evidence_of_the_day_it_looked() -> None:
    if find_spec("genai_prices") is None:
        pytest.skip("the package genai-prices is not installed")
    with pytest.raises(Unreachable, match="tells no date"):
        GenaiPrices().read(0, 1 << 62)
    found = GenaiPrices(datetime(2026, 11, 20)).read(0, 1 << 62)  # noqa: DTZ001 - a date
    last = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()) * 10**9
    assert max(found["time"].to_pylist()) == last
    assert Counter(found["grade"].to_pylist())["T-STANDARD"] > 10


def test_a_package_that_is_absent_or_changed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(package: str) -> str:
        raise carried.PackageNotFoundError(package)

    monkeypatch.setattr(carried, "version", absent)
    with pytest.raises(Unreachable, match="pip install model-prices"):
        ModelPrices().read(0, 1)

    class Elsewhere:
        def __truediv__(self, name: str) -> Elsewhere:
            return self

        def read_text(self, encoding: str) -> str:
            return '{"schema": 2}'

    monkeypatch.setattr(carried, "version", lambda _: "9.9")
    monkeypatch.setattr(carried.resources, "files", lambda _: Elsewhere())
    with pytest.raises(SourceError, match=r"snapshot\.json"):
        ModelPrices().read(0, 1)


FUTURE = VenueSeries("H100-US-F-2026-04", "H100-SXM", "US-EAST", 30, 1, cash_settled=True)
PHYSICAL = VenueSeries("H100-US-P-2026-04", "H100-SXM", "US-EAST", 30, 8, cash_settled=False)
SERIES = {series.symbol: series for series in (FUTURE, PHYSICAL)}


BUY, SELL = 101, 102


def house(*events: tuple[int, Any]) -> tuple[MarketView, MemoryHistory]:
    """Views of a house in which two series are listed, two orders accepted, and events happen at
    times."""
    before: list[Any] = [
        wire.SeriesListed(
            series=number, symbol=symbol, tick=1_000, series_kind=wire.SeriesKind.FUTURE
        )
        for number, symbol in enumerate(SERIES, 1)
    ]
    before += [
        wire.OrderAccepted(
            order=order,
            account=order,
            series=2,
            side=side,
            order_type=wire.OrderType.LIMIT,
            time_in_force=wire.TimeInForce.GTC,
            self_trade=wire.SelfTrade.CANCEL_NEWEST,
            price=2_500_000,
            lots=1_000,
        )
        for order, side in ((BUY, Side.BUY), (SELL, Side.SELL))
    ]
    market, history = MarketView(), MemoryHistory()
    for number, (time, event) in enumerate([(NOON - DAY, e) for e in before] + [*events], 1):
        header = Header(0, event.KIND, 0, 0, 0, number, time, 0, 0, 0)
        if not isinstance(event, wire.Traded | wire.OrderAccepted):
            market.on(header, event)
        history.tell(wire.seal(event, number, time), number, b"")
    return market, history


def traded(series: int, price: int, lots: int) -> wire.Traded:
    return wire.Traded(
        series=series,
        price=price,
        lots=lots,
        aggressor=wire.Aggressor.BUY,
        buy_order=BUY,
        sell_order=SELL,
        buy_account=BUY,
        sell_account=SELL,
    )


def source(*events: tuple[int, Any], with_beliefs: bool = False) -> VenueSource:
    market, history = house(*events)
    return VenueSource(market, history, SERIES.get, lambda: NOON + DAY // 4, with_beliefs)


TRADES = (
    (NOON - 2 * DAY, traded(2, 2_400_000, 1)),
    (NOON, traded(1, 2_500_000, 3)),
    (NOON + 1, traded(2, 2_550_000, 2)),
)


def test_a_future_is_no_evidence_of_the_index_it_settles_on() -> None:
    reading = source(*TRADES).reading(NOON - DAY // 2, NOON + DAY // 2)
    assert [(r["offer"], r["price"], r["size"]) for r in reading.evidence.to_pylist()] == [
        ("H100-US-P-2026-04/7", 2_550_000, 16)
    ]
    assert reading.refusals() == {"circular": 1}
    beliefs = source(*TRADES, with_beliefs=True).read(NOON - DAY // 2, NOON + DAY // 2)
    assert beliefs["price"].to_pylist() == [2_500_000, 2_550_000]
    assert set(beliefs["price_type"].to_pylist()) == {int(PriceType.EXECUTED)}


def test_the_best_resting_offer_is_executable_now_and_only_now() -> None:
    market, history = house()
    market.series[2].change(Side.SELL, 2_700_000, 3)
    market.series[2].change(Side.SELL, 2_650_000, 1)
    market.series[2].change(Side.BUY, 2_500_000, 9)
    venue = VenueSource(market, history, SERIES.get, lambda: NOON)
    (row,) = venue.read(NOON, NOON + 1).to_pylist()
    assert (row["price"], row["size"], row["price_type"]) == (2_650_000, 8, PriceType.EXECUTABLE)
    assert len(venue.read(NOON + 1, NOON + 2)) == 0
    assert isinstance(venue, Source)


def test_all_trades_of_a_window_are_found_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lasalle.institution.sources.venue.TRADES_AT_ONCE", 2)
    trades = [(NOON + n, traded(2, 2_000_000 + n, 1)) for n in range(7)]
    found = source(*trades).read(NOON + 1, NOON + 6)
    assert sorted(found["price"].to_pylist()) == [2_000_001 + n for n in range(5)]
