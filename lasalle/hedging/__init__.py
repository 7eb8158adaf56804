"""Hedging a training run of unknown date: the need, the policy that trades, the cost, the
report.
"""

from lasalle.hedging.accounting import (
    Fill,
    LedgerDay,
    StartOutcome,
    StrategyOutcome,
    cvar_over_starts,
    start_outcome,
    strategy_outcome,
)
from lasalle.hedging.model import (
    FALLING,
    FUTURES,
    FUTURES_CALLS_SWAP,
    RISING,
    HedgePlan,
    Order,
    TrainingRun,
)
from lasalle.hedging.need import expected_lots, need_gpu_hours, run_bill
from lasalle.hedging.policy import decide
from lasalle.hedging.report import Basis, ModelFacts, PlanReport, SensitivityCell, StudyReport

__all__ = [
    "FALLING",
    "FUTURES",
    "FUTURES_CALLS_SWAP",
    "RISING",
    "Basis",
    "Fill",
    "HedgePlan",
    "LedgerDay",
    "ModelFacts",
    "Order",
    "PlanReport",
    "SensitivityCell",
    "StartOutcome",
    "StrategyOutcome",
    "StudyReport",
    "TrainingRun",
    "cvar_over_starts",
    "decide",
    "expected_lots",
    "need_gpu_hours",
    "run_bill",
    "start_outcome",
    "strategy_outcome",
]
