"""Answers of publishers over HTTP: their published form, checked, and the evidence in them.

Every answer is of the moment it was asked for; rows stand at that moment. A field the form has and
the answer lacks is refused by its name, and so is a price in another currency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import pyarrow as arrow

from lasalle.indices.evidence import EVIDENCE_SCHEMA, PriceType, Unit
from lasalle.indices.sources.admission import Reading, admit, combine
from lasalle.indices.sources.faults import SourceError
from lasalle.indices.sources.grading import (
    accelerators,
    grade_of_machine,
    location_of,
    location_of_place,
)

T = TypeVar("T")
SPOT, ON_DEMAND = 0, 1
TERMS = {"1 Year": (365, 365 * 24), "3 Years": (1095, 1095 * 24)}
"""Days and hours of the terms Azure reserves for; its price is for all hours of the term."""


def decoded(content: bytes, kind: type[T], source: str) -> T:
    """An answer in JSON, of the published form; the field that is wrong is named."""
    if not_marked_up(content, source, f"the form of {kind.__name__}") == b"":
        raise SourceError(f"{source}: answer", f"the form of {kind.__name__}", "nothing")
    try:
        return msgspec.json.decode(content, type=kind, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise SourceError(
            f"{source}: answer", f"the form of {kind.__name__}", str(error)
        ) from error


def not_marked_up(content: bytes, source: str, expected: str) -> bytes:
    """An answer that is no page for people, without the space around it: a door that is closed, or
    asks for a password, answers one with status 200. Raises SourceError.
    """
    bare = content.strip()
    if bare.startswith(b"<"):
        raise SourceError(f"{source}: answer", expected, bare[:60].decode("utf-8", "replace"))
    return bare


def some(rows: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """Rows of an answer that has any: one that lists nothing of what was asked for says nothing of
    the market, least of all a shortage. Raises SourceError.
    """
    if not rows:
        raise SourceError(f"{source}: answer", "a row of what was asked for", "none at all")
    return rows


def whole_price(dollars: float | None, accelerators_priced: int, hours: int = 1) -> int:
    """Micro-dollars per GPU-hour, half to even; 0 where there is no price."""
    if dollars is None or not 0 < dollars < 1e9 or accelerators_priced < 1:
        return 0
    return max(1, round(dollars * 1e6 / accelerators_priced / hours))


def evidence_row(
    source: str, asked_at: int, grade: str, location: str, tenor: int, price: int, **rest: Any
) -> dict[str, Any]:
    """One row of a GPU-hour; a shortage has neither size nor price."""
    kind = rest.pop("price_type", PriceType.LIST)
    return {
        "source": source,
        "time": asked_at,
        "unit": int(Unit.GPU_HOUR),
        "grade": grade,
        "location": location,
        "tenor_days": tenor,
        "size": 0,
        "price_type": int(kind),
        "price": 0 if kind is PriceType.SHORTAGE else price,
        "simulated": False,
    } | rest


def told(
    rows: Sequence[dict[str, Any]],
    since: int,
    until: int,
    asked_at: int,
    stale_after: int | None = None,
) -> Reading:
    """Rows of a live answer, tested against the clock, in order."""
    table = arrow.Table.from_pylist(list(rows), schema=EVIDENCE_SCHEMA)
    return combine([admit(table, since, until, asked_at=asked_at, stale_after=stale_after)])


# -- SkyPilot's catalogue ------------------------------------------------------------------------

SKYPILOT_COLUMNS = ("InstanceType", "Price", "SpotPrice", "Region", "AvailabilityZone")


def skypilot_rows(
    content: bytes, source: str, asked_at: int, reference: str
) -> list[dict[str, Any]]:
    """Rows of the catalogue's AWS file: per instance and hour, one line a zone, the region's
    on-demand price in each. A line without a spot price is a zone that offers none: a shortage.
    """
    text = not_marked_up(content, source, "a CSV file").decode("utf-8")
    if not content.endswith(b"\n"):
        raise SourceError(f"{source}: answer", "a CSV file that ends with a line", text[-30:])
    lines = csv.DictReader(io.StringIO(text))
    if missing := [name for name in SKYPILOT_COLUMNS if name not in (lines.fieldnames or ())]:
        raise SourceError(
            f"{source}: columns", ", ".join(SKYPILOT_COLUMNS), f"no {missing[0]} in the answer"
        )
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines):
        if None in line or None in line.values():
            expected = f"{len(lines.fieldnames or ())} columns in each line"
            raise SourceError(f"{source}: line {number + 2}", expected, "another number")
        graded = grade_of_machine("aws", line["InstanceType"])
        place = location_of("aws", line["Region"])
        if graded is None or place is None:
            continue
        grade, count = graded
        spot = _number(line["SpotPrice"], source, "SpotPrice")
        common = (source, asked_at, grade, place)
        offer = f"aws/{line['AvailabilityZone']}/{line['InstanceType']}/spot"
        rows[f"{number}"] = evidence_row(
            *common,
            SPOT,
            whole_price(spot, count),
            price_type=PriceType.SHORTAGE if spot is None else PriceType.EXECUTABLE,
            size=0 if spot is None else count,
            offer=offer,
            reference=f"{reference}#{number}",
        )
        listed = f"aws/{line['Region']}/{line['InstanceType']}/on-demand"
        price = whole_price(_number(line["Price"], source, "Price"), count)
        if price:  # the catalogue repeats a region's price beside each of its zones
            rows.setdefault(
                f"{listed} {price}",
                evidence_row(
                    *common, ON_DEMAND, price, offer=listed, reference=f"{reference}#{number}"
                ),
            )
    return some(list(rows.values()), source)


def _number(text: str, source: str, column: str) -> float | None:
    if text.strip() == "":
        return None
    try:
        return float(text)
    except ValueError as error:
        raise SourceError(f"{source}: {column}", "a number or nothing", text) from error


# -- Azure's retail prices -----------------------------------------------------------------------


class AzureItem(msgspec.Struct, frozen=True):
    """What is read of one price of Azure's Retail Prices API."""

    currencyCode: str  # noqa: N815 - the publisher's word, as are those below
    retailPrice: float  # noqa: N815
    armRegionName: str  # noqa: N815
    armSkuName: str  # noqa: N815
    productName: str  # noqa: N815
    skuName: str  # noqa: N815
    meterId: str  # noqa: N815
    unitOfMeasure: str  # noqa: N815
    type: str
    reservationTerm: str = ""  # noqa: N815


