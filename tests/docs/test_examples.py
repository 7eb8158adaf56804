"""Every example of a page that can run does: `sh` and `python` blocks, against a served house.

A block that cannot run here stands under a comment `<!-- not run: reason -->`, in the page. Lines
that begin with `make` set up and start the house itself; `tests/docs/test_lists.py` holds their
targets to the Makefile. The symbol of README.md is read as the fifth series, whatever the month.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(<!-- not run: [^>]+ -->\n\n?)?^```(\w*)\n(.*?)^```$", re.M | re.S)
COMMAND = re.compile(r"^(?:\.venv/bin/)?(?:lasalle|make|python|pip)\b", re.M)
ASKS = frozenset(
    {"ask", "order", "propose", "approve", "accounts", "orders", "book", "series", "status"}
)
HERE, SYMBOL = "http://127.0.0.1:8080", "H100-2027-03"
DOOR = '"127.0.0.1", 8081'
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
LASALLE = (sys.executable, "-m", "lasalle.institution.command_line")


@dataclass(frozen=True)
class Example:
    """A block of a page; `reason` says why it is not run."""

    page: str
    language: str
    text: str
    reason: str


def examples() -> list[Example]:
    return [
        Example(str(page.relative_to(ROOT)), language, text, (reason or "").strip())
        for page in PAGES
        for reason, language, text in BLOCK.findall(page.read_text())
    ]


RUN = [one for one in examples() if one.language in ("sh", "python") and not one.reason]


@dataclass(frozen=True)
class Street:
    """A demonstration that is served, and the folder it was started in."""

    folder: Path
    address: str
    door: int
    symbol: str

    def said(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300
        )


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    with socket.socket() as free, socket.socket() as other:
        free.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        port, door = free.getsockname()[1], other.getsockname()[1]
    with (folder / "run.log").open("w") as log:
        child = subprocess.Popen(
            [*LASALLE, "run", "--port", str(port), "--door-port", str(door)],
            cwd=folder,
            stdout=log,
            env=ENVIRONMENT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        listed: list[dict[str, object]] = []
        while len(listed) < 5:
            assert child.poll() is None, (folder / "run.log").read_text()
            assert time.monotonic() < until, "the house was not served in two minutes"
            try:
                listed = httpx.get(f"{address}/v1/series").json()["series"]
            except httpx.HTTPError:
                time.sleep(0.2)
        yield Street(folder, address, door, str(listed[4]["symbol"]))
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)


def commands(text: str) -> Iterator[list[str]]:
    """Words of each command; one that ends within quotes goes on in the next line."""
    held = ""
    for line in text.splitlines():
        held = f"{held}\n{line}" if held else line
        try:
            words = shlex.split(held, comments=True)
        except ValueError:
            continue
        held = ""
        if words:
            yield words
    assert not held, f"quotes are never closed: {held}"


@pytest.mark.parametrize("one", RUN, ids=lambda one: f"{one.page}:{one.text.split(chr(10))[0]}")
def test_an_example_runs(one: Example, street: Street) -> None:
    text = one.text.replace(HERE, street.address).replace(SYMBOL, street.symbol)
    text = text.replace(DOOR, f'"127.0.0.1", {street.door}')
    if one.language == "python":
        told = street.said([sys.executable, "-c", text])
        assert told.returncode == 0, told.stderr
        return
    for words in commands(text):
        if words[0] == "make":
            continue
        assert words[0] in ("lasalle", ".venv/bin/lasalle"), words
        at = ["--at", street.address] if words[1] in ASKS else []
        told = street.said([*LASALLE, *words[1:], *at])
        if told.returncode and words[1] == "ask":
            # A price of the page may lie outside the band of the day; then the answer is a refusal.
            assert json.loads(told.stderr)["error"]["name"] == "price_outside_band", told.stderr
        else:
            assert told.returncode == 0, (words, told.stdout, told.stderr)


def test_pages_hide_no_example() -> None:
    hidden = [
        (one.page, one.text)
        for one in examples()
        if one.language not in ("sh", "python") and COMMAND.search(one.text)
    ]
    assert hidden == [], "a block with commands is ```sh, or ```sh under a reason why it is not run"
    assert len(RUN) >= 12
    assert {one.language for one in RUN} == {"sh", "python"}
