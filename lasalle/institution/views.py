"""Views of a house as it opens: the history from where it stopped, the living views from the core's
own records.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lasalle import wire
from lasalle.venue import Journal
from lasalle.venue.replay import Snapshot, read_snapshots
from lasalle.views import AccountsView, History, MarketView, SqliteHistory
from lasalle.views.model import LIVE, Mark, Told
from lasalle.views.past import Past

STORE = "views.sqlite"
MOST_HELD_BYTES = 64 * 1024 * 1024
"""Events a house is served with before its history has folded them, some 300,000 commands; what
lies before them is folded while it opens."""
UNSHOWN = frozenset({wire.ReferenceRecord.KIND, wire.TradeRecord.KIND})


class LivingViews:
    """What the gateway shows, kept in memory over a history."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.market, self.accounts = MarketView(), AccountsView(history)

    def restore(self, records: bytes, waiting: Iterable[bytes] = ()) -> None:
        """Takes the state of a core after everything the history is folded from and, behind that,
        the event frames it has yet to fold."""
        with uncollected():
            read = shown(records)
            last = next((r.last_event for _, r in read if isinstance(r, wire.HouseRecord)), 0)
            alive = {r.order for _, r in read if isinstance(r, wire.OrderRecord)}
            past = Past(self.history, waiting, alive)
            self.market.restore(read, past, last)
            self.accounts.restore(read, past, last)

    def sessions(self) -> list[int]:
        """Sessions that still have orders."""
        return sorted(
            {
                order.accepted.session
                for account in self.accounts.accounts.values()
                for order in account.orders.values()
                if order.status == LIVE and order.accepted.session
            }
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: what is made all stays, and looking through it again and
    again takes a fifth of a start."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def shown(records: bytes) -> list[Told]:
    """Records that views are restored from: all but those that are the most, client references
    and trades, which the history knows."""
    return wire.read_frames(records, UNSHOWN)


def open_history(folder: Path, journal: Journal) -> tuple[SqliteHistory, list[str]]:
    """The history of a folder, wiped when it is not of this journal, and what to say about it."""
    history = SqliteHistory(folder / STORE)
    mark = history.mark
    if not mark.event:
        history.wipe()
        return history, []
    if mark.number > journal.last:
        history.wipe()
        return history, [
            f"The views were ahead of the journal ({mark.number} against {journal.last}): "
            "they are folded anew."
        ]
    batch = next(journal.batches(after=mark.number - 1))
    if batch.last != mark.number or batch.chain.hex() != mark.chain:
        history.wipe()
        return history, ["The views were of another journal: they are folded anew."]
    return history, []


def usable_snapshot(folder: Path, mark: Mark) -> Snapshot | None:
    """The newest snapshot from which both the core and the history can go on."""
    for snapshot in read_snapshots(folder):
        head = wire.read_header(snapshot.records)
        house = wire.read_body(head, snapshot.records[: head.length])
        if house.last_event <= mark.event:
            return snapshot
    return None


class Unfolded:
    """Events of replayed batches that lie behind the mark of a history, until it folds them."""

    def __init__(self, history: History, journal: Journal) -> None:
        self.frames: deque[bytes] = deque()
        self._history, self._journal, self._size = history, journal, 0

    def hold(self, frames: bytes) -> None:
        """Keeps the events of one more batch; those before are folded when they are too many."""
        self.frames.append(frames)
        self._size += len(frames)
        if self._size > MOST_HELD_BYTES:
            while self._size > MOST_HELD_BYTES // 2:
                self._tell()
            self._history.flush()

    def hand_over(self, last_event: int) -> None:
        """The history folds the rest from here on, and answers nothing before it has."""
        if self.frames:
            self._history.expect(last_event)
        while self.frames:
            self._tell()

    def _tell(self) -> None:
        frames = self.frames.popleft()
        self._size -= len(frames)
        # The last batch of a replay gives the mark; one before it is overwritten by the next.
        self._history.tell(frames, self._journal.last, self._journal.chain)
