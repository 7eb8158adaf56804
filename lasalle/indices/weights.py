"""What an offer weighs: one clone of each, capped by source and by offer."""

from __future__ import annotations

from collections.abc import Sequence

from lasalle.indices.fixed_point import BILLION, shares
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import Quote

ONE = BILLION * BILLION
"""Whole units of a weight of one: a source's share times the offer's share of the source."""


def weights_of(
    method: ChainMethod, quotes: Sequence[tuple[Quote, int]], *, by_size: bool
) -> dict[str, int]:
    """Weight of each offer in 10^-18, by key; clones of an offer count once (IDX-004).

    A clone has another name, and source, grade, location, tenor, size, price and the accepted
    logarithm beside each quote in common. The weights add up to one.
    """
    first: dict[tuple[str, int, int, int], Quote] = {}
    for quote, before in quotes:
        stands = quote.offer.key.rsplit("|", 1)[0]
        first.setdefault((stands, quote.size, before, quote.price), quote)
    by_source: dict[str, list[Quote]] = {}
    for quote in first.values():
        by_source.setdefault(quote.offer.source, []).append(quote)
    if not by_source:
        return {}
    inside = {
        name: [max(1, q.size) if by_size else 1 for q in found] for name, found in by_source.items()
    }
    names = sorted(by_source)
    found: dict[str, int] = {}
    for name, share in zip(
        names, shares([sum(inside[n]) for n in names], method.source_cap), strict=True
    ):
        parts = shares(inside[name], method.offer_cap)
        for quote, part in zip(by_source[name], parts, strict=True):
            found[quote.offer.key] = share * part
    return found
