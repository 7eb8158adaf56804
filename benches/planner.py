"""The hedge planner: one plan and a whole frontier beside one solve of the plain programme.

A made-up market of 10,000 scenarios over 24 months and 46 instruments: 24 futures, 18 calls, two
months of hours bought forward and two rights to hours; premium and cash bounded, cash followed week
by week. The making of as many scenarios of a need is a row of its own. The plain
programme (Rockafellar and Uryasev 2000, a row a scenario, HiGHS) is given the cash instruments
alone, without the bound on cash, which would take it a row a scenario and time; the planner's rows
are measured on that same question and on the whole one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from importlib import resources
from statistics import median

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from benches.table import Row, row
from lasalle.hedging.plan.drawing import PriceLaw, draw
from lasalle.hedging.plan.instruments import Instrument, Kind, Level
from lasalle.hedging.plan.losses import Losses
from lasalle.hedging.plan.need import horizon, read_need
from lasalle.hedging.plan.optimiser import Limits, Optimiser
from lasalle.hedging.plan.scenarios import Scenarios

COUNT, MONTHS, HOURS = 10_000, 24, 730.0
WEEKS = 104
RUNS = 3
COMMAND = "python -m benches planner"
TAKEN = f"median of {RUNS} runs, wall time"


def market() -> Scenarios:
    """Prices of a driftless lognormal walk, a start in months 11 to 17, doubled in three of ten."""
    rng = np.random.default_rng(1)
    deviation = 0.11 / np.sqrt(WEEKS / MONTHS)
    steps = deviation * rng.standard_normal((COUNT, WEEKS))
    spot = 2.5 * np.exp(np.cumsum(steps, axis=1) - 0.5 * deviation**2 * np.arange(1, WEEKS + 1))
    ends = (np.arange(1, MONTHS + 1) * WEEKS) // MONTHS - 1
    settled = spot[:, ends]
    # A month is marked at the spot until it is over, then at what it settled at.
    weekly = np.array([spot.T[np.minimum(np.arange(WEEKS), n)] for n in ends], dtype=np.float32)
    start, size = rng.integers(11, 18, COUNT), np.where(rng.random(COUNT) < 0.3, 2.0, 1.0)
    needed, every = np.zeros((COUNT, MONTHS)), np.arange(COUNT)
    needed[every, start] = needed[every, start + 1] = 1.3e6 * size
    until = np.minimum(np.arange(MONTHS)[:, None], np.arange(MONTHS))
    short = rng.random((COUNT, MONTHS)) < 0.05 + 0.3 * (settled > 3.5)
    return Scenarios(
        settled=settled,
        marks=settled[:, until],
        curve=np.full(MONTHS, 2.5),
        alive=np.arange(MONTHS)[:, None] <= np.arange(MONTHS),
        needed=needed,
        paid=settled,
        lost=np.where(short, 6.0, 0.0),
        resold=0.8 * settled,
        kept=np.where(rng.random((COUNT, MONTHS)) < 0.03, 0.0, 1.0),
        weekly=weekly,
        weekly_alive=np.arange(WEEKS)[:, None] <= ends,
    )


def scenarios() -> object:
    """As many draws of a need over as many months."""
    text = (resources.files("lasalle.hedging") / "table" / "need.toml").read_text("utf-8")
    need, day = read_need(text, "need.toml"), date(2026, 8, 3)
    curve = dict.fromkeys(horizon(need, day), 2.5)
    return draw(need, day, curve, PriceLaw(2.0, 0.25, 0.43), count=COUNT, seed=1)


def instruments(given: Scenarios) -> list[Instrument]:
    """24 futures, 18 calls, two forwards, two rights."""
    found = []
    for month in range(MONTHS):
        hours = np.zeros(MONTHS)
        hours[month] = HOURS
        asks = (Level(2.51, 500), Level(2.53, 1000), Level(2.6, 3500))
        margin = 0.4 * HOURS
        found.append(Instrument(f"F{month}", Kind.FUTURE, hours, asks, margin_long=margin))
        if month < 18:
            fair = 1.15 * float(np.maximum(given.settled[:, month] - 2.75, 0).mean())
            steps = (Level(fair, 500), Level(1.05 * fair, 4500))
            found.append(Instrument(f"C{month}", Kind.CALL, hours, steps, strike=2.75))
        if month in (11, 12):
            forward = (Level(2.6, 1000), Level(2.8, 4000))
            found.append(Instrument(f"P{month}", Kind.PHYSICAL, hours, forward))
            right = (Level(0.3, 1000), Level(0.4, 4000))
            found.append(Instrument(f"R{month}", Kind.CAPACITY, hours, right, strike=2.6))
    return found


def plain(given: Scenarios, chosen: list[Instrument]) -> float:
    """Least shortfall by the programme with a row a scenario, dollars."""
    steps = [(one, level) for one in chosen for level in one.asks]
    price = np.array([level.price * one.lot_hours for one, level in steps])
    payoff = np.array(
        [
            np.maximum(given.settled - (one.strike if one.kind is Kind.CALL else 0.0), 0.0)
            @ one.hours
            for one, _ in steps
        ]
    ).T
    bill = (given.needed * (given.paid + given.lost)).sum(axis=1)
    tail = np.full(COUNT, 1 / round(COUNT * 0.05))
    million = 1e6
    rows = sparse.hstack([-payoff / million, -np.ones((COUNT, 1)), -sparse.identity(COUNT)])
    bounds = [(0, level.lots) for _, level in steps] + [(None, None)] + [(0, None)] * COUNT
    costs = np.r_[price / million, 1.0, tail]
    told = linprog(costs, rows.tocsc(), -bill / million, bounds=bounds, method="highs")
    return float(told.fun) * million


def timed(call: Callable[[], object]) -> float:
    """Seconds, median of the runs."""
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return median(found)


def rows() -> list[Row]:
    """Seconds of a plan and of a frontier; scenarios are given, their making is not in it."""
    given = market()
    everything = instruments(given)
    cash = [one for one in everything if one.kind in (Kind.FUTURE, Kind.CALL)]
    limits = Limits(premium=2e6, cash=3e6)

    def plan() -> float:
        optimiser = Optimiser(Losses(given, everything))
        return optimiser.whole_lots(optimiser.least_shortfall(limits), limits).shortfall

    def same() -> float:
        return Optimiser(Losses(given, cash)).least_shortfall(Limits()).shortfall

    def frontier() -> object:
        return Optimiser(Losses(given, everything)).frontier(limits)

    reference, ours = plain(given, cash), same()
    if abs(ours - reference) > 2e-5 * abs(reference):
        raise AssertionError(f"shortfall: expected {reference:.0f} of the peer, found {ours:.0f}")
    peer = "the plain programme, cash instruments alone, one solve of HiGHS"
    slow = timed(lambda: plain(given, cash))
    size = f"{COUNT:,} scenarios x "
    asked = (
        (f"hedge plan of the same question, {size}{len(cash)} instruments", same),
        (f"hedge plan in whole lots, all limits, {size}{len(everything)} instruments", plan),
        (f"hedge scenarios by week, every cause, {COUNT:,} over 23 months", scenarios),
        (f"hedge frontier of 9 points, all limits, {size}{len(everything)} instruments", frontier),
    )
    return [
        row(name, timed(call), "s", command=COMMAND, taken=TAKEN, peer=peer, peer_value=slow)
        for name, call in asked
    ]
