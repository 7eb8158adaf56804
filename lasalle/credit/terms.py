"""Terms of the credit desk, read from their tables and checked."""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lasalle.contracts import parse_toml
from lasalle.credit.model import CreditError, PriceText, Share, Usd

Positive = Annotated[float, Meta(gt=0, le=1e6)]
Real = Annotated[float, Meta(ge=-10, le=10)]
Least = Annotated[float, Meta(ge=0, le=1e6)]
Whole = Annotated[int, Meta(ge=0, le=10_000_000)]


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A table's base: every field named, none unknown."""


class PriceTerms(Row, frozen=True):
    """Yearly volatility, jumps and drift of the price of compute."""

    volatility: Positive
    jumps: Least
    jump_mean: Real
    jump_deviation: Least
    drift: Real


class ScoreTerms(Row, frozen=True):
    """What points mean, and how the two models are put together."""

    base_points: int
    base_odds: Positive
    double_points: Positive
    structural_share: Share
    least_pd: Share
    most_pd: Share
    unaudited: Positive


class StructuralTerms(Row, frozen=True):
    """Of the value of a firm and its debt; shares and rates a year."""

    horizon_years: Positive
    rate: Real
    payout: Real
    tax: Share
    overhead: Least
    persistence: Share
    most_operating_leverage: Positive
    recovery_cost: Share
    most_volatility: Positive


class GradeTerms(Row, frozen=True):
    """A grade: the most it may probably fail, and what it may sell."""

    name: str
    most_pd: Share
    sell_share: Share
    months: Whole
    unsecured_share: Share


class LimitTerms(Row, frozen=True):
    """Limits beside those of the grade."""

    unverified_share: Share
    one_supplier: Share
    one_place: Share
    alone: Whole
    unsecured_cap_usd: Usd
    net_worth_usd: Usd
    tangible_assets_usd: Usd
    untouchable_usd: Usd
    other_cut: Share
    year_weeks: Whole
    half_year_weeks: Whole
    rolling_weeks: Whole


class MarginTerms(Row, frozen=True):
    """Of delivery margin."""

    days: Positive
    tail: Share
    months_factor: tuple[Positive, Positive, Positive]
    service_share: Share
    penalty_share: Share
    coverage_share: Share
    grace_days: Whole
    billing_days: Whole


class CollateralTerms(Row, frozen=True):
    """What collateral counts."""

    letter_cut_per_year: Share
    least_letter_days: Whole
    letter_share: Share
    one_issuer_usd: Usd
    hardware_sale_cost: Share
    hardware_sale_months: Whole
    hardware_discount: Share
    uninsured_cut: Share
    hardware_quantile: Share
    hardware_share: Share
    letter_haircut: dict[str, Share]


class WrongWayTerms(Row, frozen=True):
    """How much of a supplier's failing may hang on the price."""

    spikes: tuple[Positive, ...]
    most_short_loss: Share
    most_ratio: Positive
    least_pd_counted: Share


class Step(Row, frozen=True):
    """A step of the ladder: red or amber signs from which it is taken, and what is done."""

    name: str
    red: Whole
    amber: Whole
    actions: tuple[str, ...]


class WarningTerms(Row, frozen=True):
    """From when a sign is a warning, and what follows from so many."""

    heartbeats_amber: Share
    heartbeats_red: Share
    notches: Whole
    spike: Positive
    short_cover: Share
    spike_red: Positive
    covenant_red: Share
    short_red: Share
    step: tuple[Step, ...]


class LossTerms(Row, frozen=True):
    """Of the loss of all suppliers together."""

    horizon_years: Positive
    correlation: Share
    place_correlation: Share
    draws: Annotated[int, Meta(ge=1_000, le=2_000_000)]
    seed: Whole
    quantile: Share
    bonds_fail: Share


class CreditTerms(Row, frozen=True):
    """Everything in `table/credit.toml`."""

    version: int
    prices: dict[str, PriceText]
    price: PriceTerms
    score: ScoreTerms
    structural: StructuralTerms
    grade: tuple[GradeTerms, ...]
    limits: LimitTerms
    margin: MarginTerms
    collateral: CollateralTerms
    wrong_way: WrongWayTerms
    warning: WarningTerms
    loss: LossTerms


class Characteristic(Row, frozen=True):
    """A line of the scorecard: points of the first row whose bound the figure does not pass."""

    reason: str
    rows: tuple[tuple[float, int], ...]

    def points(self, figure: float) -> int:
        """Points of a figure."""
        return next(points for bound, points in self.rows if figure <= bound)


class Prior(Row, frozen=True):
    """Hours as if promised before, and missing of them."""

    hours: Whole
    missing: Whole


class Scorecard(Struct, frozen=True):
    """Every line of the scorecard, and the prior of the delivery record."""

    lines: dict[str, Characteristic]
    prior: Prior


def _table(name: str) -> dict[str, Any]:
    path = resources.files("lasalle.credit") / "table" / name
    return parse_toml(path.read_text(encoding="utf-8"))


def read_terms(rows: Any) -> CreditTerms:
    """Terms from a table. Raises CreditError."""
    try:
        terms = msgspec.convert(rows, CreditTerms)
    except msgspec.ValidationError as error:
        raise CreditError(f"credit.toml: {error}") from None
    bounds = [grade.most_pd for grade in terms.grade]
    shares = [grade.sell_share for grade in terms.grade]
    if bounds != sorted(set(bounds)) or bounds[-1:] != [1.0]:
        raise CreditError(f"grade.most_pd: expected rising bounds up to 1, found {bounds}")
    if shares != sorted(shares, reverse=True):
        raise CreditError(f"grade.sell_share: expected falling shares, found {shares}")
    return terms


@cache
def load_terms() -> CreditTerms:
    """Terms in force."""
    return read_terms(_table("credit.toml"))


def read_scorecard(rows: dict[str, Any]) -> Scorecard:
    """A scorecard from a table. Raises CreditError."""
    lines = {name: row for name, row in rows.items() if name != "prior"}
    try:
        made = Scorecard(
            msgspec.convert(lines, dict[str, Characteristic]), msgspec.convert(rows["prior"], Prior)
        )
    except (msgspec.ValidationError, KeyError) as error:
        raise CreditError(f"scorecard.toml: {error}") from None
    for name, line in made.lines.items():
        bounds = [bound for bound, _ in line.rows]
        if not bounds or any(a >= b for a, b in pairwise(bounds)) or bounds[-1] < 1e9:
            raise CreditError(f"{name}: expected rising bounds up to 9e9, found {bounds}")
    return made


@cache
def load_scorecard() -> Scorecard:
    """The scorecard in force."""
    return read_scorecard(_table("scorecard.toml"))
