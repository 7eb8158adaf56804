"""The smoothest curve that holds its inputs: one linear program, one small quadratic program.

Sources: S.-E. Fleten and J. Lemming, "Constructing forward price curves in electricity markets",
Energy Economics 25, 2003: a discrete curve inside bid and ask, smooth by squared second
differences. F. E. Benth, S. Koekebakker and F. Ollmar, "Extracting and applying smooth forward
curves from average-based commodity contracts with seasonal variation", Journal of Derivatives
15(1), 2007: average-based contracts that overlap, a seasonal shape apart from the smooth part, a
flat far end. D. Goldfarb and A. Idnani, "A numerically stable dual method for solving strictly
convex quadratic programs", Mathematical Programming 27, 1983: the quadratic program. The band is
the posterior of a smoothing spline: G. Kimeldorf and G. Wahba, Annals of Mathematical Statistics
41, 1970.

Floats live between whole numbers: inputs are micro-dollars, and each month is rounded half to even
to one. Prices inside are in ticks of the finest input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.contracts import Month, hours
from lasalle.indices.curve import (
    Curve,
    CurveError,
    CurveInput,
    CurveMonth,
    CurveTerms,
    Place,
    Repriced,
    Repricing,
    Standing,
    canonical_curve_inputs,
    check_inputs,
    parse_curve_inputs,
)

Floats = NDArray[np.float64]
OUTSIDE_COST = 1_000.0
"""Of a unit outside bid and ask, over that of a unit inside them and away from the price."""
LEVEL_WEIGHT = 1e-6
"""Of the distance from the middle of all prices: decides nothing that an input says."""
ROUNDING = 0.4
"""Micro-dollars beside a price: a month that stands so near to it is rounded to it."""
SLACK_TICKS = 5e-5
"""What the quadratic program may use beyond the linear one, which is solved to about 1e-7."""
QUANTILE = 1.6448536269514722
"""Of the normal law at 95 %: bid and ask, and the band, are read as a 90 % interval."""


@dataclass(frozen=True)
class _Problem:
    """Inputs in ticks of `unit` micro-dollars; one row of `average` an input."""

    unit: int
    average: Floats
    bid: Floats
    ask: Floats
    low: Floats
    high: Floats
    """The price less and plus its rounding; bid and ask where there is no price."""
    tenth: Floats
    """What remains of a tenth of the input's tick beside its rounding; 0 without a price."""
    cost: Floats
    smooth: Floats
    shape: Floats
    """Seasonal factor of each month, 1 where season is off."""
    level: float


def build_curve(index: str, day: date, terms: CurveTerms, inputs: Sequence[CurveInput]) -> Curve:
    """The curve of a day. Raises CurveError for inputs that cannot make one; inputs that
    contradict each other make one without the weaker of them, and it is named.
    """
    ordered = sorted(inputs, key=lambda one: one.name)
    check_inputs(ordered, terms)
    problem, kept, apart, against = _consistent(ordered, terms)
    solved = _smoothest(problem, *apart)
    ticks = problem.unit
    forward = {
        month: max(0, round(float(value) * ticks))  # half to even: float.__round__
        for month, value in zip(terms.strip, solved, strict=True)
    }
    reach = _reach(problem, terms) * ticks
    priced = [one.last for one in kept if one.price]
    last = max(priced or [one.last for one in kept])
    own = {one.first for one in kept if one.first == one.last}
    months = tuple(
        CurveMonth(
            month,
            forward[month],
            max(0, forward[month] - round(float(width))),
            forward[month] + round(float(width)),
            _place(month, own, last),
        )
        for month, width in zip(terms.strip, reach, strict=True)
    )
    repricings = tuple(_repricing(one, forward, against.get(one.name)) for one in ordered)
    text = canonical_curve_inputs(index, day, terms, ordered)
    return Curve(index, day, terms, months, repricings, text)


def recompute_curve(inputs: bytes) -> Curve:
    """The curve anew from its published canonical inputs and nothing else."""
    return build_curve(*parse_curve_inputs(inputs))


