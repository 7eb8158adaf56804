"""Google's Cloud Billing Catalog: parts of machines added to prices, over a server that answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from lasalle.indices.evidence import PriceType
from lasalle.indices.sources import NEVER_RUN_LIVE, SourceError, Unreachable
from lasalle.institution.sources import known_sources
from lasalle.institution.sources.publishers import GcpBilling
from tests.indices.answering import NOW, WINDOW, fetcher

SECRET = "not-a-key-of-anyone"


def sku(
    number: int, description: str, nanos: int, unit: str = "h", **changes: Any
) -> dict[str, Any]:
    """Form: the reference of `services.skus.list` in Google's page "Cloud Billing API"; the prices
    are made up."""
    price = {"currencyCode": changes.get("currency", "USD"), "units": str(nanos // 10**9),
             "nanos": nanos % 10**9}  # fmt: skip
    return {
        "name": f"services/6F81-5844-456A/skus/{number:04d}",
        "skuId": f"{number:04d}",
        "description": description,
        "category": {
            "serviceDisplayName": "Compute Engine",
            "resourceFamily": "Compute",
            "resourceGroup": "GPU",
            "usageType": changes.get("usage", "OnDemand"),
        },
        "serviceRegions": changes.get("regions", ["us-central1"]),
        "pricingInfo": [
            {
                "effectiveTime": "2026-03-01T00:00:00Z",
                "pricingExpression": {
                    "usageUnit": unit,
                    "tieredRates": [{"startUsageAmount": 0, "unitPrice": price}],
                },
            }
        ],
        "serviceProviderName": "Google",
    }


ON_DEMAND = [
    sku(1, "Nvidia H100 80GB GPU running in Iowa", 9_796_550_570),
    sku(2, "A3 Instance Core running in Iowa", 29_312_480),
    sku(3, "A3 Instance Ram running in Iowa", 2_554_760, "GiBy.h"),
]
SPOT = [
    sku(4, "Nvidia H100 80GB GPU attached to Spot Preemptible VMs running in Iowa", 2_000_000_000,
        usage="Preemptible"),
    sku(5, "Spot Preemptible A3 Instance Core running in Iowa", 10_000_000, usage="Preemptible"),
    sku(6, "Spot Preemptible A3 Instance Ram running in Iowa", 1_000_000, "GiBy.h",
        usage="Preemptible"),
]  # fmt: skip
OTHERS = [
    sku(7, "Nvidia H100 80GB Plus GPU running in Iowa", 1),
    sku(8, "Commitment v1: Nvidia H100 80GB GPU running in Iowa for 1 Year", 1, usage="Commit1Yr"),
    sku(9, "Reserved Nvidia H100 80GB GPU running in Iowa", 1),
    sku(10, "Nvidia Tesla A100 80GB GPU running in Iowa", 3_000_000_000),
    sku(11, "N2 Instance Core running in Iowa", 1),
    sku(12, "A3 Instance Core running in Sao Paulo", 1, regions=["southamerica-east1"]),
]


def billing(*pages: list[dict[str, Any]], asked: list[httpx.Request] | None = None) -> GcpBilling:
    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        at = int(request.url.params.get("pageToken", "0"))
        more = {"nextPageToken": str(at + 1) if at + 1 < len(pages) else ""}
        return httpx.Response(200, json={"skus": pages[at], **more})

    return GcpBilling(fetcher(answer), lambda: NOW, SECRET)


def test_a_machine_is_the_sum_of_its_parts_on_every_page() -> None:
    asked: list[httpx.Request] = []
    source = billing(ON_DEMAND[:2], ON_DEMAND[2:] + SPOT + OTHERS, asked=asked)
    rows = source.reading(*WINDOW).evidence.to_pylist()
    # (8 x 9.79655057 + 208 x 0.02931248 + 1872 x 0.00255476) / 8, and of the spot parts alike.
    assert [(r["offer"], r["grade"], r["location"], r["tenor_days"], r["price"]) for r in rows] == [
        ("gcp/us-central1/a3-highgpu-8g/on-demand", "H100-SXM", "US-EAST", 1, 11_156_489),
        ("gcp/us-central1/a3-highgpu-8g/spot", "H100-SXM", "US-EAST", 0, 2_494_000),
    ]
    assert {r["price_type"] for r in rows} == {PriceType.LIST}
    assert all(r["reference"].endswith(("sku 0001", "sku 0004")) for r in rows)
    assert all(NEVER_RUN_LIVE in r["reference"] for r in rows)
    assert len(asked) == 2


def test_its_key_goes_into_a_header_and_nowhere_else(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"skus": ON_DEMAND})

    source = GcpBilling(fetcher(answer, tmp_path), lambda: NOW, SECRET)
    evidence = source.read(*WINDOW)
    assert asked[0].headers["X-Goog-Api-Key"] == SECRET
    assert SECRET not in str(asked[0].url)
    assert SECRET not in json.dumps(evidence.to_pylist()) + repr(source)
    kept = [path for path in tmp_path.iterdir() if path.is_file()]
    assert kept
    assert all(SECRET.encode() not in path.read_bytes() for path in kept)
    closed = GcpBilling(fetcher(lambda _: httpx.Response(403)), lambda: NOW, SECRET)
    with pytest.raises(Unreachable, match="is the key right") as caught:
        closed.read(*WINDOW)
    assert SECRET not in str(caught.value)
    with pytest.raises(Unreachable, match="LASALLE_GCP_KEY"):
        GcpBilling(fetcher(answer), lambda: NOW).read(*WINDOW)
    found = known_sources(tmp_path, None, {"LASALLE_GCP_KEY": SECRET}, fetcher(answer))
    assert found["gcp-billing"].live == NEVER_RUN_LIVE
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (sku(1, "Nvidia H100 80GB GPU running in Iowa", 9, currency="EUR"), "currencyCode"),
        (sku(1, "Nvidia H100 80GB GPU running in Iowa", 9, unit="mo"), "usageUnit"),
        (sku(1, "Nvidia H100 80GB GPU running in Iowa", 9) | {"pricingInfo": []}, "tieredRates"),
        (sku(1, "Nvidia H100 80GB GPU running in Iowa", 9) | {"skuId": None}, "SkuPage"),
        (sku(13, "Nvidia H100 80GB GPU running in Iowa", 9), "expected one price"),
        (sku(14, "N2 Instance Core", 9) | {"category": {}}, "SkuPage"),
    ],
)
def test_another_form_currency_unit_or_price_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        billing([*ON_DEMAND[1:], sku(1, "Nvidia H100 80GB GPU running in Iowa", 8), wrong]).read(
            *WINDOW
        )


def test_cents_and_parts_that_are_missing_are_no_price() -> None:
    hundred = [sku(1, "Nvidia H100 80GB GPU running in Iowa", 979_655_057_000), *ON_DEMAND[1:]]
    assert billing(hundred).reading(*WINDOW).refusals() == {"cents": 1}
    for parts in (ON_DEMAND[:2], ON_DEMAND[1:], OTHERS, []):
        with pytest.raises(SourceError, match="none at all"):
            billing(parts).read(*WINDOW)


def test_a_catalogue_without_an_end_is_refused() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"skus": ON_DEMAND, "nextPageToken": "0"})

    with pytest.raises(SourceError, match="pages: expected at most"):
        GcpBilling(fetcher(answer), lambda: NOW, SECRET).read(*WINDOW)
