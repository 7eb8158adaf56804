"""Published prices a planner is walked over: lists of one provider, each date from its first on.

The spot of AWS is by zone: its index is a chain, the mean log move of the zones with a price on a
date and on the one before, begun at the median of the first date, so that a zone that enters or
leaves moves nothing. Every list is real, one provider's, and no index of the house.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean, median

import pyarrow.parquet as parquet

from lasalle.indices import METHOD, Fixing, IndexMethod, Observation, fixing_history
from lasalle.indices.method import decimal_price
from lasalle.institution.evidence import MARKET_FILE
from lasalle.institution.training_run import load_index

AWS_FILE = "aws_gpu_daily_panel_2022_2024.parquet"
GCP_REGION, AWS_REGIONS = "us-central1", "us-"
ON_DEMAND, SPOT = "on_demand_usd_per_gpu_hour", "spot_usd_per_gpu_hour"


@dataclass(frozen=True)
class PriceList:
    """Fixings of one list of prices, where they come from, and its first and last date with one."""

    name: str
    source: str
    fixings: tuple[Fixing, ...]
    begins: date
    observed: date
    simulated: bool = False

    def known(self) -> dict[date, float]:
        """Dollars per GPU-hour by date, the last price standing until the next."""
        return {one.day: one.price_micro_dollars / 1e6 for one in self.fixings}


def price_lists(prices: Path) -> list[PriceList]:
    """The lists at hand, by the date they begin; that of H100 is simulated where none is."""
    gcp, aws = (prices / "gpu_prices" / name for name in (MARKET_FILE, AWS_FILE))
    if gcp.exists():
        found = [
            _gcp(gcp, "A100 GCP on demand", "a2-highgpu-8g", ON_DEMAND),
            _gcp(gcp, "A100 GCP spot", "a2-highgpu-8g", SPOT),
            _gcp(gcp, "H100 GCP spot", "a3-highgpu-8g", SPOT),
        ]
    else:
        fixings, _, source = load_index(None)
        days = [one.day for one in fixings]
        found = [PriceList("H100", source, tuple(fixings), days[0], days[-1], simulated=True)]
    if aws.exists():
        found += [
            _aws(aws, "A100 AWS spot", "p4d.24xlarge"),
            _aws(aws, "H100 AWS spot", "p5.48xlarge"),
        ]
    return sorted(found, key=lambda one: one.begins)


def _gcp(path: Path, name: str, machine: str, column: str) -> PriceList:
    where = [("region", "=", GCP_REGION), ("machine_type", "=", machine)]
    rows = parquet.read_table(path, columns=["date", column, "flags"], filters=where).to_pylist()
    seen = {r["date"].date(): r[column] for r in rows if not r["flags"] and r[column]}
    told = f"GCP {name.split(maxsplit=2)[2]} of {machine} in {GCP_REGION}"
    return _list(name, told, seen)


def _aws(path: Path, name: str, machine: str) -> PriceList:
    where = [("instance_type", "=", machine)]
    columns = ["date", "region", "zone", SPOT]
    by_day: dict[date, dict[str, float]] = defaultdict(dict)
    for row in parquet.read_table(path, columns=columns, filters=where).to_pylist():
        if row[SPOT] and row["region"].startswith(AWS_REGIONS):
            by_day[row["date"].date()][row["zone"]] = row[SPOT]
    zones = len({zone for at in by_day.values() for zone in at})
    told = f"AWS spot of {machine}, {zones} zones of the United States matched day by day"
    return _list(name, told, matched(by_day))


def matched(by_day: dict[date, dict[str, float]]) -> dict[date, float]:
    """A chain over offers by date: the mean log move of those seen on it and on the date before it.

    A date without a match stands at the price before it.
    """
    found: dict[date, float] = {}
    before: dict[str, float] = {}
    log = 0.0
    for day in sorted(by_day):
        at = by_day[day]
        if not before:
            log = math.log(median(at.values()))
        elif both := before.keys() & at.keys():
            log += fmean(math.log(at[offer] / before[offer]) for offer in sorted(both))
        found[day], before = math.exp(log), at
    return found


def _list(name: str, told: str, seen: dict[date, float]) -> PriceList:
    method = IndexMethod(name.upper().replace(" ", "-"), METHOD.version, told)
    first, last = min(seen), max(seen)
    # The days of its first month before it stand at its first price, so that the month has a mean.
    dated = {first.replace(day=1): seen[first]} | seen
    rows = [Observation(day, told, decimal_price(price)) for day, price in dated.items()]
    fixings = fixing_history(rows, last + timedelta(days=31), method)
    said = f"{told}, {first} to {last}, {len(seen)} observed dates, carried between them"
    return PriceList(name, said, fixings, first, last)
