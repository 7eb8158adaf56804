"""Joining in the wide stories: who is eligible for which products, now and then for fewer."""

from __future__ import annotations

from lasalle import wire
from lasalle.wire import ProductClass, Side
from tests.properties.wide_defaults import Defaults
from tests.properties.wide_world import ACCOUNTS, FUTURE, Asked

EVERY = sum(ProductClass)


class Joined(Defaults):
    """The habit of the joining desk."""

    def ask_joining(self) -> Asked:
        """Somebody loses products while it has orders on both sides, asks for what only reduces
        and for what does not, and mostly gets them back."""
        dice = self.random
        account = dice.choice(ACCOUNTS)
        member = self.book.member.get(account, 1)
        for side in (Side.BUY, Side.SELL):
            yield self.place(account, series=FUTURE, side=side)
        of = dice.choice((0, 0, account, account, account, 77))
        products = dice.choice((0, 6, 6, ProductClass.OPTION, EVERY & ~ProductClass.FUTURE, 16))
        who = dice.choice((member,) * 8 + (1, 9))
        yield wire.SetEligibility(member=who, account=of, products=products), 1
        held = self.book.positions(account).get(FUTURE, 0)
        towards = Side.SELL if held > 0 else Side.BUY
        for lots in (max(1, abs(held)), abs(held) + 1):
            yield self.place(account, series=FUTURE, side=towards, lots=lots)
        if self.trades and dice.random() < 0.3:
            yield wire.BustTrade(trade=dice.choice(self.trades[-4:])), 1
        if dice.random() < 0.3:
            yield from self.ask_transfer()
        if dice.random() < 0.8:
            for back in {0, of}:
                yield wire.SetEligibility(member=member, account=back, products=EVERY), 1
