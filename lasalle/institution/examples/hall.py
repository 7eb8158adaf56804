"""`lasalle run-example hall-forward`: a hall of 4,096 accelerators sold forward before it opens.

A supplier builds a hall, sells most of its first months forward as month futures, and the hall may
open late. A future settled in cash asks for no delivery: a hall that is late pays the index less
the price sold on hours it cannot make, out of nothing. Two ways through are lived: the position
kept whatever happens, and the months the hall will not serve bought back once the delay is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lasalle.contracts import LIST_FAMILY, Month, SeriesTerms, month_future
from lasalle.hedging import Order
from lasalle.institution.examples.told import VENUE, Labels, Panel, Story, Table, tell, words_of
from lasalle.institution.examples.venue import (
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
from lasalle.institution.study_day import Policy, Seen, StudyVenue

NAME = "hall-forward"
ACCELERATORS, SOLD_PER_HUNDRED = 4_096, 75
DELAYS: Mapping[int, float] = {0: 0.50, 30: 0.25, 90: 0.15, 180: 0.10}
"""Days late, and how likely."""
NOTICE_DAYS, SELL_DAYS = 30, 30
MAKER_TIMES = 10


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall: when it is sold, when it is to open, how many months are sold."""

    name: str
    sold_on: date
    opens: Month
    months: int

    @property
    def strip(self) -> tuple[Month, ...]:
        """The months sold."""
        return tuple(self.opens.plus(n) for n in range(self.months))

    def served(self, delay: int) -> dict[Month, float]:
        """Share of each month's days that the hall serves when it opens so late."""
        opens = self.opens.first_day + timedelta(days=delay)
        return {
            month: sum(day >= opens for day in month.dates()) / month.days for month in self.strip
        }


FALLING = Hall("falling", date(2024, 10, 1), Month(2025, 2), 9)
RISING = Hall("rising", date(2025, 5, 1), Month(2025, 10), 9)


@dataclass(frozen=True, slots=True)
class Lived:
    """A hall that opened so late, dollars: what its hours brought on the spot, and the hedge kept,
    or bought back in part; with the mean price the hours were sold at.
    """

    delay: int
    chance: float
    spot: float
    unserved: float
    kept: Cash
    bought_back: Cash

    @property
    def totals(self) -> tuple[float, float, float]:
        """Revenue unhedged, with the position kept, and with it bought back."""
        spot = self.spot
        return spot, spot + self.kept.brought, spot + self.bought_back.brought


def lots_sold(hall: Hall) -> dict[str, int]:
    """What is to be sold short of each month."""
    lots = ACCELERATORS * SOLD_PER_HUNDRED // 100
    return {str(month_future(LIST_FAMILY, month)): -lots for month in hall.strip}


def sell(hall: Hall) -> Policy:
    """Sells every month toward its target, as far as the quotes take."""
    targets = lots_sold(hall)
    return lambda seen: toward(targets, seen.position, seen.quotes, "sell forward")


def buy_back(hall: Hall, delay: int, held: Mapping[str, int]) -> Policy:
    """Brings each month to what the hall will serve of it, of what was held when it was told."""
    served = hall.served(delay)
    targets = {
        symbol: round(held[symbol] * served[month])
        for month in hall.strip
        if (symbol := str(month_future(LIST_FAMILY, month))) in held
    }

    def orders(seen: Seen) -> list[Order]:
        open_now = {s: n for s, n in targets.items() if s in seen.position}
        return toward(open_now, seen.position, seen.quotes, "the hall is late")

    return orders


def month_futures(_day: date, terms: SeriesTerms, _forward: Mapping[Month, int]) -> bool:
    """What this venue lists."""
    return not terms.is_option and len(terms.months) == 1


def live(
    hall: Hall, index: Index, delays: Mapping[int, float], where: Path
) -> tuple[list[Lived], dict[str, tuple[int, float]]]:
    """Every delay of a hall, each a branch of one past; and what was sold at which price."""
    model = model_of(index, larger_maker(MAKER_TIMES))
    model.wanted = month_futures
    begins = hall.sold_on + timedelta(days=1)
    trunk = StudyVenue(where / "trunk", model)
    trunk.open(begins, hall.strip)
    told_on = hall.opens.first_day - timedelta(days=NOTICE_DAYS)
    selling = begins + timedelta(days=SELL_DAYS)
    live_through(trunk, sell(hall), begins, selling, hall.sold_on)
    live_through(trunk, quiet, selling + timedelta(days=1), told_on, hall.sold_on)
    sold, found = traded(trunk.fills), dict[int, Cash]()
    for delay in {0, *delays}:
        branch = trunk.branch(where / f"late-{delay}")
        policy = buy_back(hall, delay, dict(trunk.position)) if delay else quiet
        run_out(branch, policy, told_on + timedelta(days=1), hall.sold_on)
        found[delay] = Cash.of(branch.statement, branch.fills)
    trunk.close()
    return [
        Lived(
            delay, chance, *revenue(hall, index, delay, sold), kept=found[0],
            bought_back=found[delay],
        )
        for delay, chance in delays.items()
    ], sold  # fmt: skip


