"""The forward curve: how long a build takes, and how well it rebuilds months that were hidden.

The hidden months are real settlement prices, the nearby 1 to 36 of natural gas and crude oil in
`../shared/data/power`: three month futures, quarters to the end of the first year and two years are
made of them, and the curve says what the months are. Where the file is absent the error rows are.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benches.table import Row, row
from lasalle.contracts import Month
from lasalle.indices.curve import Curve, CurveInput, CurveTerms, Standing
from lasalle.indices.curve_fit import build_curve

FILE = Path(__file__).resolve().parents[2] / "shared/data/power/futures_nearby_NG_CL_2007.parquet"
TICK, REPEATS = 1_000, 30
PIECES = (1, 1, 1, 3, 3, 3, 12, 12)
COMMAND = "python -m benches curve"


def quoted(
    name: str, first: Month, months: int, truth: dict[Month, int], half: int, tick: int = TICK
) -> CurveInput:
    """A quote around the true average of some months, rounded to a tick."""
    last = first.plus(months - 1)
    probe = CurveInput(name, Standing.EXECUTABLE, first, last, 1, 1, 1, tick)
    price = max(tick, round(probe.average(truth) / tick) * tick)
    bid, ask = max(0, price - half), price + half
    return CurveInput(name, Standing.EXECUTABLE, first, last, bid, price, ask, tick)


def strip(months: int) -> list[CurveInput]:
    """Every month future of two years, every quarter and year of the strip, overlapping: a made-up
    curve that wanders, each price rounded to a tick.
    """
    draw, first, level = random.Random(months), Month(2026, 1), 5_000_000.0
    truth = {}
    for month in (first.plus(n) for n in range(months)):
        level *= 1.0 + draw.gauss(0.0, 0.02)
        truth[month] = round(level)
    made = [quoted(f"M{n}", first.plus(n), 1, truth, 20_000) for n in range(min(24, months))]
    made += [quoted(f"Q{n}", first.plus(n), 3, truth, 30_000) for n in range(0, months - 2, 3)]
    made += [quoted(f"Y{n}", first.plus(n), 12, truth, 40_000) for n in range(0, months - 11, 12)]
    return made


def settlements(root: str, every: int) -> Iterator[tuple[date, dict[Month, int]]]:
    """(date, settlement of each of the 36 months in micro-dollars), each so many trading days."""
    import pyarrow.parquet as parquet

    by_day: dict[date, dict[int, float]] = {}
    for one in parquet.read_table(FILE, filters=[("root", "=", root)]).to_pylist():
        by_day.setdefault(one["date"].date(), {})[one["nearby"]] = one["value"]
    whole = [(day, by_day[day]) for day in sorted(by_day) if min(by_day[day].values()) > 0]
    for day, nearby in whole[::every]:
        if set(nearby) >= set(range(1, 37)):
            first = Month.of(day).plus(1)
            yield day, {first.plus(n - 1): round(nearby[n] * 1e6) for n in range(1, 37)}


def rebuilt(
    day: date, truth: dict[Month, int], half: int = 5_000, season: tuple[int, ...] = ()
) -> Curve:
    """The curve from pieces of a true strip: months, then quarters, then years."""
    first, made, start = min(truth), [], 0
    for length in PIECES:
        made.append(quoted(f"{start:02d}+{length}", first.plus(start), length, truth, half))
        start += length
    return build_curve("peer", day, CurveTerms(first, 36, season=season), made)


def shape(truth: dict[Month, int]) -> tuple[int, ...]:
    """Seasonal factors of a strip: each calendar month over the twelve around it, averaged."""
    months, found = sorted(truth), dict[int, list[float]]()
    for n in range(6, len(months) - 6):
        around = [truth[months[k]] for k in range(n - 6, n + 7)]
        mean = (sum(around) - (around[0] + around[-1]) / 2) / 12
        found.setdefault(months[n].month, []).append(truth[months[n]] / mean)
    means = [statistics.fmean(found[m]) for m in range(1, 13)]
    factors = [round(f * 12_000_000 / sum(means)) for f in means]
    return (*factors[:11], 12_000_000 - sum(factors[:11]))


def errors(root: str, every: int, seasonal: bool) -> tuple[list[float], int, int, int]:
    """(relative error of each hidden month, inputs, those within a tenth of a tick, hidden months
    inside their band); a season is that of the strip seen about a year before.
    """
    found: list[float] = []
    inputs = exact = inside = 0
    shapes: list[tuple[int, ...]] = []
    for day, truth in settlements(root, every):
        season = shapes[-max(1, 250 // every)] if seasonal and len(shapes) > 250 // every else ()
        shapes.append(shape(truth))
        if seasonal and not season:
            continue
        made = rebuilt(day, truth, season=season)
        inputs += len(made.repricings)
        exact += sum(r.held == 1 for r in made.repricings)
        hidden = [one for one in made.months if one.place != 1]
        inside += sum(one.low <= truth[one.month] <= one.high for one in hidden)
        found += [abs(one.forward / truth[one.month] - 1.0) for one in hidden]
    return found, inputs, exact, inside


def rows() -> list[Row]:
    """Build times, then the error of hidden months."""
    made = []
    for months in (24, 36, 60):
        inputs, terms = strip(months), CurveTerms(Month(2026, 1), months)
        taken = []
        for _ in range(REPEATS):
            began = time.process_time()
            build_curve("bench", date(2026, 1, 1), terms, inputs)
            taken.append(1e3 * (time.process_time() - began))
        name = f"curve of {months} months from {len(inputs)} overlapping quotes"
        made.append(
            row(
                name,
                round(statistics.median(taken), 1),
                "ms",
                command=COMMAND,
                taken=f"median of {REPEATS}, processor time",
            )
        )
    return made + (_error_rows() if FILE.exists() else [])


def _error_rows() -> list[Row]:
    made = []
    for root, name in (("CL", "crude oil"), ("NG", "natural gas")):
        for seasonal in (False, True):
            found, inputs, exact, inside = errors(root, 20, seasonal)
            made.append(
                row(
                    f"{name}: hidden months, {'season' if seasonal else 'no season'}",
                    round(100 * statistics.fmean(found), 3),
                    "% mean error",
                    command=COMMAND,
                    taken=f"{len(found)} months, worst {100 * max(found):.1f} %, "
                    f"{100 * inside / len(found):.1f} % inside the band; "
                    f"{exact} of {inputs} inputs to a tenth of a tick",
                )
            )
    return made
