"""What an offer weighs: one clone of each, capped by publisher, by source and by offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    found: dict[str, int] = {}
    for name, share in _source_shares(method, {n: sum(inside[n]) for n in sorted(inside)}).items():
        parts = shares(inside[name], method.offer_cap)
        for quote, part in zip(by_source[name], parts, strict=True):
            found[quote.offer.key] = share * part
    return found


def _source_shares(method: ChainMethod, sizes: Mapping[str, int]) -> dict[str, int]:
    """Share of each source in billionths. From version 4 on publishers come first, each capped, and
    a source has its capped share of its publisher (IDX-023): one publisher alone is all of it.
    """
    if not method.publishers:
        return dict(zip(sizes, shares(list(sizes.values()), method.source_cap), strict=True))
    by: dict[str, list[str]] = {}
    for name in sizes:
        by.setdefault(method.publishers[name], []).append(name)
    publishers = sorted(by)
    most = shares([sum(sizes[n] for n in by[p]) for p in publishers], method.publisher_cap)
    found: dict[str, int] = {}
    for publisher, whole in zip(publishers, most, strict=True):
        names = by[publisher]
        parts = [whole * part // BILLION for part in
                 shares([sizes[n] for n in names], method.source_cap)]  # fmt: skip
        parts[parts.index(max(parts))] += whole - sum(parts)
        found |= dict(zip(names, parts, strict=True))
    return found
