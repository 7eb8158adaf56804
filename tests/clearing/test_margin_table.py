"""Margin tables: whole numbers, SPAN's points, filtered history with floors, losses that add up."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lasalle.clearing import (
    MarginTerms,
    MarginTermsError,
    ScenarioKind,
    historical_moves,
    load_margin_terms,
    margin_table,
)
from lasalle.clearing.moves import price_range
from lasalle.contracts import load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.pricing import fit, month_curve

DAY = date(2026, 3, 10)
PATH = [(date(2025, 3, 1) + timedelta(days=n), 2_500_000 + 2_000 * (n % 7)) for n in range(375)]
SERIES = series_listing(load_standards(), DAY, dict.fromkeys(month_strip(DAY, 24), 2500000))
TERMS = load_margin_terms()
ROWS = ("stress", "proxies", "offsets", "own", "thirds")


def table(path=PATH, terms=TERMS):
    model = fit(path)
    marks = fair_marks(model, dict(path), DAY, SERIES)
    return margin_table(model, path, DAY, SERIES, marks, terms)


def rows(found):
    return {row.symbol: np.array(row.losses_micro_dollars) for row in found.rows}


def test_labels_match_every_row() -> None:
    found = table()
    assert all(len(r.losses_micro_dollars) == len(found.labels) for r in found.rows)
    assert all(type(x) is int for r in found.rows for x in r.losses_micro_dollars)
    groups = {label.group for label in found.labels if label.kind is ScenarioKind.SCAN}
    assert groups == {row.group for row in found.scan_rows}
    count = [sum(label.kind is kind for label in found.labels) for kind in ScenarioKind]
    assert count == [16 + 2 + 6, TERMS.windows, len(TERMS.stress)]


def test_the_sixteen_points_of_span() -> None:
    """SPAN's points: 0, thirds of the range up and down with volatility up and down, twice at 35
    %.
    """
    assert len(TERMS.points) == 16
    assert [round(3 * m) for m, _, _ in TERMS.points] == [
        0,
        0,
        1,
        1,
        -1,
        -1,
        2,
        2,
        -2,
        -2,
        3,
        3,
        -3,
        -3,
        6,
        -6,
    ]
    assert [v for _, v, _ in TERMS.points] == [1, -1] * 7 + [0, 0]
    assert [w for _, _, w in TERMS.points] == [1.0] * 14 + [0.35] * 2


def test_a_future_loses_the_move_times_its_hours() -> None:
    found = table()
    model = fit(PATH)
    losses = rows(found)["H100-2026-06"]
    # Point 13: the whole range down, which is the floor for a calm index; the month is June, 720
    # hours.
    width = TERMS.price_floor_back
    years = np.array([(date(2026, 6, n) - model.fitted_on).days for n in range(1, 31)]) / 365
    value = float(np.mean(model.forward(years)))
    assert losses[12] == pytest.approx(value * (1 - math.exp(-width)) * 720 * 1e6, abs=1)
    assert losses[10] == pytest.approx(value * (1 - math.exp(width)) * 720 * 1e6, abs=1)
    assert losses[14] == pytest.approx(0.35 * value * (1 - math.exp(2 * width)) * 720 * 1e6, abs=1)


def test_a_range_counts_the_deviations_of_the_months_own_move() -> None:
    """What a forward moves in a moment is what the variance of its price loses in it."""
    terms = replace(TERMS, price_floor_front=0.0, price_floor_back=0.0)
    model, moment = fit(PATH), 1e-5
    months = month_strip(DAY, 24)
    curve = month_curve(model, dict(PATH), months)
    for month in months[1:]:
        t = curve[month].years
        lost = float(model.covariance([t])[0, 0] - model.covariance([t - moment])[0, 0])
        deviation = math.sqrt(lost / moment * terms.horizon_days / 365)
        width = price_range(model, month, months[0], curve[month], terms)
        assert width == pytest.approx(terms.quantile * deviation, rel=1e-4)
        assert width > terms.quantile * model.volatility * float(model.loading(t)) * math.sqrt(
            terms.horizon_days / 365
        )


def test_parity_holds_in_every_scenario() -> None:
    """Long call, short put and short future of one month lose nothing together, but for one
    day's rounding.
    """
    found = rows(table())
    call, put, future = (
        found[name] for name in ("H100-2026-06-C-2.500", "H100-2026-06-P-2.500", "H100-2026-06")
    )
    # But for what a short option costs at least, which is no value; a tick of the cap at the mark.
    valued = [not label.name.startswith("H100 short") for label in table().labels]
    assert sum(valued) == len(call) - 2
    assert np.max(np.abs(call - put - future)[valued]) <= 0.001 * 720 * 1e6


def test_a_swap_loses_what_its_months_lose() -> None:
    found = rows(table())
    parts = sum(found[f"H100-2026-{m:02d}"] for m in (4, 5, 6))
    assert np.max(np.abs(found["H100-2026-04_2026-06"] - parts)) <= 2


def test_a_long_option_never_loses_more_than_its_mark() -> None:
    for row, series in zip(table().rows, SERIES, strict=True):
        if series.is_option:
            worst = max(row.losses_micro_dollars)
            assert worst <= row.mark_micro_dollars * series.open_hours(DAY)


def test_a_calendar_spread_is_charged_the_twist() -> None:
    found = table()
    spread = rows(found)["H100-2026-04"] - rows(found)["H100-2028-02"]
    kinds = np.array([label.group for label in found.labels])
    assert spread[kinds == 2].max() > 0.2 * rows(found)["H100-2026-04"][kinds == 1].max()


def test_filtered_moves_scale_with_volatility_now() -> None:
    """Barone-Adesi et al. (1999): a past move counts with volatility now over volatility then,
    within bounds.
    """
    terms = replace(TERMS, windows=3, horizon_days=1, scale_low=0.001, scale_high=10.0)
    prices = [1_000_000, 1_000_000, 2_000_000, 2_000_000]
    path = [(date(2026, 1, 1) + timedelta(days=n), p) for n, p in enumerate(prices)]
    moves, observed = historical_moves(path, terms)
    floor = terms.volatility_floor**2 / 365
    calm = terms.ewma_lambda * floor
    jump = terms.ewma_lambda * calm + (1 - terms.ewma_lambda) * math.log(2) ** 2
    now = terms.ewma_lambda * jump
    assert observed == 3
    assert moves[1] == pytest.approx(math.log(2) * math.sqrt(now / calm))
    assert moves[0] == moves[2] == 0.0


def test_short_history_is_filled_by_floors_and_says_so() -> None:
    short = table(PATH[-40:])
    assert short.short_history
    assert short.historical_observed == 38
    assert not table().short_history
    moves, observed = historical_moves(PATH[-40:], TERMS)
    fill = np.array(moves[observed:])
    assert len(moves) == TERMS.windows
    assert fill.std() == pytest.approx(
        TERMS.volatility_floor * math.sqrt(TERMS.horizon_days / 365), rel=0.03
    )


@pytest.mark.parametrize("field", [f.name for f in fields(MarginTerms) if f.name not in ROWS])
def test_a_term_out_of_bounds_is_refused_by_name(field: str) -> None:
    with pytest.raises(MarginTermsError, match=f"{field}: expected .* found -1"):
        replace(TERMS, **{field: -1})


def test_a_later_fixing_is_refused() -> None:
    model, late = fit(PATH), [*PATH, (DAY + timedelta(days=1), 1)]
    with pytest.raises(ValueError, match="fixings up to"):
        margin_table(model, late, DAY, SERIES, {}, TERMS)


def test_the_page_counts_the_scenarios_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs/desks/clearing.md").read_text(encoding="utf-8")
    labels = table().labels
    scan = [label.group for label in labels if label.kind is ScenarioKind.SCAN]
    counts = {
        "scan, group 1": scan.count(1),
        "scan, group 2": scan.count(2),
        "historical": sum(label.kind is ScenarioKind.HISTORICAL for label in labels),
        "stress": sum(label.kind is ScenarioKind.STRESS for label in labels),
    }
    for kind, count in counts.items():
        assert f"| {kind} | {count} |" in page
    assert f"{len(labels)} columns in all" in page
    for floor in (TERMS.price_floor_front, TERMS.price_floor_back):
        assert f"{floor:.2f}" in page
