"""Every example of a page that can run does: `sh` and `python` blocks, against a served house.

A block that cannot run here stands under a comment `<!-- not run: reason -->`, in the page. Lines
that begin with `make` set up and start the house itself; `tests/docs/test_lists.py` holds their
targets to the Makefile. The examples that `lasalle VERB --help` shows are run in the same house.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import shlex
import shutil
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

from lasalle.institution.command_line import main, parser
from lasalle.institution.delivery_verbs import STEPS
from tests.loopback import HTTP
from tests.market_hours import needs_trading

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(<!-- not run: [^>]+ -->\n\n?)?^```(\w*)\n(.*?)^```$", re.M | re.S)
EXAMPLE = re.compile(r"^  (lasalle .+)$", re.M)
COMMAND = re.compile(r"^(?:\.venv/bin/)?(?:lasalle|make|python|pip)\b", re.M)
HERE = "http://127.0.0.1:8080"
OUTSIDE = ("price_outside_band", "post_only_crosses", "series_not_trading")
"""Refusals of an example whose price is far from that of the day, or out of its hours."""
DOOR = '"127.0.0.1", 8081'
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
LASALLE = (sys.executable, "-m", "lasalle.institution.command_line")
SHELL = """
import json, os, sys
from lasalle.institution.command_line import main
for line in sys.stdin:
    words, *files = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for to, path in enumerate(files, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), to)
        sys.exit(main(words))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Each verb is a process of its own, forked so that none costs an import of the command line."""
PATIENCE_SECONDS = 300


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


class Shell:
    """Verbs of the command line in a folder, one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parent = subprocess.Popen(
            [sys.executable, "-c", SHELL],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        files = [self._folder / name for name in ("verb.out", "verb.error")]
        self._parent.stdin.write(json.dumps([words, *map(str, files)]) + "\n")
        self._parent.stdin.flush()
        done, _, _ = select.select([self._parent.stdout], [], [], PATIENCE_SECONDS)
        assert done, f"{words}: no end in {PATIENCE_SECONDS} seconds"
        code = int(self._parent.stdout.readline())
        return subprocess.CompletedProcess(words, code, *(file.read_text() for file in files))

    def end(self) -> None:
        self._parent.communicate(timeout=60)


@dataclass(frozen=True)
class Street:
    """A demonstration that is served, and the folder it was started in."""

    folder: Path
    address: str
    door: int
    shell: Shell

    def lasalle(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """A verb, asked of this house where it asks one."""
        asks = "--help" not in words and hasattr(parser().parse_args(words), "at")
        return self.shell.run([*words, *(["--at", self.address] if asks else [])])

    def said(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    needs_trading()
    folder = tmp_path_factory.mktemp("street")
    # A reader stands in the repository, whose README is the one file at hand.
    shutil.copy(ROOT / "README.md", folder)
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
        until = time.monotonic() + 240
        asks: list[object] = []
        while not asks:
            assert child.poll() is None, (folder / "run.log").read_text()
            assert time.monotonic() < until, "no served house with its curve in four minutes"
            try:
                listed = HTTP.get(f"{address}/v1/series").json()["series"]
                asks = HTTP.get(f"{address}/v1/series/{listed[0]['symbol']}/book").json()["asks"]
                # The day's curve waits for the maker's quotes, two minutes at most.
                if HTTP.get(f"{address}/v1/curves/H100-US").status_code != 200:
                    asks = []
            except (httpx.HTTPError, IndexError):
                pass
            time.sleep(0.2)
        shell = Shell(folder)
        yield Street(folder, address, door, shell)
        shell.end()
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


def refused_by(error: str, names: tuple[str, ...]) -> bool:
    """Whether a sentence of the command line names one of these refusals."""
    return any(f"({name.replace('_', ' ')}, " in error for name in names)


@pytest.mark.parametrize("one", RUN, ids=lambda one: f"{one.page}:{one.text.split(chr(10))[0]}")
def test_an_example_runs(one: Example, street: Street) -> None:
    text = one.text.replace(HERE, street.address)
    text = text.replace(DOOR, f'"127.0.0.1", {street.door}')
    if one.language == "python":
        told = street.said([sys.executable, "-c", text])
        assert told.returncode == 0, told.stderr
        return
    for words in commands(text):
        if words[0] == "make":
            continue
        assert words[0] in ("lasalle", ".venv/bin/lasalle"), words
        told = street.lasalle(words[1:])
        if told.returncode and words[1] in ("ask", "order"):
            assert refused_by(told.stderr, OUTSIDE), told.stderr
        else:
            assert told.returncode == 0, (words, told.stdout, told.stderr)


def verbs(words: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every verb and every verb within a verb, in the order of the help."""
    for action in words._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, verb in action.choices.items():
                yield name, verb
                yield from verbs(verb)


HELP = {verb.prog: EXAMPLE.findall(verb.epilog or "") for _, verb in verbs(parser())}
LONG = (
    "lasalle run-example training-run --quick",
    "lasalle margin backtest --out margin-backtest.md",
)
"""Each takes a minute; tests of the institution run smaller ones."""
RESERVE = ("file", "plan", "execute", "release", "test", "answer", "report")
OWN = (
    "lasalle proof check",
    "lasalle line cover",
    "lasalle collateral value",
    "lasalle member apply",
    "lasalle member screen",
    "lasalle member admit",
    "lasalle bank take",
    "lasalle bank match",
    "lasalle bank post",
    "lasalle bank pay",
    "lasalle bank reconcile",
    "lasalle fx take",
    "lasalle fx fix",
    "lasalle fx show",
    "lasalle fx say",
    "lasalle fx publish",
    "lasalle index adopt",
    "lasalle margin cover",
    "lasalle member restrict",
    "lasalle delivery begin-log",
    "lasalle delivery cosign",
    *(f"lasalle delivery custody {verb}" for verb in RESERVE),
    "lasalle delivery meter",
    "lasalle delivery send",
    "lasalle delivery show",
    "lasalle delivery attest",
    "lasalle delivery invoice",
    "lasalle delivery nominations",
    *(f"lasalle delivery {step.name} " for step in STEPS),
    "lasalle hedge plan",
    "lasalle hedge bills",
    "lasalle hedge report",
    "lasalle hedge memo",
    "lasalle hedge journal",
    "lasalle hedge rebalance",
    "lasalle hedge execute",
    "lasalle hedge track",
)
"""Each needs a file, an item or a settled day of the reader's own: the pages of joining, bank,
custody, collateral, exchange rates, settlement and cover make one and run it."""


@pytest.mark.parametrize("verb", HELP)
def test_help_shows_an_example_that_names_its_verb(verb: str) -> None:
    assert HELP[verb], f"{verb} --help has no example"
    assert [one for one in HELP[verb] if not one.startswith(verb)] == []


def test_the_examples_of_the_help_run(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(street.folder)
    monkeypatch.setenv("LASALLE_AT", street.address)
    ran = refused = 0
    wrong: list[tuple[str, str, str]] = []
    proposal = ""
    told = [one for found in HELP.values() for one in found]
    assert {start for start in OWN if any(one.startswith(start) for one in told)} == set(OWN)
    for example in (one for one in told if one not in LONG and not one.startswith(OWN)):
        words = shlex.split(example)[1:]
        if words[0] == "run":
            serves_and_stops(street, words)
            continue
        if words[0] == "approve":
            words[1] = proposal
        try:
            code = main(words)
        except SystemExit as done:
            code = int(done.code or 0)
        out, error = capsys.readouterr()
        ran += 1
        if code and words[0] == "order":
            assert refused_by(error, (*OUTSIDE, "order_unknown")), error
            refused += 1
        elif code:
            wrong.append((example, out, error))
        if words[0] == "propose":
            proposal = out.split(":")[0].removeprefix("proposal ")
    assert wrong == []
    assert ran >= 24
    assert refused <= 3, "an order at a price of another day, and its cancel"


def serves_and_stops(street: Street, words: list[str]) -> None:
    port = words.index("--port") + 1
    words = [*words[:port], "0", "--door-port", "0"]
    folder = street.folder / words[words.index("--dir") + 1]
    assert street.lasalle(["init", "--production", str(folder)]).returncode == 0
    child = subprocess.Popen(
        [*LASALLE, *words], cwd=street.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = [child.stdout.readline()]
    while "Ctrl-C closes the house" not in told[-1]:
        assert told[-1], "".join(told)
        told.append(child.stdout.readline())
    child.send_signal(signal.SIGINT)
    assert "Closed after command" in child.communicate(timeout=60)[0]
    shutil.rmtree(folder)


def test_pages_hide_no_example() -> None:
    hidden = [
        (one.page, one.text)
        for one in examples()
        if one.language not in ("sh", "python") and COMMAND.search(one.text)
    ]
    assert hidden == [], "a block with commands is ```sh, or ```sh under a reason why it is not run"
    assert len(RUN) >= 12
    assert {one.language for one in RUN} == {"sh", "python"}
