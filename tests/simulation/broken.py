"""Parts of a venue broken on purpose, each in the one way its checker is there for."""

from __future__ import annotations

from typing import Any

from lasalle import wire
from lasalle.plain import House
from lasalle.plain.book import Book
from lasalle.sim.disk import SimulatedDisk
from lasalle.sim.fold import Fold
from lasalle.venue.journal import Journal
from lasalle.venue.sequencer import Sequencer
from lasalle.wire import LedgerClass


class HastyDisk(SimulatedDisk):
    """Says that a batch is durable before it is: the next one brings it to the disk."""

    def append(self, name, content):
        for other in self._files.keys() - {name}:
            self._durable[other] = self.size(other)
        self.before = self.size(name)
        super().append(name, content)

    def flush(self, name):
        super().flush(name)
        self._durable[name] = self.before

    def _keep_part(self, file, start, end):
        del file[start:]


class ForgetfulDisk(SimulatedDisk):
    """Loses the last segment's last bytes on every power cut, durable or not."""

    def lose_power(self):
        super().lose_power()
        if self.names():
            self.cut(self.names()[-1], max(0, self.size(self.names()[-1]) - 40))


class EagerJournal(Journal):
    """Drops its last sound batch when it opens a journal of some length, as if it were torn."""

    def _scan(self):
        batches = list(super()._scan())
        if len(batches) > 30 and not self._read_only:
            gone = batches.pop()
            self._disk.cut(gone.segment, gone.offset)
        yield from batches


class TrustingJournal(Journal):
    """Takes everything from the first unsound batch on for a torn tail."""

    def _drop_tail(self, content, at, name, later, last):
        for other in later:
            self._disk.cut(other, 0)
        self._disk.cut(name, at)
        self._segment, self._size = name, at


class HalfJournal(Journal):
    """Leaves what did not fit, and goes on behind it."""

    def _take_back(self, cause):
        self.last += 1


class OffByOne(House):
    """Pays one micro-dollar more than it takes with every tenth trade."""

    trades = 0

    def _tell(self, place, events, told):
        super()._tell(place, self._counted(events), told)

    def _counted(self, events):
        for event in events:
            yield event
            if isinstance(event, wire.Traded):
                self.trades += 1
                if self.trades % 10 == 0:
                    self.state.balances[LedgerClass.CASH, event.buy_account, 1] += 1


class LeftInTransit(House):
    """Leaves a micro-dollar of every settlement in transit."""

    def _take_one(self, header, command):
        told = super()._take_one(header, command)
        if isinstance(command, wire.SettleVariation):
            self.state.balances[LedgerClass.SETTLEMENT, 0, 1] = 1
            self.state.balances[LedgerClass.BANK, 0, 1] -= 1
        return told


class Overdrawn(House):
    """Takes a payer's cash below zero and leaves it to the fees."""

    def _take_one(self, header, command):
        told = super()._take_one(header, command)
        if isinstance(command, wire.SettleVariation):
            cash = self.state.balances[LedgerClass.CASH, 7, 1]
            self.state.balances[LedgerClass.CASH, 7, 1] = -1
            fees = (LedgerClass.EXCHANGE_FEES, 0, 1)
            self.state.balances[fees] = self.state.balances.get(fees, 0) + cash + 1
        return told


class Moody(House):
    """Charges the taker otherwise on every opening of the house."""

    opened = 0

    def __init__(self):
        super().__init__()
        Moody.opened += 1
        self.mood = Moody.opened

    def _tell(self, place, events, told):
        super()._tell(place, (self._changed(e) for e in events), told)

    def _changed(self, event: Any) -> Any:
        if isinstance(event, wire.FixingPublished) or not isinstance(event, wire.DeadManArmed):
            return event
        return wire.DeadManArmed(account=event.account, due=event.due + self.mood)


class Elsewhere(House):
    """A second core that cancels for another reason."""

    def take(self, frames):
        events = [
            (h, wire.OrderCancelled(**{**_fields(e), "reason": wire.CancelReason.DEFICIT}))
            if isinstance(e, wire.OrderCancelled)
            else (h, e)
            for h, e in wire.read_frames(super().take(frames))
        ]
        return b"".join(
            wire.seal(e, h.number, h.time, cause=h.cause, actor=h.actor) for h, e in events
        )


def _fields(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


class Unsealed(Sequencer):
    """Answers every fortieth batch without sealing it, from a core of its own."""

    batches = 0

    def commit(self, asked, *, checked=False):
        Unsealed.batches += 1
        if Unsealed.batches % 40:
            return super().commit(asked, checked=checked)
        return [[] for _ in asked]


class BackInTime(Sequencer):
    """Writes the clock on its commands as it stands, back or ahead."""

    def commit(self, asked, *, checked=False):
        state = self._core.house.state
        state.last_time = min(state.last_time, self._clock())
        return super().commit(asked, checked=checked)


class Doubtful(Fold):
    """Forgets states of series whenever it folds a second time."""

    folds = 0

    def __init__(self):
        super().__init__()
        Doubtful.folds += 1
        self.forgets = Doubtful.folds % 2 == 0

    def take(self, told):
        if self.forgets:
            told = [(h, e) for h, e in told if not isinstance(e, wire.SeriesStateChanged)]
        super().take(told)


def last_come_first_served(book: Book[Any], side: Any) -> Any:
    """`Book.best` of a house that serves the last comer of a level first."""
    keys = book._keys[side]
    return list(book._levels[side][keys[0]].values())[-1] if keys else None
