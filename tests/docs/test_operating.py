"""The way from an empty folder to a first trade is walked as docs/operating.md tells it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.loopback import HTTP

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text()
SECTION = re.compile(r"^## From an empty folder to a first trade\n(.*?)^## ", re.M | re.S)
SERVE = "lasalle run --dir my-house"
WRAPPER = '#!/bin/sh\nexec {python} -m lasalle.institution.command_line "$@"\n'
APPROVE = re.compile(r"^lasalle approve \d+", re.M)
PROPOSE = re.compile(r"^(lasalle propose )", re.M)


def shell(folder: Path, script: str, environment: dict[str, str]) -> str:
    """What a shell prints that stops at the first command that fails."""
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, (told.stdout, told.stderr)
    return told.stdout


def test_two_members_trade_in_a_house_opened_by_the_page(tmp_path: Path) -> None:
    section = SECTION.search(PAGE)
    assert section is not None
    opening, *asked = re.findall(r"^```sh\n(.*?)^```$", section[1], re.M | re.S)
    assert len(asked) == 3
    (tmp_path / "bin").mkdir()
    verb = tmp_path / "bin" / "lasalle"
    verb.write_text(WRAPPER.format(python=shlex.quote(sys.executable)))
    verb.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PATH": f"{verb.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LASALLE_AT": address,
    }
    assert opening.count(SERVE) == 1
    made = shell(tmp_path, opening.replace(SERVE, "#"), environment)
    assert "operator 2: key" in made
    served = [str(verb), *SERVE.split()[1:], "--port", str(port), "--door-port", "0"]
    with (tmp_path / "run.log").open("w") as log:
        child = subprocess.Popen(served, cwd=tmp_path, env=environment, stdout=log)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                if HTTP.get(address + "/readyz").status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
            assert time.monotonic() < until, (tmp_path / "run.log").read_text()
        # A proposal has the number of its command, which the clock of the house moves.
        script = APPROVE.sub('lasalle approve "$(sed "s/[^0-9]*//;s/:.*//" said)"', "".join(asked))
        script, proposed = PROPOSE.subn(r"tee_said \1", script)
        assert proposed == 6
        function = 'tee_said() { "$@" > said; cat said; }\n'
        told = shell(tmp_path, function + script, environment)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)
    assert "waits for another operator" in told
    assert "traded 2 at 2.500 USD per unit" in told
    assert "H100-2099-03 +2" in told
    assert "sound: chain, replay, snapshots, ledger, positions" in told
