"""The report of the study: a table for people, a value for programs; it says what is real and
what is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lasalle.hedging.accounting import StrategyOutcome
from lasalle.hedging.model import TrainingRun

STRATEGIES = ("unhedged", "futures", "futures_calls_swap")
CVAR_NAME = "CVaR over the overlapping starts of one path (95 %)"
MODEL_NOTICE = (
    "Only the index is real. Prices of futures, options and swaps come from the maker's model, "
    "fitted on fixings up to each day."
)
SIMULATED_NOTICE = (
    "SIMULATED: there is no price history here; the index is a simulated path, "
    "and nothing below is real."
)
DELIVERY_NOTICE = (
    "Physical delivery is not in this example: cash protects against price, "
    "not against non-availability."
)
START_NOTICE = (
    "Starts overlap and lie on one realised path: they are not independent, "
    "and no share of them is a probability."
)


@dataclass(frozen=True, slots=True)
class SensitivityCell:
    """Result under one risk premium (per year) and one multiplier of the fitted volatility."""

    risk_premium: float
    volatility_multiplier: float
    outcomes: dict[str, StrategyOutcome]


@dataclass(frozen=True, slots=True)
class PlanReport:
    """One plan: the run, its need, the base case by strategy, and the other premia and
    volatilities.
    """

    run: TrainingRun
    need_gpu_hours: int
    plan_price_micro_dollars: int
    carried_days: int
    outcomes: dict[str, StrategyOutcome]
    sensitivity: tuple[SensitivityCell, ...]


@dataclass(frozen=True, slots=True)
class StudyReport:
    """The whole study; `simulated_index` when there was no price history."""

    plans: tuple[PlanReport, ...]
    simulated_index: bool
    index_source: str

    def notices(self) -> tuple[str, ...]:
        """What every reader is told first."""
        model = (
            "Prices of futures, options and swaps come from the maker's model, "
            "fitted on fixings up to each day."
        )
        first = (SIMULATED_NOTICE, model) if self.simulated_index else (MODEL_NOTICE,)
        return (*first, DELIVERY_NOTICE, START_NOTICE)

    def text(self) -> str:
        """Tables and plain sentences."""
        lines = [*self.notices(), f"Index evidence: {self.index_source}.", ""]
        for plan in self.plans:
            lines += [*_plan_lines(plan, self._model_word()), ""]
        return "\n".join(lines)

    def value(self) -> dict[str, Any]:
        """The report for programs; amounts in USD."""
        return {
            "notices": list(self.notices()),
            "index": {"source": self.index_source, "simulated": self.simulated_index},
            "cvar": CVAR_NAME,
            "plans": {plan.run.name: _plan_value(plan) for plan in self.plans},
        }

    def _model_word(self) -> str:
        if self.simulated_index:
            return "index simulated; hedge prices from the maker's model fitted up to each day"
        return "index real; hedge prices from the maker's model fitted up to each day"


def verdict(plan: PlanReport, strategy: str) -> str:
    """Whether a hedge cost or paid over the starts, said plainly and read from the outcomes."""
    bare, hedged = plan.outcomes["unhedged"], plan.outcomes[strategy]
    saved = bare.mean_cost - hedged.mean_cost
    word = "pays" if saved > 0 else "costs" if saved < 0 else "neither pays nor costs"
    return (
        f"In the {plan.run.name} plan {strategy.replace('_', ' + ')} {word} "
        f"{_millions(abs(saved))} M USD on average over {len(hedged.starts)} starts."
    )


def _millions(micro_dollars: float) -> str:
    return f"{micro_dollars / 1e12:.2f}"


def _plan_lines(plan: PlanReport, model_word: str) -> list[str]:
    run = plan.run
    head = (
        f"{run.name}: planned {run.plan_day} at {plan.plan_price_micro_dollars / 1e6:.2f} USD, "
        f"{plan.need_gpu_hours:,} GPU-hours over {run.run_days} days, start between "
        f"{run.first_start} and {run.last_start}"
    )
    lines = [
        head,
        f"  (M USD; {model_word}; {plan.carried_days} fixings from plan to end are carried)",
        f"  {'':<20}{'cost':>8}{'least':>8}{'most':>8}{'CVaR*':>8}{'worst month':>13}"
        f"{'premium':>9}{'peak margin':>13}{'fill':>7}{'slippage':>10}{'depth':>7}",
    ]
    for name in STRATEGIES:
        o = plan.outcomes[name]
        lines.append(
            f"  {name:<20}{_millions(o.mean_cost):>8}{_millions(o.least_cost):>8}"
            f"{_millions(o.greatest_cost):>8}{_millions(o.cvar_cost):>8}"
            f"{_millions(o.worst_month):>13}{_millions(o.mean_premium):>9}"
            f"{_millions(o.peak_margin_cash):>13}{o.fill_ratio:>7.0%}{_millions(o.slippage):>10}"
            f"{o.mean_depth_lots:>7.0f}"
        )
    lines.append(f"  * {CVAR_NAME}; cost is the mean over them; depth in lots at the touch.")
    lines += [f"  {verdict(plan, name)}" for name in STRATEGIES[1:]]
    return [*lines, *_sensitivity_lines(plan.sensitivity, model_word)]


def _sensitivity_lines(cells: Sequence[SensitivityCell], model_word: str) -> list[str]:
    if not cells:
        return []
    lines = [
        "  Mean cost and CVaR* by risk premium a year and volatility multiplier "
        f"(M USD; {model_word})",
        f"  {'premium':>9}{'volatility':>12}{'futures':>10}{'CVaR*':>8}"
        f"{'futures+calls+swap':>20}{'CVaR*':>8}{'premium paid':>14}",
    ]
    for cell in cells:
        plain, full = cell.outcomes["futures"], cell.outcomes["futures_calls_swap"]
        lines.append(
            f"  {cell.risk_premium:>9.1%}{cell.volatility_multiplier:>12.2f}"
            f"{_millions(plain.mean_cost):>10}{_millions(plain.cvar_cost):>8}"
            f"{_millions(full.mean_cost):>20}{_millions(full.cvar_cost):>8}"
            f"{_millions(full.mean_premium):>14}"
        )
    return lines


def _plan_value(plan: PlanReport) -> dict[str, Any]:
    run = plan.run
    return {
        "plan_day": run.plan_day.isoformat(),
        "first_start": run.first_start.isoformat(),
        "last_start": run.last_start.isoformat(),
        "run_days": run.run_days,
        "plan_price_usd": plan.plan_price_micro_dollars / 1e6,
        "need_gpu_hours": plan.need_gpu_hours,
        "carried_days": plan.carried_days,
        **{name: _outcome_value(plan.outcomes[name]) for name in STRATEGIES},
        "verdicts": [verdict(plan, name) for name in STRATEGIES[1:]],
        "sensitivity": [
            {
                "risk_premium": cell.risk_premium,
                "volatility_multiplier": cell.volatility_multiplier,
                **{name: _outcome_value(o) for name, o in cell.outcomes.items()},
            }
            for cell in plan.sensitivity
        ],
    }


def _outcome_value(outcome: StrategyOutcome) -> dict[str, Any]:
    return {
        "starts": len(outcome.starts),
        "cost_usd": outcome.mean_cost / 1e6,
        "least_cost_usd": outcome.least_cost / 1e6,
        "greatest_cost_usd": outcome.greatest_cost / 1e6,
        "cvar_over_overlapping_starts_of_one_path_usd": outcome.cvar_cost / 1e6,
        "worst_month_usd": outcome.worst_month / 1e6,
        "premium_usd": outcome.mean_premium / 1e6,
        "fees_usd": outcome.mean_fees / 1e6,
        "peak_margin_cash_usd": outcome.peak_margin_cash / 1e6,
        "fill_ratio": outcome.fill_ratio,
        "slippage_usd": outcome.slippage / 1e6,
        "mean_depth_lots": outcome.mean_depth_lots,
    }
