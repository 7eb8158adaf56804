"""Prices along weekly paths, centred on the forward curve of the day: what months settle at, the
curve at the end of each month, and its marks week by week.

Every month is expected to settle at its forward less the premium stated: the planner has no view of
its own. A month settles at the mean of the weekly prices within it; the days of the plan's own
month that are past move no more, and count at its forward.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lasalle.hedging.plan.instruments import Floats
from lasalle.hedging.plan.sources import Moves
from lasalle.hedging.plan.weeks import Weeks

MOST_MARKS = 60_000_000
"""Marks week by week kept at most; where there are more, weeks are taken two by two, and so on."""
Marks = NDArray[np.float32]


class WeeklyPrices:
    """Spot by week, `settled` by month, `marks` at the end of each month."""

    def __init__(self, weeks: Weeks, level: Floats, premium: float, moves: Moves) -> None:
        self.weeks, self.level = weeks, level
        self._premium, self._moves = premium, moves
        # A row a week, so that a week's paths lie side by side.
        self._passing, self._lasting = moves.passing.T.copy(), moves.lasting.T.copy()
        self.spot = level[weeks.month_of] * self._centred()
        self._within = [np.flatnonzero(weeks.month_of == n) for n in range(len(level))]
        self.settled = np.empty((len(self.spot), len(level)))
        for n, within in enumerate(self._within):
            # A month whose days are over but for less than a week stands at its forward.
            own = self.spot[:, within].mean(axis=1) if len(within) else level[n]
            self.settled[:, n] = self._with_past(n, own)
        self.marks = self._at_month_ends()

    def _with_past(self, month: int, to_come: Floats) -> Floats:
        share = self.weeks.to_come[month]
        return np.asarray(share * to_come + (1.0 - share) * self.level[month])

    def _centred(self) -> Floats:
        """Spot over the forward of its month, by week."""
        of, years = self._moves, self.weeks.years
        drift = -self._premium * years
        log = of.passing + of.lasting
        if of.law is None:
            found = np.exp(log + drift)
            return np.asarray(found * (np.exp(drift) / found.mean(axis=0)))
        half = np.array([of.law.variance(float(t), 0.0) / 2 for t in years])
        return np.asarray(np.exp(log - half + drift))

    def forward(self, week: int, month: int) -> Floats:
        """Forward of a month at the end of a week, (paths,)."""
        of, seen = self._moves, float(self.weeks.years[week])
        ahead = max(float(self.weeks.middles[month]) - seen, 0.0)
        fade = np.exp(-of.reversion * ahead)
        log = fade * self._passing[week] + self._lasting[week]
        at = self.level[month] * np.exp(-self._premium * seen)
        found = np.exp(log)
        if of.law is None:
            return np.asarray(found * (at / found.mean()))
        return np.asarray(found * (at * np.exp(-of.law.variance(seen, ahead) / 2)))

    def _at_month_ends(self) -> Floats:
        """The curve at the end of each month, (paths, months, months)."""
        months = len(self.level)
        found = np.empty((len(self.spot), months, months))
        for time in range(months):
            week = int(np.searchsorted(self.weeks.days, self.weeks.last[time], side="right")) - 1
            for month in range(months):
                if month <= time:
                    found[:, time, month] = self.settled[:, month]
                elif week < 0:
                    found[:, time, month] = self.level[month]
                else:
                    found[:, time, month] = self.forward(week, month)
        return found

    def by_week(self) -> tuple[NDArray[np.int64], Marks]:
        """(ordinals of the weeks kept, marks of shape (months, weeks kept, paths)).

        A month under way is marked at what of it is known and, for the rest, at its forward; one
        that is over at what it settled at.
        """
        count, months = self.settled.shape
        every = max(1, -(-count * months * self.weeks.count // MOST_MARKS))
        kept = np.arange(every - 1, self.weeks.count, every)
        if not len(kept):
            kept = np.array([self.weeks.count - 1])
        found = np.empty((months, len(kept), count), dtype=np.float32)
        for month, within in enumerate(self._within):
            known = np.cumsum(self.spot[:, within].T, axis=0)
            for at, week in enumerate(kept):
                past = int(np.searchsorted(within, week, side="right"))
                if self.weeks.days[week] >= self.weeks.last[month] or past == len(within):
                    found[month, at] = self.settled[:, month]
                    continue
                ahead = self.forward(int(week), month)
                if past:
                    ahead = (known[past - 1] + (len(within) - past) * ahead) / len(within)
                if self.weeks.to_come[month] < 1.0:
                    ahead = self._with_past(month, ahead)
                found[month, at] = ahead
        return self.weeks.days[kept], found

    def over_run(self, weekly: Floats, start: Floats, run_days: int) -> Floats:
        """Mean of a weekly figure over the run's own weeks of each month (paths, months); over all
        weeks of the month where no week of the run falls in it, and 0 where it has none to come.
        """
        days = self.weeks.days - self.weeks.months[0].first_day.toordinal()
        running = (days >= start[:, None]) & (days < start[:, None] + run_days)
        found = np.zeros(self.settled.shape)
        for month, within in enumerate(self._within):
            if not len(within):
                continue
            own, values = running[:, within], weekly[:, within]
            count = own.sum(axis=1)
            mean = (values * own).sum(axis=1) / np.maximum(count, 1)
            found[:, month] = np.where(count > 0, mean, values.mean(axis=1))
        return found
