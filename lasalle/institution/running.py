"""A house as time passes: its desk's stages are asked at the top, before it is served and while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from lasalle import wire
from lasalle.exchange import pause_commands
from lasalle.institution import demo
from lasalle.institution.day import DayDesk, DayStuck, refused
from lasalle.institution.house import OpenHouse
from lasalle.venue import JournalFull, VenueStopped
from lasalle.venue.sequencer import Asked
from lasalle.venue.waiting import VenueBusy, Waiting

REOPENS = "reopens"
"""File with the time before which a market that was silent does not open again."""
IDLE_SECONDS, STUCK_SECONDS, FULL_SECONDS = 1.0, 60.0, 2.0
Clock = Callable[[], int]


def found_demo(house: OpenHouse) -> None:
    """The first day of a demonstration, from wherever it stopped."""
    while (asked := demo.next_founding_step(house.accounts)) is not None:
        told = house.ask(asked.actor, asked.command, asked.cause)
        problem = refused([asked], [told])
        if problem:
            raise DayStuck(f"the demonstration cannot be founded: {problem}")


def run_due(house: OpenHouse, desk: DayDesk, now: int) -> int:
    """Everything the desk has to do at a time, one command after another; how many there were."""
    count = 0
    while True:
        need = desk.need(now)
        if need is not None:
            desk.prepare(need)
        stage = desk.due(now)
        if not stage:
            return count
        for asked in stage:
            told = house.ask(asked.actor, asked.command, asked.cause)
            count += 1
            problem = refused([asked], [told])
            if problem:
                raise DayStuck(problem)


def pause_after_silence(house: OpenHouse, desk: DayDesk, now: int) -> str:
    """After a silence the market gathers orders before it trades again: pauses what is open, and
    says for how long; empty when the silence was short.

    The end of the auction is kept beside the journal: a second restart does not shorten it.
    """
    path = house.folder / REOPENS
    kept = int(path.read_text()) if path.exists() else 0
    length = desk.schedule.auction(house.gap)
    desk.not_before = max(kept, now + length if length else 0)
    if not desk.appointed or not length:
        return ""
    paused = pause_commands(desk.standing())
    if not paused:
        return ""
    _keep(path, desk.not_before)
    for command in paused:
        house.ask(desk.actor, command)
    return (
        f"The house was silent for {house.gap // 10**9} s: trading opens again by an auction in "
        f"{length // 10**9} s; orders are taken meanwhile."
    )


def _keep(path: Path, moment: int) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(f"{moment}\n")
    draft.rename(path)


async def keep_running(
    house: OpenHouse, desk: DayDesk, waiting: Waiting, clock: Clock, say: Callable[[str], None]
) -> None:
    """The desk of a served house, until it is cancelled or the venue stops."""
    said = ""

    def tell(sentence: str) -> None:
        nonlocal said
        if sentence and sentence != said:
            say(sentence)
        said = sentence

    while True:
        pause = IDLE_SECONDS
        try:
            await _lose_sessions(house, waiting)
            if desk.appointed and await _stage(desk, waiting, clock()):
                pause = 0.0
            tell(" ".join(filter(None, (house.history.fault, desk.said()))))
        except (JournalFull, VenueBusy) as error:
            tell(f"The day's desk waits: {error}.")
            pause = FULL_SECONDS
        except VenueStopped as error:
            tell(f"The venue stopped: {error}.")
            return
        except DayStuck as error:
            tell(f"The day's desk is stuck and tries again: {error}.")
            pause = STUCK_SECONDS
        except Exception as error:
            # An estimate that fails must not end the schedule: the market still has to close.
            tell(f"The day's desk failed and tries again: {error!r}.")
            pause = STUCK_SECONDS
        await asyncio.sleep(pause)


async def _lose_sessions(house: OpenHouse, waiting: Waiting) -> None:
    while house.lost_sessions:
        await waiting.ask(0, wire.LoseSession(session=house.lost_sessions[0]))
        house.lost_sessions.pop(0)


async def _stage(desk: DayDesk, waiting: Waiting, now: int) -> bool:
    need = desk.need(now)
    if need is not None:
        await asyncio.to_thread(desk.prepare, need)
    stage: list[Asked] = desk.due(now)
    if not stage:
        return False
    asking = [waiting.ask(a.actor, a.command, a.cause) for a in stage]
    told = await asyncio.gather(*asking)
    problem = refused(stage, told)
    if problem:
        raise DayStuck(problem)
    return True
