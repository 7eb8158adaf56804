"""A later version of a method in a house that stands: two officers say the same notice, long enough
before its first date, and what was fixed before keeps its version (IDX-025, IDX-026).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lasalle.indices.bundle import day_of
from lasalle.indices.published import ChainMethod, Method, MethodError, method_of

NOTICE_DAYS = 30
"""Days between the second hand of a notice and its first date, at least."""
HANDS = 2

Stages = tuple[tuple[int, ChainMethod], ...]
"""First day of each version of a method, days since 1970; the first stage has no beginning."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What one officer said: an index goes on under a version from a date on."""

    index: str
    before: int
    """Version in force when it was said."""
    version: int
    first: date
    method_sha256: str
    why: str
    actor: int
    time: int
    """Nanoseconds UTC."""

    @property
    def notice(self) -> tuple[str, int, int, date, str]:
        """What two officers have to say alike."""
        return self.index, self.before, self.version, self.first, self.method_sha256


@dataclass(frozen=True, slots=True)
class Adoption:
    """A notice and whose hands are under it, in the order they were laid on it."""

    index: str
    before: int
    version: int
    first: date
    method_sha256: str
    why: str
    hands: tuple[int, ...]
    time: int
    """When it was agreed, or last said while it is not; nanoseconds UTC."""

    @property
    def agreed(self) -> bool:
        """Whether it binds."""
        return len(self.hands) >= HANDS


def adoptions(sayings: Iterable[Saying]) -> tuple[Adoption, ...]:
    """Notices in the order they were first given; who says one again adds nothing to it."""
    found: dict[tuple[str, int, int, date, str], Adoption] = {}
    for one in sayings:
        known = found.get(one.notice)
        if known is not None and (known.agreed or one.actor in known.hands):
            continue
        hands = (*(known.hands if known else ()), one.actor)
        why = known.why if known else one.why
        found[one.notice] = Adoption(*one.notice[:4], one.method_sha256, why, hands, one.time)
    return tuple(found.values())


def check_notice(
    standing: Method,
    version: int,
    first: date,
    today: date,
    known: Iterable[Adoption],
    running: Mapping[str, tuple[date, date]],
) -> ChainMethod:
    """The method a notice names. Raises MethodError by field.

    standing: the method in force. known: notices given so far. running: first and last date of each
    series somebody holds that settles on the index.
    """
    if not isinstance(standing, ChainMethod):
        raise MethodError("index", "one under a chain: a mean ends with what it settles", "a mean")
    method = method_of(standing.index, version)
    if method.version <= standing.version or not isinstance(method, ChainMethod):
        raise MethodError("version", f"one after {standing.version}, which stands", version)
    earliest = today + timedelta(days=NOTICE_DAYS)
    if first < earliest:
        expected = f"{earliest} or later, {NOTICE_DAYS} days of notice"
        raise MethodError("from", expected, first.isoformat())
    for one in known:
        same = one.index == standing.index and one.agreed and one.version > standing.version
        if same and (one.version, one.first) != (version, first):
            expected = f"what is agreed, version {one.version} from {one.first}"
            raise MethodError("version", expected, f"{version} from {first}")
    for symbol, (begins, ends) in sorted(running.items(), key=lambda row: row[1][1], reverse=True):
        if begins < first <= ends:
            after = ends + timedelta(days=1)
            expected = f"a date on which nothing held has begun; {symbol} is held to {ends}, so"
            raise MethodError("from", f"{expected} {after} or later", first.isoformat())
    return method


def stages_of(method: ChainMethod, known: Iterable[Adoption]) -> Stages:
    """Under which version each date of an index is fixed, where one stands or stood. Raises
    MethodError where the table here is not the one that was adopted."""
    agreed = [a for a in known if a.index == method.index and a.agreed]
    agreed.sort(key=lambda one: one.first)
    if not agreed:
        return ((0, method),)
    found: list[tuple[int, ChainMethod]] = []
    for first, version, digest in (
        (0, agreed[0].before, ""),
        *((day_of(one.first), one.version, one.method_sha256) for one in agreed),
    ):
        stage = method_of(method.index, version)
        if not isinstance(stage, ChainMethod) or (digest and stage.sha256 != digest):
            raise MethodError(f"{method.index} v{version}", f"the adopted table {digest}",
                              stage.sha256)  # fmt: skip
        found.append((first, stage))
    return tuple(found)


def method_at(stages: Stages, day: int) -> ChainMethod:
    """The method a date is fixed under."""
    return [method for first, method in stages if first <= day][-1]
