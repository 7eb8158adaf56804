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
# Each life is forked from one process, so that none of them costs an import of the house.
SERVE = """
import asyncio, os, sys
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
    print(os.getpid(), await door.start("127.0.0.1", 0), flush=True)
    await asyncio.Event().wait()

for _ in sys.stdin:
    child = os.fork()
    if not child:
        asyncio.run(serve())
    print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""


class Lives:
    """A house in a folder that is served and killed again and again."""

    def __init__(self, folder: Path) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.pid = 0

    def begin(self) -> int:
        """Serves the house; gives the port of its frame door."""
        assert self._parent.stdin is not None
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        self.pid, port = map(int, self._line().split())
        return port

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Until the house that was killed is gone."""
        assert int(self._line()) == signal.SIGKILL, "nothing else ended it"
        self.pid = 0

    def _line(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline()

    def __enter__(self) -> Lives:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pid:
            self.kill()
        self._parent.communicate(timeout=60)


class Load:
    """A client of one house through many lives of it: what it asked, and what was answered."""

    def __init__(self, key: Key) -> None:
        self.key, self.made = key, 0
        self.unanswered: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self.repeated: set[str] = set()
        self.retried = 0

    def live(self, lives: Lives, seconds: float) -> int:
        """Has the house served, asks until it is killed; gives how many requests were in flight
        then."""
        port = lives.begin()
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
                    lives.kill()
                    killed = True
                answer = client.receive()
                self._heard(flying.pop(answer.request), answer)
        except (ConnectionError, OSError):
            self.unanswered = list(flying.values())
        lives.wait()
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
    with Lives(folder) as lives:
        for _ in range(kills):
            hit += load.live(lives, chance.uniform(0.0, 0.1)) > 0
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
