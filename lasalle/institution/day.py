"""The day's desk: what a house asks of itself as time passes, from what its views show.

It keeps nothing of its own. What is still to do is read from the views each time, one stage after
another, so that a house killed anywhere goes on from there and nothing is done twice. Commands of
the daily cycle name as their cause the fixing that ended the day; the schedule's name none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from lasalle import wire
from lasalle.clearing import MarginTable, table_commands
from lasalle.clearing.waterfall import load_call_terms, load_waterfall
from lasalle.contracts import day_number, numbered_day
from lasalle.exchange import (
    Schedule,
    Standing,
    close_commands,
    list_series,
    listing_row,
    load_listing_terms,
    state_commands,
)
from lasalle.indices import Dated, Fixing, FixingError, NoFix, fixing_command, no_fix_command
from lasalle.institution.cycle import (
    TABLES_OF_A_DAY,
    WATERFALL,
    calls,
    declarations,
    first_table,
    greatest_move,
    live_marks,
    marked,
    settlement,
)
from lasalle.institution.estimates import Estimate, as_published, estimate
from lasalle.institution.families import Family, Loader
from lasalle.institution.views import LivingViews
from lasalle.institution.waiting import ended, final_of, over, standing_marks, with_standing
from lasalle.venue.refusals import refusal_text
from lasalle.venue.sequencer import Asked, Told
from lasalle.wire import SeriesState

NO_FIX_BEHAVIOUR = 3
"""Behaviour from which a date without a fixing stands on the log (CLR-017)."""
SHOWN_FIXINGS = 400
"""Fixings of an index put on the log when a house begins, or first lists its family: more than a
year, so that scenarios of a plan can be fitted on what the house itself tells.
"""


class DayStuck(Exception):
    """A command of the day was refused; it names the command and the refusal."""


@dataclass(frozen=True)
class Need:
    """What an estimate is made from: a business day, and the symbols that live on after it, in
    order of number.
    """

    day: date
    listed: tuple[str, ...]
    published: dict[int, dict[int, int | None]]
    """On the log: micro-dollars by number of the index and YYYYMMDD; None for a day that stands
    there without a fixing."""
    now: int


class DayDesk:
    """One actor of the house that moves series through the day and, with families and a source of
    fixings for each, fixes, lists, settles and margins at the end of each.

    second: the actor that confirms a final settlement from the fixings on the log (CLR-008); 0
    leaves that to a person, and the series waits for one.
    """

    def __init__(
        self,
        views: LivingViews,
        schedule: Schedule,
        actor: int,
        families: Sequence[tuple[Family, Loader]] = (),
        second: int = 0,
    ) -> None:
        self._views, self.schedule, self.actor = views, schedule, actor
        self._second = second
        self._families = tuple(families)
        self._waterfall, self._call_terms = load_waterfall(), load_call_terms()
        self.estimate: Estimate | None = None
        self.fixings: dict[int, list[Dated]] = {}
        """Every date, fixed or not, by number of the index."""
        self.waiting: dict[int, str] = {}
        """Series whose final price waits, and why; nothing else waits for them (CLR-019)."""
        self.not_before = 0
        """No series opens before this time, nanoseconds UTC: a reopening auction lasts until it."""

    @property
    def families(self) -> tuple[Family, ...]:
        """Families it lists."""
        return tuple(family for family, _ in self._families)

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
        if not self._families or (self.estimate is not None and self.estimate.day >= day):
            return None
        alive, series = self._alive(), self._views.market.series
        tomorrow = day + timedelta(days=1)
        lasting = tuple(alive[n] for n in sorted(alive) if not ended(series[n], tomorrow))
        return Need(day, lasting, self._published(), now)

    def _published(self) -> dict[int, dict[int, int | None]]:
        found: dict[int, dict[int, int | None]] = {}
        for index, day in self._views.market.no_fixes:
            found.setdefault(index, {})[day] = None
        for fixing in self._views.market.fixings:
            found.setdefault(fixing.index, {})[fixing.day] = fixing.price
        return found

    def prepare(self, need: Need) -> None:
        """Estimates a day: slow, touches no view, may run on a thread."""
        assert self._families, "a desk without families estimates nothing"
        found = {}
        for family, loader in self._families:
            dated, _ = loader(need.day)
            on_log, version = need.published.get(family.index, {}), family.method.version
            found[family.index] = as_published(dated, on_log, need.day, version)
        self.fixings = found
        known = [(family, found[family.index]) for family, _ in self._families]
        self.estimate = estimate(need.day, known, need.listed, need.now)

    def said(self) -> str:
        """What waits and why, in a sentence; empty when nothing does."""
        series = self._views.market.series
        told = [
            f"{series[number].terms.symbol} ({why})"
            for number, why in self.waiting.items()
            if series[number].state != SeriesState.EXPIRED
        ]
        return f"Final settlement waits: {'; '.join(told)}." if told else ""

    def due(self, now: int) -> list[Asked]:
        """Commands of the next stage, in order; none when nothing is to be done now."""
        made = self.estimate
        if self._families:
            if made is None or made.day < self.schedule.business_day(now):
                return []
            commands = self._daily(made, now)
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

    def _daily(self, made: Estimate, now: int) -> list[Any]:
        market, number = self._views.market, day_number(made.day)
        if market.settled_day >= number and market.table >= first_table(number):
            stale = self._views.accounts.stale()
            if stale:
                return [wire.SweepAccounts(limit=stale)]
            if market.behaviour < WATERFALL:
                return []
            daily = market.table == first_table(number)
            late: list[Any] = list(declarations(self._views.accounts))
            asked = late + calls(self._views.accounts, self._call_terms, daily=daily)
            return asked or self._intraday(made, now)
        # A halted market is settled as it stands: leaving a call would uncross it.
        closing = market.settled_day < number and not market.halted
        return (
            (close_commands(self.standing()) if closing else [])
            or self._fixings(made.day)
            or self._finals(made.value_day)
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
        """Dates of every index up to the day that are final and not on the log yet, fixed or, where
        the law in force knows it, without a fixing. A provisional one is marked by and is no
        fixing of the log, which is never revised (IDX-014).
        """
        published = self._published()
        told_of = self._views.market.behaviour >= NO_FIX_BEHAVIOUR
        found: list[tuple[date, int, Any]] = []
        for index in dict.fromkeys(family.index for family, _ in self._families):
            last = max(published.get(index, {}), default=0)
            known = [one for one in self.fixings[index] if one.day <= day][-SHOWN_FIXINGS:]
            for one in known:
                if day_number(one.day) <= last or one.provisional:
                    continue
                if isinstance(one, Fixing):
                    found.append((one.day, index, fixing_command(one, index)))
                elif told_of:
                    found.append((one.day, index, no_fix_command(one, index)))
        found.sort(key=lambda row: row[:2])
        return [command for *_, command in found]

    def _finals(self, now: date) -> list[Any]:
        """Final settlement of each month, or shorter period, that ended before a date, the oldest
        of each series first: proposed by the desk from its fixings, then confirmed from those on
        the log. What has no final price yet, or nobody here to confirm it, waits alone.
        """
        proposed = {
            waiting.payload: number
            for number, waiting in self._views.accounts.proposals.items()
            if waiting.command == wire.SettleFinal.KIND
        }
        known = {index: _by_date(dated) for index, dated in self.fixings.items()}
        on_log = self._on_log()
        asked: list[Any] = []
        confirmed: list[Any] = []
        self.waiting = {}
        for number, view in self._views.market.series.items():
            if view.state == SeriesState.EXPIRED or view.terms.delivers or not over(view, now):
                continue
            try:
                final = final_of(number, view, known)
                proposal = proposed.get(final.pack(), 0)
                if not proposal:
                    asked.append(wire.Propose(command=final.KIND, payload=final.pack()))
                elif not self._second:
                    self.waiting[number] = f"proposal {proposal} waits for a second actor"
                elif (found := final_of(number, view, on_log)) == final:
                    confirmed.append(wire.Approve(proposal=proposal))
                else:
                    told = f"{final.price} is proposed, the fixings on the log give {found.price}"
                    self.waiting[number] = told
            except FixingError as error:
                self.waiting[number] = str(error)
        return asked or confirmed

    def _on_log(self) -> dict[int, dict[date, int | None]]:
        """What the log says of each date. A law that knows no row without a fixing says nothing of
        such a date, and the desk's own word stands.
        """
        found = {
            index: {numbered_day(day): price for day, price in prices.items()}
            for index, prices in self._published().items()
        }
        if self._views.market.behaviour < NO_FIX_BEHAVIOUR:
            for index, dated in self.fixings.items():
                for one in dated:
                    if isinstance(one, NoFix):
                        found.setdefault(index, {}).setdefault(one.day, None)
        return found

    def _listings(self, made: Estimate) -> list[Any]:
        numbers = self._numbers()
        known = {view.terms.symbol for view in self._views.market.series.values()}
        next_number = max(self._views.market.series, default=0) + 1
        indices = {family.method.index: family.index for family, _ in self._families}
        fresh = [
            (one, terms)
            for one in made.families
            for terms in one.listing
            if terms.symbol not in numbers and terms.symbol not in known
        ]
        return [
            list_series(
                terms,
                next_number + n,
                one.marks[terms.symbol],
                replace(
                    load_listing_terms(listing_row(terms)),
                    group=one.family.group,
                ),
                indices,
                behaviour=self._views.market.behaviour,
            )
            for n, (one, terms) in enumerate(fresh)
        ]

    def _settlement(self, made: Estimate, number: int) -> list[Any]:
        if self._views.market.settled_day >= number:
            return []
        standing = self._standing_marks(made)
        return [settlement(self._views.market, number, made.marks, self._waterfall, standing)]

    def _standing_marks(self, made: Estimate) -> dict[str, int]:
        believed = {one.family.index: one.prices for one in made.families}
        market = self._views.market
        return standing_marks(market, self.waiting, made.marks, believed, made.value_day)

    def _table(self, made: Estimate, number: int) -> list[Any]:
        """The margin table of the day, at the prices it was settled at."""
        market = self._views.market
        if market.table >= first_table(number):
            return []
        table = self._rows(made)
        if market.behaviour >= WATERFALL:
            marks = {s: v.mark for s, v in market.by_symbol.items() if v.mark}
            table = marked(table, marks, market.by_symbol)
        return self._loading(table, first_table(number))

    def _intraday(self, made: Estimate, now: int) -> list[Any]:
        """The day's table at the marks of the hour, when they moved enough: at once when they moved
        far, else in the first hour after the marks in force that sees it."""
        market, terms = self._views.market, self._waterfall
        version = market.table + 1
        if market.halted or version == first_table(day_number(made.day)) + TABLES_OF_A_DAY:
            return []
        found = live_marks(market, now, terms)
        move = greatest_move(market, found)
        hour = terms.intraday_every_seconds * 10**9
        later = now // hour > market.marks_time // hour
        if move < (terms.intraday_least_move if later else terms.intraday_alarm_move):
            return []
        marks = {s: v.mark for s, v in market.by_symbol.items() if v.mark}
        marks |= {symbol: one.price for symbol, one in found.items()}
        return self._loading(marked(self._rows(made), marks, market.by_symbol), version)

    def _rows(self, made: Estimate) -> MarginTable:
        """The day's rows, and those of what waits."""
        marks = self._standing_marks(made)
        return with_standing(made.table, self._views.market, self.waiting, marks)

    def _loading(self, table: MarginTable, version: int) -> list[Any]:
        """Loads a table; one that was loading goes on with the rows it lacks."""
        market = self._views.market
        begin, *rows, activate = table_commands(table, version, market.table, self._numbers())
        if market.loading != version or not _same(market.begun, begin):
            return [begin, *rows, activate]
        loaded = market.loaded
        missing = [r for r in rows if not _same(loaded.get(r.series), r)]
        return [*missing, activate]


def _by_date(dated: Sequence[Dated]) -> dict[date, int | None]:
    """Prices of the dates that are final."""
    return {
        one.day: one.price_micro_dollars if isinstance(one, Fixing) else None
        for one in dated
        if not one.provisional
    }


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
                rule, _, _ = wire.REFUSALS[refusal]
                said = refusal_text(refusal, event.expected, event.found)
                return f"{one.command.NAME}: {refusal.name.lower()} ({rule}): {said}"
    return ""
