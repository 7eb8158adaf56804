"""Joint scenarios of every family's curve: scan points, filtered historical and named stress moves.

Scan points follow CME SPAN: sixteen points of price (thirds of the range, and twice the range at
35 % of the loss) and volatility. Historical moves follow Barone-Adesi, Giannopoulos and Vosper,
"VaR without correlations for portfolios of derivative securities", J. Futures Markets 19(5),
1999: overlapping moves, each scaled by volatility now over volatility then (`filtering`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lasalle.clearing.columns import BASIS_POINTS, Funding, parted
from lasalle.clearing.filtering import History, buffer_share, filtered
from lasalle.clearing.model import ScanRow, ScenarioLabel
from lasalle.clearing.terms import MarginTerms, Offset
from lasalle.contracts import Month, SeriesKind
from lasalle.pricing import AverageTerms, CurveModel
from lasalle.pricing.forward import DAYS_PER_YEAR
from lasalle.wire import ScenarioKind

FIRST_OFFSET_ROW = 60_001
"""Number of the first scan row of an offset; those of families count up from 1."""


@dataclass(frozen=True, slots=True)
class Market:
    """One family as the table sees it: its name, its group in the house from 1, its index up to
    the day, and its curve; `scanned` unless its index is there for a basis alone.
    """

    name: str
    group: int
    model: CurveModel
    fixings: Sequence[tuple[date, int]]
    curve: Mapping[Month, AverageTerms]
    scanned: bool = True

    @property
    def live(self) -> list[Month]:
        """Months with a fixing to come, ascending; every month where none has one."""
        months = sorted(self.curve)
        return [month for month in months if self.curve[month].share > 0.0] or months

    def level_row(self) -> int:
        """Number of its first scan row."""
        return 2 * self.group - 1

    def places(self) -> dict[Month, float]:
        """Where each month lies between the near end, 0, and the far end, 1; one that is over, at
        0.
        """
        first, last = self.live[0], self.live[-1]
        span = max(1, last.minus(first))
        return {month: max(0, month.minus(first)) / span for month in sorted(self.curve)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A basis as the table sees it: its name and group, the market of its own index and that of
    the index taken away, how their moves are correlated, and the months listed.
    """

    name: str
    group: int
    first: Market
    second: Market
    correlation: float
    months: Sequence[Month]

    def scan_rows(self) -> tuple[ScanRow, ScanRow]:
        """Its two scan rows: how far the two part, and the shape of their difference."""
        level, twist = 2 * self.group - 1, 2 * self.group
        return (
            ScanRow(level, 10_000, f"{self.name} difference"),
            ScanRow(twist, 10_000, f"{self.name} difference twist"),
        )


