"""An index replayed over its dates: every date from the first on, with evidence or without."""

from __future__ import annotations

from collections.abc import Iterator

from lasalle.indices.adoption import Stages, method_at
from lasalle.indices.chain import State, Step
from lasalle.indices.published import ChainMethod
from lasalle.indices.quotes import DateEvidence, EvidenceBook
from lasalle.indices.step import step

NOTHING = frozenset[str]()


def replay(
    method: ChainMethod,
    book: EvidenceBook,
    last_day: int | None = None,
    state: State | None = None,
) -> Iterator[Step]:
    """Every date after the state (or from the first evidence) to `last_day` (or the last
    evidence).
    """
    return (made for *_, made in staged(((0, method),), book, last_day, state))


def staged(
    stages: Stages,
    book: EvidenceBook,
    last_day: int | None = None,
    state: State | None = None,
) -> Iterator[tuple[ChainMethod, State, DateEvidence, Step]]:
    """The same under the version in force on each date, with that version, the state before and the
    evidence: a later version goes on from the state that the earlier one leaves (IDX-026).
    """
    by_version: dict[int, dict[int, DateEvidence]] = {}

    def found(method: ChainMethod) -> dict[int, DateEvidence]:
        known = by_version.get(method.version)
        if known is None:
            known = {evidence.day: evidence for evidence in book.dates(method)}
            by_version[method.version] = known
        return known

    begun = state if state is not None else State()
    standing = method_at(stages, begun.day + 1)
    last = last_day if last_day is not None else max(found(stages[-1][1]), default=-1)
    first = begun.day + 1 if begun.day else min(found(standing), default=last + 1)
    for day in range(first, last + 1):
        method = method_at(stages, day)
        evidence = found(method).get(day) or DateEvidence(day, (), (), NOTHING, False)
        made = step(method, begun, evidence)
        yield method, begun, evidence, made
        begun = made.state
