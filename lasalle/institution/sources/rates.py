"""Exchange rates over HTTP: the daily file of the European Central Bank. It has not been run
live."""

from __future__ import annotations

from dataclasses import dataclass

from lasalle.clearing.fx import Observation
from lasalle.clearing.fx_files import ECB, read_file
from lasalle.indices.sources import NEVER_RUN_LIVE
from lasalle.institution.sources.fetching import Fetcher

FRESH_SECONDS = 1_800.0
"""The file changes once a day: it is asked for twice an hour at most."""


@dataclass(frozen=True)
class EcbRates:
    """Reference rates of the last day of business, which need no key."""

    fetcher: Fetcher
    address: str = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
    name: str = "ecb-daily"
    licence: str = "European Central Bank: reuse with the source named"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def read(self) -> list[Observation]:
        """The rates of the file. Raises Unreachable, or FxError where it is another file."""
        content = self.fetcher.get(self.name, self.address, fresh_seconds=FRESH_SECONDS)
        return read_file(content, ECB)
