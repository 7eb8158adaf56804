"""Timers by (kind, id), fired in order of (due, kind, id); a cache of what the records say."""

from __future__ import annotations

from lasalle.plain.state import State

ORDER_TIMER, SERIES_TIMER, ACCOUNT_TIMER, TRANSFER_TIMER = 1, 2, 3, 4
PROPOSAL_TIMER, OFFER_TIMER, CALL_TIMER = 5, 6, 7
DELIVERY_TIMER, METERED_TIMER, DELIVERY_OFFER_TIMER = 8, 9, 10
FINAL_TIMER, CREDIT_TIMER, EXCHANGE_TIMER, GUARANTEE_TIMER = 11, 12, 13, 14


def set_timer(state: State, timer: tuple[int, int], due: int) -> None:
    state.timers.pop(timer, None)
    if due:
        state.timers[timer] = due
