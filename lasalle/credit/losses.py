"""What the suppliers of a house may cost in a year: whoever fails leaves hours to be bought at the
price of that day, and the price is one for all, with jumps (CRD-021).

Given the price, a supplier fails when its fortune, a common factor, one of its place and its own,
falls short of what the price leaves it. Half of the draws, as many as the other half, come from
where the losses are: shifted by what a pilot finds, and weighed back (importance sampling by a
mixture). Draws come in mirrored pairs. P. Glasserman and J. Li, Management Science 51, 2005.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace as with_fields
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lasalle.credit.market import Market, log_moves
from lasalle.credit.terms import CreditTerms, LossTerms

Floats = NDArray[np.float64]
CHUNK = 4_096
PILOT = 4_096
WORST = 0.01
"""Share of the pilot whose mean the draws are shifted to."""
BATCHES = 16
LEAST_PD = 1e-9


@dataclass(frozen=True)
class Exposed:
    """A supplier in the loss model, US dollars as believed: hours that are left to buy if it fails
    (`hours`), their mean price when sold and today, security that holds its worth and that moves
    with the price of machines, and its probabilities of failing over the moves of `grid`."""

    supplier: str
    place: str
    pd: float
    hours: float
    sold_at: float
    price: float
    firm_security: float
    hardware: float
    leverage: float
    pds: Floats


@dataclass(frozen=True)
class Losses:
    """US dollars: the expected loss and its error, the loss at a quantile and its error, the mean
    beyond it, and by supplier what of the expected loss is its own; suppliers failing on average;
    every loss with its weight, for whoever asks more."""

    draws: int
    seed: int
    quantile: float
    expected: float
    expected_error: float
    at_quantile: float
    quantile_error: float
    shortfall: float
    failing: float
    by_supplier: dict[str, float]
    losses: Floats
    weights: Floats

    @property
    def unexpected(self) -> float:
        """What the quantile lies above the mean."""
        return self.at_quantile - self.expected


@dataclass(frozen=True)
class _Book:
    """Arrays over suppliers; thresholds over moves of the grid."""

    grid: Floats
    thresholds: Floats
    hours: Floats
    sold_at: Floats
    price: Floats
    firm: Floats
    hardware: Floats
    leverage: Floats
    places: NDArray[np.intp]


def _book(exposed: Sequence[Exposed], grid: Floats, market: Market, terms: LossTerms) -> _Book:
    """Thresholds are moved so that over the moves of the horizon a supplier fails with its own
    probability: what the price adds in one state it takes in another."""
    many = 2_000
    rng = np.random.default_rng(terms.seed)
    counts = rng.poisson(market.moves.jumps * terms.horizon_years, many).astype(float)
    normal = np.asarray(ndtri((np.arange(many) + 0.5) / many))
    moved = np.expm1(
        log_moves(market.moves, terms.horizon_years, normal, counts, rng.standard_normal(many))
    )
    thresholds = np.empty((len(exposed), len(grid)))
    for row, one in enumerate(exposed):
        level = np.asarray(ndtri(np.clip(one.pds, LEAST_PD, 1 - LEAST_PD)))
        at = np.interp(moved, grid, level)
        low, high = -12.0, 12.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if ndtr(at + middle).mean() < one.pd else (low, middle)
        thresholds[row] = level + (low + high) / 2
    names = sorted({one.place for one in exposed})
    columns = ("hours", "sold_at", "price", "firm_security", "hardware", "leverage")
    column = {name: np.array([getattr(one, name) for one in exposed], float) for name in columns}
    return _Book(
        grid, thresholds, column["hours"], column["sold_at"], column["price"],
        column["firm_security"], column["hardware"], column["leverage"],
        np.array([names.index(one.place) for one in exposed]),
    )  # fmt: skip


@dataclass(frozen=True)
class _Factors:
    """Common draws: the price's own normal, jumps and their normals, the factor of all, those of
    places, and weights."""

    price: Floats
    counts: Floats
    jumps: Floats
    common: Floats
    places: Floats
    weights: Floats


def _drawn(
    rng: np.random.Generator, many: int, jumps: float, places: int, shift: tuple[float, float]
) -> _Factors:
    """Mirrored pairs; the second half of them shifted, weights by the mixture of both laws."""
    half = many // 2
    normal = rng.standard_normal((4, half))
    local = rng.standard_normal((places, half))
    counts = rng.poisson(jumps, half).astype(float)
    both = np.concatenate([normal, -normal], axis=1)
    place = np.concatenate([local, -local], axis=1)
    shifted = np.arange(half) % 2 == 1
    where = np.concatenate([shifted, shifted])
    price = both[0] + shift[0] * where
    common = both[1] + shift[1] * where
    if shift == (0.0, 0.0):
        weights = np.ones(many)
    else:
        tilt = shift[0] * price + shift[1] * common - (shift[0] ** 2 + shift[1] ** 2) / 2
        weights = 2 / (1 + np.exp(tilt))
    return _Factors(price, np.concatenate([counts, counts]), both[2], common, place, weights)


def _cost(book: _Book, moved: Floats, penalty: float, persistence: float) -> Floats:
    """What each failing costs, suppliers by draws: hours bought above what they were sold at, and
    the penalty, less security."""
    rise = moved[None, :]
    price = book.price[:, None] * (1 + rise)
    bought = book.hours[:, None] * (
        np.maximum(0.0, price - book.sold_at[:, None]) + penalty * price
    )
    worth = np.clip(1 + book.leverage[:, None] * persistence * rise, 0.0, 1.0)
    security = book.firm[:, None] + book.hardware[:, None] * worth
    return np.asarray(np.maximum(0.0, bought - security))


def _levels(book: _Book, moved: Floats) -> Floats:
    """Thresholds at moves, between points of the grid on a line: suppliers by draws."""
    at = np.clip(np.searchsorted(book.grid, moved) - 1, 0, len(book.grid) - 2)
    part = np.clip((moved - book.grid[at]) / (book.grid[at + 1] - book.grid[at]), 0.0, 1.0)
    low = book.thresholds[:, at]
    return np.asarray(low + (book.thresholds[:, at + 1] - low) * part)


@dataclass(frozen=True)
class _Told:
    """Of a chunk: loss of each draw, its mean given the factors, expected loss by supplier, and
    suppliers failing given the factors, the last two weighed and summed."""

    losses: Floats
    means: Floats
    by_supplier: Floats
    failing: float


def _chunk(
    book: _Book, drawn: _Factors, market: Market, terms: CreditTerms,
    rng: np.random.Generator | None,
) -> _Told:  # fmt: skip
    under = terms.loss
    moved = np.expm1(
        log_moves(market.moves, under.horizon_years, drawn.price, drawn.counts, drawn.jumps)
    )
    cost = _cost(book, moved, terms.margin.penalty_share, terms.structural.persistence)
    told = math.sqrt(under.correlation) * drawn.common[None, :]
    told = told + math.sqrt(under.place_correlation) * drawn.places[book.places]
    rest = math.sqrt(1 - under.correlation - under.place_correlation)
    level = (_levels(book, moved) - told) / rest
    fails = np.asarray(ndtr(level))
    expected = fails * cost
    if rng is None:
        losses = np.zeros(len(moved))
    else:
        own = rng.random(level.shape, dtype=np.float32)
        losses = np.einsum("ij,ij->j", own < fails, cost)
    return _Told(
        losses, expected.sum(axis=0), expected @ drawn.weights,
        float(fails.sum(axis=0) @ drawn.weights),
    )  # fmt: skip


def _shift(book: _Book, market: Market, terms: CreditTerms, places: int) -> tuple[float, float]:
    """Where the price's normal and the common factor stand on average in the worst of a pilot."""
    rng = np.random.default_rng(terms.loss.seed + 1)
    jumps = market.moves.jumps * terms.loss.horizon_years
    drawn = _drawn(rng, PILOT, jumps, places, (0.0, 0.0))
    means = _chunk(book, drawn, market, terms, None).means
    worst = np.argsort(means)[-int(PILOT * WORST) :]
    return float(drawn.price[worst].mean()), float(drawn.common[worst].mean())


