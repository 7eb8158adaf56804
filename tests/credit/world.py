"""A supplier made up for tests, changed field by field."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from lasalle.credit.model import (
    Collateral,
    DeliveryRecord,
    Financials,
    Machines,
    Sold,
    SupplierFile,
)
from lasalle.credit.portfolio import Book
from lasalle.institution.credit_house import book_of, example_text

DAY = date(2026, 11, 20)
JUNE = ("2027-06", "H100", "UE")
MILLION = 1_000_000
BOOK: Book = book_of({"H100": 2_600_000})
TEXT = example_text("northern-halls")


def machines(**more) -> Machines:
    said = {
        "grade": "H100", "vintage": "2025-11", "place": "UE", "accelerators": 1_000,
        "cost_usd": 30_000, "watts": 1_300, "power_usd_per_mwh": "50", "verified": 1_000,
        "verified_until": date(2027, 2, 1),
    }  # fmt: skip
    return Machines(**{**said, **more})


def money(**more) -> Financials:
    said = {
        "as_of": date(2026, 9, 30), "audited": True, "cash_usd": 5 * MILLION,
        "debt_due_usd": 5 * MILLION, "debt_later_usd": 8 * MILLION,
        "tangible_net_worth_usd": 15 * MILLION, "revenue_usd": 20 * MILLION,
        "earnings_usd": 8 * MILLION, "interest_usd": MILLION,
        "fixed_costs_usd": 6 * MILLION,
    }  # fmt: skip
    return Financials(**{**said, **more})


def sold(accelerators: int, price: str = "2.40", month: str = "2027-06", **more) -> Sold:
    return Sold(month, more.pop("grade", "H100"), more.pop("place", "UE"), accelerators, price,
                **more)  # fmt: skip


def supplier(**more) -> SupplierFile:
    made = SupplierFile(
        supplier="tested", title="Made up for a test", as_of=DAY, since="2020-01", simulated=True,
        fleet=(machines(),), financials=money(),
        record=DeliveryRecord(promised_hours=8 * MILLION, delivered_hours=7_990_000),
        collateral=Collateral(cash_usd=MILLION),
    )  # fmt: skip
    return replace(made, **more)
