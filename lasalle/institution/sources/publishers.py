"""Sources that are publishers on the web. None of them has been run live.

Each tells what stands at the moment it is asked, AWS spot history excepted; the past of the others
is what was kept of earlier answers, so a window that does not hold the present is refused.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pyarrow as arrow

from lasalle.indices.sources import NEVER_RUN_LIVE, Reading, Unreachable
from lasalle.indices.sources.answers import (
    AzureItem,
    AzurePage,
    PrimeItem,
    PrimePage,
    VastAnswer,
    VastOffer,
    azure_rows,
    decoded,
    prime_rows,
    skypilot_rows,
    told,
    vast_rows,
)
from lasalle.indices.sources.aws_spot import (
    SpotTick,
    read_spot_answer,
    spot_query,
    spot_rows,
)
from lasalle.indices.sources.faults import SourceError
from lasalle.indices.sources.gcp_billing import Sku, SkuPage, gcp_billing_rows
from lasalle.indices.sources.grading import accelerators, locations_of, machines_of
from lasalle.indices.sources.source import provenance
from lasalle.institution.sources.fetching import Fetcher
from lasalle.institution.sources.signing import AwsKey, signed_headers

MOST_PAGES = 200
COMPUTE_ENGINE = "6F81-5844-456A"
"""Google's service whose units are parts of machines."""
CATALOGUE_STALE = 48 * 3_600 * 10**9
"""SkyPilot writes its catalogue anew several times a day: one that has not changed for two days
says nothing of today.
"""
LISTS_FRESH_SECONDS = 3_600.0
"""A price list is asked for once an hour at most; marketplaces each time."""


def present() -> int:
    """Nanoseconds UTC."""
    return time.time_ns()


@dataclass(frozen=True)
class _Asked(ABC):
    """What publishers share: a fetcher and a clock."""

    fetcher: Fetcher
    clock: Callable[[], int] = present

    def read(self, since: int, until: int) -> arrow.Table:
        """The admitted rows of `reading`."""
        return self.reading(since, until).evidence

    @abstractmethod
    def reading(self, since: int, until: int) -> Reading:
        """Rows of the window and what was refused."""

    def _now(self, name: str, since: int, until: int) -> int:
        now = self.clock()
        if not since <= now < until:
            raise Unreachable(
                f"{name}: tells only what stands when it is asked; the window asked for lies "
                "elsewhere, and its rows are those kept then"
            )
        return now


@dataclass(frozen=True)
class SkyPilotCatalogue(_Asked):
    """The AWS file of SkyPilot's public catalogue, rewritten every few hours."""

    address: str = "https://raw.githubusercontent.com/skypilot-org/skypilot-catalog/master/catalogs/v8/aws/vms.csv"
    name: str = "skypilot-aws"
    licence: str = "none stated: for measuring only"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def reading(self, since: int, until: int) -> Reading:
        now = self._now(self.name, since, until)
        content = self.fetcher.get(self.name, self.address, fresh_seconds=LISTS_FRESH_SECONDS)
        held = self.fetcher.held_since(self.address)
        seen = now if held is None else round(held * 1e9)
        stands = now if now - seen <= CATALOGUE_STALE else seen
        try:
            rows = skypilot_rows(content, self.name, stands, provenance(self))
        except UnicodeDecodeError as error:
            raise SourceError(f"{self.name}: answer", "a CSV file", str(error)) from error
        return told(rows, since, until, now, stale_after=CATALOGUE_STALE)


@dataclass(frozen=True)
class AzureRetail(_Asked):
    """Azure's Retail Prices API, which needs no key."""

    address: str = "https://prices.azure.com/api/retail/prices"
    name: str = "azure-retail"
    licence: str = "Microsoft's terms of its public prices"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def reading(self, since: int, until: int) -> Reading:
        now = self._now(self.name, since, until)
        items: list[AzureItem] = []
        for machine in machines_of("azure"):
            items += self._items(machine)
        return told(azure_rows(items, self.name, now, provenance(self)), since, until, now)

    def _items(self, machine: str) -> Iterator[AzureItem]:
        wanted = f"serviceName eq 'Virtual Machines' and armSkuName eq '{machine}'"
        address = f"{self.address}?$filter={quote(wanted)}"
        for _ in range(MOST_PAGES):
            content = self.fetcher.get(self.name, address, fresh_seconds=LISTS_FRESH_SECONDS)
            page = decoded(content, AzurePage, self.name)
            yield from page.Items
            if not page.NextPageLink:
                return
            address = _of_host(page.NextPageLink, self.address, self.name)
        raise SourceError(f"{self.name}: pages", f"at most {MOST_PAGES}", "more")


@dataclass(frozen=True)
class VastMarketplace(_Asked):
    """Offers of Vast, each grade asked for by the accelerator's name."""

    key: str = ""
    address: str = "https://console.vast.ai/api/v0/bundles/"
    name: str = "vast"
    licence: str = "Vast.ai's terms of service"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def reading(self, since: int, until: int) -> Reading:
        now = self._now(self.name, since, until)
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        offers: list[VastOffer] = []
        asked = {name: grade for name, grade in accelerators().items() if "/" not in name}
        for name in asked:
            wanted = {
                "gpu_name": {"eq": name},
                "rentable": {"eq": True},
                "type": "on-demand",
                "order": [["dph_total", "asc"]],
                "limit": 1000,
            }
            query = quote(json.dumps(wanted, separators=(",", ":")))
            content = self.fetcher.get(
                self.name, f"{self.address}?q={query}", headers=headers, keep=False
            )
            offers += decoded(content, VastAnswer, self.name).offers
        rows = vast_rows(offers, asked.values(), self.name, now, provenance(self))
        return told(rows, since, until, now)


