"""The venue: it numbers commands, seals them durably, has the core carry them out, and can
prove it."""

from lasalle.venue.core import Core, make_core
from lasalle.venue.journal import (
    Journal,
    JournalBent,
    JournalBroken,
    JournalFull,
    JournalLocked,
)
from lasalle.venue.sequencer import CommandMalformed, Sequencer, VenueStopped
from lasalle.venue.verify import Report, verify

__all__ = [
    "CommandMalformed",
    "Core",
    "Journal",
    "JournalBent",
    "JournalBroken",
    "JournalFull",
    "JournalLocked",
    "Report",
    "Sequencer",
    "VenueStopped",
    "make_core",
    "verify",
]
