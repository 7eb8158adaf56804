"""A refusal in words: its figures as a person reads them, money in USD and not in micro-dollars,
states by their words."""

from __future__ import annotations

import re
from enum import IntEnum

from lasalle.wire import REFUSALS, DeliveryState, Refusal, SeriesState

UNIT = re.compile(r" micro-dollars?\b")
"""The unit a registry names, in the place of which a reader is told another."""


class Figure(int):
    """A whole number of a refusal; the text of the refusal says how it is told."""

    def __format__(self, how: str) -> str:
        if how not in ("usd", "amount"):
            return super().__format__(how)
        whole, part = divmod(abs(int(self)), 10**6)
        cents = f"{part:06d}".rstrip("0").ljust(2, "0")
        told = f"{'-' if self < 0 else ''}{whole:,}.{cents}"
        return f"{told} USD" if how == "usd" else told


MONEY = "usd"
ASSET = "amount"
FIGURES: dict[Refusal, str] = {
    **dict.fromkeys(
        (
            Refusal.SHORTFALL_OPEN, Refusal.CALL_COVERED, Refusal.PRICE_BELOW_TICK,
            Refusal.PRICE_OFF_TICK, Refusal.PRICE_TOO_HIGH, Refusal.PRICE_NOT_WANTED,
            Refusal.PRICE_OUTSIDE_BAND, Refusal.STOP_PRICE_WRONG, Refusal.POST_ONLY_CROSSES,
            Refusal.ORDER_VALUE_LIMIT, Refusal.MARGIN_SHORT, Refusal.PREMIUM_SHORT,
            Refusal.SETTLEMENT_TOO_LARGE, Refusal.FUND_SHORT, Refusal.ACCOUNT_OWES,
            Refusal.LOSS_WRONG, Refusal.SHARE_WRONG, Refusal.LAYER_NOT_EXHAUSTED,
            Refusal.BID_OUT_OF_BOUNDS, Refusal.LINE_FUND_SHORT, Refusal.LINE_UNPAID,
            Refusal.BOND_SHORT, Refusal.OWED_SHORT, Refusal.COVER_OUT_OF_BOUNDS,
            Refusal.FEE_OUT_OF_BOUNDS,
        ),
        MONEY,
    ),
    **dict.fromkeys(
        (Refusal.AMOUNT_NOT_POSITIVE, Refusal.AMOUNT_TOO_LARGE, Refusal.CASH_SHORT), ASSET
    ),
}  # fmt: skip
"""Refusals whose figures are micro-dollars, told in USD, or millionths of an asset, told in units;
of all others they are plain numbers or states."""

STATES: dict[Refusal, type[IntEnum]] = {
    Refusal.DELIVERY_NOT_NOW: DeliveryState,
    Refusal.SERIES_NOT_TRADING: SeriesState,
    Refusal.SERIES_STILL_TRADING: SeriesState,
}
"""Refusals whose figures are states, told by their words."""


def refusal_text(refusal: Refusal, expected: object, found: object) -> str:
    """What a refusal says, with what was expected and found; a word of a door stands as it is."""
    _, _, text = REFUSALS[refusal]
    figures = {"expected": expected, "found": found}
    if states := STATES.get(refusal):
        words: dict[object, str] = {s: s.name.lower().replace("_", " ") for s in states}
        return text.format(**{name: words.get(v, v) for name, v in figures.items()})
    how = FIGURES.get(refusal)
    if how is None:
        return text.format(**figures)
    said = UNIT.sub("", text)
    told = {n: f"{Figure(v):{how}}" if isinstance(v, int) else v for n, v in figures.items()}
    return said.format(**told)
