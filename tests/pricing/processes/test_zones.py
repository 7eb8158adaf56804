"""Availability of one cloud's spot: made-up bands, zones and openings give back what made them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lasalle.institution.aws_histories import BOUNDS, SNAPSHOTS, aws_rows, bands, gpus, zones
from lasalle.institution.calibration_histories import folder
from lasalle.pricing.processes.zones_fit import (
    Bands,
    Zones,
    bands_told,
    carried_over,
    fit_zones,
    held_out,
)

EDGES = np.array([0.0, 0.05, 0.10, 0.15, 0.20, 1.0])


def made_bands(seed: int, count: int = 1_500) -> Bands:
    """log hazard = -1.5 + 0.8 price - 0.2 doublings + 1.2 normal."""
    law = np.random.default_rng(seed)
    price, size = law.normal(-1.0, 0.4, count), law.choice([0.0, 1.0, 2.0, 3.0], count)
    log = -1.5 + 0.8 * price - 0.2 * size + 1.2 * law.standard_normal(count)
    place = np.searchsorted(EDGES, -np.expm1(-np.exp(log)), side="right") - 1
    place = np.clip(place, 0, 4)
    return Bands(EDGES[place], EDGES[place + 1], price, size, law.integers(0, 30, count) * 1.0)


def made_zones(seed: int, count: int = 2_000) -> Zones:
    """log odds of none = -1 + 0.5 price + 0.4 doublings; opens at e^(-6 - 0.3 doublings) a day."""
    law = np.random.default_rng(seed)
    price, size = law.normal(-1.0, 0.5, count), law.choice([0.0, 2.0, 3.0], count)
    short = law.random(count) < 1.0 / (1.0 + np.exp(1.0 - 0.5 * price - 0.4 * size))
    waits = law.exponential(np.exp(6.0 + 0.3 * size))
    days = np.where(short, np.minimum(waits, 500.0), 0.0)
    opened = (short & (waits < 500.0)).astype(float)
    price[:20] = math.nan
    return Zones(short.astype(float), price, size, days, opened, law.integers(0, 60, count) * 1.0)


def test_what_made_the_rows_is_found_again() -> None:
    told = fit_zones(made_bands(1), made_zones(2), date(2025, 1, 1))
    truth = {
        "taken base": -1.5, "taken price": 0.8, "taken size": -0.2, "taken spread": 1.2,
        "none base": -1.0, "none price": 0.5, "none size": 0.4,
        "opens base": -6.0, "opens size": -0.3,
    }  # fmt: skip
    assert len(told.estimates) == len(truth)
    for one in told.estimates:
        assert abs(one.value - truth[one.name]) < 3.5 * one.robust_error, one.name
        assert 0.0 < one.robust_error < 0.4, one.name
    assert told.process.opening.size == pytest.approx(-0.3, abs=0.15)
    assert told.process.closing.base == pytest.approx(-1.5 - math.log(30.0), abs=0.4)
    assert told.taken(-1.0, 1.0) > told.taken(-1.0, 8.0)


def test_bands_add_up_to_one() -> None:
    at = np.array([-1.0, 0.5, -0.3, math.log(0.9)])
    rows = replace(
        made_bands(3, 5), low=EDGES[:-1], high=EDGES[1:], price=np.full(5, -0.7),
        doublings=np.full(5, 2.0),
    )  # fmt: skip
    assert float(np.exp(bands_told(rows)(at)).sum()) == pytest.approx(1.0, abs=1e-12)
    far = np.array([-60.0, 0.0, 0.0, 0.0])
    assert np.all(np.isfinite(bands_told(rows)(far)) | (rows.low > 0.0))


def test_what_holds_elsewhere_scores_there_and_what_does_not_costs() -> None:
    gain, error = held_out(made_bands(4))
    assert gain > 2.0 * error
    turned = made_bands(5)
    turned = replace(turned, price=-2.0 - turned.price)
    carried, wrong = carried_over(made_bands(4), turned)
    assert carried < gain
    assert wrong > 0.0


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="bands: expected at least 10 rows, found 4"):
        fit_zones(made_bands(1, 4), made_zones(2), date(2025, 1, 1))
    open_ones = replace(made_zones(2), days=np.zeros(2_000))
    with pytest.raises(ValueError, match="days without a price"):
        fit_zones(made_bands(1), open_ones, date(2025, 1, 1))


def test_machines_are_counted_and_bounds_meet() -> None:
    assert [gpus(one) for one in ("p4d.24xlarge", "g5.xlarge", "inf1.xlarge", "nothing")] == [
        8, 1, 0, 0,
    ]  # fmt: skip
    lows, highs = zip(*BOUNDS.values(), strict=True)
    assert lows[1:] == highs[:-1]
    with pytest.raises(ValueError, match="found none"):
        zones(folder(None) / "nowhere")
    assert "left out" in aws_rows(folder(None) / "nowhere")[1]


def test_aws_as_it_is_published() -> None:
    """Size lowers availability in the panel; nothing of price is told by the zones."""
    if not (folder(None) / "gpu_prices/aws_spot_advisor_gpu.csv").is_file():
        pytest.skip("../shared/data is not there")
    panel = zones(None)
    assert (len(panel.short), int(panel.opened.sum())) == (956, 12)
    told = fit_zones(bands(None, SNAPSHOTS[1]), panel, SNAPSHOTS[1])
    named = {one.name: one for one in told.estimates}
    assert named["none size"].value > 2.0 * named["none size"].robust_error
    assert abs(named["none price"].value) < 2.0 * named["none price"].robust_error
    with pytest.raises(ValueError, match="snapshot"):
        bands(None, date(2022, 1, 1))
