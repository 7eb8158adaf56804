"""Derived indices: each by hand, anew from its own lines, and on the real data."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
import pytest

from lasalle.contracts.conversion import load_conversion
from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType
from lasalle.indices.family import (
    Derived,
    DerivedError,
    Leg,
    availability,
    compute_per_token,
    difference,
    lead_time,
    published_methods,
    ratio,
    realised_volatility,
    recompute,
    throughput_on,
)
from lasalle.indices.family.availability import requests_of
from lasalle.indices.family.compute_per_token import throughputs
from lasalle.indices.family.derived import derive, half_even, publish
from lasalle.indices.family.listed import family_table
from lasalle.institution.sources import file_sources

DATA = Path(__file__).parents[3] / "shared/data"
ALWAYS = (0, 1 << 62)
DAY = 86_400 * 10**9


def same_anew(found: Derived) -> Derived:
    """The index, once it has been made anew from its own lines."""
    assert recompute(found.inputs) == found
    return found


def history(name: str) -> arrow.Table:
    source = next(known for known in file_sources(DATA) if known.name == name)
    if not source.path.exists():
        pytest.skip(f"{source.path.name} is not beside this checkout")
    return source.read(*ALWAYS)


# -- what all have in common ---------------------------------------------------------------------


def test_lines_that_were_bent_are_refused_or_give_another_index() -> None:
    found = difference("A", 20260312, Leg("x", 7, "fixed"), Leg("y", 5, "fixed"))
    assert found.inputs == b"A|difference v1|20260312|observed\nx|7|fixed\ny|5|fixed\n"
    assert same_anew(found).value == 2
    other = recompute(found.inputs.replace(b"|7|", b"|8|"))
    assert (other.value, other.input_sha256 == found.input_sha256) == (3, False)
    for bent, field in (
        (found.inputs[:-1], "inputs"),
        (found.inputs + b"z|1|fixed\n", "inputs"),
        (found.inputs.replace(b"difference v1", b"difference v9"), "method"),
        (found.inputs.replace(b"difference v1", b"difference"), "inputs"),
        (found.inputs.replace(b"|7|", b"|07|"), "price"),
        (found.inputs.replace(b"|7|", b"|7.0|"), "price"),
        (found.inputs.replace(b"|7|", b"|-7|"), "price"),
        (found.inputs.replace(b"|7|", b"|0|"), "price"),
        (found.inputs.replace(b"x|7|fixed", b"x|7|settled"), "status"),
        (found.inputs.replace(b"x|7|fixed\n", b""), "inputs"),
        (b"\xff", "inputs"),
        (b"A|realised-volatility v1|1\n30\n" + b"9" * 40 + b"|5|fixed\n", "day"),
        (b"A|lead-time v1|1\n" + b"9" * 40 + b"|1\n", "day"),
        (found.inputs.replace(b"|7|", b"|" + b"7" * 5_000 + b"|"), "price"),
    ):
        with pytest.raises(DerivedError, match=field):
            recompute(bent)


def test_a_method_is_published_once() -> None:
    names = {(method.name, method.version) for method in published_methods()}
    assert {name for name, _ in names} == {
        "availability",
        "compute-per-token",
        "difference",
        "implied-volatility-30",
        "lead-time",
        "ratio",
        "realised-volatility",
    }
    with pytest.raises(ValueError, match="published already"):
        publish("difference", 1, "micro-dollars")(published_methods()[0].compute)
    with pytest.raises(DerivedError, match="ASCII"):
        derive(published_methods()[0], "A", 20260312, ["8", "Zürich"])


def test_halves_go_to_the_even_number() -> None:
    assert [half_even(n, 2) for n in (-3, -1, 1, 3, 5)] == [-2, 0, 0, 2, 2]
    assert [half_even(n, 3) for n in (-2, -1, 1, 2)] == [-1, 0, 0, 1]


# -- differentials -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["carried", "shortage", "no-fix"])
def test_what_is_not_a_plain_fixing_of_the_date_is_not_differenced(status: str) -> None:
    odd = Leg("H100-US-1Y", 0 if status == "no-fix" else 2_000_000, status)
    for found in (
        difference("A", 20260312, Leg("H100-US", 3_000_000, "fixed"), odd),
        ratio("A", 20260312, odd, Leg("H100-US", 3_000_000, "fixed")),
    ):
        assert same_anew(found).value is None
        assert found.reason == f"H100-US-1Y is {status}"


def test_tenors_of_gcp_stand_in_the_ratios_of_its_list() -> None:
    """On demand over one year over three, us-central1, from the real history."""
    table = history("gcp-history")
    noon = (date(2026, 7, 30) - date(1970, 1, 1)).days * DAY + DAY // 2
    of_day = table.filter(compute.equal(table["time"], noon))
    legs = {}
    for word in ("spot", "on-demand", "1y", "3y"):
        offer = f"gcp/us-central1/a3-highgpu-8g/{word}"
        (price,) = of_day.filter(compute.equal(of_day["offer"], offer))["price"].to_pylist()
        legs[word] = Leg(f"H100-US-{word}", price, "fixed")
    order = [legs[word].price for word in ("on-demand", "1y", "3y")]
    assert order == sorted(order, reverse=True)
    year = same_anew(ratio("H100-US-OD-1Y", 20260730, legs["on-demand"], legs["1y"]))
    assert year.value == half_even(order[0] * 1_000_000, order[1])
    spot = same_anew(difference("H100-US-1Y-SPOT", 20260730, legs["1y"], legs["spot"]))
    assert spot.value == legs["1y"].price - legs["spot"].price


# -- compute per token ---------------------------------------------------------------------------


def test_compute_per_token_is_the_cheapest_grade() -> None:
    fixings = [
        ("H100-SXM", Leg("H100-US", 2_500_000, "fixed")),
        ("B200-SXM", Leg("B200-US", 5_000_000, "fixed")),
        ("A100-80-SXM", Leg("A100-80-US", 1_000_000, "fixed")),
    ]
    found = same_anew(compute_per_token("T-STANDARD-COMPUTE", 20260312, "T-STANDARD", fixings))
    # 5 USD / (12,397.099 tokens/s x 3600 s) = 0.112033 USD per million; H100 0.181794.
    assert found.value == 112_033
    assert found.detail == "B200-SXM"
    assert b"A100" not in found.inputs, "no round has it"
    short = [fixings[0], ("B200-SXM", Leg("B200-US", 9_000_000, "shortage"))]
    found = same_anew(compute_per_token("T", 20260312, "T-STANDARD", short))
    assert (found.value, found.detail) == (181_794, "H100-SXM; B200-SXM is shortage")
    assert same_anew(compute_per_token("T", 20240101, "T-STANDARD", fixings)).value is None


def test_a_round_counts_from_the_day_it_was_published() -> None:
    assert throughput_on(20250908, "T-STANDARD")["H100-SXM"].round == "v4.1"
    assert throughput_on(20250909, "T-STANDARD")["H100-SXM"].round == "v5.1"
    later = throughput_on(20260401, "T-STANDARD")
    assert (later["H100-SXM"].round, later["B200-SXM"].round) == ("v5.1", "v6.0")


def test_every_round_of_the_conversion_table_has_its_day() -> None:
    conversion, benchmarks = load_conversion(), family_table()["benchmarks"]
    assert list(benchmarks["in_force"]) == list(conversion.rounds)
    rows = [row for _, row in throughputs()]
    assert len(rows) == 15
    for row in rows:
        cell = (benchmarks["benchmark"], benchmarks["scenarios"][row.token_class], row.grade)
        exact = conversion.levels[row.round][cell].tokens_per_second
        assert abs(row.milli_tokens - exact * 1_000) <= Fraction(1, 2)


# -- realised volatility -------------------------------------------------------------------------


def days(last: date, count: int) -> list[int]:
    return [int((last - timedelta(days=n)).strftime("%Y%m%d")) for n in range(count)][::-1]


def test_realised_volatility_by_hand() -> None:
    last = date(2026, 3, 12)
    up = [round(2_000_000 * math.exp(0.02 * (n % 2))) for n in range(31)]
    rows = [(day, price, "fixed") for day, price in zip(days(last, 31), up, strict=True)]
    found = same_anew(realised_volatility("V", rows))
    # Thirty moves of two per cent: 0.02 x root 365 = 38.21 % a year.
    assert found.value == round(0.02 * math.sqrt(365) * 10_000)
    assert (found.day, found.detail) == (20260312, "30 moves over 30 days")
    weekly = [row if n % 7 == 2 else (row[0], 0, "no-fix") for n, row in enumerate(rows)]
    found = same_anew(realised_volatility("V", weekly))
    # Weeks apart the walk is up, down, up, down: four moves of two per cent over 28 days.
    assert found.value == round(0.02 * math.sqrt(365 * 4 / 28) * 10_000)
    assert found.detail == "4 moves over 28 days"


def test_no_arithmetic_of_the_caller_reaches_a_volatility() -> None:
    rows = [(20260101 + n, 2_000_000 + 37_337 * (n % 5), "fixed") for n in range(28)]
    with localcontext(prec=3):
        narrow = realised_volatility("I", rows)
    assert narrow.value == realised_volatility("I", rows).value


def test_realised_volatility_leaves_out_what_is_no_fixing_of_the_thing() -> None:
    last = date(2026, 3, 12)
    flat = [(day, 2_000_000, "fixed") for day in days(last, 31)]
    flat[10] = (flat[10][0], 9_000_000, "shortage")
    flat[11] = (flat[11][0], 9_000_000, "carried")
    flat[12] = (flat[12][0], 0, "no-fix")
    assert same_anew(realised_volatility("V", flat)).value == 0
    thin = [row if n % 10 == 0 else (row[0], 0, "no-fix") for n, row in enumerate(flat)]
    found = same_anew(realised_volatility("V", thin))
    assert found.value is None
    assert "of 30 days" in found.reason
    with pytest.raises(DerivedError, match="none missing"):
        realised_volatility("V", flat[:5] + flat[6:])


def test_realised_volatility_finds_the_volatility_of_a_made_walk() -> None:
    """A walk of 60 % a year over 2,000 days: within four standard errors, 60 x 4 / root 4000."""
    moves = np.random.default_rng(7).normal(0.0, 0.6 / math.sqrt(365), 2_000)
    prices = np.rint(2_500_000 * np.exp(np.cumsum(moves))).astype(int).tolist()
    rows = [
        (day, price, "fixed")
        for day, price in zip(days(date(2026, 3, 12), 2_000), prices, strict=True)
    ]
    found = same_anew(realised_volatility("V", rows, window=1_999))
    assert found.value is not None
    assert abs(found.value - 6_000) < 6_000 * 4 / math.sqrt(4_000)


# -- availability --------------------------------------------------------------------------------


def evidence(*rows: tuple[int, str, int]) -> arrow.Table:
    """Rows of a market: hours since the first of March, offer, accelerators; 0 is a shortage."""
    start = (date(2026, 3, 1) - date(1970, 1, 1)).days * DAY
    common: dict[str, Any] = {
        "unit": 1,
        "grade": "H100-SXM",
        "location": "US-EAST",
        "tenor_days": 0,
        "reference": "made up",
        "simulated": True,
    }
    told = [
        common
        | {
            "source": offer.split("/")[0],
            "time": start + hour * DAY // 24,
            "size": size,
            "price_type": int(PriceType.EXECUTABLE if size else PriceType.SHORTAGE),
            "price": 2_000_000 if size else 0,
            "offer": offer,
        }
        for hour, offer, size in rows
    ]
    return arrow.Table.from_pylist(told, schema=EVIDENCE_SCHEMA)


def test_availability_by_hand() -> None:
    table = evidence(
        (2, "aws/a", 8), (2, "aws/b", 0), (2, "aws/c", 8), (14, "aws/a", 0), (14, "aws/b", 16)
    )
    eight = same_anew(availability("A", table, date(2026, 3, 1), "H100-SXM", 8))
    # Offer c is not seen at 14:00: it was there and is gone, so it cannot be had.
    assert (eight.value, eight.detail) == (5_000, "aws 3 of 6")
    sixteen = same_anew(availability("A", table, date(2026, 3, 1), "H100-SXM", 16))
    assert sixteen.value == 1_667
    assert same_anew(availability("A", table, date(2026, 3, 1), "H200-SXM", 8)).value is None
    assert availability("A", table, date(2026, 3, 1), "H100-SXM", 8, "APAC").value is None
    assert availability("A", table, date(2026, 3, 2), "H100-SXM", 8).reason


def test_a_source_with_many_instants_weighs_as_much_as_one_with_few() -> None:
    many = [(hour, "prime/x", 8) for hour in range(24)]
    found = same_anew(
        availability("A", evidence((12, "aws/a", 0), *many), date(2026, 3, 1), "H100-SXM", 8)
    )
    assert found.value == 5_000


def test_an_offer_gone_for_a_week_is_asked_no_more() -> None:
    table = evidence((1, "x/a", 8), *((24 * day + 1, "x/b", 8) for day in range(9)))
    shares = [
        availability("A", table, date(2026, 3, 1 + day), "H100-SXM", 8).value for day in range(9)
    ]
    assert shares == [10_000, *[5_000] * 6, 10_000, 10_000]


def test_lead_time_by_hand() -> None:
    table = evidence((1, "a/x", 8), (25, "a/x", 0), (49, "a/x", 0), (73, "a/x", 8), (97, "a/x", 0))
    found = same_anew(lead_time("L", table, date(2026, 3, 5), "H100-SXM", 8))
    # Waits of the five dates: 0, 2, 1, 0 and one that still waits.
    assert (found.value, found.detail) == (80, "1 of 5 still waiting")
    assert same_anew(lead_time("L", table, date(2026, 3, 5), "H100-SXM", 16)).value == 300
    assert same_anew(lead_time("L", table, date(2026, 2, 1), "H100-SXM", 8)).value is None


def test_the_shortages_of_the_aws_panel_are_heard() -> None:
    """H100 by spot in three places on 2024-06-13, and A100-80 that is never to be had."""
    table = history("aws-panel")
    day = date(2024, 6, 13)
    east = same_anew(availability("A", table, day, "H100-SXM", 8, "US-EAST"))
    assert (east.value, east.detail) == (6_667, "aws-panel 2 of 3")
    assert availability("A", table, day, "H100-SXM", 8, "US-WEST").value == 10_000
    assert availability("A", table, day, "H100-SXM", 8, "EU-NORTH").value == 0
    assert availability("A", table, day, "A100-80-SXM", 8).value == 0
    assert availability("A", table, day, "H100-SXM", 9, "US-WEST").value == 0, "one node is eight"
    north = same_anew(lead_time("L", table, day, "H100-SXM", 8, "EU-NORTH"))
    assert (north.value, north.detail) == (1_550, "30 of 30 still waiting")
    assert lead_time("L", table, day, "H100-SXM", 8, "US-WEST").value == 0
    requests = requests_of(table, day, "H100-SXM", "US-EAST", 0)
    assert {offer for _, _, offer, size in requests if not size} == {
        "aws/use2-az1/p5.48xlarge/spot"
    }


def test_what_leaves_the_prime_record_is_missed() -> None:
    table = history("prime-history")
    shares = {
        grade: same_anew(availability("A", table, date(2025, 11, 10), grade, 1, tenor_days=1)).value
        for grade in ("H100-SXM", "H200-SXM", "B200-SXM", "A100-80-SXM")
    }
    assert all(share is not None and 5_000 < share < 10_000 for share in shares.values()), shares
    assert availability("A", table, date(2025, 11, 10), "H100-SXM", 8, tenor_days=1).value == 0, (
        "the record says of one accelerator that it could be had, and of no more"
    )
