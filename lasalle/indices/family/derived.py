"""Derived indices: a number made of published numbers, by a small published method.

The inputs of a derived index are lines of text, and everything it is made of stands in them: its
head names the method and its version, and what is simulated or modelled in the lines. `recompute`
makes it anew from those lines alone, with the same bits on any machine, because the arithmetic is
whole or correctly rounded decimal. A head of three fields is of a time before the labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context

EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
"""Fifty digits; `ln`, `exp` and `sqrt` of `decimal` are correctly rounded in it."""


class DerivedError(ValueError):
    """Inputs are not of their published form; says field, expected and found."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        super().__init__(f"{field}: expected {expected}, found {found!r}")
        self.field, self.expected, self.found = field, expected, found


@dataclass(frozen=True, slots=True)
class Truth:
    """What the lines of a derived index rest on, as its head says it."""

    simulated: bool = False
    """Something it is made of is made up: a fixing on made-up prices, an offer nobody makes."""
    modelled: bool = False
    """Something it is made of is what a model says, such as quotes of the house's own maker."""

    @property
    def word(self) -> str:
        """`observed`, `simulated`, `modelled` or `simulated+modelled`."""
        words = (("simulated", self.simulated), ("modelled", self.modelled))
        return "+".join(word for word, so in words if so) or "observed"


OBSERVED = Truth()
_TRUTHS = {t.word: t for t in (Truth(a, b) for a in (False, True) for b in (False, True))}


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived index on a date; without a value where its method gives none, with the reason."""

    index: str
    method: str
    version: int
    day: int
    """YYYYMMDD."""
    value: int | None
    unit: str
    reason: str
    detail: str
    inputs: bytes
    truth: Truth | None = None
    """None for lines that are older than the label, and do not say."""

    @property
    def simulated(self) -> bool | None:
        """Whether something it is made of is made up; None where its lines do not say."""
        return self.truth.simulated if self.truth else None

    @property
    def modelled(self) -> bool | None:
        """Whether something it is made of is a model's; None where its lines do not say."""
        return self.truth.modelled if self.truth else None

    @property
    def input_sha256(self) -> str:
        """Digest of the lines it is made of."""
        return hashlib.sha256(self.inputs).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method makes of its lines: a value, or the reason there is none."""

    value: int | None = None
    reason: str = ""
    detail: str = ""


Computation = Callable[[Sequence[str]], Outcome]


@dataclass(frozen=True, slots=True)
class DerivedMethod:
    """A published method: what it makes of its lines, and the unit of the whole number it gives."""

    name: str
    version: int
    unit: str
    compute: Computation


_METHODS: dict[tuple[str, int], DerivedMethod] = {}


def publish(name: str, version: int, unit: str) -> Callable[[Computation], DerivedMethod]:
    """Puts a method into the registry; a name and version stand for one computation for good."""

    def held(compute: Computation) -> DerivedMethod:
        if (name, version) in _METHODS:
            raise ValueError(f"method: {name} v{version} is published already")
        _METHODS[name, version] = DerivedMethod(name, version, unit, compute)
        return _METHODS[name, version]

    return held


def published_methods() -> tuple[DerivedMethod, ...]:
    """Every method, by name and version."""
    return tuple(method for _, method in sorted(_METHODS.items()))


def derive(
    method: DerivedMethod,
    index: str,
    day: int,
    lines: Iterable[str],
    truth: Truth | None = OBSERVED,
) -> Derived:
    """The index on a date from the lines a method reads, in the order given, and what these rest
    on; None writes the older head, which does not say."""
    told = list(lines)
    if bad := next((line for line in told if not line or not line.isascii() or "\n" in line), None):
        raise DerivedError("inputs", "lines of ASCII", bad)
    outcome = method.compute(told)
    head = f"{index}|{method.name} v{method.version}|{day}"
    head += f"|{truth.word}" if truth else ""
    return Derived(
        index=index,
        method=method.name,
        version=method.version,
        day=day,
        value=outcome.value,
        unit=method.unit,
        reason=outcome.reason,
        detail=outcome.detail,
        inputs="\n".join([head, *told, ""]).encode("ascii"),
        truth=truth,
    )


def recompute(inputs: bytes) -> Derived:
    """A derived index anew from its published lines alone."""
    try:
        head, *lines, end = inputs.decode("ascii").split("\n")
        index, named, day, *label = head.split("|")
        truth = _TRUTHS[label[0]] if label else None
        name, version = named.split(" v")
        method = _METHODS.get((name, int(version)))
        number = int(day)
    except (ValueError, KeyError) as error:
        form = f"INDEX|METHOD vN|YYYYMMDD|{' or '.join(_TRUTHS)}, then lines"
        raise DerivedError("inputs", form, inputs[:80]) from error
    if method is None:
        known = ", ".join(f"{m.name} v{m.version}" for m in published_methods())
        raise DerivedError("method", known, named)
    found = derive(method, index, number, lines, truth)
    if end or found.inputs != inputs:
        raise DerivedError("inputs", "lines that each end", f"{len(lines)} lines")
    return found


def fields(line: str, names: str) -> list[str]:
    """The parts of a line, as many as it has names, `day|price`."""
    parts = line.split("|")
    if len(parts) != names.count("|") + 1:
        raise DerivedError("inputs", names, line)
    return parts


def whole(text: str, name: str, least: int | None = None) -> int:
    """A whole number in its shortest form."""
    try:
        number = int(text)
    except ValueError as error:
        raise DerivedError(name, "a whole number", text) from error
    if str(number) != text or (least is not None and number < least):
        raise DerivedError(name, f"a whole number from {least}", text)
    return number


def half_even(numerator: int, denominator: int) -> int:
    """The nearest whole number to a quotient; halves go to the even one."""
    if denominator <= 0:
        raise DerivedError("denominator", "above 0", denominator)
    quotient, rest = divmod(numerator, denominator)
    up = 2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1)
    return quotient + up
