"""The house rules hold in every file, and each check notices a breach when shown one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tools import house_rules as rules

PYTHON = rules.tracked(".py")
SOURCE_CHECKS = {
    "floors": rules.floors,
    "outside": rules.outside,
    "floats": rules.floats,
    "names": rules.names,
}
PROSE = (".md", ".py", ".rs", ".sh", ".txt")


def text_of(path: str) -> str:
    return (rules.ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("check", SOURCE_CHECKS)
def test_python_keeps_the_house_rules(check: str) -> None:
    allowed = {(row[1], row[2]) for row in rules.rows("allowed.txt", 4) if row[0] == check}
    found = {}
    for path in PYTHON:
        for subject, sentence in SOURCE_CHECKS[check](text_of(path), path):
            found.setdefault((path, subject), sentence)
    assert [found[key] for key in sorted(found.keys() - allowed)] == []
    assert sorted(allowed - found.keys()) == [], "rows of allowed.txt that excuse nothing"


def test_compiled_core_never_looks_outside() -> None:
    found = [
        breach
        for path in rules.tracked(".rs")
        for breach in rules.core_outside(text_of(path), path)
    ]
    assert found == []


def test_nothing_grows_past_its_size() -> None:
    listed = {row[0]: int(row[1]) for row in rules.rows("longer.txt", 3)}
    found = {
        name: (lines, most)
        for path in rules.tracked(".py", ".rs")
        for name, lines, most in rules.sizes(text_of(path), path)
    }
    grown = [
        f"{name}: {lines} lines, {listed.get(name, most)} allowed"
        for name, (lines, most) in found.items()
        if lines > listed.get(name, most)
    ]
    assert grown == []
    assert sorted(listed.keys() - found.keys()) == [], (
        "rows of longer.txt that are short enough by now"
    )


def test_words_are_the_house_words() -> None:
    forbidden = {row[0]: row[1] for row in rules.rows("words.txt", 2)}
    spelling = {word: forbidden[word] for word in forbidden if "[" in word}
    unfinished = {word: forbidden[word] for word in forbidden if "[" not in word}
    found = []
    for path in rules.tracked(*PROSE):
        if not path.startswith("tests/tidy/"):
            found += rules.words(
                text_of(path), path, forbidden if path.endswith(".md") else unfinished
            )
    assert found == []
    assert spelling, "the list names spellings as well"


def test_lock_files_hold_no_addresses() -> None:
    paths = rules.tracked("constraints.txt", "package-lock.json", ".lock")
    assert "constraints.txt" in paths
    assert "core/Cargo.lock" in paths
    assert [breach for path in paths for breach in rules.locks(text_of(path), path)] == []


SNIPPETS: list[tuple[Callable[[str, str], list[rules.Breach]], str, str]] = [
    (rules.floors, "lasalle/pricing/value.py", "from lasalle.venue import journal\n"),
    (rules.floors, "lasalle/pricing/value.py", "from lasalle import indices\n"),
    (rules.floors, "lasalle/pricing/value.py", "from ..gateway.http import app\n"),
    (rules.floors, "lasalle/cellar/wine.py", "year = 1\n"),
    (rules.outside, "lasalle/plain/book.py", "import time\n"),
    (rules.outside, "lasalle/clearing/scan.py", "from os import environ\n"),
    (rules.outside, "lasalle/clearing/scan.py", "rows = open('rows.csv')\n"),
    (rules.outside, "lasalle/indices/method.py", "day = datetime.now()\n"),
    (rules.outside, "lasalle/pricing/value.py", "draws = np.random.default_rng()\n"),
    (rules.floats, "lasalle/plain/money.py", "fee = price / 2\n"),
    (rules.floats, "lasalle/plain/money.py", "fee = 1.5\n"),
    (rules.names, "lasalle/plain/book.py", "class OrderManager: ...\n"),
    (rules.names, "lasalle/plain/book.py", "def process_order(order): ...\n"),
    (rules.names, "lasalle/plain/book.py", "tmp = 1\n"),
    (rules.names, "lasalle/plain/utils.py", "lots = 1\n"),
    (rules.core_outside, "core/house/src/book.rs", "use std::time::Duration;\n"),
    (rules.core_outside, "core/house/src/book.rs", "let price: f64 = 1.0;\n"),
    (rules.locks, "constraints.txt", "lots @ https://example.org/lots.whl\n"),
]


@pytest.mark.parametrize(("check", "path", "source"), SNIPPETS)
def test_each_check_notices_a_breach(
    check: Callable[[str, str], list[rules.Breach]], path: str, source: str
) -> None:
    assert check(source, path)


@pytest.mark.parametrize(
    ("check", "path", "source"),
    [
        (rules.floors, "lasalle/gateway/http.py", "from lasalle.venue import journal\n"),
        (rules.outside, "lasalle/venue/disk.py", "import os\nimport time\n"),
        (rules.floats, "lasalle/pricing/black.py", "half = 1 / 2\n"),
        (
            rules.core_outside,
            "core/house/src/book.rs",
            "// f64 would not bind\nlet lots: i64 = 1;\n",
        ),
    ],
)
def test_each_check_leaves_good_source_alone(
    check: Callable[[str, str], list[rules.Breach]], path: str, source: str
) -> None:
    assert check(source, path) == []


def test_size_check_notices_long_files_and_functions() -> None:
    long_function = "def sweep():\n" + "    lots = 1\n" * 60
    assert rules.sizes(long_function, "lasalle/plain/book.py") == [
        ("lasalle/plain/book.py::sweep", 61, 60)
    ]
    assert rules.sizes("//\n" * 501, "core/house/src/book.rs") == [
        ("core/house/src/book.rs", 501, 500)
    ]
    assert rules.sizes("lots = 1\n" * 400, "lasalle/plain/book.py") == []


def test_word_check_notices_words_and_machine_paths() -> None:
    assert rules.words("the color of money", "README.md", {"[Cc]olors?": "colour"})
    assert rules.words("see /" + "root/notes.md", "README.md", {})
    assert rules.words("see ../shared/data", "README.md", {"[Cc]olors?": "colour"}) == []
