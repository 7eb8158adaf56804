"""The stress set as data, and what each series loses in it: for the size of the default fund,
Cover-1 and Cover-2, liquidity need and reverse stress.

The margin table holds few stress columns, for every account carries them; this set is wider and is
asked once a day. A case moves each strip straight from its near to its far end and every deviation
by one factor; series are revalued in full, as in the margin table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lasalle.clearing.model import ScenarioLabel
from lasalle.clearing.moves import Market, Scenario, Shift
from lasalle.clearing.scan import Listed, losses_of, priced
from lasalle.clearing.terms import MarginTermsError
from lasalle.wire import ScenarioKind

Whole = NDArray[np.int64]
LARGEST_MOVE = 4.0
"""Bound of a log move: a price at a fiftieth, or at fifty times what it was."""


class CaseKind(StrEnum):
    """Where a case comes from: a step of a price of compute, of gas or oil, or an assumption."""

    COMPUTE = "compute"
    ANALOGUE = "analogue"
    HYPOTHETICAL = "hypothetical"


@dataclass(frozen=True, slots=True)
class StressCase:
    """One joint move: log moves at the near and far end of every strip, a factor on deviations;
    `own` has (near, far) of families that move otherwise, by name.
    """

    name: str
    kind: CaseKind
    source: str
    near: float
    far: float
    volatility: float
    own: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ends = [(self.near, self.far), *self.own.values()]
        for move in (move for pair in ends for move in pair):
            if not -LARGEST_MOVE <= move <= LARGEST_MOVE:
                bounds = f"-{LARGEST_MOVE} to {LARGEST_MOVE}"
                raise MarginTermsError(f"{self.name}: expected moves of {bounds}, found {move!r}")
        if not 0.1 <= self.volatility <= 10.0:
            said = f"expected a factor of 0.1 to 10, found {self.volatility!r}"
            raise MarginTermsError(f"{self.name}: volatility: {said}")

    def shift(self, market: Market) -> Shift:
        """What it does to one family."""
        near, far = self.own.get(market.name, (self.near, self.far))
        moves = {month: near + (far - near) * at for month, at in market.places().items()}
        return Shift(moves, self.volatility)


@dataclass(frozen=True, slots=True)
class StressLosses:
    """Micro-dollars one long lot loses by series and case (rows, columns); positive is a loss."""

    day: date
    cases: tuple[StressCase, ...]
    symbols: tuple[str, ...]
    losses: Whole

    def of(self, lots: Mapping[str, int]) -> list[int]:
        """What a portfolio loses in each case, exact; KeyError for a symbol without a row.

        Lots are bounded to 2^21 an account and losses to 2^40 a lot, but a member has many
        accounts: sums are those of Python, which have no bound.
        """
        row = {symbol: n for n, symbol in enumerate(self.symbols)}
        total = [0] * len(self.cases)
        for symbol, held in lots.items():
            for n, loss in enumerate(self.losses[row[symbol]].tolist()):
                total[n] += held * loss
        return total


def load_stress_cases() -> tuple[StressCase, ...]:
    """The set shipped with the house. Raises MarginTermsError where a case is not as it should."""
    path = resources.files("lasalle.clearing") / "table" / "stress.toml"
    return read_stress_cases(path.read_text(encoding="utf-8"))


def read_stress_cases(text: str) -> tuple[StressCase, ...]:
    """Cases of a TOML text; names are of one case each. Raises MarginTermsError."""
    must, found = {"name", "kind", "source", "near", "far", "volatility"}, []
    for row in tomllib.loads(text).get("case", []):
        if not must <= set(row) <= must | {"own"}:
            raise MarginTermsError(f"case: expected {sorted(must)} and own, found {sorted(row)}")
        found.append(_case(row))
    names = [case.name for case in found]
    if not names or len(set(names)) != len(names):
        raise MarginTermsError(f"case: expected one or more, each name once, found {names}")
    return tuple(found)


def _case(row: Mapping[str, Any]) -> StressCase:
    kinds = [kind.value for kind in CaseKind]
    if row["kind"] not in kinds:
        raise MarginTermsError(f"{row['name']}: kind: expected {kinds}, found {row['kind']!r}")
    own = {}
    for family, ends in row.get("own", {}).items():
        if not isinstance(ends, list) or len(ends) != 2:
            expected = "expected two moves, near and far"
            raise MarginTermsError(f"{row['name']}: own {family}: {expected}, found {ends!r}")
        own[family] = (float(ends[0]), float(ends[1]))
    return StressCase(
        name=row["name"],
        kind=CaseKind(row["kind"]),
        source=row["source"],
        near=float(row["near"]),
        far=float(row["far"]),
        volatility=float(row["volatility"]),
        own=own,
    )


def stress_losses(
    families: Sequence[Listed],
    day: date,
    marks_micro_dollars: Mapping[str, int],
    cases: Sequence[StressCase],
) -> StressLosses:
    """Losses of every series of a venue day in each case, by full revaluation, in whole
    micro-dollars rounded half to even; what is refused is what a margin table refuses.
    """
    symbols: list[str] = []
    rows: list[tuple[int, ...]] = []
    for one in priced(families, day):
        columns = [
            Scenario(
                ScenarioLabel(ScenarioKind.STRESS, 0, case.name),
                {market.name: case.shift(market) for market in one.markets.values()},
            )
            for case in cases
        ]
        symbols += [series.symbol for series in one.series]
        rows += losses_of(one, columns, marks_micro_dollars)
    losses = np.array(rows, np.int64).reshape(len(symbols), len(cases))
    return StressLosses(day, tuple(cases), tuple(symbols), losses)
