"""The maker quotes on tick, two-sided, wider with risk, leaning against inventory, blind to
later prices.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle.contracts import SeriesKind, load_standards, month_strip, series_listing
from lasalle.making import fair_marks, load_maker_terms, quotes
from lasalle.pricing import CurveAssumptions, fit

DAY = date(2026, 3, 10)
PATH = [(date(2025, 6, 1) + timedelta(days=n), 2_500_000 + 2_000 * (n % 7)) for n in range(283)]
SERIES = series_listing(load_standards(), DAY, dict.fromkeys(month_strip(DAY, 24), 2500000))
TERMS = load_maker_terms()


def book(inventory=None, **assumed):
    model = fit(PATH, CurveAssumptions(**assumed))
    found = quotes(model, dict(PATH), DAY, SERIES, inventory or {}, TERMS)
    return {q.symbol: q for q in found}


def test_every_series_is_quoted_on_tick() -> None:
    found = book()
    assert set(found) == {s.symbol for s in SERIES}
    two_sided = 0
    for quote in found.values():
        assert quote.bid_price % 1_000 == quote.ask_price % 1_000 == 0
        assert 0 <= quote.bid_price < quote.ask_price
        two_sided += bool(quote.bid_lots and quote.ask_lots)
    assert two_sided > 0.8 * len(found)


def test_the_mark_lies_inside_the_quote() -> None:
    marks = fair_marks(fit(PATH), dict(PATH), DAY, SERIES)
    for name, quote in book().items():
        assert quote.bid_price <= marks[name] <= quote.ask_price


def test_spreads_grow_with_volatility_and_tenor() -> None:
    calm, wild = book(volatility_multiplier=0.5), book(volatility_multiplier=2.0)
    wider = [
        wild[s.symbol].ask_price - wild[s.symbol].bid_price
        >= calm[s.symbol].ask_price - calm[s.symbol].bid_price
        for s in SERIES
        if s.kind is SeriesKind.FUTURE
    ]
    assert all(wider)
    found = book(risk_premium=0.0)
    near, far = found["H100-2026-04"], found["H100-2028-01"]
    assert far.ask_price - far.bid_price > near.ask_price - near.bid_price


def test_a_short_maker_raises_its_prices_and_offers_less() -> None:
    flat, short = book(), book({"H100-2026-06": -TERMS.capacity_lots // 2})
    for series in SERIES:
        one, two = flat[series.symbol], short[series.symbol]
        if series.kind is SeriesKind.FUTURE:
            assert two.bid_price > one.bid_price
            assert two.ask_lots < one.ask_lots
            assert two.bid_lots == one.bid_lots
        if series.kind is SeriesKind.PUT:
            assert two.ask_price <= one.ask_price
    full = book({"H100-2026-06": -TERMS.capacity_lots})
    assert full["H100-2026-06"].ask_lots == 0


def test_a_model_that_saw_the_future_is_refused() -> None:
    model = replace(fit(PATH), fitted_on=DAY + timedelta(days=1))
    with pytest.raises(ValueError, match="fitted_on"):
        quotes(model, dict(PATH), DAY, SERIES, {}, TERMS)
