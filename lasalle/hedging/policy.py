"""The lab's policy: from what is known on a day to the orders it sends that day.

Before the window the lab builds a base layer of month futures, each month in proportion to the
chance that the run needs it, calls above the forward, and quarter swaps. On the first day of
each month of the window the chances are drawn anew and futures follow; calls are never topped
up. When the run starts, swaps and whatever lies in other months are closed, and futures of the
run's months are brought to the run's own size (the roll). What is then held settles against the
month's average.

The first order leaves once the plan day's fixing is published: it sizes the need.

The policy sees the venue's day, fixings up to it, its position and the quotes of that moment. It
keeps no memory: the same inputs give the same orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from lasalle.contracts import Month, SeriesKind, month_future, parse_symbol
from lasalle.hedging.model import HedgePlan, Order, TrainingRun, TwoSided
from lasalle.hedging.need import expected_lots, need_gpu_hours, started_lots

WHOLE = 10_000


def decide(
    run: TrainingRun,
    plan: HedgePlan,
    day: date,
    fixings_until_day: Sequence[tuple[date, int]],
    position: Mapping[str, int],
    open_quotes: Sequence[TwoSided],
    started_on: date | None = None,
) -> tuple[Order, ...]:
    """Orders of a venue day, each within the quote it takes; `started_on` once the run has
    begun.
    """
    if any(fixed > day for fixed, _ in fixings_until_day):
        raise ValueError(f"fixings_until_day: expected none after {day}")
    if started_on is not None and started_on > day:
        raise ValueError(f"started_on: expected at most {day}, found {started_on}")
    known = dict(fixings_until_day)
    if run.plan_day not in known:
        return ()
    need = need_gpu_hours(run, known)
    book = {quote.symbol: quote for quote in open_quotes}
    targets = _targets(run, plan, day, need, position, book, started_on)
    orders = []
    for symbol in sorted(set(targets) | set(position)):
        quote = book.get(symbol)
        if quote is None or parse_symbol(symbol).last_month.last_day < day:
            continue
        order = _order(quote, targets.get(symbol, 0) - position.get(symbol, 0), started_on)
        if order is not None:
            orders.append(order)
    return tuple(orders)


def _order(quote: TwoSided, wanted: int, started_on: date | None) -> Order | None:
    """Order that takes the quote up to its depth, or none."""
    why = "build" if started_on is None else "roll"
    if wanted > 0:
        lots = min(wanted, quote.ask_lots)
        return Order(quote.symbol, True, lots, quote.ask_price, why, wanted) if lots > 0 else None
    lots = min(-wanted, quote.bid_lots)
    why = "rebalance" if started_on is None else "close"
    return Order(quote.symbol, False, lots, quote.bid_price, why, -wanted) if lots > 0 else None


def _targets(
    run: TrainingRun,
    plan: HedgePlan,
    day: date,
    need: int,
    position: Mapping[str, int],
    book: Mapping[str, TwoSided],
    started_on: date | None,
) -> dict[str, int]:
    """Lots wanted by symbol. The anchor is the last day on which chances were drawn anew."""
    if started_on is not None:
        wanted = started_lots(run, need, started_on)
        return _started(plan, wanted, position, book)
    # Within a month chances stand, so that a day's drift in them is not traded.
    anchor = run.plan_day if day < run.first_start else Month.of(day).first_day
    wanted = expected_lots(run, need, anchor)
    building = day < run.first_start
    swaps = _swaps(plan, wanted, position, book, building)
    calls = _calls(plan, wanted, position, book, building)
    covered: dict[Month, int] = {}
    for name, lots in swaps.items():
        for month in parse_symbol(name).months:
            covered[month] = covered.get(month, 0) + lots
    share = plan.futures_per_ten_thousand + plan.swap_per_ten_thousand
    family = _family(book, position)
    futures = {
        _future(family, month): max(0, _share(lots, share) - covered.get(month, 0))
        for month, lots in wanted.items()
    }
    return {**futures, **calls, **swaps}


def _started(
    plan: HedgePlan,
    wanted: Mapping[Month, Fraction],
    position: Mapping[str, int],
    book: Mapping[str, TwoSided],
) -> dict[str, int]:
    """Targets of a started run: futures at the full base share, calls kept in its months, no
    swap.
    """
    share = plan.futures_per_ten_thousand + plan.swap_per_ten_thousand
    family = _family(book, position)
    targets = {_future(family, month): _share(lots, share) for month, lots in wanted.items()}
    for name, held in position.items():
        symbol = parse_symbol(name)
        if symbol.kind is SeriesKind.CALL and symbol.first_month in wanted:
            kept = _share(wanted[symbol.first_month], plan.calls_per_ten_thousand)
            targets[name] = min(held, kept)
    return targets


def _swaps(
    plan: HedgePlan,
    wanted: Mapping[Month, Fraction],
    position: Mapping[str, int],
    book: Mapping[str, TwoSided],
    building: bool,
) -> dict[str, int]:
    """Quarter swaps that lie wholly in the months of need, at most the swap share of their least
    month.
    """
    held = {
        name: lots
        for name, lots in position.items()
        if lots and parse_symbol(name).kind is SeriesKind.SWAP
    }
    if not building or plan.swap_per_ten_thousand == 0:
        return held
    targets = dict(held)
    for name in book:
        symbol = parse_symbol(name)
        if symbol.kind is not SeriesKind.SWAP or len(symbol.months) != 3:
            continue
        if all(month in wanted for month in symbol.months):
            least = min(wanted[month] for month in symbol.months)
            targets[name] = int(least * plan.swap_per_ten_thousand / WHOLE)
    return targets


def _calls(
    plan: HedgePlan,
    wanted: Mapping[Month, Fraction],
    position: Mapping[str, int],
    book: Mapping[str, TwoSided],
    building: bool,
) -> dict[str, int]:
    """Calls of each month of need: the strike already held, or the listed one nearest the wanted
    strike.
    """
    held: dict[Month, list[str]] = {}
    for name, lots in position.items():
        symbol = parse_symbol(name)
        if lots and symbol.kind is SeriesKind.CALL:
            held.setdefault(symbol.first_month, []).append(name)
    targets: dict[str, int] = {name: position[name] for names in held.values() for name in names}
    if not building or plan.calls_per_ten_thousand == 0:
        return targets
    for month, share in wanted.items():
        chosen = sorted(held.get(month, [])) or _nearest_call(plan, month, book)
        if chosen:
            targets[chosen[0]] = _share(share, plan.calls_per_ten_thousand)
    return targets


def _nearest_call(plan: HedgePlan, month: Month, book: Mapping[str, TwoSided]) -> list[str]:
    calls = [
        symbol
        for symbol in map(parse_symbol, book)
        if symbol.kind is SeriesKind.CALL and symbol.first_month == month
    ]
    if not calls:
        return []
    future = book.get(_future(calls[0].family, month))
    if future is None or not future.bid_lots or not future.ask_lots:
        return []
    middle = (future.bid_price + future.ask_price) // 2
    aim = middle * plan.call_strike_per_ten_thousand // WHOLE
    best = min(calls, key=lambda s: (abs(s.strike_micro_dollars - aim), s.strike_micro_dollars))
    return [str(best)]


def _family(book: Mapping[str, TwoSided], position: Mapping[str, int]) -> str:
    """Family traded: that of the quotes, or of the position where nothing is quoted."""
    families = {parse_symbol(name).family for name in (*book, *position)}
    if len(families) > 1:
        raise ValueError(f"open_quotes: expected one family, found {sorted(families)}")
    return families.pop() if families else "H100"


def _future(family: str, month: Month) -> str:
    return str(month_future(family, month))


def _share(lots: Fraction, per_ten_thousand: int) -> int:
    """Share of lots, rounded half to even to whole lots."""
    return round(lots * per_ten_thousand / WHOLE)
