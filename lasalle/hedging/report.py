"""The report of the study: tables for people, a value for programs; it says what is real and
what is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lasalle.hedging.accounting import StrategyOutcome
from lasalle.hedging.model import TrainingRun
from lasalle.hedging.need import basis, run_bill

STRATEGIES = ("unhedged", "futures", "futures_calls_swap")
TITLES = {
    "unhedged": "unhedged",
    "futures": "futures only",
    "futures_calls_swap": "futures + calls + swap",
}
CVAR_NAME = "CVaR over the overlapping starts of one path (95 %)"
MODEL_NOTICE = (
    "Only the index is real; futures, option and swap prices come from the maker's model, "
    "fitted on data up to that day."
)
SIMULATED_NOTICE = (
    "SIMULATED: there is no price history here; the index is a simulated path, "
    "and nothing below is real."
)
SIMULATED_MODEL_NOTICE = (
    "The index is simulated; futures, option and swap prices come from the maker's model, "
    "fitted on data up to that day."
)
DELIVERY_NOTICE = (
    "Physical delivery is not in this example: cash protects against price, "
    "not against non-availability."
)
START_NOTICE = (
    "Starts overlap and lie on one realised path: they are not independent, "
    "and no share of them is a probability."
)
VENUE_NOTICE = (
    "Every order went through the sequencer, the journal and the core of a venue of its own with "
    "a driven clock; each start is a branch of a common past: the venue's journal copied, its "
    "core restored from a snapshot."
)
COLUMN_NOTES = (
    f"cost: bill less everything the hedge brought in, mean over the starts; CVaR: {CVAR_NAME}; "
    "up to 20 starts that is the dearest one (--every 1 runs every start).",
    "worst month: largest net payment of a calendar month over all starts, premium, variation "
    "and fees included, margin deposits left out, for they come back; what a hedge gains "
    "arrives as variation in earlier months.",
    "margin cash: most cash the lab had paid in at any moment, net of what it took back; "
    "premium: options bought less options sold, mean.",
    "fill: share of the lots still wanted on a day that the quote's depth filled that day "
    "(an order asks only for what is shown, and was filled in full); days: days with orders.",
    "slippage: paid against the mid of the quote taken, and in brackets against the day's mark, "
    "mean; depth: lots at the touch, the maker quoting once a day.",
)
INTEREST_PER_HUNDRED = 5


@dataclass(frozen=True, slots=True)
class SensitivityCell:
    """Result under one risk premium (per year) and one multiplier of the fitted volatility."""

    risk_premium: float
    volatility_multiplier: float
    outcomes: dict[str, StrategyOutcome]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the maker's model knew when the need was sized: fixings, of them observed, volatility
    and risk premium a year, and its forward to the first start in USD per GPU-hour.
    """

    fixings: int
    observed: int
    volatility: float
    risk_premium: float
    forward: float


@dataclass(frozen=True, slots=True)
class Basis:
    """Bill less what month lots of the full need are worth from the start on, as a share of the
    bill.
    """

    mean_absolute: float
    worst: float

    @classmethod
    def over(
        cls, run: TrainingRun, need: int, starts: Sequence[date], fixings: Mapping[date, int]
    ) -> Basis:
        """Basis over starts; `worst` keeps its sign, positive being a dearer bill."""
        shares = [
            float(basis(run, need, start, fixings))
            / sum(run_bill(run, need, start, fixings).values())
            for start in starts
        ]
        return cls(sum(map(abs, shares)) / len(shares), max(shares, key=abs))


@dataclass(frozen=True, slots=True)
class PlanReport:
    """One plan: the run, its need, the base case by strategy, and the other premia and
    volatilities.
    """

    run: TrainingRun
    need_gpu_hours: int
    plan_price_micro_dollars: int
    plan_evidence_day: date
    carried_days: int
    outcomes: dict[str, StrategyOutcome]
    sensitivity: tuple[SensitivityCell, ...]
    model: ModelFacts
    basis: Basis
    days_between_starts: int
    days_between_cell_starts: int


