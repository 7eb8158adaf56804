"""What may happen to a need: joint scenarios of price, date, size and availability.

Nothing here knows how they were made: calibrated processes, a bootstrapped history, or three of
them typed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """S equally likely scenarios over M months and T times at which the book is marked.

    `settled` (S, M): average of the index of each month, USD per accelerator-hour.
    `marks` (S, T, M): forward curve at each time; of a month that is over, what it settled at.
    `curve` (M,): the forward curve of the plan's day, from which variation is counted.
    `alive` (T, M): whether a month still trades or accrues at that time, so that it is margined.
    `needed` (S, M): accelerator-hours the run uses in each month: start date and size in one.
    `paid` (S, M): what the run would pay for an hour bought on the spot: the index of its own days
    with the basis of its own bill.
    `lost` (S, M): dollars an hour that cannot be had costs above `paid`, where there is none to be
    had in that month; 0 where there is.
    `resold` (S, M): what an hour delivered and not used brings.
    `kept` (S, M): share of the hours sold forward that suppliers deliver.
    `made_good`: share of what an undelivered hour is worth on the spot that its supplier pays; it
    buys no capacity where there is none.
    `weekly` (M, W, S), `weekly_alive` (W, M): the same as `marks` and `alive` at finer times, from
    which the cash that a hedge ties up is reckoned; where there are none, at those of `marks`.
    """

    settled: Floats
    marks: Floats
    curve: Floats
    alive: Flags
    needed: Floats
    paid: Floats
    lost: Floats
    resold: Floats
    kept: Floats
    made_good: float = 1.0
    weekly: NDArray[np.float32] | None = None
    weekly_alive: Flags | None = None

    def __post_init__(self) -> None:
        if self.settled.ndim != 2 or 0 in self.settled.shape:
            raise ValueError(f"settled: expected (scenarios, months), found {self.settled.shape}")
        count, months = self.settled.shape
        times = self.marks.shape[1] if self.marks.ndim == 3 else 0
        shapes = {
            "marks": (count, times, months),
            "curve": (months,),
            "alive": (times, months),
            **dict.fromkeys(("needed", "paid", "lost", "resold", "kept"), (count, months)),
        }
        for name, shape in shapes.items():
            found = getattr(self, name)
            if found.shape != shape:
                raise ValueError(f"{name}: expected shape {shape}, found {found.shape}")
            if not np.all(np.isfinite(found)):
                raise ValueError(f"{name}: expected finite numbers")
        if (self.weekly is None) is not (self.weekly_alive is None):
            raise ValueError("weekly, weekly_alive: expected both or neither")
        if self.weekly is not None and self.weekly_alive is not None:
            fine = (months, len(self.weekly_alive), count)
            if self.weekly.shape != fine or self.weekly_alive.shape[1:] != (months,):
                raise ValueError(f"weekly: expected shape {fine}, found {self.weekly.shape}")
        for name in ("settled", "curve", "needed", "paid", "lost", "resold", "kept"):
            if np.any(getattr(self, name) < 0):
                raise ValueError(f"{name}: expected none below 0")
        if np.any(self.kept > 1):
            raise ValueError("kept: expected a share, at most 1")
        if not 0 <= self.made_good <= 1:
            raise ValueError(f"made_good: expected 0 to 1, found {self.made_good}")
        if np.any(self.resold > self.paid):
            raise ValueError("resold: expected at most what an hour is paid")

    @property
    def count(self) -> int:
        """How many scenarios."""
        return int(self.settled.shape[0])

    @property
    def months(self) -> int:
        """How many months."""
        return int(self.settled.shape[1])
