"""A board as it would stand under another volatility: calls quoted anew, margins with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lasalle.contracts import Month, SeriesKind
from lasalle.hedging.plan.board import Quoted
from lasalle.hedging.plan.instruments import Level
from lasalle.pricing.black import black
from lasalle.pricing.implied import Outcome, implied_deviation


def dearer(board: Sequence[Quoted], times: float) -> tuple[Quoted, ...]:
    """The same with every offer of an option at a price times as high."""
    return tuple(
        replace(one, asks=tuple(replace(a, price=times * a.price) for a in one.asks))
        if one.terms.is_option
        else one
        for one in board
    )


def requoted(
    board: Sequence[Quoted], curve: Mapping[Month, float], times: float
) -> tuple[Quoted, ...]:
    """The same under volatilities times as high: each price of a call at the deviation that Black's
    formula reads from it, times as great; margins, which follow volatility, times as great too.

    A price that no deviation gives stands; so does what is no call, and a call of a month without
    a forward.
    """
    found = []
    for one in board:
        forward = curve.get(one.terms.months[0])
        made = replace(
            one, margin_long=times * one.margin_long, margin_short=times * one.margin_short
        )
        if one.terms.kind is SeriesKind.CALL and forward is not None:
            strike = one.terms.strike_micro_dollars / 1e6
            asks, bids = (
                tuple(_requoted(level, forward, strike, times) for level in side)
                for side in (one.asks, one.bids)
            )
            made = replace(made, asks=asks, bids=bids)
        found.append(made)
    return tuple(found)


def _requoted(level: Level, forward: float, strike: float, times: float) -> Level:
    of = implied_deviation(True, level.price, forward, strike)
    if Outcome(int(of.outcome)) is not Outcome.FOUND:
        return level
    price = float(black(True, forward, strike, times * float(np.asarray(of.found))))
    return replace(level, price=price)
