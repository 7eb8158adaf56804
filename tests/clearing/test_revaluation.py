"""A portfolio margined from the table beside the same portfolio revalued option by option."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest

from lasalle.clearing import Market, ScenarioKind, load_margin_terms, margin_table, scenarios
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
