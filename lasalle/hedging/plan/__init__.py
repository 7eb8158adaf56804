"""The plan of a hedge: scenarios of a need, instruments, and the position of least expected
shortfall.
"""

from lasalle.hedging.plan.instruments import Instrument, Kind, Level, with_impact
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.optimiser import Hedge, Infeasible, Limits, Optimiser
from lasalle.hedging.plan.scenarios import Scenarios
from lasalle.hedging.plan.tail import expected_shortfall, tail_rows

__all__ = [
    "Hedge",
    "Infeasible",
    "Instrument",
    "Kind",
    "Level",
    "Limits",
    "Losses",
    "Optimiser",
    "Scenarios",
    "expected_shortfall",
    "tail_rows",
    "with_impact",
]
