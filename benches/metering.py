"""What a meter costs an endpoint: the words it delays and the processor it takes.

Engine and meter are processes of their own, the engine one that is made up, which answers at once,
so that nothing hides what the meter adds. Requests go bare and through the meter in turn, one after
the other, and the time to the first word and to the end is taken at the client. Chunks a second are
those that streamed through one meter, by the processor seconds its process took for them, with
every row durable. The buyer's and the supplier's meters in a row cost twice.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from benches.table import Row, row
from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.institution.metering.http_parts import Request, Upstream
from lasalle.venue.shelf import FolderShelf

COMMAND = "python -m benches metering"
TURNS, WORDS, LOAD, EACH = 400, 16, 16, 40
ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
ENGINE = """
import asyncio
from lasalle.institution.metering.made_up_engine import MadeUpEngine
async def serve():
    engine = MadeUpEngine()
    await engine.start()
    print(engine.port, flush=True)
    await asyncio.Event().wait()
asyncio.run(serve())
"""
METER = """
import sys
from pathlib import Path
from lasalle.institution.metering.running import Setting, run, what_is_metered
from lasalle.venue.shelf import read_file
log, folder, secret, upstream = sys.argv[1:]
setting = Setting(Path(folder), 2, bytes.fromhex(secret), upstream, 0)
run(setting, *what_is_metered(lambda name: read_file(Path(log), name)))
"""


def _started(*words: str) -> tuple[subprocess.Popen[str], int]:
    """A process and the port it names last in its first line, before a space or the end."""
    process = subprocess.Popen([sys.executable, "-c", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, int(line.split("127.0.0.1:")[1].split()[0] if "127" in line else line)


def _cpu(process: subprocess.Popen[str]) -> float:
    """Processor seconds a process took."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def _asked(upstream: Upstream, port: int, number: int, words: int) -> tuple[float, float]:
    """Seconds to the first word and to the end."""
    body = json.dumps({"prompt": f"number {number}", "max_tokens": words, "stream": True}).encode()
    request = Request(b"POST", b"/v1/completions", [], body, True)
    begun = time.perf_counter()
    await upstream.ask(request, f"127.0.0.1:{port}".encode(), [])
    first = 0.0
    async for pieces in upstream.answer():
        if pieces and not first:
            first = time.perf_counter() - begun
    return first, time.perf_counter() - begun


async def _in_turn(bare: int, metered: int) -> list[list[tuple[float, float]]]:
    """The same requests bare and metered, in turn."""
    ports = (bare, metered)
    for one in ports:
        await _asked(await Upstream.connect("127.0.0.1", one), one, 0, WORDS)
    kept = [await Upstream.connect("127.0.0.1", one) for one in ports]
    found: list[list[tuple[float, float]]] = [[], []]
    for number in range(TURNS):
        for n, port in enumerate(ports):
            found[n].append(await _asked(kept[n], port, number, WORDS))
    return found


async def _at_once(port: int) -> int:
    """Many streams at once; gives the chunks."""

    async def one(number: int) -> None:
        upstream = await Upstream.connect("127.0.0.1", port)
        for turn in range(EACH):
            await _asked(upstream, port, number * EACH + turn, 4 * WORDS)
        upstream.close()

    await asyncio.gather(*(one(number) for number in range(LOAD)))
    return LOAD * EACH * (4 * WORDS + 2)


def _at(times: list[float], ppm: int) -> int:
    """Nearest rank, in microseconds."""
    return round(sorted(times)[-(-len(times) * ppm // 1_000_000) - 1] * 1e6)


def rows() -> list[Row]:
    """Rows of the table."""
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        spec = made_specification(quantity_basis="utf8_bytes")
        terms = metered_terms(spec, int(time.time()) * 1_000_000 - 1_000_000)
        shelf = FolderShelf(Path(folder) / "log")
        DeliveryLog.begin(shelf, made_key("log"), terms, spec).publish()
        shelf.close()
        engine, bare = _started(ENGINE)
        secret = sha256(b"made up: supplier").hexdigest()
        upstream = f"http://127.0.0.1:{bare}"
        meter, port = _started(METER, f"{folder}/log", f"{folder}/kept", secret, upstream)
        try:
            found = asyncio.run(_in_turn(bare, port))
            before, begun = _cpu(meter), time.perf_counter()
            chunks = asyncio.run(_at_once(port))
            spent, wall = _cpu(meter) - before, time.perf_counter() - begun
        finally:
            for process in (meter, engine):
                process.kill()
                process.wait()
    made = [
        row(
            f"time to the {what} through a meter, {name}", _at([one[n] for one in found[1]], ppm),
            "us", command=COMMAND, taken=f"{TURNS} requests of {WORDS} words, in turn, wall time",
            peer="the endpoint bare, request by request beside it",
            peer_value=_at([one[n] for one in found[0]], ppm),
        )
        for n, what in enumerate(("first word", "end"))
        for name, ppm in (("p50", 500_000), ("p99", 990_000))
    ]  # fmt: skip
    return [*made, row(
        "streamed chunks a second through a meter, of one core", round(chunks / spent), "chunks/s",
        command=COMMAND,
        taken=f"{chunks:,} chunks of {LOAD} streams at once, processor time of the meter, rows "
              "durable",
        peer="wall time of the same, engine and client on the same cores",
        peer_value=round(chunks / wall),
    )]  # fmt: skip
