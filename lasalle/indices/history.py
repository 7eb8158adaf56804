"""An index replayed over its dates: every date from the first on, with evidence or without."""

from __future__ import annotations

from collections.abc import Iterator

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
    found = {evidence.day: evidence for evidence in book.dates(method)}
    begun = state if state is not None else State()
    first = begun.day + 1 if begun.day else min(found, default=0)
    last = last_day if last_day is not None else max(found, default=-1)
    for day in range(first, last + 1):
        evidence = found.get(day) or DateEvidence(day, (), (), NOTHING, False)
        made = step(method, begun, evidence)
        yield made
        begun = made.state
