"""Grades and delivery points of what sources name, from two published tables."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _table(name: str) -> dict[str, Any]:
    text = (resources.files("lasalle.indices") / "table" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def machines_of(cloud: str) -> dict[str, tuple[str, int]]:
    """Grade and accelerators of each graded machine type of a cloud."""
    rows: dict[str, list[Any]] = _table("grades.toml")["machine"].get(cloud, {})
    return {machine: (str(grade), int(count)) for machine, (grade, count) in rows.items()}


def grade_of_machine(cloud: str, machine: str) -> tuple[str, int] | None:
    """Grade and accelerators of a machine type; None where it bears no grade."""
    return machines_of(cloud).get(machine)


@cache
def accelerators() -> dict[str, str]:
    """Grade of each graded accelerator by a marketplace's name for it, `NAME` or `NAME/SOCKET`."""
    return dict(_table("grades.toml")["accelerator"])


def grade_band(grade: str) -> tuple[int, int]:
    """Lowest and highest price of a grade that is believed, micro-dollars per unit."""
    row = _table("grades.toml")["grade"].get(grade)
    if row is None:
        raise ValueError(f"grade: expected one of {', '.join(graded())}, found {grade!r}")
    return int(row["lowest"]), int(row["highest"])


def graded() -> tuple[str, ...]:
    """Every grade and token class of the table."""
    return tuple(_table("grades.toml")["grade"])


@cache
def locations_of(publisher: str) -> dict[str, str]:
    """Delivery point of each region a publisher names."""
    rows: dict[str, list[str]] = _table("locations.toml").get(publisher, {})
    return {region: point for point, regions in rows.items() for region in regions}


def location_of(publisher: str, region: str) -> str | None:
    """Delivery point of a region; None where it belongs to none."""
    return locations_of(publisher).get(region)


def location_of_place(place: str) -> str:
    """Delivery point of a marketplace's words, `Sweden, SE`, `California, US`, `SE`; empty where
    the words do not tell.
    """
    parts = [part.strip() for part in place.split(",") if part.strip()]
    if not parts:
        return ""
    country = parts[-1].upper()
    if country == "US":
        return locations_of("state").get(parts[0], "") if len(parts) > 1 else ""
    return locations_of("country").get(country, "")
