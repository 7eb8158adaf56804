"""Where evidence is fetched: files, packages, publishers and the venue, behind one interface."""

from lasalle.institution.sources.fetching import Fetcher, web_client
from lasalle.institution.sources.files import FileSource, file_sources, plain_file
from lasalle.institution.sources.known import KEYS, known_sources
from lasalle.institution.sources.packages import GenaiPrices, ModelPrices
from lasalle.institution.sources.venue import VenueSource, venue_series

__all__ = [
    "KEYS",
    "Fetcher",
    "FileSource",
    "GenaiPrices",
    "ModelPrices",
    "VenueSource",
    "file_sources",
    "known_sources",
    "plain_file",
    "venue_series",
    "web_client",
]