def simulate(
    exposed: Sequence[Exposed], grid: Floats, market: Market, terms: CreditTerms,
    *, plain: bool = False,
) -> Losses:  # fmt: skip
    """The loss of a horizon over all suppliers. `plain`: no draw is shifted."""
    under = terms.loss
    if not exposed:
        none = np.zeros(0)
        return Losses(under.draws, under.seed, under.quantile, 0, 0, 0, 0, 0, 0, {}, none, none)
    book = _book(exposed, grid, market, under)
    places = int(book.places.max()) + 1
    shift = (0.0, 0.0) if plain else _shift(book, market, terms, places)
    rng = np.random.default_rng(under.seed)
    found: list[tuple[_Told, Floats]] = []
    left = under.draws + under.draws % 2
    while left:
        many = min(left, CHUNK)
        jumps = market.moves.jumps * under.horizon_years
        drawn = _drawn(rng, many, jumps, places, shift)
        found.append((_chunk(book, drawn, market, terms, rng), drawn.weights))
        left -= many
    return _summed(exposed, found, under)


def _summed(
    exposed: Sequence[Exposed], found: Sequence[tuple[_Told, Floats]], under: LossTerms
) -> Losses:
    losses = np.concatenate([told.losses for told, _ in found])
    weights = np.concatenate([w for _, w in found])
    # A pair is one draw: both halves of a chunk stand under each other.
    pairs = np.concatenate([(told.means * w).reshape(2, -1).mean(axis=0) for told, w in found])
    many = len(losses)
    own = np.sum([told.by_supplier for told, _ in found], axis=0) / many
    at, beyond = tail(losses, weights, under.quantile)
    # Neighbours are one shifted and one not: both go into the same batch.
    batch = np.arange(many) // 2 % BATCHES
    parts = [
        tail(losses[batch == n], weights[batch == n], under.quantile)[0] for n in range(BATCHES)
    ]
    return Losses(
        many,
        under.seed,
        under.quantile,
        float(pairs.mean()),
        float(pairs.std(ddof=1) / math.sqrt(len(pairs))),
        at,
        float(np.std(parts, ddof=1) / math.sqrt(BATCHES)),
        beyond,
        sum(told.failing for told, _ in found) / many,
        {one.supplier: float(x) for one, x in zip(exposed, own, strict=True)},
        losses,
        weights,
    )


def tail(losses: Floats, weights: Floats, quantile: float) -> tuple[float, float]:
    """The loss at a quantile of weighed draws, and the mean of what is no smaller in the tail."""
    order = np.argsort(losses)[::-1]
    mass = np.cumsum(weights[order]) / len(losses)
    share = 1 - quantile
    at = min(int(np.searchsorted(mass, share)), len(order) - 1)
    value = float(losses[order[at]])
    before = mass[at - 1] if at else 0.0
    paid = float(np.sum(losses[order[:at]] * weights[order[:at]])) / len(losses)
    return value, (paid + value * (share - before)) / share


def with_draws(terms: CreditTerms, draws: int, seed: int) -> CreditTerms:
    """The terms with other draws."""
    return with_fields(terms, loss=with_fields(terms.loss, draws=draws, seed=seed))
