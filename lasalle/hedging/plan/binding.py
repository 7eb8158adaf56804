"""Which limits of a need leave no position, and what each would have to be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lasalle.hedging.plan.optimiser import Infeasible, Limits, Optimiser


def none_kept(optimiser: Optimiser, limits: Limits) -> str:
    """Why no position keeps the limits: each that would alone have to be wider, and how wide."""
    found = []
    if np.isfinite(limits.mean_cost):
        try:
            least = optimiser.frontier(replace(limits, mean_cost=np.inf), 2)[0].mean
        except Infeasible:
            pass
        else:
            found.append(
                f"budget.mean_dollars: expected {np.ceil(least):,.0f} or more, the least that any"
                f" position within the other limits costs on average, found {limits.mean_cost:,.0f}"
            )
    if np.isfinite(limits.cash):
        held = np.array([one.held for one in optimiser.losses.instruments])
        _, _, cash = optimiser.measured(held, limits)
        if cash > limits.cash:
            found.append(
                f"budget.cash_dollars: expected {np.ceil(cash):,.0f} or more, which what is held"
                f" ties up in one outcome of a hundred, found {limits.cash:,.0f}; the books have no"
                " bid for enough of it"
            )
    said = "; ".join(found) or "not one of them alone: widen premium, cash and expected cost"
    return f"limits: expected a position that keeps them all, found none: {said}"
