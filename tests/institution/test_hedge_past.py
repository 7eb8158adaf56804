"""What scenarios are fitted on: files before the day, none later, or fixings of a served house."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lasalle.hedging.plan.need import read_need
from lasalle.indices import fixing_history, simulated_history
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.hedge_past import folder_past, served_past
from lasalle.institution.settings import PRICES
from tests.institution.hedge_needs import DAY, NEED
from tests.institution.test_hedge_served import DAY as HOUSE_DAY
from tests.institution.test_hedge_served import House, believed

OTHERS = """[[substitutes]]
grade = "H100"
location = "EU"
hours = 1.0
price_ratio = 1.05
[[substitutes]]
grade = "Z9"
hours = 2.0
price_ratio = 0.5
"""
BOOTSTRAP = 'scenarios = "bootstrap"\n' + NEED


def test_a_folder_tells_what_it_had_before_the_day(tmp_path: Path) -> None:
    """The grade's own observed fixings before the day; nothing for two-factor scenarios."""
    last = date(2025, 6, 30)
    fixings = list(fixing_history(simulated_history(7, date(2024, 1, 1), last), last))
    assert folder_past(read_need(NEED, "n"), DAY, fixings, tmp_path) is None
    past = folder_past(read_need(BOOTSTRAP + OTHERS, "n"), DAY, fixings, tmp_path)
    assert past is not None
    assert past.table.columns == (("H100", "US"),)
    known = {one.day: one.price_micro_dollars / 1e6
             for one in fixings if not one.carried and one.day < DAY}  # fmt: skip
    assert len(known) > 50
    assert past.table.dates == tuple(known)
    assert past.table.prices[:, 0].tolist() == list(known.values())
    assert past.availability is None
    assert past.generation is None


@pytest.mark.skipif(
    not (PRICES / "gpu_prices" / MARKET_FILE).is_file(), reason="no price history is at hand"
)
def test_lists_of_other_places_stand_on_the_same_dates() -> None:
    """Columns of the lists at hand, none of the day or after it, gaps as gaps."""
    last = date(2026, 3, 1)
    fixings = list(fixing_history(simulated_history(7, date(2024, 1, 1), last), last))
    europe = OTHERS[: OTHERS.index("[[", 2)]
    past = folder_past(read_need(BOOTSTRAP + europe, "n"), last, fixings, PRICES)
    assert past is not None
    assert past.table.columns == (("H100", "US"), ("H100", "EU"))
    assert past.table.dates[-1] < last
    assert 0 < np.isnan(past.table.prices[:, 1]).sum() < len(past.table.dates)
    assert len(past.table.weekly_moves()) > 50


def test_a_served_house_tells_its_fixings_by_week() -> None:
    """Before the day, of the index of the need; a grade it has no index of has no column."""
    house = House(believed())
    need = read_need(BOOTSTRAP + OTHERS, "n")
    past = served_past(house.ask, need, HOUSE_DAY)
    assert past is not None
    assert past.table.columns == (("H100", "US"),)
    assert past.table.dates[-1] == HOUSE_DAY - timedelta(days=1)
    assert set(np.diff([day.toordinal() for day in past.table.dates])) == {7}
    assert served_past(house.ask, read_need(NEED, "n"), HOUSE_DAY) is None
    with pytest.raises(ValueError, match="expected fixings of H100 before 2026-01-01, found none"):
        served_past(house.ask, need, date(2026, 1, 1))
