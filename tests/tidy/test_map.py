"""The map names every room on its floor, and every file of the rooms it tells file by file."""

from __future__ import annotations

import re

import pytest

from tools.house_rules import FLOOR, ROOT, tracked

MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
FILES = tracked(".py")


def test_every_room_stands_on_its_floor() -> None:
    shown = {
        room: int(floor)
        for floor, rooms in re.findall(r"^\| (\d) \| (.*?) \|", MAP, re.MULTILINE)
        for room in re.findall(r"`lasalle/(\w+)", rooms)
    }
    rooms = {parts[1].removesuffix(".py") for f in FILES if (parts := f.split("/"))[0] == "lasalle"}
    assert shown == {room: FLOOR[room] for room in rooms - {"__init__"}}


@pytest.mark.parametrize(
    ("room", "heading"), [("plain", "The plain core"), ("institution", "A house in a folder")]
)
def test_every_file_of_a_room_is_told(room: str, heading: str) -> None:
    (told,) = re.findall(rf"^## {heading}, file by file\n(.*?)(?=^## |\Z)", MAP, re.M | re.S)
    shown = re.findall(r"`(\w+\.py)`", "".join(re.findall(r"^\|(.*?)\|", told, re.MULTILINE)))
    prefix = f"lasalle/{room}/"
    found = {f.removeprefix(prefix) for f in FILES if f.startswith(prefix)} - {"__init__.py"}
    assert sorted(shown) == sorted(found)