@dataclass(frozen=True, slots=True)
class Shift:
    """What a column does to one family: the log move of each month, the factor on deviations, the
    weight of the loss. `minimum` stands for all of it where it names a right: a short option of
    that right loses so much of its month's value, and nothing else loses anything.
    """

    log_moves: Mapping[Month, float]
    volatility_factor: float = 1.0
    weight: float = 1.0
    minimum: tuple[SeriesKind, float] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A column: its label, and what it does to each family by name. A scan point of one family is
    none of another's; in any other column a family that is not named stands still.
    """

    label: ScenarioLabel
    shifts: Mapping[str, Shift]


def scenarios(
    markets: Sequence[Market],
    terms: MarginTerms,
    pairs: Sequence[Pair] = (),
    funded: Sequence[Funding] = (),
) -> tuple[tuple[Scenario, ...], int]:
    """Every column, and how many historical moves were observed of every family.

    Scan points are a family's own, so that no loss of one is offset by a gain of another, but for
    the share that an offset asks of two together; those of a basis move both its indices, those of
    a bounded week say where it ends. A historical column moves every family by what it did over the
    same dates. A stress move meets all families at once, and, where there are several, each of them
    alone.
    """
    found: list[Scenario] = []
    ranges = {m.name: _ranges(m, terms.of(m.name)) for m in markets}
    levels = {}
    for market in markets:
        width, place, own = ranges[market.name], market.places(), terms.of(market.name)
        if market.scanned:
            levels[market.name] = _level(market, width, own)
            found += [*levels[market.name], *_twist(market, width, place, own)]
    for group, offset in offsets_of(markets, terms):
        one, other = (levels[name] for name in offset.families)
        for first, second in zip(one, other, strict=True):
            name = f"{' with '.join(offset.families)}: {first.label.name.partition(' ')[2]}"
            label = ScenarioLabel(ScenarioKind.SCAN, group, name)
            found.append(Scenario(label, {**first.shifts, **second.shifts}))
    for pair in pairs:
        found += _parting(pair, ranges, terms)
    found += [Scenario(label, {}) for week in funded for label in week.labels()]
    historical, observed = _historical(markets, terms)
    return (*found, *historical, *_stress(markets, terms)), observed


def offsets_of(markets: Sequence[Market], terms: MarginTerms) -> list[tuple[int, Offset]]:
    """Offsets between families that are both there, with their scan rows."""
    names = {market.name for market in markets if market.scanned}
    rows = enumerate(terms.offsets, FIRST_OFFSET_ROW)
    return [(group, row) for group, row in rows if names.issuperset(row.families)]


def scan_rows(markets: Sequence[Market], terms: MarginTerms) -> list[ScanRow]:
    """Of each family the level of its curve and its shape, then the offsets: what an offset asks of
    two families together it does not ask of each.
    """
    found, offsets = [], offsets_of(markets, terms)
    share = {name: row.share for _, row in offsets for name in row.families}
    for market in markets:
        if market.scanned:
            left = 10_000 - round(10_000 * share.get(market.name, 0.0))
            level = market.level_row()
            found.append(ScanRow(level, left, f"{market.name} level"))
            found.append(ScanRow(level + 1, 10_000, f"{market.name} curve twist"))
    for group, row in offsets:
        found.append(ScanRow(group, round(10_000 * row.share), " with ".join(row.families)))
    return found


def _ranges(market: Market, terms: MarginTerms) -> dict[Month, float]:
    first, more = market.live[0], 1.0 + buffer_share(market.fixings, terms)
    return {
        m: more * price_range(market.model, m, first, market.curve[m], terms)
        for m in sorted(market.curve)
    }


def _historical(markets: Sequence[Market], terms: MarginTerms) -> tuple[list[Scenario], int]:
    """The same dates for every family: their fixings are of every date up to one last."""
    seen = {m.name: filtered(m.fixings, terms.of(m.name)) for m in markets}
    observed = min(history.observed for history in seen.values())
    moves = {m.name: _with_proxy(m, seen, terms) for m in markets}
    found = []
    for number in range(terms.windows):
        shifts = {}
        for market in markets:
            move, curve = moves[market.name][number], market.curve
            shifts[market.name] = Shift(
                {m: move * float(market.model.loading(curve[m].years)) for m in sorted(curve)},
                seen[market.name].factors[number],
            )
        name = "filtered move" if number < observed else "floor quantile"
        label = ScenarioLabel(ScenarioKind.HISTORICAL, 0, f"{name} {number + 1}")
        found.append(Scenario(label, shifts))
    return found, observed


def _with_proxy(
    market: Market, seen: Mapping[str, History], terms: MarginTerms
) -> tuple[float, ...]:
    """Moves of a family; those it has not seen are of the family that stands in for it, if that one
    has them.
    """
    own = seen[market.name]
    for proxy in terms.proxies:
        if proxy.family == market.name and proxy.of in seen:
            other = seen[proxy.of]
            stand_in = [proxy.scale * x for x in other.moves[own.observed : other.observed]]
            rest = own.moves[own.observed + len(stand_in) :]
            return (*own.moves[: own.observed], *stand_in, *rest)
    return own.moves


def _stress(markets: Sequence[Market], terms: MarginTerms) -> list[Scenario]:
    found = []
    struck = [("", list(markets))]
    if len(markets) > 1:
        struck += [(f", {market.name} alone", [market]) for market in markets]
    for who, hit in struck:
        for stress in terms.stress:
            shifts = {
                market.name: Shift(
                    {
                        month: stress.near + (stress.far - stress.near) * place
                        for month, place in market.places().items()
                    },
                    stress.volatility,
                )
                for market in hit
            }
            label = ScenarioLabel(ScenarioKind.STRESS, 0, stress.name + who)
            found.append(Scenario(label, shifts))
    return found


def price_range(
    model: CurveModel, month: Month, first: Month, seen: AverageTerms, terms: MarginTerms
) -> float:
    """Scan range of a month as a log move: so many deviations of its own move over the horizon,
    never below the floor.
    """
    front = month.minus(first) < terms.front_months
    floor = terms.price_floor_front if front else terms.price_floor_back
    horizon = math.sqrt(terms.horizon_days / DAYS_PER_YEAR)
    deviation = model.volatility * float(model.deviation_ratio(seen.years)) * horizon
    return max(floor, terms.quantile * deviation)


def _level(market: Market, ranges: Mapping[Month, float], terms: MarginTerms) -> list[Scenario]:
    """SPAN's points, then what short calls and short puts cost at least."""
    shifts = [
        (
            f"scan {number}",
            Shift(
                {month: share * width for month, width in ranges.items()},
                1.0 + direction * terms.volatility_range,
                weight,
            ),
        )
        for number, (share, direction, weight) in enumerate(terms.points, 1)
    ]
    still = dict.fromkeys(ranges, 0.0)
    for right, name in ((SeriesKind.CALL, "short calls"), (SeriesKind.PUT, "short puts")):
        shifts.append((name, Shift(still, minimum=(right, terms.short_option_ratio))))
    group = market.level_row()
    return [
        Scenario(
            ScenarioLabel(ScenarioKind.SCAN, group, f"{market.name} {name}"), {market.name: shift}
        )
        for name, shift in shifts
    ]


