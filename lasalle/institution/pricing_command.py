"""`lasalle pricing`: a series valued, the volatility surface, what a price implies."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from lasalle.client import Client
from lasalle.client.calls import WaitingCalls
from lasalle.client.shapes import Series
from lasalle.contracts import (
    Form,
    Month,
    SeriesKind,
    SeriesTerms,
    find_terms,
    parse_symbol,
)
from lasalle.institution.asked_fixings import asked_fixings
from lasalle.institution.command_line import listed_symbol
from lasalle.pricing import (
    PRICED,
    AverageTerms,
    IndexCurve,
    ListedQuote,
    Market,
    Outcome,
    Portfolio,
    Smile,
    Surface,
    calibrate,
    fit,
    greeks,
    implied_volatility,
    month_curve,
    months_needed,
    portfolio_value,
)
from lasalle.pricing.surface import known_within

SAID = {
    Outcome.INTRINSIC: "the price is intrinsic: the volatility is 0",
    Outcome.BELOW_INTRINSIC: "the price is below intrinsic value: no volatility gives so little",
    Outcome.AT_BOUND: "a call is worth less than the forward and a put than the strike: no"
    " volatility gives so much",
    Outcome.NO_CHOICE: "without forward and strike above 0 the price says nothing of volatility",
    Outcome.NO_NUMBER: "price, forward, strike and years: expected numbers, the last from 0",
    Outcome.NO_TIME: "no time is left, and the price is not intrinsic",
}


def run(args: argparse.Namespace) -> int:
    """0 when what was asked is so, 1 for a price without a volatility or a surface with a fault."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "price": _price,
        "surface": _surface,
        "implied": _implied,
    }
    return verbs[args.what](args)


# -- what a served house says --------------------------------------------------------------------


def asked_market(client: WaitingCalls, index: str, listed: list[Series]) -> Market:
    """What a served house shows of an index: the model fitted to its fixings, its futures' marks
    as the averages of months, and the surface of its options' quotes.
    """
    own = [one for one in listed if one.index_name == index and one.state != "expired"]
    if not own:
        raise ValueError(f"index: expected one with listed series, found {index!r}")
    fixings = asked_fixings(client.ask, own[0].index)
    fitted = max(fixings)
    day, model = fitted + timedelta(days=1), fit(sorted(fixings.items()))
    terms = {one.symbol: find_terms(parse_symbol(one.symbol)) for one in own}
    priced = [one for one in terms.values() if one.standard.symbol_form in PRICED]
    months = months_needed(priced, day)
    curve = _marked(month_curve(model, fixings, months), own, terms)
    options = [one for one in own if terms[one.symbol].is_option and _live(terms[one.symbol], day)]
    quotes = [_quote(client, one, terms[one.symbol]) for one in options]
    smiling = {month: curve[month] for month in {terms[o.symbol].months[0] for o in options}}
    surface = calibrate(index, fitted, smiling, quotes)
    return Market(day, {index: IndexCurve(model, fixings, curve)}, {index: surface})


def _live(terms: SeriesTerms, day: date) -> bool:
    return bool(terms.open_months(day)) and terms.standard.symbol_form is Form.AVERAGE


def _marked(
    curve: dict[Month, AverageTerms], own: list[Series], terms: Mapping[str, SeriesTerms]
) -> dict[Month, AverageTerms]:
    """The curve with each month's average at the mark of its future."""
    found = dict(curve)
    for one in own:
        of = terms[one.symbol]
        month, mark = of.months[0], float(one.mark)
        outright = of.kind is SeriesKind.FUTURE and of.standard.symbol_form is Form.AVERAGE
        if not outright or month not in found or mark <= 0.0 or found[month].share == 0.0:
            continue
        seen = found[month]
        forward = (mark - seen.known) / seen.share
        if forward > 0.0:
            found[month] = replace(seen, forward=forward)
    return found


