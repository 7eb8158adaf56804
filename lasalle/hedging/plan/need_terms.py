"""What a need of compute says, each part a value of its own; `need.py` reads and checks it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec
import numpy as np

from lasalle.hedging.plan.instruments import Floats, Kind

LEAST_FOLLOWED = 0.01
"""Share of the index below which an own bill is not drawn."""
LEAST_HEDGED = 0.05
"""Share of a move of the index below which a bill is said not to follow it: nothing that settles on
the index is bought for it.
"""


class Milestone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which the run may start, and how likely that is."""

    day: date
    probability: float


class Policy(StrEnum):
    """What becomes of a plan as the date becomes clearer."""

    STATIC = "static"  # held as bought until it settles
    ROLLING = "rolling"  # in the nearest month and rolled until the date is known
    DELTA = "delta"  # moved to where the run is then expected, price deltas counted


class Start(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the run starts, and how long it lasts, days; `notice_days` before its start date and
    size are known, until then no more than that it has not been called.
    """

    run_days: int
    notice_days: int = 60
    earliest: date | None = None
    latest: date | None = None
    most_likely: date | None = None
    milestones: tuple[Milestone, ...] = ()


class Amount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Accelerator-hours, or dollars at the price of the plan's day."""

    accelerator_hours: float | None = None
    dollars: float | None = None


class Size(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A multiple of the amount, and how likely it is."""

    factor: float
    probability: float


class Late(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What waiting costs beside the price, dollars; `failed` is the most it can cost."""

    dollars_a_day: float = 0.0
    wait_days: float = 30.0
    failed_dollars: float | None = None

    @property
    def dollars(self) -> float:
        """What a whole run loses that finds no hours."""
        waited = self.dollars_a_day * self.wait_days
        return waited if self.failed_dollars is None else min(waited, self.failed_dollars)


class Bill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Own bill over the index: its ratio, and the deviation of its logarithm in a month; or bills
    in FOCUS columns that show both, by files beside the need's, at one of their two costs.

    `follows` is the share of a move of the index that the bill follows: it stands at `ratio` where
    the index is at `index_dollars` an hour, that of the plan's day where none is stated.
    """

    ratio: float = 1.0
    deviation: float = 0.05
    follows: float = 1.0
    index_dollars: float | None = None
    files: tuple[str, ...] = ()
    cost: Literal["EffectiveCost", "BilledCost"] = "EffectiveCost"

    def followed(self, index: Floats, today: float) -> Floats:
        """Index that the bill is `ratio` of, dollars an hour, where the index itself is `index`
        and stands at `today` on the plan's day; never below a hundredth of it.
        """
        if self.follows == 1.0:
            return index
        stood = today if self.index_dollars is None else self.index_dollars
        return np.maximum(stood + self.follows * (index - stood), LEAST_FOLLOWED * index)

    @property
    def can_be_hedged(self) -> bool:
        """Whether it follows the index at all."""
        return self.follows >= LEAST_HEDGED

    @property
    def hedge_ratio(self) -> float:
        """Hours of the index that move as one hour of the own bill does: the ratio of least
        variance; `ratio` itself where the bill follows so little that no hours would.
        """
        return self.ratio * (self.follows if self.can_be_hedged else 1.0)


class Scenery(StrEnum):
    """Where the price paths of a plan come from."""

    TWO_FACTOR = "two-factor"
    PROCESSES = "processes"
    JUMPS = "jumps"
    REGIMES = "regimes"
    BOOTSTRAP = "bootstrap"


class Volatility(StrEnum):
    """How far price paths stray."""

    QUOTED = "quoted"  # as the calls on the board are quoted
    FITTED = "fitted"  # as the prices seen have moved


class Substitute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another grade or place that would serve: hours of it for one of the wanted grade, its price
    now over that of the wanted grade, deviation a year of the logarithm of that ratio, which a
    history of both replaces; without a location that of the need.
    """

    grade: str
    hours: float
    price_ratio: float
    deviation: float = 0.25
    location: str = ""


class Supply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is supposed of shortage and suppliers; `measured` takes the dependence of shortage on
    the price and its length from offers of a marketplace, where there are some.
    """

    shortage: float = 0.05
    slope: float = 3.0
    lasts_days: float = 30.0
    common: float = 0.6
    measured: bool = False
    failure: float = 0.02
    resale: float = 0.8
    made_good: float = 1.0


class Budget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Most premium, most cash tied up in margin at 99 %, most expected cost, dollars."""

    premium_dollars: float = np.inf
    cash_dollars: float = np.inf
    mean_dollars: float = np.inf


class Risk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Level of the expected shortfall, or the worst acceptable cost in dollars to compare with; and
    what a dollar of expected cost counts for beside one of the shortfall.
    """

    level: float = 0.95
    mean_weight: float = 0.0
    worst_dollars: float | None = None


class Trade(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be traded, the most lots of one series, the impact beyond the book, what is done as
    the date becomes clearer, and the share of the need below which nothing is moved for it.
    """

    instruments: tuple[Kind, ...] = (Kind.FUTURE, Kind.SWAP, Kind.CALL)
    most_lots: int = 5_000
    most_legs: int = 12
    impact: float = 0.10
    policy: Policy = Policy.STATIC
    band: float = 0.05


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours offered outside the book: forward, or a right to them at a strike for a premium;
    `price` and `strike` in dollars an hour, `accelerators` on one fabric for whole months.
    """

    kind: Kind
    name: str
    first: str
    price: float
    accelerators: int
    last: str = ""
    strike: float = 0.0


class Need(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A need, whole."""

    name: str
    grade: str
    location: str
    amount: Amount
    start: Start
    scenarios: Scenery = Scenery.TWO_FACTOR
    volatility: Volatility | None = None
    size: tuple[Size, ...] = (Size(factor=1.0, probability=1.0),)
    late: Late = Late()
    bill: Bill = Bill()
    substitutes: tuple[Substitute, ...] = ()
    supply: Supply = Supply()
    budget: Budget = Budget()
    risk: Risk = Risk()
    trade: Trade = Trade()
    offers: tuple[Offer, ...] = ()
    successors: tuple[Milestone, ...] = ()

    @property
    def first_start(self) -> date:
        """Earliest day the run may start."""
        days = [one.day for one in self.start.milestones]
        return min(days) if days else self.start.earliest or date.min

    @property
    def last_start(self) -> date:
        """Latest day the run may start."""
        days = [one.day for one in self.start.milestones]
        return max(days) if days else self.start.latest or date.max

    def hours(self, price: float) -> float:
        """Accelerator-hours of the run at size 1; dollars are turned at what the own bill pays with
        the index at a price an hour.
        """
        if self.amount.accelerator_hours is not None:
            return self.amount.accelerator_hours
        assert self.amount.dollars is not None, "read_need asks for one of the two"
        paid = float(self.bill.followed(np.array(price), price))
        return self.amount.dollars / (paid * self.bill.ratio)

    def starts(self, uniform: Floats) -> Floats:
        """Start days as ordinals, from uniform draws: milestones, a triangle, or evenly."""
        stones = self.start.milestones
        if stones:
            ordered = sorted(stones, key=lambda one: one.day)
            steps = np.cumsum([one.probability for one in ordered])
            which = np.minimum(np.searchsorted(steps, uniform, side="right"), len(ordered) - 1)
            return np.array([one.day.toordinal() for one in ordered], dtype=np.float64)[which]
        low, high = self.first_start.toordinal(), self.last_start.toordinal() + 1
        if self.start.most_likely is None:
            return np.floor(low + uniform * (high - low))
        middle = (self.start.most_likely.toordinal() + 0.5 - low) / (high - low)
        left = np.sqrt(uniform * middle)
        right = 1 - np.sqrt((1 - uniform) * (1 - middle))
        drawn = low + (high - low) * np.where(uniform < middle, left, right)
        return np.asarray(np.clip(np.floor(drawn), low, high - 1))

    def sizes(self, uniform: Floats) -> Floats:
        """Multiples of the amount, from uniform draws."""
        steps = np.cumsum([one.probability for one in self.size])
        which = np.minimum(np.searchsorted(steps, uniform, side="right"), len(self.size) - 1)
        return np.asarray(np.array([one.factor for one in self.size])[which])
