"""Index H100-GCP-US-CENTRAL1: published figures of the real history, carried dates, exact averages,
recomputable digests.
"""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from lasalle.contracts import Month
from lasalle.indices import (
    FixingError,
    Observation,
    canonical_inputs,
    fix,
    fixing_history,
    month_average,
    parse_inputs,
    simulated_history,
)
from lasalle.indices.gcp_history import gcp_history

HISTORY = Path(__file__).parents[3] / "shared/data/gpu_prices/gcp_gpu_prices_2022_2026.parquet"


def seen(day: int, price: str, month: int = 1) -> Observation:
    return Observation(date(2026, month, day), "row", Decimal(price))


def test_the_figures_of_the_real_history() -> None:
    """7.74 USD in May 2024, 2.55 from March 2025, 6.33 in July 2026; 127 observed dates."""
    if not HISTORY.exists():
        pytest.skip("the GCP price history is not beside this checkout")
    observations = gcp_history(HISTORY)
    fixings = {f.day: f for f in fixing_history(observations)}
    assert len({o.day for o in observations}) == len(observations) == 127
    assert sum(not f.carried for f in fixings.values()) == 127
    assert len(fixings) == (date(2026, 7, 30) - date(2024, 5, 17)).days + 1
    assert fixings[date(2024, 5, 17)].price_micro_dollars == 7_743_518
    assert fixings[date(2025, 3, 13)].price_micro_dollars == 2_552_879
    assert fixings[date(2025, 3, 12)].price_micro_dollars == 4_424_469
    assert fixings[date(2026, 7, 30)].price_micro_dollars == 6_326_193
    carried = fixings[date(2024, 6, 1)]
    assert carried.carried
    assert carried.evidence_day == date(2024, 5, 30)
    assert not any(f.simulated for f in fixings.values())


def test_a_date_without_evidence_carries_and_is_marked() -> None:
    first, second, third = fixing_history([seen(1, "2.5"), seen(3, "3.0")])
    assert (second.price_micro_dollars, second.carried) == (2_500_000, True)
    assert second.evidence_day == first.day
    assert (third.price_micro_dollars, third.carried) == (3_000_000, False)


@pytest.mark.parametrize(
    ("prices", "fixing"),
    [(["1.0000005"], 1_000_000), (["1.0000015"], 1_000_002), (["1.000000", "1.000001"], 1_000_000)],
)
def test_a_fixing_rounds_half_to_even(prices: list[str], fixing: int) -> None:
    assert fix(date(2026, 1, 1), [seen(1, p) for p in prices], None).price_micro_dollars == fixing


def test_anyone_recomputes_the_digest() -> None:
    fixing = fix(date(2026, 1, 1), [seen(1, "2.552879")], None)
    text = b"H100-GCP-US-CENTRAL1 v1\n2026-01-01|row|2.552879|observed\n"
    assert fixing.input_sha256 == hashlib.sha256(text).hexdigest()


def test_the_first_date_needs_evidence_and_a_price_is_above_zero() -> None:
    with pytest.raises(FixingError, match="observations"):
        fix(date(2026, 1, 1), [], None)
    with pytest.raises(FixingError, match="usd_per_gpu_hour"):
        fix(date(2026, 1, 1), [seen(1, "0")], None)


def test_a_month_average_is_exact_and_complete() -> None:
    fixings = fixing_history([seen(1, "1.000001"), seen(2, "1.000000")], last=date(2026, 1, 31))
    average = month_average(fixings, Month(2026, 1))
    assert average.exact_micro_dollars == Fraction(31_000_001, 31)
    assert (average.price_micro_dollars, average.carried_days) == (1_000_000, 29)
    with pytest.raises(FixingError, match="31 dates"):
        month_average(fixings[:-1], Month(2026, 1))
    with pytest.raises(FixingError, match="31 dates"):
        month_average([*fixings, fixings[0]], Month(2026, 1))


def test_a_simulated_path_is_labelled_and_repeats_from_its_seed() -> None:
    span = (date(2024, 1, 1), date(2025, 1, 1))
    path = simulated_history(7, *span)
    assert path == simulated_history(7, *span) != simulated_history(8, *span)
    fixings = fixing_history(path)
    assert all(f.simulated and f.evidence == ("simulated path",) for f in fixings)
    assert len({f.price_micro_dollars for f in fixings}) > 3


def test_published_inputs_parse_back_and_fix_the_same() -> None:
    found = [seen(1, "2.552879"), Observation(date(2026, 1, 1), "a", Decimal("2.5"), True)]
    text = canonical_inputs(found)
    again = parse_inputs(text)
    assert canonical_inputs(again) == text
    assert fix(date(2026, 1, 1), again, None) == fix(date(2026, 1, 1), found, None)
    for bent in (text[:-1], text + b"\n", text.replace(b"v1", b"v2"), text.replace(b"|", b";")):
        with pytest.raises(FixingError, match="inputs"):
            parse_inputs(bent)
