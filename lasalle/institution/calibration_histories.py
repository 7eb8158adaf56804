"""Histories that processes are fitted to, from files of prices; made up, and said so, without."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.settings import PRICES
from lasalle.pricing.processes import FuturesHistory, OfferHistory, PriceHistory, PriceTable
from lasalle.pricing.processes.generations_fit import ListPrices, OfferCounts
from lasalle.pricing.processes.schwartz_smith import FactorState, SchwartzSmith

FUTURES = "power/futures_nearby_NG_CL_2007.parquet"
HUB = "power/henry_hub_daily.csv"
OFFERS = "gpu_prices/prime_marketplace_30min_2025.parquet"
LISTS = "gpu_prices/fsdl_cloud_gpus_2022_2025.parquet"
LIVES = "traces/gpu_preemption_lifetimes_2020.csv"
NEARBY = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 24, 36)
HALF_HOURS = 48
MADE_UP_DAY = date(2024, 1, 1)
COLUMNS = tuple(
    (grade, region)
    for grade in ("H100-80GB-SXM", "A100-80GB", "A100-40GB", "L4")
    for region in ("us-central1", "europe-west4")
)


def folder(prices: Path | None) -> Path:
    """Where histories lie."""
    return prices or PRICES


def read(prices: Path | None, name: str, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a file. Raises ValueError where it is not."""
    path = folder(prices) / name
    if not path.is_file():
        raise ValueError(f"--prices: expected {name} under {folder(prices)}, found none")
    if path.suffix == ".csv":
        return list(csv.read_csv(path).to_pylist())
    return list(parquet.read_table(path, columns=columns).to_pylist())


def _gcp(prices: Path | None) -> list[dict[str, Any]]:
    names = ["date", "accelerator", "region", "spot_usd_per_gpu_hour", "flags"]
    rows = read(prices, f"gpu_prices/{MARKET_FILE}", names)
    return [row for row in rows if not row["flags"] and row["spot_usd_per_gpu_hour"]]


def spot(prices: Path | None, grade: str, region: str) -> PriceHistory:
    """Spot of a grade in a region: the median over machine types by date; a made-up one, named
    so, where no file is at hand.
    """
    if not (folder(prices) / "gpu_prices" / MARKET_FILE).is_file() and prices is None:
        return _made_up()
    seen: dict[date, list[float]] = defaultdict(list)
    for row in _gcp(prices):
        if (row["accelerator"], row["region"]) == (grade, region):
            seen[row["date"].date()].append(row["spot_usd_per_gpu_hour"])
    if len(seen) < 3:
        raise ValueError(
            f"--series: expected a grade and region with prices, found {grade}:{region}"
        )
    days = tuple(sorted(seen))
    return PriceHistory(
        f"GCP spot {grade}, {region}", days, np.array([median(seen[d]) for d in days])
    )


def _made_up() -> PriceHistory:
    process = SchwartzSmith(2.0, 0.4, 0.3, 0.0, 0.0, 0.0, 0.0, FactorState(MADE_UP_DAY, 0.0, 0.9))
    days = tuple(MADE_UP_DAY + timedelta(days=7 * n) for n in range(1, 131))
    return PriceHistory(
        "made up: no price history is at hand", days, process.simulate(1, 1, days)[0]
    )


def hub(prices: Path | None) -> PriceHistory:
    """Spot natural gas at Henry Hub, each fifth date from 2015 on, USD per million BTU."""
    rows = read(prices, HUB)
    kept = [(r["Date"], r["Price"]) for r in rows if r["Price"] and r["Date"].year >= 2015]
    days, found = zip(*kept[::5], strict=True)
    return PriceHistory("Henry Hub gas", tuple(days), np.array(found, float))


def futures(prices: Path | None, root: str, every: int = 5) -> FuturesHistory:
    """Settlements of natural gas (NG) or crude oil (CL) at twelve distances, each fifth date.

    The delivery of the n-th nearby counts as n - 1/2 months away; a price not above zero (crude,
    20 April 2020) has no logarithm and counts as missing.
    """
    seen: dict[date, dict[int, float]] = defaultdict(dict)
    for row in read(prices, FUTURES):
        if row["root"] == root and row["nearby"] in NEARBY and row["value"]:
            seen[row["date"].date()][row["nearby"]] = row["value"]
    if not seen:
        raise ValueError(f"--series: expected futures:NG or futures:CL, found futures:{root}")
    days = tuple(sorted(seen))[::every]
    table = np.array([[seen[d].get(n, np.nan) for n in NEARBY] for d in days])
    table[~(table > 0.0)] = np.nan
    years = np.tile((np.array(NEARBY, float) - 0.5) / 12.0, (len(days), 1))
    return FuturesHistory(f"{root} futures", days, years, table)


