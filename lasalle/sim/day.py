"""A day of a made-up house, drawn whole from one seed: what is asked, when, and what fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from lasalle import wire
from lasalle.sim.clock import DAY, HOUR, MINUTE, MS, SECOND, YEAR, SteppingClock
from lasalle.sim.clumsy import Clumsy
from lasalle.sim.default_desk import WINDOW, DefaultDesk
from lasalle.sim.desk import Desk
from lasalle.sim.disk import Fault
from lasalle.sim.members import Members
from lasalle.sim.model import OPERATORS, Violation
from lasalle.sim.venue import HEADROOM_BYTES, Dark, Parts, SimulatedVenue
from lasalle.sim.world import opening, proposed
from lasalle.venue.sequencer import Asked, Told

LONG_ABSENCE = 10 * MINUTE
RECENT = 60


@dataclass(frozen=True)
class Result:
    """What a day came to; equal for equal seeds."""

    seed: int
    steps: int
    number: int
    journal: str
    state: str


class DayFailed(Exception):
    """A checker found a fault; `day` is as it stood then."""

    def __init__(self, day: Day, violation: Violation) -> None:
        super().__init__(f"seed {day.seed}, step {day.step}: {violation}")
        self.day, self.violation = day, violation


class Day:
    """One simulated day; `run` lives through it once."""

    def __init__(self, seed: int, parts: Parts | None = None) -> None:
        parts = parts or Parts()
        self.seed = seed
        self.step = 0
        self.reached: Counter[str] = Counter()
        self.clock = SteppingClock()
        self._world = Random(f"{seed} world")
        self._luck = Random(f"{seed} luck")
        disk = parts.disk(Random(f"{seed} disk"), self.reached)
        self.venue = SimulatedVenue(parts, disk, self.clock, self.reached)
        self.mirror = self.venue.watch.mirror
        self.members = Members(Random(f"{seed} members"), self.mirror)
        self._clumsy = Clumsy(Random(f"{seed} clumsy"), self.mirror, self.members)
        self._desk = Desk(Random(f"{seed} desk"), self.mirror, self.members)
        self._defaults = DefaultDesk(Random(f"{seed} defaults"))
        self._faults = 0.0
        self._unanswered: list[Asked] = []
        self._recent: list[Asked] = []
        self._full_until = -1

    def run(self, steps: int | None = None) -> Result:
        """Lives through the day, or its first `steps` steps, and proves it from the journal.

        Raises DayFailed.
        """
        try:
            for batch in self._agenda():
                if steps is not None and self.step >= steps:
                    break
                self._carry(batch)
                self.step += 1
            state = self.venue.close()
        except Violation as violation:
            raise DayFailed(self, violation) from violation
        finally:
            self.reached.update(self.venue.watch.reached)
            self.reached["unanswered and kept"] += self.venue.promises.kept
            self.reached["unanswered and lost"] += self.venue.promises.lost
        journal = self.venue.journal
        return Result(self.seed, self.step, journal.last, journal.chain.hex(), state.hex())

    # -- what is asked ---------------------------------------------------------------------------

    def _agenda(self) -> Iterator[list[Any]]:
        """Batches of the day, each drawn when the one before it is done."""
        yield from opening(self._world)
        yield self._defaults.fund()
        self._faults = self._luck.choice((0.5, 1.0, 1.0, 2.0))
        desk = self._desk
        yield desk.open_calls()
        yield from self._trade(6)
        yield desk.open_trading()
        yield from self._trade(25)
        yield self._defaults.before_a_shock()
        yield desk.shock()
        yield from self._default_work(6)
        yield from self._trade(12)
        yield desk.new_table()
        yield from self._trade(20)
        yield desk.close_calls()
        yield from self._trade(4)
        yield desk.close_trading()
        # The dying series may still trade for hours; what nobody approved or took by then lapses.
        self.clock.go(2 * DAY)
        yield desk.final()
        yield desk.settle()
        if self._luck.random() < 0.5:
            self.clock.go(8 * DAY)
            yield [Asked(0, wire.AdvanceTime())]
            yield self._recent[:6]

    def _trade(self, steps: int) -> Iterator[list[Any]]:
        luck = self._luck
        for _ in range(steps):
            self._pass_time()
            batch: list[Any] = []
            for _ in range(luck.randint(1, 4)):
                batch += self.members.ask()
            if luck.random() < 0.25:
                batch += self._clumsy.ask()
            if luck.random() < 0.1 and self._recent:
                batch.append(luck.choice(self._recent))
            if luck.random() < 0.2:
                batch += self._desk.whim()
            if self.mirror.halted is not None and luck.random() < 0.5:
                batch += self._desk.rescue()
            if luck.random() < 0.1:
                batch += self._desk.answer_call()
            if luck.random() < 0.1:
                batch += self._desk.close_out()
            batch += self._defaults.step(self.venue.state)
            yield batch
            yield self._retries()
            if luck.random() < 0.4:
                yield from self._default_work(3)

    def _default_work(self, steps: int) -> Iterator[list[Any]]:
        """Steps of the default desk, as far apart as the windows of its auctions."""
        for _ in range(steps):
            if not self.venue.state.defaults:
                return
            yield self._defaults.step(self.venue.state)
            self.clock.go(WINDOW + SECOND if self.venue.state.slices else MS)

    def _retries(self) -> list[Asked]:
        """What clients send again because nobody answered; some give up."""
        again = [a for a in self._unanswered if getattr(a.command, "reference", "")]
        self._unanswered = []
        again = [a for a in again if self._luck.random() < 0.8]
        self.reached["sent again"] += len(again)
        return again

    # -- how it is carried to the venue ----------------------------------------------------------

    def _carry(self, batch: list[Any]) -> None:
        """Asks; a bare four-eyes command is proposed, then approved by the second operator."""
        answers = self._ask([a if isinstance(a, Asked) else proposed(a) for a in batch])
        bare = [not isinstance(a, Asked) for a in batch]
        approvals = [
            Asked(OPERATORS[1], wire.Approve(proposal=event.proposal))
            for told, by_four in zip(answers, bare, strict=True)
            if told and by_four
            for _, event in told
            if isinstance(event, wire.Proposed)
        ]
        self._ask(approvals)

    def _ask(self, asked: list[Asked]) -> list[list[Told] | None]:
        if not asked:
            return []
        self._tempt_fate()
        answers: list[list[Told] | None]
        try:
            answers = self.venue.ask(asked)
        except Dark:
            answers = [None] * len(asked)
            self._unanswered += asked
            self._come_back()
            return answers
        for item, told in zip(asked, answers, strict=True):
            if told is None:
                self._unanswered.append(item)
            elif getattr(item.command, "reference", ""):
                self._recent = [*self._recent[-RECENT:], item]
        return answers

    def _come_back(self) -> None:
        """The house opens again, logs what was lost with it, and reopens after a long absence."""
        luck = self._luck
        absence = luck.choice((SECOND, MINUTE, HOUR))
        self.clock.go(absence)
        self.venue.crash(bend=luck.random() < 0.4, snapshot=luck.random() < 0.5)
        lost = self._desk.lost_sessions()
        self.reached["sessions lost in a crash"] += len(lost)
        self._quietly(lost)
        if absence >= LONG_ABSENCE:
            self.reached["reopened after a long absence"] += 1
            self._quietly(self._desk.reopen())

    def _quietly(self, asked: list[Asked]) -> None:
        """Asked by the house itself on coming back; a disk without room leaves it undone."""
        try:
            self.venue.ask(asked)
        except Dark:
            self.venue.crash(bend=False, snapshot=False)

    # -- what fails ------------------------------------------------------------------------------

    def _tempt_fate(self) -> None:
        luck, disk, odds = self._luck, self.venue.disk, self._faults
        if luck.random() < 0.01 * odds:
            self.reached["power cut between batches"] += 1
            self._come_back()
        if luck.random() < 0.03 * odds:
            disk.plan(luck.choice(list(Fault)))
        if luck.random() < 0.02 * odds:
            self.venue.take_snapshot()
        if luck.random() < 0.015 * odds:
            disk.fill(luck.choice((0, 200, HEADROOM_BYTES // 2, HEADROOM_BYTES + 400)))
            self._full_until = self.step + luck.randint(2, 8)
            self.reached["disk filled"] += 1
        if 0 <= self._full_until <= self.step:
            disk.make_room()
            self._full_until = -1
            self.reached["disk has room again"] += 1

    def _pass_time(self) -> None:
        luck = self._luck
        self.clock.go(luck.choice((MS, 40 * MS, SECOND, 5 * SECOND)))
        if luck.random() < 0.03 * self._faults:
            self.clock.go(-luck.choice((SECOND, MINUTE, HOUR)))
            self.reached["clock stepped back"] += 1
        elif luck.random() < 0.004 * self._faults:
            # A clock without battery wakes up in another century, until somebody sets it.
            self.clock.go(200 * YEAR)
            self._ask([Asked(0, wire.AdvanceTime())])
            self.clock.go(-200 * YEAR)
        elif luck.random() < 0.03 * self._faults:
            self.clock.go(luck.choice((MINUTE, 20 * MINUTE, 2 * HOUR)))
            self.reached["clock stepped ahead"] += 1
