"""The published forward curve reprices what agrees, names what does not, and comes back bit for
bit."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from benches import curve as bench
from lasalle.contracts import Month
from lasalle.indices.curve import (
    Curve,
    CurveError,
    CurveInput,
    CurveMonth,
    CurveTerms,
    Place,
    Repriced,
    Standing,
    basis_input,
    parse_curve_inputs,
    reserved_input,
)
from lasalle.indices.curve_fit import build_curve, least_squares_within, recompute_curve

FIRST, DAY = Month(2026, 11), date(2026, 11, 27)
TERMS = CurveTerms(FIRST, 24)


def quote(
    name: str, at: int, months: int, price: int, half: int = 10_000, tick: int = 1_000
) -> CurveInput:
    """An executable price for months of the strip, counted from its first."""
    first, bid = FIRST.plus(at), max(0, price - half)
    last = first.plus(months - 1)
    return CurveInput(name, Standing.EXECUTABLE, first, last, bid, price, price + half, tick)


def curve(inputs: list[CurveInput], terms: CurveTerms = TERMS) -> Curve:
    return build_curve("H100-US", DAY, terms, inputs)


def consistent(seed: int) -> tuple[CurveTerms, list[CurveInput], bool]:
    """(terms, inputs that one curve reprices, whether any overlap): seeded, any strip."""
    draw = random.Random(seed)
    months = draw.choice((6, 12, 24, 36, 60))
    level, truth = draw.choice((50_000.0, 2_500_000.0, 9_000_000.0)), {}
    for n in range(months):
        level *= 1.0 + draw.gauss(0.0, 0.05)
        truth[FIRST.plus(n)] = max(1_000, round(level))
    inputs, covered = [], [0] * months
    for n in range(draw.randint(1, 40)):
        length = min(draw.choice((1, 1, 1, 2, 3, 3, 6, 12, 36)), months)
        at = draw.randint(0, months - length)
        exact = quote(f"I{n}", at, length, 1).average(truth)
        wrong = draw.uniform(-45, 45) if draw.random() < 0.3 else 0.0
        inputs.append(quote(f"I{n}", at, length, max(1, round(exact + wrong)), 2_000))
        for k in range(at, at + length):
            covered[k] += 1
    return CurveTerms(FIRST, months), inputs, max(covered) > 1


def test_consistent_prices_are_repriced_to_a_tenth_of_a_tick() -> None:
    overlapping = inputs = longest = 0
    for seed in range(200):
        terms, asked, overlap = consistent(seed)
        made = curve(asked, terms)
        for one in asked:
            off = one.average(made.forward) - one.price
            assert abs(off) * 10 <= one.tick, (seed, one, float(off))
        assert all(r.held is Repriced.EXACT for r in made.repricings)
        assert min(made.forward.values()) >= 0
        assert all(row.low <= row.forward <= row.high for row in made.months)
        overlapping += overlap
        inputs += len(asked)
        longest += terms.months == 60
    assert (overlapping >= 120, inputs >= 3_000, longest >= 20) == (True, True, True)


def test_an_inconsistent_price_is_named_with_what_stands_against_it_and_by_how_much() -> None:
    named = 0
    for seed in range(60):
        draw = random.Random(seed)
        months = [quote(f"M{n:02d}", n, 1, 4_000_000 + 20_000 * n) for n in range(24)]
        start = draw.randrange(0, 21)
        fair = 4_000_000 + 20_000 * (start + 1)
        wrong = draw.choice((-1, 1)) * draw.randint(60_000, 1_500_000)
        made = curve([*months, quote("quarter", start, 3, fair + wrong, 15_000)])
        (found,) = made.inconsistent
        assert found.input.name == "quarter"
        assert set(found.against) == {f"M{n:02d}" for n in range(start, start + 3)}
        exact = found.input.average(made.forward)
        edge = found.input.ask if wrong < 0 else found.input.bid
        assert found.beyond == round(exact - edge)
        assert (found.beyond > 0) == (wrong < 0)
        assert f"{abs(found.beyond) / 1e6:.6f}" in found.said()
        # What it contradicts is repriced as if it were not there.
        assert all(r.held is Repriced.EXACT for r in made.repricings if r is not found)
        named += 1
    assert named == 60


def test_a_wild_month_is_named_and_not_the_quarter_it_contradicts() -> None:
    named = 0
    for seed in range(40):
        draw = random.Random(seed)
        inputs = [quote(f"M{n:02d}", n, 1, 4_000_000 + 15_000 * n) for n in range(12)]
        inputs += [quote(f"Q{n}", n, 3, 4_000_000 + 15_000 * (n + 1), 15_000) for n in (0, 3, 6, 9)]
        wild = draw.randrange(12)
        factor = draw.choice((0.01, 0.5, 2, 100))
        inputs[wild] = quote(f"M{wild:02d}", wild, 1, round(inputs[wild].price * factor))
        made = curve(inputs, CurveTerms(FIRST, 18))
        (found,) = made.inconsistent
        assert found.input.name == f"M{wild:02d}"
        assert f"Q{wild // 3 * 3}" in found.against
        right = 4_000_000 + 15_000 * wild
        assert abs(made.forward[FIRST.plus(wild)] - right) < 30_000
        assert max(made.forward.values()) < 4_300_000, "nothing beyond follows the wild price"
        named += 1
    assert named == 40


def test_the_weaker_standing_gives_way() -> None:
    months = [replace(quote(f"M{n}", n, 1, 4_000_000), standing=Standing.MARK) for n in range(3)]
    traded = replace(quote("quarter", 0, 3, 5_000_000), standing=Standing.EXECUTED)
    made = curve([*months, traded], CurveTerms(FIRST, 3))
    assert {r.input.name for r in made.inconsistent} == {"M0", "M1", "M2"} - {
        r.input.name for r in made.repricings if r.held is not Repriced.INCONSISTENT
    }
    assert made.inconsistent
    assert next(r for r in made.repricings if r.input.name == "quarter").held is Repriced.EXACT


def test_prices_that_disagree_inside_bid_and_ask_stay_inside() -> None:
    """Three months at 4.00 and their quarter at 4.03: nobody is wrong, and each is inside."""
    months = [quote(f"M{n}", n, 1, 4_000_000, 20_000) for n in range(3)]
    made = curve([*months, quote("quarter", 0, 3, 4_030_000, 20_000)], CurveTerms(FIRST, 3))
    assert not made.inconsistent
    assert {r.held for r in made.repricings} == {Repriced.EXACT, Repriced.INSIDE}
    for one in made.repricings:
        assert one.input.bid <= one.average <= one.input.ask, one.said()


def test_a_month_with_a_price_of_its_own_stands_at_it_to_the_micro_dollar() -> None:
    prices = [4_000_000 + 7_001 * n * n - 31_337 * (n % 3) for n in range(12)]
    made = curve([quote(f"M{n}", n, 1, price) for n, price in enumerate(prices)])
    assert [row.forward for row in made.months[:12]] == prices


def test_what_is_off_by_more_than_a_tenth_of_a_tick_is_not_called_exact() -> None:
    """Three months and a quarter that disagree by six tenths of a tick."""
    made = curve([*(quote(f"M{n}", n, 1, 4_000_000) for n in range(3)),
                  quote("Q", 0, 3, 4_000_600)])  # fmt: skip
    off = {one.input.name: abs(one.average - one.input.price) for one in made.repricings}
    assert 100 < max(off.values()) <= 600
    for one in made.repricings:
        held = Repriced.EXACT if off[one.input.name] <= 100 else Repriced.INSIDE
        assert one.held is held


def test_a_basis_is_a_price_beside_another_curve() -> None:
    other = {FIRST.plus(n): 3_000_000 + n for n in range(24)}
    one = basis_input(
        "EU less US", Standing.EXECUTABLE, (FIRST, FIRST.plus(2)), (-200_000, -150_000, -100_000),
        1_000, other,
    )  # fmt: skip
    average = round(one.average(other))
    assert (one.bid, one.price, one.ask) == (
        average - 200_000,
        average - 150_000,
        average - 100_000,
    )
    with pytest.raises(CurveError, match="expected a price for 2028-11"):
        basis_input("x", Standing.MARK, (FIRST, FIRST.plus(24)), (1, 2, 3), 1_000, other)


def test_a_commitment_bounds_the_curve_and_gives_way_to_quotes() -> None:
    terms = CurveTerms(FIRST, 36)
    quotes = [quote(f"M{n}", n, 1, 4_000_000) for n in range(12)]
    far = reserved_input("3-year commitment", FIRST, 36, 8_000_000)
    assert (far.bid, far.price, far.ask) == (4_000_000, 0, 12_000_000)
    held = curve([*quotes, far], terms)
    assert not held.inconsistent
    free = curve(quotes, terms)
    assert free.months[-1].forward == 4_000_000
    above = curve([*quotes, replace(far, bid=5_000_000)], terms)
    assert above.months[-1].forward > 5_000_000
    near = reserved_input("1-year commitment", FIRST, 12, 9_000_000)
    (found,) = curve([*quotes, near], terms).inconsistent
    assert found.input.name == "1-year commitment"
    assert found.beyond == -500_000


def test_no_forward_is_negative() -> None:
    falling = [quote("a", 0, 1, 500_000), quote("b", 1, 1, 250_000), quote("c", 2, 1, 10_000)]
    made = curve(falling)
    assert min(made.forward.values()) >= 0
    assert min(row.low for row in made.months) == 0


def test_a_straight_line_comes_back_as_itself() -> None:
    """The smoothest curve through quarters of a straight line of equal months is the line."""
    terms = CurveTerms(FIRST, 24, flatness=1)
    line = {FIRST.plus(n): 4_000_000 + 30_000 * n for n in range(24)}
    made = curve(
        [quote(f"Q{n}", n, 3, round(quote("p", n, 3, 1).average(line))) for n in range(0, 24, 3)],
        terms,
    )
    assert max(abs(made.forward[m] - line[m]) for m in line) < 200


def test_it_is_smoother_than_any_other_curve_that_holds_the_same_prices() -> None:
    draw, inputs = random.Random(3), [quote(f"Q{n}", n, 3, 4_000_000 + 9_000 * n * n) for n in
                                      range(0, 12, 3)]  # fmt: skip
    made = curve(inputs, CurveTerms(FIRST, 12))

    def roughness(months: list[float]) -> float:
        one, two = np.diff(months), np.diff(months, 2)
        return float(np.sum(two**2) + 0.01 * np.sum(one**2))

    best = [float(row.forward) for row in made.months]
    tried = 0
    for _ in range(200):
        other = list(best)
        for one in inputs:  # shifts that keep each average
            at = one.first.minus(FIRST)
            days = [month.days for month in one.months]
            up, down = draw.sample(range(3), 2)
            shift = draw.uniform(-50_000, 50_000)
            other[at + up] += shift
            other[at + down] -= shift * days[up] / days[down]
        assert roughness(other) > roughness(best) * (1 - 1e-6)
        tried += 1
    assert tried == 200


def test_the_band_comes_from_bid_and_ask_and_widens_beyond_the_last_price() -> None:
    tight = [quote(f"M{n}", n, 1, 4_000_000, 10_000) for n in range(6)]
    wide = [quote(f"M{n}", n, 1, 4_000_000, 80_000) for n in range(6)]
    near, far = curve(tight).months, curve(wide).months

    def widths(rows: Sequence[CurveMonth]) -> list[int]:
        return [row.high - row.low for row in rows]

    assert max(widths(near[:6])) <= 20_002
    assert all(a < b for a, b in zip(widths(near[:6]), widths(far[:6]), strict=True))
    beyond = widths(near[5:])
    assert beyond == sorted(beyond)
    assert [row.place for row in near[4:7]] == [Place.QUOTED, Place.QUOTED, Place.BEYOND]
    gap = curve([tight[0], quote("Y", 0, 12, 4_000_000, 10_000)]).months
    assert gap[6].place is Place.BETWEEN
    assert widths(gap)[6] > widths(gap)[0]


def test_season_is_off_by_default_and_shapes_what_no_price_tells_apart() -> None:
    year = [quote("Y", 2, 12, 4_000_000)]
    assert TERMS.season == ()
    flat = curve(year).forward
    assert max(flat.values()) - min(flat.values()) <= 2
    factors = (1_200_000, 800_000, *[1_000_000] * 10)
    shaped = curve(year, replace(TERMS, season=factors)).forward
    january, february = Month(2027, 1), Month(2027, 2)
    assert Fraction(shaped[january], shaped[february]) == pytest.approx(1.5, abs=1e-3)


def test_a_curve_is_made_again_from_its_inputs_alone_bit_for_bit() -> None:
    made = curve([quote(f"M{n}", n, 1, 4_000_000 + 7_001 * n * n) for n in range(12)])
    again = recompute_curve(made.inputs)
    assert again == made
    assert again.input_sha256 == made.input_sha256
    assert set(parse_curve_inputs(made.inputs)[3]) == {r.input for r in made.repricings}
    # One digit of one input is another curve under another digest.
    bent = made.inputs.replace(b"|4007001|", b"|4007002|")
    assert bent != made.inputs
    assert recompute_curve(bent).input_sha256 != made.input_sha256


@pytest.mark.parametrize(
    ("bend", "field"),
    [
        (lambda text: text.replace(b"curve v1", b"curve v9"), "method"),
        (lambda text: text.replace(b"executable", b"rumoured"), "inputs"),
        (lambda text: text.rstrip(b"\n"), "inputs"),
        (lambda text: text.replace(b"|1000\n", b"|1\n"), "tick"),
        (lambda text: b"\xff" + text, "inputs"),
    ],
)
def test_a_bent_text_is_refused_by_field(bend: Callable[[bytes], bytes], field: str) -> None:
    made = curve([quote("M", 0, 1, 4_000_000)])
    with pytest.raises(CurveError, match=field):
        recompute_curve(bend(made.inputs))


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        (list, "inputs: expected 1 to 500, found 0"),
        (lambda: [quote("M", 0, 1, 1_000)] * 2, "one input a name"),
        (lambda: [quote("M", 23, 2, 1_000)], "M: months: expected months from 2026-11 to 2028-10"),
        (lambda: [quote("a|b", 0, 1, 1_000)], "name"),
        (lambda: [replace(quote("M", 0, 1, 5_000), bid=6_000)], "bid"),
        (lambda: [quote("M", 0, 1, 1_000, tick=5)], "tick: expected from 20 micro-dollars"),
    ],
)
def test_what_cannot_make_a_curve_is_refused_by_name(
    inputs: Callable[[], list[CurveInput]], field: str
) -> None:
    with pytest.raises(CurveError, match=field):
        curve(inputs())


def test_the_active_set_meets_the_conditions_of_an_optimum() -> None:
    """Random programs of three unknowns: feasible, and pulled by held bounds alone."""
    draw, held = np.random.default_rng(5), 0
    for _ in range(200):
        half = draw.normal(size=(3, 3))
        weights, start = half @ half.T + 0.1 * np.eye(3), draw.normal(size=3)
        inside = draw.normal(size=3)
        rows = draw.normal(size=(5, 3))
        least = rows @ inside - draw.uniform(0.0, 1.0, 5)
        x = least_squares_within(weights, start, rows, least)
        assert (rows @ x - least).min() > -1e-7
        pull = weights @ (x - start)
        tight = np.flatnonzero(rows @ x - least < 1e-7)
        held += len(tight) > 0
        # Optimal: the pull is a sum of the held rows with forces at or above zero.
        forces, *_ = np.linalg.lstsq(rows[tight].T, pull, rcond=None)
        assert np.allclose(rows[tight].T @ forces, pull, atol=1e-6)
        assert (forces > -1e-6).all()
    assert held >= 80


@pytest.mark.skipif(not bench.FILE.exists(), reason="no ../shared/data/power: nothing to rebuild")
def test_hidden_months_of_real_settlements_are_rebuilt() -> None:
    """Crude has no season to speak of; gas has one, and the curve is better for being told it."""
    oil, inputs, exact, inside = bench.errors("CL", 200, seasonal=False)
    assert len(oil) >= 600
    assert exact == inputs
    assert float(np.mean(oil)) < 0.002
    assert inside >= 0.9 * len(oil)
    bare = bench.errors("NG", 125, seasonal=False)[0]
    told = bench.errors("NG", 125, seasonal=True)[0]
    assert float(np.mean(told)) < 0.6 * float(np.mean(bare))
