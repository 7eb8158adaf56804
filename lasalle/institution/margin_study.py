"""The page of back-tests: margin on real prices of compute, gas and oil, from files of prices."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pyarrow.parquet as parquet

from lasalle.clearing import MarginTerms, load_margin_terms
from lasalle.clearing.backtest import (
    Coverage,
    DayMargin,
    coverage,
    rolled,
    rolled_chain,
    swing,
    unit_margin,
)
from lasalle.clearing.filtering import Fixings
from lasalle.indices import METHOD
from lasalle.institution.estimates import by_day
from lasalle.institution.evidence import MARKET_FILE, load_fixings, loader_of
from lasalle.institution.families import load_families
from lasalle.institution.margin_portfolios import FIRST, FUTURES, POSITIONS, rows
from lasalle.institution.margin_portfolios import lines as position_lines

AWS_FILE, FUTURES_FILE = (
    "aws_gpu_daily_panel_2022_2024.parquet",
    "futures_nearby_NG_CL_2007.parquet",
)
REGIONS = (
    ("H100-80GB-SXM", "us-central1"),
    ("H100-80GB-SXM", "europe-west1"),
    ("H100-80GB-SXM", "asia-southeast1"),
    ("A100-40GB", "us-central1"),
    ("L4", "us-central1"),
)
ZONES = ("H100-80GB-SXM", "A100-40GB", "V100-16GB")
NEARBY = (("NG", 2), ("NG", 12), ("CL", 2), ("CL", 12))
OTHER = "GCP spot A100-40GB, us-central1"
"""What the grade tested is spread against."""
YOUNG = 60
"""Fixings before the first date tested of a price of compute: floors fill what is missing."""
GROWN = 300
"""Dates before the first one tested of gas and oil."""
OPTIONS: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("none", 0.0, {}),
    ("(b) a quarter on stress, as the house", 0.25, {}),
    ("(b) and (a), a buffer of 25 %", 0.25, {"buffer": 0.25}),
    ("(b) and (c), a look-back of ten years", 0.25, {"floor_days": 3_650}),
)
BUMPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("as the house", {}),
    ("decay 0.94", {"ewma_lambda": 0.94}),
    ("decay 0.99", {"ewma_lambda": 0.99}),
    ("100 historical moves", {"windows": 100}),
    ("400 historical moves", {"windows": 400}),
    ("scale 0.5 to 1.5", {"scale_high": 1.5}),
    ("scale 0.5 to 3", {"scale_high": 3.0}),
    ("volatility floor 25 %", {"volatility_floor": 0.25}),
    ("volatility floor 75 %", {"volatility_floor": 0.75}),
    ("price floor 0.20", {"price_floor_front": 0.20}),
    ("price floor 0.40", {"price_floor_front": 0.40}),
    ("extreme at 3 ranges, 33 %", {"extreme_ranges": 3.0, "extreme_weight": 0.33}),
)


@dataclass(frozen=True, slots=True)
class Priced:
    """A price over dates: what it is, micro-dollars by date, and the first date that is tested."""

    name: str
    fixings: Fixings
    first: int


def last_day(prices: Path) -> date:
    """The last date with a price. Raises ValueError without a history."""
    path = prices / "gpu_prices" / MARKET_FILE
    if not path.is_file():
        raise ValueError(f"--prices: expected {MARKET_FILE} under {prices}/gpu_prices, found none")
    found: date = max(parquet.read_table(path, columns=["date"])["date"].to_pylist()).date()
    return found


def histories(prices: Path) -> list[Priced]:
    """Every price tested. Raises ValueError without the files."""
    last = last_day(prices)
    found = []
    for name, (dated, _) in (
        ("H100-US, the index of the house", loader_of(load_families()[0], prices)(last)),
        (f"{METHOD.index}, one list", load_fixings(prices, last)),
    ):
        held = sorted(by_day(dated, last + timedelta(days=1)).items())
        found.append(Priced(name, held, YOUNG))
    found += [Priced(f"GCP spot {a}, {r}", p, YOUNG) for (a, r), p in _regions(prices).items()]
    if (prices / "gpu_prices" / AWS_FILE).is_file():
        found += [Priced(f"AWS spot {a}, zones", p, YOUNG) for a, p in _zones(prices).items()]
    if (prices / "power" / FUTURES_FILE).is_file():
        for (root, nearby), path in _futures(prices).items():
            name = {"NG": "natural gas", "CL": "crude oil"}[root]
            found.append(Priced(f"{name}, nearby {nearby}", path, GROWN))
    return found


def _regions(prices: Path) -> dict[tuple[str, str], Fixings]:
    """Spot of a grade in a region, each date as the last one seen."""
    seen: dict[tuple[str, str], dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    table = parquet.read_table(prices / "gpu_prices" / MARKET_FILE, filters=[("cloud", "=", "gcp")])
    for row in table.to_pylist():
        key = (row["accelerator"], row["region"])
        if key in REGIONS and not row["flags"] and row["spot_usd_per_gpu_hour"]:
            seen[key][row["date"].date()].append(row["spot_usd_per_gpu_hour"])
    return {key: held({d: median(p) for d, p in seen[key].items()}) for key in REGIONS if seen[key]}


def held(prices: dict[date, float]) -> Fixings:
    """Every date from the first to the last, each as the last price seen; micro-dollars."""
    found, price, day = [], 0.0, min(prices)
    while day <= max(prices):
        price = prices.get(day, price)
        found.append((day, round(1e6 * price)))
        day += timedelta(days=1)
    return found


def _zones(prices: Path) -> dict[str, Fixings]:
    """Mean move of the zones that had an offer on both dates, chained from one dollar."""
    seen: dict[str, dict[date, dict[str, float]]] = {a: defaultdict(dict) for a in ZONES}
    columns = ["date", "accelerator", "zone", "spot_usd_per_gpu_hour"]
    table = parquet.read_table(prices / "gpu_prices" / AWS_FILE, columns=columns)
    for row in table.to_pylist():
        if row["accelerator"] in seen and row["spot_usd_per_gpu_hour"]:
            zones = seen[row["accelerator"]][row["date"].date()]
            zones[row["zone"]] = row["spot_usd_per_gpu_hour"]
    found: dict[str, Fixings] = {}
    for accelerator, days in seen.items():
        level = 0.0
        path = [(min(days), 1_000_000)]
        for before, day in pairwise(sorted(days)):
            both = days[before].keys() & days[day].keys()
            if both:
                level += fmean(math.log(days[day][z] / days[before][z]) for z in sorted(both))
            path.append((day, round(1e6 * math.exp(level))))
        found[accelerator] = path
    return found


def _futures(prices: Path) -> dict[tuple[str, int], Fixings]:
    curves: dict[str, dict[date, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in parquet.read_table(prices / "power" / FUTURES_FILE).to_pylist():
        if row["value"] > 0.0:
            curves[row["root"]][row["date"].date()][row["nearby"]] = row["value"]
    found = {}
    for root, nearby in NEARBY:
        whole = [
            (d, held) for d, held in sorted(curves[root].items()) if set(range(2, 26)) <= set(held)
        ]
        found[root, nearby] = rolled_chain(whole, nearby)
    return found


def page(prices: Path) -> str:
    """The page in Markdown. Raises ValueError without the files."""
    terms, paths = load_margin_terms(), histories(prices)
    house, bare = (tested(paths, terms, alone) for alone in (False, True))
    lines = [*HEAD.splitlines(), "", *_verdict(house), "", *table_lines(house), ""]
    lines += [*BARE.splitlines(), "", *_verdict(bare), "", *table_lines(bare), ""]
    lines += [*SWINGS.splitlines(), "", *_swings([paths[0], paths[-2]], terms), ""]
    lines += [*SENSITIVITY.splitlines(), "", *_sensitivity(paths[0], terms), ""]
    lines += [*POSITIONS.splitlines(), "", *position_lines(_positions(paths))]
    return "\n".join(lines) + "\n"


def _positions(paths: Sequence[Priced]) -> list[tuple[str, str, float, Coverage]]:
    """Positions of several series, on one list of compute and on gas and oil."""
    by_name = {path.name: path.fixings for path in paths}
    futures = {name: by_name[name] for name in FUTURES if name in by_name}
    (compute,) = (fixings for name, fixings in by_name.items() if name.startswith(FIRST))
    return rows(compute, by_name[OTHER], futures, YOUNG)


def tested(
    paths: Sequence[Priced], terms: MarginTerms, bare: bool
) -> list[tuple[str, str, Coverage]]:
    """(price, side, what was found), price by price."""
    used = replace(terms, volatility_floor=0.01) if bare else terms
    found: list[tuple[str, str, Coverage]] = []
    for path in paths:
        days = rolled(path.fixings, used, path.first, used.horizon_days, bare)
        for side in SIDES:
            pairs = [(getattr(d, side), getattr(d, f"{side}_loss")) for d in days]
            found.append((path.name, side, coverage(pairs)))
    return found


def _verdict(found: Sequence[tuple[str, str, Coverage]]) -> list[str]:
    """What is not green, and where losses came in runs, said before the figures."""
    green = sum(told.zone == "green" for _, _, told in found)
    lines = [f"{green} of {len(found)} are green.", ""]
    lines += [
        f"- Not green: {name}, {side}, {told.passed} of {told.tested} passed: {told.zone}."
        for name, side, told in found
        if told.zone != "green"
    ]
    lines += [
        f"- In runs: {name}, {side}, {told.independence:.3f}."
        for name, side, told in found
        if told.independence is not None and told.independence < 0.05
    ]
    return lines


def table_lines(found: Sequence[tuple[str, str, Coverage]]) -> list[str]:
    """The figures as a table of the page."""
    return [
        "| price | side | dates | passed | covered | Kupiec | runs | zone | worst |",
        "|---|---|---|---|---|---|---|---|---|",
        *(f"| {name} | {side} {_row(told)}" for name, side, told in found),
    ]


def _row(told: Coverage) -> str:
    p_values = ["-" if p is None else f"{p:.3f}" for p in (told.kupiec, told.independence)]
    worst = f"{100 * told.worst:.0f} %" if math.isfinite(told.worst) else "-"
    return (
        f"| {told.tested} | {told.passed} | {100 * told.covered:.2f} % | {p_values[0]} "
        f"| {p_values[1]} | {told.zone} | {worst} |"
    )


def _swings(paths: Sequence[Priced], terms: MarginTerms) -> list[str]:
    found = [
        "| price | option | mean long | short | peak / trough long | short | 1 date | 5 | 30 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for path in paths:
        used = terms if path is paths[0] else replace(terms, price_floor_front=0.05)
        used = used if path is paths[0] else replace(used, volatility_floor=0.10)
        for name, weight, change in OPTIONS:
            days = _margins(path, replace(used, **change), weight)
            both = [swing([pair[side] for pair in days]) for side in (0, 1)]
            growth = [f"{100 * share:.0f} %" for _, share in both[1].growth]
            means = [f"{100 * one.mean:.1f} %" for one in both]
            peaks = [f"{one.peak_over_trough:.2f}" for one in both]
            found.append("| " + " | ".join([path.name, name, *means, *peaks, *growth]) + " |")
    return found


def _margins(path: Priced, terms: MarginTerms, weight: float) -> list[tuple[float, float]]:
    """Margin of every date; of a long history, its last three years of dates."""
    last = len(path.fixings)
    first = max(path.first, last - 800)
    # The long look-back sees the whole history, the filter alone forgets.
    return [
        unit_margin(path.fixings[: at + 1], terms, stress_weight=weight)
        for at in range(first, last)
    ]


def _sensitivity(path: Priced, terms: MarginTerms) -> list[str]:
    found = [
        "| parameter | mean long | mean short | passed long | passed short | worst long | short |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, change in BUMPS:
        days = rolled(path.fixings, replace(terms, **change), path.first, terms.horizon_days)
        cells = [name, *_mean(days)]
        sides = [coverage((getattr(d, s), getattr(d, f"{s}_loss")) for d in days) for s in SIDES]
        cells += [str(one.passed) for one in sides]
        cells += [f"{100 * one.worst:.0f} %" for one in sides]
        found.append("| " + " | ".join(cells) + " |")
    return found


SIDES = ("long", "short")


def _mean(days: Sequence[DayMargin]) -> list[str]:
    return [f"{100 * fmean(getattr(day, side) for day in days):.1f} %" for side in SIDES]


HEAD = """\
# Margin tested on real prices

