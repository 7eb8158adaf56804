"""A portfolio margined from the table beside the same portfolio revalued option by option."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import numpy as np
import pytest

from lasalle.clearing import (
    Market,
    ScenarioKind,
    load_margin_terms,
    margin_table,
    published,
    scenarios,
)
from lasalle.clearing.backtest import shortfall_99
from lasalle.clearing.nightly import Nightly, accounts_of
from lasalle.contracts import SeriesKind, hours, load_standards, month_strip, series_listing
from lasalle.making import fair_marks
from lasalle.pricing import AverageTerms, average_option, fit, month_curve, series_value

DAY = date(2026, 3, 10)
PATH = [
    (date(2025, 3, 1) + timedelta(days=n), 2_500_000 + 60_000 * (n // 9 % 5)) for n in range(374)
]
SERIES = series_listing(load_standards(), DAY, dict.fromkeys(month_strip(DAY, 24), 2_600_000))
TERMS = load_margin_terms()
TICK = 1_000


def value(series, curve, move, factor) -> float:
    """USD per GPU-hour of a series when each month's fixings to come move, one month at a time."""
    months = series.open_months(DAY)
    if not series.is_option:
        worth = (
            curve[m].known + curve[m].share * curve[m].forward * math.exp(move[m]) for m in months
        )
        weights = [hours(m) for m in months]
        return sum(w * v for w, v in zip(weights, worth, strict=True)) / sum(weights)
    seen = curve[months[0]]
    moved = AverageTerms(
        seen.known,
        seen.share,
        seen.forward * math.exp(move[months[0]]),
        seen.deviation * factor,
        seen.years,
    )
    call = series.kind is SeriesKind.CALL
    return average_option(call, moved, series.strike_micro_dollars / 1e6)[0]


@pytest.mark.parametrize("seed", range(6))
def test_table_losses_are_those_of_a_full_revaluation(seed: int) -> None:
    """Tolerance: half a micro-dollar of rounding a lot, and for a long option half a tick times
    its hours, for the table never charges it more than its mark."""
    draw, known = random.Random(seed), dict(PATH)
    model = fit(PATH)
    picked = draw.sample(SERIES, 14)
    lots = {s.symbol: draw.choice((-1, 1)) * draw.randint(1, 900) for s in picked}
    months = [m for s in SERIES for m in s.open_months(DAY)]
    now, later = (month_curve(model, known, months, elapsed_days=n) for n in (0, 1))
    table = margin_table(model, PATH, DAY, SERIES, fair_marks(model, known, DAY, SERIES), TERMS)
    rows = {row.symbol: row for row in table.rows}
    columns, _ = scenarios([Market("H100", 1, model, PATH, now)], TERMS)
    assert len(columns) == len(table.labels)
    tolerance = sum(
        abs(n) * (0.51 + (0.51 * TICK * rows_hours(s) if n > 0 and s.is_option else 0.0))
        for s in picked
        for n in (lots[s.symbol],)
    )
    worst = 0.0
    for number, column in enumerate(columns):
        shift = column.shifts["H100"]
        if shift.minimum is not None:
            continue  # what a short option costs at least is no value
        by_table = sum(lots[s] * rows[s].losses_micro_dollars[number] for s in lots)
        in_full = sum(
            lots[s.symbol]
            * (
                series_value(s, DAY, now, model.volatility).value
                - value(s, later, shift.log_moves, shift.volatility_factor)
            )
            * shift.weight
            * rows_hours(s)
            * 1e6
            for s in picked
        )
        assert by_table == pytest.approx(in_full, abs=tolerance), column.label.name
        worst = max(worst, in_full)
    assert worst > 10 * tolerance, "the comparison is finer than what it compares"
    assert {c.label.kind for c in columns} == set(ScenarioKind)


def rows_hours(series) -> int:
    """Hours a lot still carries on the day."""
    return series.open_hours(DAY)


def test_ten_thousand_portfolios_are_asked_what_a_full_revaluation_asks() -> None:
    """The requirement itself, from whole-number rows and from losses revalued one by one in
    floats; the tolerance is that of the losses of a portfolio, for both paths are averages of them.
    """
    draw, known, model = np.random.default_rng(6), dict(PATH), fit(PATH)
    some = [SERIES[n] for n in sorted(draw.choice(len(SERIES), 40, replace=False))]
    months = [m for s in SERIES for m in s.open_months(DAY)]
    now, later = (month_curve(model, known, months, elapsed_days=n) for n in (0, 1))
    table = margin_table(model, PATH, DAY, SERIES, fair_marks(model, known, DAY, SERIES), TERMS)
    rows = published(table, 1, SERIES)
    columns, _ = scenarios([Market("H100", 1, model, PATH, now)], TERMS)
    full = np.array([in_full(s, columns, model, now, later, rows) for s in some])
    lots = np.zeros((10_000, len(some)), np.int64)
    for portfolio in lots:
        held = draw.choice(len(some), 14, replace=False)
        portfolio[held] = draw.integers(-900, 901, 14)
    symbols = [s.symbol for s in some]
    portfolios = [{symbols[n]: int(row[n]) for n in np.flatnonzero(row)} for row in lots]
    asked = Nightly(rows).requirements(accounts_of(portfolios, rows))
    losses = lots @ full
    level, twist = (
        losses[:, rows.columns(ScenarioKind.SCAN, g)].max(axis=1).clip(0.0) for g in (1, 2)
    )
    tails = [
        np.array([shortfall_99(one) for one in losses[:, rows.columns(kind)]])
        for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)
    ]
    margin = np.maximum(level + twist, 0.75 * tails[0] + 0.25 * tails[1])
    own = [rows.series[rows.by_symbol[s]] for s in symbols]
    size = np.abs(lots)
    charges = size @ np.array([r.liquidity for r in own])
    charges -= lots @ np.array([r.value for r in own])
    wanted = np.maximum(0.0, margin + charges)
    half_ticks = np.array([0.51 * TICK * rows_hours(s) if s.is_option else 0.0 for s in some])
    tolerance = 2 * (0.51 * size.sum(axis=1) + size @ half_ticks) + 1.0
    assert (np.abs(asked - wanted) <= tolerance).all()
    assert (asked > 0).sum() > 8_000
    assert (level + twist > 0.75 * tails[0] + 0.25 * tails[1]).sum() > 500, "the scan binds"
    assert (level + twist < 0.75 * tails[0] + 0.25 * tails[1]).sum() > 300, "the tails bind"
    assert np.median(wanted / tolerance) > 30, "the comparison is finer than what it compares"


def in_full(series, columns, model, now, later, rows) -> list[float]:
    """Losses of a long lot by column, micro-dollars; a minimum is taken from the table."""
    worth = series_value(series, DAY, now, model.volatility).value
    losses = rows.series[rows.by_symbol[series.symbol]].losses
    found = []
    for number, column in enumerate(columns):
        shift = column.shifts["H100"]
        if shift.minimum is not None:
            found.append(float(losses[number]))
            continue
        moved = value(series, later, shift.log_moves, shift.volatility_factor)
        found.append((worth - moved) * shift.weight * rows_hours(series) * 1e6)
    return found
