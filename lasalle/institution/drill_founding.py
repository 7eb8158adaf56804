"""The founding of a drill: its members, their money, the series, and where everybody stands."""

from __future__ import annotations

import random

from lasalle import wire
from lasalle.institution.drill_house import DrillHouse
from lasalle.institution.drill_story import Cast, Story
from lasalle.institution.drill_told import DayTold, DefaultTold
from lasalle.plain.state import State
from lasalle.wire import AccountKind, Bound, OrderType, SelfTrade, Side, Tranche

MEMBER_ROLES = int(wire.Role.TRADER | wire.Role.RISK | wire.Role.SETTLEMENT)
LIFE = wire.TimeInForce


class Founded:
    """A house in which everybody of a story stands where the story begins."""

    def __init__(self, story: Story, house: DrillHouse) -> None:
        self.story, self.house = story, house
        self.dice = random.Random(story.seed)
        state = house.state()
        self.opening = dict(house.book.balances)
        self.opening_events = len(house.told)
        base = max([9_000, *state.members, *state.accounts, *state.actors])
        self.number = {c.key: base + 1 + i for i, c in enumerate(story.cast)}
        self.names = {self.number[c.key]: c.name for c in story.cast}
        self.price = story.price
        self.series = 0
        self.slice = max((k[0] for k in state.bids), default=0)
        self.days: list[DayTold] = []
        self.defaults: dict[str, DefaultTold] = {}
        self.from_cash: dict[int, int] = {}
        """What the settlement of the day took from the cash of whoever could not pay whole."""
        self.halted = False
        self._today: list[str] = []
        self._found(state)

    def _found(self, state: State) -> None:
        """Members, money, the series, and the positions everybody starts with."""
        house, story = self.house, self.story
        house.next_day()
        for one in story.cast:
            self._admit(one)
        house.must(house.first, wire.FundLiquidity(amount=story.liquidity))
        for tranche, amount in (
            (Tranche.FIRST_LOSS, story.first_loss),
            (Tranche.SECOND_TRANCHE, story.second_tranche),
        ):
            house.must(house.first, wire.FundTranche(tranche=tranche, amount=amount))
        self.series = house.list_series(state, story.series, story.hours, story.price, story.margin)
        longs = [(c, c.lots) for c in story.cast if c.lots > 0]
        for seller in (c for c in story.cast if c.lots < 0):
            left = -seller.lots
            while left:
                buyer, wanted = longs[0]
                lots = min(left, wanted)
                self.place(seller.key, Side.SELL, story.price, lots)
                self.place(buyer.key, Side.BUY, story.price, lots, LIFE.IOC)
                left -= lots
                longs[0] = (buyer, wanted - lots)
                if wanted == lots:
                    longs.pop(0)
        for one in story.cast:
            held = house.book.lots[self.number[one.key], self.series]
            assert held == one.lots, f"{one.key} holds {held} lots, {one.lots} were meant"

    def _admit(self, one: Cast) -> None:
        house, number = self.house, self.number[one.key]
        member = self.number[one.of] if one.of else number
        if not one.of:
            house.must(house.first, wire.RegisterMember(member=member, name=one.key))
        actor = wire.RegisterActor(registered=number, member=member, roles=MEMBER_ROLES)
        house.must(house.first, actor)
        account = wire.OpenAccount(
            account=number,
            member=member,
            account_kind=AccountKind.CLIENT if one.of else AccountKind.HOUSE,
            owner=number,
            position_limit=min(Bound.ACCOUNT_GROSS_LOTS, 200_000 * self.story.lots_times),
            order_lots_limit=min(Bound.ORDER_LOTS, 20_000 * self.story.lots_times),
            order_value_limit=min(Bound.MONEY, 10**15 * self.story.lots_times),
        )
        house.must(house.first, account)
        self.deposit(one.key, one.cash, "founding")
        if one.contribution:
            asked = wire.ContributeFund(account=number, amount=one.contribution)
            house.must(number, asked)

    def name(self, account: int) -> str:
        """Who an account is; one that stood in the house before is told by its number."""
        return self.names.get(account, f"account {account}")

    def deposit(self, key: str, amount: int, why: str) -> None:
        """Money reaches the bank for a member."""
        house = self.house
        reference = f"{why[:12]}-{house.sequencer.core.last_number}"
        asked = wire.Deposit(account=self.number[key], asset=1, amount=amount, reference=reference)
        house.must(house.first, asked)

    def place(
        self, key: str, side: Side, price: int, lots: int, life: LIFE = LIFE.DAY, actor: int = 0
    ) -> None:
        """A limit order; `actor` of the house makes it a close-out."""
        asked = wire.PlaceOrder(
            account=self.number[key],
            series=self.series,
            side=side,
            order_type=OrderType.LIMIT,
            time_in_force=life,
            self_trade=SelfTrade.CANCEL_NEWEST,
            close_out=bool(actor),
            price=price,
            lots=lots,
        )
        # Whoever trades for the member that carries the account now bears that member's number.
        self.house.must(actor or self.house.book.member[self.number[key]], asked)