class AzurePage(msgspec.Struct, frozen=True):
    """One page of Azure's Retail Prices API."""

    Items: list[AzureItem]
    NextPageLink: str | None = None


def azure_rows(
    items: Iterable[AzureItem], source: str, asked_at: int, reference: str
) -> list[dict[str, Any]]:
    """LIST rows of Linux virtual machines: pay as you go, spot, and reservations of one and three
    years, whose price is for the whole term.
    """
    rows = []
    for item in items:
        graded = grade_of_machine("azure", item.armSkuName)
        place = location_of("azure", item.armRegionName)
        if graded is None or place is None or "Windows" in item.productName:
            continue
        if item.currencyCode != "USD":
            raise SourceError(f"{source}: currencyCode", "USD", item.currencyCode)
        tenor, hours = TERMS.get(item.reservationTerm, (ON_DEMAND, 1))
        if item.type == "Consumption" and "Low Priority" not in item.skuName:
            if item.unitOfMeasure != "1 Hour":
                raise SourceError(f"{source}: unitOfMeasure", "1 Hour", item.unitOfMeasure)
            tenor = SPOT if item.skuName.endswith(" Spot") else ON_DEMAND
        elif item.type != "Reservation" or not item.reservationTerm:
            continue
        grade, count = graded
        word = {SPOT: "spot", ON_DEMAND: "on-demand", 365: "1y", 1095: "3y"}[tenor]
        rows.append(
            evidence_row(
                source,
                asked_at,
                grade,
                place,
                tenor,
                whole_price(item.retailPrice, count, hours),
                offer=f"azure/{item.armRegionName}/{item.armSkuName}/{word}",
                reference=f"{reference} meter {item.meterId}",
            )
        )
    return some(rows, source)


# -- Vast ----------------------------------------------------------------------------------------


class VastOffer(msgspec.Struct, frozen=True):
    """What is read of one offer of Vast."""

    id: int
    machine_id: int
    gpu_name: str
    gpu_ram: float
    num_gpus: int
    dph_total: float
    rentable: bool
    is_bid: bool = False
    geolocation: str | None = None


class VastAnswer(msgspec.Struct, frozen=True):
    """Vast's answer to a search of offers."""

    offers: list[VastOffer]