def _twist(
    market: Market,
    ranges: Mapping[Month, float],
    place: Mapping[Month, float],
    terms: MarginTerms,
) -> list[Scenario]:
    """The curve bent by a share of each month's range: what a spread is charged."""
    twist = market.level_row() + 1
    return [
        Scenario(
            ScenarioLabel(ScenarioKind.SCAN, twist, f"{market.name} {name}"),
            {
                market.name: Shift(
                    {m: sign * terms.twist_share * ranges[m] * bend[m] for m in place}
                )
            },
        )
        for name, sign, bend in _bends(place)
    ]


def _bends(place: Mapping[Month, float]) -> list[tuple[str, float, dict[Month, float]]]:
    """Near against far, the middle against both ends, and odd months against even, each up and
    down.
    """
    shapes = (
        ("near against far", {m: 1.0 - 2.0 * x for m, x in place.items()}),
        ("middle against ends", {m: 1.0 - 4.0 * abs(x - 0.5) for m, x in place.items()}),
        ("odd against even months", {m: 1.0 if m.month % 2 else -1.0 for m in place}),
    )
    return [
        (f"{name}, {'up' if sign > 0 else 'down'}", sign, shape)
        for name, shape in shapes
        for sign in (1.0, -1.0)
    ]


def _parting(
    pair: Pair, ranges: Mapping[str, Mapping[Month, float]], terms: MarginTerms
) -> list[Scenario]:
    """Scan points of a basis: the two indices part over the range of their difference, and twists
    of it.
    """
    level, twist = pair.scan_rows()
    markets = (pair.first, pair.second)
    widths = [{m: ranges[market.name][m] for m in pair.months} for market in markets]
    whole = parted((widths[0], widths[1]), (pair.first.curve, pair.second.curve), pair.correlation)
    flat = dict.fromkeys(whole, 1.0)
    columns = [
        (level, f"{pair.name} parts {share:+.0f}", share, flat, weight)
        for share, weight in BASIS_POINTS
    ]
    columns += [
        (twist, f"{pair.name} {name}", sign * terms.twist_share, bend, 1.0)
        for name, sign, bend in _bends(pair.first.places())
    ]
    return [
        Scenario(
            ScenarioLabel(ScenarioKind.SCAN, row.group, name),
            {
                market.name: Shift(
                    dict.fromkeys(market.curve, 0.0)
                    | {m: size * bend[m] * moves[leg] for m, moves in whole.items()},
                    weight=weight,
                )
                for leg, market in enumerate(markets)
            },
        )
        for row, name, size, bend, weight in columns
    ]