def _consistent(
    inputs: Sequence[CurveInput], terms: CurveTerms
) -> tuple[_Problem, Sequence[CurveInput], tuple[Floats, Floats], dict[str, tuple[str, ...]]]:
    """(problem of the inputs kept, they themselves, their departures; what stands against each
    input left out).

    An input that no curve holds together with stronger ones pulls on none of them: a wild quote
    is named and moves nothing.
    """
    kept, against = list(inputs), dict[str, tuple[str, ...]]()
    while True:
        problem = _problem(kept, terms)
        apart, outside = _departures(problem)
        if not outside:
            return problem, kept, apart, against
        one, others = _odd_one(problem, kept, outside)
        against[kept[one].name] = tuple(sorted(kept[n].name for n in others))
        del kept[one]


def _odd_one(
    problem: _Problem, kept: Sequence[CurveInput], outside: dict[int, list[int]]
) -> tuple[int, list[int]]:
    """(the input left out of a contradiction, the others in it).

    Of the weakest in it, the one without which the curve is smoothest: arithmetic alone cannot tell
    a wrong month from a wrong quarter, and the months around them can.
    """
    first = min(outside)
    members = sorted({first, *outside[first]})
    weakest = min(kept[n].standing for n in members)
    found: list[tuple[float, int]] = []
    start = problem.level * problem.shape
    weights = problem.smooth + LEVEL_WEIGHT * np.eye(len(start))
    for tried in (n for n in members if kept[n].standing == weakest):
        rest = [n for n in range(len(kept)) if n != tried and (n == first or n not in outside)]
        rows = np.vstack([problem.average[rest], -problem.average[rest], np.eye(len(start))])
        least = np.concatenate(
            [
                problem.bid[rest] - SLACK_TICKS,
                -problem.ask[rest] - SLACK_TICKS,
                np.zeros(len(start)),
            ]
        )
        try:
            apart = least_squares_within(weights, start, rows, least) - start
        except CurveError:
            continue
        found.append((round(float(apart @ weights @ apart), 6), tried))
    odd = min(found)[1] if found else first
    return odd, [n for n in members if n != odd]


def _place(month: Month, own: set[Month], last: Month) -> Place:
    if month in own:
        return Place.QUOTED
    return Place.BETWEEN if month <= last else Place.BEYOND


def _repricing(
    one: CurveInput, forward: dict[Month, int], against: tuple[str, ...] | None
) -> Repricing:
    if against is not None:
        return Repricing.of(one, forward, Repriced.INCONSISTENT, against)
    average = one.average(forward)
    edge = min(max(average, Fraction(one.bid)), Fraction(one.ask))
    near = abs(average - (one.price or edge)) * 10 <= one.tick
    return Repricing.of(one, forward, Repriced.EXACT if near else Repriced.INSIDE)


def _problem(inputs: Sequence[CurveInput], terms: CurveTerms) -> _Problem:
    unit = min(one.tick for one in inputs)
    place = {month: n for n, month in enumerate(terms.strip)}
    average = np.zeros((len(inputs), terms.months))
    for row, one in zip(average, inputs, strict=True):
        weights = [hours(month) for month in one.months]
        row[place[one.first] : place[one.last] + 1] = np.asarray(weights) / sum(weights)
    bid = np.array([one.bid for one in inputs]) / unit
    ask = np.array([one.ask for one in inputs]) / unit
    price = np.array([one.price for one in inputs]) / unit
    priced = price > 0
    near = ROUNDING / unit
    low, high = np.where(priced, price - near, bid), np.where(priced, price + near, ask)
    tenth = np.array([one.tick / 10 - 1.0 if one.price else 0.0 for one in inputs]) / unit
    # Two inputs as strong as each other must not tie: the earlier name counts a thousandth more.
    rank = 1.0 - 0.001 * np.arange(len(inputs)) / len(inputs)
    cost = np.array([float(one.standing) for one in inputs]) * rank
    middle = np.where(priced, price, (bid + ask) / 2)
    strong = [n for n, one in enumerate(inputs) if one.standing is not Standing.LIST]
    level = float(np.median(middle[strong] if strong else middle))
    beyond = not any(one.price and one.last == terms.strip[-1] for one in inputs)
    shape = np.ones(terms.months)
    if terms.season:
        shape = np.asarray([terms.season[m.month - 1] / 1e6 for m in terms.strip], np.float64)
    smooth = _smoothness(terms, beyond) / np.outer(shape, shape)
    return _Problem(unit, average, bid, ask, low, high, tenth, cost, smooth, shape, level)


