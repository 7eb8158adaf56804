"""Where a chain's numbers bite: each limit, cap and coefficient on both of its sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from lasalle.indices import ChainMethod, method_of, replay
from lasalle.indices.bundle import day_of
from lasalle.indices.chain import Rung, Status, Step
from lasalle.indices.evidence import PriceType
from lasalle.institution.evidence import MARKET_FILE, chain_evidence
from lasalle.institution.settings import PRICES
from tests.indices.offers import every, lived, method, seen, words

ABCD = ("a", "b", "c", "d")
LAST = date(2026, 7, 30)
"""Last date of the published history."""

COEFFICIENTS = (
    ("H100-SXM = 1_000_000", "H100-SXM = 1_000_000\nH200-SXM = 1_500_000"),
    ("US-WEST = 1_000_000", "US-WEST = 1_200_000"),
    ("\n0 = 1_000_000", "\n0 = 1_000_000\n365 = 700_000"),
    ("\nlist = 1_000_000", "\nlist = 1_600_000"),
)


@pytest.mark.rule("IDX-008")
@pytest.mark.parametrize(
    ("told", "factor"),
    [
        ({"kind": PriceType.EXECUTABLE}, 1.0),
        ({"kind": PriceType.EXECUTABLE, "grade": "H200-SXM"}, 1.5),
        ({"kind": PriceType.EXECUTABLE, "location": "US-WEST"}, 1.2),
        ({"kind": PriceType.EXECUTABLE, "tenor": 365}, 0.7),
        ({}, 1.6),
        ({"grade": "H200-SXM", "location": "US-WEST", "tenor": 365}, 1.5 * 1.2 * 0.7 * 1.6),
    ],
)
def test_each_coefficient_brings_a_price_to_the_base(told: dict, factor: float) -> None:
    rows = [seen(1, o, 3.0 * factor, size=n, **told) for n, o in enumerate("abc", 8)]
    (first,) = lived(rows, method(*COEFFICIENTS))
    assert first.fixing.price == 3_000_000


@pytest.mark.rule("IDX-013")
def test_cover_is_brought_to_the_base_by_grade_and_place_alone() -> None:
    """In a shortage one pays for the tenor one can get, at the price it is listed for."""
    offers = {"kind": PriceType.EXECUTABLE, "source": "aws-panel"}
    none = [replace(r, price=0, price_type=PriceType.SHORTAGE)
            for r in every(range(4, 5), 1.5, *ABCD, **offers)]  # fmt: skip
    rows = every(range(1, 4), 1.5, *ABCD, **offers) + none
    demand = {"source": "aws-panel", "tenor": 1, "location": "US-WEST", "grade": "H200-SXM"}
    rows += every(range(1, 5), 4.5, "od", **demand)
    last = lived(rows, method(*COEFFICIENTS))[-1].fixing
    assert (last.status, last.price) == (Status.SHORTAGE, 2_500_000)


@pytest.mark.rule("IDX-009")
@pytest.mark.parametrize(
    ("apart", "factor", "word"),
    [
        (0.03, 1.20, "counts"),  # beyond the band, within 7.413 deviations of 3 %
        (0.03, 1.35, "held"),
        (0.01, 1.20, "held"),  # 7.413 deviations of 1 % are less than the band, which holds
        (0.01, 1.14, "counts"),
        (0.00, 1.16, "held"),
    ],
)
def test_the_limit_is_the_band_or_the_deviations_whichever_is_wider(
    apart: float, factor: float, word: str
) -> None:
    factors = (1 + apart, 1 - apart, 1 + apart, 1 - apart, 1.0, factor)
    rows = [seen(d, o, 3.0 + n / 100) for d in (1, 2) for n, o in enumerate("abcdef")]
    rows += [
        seen(3, o, (3.0 + n / 100) * f)
        for n, (o, f) in enumerate(zip("abcdef", factors, strict=True))
    ]
    assert words(lived(rows)[-1])["f"] == word


@pytest.mark.rule("IDX-009")
def test_of_two_offers_the_one_that_moves_is_held() -> None:
    """So few have no centre: the others are taken not to move, and a fall is held as a rise is."""
    still = [*every(range(1, 3), 3.0, "a", "b", "c"), seen(3, "a", 3.0)]
    for usd in (2.4, 3.8):
        before, after = lived([*still, seen(3, "b", usd)])[-2:]
        assert after.fixing.price == before.fixing.price
        held = {key.rsplit("|", 1)[1] for key, m in after.state.offers.items() if m.held}
        assert held == {"b"}


@pytest.mark.rule("IDX-010")
def test_a_chain_below_its_level_is_led_up() -> None:
    """Enter dear, fall, leave, and again: the mirror of a ratchet upwards."""
    rows = every(range(1, 120), 3.0, *ABCD)
    falling = [seen(d, f"r{d // 6}", 4.0 * 0.9 ** (d % 6)) for d in range(1, 120)]
    free = method(("step_ppm = 30_000", "step_ppm = 0"))
    held = [s.fixing.price / 1e6 for s in lived(rows + falling)]
    unheld = [s.fixing.price / 1e6 for s in lived(rows + falling, free)]
    assert unheld[-1] < 1.5
    assert min(held) > 3.0 / (1.15 * 1.03)


def dearer(method_version: int) -> list[Step]:
    """Four cheap offers; five that cost a tenth more enter on day 20, and on day 40 the cheap ones
    leave."""
    by = method_of("H100-US", method_version)
    assert isinstance(by, ChainMethod)
    old = every(range(1, 40), 3.0, *ABCD)
    return lived(old + every(range(20, 120), 3.3, *(f"new-{n}" for n in range(5))), by)


@pytest.mark.rule("IDX-019")
def test_a_chain_outside_every_price_is_led_back_to_the_nearest_and_marked() -> None:
    """Nothing moves, so matched offers leave the chain where the cheap ones had it: below all that
    is left, and within the corridor."""
    before = [s.fixing for s in dearer(2)]
    assert {f.price for f in before} == {before[0].price}
    assert before[-1].price < 3_300_000
    assert not any(f.marks == ("anchored",) for f in before)
    steps = dearer(3)
    after = [s.fixing for s in steps]
    assert {f.price for f in after[:39]} == {before[0].price}, "while cheap ones stand it is inside"
    led = [f for f in after if f.marks == ("anchored",)]
    assert len(led) == 3
    rises = [b.price / a.price for a, b in pairwise([after[38], *led])]
    assert max(rises) < 1.03 + 1e-6, "a step a date"
    assert {f.price for f in after[42:]} == {led[-1].price}, "within the tolerance it stands"
    assert 3_300_000 / 1.005 <= led[-1].price <= 3_300_000
    assert {f.marks for f in after[42:]} == {()}


@pytest.mark.rule("IDX-019")
def test_on_the_published_history_no_plain_fixing_lies_outside_its_prices() -> None:
    if not (PRICES / "gpu_prices" / MARKET_FILE).exists():
        pytest.skip("no price history at hand")
    outside, told = {}, {}
    for version in (2, 3, 4):
        by = method_of("H100-US", version)
        assert isinstance(by, ChainMethod)
        book = chain_evidence(PRICES, by, date(2023, 7, 1), LAST).book
        prices = {
            e.day: [q.price for q in e.quotes if q.offer.main] for e in book.dates(by)
        }  # fmt: skip
        plain = [
            s.fixing
            for s in replay(by, book, day_of(LAST))
            if s.fixing.rung is Rung.LIST and s.fixing.level and not s.fixing.marks
        ]
        assert len(plain) > 100
        told[version] = {f.day: f.price for f in plain}
        outside[version] = [
            f for f in plain
            if not min(prices[f.day]) / 1.00501 <= f.price <= max(prices[f.day]) * 1.00501
        ]  # fmt: skip
    assert len(outside[2]) > 80
    assert outside[3] == outside[4] == []
    day = day_of(date(2026, 3, 12))
    assert told[2][day] == 2_514_813, "below all five"
    assert 2_549_428 <= told[3][day] <= 3_377_293


@pytest.mark.rule("IDX-011")
@pytest.mark.rule("IDX-013")
def test_an_offer_that_says_it_has_none_does_not_stand_for_the_date() -> None:
    offers = {"kind": PriceType.EXECUTABLE, "source": "aws-panel"}
    rows = [*every(range(1, 4), 1.5, *ABCD, **offers), seen(4, "d", 1.53, **offers)]
    silent = lived(rows)[-1].fixing
    assert (silent.status, silent.rung, silent.offers) == (Status.FIXED, Rung.WIDER, 4)
    none = [
        replace(r, price=0, price_type=PriceType.SHORTAGE)
        for r in every(range(4, 5), 1.5, "a", "b", "c", **offers)
    ]
    told = lived(rows + none)[-1].fixing
    assert (told.status, told.price, told.reason) == (Status.NO_FIX, 0, "evidence")


@pytest.mark.rule("IDX-004")
@pytest.mark.parametrize(
    ("sizes", "usd"),
    [
        ((1, 1, 9), 4.0),  # nine accelerators of eleven were dealt at 4.00
        ((9, 1, 1), 2.0),
        ((1, 1, 1), 3.0),
        ((2**62, 2**62, 2**62), 3.0),  # no size is believed that would not add up
    ],
)
def test_a_trade_weighs_as_its_size(sizes: tuple[int, ...], usd: float) -> None:
    trades = [
        seen(1, "x", price, kind=PriceType.EXECUTED, size=size, reference=f"t{price}")
        for price, size in zip((2.0, 3.0, 4.0), sizes, strict=True)
    ]
    (verdict,) = lived(trades)[0].verdicts
    assert verdict.price == round(usd * 1e6)


def test_what_was_made_up_is_told_of_every_fixing_after_it() -> None:
    rows = every(range(1, 5), 3.0, *ABCD)
    assert not any(s.fixing.simulated for s in lived(rows))
    rows[5] = replace(rows[5], simulated=True)
    assert [s.fixing.simulated for s in lived(rows)] == [False, True, True, True]
