"""Hedge plans for a served house: the market as anyone reads it, the plan in a process of its own,
so that nothing it reckons holds up the house; a plan that is cancelled is killed.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import httpx
import msgspec

from lasalle.client import Asking
from lasalle.client.calls import WaitingCalls
from lasalle.gateway.door import ENCODER, NOBODY
from lasalle.gateway.endpoints import Asked, Table
from lasalle.gateway.plan_jobs import STEPS, PlanAsked
from lasalle.hedging.plan.answer import Answer, answered
from lasalle.hedging.plan.beside import beside_holdings
from lasalle.hedging.plan.market import Market
from lasalle.hedging.plan.need import Need, horizon
from lasalle.hedging.plan.paid import with_paid
from lasalle.hedging.plan.planning import make_plan
from lasalle.institution.hedge_market import served_market
from lasalle.institution.hedge_past import served_past

WORKER = "lasalle.institution.plan_desk"
SAY, DONE, NONE = b"say ", b"done ", b"none "
MOST_SECONDS, MOST_CPU_SECONDS, MOST_ANSWER_BYTES = 600, 300, 64 << 20
NICE = 10
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class OwnDoor(WaitingCalls):
    """Asks the house itself, as anyone without a key would, without a socket between."""

    def __init__(self, table: Table, loop: asyncio.AbstractEventLoop) -> None:
        self._table, self._loop = table, loop

    def ask(self, asking: Asking[Any]) -> Any:
        """Every page of an answer; not for the loop's own thread."""
        found, cursor = self._page(asking)
        while cursor is not None:
            more, cursor = self._page(asking.after(cursor))
            found = [*found, *more]
        return found

    def _page(self, asking: Asking[Any]) -> tuple[Any, str | None]:
        wanted: Future[bytes] = asyncio.run_coroutine_threadsafe(
            self._answer(asking.path), self._loop
        )
        return asking.read(httpx.Response(200, content=wanted.result(MOST_SECONDS)))

    async def _answer(self, path: str) -> bytes:
        bare, _, query = path.partition("?")
        found = self._table.find(bare)
        endpoint = found[0].get("GET") if found else None
        assert found is not None, bare
        assert endpoint is not None, bare
        assert not endpoint.signed, "the market is what anyone may read"
        read = endpoint.read_query(query.encode("ascii"))
        answer = endpoint.run(Asked(NOBODY, found[1], read))
        return ENCODER.encode(await answer if asyncio.iscoroutine(answer) else answer)


class PlanDesk:
    """Makes answers for a served house, whose endpoints it is given."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def __call__(self, asked: PlanAsked, tell: Callable[[str], None]) -> Answer:
        """The answer of a plan. Raises ValueError with why there is none."""
        tell(STEPS[1])
        door = OwnDoor(self._table, asyncio.get_running_loop())
        need = asked.need
        market = await asyncio.to_thread(_seen, door, need)
        tell(STEPS[2])
        return await _in_a_process((asked, market, time.time_ns()), tell)


def _seen(door: OwnDoor, need: Need) -> Market:
    market = served_market(door.ask, need.grade, need.location, lambda day: horizon(need, day))
    return replace(market, past=served_past(door.ask, need, market.day))


async def _in_a_process(work: tuple[PlanAsked, Market, int], tell: Callable[[str], None]) -> Answer:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", WORKER,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, env={**os.environ, **ONE_THREAD},
        limit=MOST_ANSWER_BYTES,
    )  # fmt: skip
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await _hear(child, pickle.dumps(work), tell)
    except TimeoutError:
        said = f"the plan took more than {MOST_SECONDS} s: ask for fewer scenarios"
        raise ValueError(said) from None
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _hear(
    child: asyncio.subprocess.Process, work: bytes, tell: Callable[[str], None]
) -> Answer:
    """What the process says, line by line, and its answer."""
    assert child.stdin is not None, "a pipe"
    assert child.stdout is not None, "a pipe"
    child.stdin.write(work)
    await child.stdin.drain()
    child.stdin.close()
    while line := await child.stdout.readline():
        if line.startswith(SAY):
            tell(line.removeprefix(SAY).decode("utf-8").strip())
        elif line.startswith(NONE):
            raise ValueError(msgspec.json.decode(line.removeprefix(NONE), type=str))
        elif line.startswith(DONE):
            return msgspec.json.decode(line.removeprefix(DONE), type=Answer)
    raise ValueError("the plan was not finished: it needed more memory or time than it may have")


def work_out() -> None:
    """What the process does: reads one plan that is asked for, says how far it is, and answers."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    # What comes is from the house that started this process, by the pipe between them alone.
    asked, market, written = pickle.load(sys.stdin.buffer)
    out = sys.stdout.buffer

    def say(word: str) -> None:
        out.write(SAY + word.encode("utf-8") + b"\n")
        out.flush()

    try:
        market = replace(market, board=with_paid(market.board, asked.paid))
        plan = make_plan(asked.need, market, asked.held, count=asked.scenarios, seed=asked.seed)
        plan = beside_holdings(plan, asked.holds)
        made = answered(plan, asked.house, asked.account, written, say, asked.holds)
    except ValueError as error:
        out.write(NONE + msgspec.json.encode(str(error)) + b"\n")
    else:
        out.write(DONE + msgspec.json.encode(made) + b"\n")
    out.flush()


if __name__ == "__main__":
    work_out()
