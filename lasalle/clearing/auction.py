"""The auction of the book of a member in default: vertical slices, sealed bids, awards.

A bid is sealed under a digest that binds slice, accounts, amount, positions and a secret, and
opened by its sender when sealing is over; one that is not opened, or not within the reserve, is
none (CLR-032, CLR-033). An amount is what the house pays to who takes
the slice, in micro-dollars; negative is paid by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lasalle import wire
from lasalle.clearing.losses import spread
from lasalle.plain.auction import commitment


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of an account's book: the same mix as the whole, in whole lots."""

    number: int
    account: int
    lots: tuple[wire.SliceLots, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an auction: awards in order of slice, and slices nobody may have."""

    awards: tuple[wire.AwardSlice, ...]
    unsold: tuple[Slice, ...]
    absent: tuple[int, ...]
    """Accounts asked that sent no bid within the reserve: the fund of their members is junior."""


def bid(
    slice_: int,
    from_account: int,
    account: int,
    amount: int,
    lots: tuple[wire.SliceLots, ...],
    until: int,
    secret: bytes,
) -> tuple[wire.AwardSlice, wire.CommitBid]:
    """A bid as it would be opened, and as it is sealed. secret: 32 bytes nobody can guess."""
    opened = wire.AwardSlice(
        slice=slice_,
        from_account=from_account,
        to_account=account,
        amount=amount,
        secret=secret,
        positions=lots,
    )
    sealed = wire.CommitBid(
        account=account,
        slice=slice_,
        from_account=from_account,
        until=until,
        commitment=commitment(opened),
    )
    return opened, sealed


def opening(award: wire.AwardSlice) -> wire.OpenBid:
    """How its sender opens a bid to the house (CLR-032)."""
    return wire.OpenBid(
        account=award.to_account, slice=award.slice, amount=award.amount, secret=award.secret
    )


def offer(one: Slice, reserve: int, seals: int, opens: int) -> wire.OfferSlice:
    """A slice put out to bids: sealed until `seals`, opened until `opens`, nanoseconds UTC;
    reserve: the most the house pays, micro-dollars."""
    return wire.OfferSlice(
        slice=one.number,
        from_account=one.account,
        reserve=reserve,
        seals=seals,
        opens=opens,
        positions=one.lots,
    )


def slices(account: int, positions: Mapping[int, int], count: int, first: int = 1) -> list[Slice]:
    """A book cut into so many vertical slices, numbered from `first` on; none is empty."""
    if count < 1:
        raise ValueError(f"{count} slices: expected at least 1")
    cut: list[list[wire.SliceLots]] = [[] for _ in range(count)]
    for series, lots in sorted(positions.items()):
        parts = spread(abs(lots), [(place, 1) for place in range(count)])
        for place, part in parts:
            if part:
                cut[place].append(wire.SliceLots(series, part if lots > 0 else -part))
    filled = [tuple(part) for part in cut if part]
    return [Slice(first + i, account, part) for i, part in enumerate(filled)]


def outcome(
    offered: Iterable[Slice],
    opened: Iterable[wire.AwardSlice],
    asked: Iterable[int],
    reserve: Mapping[int, int],
) -> Outcome:
    """Each slice goes to the bid that costs the house least, ties to the lower account.

    opened: bids as their senders opened them to the desk; asked: accounts invited; reserve: the
    most the house pays for a slice, by its number. A bid for other positions is none.
    """
    slices_ = {s.number: s for s in offered}
    bids = [
        b
        for b in opened
        if b.slice in slices_
        and b.positions == slices_[b.slice].lots
        and b.from_account == slices_[b.slice].account
        and b.amount <= reserve[b.slice]
    ]
    awards, unsold = [], []
    for number in sorted(slices_):
        wanted = [b for b in bids if b.slice == number]
        if wanted:
            awards.append(min(wanted, key=lambda b: (b.amount, b.to_account)))
        else:
            unsold.append(slices_[number])
    present = {b.to_account for b in bids}
    absent = tuple(sorted(set(asked) - present))
    return Outcome(tuple(awards), tuple(unsold), absent)
