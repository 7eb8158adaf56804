"""A need of compute as a small TOML file: what, when, how much, what a failure costs, what may be
spent and traded. Whatever is left out has a default that `DEFAULTS` explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import EnumMeta
from typing import Any, get_args

import msgspec
import numpy as np

from lasalle.contracts import Month
from lasalle.contracts.reading import line_numbers, line_of
from lasalle.contracts.toml_text import parse_toml
from lasalle.hedging.plan.instruments import Kind
from lasalle.hedging.plan.need_terms import (
    Amount,
    Bill,
    Budget,
    Late,
    Milestone,
    Need,
    Offer,
    Policy,
    Risk,
    Scenery,
    Size,
    Start,
    Substitute,
    Supply,
    Trade,
    Volatility,
)

__all__ = [
    "DEFAULTS",
    "Amount",
    "Bill",
    "Budget",
    "Late",
    "Milestone",
    "Need",
    "NeedError",
    "Offer",
    "Policy",
    "Risk",
    "Scenery",
    "Size",
    "Start",
    "Substitute",
    "Supply",
    "Trade",
    "Volatility",
    "horizon",
    "offered_months",
    "read_need",
    "with_policy",
]
MOST_BYTES = 1 << 16
MOST_MONTHS = 48
DEFAULTS = {
    "scenarios": "two-factor: the shape of the house's curve model, and no history is needed;"
    " processes, jumps and regimes are fitted to what was seen, bootstrap draws its weeks again",
    "volatility": "none: two-factor prices stray as far as the calls on the board are quoted at,"
    " fitted ones as far as what was seen; the answer tells both",
    "start.milestones": "none: a window from earliest to latest, not days with probabilities",
    "start.most_likely": "none: every start between earliest and latest is equally likely",
    "start.notice_days": "60: date and size are known two months before the start",
    "size": "1: the need is as large as stated",
    "late.dollars_a_day": "0: waiting costs nothing but the price; then hours are worth no premium",
    "late.wait_days": "30: how long a run waits when there is nothing to be had",
    "late.failed_dollars": "none: waiting costs what its days cost, without a bound",
    "bill.ratio": "1: the own bill is the index; bill.files shows what it is",
    "bill.deviation": "0.05: the own bill strays 5 % from the index in a month",
    "bill.follows": "1: the own bill moves with the index, by as much as that does",
    "bill.index_dollars": "none: the bill stands at its ratio to the index of the plan's day",
    "bill.files": "none: ratio and deviation are as stated, not as bills show them",
    "bill.cost": "EffectiveCost: commitments spread over the hours they cover",
    "substitutes": "none: no other grade or place would serve",
    "supply.shortage": "0.05: a twentieth of the time nothing is to be had at the forward price",
    "supply.slope": "3: odds of a shortage grow by a third when the price is a tenth higher",
    "supply.lasts_days": "30: a shortage lasts a month on average",
    "supply.common": "0.6: scarcity of a substitute goes with that of the grade by so much",
    "supply.measured": "false: offers of single machines come back within hours, sooner where they"
    " are dear; that is measured, and no law for a thousand accelerators on one fabric",
    "supply.failure": "0.02: one supplier's month of fifty fails",
    "supply.resale": "0.8: an hour not needed brings four fifths of the spot price",
    "supply.made_good": "1: a supplier that fails pays the whole spot price of the hours",
    "budget.premium_dollars": "none: any premium that is worth it may be paid",
    "budget.cash_dollars": "none: any cash that is needed for margin is there",
    "budget.mean_dollars": "none: the expected cost may rise by whatever lowers the risk",
    "risk.level": "0.95: the plan minimises the mean of the dearest twentieth of outcomes",
    "risk.mean_weight": "0: the tail is lowered whatever that adds to the expected cost; at 1 the"
    " last dollar added on average must take a dollar off the tail",
    "risk.worst_dollars": "none: the risk is lowered, not held against a bound",
    "trade.instruments": "future, swap, call: what the exchange lists; hours need offers",
    "trade.most_lots": "5000 of one series: beyond it no book is deep enough to plan on",
    "trade.most_legs": "12: what a treasurer can follow; the legs that do most are kept",
    "trade.impact": "0.10: a book as deep again costs a tenth more",
    "trade.policy": "static: held as bought; rolling and delta are told beside it",
    "offers": "none: no hours are offered outside the exchange",
    "successors": "none: no generation to come bends the price",
    "trade.band": "0.05: less than a twentieth of the need is not moved for",
}
"""What stands where the file is silent, and why."""


class NeedError(ValueError):
    """A need is refused: every fault as file:line: field: expected, found."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_need(text: str, file: str) -> Need:
    """A need from its text. Raises NeedError with what is wrong, by line and field."""
    if len(text.encode()) > MOST_BYTES:
        raise NeedError([f"{file}:1: file: expected at most {MOST_BYTES} bytes, found more"])
    try:
        raw = parse_toml(text)
    except ValueError as error:
        said = re.search(r"line (\d+)", str(error))
        wrong = f"{file}:{said[1] if said else 1}: file: expected TOML, found {error}"
        raise NeedError([wrong]) from error
    lines = line_numbers(text)

    def fault(field: str, expected: str, found: object) -> str:
        path = tuple(int(p) if p.isdigit() else p for p in field.split(".") if p)
        said = f"expected {expected}, found {found}"
        return f"{file}:{line_of(lines, path)}: {field or 'file'}: {said}"

    try:
        need = msgspec.convert(raw, Need)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        field = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", where.rstrip("`")).lstrip(".")
        missing = re.search(r"missing required field `(\w+)`", what)
        unknown = re.search(r"contains unknown field `(\w+)`", what)
        if missing or unknown:
            name = what.split("`")[1]
            field = f"{field}.{name}".lstrip(".")
            expected, found = ("a value", "nothing") if missing else ("no such field", name)
            raise NeedError([fault(field, expected, found)]) from error
        expected, found = _said_plainly(what, field)
        raise NeedError([fault(field, expected, found)]) from error
    faults = [fault(*one) for one in _wrong(need)]
    if faults:
        raise NeedError(faults)
    return need


