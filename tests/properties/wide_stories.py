"""Stories of a whole house: every command, nearly every refusal, days, months, deficits.

A teller knows of the house what its events tell. Most of what it asks is sound; now and then a
field is bent or somebody else asks.
"""

from __future__ import annotations

import random
from typing import Any

import msgspec

from lasalle import wire
from lasalle.clearing.standing import Standing
from lasalle.plain.state import RECOVERY
from lasalle.wire import NoFixReason, Role, ScenarioKind, SelfTrade, SeriesState
from tests.properties.bending import bent
from tests.properties.wide_joining import Joined
from tests.properties.wide_world import (
    ACCOUNTS,
    CALL,
    CENT,
    DOLLAR,
    FUTURE,
    MARKETS,
    MONTHS,
    OTHER,
    PUT,
    SECOND,
    SWAP,
    Asked,
    founding,
    listing,
)
from tests.scenario import START


class WideTeller(Joined):
    """Draws the next commands of a story; each story has its own mix of habits."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.behaviour = min(seed % (2 * RECOVERY), RECOVERY)
        """What its house opens under; half of them the law of recovery, 0 is the first as well."""
        self.habits = [name[4:] for name in sorted(dir(self)) if name.startswith("ask_")]
        self.habits.remove("default")
        for later in ("joining", "line", "rate"):
            self.habits.remove(later)
        self.weights = [self.random.choice((0, 1, 1, 3)) for _ in self.habits]
        self.weights[self.habits.index("order")] = 20
        if self.behaviour >= 3:
            self.habits.append("default")
            self.weights.append(self.random.choice((3, 10)))
        if self.behaviour >= 4:
            self.habits += ["joining", "rate", "line"]
            self.weights += [*self.random.choices((0, 1, 3), k=2), self.random.choice((1, 3))]
        self.bends = self.random.choice((0.0, 0.05, 0.15))
        self.mids = {s: m[4] for s, m in MARKETS.items()}
        self.live: dict[int, tuple[int, int]] = {}
        self.states = dict.fromkeys(MARKETS, SeriesState.LISTED)
        self.months = {SWAP: 202511, OTHER: 202601}
        self.trades: list[int] = []
        self.traded: dict[int, int] = {}
        self.pendings: list[int] = []
        self.halted = False
        self.suspended: set[int] = set()
        self.killed: set[int] = set()
        self.day, self.table, self.sequence, self.number = 20260101, 0, 0, 0
        self.clock = START
        self.references = ["d"]
        self.book = Standing()
        self.other_assets = {}

    # -- what is known -----------------------------------------------------------------------

    def see(self, header: wire.Header, event: Any) -> None:
        self.book.on(header, event)
        name = "see_" + event.NAME
        if hasattr(self, name):
            getattr(self, name)(header, event)

    def see_order_accepted(self, header: wire.Header, event: Any) -> None:
        self.live[event.order] = (event.account, event.series)
        if event.reference:
            self.references.append(event.reference)

    def see_order_cancelled(self, header: wire.Header, event: Any) -> None:
        self.live.pop(event.order, None)

    def see_traded(self, header: wire.Header, event: Any) -> None:
        self.trades.append(header.number)
        self.traded[header.number] = event.series

    def see_variation_settled(self, header: wire.Header, event: Any) -> None:
        self.trades, self.day = self.trades[-2:], event.day

    def see_series_state_changed(self, header: wire.Header, event: Any) -> None:
        self.states[event.series] = event.state

    def see_final_settled(self, header: wire.Header, event: Any) -> None:
        if event.expired:
            self.states[event.series] = SeriesState.EXPIRED
        elif event.series == SWAP:
            self.months[SWAP] = event.month + 1

    def see_margin_table_activated(self, header: wire.Header, event: Any) -> None:
        self.table = event.table

    def see_transfer_pended(self, header: wire.Header, event: Any) -> None:
        self.pendings.append(event.transfer)

    def see_market_halted(self, header: wire.Header, event: Any) -> None:
        self.halted = True

    def see_market_resumed(self, header: wire.Header, event: Any) -> None:
        self.halted = False

    def see_member_suspended(self, header: wire.Header, event: Any) -> None:
        self.suspended.add(event.member)

    def see_member_reinstated(self, header: wire.Header, event: Any) -> None:
        self.suspended.discard(event.member)

    def see_kill_switch_engaged(self, header: wire.Header, event: Any) -> None:
        self.killed.add(event.account)

    def see_kill_switch_released(self, header: wire.Header, event: Any) -> None:
        self.killed.discard(event.account)

    # -- what is asked -----------------------------------------------------------------------

    def next(self) -> Asked:
        """The next commands with who asks; a four-eyes one comes as proposal and approval."""
        chance = self.random.random()
        for series in self.mids:
            self.mids[series] = max(3, self.mids[series] + self.random.choice((-1, 0, 0, 1)))
        self.sequence += 1
        trouble = self.halted or self.suspended or self.killed
        habit = "mend" if trouble and chance < 0.15 else None
        asked = habit or self.random.choices(self.habits, self.weights)[0]
        for command, actor in getattr(self, "ask_" + asked)():
            if self.random.random() < self.bends:
                command = bent(self.random, command)
            if self.random.random() < self.bends / 4:
                actor = self.random.choice((0, 1, 8, 99, 101, 102))
            yield from self.sealed(command, actor)

    def sealed(self, command: Any, actor: int) -> Asked:
        """Four-eyes commands go the long way, nearly always."""
        if not command.FOUR_EYES or self.random.random() < self.bends / 4:
            yield command, actor
            return
        payload = command.pack()
        if self.random.random() < self.bends / 2:
            payload = payload[:-1]
        yield wire.Propose(command=command.KIND, payload=payload), actor
        second = 1 if self.random.random() < self.bends / 2 else 2
        yield wire.Approve(proposal=self.number), second

    def ask_time(self) -> Asked:
        self.clock += self.random.choice((1, 3, 10, 600)) * SECOND
        if self.random.random() < 0.05:
            self.clock += 8 * 86_400 * SECOND
        yield wire.AdvanceTime(), 0

    def ask_dead_man(self) -> Asked:
        account = self.account()
        timeout = self.random.choice((0, SECOND, SECOND, 5 * SECOND, -1))
        yield wire.ArmDeadMan(account=account, timeout=timeout), 100 + account

    def ask_final(self) -> Asked:
        others = [OTHER] * 3 + list(MARKETS)
        series = SWAP if self.random.random() < 0.6 else self.random.choice(others)
        month = self.months.get(series, 202512)
        if series == OTHER:
            self.clock += self.random.choice((0, 600, 1_800)) * SECOND
        yield wire.SetSeriesState(series=series, state=SeriesState.CLOSED), 1
        hours = MONTHS.get(month, 744) if series == SWAP else MARKETS[series][2]
        price = self.price(series) if series not in (CALL, PUT) else self.price(FUTURE)
        yield wire.SettleFinal(series=series, month=month, price=price, hours=hours), 1
        yield wire.SetSeriesState(series=series, state=SeriesState.OPEN), 1

    def ask_phase(self) -> Asked:
        series = self.random.choice((FUTURE, FUTURE, CALL, OTHER))
        state = self.random.choice(list(SeriesState))
        yield wire.SetSeriesState(series=series, state=state), 1
        for _ in range(self.random.randint(0, 4)):
            yield self.place(self.account(), series=series)
        yield wire.SetSeriesState(series=series, state=SeriesState.OPEN), 1

    def ask_fixing(self) -> Asked:
        day = self.day + self.random.choice((0, 1))
        yield wire.PublishFixing(index=1, day=day, price=self.price(FUTURE), method=1), 1
        dice = random.Random(self.sequence)
        missing, reason = day + dice.choice((0, 1)), dice.choice(list(NoFixReason))
        yield wire.DeclareNoFix(index=1, day=missing, reason=reason, method=2), 1
        late = wire.PublishLateFixing(index=1, day=missing, price=dice.randint(0, DOLLAR), method=2)
        yield late, 1

    def ask_table(self) -> Asked:
        yield from self.new_table()

    def new_table(self) -> Asked:
        groups = self.random.choice(((1,), (1, 2), (1, 2, 3)))
        labels = [
            wire.Scenario(ScenarioKind.SCAN, g)
            for g in groups
            for _ in range(self.random.choice((1, 3)))
        ]
        for kind in (ScenarioKind.HISTORICAL, ScenarioKind.STRESS):
            labels += [wire.Scenario(kind, 0)] * self.random.choice((0, 2, 7, 130))
        self.random.shuffle(labels)
        table = self.table + 1
        rows = tuple(wire.ScanRow(g, self.random.choice((10_000, 3_333))) for g in groups)
        yield wire.BeginMarginTable(table=table, scenarios=tuple(labels), rows=rows), 1
        scale = self.random.choice((1, 1, 2, 4))
        for series in MARKETS:
            if self.states[series] == SeriesState.EXPIRED:
                continue
            most = MARKETS[series][2] * scale * 15 * CENT
            losses = tuple(wire.ScenarioLoss(self.random.randint(-most, most)) for _ in labels)
            yield (
                wire.LoadMarginRow(
                    table=table,
                    series=series,
                    mark=self.price(series),
                    liquidity=self.random.choice((0, 33_333)),
                    concentration_lots=50,
                    concentration=self.random.choice((0, 77_777)),
                    delta=self.random.choice((DOLLAR, -DOLLAR)),
                    vega=self.random.choice((0, CENT)),
                    losses=losses,
                ),
                1,
            )
        yield wire.ActivateMarginTable(table=table, replaces=self.table), 1

    def opening(self) -> Asked:
        """The world, its first table, trading open."""
        dice = self.random
        yield from founding(dice.choice((5_000, 20_000)), dice.choice((200, 2_000)), self.behaviour)
        yield wire.SetSeriesState(series=FUTURE, state=SeriesState.OPEN), 1
        yield self.place(1, series=FUTURE)
        yield wire.OfferTransfer(account=1, to_account=2, series=FUTURE, lots=1, price=CENT), 101
        yield self.place(1)
        yield from self.new_table()
        for series in MARKETS:
            yield wire.SetSeriesState(series=series, state=SeriesState.OPEN), 1

    def ask_money(self) -> Asked:
        account, asset = self.account(), self.random.choice((1, 1, 1, 2))
        amount = self.random.choice((10, 4000, 9000)) * DOLLAR
        yield (
            wire.RequestWithdrawal(
                account=account,
                asset=asset,
                amount=amount,
                timeout=self.random.choice((0, SECOND)),
                reference=f"w{self.sequence}",
            ),
            100 + account,
        )
        deposit = wire.Deposit(
            account=self.account(), asset=asset, amount=amount, reference=f"m{self.sequence}"
        )
        yield deposit, 1
        yield deposit, 1
        if self.pendings:
            transfer = self.random.choice(self.pendings)
            kind = self.random.choice((wire.PostWithdrawal, wire.VoidWithdrawal))
            yield kind(transfer=transfer), 1

    def ask_transfer(self) -> Asked:
        account, series = self.account(), self.random.choice((FUTURE, CALL, SWAP))
        other = self.random.choice([a for a in ACCOUNTS if a != account])
        for lots in (1, -1, 5, -5):
            offer = wire.OfferTransfer(
                account=account,
                to_account=other,
                series=series,
                lots=lots,
                price=self.price(series),
            )
            yield offer, 100 + account
            taker = other if self.random.random() < 0.8 else account
            offer_number = self.number
            if self.random.random() < 0.5:
                ends = self.random.choice((account, other))
                yield wire.WithdrawOffer(account=ends, offer=offer_number), 100 + ends
            yield wire.AcceptTransfer(account=taker, offer=offer_number), 100 + taker

    def ask_mistake(self) -> Asked:
        if self.trades:
            trade = self.random.choice(self.trades[-6:])
            if self.random.random() < 0.5:
                yield wire.BustTrade(trade=trade), 1
            else:
                series = self.traded[trade]
                yield wire.AdjustTrade(trade=trade, price=self.price(series)), 1

    def ask_stand_still(self) -> Asked:
        account, member = self.account(), self.random.randint(1, 5)
        asked = (
            (wire.EngageKillSwitch(account=account), 100 + account),
            (wire.SuspendMember(member=member), 1),
            (wire.HaltMarket(), 1),
        )
        yield self.random.choice(asked)
        yield self.place(account)
        if self.random.random() < 0.2:
            yield wire.ReinstateMember(member=member), 1
            yield wire.ReleaseKillSwitch(account=account), 100 + account

    def ask_mend(self) -> Asked:
        yield wire.ResumeMarket(), 1
        yield wire.FundLiquidity(amount=20_000 * DOLLAR), 1
        yield wire.ResumeMarket(), 1
        for member in sorted(self.suspended):
            yield wire.ReinstateMember(member=member), 1
        for account in sorted(self.killed):
            yield wire.ReleaseKillSwitch(account=account), 1
        account = self.account()
        reference = f"mend{self.sequence}"
        yield wire.Deposit(account=account, asset=1, amount=10**10, reference=reference), 1

    def ask_office(self) -> Asked:
        """Registers, limits and terms, mostly with numbers that are taken."""
        account, roles = self.account(), self.random.choice((0, 1, 3, int(Role.OPERATOR)))
        yield wire.RegisterMember(member=self.random.randint(3, 5), name="M"), 1
        yield wire.RegisterActor(registered=100 + account, member=1 + account % 4, roles=11), 1
        yield wire.RegisterActor(registered=9, member=self.random.choice((0, 2)), roles=roles), 1
        yield wire.OpenAccount(account=account, member=2, account_kind=wire.AccountKind.HOUSE), 1
        limit = self.random.choice((100, 400, 1000))
        asked = wire.SetLimits(
            account=account,
            position_limit=limit,
            order_lots_limit=300,
            order_value_limit=10**12,
        )
        yield asked, self.random.choice((1, 100 + account))
        order, asks = self.place(account, lots=501)
        yield order, asks
        yield msgspec.structs.replace(order, lots=10**6 + 1, reference=""), asks
        yield self.place(account, series=SWAP, lots=290)
        quotes = (wire.Quote(FUTURE, CENT, 1, 2 * CENT, 1),) * 2
        twice = wire.MassQuote(account=account, self_trade=SelfTrade.CANCEL_NEWEST, quotes=quotes)
        yield twice, 100 + account
        yield wire.DefineAsset(asset=self.random.choice((0, 1, 3)), name="A"), 1
        yield wire.Deposit(account=account, asset=1, amount=DOLLAR), 1
        great = wire.Bound.MONEY + 1
        yield wire.Deposit(account=account, asset=1, amount=great, reference=f"g{account}"), 1
        yield self.place(account, series=FUTURE, price=wire.Bound.PRICE + CENT)
        yield listing(self.random.choice((FUTURE, OTHER)), self.clock + 10**15), 1
        yield msgspec.structs.replace(listing(OTHER, self.clock + 10**15), series=99), 1
        bad = msgspec.structs.replace(listing(OTHER, 0), series=98, symbol="S98", tick=0)
        yield bad, 1
        yield wire.BeginMarginTable(table=self.table, scenarios=(), rows=()), 1
        yield wire.Propose(command=wire.PlaceOrder.KIND, payload=b""), 1
        yield wire.SwitchBehaviour(behaviour=2), 1
        yield wire.SwitchBehaviour(behaviour=3), 1
        yield wire.SwitchBehaviour(behaviour=4), 1
        lapsing = wire.SwitchBehaviour(behaviour=99)
        yield wire.Propose(command=lapsing.KIND, payload=lapsing.pack()), 1
        yield wire.WithdrawProposal(proposal=self.number), self.random.choice((1, 1, 2))
        yield wire.WithdrawProposal(proposal=self.number - 1), 1
        yield wire.SetFees(series=FUTURE, maker_fee=0, taker_fee=limit, clearing_fee=CENT), 1
        yield wire.Genesis(name="Again", operators=()), 0
