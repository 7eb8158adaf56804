"""A deliverable basket: which grade a seller may deliver, what is paid for it, which is cheapest.

A lot is one hour-block of the base grade in value: who delivers a faster grade delivers fewer
accelerators, and is paid per delivered hour the settlement price times the factor, so that a lot
costs the buyer the same whatever comes (`docs/theory/conversion.md`). Exact; prices in
micro-dollars per hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from lasalle.contracts.conversion import BASE, MILLION, Conversion
from lasalle.contracts.standard import ContractError, Standard


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A grade at a price: `converted` is its price per hour of the base grade, exact; `gain` what a
    seller keeps per base hour who buys it and delivers it at the settlement price.
    """

    grade: str
    price: int
    factor: int
    converted: Fraction
    gain: Fraction

    @property
    def converted_micro_dollars(self) -> int:
        """The converted price, rounded half to even."""
        return round(self.converted)


@dataclass(frozen=True, slots=True)
class Basket:
    """Grades one contract takes, with the factors of one round in parts per million: they are those
    of listing and never change during its life.
    """

    round: str
    factors: Mapping[str, int]

    @classmethod
    def listed(cls, table: Conversion, grades: Iterable[str], round_name: str = "") -> Basket:
        """A basket under a round; without one, the newest that converts every grade."""
        named = sorted({*grades, BASE})
        chosen = round_name or table.last_round(named)
        return cls(chosen, {g: table.of(g, chosen).parts_per_million for g in named})

    @classmethod
    def of(cls, table: Conversion, standard: Standard) -> Basket:
        """The basket a contract standard states. Raises ContractError for a standard without one,
        and for a grade its round does not convert.
        """
        stated = standard.terms["product"].get("basket")
        if stated is None:
            raise ContractError("basket", "a product with a basket", standard.product)
        grades = [reference.partition("/")[0] for reference in stated["deliverable"]]
        return cls.listed(table, grades, table.round_of(stated["conversion"]))

    def factor(self, grade: str) -> int:
        """Parts per million. Raises ContractError for a grade the basket does not take."""
        if grade not in self.factors:
            raise ContractError("grade", f"one of {', '.join(self.factors)}", grade)
        return self.factors[grade]

    def invoice_price(self, settlement: int, grade: str) -> int:
        """What a delivered hour of a grade costs the buyer: settlement price times factor, rounded
        half to even to a micro-dollar.
        """
        if settlement < 0:
            raise ContractError("settlement", "a price from 0", settlement)
        return round(Fraction(settlement * self.factor(grade), MILLION))

    def accelerators(self, lots: int, grade: str) -> tuple[int, int]:
        """(whole accelerators of a grade that deliver some lots, what is left of them in parts per
        million of a lot); the rest is settled in cash.
        """
        if lots < 1:
            raise ContractError("lots", "from 1", lots)
        whole, rest = divmod(lots * MILLION, self.factor(grade))
        return whole, rest

    def ranked(self, prices: Mapping[str, int], settlement: int) -> tuple[Deliverable, ...]:
        """Every grade with a price, the cheapest to deliver first; ties in order of the name.

        There is no carry and no implied repo rate: an hour cannot be bought now and delivered
        later, so prices are forwards of the delivery block, or its spot on the day.
        """
        made = []
        for grade, price in prices.items():
            if price <= 0:
                raise ContractError(f"price of {grade}", "above 0", price)
            factor = self.factor(grade)
            converted = Fraction(price * MILLION, factor)
            made.append(Deliverable(grade, price, factor, converted, settlement - converted))
        if not made:
            raise ContractError("prices", "a price of at least one grade", "none")
        return tuple(sorted(made, key=lambda one: (one.converted, one.grade)))

    def cheapest(self, prices: Mapping[str, int]) -> Deliverable:
        """The grade that costs least per base hour; its converted price bounds the contract's from
        above.
        """
        return self.ranked(prices, 0)[0]