def _quote(client: WaitingCalls, one: Series, terms: SeriesTerms) -> ListedQuote:
    book, tick = client.book(one.symbol), one.tick_micro_dollars / 1e6
    return ListedQuote(
        terms.months[0],
        terms.strike_micro_dollars / 1e6,
        terms.kind is SeriesKind.CALL,
        book.bids[0].price_ticks * tick if book.bids else 0.0,
        book.asks[0].price_ticks * tick if book.asks else 0.0,
    )


# -- price ---------------------------------------------------------------------------------------


def _price(args: argparse.Namespace) -> int:
    with Client(args.at) as client:
        symbol = listed_symbol(client, args.symbol)
        listed = list(client.series())
        series = next((one for one in listed if one.symbol == symbol), None)
        if series is None:
            raise ValueError(f"symbol: expected a listed one, found {symbol}")
        terms = find_terms(parse_symbol(symbol))
        form = terms.standard.symbol_form
        if form not in PRICED or form in (Form.LOCATION_BASIS, Form.GRADE_BASIS):
            raise ValueError(f"symbol: expected one priced from a single index, found {symbol}")
        market = asked_market(client, series.index_name, listed)
    found = _told_price(series, terms, market, args.lots)
    if args.json:
        print(json.dumps(found, indent=2))
        return 0
    for name, value in found.items():
        print(f"{name.replace('_', ' '):<26}{value if isinstance(value, str) else f'{value:,.6f}'}")
    return 0


def _told_price(
    series: Series, terms: SeriesTerms, market: Market, lots: int
) -> dict[str, str | float]:
    of = portfolio_value(Portfolio.of([terms], [float(lots)]), market)
    seen = market.indices[series.index_name]
    found: dict[str, str | float] = {
        "symbol": series.symbol,
        "day": str(market.day),
        "value": float(of.value[0]),
        "mark": float(series.mark),
        "delta_lots": float(of.delta[0]) * lots,
        "gamma": float(of.gamma[0]),
        "vega_a_point": float(of.vega[0]),
        "theta_a_day": float(of.theta[0]),
        "units": lots * float(terms.open_hours(market.day)),
        "worth": float(of.present[0]),
    }
    month = terms.months[0]
    smile = market.surfaces[series.index_name].smiles.get(month) if terms.is_option else None
    if smile is not None:
        strike = terms.strike_micro_dollars / 1e6
        found |= {
            "deviation": float(smile.deviation(strike)),
            "volatility": _yearly(smile, strike, seen),
            "smile": _origin(smile, strike),
        }
    return found


def _yearly(smile: Smile, strike: float, seen: IndexCurve) -> float:
    """Volatility a year of the index under which the model gives a smile's deviation."""
    own = smile.terms.deviation
    return seen.model.volatility * float(smile.deviation(strike)) / own if own > 0.0 else 0.0


def _origin(smile: Smile, strike: float) -> str:
    within = bool(known_within(smile, strike))
    return f"{smile.source}, {'between' if within else 'outside'} the quotes"


# -- surface -------------------------------------------------------------------------------------


def _surface(args: argparse.Namespace) -> int:
    with Client(args.at) as client:
        market = asked_market(client, args.index, list(client.series()))
    surface, seen = market.surfaces[args.index], market.indices[args.index]
    asked = [m for m in sorted(surface.smiles) if args.month in ("", str(m))]
    if not asked:
        months = ", ".join(str(month) for month in sorted(surface.smiles))
        raise ValueError(f"month: expected one of {months or 'none'}, found {args.month!r}")
    faults = surface.faults()
    if args.json:
        print(json.dumps(told_surface(market, args.index, asked), indent=2))
    else:
        _print_surface(surface, asked, seen, faults)
    return 1 if faults else 0


def told_surface(
    market: Market, index: str, months: Sequence[Month] | None = None
) -> dict[str, Any]:
    """The surface of an index for programs, of some months or of all."""
    surface, seen = market.surfaces[index], market.indices[index]
    asked = sorted(surface.smiles) if months is None else months
    return {
        "index": index,
        "day": str(surface.day),
        "rho": surface.rho,
        "eta": surface.eta,
        "smiles": [_told_smile(surface.smiles[month], seen) for month in asked],
        "faults": surface.faults(),
    }


