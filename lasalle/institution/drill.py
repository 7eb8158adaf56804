"""A fire drill: a story of defaults told to a copy of a house, day by day, through its own law.

Everything is asked as anyone would ask it; what bears a loss is computed by the default desk and
held against the law by the core. The same story and seed give the same drill, byte for byte.
"""

from __future__ import annotations

from hashlib import sha256

from lasalle import wire
from lasalle.clearing.auction import Slice, bid, offer, opening, outcome, slices
from lasalle.clearing.losses import allocate, resources, tear_up
from lasalle.institution.drill_founding import LIFE, Founded
from lasalle.institution.drill_house import DAY
from lasalle.institution.drill_story import Planned
from lasalle.institution.drill_told import DayTold, DefaultTold, usd, words
from lasalle.wire import AccountKind, LedgerClass, LossLayer, Side, Tranche

HOUR, WEEK = DAY // 24, 7 * DAY
GIVEN_BACK = (LossLayer.GAINS, LossLayer.CLIENT_GAINS)


class Drill(Founded):
    """A story being told to a house."""

    # -- a day -------------------------------------------------------------------------------

    def run(self) -> None:
        """All days of the story."""
        for day in range(1, self.story.days + 1):
            self._day(day)

    def _day(self, day: int) -> None:
        house, story = self.house, self.story
        date = house.next_day()
        step = story.moves.get(day, 0) + self.dice.choice((-1, 0, 1)) * story.noise
        self.price = max(10_000, self.price + step)
        told = DayTold(day, date, self.price, False, self.ready())
        self._today = told.lines
        for money in (m for m in story.money if m.day == day):
            self._move_money(money.kind, money.amount, money.member)
        self.settle()
        self._answer_calls(day)
        for trade in (t for t in story.trades if t.day == day):
            self._trade(trade.seller, trade.buyer, trade.lots)
        for planned in story.defaults:
            if planned.member in self.defaults and not self.defaults[planned.member].closed:
                self._manage(day, planned)
        self._resume()
        told.halted = self.halted
        self.days.append(told)

    def say(self, line: str) -> None:
        """A line of the trace."""
        self._today.append(line)

    def ready(self) -> dict[str, int]:
        """What stands ready before a day."""
        balances = self.house.book.balances
        fund = sum(v for (c, _), v in balances.items() if c == LedgerClass.DEFAULT_FUND)
        return {
            "fund": fund,
            "first_loss": balances[LedgerClass.FIRST_LOSS, 0],
            "second_tranche": balances[LedgerClass.SECOND_TRANCHE, 0],
            "liquidity": balances[LedgerClass.HOUSE_LIQUIDITY, 0],
            "shortfall": -balances[LedgerClass.DEFAULT_SHORTFALL, 0],
        }

    def _move_money(self, kind: str, amount: int, key: str) -> None:
        house = self.house
        if kind in ("first_loss", "second_tranche"):
            house.must(house.first, wire.FundTranche(tranche=Tranche[kind.upper()], amount=amount))
            self.say(f"the house adds {usd(amount)} to its {kind.replace('_', ' ')}")
            return
        number = self.number[key]
        if kind == "deposit":
            self.deposit(key, amount, "deposit")
        elif kind == "contribute":
            house.must(number, wire.ContributeFund(account=number, amount=amount))
        else:
            reference = f"out-{house.sequencer.core.last_number}"
            asked = wire.RequestWithdrawal(
                account=number, asset=1, amount=amount, reference=reference
            )
            told = house.must(number, asked)
            (transfer,) = [e.transfer for _, e in told if isinstance(e, wire.TransferPended)]
            house.must(house.first, wire.PostWithdrawal(transfer=transfer))
        verb = {"deposit": "pays in", "contribute": "contributes", "withdraw": "takes out"}[kind]
        self.say(f"{self.names[number]} {verb} {usd(amount)}")

    def settle(self) -> None:
        """Variation margin of the day; other series stay at their marks."""
        house, book = self.house, self.house.book
        held = {s for (_, s), lots in book.lots.items() if lots} | {self.series}
        prices = tuple(
            wire.SeriesPrice(s, self.price if s == self.series else max(1, book.series[s].mark))
            for s in sorted(held)
        )
        told = house.must(house.first, wire.SettleVariation(day=house.today, prices=prices))
        self.from_cash = {}
        for _, event in told:
            if isinstance(event, wire.PaymentPosted) and event.advanced + event.shortfall:
                self.from_cash[event.account] = event.from_cash
                name = self.names.get(event.account, f"account {event.account}")
                self.say(
                    f"{name} loses {usd(-event.amount)}: {usd(event.from_cash)} of its cash, "
                    f"{usd(event.advanced)} advanced, {usd(event.shortfall)} short"
                )
            elif isinstance(event, wire.MarketHalted):
                self.halted = True
                self.say("the market stands still: the liquidity is used up")

    def _answer_calls(self, day: int) -> None:
        """Who owes pays on the day, but for who has stopped paying."""
        planned = {p.member: p.from_day for p in self.story.defaults}
        for one in self.story.cast:
            due = self.house.book.due(self.number[one.key])
            holder = one.of or one.key
            if not due or holder in self.defaults:
                continue
            if planned.get(holder, self.story.days + 1) <= day:
                self._declare(day, holder)
                continue
            self.deposit(one.key, due, "call")
            self.say(f"{one.name} pays what it owes, {usd(due)}")

    def _trade(self, seller: str, buyer: str, lots: int) -> None:
        """Lots change hands at the price of the day."""
        price = self.price // 10_000 * 10_000
        self.place(seller, Side.SELL, price, lots)
        self.place(buyer, Side.BUY, price, lots, LIFE.IOC)
        names = self.names[self.number[seller]], self.names[self.number[buyer]]
        self.say(f"{names[0]} sells {lots} lots to {names[1]}")

    # -- a default ---------------------------------------------------------------------------

    def _declare(self, day: int, key: str) -> None:
        house, member = self.house, self.number[key]
        house.must(house.first, wire.DeclareDefault(member=member))
        self.defaults[key] = DefaultTold(key, self.names[member], member, day)
        self.say(f"DEFAULT: {self.names[member]} does not pay and is declared in default")

    def _manage(self, day: int, planned: Planned) -> None:
        told = self.defaults[planned.member]
        told.margin_paid += self.from_cash.get(told.member, 0)
        self._allocate(told)
        self._resume()
        if planned.port_to and not told.ported:
            self._port(told, planned.port_to)
        if planned.hedge_lots and not told.hedged and not self.halted:
            self._hedge(told, planned)
        account = told.member
        if day > told.declared and not (told.tried and self._exhausted(told)):
            self._auction(told, planned)
        if told.tried and self.house.book.positions(account) and self._exhausted(told):
            self._tear_up(told)
        self._close(day, told)

    def _exhausted(self, told: DefaultTold) -> bool:
        return not sum(resources(self.house.book, told.member).values())

    def _allocate(self, told: DefaultTold) -> None:
        """What the member owes now, spread over the layers."""
        house = self.house
        asked = allocate(house.book, told.member)
        if not asked.loss:
            return
        house.must(house.first, asked.command())
        told.loss += asked.loss - asked.left
        told.left = asked.left
        borne = {layer: v for layer, v in asked.by_layer().items() if v}
        for layer, amount in borne.items():
            told.layers[layer] += amount
        parts = ", ".join(f"{words(layer)} {usd(v)}" for layer, v in borne.items())
        self.say(f"{told.name} owes {usd(asked.loss)}; borne by {parts or 'nobody'}")
        for share in asked.shares:
            if share.layer in (LossLayer.ASSESSMENT, *GIVEN_BACK):
                verb = "is assessed" if share.layer == LossLayer.ASSESSMENT else "gives back"
                self.say(f"    {self.name(share.account)} {verb} {usd(share.amount)}")

    def _resume(self) -> None:
        short = -self.house.book.balances[LedgerClass.DEFAULT_SHORTFALL, 0]
        if self.halted and not short:
            self.house.must(self.house.first, wire.ResumeMarket())
            self.halted = False
            self.say("trading goes on")

    def _port(self, told: DefaultTold, taker: str) -> None:
        """Clients go to another member, which takes them with their cash and positions."""
        house, book = self.house, self.house.book
        for account in book.accounts(told.member):
            if book.kind[account] == AccountKind.HOUSE:
                continue
            offer = wire.OfferPort(account=account, member=self.number[taker])
            house.must(house.first, offer)
            house.must(self.number[taker], wire.AcceptPort(account=account))
            told.ported.append(self.names[account])
            self.say(f"{self.names[account]} goes to {self.names[self.number[taker]]}, whole")

    def _hedge(self, told: DefaultTold, planned: Planned) -> None:
        """Part of the book is closed out in the market."""
        held = self.house.book.lots[told.member, self.series]
        lots = min(planned.hedge_lots, abs(held))
        side, other = (Side.SELL, Side.BUY) if held > 0 else (Side.BUY, Side.SELL)
        price = self.price // 10_000 * 10_000
        self.place(planned.hedge_with, other, price, lots)
        self.place(told.key, side, price, lots, LIFE.IOC, self.house.first)
        told.hedged = lots
        with_ = self.names[self.number[planned.hedge_with]]
        self.say(f"the desk closes out {lots} lots at {usd(price)} against {with_}")

    def _auction(self, told: DefaultTold, planned: Planned) -> None:
        """The book goes out in slices to sealed bids; what nobody may have stays."""
        house = self.house
        told.tried = True
        positions = house.book.positions(told.member)
        if not positions:
            return
        offered = slices(told.member, positions, planned.slices, self.slice + 1)
        self.slice += len(offered)
        reserve = {s.number: planned.reserve * sum(abs(i.lots) for i in s.lots) for s in offered}
        seals, opens = house.now + HOUR, house.now + 2 * HOUR
        for one in offered:
            house.must(house.first, offer(one, reserve[one.number], seals, opens))
        opened = self._bids(told, planned, offered)
        house.now = seals + 1
        for award in opened:
            house.must(award.to_account, opening(award))
        house.now = opens + 1
        asked = [self.number[key] for key in planned.asked]
        found = outcome(offered, opened, asked, reserve)
        told.absent = [self.names[a] for a in found.absent]
        self.say(
            f"auction: {len(offered)} slices, {len(opened)} sealed bids, "
            f"no bid within the reserve from {', '.join(told.absent) or 'nobody asked'}"
        )
        unsold = sum(not self._sell(told, one, opened, reserve) for one in offered)
        if unsold:
            self.say(f"    {unsold} slices find no bid within the reserve that can be carried out")
        self._allocate(told)
        self._resume()

    def _bids(
        self, told: DefaultTold, planned: Planned, offered: list[Slice]
    ) -> list[wire.AwardSlice]:
        """Every bidder seals a bid for every slice; as they will be opened."""
        house, opened = self.house, []
        for key in planned.bids:
            for one in offered:
                lots = sum(abs(item.lots) for item in one.lots)
                cents = self.dice.randint(planned.least // 10_000, planned.most // 10_000)
                secret = sha256(f"{self.story.seed} {key} {one.number}".encode()).digest()
                award, sealed = bid(
                    one.number,
                    told.member,
                    self.number[key],
                    lots * cents * 10_000,
                    one.lots,
                    house.now + WEEK,
                    secret,
                )
                house.must(self.number[key], sealed)
                opened.append(award)
        return opened

    def _sell(
        self,
        told: DefaultTold,
        one: Slice,
        opened: list[wire.AwardSlice],
        reserve: dict[int, int],
    ) -> bool:
        """The slice goes to the best bid whose sender can carry it; True when it went."""
        left = [award for award in opened if award.slice == one.number]
        lots = sum(abs(item.lots) for item in one.lots)
        while awards := outcome([one], left, [], reserve).awards:
            (award,) = awards
            winner = self.names[award.to_account]
            answer = self.house.ask_four_eyes(award)
            if any(isinstance(event, wire.MarketHalted) for _, event in answer):
                self.halted = True
            if not any(isinstance(event, wire.Refused) for _, event in answer):
                told.sold += lots
                told.paid_to_winners += award.amount
                self.say(f"    {winner} takes {lots} lots for {usd(award.amount)}")
                return True
            self.say(f"    {winner} is not covered for {lots} lots")
            left.remove(award)
        self.house.must(self.house.first, wire.EndSlice(slice=one.number))
        return False

    def _tear_up(self, told: DefaultTold) -> None:
        """What is left ends at the mark against the other side."""
        house, book = self.house, self.house.book
        for series, held in book.positions(told.member).items():
            asked = tear_up(book, told.member, series)
            house.must(house.first, asked)
            told.torn += abs(held)
            cuts = ", ".join(f"{self.name(c.account)} {c.lots}" for c in asked.cuts)
            self.say(f"{abs(held)} lots are torn up at {usd(self.price)}: {cuts}")

    def _close(self, day: int, told: DefaultTold) -> None:
        book = self.house.book
        owed = sum(book.due(a) for a in book.accounts(told.member))
        if owed or any(book.positions(a) for a in book.accounts(told.member)):
            return
        answer = self.house.ask_four_eyes(wire.CloseDefault(member=told.member))
        if any(isinstance(event, wire.DefaultClosed) for _, event in answer):
            told.closed = day
            self.say(f"the default of {told.name} is closed")
