"""`lasalle run-example inference-company`: tokens sold at a fixed price, their cost still to come.

A company sells standard tokens to its customers for some months at one price. It buys half of them
wholesale at the token index and makes the other half on H100s rented by the hour, at the measured
throughput of the class: it is short tokens and short compute. Its hedge buys month futures of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lasalle.contracts import Month, hours, month_future
from lasalle.hedging import Order
from lasalle.indices.family.compute_per_token import throughput_on
from lasalle.institution.examples.told import VENUE, Labels, Panel, Story, Table, tell, words_of
from lasalle.institution.examples.venue import (
    TOKENS,
    Cash,
    Index,
    compute,
    folder,
    live_through,
    model_of,
    quiet,
    run_out,
    tokens,
    toward,
)
from lasalle.institution.study_day import Seen, StudyVenue
from lasalle.institution.study_model import Model

NAME = "inference-company"
TOKEN_FAMILY, TOKEN_INDEX = "TSTD", 35
GRADE = "H100-SXM"
BUILD_DAYS = 21
MARKUP = 1.25
LAST = date(2026, 10, 20)


@dataclass(frozen=True, slots=True)
class Deal:
    """What was sold: million tokens an hour for some months, half of them made."""

    name: str
    sold_on: date
    first: Month
    months: int
    tokens_an_hour: int = 3_000

    @property
    def strip(self) -> tuple[Month, ...]:
        """The months of the deal."""
        return tuple(self.first.plus(n) for n in range(self.months))

    def accelerators(self) -> int:
        """H100s that make half of the tokens, at the throughput in force when the deal is made,
        rounded up.
        """
        measured = throughput_on(int(self.sold_on.strftime("%Y%m%d")), TOKENS)
        an_hour = measured[GRADE].milli_tokens * 3_600 / 1_000 / 1e6
        return -int(-self.tokens_an_hour // 2 // an_hour)


CALM = Deal("calm", date(2024, 11, 4), Month(2025, 1), 6)
SHORT = Deal("shortage", date(2025, 10, 6), Month(2026, 1), 6)


@dataclass(frozen=True, slots=True)
class Bill:
    """A deal as it came, dollars: revenue, cost of both halves, what each hedge brought in."""

    deal: Deal
    revenue: float
    bought: float
    made: float
    hedge_tokens: Cash
    hedge_compute: Cash

    @property
    def bare(self) -> float:
        """Margin without a hedge."""
        return self.revenue - self.bought - self.made

    @property
    def hedged(self) -> float:
        """Margin with it."""
        return self.bare + self.hedge_tokens.brought + self.hedge_compute.brought


def hedge(
    deal: Deal, model: Model, lots: int, where: Path
) -> tuple[Cash, StudyVenue, dict[Month, float]]:
    """Month futures of every month of a deal bought from the day after it on, and held; with the
    forwards of the day it is made.
    """
    opens = deal.sold_on + timedelta(days=1)
    venue = StudyVenue(where, model)
    venue.open(opens, deal.strip)
    family = model.family
    targets = {str(month_future(family, month)): lots for month in deal.strip}
    marks = model.values(opens, venue.listed).marks()
    forwards = {m: marks[str(month_future(family, m))] / 1e6 for m in deal.strip}

    def build(seen: Seen) -> list[Order]:
        return toward(targets, seen.position, seen.quotes, "cover a sale")

    end = min(opens + timedelta(days=BUILD_DAYS), deal.first.first_day - timedelta(days=1))
    live_through(venue, build, opens, end, deal.sold_on)
    run_out(venue, quiet, end + timedelta(days=1), deal.sold_on)
    return Cash.of(venue.statement, venue.fills), venue, forwards


def lived(
    deal: Deal, wholesale: Index, rented: Index, models: tuple[Model, Model], where: Path
) -> Bill:
    """A deal from its day to the end of its last month."""
    half, machines = deal.tokens_an_hour // 2, deal.accelerators()
    paid_tokens, _, forward_tokens = hedge(deal, models[0], half, where / f"{deal.name}-tokens")
    paid_compute, _, forward = hedge(deal, models[1], machines, where / f"{deal.name}-compute")
    spread = {month: float(hours(month)) for month in deal.strip}
    expected = _cost(spread, half, forward_tokens) + _cost(spread, machines, forward)
    return Bill(
        deal,
        # One price for all: what the halves cost at the forwards of the day, and a markup.
        revenue=MARKUP * expected,
        bought=_cost(spread, half, {m: wholesale.average(m) for m in spread}),
        made=_cost(spread, machines, {m: rented.average(m) for m in spread}),
        hedge_tokens=paid_tokens,
        hedge_compute=paid_compute,
    )


def _cost(spread: Mapping[Month, float], lots: int, price: Mapping[Month, float]) -> float:
    return sum(lots * units * price[month] for month, units in spread.items())


def story(prices: Path | None, *, quick: bool = False, keep: Path | None = None) -> Story:
    """The whole example."""
    wholesale, rented = tokens(prices, LAST), compute(prices)
    models = model_of(wholesale), model_of(rented)
    models[0].family, models[0].products = TOKEN_FAMILY, ("month-future",)
    models[0].index = TOKEN_INDEX
    deals = (CALM, SHORT) if not quick else (Deal("calm", CALM.sold_on, CALM.first, 1, 600),)
    with folder(keep, NAME) as where:
        bills = [lived(deal, wholesale, rented, models, where) for deal in deals]
    return _told(bills, wholesale, rented)


def _told(bills: list[Bill], wholesale: Index, rented: Index) -> Story:
    rows = tuple(
        (
            one.deal.name, str(one.deal.sold_on), one.revenue / 1e6, one.bought / 1e6,
            one.made / 1e6, one.bare / 1e6, one.hedge_tokens.brought / 1e6,
            one.hedge_compute.brought / 1e6, one.hedged / 1e6,
        )
        for one in bills
    )  # fmt: skip
    cash = tuple(
        (
            f"{one.deal.name}, {word}", of.filled, of.peak / 1e6, of.calls, of.fees / 1e6,
        )
        for one in bills
        for word, of in (("tokens", one.hedge_tokens), ("compute", one.hedge_compute))
    )  # fmt: skip
    return Story(
        NAME,
        "An inference company: tokens sold at one price, tokens and compute still to be bought",
        _labels(bills, wholesale, rented),
        (
            Table(
                "million USD",
                ("deal", "sold", "revenue", "tokens", "compute", "margin, bare", "token hedge",
                 "compute hedge", "margin, hedged"),
                rows,
            ),
            Table("the hedge", ("leg", "lots", "peak margin cash", "calls", "fees"), cash),
        ),
        tuple(_verdict(one) for one in bills),
        (
            Panel(
                "Margin of the deal", "million USD", tuple(one.deal.name for one in bills),
                {
                    "without a hedge": [one.bare / 1e6 for one in bills],
                    "with it": [one.hedged / 1e6 for one in bills],
                    "as planned": [one.revenue * (1 - 1 / MARKUP) / 1e6 for one in bills],
                },
                bars=True,
            ),
        ),
        {
            "deals": [
                {
                    "name": one.deal.name, "revenue_usd": one.revenue, "margin_bare_usd": one.bare,
                    "margin_hedged_usd": one.hedged,
                    "planned_margin_usd": one.revenue * (1 - 1 / MARKUP),
                    "token_hedge_usd": one.hedge_tokens.brought,
                    "compute_hedge_usd": one.hedge_compute.brought,
                }
                for one in bills
            ]
        },
    )  # fmt: skip


def _labels(bills: list[Bill], wholesale: Index, rented: Index) -> Labels:
    real = [i for i in (wholesale, rented) if not i.simulated]
    made_up = [i for i in (wholesale, rented) if i.simulated]
    machines = " and ".join(f"{one.deal.accelerators()}" for one in bills)
    return Labels(
        real=(*(f"index: {i.said}" for i in real), VENUE),
        modelled=("every price of a future: the maker's quotes on fixings before the day",),
        simulated=tuple(f"index: {i.said}" for i in made_up),
        assumed=(
            f"half bought at {TOKENS}, half made on {machines} {GRADE}, at the throughput in"
            " force on the day of the sale, busy all the time; the volume is certain",
            f"the price to customers: cost at the forwards of the day and {MARKUP - 1:.0%}",
        ),
    )


def _verdict(one: Bill) -> str:
    brought = one.hedged - one.bare
    word = "brought in" if brought > 0 else "cost"
    planned = one.revenue * (1 - 1 / MARKUP)
    return (
        f"{one.deal.name}: the hedge {word} {abs(brought) / 1e6:.2f} M USD; the margin planned was"
        f" {planned / 1e6:.2f}, it came to {one.bare / 1e6:.2f} without and"
        f" {one.hedged / 1e6:.2f} with it."
    )


def main(argv: list[str]) -> int:
    """Runs the example."""
    args = words_of(NAME).parse_args(argv)
    return tell(story(args.prices, quick=args.quick, keep=args.keep), args)