def _told_smile(smile: Smile, seen: IndexCurve) -> dict[str, Any]:
    of, money = smile.slice, smile.terms.value
    return {
        "month": str(smile.month),
        "source": smile.source,
        "forward": smile.terms.value,
        "deviation_at_money": float(smile.deviation(money)),
        "volatility_at_money": _yearly(smile, money, seen),
        "svi": {"a": of.a, "b": of.b, "rho": of.rho, "m": of.m, "s": of.s},
        "quotes": [
            {"strike": r.strike, "bid": r.bid, "middle": r.middle, "ask": r.ask} for r in smile.read
        ],
        "left_out": list(smile.left_out),
        "worst_miss": smile.worst_miss,
        "least_g": smile.examined.least_ratio,
        "mass": smile.examined.mass,
    }


def _print_surface(
    surface: Surface, asked: list[Month], seen: IndexCurve, faults: list[str]
) -> None:
    print(f"{surface.index}  {surface.day}  SSVI rho {surface.rho:+.3f}, eta {surface.eta:.3f}")
    heads = ("80 %", "90 %", "100 %", "110 %", "120 %")
    print(
        f"{'month':<9}{'forward':>10}{'quotes':>8}  {'from':<6}"
        + "".join(f"{head:>9}" for head in heads)
        + f"{'least g':>10}"
    )
    for month in asked:
        smile = surface.smiles[month]
        at = smile.terms.value * np.array([0.8, 0.9, 1.0, 1.1, 1.2])
        rates = [f"{_rate(smile, float(strike), seen):>9}" for strike in at]
        print(
            f"{month!s:<9}{smile.terms.value:>10.4f}{len(smile.read):>8}  {smile.source:<6}"
            + "".join(rates)
            + f"{smile.examined.least_ratio:>10.3f}"
        )
    left_out = sum(len(surface.smiles[month].left_out) for month in asked)
    print("volatility a year of the index by strike over forward, * beyond the quotes, - passed by")
    print(f"what is known of the month; {left_out} quotes left out, --json says why")
    for line in faults:
        print(f"FAULTY: {line}")
    if not faults:
        print("no butterfly and no fall of variance from month to month; every quote is met")


def _rate(smile: Smile, strike: float, seen: IndexCurve) -> str:
    if strike <= smile.terms.known:
        return "-"
    star = "" if known_within(smile, strike) else "*"
    return f"{100.0 * _yearly(smile, strike, seen):.1f}%{star}"


# -- implied -------------------------------------------------------------------------------------


def _implied(args: argparse.Namespace) -> int:
    call, discount = args.kind == "call", _discount(args.rate, args.years)
    of = implied_volatility(call, args.price, args.forward, args.strike, args.years, discount)
    outcome, volatility = Outcome(int(of.outcome)), float(of.found)
    found: dict[str, str | float] = {"outcome": outcome.name.lower()}
    if outcome <= Outcome.INTRINSIC:
        deviation = volatility * math.sqrt(args.years) if args.years > 0.0 else 0.0
        found |= {"volatility": volatility, "deviation": deviation}
    if outcome is Outcome.FOUND:
        slopes = greeks(call, args.forward, args.strike, volatility, args.years, args.rate)
        found |= {
            "value": float(slopes.value),
            "delta": float(slopes.delta),
            "gamma": float(slopes.gamma),
            "vega_a_point": float(slopes.vega) * 0.01,
            "theta_a_day": float(slopes.theta) / 365.0,
            "rho_a_point": float(slopes.rho) * 0.01,
        }
    else:
        found["reason"] = SAID[outcome]
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            told = value if isinstance(value, str) else f"{value:.10g}"
            print(f"{name.replace('_', ' '):<16}{told}")
    return 0 if outcome <= Outcome.INTRINSIC else 1


def _discount(rate: float, years: float) -> float:
    if not abs(rate) <= 10.0:
        raise ValueError(f"rate: expected a number from -10 to 10 a year, found {rate}")
    if not 0.0 <= years <= 1000.0:
        raise ValueError(f"years: expected a number from 0 to 1,000, found {years}")
    return math.exp(-rate * years)
