"""kill -9 of a house under a program that asks through its frame door."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from lasalle import wire
from lasalle.client import FrameClient, Key
from lasalle.institution.house import open_house
from lasalle.venue import Journal, verify
from lasalle.venue.core import make_core
from lasalle.venue.disk import FolderDisk
from lasalle.venue.engine import CHOICE, engine_class
from tests.doors.test_frame_door import order
from tests.gateway.conftest import furnish

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 32
SERVE = """
import asyncio, sys
from pathlib import Path
from lasalle.gateway.frame_door import make_door
from lasalle.gateway.sessions import Sessions
from lasalle.institution.house import open_house
from lasalle.venue.waiting import Waiting

async def serve():
    house = open_house(Path(sys.argv[1]), spare_bytes=1 << 20)
    waiting = Waiting(house.sequencer)
    waiting.start()
    door = make_door(waiting, house.accounts, house.keys, Sessions(waiting))
    print(await door.start("127.0.0.1", 0), flush=True)
    await asyncio.Event().wait()

asyncio.run(serve())
"""


class Load:
    """A client of one house through many lives of it: what it asked, and what was answered."""

    def __init__(self, key: Key) -> None:
        self.key, self.made = key, 0
        self.unanswered: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self.repeated: set[str] = set()
        self.retried = 0

    def live(self, port: int, child: subprocess.Popen[str], seconds: float) -> int:
        """Asks until the house is killed; gives how many requests were in flight then."""
        flying: dict[int, str] = {}
        again, self.unanswered = self.unanswered, []
        until = time.monotonic() + seconds
        killed = False
        try:
            client = FrameClient("127.0.0.1", port, self.key, cancel_on_disconnect=False)
            for reference in again:
                self._heard(reference, client.ask(order(reference)))
                self.retried += 1
            while True:
                while len(flying) < WIDTH:
                    self.made += 1
                    reference = f"r{self.made}"
                    (number,) = client.send(order(reference))
                    flying[number] = reference
                if not killed and time.monotonic() > until:
                    child.send_signal(signal.SIGKILL)
                    killed = True
                answer = client.receive()
                self._heard(flying.pop(answer.request), answer)
        except (ConnectionError, OSError):
            self.unanswered = list(flying.values())
        return len(self.unanswered)

    def _heard(self, reference: str, answer) -> None:
        assert answer.refused is None, answer.refused
        refusals = [e for _, e in answer.events if isinstance(e, wire.Refused)]
        if not refusals:
            self.acknowledged[reference] = answer.first
        elif refusals[0].refusal == wire.Refusal.REFERENCE_REUSED:
            # It was carried out before the kill, and once more would be twice.
            self.repeated.add(reference)


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["plain", "compiled"])
def test_kill_nine_under_the_frame_door(tmp_path, kills, monkeypatch, choice):
    if choice == "compiled" and engine_class() is None:
        pytest.skip("no compiled engine was built")
    monkeypatch.setenv(CHOICE, choice)
    folder, chance = tmp_path / "house", random.Random(11)
    house = open_house(folder)
    furnish(house)
    made = house.keys.create(11, ("read", "trade"))
    house.close()
    load, hit = Load(Key(made.key, made.secret)), 0
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        hit += load.live(int(child.stdout.readline()), child, chance.uniform(0.0, 0.1)) > 0
        child.wait()
        child.stdout.close()
    assert hit > kills // 2, "kills fell on requests in flight"
    assert load.retried > 0, "what was in flight was asked again"
    journal = Journal(FolderDisk(folder / "journal"), read_only=True)
    (core, _), accepted = make_core(), Counter[str]()
    for batch in journal.batches():
        for _, event in wire.read_frames(core.take(batch.frames)):
            if isinstance(event, wire.OrderAccepted):
                accepted[event.reference] += 1
    assert len(load.acknowledged) > 5 * kills, "the load was real"
    assert max(accepted.values()) == 1, "none is there twice"
    assert set(load.acknowledged) <= set(accepted), "every acknowledged order is there"
    assert load.repeated <= set(accepted), "what is said to be there is there"
    assert verify(folder).faults == []
