"""Calibrated processes of price and availability: fitted to a history up to a day, with errors
and their limits; and joint scenarios of a need from them.
"""

from lasalle.pricing.processes.availability import Availability, Hazard
from lasalle.pricing.processes.availability_fit import (
    OfferHistory,
    fit_availability,
    fit_lifetimes,
    of_grade,
)
from lasalle.pricing.processes.estimation import Estimate
from lasalle.pricing.processes.fitted import Fitted, Process
from lasalle.pricing.processes.history import FuturesHistory, PriceHistory
from lasalle.pricing.processes.jumps import MeanRevertingJumps
from lasalle.pricing.processes.jumps_fit import fit_jumps
from lasalle.pricing.processes.laws import Law
from lasalle.pricing.processes.market import (
    Bootstrapped,
    Calibrated,
    PriceTable,
    bootstrapped,
    calibrate,
)
from lasalle.pricing.processes.profile import Profile, reversion_profile
from lasalle.pricing.processes.regimes import RegimeSwitching
from lasalle.pricing.processes.regimes_fit import fit_regimes
from lasalle.pricing.processes.scenarios import Chances, NeedLaw, Scenarios, scenarios
from lasalle.pricing.processes.schwartz_smith import FactorState, SchwartzSmith
from lasalle.pricing.processes.two_factor_fit import fit_panel, fit_price
from lasalle.pricing.processes.walk import Score, forecasters, walk

__all__ = [
    "Availability",
    "Bootstrapped",
    "Calibrated",
    "Chances",
    "Estimate",
    "FactorState",
    "Fitted",
    "FuturesHistory",
    "Hazard",
    "Law",
    "MeanRevertingJumps",
    "NeedLaw",
    "OfferHistory",
    "PriceHistory",
    "PriceTable",
    "Process",
    "Profile",
    "RegimeSwitching",
    "Scenarios",
    "SchwartzSmith",
    "Score",
    "bootstrapped",
    "calibrate",
    "fit_availability",
    "fit_jumps",
    "fit_lifetimes",
    "fit_panel",
    "fit_price",
    "fit_regimes",
    "forecasters",
    "of_grade",
    "reversion_profile",
    "scenarios",
    "walk",
]
