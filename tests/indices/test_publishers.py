"""Publishers over HTTP: what their recorded answers are as evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from lasalle.indices.evidence import PriceType
from lasalle.indices.sources import (
    NEVER_RUN_LIVE,
    REASONS,
    Reading,
    Source,
    SourceError,
    Unreachable,
)
from lasalle.institution.sources import known_sources
from lasalle.institution.sources.publishers import (
    AwsSpotHistory,
    AzureRetail,
    PrimeMarketplace,
    SkyPilotCatalogue,
    VastMarketplace,
)
from lasalle.institution.sources.signing import AwsKey, signed_headers
from tests.indices import recorded
from tests.indices.answering import HOUR, NOW, WINDOW, Clock, body, fetcher


def rows(reading: Reading) -> list[tuple[str, str, str, int, int, int]]:
    return [
        (
            row["offer"],
            row["grade"],
            row["location"],
            row["tenor_days"],
            row["price_type"],
            row["price"],
        )
        for row in reading.evidence.to_pylist()
    ]


def test_skypilot_prices_are_per_instance_and_a_missing_spot_is_a_shortage() -> None:
    source = SkyPilotCatalogue(fetcher(body(recorded.SKYPILOT_AWS)), lambda: NOW)
    found = rows(source.reading(*WINDOW))
    spot = {offer: (kind, price) for offer, _, _, tenor, kind, price in found if tenor == 0}
    assert spot == {
        "aws/use1-az1/p4de.24xlarge/spot": (PriceType.SHORTAGE, 0),
        "aws/eun1-az3/p5.48xlarge/spot": (PriceType.SHORTAGE, 0),
        "aws/use1-az5/p5.48xlarge/spot": (PriceType.EXECUTABLE, 6_875_960),
        "aws/use2-az1/p5.48xlarge/spot": (PriceType.SHORTAGE, 0),
        "aws/use2-az2/p5.48xlarge/spot": (PriceType.EXECUTABLE, 4_554_250),
        "aws/usw2-az1/p5.48xlarge/spot": (PriceType.EXECUTABLE, 4_290_320),
    }
    listed = [row for row in found if row[3] == 1]
    assert len(listed) == 5, "one on-demand price a region and machine"
    assert ("aws/us-east-2/p5.48xlarge/on-demand", "H100-SXM", "US-EAST", 1, 3, 12_290_000) in found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"SpotPrice", b"Spot", "no SpotPrice"),
        (b"55.00768", b"none", "'none'"),
        (b"p4de", b"\xff\xfe", "CSV"),
    ],
)
def test_a_catalogue_of_another_form_is_refused(old: bytes, new: bytes, found: str) -> None:
    source = SkyPilotCatalogue(fetcher(body(recorded.SKYPILOT_AWS.replace(old, new))), lambda: NOW)
    with pytest.raises(SourceError, match=found):
        source.read(*WINDOW)


def azure(*changes: dict[str, Any], pages: dict[str, Any] | None = None) -> AzureRetail:
    first = {"Items": [recorded.AZURE_ITEM | change for change in changes], **(pages or {})}

    def answer(request: httpx.Request) -> httpx.Response:
        asked = str(request.url.params.get("$filter", ""))
        return httpx.Response(200, json=first if "H100_v5" in asked else {"Items": []})

    return AzureRetail(fetcher(answer), lambda: NOW)


def test_azure_hours_and_terms_are_told_apart() -> None:
    found = azure(
        {},
        {"skuName": "ND96isr H100 v5 Spot", "retailPrice": 40.0, "meterId": "m-2"},
        {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 350_400.0},
        {"type": "Reservation", "reservationTerm": "3 Years", "retailPrice": 700_800.0},
        {"productName": "Virtual Machines NDsr H100 v5 Series Windows"},
        {"skuName": "ND96isr H100 v5 Low Priority", "retailPrice": 10.0},
        {"armRegionName": "brazilsouth"},
        {"armSkuName": "Standard_D2s_v3"},
    ).reading(*WINDOW)
    assert sorted((row[3], row[5]) for row in rows(found)) == [
        (0, 5_000_000),
        (1, 12_290_000),
        (365, 5_000_000),
        (1095, 3_333_333),
    ]
    assert {row[4] for row in rows(found)} == {PriceType.LIST}


def test_azure_in_another_currency_unit_or_form_is_refused() -> None:
    for change, field in (
        ({"currencyCode": "EUR"}, "currencyCode"),
        ({"unitOfMeasure": "1 Month"}, "unitOfMeasure"),
        ({"retailPrice": None}, "AzurePage"),
    ):
        with pytest.raises(SourceError, match=field):
            azure(change).read(*WINDOW)


def test_azure_pages_are_followed_on_its_own_host_only() -> None:
    away = "https://prices.example.org/api/retail/prices?$skip=100"
    with pytest.raises(SourceError, match="next page"):
        azure({}, pages={"NextPageLink": away}).read(*WINDOW)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        more = "H100" in str(request.url) and "skip" not in str(request.url)
        item = recorded.AZURE_ITEM | ({} if more else {"armRegionName": "westus2"})
        link = "https://prices.azure.com:443/api/retail/prices?$filter=H100&$skip=1"
        return httpx.Response(
            200,
            json={
                "Items": [item] if more or "skip" in str(request.url) else [],
                "NextPageLink": link if more else None,
            },
        )

    found = AzureRetail(fetcher(answer), lambda: NOW).read(*WINDOW)
    assert sorted(found["location"].to_pylist()) == ["US-EAST", "US-WEST"]
    assert len(asked) == 4


def vast(*changes: dict[str, Any]) -> VastMarketplace:
    first = recorded.VAST_OFFERS[0]
    offers = [first | change for change in changes] or recorded.VAST_OFFERS

    def answer(request: httpx.Request) -> httpx.Response:
        wanted = json.loads(request.url.params["q"])["gpu_name"]["eq"]
        return httpx.Response(200, json={"offers": [o for o in offers if o["gpu_name"] == wanted]})

    return VastMarketplace(fetcher(answer), lambda: NOW)


def test_vast_offers_are_executable_and_a_grade_without_any_is_a_shortage() -> None:
    found = rows(vast().reading(*WINDOW))
    assert [row for row in found if row[4] == PriceType.EXECUTABLE] == [
        ("vast/machine-140072/on-demand", "H100-SXM", "APAC", 1, 2, 1_605_926),
        ("vast/machine-148199/on-demand", "H100-SXM", "", 1, 2, 1_386_741),
        ("vast/machine-59380/on-demand", "H100-SXM", "US-WEST", 1, 2, 1_735_556),
    ]
    assert {row[1] for row in found if row[4] == PriceType.SHORTAGE} == {
        "H200-SXM",
        "B200-SXM",
        "A100-80-SXM",
    }


def test_a_machine_listed_in_several_sizes_is_one_machine() -> None:
    source = vast(
        {"id": 1, "num_gpus": 2, "dph_total": 3.0},
        {"id": 2, "num_gpus": 4, "dph_total": 7.2},
        {"id": 3, "num_gpus": 4, "dph_total": 6.8},
        {"id": 4, "num_gpus": 8, "dph_total": 9.9, "rentable": False},
        {"id": 5, "num_gpus": 1, "dph_total": 1.0, "gpu_ram": 40_960},
    )
    found = [row for row in source.read(*WINDOW).to_pylist() if row["price"]]
    assert [(row["size"], row["price"], row["reference"][-7:]) for row in found] == [
        (4, 1_700_000, "offer 3")
    ]


def test_a_vast_price_in_cents_is_refused_as_cents() -> None:
    reading = vast({"dph_total": 138.67}).reading(*WINDOW)
    assert reading.refusals() == {"cents": 1}


def test_prime_stock_is_executable_or_a_shortage() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer secret"
        kind = request.url.params["gpu_type"]
        items = [item for item in recorded.PRIME_ITEMS if item["gpuType"] == kind]
        at = 2 * (int(request.url.params["page"]) - 1)
        return httpx.Response(200, json={"items": items[at : at + 2], "totalCount": len(items)})

    found = rows(PrimeMarketplace(fetcher(answer), lambda: NOW, "secret").reading(*WINDOW))
    assert found == [
        ("prime/datacrunch/FIN-02/8H100.80S.176V/8", "H100-SXM", "EU-NORTH", 1, 4, 0),
        ("prime/lambdalabs/us-west-3/gpu_8x_h100_sxm5/8", "H100-SXM", "", 1, 2, 2_990_000),
    ]
    with pytest.raises(Unreachable, match="needs a key"):
        PrimeMarketplace(fetcher(answer), lambda: NOW).read(*WINDOW)


def test_aws_spot_rows_stand_no_earlier_than_the_window() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=recorded.AWS_SPOT)

    since = NOW - 12 * HOUR
    source = AwsSpotHistory(fetcher(answer), lambda: NOW, "us-east-1", AwsKey("AKID", "hidden"))
    found = source.read(since, NOW).to_pylist()
    assert [(row["offer"], row["price"], row["time"]) for row in found] == [
        ("aws/us-east-1c/p5.48xlarge/spot", 4_387_500, since),
        ("aws/us-east-1b/p5.48xlarge/spot", 4_554_250, NOW - HOUR * 6 + 1_501 * 10**9),
    ]
    assert "hidden" not in str(asked[0].url) + str(asked[0].headers) + repr(source)
    with pytest.raises(Unreachable, match="access key"):
        AwsSpotHistory(fetcher(answer), lambda: NOW).read(since, NOW)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"<spotPrice>36.434000</spotPrice>", b"", "no spotPrice"),
        (b"36.434000", b"much", "a time and a price"),
        (b"</DescribeSpotPriceHistoryResponse>", b"", "XML"),
        (b"DescribeSpotPriceHistoryResponse", b"Response", "DescribeSpotPriceHistoryResponse"),
    ],
)
def test_an_aws_answer_of_another_form_is_refused(old: bytes, new: bytes, found: str) -> None:
    content = recorded.AWS_SPOT.replace(old, new)
    source = AwsSpotHistory(fetcher(body(content)), lambda: NOW, "us-east-1", AwsKey("A", "b"))
    with pytest.raises(SourceError, match=found):
        source.read(NOW - HOUR, NOW)


def test_the_signature_of_the_published_example() -> None:
    """AWS, "Examples of the complete Signature Version 4 signing process": ListUsers of IAM."""
    key = AwsKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    asked, headers = signed_headers(
        {"Action": "ListUsers", "Version": "2010-05-08"},
        "iam.amazonaws.com",
        "us-east-1",
        "iam",
        key,
        datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    assert asked == "Action=ListUsers&Version=2010-05-08"
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )
    assert key.secret not in repr(key)


def test_a_publisher_tells_only_the_present() -> None:
    source = SkyPilotCatalogue(fetcher(body(recorded.SKYPILOT_AWS)), lambda: NOW)
    with pytest.raises(Unreachable, match="what stands when it is asked"):
        source.read(NOW - 2 * HOUR, NOW - HOUR)


def test_a_catalogue_that_stands_still_is_stale(tmp_path: Path) -> None:
    clock = Clock()
    content = [recorded.SKYPILOT_AWS]
    web = fetcher(lambda _: httpx.Response(200, content=content[0]), tmp_path, clock)
    source = SkyPilotCatalogue(web, lambda: round(clock.seconds * 10**9))

    def asked() -> Reading:
        now = round(clock.seconds * 10**9)
        return source.reading(now - HOUR, now + HOUR)

    for _ in range(8):
        assert len(asked().evidence) == 11
        clock.seconds += 6 * 3_600
    clock.seconds += 3_600
    late = asked()
    assert (len(late.evidence), late.refusals()) == (0, {"stale": 11})
    content[0] = recorded.SKYPILOT_AWS.replace(b"55.00768", b"54.00768")
    clock.seconds += 3_600
    assert len(asked().evidence) == 11


def test_a_tick_of_a_clock_an_hour_ahead_is_refused() -> None:
    content = recorded.AWS_SPOT.replace(b"2026-03-12T06:25:01", b"2026-03-12T13:00:00")
    source = AwsSpotHistory(fetcher(body(content)), lambda: NOW, "us-east-1", AwsKey("A", "b"))
    reading = source.reading(NOW - HOUR, NOW)
    assert reading.refusals() == {"future": 1}
    assert reading.evidence["offer"].to_pylist() == ["aws/us-east-1c/p5.48xlarge/spot"]


def test_what_was_never_run_live_says_so(tmp_path: Path) -> None:
    found = known_sources(tmp_path, None, {}, fetcher(body(b"")))
    assert all(isinstance(source, Source) for source in found.values())
    assert all(source.name == name for name, source in found.items())
    never = {name for name, source in found.items() if source.live == NEVER_RUN_LIVE}
    assert {"skypilot-aws", "azure-retail", "vast", "prime", "aws-spot-us-east-1"} <= never
    assert {name for name in found if found[name].origin.startswith("https://")} == never


def test_the_page_of_sources_is_true() -> None:
    """docs/reference/sources.md names every source, its licence and whether it was run live."""
    page = (Path(__file__).parents[2] / "docs/reference/sources.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    told = {row[1].strip("`"): (row[4], row[5]) for row in cells if len(row) == 7}
    reasons = {row[1].strip("`"): row[2] for row in cells if len(row) == 4}
    for name, source in known_sources(Path(), None, {}, fetcher(body(b""))).items():
        kind = "aws-spot-REGION" if name.startswith("aws-spot-") else name
        assert told[kind] == (source.live, source.licence), name
    for reason, meaning in REASONS.items():
        assert reasons[reason].split(",")[0] == meaning.split(",")[0]
