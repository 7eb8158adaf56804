"""What events of joining and of lines of credit write."""

from __future__ import annotations

from typing import Any

from lasalle.plain.alignment import rate_published
from lasalle.plain.credit import Cover, Line, Security
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


def cover_recorded(state: State, number: int, place: Place, event: Any) -> None:
    key = (event.account, event.series)
    state.credit.covers.pop(key, None)
    if event.lots:
        cover = Cover(event.account, event.series, event.lots, event.until, event.evidence)
        state.credit.covers[key] = cover


def line_set(state: State, number: int, place: Place, event: Any) -> None:
    state.credit.lines[event.account] = Line(event.account, event.limit, event.rate)


def line_written_off(state: State, number: int, place: Place, event: Any) -> None:
    state.credit.lines[event.account].limit = 0


def lines_secured(state: State, number: int, place: Place, event: Any) -> None:
    security = Security(event.asset, event.advance, event.account_cap)
    state.credit.securities[event.asset] = security


JOINED = {
    "eligibility_set": eligibility_set,
    "cover_recorded": cover_recorded,
    "line_set": line_set,
    "line_written_off": line_written_off,
    "lines_secured": lines_secured,
    "rate_published": rate_published,
}
"""Events of joining that write more than their postings."""
