"""Calibrated processes of price: fitted to a history up to a day, with errors and their limits."""

from lasalle.pricing.processes.estimation import Estimate
from lasalle.pricing.processes.fitted import Fitted, Process
from lasalle.pricing.processes.history import FuturesHistory, PriceHistory
from lasalle.pricing.processes.laws import Law
from lasalle.pricing.processes.profile import Profile, reversion_profile
from lasalle.pricing.processes.schwartz_smith import FactorState, SchwartzSmith
from lasalle.pricing.processes.two_factor_fit import fit_panel, fit_price

__all__ = [
    "Estimate",
    "FactorState",
    "Fitted",
    "FuturesHistory",
    "Law",
    "PriceHistory",
    "Process",
    "Profile",
    "SchwartzSmith",
    "fit_panel",
    "fit_price",
    "reversion_profile",
]
