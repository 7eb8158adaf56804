"""What the clearing desk asks in the wide stories: collateral, margin calls, whence prices come."""

from __future__ import annotations

from lasalle import wire
from lasalle.wire import PriceStep, Publication, SeriesState, Side
from tests.properties.wide_orders import Traders
from tests.properties.wide_world import (
    ACCOUNTS,
    DOLLAR,
    FUTURE,
    MARKETS,
    SECOND,
    Asked,
)

BOND, LETTER = 3, 4
"""Assets that a story defines as it goes; 2 is the euro."""


class Clearing(Traders):
    """Habits of the clearing desk; what it knows is kept by the teller."""

    states: dict[int, SeriesState]
    day: int

    def ask_settle(self) -> Asked:
        jump = self.random.choice((0, 0, 0, -40, 40, -90, 90, 400))
        self.mids[FUTURE] = max(20, self.mids[FUTURE] + jump)
        open_series = [s for s in MARKETS if self.states[s] != SeriesState.EXPIRED]
        prices = tuple(wire.SeriesPrice(s, self.price(s, 1)) for s in open_series)
        if self.random.random() < 0.1:
            prices = prices[1:]
        yield wire.SettleVariation(day=self.day + 1, prices=prices), 1
        yield wire.SweepAccounts(limit=self.random.choice((0, 2, 10))), 1

    def ask_collateral(self) -> Asked:
        """Terms, prices, units that come and go, and orders that only they cover."""
        dice = self.random
        asset = dice.choice((2, 2, BOND, LETTER))
        if asset != 2:
            yield wire.DefineAsset(asset=asset, name=f"A{asset}"), 1
        if dice.random() < 0.8:
            yield (
                wire.AdmitCollateral(
                    asset=dice.choice((asset,) * 8 + (1, 77)),
                    haircut=dice.choice((0, 500, 500, 3_333, 3_333, 10_000, 10_001)),
                    account_cap=dice.choice((0, 5_000, 10**6)) * DOLLAR,
                    letter=asset == LETTER,
                ),
                1,
            )
        prices = sorted({asset, dice.choice((2, asset, asset, LETTER))})
        if dice.random() < 0.1:
            prices.reverse()
        priced = tuple(wire.AssetPrice(a, dice.choice((DOLLAR, 1_085_001, 7))) for a in prices)
        valued = wire.ValueCollateral(day=self.day + dice.choice((-1, 0, 0, 1)), prices=priced)
        yield valued, 1
        account = dice.choice(ACCOUNTS)
        amount = dice.choice((1, 40, 4_000, 30_000)) * DOLLAR
        reference = f"c{self.sequence}"
        yield wire.Deposit(account=account, asset=asset, amount=amount, reference=reference), 1
        leaves = wire.RequestWithdrawal(
            account=account,
            asset=asset,
            amount=dice.choice((amount, amount // 3 + 1)),
            timeout=dice.choice((0, SECOND)),
            reference=f"o{self.sequence}",
        )
        yield leaves, 100 + account

    def ask_call(self) -> Asked:
        """Two trade, the market jumps, and both are called, twice; who is covered is not. Some
        meet their call, some are late."""
        buyer, seller = self.random.sample(ACCOUNTS, 2)
        price = self.price(FUTURE)
        for account, side in ((buyer, Side.BUY), (seller, Side.SELL)):
            yield self.place(account, series=FUTURE, side=side, price=price, lots=120)
        self.mids[FUTURE] = max(20, self.mids[FUTURE] + self.random.choice((-90, 90, 400)))
        yield from self.ask_prices()
        for account in (buyer, seller, self.random.choice((*ACCOUNTS, 77))):
            timeout = self.random.choice((SECOND, SECOND, 30 * SECOND, 0))
            for _ in range(2):
                yield wire.IssueCall(account=account, timeout=timeout), 1
        account = self.random.choice(ACCOUNTS)
        reference = f"k{self.sequence}"
        amount = self.random.choice((1, 10**10))
        yield wire.Deposit(account=account, asset=1, amount=amount, reference=reference), 1

    def ask_digest(self) -> Asked:
        digest = bytes(self.random.randrange(256) for _ in range(32))
        day = self.day + self.random.choice((0, 1))
        what = self.random.choice(list(Publication))
        yield wire.PublishDigest(publication=what, day=day, digest=digest), 1

    def ask_prices(self) -> Asked:
        """A day settled at prices that say whence they come."""
        dice, steps = self.random, [step for step in PriceStep if step != PriceStep.STANDING]
        if self.sequence % 5 == 0:
            steps[-1] = PriceStep.STANDING
        prices = tuple(
            wire.FoundPrice(dice.choice(steps), s, self.price(s, 2))
            for s in MARKETS
            if self.states[s] != SeriesState.EXPIRED
        )
        if dice.random() < 0.1:
            prices = prices[1:]
        yield wire.SettlePrices(day=self.day + 1, prices=prices), 1
        yield wire.SweepAccounts(limit=dice.choice((2, 10))), 1
