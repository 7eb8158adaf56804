"""What the compute of a million tokens costs: fixings of grades through measured throughput.

    cost = price of a GPU-hour x 10^6 / (tokens a second x 3600)

for each grade, and the index is the cheapest of them. Throughput is the level of the grade in the
table the conversion factors are made from (`lasalle/contracts/conversion.py`): tokens a second and
accelerator by the newest MLPerf Inference round in force that has the grade, on the class's
scenario of one benchmark, interactive, server or offline. It counts output tokens of that
benchmark, so the index says what compute costs and not what tokens sell for; the difference to the
token index of the class holds margin, idle hours and quality.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lasalle.contracts.conversion import load_conversion
from lasalle.indices.family.derived import (
    Derived,
    DerivedError,
    Outcome,
    derive,
    fields,
    half_even,
    publish,
    whole,
)
from lasalle.indices.family.differentials import Leg, truth_of


@dataclass(frozen=True, slots=True)
class Throughput:
    """Tokens a second and accelerator of a grade on the benchmark of a class, in thousandths."""

    token_class: str
    grade: str
    round: str
    milli_tokens: int


@cache
def throughputs() -> tuple[tuple[int, Throughput], ...]:
    """Every level of the published conversion table that a class reads, with the date its round
    came into force, YYYYMMDD; oldest first.
    """
    path = resources.files("lasalle.indices") / "table" / "family.toml"
    benchmarks: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    found = []
    for name, levels in load_conversion().levels.items():
        for token_class, scenario in benchmarks["scenarios"].items():
            for (benchmark, run, grade), level in levels.items():
                if (benchmark, run) == (benchmarks["benchmark"], scenario):
                    milli = round(level.tokens_per_second * 1_000)  # half to even: Fraction
                    told = Throughput(token_class, grade, name, milli)
                    found.append((int(benchmarks["in_force"][name]), told))
    return tuple(sorted(found, key=lambda row: (row[0], row[1].token_class, row[1].grade)))


def throughput_on(day: int, token_class: str) -> dict[str, Throughput]:
    """Throughput by grade on a date: that of the newest round in force which has the grade."""
    return {
        row.grade: row
        for in_force, row in throughputs()
        if in_force <= day and row.token_class == token_class
    }


def _cheapest(lines: Sequence[str]) -> Outcome:
    best: tuple[int, str] | None = None
    left_out = []
    for line in lines:
        grade, index, price, status, benchmark, milli = fields(
            line, "grade|index|price|status|round|thousandths of tokens a second"
        )
        leg = Leg(index, whole(price, "price", 0), status)
        tokens = whole(milli, "throughput", 1)
        if not benchmark:
            raise DerivedError("round", "a name", benchmark)
        if leg.status != "fixed":
            left_out.append(f"{grade} is {leg.status}")
            continue
        cost = half_even(leg.price * 1_000_000 * 1_000, tokens * 3_600)
        best = min(best, (cost, grade)) if best else (cost, grade)
    detail = "; ".join(left_out)
    if best is None:
        return Outcome(reason="no grade has both a fixing and a benchmark", detail=detail)
    return Outcome(best[0], detail=f"{best[1]}{'; ' + detail if detail else ''}")


COMPUTE_PER_TOKEN = publish("compute-per-token", 1, "micro-dollars per million tokens")(_cheapest)


def compute_per_token(
    index: str, day: int, token_class: str, fixings: Iterable[tuple[str, Leg]]
) -> Derived:
    """The cheapest compute of a million tokens of a class on a date, and the grade it is had on.

    `fixings` are grades with their fixings; one without a benchmark result in force is left out.
    """
    measured = throughput_on(day, token_class)
    legs = sorted(((grade, leg) for grade, leg in fixings if grade in measured), key=lambda r: r[0])
    lines = [
        f"{grade}|{leg.index}|{leg.price}|{leg.status}"
        f"|{measured[grade].round}|{measured[grade].milli_tokens}"
        for grade, leg in legs
    ]
    return derive(COMPUTE_PER_TOKEN, index, day, lines, truth_of(leg for _, leg in legs))
