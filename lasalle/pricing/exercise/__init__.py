"""Rights exercised on dates of the holder's choice, priced as an interval."""

from lasalle.pricing.exercise.paths import OneFactor, Process, TwoFactor
from lasalle.pricing.exercise.swing import (
    Interval,
    Policy,
    Rights,
    capacity_call,
    fitted,
    lower_bound,
    price_interval,
    spot_less_strike,
    start_of_run,
    upper_bound,
)

__all__ = [
    "Interval",
    "OneFactor",
    "Policy",
    "Process",
    "Rights",
    "TwoFactor",
    "capacity_call",
    "fitted",
    "lower_bound",
    "price_interval",
    "spot_less_strike",
    "start_of_run",
    "upper_bound",
]
