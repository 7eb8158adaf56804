"""A meter as a process, killed while requests are under way: its folder holds every request whose
answer ended, once, and those that were cut off as failed. `make soak` kills many more."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from lasalle.delivery.delivery_log import DeliveryLog
from lasalle.delivery.made import made_key
from lasalle.delivery.made_metering import made_specification, metered_terms
from lasalle.delivery.meter_book import MeterBook
from lasalle.delivery.rows import Mark
from lasalle.institution.metering.keeper import MeterKeeper
from lasalle.institution.metering.made_up_engine import MadeUpEngine
from lasalle.venue.shelf import FolderShelf

US = 1_000_000
SPEC = made_specification(quantity_basis="utf8_bytes")
STARTER = """
import sys
from pathlib import Path
from lasalle.institution.metering.running import Setting, run, what_is_metered
from lasalle.venue.shelf import read_file
log, folder, secret, upstream = sys.argv[1:]
setting = Setting(Path(folder), 2, bytes.fromhex(secret), upstream, 0)
run(setting, *what_is_metered(lambda name: read_file(Path(log), name)))
"""
SECRET = sha256(b"made up: supplier").hexdigest()


async def started(folder: Path, engine: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STARTER, str(folder / "log"), str(folder / "kept"),
        SECRET, engine, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    return process, line.split("listens on ")[1].split()[0]


async def killed(folder: Path, kills: int, chance: random.Random) -> dict[str, int]:
    """Asks through a meter that is killed so many times; gives what came of it."""
    terms = metered_terms(SPEC, int(time.time() - 2) * US, interval_us=2 * US, intervals=3_600)
    shelf = FolderShelf(folder / "log")
    DeliveryLog.begin(shelf, made_key("log"), terms, SPEC).publish()
    shelf.close()
    engine = MadeUpEngine(pause_s=0.002)
    await engine.start()
    whole: dict[str, bytes] = {}
    asked: list[str] = []

    async def ask(client: httpx.AsyncClient) -> None:
        while True:
            nonce = f"{len(asked) + 1:032x}"
            asked.append(nonce)
            body = {"prompt": f"number {nonce}", "max_tokens": 1 + len(asked) % 12, "stream": True}
            try:
                answer = await client.post(
                    "/v1/completions", content=json.dumps(body), headers={"x-meter-nonce": nonce}
                )
            except httpx.HTTPError:
                return
            whole[nonce] = answer.content

    for _ in range(kills):
        process, address = await started(folder, engine.address)
        async with httpx.AsyncClient(base_url=address, timeout=30.0) as client:
            tasks = [asyncio.create_task(ask(client)) for _ in range(4)]
            # However slow the machine is, some answers have ended and others are under way.
            due, until = len(whole) + 4, time.monotonic() + 30
            await asyncio.sleep(chance.random() * 0.3)
            while len(whole) < due and time.monotonic() < until:
                await asyncio.sleep(0.005)
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            await asyncio.gather(*tasks)
    await engine.stop()
    book = MeterBook(terms, 2, made_key("supplier"), SPEC)
    kept = MeterKeeper(folder / "kept", book)
    kept.cut_short()
    rows = [
        json.loads(row) for n in range(1, book.sequence + 1) for row in kept.rows_of(2, n) or []
    ]
    kept.close()
    good = [row[4] for row in rows if not row[18] & Mark.ERROR]
    bad = [row[4] for row in rows if row[18] & Mark.ERROR]
    assert len({*good, *bad}) == len(rows), "a request stands twice"
    lost = set(whole) - set(good)
    assert not lost, f"answers that ended and have no row: {lost}"
    assert set(good) | set(bad) <= set(asked)
    shelf = FolderShelf(folder / "log")
    log = DeliveryLog.begin(shelf, made_key("log"), terms, SPEC)
    numbers = log.admit_all(kept.entries())
    assert log.admit_all(kept.entries()) == numbers
    shelf.close()
    return {"whole": len(whole), "good": len(good), "cut_off": len(bad), "readings": len(numbers)}


def tried(folder: Path, kills: int, seed: int) -> dict[str, int]:
    folder.mkdir(exist_ok=True)
    return asyncio.run(killed(folder, kills, random.Random(seed)))


@pytest.mark.rule("DEL-044")
def test_a_meter_killed_under_load_has_every_answer_that_ended(tmp_path: Path) -> None:
    found = tried(tmp_path / "few", 2, 1)
    assert found["whole"] > 5
    assert found["cut_off"] > 0
    assert found["readings"] > 0


@pytest.mark.slow
def test_a_meter_killed_many_times_has_every_answer_that_ended(
    tmp_path: Path, kills: int
) -> None:
    if kills < 50:
        pytest.skip("`make soak` kills many times")
    found: dict[str, Any] = tried(tmp_path / "many", kills, 2)
    assert found["whole"] > 3 * kills
    assert found["cut_off"] > kills