@dataclass(frozen=True, slots=True)
class StudyReport:
    """The whole study; `simulated_index` when there was no price history."""

    plans: tuple[PlanReport, ...]
    simulated_index: bool
    index_source: str

    def notices(self) -> tuple[str, ...]:
        """What every reader is told first."""
        first = (SIMULATED_NOTICE,) if self.simulated_index else ()
        return (*first, self.model_notice, DELIVERY_NOTICE, START_NOTICE, VENUE_NOTICE)

    @property
    def model_notice(self) -> str:
        """The sentence under every table and chart."""
        return SIMULATED_MODEL_NOTICE if self.simulated_index else MODEL_NOTICE

    def text(self) -> str:
        """Tables and plain sentences."""
        lines = [*self.notices(), f"Index evidence: {self.index_source}.", ""]
        for plan in self.plans:
            lines += [*_plan_lines(plan, self.model_notice), ""]
        lines += ["How to read the columns (M USD unless said otherwise):"]
        return "\n".join([*lines, *(f"  {note}" for note in COLUMN_NOTES)])

    def value(self) -> dict[str, Any]:
        """The report for programs; amounts in USD."""
        return {
            "notices": list(self.notices()),
            "index": {"source": self.index_source, "simulated": self.simulated_index},
            "cvar": CVAR_NAME,
            "columns": list(COLUMN_NOTES),
            "plans": {plan.run.name: _plan_value(plan) for plan in self.plans},
        }


def verdict(plan: PlanReport, strategy: str) -> str:
    """Whether a hedge cost or paid over the starts, said plainly and read from the outcomes."""
    bare, hedged = plan.outcomes["unhedged"], plan.outcomes[strategy]
    saved = bare.mean_cost - hedged.mean_cost
    word = "pays" if saved > 0 else "costs" if saved < 0 else "neither pays nor costs"
    return (
        f"In the {plan.run.name} plan the hedge {word} {_millions(abs(saved))} M USD on average "
        f"over {len(hedged.starts)} starts ({TITLES[strategy]})."
    )


def _millions(micro_dollars: float) -> str:
    return f"{micro_dollars / 1e12:.2f}"


def _interest(outcome: StrategyOutcome) -> float:
    """Interest on the cash the lab had at the house, micro-dollars, at the stated rate."""
    return outcome.mean_margin_cash_days * INTEREST_PER_HUNDRED / 100 / 365


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _standing(plan: PlanReport) -> str:
    """Whether the plan day's fixing was observed on it, or which earlier one stood."""
    day = plan.plan_evidence_day
    return "observed" if day == plan.run.plan_day else f"carried from {day}"


def _head(plan: PlanReport) -> list[str]:
    run, facts = plan.run, plan.model
    return [
        f"{run.name.upper()}: planned {run.plan_day} at "
        f"{plan.plan_price_micro_dollars / 1e6:.2f} USD ({_standing(plan)}), "
        f"{plan.need_gpu_hours:,} GPU-hours over {run.run_days} days, "
        f"start from {run.first_start} to {run.last_start}",
        f"  maker's model when the need was sized: {facts.fixings} fixings, {facts.observed} of "
        f"them observed; volatility {facts.volatility:.0%} a year; forward to the first start "
        f"{facts.forward:.2f} USD",
        f"  {plan.carried_days} fixings from plan to end are carried; base case: risk premium "
        f"{facts.risk_premium * 100:.0f} % a year, fitted volatility, a start every "
        f"{plan.days_between_starts} days",
    ]


def _plan_lines(plan: PlanReport, model_notice: str) -> list[str]:
    lines = [
        *_head(plan),
        f"  {'':<24}{'cost':>8}{'least':>8}{'most':>8}{'CVaR':>8}{'worst month':>13}"
        f"{'premium':>9}{'margin cash':>13}{'fill':>6}{'days':>6}{'slippage':>14}{'depth':>7}",
    ]
    for name in STRATEGIES:
        o = plan.outcomes[name]
        row = (
            f"  {TITLES[name]:<24}{_millions(o.mean_cost):>8}{_millions(o.least_cost):>8}"
            f"{_millions(o.greatest_cost):>8}{_millions(o.cvar_cost):>8}"
            f"{_millions(o.worst_month):>13}"
        )
        if o.lots_wanted:
            slippage = f"{_millions(o.mean_slippage)} ({_millions(o.mean_slippage_to_mark)})"
            row += (
                f"{_millions(o.mean_premium):>9}{_millions(o.peak_margin_cash):>13}"
                f"{o.fill_of_wanted:>6.0%}{o.mean_order_days:>6.0f}{slippage:>14}"
                f"{o.mean_depth_lots:>7.0f}"
            )
        lines.append(row)
    lines.append(f"  {model_notice}")
    lines += [f"  {verdict(plan, name)}" for name in STRATEGIES[1:]]
    lines += [f"  {_margin_sentence(plan.outcomes[name])}" for name in STRATEGIES[1:]]
    lines.append(
        "  Basis: whole-month averages against the run's own days leave "
        f"{plan.basis.mean_absolute:.1%} of the bill on average and {plan.basis.worst:+.1%} at "
        "worst; the bill is taken to move with the index one for one."
    )
    return [*lines, *_sensitivity_lines(plan, model_notice)]