Written by `lasalle margin backtest --out docs/desks/margin-backtest.md` from price histories beside
the repository; change it there. Each row takes the fixings up to a date and no later one, reckons
the requirement of one long and one short unit of the near end (before the initial factor 1.10), and
holds the loss of the next two dates against it. The dates tested lie two apart, so that no two
losses share a day.

*Passed* counts losses above margin. *Kupiec* is the chance of a count as far from one in a hundred.
*Runs* is the chance of passes as clustered (Christoffersen), `-` where none passed. *Zone* is the
traffic light at 99 %. *Worst* is the largest loss over its margin, `-` where there was no margin.

What it does and does not show. Prices of compute are administered: they stand for weeks and then
step, so most losses are nothing and a step is larger than any history of daily moves would say. The
floors and stress moves were chosen by people who had seen these histories, so green is a check and
no proof; a Kupiec chance near nothing beside a green zone says too few passed, which is what floors
do. Gas and oil are margined with the floors of compute in the first table: it shows that they are
wide, no more. What the model itself is worth is in the second table.

## The requirement of the house"""
BARE = """\
## The filtered tail alone

Expected shortfall at 99 % of 200 filtered two-day moves with the volatility floor at 1 % a year: no
price floor, no stress, no charge. On gas and oil, whose prices move every day, this tests the
filter. On compute it shows why there are floors: a price that stood still for a season has no tail,
and the first step passes whatever the tail says."""
SWINGS = """\
## How margin swings

Margin of every date of the last 800 under the three options of EMIR against procyclicality: peak
over trough, and the largest growth of the short side within 1, 5 and 30 dates. The second price has
its price floor at 0.05 and its volatility floor at 10 %: the floors of compute would hide all
movement."""
SENSITIVITY = """\
## Parameters bumped, on H100-US

One parameter at a time; everything else as the house has it."""
