"""Google's Cloud Billing Catalog: its published form, checked, and the prices of machines in it.

The catalogue prices parts: a machine is its accelerators, cores and memory together, added exactly
in nano-dollars and rounded once, to the micro-dollar of a GPU-hour.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from lasalle.indices.fixed_point import half_even
from lasalle.indices.sources.answers import ON_DEMAND, SPOT, evidence_row, some
from lasalle.indices.sources.faults import SourceError
from lasalle.indices.sources.grading import grade_of_machine, location_of

USAGES = {"OnDemand": ON_DEMAND, "Preemptible": SPOT}
HOURS = {"accelerator": "h", "core": "h", "memory": "GiBy.h"}
"""The unit each part is priced by."""
NOT_OF_A_MACHINE = ("custom", "premium", "reserved", "sole tenancy", "commitment", "dws")
"""Words of descriptions that price the same part under other terms."""


class UnitPrice(msgspec.Struct, frozen=True, rename="camel"):
    """Money as Google writes it: whole units and billionths."""

    currency_code: str
    units: int = 0
    nanos: int = 0


class Rate(msgspec.Struct, frozen=True, rename="camel"):
    """A price from an amount of usage on."""

    unit_price: UnitPrice
    start_usage_amount: float = 0.0


class Expression(msgspec.Struct, frozen=True, rename="camel"):
    """What is paid for a unit of usage."""

    usage_unit: str
    tiered_rates: list[Rate]


class Pricing(msgspec.Struct, frozen=True, rename="camel"):
    """A price in force."""

    pricing_expression: Expression


class Category(msgspec.Struct, frozen=True, rename="camel"):
    """What kind of thing is sold, and under which terms."""

    resource_group: str
    usage_type: str


class Sku(msgspec.Struct, frozen=True, rename="camel"):
    """What is read of one stock-keeping unit."""

    sku_id: str
    description: str
    category: Category
    service_regions: list[str]
    pricing_info: list[Pricing]


class SkuPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of the catalogue of a service."""

    skus: list[Sku]
    next_page_token: str = ""


@cache
def _machines() -> dict[str, dict[str, Any]]:
    path = resources.files("lasalle.indices") / "table" / "gcp_skus.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def gcp_billing_rows(
    skus: Iterable[Sku], source: str, asked_at: int, reference: str
) -> list[dict[str, Any]]:
    """LIST rows, one a machine, region and terms all of whose parts are priced. Two prices of one
    part are refused by the names of both, and so are another currency and another unit.
    """
    found: dict[tuple[str, str, str], dict[str, Sku]] = {}
    for sku in skus:
        part = _part_of(sku)
        if part is None:
            continue
        machine, name = part
        for region in sku.service_regions:
            parts = found.setdefault((machine, region, sku.category.usage_type), {})
            held = parts.setdefault(name, sku)
            if _nanos(held, name, source) != _nanos(sku, name, source):
                ids = f"{held.sku_id} and {sku.sku_id}"
                raise SourceError(f"{source}: {name} of {machine} in {region}", "one price", ids)
    rows = []
    for (machine, region, usage), parts in sorted(found.items()):
        place, graded = location_of("gcp", region), grade_of_machine("gcp", machine)
        if place is None or graded is None or parts.keys() != HOURS.keys():
            continue
        grade, count = graded
        tenor = USAGES[usage]
        rows.append(
            evidence_row(
                source,
                asked_at,
                grade,
                place,
                tenor,
                _price(machine, count, parts, source),
                offer=f"gcp/{region}/{machine}/{'spot' if tenor == SPOT else 'on-demand'}",
                reference=f"{reference} sku {parts['accelerator'].sku_id}",
            )
        )
    return some(rows, source)


def _part_of(sku: Sku) -> tuple[str, str] | None:
    """Machine and part a unit prices; None for what no graded machine is made of."""
    said = sku.description.lower()
    if sku.category.usage_type not in USAGES or any(word in said for word in NOT_OF_A_MACHINE):
        return None
    for machine, row in _machines().items():
        for name in HOURS:
            if str(row[name]).lower() in said:
                return machine, name
    return None


def _nanos(sku: Sku, name: str, source: str) -> int:
    """Nano-dollars of a part an hour, by its price in force."""
    rates: Sequence[Rate] = ()
    if sku.pricing_info:
        told = sku.pricing_info[-1].pricing_expression
        if told.usage_unit != HOURS[name]:
            raise SourceError(f"{source}: usageUnit", HOURS[name], told.usage_unit)
        rates = told.tiered_rates
    if len(rates) != 1:
        raise SourceError(f"{source}: tieredRates of {sku.sku_id}", "one rate", len(rates))
    price = rates[0].unit_price
    if price.currency_code != "USD":
        raise SourceError(f"{source}: currencyCode", "USD", price.currency_code)
    return price.units * 10**9 + price.nanos


def _price(machine: str, count: int, parts: dict[str, Sku], source: str) -> int:
    """Micro-dollars of a GPU-hour of a machine with all its parts."""
    row = _machines()[machine]
    counts = {"accelerator": count, "core": row["cores"], "memory": row["gibibytes"]}
    total = sum(counts[name] * _nanos(parts[name], name, source) for name in HOURS)
    return half_even(total, 1_000 * count)
