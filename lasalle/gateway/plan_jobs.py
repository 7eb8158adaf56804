"""Plans under way: few at once, few for a key, each beside the event loop, stopped when asked."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from lasalle.gateway.faults import Denied
from lasalle.hedging.plan.answer import Answer
from lasalle.hedging.plan.need import Need

AT_ONCE, WAITING, OF_A_KEY, KEPT_OF_A_KEY, KEPT = 1, 8, 2, 10, 60
"""Plans that run, that wait, that one key has under way, that are kept for it and for all."""
STEPS = ("waiting", "reading the market", "planning", "drawing the picture", "writing the report")
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """What is to be planned, for whom: `holds` the account's lots by symbol, `held` those the plan
    begins with, all or none of them, `paid` what these cost by its fills, dollars a unit.
    """

    need: Need
    account: int
    held: dict[str, int]
    scenarios: int
    seed: int
    house: str
    holds: dict[str, int] = field(default_factory=dict)
    paid: dict[str, float] = field(default_factory=dict)


class Planner(Protocol):
    """Makes an answer beside the event loop; a cancelled one leaves nothing behind. Raises
    ValueError with why there is none.
    """

    async def __call__(self, asked: PlanAsked, tell: Callable[[str], None]) -> Answer: ...


@dataclass
class Job:
    """A plan asked for by an actor with a key."""

    plan: str
    actor: int
    key: str
    asked: PlanAsked
    time: int
    state: str = "waiting"
    doing: str = STEPS[0]
    failed: str = ""
    answer: Answer | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def under_way(self) -> bool:
        return self.state not in ENDED

    def told(self, *, whole: bool) -> dict[str, Any]:
        """As the door answers it."""
        step = len(STEPS) if self.state == "done" else STEPS.index(self.doing)
        return {
            "plan": self.plan,
            "account": self.asked.account,
            "need": self.asked.need.name,
            "state": self.state,
            "step": step,
            "steps": len(STEPS),
            "doing": self.doing if self.under_way else "",
            "asked": self.time,
            "failed": self.failed,
            "value": self.answer.value if whole and self.answer else None,
        }


class PlanJobs:
    """Every plan of a served house; nothing of it is kept when it closes."""

    def __init__(self) -> None:
        self.planner: Planner | None = None
        """Makes them; a house without one makes none."""
        self._jobs: dict[str, Job] = {}
        self._running = asyncio.Semaphore(AT_ONCE)

    def begin(self, actor: int, key: str, asked: PlanAsked) -> Job:
        """A plan that waits its turn. Raises Denied where there is no planner, or too many."""
        if self.planner is None:
            raise Denied("this house makes no plans", name="file_unknown")
        under_way = [job for job in self._jobs.values() if job.under_way]
        mine = sum(job.key == key for job in under_way)
        if mine >= OF_A_KEY or len(under_way) >= AT_ONCE + WAITING:
            most = OF_A_KEY if mine >= OF_A_KEY else AT_ONCE + WAITING
            raise Denied(
                "too many plans are under way: wait for one, or cancel one",
                name="too_many_requests",
                expected=most - 1,
                found=most,
                headers={"Retry-After": "5"},
            )
        self._forget(key)
        job = Job(secrets.token_hex(16), actor, key, asked, time.time_ns())
        self._jobs[job.plan] = job
        job.task = asyncio.get_running_loop().create_task(self._run(job, self.planner))
        return job

    def _forget(self, key: str) -> None:
        """Makes room: the oldest ended plans of the key, then of all."""
        for of, most in ((key, KEPT_OF_A_KEY), ("", KEPT)):
            ended = [j for j in self._jobs.values() if of in ("", j.key) and not j.under_way]
            for job in ended[: max(0, len(ended) + 1 - most)]:
                del self._jobs[job.plan]

    def of(self, actor: int) -> list[Job]:
        """Plans of an actor, the newest first."""
        return [job for job in reversed(self._jobs.values()) if job.actor == actor]

    def find(self, actor: int, plan: str) -> Job:
        """A plan of an actor. Raises Denied for any other, as for none."""
        job = self._jobs.get(plan)
        if job is None or job.actor != actor:
            raise Denied("no such plan of yours", name="file_unknown", field="plan")
        return job

    def cancel(self, job: Job) -> None:
        """Stops a plan; one that has ended is forgotten."""
        if job.under_way and job.task is not None:
            job.state = "cancelled"
            job.task.cancel()
        else:
            self._jobs.pop(job.plan, None)

    async def stop(self) -> None:
        """Stops them all."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job, planner: Planner) -> None:
        def tell(word: str) -> None:
            job.doing = word if word in STEPS else job.doing

        tried: Coroutine[Any, Any, Answer]
        try:
            async with self._running:
                job.state = "running"
                tried = planner(job.asked, tell)
                job.answer = await tried
                job.state = "done"
        except asyncio.CancelledError:
            job.state = "cancelled"
            raise
        except ValueError as error:
            job.state, job.failed = "failed", str(error)[:2_000]
        except Exception as error:
            job.state, job.failed = "failed", f"the planner stopped: {type(error).__name__}"
