"""Joining in the wide stories: who is eligible for which products, lines of credit for covered
sellers, and rates of interest on the variation of swaps."""

from __future__ import annotations

from abc import ABC, abstractmethod

from msgspec.structs import replace

from lasalle import wire
from lasalle.wire import AccountKind, ProductClass, Role, SeriesState, Side
from tests.properties.wide_defaults import Defaults
from tests.properties.wide_world import (
    ACCOUNTS,
    CALL,
    DOLLAR,
    FUTURE,
    SECOND,
    SWAP,
    WHALES,
    Asked,
)

EVERY = sum(ProductClass)
HARDWARE = 5
"""Asset that counts nothing toward margin and secures lines."""


class Joined(Defaults, ABC):
    """Habits of the joining desk and of who lends."""

    halted: bool
    trades: list[int]

    @abstractmethod
    def ask_transfer(self) -> Asked:
        """Positions that change hands; the teller knows which."""

    @abstractmethod
    def ask_mend(self) -> Asked:
        """Lets a market that stands still go on; the teller knows how."""

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

    def ask_line(self) -> Asked:
        """A covered seller with a line, a jump that its cash does not pay, interest, money back;
        now and then its member defaults."""
        dice = self.random
        buyers = [a for a in WHALES if self.book.member.get(a) not in self.suspended]
        if self.halted or not buyers:
            yield from self.ask_mend()
            return
        buyer, seller = dice.choice(buyers), 1000 + self.sequence
        yield from self.supplier(seller)
        yield from self.lent(seller)
        before, lots = self.mids[FUTURE], dice.choice((20, 30, 40))
        yield wire.SetSeriesState(series=FUTURE, state=SeriesState.OPEN), 1
        price = self.price(FUTURE, 0)
        for account, side in ((buyer, Side.BUY), (seller, Side.SELL)):
            fields = {"series": FUTURE, "side": side, "price": price, "lots": lots}
            yield self.place(account, **fields, reference="")
        yield wire.SetSeriesState(series=FUTURE, state=SeriesState.OPEN), 1
        self.mids[FUTURE] += dice.choice((90, 400, 400))
        yield from self.ask_prices()
        units = dice.choice((1, 1_000, 90_000)) * DOLLAR
        leaves = wire.RequestWithdrawal(
            account=seller, asset=HARDWARE, amount=units, reference=f"l{self.sequence}"
        )
        yield leaves, 100 + seller
        if dice.random() < 0.7:
            yield from self.failing(seller)
        yield from self.ask_prices()
        amount, reference = dice.choice((1, 700, 30_000)) * DOLLAR, f"j{self.sequence}"
        yield wire.Deposit(account=seller, asset=1, amount=amount, reference=reference), 1
        self.mids[FUTURE] = before
        yield from self.ask_prices()

    def supplier(self, number: int) -> Asked:
        """A member of its own with an account of the same number and some cash."""
        roles = Role.TRADER | Role.SETTLEMENT
        yield wire.RegisterMember(member=number, name="Supplier"), 1
        yield wire.RegisterActor(registered=100 + number, member=number, roles=roles), 1
        opened = wire.OpenAccount(
            account=number,
            member=number,
            account_kind=AccountKind.HOUSE,
            owner=number,
            position_limit=400,
            order_lots_limit=400,
            order_value_limit=10**12,
        )
        yield opened, 1
        cash = 8_000 * DOLLAR
        yield wire.Deposit(account=number, asset=1, amount=cash, reference="cash"), 1

    def lent(self, seller: int) -> Asked:
        """Hardware as security, money to lend, cover, a line; each asked for wrongly as well."""
        dice = self.random
        yield wire.DefineAsset(asset=HARDWARE, name="HW"), 1
        yield wire.AdmitCollateral(asset=HARDWARE, haircut=10_000, account_cap=0), 1
        priced = (wire.AssetPrice(HARDWARE, dice.choice((DOLLAR, 1_085_001))),)
        yield wire.ValueCollateral(day=self.day, prices=priced), 1
        cap, advance = 10**6 * DOLLAR, dice.choice((3_333, 9_000))
        yield wire.SecureLines(asset=HARDWARE, advance=advance, account_cap=cap), 1
        units, reference = dice.choice((4_000, 100_000)) * DOLLAR, f"h{self.sequence}"
        yield wire.Deposit(account=seller, asset=HARDWARE, amount=units, reference=reference), 1
        yield wire.FundLines(amount=dice.choice((5_000, 90_000)) * DOLLAR), 1
        cover = wire.RecordCover(
            account=seller,
            series=FUTURE,
            lots=dice.choice((30, 300, 300)),
            until=self.clock + 9_000 * SECOND,
            evidence=bytes([1 + self.sequence % 251]) * 32,
        )
        line = wire.SetLine(
            account=seller,
            limit=dice.choice((5_000, 30_000)) * DOLLAR,
            rate=dice.choice((0, 999, 10_000)),
        )
        wrong = (
            replace(cover, evidence=bytes(32)),
            replace(cover, until=self.clock),
            replace(cover, series=CALL),
            replace(cover, lots=0),
            replace(line, rate=10_001),
            replace(line, limit=10**6 * DOLLAR),
            replace(line, account=dice.choice(ACCOUNTS)),
            wire.SecureLines(asset=dice.choice((2, 77)), advance=5_000, account_cap=cap),
            wire.AdmitCollateral(asset=HARDWARE, haircut=9_999, account_cap=0),
            wire.AdmitCollateral(asset=2, haircut=500, account_cap=cap),
        )
        for command in dice.sample(wrong, 2):
            yield command, 1
        yield cover, 1
        yield line, 1

    def failing(self, seller: int) -> Asked:
        """The member of a seller defaults; its positions are closed and settled, its loss spread,
        then the default closed."""
        member = self.book.member.get(seller, 1)
        yield wire.DeclareDefault(member=member), 1
        yield wire.FundLiquidity(amount=10**6 * DOLLAR), 1
        yield wire.ResumeMarket(), 1
        yield wire.SetSeriesState(series=FUTURE, state=SeriesState.OPEN), 1
        rich = next((a for a in WHALES if self.book.member.get(a) != member), WHALES[0])
        for account in self.book.accounts(member):
            for series, lots in self.book.positions(account).items():
                price = self.price(series, 0)
                for who, sign, actor in ((account, 1, 1), (rich, -1, 0)):
                    side = Side.SELL if lots * sign > 0 else Side.BUY
                    fields = {"series": series, "side": side, "price": price, "reference": ""}
                    yield self.place(who, actor, **fields, lots=abs(lots), close_out=actor == 1)
                yield wire.SetSeriesState(series=series, state=SeriesState.OPEN), 1
        yield from self.ask_prices()
        if member in self.book.defaults:
            yield from self.default_loss(member, self.book.accounts(member))
        yield wire.CloseDefault(member=member), 1
        yield wire.ReinstateMember(member=member), 1

    def ask_rate(self) -> Asked:
        """A rate, two that swap, and days of interest after a move."""
        dice = self.random
        day = self.day + dice.choice((0, 0, 0, 1, -1))
        rate = dice.choice((43_100, 999_999, -250_000, 0, 1_000_001))
        source = dice.choice(("SOFR", "ESTR"))
        yield wire.PublishRate(day=day, rate=rate, source=source, inputs=bytes(32)), 1
        buyer, seller, other = dice.sample(ACCOUNTS, 3)
        price = self.price(SWAP)
        for account, side, lots in (
            (seller, Side.SELL, 2),
            (other, Side.SELL, 1),
            (buyer, Side.BUY, 3),
        ):
            yield self.place(account, series=SWAP, side=side, price=price, lots=lots)
        for _ in range(2):
            yield from self.ask_prices()
