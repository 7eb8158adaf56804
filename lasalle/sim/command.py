"""`lasalle simulate`: days of the made-up world, told so that a person can read them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lasalle import wire
from lasalle.sim.day import Day, DayFailed
from lasalle.sim.shrink import shrink
from lasalle.sim.trace import line, told
from lasalle.sim.venue import Parts, both_cores
from lasalle.venue.journal import Journal
from lasalle.venue.replay import replay


def run(args: Any) -> int:
    """Lives through the days; 0 when every checker held, 1 at the first that did not."""
    if args.days < 1:
        raise ValueError(f"--days: expected at least 1, found {args.days}")
    parts = both_cores()
    print("SIMULATED: members, money, prices and faults are drawn from a seed; nothing is real.")
    print("plain and compiled core, compared" if parts.second else "plain core alone")
    reached: Counter[str] = Counter()
    for seed in range(args.seed, args.seed + args.days):
        if not _live(seed, parts, reached, args.quiet or args.days > 1):
            return 1
    print(f"reached in {args.days} simulated days:")
    for name, times in sorted(reached.items()):
        print(f"{times:>9}  {name}")
    return 0


def _live(seed: int, parts: Parts, reached: Counter[str], quiet: bool) -> bool:
    day = Day(seed, parts)
    try:
        result = day.run()
    except DayFailed as failed:
        print(shrink(failed, parts))
        return False
    reached.update(day.reached)
    if not quiet:
        _tell(day)
    print(
        f"seed {seed}: {result.steps} steps, {result.number} commands, "
        f"journal {result.journal[:16]}, state {result.state[:16]}"
    )
    return True


def _tell(day: Day) -> None:
    """Every command of the day as a scenario line, what came of it as a comment under it."""
    journal = Journal(day.venue.disk, read_only=True)
    events: dict[int, list[Any]] = {}

    def keep(frames: bytes) -> None:
        for header, event in wire.read_frames(frames):
            events.setdefault(header.cause, []).append(event)

    replay(journal, on_events=keep)
    for batch in journal.batches():
        for header, command in wire.read_frames(batch.frames):
            print(f"when {line(header, command)}")
            for event in events.get(header.number, []):
                print(f"#   {told(event)}")