PLAIN = {
    "float": "a number", "int": "a whole number", "str": "text in quotes", "bool": "true or false",
    "array": "a list", "object": "a table of fields", "date": "a day, YYYY-MM-DD",
    "datetime": "a day with an hour", "time": "an hour",
}  # fmt: skip
"""What types are called in front of whoever fills in a form."""


def _said_plainly(what: str, field: str) -> tuple[str, str]:
    """What was expected and found, from the words of msgspec."""
    named = re.match(r"Invalid enum value (.+)", what)
    if named:
        return f"one of {', '.join(_permitted(field))}", named[1]
    expected, cut, found = what.removeprefix("Expected ").partition(", got ")
    if not cut:
        return "a day, YYYY-MM-DD" if "date" in what else "a value of its kind", what
    words = [re.sub(r"`([\w| ]+)`", _plain_types, one) for one in (expected, found)]
    return words[0], words[1]


def _plain_types(types: re.Match[str]) -> str:
    wanted = [one.strip() for one in types[1].split("|")]
    return " or ".join(PLAIN.get(one, one) for one in wanted if one != "null" or len(wanted) == 1)


def _permitted(field: str) -> list[str]:
    """Words a field of few may be."""
    kind: Any = Need
    for part in field.split("."):
        if part.isdigit() or part == "...":
            kind = get_args(kind)[0]
        else:
            kind = next(one.type for one in msgspec.structs.fields(kind) if one.name == part)
    # A field that may be left out is of its kind or of none.
    kind = next((one for one in get_args(kind) if isinstance(one, EnumMeta)), kind)
    words = kind if isinstance(kind, EnumMeta) else get_args(kind)
    return [str(one) for one in words]


