"""What walks forward say: tables by the year of the plan and by that of the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lasalle.hedging.plan.walk import Judged, Year, by_year

HEAD = (
    "million USD   starts    bare  hedged   bare tail  hedged tail   bare spread"
    "  hedged spread   hedge lost"
)
NOTES = (
    "tail: mean of the dearest tenth; spread: deviation over the starts; hedge lost: share of the"
    " starts that were dearer with the plan. A hedge bounds a cost; where prices fell it lost."
)


@dataclass(frozen=True)
class Walk:
    """A walk over one history: its name, where it comes from, plans made, starts judged, and how
    far ahead they were planned.
    """

    name: str
    source: str
    plans: int
    judged: tuple[Judged, ...]
    ahead: object

    def value(self) -> dict[str, Any]:
        """For programs; dollars."""
        return {
            "name": self.name,
            "source": self.source,
            "plans": self.plans,
            "planned": [asdict(one) for one in by_year(self.judged)],
            "started": [asdict(one) for one in by_year(self.judged, started=True)],
        }


def told(walks: Sequence[Walk]) -> str:
    """For people."""
    lines: list[str] = []
    for walk in walks:
        lines += [
            f"{walk.name}: {walk.source}",
            f"  {walk.plans} plans, each on what was known that day; starts overlap, so that no"
            " figure is a probability",
            f"  {HEAD}",
        ]
        planned, started = by_year(walk.judged), by_year(walk.judged, started=True)
        lines += [_row(f"planned {one.year}", one) for one in planned if one.year]
        lines += [_row(f"started {one.year}", one) for one in started if one.year]
        lines += [_row("all", one) for one in planned if not one.year]
        lines.append("")
    return "\n".join([*lines, NOTES])


def _row(word: str, one: Year) -> str:
    return (
        f"  {word:>12}{one.starts:8,}{one.bare / 1e6:8.2f}{one.hedged / 1e6:8.2f}"
        f"{one.bare_tail / 1e6:12.2f}{one.hedged_tail / 1e6:13.2f}"
        f"{one.bare_spread / 1e6:14.2f}{one.hedged_spread / 1e6:15.2f}{one.lost:13.0%}"
    )
