"""The score of a supplier: points, the probability of failing in a year by scorecard and by the
worth of its assets, both put together, and the grade (CRD-002 to CRD-004)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lasalle.credit.market import Market, yearly_deviation
from lasalle.credit.model import (
    DOLLAR,
    HOURS_A_YEAR,
    CreditError,
    Machines,
    SupplierFile,
    micro,
    month_number,
    month_of,
    number_month,
    sold_hours,
)
from lasalle.credit.residual import ResidualCurve
from lasalle.credit.structural import Firm, assets_of, failure_pd
from lasalle.credit.terms import CreditTerms, Scorecard

NO_DEBT = 99.0
"""Coverage of interest where there is none."""


@dataclass(frozen=True)
class Worth:
    """What a supplier has and owes, whole US dollars as believed: fleet, cash, debt, debt due at
    the horizon; share of its hours of the next year that is sold and can be delivered; hours sold
    beyond what it can deliver with what they lose a dollar of price, and what they would lose at
    today's price."""

    fleet: float
    cash: float
    debt: float
    debt_point: float
    sold_share: float
    short_hours: float
    short_value: float
    """Short hours at today's price."""
    short_loss: float
    """What buying them today would lose; negative where it would gain."""
    leverage: float
    """By how much the worth of a machine moves with its rent: rent over rent less what it costs."""


@dataclass(frozen=True)
class Score:
    """Points with those of each line, the three probabilities of failing in a year, the grade, and
    the firm the structural model saw."""

    points: int
    lines: Mapping[str, tuple[float, int]]
    scorecard_pd: float
    structural_pd: float
    pd: float
    grade: str
    worth: Worth
    firm: Firm


def capacity(file: SupplierFile, grade: str, place: str, terms: CreditTerms) -> float:
    """Accelerators that count as there: verified ones whole, others a published share."""
    verified = file.verified_at(grade, place, file.as_of)
    others = file.machines_at(grade, place) - verified
    return verified + terms.limits.unverified_share * others


def machine_worth(m: Machines, month: int, curve: ResidualCurve) -> float:
    """What machines are worth in a month, US dollars: the mean of the curve at their age."""
    return m.accelerators * m.cost_usd * curve.mean((month - month_number(m.vintage)) / 12)


def short_by_month(file: SupplierFile, terms: CreditTerms) -> dict[tuple[str, str, str], float]:
    """Accelerators sold beyond what counts as there, by month, grade and place, from the month of
    the file on."""
    now = f"{file.as_of:%Y-%m}"
    found = {}
    for key in sorted({(s.month, s.grade, s.place) for s in file.sold if s.month >= now}):
        short = file.sold_at(*key) - capacity(file, key[1], key[2], terms)
        if short > 0:
            found[key] = short
    return found


def worth_of(file: SupplierFile, market: Market, curve: ResidualCurve, terms: CreditTerms) -> Worth:
    """What the structural model and the scorecard rest on."""
    month, money = month_of(file.as_of), file.financials
    fleet = sum(machine_worth(m, month, curve) for m in file.fleet)
    year = {number_month(month + ahead) for ahead in range(12)}
    keys = {(s.month, s.grade, s.place) for s in file.sold if s.month in year}
    sold = sum(
        min(1.0, capacity(file, key[1], key[2], terms) / file.sold_at(*key)) * file.hours_at(*key)
        for key in keys
    )
    own = sum(m.accelerators for m in file.fleet) * HOURS_A_YEAR
    hours = value = loss = 0.0
    for (month_text, grade, place), short in short_by_month(file, terms).items():
        key = (month_text, grade, place)
        rows = [s for s in file.sold if (s.month, s.grade, s.place) == key]
        each = file.hours_at(*key)
        sold_at = sum(sold_hours(s) * micro(s.price) for s in rows) / each / DOLLAR
        price = market.price(grade) / DOLLAR
        many = each * short / file.sold_at(*key)
        hours, value = hours + many, value + many * price
        loss += many * (price - sold_at)
    most = terms.structural.most_operating_leverage
    margin = max(min(money.earnings_usd, money.revenue_usd), money.revenue_usd / most)
    return Worth(
        fleet=fleet,
        cash=float(money.cash_usd),
        debt=float(money.debt_due_usd + money.debt_later_usd),
        debt_point=money.debt_due_usd + money.debt_later_usd / 2,
        sold_share=min(1.0, sold / own),
        short_hours=hours,
        short_value=value,
        short_loss=loss,
        leverage=money.revenue_usd / margin if money.revenue_usd else 1.0,
    )


