"""The one interface behind which every source stands."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pyarrow as arrow

from lasalle.indices.sources.admission import Reading

NEVER_RUN_LIVE = "never run live"
"""What `Source.live` says of a connector that has only met recorded answers."""


def provenance(source: Source) -> str:
    """What its rows name as where they come from: an answer nobody has seen live says so."""
    never = source.live == NEVER_RUN_LIVE
    return f"{source.origin}, {NEVER_RUN_LIVE}" if never else source.origin


@runtime_checkable
class Source(Protocol):
    """A source of evidence. Asked twice for a window in the past it answers the same."""

    @property
    def name(self) -> str:
        """Its name in every row it gives, `gcp-history`."""

    @property
    def origin(self) -> str:
        """Publisher, and the address or file it is read from."""

    @property
    def licence(self) -> str:
        """Terms its rows come under, as far as the publisher states any."""

    @property
    def live(self) -> str:
        """Date of the last run against the publisher itself; `NEVER_RUN_LIVE`; or `a file`."""

    def reading(self, since: int, until: int) -> Reading:
        """Rows from `since` until before `until` (nanoseconds UTC), and the rows refused, each with
        its reason. Raises `Unreachable` where it cannot be asked, `SourceError` where it answers in
        another form than it publishes.
        """

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`, a table of `EVIDENCE_SCHEMA`."""
