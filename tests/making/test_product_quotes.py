"""Quotes of quarters, bounded weeks, bases and variances: around the model, in bounds, leaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lasalle.contracts import Month, find_terms, hours, parse_symbol
from lasalle.making import Against, fair_marks, load_maker_terms, quotes, valuation
from lasalle.pricing import fit

DAY = date(2026, 5, 13)
TERMS = load_maker_terms()


def path(price: int, step: int) -> list[tuple[date, int]]:
    return [(DAY - timedelta(days=250 - n), price + step * (n // 7 % 5)) for n in range(250)]


H100, A100 = path(2_500_000, 40_000), path(2_000_000, 25_000)
SYMBOLS = (
    "H100-2026-06", "H100-2026-07", "H100-2026-08", "H100-2026-09", "H100-2026Q3",
    "H100.W-2026W21-2.000_3.200", "H100.W-2026W21-2.550_2.700", "H100.W-2026W21-2.700_9.000",
    "H100.W-2026W21-1.000_2.000", "H100.V-2026-05", "H100.V-2026-06",
)  # fmt: skip
BASIS = "A100.GH100-2026-06"
SERIES = [find_terms(parse_symbol(symbol)) for symbol in SYMBOLS]
BASES = [find_terms(parse_symbol(BASIS))]


def against(correlation: float = 0.1) -> Against:
    return Against("H100-US", fit(H100), dict(H100), correlation)


def book(inventory=None, terms=TERMS):
    found = quotes(fit(H100), dict(H100), DAY, SERIES, inventory or {}, terms)
    return {quote.symbol: quote for quote in found}


def basis(correlation: float = 0.1, held: int = 0):
    seen = fit(A100), dict(A100), DAY, BASES, {BASIS: held}, TERMS, against(correlation)
    return quotes(*seen)[0]


def test_every_product_is_quoted_on_both_sides_around_its_mark() -> None:
    marks = fair_marks(fit(H100), dict(H100), DAY, SERIES)
    marks |= fair_marks(fit(A100), dict(A100), DAY, BASES, against())
    for quote in (*book().values(), basis()):
        assert quote.bid_lots > 0 < quote.ask_lots
        assert quote.bid_price % 1_000 == quote.ask_price % 1_000 == 0
        assert 0 < quote.bid_price < quote.ask_price
        assert quote.bid_price <= marks[quote.symbol] <= quote.ask_price


def test_a_quarter_is_quoted_as_its_months() -> None:
    found = book()
    months = [Month(2026, n) for n in (7, 8, 9)]
    for side in ("bid_price", "ask_price"):
        mean = sum(getattr(found[f"H100-{m}"], side) * hours(m) for m in months) / (92 * 24)
        assert getattr(found["H100-2026Q3"], side) == pytest.approx(mean, abs=2_000)


def test_a_bounded_week_is_never_quoted_beyond_its_bounds() -> None:
    """One worth its cap, or its floor, is quoted on the one side that makes sense."""
    found = book()
    for symbol, quote in found.items():
        terms = parse_symbol(symbol)
        if terms.cap_micro_dollars:
            assert terms.floor_micro_dollars <= quote.bid_price
            assert quote.ask_price <= terms.cap_micro_dollars
    capped, floored = found["H100.W-2026W21-1.000_2.000"], found["H100.W-2026W21-2.700_9.000"]
    assert capped.ask_price == 2_000_000 > capped.bid_price
    assert floored.bid_price >= 2_700_000
    wide, narrow = found["H100.W-2026W21-2.000_3.200"], found["H100.W-2026W21-2.550_2.700"]
    assert wide.ask_price - wide.bid_price > narrow.ask_price - narrow.bid_price


def test_a_basis_is_wider_where_its_indices_move_apart() -> None:
    together, apart = basis(1.0), basis(-1.0)
    assert apart.ask_price - apart.bid_price > together.ask_price - together.bid_price
    one = basis()
    assert 49_000_000 < one.bid_price < one.ask_price < 50_000_000
    assert one.ask_price - one.bid_price < 100_000, "its width is that of its legs, not of par"
    dearer = 2_500_000 * TERMS.half_spread_ratio
    assert basis(1.0).ask_price - basis(1.0).bid_price > 2 * dearer, "of the dearer of both"
    long = basis(held=TERMS.capacity_lots)
    assert long.bid_lots == 0
    assert long.ask_price < one.ask_price


def test_variance_leans_on_its_own_position_and_not_on_delta() -> None:
    flat = book()
    for held, side in (
        (-TERMS.variance_capacity_lots, "ask_lots"),
        (TERMS.variance_capacity_lots, "bid_lots"),
    ):
        found = book({"H100.V-2026-05": held})
        for symbol in ("H100.V-2026-05", "H100.V-2026-06"):
            assert getattr(found[symbol], side) == 0
            assert (found[symbol].bid_price < flat[symbol].bid_price) == (held > 0)
        assert found["H100-2026-06"] == flat["H100-2026-06"]
    future = book({"H100-2026-06": -TERMS.capacity_lots})
    assert future["H100.V-2026-06"] == flat["H100.V-2026-06"]
    assert future["H100.W-2026W21-2.000_3.200"].ask_lots == 0


def test_a_variance_is_quoted_in_volatility_points() -> None:
    model = fit(H100)
    valued = valuation(model, dict(H100), DAY, SERIES, TERMS)
    vega = dict(zip(SYMBOLS, (v.vega for v in valued.values), strict=True))["H100.V-2026-06"]
    wider = replace(TERMS, volatility_points=4 * TERMS.volatility_points)
    one, other = (book(terms=t)["H100.V-2026-06"] for t in (TERMS, wider))
    width = (one.ask_price - one.bid_price) / 2e6
    assert width == pytest.approx(TERMS.volatility_points * vega, abs=0.001)
    assert other.ask_price - other.bid_price == pytest.approx(
        8e6 * TERMS.volatility_points * vega, abs=2_500
    )


def test_an_index_seen_too_late_is_refused_on_either_leg() -> None:
    late = replace(against(), model=replace(fit(H100), fitted_on=DAY + timedelta(days=1)))
    with pytest.raises(ValueError, match="fitted_on: expected at most 2026-05-13"):
        quotes(fit(A100), dict(A100), DAY, BASES, {}, TERMS, late)
