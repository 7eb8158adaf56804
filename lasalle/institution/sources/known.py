"""Every source a house can read, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from lasalle.indices.sources import Source, SourceError
from lasalle.indices.sources.grading import locations_of
from lasalle.institution.sources.fetching import Fetcher, web_client
from lasalle.institution.sources.files import file_sources
from lasalle.institution.sources.packages import GenaiPrices, ModelPrices
from lasalle.institution.sources.publishers import (
    AwsSpotHistory,
    AzureRetail,
    GcpBilling,
    PrimeMarketplace,
    SkyPilotCatalogue,
    VastMarketplace,
    present,
)
from lasalle.institution.sources.signing import AwsKey

KEYS = {
    "gcp-billing": ("LASALLE_GCP_KEY",),
    "vast": ("LASALLE_VAST_KEY",),
    "prime": ("LASALLE_PRIME_KEY",),
    "aws-spot": ("LASALLE_AWS_ACCESS_KEY", "LASALLE_AWS_SECRET_KEY"),
}
"""Words of the environment in which an operator gives keys; none is looked for elsewhere."""


def known_sources(
    prices: Path,
    cache: Path | None,
    environment: Mapping[str, str],
    fetcher: Fetcher | None = None,
    clock: Callable[[], int] = present,
) -> dict[str, Source]:
    """Files under `prices`, packages, and publishers over HTTP with copies under `cache`.

    The venue's own prices need an open house: `VenueSource`.
    """
    web = fetcher or Fetcher(web_client(), cache)
    access, secret = (environment.get(word, "") for word in KEYS["aws-spot"])
    key = AwsKey(access, secret) if access and secret else None
    day = environment.get("LASALLE_GENAI_PRICES_DAY", "")
    try:
        looked = datetime.fromisoformat(day) if day else None
    except ValueError as error:
        raise SourceError("LASALLE_GENAI_PRICES_DAY", "a date YYYY-MM-DD", day) from error
    found: list[Source] = [
        *file_sources(prices),
        ModelPrices(),
        GenaiPrices(looked),
        SkyPilotCatalogue(web, clock),
        AzureRetail(web, clock),
        GcpBilling(web, clock, environment.get(KEYS["gcp-billing"][0], "")),
        VastMarketplace(web, clock, environment.get(KEYS["vast"][0], "")),
        PrimeMarketplace(web, clock, environment.get(KEYS["prime"][0], "")),
        *(AwsSpotHistory(web, clock, region, key) for region in sorted(locations_of("aws"))),
    ]
    return {source.name: source for source in found}
