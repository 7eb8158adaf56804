"""Stress and size: who could cost the house most, and what has to stand ready for it.

Losses come by account and scenario (lasalle.clearing.stress gives them for the house's set). What a
scenario costs beyond margin is summed over a member's accounts, each on its own: no gain of a
client, and no other account, makes it smaller (EMIR Art. 42 and 43).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lasalle.clearing.losses import spread
from lasalle.clearing.stress import StressLosses

MILLE = 1_000


@dataclass(frozen=True, slots=True)
class Exposure:
    """An account under stress: `margin` it has paid in and its loss in each scenario (positive
    loses), micro-dollars."""

    member: int
    account: int
    margin: int
    losses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The worst a number of members can do together in one scenario, micro-dollars."""

    scenario: str
    members: tuple[int, ...]
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.amounts)


@dataclass(frozen=True, slots=True)
class SizingTerms:
    """What a fund is made by; money in micro-dollars, ratios in ten-thousandths."""

    floor: int
    member_floor: int
    buffer: int = 1_000
    margin_weight: int = 5_000

    def __post_init__(self) -> None:
        if self.floor < 0 or self.member_floor < 0:
            raise ValueError(f"floors: expected 0 or more, found {self.floor}, {self.member_floor}")
        if not (0 <= self.buffer <= 10_000 and 0 <= self.margin_weight <= 10_000):
            found = f"{self.buffer}, {self.margin_weight}"
            raise ValueError(f"buffer, margin_weight: expected 0 to 10000, found {found}")


@dataclass(frozen=True, slots=True)
class FundSize:
    """A default fund: its total, why, and what each member has to have in it, micro-dollars."""

    total: int
    first: Cover
    second: Cover
    binding: str
    contributions: dict[int, int]


def exposures(
    stress: StressLosses,
    accounts: Mapping[int, tuple[int, int, Mapping[str, int]]],
) -> list[Exposure]:
    """Accounts, (member, margin in micro-dollars, lots by symbol) by number, under a stress set."""
    return [
        Exposure(member, account, margin, tuple(stress.of(lots)))
        for account, (member, margin, lots) in sorted(accounts.items())
    ]


def beyond_margin(of: Sequence[Exposure], scenario: int, scale: int = MILLE) -> dict[int, int]:
    """What each member loses beyond its margin, summed over its accounts; the scenario's losses are
    taken at so many thousandths, rounded up."""
    found: dict[int, int] = {}
    for one in of:
        loss = -(-one.losses[scenario] * scale // MILLE)
        found[one.member] = found.get(one.member, 0) + max(0, loss - one.margin)
    return found


def cover(of: Sequence[Exposure], names: Sequence[str], members: int) -> Cover:
    """Cover-1, Cover-2 and so on: the scenario in which so many members together lose most beyond
    their margin; ties to the first scenario and the lower member."""
    best = Cover("", (), ())
    for scenario, name in enumerate(names):
        lost = beyond_margin(of, scenario)
        worst = sorted(lost.items(), key=lambda item: (-item[1], item[0]))[:members]
        found = Cover(name, tuple(m for m, _ in worst), tuple(amount for _, amount in worst))
        if not best.scenario or found.total > best.total:
            best = found
    return best


def fund_size(
    of: Sequence[Exposure], names: Sequence[str], first_loss: int, terms: SizingTerms
) -> FundSize:
    """The fund that covers the two largest with the house's first loss, and the largest or the
    second and third without it, raised by the buffer; contributions in proportion to margin and to
    stress, none below its floor."""
    two, three = cover(of, names, 2), cover(of, names, 3)
    largest = max(
        (max(beyond_margin(of, s).values(), default=0) for s in range(len(names))), default=0
    )
    second_third = 0
    for scenario in range(len(names)):
        ranked = sorted(beyond_margin(of, scenario).values(), reverse=True)
        second_third = max(second_third, sum(ranked[1:3]))
    candidates = {
        "the two largest less the first loss": two.total - first_loss,
        "the largest": largest,
        "the second and the third": second_third,
        "the floor": terms.floor,
    }
    binding = max(candidates, key=lambda name: candidates[name])
    total = -(-candidates[binding] * (10_000 + terms.buffer) // 10_000)
    return FundSize(total, two, three, binding, contributions(of, names, total, terms))


def contributions(
    of: Sequence[Exposure], names: Sequence[str], total: int, terms: SizingTerms
) -> dict[int, int]:
    """The fund over members: by their share of all margin and of all stress beyond it, exact to the
    micro-dollar before floors; a floor only raises."""
    members = sorted({one.member for one in of})
    margin = {m: sum(one.margin for one in of if one.member == m) for m in members}
    stress = dict.fromkeys(members, 0)
    for scenario in range(len(names)):
        for member, lost in beyond_margin(of, scenario).items():
            stress[member] = max(stress[member], lost)
    by_margin = total * terms.margin_weight // 10_000 if sum(stress.values()) else total
    parts = dict.fromkeys(members, 0)
    for amount, weights in ((by_margin, margin), (total - by_margin, stress)):
        for member, part in spread(amount, list(weights.items())):
            parts[member] += part
    return {m: max(terms.member_floor, part) for m, part in parts.items()}


@dataclass(frozen=True, slots=True)
class Reverse:
    """How far a scenario has to be taken until two members use up what stands ready; thousandths of
    its losses, or 0 where they never do within the bound."""

    scenario: str
    scale: int
    members: tuple[int, ...]


def reverse_stress(
    of: Sequence[Exposure], names: Sequence[str], ready: int, most: int = 20 * MILLE
) -> list[Reverse]:
    """For each scenario the least multiple of it at which the two worst members lose more than
    `ready` micro-dollars, found by halving; the mildest first."""
    found = []
    for scenario, name in enumerate(names):

        def worst(scale: int, at: int = scenario) -> list[tuple[int, int]]:
            lost = beyond_margin(of, at, scale)
            return sorted(lost.items(), key=lambda item: (-item[1], item[0]))[:2]

        low, high = 0, most
        if sum(amount for _, amount in worst(most)) <= ready:
            found.append(Reverse(name, 0, ()))
            continue
        while high - low > 1:
            middle = (low + high) // 2
            enough = sum(amount for _, amount in worst(middle)) > ready
            low, high = (low, middle) if enough else (middle, high)
        found.append(Reverse(name, high, tuple(m for m, _ in worst(high))))
    return sorted(found, key=lambda r: (r.scale == 0, r.scale, r.scenario))


def liquidity_need(due: Mapping[int, Mapping[int, int]], failing: int = 2) -> list[tuple[int, int]]:
    """(hour, micro-dollars) of a day: what the house has advanced by each hour when the members
    whose failing costs it most pay nothing. due: what a member has to pay (positive) or receives by
    hour of the day; what others pay in that hour goes to who receives."""
    hours = sorted({hour for by_hour in due.values() for hour in by_hour})
    found = []
    for last in hours:
        paid = {
            member: max(0, sum(v for hour, v in by_hour.items() if hour <= last))
            for member, by_hour in due.items()
        }
        found.append((last, sum(sorted(paid.values(), reverse=True)[:failing])))
    return found