def figures(file: SupplierFile, worth: Worth, card: Scorecard) -> dict[str, float]:
    """What each line of the scorecard is read at."""
    money, record, prior = file.financials, file.record, card.prior
    ages = [(m, max(0, month_of(file.as_of) - month_number(m.vintage)) / 12) for m in file.fleet]
    cost = sum(m.accelerators * m.cost_usd for m in file.fleet)
    places: dict[str, float] = {}
    for m in file.fleet:
        places[m.place] = places.get(m.place, 0) + m.accelerators * m.cost_usd
    missing = record.promised_hours - record.delivered_hours + prior.missing
    return {
        "leverage": worth.debt / max(worth.fleet + worth.cash, 1.0),
        "coverage": money.earnings_usd / money.interest_usd if money.interest_usd else NO_DEBT,
        "liquidity": money.cash_usd / max(money.fixed_costs_usd / 12, 1.0),
        "age": sum(m.accelerators * m.cost_usd * age for m, age in ages) / cost,
        "encumbered": sum(m.encumbered_usd for m in file.fleet) / max(worth.fleet, 1.0),
        "delivered": missing / (record.promised_hours + prior.hours),
        "below_grade": record.below_grade_hours / max(record.delivered_hours, 1),
        "disputes": float(record.disputes_lost),
        "places": max(places.values()) / cost,
        "history": (month_of(file.as_of) - month_number(file.since)) / 12,
    }


def firm_of(worth: Worth, file: SupplierFile, market: Market, terms: CreditTerms) -> Firm:
    """The firm as the structural model sees it: what is sold forward does not move with the
    price."""
    under = terms.structural
    assets = max(1.0, worth.fleet + worth.cash - max(0.0, worth.short_loss))
    moves = yearly_deviation(market.moves)
    fall = worth.fleet * worth.leverage * (1 - worth.sold_share) * under.persistence
    # Hours that are not there hedge no machine: the larger of both exposures counts, not the rest.
    exposed = max(fall, worth.short_value)
    volatility = min(under.most_volatility, math.hypot(moves * exposed / assets, under.overhead))
    return Firm(
        assets=assets,
        debt=worth.debt_point,
        interest=float(file.financials.interest_usd),
        volatility=volatility,
        drift=under.rate,
        payout=under.payout,
    )


def structural_pd(firm: Firm, file: SupplierFile, terms: CreditTerms) -> float:
    """By the worth of its machines; where its equity is traded, the larger of that and what the
    market says."""
    under, money = terms.structural, file.financials
    found = failure_pd(firm, under.horizon_years, under.tax, under.rate)
    if not (money.market_equity_usd and firm.debt):
        return found
    try:
        assets, sigma = assets_of(
            money.market_equity_usd, money.equity_volatility, firm.debt, under.rate,
            under.horizon_years,
        )  # fmt: skip
    except CreditError:
        return found
    seen = Firm(assets, firm.debt, firm.interest, sigma, firm.drift, firm.payout)
    return max(found, failure_pd(seen, under.horizon_years, under.tax, under.rate))


def logit(probability: float) -> float:
    """Log-odds, of a probability kept off 0 and 1."""
    kept = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))


def combined(scorecard_pd: float, structural: float, terms: CreditTerms) -> float:
    """Both probabilities, their log-odds weighed; within the published bounds."""
    score = terms.score
    share = score.structural_share
    least, most = score.least_pd, score.most_pd
    a, b = (logit(min(max(p, least), most)) for p in (scorecard_pd, structural))
    return min(max(1 / (1 + math.exp(-(1 - share) * a - share * b)), least), most)


def pd_of_points(points: float, audited: bool, terms: CreditTerms) -> float:
    """Probability of failing in a year that points stand for."""
    score = terms.score
    odds = score.base_odds * 2 ** ((points - score.base_points) / score.double_points)
    return 1 / (1 + odds / (1 if audited else score.unaudited))


def grade_of(pd: float, terms: CreditTerms) -> str:
    """The grade of a probability of failing in a year."""
    return next(grade.name for grade in terms.grade if pd <= grade.most_pd)


def score_of(
    file: SupplierFile, market: Market, curve: ResidualCurve, card: Scorecard, terms: CreditTerms
) -> Score:
    """The score of a file in a market. Raises CreditError for a grade without a price."""
    for grade in sorted({m.grade for m in file.fleet} | {s.grade for s in file.sold}):
        market.price(grade)
    worth = worth_of(file, market, curve, terms)
    seen = figures(file, worth, card)
    lines = {name: (seen[name], line.points(seen[name])) for name, line in card.lines.items()}
    points = terms.score.base_points + sum(points for _, points in lines.values())
    by_points = pd_of_points(points, file.financials.audited, terms)
    firm = firm_of(worth, file, market, terms)
    by_worth = structural_pd(firm, file, terms)
    pd = combined(by_points, by_worth, terms)
    return Score(points, lines, by_points, by_worth, pd, grade_of(pd, terms), worth, firm)
