"""`lasalle run-example month-and-right`: 25,000 H100 for one month, one week sold back, and a right
at 2.30 for three years.

The month is bought as its future. When a week of its fixings is still to come, what is left of a
future is that week: the lots sold then sell it, and nothing else. The right is 36 calls on the
averages of 36 months; a house lists eighteen months of them, the rest has a model's price and no
market. The same months with twelve calls to be chosen are a swing right, priced as an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from lasalle.contracts import (
    LIST_FAMILY,
    Month,
    SeriesKind,
    SeriesTerms,
    Symbol,
    hours,
    month_future,
    parse_symbol,
)
from lasalle.hedging import Fill, Order
from lasalle.institution.examples.told import VENUE, Labels, Panel, Story, Table, tell, words_of
from lasalle.institution.examples.venue import (
    MILLION,
    Cash,
    Index,
    compute,
    folder,
    larger_maker,
    live_through,
    model_of,
    quiet,
    run_out,
    toward,
    traded,
)
from lasalle.institution.hedge_market import price_law
from lasalle.institution.study_day import Policy, Seen, StudyVenue
from lasalle.institution.study_model import Model
from lasalle.pricing import Averages, average_options, average_terms
from lasalle.pricing.exercise import (
    Interval,
    Rights,
    TwoFactor,
    price_interval,
    spot_less_strike,
)
from lasalle.pricing.forward import DAYS_PER_YEAR

NAME = "month-and-right"
MAKER_TIMES = 50
STRIKE, LISTED_MONTHS = 2_300_000, 18
WEEK_DAYS, BUILD_DAYS = 7, 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, and when."""

    asked_on: date
    month: Month
    accelerators: int
    right_accelerators: int
    right_months: int
    chosen: int
    last: date
    paths: int

    @property
    def strip(self) -> tuple[Month, ...]:
        """The months of the right."""
        first = Month.of(self.asked_on).plus(1)
        return tuple(first.plus(n) for n in range(self.right_months))

    @property
    def listed(self) -> tuple[Month, ...]:
        """Those a house lists calls of on the day that are over by the last day lived."""
        ended = [m for m in self.strip[: LISTED_MONTHS - 1] if m.last_day < self.last]
        return tuple(ended)


ASKED = Wish(date(2025, 6, 2), Month(2025, 10), 25_000, 1_000, 36, 12, date(2026, 7, 1), 50_000)
"""Asked for, and the same at a nearer month, lived through until that is over."""
QUICK = Wish(date(2025, 6, 2), Month(2025, 8), 25_000, 1_000, 36, 12, date(2025, 9, 1), 2_000)


def call_of(month: Month) -> str:
    """Symbol of the right on one month."""
    future = month_future(LIST_FAMILY, month)
    return str(Symbol(LIST_FAMILY, SeriesKind.CALL, future.period, STRIKE))


@dataclass(frozen=True, slots=True)
class Right:
    """The right on its day, dollars an hour of one accelerator: by month its forward, the value of
    its call, whether listed; the swing as an interval of what one right of a month is worth.
    """

    months: tuple[Month, ...]
    forward: tuple[float, ...]
    value: tuple[float, ...]
    swing: Interval
    chosen: int

    def total(self, months: Sequence[Month]) -> float:
        """Value of calls on some months of one accelerator, dollars."""
        of = dict(zip(self.months, self.value, strict=True))
        return sum(of[month] * hours(month) for month in months)