@dataclass(frozen=True)
class PrimeMarketplace(_Asked):
    """GPU availability of Prime Intellect; needs a key with `Availability -> Read`."""

    key: str = ""
    address: str = "https://api.primeintellect.ai/api/v1/availability/gpus"
    name: str = "prime"
    licence: str = "Prime Intellect's terms of service"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def reading(self, since: int, until: int) -> Reading:
        now = self._now(self.name, since, until)
        if not self.key:
            raise Unreachable(f"{self.name}: needs a key with Availability -> Read, found none")
        headers = {"Authorization": f"Bearer {self.key}"}
        items: list[PrimeItem] = []
        kinds = sorted({name.split("/")[0] for name in accelerators() if "/" in name})
        for kind in kinds:
            found: list[PrimeItem] = []
            for page in range(1, MOST_PAGES + 1):
                address = f"{self.address}?gpu_type={kind}&page={page}&page_size=100"
                content = self.fetcher.get(self.name, address, headers=headers, keep=False)
                answer = decoded(content, PrimePage, self.name)
                found += answer.items
                if not answer.items or len(found) >= answer.totalCount:
                    break
            items += found
        return told(prime_rows(items, self.name, now, provenance(self)), since, until, now)


@dataclass(frozen=True)
class AwsSpotHistory(_Asked):
    """EC2's spot price history of one region, 90 days back; needs an access key."""

    region: str = "us-east-1"
    key: AwsKey | None = None
    licence: str = "AWS's customer agreement"
    live: str = NEVER_RUN_LIVE

    @property
    def name(self) -> str:
        return f"aws-spot-{self.region}"

    @property
    def origin(self) -> str:
        return f"https://ec2.{self.region}.amazonaws.com/?Action=DescribeSpotPriceHistory"

    def reading(self, since: int, until: int) -> Reading:
        if self.region not in locations_of("aws"):
            raise SourceError(f"{self.name}: region", "one with a delivery point", self.region)
        if self.key is None:
            raise Unreachable(f"{self.name}: needs an AWS access key, found none")
        ticks = list(self._ticks(self.key, since, until))
        rows = spot_rows(ticks, self.region, since, self.name, provenance(self))
        return told(rows, since, until, self.clock())

    def _ticks(self, key: AwsKey, since: int, until: int) -> Iterator[SpotTick]:
        host, token = f"ec2.{self.region}.amazonaws.com", ""
        for _ in range(MOST_PAGES):
            query = spot_query(machines_of("aws"), since, until, token)
            now = datetime.fromtimestamp(self.clock() / 1e9, UTC)
            asked, headers = signed_headers(query, host, self.region, "ec2", key, now)
            content = self.fetcher.get(
                self.name, f"https://{host}/?{asked}", headers=headers, keep=False
            )
            ticks, token = read_spot_answer(content, self.name)
            yield from ticks
            if not token:
                return
        raise SourceError(f"{self.name}: pages", f"at most {MOST_PAGES}", "more")


@dataclass(frozen=True)
class GcpBilling(_Asked):
    """What Google asks for parts of machines, on demand and by spot; needs a key of the Cloud
    Billing API, which goes into a header and so into no address, copy or fault."""

    key: str = field(default="", repr=False)
    address: str = f"https://cloudbilling.googleapis.com/v1/services/{COMPUTE_ENGINE}/skus"
    name: str = "gcp-billing"
    licence: str = "Google's terms of its APIs"
    live: str = NEVER_RUN_LIVE

    @property
    def origin(self) -> str:
        return self.address

    def reading(self, since: int, until: int) -> Reading:
        now = self._now(self.name, since, until)
        if not self.key:
            raise Unreachable(
                f"{self.name}: needs a key of the Cloud Billing API in LASALLE_GCP_KEY, found none"
            )
        skus: list[Sku] = []
        token, headers = "", {"X-Goog-Api-Key": self.key}
        for _ in range(MOST_PAGES):
            address = f"{self.address}?currencyCode=USD&pageSize=5000"
            address += f"&pageToken={quote(token)}" if token else ""
            content = self.fetcher.get(
                self.name, address, headers=headers, fresh_seconds=LISTS_FRESH_SECONDS
            )
            page = decoded(content, SkuPage, self.name)
            skus += page.skus
            token = page.next_page_token
            if not token:
                rows = gcp_billing_rows(skus, self.name, now, provenance(self))
                return told(rows, since, until, now)
        raise SourceError(f"{self.name}: pages", f"at most {MOST_PAGES}", "more")


def _of_host(address: str, first: str, source: str) -> str:
    """An address of the same host, in the clear never: pages are followed nowhere else."""
    found = httpx.URL(address)
    if found.scheme != "https" or found.host != httpx.URL(first).host:
        raise SourceError(f"{source}: next page", f"an address of {httpx.URL(first).host}", address)
    return address