def revenue(
    hall: Hall, index: Index, delay: int, sold: Mapping[str, tuple[int, float]]
) -> tuple[float, float]:
    """What the hall's hours bring on the spot, dollars; and of the hours sold, those it cannot
    make, at the index less their price: what a position kept owes out of nothing.
    """
    opens = hall.opens.first_day + timedelta(days=delay)
    last = hall.strip[-1].last_day
    by_day = {one.day: one.price_micro_dollars / 1e6 for one in index.fixings}
    spot = sum(24 * ACCELERATORS * by_day[day] for day in by_day if opens <= day <= last)
    owed = 0.0
    for month in hall.strip:
        lots, price = sold.get(str(month_future(LIST_FAMILY, month)), (0, 0.0))
        late = [day for day in month.dates() if day < opens]
        owed += sum(24 * -lots * (by_day[day] - price) for day in late)
    return spot, owed


def story(prices: Path | None, *, quick: bool = False, keep: Path | None = None) -> Story:
    """The whole example."""
    index = compute(prices)
    halls: tuple[Hall, ...] = (FALLING, RISING)
    delays = DELAYS
    if quick:
        halls, delays = (Hall("quick", date(2025, 5, 1), Month(2025, 8), 2),), {0: 0.5, 20: 0.5}
    lived = {}
    with folder(keep, NAME) as where:
        for hall in halls:
            lived[hall] = live(hall, index, delays, where / hall.name)
    return _told(lived, index, delays)


def _told(
    lived: Mapping[Hall, tuple[list[Lived], dict[str, tuple[int, float]]]],
    index: Index,
    delays: Mapping[int, float],
) -> Story:
    tables, said, panels, figures = [], [], [], []
    for hall, (rows, sold) in lived.items():
        wanted = sum(lots_sold(hall).values())
        lots = sum(n for n, _ in sold.values())
        mean = sum(n * price for n, price in sold.values()) / lots if lots else 0.0
        tables.append(
            Table(
                f"{hall.name}: sold from {hall.sold_on}, {-lots:,} of {-wanted:,} month lots at"
                f" {mean:.2f} USD, to open {hall.opens.first_day}; million USD",
                ("days late", "chance", "spot", "kept", "bought back", "owed on hours not made",
                 "peak margin cash"),
                tuple(
                    (str(one.delay), one.chance, *(x / 1e6 for x in one.totals),
                     one.unserved / 1e6, one.kept.peak / 1e6)
                    for one in rows
                ),
            )
        )  # fmt: skip
        expected = [sum(one.chance * one.totals[n] for one in rows) for n in range(3)]
        worst = [min(one.totals[n] for one in rows) for n in range(3)]
        said.append(_verdict(hall, expected, worst))
        panels.append(_panel(hall, rows))
        figures.append(
            {
                "hall": hall.name, "lots_sold": -lots, "price_usd": mean,
                "expected_usd": expected, "worst_usd": worst,
                "delays": [
                    {
                        "days": one.delay, "chance": one.chance, "totals_usd": one.totals,
                        "owed_on_hours_not_made_usd": one.unserved,
                    }
                    for one in rows
                ],
            }
        )  # fmt: skip
    said.append(
        "Kept, a late hall is short of hours it does not have: where prices rose it owes, where"
        " they fell it gains, and neither is a sale of capacity. Bought back, what is left of the"
        " risk is the price between the sale and the day the delay was told. Nobody got a machine"
        " sooner."
    )
    return Story(
        NAME,
        f"A hall of {ACCELERATORS:,} H100 sold forward, which may open late",
        _labels(index, delays),
        tuple(tables),
        tuple(said),
        tuple(panels),
        {"halls": figures},
    )


def _panel(hall: Hall, rows: list[Lived]) -> Panel:
    ways = enumerate(("unsold", "kept", "bought back"))
    return Panel(
        f"{hall.name}: revenue by delay",
        "million USD",
        tuple(f"{one.delay} days" for one in rows),
        {name: [one.totals[n] / 1e6 for one in rows] for n, name in ways},
        bars=True,
    )


def _labels(index: Index, delays: Mapping[int, float]) -> Labels:
    said = f"index: {index.said}"
    chances = ", ".join(f"{days} days {chance:.0%}" for days, chance in delays.items())
    return Labels(
        real=(VENUE,) if index.simulated else (said, VENUE),
        modelled=("every price of a future: the maker's quotes on fixings before the day",),
        simulated=(said,) if index.simulated else (),
        assumed=(
            f"the hall is late by: {chances}; told {NOTICE_DAYS} days before it was to open",
            f"{SOLD_PER_HUNDRED} % is sold; all hours made are sold at the index of their day",
            f"a maker {MAKER_TIMES} times as deep as the demonstration's, with as much more room",
        ),
    )


def _verdict(hall: Hall, expected: list[float], worst: list[float]) -> str:
    gain, word = expected[2] - expected[0], "brought in"
    if gain < 0:
        gain, word = -gain, "cost"
    return (
        f"{hall.name}: over the delays the sale {word} {gain / 1e6:.1f} M USD in the mean"
        f" ({expected[0] / 1e6:.1f} unsold, {expected[1] / 1e6:.1f} kept, {expected[2] / 1e6:.1f}"
        f" bought back); at worst {worst[0] / 1e6:.1f}, {worst[1] / 1e6:.1f} and"
        f" {worst[2] / 1e6:.1f}."
    )


def main(argv: list[str]) -> int:
    """Runs the example."""
    args = words_of(NAME).parse_args(argv)
    return tell(story(args.prices, quick=args.quick, keep=args.keep), args)
