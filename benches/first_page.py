"""How long a newcomer waits: a fresh clone, `make run`, the first page; then the second start.

Nothing of this clone is installed beforehand and pip keeps no cache; cargo's registry is used as it
is found. The page counts when it is served and the maker's quotes stand behind it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from benches.table import Row, row

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m benches first_page"
LIMIT_SECONDS = 900
FRESH_BOUND, AGAIN_BOUND = 300.0, 10.0


def rows() -> list[Row]:
    """Seconds to the page of a fresh clone, and of the second start; to quotes beside them."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        fresh = started(clone)
        again = started(clone)
    bounds = ((FRESH_BOUND, "a fresh clone", fresh), (AGAIN_BOUND, "the second start", again))
    return [
        row(
            f"make run, {name}, to {what}",
            round(seconds, 1),
            "s",
            peer="the bound asked for",
            peer_value=bound,
            command=COMMAND,
            taken="one run",
        )
        for bound, name, found in bounds
        for what, seconds in found.items()
    ]


def started(clone: Path) -> dict[str, float]:
    """Seconds of one `make run` until the page, and until somebody quotes; then it is closed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    environment.pop("VIRTUAL_ENV", None)
    began = time.monotonic()
    child = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        page = _wait(child, began, lambda: b"<" in _get(address + "/"))
        quoted = _wait(child, began, lambda: _quoted(address))
    finally:
        os.killpg(child.pid, signal.SIGINT)
        child.wait(60)
    return {"the page": page, "the first quotes": quoted}


def _wait(child: subprocess.Popen[str], began: float, true: Any) -> float:
    while time.monotonic() - began < LIMIT_SECONDS:
        if child.poll() is not None:
            said = child.stdout.read() if child.stdout else ""
            raise RuntimeError(f"make run ended: {said[-2_000:]}")
        try:
            if true():
                return time.monotonic() - began
        except (OSError, KeyError, ValueError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"nothing after {LIMIT_SECONDS} s")


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=5) as answer:
        content: bytes = answer.read()
    return content


def _quoted(address: str) -> bool:
    rows = json.loads(_get(address + "/v1/series"))["series"]
    future = next(r["symbol"] for r in rows[1:] if r["kind"] == "future")
    book = json.loads(_get(f"{address}/v1/series/{future}/book"))
    return bool(book["bids"] and book["asks"])