def _wrong(need: Need) -> list[tuple[str, str, object]]:
    """(field, expected, found) of everything that types do not say."""
    found: list[tuple[str, str, object]] = []

    def expect(holds: bool, field: str, expected: str, seen: object) -> None:
        if not holds:
            found.append((field, expected, seen))

    amount, start = need.amount, need.start
    given = [x for x in (amount.accelerator_hours, amount.dollars) if x is not None]
    expect(len(given) == 1, "amount", "accelerator_hours or dollars, one of them", len(given))
    expect(all(1 <= x < 1e12 for x in given), "amount", "at least 1 and below 1e12", given)
    expect(bool(re.fullmatch(r"[\w -]{1,64}", need.name)), "name", "1 to 64 letters", need.name)
    expect(1 <= start.run_days <= 366, "start.run_days", "1 to 366 days", start.run_days)
    if start.milestones:
        total = sum(one.probability for one in start.milestones)
        expect(abs(total - 1) < 1e-9, "start.milestones", "probabilities that sum to 1", total)
        every = all(one.probability > 0 for one in start.milestones)
        expect(every, "start.milestones", "probabilities above 0", "one that is not")
        both = start.earliest or start.latest or start.most_likely
        expect(both is None, "start", "milestones, or a window", "both")
    elif start.earliest is None or start.latest is None:
        expect(False, "start", "earliest and latest, or milestones", "neither")
    else:
        expect(start.latest.year < 9000, "start.latest", "a year before 9000", start.latest)
        window = start.earliest <= start.latest
        expect(window, "start.latest", f"{start.earliest} or later", start.latest)
        if start.most_likely is not None:
            inside = start.earliest <= start.most_likely <= start.latest
            expect(inside, "start.most_likely", "a day of the window", start.most_likely)
    guessed = msgspec.structs.replace(need.bill, files=(), cost=Bill().cost) != Bill()
    said_twice = bool(need.bill.files) and guessed
    expect(not said_twice, "bill", "files, or ratio and deviation", "both")
    stood = need.bill.index_dollars
    expect(stood is None or 0.01 <= stood <= 1e6, "bill.index_dollars", "0.01 to 1e+06", stood)
    total = sum(one.probability for one in need.size)
    expect(abs(total - 1) < 1e-9, "size", "probabilities that sum to 1", total)
    for n, one in enumerate(need.size):
        expect(0.001 <= one.factor <= 100, f"size.{n}.factor", "0.001 to 100", one.factor)
        expect(one.probability > 0, f"size.{n}.probability", "above 0", one.probability)
    if need.successors:
        total = sum(one.probability for one in need.successors)
        expect(abs(total - 1) < 1e-9, "successors", "probabilities that sum to 1", total)
        every = all(one.probability > 0 for one in need.successors)
        expect(every, "successors", "probabilities above 0", "one that is not")
        fitted = need.scenarios is not Scenery.TWO_FACTOR
        expect(fitted, "successors", "scenarios fitted to what was seen", need.scenarios.value)
    found += _ranges(need)
    return found