def table(prices: Path | None) -> PriceTable:
    """Spot of four grades in two regions by date; a column without prices is left out."""
    if not (folder(prices) / "gpu_prices" / MARKET_FILE).is_file() and prices is None:
        made = _made_up()
        return PriceTable(made.dates, (("made-up", "nowhere"),), made.prices[:, None])
    seen: dict[tuple[str, str], dict[date, list[float]]] = {c: defaultdict(list) for c in COLUMNS}
    for row in _gcp(prices):
        if (key := (row["accelerator"], row["region"])) in seen:
            seen[key][row["date"].date()].append(row["spot_usd_per_gpu_hour"])
    columns = tuple(c for c in COLUMNS if len(seen[c]) > 20)
    days = tuple(sorted({day for c in columns for day in seen[c]}))
    found = [[median(seen[c][d]) if d in seen[c] else np.nan for c in columns] for d in days]
    return PriceTable(days, columns, np.array(found))


def offers(prices: Path | None, until: date | None = None) -> OfferHistory:
    """Offers of the Prime marketplace that could be had, each half an hour, by grade."""
    seen: dict[int, dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in read(prices, OFFERS):
        stamp = row["timestamp"]
        if until is None or stamp.date() <= until:
            grade = f"{row['gpu_type']} {row['socket'] or ''}".strip()
            slot = round(stamp.timestamp()) // 1800
            seen[slot][grade] = (float(row["offers_available"]), float(row["p_median"]))
    slots = sorted(seen)
    if not slots:
        raise ValueError(f"--until: expected a day with offers, found {until}")
    grades = tuple(sorted({g for at in seen.values() for g in at}))
    cells = np.array([[seen[s].get(g, (np.nan, np.nan)) for g in grades] for s in slots])
    last = date(1970, 1, 1) + timedelta(days=slots[-1] // HALF_HOURS)
    days = (np.array(slots) - slots[0]) / HALF_HOURS
    return OfferHistory("Prime marketplace", grades, last, days, cells[:, :, 0], cells[:, :, 1])


def lifetimes(prices: Path | None, cloud: str) -> tuple[Any, Any, Any]:
    """(hours, taken, accelerators) of spot machines let in 2020 until they were taken away."""
    rows = [row for row in read(prices, LIVES) if row["cloud"] == cloud]
    hours, taken, sizes = (np.array([float(r[c]) for r in rows]) for c in
                           ("lifetime_h", "preempted", "gpus"))  # fmt: skip
    return hours, taken, sizes


def counts(prices: Path | None, older: str, newer: str) -> OfferCounts:
    """Offers on lists of clouds whose accelerator is of each generation, by date."""
    seen: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in read(prices, LISTS):
        for at, grade in enumerate((older, newer)):
            seen[row["date"].date()][at] += (row["accelerator"] or "").startswith(grade)
    days = tuple(sorted(seen))
    table = np.array([seen[day] for day in days])
    return OfferCounts(days, table[:, 0], table[:, 1])


def _numbered(grade: str, rows: list[tuple[date, float, Any, Any]]) -> ListPrices:
    offers = {key: n for n, key in enumerate(sorted({r[2] for r in rows}))}
    sellers = {key: n for n, key in enumerate(sorted({r[3] for r in rows}))}
    made = [(d.toordinal(), p, offers[o], sellers[s]) for d, p, o, s in rows]
    return ListPrices(grade, *(np.array(column, float) for column in zip(*made, strict=True)))


def list_prices(prices: Path | None, grade: str) -> ListPrices:
    """List prices of every offer of a generation; sellers are clouds."""
    rows = [
        (
            row["date"].date(),
            row["on_demand_usd_per_gpu_hour"],
            (row["cloud"], str(row["instance"]), row["accelerator"], row["gpu_count"]),
            row["cloud"],
        )
        for row in read(prices, LISTS)
        if (row["accelerator"] or "").startswith(grade) and row["on_demand_usd_per_gpu_hour"]
    ]
    return _numbered(f"{grade}, lists of clouds", rows)


def region_prices(prices: Path | None, grade: str) -> ListPrices:
    """Spot of a grade by region: each region an offer and a seller."""
    rows: dict[tuple[date, str], list[float]] = defaultdict(list)
    for row in _gcp(prices):
        if row["accelerator"] == grade:
            rows[row["date"].date(), row["region"]].append(row["spot_usd_per_gpu_hour"])
    told = [(day, median(seen), region, region) for (day, region), seen in sorted(rows.items())]
    return _numbered(f"{grade}, GCP spot by region", told)