def vast_rows(
    offers: Iterable[VastOffer], grades: Iterable[str], source: str, asked_at: int, reference: str
) -> list[dict[str, Any]]:
    """EXECUTABLE rows, one a machine: the largest slice of it that can be rented now, at its price
    per accelerator. A machine listed in several sizes is one machine, and of equal slices the
    cheapest counts. A grade that was asked for and has no offer at all is a SHORTAGE; an answer
    without an offer of any grade is refused.
    """
    known = accelerators()
    best: dict[tuple[int, bool], tuple[int, int, VastOffer, str]] = {}
    for offer in offers:
        grade = known.get(offer.gpu_name)
        if grade is None or not offer.rentable or offer.num_gpus < 1 or offer.gpu_ram < 75_000:
            continue
        price = whole_price(offer.dph_total, offer.num_gpus)
        held = best.get((offer.machine_id, offer.is_bid))
        if held is None or (-offer.num_gpus, price, offer.id) < (-held[0], held[1], held[2].id):
            best[offer.machine_id, offer.is_bid] = (offer.num_gpus, price, offer, grade)
    rows = [
        evidence_row(
            source,
            asked_at,
            grade,
            location_of_place(offer.geolocation or ""),
            SPOT if bid else ON_DEMAND,
            price,
            price_type=PriceType.EXECUTABLE,
            size=size,
            offer=f"vast/machine-{machine}/{'bid' if bid else 'on-demand'}",
            reference=f"{reference} offer {offer.id}",
        )
        for (machine, bid), (size, price, offer, grade) in sorted(best.items())
    ]
    offered = {row["grade"] for row in some(rows, source)}
    return rows + [
        _nothing(source, asked_at, grade, reference) for grade in grades if grade not in offered
    ]


def _nothing(source: str, asked_at: int, grade: str, reference: str) -> dict[str, Any]:
    kind = PriceType.SHORTAGE
    words = {"offer": f"{source}/any {grade}", "reference": reference}
    return evidence_row(source, asked_at, grade, "", ON_DEMAND, 0, price_type=kind, **words)


# -- Prime ---------------------------------------------------------------------------------------


class PrimePrices(msgspec.Struct, frozen=True):
    """Prices of one of Prime's offers, per hour of all its accelerators."""

    currency: str
    onDemand: float | None = None  # noqa: N815 - the publisher's word, as are those below


class PrimeItem(msgspec.Struct, frozen=True):
    """What is read of one offer of Prime."""

    cloudId: str  # noqa: N815
    gpuType: str  # noqa: N815
    provider: str
    gpuCount: int  # noqa: N815
    stockStatus: str  # noqa: N815
    prices: PrimePrices
    socket: str | None = None
    country: str | None = None
    dataCenter: str | None = None  # noqa: N815
    isSpot: bool = False  # noqa: N815


class PrimePage(msgspec.Struct, frozen=True):
    """One page of Prime's GPU availability."""

    items: list[PrimeItem]
    totalCount: int  # noqa: N815


IN_STOCK = frozenset({"available", "low", "medium", "high"})


def prime_rows(
    items: Iterable[PrimeItem], source: str, asked_at: int, reference: str
) -> list[dict[str, Any]]:
    """EXECUTABLE rows of what is in stock, SHORTAGE rows of what is listed and is not."""
    rows = []
    for item in items:
        grade = accelerators().get(f"{item.gpuType}/{item.socket or 'NA'}")
        if grade is None or item.gpuCount < 1:
            continue
        if item.prices.currency != "USD":
            raise SourceError(f"{source}: currency", "USD", item.prices.currency)
        stocked = item.stockStatus.lower() in IN_STOCK
        centre = item.dataCenter or ""
        offer = f"prime/{item.provider}/{centre}/{item.cloudId}/{item.gpuCount}"
        rows.append(
            evidence_row(
                source,
                asked_at,
                grade,
                location_of_place(item.country or ""),
                SPOT if item.isSpot else ON_DEMAND,
                whole_price(item.prices.onDemand, item.gpuCount),
                price_type=PriceType.EXECUTABLE if stocked else PriceType.SHORTAGE,
                size=item.gpuCount if stocked else 0,
                offer=offer + ("/spot" if item.isSpot else ""),
                reference=f"{reference} {item.stockStatus}",
            )
        )
    return some(rows, source)