def _ranges(need: Need) -> list[tuple[str, str, object]]:
    """The numbers that have a range, and the offers."""
    found: list[tuple[str, str, object]] = []
    for field, low, high in (
        ("late.dollars_a_day", 0, 1e12),
        ("late.wait_days", 0, 366),
        ("bill.ratio", 0.01, 100),
        ("bill.deviation", 0, 2),
        ("bill.follows", 0, 2),
        ("supply.shortage", 0, 0.99),
        ("supply.slope", 0, 50),
        ("supply.lasts_days", 1, 366),
        ("supply.common", 0, 1),
        ("supply.failure", 0, 1),
        ("supply.resale", 0, 1),
        ("supply.made_good", 0, 1),
        ("budget.premium_dollars", 0, np.inf),
        ("budget.cash_dollars", 0, np.inf),
        ("budget.mean_dollars", 0, np.inf),
        ("risk.level", 0.5, 0.999),
        ("risk.mean_weight", 0, 100),
        ("trade.most_lots", 1, 1_000_000),
        ("trade.impact", 0, 10),
        ("trade.band", 0, 1),
        ("start.notice_days", 0, 1_000),
        ("trade.most_legs", 1, 200),
    ):
        table, name = field.split(".")
        value = getattr(getattr(need, table), name)
        if not low <= value <= high:
            found.append((field, f"{low:g} to {high:g}", value))
    for field, dollars in (
        ("late.failed_dollars", need.late.failed_dollars),
        ("risk.worst_dollars", need.risk.worst_dollars),
    ):
        if dollars is not None and not 0 <= dollars < 1e15:
            found.append((field, "0 to below 1e15", dollars))
    for n, one in enumerate(need.substitutes):
        ranges = (("hours", 0.01, 100), ("price_ratio", 0.01, 100), ("deviation", 0, 5))
        for name, low, high in ranges:
            value = getattr(one, name)
            if not low <= value <= high:
                found.append((f"substitutes.{n}.{name}", f"{low:g} to {high:g}", value))
    return found + _offers(need)


def _offers(need: Need) -> list[tuple[str, str, object]]:
    """What is wrong with the hours offered."""
    found: list[tuple[str, str, object]] = []
    for n, offer in enumerate(need.offers):
        where = f"offers.{n}"
        if offer.kind not in (Kind.PHYSICAL, Kind.CAPACITY):
            found.append((f"{where}.kind", "physical or capacity", offer.kind.value))
        if not re.fullmatch(r"\S(.{0,62}\S)?", offer.name):
            found.append((f"{where}.name", "1 to 64 characters", repr(offer.name[:80])))
        if offer.name in {one.name for one in need.offers[:n]}:
            found.append((f"{where}.name", "a name of its own", offer.name))
        for name, low, high in (("price", 0, 1e6), ("strike", 0, 1e6), ("accelerators", 1, 1e7)):
            value = getattr(offer, name)
            if not low <= value <= high:
                found.append((f"{where}.{name}", f"{low:g} to {high:g}", value))
        months = [_a_month(text) for text in (offer.first, offer.last or offer.first)]
        for name, month in zip(("first", "last"), months, strict=True):
            if month is None:
                said = getattr(offer, name) or "nothing"
                found.append((f"{where}.{name}", "a month, YYYY-MM", said))
        first, last = months
        if first is not None and last is not None and last < first:
            found.append((f"{where}.last", f"{offer.first} or later", offer.last))
    return found


def _a_month(text: str) -> Month | None:
    """The month a text YYYY-MM names, if it names one."""
    said = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        return Month(int(said[1]), int(said[2])) if said else None
    except ValueError:
        return None


def offered_months(offer: Offer) -> tuple[Month, ...]:
    """Months an offer delivers in, ascending."""
    first = _a_month(offer.first)
    last = _a_month(offer.last or offer.first)
    if first is None or last is None:
        raise ValueError(f"{offer.name}: first, last: expected months, YYYY-MM")
    return tuple(first.plus(n) for n in range(last.minus(first) + 1))


def horizon(need: Need, day: date) -> tuple[Month, ...]:
    """Months from that of a day to the last a run may use. Raises ValueError where the need starts
    before the day, or ends beyond what the planner reaches.
    """
    if need.first_start <= day:
        raise ValueError(
            f"start: expected after the plan's day {day}, found {need.first_start}"
        )
    ends = date.fromordinal(need.last_start.toordinal() + need.start.run_days)
    first = Month.of(day)
    count = Month.of(ends).minus(first) + 1
    if count > MOST_MONTHS:
        raise ValueError(f"start: expected an end within {MOST_MONTHS} months, found {ends}")
    return tuple(first.plus(n) for n in range(count))


def with_policy(need: Need, policy: Policy) -> Need:
    """The need under another policy."""
    return msgspec.structs.replace(need, trade=msgspec.structs.replace(need.trade, policy=policy))
