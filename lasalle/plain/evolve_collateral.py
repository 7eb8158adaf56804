"""What events of collateral, of margin calls and of publications write."""

from __future__ import annotations

from typing import Any

from lasalle.plain.state import Call, Collateral, Digest, Place, State
from lasalle.plain.timers import CALL_TIMER, set_timer


def collateral_admitted(state: State, number: int, place: Place, event: Any) -> None:
    known = state.collateral.get(event.asset)
    state.collateral[event.asset] = Collateral(
        event.asset,
        event.haircut,
        event.account_cap,
        event.letter,
        known.price if known else 0,
        known.day if known else 0,
    )
    state.epoch = number


def collateral_valued(state: State, number: int, place: Place, event: Any) -> None:
    for item in event.prices:
        terms = state.collateral[item.asset]
        terms.price, terms.day = item.price, event.day
    state.epoch = number


def margin_called(state: State, number: int, place: Place, event: Any) -> None:
    state.calls[event.account] = Call(event.account, event.call, event.amount, event.due)
    set_timer(state, (CALL_TIMER, event.account), event.due)


def margin_call_met(state: State, number: int, place: Place, event: Any) -> None:
    del state.calls[event.account]
    set_timer(state, (CALL_TIMER, event.account), 0)


def margin_call_late(state: State, number: int, place: Place, event: Any) -> None:
    state.calls[event.account].due = 0
    set_timer(state, (CALL_TIMER, event.account), 0)


def digest_published(state: State, number: int, place: Place, event: Any) -> None:
    state.digests[event.publication] = Digest(event.publication, event.day, event.digest)
