"""`lasalle contracts ctd`: the cheapest grade of a basket, and what the choice is worth."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from lasalle.contracts import load_catalogue
from lasalle.contracts.conversion import load_conversion
from lasalle.contracts.conversion_basket import Basket
from lasalle.pricing.delivery_option import DeliveryOption, several_grades, two_grades
from lasalle.pricing.forward import DAYS_PER_YEAR

AMOUNT = re.compile(r"\d{1,3}(?:\.(\d{1,6}))?")


def cheapest_to_deliver(args: Any) -> int:
    """Prints the ranking, the invoice of each grade and the value of the choice; always 0."""
    catalogue = load_catalogue()
    standard = catalogue.standards(catalogue.find(args.basket))[0]
    basket = Basket.of(load_conversion(), standard)
    prices = dict(_priced(text) for text in args.prices)
    if len(prices) != len(args.prices):
        raise ValueError("GRADE=USD: expected each grade once, found one twice")
    settlement = amount("--settlement", args.settlement) if args.settlement else 0
    ranked = basket.ranked(prices, settlement or basket.cheapest(prices).converted_micro_dollars)
    print(f"{standard.product}, factors of MLPerf Inference {basket.round}; USD per hour")
    heads = ("grade", "price", "factor", "per H100 hour", "gain", "invoice")
    print("{:<12}{:>10}{:>10}{:>15}{:>12}{:>12}".format(*heads))
    for one in ranked:
        paid = _usd(basket.invoice_price(settlement, one.grade)) if settlement else "-"
        gain = _usd(round(one.gain)) if settlement else "-"
        print(
            f"{one.grade:<12}{_usd(one.price):>10}{one.factor / 1e6:>10.6f}"
            f"{_usd(one.converted_micro_dollars):>15}{gain:>12}{paid:>12}"
        )
    print(f"cheapest to deliver: {ranked[0].grade}; no carry: an hour cannot be kept")
    if len(ranked) > 1:
        choice = _choice([float(one.converted) / 1e6 for one in ranked], args)
        shares = ", ".join(
            f"{one.grade} {share:.0%}" for one, share in zip(ranked, choice.chosen, strict=True)
        )
        print(
            f"the choice is worth {choice.option:.4f} (error {choice.error:.4f}), the contract "
            f"{choice.basket:.4f}; cheapest in the end: {shares}"
        )
        print("assumed, not fitted: volatility, correlation and the days to nomination")
    return 0


def _choice(converted: list[float], args: Any) -> DeliveryOption:
    years, widths = args.days / DAYS_PER_YEAR, [args.volatility] * len(converted)
    if len(converted) == 2:
        pair = (converted[0], converted[1])
        return two_grades(pair, (widths[0], widths[1]), args.correlation, years)
    matrix = np.full((len(converted), len(converted)), args.correlation)
    np.fill_diagonal(matrix, 1.0)
    return several_grades(converted, widths, matrix, years, seed=args.seed)


def _priced(text: str) -> tuple[str, int]:
    grade, _, price = text.partition("=")
    return grade, amount(grade, price)


def amount(name: str, text: str) -> int:
    """Micro-dollars of a decimal in USD. Raises ValueError with the name of what was asked."""
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"{name}: expected USD per hour, as 2.45, found {text!r}")
    return int(text.partition(".")[0]) * 10**6 + int((found[1] or "0").ljust(6, "0"))


def _usd(micro: int) -> str:
    return f"{micro / 1e6:.6f}"
