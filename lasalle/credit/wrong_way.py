"""Wrong-way risk: how a supplier's failing hangs on the price. It fails when prices rise against
what it sold and cannot deliver, and when they fall and its machines lose their worth
(CRD-015)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from lasalle.credit.market import Market, log_moves
from lasalle.credit.scoring import Score, logit
from lasalle.credit.structural import failure_pd
from lasalle.credit.terms import CreditTerms

Floats = NDArray[np.float64]
GRID = np.concatenate([np.linspace(-0.9, 1.0, 39), np.linspace(1.1, 6.0, 50)])
"""Moves of the price at which a probability is worked out; between them it is interpolated."""


@dataclass(frozen=True)
class WrongWay:
    """Probabilities of failing in a year when the price moves: by move (a share), today's, the
    ratio of the largest spike to today's, what short cover loses in that spike over net assets,
    the ratio of the expected product of probability and exposure to the product of their means,
    and the names of what passes its limit."""

    by_move: tuple[tuple[float, float], ...]
    today: float
    ratio: float
    short_loss: float
    alpha: float
    passes: tuple[str, ...]


def pd_given_price(score: Score, moves: Sequence[float] | Floats, terms: CreditTerms) -> Floats:
    """Probability of failing when the price stands moved: the structural model with the worth of
    machines and of short cover moved, its log-odds shifted so that today's is the score's own. What
    machines gain in a spike pays no bill in it and counts nothing; what they lose counts."""
    worth, firm, under = score.worth, score.firm, terms.structural
    shift = logit(score.pd) - logit(max(score.structural_pd, 1e-6))
    found = []
    for move in moves:
        follow = 1 + worth.leverage * (1 - worth.sold_share) * under.persistence * move
        fleet = worth.fleet * min(1.0, max(0.0, follow))
        loss = max(0.0, worth.short_loss + worth.short_value * move)
        assets = max(1.0, fleet + worth.cash - loss)
        at = failure_pd(replace(firm, assets=assets), under.horizon_years, under.tax, under.rate)
        odds = logit(max(at, 1e-6)) + shift
        found.append(1 / (1 + np.exp(-odds)))
    return np.array(found)


def wrong_way_of(score: Score, market: Market, terms: CreditTerms) -> WrongWay:
    """Measured, and held to its limits."""
    under, worth = terms.wrong_way, score.worth
    by_move = tuple(
        zip((0.0, *under.spikes), map(float, pd_given_price(score, (0.0, *under.spikes), terms)),
            strict=True)
    )  # fmt: skip
    most = max(under.spikes)
    spiked = by_move[-1][1]
    ratio = spiked / max(by_move[0][1], 1e-9)
    lost = max(0.0, worth.short_loss + worth.short_value * most)
    net = max(1.0, worth.fleet + worth.cash - worth.debt)
    passes = []
    if lost / net > under.most_short_loss:
        passes.append("loss on short cover")
    if ratio > under.most_ratio and spiked > under.least_pd_counted:
        passes.append("failing when prices rise")
    alpha = _alpha(score, market, terms)
    return WrongWay(by_move, by_move[0][1], ratio, lost / net, alpha, tuple(passes))


def _alpha(score: Score, market: Market, terms: CreditTerms) -> float:
    """E[PD x exposure] / (E[PD] E[exposure]) over a year's moves, by quantiles of the normal."""
    many = 2_001
    normal = ndtri((np.arange(many) + 0.5) / many)
    rng = np.random.default_rng(terms.loss.seed)
    counts = rng.poisson(market.moves.jumps, many).astype(float)
    moved = np.expm1(log_moves(market.moves, 1.0, normal, counts, rng.standard_normal(many)))
    pd = np.interp(moved, GRID, pd_given_price(score, GRID, terms))
    exposure = np.maximum(0.0, moved)
    return float(np.mean(pd * exposure) / (np.mean(pd) * np.mean(exposure)))
