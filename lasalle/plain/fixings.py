"""Deciding fixings, and days that have none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lasalle import wire
from lasalle.plain.orders import same
from lasalle.plain.state import NO_FIXES, Place, Refused, State, need_behaviour
from lasalle.wire import Bound, Refusal

Events = Iterator[Any]


def publish_fixing(state: State, place: Place, command: wire.PublishFixing) -> Events:
    _check_day_ahead(state, command.index, command.day)
    _check_fixing(command.price)
    yield same(wire.FixingPublished, command)


def declare_no_fix(state: State, place: Place, command: wire.DeclareNoFix) -> Events:
    need_behaviour(state, NO_FIXES)
    _check_day_ahead(state, command.index, command.day)
    yield same(wire.NoFixDeclared, command)


def publish_late_fixing(state: State, place: Place, command: wire.PublishLateFixing) -> Events:
    need_behaviour(state, NO_FIXES)
    if (command.index, command.day) not in state.no_fixes:
        raise Refused(Refusal.FIXING_NOT_MISSING, command.index, command.day)
    _check_fixing(command.price)
    yield same(wire.LateFixingPublished, command)


def _check_day_ahead(state: State, index: int, day: int) -> None:
    """An index has one row a day, and the days ascend (CLR-014, CLR-017)."""
    last = state.fixings.get(index)
    if last is not None and day <= last.day:
        raise Refused(Refusal.DAY_NOT_AHEAD, last.day, day)


def _check_fixing(price: int) -> None:
    if not 1 <= price <= Bound.PRICE:
        raise Refused(Refusal.ROW_OUT_OF_BOUNDS, Bound.PRICE, price)
