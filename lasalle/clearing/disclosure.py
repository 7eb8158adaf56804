"""The public quantitative disclosure of a clearing house, and the figures it is made of.

Fields follow CPMI-IOSCO, "Public quantitative disclosure standards for central counterparties",
2015, as far as a ledger knows them. Every figure is of the state at the close of a settled day, or
of the closes of the year before; a figure that cannot be had says why and has no value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from lasalle.clearing.sizing import Exposure
from lasalle.contracts import SymbolError, parse_symbol
from lasalle.plain import margin
from lasalle.plain.state import OPTIONS, USD, Account, Series, State
from lasalle.wire import LedgerClass, ScenarioKind

HEADS = ("field", "name", "value", "unit", "as_of", "mark", "source")
MONEY = "micro-dollars"
TAILS = (ScenarioKind.HISTORICAL, ScenarioKind.STRESS)


@dataclass(frozen=True, slots=True)
class Figure:
    """A row: `value` is a whole number of `unit`, or None where `why` says what keeps it away.

    `mark`: real, modelled, or simulated for figures of members that are made up.
    """

    number: str
    name: str
    value: int | None
    unit: str
    as_of: int
    mark: str
    source: str
    why: str = ""

    @property
    def said(self) -> str:
        """The value, or why there is none."""
        return f"not applicable: {self.why}" if self.value is None else str(self.value)

    def cells(self) -> tuple[str, ...]:
        """The row under HEADS."""
        return (
            self.number, self.name, self.said, self.unit, str(self.as_of), self.mark, self.source
        )  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """Rows of one day. `made_up`: members and money are a demonstration's."""

    as_of: int
    made_up: bool
    figures: list[Figure] = field(default_factory=list)

    def real(self, number: str, name: str, value: int, source: str, unit: str = MONEY) -> None:
        """A figure of the ledger, the log or the positions."""
        self._add(number, name, value, unit, "simulated" if self.made_up else "real", source)

    def modelled(self, number: str, name: str, value: int, source: str, unit: str = MONEY) -> None:
        """A figure the margin model has a part in."""
        mark = "modelled of simulated members" if self.made_up else "modelled"
        self._add(number, name, value, unit, mark, source)

    def simulated(self, number: str, name: str, value: int, source: str, unit: str) -> None:
        """A figure of trials that are drawn, whoever the members are."""
        self._add(number, name, value, unit, "simulated", source)

    def term(self, number: str, name: str, value: int, source: str, unit: str) -> None:
        """A term in force: a rule or a parameter, whoever the members are."""
        self._add(number, name, value, unit, "real", source)

    def absent(self, number: str, name: str, why: str, source: str = "none") -> None:
        """A field without a figure."""
        self.figures.append(Figure(number, name, None, "none", self.as_of, "none", source, why))

    def _add(self, number: str, name: str, value: int, unit: str, mark: str, source: str) -> None:
        self.figures.append(Figure(number, name, value, unit, self.as_of, mark, source))


def as_csv(figures: Iterable[Figure]) -> str:
    """The rows as CSV under HEADS."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows(one.cells() for one in figures)
    return out.getvalue()


def as_page(house: str, figures: Iterable[Figure]) -> str:
    """The rows as a page of Markdown."""
    rows = list(figures)
    day = rows[0].as_of if rows else 0
    lines = [f"# Quantitative disclosure of {house}, {day}", ""]
    lines += ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    lines += ["| " + " | ".join(c.replace("|", "/") for c in one.cells()) + " |" for one in rows]
    return "\n".join(lines) + "\n"


# -- what accounts are asked, and what they could lose ---------------------------------------------


def product_of(series: Series) -> str:
    """Product of a series in words: the form its symbol tells, and future, option or swap."""
    kind = "option" if series.is_option else series.series_kind.name.lower()
    try:
        form = parse_symbol(series.symbol).form.name.lower().replace("_", " ")
    except SymbolError:
        return kind
    return f"{form} {kind}"


def initial(state: State, account: Account, product: str = "") -> int:
    """Initial margin of what an account holds, 1.10 of the requirement rounded up, micro-dollars;
    of one product of it alone where that is named. Open orders are left out."""
    held = margin.exposures(account, [])
    if product:
        held = {s: e for s, e in held.items() if product_of(state.series[s]) == product}
    return -(-11 * margin.requirement(state, held) // 10)


def option_value(state: State, account: Account) -> int:
    """What its options would bring at their marks, negative for short ones, micro-dollars."""
    return sum(
        held.lots * state.series[number].mark * state.series[number].hours
        for number, held in account.positions.items()
        if state.series[number].series_kind in OPTIONS
    )


def stressed(state: State) -> tuple[list[Exposure], list[str]]:
    """Every account under the tail columns of the margin table in force, and their names.

    What an account has to set against a loss is its initial margin and its options at their marks:
    a short option's value is in its margin already, a long one's stands beside it.
    """
    table = state.table
    if table is None:
        return [], []
    places = [n for n, label in enumerate(table.scenarios) if label.kind in TAILS]
    names = [f"{table.scenarios[n].kind.name.lower()} column {n + 1}" for n in places]
    found = []
    for account in sorted(state.accounts.values(), key=lambda a: a.account):
        losses = [0] * len(table.scenarios)
        for number, held in account.positions.items():
            for n, loss in enumerate(table.series[number].losses):
                losses[n] += held.lots * loss
        covered = initial(state, account) + option_value(state, account)
        lost = tuple(losses[n] for n in places)
        found.append(Exposure(account.member, account.account, covered, lost))
    return found, names


# -- what happened between two closes ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """An account at a close: signed lots by series, and what stands against a loss of theirs."""

    lots: dict[int, int]
    margin: int


@dataclass(slots=True)
class Close:
    """The house when a day is settled and, where one follows, its margin table in force."""

    day: int
    state: State

    def held(self) -> dict[int, Held]:
        """Accounts with positions."""
        found = {}
        for account in self.state.accounts.values():
            lots = {s: p.lots for s, p in account.positions.items() if p.lots}
            if lots:
                covered = initial(self.state, account) + option_value(self.state, account)
                found[account.account] = Held(lots, covered)
        return found


@dataclass(slots=True)
class Span:
    """From one close to the next, micro-dollars: payments of the settlement by account (positive
    receives), calls issued, and what was settled for good by series."""

    day: int
    paid: dict[int, int] = field(default_factory=dict)
    called: int = 0
    finals: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class BackTest:
    """Margin at a close against the loss of the same positions to the next, account by account."""

    observed: int = 0
    over: list[int] = field(default_factory=list)
    """Micro-dollars each loss passed its margin by."""

    def compare(self, before: Close, after: Close, span: Span) -> None:
        """Counts every account that held something at the first close."""
        for one in before.held().values():
            lost = sum(
                lots * -_gained(number, before.state, after.state, span)
                for number, lots in one.lots.items()
            )
            self.observed += 1
            if lost > one.margin:
                self.over.append(lost - one.margin)


def _gained(number: int, before: State, after: State, span: Span) -> int:
    """What one long lot gained: its value at the later close and what it was settled at between,
    less its value at the first."""
    old, new = before.series[number], after.series.get(number)
    value = new.mark * new.hours if new is not None else 0
    return value + span.finals.get(number, 0) - old.mark * old.hours


def held_in(state: State, asset: int = USD) -> dict[int, int]:
    """Cash of each account, or units of another asset, set aside or not."""
    found = dict.fromkeys(sorted(state.accounts), 0)
    for (class_, account, kind), balance in state.balances.items():
        if class_ == LedgerClass.CASH and kind == asset:
            found[account] = balance
    return found
