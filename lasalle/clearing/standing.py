"""What the default desk knows of the house: who stands in the default fund, who owes, who holds
what. Folded from events alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from lasalle import wire
from lasalle.plain.postings import postings
from lasalle.plain.stakes import Cooling
from lasalle.plain.state import DEFAULTS, RECOVERY, State
from lasalle.wire import AccountKind, BidEnd, Bound, LedgerClass, LossLayer, SeriesKind

USD = 1
OPTIONS = (SeriesKind.CALL, SeriesKind.PUT)


@dataclass(slots=True)
class Stake:
    """What a survivor's account stands to lose in one default, micro-dollars."""

    contribution: int
    used: int = 0
    assessed: int = 0
    bid: bool = False

    @property
    def left(self) -> int:
        """What the default still reaches of the fund."""
        return self.contribution - self.used


@dataclass(slots=True)
class Terms:
    """A series as a default needs it: `mark` micro-dollars per unit, `hours` of one lot."""

    hours: int
    option: bool
    mark: int = 0


@dataclass(slots=True)
class Standing:
    """Members, accounts, balances, positions and open defaults after an event."""

    member: dict[int, int] = field(default_factory=dict)
    """Member of each account."""
    kind: dict[int, AccountKind] = field(default_factory=dict)
    balances: dict[tuple[LedgerClass, int], int] = field(default_factory=lambda: defaultdict(int))
    """USD by class and account (0: the house's own), credits less debits."""
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """USD set aside for withdrawals."""
    lots: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    """Position of an account in a series."""
    costs: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    """Signed lots times price of a position since it was last settled; 0 for options."""
    series: dict[int, Terms] = field(default_factory=dict)
    defaults: dict[int, dict[int, Stake]] = field(default_factory=dict)
    """Stakes of survivors' accounts by member in default."""
    gains: dict[int, int] = field(default_factory=dict)
    """Gain of the last variation settlement, or, while a default is open, of all since the one
    before it; not given back; negative where an account lost."""
    earlier: dict[int, int] = field(default_factory=dict)
    """Of that, while a default is open, the gain of settlements before the last one."""
    coolings: dict[int, Cooling] = field(default_factory=dict)
    """Cooling periods by account (CLR-034)."""
    notices: dict[int, int] = field(default_factory=dict)
    """When the notice of a member that leaves is effective."""
    slices: dict[int, wire.SliceOffered] = field(default_factory=dict)
    """Slices that are out to bids."""
    bids: dict[tuple[int, int], wire.BidOpened | None] = field(default_factory=dict)
    """Bids for them by slice and account: None while a bid is sealed."""
    pendings: dict[int, tuple[int, int]] = field(default_factory=dict)
    loading: dict[int, int] = field(default_factory=dict)
    """Marks of the margin table being loaded."""
    cause: int = 0
    """Command of the last event."""
    time: int = 0
    """Venue time of the last event."""
    behaviour: int = 0
    settling: int = -1
    """Command of the variation settlement whose payments are being told."""

    @classmethod
    def of(cls, state: State) -> Standing:
        """The same out of the state of a house."""
        found = cls()
        for a in state.accounts.values():
            found.member[a.account], found.kind[a.account] = a.member, a.account_kind
            found.held[a.account] = a.held.get(USD, 0)
            for series, position in a.positions.items():
                found.lots[a.account, series] = position.lots
                found.costs[a.account, series] = position.cost
        for (class_, account, asset), balance in state.balances.items():
            if asset == USD:
                found.balances[class_, account] = balance
        for s in state.series.values():
            found.series[s.series] = Terms(s.hours, s.is_option, s.mark)
        found.defaults = {member: {} for member in state.defaults}
        for stake in state.stakes.values():
            found.defaults[stake.member][stake.account] = Stake(
                stake.contribution, stake.used, stake.assessed, stake.bid
            )
        found.gains, found.behaviour = dict(state.gains), state.behaviour
        found.earlier = dict(state.earlier)
        found.coolings = {c.account: replace(c) for c in state.coolings.values()}
        found.notices = {n.member: n.effective for n in state.notices.values()}
        for out in state.slices.values():
            said = {name: getattr(out, name) for name in wire.SliceOffered.__struct_fields__}
            found.slices[out.slice] = wire.SliceOffered(**said)
        found.bids = dict.fromkeys(state.bids)
        for p in state.pendings.values():
            if p.asset == USD:
                found.pendings[p.transfer] = (p.account, p.amount)
        return found

    def on(self, header: wire.Header, event: Any) -> None:
        """Writes an event."""
        self.cause, self.time = header.cause, header.time
        shortfall = -self.balances[LedgerClass.DEFAULT_SHORTFALL, 0]
        for (from_class, giver), (to_class, taker), asset, amount in postings(event, shortfall):
            if asset == USD:
                self.balances[from_class, giver] -= amount
                self.balances[to_class, taker] += amount
        write = getattr(self, "_on_" + event.NAME, None)
        if write is not None:
            write(event)

    # -- what the desk asks ------------------------------------------------------------------

    def accounts(self, member: int) -> list[int]:
        """Accounts of a member, ascending."""
        return sorted(a for a, m in self.member.items() if m == member)

    def due(self, account: int) -> int:
        """What an account owes the house, zero or positive."""
        return -self.balances[LedgerClass.DUE_FROM_MEMBER, account]

    def owed(self, account: int) -> int:
        """What an account owes under its line of credit, zero or positive."""
        owing = (LedgerClass.LINE_PRINCIPAL, LedgerClass.LINE_INTEREST)
        return -sum(self.balances[class_, account] for class_ in owing)

    def cash(self, account: int) -> int:
        """Cash not set aside."""
        return self.balances[LedgerClass.CASH, account] - self.held[account]

    def fund(self, account: int) -> int:
        """What an account has in the default fund."""
        return self.balances[LedgerClass.DEFAULT_FUND, account]

    def positions(self, account: int) -> dict[int, int]:
        """Signed lots by series, none that is flat."""
        found = sorted((s, lots) for (a, s), lots in self.lots.items() if a == account and lots)
        return dict(found)

    def assessable(self, member: int, account: int) -> int:
        """What an account can still be assessed for in a default (CLR-026, CLR-034)."""
        stake, cooling = self.defaults[member][account], self.coolings.get(account)
        left = stake.contribution - stake.assessed
        if cooling is None:
            return left
        return max(0, min(left, Bound.ASSESSMENT_MULTIPLE * cooling.base - cooling.assessed))

    def has_left(self, member: int) -> bool:
        """True when the notice of a member is effective, no cooling period of it runs any more, and
        it holds and owes nothing."""
        if self.notices.get(member, self.time + 1) > self.time:
            return False
        theirs = self.accounts(member)
        if any(self._cools(account) for account in theirs):
            return False
        keys = {key for key in (*self.lots, *self.costs) if key[0] in theirs}
        held = any(self.lots.get(key) or self.costs.get(key) for key in keys)
        return not held and not any(self.due(a) or self.owed(a) for a in theirs)

    # -- events ------------------------------------------------------------------------------

    def _on_house_opened(self, event: wire.HouseOpened) -> None:
        self.behaviour = max(1, event.behaviour)

    def _on_behaviour_switched(self, event: wire.BehaviourSwitched) -> None:
        self.behaviour = event.behaviour

    def _on_account_opened(self, event: wire.AccountOpened) -> None:
        self.member[event.account], self.kind[event.account] = event.member, event.account_kind

    def _on_account_ported(self, event: wire.AccountPorted) -> None:
        self.member[event.account] = event.member

    def _on_transfer_pended(self, event: wire.TransferPended) -> None:
        if event.asset == USD:
            self.held[event.account] += event.amount
            self.pendings[event.transfer] = (event.account, event.amount)

    def _free(self, transfer: int) -> None:
        if transfer in self.pendings:
            account, amount = self.pendings.pop(transfer)
            self.held[account] -= amount

    def _on_transfer_posted(self, event: wire.TransferPosted) -> None:
        self._free(event.pending)

    def _on_transfer_voided(self, event: wire.TransferVoided) -> None:
        self._free(event.transfer)

    def _on_series_listed(self, event: wire.SeriesListed) -> None:
        self.series[event.series] = Terms(event.hours, event.series_kind in OPTIONS)

    def _on_margin_table_begun(self, _: wire.MarginTableBegun) -> None:
        self.loading = {}

    def _on_margin_row_loaded(self, event: wire.MarginRowLoaded) -> None:
        self.loading[event.series] = event.mark

    def _on_margin_table_activated(self, _: wire.MarginTableActivated) -> None:
        for series, mark in self.loading.items():
            self.series[series].mark = mark

    def _on_traded(self, event: wire.Traded) -> None:
        self._move(event.sell_account, event.buy_account, event.series, event.lots, event.price)

    def _on_trade_busted(self, event: wire.TradeBusted) -> None:
        self._move(event.buy_account, event.sell_account, event.series, event.lots, event.price)

    def _on_trade_adjusted(self, event: wire.TradeAdjusted) -> None:
        self._move(event.buy_account, event.sell_account, event.series, event.lots, event.old_price)
        self._move(event.sell_account, event.buy_account, event.series, event.lots, event.price)

    def _on_position_transferred(self, event: wire.PositionTransferred) -> None:
        self._move(event.account, event.to_account, event.series, event.lots, event.price)

    def _move(self, giver: int, taker: int, series: int, lots: int, price: int) -> None:
        for account, moved in ((giver, -lots), (taker, lots)):
            self.lots[account, series] += moved
            if not self.series[series].option:
                self.costs[account, series] += moved * price

    def _on_final_settled(self, event: wire.FinalSettled) -> None:
        self.series[event.series].hours -= event.hours
        if event.expired:
            for kept in (self.lots, self.costs):
                for key in [key for key in kept if key[1] == event.series]:
                    del kept[key]

    def _on_variation_settled(self, event: wire.VariationSettled) -> None:
        for item in event.prices:
            self.series[item.series].mark = item.price
            for key in [k for k in self.costs if k[1] == item.series]:
                self.costs[key] = self.lots[key] * item.price
        if self.behaviour >= DEFAULTS:
            self.settling, self.earlier = self.cause, {}
            if self.behaviour >= RECOVERY and self.defaults:
                self.earlier = dict(self.gains)
            if self.behaviour < RECOVERY or not self.defaults:
                self.gains = {}

    def _on_payment_posted(self, event: wire.PaymentPosted) -> None:
        if self.cause != self.settling:
            return
        if self.behaviour >= RECOVERY and self.defaults:
            total = self.gains.get(event.account, 0) + event.amount
            self.gains[event.account] = max(-Bound.MONEY, min(Bound.MONEY, total))
        elif event.amount > 0 or self.behaviour >= RECOVERY:
            self.gains[event.account] = event.amount

    def _on_default_declared(self, event: wire.DefaultDeclared) -> None:
        self.defaults[event.member] = {}
        for (class_, account), amount in list(self.balances.items()):
            if class_ != LedgerClass.DEFAULT_FUND or not amount:
                continue
            member = self.member[account]
            if member not in self.defaults and not self.has_left(member):
                self._cool(account, amount)
                self.defaults[event.member][account] = Stake(amount)

    def _cools(self, account: int) -> bool:
        """True while a cooling period of an account runs (CLR-034)."""
        cooling = self.coolings.get(account)
        reached = any(account in stakes for stakes in self.defaults.values())
        return cooling is not None and (reached or self.time <= cooling.until)

    def _cool(self, account: int, contribution: int) -> None:
        if self.behaviour < RECOVERY:
            return
        if not self._cools(account):
            self.coolings[account] = Cooling(account, 0)
        cooling = self.coolings[account]
        cooling.base = max(cooling.base, contribution)
        cooling.until = self.time + Bound.COOLING_PERIOD

    def _on_fund_contributed(self, event: wire.FundContributed) -> None:
        self.notices.pop(self.member[event.account], None)

    def _on_notice_given(self, event: wire.NoticeGiven) -> None:
        self.notices[event.member] = event.effective

    def _on_slice_offered(self, event: wire.SliceOffered) -> None:
        self.slices[event.slice] = event

    def _on_slice_ended(self, event: wire.SliceEnded) -> None:
        self.slices.pop(event.slice, None)

    def _on_slice_awarded(self, event: wire.SliceAwarded) -> None:
        self.slices.pop(event.slice, None)

    def _on_bid_opened(self, event: wire.BidOpened) -> None:
        self.bids[event.slice, event.account] = event

    def _on_bid_ended(self, event: wire.BidEnded) -> None:
        self.bids.pop((event.slice, event.account), None)
        if event.reason in (BidEnd.WON, BidEnd.COUNTED):
            self._has_bid(event.account, event.from_account)

    def _on_bid_committed(self, event: wire.BidCommitted) -> None:
        if self.behaviour < RECOVERY:
            self._has_bid(event.account, event.from_account)
        else:
            self.bids[event.slice, event.account] = None

    def _has_bid(self, bidder: int, giver: int) -> None:
        for account, stake in self.defaults[self.member[giver]].items():
            stake.bid |= self.member[account] == self.member[bidder]

    def _on_loss_allocated(self, event: wire.LossAllocated) -> None:
        if event.layer in (LossLayer.GAINS, LossLayer.CLIENT_GAINS):
            self.gains[event.account] -= event.amount
            before = self.earlier.get(event.account, 0)
            self.earlier[event.account] = before - max(0, min(before, event.amount))
        elif event.layer == LossLayer.ASSESSMENT:
            self.defaults[event.member][event.account].assessed += event.amount
            if event.account in self.coolings:
                self.coolings[event.account].assessed += event.amount
        elif event.layer in (LossLayer.ABSENT_FUND, LossLayer.BIDDING_FUND):
            left = self.defaults[event.member][event.account].left
            self.defaults[event.member][event.account].used += event.amount
            self._spend(event, left)
        elif event.layer == LossLayer.OWN_FUND:
            self._spend(event, self.fund(event.account) + event.amount)

    def _spend(self, event: wire.LossAllocated, left: int) -> None:
        """What one default takes of the `left` it reached is gone for others, what only later ones
        reach first (CLR-026)."""
        for member, stakes in self.defaults.items():
            stake = stakes.get(event.account)
            if stake is not None and member != event.member:
                gone = event.amount - max(0, left - stake.left)
                stake.used += max(0, event.amount if stake.left > left else gone)

    def _on_default_closed(self, event: wire.DefaultClosed) -> None:
        del self.defaults[event.member]
        if not self.defaults:
            for account, gain in self.earlier.items():
                self.gains[account] = self.gains.get(account, 0) - gain
            self.earlier = {}