def _smoothness(terms: CurveTerms, beyond: bool) -> Floats:
    """Matrix of squared second differences, and lightly of first ones; of the last one in full
    where the strip goes beyond every price.
    """
    n = terms.months
    total = np.zeros((n, n))
    if n > 2:
        second = np.diff(np.eye(n), 2, axis=0)
        total += second.T @ second
    if n > 1:
        first = np.diff(np.eye(n), 1, axis=0)
        total += terms.flatness / 1e6 * (first.T @ first)
        if beyond:
            # Benth and others end the curve flat; here its last step then costs as a bend does.
            total += np.outer(first[-1], first[-1])
    return total


def _departures(problem: _Problem) -> tuple[tuple[Floats, Floats], dict[int, list[int]]]:
    """(ticks below and above each price that the curve may depart; what leaves no room for an
    input, by input that has none).

    Where one curve holds every input to a tenth of a tick, the least equal share of that tenth.
    Else the least total, weighted by standing and dear outside bid and ask; and of what has that
    total, the least greatest share of one input, so that three months share what one quarter asks
    of them.
    """
    count, n = problem.average.shape
    both = np.vstack([-problem.average, problem.average])
    limits = np.concatenate([-problem.low, problem.high])
    even: Any = _least_cost(
        np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([both, -np.tile(problem.tenth, 2)[:, None]]),
        b_ub=limits,
        bounds=[(0.0, None)] * n + [(0.0, 1.0)],
    )
    if even.status == 0:
        share = float(even.x[-1]) * problem.tenth
        return (share, share), {}
    rows = np.hstack([both, -np.eye(2 * count), -np.eye(2 * count)])
    # Two micro-dollars are kept from bid and ask: the room below, and the rounding of the months.
    inside = np.concatenate([problem.low - problem.bid, problem.ask - problem.high])
    inside = (inside - 2.0 / problem.unit).clip(0.0)
    dear = np.tile(problem.cost, 2)
    cost = np.concatenate([np.zeros(n), dear, OUTSIDE_COST * dear])
    bounds = [(0.0, None)] * n + [(0.0, float(r)) for r in inside] + [(0.0, None)] * (2 * count)
    first: Any = _least_cost(cost, A_ub=rows, b_ub=limits, bounds=bounds)
    if first.status != 0:
        raise CurveError("inputs", "a curve, however far from them", first.message)
    outside = first.x[n + 2 * count :].reshape(2, count).sum(axis=0) > 1e-6
    if outside.any():
        pressing = np.abs(first.ineqlin.marginals).reshape(2, count).max(axis=0) > 1e-9
        reach = problem.average > 0
        against = {
            int(k): [
                int(j) for j in np.flatnonzero(pressing & (reach & reach[k]).any(axis=1)) if j != k
            ]
            for k in np.flatnonzero(outside)
        }
        return (np.zeros(count), np.zeros(count)), against
    apart = _shared(problem, (rows, limits, cost), bounds, first)[n : n + 2 * count]
    # What departs may do so by a micro-dollar more: the months it is made of are not torn for it.
    apart = np.where(apart > 1e-6, apart + 1.0 / problem.unit, 0.0)
    return (apart[:count], apart[count:]), {}


def _shared(
    problem: _Problem, program: tuple[Floats, Floats, Floats], bounds: list[Any], first: Any
) -> Floats:
    """Of the departures with the least total, those whose greatest, over the width of its bid and
    ask, is least.
    """
    rows, limits, cost = program
    count, n = problem.average.shape
    width = problem.ask - problem.bid + 2.0 * problem.tenth + 1e-3
    of_one = np.zeros((2 * count, len(cost) + 1))
    of_one[:, n : n + 2 * count] = np.eye(2 * count)
    of_one[:, n + 2 * count : -1] = np.eye(2 * count)
    of_one[:, -1] = -np.tile(width, 2)
    found: Any = _least_cost(
        np.append(np.zeros(len(cost)), 1.0),
        A_ub=np.vstack(
            [np.hstack([rows, np.zeros((2 * count, 1))]), of_one, np.append(cost, 0.0)[None, :]]
        ),
        b_ub=np.concatenate([limits, np.zeros(2 * count), [first.fun * (1 + 1e-9) + 1e-9]]),
        bounds=[*bounds, (0.0, None)],
    )
    return np.asarray(found.x if found.status == 0 else first.x)


