"""The venue: it numbers commands, seals them durably, has the core carry them out, and can
prove it."""

from lasalle.venue.core import Core, make_core
from lasalle.venue.journal import Journal, JournalBent, JournalFull, JournalLocked
from lasalle.venue.sequencer import Sequencer, VenueStopped
from lasalle.venue.verify import Report, verify

__all__ = [
    "Core",
    "Journal",
    "JournalBent",
    "JournalFull",
    "JournalLocked",
    "Report",
    "Sequencer",
    "VenueStopped",
    "make_core",
    "verify",
]
