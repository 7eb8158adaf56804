"""The house's own people: the day's schedule, and what operators and the clearing desk do between.

A bare four-eyes command stands for propose and approve.
"""

from __future__ import annotations

from random import Random
from typing import Any

from lasalle import wire
from lasalle.sim.members import Members
from lasalle.sim.mirror import Mirror
from lasalle.sim.model import BY_SERIES, CALL, CENT, DOLLAR, DYING, FRONT, NEXT, PUT, SWAP, THIN
from lasalle.sim.world import by_house, table
from lasalle.venue.sequencer import Asked
from lasalle.wire import OrderType, SelfTrade, SeriesState, Side, TimeInForce

S = SeriesState
DAY_NUMBER = 20260101
WHIMS = {
    "bust": 2,
    "adjust": 2,
    "suspend": 1,
    "halt": 1,
    "fees": 1,
    "auction": 3,
    "new_table": 2,
    "sweep": 2,
    "settle_again": 2,
    "fund": 1,
    "session_lost": 2,
    "pay_out": 2,
    "fix": 1,
    "let_time_pass": 2,
}
"""What the house does unforeseen and how often."""


class Desk:
    """Operators and clearing of the made-up house."""

    def __init__(self, random: Random, mirror: Mirror, members: Members) -> None:
        self._random, self._mirror, self._members = random, mirror, members
        self._version, self._day, self._fixed = 1, DAY_NUMBER, DAY_NUMBER

    # -- the day as it is planned ----------------------------------------------------------------

    def open_calls(self) -> list[Any]:
        return [self._to(series, S.PRE_OPEN) for series in BY_SERIES]

    def open_trading(self) -> list[Any]:
        return [self._to(series, S.OPEN) for series in BY_SERIES]

    def shock(self) -> list[Any]:
        """The market jumps; marks follow and losers are asked for what they do not have."""
        against = self._random.choice((-1, 1))
        thin = self._mirror.accounts[THIN]
        lots = thin.positions[FRONT][0] if FRONT in thin.positions else 0
        if lots and self._random.random() < 0.8:
            against = 1 if lots < 0 else -1
        jump = against * self._random.choice((8, 45, 70, 90))
        for series in (FRONT, NEXT, SWAP, DYING):
            self._members.mid[series] += jump
        self._members.mid[CALL] = max(2, self._members.mid[CALL] + jump // 2)
        self._members.mid[PUT] = max(2, self._members.mid[PUT] - jump // 3)
        return [*self.settle(), by_house(wire.SweepAccounts(limit=4))]

    def settle(self) -> list[Any]:
        """Variation margin at where the market is believed to be."""
        self._day += 1
        alive = [s for s, t in self._mirror.series.items() if t.state != S.EXPIRED]
        prices = tuple(wire.SeriesPrice(s, self._mark(s)) for s in sorted(alive))
        return [by_house(wire.SettleVariation(day=self._day, prices=prices))]

    def new_table(self) -> list[Any]:
        """A margin table with marks of the moment."""
        alive = [s for s, t in self._mirror.series.items() if t.state != S.EXPIRED]
        version = max(self._version, self._mirror.table) + 1
        self._version = version
        asked = list(table(self._random, version, {s: self._mark(s) for s in alive}))
        asked[-1] = by_house(
            wire.ActivateMarginTable(table=version, replaces=self._mirror.table),
        )
        return asked

    def close_calls(self) -> list[Any]:
        """Closing auctions; the dying series and the swap close without one."""
        calls = [self._to(s, S.PRE_CLOSE) for s in (FRONT, NEXT, CALL, PUT)]
        return [*calls, self._to(DYING, S.CLOSED), self._to(SWAP, S.CLOSED)]

    def close_trading(self) -> list[Any]:
        return [self._to(series, S.CLOSED) for series in BY_SERIES]

    def final(self) -> list[Any]:
        """The dying series settles for good, the swap its first month, on the day's fixing."""
        price = self._mark(DYING) + self._random.randint(-99, 99)
        return [
            *self._fix(),
            wire.SettleFinal(series=DYING, month=202512, price=price, hours=100),
            wire.SettleFinal(series=SWAP, month=202512, price=price, hours=744),
        ]

    # -- and what comes between ------------------------------------------------------------------

    def whim(self) -> list[Any]:
        """One thing nobody planned."""
        whims = list(WHIMS)
        name = self._random.choices(whims, list(WHIMS.values()))[0]
        found: list[Any] = getattr(self, "_" + name)()
        return found

    def rescue(self) -> list[Any]:
        """After a shortfall the house is funded again and trading goes on."""
        if not self._mirror.shortfall or self._random.random() < 0.3:
            return [wire.ResumeMarket()]
        return [wire.FundLiquidity(amount=self._mirror.shortfall + 500 * DOLLAR)]

    def answer_call(self) -> list[Any]:
        """A member that owes brings money: all of it, or some."""
        for account, holder in self._mirror.accounts.items():
            if holder.due:
                amount = max(1, holder.due // self._random.choice((1, 1, 2)))
                name = self._members.reference(account)
                return [
                    by_house(wire.Deposit(account=account, asset=1, amount=amount, reference=name))
                ]
        return []

    def reopen(self) -> list[Any]:
        """After a long absence the market comes back by auction."""
        mirror = self._mirror
        return [
            self._to(s, S.PAUSED) for s in BY_SERIES if mirror.series[s].state == S.OPEN
        ] + self._after_pause()

    def lost_sessions(self) -> list[Any]:
        """Sessions ended with the process that held them."""
        sessions = {o.session for o in self._mirror.orders.values() if o.session}
        return [Asked(0, wire.LoseSession(session=s)) for s in sorted(sessions)]

    def _after_pause(self) -> list[Any]:
        mirror = self._mirror
        open_or_paused = (S.OPEN, S.PAUSED)
        return [self._to(s, S.OPEN) for s in BY_SERIES if mirror.series[s].state in open_or_paused]

    def _to(self, series: int, state: SeriesState) -> Asked:
        return by_house(wire.SetSeriesState(series=series, state=state))

    def _mark(self, series: int) -> int:
        return max(1, self._members.mid[series]) * CENT

    def _trade(self) -> int:
        trades = list(self._mirror.trades)
        return self._random.choice(trades) if trades else 1

    def _bust(self) -> list[Any]:
        return [wire.BustTrade(trade=self._trade())]

    def _adjust(self) -> list[Any]:
        trade = self._trade()
        series = self._mirror.trades[trade].series if trade in self._mirror.trades else FRONT
        return [wire.AdjustTrade(trade=trade, price=self._mark(series))]

    def _suspend(self) -> list[Any]:
        member = self._random.choice((1, 2, 3, 6))
        return [by_house(wire.SuspendMember(member=member)), wire.ReinstateMember(member=member)]

    def _halt(self) -> list[Any]:
        return [by_house(wire.HaltMarket()), wire.ResumeMarket()]

    def _fees(self) -> list[Any]:
        fees = {"maker_fee": 0, "taker_fee": 2 * CENT, "clearing_fee": CENT}
        return [wire.SetFees(series=self._random.choice((FRONT, CALL)), **fees)]

    def _auction(self) -> list[Any]:
        series = self._random.choice((FRONT, NEXT, CALL))
        state = self._mirror.series[series].state
        return [self._to(series, S.PAUSED if state == S.OPEN else S.OPEN)]

    def _new_table(self) -> list[Any]:
        return self.new_table()

    def _sweep(self) -> list[Any]:
        return [by_house(wire.SweepAccounts(limit=3))]

    def _settle_again(self) -> list[Any]:
        return self.settle()

    def _fund(self) -> list[Any]:
        return self.rescue()

    def _session_lost(self) -> list[Any]:
        order = next((o for o in self._mirror.orders.values() if o.session), None)
        if order is None:
            return []
        self._members.new_session(order.account)
        return [Asked(0, wire.LoseSession(session=order.session))]

    def close_out(self) -> list[Any]:
        """The default desk takes an account that owes out of its largest position."""
        for account, holder in self._mirror.accounts.items():
            if holder.due and holder.positions:
                series, position = max(holder.positions.items(), key=lambda x: abs(x[1][0]))
                lots = position[0]
                if not lots:
                    continue
                command = wire.PlaceOrder(
                    account=account,
                    series=series,
                    side=Side.SELL if lots > 0 else Side.BUY,
                    order_type=OrderType.LIMIT,
                    time_in_force=TimeInForce.DAY,
                    self_trade=SelfTrade.CANCEL_OLDEST,
                    close_out=True,
                    price=max(1, self._members.mid[series] - (3 if lots > 0 else -3)) * CENT,
                    lots=min(abs(lots), 200),
                )
                return [by_house(command)]
        return []

    def _pay_out(self) -> list[Any]:
        pendings = list(self._mirror.pendings)
        if not pendings:
            return []
        transfer = self._random.choice(pendings)
        post = self._random.random() < 0.6
        kind: Any = wire.PostWithdrawal if post else wire.VoidWithdrawal
        return [by_house(kind(transfer=transfer))]

    def _fix(self) -> list[Any]:
        self._fixed += 1
        price = self._mark(FRONT)
        command = wire.PublishFixing(
            index=1, day=self._fixed, price=price, simulated=True, method=1
        )
        return [by_house(command)]

    def _let_time_pass(self) -> list[Any]:
        return [Asked(0, wire.AdvanceTime())]
