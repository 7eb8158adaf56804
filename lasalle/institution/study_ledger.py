"""The lab's account as the events of its venue tell it, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lasalle import wire
from lasalle.hedging import LedgerDay

Told = list[tuple[wire.Header, Any]]


@dataclass
class LabLedger:
    """Cash, dues, requirement and position of one account, folded from events."""

    account: int
    cash: int = 0
    due: int = 0
    required: int = 0
    lots: dict[int, int] = field(default_factory=dict)
    statement: list[LedgerDay] = field(default_factory=list)
    _today: LedgerDay | None = None

    def copy(self) -> LabLedger:
        """The same account, free to go another way."""
        return replace(self, lots=dict(self.lots), statement=list(self.statement))

    @property
    def is_begun(self) -> bool:
        """Whether a line of the statement is open."""
        return self._today is not None

    def begin(self, day: date) -> None:
        """Opens a line of the statement."""
        self._today = LedgerDay(day, 0, 0, 0, self.required)

    def end(self) -> None:
        """Closes the line of the day."""
        assert self._today is not None, "a day is begun before it ends"
        self.statement.append(self._today)
        self._today = None

    def call(self, amount: int, owed: int) -> None:
        """Notes what the house asks for today."""
        self._add(called=amount, owed=owed)

    def fold(self, told: Iterable[tuple[wire.Header, Any]]) -> None:
        """Takes in the events of a batch."""
        for _, event in told:
            if isinstance(event, wire.Traded):
                self._trade(event)
            elif isinstance(event, wire.FinalSettled):
                if event.expired:
                    self.lots.pop(event.series, None)
            elif getattr(event, "account", 0) != self.account:
                continue
            elif isinstance(event, wire.PaymentPosted):
                self.due += event.advanced + event.shortfall - event.to_dues
                self.cash += event.amount - event.to_dues + event.advanced + event.shortfall
                self._add(cash=event.amount)
            elif isinstance(event, wire.TransferPosted):
                self._transfer(event)
            elif isinstance(event, wire.AccountRefreshed):
                # Initial margin is 1.10 of the requirement, rounded up (CLR-003).
                self.required = -(-11 * event.requirement // 10)
                self._today = replace(self._line(), required=self.required)

    def _trade(self, event: wire.Traded) -> None:
        for account, paid, sign in (
            (event.buy_account, event.buy_fee + event.buy_clearing_fee, 1),
            (event.sell_account, event.sell_fee + event.sell_clearing_fee, -1),
        ):
            if account != self.account:
                continue
            premium = sign * event.premium
            self.cash -= paid + premium
            self.lots[event.series] = self.lots.get(event.series, 0) + sign * event.lots
            self._add(cash=-paid - premium, fees=paid, premium=premium)

    def _transfer(self, event: wire.TransferPosted) -> None:
        if event.reason == wire.TransferReason.WITHDRAWAL:
            self.cash -= event.amount
            self._add(withdrawals=event.amount)
            return
        self.due -= event.to_dues
        self.cash += event.amount - event.to_dues
        self._add(deposits=event.amount)

    def _line(self) -> LedgerDay:
        assert self._today is not None, "events of a day come between begin and end"
        return self._today

    def _add(self, **amounts: int) -> None:
        line = self._line()
        moved = {name: getattr(line, name) + amount for name, amount in amounts.items()}
        self._today = replace(line, **moved)
