"""Lists in the pages equal lists in the code; what a page names is there."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.gateway.asks import scope_of
from lasalle.institution.command_line import parser
from lasalle.institution.delivery_verbs import STEPS
from lasalle.institution.settings import Settings
from tools import house_rules

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {path.parent.name for path in (ROOT / "lasalle").glob("*/__init__.py")}
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "rulebook").rglob("*.md")),
]
MAP = (ROOT / "docs" / "map.md").read_text()
# A folder of the repository, or of a house as it is written in pages.
NAMED = re.compile(r"`((?:lasalle|core|docs|rulebook|schema|tests|tools|benches|web)/[\w./-]*)`")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def verbs() -> set[str]:
    """Verbs of the `lasalle` command."""
    actions = parser()._actions
    return set(next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices)


def test_the_map_places_every_room_on_its_floor() -> None:
    placed = {}
    for floor, rooms in re.findall(r"^\| (\d) \| ([^|]+)\|", MAP, re.M):
        placed.update({room: int(floor) for room in re.findall(r"`lasalle/(\w+)/`", rooms)})
    beside = set(re.findall(r"`lasalle/(\w+)/`", MAP))
    assert beside == ROOMS
    assert placed == {room: house_rules.FLOOR[room] for room in ROOMS}


@pytest.mark.parametrize(
    ("room", "heading"), [("plain", "The plain core"), ("institution", "A house in a folder")]
)
def test_the_map_tells_every_file_of_a_room(room: str, heading: str) -> None:
    (told,) = re.findall(rf"^## {heading}, file by file\n(.*?)(?=^## |\Z)", MAP, re.M | re.S)
    shown = re.findall(r"`(\w+\.py)`", "".join(re.findall(r"^\|(.*?)\|", told, re.M)))
    found = {path.name for path in (ROOT / "lasalle" / room).glob("*.py")} - {"__init__.py"}
    assert sorted(shown) == sorted(found)


def test_every_room_has_a_page_and_the_map_links_it() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "desks").glob("*.md")}
    assert pages >= ROOMS
    assert set(re.findall(r"desks/([\w-]+)\.md\b", MAP)) == pages


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_links_and_names_is_there(page: Path) -> None:
    text = page.read_text()
    links = [to for to in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in to]
    assert [to for to in links if not (page.parent / to).exists()] == []
    assert [to for to in NAMED.findall(text) if not (ROOT / to).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_cites_rules_in_force(page: Path) -> None:
    rules = (ROOT / "docs" / "reference" / "rules.md").read_text()
    cited = set(re.findall(r"\b(?:INS|LED|EXC|CLR|GTW|IDX)-\d{3}\b", page.read_text()))
    assert sorted(code for code in cited if f"**{code}**" not in rules) == []


def test_every_verb_of_the_command_is_explained_and_no_other() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    told = set(re.findall(r"(?:^|`|bin/)lasalle ([a-z][a-z-]+)", text, re.M))
    assert told == verbs()


def test_the_desk_of_deliveries_tells_the_scope_of_every_step() -> None:
    page = (ROOT / "docs" / "desks" / "delivery-desk.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", page, re.M)
    told = {name: scope for scope, _, names in rows for name in re.findall(r"`(\w+)`", names)}
    verbs_told = {verb for _, names, _ in rows for verb in re.findall(r"`([a-z-]+)`", names)}
    assert told == {step.command.NAME: scope_of(step.command.NAME) for step in STEPS}
    assert verbs_told == {step.name for step in STEPS}


def test_make_targets_that_pages_name_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    text = "\n".join(page.read_text() for page in PAGES)
    assert set(re.findall(r"(?:^ *|`)make ([a-z-]+)", text, re.M)) <= targets


def test_the_operators_page_has_every_setting_and_role() -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    told = re.search(r"^Roles are bits: (.+)\.$", page, re.M)
    assert told is not None
    expected = {role.name.lower().replace("_", "-"): role.value for role in wire.Role}
    assert {n: int(v) for n, v in re.findall(r"([a-z-]+) (\d+)", told[1])} == expected
    row = re.search(r"^\| `house.toml` \| (.+?) \|", page, re.M)
    assert row is not None
    assert set(re.findall(r"`(\w+)`", row[1])) == {field.name for field in fields(Settings)}
