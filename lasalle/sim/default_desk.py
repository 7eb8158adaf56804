"""The default desk of the made-up house, and the members that bid for a book: declares, ports, puts
slices out, seals and opens bids, awards, spreads losses, tears up, closes.

What it asks for is computed from the state of the moment; a batch that comes late is refused.
A bare four-eyes command stands for propose and approve.
"""

from __future__ import annotations

from random import Random
from typing import Any

from lasalle import wire
from lasalle.clearing.auction import Slice, bid, offer, opening
from lasalle.clearing.losses import allocate, resources, tear_up
from lasalle.clearing.standing import Standing
from lasalle.plain.state import State
from lasalle.sim.clock import SECOND
from lasalle.sim.model import ACCOUNTS, BY_ACCOUNT, DOLLAR, THIN, actor_of
from lasalle.sim.world import by_house
from lasalle.venue.sequencer import Asked
from lasalle.wire import AccountKind, LedgerClass

HOUSES = tuple(row.account for row in ACCOUNTS if row.kind == AccountKind.HOUSE)
WINDOW = 10 * SECOND


class DefaultDesk:
    """Draws what is done about members that do not pay, from a stream of chance of its own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._slice = 0
        self._sealed: dict[int, list[wire.AwardSlice]] = {}
        """Bids that were sealed for a slice, as they would be opened."""

    def fund(self) -> list[Any]:
        """What stands to be lost: small, so that a day can use it up."""
        amounts = (50, 200, 1_000)
        asked: list[Any] = [
            Asked(
                actor_of(account),
                wire.ContributeFund(
                    account=account, amount=self._random.choice(amounts) * DOLLAR
                ),
            )
            for account in HOUSES
        ]
        for tranche in wire.Tranche:
            amount = self._random.choice(amounts) * DOLLAR
            asked.append(wire.FundTranche(tranche=tranche, amount=amount))
        return asked

    def before_a_shock(self) -> list[Any]:
        """Half of the days the thin fund is in default when the market jumps."""
        thin = BY_ACCOUNT[THIN].member
        return [wire.DeclareDefault(member=thin)] if self._random.random() < 0.5 else []

    def step(self, state: State) -> list[Any]:
        """What is done next; mostly nothing while nobody owes."""
        book, dice = Standing.of(state), self._random
        owing = {m for a, m in book.member.items() if book.due(a)} - book.defaults.keys()
        if owing and dice.random() < 0.5:
            return [wire.DeclareDefault(member=dice.choice(sorted(owing)))]
        if not book.defaults:
            if dice.random() < 0.015:
                return [wire.DeclareDefault(member=dice.randint(1, 6))]
            return []
        member = dice.choice(sorted(book.defaults))
        mine = [n for n, s in book.slices.items() if book.member[s.from_account] == member]
        if mine:
            pressing = any(book.due(a) for a in book.accounts(member)) and dice.random() < 0.5
            number = dice.choice(mine)
            if pressing:
                return [by_house(wire.EndSlice(slice=number))]
            return self._auction(state, book, number)
        asked = self._loss(book, member) or self._clients(book, member)
        return asked or self._positions(state, book, member)

    def _loss(self, book: Standing, member: int) -> list[Any]:
        """The loss is spread; now and then somebody wants to trade on before it is."""
        asked = allocate(book, member)
        if not asked.loss:
            return []
        short = book.balances[LedgerClass.DEFAULT_SHORTFALL, 0]
        hasty: list[Any] = [wire.ResumeMarket()] if short and self._random.random() < 0.7 else []
        return [*hasty, asked.command()]

    def _clients(self, book: Standing, member: int) -> list[Any]:
        """A client goes to a member that is sound, half of the time."""
        clients = [a for a in book.accounts(member) if book.kind[a] == AccountKind.CLIENT]
        if not clients or self._random.random() < 0.5:
            return []
        account = self._random.choice(clients)
        takers = [m for m in set(book.member.values()) if m not in book.defaults]
        if not takers:
            return []
        taker = self._random.choice(sorted(takers))
        port = by_house(wire.OfferPort(account=account, member=taker))
        return [port, Asked(100 + taker, wire.AcceptPort(account=account))]

    def _positions(self, state: State, book: Standing, member: int) -> list[Any]:
        """A slice goes out to bids, or what nobody may have ends at its mark."""
        dice = self._random
        held = {a: book.positions(a) for a in book.accounts(member)}
        held = {a: lots for a, lots in held.items() if lots}
        if not held:
            return [wire.CloseDefault(member=member)]
        account = dice.choice(sorted(held))
        series, lots = dice.choice(sorted(held[account].items()))
        if not sum(resources(book, member).values()) and dice.random() < 0.5:
            return [tear_up(book, account, series)]
        self._slice += 1
        part = lots - (lots > 1) * dice.choice((0, lots // 2))
        one = Slice(self._slice, account, (wire.SliceLots(series, part),))
        seals = state.last_time + WINDOW
        reserve = dice.choice((0, 50, 500)) * DOLLAR
        out = offer(one, reserve, seals, seals + WINDOW)
        return [by_house(out), *self._seal(out)]

    def _auction(self, state: State, book: Standing, number: int) -> list[Any]:
        out, dice = book.slices[number], self._random
        if state.last_time <= out.seals:
            return []
        if state.last_time <= out.opens:
            opened = [b for b in self._sealed.get(number, ()) if dice.random() < 0.8]
            return [Asked(actor_of(b.to_account), opening(b)) for b in opened]
        bids = sorted(self._sealed.pop(number, ()), key=lambda b: (b.amount, b.to_account))
        if not bids or dice.random() < 0.1:
            return [by_house(wire.EndSlice(slice=number))]
        return list(bids[:2])

    def _seal(self, out: wire.OfferSlice) -> list[Any]:
        """Bids of three accounts."""
        dice, asked = self._random, []
        for account in dice.sample(HOUSES, 3):
            award, sealed = bid(
                out.slice,
                out.from_account,
                account,
                dice.choice((-20, 0, 20, 100)) * DOLLAR,
                out.positions,
                out.opens + 3_600 * SECOND,
                bytes([dice.randrange(256)]) * 32,
            )
            self._sealed.setdefault(out.slice, []).append(award)
            asked.append(Asked(actor_of(account), sealed))
        return asked
