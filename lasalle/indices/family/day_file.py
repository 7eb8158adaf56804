"""Every derived index of a date as it was published, in one file: each with its lines, from which
alone anyone makes it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lasalle.indices.family.derived import Derived, DerivedError, recompute
from lasalle.indices.record import Stage

FORMAT = 1
_FIELDS = ("format", "day", "stage", "published", "late", "silent", "lines")


@dataclass(frozen=True, slots=True)
class DerivedDay:
    """Derived indices of a date, provisional or final as the fixings they are made of."""

    day: int
    """YYYYMMDD."""
    stage: Stage
    published: int
    """Nanoseconds UTC."""
    late: int
    """Seconds after its time in the timetable; 0 where it was kept."""
    silent: tuple[str, ...]
    """Sources that were asked and failed."""
    indices: Mapping[str, Derived]
    """By name, in the order of the published table."""


def write_day(made: DerivedDay) -> bytes:
    """The file of a day."""
    content = {
        "format": FORMAT,
        "day": made.day,
        "stage": made.stage.value,
        "published": made.published,
        "late": made.late,
        "silent": list(made.silent),
        "lines": [one.inputs.decode("ascii") for one in made.indices.values()],
    }
    return (json.dumps(content, indent=1) + "\n").encode("ascii")


def read_day(content: bytes) -> DerivedDay:
    """A day from its file, each index made anew from its lines. Raises DerivedError."""
    try:
        found = json.loads(content)
        if sorted(found) != sorted(_FIELDS) or found["format"] != FORMAT:
            raise DerivedError("fields", ", ".join(_FIELDS), sorted(found))
        derived = [recompute(lines.encode("ascii")) for lines in found["lines"]]
        made = DerivedDay(
            day=int(found["day"]),
            stage=Stage(found["stage"]),
            published=int(found["published"]),
            late=int(found["late"]),
            silent=tuple(map(str, found["silent"])),
            indices={one.index: one for one in derived},
        )
    except DerivedError:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise DerivedError("file", "a day of derived indices", str(error)) from error
    if any(one.day != made.day for one in derived) or len(made.indices) != len(derived):
        raise DerivedError("lines", f"each index of {made.day} once", len(derived))
    return made
