"""Defaults in the wide stories: the fund, declarations, sealed bids, waterfalls, porting, tear-ups.

What is asked for is computed as the default desk computes it, from the events told so far; now and
then a share is off by one micro-dollar.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from msgspec.structs import replace

from lasalle import wire
from lasalle.clearing.auction import Slice, bid, offer, opening
from lasalle.clearing.losses import allocate, tear_up
from lasalle.clearing.standing import Standing
from lasalle.wire import AccountKind, Tranche
from tests.properties.wide_clearing import Clearing
from tests.properties.wide_world import ACCOUNTS, DOLLAR, FUTURE, SECOND, WHALES, Asked


class Defaults(Clearing):
    """The habit of the default desk; what it knows is folded from the events."""

    book: Standing
    suspended: set[int]
    slice = 0
    other_assets: dict[tuple[int, int], int]
    """What accounts have of an asset, by account and asset."""
    sequence: int

    def ask_default(self) -> Asked:
        """A step of a default, or what comes before the first."""
        dice = self.random
        if dice.random() < 0.4 or not any(self.book.fund(a) for a in ACCOUNTS):
            yield from self.fund()
        if not self.book.defaults or dice.random() < 0.1:
            yield wire.DeclareDefault(member=dice.choice((1, 2, 2, 2, 3, 4, 5))), 1
            yield wire.ReinstateMember(member=dice.randint(1, 4)), 1
            return
        steps: tuple[str, ...] = ("port", "auction", "loss", "tear", "close", "out")
        steps += ("shock",) * 3
        if self.behaviour_now >= 4:
            steps += ("auction", "notice", "frozen")
        for step in dice.choices(steps, k=5):
            if self.book.defaults:
                member = dice.choice(sorted(self.book.defaults))
                yield from getattr(self, "default_" + step)(member, self.book.accounts(member))

    def fund(self) -> Asked:
        """Contributions, tranches, and what asks its money back."""
        dice = self.random
        account = dice.choice(ACCOUNTS)
        amount = dice.choice((1, 77, 300_000_001, 1000 * DOLLAR))
        for contributor in (account, dice.choice(ACCOUNTS)):
            asked = wire.ContributeFund(account=contributor, amount=amount)
            yield asked, 100 + contributor
        yield wire.FundTranche(tranche=dice.choice(list(Tranche)), amount=amount), 1
        if dice.random() < (0.1 if self.book.defaults else 0.6):
            account = max(ACCOUNTS, key=self.book.fund)
            amount = dice.choice((1, 1, 10**12))
            yield wire.ReturnFund(account=account, amount=amount), 1

    def default_port(self, member: int, theirs: list[int]) -> Asked:
        account = self.random.choice([*theirs, *ACCOUNTS])
        clients = [a for a in theirs if self.book.kind[a] == AccountKind.CLIENT]
        account = clients[0] if clients and self.random.random() < 0.8 else account
        if clients and self.random.random() < 0.5:
            yield from self.load(clients[0], 300)
            yield from self.lose((-90, 400))
        other = self.random.choice([m for m in (1, 3, 4) if m not in self.suspended] or [2])
        yield wire.OfferPort(account=account, member=other), 1
        asks = [a for a in ACCOUNTS if self.book.member.get(a) == other] or [1]
        yield wire.AcceptPort(account=account), 100 + asks[0]

    def default_auction(self, member: int, theirs: list[int]) -> Asked:
        dice = self.random
        holders = [a for a in theirs if self.book.positions(a)]
        account = dice.choice(holders or theirs or [1])
        positions = tuple(self.book.positions(account).items())
        taken = positions[: dice.choice((1, 1, 5))]
        lots = tuple(wire.SliceLots(s, n - (n > 1) * dice.choice((0, 1))) for s, n in taken)
        if dice.random() < 0.25:
            lots = lots[::-1] if len(lots) > 1 else lots * 2
        if dice.random() < 0.1:
            lots = tuple(replace(x, lots=-x.lots) for x in lots)
        self.slice += 1
        one = Slice(self.slice, account, lots)
        sealing, opening_ = (dice.choice((1, 2, 5)) * SECOND for _ in range(2))
        seals = self.clock + sealing
        if self.behaviour_now >= 4 and dice.random() < 0.95:
            reserve = dice.choice((0, 1, 100, 900, 900, 10**11)) * DOLLAR
            asked = offer(one, reserve, seals, seals + opening_)
            yield asked, 1
            if dice.random() < 0.1:
                yield asked, 1
            if taken and dice.random() < 0.3:
                yield from self.closing(account, taken[0])
        until = seals + opening_ + dice.choice((0, 1, 1, 100, 100, 100)) * SECOND
        bids = yield from self.seal_bids(one, until if self.behaviour_now >= 4 else 0)
        if self.behaviour_now < 4:
            yield self.award(bids), 1
            return
        yield from self.open_bids(bids, dice.random() < 0.1)
        self.clock = max(self.clock, seals)
        yield from self.open_bids(bids, dice.random() < 0.9)
        if dice.random() < 0.8:
            self.clock = max(self.clock, seals + opening_)
        yield from self.end_auction(member, theirs, bids)

    def closing(self, account: int, position: tuple[int, int]) -> Asked:
        """A close-out rests while what it would close is out to bids."""
        series, lots = position
        side = wire.Side.SELL if lots > 0 else wire.Side.BUY
        low, high = (self.price(series, 0) * share // 100 for share in (85, 115))
        price = (high if lots > 0 else low) // 10_000 * 10_000
        fields = {"series": series, "side": side, "price": price, "lots": min(abs(lots), 500)}
        yield self.place(account, 8, **fields, close_out=True, reference="")

    @property
    def behaviour_now(self) -> int:
        return self.book.behaviour

    def seal_bids(self, one: Slice, until: int) -> Generator[Any, None, list[wire.AwardSlice]]:
        """Two or three bids; until 0: one of several times."""
        dice = self.random
        sound = [a for a in ACCOUNTS if self.book.member.get(a) not in self.suspended]
        sealed = []
        for bidder in dice.sample(sound if len(sound) > 2 else ACCOUNTS, dice.choice((2, 3))):
            award, commit = bid(
                one.number,
                one.account,
                bidder,
                dice.choice((0, 1, -1, 100, 900, -(10**11))) * DOLLAR,
                one.lots,
                until or self.clock + dice.choice((0, 1, 100)) * SECOND,
                bytes([dice.randrange(256)]) * 32,
            )
            yield commit, 100 + bidder
            sealed.append(award)
        return sealed

    def open_bids(self, bids: list[wire.AwardSlice], really: bool) -> Asked:
        """Most bids are opened as they were sealed."""
        dice = self.random
        for award in bids if really else ():
            asked = opening(award)
            if dice.random() < 0.1:
                yield replace(asked, amount=asked.amount - 1), 100 + asked.account
            if dice.random() < 0.9:
                yield asked, 100 + asked.account
            if dice.random() < 0.1:
                yield asked, 100 + asked.account

    def award(self, bids: list[wire.AwardSlice]) -> wire.AwardSlice:
        """The best bid, or another, or none that was sealed."""
        dice = self.random
        ranked = sorted(bids, key=lambda b: (b.amount, b.to_account))
        award = ranked[0] if dice.random() < 0.5 else dice.choice((ranked[1], ranked[-1]))
        if dice.random() < 0.1:
            award = replace(award, amount=award.amount + 1)
        return award

    def end_auction(self, member: int, theirs: list[int], bids: list[wire.AwardSlice]) -> Asked:
        """The slice goes to a bid, or is taken back, at once or before the next loss is spread."""
        dice = self.random
        if dice.random() < 0.2:
            yield from self.default_loss(member, theirs, clear=False)
        if dice.random() < 0.2:
            self.clock += 2 * SECOND
        for _ in range(2):
            yield self.award(bids), 1
        if dice.random() < 0.5:
            yield wire.EndSlice(slice=self.slice), 1

    def default_notice(self, member: int, theirs: list[int]) -> Asked:
        """A survivor gives notice; now and then a month passes."""
        asks = 100 + self.random.choice(ACCOUNTS)
        for _ in range(self.random.choice((1, 2))):
            yield wire.GiveNotice(), asks
        if self.random.random() < 0.1:
            self.clock += 31 * 86_400 * SECOND

    def default_frozen(self, member: int, theirs: list[int]) -> Asked:
        """What actors of a member in default may ask for and what not."""
        account = self.random.choice(theirs or [1])
        yield self.place(account)
        yield wire.EngageKillSwitch(account=account), 100 + account
        yield wire.MassCancel(account=account), 100 + account
        yield wire.ArmDeadMan(account=account, timeout=SECOND), 100 + account

    def see_transfer_posted(self, header: wire.Header, event: Any) -> None:
        paid = event.reason == wire.TransferReason.WITHDRAWAL
        held = self.other_assets.get((event.account, event.asset), 0)
        after = held - event.amount if paid else held + event.amount
        self.other_assets[event.account, event.asset] = after

    def pledge(self, theirs: list[int]) -> Asked:
        """Euros that count as collateral come to an account in default."""
        yield wire.AdmitCollateral(asset=2, haircut=500, account_cap=10**12, letter=False), 1
        account, reference = theirs[0] if theirs else 1, f"pledge{self.sequence}"
        yield wire.Deposit(account=account, asset=2, amount=DOLLAR, reference=reference), 1

    def clear_the_way(self, theirs: list[int]) -> Asked:
        """What has to be done before a loss is spread: slices taken back, collateral sold."""
        for number, one in sorted(self.book.slices.items()):
            if one.from_account in theirs:
                yield wire.EndSlice(slice=number), 1
        for (account, asset), amount in sorted(self.other_assets.items()):
            if account in theirs and amount and asset != 1:
                reference = f"sale{self.sequence}-{asset}"
                asked = wire.RequestWithdrawal(
                    account=account, asset=asset, amount=amount, reference=reference
                )
                yield asked, 1
                yield wire.PostWithdrawal(transfer=self.number), 1

    def default_loss(self, member: int, theirs: list[int], clear: bool = True) -> Asked:
        if self.behaviour_now >= 4 and self.random.random() < 0.1:
            yield from self.pledge(theirs)
        if self.behaviour_now >= 4 and clear and self.random.random() < 0.9:
            yield from self.clear_the_way(theirs)
        asked = allocate(self.book, member).command()
        shares = list(asked.shares)
        if shares and self.random.random() < 0.3:
            place = self.random.randrange(len(shares))
            share = shares[place]
            shares[place] = replace(share, amount=share.amount + 1)
            if self.random.random() < 0.7:
                del shares[place]
            asked = replace(asked, shares=tuple(shares))
        yield replace(asked, loss=asked.loss + self.random.choice((0, 0, 0, 0, 1))), 1

    def default_tear(self, member: int, theirs: list[int]) -> Asked:
        account = self.random.choice([*theirs, 1])
        held = self.book.positions(account) or {FUTURE: 0}
        series = self.random.choice(sorted(held))
        asked = tear_up(self.book, account, series)
        if asked.cuts and self.random.random() < 0.3:
            asked = replace(asked, cuts=asked.cuts[:-1])
        yield asked, 1

    def default_shock(self, member: int, theirs: list[int]) -> Asked:
        """A hedge that goes wrong, and a day on which it loses; losses small, great and beyond."""
        if theirs and self.random.random() < 0.7:
            yield from self.load(self.random.choice(theirs))
        yield from self.lose()
        yield from self.default_loss(member, theirs)
        if self.random.random() < 0.6:
            yield from self.default_tear(member, theirs)

    def lose(self, jumps: tuple[int, ...] = (-90, -25, 12, 25, 400, 400)) -> Asked:
        """The price jumps, and the day is settled."""
        jump = self.random.choice(jumps)
        self.mids[FUTURE] = max(20, self.mids[FUTURE] + jump)
        yield from self.ask_settle()

    def load(self, account: int, most: int = 200) -> Asked:
        """A close-out skips coverage: the account comes to hold what it cannot bear."""
        yield wire.ResumeMarket(), 1
        yield wire.SetSeriesState(series=FUTURE, state=wire.SeriesState.OPEN), 1
        dice, price = self.random, self.price(FUTURE, 0)
        side = dice.choice(list(wire.Side))
        other = wire.Side(3 - side)
        resting = {"series": FUTURE, "price": price, "reference": ""}
        for maker in dice.sample((*ACCOUNTS, *WHALES), 4):
            yield self.place(maker, side=other, lots=dice.choice((7, 40, 120)), **resting)
        lots = dice.choice((20, most))
        yield self.place(account, 8, side=side, lots=lots, close_out=True, **resting)

    def default_close(self, member: int, theirs: list[int]) -> Asked:
        yield wire.CloseDefault(member=self.random.choice((member, member, 1))), 1

    def default_out(self, member: int, theirs: list[int]) -> Asked:
        """Positions are closed out in the market, at whatever the bands allow."""
        for account in theirs:
            for series, lots in self.book.positions(account).items():
                side = wire.Side.SELL if lots > 0 else wire.Side.BUY
                yield self.place(
                    account,
                    8,
                    series=series,
                    side=side,
                    lots=min(abs(lots), 500),
                    close_out=True,
                    time_in_force=wire.TimeInForce.IOC,
                )
        yield from self.fund() if self.random.random() < 0.2 else ()
