"""What walks forward say: tables by the year of the plan and by that of the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lasalle.hedging.plan.walk import Judged, Year, by_year
from lasalle.institution.walk_needs import shipped

HEAD = (
    "million USD   plans    bare  hedged  bare tail  hedged tail  bare worst  hedged worst  lost"
    "  expected    came  premium    cash  most cash  above"
)
NOTES = (
    "tail: mean of the dearest twentieth; lost: share of the plans, or of the outcomes that began"
    " in the year, that were dearer with the hedge; expected and came: what the hedge adds to the"
    " mean cost, as plans had it and as it came; cash: the most that was tied up, mean and most;"
    " above: plans in which it passed the budget. A hedge bounds a cost; where prices fell it lost."
)


@dataclass(frozen=True)
class Walk:
    """A walk over one history: its name, where it comes from, and its plans as judged."""

    name: str
    source: str
    judged: tuple[Judged, ...]

    def years(self, *, started: bool = False) -> list[Year]:
        """By the year of the plan or of the start, against the cash the need has."""
        return by_year(self.judged, shipped().budget.cash_dollars, started=started)

    def value(self) -> dict[str, Any]:
        """For programs; dollars."""
        return {
            "name": self.name,
            "source": self.source,
            "plans": len(self.judged),
            "planned": [asdict(one) for one in self.years()],
            "started": [asdict(one) for one in self.years(started=True)],
            "by_plan": [
                {
                    "planned": str(one.planned),
                    "bare": sum(n.chance * n.bare for n in one.outcomes),
                    "brought": one.brought,
                    "foreseen": one.foreseen,
                    "premium": one.premium,
                    "planned_cash": one.planned_cash,
                    "cash": one.cash,
                }
                for one in self.judged
            ],
        }


def told(walks: Sequence[Walk]) -> str:
    """For people."""
    budget = shipped().budget
    lines = [
        f"The need that ships: premium within {budget.premium_dollars / 1e6:g}, cash within"
        f" {budget.cash_dollars / 1e6:g} million USD; starts overlap, so that no figure is a"
        " probability",
        "",
    ]
    for walk in walks:
        lines += [f"{walk.name}: {walk.source}", f"  {HEAD}"]
        planned, started = walk.years(), walk.years(started=True)
        lines += [_row(f"planned {one.year}", one) + _used(one) for one in planned if one.year]
        lines += [_row(f"started {one.year}", one) for one in started if one.year]
        lines += [_row("all", one) + _used(one) for one in planned if not one.year]
        lines.append("")
    return "\n".join([*lines, NOTES])


def _row(word: str, one: Year) -> str:
    return (
        f"  {word:>12}{one.plans:7,}{one.bare / 1e6:8.2f}{one.hedged / 1e6:8.2f}"
        f"{one.bare_tail / 1e6:11.2f}{one.hedged_tail / 1e6:13.2f}"
        f"{one.bare_worst / 1e6:12.2f}{one.hedged_worst / 1e6:14.2f}{one.lost:6.0%}"
    )


def _used(one: Year) -> str:
    return (
        f"{one.foreseen / 1e6:+10.2f}{(one.hedged - one.bare) / 1e6:+8.2f}{one.premium / 1e6:9.2f}"
        f"{one.cash / 1e6:8.2f}{one.most_cash / 1e6:11.2f}{one.above_budget:7,}"
    )
