"""What a house may be asked, declared once: both clients are made of this table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from lasalle.client import asking as a
from lasalle.client import credit as c
from lasalle.client import custody as r
from lasalle.client import hedging as h
from lasalle.client import obligations as o
from lasalle.client.asking import Asking

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Waits(Protocol):
    """A client that gives the answer."""

    waits: bool

    def ask(self, asking: Asking[T]) -> T: ...


class Awaits(Protocol):
    """A client that gives what is awaited."""

    awaits: bool

    def ask(self, asking: Asking[T]) -> Coroutine[Any, Any, T]: ...


class Call(Generic[P, T_co]):
    """A method of both clients: the request it makes is asked as the client asks."""

    def __init__(self, make: Callable[P, Asking[T_co]]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, client: None, owner: Any) -> Call[P, T_co]: ...

    @overload
    def __get__(self, client: Waits, owner: Any) -> Callable[P, T_co]: ...

    @overload
    def __get__(self, client: Awaits, owner: Any) -> Callable[P, Coroutine[Any, Any, T_co]]: ...

    def __get__(self, client: Any, owner: Any) -> Any:
        if client is None:
            return self
        make = self.make

        def call(*args: P.args, **more: P.kwargs) -> Any:
            return client.ask(make(*args, **more))

        call.__doc__ = self.__doc__
        return call


class Calls:
    """Every request a client has a method for."""

    command = Call(a.asking_command)
    place = Call(a.asking_order)
    cancel = Call(a.asking_cancel)
    cancel_all = Call(a.asking_cancels)
    replace = Call(a.asking_replace)
    order = Call(a.asking_found)
    live_orders = Call(a.asking_live_orders)
    account = Call(a.asking_account)
    statement = Call(a.asking_statement)
    margin = Call(a.asking_margin)
    balances = Call(a.asking_balances)
    positions = Call(a.asking_positions)
    fills = Call(a.asking_fills)
    calls = Call(a.asking_calls)
    requirement_changes = Call(a.asking_requirement_changes)
    day_statement = Call(a.asking_day)
    settlement_prices = Call(a.asking_settlements)
    fixings = Call(a.asking_fixings)
    no_fixes = Call(a.asking_no_fixes)
    book = Call(a.asking_book)
    trades = Call(a.asking_trades)
    series = Call(a.asking_series)
    status = Call(a.asking_status)
    events = Call(a.asking_events)
    deliveries = Call(o.asking_deliveries)
    delivery_money = Call(o.asking_delivery_money)
    delivery = Call(o.asking_delivery)
    delivery_invoice = Call(o.asking_invoice)
    nominate = Call(o.asking_nominate)
    nominations = Call(o.asking_nominations)
    hedge_plan = Call(h.asking_plan)
    hedge_plans = Call(h.asking_plans)
    hedge_plan_found = Call(h.asking_found_plan)
    hedge_plan_cancelled = Call(h.asking_cancelled_plan)
    hedge_report = Call(h.asking_report)
    hedge_orders = Call(h.asking_orders)
    hedge_execution = Call(h.asking_execution)
    credit_totals = Call(c.asking_totals)
    credit_suppliers = Call(c.asking_suppliers)
    credit_supplier = Call(c.asking_supplier)
    credit_file = Call(c.asking_file)
    credit_line = Call(c.asking_line)
    credit_heartbeats = Call(c.asking_heartbeats)
    credit_draw = Call(c.asking_draw)
    credit_what_if = Call(c.asking_what_if)
    custody = Call(r.asking_custody)
    custody_terms = Call(r.asking_custody_terms)
    custody_test = Call(r.asking_custody_test)
    custody_answer = Call(r.asking_custody_answer)


class WaitingCalls(Calls, ABC):
    """Calls that give their answer, whoever carries the request."""

    waits = True

    @abstractmethod
    def ask(self, asking: Asking[T]) -> T:
        """The answer to a request."""


def table() -> dict[str, Call[..., Any]]:
    """The calls by name."""
    found = {n: c for n, c in vars(Calls).items() if isinstance(c, Call)}
    return cast("dict[str, Call[..., Any]]", found)
