"""What a plan may fit its scenarios on: prices and offers seen before its day, from files or from a
served house; nothing of the day itself or after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from lasalle.client.asking import Asking, asking_series
from lasalle.hedging.plan.drawing import Past
from lasalle.hedging.plan.need import Need, Scenery
from lasalle.indices import Fixing
from lasalle.institution import calibration_histories as histories
from lasalle.institution.asked_fixings import asked_fixings
from lasalle.pricing.processes import (
    Availability,
    PriceHistory,
    PriceTable,
    fit_availability,
    of_grade,
)
from lasalle.pricing.processes.generations import Generation, launches
from lasalle.pricing.processes.generations_fit import (
    ListPrices,
    OfferCounts,
    fit_generation,
    fit_substitution,
)
from lasalle.pricing.processes.market import Column

GRADES = {"H100": "H100-80GB-SXM", "A100": "A100-80GB"}
PLACES = {"US": "us-central1", "EU": "europe-west4"}
MARKET_GRADES = {
    "A100": "A100_80GB SXM4",
    "H100": "H100_80GB SXM5",
    "H200": "H200_141GB NA",
    "B200": "B200_180GB NA",
}
ELDER, SUCCESSOR = "A100", "H100"
"""The generation whose successor came within the lists at hand."""


def columns_of(need: Need) -> tuple[Column, ...]:
    """Grade and place of the need, then those of its substitutes, each once."""
    wanted = [(need.grade, need.location)]
    wanted += [(one.grade, one.location or need.location) for one in need.substitutes]
    return tuple(dict.fromkeys(wanted))


def joined(histories_by_column: Sequence[tuple[Column, PriceHistory]]) -> PriceTable:
    """Columns of their own dates in one table; a date without a price of one is NaN there."""
    days = sorted({day for _, one in histories_by_column for day in one.dates})
    at = {day: n for n, day in enumerate(days)}
    prices = np.full((len(days), len(histories_by_column)), np.nan)
    for n, (_, one) in enumerate(histories_by_column):
        prices[[at[day] for day in one.dates], n] = one.prices
    return PriceTable(tuple(days), tuple(column for column, _ in histories_by_column), prices)


def folder_past(need: Need, day: date, fixings: Sequence[Fixing], prices: Path) -> Past | None:
    """From files of prices, what they had before a day; none where two-factor scenarios need none.

    The grade's own prices are the fixings observed; a substitute without a list has no column.
    """
    if need.scenarios is Scenery.TWO_FACTOR:
        return None
    seen = {one.day: one.price_micro_dollars / 1e6
            for one in fixings if one.day < day and not one.carried}  # fmt: skip
    found = [(columns_of(need)[0], _history(need.grade, seen))]
    for grade, place in columns_of(need)[1:]:
        named = GRADES.get(grade, grade), PLACES.get(place, place)
        try:
            listed = histories.spot(prices, *named)
        except ValueError:
            continue
        known = dict(zip(listed.dates, listed.prices.tolist(), strict=True))
        known = {one: price for one, price in known.items() if one < day}
        if len(known) >= 3:
            found.append(((grade, place), _history(grade, known)))
    generation = _generation(prices, day) if need.successors else None
    measured = _availability(prices, need.grade, day) if need.supply.measured else None
    return Past(joined(found), measured, generation)


def _history(name: str, seen: dict[date, float]) -> PriceHistory:
    days = tuple(sorted(seen))
    return PriceHistory(name, days, np.array([seen[day] for day in days]))


def _availability(prices: Path, grade: str, day: date) -> Availability | None:
    """Hazards of the marketplace around one grade, from offers before a day, where it had any."""
    if not (prices / histories.OFFERS).is_file():
        return None
    try:
        seen = histories.offers(prices, day - timedelta(days=1))
    except ValueError:
        return None
    named = MARKET_GRADES.get(grade)
    if named not in seen.grades:
        return None
    return of_grade(fit_availability(seen).process, seen, named)


def _generation(prices: Path, day: date) -> Generation | None:
    """Bend and pace of the elder generation when its successor came, on lists before a day."""
    if not (prices / histories.LISTS).is_file():
        return None
    counts, lists = (
        histories.counts(prices, ELDER, SUCCESSOR),
        histories.list_prices(prices, ELDER),
    )
    kept = [n for n, one in enumerate(counts.dates) if one < day]
    counts = OfferCounts(counts.dates[: len(kept)], counts.older[kept], counts.newer[kept])
    before = lists.days < day.toordinal()
    columns = (lists.days, lists.prices, lists.offers, lists.sellers)
    lists = ListPrices(lists.grade, *(column[before] for column in columns))
    came = launches()[SUCCESSOR]
    curve, _ = fit_substitution(counts, came)
    return fit_generation(lists, curve, came, ((came.let, 1.0),)).process


def served_past(ask: Callable[[Asking[Any]], Any], need: Need, day: date) -> Past | None:
    """Fixings of a served house before a day, week by week, of each grade and place it has an index
    of; it serves no offers of a marketplace, so that no availability is fitted.
    """
    if need.scenarios is Scenery.TWO_FACTOR:
        return None
    indices = {one.index_name: one.index for one in ask(asking_series())}
    found = []
    for grade, place in columns_of(need):
        named = f"{grade}-{place}"
        # An index without a place in its name, as of tokens, is of every place.
        number = indices.get(named, indices.get(grade))
        if number is None:
            continue
        known = asked_fixings(ask, number)
        kept = [one for one in sorted(known) if one < day][::-1][::7]
        if len(kept) >= 3:
            seen = {one: known[one] / 1e6 for one in kept}
            found.append(((grade, place), _history(named, seen)))
    if not found or found[0][0] != columns_of(need)[0]:
        raise ValueError(f"scenarios: expected fixings of {need.grade} before {day}, found none")
    return Past(joined(found))