def priced(wish: Wish, model: Model) -> Right:
    """The right by the formulas of averages, and the swing of it between its bounds.

    The swing is exercised on the first of a month against the price of that day, as it is agreed
    outside a book; the calls pay on averages.
    """
    opens = wish.asked_on + timedelta(days=1)
    curve, known = model.curve(opens), model.prices(opens)
    terms = [average_terms(curve, known, month) for month in wish.strip]
    value = average_options(True, STRIKE / MILLION, Averages.of(terms)).value
    days = [(month.first_day - curve.fitted_on).days for month in wish.strip]
    law, times = price_law(curve), np.array(days) / DAYS_PER_YEAR
    of = law.reversion, law.passing, law.lasting, law.correlation
    process = TwoFactor(np.asarray(curve.forward(times)), times, *of)
    # Every right is weighed by the hours of its month over those of the mean one.
    weights = np.array([float(hours(month)) for month in wish.strip])
    swing = price_interval(
        process,
        spot_less_strike(process, STRIKE / MILLION),
        Rights(wish.chosen, weights),
        paths=wish.paths,
    )
    return Right(
        wish.strip, tuple(one.value for one in terms), tuple(map(float, value)), swing, wish.chosen
    )


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of the month with its week sold back, and of the listed part of the right."""

    month: Cash
    right: Cash
    bought: tuple[int, float]
    sold: tuple[int, float]
    week_days: float
    rights: Mapping[str, tuple[int, float]]


def live(wish: Wish, model: Model, where: Path) -> Lived:
    """Both through venues of their own that list the same."""
    future = str(month_future(LIST_FAMILY, wish.month))
    calls = {call_of(month): wish.right_accelerators for month in wish.listed}
    begins = wish.asked_on + timedelta(days=1)
    back = wish.month.last_day - timedelta(days=WEEK_DAYS - 1)

    def month(seen: Seen) -> list[Order]:
        lots = wish.accelerators if seen.day < back else 0
        return toward({future: lots}, seen.position, seen.quotes, "the month, a week less")

    def right(seen: Seen) -> list[Order]:
        return toward(calls, seen.position, seen.quotes, "the right")

    venues = []
    steps: tuple[tuple[str, Policy, date], ...] = (
        ("month", month, wish.month.last_day),
        ("right", right, begins + timedelta(days=BUILD_DAYS)),
    )
    for name, policy, end in steps:
        venue = StudyVenue(where / name, model)
        venue.open(begins, sorted({wish.month, *wish.listed}))
        live_through(venue, policy, begins, end, wish.asked_on)
        run_out(venue, quiet, end + timedelta(days=1), wish.asked_on)
        venues.append(venue)
    first, second = venues
    sales = [one for one in first.fills if not one.buy]
    days, price = week_of(
        sales, wish.month, {one.day: one.price_micro_dollars for one in model.fixings}
    )
    return Lived(
        month=Cash.of(first.statement, first.fills),
        right=Cash.of(second.statement, second.fills),
        bought=traded([one for one in first.fills if one.buy]).get(future, (0, 0.0)),
        sold=(sum(one.lots_filled for one in sales), price),
        week_days=days,
        rights=traded(second.fills),
    )


def week_of(sales: Sequence[Fill], month: Month, fixed: Mapping[date, int]) -> tuple[float, float]:
    """What lots of a month sold in its last days sell: days to come in the mean, and the dollars an
    hour those days are sold at, what is fixed of the month taken off.
    """
    accelerator_days = worth = 0.0
    for one in sales:
        # Sold at noon: the fixing of the day before is the last one published.
        known = [day for day in month.dates() if day < one.day]
        left = month.days - len(known)
        accelerator_days += one.lots_filled * left
        worth += one.paid * month.days - one.lots_filled * sum(fixed[day] for day in known)
    lots = sum(one.lots_filled for one in sales)
    if not lots:
        return 0.0, 0.0
    return accelerator_days / lots, worth / accelerator_days / MILLION


def story(prices: Path | None, *, quick: bool = False, keep: Path | None = None) -> Story:
    """The whole example."""
    index, wish = compute(prices), QUICK if quick else ASKED
    model = model_of(index, larger_maker(MAKER_TIMES))

    def wanted(_day: date, terms: SeriesTerms, _forward: Mapping[Month, int]) -> bool:
        return not terms.is_option and terms.months == (wish.month,)

    model.wanted = wanted
    model.also = lambda _day: [parse_symbol(call_of(month)) for month in wish.listed]
    right = priced(wish, model)
    with folder(keep, NAME) as where:
        return _told(wish, index, right, live(wish, model, where))


def _told(wish: Wish, index: Index, right: Right, lived: Lived) -> Story:
    said, opens = f"index: {index.said}", wish.asked_on
    week, lots = wish.month.last_day - timedelta(days=WEEK_DAYS - 1), wish.accelerators
    # The hours kept: the month's first dates at the index, the hedge beside them.
    by_day = {one.day: one.price_micro_dollars / MILLION for one in index.fixings}
    kept = [day for day in wish.month.dates() if day < week]
    spot = sum(24 * lots * by_day[day] for day in kept)
    settled = [(m, index.average(m)) for m in wish.listed]
    worth = sum(max(price - STRIKE / MILLION, 0.0) * hours(m) for m, price in settled)
    premium = sum(n * price * hours(parse_symbol(s).first_month) for s, (n, price) in
                  lived.rights.items())  # fmt: skip
    unlisted = [month for month in wish.strip if month not in wish.listed]
    mean_hours = sum(hours(month) for month in wish.strip) / len(wish.strip)
    return Story(
        NAME,
        f"{lots:,} H100 for {wish.month}, its last week sold back, and a right at"
        f" {STRIKE / MILLION:.2f} for {wish.right_months} months",
        _labels(wish, said, index.simulated),
        (
            Table(
                "the month",
                ("", "lots", "USD an hour", "million USD"),
                (
                    ("bought", *lived.bought, _worth(lived.bought, hours(wish.month))),
                    ("sold back, of its last days", *lived.sold,
                     _worth(lived.sold, 24 * lived.week_days)),
                    ("hours kept, on the spot", lots, spot / (24 * lots * len(kept)), spot / 1e6),
                    ("the hedge brought in", "", "", lived.month.brought / 1e6),
                    ("hours kept, with it", lots, (spot - lived.month.brought)
                     / (24 * lots * len(kept)), (spot - lived.month.brought) / 1e6),
                ),
            ),
            Table(
                f"the right on {opens}, for one accelerator, by the model",
                ("months", "forward", "call", "dollars"),
                tuple(
                    (f"{some[0]} to {some[-1]}, {word}", _mean(right, right.forward, some),
                     _mean(right, right.value, some), right.total(some))
                    for word, some in (("bought", wish.listed), ("by model alone", unlisted))
                    if some
                ),
            ),
        ),
        _sentences(wish, right, lived, premium, worth, mean_hours),
        _panels(wish, right, dict(settled)),
        {
            "month": {
                "lots": lots, "spot_usd": spot, "hedge_usd": lived.month.brought,
                "sold_back_days": lived.week_days, "peak_margin_cash_usd": lived.month.peak,
            },
            "right": {
                "premium_usd": premium, "settled_usd": worth * wish.right_accelerators,
                "net_usd": lived.right.brought,
                "whole_strip_usd_per_accelerator": right.total(wish.strip),
                "swing_usd_per_accelerator": [right.swing.least, right.swing.most],
                "chosen": right.chosen,
            },
        },
    )  # fmt: skip


def _worth(lots_at: tuple[int, float], units: float) -> float:
    return lots_at[0] * lots_at[1] * units / 1e6


def _mean(right: Right, values: Sequence[float], some: Sequence[Month]) -> float:
    """Mean of a column of the right over some months, weighed by hours."""
    of = dict(zip(right.months, values, strict=True))
    return sum(of[m] * hours(m) for m in some) / sum(hours(m) for m in some)


def _labels(wish: Wish, said: str, simulated: bool) -> Labels:
    return Labels(
        real=(VENUE,) if simulated else (said, VENUE),
        modelled=(
            "every price of a future or call: the maker's quotes on fixings before the day",
            "what is not listed: calls on averages by two moments, the swing by least squares and"
            " its dual; nobody traded them",
        ),
        simulated=(said,) if simulated else (),
        assumed=(
            f"a maker {MAKER_TIMES} times as deep as the demonstration's, and with as much more"
            " room: one month of so many accelerators is more than it would take",
            f"calls at {STRIKE / MILLION:.2f} are listed for it: the ladder of the day has others;"
            f" the right is on {wish.right_accelerators:,} accelerators",
        ),
    )


def _sentences(
    wish: Wish, right: Right, lived: Lived, premium: float, worth: float, mean_hours: float
) -> tuple[str, ...]:
    word = "brought in" if lived.month.brought > 0 else "cost"
    paid = worth * wish.right_accelerators
    low, high = (
        end * wish.right_accelerators / 1e6 for end in (right.swing.least, right.swing.most)
    )
    return (
        f"The month's hedge {word} {abs(lived.month.brought) / 1e6:.2f} M USD; the lots sold back"
        f" had {lived.week_days:.1f} days to come in the mean, {lived.month.filled:,} lots traded,"
        f" at most {lived.month.peak / 1e6:.2f} M USD tied up.",
        f"The {len(wish.listed)} listed months of the right cost {premium / 1e6:.2f} M USD of"
        f" premium and paid {paid / 1e6:.2f}: {'gained' if paid > premium else 'lost'}"
        f" {abs(paid - premium) / 1e6:.2f}.",
        f"All {wish.right_months} months of calls on {wish.right_accelerators:,} accelerators are"
        f" worth {right.total(wish.strip) * wish.right_accelerators / 1e6:.2f} M USD by the model;"
        f" {right.chosen} of them to be chosen, between {low:.2f} and {high:.2f}"
        f" (a month has {mean_hours:.0f} hours).",
    )


def _panels(wish: Wish, right: Right, settled: Mapping[Month, float]) -> tuple[Panel, ...]:
    places = tuple(str(month) for month in right.months)
    index = [settled.get(month, float("nan")) for month in right.months]
    return (
        Panel(
            f"The right on {wish.asked_on}", "USD an hour", places,
            {
                "forward": right.forward, "its strike": [STRIKE / MILLION] * len(places),
                "index that came": index, "value of the call": right.value,
            },
        ),
    )  # fmt: skip


def main(argv: list[str]) -> int:
    """Runs the example."""
    args = words_of(NAME).parse_args(argv)
    return tell(story(args.prices, quick=args.quick, keep=args.keep), args)
