"""`lasalle default`: fire drills on a copy of a house."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from lasalle.clearing.disclosed import prefunded
from lasalle.institution.drill import Drill
from lasalle.institution.drill_house import DrillFault, DrillHouse, copy_house
from lasalle.institution.drill_report import DrillReport, report, text, written
from lasalle.institution.drill_story import MOST_TIMES, Story, load_story, scaled


def run(args: Any) -> int:
    """Tells the story, prints its trace and writes the report; 1 when it is not sound."""
    story = load_story(args.scenario)
    if args.seed is not None:
        story = replace(story, seed=args.seed)
    times = args.scale
    if times is None:
        times = fitting(story, args.dir) if args.dir else 1
    told = drill(scaled(story, times), args.dir)
    print(text(told), end="")
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        for name, content in written(told).items():
            (args.out / name).write_bytes(content)
        print(f"written: {', '.join(str(args.out / name) for name in written(told))}")
    return 0 if told.sound else 1


def fitting(story: Story, live: Path) -> int:
    """How many times its money a story has to be told with for what stands ready in a house not to
    bear it all: a hundred times what the house has, as far as lots and hours go."""
    with tempfile.TemporaryDirectory(prefix="lasalle-drill-") as name:
        copy_house(live, Path(name) / "house")
        house = DrillHouse(Path(name) / "house")
        try:
            ready = prefunded(house.state())
        finally:
            house.close()
    own = story.first_loss + story.second_tranche + sum(c.contribution for c in story.cast)
    times = 100 * ready // max(1, own)
    return min(MOST_TIMES, max(1, times if times < 100 else times // 100 * 100))


def drill(story: Story, live: Path | None) -> DrillReport:
    """A story told to a copy of a house (none: an empty one), which is thrown away afterwards.

    Raises ValueError where the house cannot be drilled in, or the story asks for what is refused.
    """
    with tempfile.TemporaryDirectory(prefix="lasalle-drill-") as name:
        folder = Path(name) / "house"
        if live is None:
            folder.mkdir()
        else:
            copy_house(live, folder)
        house = DrillHouse(folder)
        try:
            told = Drill(story, house)
            told.run()
            return report(told)
        except DrillFault as error:
            raise ValueError(f"{story.title}: {error}") from error
        finally:
            house.close()
