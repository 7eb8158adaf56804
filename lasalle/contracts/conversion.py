"""Conversion factors between accelerator grades from published benchmark results; method 1.

A factor says how many hours of the base grade an hour of another grade is worth, in parts per
million, by tokens a second at the same benchmark, scenario and round. It carries its round, for
software moves it; `docs/theory/conversion.md` has the method. Whole numbers and exact fractions but
for one geometric mean, taken in decimal arithmetic of fifty digits, so that every machine gives the
same parts per million.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from statistics import median
from typing import Any

from lasalle.contracts.standard import ContractError

CONVERSION_METHOD = 1
BASE = "H100-SXM"
GRADES = ("A100-80-SXM", "H100-SXM", "H200-SXM", "B200-SXM")
MILLION = 1_000_000
LEAST_MODELS, LEAST_SUBMITTERS = 2, 2
"""Evidence without which there is no factor: models both grades ran, and submitters of each."""
DIGITS = Context(prec=50, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Result:
    """One valid result: tokens a second of one accelerator of a grade, exact."""

    round: str
    submitter: str
    benchmark: str
    scenario: str
    grade: str
    tokens_per_second: Fraction


@dataclass(frozen=True, slots=True)
class Level:
    """What a grade does in a cell: median over submitters of each one's median, exact."""

    tokens_per_second: Fraction
    submitters: tuple[str, ...]
    systems: int


@dataclass(frozen=True, slots=True)
class Factor:
    """Hours of the base grade an hour of `grade` is worth by a round, parts per million; 0 where
    the evidence does not reach, with what is missing.
    """

    round: str
    grade: str
    parts_per_million: int
    models: int
    cells: int
    missing: str = ""


Cell = tuple[str, str]
"""Benchmark and scenario."""
Levels = Mapping[tuple[str, str, str], Level]
"""By benchmark, scenario and grade: those of one round."""


def model_of(benchmark: str) -> tuple[str, int]:
    """(model, strictness) of a benchmark's name: accuracy variants are one model."""
    for strictness, ending in ((2, "-99.9"), (1, "-99")):
        if benchmark.endswith(ending):
            return benchmark.removesuffix(ending), strictness
    return benchmark, 0


def levels(results: Iterable[Result], round_name: str) -> dict[tuple[str, str, str], Level]:
    """Levels of a round."""
    found: dict[tuple[str, str, str], dict[str, list[Fraction]]] = {}
    for one in results:
        if one.round == round_name:
            cell = found.setdefault((one.benchmark, one.scenario, one.grade), {})
            cell.setdefault(one.submitter, []).append(one.tokens_per_second)
    return {
        cell: Level(
            Fraction(median(median(own) for own in by_submitter.values())),
            tuple(sorted(by_submitter)),
            sum(map(len, by_submitter.values())),
        )
        for cell, by_submitter in found.items()
    }


def shared_cells(found: Levels, grade: str, base: str) -> dict[str, list[Cell]]:
    """Cells both grades ran, by model; of a model's accuracy variants in a scenario, the strictest
    that both ran.
    """
    both = {(b, s) for b, s, g in found if g == grade} & {(b, s) for b, s, g in found if g == base}
    strictest: dict[Cell, str] = {}
    for benchmark, scenario in sorted(both, key=lambda cell: model_of(cell[0])[1]):
        strictest[model_of(benchmark)[0], scenario] = benchmark
    made: dict[str, list[Cell]] = {}
    for (model, scenario), benchmark in sorted(strictest.items()):
        made.setdefault(model, []).append((benchmark, scenario))
    return made


def factor(round_name: str, found: Levels, grade: str, base: str = BASE) -> Factor:
    """The factor of a grade: geometric mean over models of each model's over its scenarios, of the
    grade's level over the base grade's, rounded half to even to parts per million.
    """
    if grade == base:
        return Factor(round_name, grade, MILLION, 0, 0)
    models = shared_cells(found, grade, base)
    cells = [cell for own in models.values() for cell in own]
    missing = _missing(found, models, (base, grade))
    if missing:
        return Factor(round_name, grade, 0, len(models), len(cells), missing)
    logs = [_mean([_log(found, cell, grade, base) for cell in own]) for own in models.values()]
    ratio = DIGITS.multiply(DIGITS.exp(_mean(logs)), Decimal(MILLION))
    parts = int(ratio.to_integral_value(ROUND_HALF_EVEN))
    return Factor(round_name, grade, parts, len(models), len(cells))


def _missing(found: Levels, models: Mapping[str, list[Cell]], grades: tuple[str, str]) -> str:
    """What the evidence lacks; empty where it reaches."""
    for one in grades:
        if not any(g == one for _, _, g in found):
            return f"no result of {one} in the round"
    if len(models) < LEAST_MODELS:
        return f"{len(models)} of {LEAST_MODELS} models that both grades ran"
    for one in grades:
        submitters = {
            name
            for own in models.values()
            for cell in own
            for name in found[(*cell, one)].submitters
        }
        if len(submitters) < LEAST_SUBMITTERS:
            return f"{len(submitters)} of {LEAST_SUBMITTERS} submitters of {one}"
    return ""


