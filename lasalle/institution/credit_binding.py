"""What of a supplier's limits the core enforces: how many lots its account may hold in any series
(INS-007), and whether it may sell what delivers at all (INS-014). Which month, grade and place it
sells stays with the credit desk (CRD-025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lasalle import wire
from lasalle.credit.limits import MonthLimit
from lasalle.credit.model import SupplierFile
from lasalle.credit.portfolio import STOPPED, Judged
from lasalle.institution import demo
from lasalle.institution.house import OpenHouse
from lasalle.institution.settings import Settings
from lasalle.plain.limits import EVERY_PRODUCT
from lasalle.venue.sequencer import Asked
from lasalle.views import AccountsView
from lasalle.wire import ProductClass


@dataclass(frozen=True, slots=True)
class Binding:
    """What an account of a supplier is to be held to, and why it sells nothing more (empty: it
    may)."""

    account: int
    member: int
    position_limit: int
    stopped: str
    by_ladder: bool
    """Whether a step of early warning stops it, and no more than a want of security."""
    basis: str
    """Digest of the file it rests on."""

    def limits(self, now: tuple[int, int, int]) -> wire.SetLimits | None:
        """The account's limits made as tight as its supplier's; None where they are. now: position,
        lots and value of an order, as they stand."""
        if now[0] <= self.position_limit:
            return None
        return wire.SetLimits(
            account=self.account,
            position_limit=self.position_limit,
            order_lots_limit=min(now[1], self.position_limit),
            order_value_limit=now[2],
        )

    def eligibility(self, products: int) -> wire.SetEligibility | None:
        """Takes what delivers out of the products of a supplier that is stopped; None where it may
        sell, or is kept from it already. products: bits of those it is eligible for."""
        if not self.stopped or not products & ProductClass.PHYSICAL:
            return None
        return wire.SetEligibility(
            member=self.member,
            account=self.account,
            products=products & ~ProductClass.PHYSICAL,
            basis=bytes.fromhex(self.basis),
        )


def binding_of(one: Judged, digest: str, accounts: AccountsView) -> Binding | None:
    """What a judged supplier is to be held to; None where it has no account in the house. The limit
    is the largest of its months, grades and places, less what it sold elsewhere of each: in no
    series does it sell more than that here."""
    file = one.file
    if file.account not in accounts.accounts:
        return None
    most = max((_left_here(file, limit) for limit in one.limits), default=0)
    stopped = one.stops or ("" if most else "its limits are nothing")
    bound = int(wire.Bound.ACCOUNT_GROSS_LOTS)
    member = accounts.accounts[file.account].member
    by_ladder = one.warned.step.name in STOPPED
    return Binding(file.account, member, max(1, min(most, bound)), stopped, by_ladder, digest)


def _left_here(file: SupplierFile, limit: MonthLimit) -> int:
    key = (limit.month, limit.grade, limit.place)
    elsewhere = sum(
        s.accelerators for s in file.sold if s.elsewhere and (s.month, s.grade, s.place) == key
    )
    return max(0, limit.limit - elsewhere)


def products_of(accounts: AccountsView, account: int) -> int:
    """Bits of the product classes an account is eligible for."""
    names = set(accounts.margins.products(account))
    return sum(one for one in ProductClass if one.name.lower() in names) & EVERY_PRODUCT


def fields_of(command: Any) -> dict[str, str | int]:
    """Fields of a command as a door takes them."""
    found = {name: getattr(command, name) for name in command.__struct_fields__}
    return {n: v.hex() if isinstance(v, bytes) else v for n, v in found.items()}


class Stopping:
    """Takes what delivers from suppliers that early warning stopped: proposed by the desk, approved
    by a second actor, or by a person where the house names none. What was taken is given back by
    two people alone."""

    def __init__(self, accounts: AccountsView, actor: int, second: int = 0) -> None:
        self._accounts, self._actor, self._second = accounts, actor, second

    def due(self, bindings: dict[str, Binding]) -> list[tuple[str, Asked]]:
        """Commands that lack, with the sentence to say of each; none that waits for a person."""
        found = []
        roles = self._accounts.actors.get(self._actor, (0, 0))[1]
        for supplier, one in sorted(bindings.items()) if roles & wire.Role.OPERATOR else ():
            command = one.eligibility(products_of(self._accounts, one.account))
            if command is None or not one.by_ladder:
                continue
            said = f"supplier {supplier} sells nothing more that delivers: {one.stopped}"
            waiting = self._proposal(command)
            if waiting is None:
                asked = wire.Propose(command=command.KIND, payload=command.pack())
                found.append((f"{said}; proposed", Asked(self._actor, asked)))
            elif self._second:
                found.append((said, Asked(self._second, wire.Approve(proposal=waiting))))
        return found

    def _proposal(self, command: Any) -> int | None:
        """The proposal that takes the same from the same account; its basis may be older."""
        for number, waiting in self._accounts.proposals.items():
            if waiting.command != command.KIND:
                continue
            told = wire.SetEligibility.unpack(waiting.payload, wire.SetEligibility.BLOCK)
            if (told.account, told.products) == (command.account, command.products):
                return number
        return None


def stopping_of(house: OpenHouse, settings: Settings) -> Stopping:
    """The two actors of a house that stop its suppliers."""
    second = demo.SECOND if settings.demonstration else 0
    return Stopping(house.accounts, settings.desk_actor, second)