def _smoothest(problem: _Problem, below: Floats, above: Floats) -> Floats:
    """The smoothest months at or above zero within the departures given."""
    count, n = problem.average.shape
    rows = np.vstack([problem.average, -problem.average, np.eye(n)])
    low, high = problem.low - below - SLACK_TICKS, problem.high + above + SLACK_TICKS
    least = np.concatenate([low, -high, np.zeros(n)])
    weights = problem.smooth + LEVEL_WEIGHT * np.eye(n)
    # A tight price stands at one of its two bounds, nearly always; months first, then what they
    # and one another do not make up.
    tight = np.flatnonzero(high - low < 1.0)
    tight = tight[np.argsort((problem.average[tight] > 0).sum(axis=1), kind="stable")]
    corner = np.abs(np.diag(np.linalg.qr(problem.average[tight].T, mode="r")))
    sides = [(int(k), count + int(k)) for k in tight[: len(corner)][corner > 1e-6]]
    return least_squares_within(weights, problem.level * problem.shape, rows, least, sides)


def _least_cost(cost: Floats, **program: Any) -> Any:
    """What HiGHS finds through scipy.optimize.linprog; loaded where a curve is fitted."""
    from scipy.optimize import linprog

    return linprog(cost, method="highs", **program)


def least_squares_within(
    weights: Floats,
    start: Floats,
    rows: Floats,
    least: Floats,
    sides: Sequence[tuple[int, int]] = (),
) -> Floats:
    """The x of least (x - start)' weights (x - start) with rows x >= least: dual active set.

    sides: pairs of rows of which one is likely held; of independent rows, and a guess only. Raises
    CurveError where the bounds leave no room.
    """
    pull = np.linalg.solve(weights, rows.T)
    # Summed without BLAS, whose threads wait for one another longer than so small a product takes.
    gram = np.einsum("ij,jk->ik", rows, pull)
    slack = rows @ start - least
    active, force = _guessed(gram, slack, sides)
    for _ in range(20 * len(rows)):
        now = slack + gram @ force
        now[active] = 0.0
        worst = int(np.argmin(now))
        if now[worst] >= -1e-9:
            return np.asarray(start + pull @ force)
        while True:
            held = gram[np.ix_(active, active)]
            turn = np.linalg.solve(held, gram[active, worst]) if active else np.zeros(0)
            gain = gram[worst, worst] - gram[worst, active] @ turn
            short = -(slack[worst] + gram[worst] @ force)
            full = short / gain if gain > 1e-11 * gram[worst, worst] else np.inf
            giving = np.flatnonzero(turn > 1e-12)
            blocked, place = np.inf, -1
            if len(giving):
                ratios = force[np.asarray(active)[giving]] / turn[giving]
                place = int(giving[np.argmin(ratios)])
                blocked = float(ratios.min())
            step = min(full, blocked)
            if not np.isfinite(step):
                raise CurveError("bounds", "room for a curve", f"{short:.3g} ticks short")
            force[active] -= step * turn
            force[worst] += step
            if step == full:
                active.append(worst)
                break
            force[active[place]] = 0.0
            del active[place]
    raise CurveError("bounds", "an end of the search", f"{len(active)} bounds held")


def _guessed(
    gram: Floats, slack: Floats, sides: Sequence[tuple[int, int]]
) -> tuple[list[int], Floats]:
    """(rows held, their forces, none negative): where the search begins."""
    force = np.zeros(len(slack))
    active = [low for low, _ in sides]
    if active:
        first = np.linalg.solve(gram[np.ix_(active, active)], -slack[active])
        active = [pair[0] if f >= 0.0 else pair[1] for pair, f in zip(sides, first, strict=True)]
    while active:
        found = np.linalg.solve(gram[np.ix_(active, active)], -slack[active])
        if found.min() >= 0.0:
            force[active] = found
            break
        active = [row for row, f in zip(active, found, strict=True) if f >= 0.0]
    return active, force


def _reach(problem: _Problem, terms: CurveTerms) -> Floats:
    """Half the width of the band in ticks, by month: posterior of the smooth curve when each input
    is known to its bid and ask, at least to half a tick.
    """
    half = np.maximum((problem.ask - problem.bid) / 2, 0.5) / QUANTILE
    rough = (max(problem.level, 1.0) * terms.roughness / 1e6) ** 2
    known = problem.average.T @ (problem.average / (half**2)[:, None])
    # The level of a curve without inputs is unknown to the size of the level itself.
    spread = known + problem.smooth / rough + np.eye(len(known)) / max(problem.level, 1.0) ** 2
    return np.asarray(QUANTILE * np.sqrt(np.diag(np.linalg.inv(spread))))
