"""A series in words: what its price is for, what one lot is, how it settles."""

from __future__ import annotations

import pytest

from lasalle.gateway.instruments import said_of
from lasalle.indices import method_of
from lasalle.wire import SeriesKind

MONTH = "cash, against the average of the index over the delivery month"


@pytest.mark.parametrize(
    ("symbol", "index", "unit", "lot", "settlement"),
    [
        ("H100-2026-03", "H100-US", "GPU-hour", "one accelerator for every", MONTH),
        ("TSTD-2026-03", "T-STANDARD", "million tokens", "one million tokens an hour", MONTH),
        ("H100-2026Q2", "H100-US", "GPU-hour", "one accelerator for", MONTH[:-5] + "quarter"),
        (
            "H100.W-2026W12-1.500_3.500", "H100-US", "GPU-hour", "one accelerator for every",
            "cash, against the week's average of the index, from 1.500000 to 3.500000 USD",
        ),
        (
            "A100.GH100-2026-06", "A100-US", "GPU-hour", "one accelerator for every",
            "cash, against 50.000000 USD plus the month's average of A100-US less H100-US",
        ),
        (
            "H100.LEN-2026-06", "H100-EU-NORTH", "GPU-hour", "one accelerator for every",
            "cash, against 50.000000 USD plus the month's average of H100-EU-NORTH less H100-US",
        ),
        (
            "H100.V-2026-06", "H100-US", "variance unit", "1,000 variance units: one USD",
            "cash, against the realised variance of the index over the month",
        ),
        ("TEST", "H100-US", "GPU-hour", "one accelerator for every", MONTH),
    ],
)  # fmt: skip
def test_a_series_says_what_it_is(symbol, index, unit, lot, settlement) -> None:
    said = said_of(method_of(index).number, symbol, SeriesKind.FUTURE)
    assert said.index_name == index
    assert said.index_unit in ("GPU-hour", "million tokens")
    assert said.unit == unit
    assert said.lot.startswith(lot)
    assert said.settlement == settlement
