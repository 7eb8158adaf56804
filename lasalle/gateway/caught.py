"""What the venue and its views raise, as faults of the doors.

Apart from the faults themselves, so that whoever only writes commands loads no venue.
"""

from __future__ import annotations

from lasalle.gateway.faults import BEHIND, Denied
from lasalle.venue.journal import JournalFull
from lasalle.venue.sequencer import CommandMalformed, VenueStopped
from lasalle.venue.waiting import VenueBusy
from lasalle.views import HistoryBehind


def fault_of(error: Exception) -> Denied:
    """Any exception as a fault of the registry."""
    if isinstance(error, Denied):
        return error
    if isinstance(error, CommandMalformed):
        return Denied(str(error)[:200], name="malformed")
    if isinstance(error, JournalFull):
        return Denied(f"{error}; nothing was done", name="journal_full")
    if isinstance(error, VenueBusy):
        return Denied(f"{error}; nothing was done", name="venue_busy", headers={"Retry-After": "1"})
    if isinstance(error, HistoryBehind):
        return Denied(
            str(error),
            name=BEHIND,
            expected=error.expected,
            found=error.found,
            headers={"Retry-After": "1"},
        )
    if isinstance(error, VenueStopped):
        return Denied(str(error), name="venue_stopped")
    return Denied(name="internal")