def _margin_sentence(o: StrategyOutcome) -> str:
    return (
        f"Margin, {TITLES[o.name]}: at most {_days(o.most_calls)} with a call on the way of one "
        f"start, {o.most_calls_owed} of them for variation beyond the cash in the account; largest "
        f"call {_millions(o.largest_call)}; each met on its day. At {INTEREST_PER_HUNDRED} % a "
        f"year the cash tied up would cost {_millions(_interest(o))} more."
    )


def _sensitivity_lines(plan: PlanReport, model_notice: str) -> list[str]:
    if not plan.sensitivity:
        return []
    lines = [
        "",
        f"  {plan.run.name}, risk premia a year by multiples of the fitted volatility, "
        f"a start every {plan.days_between_cell_starts} days",
        f"  {'':>9}{'':>12}|{'futures only':^44}|{'futures + calls + swap':^53}",
        f"  {'premium':>9}{'volatility':>12}"
        + "|"
        + f"{'cost':>8}{'CVaR':>8}{'fill':>6}{'slippage':>15}{'depth':>7}"
        + "|"
        + f"{'cost':>8}{'CVaR':>8}{'premium':>9}{'fill':>6}{'slippage':>15}{'depth':>7}",
    ]
    for cell in plan.sensitivity:
        plain, full = cell.outcomes["futures"], cell.outcomes["futures_calls_swap"]
        lines.append(
            f"  {cell.risk_premium:>9.0%}{cell.volatility_multiplier:>11.2f}x"
            f"|{_costs(plain)}{_market(plain)}"
            f"|{_costs(full)}{_millions(full.mean_premium):>9}{_market(full)}"
        )
    return [*lines, f"  {model_notice}"]


def _costs(o: StrategyOutcome) -> str:
    return f"{_millions(o.mean_cost):>8}{_millions(o.cvar_cost):>8}"


def _market(o: StrategyOutcome) -> str:
    slippage = f"{_millions(o.mean_slippage)} ({_millions(o.mean_slippage_to_mark)})"
    return f"{o.fill_of_wanted:>6.0%}{slippage:>15}{o.mean_depth_lots:>7.0f}"


def _plan_value(plan: PlanReport) -> dict[str, Any]:
    run = plan.run
    return {
        "plan_day": run.plan_day.isoformat(),
        "first_start": run.first_start.isoformat(),
        "last_start": run.last_start.isoformat(),
        "run_days": run.run_days,
        "plan_price_usd": plan.plan_price_micro_dollars / 1e6,
        "plan_evidence_day": plan.plan_evidence_day.isoformat(),
        "need_gpu_hours": plan.need_gpu_hours,
        "carried_days": plan.carried_days,
        "days_between_starts": plan.days_between_starts,
        "model_when_sized": {
            "fixings": plan.model.fixings,
            "observed": plan.model.observed,
            "volatility_per_year": plan.model.volatility,
            "risk_premium_per_year": plan.model.risk_premium,
            "forward_to_first_start_usd": plan.model.forward,
        },
        "basis": {
            "mean_absolute_share_of_bill": plan.basis.mean_absolute,
            "worst_share_of_bill": plan.basis.worst,
        },
        **{name: _outcome_value(plan.outcomes[name]) for name in STRATEGIES},
        "verdicts": [verdict(plan, name) for name in STRATEGIES[1:]],
        "sensitivity": [
            {
                "risk_premium": cell.risk_premium,
                "volatility_multiplier": cell.volatility_multiplier,
                "days_between_starts": plan.days_between_cell_starts,
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
        "interest_on_margin_cash_usd": _interest(outcome) / 1e6,
        "most_days_with_a_call": outcome.most_calls,
        "most_days_owing_variation": outcome.most_calls_owed,
        "largest_call_usd": outcome.largest_call / 1e6,
        "fill_ratio": outcome.fill_ratio,
        "fill_of_wanted": outcome.fill_of_wanted,
        "order_days": outcome.mean_order_days,
        "slippage_usd": outcome.mean_slippage / 1e6,
        "slippage_to_mark_usd": outcome.mean_slippage_to_mark / 1e6,
        "mean_depth_lots": outcome.mean_depth_lots,
        "cost_by_start_usd": {o.start.isoformat(): o.cost / 1e6 for o in outcome.starts},
    }
