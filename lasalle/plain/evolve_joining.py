"""What events of joining write."""

from __future__ import annotations

from typing import Any

from lasalle.plain.limits import EVERY_PRODUCT
from lasalle.plain.state import Account, Place, State


def bar(state: State, account: Account) -> None:
    """Finds again what an account is barred from."""
    # Who keeps only part of a state may keep no members.
    member = state.members.get(account.member)
    account.barred = account.withheld | (member.withheld if member else 0)


def eligibility_set(state: State, number: int, place: Place, event: Any) -> None:
    withheld = EVERY_PRODUCT & ~event.products
    if event.account:
        state.accounts[event.account].withheld = withheld
    else:
        state.members[event.member].withheld = withheld
    for account in state.accounts.values():
        if account.member == event.member:
            bar(state, account)


JOINED = {"eligibility_set": eligibility_set}
"""Events of joining that write more than their postings."""
