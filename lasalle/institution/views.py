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


def open_history(folder: Path) -> SqliteHistory:
    """The history of a folder; nothing proves yet that it is of this journal."""
    history = SqliteHistory(folder / STORE)
    if not history.mark.event:
        history.wipe()
    return history


def mark_to_meet(mark: Mark) -> list[tuple[int, bytes]]:
    """The number at which a batch of the journal must end, and its chain, so that a history with
    this mark is of it; none where the history is empty."""
    return [(mark.number, bytes.fromhex(mark.chain))] if mark.event else []


def prove(history: SqliteHistory, journal: Journal) -> list[str]:
    """Wipes a history that is not of this journal; gives what to say about it."""
    mark = history.mark
    if not mark.event:
        return []
    if mark.number > journal.last:
        history.wipe()
        return [
            f"The views were ahead of the journal ({mark.number} against {journal.last}): "
            "they are folded anew."
        ]
    batch = next(journal.batches(after=mark.number - 1))
    if [(batch.last, batch.chain)] != mark_to_meet(mark):
        history.wipe()
        return ["The views were of another journal: they are folded anew."]
    return []


def usable_snapshot(folder: Path, mark: Mark) -> Snapshot | None:
    """The newest snapshot from which both the core and the history can go on."""
    for snapshot in read_snapshots(folder):
        head = wire.read_header(snapshot.records)
        house = wire.read_body(head, snapshot.records[: head.length])
        if house.last_event <= mark.event:
            return snapshot
    return None


class TooMuchUnfolded(Exception):
    """More events lie behind a history than are held before the journal is known to be sound."""


class Unfolded:
    """Events of replayed batches that lie behind the mark of a history, until it folds them."""

    def __init__(self, history: History, journal: Journal | None = None) -> None:
        """journal: None until it is opened; by then no more is held than fits."""
        self.frames: deque[bytes] = deque()
        self.journal = journal
        self._history, self._size = history, 0

    def hold(self, frames: bytes) -> None:
        """Keeps the events of one more batch; those before are folded when they are too many.

        Raises TooMuchUnfolded where they are and the journal is not opened yet."""
        self.frames.append(frames)
        self._size += len(frames)
        if self._size > MOST_HELD_BYTES:
            if self.journal is None:
                raise TooMuchUnfolded
            while self._size > MOST_HELD_BYTES // 2:
                self._tell(self.journal)
            self._history.flush()

    def hand_over(self, journal: Journal, last_event: int) -> None:
        """The history folds the rest from here on, and answers nothing before it has."""
        if self.frames:
            self._history.expect(last_event)
        while self.frames:
            self._tell(journal)

    def _tell(self, journal: Journal) -> None:
        frames = self.frames.popleft()
        self._size -= len(frames)
        # The last batch of a replay gives the mark; one before it is overwritten by the next.
        self._history.tell(frames, journal.last, journal.chain)
