"""The day's desk: what a house asks of itself as time passes, from what its views show.

It keeps nothing of its own. What is still to do is read from the views each time, one stage after
another, so that a house killed anywhere goes on from there and nothing is done twice. Commands of
the daily cycle name as their cause the fixing that ended the day; the schedule's name none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from lasalle import wire
from lasalle.clearing import settlement_command, table_commands
from lasalle.contracts import Month, day_number, hours
from lasalle.exchange import (
    Schedule,
    Standing,
    close_commands,
    list_series,
    load_listing_terms,
    state_commands,
)
from lasalle.indices import Fixing, fixing_command, month_average
from lasalle.institution.estimates import Estimate, Loader, as_published, estimate
from lasalle.institution.views import LivingViews
from lasalle.venue.sequencer import Asked, Told
from lasalle.wire import SeriesState

SHOWN_FIXINGS = 180
"""Fixings put on the log when a house begins."""


class DayStuck(Exception):
    """A command of the day was refused; it names the command and the refusal."""


@dataclass(frozen=True)
class Need:
    """What an estimate is made from: a business day, and the symbols alive in order of number."""

    day: date
    listed: tuple[str, ...]
    published: dict[int, int]
    """Fixings on the log: micro-dollars by YYYYMMDD."""
    now: int


class DayDesk:
    """One actor of the house that moves series through the day and, with a price source, fixes,
    lists, settles and margins at the end of each.

    second: the actor that confirms a final settlement from the fixings on the log (CLR-008); 0
    leaves that to a person.
    """

    def __init__(
        self,
        views: LivingViews,
        schedule: Schedule,
        actor: int,
        loader: Loader | None,
        second: int = 0,
    ) -> None:
        self._views, self.schedule, self.actor = views, schedule, actor
        self._second = second
        self._loader = loader
        self.estimate: Estimate | None = None
        self.fixings: list[Fixing] = []
        self.real = False
        self.not_before = 0
        """No series opens before this time, nanoseconds UTC: a reopening auction lasts until it."""

    @property
    def appointed(self) -> bool:
        """Whether the house knows the desk's actor as an operator."""
        roles = self._views.accounts.actors.get(self.actor, (0, 0))[1]
        return bool(roles & wire.Role.OPERATOR)

    def standing(self) -> list[Standing]:
        """Every series the schedule moves; one that was only listed waits for its margin row."""
        market = self._views.market
        return [
            Standing(
                number,
                view.state,
                view.changed.time if view.changed else 0,
                view.changed.actor if view.changed else 0,
                view.until,
                view.terms.last_trading_time,
            )
            for number, view in market.series.items()
            if view.state != SeriesState.EXPIRED
            and (view.state != SeriesState.LISTED or number in market.rows)
        ]

    def need(self, now: int) -> Need | None:
        """What to estimate before `due` can say what is to be done; None when nothing is."""
        day = self.schedule.business_day(now)
        if self._loader is None or (self.estimate is not None and self.estimate.day >= day):
            return None
        alive = self._alive()
        published = {f.day: f.price for f in self._views.market.fixings}
        return Need(day, tuple(alive[n] for n in sorted(alive)), published, now)

    def prepare(self, need: Need) -> None:
        """Estimates a day: slow, touches no view, may run on a thread."""
        assert self._loader is not None, "a desk without a price source estimates nothing"
        fixings, self.real = self._loader(need.day)
        self.fixings = as_published(fixings, need.published)
        self.estimate = estimate(need.day, self.fixings, need.listed, need.now)

    def due(self, now: int) -> list[Asked]:
        """Commands of the next stage, in order; none when nothing is to be done now."""
        made = self.estimate
        if self._loader is not None:
            if made is None or made.day < self.schedule.business_day(now):
                return []
            commands = self._daily(made)
            if commands:
                cause = self._views.market.fixing_event
                return [
                    Asked(self._second if isinstance(c, wire.Approve) else self.actor, c, cause)
                    for c in commands
                ]
        if self._views.market.halted:
            return []
        moved = state_commands(self.schedule, now, self.standing(), self.actor, self.not_before)
        return [Asked(self.actor, command) for command in moved]

    def _daily(self, made: Estimate) -> list[Any]:
        market, number = self._views.market, day_number(made.day)
        if market.settled_day >= number and market.table >= number:
            stale = self._views.accounts.stale()
            return [wire.SweepAccounts(limit=stale)] if stale else []
        # A halted market is settled as it stands: leaving a call would uncross it.
        closing = market.settled_day < number and not market.halted
        return (
            (close_commands(self.standing()) if closing else [])
            or self._fixings(made.day)
            or self._finals(Month.of(made.value_day))
            or self._listings(made)
            or self._settlement(made, number)
            or self._table(made, number)
        )

    def _alive(self) -> dict[int, str]:
        return {
            number: view.terms.symbol
            for number, view in self._views.market.series.items()
            if view.state != SeriesState.EXPIRED
        }

    def _numbers(self) -> dict[str, int]:
        return {symbol: number for number, symbol in self._alive().items()}

    def _fixings(self, day: date) -> list[Any]:
        """Fixings up to the day that are not on the log yet."""
        published = self._views.market.fixings
        last = published[-1].day if published else 0
        known = [f for f in self.fixings if f.day <= day][-SHOWN_FIXINGS:]
        return [fixing_command(f) for f in known if day_number(f.day) > last]

    def _finals(self, now: Month) -> list[Any]:
        """Final settlement of each month that ended, the oldest of each series first: proposed by
        the desk, then confirmed."""
        proposed = {
            waiting.payload: number
            for number, waiting in self._views.accounts.proposals.items()
            if waiting.command == wire.SettleFinal.KIND
        }
        asked: list[Any] = []
        confirmed: list[Any] = []
        for number, view in self._views.market.series.items():
            if view.state == SeriesState.EXPIRED or view.first_month >= now.number:
                continue
            month = Month.from_number(view.first_month)
            price = month_average(self.fixings, month).price_micro_dollars
            final = wire.SettleFinal(
                series=number, month=month.number, price=price, hours=hours(month)
            )
            payload = final.pack()
            if payload in proposed:
                confirmed.append(self._confirmed(final, proposed[payload]))
            else:
                asked.append(wire.Propose(command=final.KIND, payload=payload))
        return asked or confirmed

    def _confirmed(self, final: wire.SettleFinal, proposal: int) -> wire.Approve:
        """The approval of a final price that the fixings on the log give, by nothing else."""
        if not self._second:
            raise DayStuck(f"proposal {proposal}, a final settlement, waits for a second actor")
        month = Month.from_number(final.month)
        of_month = [f.price for f in self._views.market.fixings if f.day // 100 == final.month]
        price = round(Fraction(sum(of_month), month.days))
        if len(of_month) != month.days or price != final.price:
            raise DayStuck(
                f"final price of {month}: {final.price} is proposed, {len(of_month)} fixings on "
                f"the log of {month.days} give {price}"
            )
        return wire.Approve(proposal=proposal)

    def _listings(self, made: Estimate) -> list[Any]:
        numbers = self._numbers()
        known = {view.terms.symbol for view in self._views.market.series.values()}
        next_number = max(self._views.market.series, default=0) + 1
        fresh = [t for t in made.listing if t.symbol not in numbers and t.symbol not in known]
        return [
            list_series(
                terms,
                next_number + n,
                made.marks[terms.symbol],
                load_listing_terms("option" if terms.is_option else "linear"),
                behaviour=self._views.market.behaviour,
            )
            for n, terms in enumerate(fresh)
        ]

    def _settlement(self, made: Estimate, number: int) -> list[Any]:
        if self._views.market.settled_day >= number:
            return []
        return [settlement_command(number, made.marks, self._numbers())]

    def _table(self, made: Estimate, number: int) -> list[Any]:
        """The margin table of the day; one that was loading goes on with the rows it lacks."""
        market = self._views.market
        if market.table >= number:
            return []
        begin, *rows, activate = table_commands(made.table, number, market.table, self._numbers())
        if market.loading != number or not _same(market.begun, begin):
            return [begin, *rows, activate]
        loaded = market.loaded
        missing = [r for r in rows if not _same(loaded.get(r.series), r)]
        return [*missing, activate]


def _same(event: Any, command: Any) -> bool:
    """Whether an event tells exactly what a command asks."""
    return event is not None and all(
        getattr(event, name) == getattr(command, name) for name in command.__struct_fields__
    )


def refused(asked: Sequence[Asked], told: Sequence[list[Told]]) -> str:
    """The first refusal among answers, in words; empty when there is none."""
    for one, events in zip(asked, told, strict=True):
        for _, event in events:
            if isinstance(event, wire.Refused):
                refusal = wire.Refusal(event.refusal)
                rule, _, text = wire.REFUSALS[refusal]
                said = text.format(expected=event.expected, found=event.found)
                return f"{one.command.NAME}: {refusal.name.lower()} ({rule}): {said}"
    return ""