def _log(found: Levels, cell: Cell, grade: str, base: str) -> Decimal:
    ratio = found[(*cell, grade)].tokens_per_second / found[(*cell, base)].tokens_per_second
    return DIGITS.ln(DIGITS.divide(Decimal(ratio.numerator), Decimal(ratio.denominator)))


def _mean(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = DIGITS.add(total, value)
    return DIGITS.divide(total, Decimal(len(values)))


@dataclass(frozen=True, slots=True)
class Conversion:
    """The published table: factors by round, oldest first, and the levels they are made from."""

    rounds: tuple[str, ...]
    factors: tuple[Factor, ...]
    levels: Mapping[str, Levels]

    def of(self, grade: str, round_name: str) -> Factor:
        """The factor of a grade by a round. Raises ContractError where the evidence does not reach;
        it names what is missing.
        """
        found = {(f.round, f.grade): f for f in self.factors}.get((round_name, grade))
        if found is None:
            raise ContractError("factor", f"a grade and a round of {self.rounds}",
                                (grade, round_name))  # fmt: skip
        if not found.parts_per_million:
            raise ContractError(f"factor of {grade} by {round_name}", "evidence", found.missing)
        return found

    def round_of(self, reference: str) -> str:
        """The round a contract names, as `mlperf-v5-1/1`: round and method, or ContractError."""
        named = {_reference(name): name for name in self.rounds}
        if reference not in named:
            raise ContractError("conversion", f"one of {', '.join(named)}", reference)
        return named[reference]

    def last_round(self, grades: Iterable[str]) -> str:
        """The newest round that converts every one of some grades. Raises ContractError."""
        wanted = set(grades)
        for name in reversed(self.rounds):
            reached = {f.grade for f in self.factors if f.round == name and f.parts_per_million}
            if reached >= wanted:
                return name
        raise ContractError(
            "grades", "grades that one round converts together", ", ".join(sorted(wanted))
        )


def _reference(round_name: str) -> str:
    return f"mlperf-{round_name.replace('.', '-')}/{CONVERSION_METHOD}"


@cache
def load_conversion() -> Conversion:
    """The table shipped with the house. Raises ContractError where its factors do not follow from
    its own levels.
    """
    path = resources.files("lasalle.contracts") / "table" / "conversion.toml"
    return parse_conversion(path.read_text(encoding="utf-8"))


def parse_conversion(text: str) -> Conversion:
    """A table of `written`; every factor is computed anew from the levels beside it."""
    table = tomllib.loads(text)
    if table.get("method") != CONVERSION_METHOD:
        raise ContractError("method", str(CONVERSION_METHOD), table.get("method"))
    names, factors, kept = [], list[Factor](), dict[str, Levels]()
    for one in table["round"]:
        name = str(one["name"])
        read = {
            (row["benchmark"], row["scenario"], row["grade"]): _level(row) for row in one["level"]
        }
        stated = [
            Factor(name, f["grade"], f["parts_per_million"], f["models"], f["cells"],
                   f.get("missing", ""))
            for f in one["factor"]
        ]  # fmt: skip
        for found in stated:
            made = factor(name, read, found.grade)
            if made != found:
                raise ContractError(f"{name}: factor of {found.grade}", str(made), found)
        names.append(name)
        factors += stated
        kept[name] = read
    return Conversion(tuple(names), tuple(factors), kept)


def _level(row: dict[str, Any]) -> Level:
    value = Fraction(row["tokens_per_second"])
    return Level(value, tuple(row["submitters"]), row["systems"])


def written(results: Sequence[Result], sources: Mapping[str, str]) -> str:
    """The table as TOML, from results; `sources` names each round's publication, oldest first."""
    lines = [
        "# Written by tools/conversion.py from MLPerf Inference results by the method of",
        "# docs/theory/conversion.md. The factors are derived figures of this house, not MLPerf",
        "# results, and are not verified by MLCommons. MLPerf is a trademark of the MLCommons",
        "# Association.",
        f"method = {CONVERSION_METHOD}",
        f'base = "{BASE}"',
    ]
    for name, source in sources.items():
        found = levels(results, name)
        lines += ["", "[[round]]", f'name = "{name}"', f'source = "{source}"']
        for grade in GRADES:
            made = factor(name, found, grade)
            lines += ["", "[[round.factor]]", f'grade = "{grade}"']
            lines += [f"parts_per_million = {made.parts_per_million}"]
            lines += [f"models = {made.models}", f"cells = {made.cells}"]
            lines += [f'missing = "{made.missing}"'] if made.missing else []
        for (benchmark, scenario, grade), level in sorted(found.items()):
            submitters = ", ".join(f'"{s}"' for s in level.submitters)
            lines += [
                "",
                "[[round.level]]",
                f'benchmark = "{benchmark}"',
                f'scenario = "{scenario}"',
            ]
            lines += [f'grade = "{grade}"', f'tokens_per_second = "{exact(level)}"']
            lines += [f"submitters = [{submitters}]", f"systems = {level.systems}"]
    return "\n".join([*lines, ""])


def exact(level: Level) -> str:
    """A level as an exact decimal where it has one, else as a fraction."""
    value = level.tokens_per_second
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    return format(DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")
